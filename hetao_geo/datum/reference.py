"""The published formulas of GCJ-02 and BD-09, term by term: what the fast kernel is tested against.

References
----------
GCJ-02: the offset of ``EvilTransform.cs`` (published 2013 on on4wp7.codeplex.com), on the
Krasovsky 1940 ellipsoid; https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China
gives the same terms. BD-09: the rotation and scale printed in the same places.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Points = tuple[Degrees, Degrees]

# Krasovsky 1940: semi-major axis in metres, flattening 1/298.3, squared eccentricity.
SEMI_MAJOR_AXIS = 6378245.0
FLATTENING = 1 / 298.3
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
# The offset field is written around this point, in degrees.
ORIGIN = (105.0, 35.0)
# BD-09: constant shift in degrees, and waves of 0.12 degrees (3000 to the half turn).
BD09_SHIFT = (0.0065, 0.006)
BD09_WAVE = np.pi * 3000.0 / 180.0
# An evaluation shrinks the error of an inverse to 1/80 or less between 0 and 60 degrees of
# latitude; it starts near 0.01 degrees, so four leave less than 1e-9.
EVALUATIONS = 4


def gcj02_metres(lon: Degrees, lat: Degrees) -> Points:
    """Return the offset of GCJ-02 from WGS 84, east and north, in metres."""
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    pi, sin = np.pi, np.sin
    root = np.sqrt(np.abs(x))
    both = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    east = both + 20 * sin(pi * x) + 40 * sin(pi * x / 3)
    east = east + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)
    north = both + 20 * sin(pi * y) + 40 * sin(pi * y / 3)
    north = north + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)
    east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    return east, north


def gcj02_offset(lon: Degrees, lat: Degrees) -> Points:
    """Return the offset of GCJ-02 from WGS 84 in degrees, at a place given in WGS 84."""
    east, north = gcj02_metres(lon, lat)
    phi = np.deg2rad(lat)
    w = np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2)
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / w**3
    parallel = SEMI_MAJOR_AXIS / w * np.cos(phi)
    return np.rad2deg(east / parallel), np.rad2deg(north / meridian)


def bd09_offset(lon: Degrees, lat: Degrees) -> Points:
    """Return the offset of BD-09 from GCJ-02 in degrees, at a place given in GCJ-02."""
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * BD09_WAVE)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * BD09_WAVE)
    east = radius * np.cos(angle) + BD09_SHIFT[0] - lon
    return east, radius * np.sin(angle) + BD09_SHIFT[1] - lat


def wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> Points:
    """Return GCJ-02 of WGS 84, in degrees."""
    return _add(gcj02_offset, lon, lat)


def gcj02_to_wgs84(lon: Degrees, lat: Degrees) -> Points:
    """Return WGS 84 of GCJ-02, in degrees."""
    return _remove(gcj02_offset, lon, lat)


def gcj02_to_bd09(lon: Degrees, lat: Degrees) -> Points:
    """Return BD-09 of GCJ-02, in degrees."""
    return _add(bd09_offset, lon, lat)


def bd09_to_gcj02(lon: Degrees, lat: Degrees) -> Points:
    """Return GCJ-02 of BD-09, in degrees."""
    return _remove(bd09_offset, lon, lat)


def _add(offset: Callable[[Degrees, Degrees], Points], lon: Degrees, lat: Degrees) -> Points:
    east, north = offset(lon, lat)
    return lon + east, lat + north


def _remove(offset: Callable[[Degrees, Degrees], Points], lon: Degrees, lat: Degrees) -> Points:
    x, y = lon, lat
    for _ in range(EVALUATIONS):
        east, north = offset(x, y)
        x, y = lon - east, lat - north
    return x, y
