"""The offset of GCJ-02 without a sine call: the fast twin of `reference.gcj02_offset`.

Every angle of the formula is a multiple of one base angle, a degree of arc for a degree from the
origin of the field. A short polynomial gives its sine, and the identities for the double, triple
and quintuple angle give all others; twice the sine and twice the cosine are carried, because
their identities need no factors. Where a sine has one form in sines and one in cosines, the one
is taken that damps rounding errors. All work is in place, on arrays of shape (2, n): row 0
belongs to longitudes, row 1 to latitudes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetao_geo.datum.reference import ECCENTRICITY_SQUARED, ORIGIN, SEMI_MAJOR_AXIS

Block = NDArray[Any]

# The box that the polynomials are made for, in degrees: the region and a margin around it.
WEST, EAST, SOUTH, NORTH = 70.0, 140.0, 0.0, 60.0
# Scratch blocks that `offset` needs.
SCRATCH = 6

# 2 sin(u degrees) / u as a polynomial in u squared, for |u| <= 36: interpolation at Chebyshev
# nodes. Relative error 3.2e-16 (double) and 5.6e-10 (single precision).
_SERIES = {
    np.dtype(np.float64): (
        0.034906585039886584,
        -1.7721923114020235e-06,
        2.6992032458111088e-11,
        -1.9576768025967043e-16,
        8.282282129711715e-22,
        -2.276288274833662e-27,
    ),
    np.dtype(np.float32): (
        0.034906585021762526,
        -1.7721918638444844e-06,
        2.6990304725078465e-11,
        -1.936314267796473e-16,
    ),
}
# Lengths are counted in 20/3 metres, the amplitude of the short waves over 2.
_UNIT = 20.0 / 3.0
_WEIGHT_30 = np.array([[15.0], [16.0]])
_WEIGHT_12 = np.array([[7.5], [8.0]])
# Degrees for one unit along the equator and along the meridian at the equator, and the factors
# that let one square root serve both: (m s)^(3/2) along the meridian, sqrt(m s) / (k cos lat)
# along the parallel, where m = 1 - e^2 sin^2(lat).
_ALONG = np.rad2deg(_UNIT / SEMI_MAJOR_AXIS)
_S = (_ALONG / (1 - ECCENTRICITY_SQUARED)) ** (2 / 3)
_K = _S**0.5 / _ALONG
_COSINE = float(_K * np.cos(np.deg2rad(ORIGIN[1])) / 2)
_SINE = float(_K * np.sin(np.deg2rad(ORIGIN[1])) / 2)
_M0, _M1 = float(_S * (1 - ECCENTRICITY_SQUARED)), float(_S * ECCENTRICITY_SQUARED / _K**2)


def offset(place: Block, result: Block, scratch: Block) -> None:
    """Write the offset in degrees at places given in degrees from the origin.

    Parameters
    ----------
    place, result : ndarray of shape (2, n), float64 or float32
        East and north; different arrays.
    scratch : ndarray of shape (SCRATCH, 2, n)
        Overwritten.
    """
    sine, cosine, first, second, third, scales = scratch
    _base(place, sine, cosine, first)
    _scales(sine[1], cosine[1], scales, first[0])
    _waves(result, sine, cosine, first, second, third)
    _smooth(place, result, first)
    result[0] *= scales[0]
    result[1] *= scales[1]


def holds(lon: float, lat: float) -> bool:
    """Return whether a place lies in the box that the polynomials are made for."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _base(place: Block, sine: Block, cosine: Block, work: Block) -> None:
    """Write twice sine and cosine of the base angle."""
    series = _SERIES[place.dtype]
    np.multiply(place, place, work)
    np.multiply(work, series[-1], sine)
    for coefficient in series[-2:0:-1]:
        sine += coefficient
        sine *= work
    sine += series[0]
    sine *= place
    np.multiply(sine, sine, work)
    np.subtract(4.0, work, cosine)
    np.sqrt(cosine, cosine)


def _scales(sine: Block, cosine: Block, scales: Block, work: Block) -> None:
    """Write degrees per unit, east and north, from the base angle of the latitudes."""
    east, north = scales
    np.multiply(cosine, _COSINE, east)
    np.multiply(sine, _SINE, work)
    east -= work
    np.multiply(east, east, north)
    north *= _M1
    north += _M0
    np.sqrt(north, work)
    north *= work
    np.divide(work, east, east)


def _waves(result: Block, s: Block, c: Block, *works: Block) -> None:
    """Write the sum of all waves, taking the base angle up to its multiples."""
    first, second, third = works
    _triple(s, c, first, second)  # pi x / 60
    np.multiply(s, c, result)  # sine of pi x / 30
    result *= _WEIGHT_30.astype(result.dtype, copy=False)
    _quintuple(s, c, first, second, third)  # pi x / 12
    np.multiply(s, _WEIGHT_12.astype(result.dtype, copy=False), first)
    result += first
    _double(s, c, first)  # pi x / 6
    _double(s, c, first)  # pi x / 3
    np.multiply(s, s, first)  # twice its sine and that of pi x: s (5 - s^2)
    np.subtract(5.0, first, first)
    first *= s
    result += first
    _shortest(result, s[0], c[0], first[0], second[0])


def _shortest(result: Block, s: Block, c: Block, first: Block, second: Block) -> None:
    """Add the waves of 1 and 1/3 degree of longitude, which move both coordinates."""
    _triple(s, c, first, second)  # pi x
    s *= c  # sine of 2 pi x; with that of 6 pi x: s (4 - s^2)
    np.multiply(s, s, first)
    np.subtract(4.0, first, first)
    s *= first
    result += s


def _double(s: Block, c: Block, work: Block) -> None:
    np.multiply(s, s, work)
    s *= c
    np.subtract(2.0, work, c)


def _triple(s: Block, c: Block, first: Block, second: Block) -> None:
    np.multiply(c, c, first)
    np.multiply(s, s, second)
    first -= 1.0
    np.subtract(1.0, second, second)
    s *= first
    c *= second


def _quintuple(s: Block, c: Block, *works: Block) -> None:
    first, second, third = works
    np.multiply(c, c, first)
    np.multiply(s, s, second)
    for angle, square in ((s, first), (c, second)):
        np.subtract(square, 3.0, third)
        third *= square
        third += 1.0
        angle *= third


def _smooth(place: Block, result: Block, work: Block) -> None:
    """Add the terms that are no waves."""
    (x, y), (slope, term) = place, work
    np.absolute(x, term)
    np.sqrt(term, term)
    term *= 0.015
    result += term
    result[1] += term
    np.multiply(x, 0.015, slope)
    np.add(x, y, term)
    term += 10.0
    term *= slope
    result[0] += term
    np.add(y, 150.0, term)
    term *= 0.3
    result[0] += term
    np.add(y, 20.0, term)
    term *= slope
    result[1] += term
    np.add(y, 15.0, term)
    term *= y
    term *= 0.03
    term -= 15.0
    result[1] += term
