"""All the places where a label could stand: in a shape, around a point, along a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from hetao_geo.figure.placement import Candidate
from hetao_geo.figure.typesetting import Block

_REACHES = (1.0, 8.0, 16.0, 26.0, 40.0, 60.0, 80.0)
_TURNS = np.radians(np.arange(0, 360, 15))


def around(
    block: Block,
    place: Point,
    clear: float,
    *,
    shape: BaseGeometry | None = None,
    cost: float = 0.0,
    most: float = 80.0,
) -> Iterator[Candidate]:
    """Yield places around a point: close by, and farther out with a leader line.

    Parameters
    ----------
    block : Block
        What is to be set.
    place : Point
        What it names, in points on the layout.
    clear : float
        Points around `place` that its symbol fills.
    shape : geometry, optional
        A shape around `place` that the label must stand outside of.
    cost : float
        Added to the cost of each place.
    most : float
        How far the label may stand aside, in points.
    """
    w, h = block.width / 2, block.height / 2
    for reach, turn in product(_REACHES, _TURNS):
        if reach > most:
            continue
        dx, dy = np.cos(turn), np.sin(turn)
        x = place.x + dx * (clear + reach) + (w if dx > 0.3 else -w if dx < -0.3 else 0)
        y = place.y + dy * (clear + reach) + (h if dy > 0.3 else -h if dy < -0.3 else 0)
        plain = Candidate(block, x, y, cost=cost + 0.35 * reach + 2.0 * (1 - dx))
        if shape is not None and plain.area.intersects(shape):
            continue
        if reach == 1.0 and shape is None:
            yield plain
        else:
            yield replace(_led(plain, place, clear), dot=shape is not None)


def _led(candidate: Candidate, place: Point, clear: float) -> Candidate:
    """Return the candidate with a line from its edge to the place."""
    end = shapely.shortest_line(candidate.area, place)
    x0, y0 = end.coords[0]
    share = 1 - clear / max(end.length, clear + 0.1)
    leader = LineString([(x0, y0), end.interpolate(share, normalized=True)])
    return replace(candidate, cost=candidate.cost + 6.0, leader=leader)


def inside(block: Block, shape: BaseGeometry, clear: float, cost: float = 0.0) -> list[Candidate]:
    """Return places wholly in a shape; the best are in its middle and off its edge."""
    middle = shapely.maximum_inscribed_circle(shape).coords[0]
    x0, y0, x1, y1 = shape.bounds
    xs, ys = np.meshgrid(np.linspace(x0, x1, 42), np.linspace(y0, y1, 42))
    far = 0.1 * np.hypot(xs - middle[0], ys - middle[1])
    w, h = block.width / 2, block.height / 2
    room = shapely.box(xs - w, ys - h, xs + w, ys + h)
    apart = shapely.distance(room, shape.boundary)
    fits = shapely.contains(shape, room) & (apart >= clear)
    near = np.clip(7.0 - apart, 0.0, None)
    rows = zip(xs[fits], ys[fits], (cost + far + near)[fits], strict=True)
    return [Candidate(block, float(x), float(y), float(c)) for x, y, c in rows]


def along(
    block: Block, line: BaseGeometry, frame: Polygon, full: BaseGeometry
) -> Iterator[Candidate]:
    """Yield places along a line, where it is straight enough, or else beside its middle.

    Parameters
    ----------
    block : Block
        One line of text.
    line : geometry
        What it names, in points on the layout.
    frame : Polygon
        Only the line inside counts.
    full : geometry
        Shapes that the label must stand clear of.
    """
    line = line.intersection(frame)
    if line.is_empty:
        return
    middle = line.interpolate(0.5, normalized=True)
    candidates = list(around(block, middle, 0.0, cost=15.0, most=16.0))
    for part in shapely.get_parts(shapely.line_merge(line)):
        for start in np.arange(0, part.length - block.width, 3.0):
            candidates += _beside(block, part, start)
    yield from (c for c in candidates if not c.area.intersects(full))


def _beside(block: Block, line: LineString, start: float) -> Sequence[Candidate]:
    size = block.lines[0][1].size
    stretch = substring(line, start, start + block.width)
    (x0, y0), (x1, y1) = stretch.coords[0], stretch.coords[-1]
    chord = LineString([(x0, y0), (x1, y1)])
    bend = shapely.hausdorff_distance(stretch, chord)
    if bend > 0.45 * size or chord.length < 0.5 * block.width:
        return []
    angle = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    angle = (angle + 90) % 180 - 90
    nx, ny = -np.sin(np.radians(angle)), np.cos(np.radians(angle))
    middle = abs(start + block.width / 2 - line.length / 2) / line.length
    out = []
    for away in (0.75 * size + bend, -0.75 * size - bend):
        x, y = (x0 + x1) / 2 + nx * away, (y0 + y1) / 2 + ny * away
        out.append(Candidate(block, x, y, cost=3 * bend + 2 * middle + (away < 0), angle=angle))
    return out
