"""The plain way to the area of one ring: for edges of any length, and to test the fast way."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import Geod

    Floats = NDArray[np.float64]


def geodesic_ring_area(lon: Floats, lat: Floats) -> float:
    """Return the area of one ring with geodesic edges, in square metres on WGS 84.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        Degrees, longitude first. Crossing the antimeridian or going round a pole is allowed: of
        the two sides of the ring the smaller one counts.

    References
    ----------
    Karney 2013, Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
    """
    area, _ = _geod().polygon_area_perimeter(lon, lat)
    return abs(float(area))


@cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")
