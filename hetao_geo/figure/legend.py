"""Under the map: what the signs mean, stated against measured areas, sources and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shapely.geometry import LineString, Point, box

from hetao_geo import __version__, style, text
from hetao_geo.figure.background import Layers, symbol
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.layout import Layout
from hetao_geo.figure.typesetting import Block, wrap
from hetao_geo.verification import Check, Report

Draw = Callable[[Canvas, float, float], None]
STATED = "2023-08-08"
"""Date of Guofa [2023] No. 12, which states the areas."""


@dataclass(frozen=True)
class Part:
    """Something of a known height that can be drawn with its upper left corner anywhere."""

    height: float
    """Height in points."""
    draw: Draw
    """Draws it: canvas, left, top."""


def title(layout: Layout, width: float) -> Part:
    """Return the heading and the stated size of the zone."""
    words = text.labels("figure", layout.language)
    head = wrap(layout.face, words["title"], layout.type("title", bold=True), width)
    under = wrap(
        layout.face, words["subtitle"], layout.type("body", style.ground()["quiet_text"]), width
    )
    return column([_text(head), _text(under)], gap=1.5)


def legend(layout: Layout, width: float, layers: Layers) -> Part:
    """Return the signs of the map with what each means."""
    words = text.labels("figure", layout.language)
    common = text.labels("common", layout.language)
    sides = [s["accuracy_m"] for park in layers["parks"] for s in park.properties["sides"]]
    least, most = f"{min(sides):g}", f"{max(sides):g}"
    rows = [
        (_swatch("shenzhen-park"), common["shenzhen-park"]),
        (_swatch("hong-kong-park"), common["hong-kong-park"]),
        (_line("shenzhen-park", dash="inferred"), words["legend-inferred"]),
        (_band, words["legend-band"].format(least=least, most=most)),
        (_line("interpretation"), words["legend-literal"]),
        (_line("boundary"), common["boundary"]),
        (_pair, words["legend-crossings"]),
    ]
    return column([_sign(layout, draw, line, width) for draw, line in rows], gap=1.2)


def table(layout: Layout, width: float, report: Report) -> Part:
    """Return the stated and the measured areas, one line each."""
    words = text.labels("figure", layout.language)
    heads = [words["area"], words["stated"], words["measured"], words["judged"]]
    order = ("hong-kong-park", "huanggang-port-area", "futian-bonded-zone", "shenzhen-park", "zone")
    checks = {check.id: check for check in report.checks}
    rows = [_cells(layout, checks[key]) for key in order if key in checks]
    quiet = layout.type("small", style.ground()["quiet_text"])
    widths = [
        max(layout.face.width(row[n], quiet.size, bold=n == 0) for row in [heads, *rows])
        for n in range(3)
    ]
    spare = max(4.0, (width - sum(widths)) * 0.06)
    starts = [0.0, widths[0] + spare, sum(widths[:2]) + 2 * spare, sum(widths) + 3 * spare]
    lines = [_row(layout, heads, starts, widths, width, head=True)]
    lines += [_row(layout, row, starts, widths, width) for row in rows]
    return column(lines, gap=1.0)


def notes(layout: Layout, width: float) -> Part:
    """Return the word that this is no legal boundary, the projection and the sources."""
    words = text.labels("figure", layout.language)
    warning = text.labels("common", layout.language)["approximate"]
    quiet = layout.type("tick", style.ground()["quiet_text"])
    date = text.date(STATED, layout.language)
    lines = [words["projection"], words["source"].format(date=date, version=__version__)]
    blocks = [wrap(layout.face, warning, layout.type("small", bold=True), width)]
    blocks += [wrap(layout.face, line, quiet, width) for line in lines]
    return column([_text(block) for block in blocks], gap=1.0)


def column(parts: Sequence[Part], gap: float) -> Part:
    """Return parts under each other, `gap` points apart."""

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for part in parts:
            part.draw(canvas, left, top)
            top -= part.height + gap

    return Part(sum(part.height for part in parts) + gap * (len(parts) - 1), draw)


def beside(first: Part, second: Part, offset: float) -> Part:
    """Return two parts side by side, the second `offset` points to the right."""

    def draw(canvas: Canvas, left: float, top: float) -> None:
        first.draw(canvas, left, top)
        second.draw(canvas, left + offset, top)

    return Part(max(first.height, second.height), draw)


def _text(block: Block) -> Part:
    return Part(block.height, lambda canvas, left, top: canvas.block(block, left, top))


def _cells(layout: Layout, check: Check) -> list[str]:
    common, words = (text.labels(section, layout.language) for section in ("common", "figure"))
    name = common.get(check.id) or check.names[layout.language]
    spread = text.number(2 * (check.uncertainty_km2 or 0.0), 2)
    measured = f"{text.number(check.measured_km2, 2)} ± {spread}"
    verdict = common[check.verdict]
    if span := check.interpretation_range_km2:
        ends = "–".join(text.number(end, 2) for end in span)
        verdict += words["range"].format(range=ends)
    return [name, text.number(check.stated_km2, 2), measured, verdict]


def _row(
    layout: Layout,
    cells: Sequence[str],
    starts: Sequence[float],
    widths: Sequence[float],
    width: float,
    *,
    head: bool = False,
) -> Part:
    quiet = style.ground()["quiet_text"]
    how = layout.type("small", quiet if head else None)
    last = wrap(layout.face, cells[3], layout.type("small", quiet), max(20.0, width - starts[3]))

    def draw(canvas: Canvas, left: float, top: float) -> None:
        base = top + last.baselines()[0]
        first = layout.type("small", how.colour, bold=not head)
        canvas.text(left, base, cells[0], first)
        for n in (1, 2):
            canvas.text(left + starts[n] + widths[n], base, cells[n], how, align="right")
        canvas.block(last, left + starts[3], top)

    return Part(last.height, draw)


def _sign(layout: Layout, draw_sign: Draw, words: str, width: float) -> Part:
    room = 4.2 * layout.size("small")
    block = wrap(layout.face, words, layout.type("small"), width - room)

    def draw(canvas: Canvas, left: float, top: float) -> None:
        middle = top + block.baselines()[0] + 0.34 * layout.size("small")
        draw_sign(canvas, left, middle)
        canvas.block(block, left + room, top)

    return Part(block.height, draw)


def _reach(canvas: Canvas) -> float:
    return 36.0 * canvas.scale


def _swatch(role: str) -> Draw:
    def draw(canvas: Canvas, left: float, middle: float) -> None:
        role_style, half = style.role(role), 4.3 * canvas.scale
        shape = box(left, middle - half, left + _reach(canvas), middle + half)
        canvas.shape(shape, fill=role_style.fill, opacity=role_style.fill_opacity)
        canvas.shape(shape, stroke=role_style.stroke, width=0.7 * role_style.width)

    return draw


def _line(role: str, dash: str | None = None) -> Draw:
    def draw(canvas: Canvas, left: float, middle: float) -> None:
        role_style = style.role(role)
        line = LineString([(left, middle), (left + _reach(canvas), middle)])
        pattern = style.role(dash).dash if dash else role_style.dash
        canvas.shape(line, stroke=role_style.stroke, width=role_style.width, dash=pattern)

    return draw


def _band(canvas: Canvas, left: float, middle: float) -> None:
    role_style, half = style.role("shenzhen-park"), 4.3 * canvas.scale
    shape = box(left, middle - half, left + _reach(canvas), middle + half)
    canvas.shape(shape, fill=role_style.fill, opacity=style.role("uncertainty").opacity)
    _line("shenzhen-park")(canvas, left, middle)


def _pair(canvas: Canvas, left: float, middle: float) -> None:
    _line("crossing-link")(canvas, left, middle)
    radius = 0.7 * style.role("crossing").radius * canvas.scale
    for x in (left + radius, left + _reach(canvas) - radius):
        symbol(canvas, Point(x, middle), radius)
