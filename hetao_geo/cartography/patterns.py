"""Marks that fill an area: tufts of mangrove, dashes of ponds, a hatch; symbols, no objects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

# Size of a cell in pixels: across, down.
_TUFT, _DASH = (14.0, 9.0), (20.0, 11.0)


def marks(role: str, area: BaseGeometry, pixel: float) -> BaseGeometry:
    """Return the marks of one role inside an area, in points; none for a role without marks."""
    return _PATTERNS[role](area, pixel) if role in _PATTERNS else MultiLineString()


def hatch(area: BaseGeometry, angle: float, distance: float) -> BaseGeometry:
    """Return parallel lines inside an area: `angle` in degrees, `distance` in points."""
    turn = np.radians(angle)
    x0, y0, x1, y1 = area.bounds
    reach = np.hypot(x1 - x0, y1 - y0) / 2
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    # Lines at whole multiples of the distance from the origin: two areas share one hatch.
    offset = middle @ across
    numbers = np.arange(np.ceil((offset - reach) / distance), (offset + reach) / distance)
    starts = middle + np.outer(numbers * distance - offset, across)
    lines = np.stack([starts - reach * along, starts + reach * along], axis=1)
    return shapely.multilinestrings(shapely.linestrings(lines)).intersection(area)


def _tufts(area: BaseGeometry, pixel: float) -> BaseGeometry:
    """Return tufts: a short base line with three blades."""
    base, middle = [(-2.6, 0.0), (2.6, 0.0)], [(0.0, 0.0), (0.0, 3.4)]
    left, right = [(-1.2, 0.0), (-2.2, 2.4)], [(1.2, 0.0), (2.2, 2.4)]
    return _repeat(area, _TUFT, [base, middle, left, right], pixel)


def _dashes(area: BaseGeometry, pixel: float) -> BaseGeometry:
    return _repeat(area, _DASH, [[(-3.5, 0.0), (3.5, 0.0)]], pixel)


def _repeat(
    area: BaseGeometry,
    cell: tuple[float, float],
    strokes: list[list[tuple[float, float]]],
    pixel: float,
) -> BaseGeometry:
    """Return the strokes of a mark once a cell, every other row shifted by half a cell."""
    wide, high = cell[0] * pixel, cell[1] * pixel
    x0, y0, x1, y1 = area.bounds
    rows, columns = np.meshgrid(
        np.arange(np.floor(y0 / high), np.ceil(y1 / high) + 1),
        np.arange(np.floor(x0 / wide) - 1, np.ceil(x1 / wide) + 1),
    )
    centres = np.column_stack([((columns + rows % 2 / 2) * wide).ravel(), (rows * high).ravel()])
    shapely.prepare(area)
    across = [x for stroke in strokes for x, _ in stroke]
    room = shapely.box(
        centres[:, 0] + min(across) * pixel,
        centres[:, 1] - pixel,
        centres[:, 0] + max(across) * pixel,
        centres[:, 1] + 4 * pixel,
    )
    inside = centres[shapely.contains_properly(area, room)]
    lines = [inside[:, None, :] + np.array(stroke)[None] * pixel for stroke in strokes]
    return shapely.multilinestrings(shapely.linestrings(np.concatenate(lines)))


_PATTERNS: dict[str, Callable[[BaseGeometry, float], BaseGeometry]] = {
    "mangrove": _tufts,
    "ponds": _dashes,
}
