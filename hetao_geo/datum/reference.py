"""The published formulas of GCJ-02 and BD-09, term by term: what the kernels are tested against.

Each function takes numbers or arrays; `m` is the module that calculates, `numpy` or, for plain
numbers, `math`.

References
----------
GCJ-02: ``EvilTransform.cs``, published on on4wp7.codeplex.com in 2013; the same terms stand in
https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China. BD-09: the polar formula
that spread with it, here as the rotation and stretch that it is, which saves its rounding errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Points = tuple[Any, Any]

# Krasovsky 1940: semi-major axis in metres, flattening 1/298.3, squared eccentricity.
SEMI_MAJOR_AXIS = 6378245.0
FLATTENING = 1 / 298.3
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
# The offset field is written around this point, in degrees.
ORIGIN = (105.0, 35.0)
# BD-09: constant shift in degrees, and waves of 0.12 degrees (3000 to the half turn).
BD09_SHIFT = (0.0065, 0.006)
BD09_WAVE = np.pi * 3000.0 / 180.0
# An evaluation shrinks the error of an inverse to a hundredth or less; it starts near 0.01
# degrees, so four leave less than 1e-9.
EVALUATIONS = 4


def gcj02_metres(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return the offset of GCJ-02 from WGS 84, east and north, in metres."""
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    pi, sin, root = m.pi, m.sin, m.sqrt(m.fabs(x))
    both = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    east = both + 20 * sin(pi * x) + 40 * sin(pi * x / 3)
    east = east + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)
    north = both + 20 * sin(pi * y) + 40 * sin(pi * y / 3)
    north = north + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)
    east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    return east, north


def gcj02_offset(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return the offset of GCJ-02 from WGS 84 in degrees, at a place given in WGS 84."""
    east, north = gcj02_metres(lon, lat, m)
    phi = m.radians(lat)
    w = m.sqrt(1 - ECCENTRICITY_SQUARED * m.sin(phi) ** 2)
    parallel = SEMI_MAJOR_AXIS / w * m.cos(phi)
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / w**3
    return m.degrees(east / parallel), m.degrees(north / meridian)


def bd09_offset(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return the offset of BD-09 from GCJ-02 in degrees, at a place given in GCJ-02."""
    turn = 3e-6 * m.cos(lon * BD09_WAVE)
    # The radius at the origin is nothing, and so is the wave that it divides.
    stretch = 2e-5 * m.sin(lat * BD09_WAVE) / (m.hypot(lon, lat) + 1e-300)
    along = stretch - (1 + stretch) * 2 * m.sin(turn / 2) ** 2
    across = (1 + stretch) * m.sin(turn)
    east = lon * along - lat * across + BD09_SHIFT[0]
    return east, lat * along + lon * across + BD09_SHIFT[1]


def wgs84_to_gcj02(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return GCJ-02 of WGS 84, in degrees."""
    return _add(gcj02_offset, lon, lat, m)


def gcj02_to_wgs84(lon: Any, lat: Any, m: Any = np, *, evaluations: int = EVALUATIONS) -> Points:
    """Return WGS 84 of GCJ-02, in degrees."""
    return _remove(gcj02_offset, lon, lat, m, evaluations)


def gcj02_to_bd09(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return BD-09 of GCJ-02, in degrees."""
    return _add(bd09_offset, lon, lat, m)


def bd09_to_gcj02(lon: Any, lat: Any, m: Any = np) -> Points:
    """Return GCJ-02 of BD-09, in degrees."""
    return _remove(bd09_offset, lon, lat, m, EVALUATIONS)


def _add(offset: Callable[..., Points], lon: Any, lat: Any, m: Any) -> Points:
    east, north = offset(lon, lat, m)
    return lon + east, lat + north


def _remove(offset: Callable[..., Points], lon: Any, lat: Any, m: Any, evaluations: int) -> Points:
    x, y = lon, lat
    for _ in range(evaluations):
        east, north = offset(x, y, m)
        x, y = lon - east, lat - north
    return x, y
