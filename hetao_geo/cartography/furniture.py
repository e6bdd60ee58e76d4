"""What stands on and around a map: scale bar, north arrow, crosses and ticks, badges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from hetao_geo.cartography import graticule, scale_bar
from hetao_geo.cartography.drawing import Item, Shape, Text
from hetao_geo.cartography.frame import Frame
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.typesetting import ASCENT

TICK = 2.6
"""Length of a tick in points."""
_CROSS = 2.6  # half the length of a cross's arms in points


def corner(
    frame: Frame,
    width: float,
    height: float,
    avoid: Sequence[BaseGeometry],
    *,
    gap: float = 0.0,
    corners: Sequence[str] = ("upper left", "upper right", "lower right", "lower left"),
) -> Polygon:
    """Return the box of that size in the corner of the frame that hides the least.

    Parameters
    ----------
    frame : Frame
        The window of the map.
    width, height : float
        Size in points.
    avoid : sequence of geometry
        Shapes on the drawing that should stay visible.
    gap : float
        Between the box and the frame, in points.
    corners : sequence of str
        Where it may stand; the first of equals is taken.
    """
    x0, y0, x1, y1 = frame.box.buffer(-gap, join_style="mitre").bounds
    boxes = []
    for where in corners:
        left = x0 if "left" in where else x1 - width
        bottom = y0 if "lower" in where else y1 - height
        boxes.append(box(left, bottom, left + width, bottom + height))
    hidden = shapely.union_all(list(avoid))
    return min(boxes, key=lambda b: round(b.buffer(4).intersection(hidden).area, 6))


def scale_size(frame: Frame, lettering: Lettering, *, ratio: bool) -> tuple[float, float]:
    """Return width and height in points of scale bar, number and north arrow."""
    small = lettering.type("note")
    words = scale_bar.ratio(frame.scale) if ratio else ""
    number = lettering.metrics.width(words, small) + 1.5 * small.size if ratio else 0.0
    return _bar(frame)[1] + number + 4.5 * small.size, 2.6 * small.size


def draw_scale(frame: Frame, lettering: Lettering, at: Polygon, *, ratio: bool) -> Iterator[Item]:
    """Yield a scale bar, the scale as a number and an arrow to grid north, in the box `at`."""
    small, dark, land = lettering.type("note"), lettering.colour(), lettering.colour("land")
    metres, length = _bar(frame)
    x0, y0, x1, _ = at.bounds
    left, y = x0 + 0.8 * small.size, y0 + 3.0
    ends = MultiLineString([[(x, y - 1.2), (x, y + 2.4)] for x in (left, left + length)])
    rule = LineString([(left, y), (left + length, y)])
    half = LineString([(left, y), (left + length / 2, y)])
    yield Shape(shapely.union_all([rule, ends]), "scale", stroke=dark, width=1.3, name="scale")
    yield Shape(half, "scale", stroke=dark, width=3.4)
    for x, words in ((left, "0"), (left + length, scale_bar.length_text(metres))):
        yield Text(x, y + 4.2, words, small, "center", halo=land, role="scale")
    if ratio:
        number = scale_bar.ratio(frame.scale)
        yield Text(
            left + length + 1.6 * small.size, y - 1.0, number, small, halo=land, role="scale"
        )
    yield from _arrow(lettering, x1 - 0.9 * small.size, y0)


def crosses(frame: Frame, lettering: Lettering, avoid: BaseGeometry) -> Iterator[Item]:
    """Yield a cross where meridians and parallels meet, save on what they should not cover."""
    places = graticule.crosses(frame, graticule.step(frame, 46))
    lines = []
    for x, y in places:
        arms = [[(x - _CROSS, y), (x + _CROSS, y)], [(x, y - _CROSS), (x, y + _CROSS)]]
        cross = MultiLineString(arms)
        if frame.box.contains(cross.buffer(3)) and not avoid.intersects(cross.buffer(1)):
            lines += arms
    colour = lettering.colour("quiet_text")
    yield Shape(MultiLineString(lines), "cross", stroke=colour, opacity=0.55, width=1.0)


def ticks(frame: Frame, lettering: Lettering, *, upright: bool) -> Iterator[Item]:
    """Yield the frame with ticks and degrees left and below; `upright`: latitudes turned."""
    dark, how = lettering.colour(), lettering.type("tick", lettering.colour("second_text"))
    yield Shape(frame.box, "frame", stroke=dark, width=1.4, name="frame")
    x0, y0, x1, y1 = frame.box.bounds
    step = graticule.step(frame, 9.5 * how.size)
    for tick in graticule.meridians(frame, step):
        words = f"{tick.degrees:.{graticule.decimals(step)}f}° E"
        half = lettering.metrics.width(words, how) / 2
        yield from _stubs([(tick.at, y0, 0, -1), (tick.at, y1, 0, -1)], dark)
        if x0 - 8 <= tick.at - half and tick.at + half <= x1:
            yield Text(tick.at, y0 - TICK - 0.95 * how.size, words, how, "center", role="tick")
    step = graticule.step(frame, 6 * how.size)
    for tick in graticule.parallels(frame, step):
        words = f"{tick.degrees:.{graticule.decimals(step)}f}° N"
        yield from _stubs([(x0, tick.at, -1, 0), (x1, tick.at, -1, 0)], dark)
        half = lettering.metrics.width(words, how) / 2
        if upright and y0 <= tick.at - half and tick.at + half <= y1:
            yield Text(x0 - TICK - 1.5, tick.at, words, how, "center", 90.0, role="tick")
        elif not upright:
            yield Text(x0 - TICK - 1.5, tick.at - 0.34 * how.size, words, how, "right", role="tick")


def tick_room(lettering: Lettering, *, upright: bool) -> tuple[float, float]:
    """Return the room in points that ticks and degrees need left of the frame and below it."""
    how = lettering.type("tick")
    below = TICK + 1.3 * how.size
    left = (
        TICK + 1.5 + (ASCENT * how.size if upright else lettering.metrics.width("22.545° N", how))
    )
    return left + 1.0, below


def badge(place: Point, number: str, lettering: Lettering) -> Iterator[Item]:
    """Yield a number in a ring in place of a name; the key explains it."""
    how = lettering.type("note", bold=True)
    dark = lettering.colour()
    ring = place.buffer(0.72 * how.size)
    yield Shape(ring, "badge", fill=lettering.colour("halo"), stroke=dark, width=1.4)
    yield Text(place.x, place.y - 0.36 * how.size, number, how, "center", role="badge")


def _bar(frame: Frame) -> tuple[float, float]:
    """Return the length of the scale bar in metres and in points."""
    metres = scale_bar.bar_length(frame.ground_width / 4)
    return metres, metres * frame.points_per_metre


def _stubs(ends: Sequence[tuple[float, float, int, int]], colour: str) -> Iterator[Item]:
    for x, y, dx, dy in ends:
        # Outside on the left and below, inside on the right and above, as there is no room there.
        line = LineString([(x, y), (x + TICK * dx, y + TICK * dy)])
        yield Shape(line, "tick", stroke=colour, width=1.2)


def _arrow(lettering: Lettering, x: float, low: float) -> Iterator[Item]:
    how, dark = lettering.type("note", bold=True), lettering.colour()
    size = how.size
    tip, half = low + 1.5 * size, 0.45 * size
    arrow = Polygon([(x, tip), (x + half, low), (x, low + 0.38 * size), (x - half, low)])
    yield Shape(arrow, "north", fill=dark, name="north")
    words = lettering.word("figure", "north")
    yield Text(x, tip + 0.2 * size, words, how, "center", halo=lettering.colour("land"))
