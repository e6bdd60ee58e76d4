"""How exact the area of a polygon is whose sides each rest on evidence of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import plane
from hetao_geo.crs import DEFAULT
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Polygon

Side = tuple[int, int, float]
"""First and last vertex of the exterior ring, counted from 0, and the accuracy in metres."""


def standard_error_by_sides(polygon: Polygon, sides: Sequence[Side], crs: Any = DEFAULT) -> float:
    """Return the standard error of an area whose sides are each off as a whole, independently.

    Parameters
    ----------
    polygon : Polygon
        WGS 84, degrees, longitude first.
    sides : sequence of (int, int, float)
        First and last vertex of the exterior ring, counted from 0, and the standard error of the
        side's distance from where it ought to be, in metres.
    crs : str, int, System or pyproj.CRS
        A projected system to measure in; None: the plane of the polygon's own place.

    Returns
    -------
    float
        Square metres.

    Raises
    ------
    UsageError
        A side names a vertex that the ring does not have, or an accuracy below zero.

    Notes
    -----
    A side of length L that lies d too far out adds L d, to first order; with independent d of
    variance s^2 the variance of the area is the sum of (s L)^2. Where all sides are off to one
    side together, the bound is the sum of `side_shifts`.

    Examples
    --------
    >>> from shapely import box
    >>> square = box(114.05, 22.50, 114.06, 22.51)
    >>> round(standard_error_by_sides(square, [(0, 2, 10), (2, 4, 10)]))
    30212
    """
    return float(np.hypot.reduce(side_shifts(polygon, sides, crs)))


def side_shifts(polygon: Polygon, sides: Sequence[Side], crs: Any = DEFAULT) -> NDArray[np.float64]:
    """Return by how much an area changes if each side alone moves outward by its accuracy.

    Parameters
    ----------
    polygon, sides, crs
        As in `standard_error_by_sides`.

    Returns
    -------
    ndarray of shape (sides,)
        Square metres: length times accuracy.
    """
    import shapely

    lon, lat = shapely.get_coordinates(polygon.exterior).T
    _check(sides, len(lon) - 1)
    x, y = plane.project(lon, lat, np.array([0, len(lon)]), crs)
    along = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    first, last, accuracy = np.array(sides, dtype=float).reshape(-1, 3).T
    shifts: NDArray[np.float64] = accuracy * (along[last.astype(int)] - along[first.astype(int)])
    return shifts


def _check(sides: Sequence[Side], count: int) -> None:
    wrong = [one for one in sides if not (0 <= one[0] < one[1] <= count and 0 <= one[2] < np.inf)]
    if wrong:
        raise UsageError(
            "sides that do not fit the ring",
            where="sides",
            expected=f"first and last vertex, 0 to {count}, and metres, not below zero",
            found=", ".join(map(repr, wrong)),
        )
