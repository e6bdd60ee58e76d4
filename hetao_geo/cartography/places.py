"""All the places where a name could stand, as arrays: in a shape, round a point, along a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo.cartography import policy
from hetao_geo.cartography.typesetting import TextBox

_GRID = 32
# Where the name stands as seen from a point: across and up.
_AROUND = {
    "right": (1.0, 0.0),
    "left": (-1.0, 0.0),
    "upper-right": (0.7, 0.7),
    "lower-right": (0.7, -0.7),
    "upper-left": (-0.7, 0.7),
    "lower-left": (-0.7, -0.7),
    "above": (0.0, 1.0),
    "below": (0.0, -1.0),
}
_REACHES = (10, 20, 36, 60)  # lengths of a leader outside a shape, in pixels
_ASIDE = (14, 26, 40, 60, 90)  # lengths of a leader from a symbol, in pixels
_TURNS = np.radians(np.arange(0, 360, 15))


@dataclass(frozen=True, eq=False)
class Places:
    """Places of one name; all arrays have one row a place, lengths are points."""

    boxes: tuple[TextBox, ...]
    """The ways to set the name."""
    box: np.ndarray
    """Which of `boxes` stands there."""
    x: np.ndarray
    """Middle of the box."""
    y: np.ndarray
    """Middle of the box."""
    cost: np.ndarray
    """How much less it is liked than the best."""
    angle: np.ndarray
    """Degrees anticlockwise."""
    leader: np.ndarray
    """LineString from the box to what it names, or None."""

    def __len__(self) -> int:
        return len(self.x)

    def take(self, index: np.ndarray) -> Places:
        """Return some of the places."""
        rows = (self.box, self.x, self.y, self.cost, self.angle, self.leader)
        return Places(self.boxes, *(row[index] for row in rows))

    def areas(self, gap: float) -> np.ndarray:
        """Return the turned rectangle that each name fills, `gap` points wider on each side."""
        wide = np.array([b.width / 2 for b in self.boxes])[self.box] + gap
        high = np.array([b.height / 2 for b in self.boxes])[self.box] + gap / 2
        turn = np.radians(self.angle)
        across = np.column_stack([np.cos(turn), np.sin(turn)]) * wide[:, None]
        up = np.column_stack([-np.sin(turn), np.cos(turn)]) * high[:, None]
        middle = np.column_stack([self.x, self.y])
        corners = [
            middle + sx * across + sy * up for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        return np.asarray(shapely.polygons(np.stack(corners, axis=1)))


def join(sets: Sequence[Places]) -> Places:
    """Return several sets of places of one name as one."""
    starts = np.cumsum([0, *(len(s.boxes) for s in sets)])
    boxes = tuple(box for s in sets for box in s.boxes)
    index = [s.box + start for s, start in zip(sets, starts, strict=False)]
    if not sets:
        return plain((), np.empty(0, int), np.empty(0), np.empty(0), np.empty(0))
    columns = [
        np.concatenate([getattr(s, name) for s in sets])
        for name in ("x", "y", "cost", "angle", "leader")
    ]
    return Places(boxes, np.concatenate(index), *columns)


@dataclass(frozen=True)
class Room:
    """The inside of a shape, where names may stand clear of its edges."""

    area: BaseGeometry
    """In points."""
    middle: tuple[float, float]
    """Farthest from the edges of the shape."""

    @classmethod
    def of(cls, shape: BaseGeometry, pixel: float) -> Room:
        """Return the room in a shape in points; `pixel` is one in points."""
        area = shape.buffer(-policy.clearance("edge") * pixel)
        shapely.prepare(area)
        circle = shapely.maximum_inscribed_circle(shape, tolerance=2.0)
        return cls(area, circle.coords[0])


def inside(box: TextBox, room: Room, pixel: float, cost: float = 0.0) -> Places:
    """Return places wholly in a shape, clear of its edges, the best in its middle."""
    if room.area.is_empty:
        return join(())
    x, y = _grid(box, room.area, _GRID)
    far = policy.cost("off-centre") * np.hypot(x - room.middle[0], y - room.middle[1]) / pixel
    return plain((box,), np.zeros(len(x), int), x, y, cost + far)


def beside(
    box: TextBox, shape: BaseGeometry, pixel: float, *, levels: int = 12, cost: float = 0.0
) -> Places:
    """Return places outside a shape, each with a leader, level or upright, that ends inside it."""
    x0, y0, x1, y1 = shape.bounds
    middle = shapely.maximum_inscribed_circle(shape, tolerance=2.0).coords[0]
    top = box.height / 2 - box.lines[0][1].size * 0.5
    rows: list[tuple[float, float, float, LineString]] = []
    for y in np.linspace(y0, y1, levels + 2)[1:-1]:
        off = policy.cost("off-centre") * abs(y - middle[1]) / pixel
        for edge, way, inner in _edges(shape, LineString([(-1e5, y), (1e5, y)]), 0):
            for reach in _REACHES:
                near = edge + way * reach * pixel
                line = LineString([(near, y), (edge - way * min(8 * pixel, inner), y)])
                price = policy.cost("leader-pixel") * reach + off
                rows.append((near + way * (box.width / 2 + pixel * 2), y - top, price, line))
    for x in np.linspace(x0, x1, levels + 2)[1:-1]:
        off = policy.cost("off-centre") * abs(x - middle[0]) / pixel + policy.cost("leader-slant")
        for edge, way, inner in _edges(shape, LineString([(x, -1e5), (x, 1e5)]), 1):
            for reach in _REACHES:
                near = edge + way * reach * pixel
                line = LineString([(x, near), (x, edge - way * min(8 * pixel, inner))])
                price = policy.cost("leader-pixel") * reach + off
                for shift in (0.0, -0.42, 0.42):
                    at = x + shift * box.width
                    rows.append((at, near + way * (box.height / 2 + pixel), price, line))
    return _rows(box, rows, cost + policy.cost("outside"))


def _edges(shape: BaseGeometry, line: LineString, axis: int) -> list[tuple[float, int, float]]:
    """Return where a line leaves a shape: coordinate, direction outwards, half the way across."""
    out = []
    for part in shapely.get_parts(shape.intersection(line)):
        low, high = part.bounds[axis], part.bounds[axis + 2]
        out += [(low, -1, (high - low) / 2), (high, 1, (high - low) / 2)]
    return out


def around(box: TextBox, place: Point, radius: float, pixel: float, cost: float = 0.0) -> Places:
    """Return the places round a point whose symbol has `radius` points, without a leader."""
    gap = radius + policy.point_gap() * pixel
    rows = []
    for step, name in enumerate(policy.point_order()):
        dx, dy = _AROUND[name]
        x = place.x + dx * gap + np.sign(dx) * box.width / 2
        y = place.y + dy * gap + np.sign(dy) * box.height / 2
        rows.append((x, y, policy.cost("second-place") * step, None))
    return _rows(box, rows, cost)


def aside(
    box: TextBox, place: Point, radius: float, pixel: float, *, most: float = 90, cost: float = 0.0
) -> Places:
    """Return places up to `most` pixels from a point, each with a leader to its symbol."""
    reaches = np.array([reach for reach in _ASIDE if reach <= most], dtype=float)
    reach, turn = (grid.ravel() for grid in np.meshgrid(reaches, _TURNS))
    across, up = np.cos(turn), np.sin(turn)
    near = np.column_stack([across, up]) * (radius + reach * pixel)[:, None] + [place.x, place.y]
    end = np.column_stack([across, up]) * radius + [place.x, place.y]
    x = near[:, 0] + np.where(np.abs(across) > 0.3, np.sign(across), 0) * box.width / 2
    y = near[:, 1] + np.where(np.abs(up) > 0.3, np.sign(up), 0) * box.height / 2
    price = policy.cost("leader-pixel") * reach
    price += policy.cost("leader-slant") * (np.abs(up) >= 0.1)
    lines = shapely.linestrings(np.stack([near, end], axis=1))
    index, level = np.zeros(len(x), int), np.zeros(len(x))
    return Places((box,), index, x, y, price + cost, level, lines)


def spot(box: TextBox, place: Point, reach: float, pixel: float) -> Places:
    """Return places over a point that stands for something larger, and up to `reach` px off."""
    offsets = [(a, b) for a, b in product(np.linspace(-reach, reach, 9), repeat=2)]
    price = policy.cost("off-centre")
    rows = [
        (place.x + a * pixel, place.y + b * pixel, price * float(np.hypot(a, b)), None)
        for a, b in offsets
    ]
    return _rows(box, rows, 0.0)


def region(box: TextBox, area: BaseGeometry, middle: Point, pixel: float) -> Places:
    """Return places in an area, the best near `middle`."""
    shapely.prepare(area)
    x, y = _grid(box, area, _GRID)
    far = policy.cost("off-centre") * np.hypot(x - middle.x, y - middle.y) / pixel
    return plain((box,), np.zeros(len(x), int), x, y, far)


def _grid(box: TextBox, area: BaseGeometry, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the middles of a grid over an area where the box lies wholly in it."""
    x0, y0, x1, y1 = area.bounds
    w, h = box.width / 2, box.height / 2
    if x1 - x0 < box.width or y1 - y0 < box.height:
        return np.empty(0), np.empty(0)
    grid = np.meshgrid(np.linspace(x0 + w, x1 - w, count), np.linspace(y0 + h, y1 - h, count))
    x, y = grid[0].ravel(), grid[1].ravel()
    fits = shapely.contains(area, shapely.box(x - w, y - h, x + w, y + h))
    return x[fits], y[fits]


def _rows(
    box: TextBox, rows: Sequence[tuple[float, float, float, LineString | None]], cost: float
) -> Places:
    x, y, price = (np.array([row[n] for row in rows], dtype=float) for n in range(3))
    leaders = np.empty(len(rows), dtype=object)
    leaders[:] = [row[3] for row in rows]
    index = np.zeros(len(rows), int)
    return Places((box,), index, x, y, price + cost, np.zeros(len(rows)), leaders)


def plain(
    boxes: tuple[TextBox, ...],
    box: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    cost: np.ndarray,
    angle: np.ndarray | None = None,
) -> Places:
    """Return places without a leader."""
    none = np.full(len(x), None, dtype=object)
    return Places(boxes, box, x, y, cost, np.zeros(len(x)) if angle is None else angle, none)
