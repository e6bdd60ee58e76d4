"""Under the map: what the signs mean, stated against measured areas, sources and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shapely.geometry import LineString, Point, box

from hetao_geo import __version__, style, text
from hetao_geo.figure import ground
from hetao_geo.figure.pen import Pen
from hetao_geo.figure.sheet import Sheet
from hetao_geo.figure.typesetting import Block, wrap
from hetao_geo.verification import Check, Report

Draw = Callable[[Pen, float, float], None]
STATED = "2023-08-08"
"""Date of Guofa [2023] No. 12, which states the areas."""


@dataclass(frozen=True)
class Part:
    """Something of a known height that can be drawn with its upper left corner anywhere."""

    height: float
    """Height in points."""
    draw: Draw
    """Draws it: pen, left, top."""


def title(sheet: Sheet, width: float) -> Part:
    """Return the heading and the stated size of the zone."""
    words = text.labels("figure", sheet.language)
    head = wrap(sheet.face, words["title"], sheet.type("title", bold=True), width)
    under = wrap(
        sheet.face, words["subtitle"], sheet.type("body", style.ground()["quiet_text"]), width
    )
    return column([_text(head), _text(under)], gap=1.5)


def legend(sheet: Sheet, width: float, layers: ground.Layers, report: Report) -> Part:
    """Return the signs of the map with what each means."""
    words = text.labels("figure", sheet.language)
    common = text.labels("common", sheet.language)
    sides = [s["accuracy_m"] for park in layers["parks"] for s in park.properties["sides"]]
    least, most = f"{min(sides):g}", f"{max(sides):g}"
    outer = text.number(_unfitted(report), 2)
    rows = [
        (_swatch("shenzhen-park"), common["shenzhen-park"]),
        (_swatch("hong-kong-park"), common["hong-kong-park"]),
        (_line("shenzhen-park", dash="fitted"), words["legend-fitted"]),
        (_band, words["legend-band"].format(least=least, most=most)),
        (_line("outer-limit"), words["legend-outer"].format(area=outer)),
        (_line("boundary"), common["boundary"]),
        (_pair, words["legend-crossings"]),
    ]
    return column([_sign(sheet, draw, line, width) for draw, line in rows], gap=1.2)


def _unfitted(report: Report) -> float:
    """Return the area of the bonded zone up to the water, in square kilometres."""
    part = next(check for check in report.checks if check.id == "futian-bonded-zone")
    return part.unfitted_km2 or part.measured_km2


def table(sheet: Sheet, width: float, report: Report) -> Part:
    """Return the stated and the measured areas, one line each."""
    words = text.labels("figure", sheet.language)
    heads = [words["area"], words["stated"], words["measured"], words["judged"]]
    order = ("hong-kong-park", "huanggang-port-area", "futian-bonded-zone", "shenzhen-park", "zone")
    checks = {check.id: check for check in report.checks}
    rows = [_cells(sheet, checks[key]) for key in order if key in checks]
    quiet = sheet.type("small", style.ground()["quiet_text"])
    widths = [
        max(sheet.face.width(row[n], quiet.size, bold=n == 0) for row in [heads, *rows])
        for n in range(3)
    ]
    spare = max(4.0, (width - sum(widths)) * 0.06)
    starts = [0.0, widths[0] + spare, sum(widths[:2]) + 2 * spare, sum(widths) + 3 * spare]
    lines = [_row(sheet, heads, starts, widths, width, head=True)]
    lines += [_row(sheet, row, starts, widths, width) for row in rows]
    return column(lines, gap=1.0)


def notes(sheet: Sheet, width: float) -> Part:
    """Return the word that this is no legal boundary, the projection and the sources."""
    words = text.labels("figure", sheet.language)
    warning = text.labels("common", sheet.language)["approximate"]
    quiet = sheet.type("tick", style.ground()["quiet_text"])
    date = text.date(STATED, sheet.language)
    lines = [words["projection"], words["source"].format(date=date, version=__version__)]
    blocks = [wrap(sheet.face, warning, sheet.type("small", bold=True), width)]
    blocks += [wrap(sheet.face, line, quiet, width) for line in lines]
    return column([_text(block) for block in blocks], gap=1.0)


def column(parts: Sequence[Part], gap: float) -> Part:
    """Return parts under each other, `gap` points apart."""

    def draw(pen: Pen, left: float, top: float) -> None:
        for part in parts:
            part.draw(pen, left, top)
            top -= part.height + gap

    return Part(sum(part.height for part in parts) + gap * (len(parts) - 1), draw)


def beside(first: Part, second: Part, offset: float) -> Part:
    """Return two parts side by side, the second `offset` points to the right."""

    def draw(pen: Pen, left: float, top: float) -> None:
        first.draw(pen, left, top)
        second.draw(pen, left + offset, top)

    return Part(max(first.height, second.height), draw)


def _text(block: Block) -> Part:
    return Part(block.height, lambda pen, left, top: pen.block(block, left, top))


def _cells(sheet: Sheet, check: Check) -> list[str]:
    common = text.labels("common", sheet.language)
    name = common.get(check.id) or check.names[sheet.language]
    spread = text.number(2 * check.uncertainty_km2, 2)
    measured = f"{text.number(check.measured_km2, 2)} ± {spread}"
    verdict = common[check.standing]
    return [name, text.number(check.stated_km2, 2), measured, verdict]


def _row(
    sheet: Sheet,
    cells: Sequence[str],
    starts: Sequence[float],
    widths: Sequence[float],
    width: float,
    *,
    head: bool = False,
) -> Part:
    quiet = style.ground()["quiet_text"]
    how = sheet.type("small", quiet if head else None)
    last = wrap(sheet.face, cells[3], sheet.type("small", quiet), max(20.0, width - starts[3]))

    def draw(pen: Pen, left: float, top: float) -> None:
        base = top + last.baselines()[0]
        first = sheet.type("small", how.colour, bold=not head)
        pen.text(left, base, cells[0], first)
        for n in (1, 2):
            pen.text(left + starts[n] + widths[n], base, cells[n], how, align="right")
        pen.block(last, left + starts[3], top)

    return Part(last.height, draw)


def _sign(sheet: Sheet, draw_sign: Draw, words: str, width: float) -> Part:
    room = 4.2 * sheet.size("small")
    block = wrap(sheet.face, words, sheet.type("small"), width - room)

    def draw(pen: Pen, left: float, top: float) -> None:
        middle = top + block.baselines()[0] + 0.34 * sheet.size("small")
        draw_sign(pen, left, middle)
        pen.block(block, left + room, top)

    return Part(block.height, draw)


def _reach(pen: Pen) -> float:
    return 36.0 * pen.scale


def _swatch(role: str) -> Draw:
    def draw(pen: Pen, left: float, middle: float) -> None:
        look, half = style.role(role), 4.3 * pen.scale
        shape = box(left, middle - half, left + _reach(pen), middle + half)
        pen.shape(shape, fill=look.fill, opacity=look.fill_opacity)
        pen.shape(shape, stroke=look.stroke, width=0.7 * look.width)

    return draw


def _line(role: str, dash: str | None = None) -> Draw:
    def draw(pen: Pen, left: float, middle: float) -> None:
        look = style.role(role)
        line = LineString([(left, middle), (left + _reach(pen), middle)])
        pattern = style.role(dash).dash if dash else look.dash
        pen.shape(line, stroke=look.stroke, width=look.width, dash=pattern)

    return draw


def _band(pen: Pen, left: float, middle: float) -> None:
    look, half = style.role("shenzhen-park"), 4.3 * pen.scale
    shape = box(left, middle - half, left + _reach(pen), middle + half)
    pen.shape(shape, fill=look.fill, opacity=style.role("uncertainty").opacity)
    _line("shenzhen-park")(pen, left, middle)


def _pair(pen: Pen, left: float, middle: float) -> None:
    _line("crossing-link")(pen, left, middle)
    radius = 0.7 * style.role("crossing").radius * pen.scale
    for x in (left + radius, left + _reach(pen) - radius):
        ground.symbol(pen, Point(x, middle), radius)
