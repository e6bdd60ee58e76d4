"""Lines as a map draws them: smooth roads, shores without the sides where the data end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

TENSION = 0.3
"""How far a Catmull-Rom curve leans on its neighbours; 0 keeps the line straight."""
_STEPS = 6


def smooth(line: LineString, tension: float = TENSION) -> LineString:
    """Return a curve through all vertices of a line.

    Catmull and Rom, "A class of local interpolating splines", Computer Aided Geometric Design
    (1974) 317-326, as cubic Hermite pieces whose tangents are `tension` times the chord of the
    neighbours.
    """
    points = shapely.get_coordinates(line)
    if len(points) < 3:
        return line
    padded = np.vstack([points[:1], points, points[-1:]])
    tangent = tension * (padded[2:] - padded[:-2])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    weights = (2 * t**3 - 3 * t**2 + 1, -2 * t**3 + 3 * t**2, t**3 - 2 * t**2 + t, t**3 - t**2)
    ends = zip(points, points[1:], tangent, tangent[1:], strict=False)
    pieces = [sum(w * v for w, v in zip(weights, four, strict=True)) for four in ends]
    return LineString(np.vstack([*pieces, points[-1:]]))


def shores(polygon: BaseGeometry, ends: Sequence[Sequence[int]]) -> list[LineString]:
    """Return the outline of water without the sides where the data, not the water, end.

    Parameters
    ----------
    polygon : Polygon
        In any coordinates.
    ends : sequence of pairs of int
        First and last vertex of each side of the outline to leave out.
    """
    ring = list(polygon.exterior.coords)
    gone = {n for first, last in ends for n in range(first, last)}
    pieces = [LineString(ring[n : n + 2]) for n in range(len(ring) - 1) if n not in gone]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(pieces)))
    return [*lines, *(LineString(hole.coords) for hole in polygon.interiors)]


def side(polygon: BaseGeometry, line: Sequence[int]) -> LineString:
    """Return one side of a polygon; `line` names its first and last vertex of the outline."""
    ring = list(polygon.exterior.coords)[:-1]
    first, last = line
    count = (last - first) % len(ring) or len(ring)
    return LineString([ring[(first + step) % len(ring)] for step in range(count + 1)])


def faded(
    line: LineString, open_ends: Sequence[str], length: float, steps: int = 8
) -> list[tuple[LineString, float]]:
    """Cut a line so that it fades towards ends where it goes on but the data do not.

    Returns
    -------
    list of tuple
        Pieces with their opacity: 1 in the middle, less and less over `length` at an open end.
    """
    reach = min(length, line.length / 2)
    low = reach if "start" in open_ends else 0.0
    high = line.length - (reach if "end" in open_ends else 0.0)
    pieces = [(substring(line, low, high), 1.0)]
    for n in range(steps):
        a, b, opacity = n * reach / steps, (n + 1) * reach / steps, (n + 0.5) / steps
        if low:
            pieces.append((substring(line, a, b), opacity))
        if high < line.length:
            pieces.append((substring(line, line.length - b, line.length - a), opacity))
    return pieces
