"""Around the map: its frame, coordinate ticks, scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from hetao_geo import style, text
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.layout import Frame, Layout, from_grid
from hetao_geo.figure.typesetting import ASCENT

TICK = 2.6
"""Length of a tick in points."""


def margin(layout: Layout) -> float:
    """Return the width in points that ticks and their labels need outside the frame."""
    return TICK + 1.5 + layout.size("tick")


def draw(canvas: Canvas, layout: Layout, frame: Frame) -> None:
    """Draw the frame, the grid's ticks left and below, those of WGS 84 right and above."""
    dark = style.ground()["text"]
    canvas.shape(frame.box, stroke=dark, width=0.9, name="frame")
    x0, y0, x1, y1 = frame.box.bounds
    step = 1000 * (1 if frame.points_per_metre * 1000 > 4.2 * layout.size("tick") else 2)
    for easting in _multiples(frame.west, frame.west + frame.ground_width, step):
        x = frame.from_grid(np.array([[easting, frame.south]]))[0, 0]
        _tick(canvas, layout, frame, (x, y0), -90, f"{text.number(easting, 0)} E")
    for northing in _multiples(frame.south, frame.south + frame.ground_height, step):
        y = frame.from_grid(np.array([[frame.west, northing]]))[0, 1]
        _tick(canvas, layout, frame, (x0, y), 180, f"{text.number(northing, 0)} N")
    degrees = 0.01 * step / 1000
    for value, x in _crossings(frame, top=True, step=degrees):
        _tick(canvas, layout, frame, (x, y1), 90, f"{value:.2f}° E")
    for value, y in _crossings(frame, top=False, step=degrees):
        _tick(canvas, layout, frame, (x1, y), 0, f"{value:.2f}° N")


def _multiples(low: float, high: float, step: float) -> list[float]:
    return [n * step for n in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _crossings(frame: Frame, *, top: bool, step: float) -> list[tuple[float, float]]:
    """Return where meridians meet the upper edge, or parallels the right one, in points."""
    # The edge is straight in the grid and all but straight in degrees: 60 m a piece is exact
    # to a millimetre on the ground.
    share = np.linspace(0, 1, 101)
    if top:
        east = frame.west + share * frame.ground_width
        degrees = from_grid(east, np.full_like(east, frame.south + frame.ground_height))[0]
    else:
        north = frame.south + share * frame.ground_height
        degrees = from_grid(np.full_like(north, frame.west + frame.ground_width), north)[1]
    x0, y0, x1, y1 = frame.box.bounds
    start, length = (x0, x1 - x0) if top else (y0, y1 - y0)
    values = _multiples(float(degrees[0]), float(degrees[-1]), step)
    return [(v, start + length * float(np.interp(v, degrees, share))) for v in values]


def _tick(
    canvas: Canvas,
    layout: Layout,
    frame: Frame,
    at: tuple[float, float],
    direction: float,
    words: str,
) -> None:
    dark, how = style.ground()["text"], layout.type("tick", style.ground()["quiet_text"])
    turn = np.radians(direction)
    dx, dy = round(float(np.cos(turn)), 9), round(float(np.sin(turn)), 9)
    end = (at[0] + TICK * dx, at[1] + TICK * dy)
    canvas.shape(LineString([at, end]), stroke=dark, width=0.7)
    x, y = end[0] + 1.2 * dx, end[1] + 1.2 * dy
    half = layout.face.width(words, how.size) / 2
    if not frame.box.buffer(2).covers(LineString(_span(at, dx, half))):
        return
    if direction == -90:
        canvas.text(x, y - ASCENT * 0.85 * how.size, words, how, align="center")
    elif direction == 90:
        canvas.text(x, y, words, how, align="center")
    elif direction == 180:
        canvas.text(x, y, words, how, align="center", angle=90)
    else:
        canvas.text(x, y, words, how, align="center", angle=-90)


def _span(at: tuple[float, float], dx: float, half: float) -> list[tuple[float, float]]:
    """Return the stretch of the frame beside which a label stands."""
    x, y = at
    return [(x, y - half), (x, y + half)] if dx else [(x - half, y), (x + half, y)]


def scale_box(layout: Layout, frame: Frame, avoid: Sequence[BaseGeometry]) -> Polygon:
    """Return the corner of the map for scale bar and north arrow: the emptiest."""
    width = _length(frame) * frame.points_per_metre + 5.5 * layout.size("small")
    return corner(frame, width, 3.4 * layout.size("small"), avoid, ("lower left", "lower right"))


def corner(
    frame: Frame,
    width: float,
    height: float,
    avoid: Sequence[BaseGeometry],
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
        Shapes and places on the layout that should stay visible.
    corners : sequence of str
        Where it may stand; the first of equals is taken.
    """
    x0, y0, x1, y1 = frame.box.buffer(-6, join_style="mitre").bounds
    boxes = []
    for where in corners:
        left = x0 if "left" in where else x1 - width
        bottom = y0 if "lower" in where else y1 - height
        boxes.append(box(left, bottom, left + width, bottom + height))
    hidden = shapely.union_all(list(avoid))
    return min(boxes, key=lambda b: round(b.buffer(4).intersection(hidden).area, 6))


def draw_scale(canvas: Canvas, layout: Layout, frame: Frame, at: Polygon) -> None:
    """Draw a scale bar in metres and an arrow to grid north into the box `at`."""
    length, how = _length(frame), layout.type("small")
    x0, y0, x1, _ = at.bounds
    bar, low = length * frame.points_per_metre, y0 + 2.0
    left, high = x0 + 1.2 * how.size, low + 0.42 * how.size
    halo, dark = style.ground()["halo"], style.ground()["text"]
    for number, fill in ((0, dark), (1, "#ffffff")):
        a, b = left + bar * number / 2, left + bar * (number + 1) / 2
        canvas.shape(box(a, low, b, high), fill=fill, stroke=dark, width=0.7)
    for share in (0, 0.5, 1):
        words = _metres(length * share) if share else "0"
        x = left + bar * share
        canvas.text(x, high + 0.4 * how.size, words, how, align="center", halo=halo)
    _arrow(canvas, layout, x1 - 0.9 * how.size, low)


def _arrow(canvas: Canvas, layout: Layout, x: float, low: float) -> None:
    how = layout.type("small", bold=True)
    dark, size = style.ground()["text"], how.size
    tip, half = low + 1.9 * size, 0.5 * size
    left = Polygon([(x, tip), (x - half, low), (x, low + 0.5 * size)])
    right = Polygon([(x, tip), (x + half, low), (x, low + 0.5 * size)])
    canvas.shape(left, fill=dark, stroke=dark, width=0.6, name="north")
    canvas.shape(right, fill="#ffffff", stroke=dark, width=0.6)
    words = text.labels("figure", layout.language)["north"]
    canvas.text(x, tip + 0.25 * size, words, how, align="center", halo=style.ground()["halo"])


def _length(frame: Frame) -> float:
    """Return a round length in metres of at most a quarter of the frame."""
    most = frame.ground_width / 4
    power = 10 ** np.floor(np.log10(most))
    return float(max(n * power for n in (1, 2, 5) if n * power <= most))


def _metres(value: float) -> str:
    return f"{value:g} m" if value < 1000 else f"{value / 1000:g} km"
