"""The strip above and below the map: title, key, notes, areas, and a locator where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hetao_geo import __version__, text
from hetao_geo.cartography.drawing import Item, Text, texts
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.typesetting import TextBox, text_box, wrap
from hetao_geo.verification import Check, Report

STATED = "2023-08-08"
"""Date of Guofa [2023] No. 12, which states the areas."""
_ORDER = ("huanggang-port-area", "futian-bonded-zone", "shenzhen-park", "hong-kong-park", "zone")

_COLUMNS = ("area", "stated", "measured", "range", "check")


@dataclass(frozen=True)
class Part:
    """Something of a known height that can be set with its upper left corner anywhere."""

    height: float
    """In points."""
    items: Callable[[float, float], Sequence[Item]]
    """Its items, given left and top in points."""


def column(parts: Sequence[Part], gap: float) -> Part:
    """Return parts under each other, `gap` points apart."""
    parts = [part for part in parts if part.height]

    def items(left: float, top: float) -> list[Item]:
        out: list[Item] = []
        for part in parts:
            out += part.items(left, top)
            top -= part.height + gap
        return out

    return Part(sum(part.height for part in parts) + gap * max(0, len(parts) - 1), items)


def row(first: Part, second: Part, offset: float) -> Part:
    """Return two parts side by side, the second `offset` points to the right."""

    def items(left: float, top: float) -> list[Item]:
        return [*first.items(left, top), *second.items(left + offset, top)]

    return Part(max(first.height, second.height), items)


def boxed(box: TextBox, role: str) -> Part:
    """Return a text box as a part."""
    return Part(box.height, lambda left, top: texts(box, left, top, role=role))


def title(lettering: Lettering, width: float) -> Part:
    """Return the heading and the stated areas of the zone."""
    words, m = text.labels("figure", lettering.language), lettering.metrics
    head = wrap(m, words["title"], lettering.type("title", bold=True), width)
    quiet = lettering.type("name", lettering.colour("second_text"))
    return column(
        [boxed(head, "title"), boxed(wrap(m, words["subtitle"], quiet, width), "note")], gap=2.0
    )


def key(lettering: Lettering, width: float, lines: Sequence[str]) -> Part:
    """Return the key of the numbers on the map."""
    how = lettering.type("note")
    boxes = [wrap(lettering.metrics, line, how, width) for line in lines]
    return column([boxed(box, "key") for box in boxes], gap=1.0)


def notes(lettering: Lettering, width: float, sentences: Sequence[str]) -> Part:
    """Return the word that this is no legal boundary, then sentences as one paragraph."""
    warning = text.labels("common", lettering.language)["approximate"]
    head = wrap(lettering.metrics, warning, lettering.type("note", bold=True), width)
    quiet = lettering.type("note", lettering.colour("second_text"))
    space = " " if lettering.language == "en" else ""
    body = wrap(lettering.metrics, space.join(sentences), quiet, width)
    return column([boxed(head, "notice"), boxed(body, "note")], gap=1.0)


def sources(lettering: Lettering) -> str:
    """Return where the stated areas, the ground and the lines come from."""
    date = text.date(STATED, lettering.language)
    words = text.labels("figure", lettering.language)["source"]
    return words.format(date=date, version=__version__)


def drawn(lettering: Lettering, report: Report) -> str:
    """Return the drawn areas beside the stated ones as a sentence."""
    checks = {check.id: check for check in report.checks}
    named = [checks[name] for name in _ORDER if name in checks and name != "zone"]
    words = text.labels("figure", lettering.language)
    comma = ", " if lettering.language == "en" else "、"
    space = " " if lettering.language == "en" else ""
    listed = comma.join(
        f"{_name(lettering, check)}{space}{text.number(check.measured_km2, 2)}" for check in named
    )
    return words["drawn"].format(areas=listed)


def table(lettering: Lettering, width: float, report: Report) -> Part:
    """Return the stated and the drawn areas, one line each."""
    words = text.labels("figure", lettering.language)
    heads = [words[name] for name in _COLUMNS]
    checks = {check.id: check for check in report.checks}
    rows = [_cells(lettering, checks[name]) for name in _ORDER if name in checks]
    how = lettering.type("note")
    widths = [
        max(_width(lettering, line[n], bold=n == 0) for line in [heads, *rows]) for n in range(5)
    ]
    spare = max(5.0, (width - sum(widths)) / 4)
    starts = [sum(widths[:n]) + n * spare for n in range(5)]
    lines = [_row(lettering, heads, starts, widths, head=True)]
    lines += [_row(lettering, cells, starts, widths) for cells in rows]
    return column([Part(1.28 * how.size, line) for line in lines], gap=0.6)


def table_width(lettering: Lettering, report: Report) -> float:
    """Return how wide the table is at least, in points."""
    words = text.labels("figure", lettering.language)
    heads = [words[name] for name in _COLUMNS]
    rows = [heads, *(_cells(lettering, check) for check in report.checks)]
    widths = [max(_width(lettering, line[n], bold=n == 0) for line in rows) for n in range(5)]
    return sum(widths) + 4 * 8.0


def _width(lettering: Lettering, words: str, *, bold: bool) -> float:
    return lettering.metrics.width(words, lettering.type("note", bold=bold))


def _cells(lettering: Lettering, check: Check) -> list[str]:
    measured = text.number(check.measured_km2, 2)
    if check.uncertainty_km2 is not None:
        measured += f" ± {text.number(2 * check.uncertainty_km2, 2)}"
    verdict = text.labels("common", lettering.language)[check.verdict]
    span = check.interpretation_range_km2
    ends = "–".join(text.number(end, 2) for end in span) if span else ""
    return [_name(lettering, check), text.number(check.stated_km2, 2), measured, ends, verdict]


def _name(lettering: Lettering, check: Check) -> str:
    common = text.labels("common", lettering.language)
    return common.get(check.id) or check.names[lettering.language]


def _row(
    lettering: Lettering,
    cells: Sequence[str],
    starts: Sequence[float],
    widths: Sequence[float],
    *,
    head: bool = False,
) -> Callable[[float, float], list[Item]]:
    quiet = lettering.colour("quiet_text") if head else None

    def items(left: float, top: float) -> list[Item]:
        out: list[Item] = []
        for n, cell in enumerate(cells):
            how = lettering.type("note", quiet, bold=n == 0 and not head)
            base = top - 0.86 * how.size
            right = n in (1, 2, 3)
            x = left + starts[n] + (widths[n] if right else 0.0)
            out.append(Text(x, base, cell, how, "right" if right else "left", role="table"))
        return out

    return items


def line_height(lettering: Lettering) -> float:
    """Return the height of a line of notes in points."""
    return text_box(lettering.metrics, ("0", lettering.type("note"))).height
