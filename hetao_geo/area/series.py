"""Areas of small rings on the WGS 84 ellipsoid, by series about the first vertex of each.

The area between an edge and the equator is ``integral of A(lat) d(lon)``, with ``A`` the area per
radian of longitude. For an edge of width ``w`` in longitude and height ``d`` in latitude, with
mean latitude ``m``, radii of curvature ``M`` and ``N``, sine and cosine ``s, c`` of ``m``, and
``W^2 = 1 - e^2 s^2``, it is::

    straight in degrees   w [A(m) + A''(m) d^2 / 24 + ...]
    geodesic              w [A(m) + M N s (1 - e^2 + 3 e^2 c^2) / (8 W^2) d^2
                                  + N^2 c^2 s / 12 w^2 + ...]

The second line is the differential equation of the geodesic put into the integral. By symmetry
only even powers of ``d`` and ``w`` occur. All terms are then developed about the first vertex,
so that a parcel of a few metres loses no digits, to the third order in its size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area import columns
from hetao_geo.crs import WGS84_A, WGS84_F

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

E2 = WGS84_F * (2 - WGS84_F)
DEGREE = np.pi / 180

# Up to here, in degrees, the relative error measured against 25 digits stays below 1e-10 for
# compact rings: latitude from the first vertex, and longitude along an edge.
REACH = 0.05
# Polewards of this latitude the terms left out grow with the tangent.
POLAR = 85.0


def small_rings(lon: Floats, lat: Floats, edges: str) -> Floats:
    """Return signed areas of rings that have equally many positions, in square metres.

    Parameters
    ----------
    lon, lat : ndarray of shape (positions, rings)
        Degrees, longitude first; closed. One column a ring: sums run along whole rows.
    edges : {"geodesic", "straight"}

    Returns
    -------
    ndarray of shape (rings,)
        NaN for a ring that is open, beyond `REACH` or `POLAR`, or not numbers.
    """
    lat0 = lat[0]
    v = lat - lat0
    w, d, m = lon[1:] - lon[:-1], v[1:] - v[:-1], v[1:] + v[:-1]
    slope, (of_mm, of_dd, of_ww, of_mmm, of_mdd, of_mww) = derivatives(lat0, edges)
    # In place: each array more costs as much as the arithmetic.
    total = of_mmm * m
    total += of_mm
    total *= m
    total += 0.5
    total *= m
    d *= d
    d *= of_mdd * m + of_dd
    total += d
    if edges == "geodesic":
        total += (of_mww * m + of_ww) * (w * w)
    total *= w
    areas = -slope * columns.added(total)
    areas[(lon[0] != lon[-1]) | (lat0 != lat[-1]) | (np.abs(lat0) > POLAR)] = np.nan
    for values in (v, w):
        if not (values.max() <= REACH and values.min() >= -REACH):
            areas[~(np.abs(values).max(axis=0) <= REACH)] = np.nan
    return areas


def derivatives(lat0: Floats, edges: str) -> tuple[Floats, tuple[Floats, ...]]:
    """Return A' at latitudes and the factors of the terms, over A', for arguments in degrees.

    Parameters
    ----------
    lat0 : ndarray
        Degrees.
    edges : {"geodesic", "straight"}

    Returns
    -------
    slope : ndarray
        Square metres in a square degree.
    factors : tuple of ndarray
        Of m^2, d^2, w^2, m^3, m d^2, m w^2, where m is twice the mean latitude from `lat0`.

    Notes
    -----
    With ``f = 1 / W^2`` and ``x = e^2 c^2 f``: ``A' = a^2 (1 - e^2) c f^2``, the second derivative
    over it ``-(s/c) (1 - 4 x)``, the third ``-1 + 4 e^2 f (1 - 4 s^2 + 6 x s^2)``. The factors of
    m d^2 and m w^2 are derivatives of those of d^2 and w^2 in the head of the module.
    """
    s = np.sin(lat0 * DEGREE)
    s2 = s * s
    c2 = 1 - s2
    c = np.sqrt(c2)
    f = 1 / (1 - E2 * s2)
    t = s / c
    x = E2 * c2 * f
    xs = x * s2
    slope = WGS84_A**2 * (1 - E2) * DEGREE**2 * (c * f * f)
    mm = t * (DEGREE / 2 * x - DEGREE / 8)
    mmm = DEGREE**2 / 48 * (4 * E2 * f * (1 - 4 * s2 + 6 * xs) - 1)
    if edges == "straight":
        return slope, (mm, mm / 3, 0 * s, mmm, mmm, 0 * s)
    k = (1 - E2 + 3 * E2 * c2) * f
    across = DEGREE / (12 * (1 - E2)) / f
    mdd = DEGREE**2 / 16 * (k * (1 + 6 * E2 * s2 * f) - 6 * E2 * s2 * f)
    mww = DEGREE / 2 * across * (1 - 3 * s2 + 2 * xs)
    return slope, (mm, DEGREE / 8 * t * k, s * c * across, mmm, mdd, mww)
