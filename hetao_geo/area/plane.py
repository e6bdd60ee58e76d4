"""Areas in the plane of a projected system, and how far the vertices' errors carry into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area.polygons import segment_sums
from hetao_geo.crs import WGS84_A, WGS84_F

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]


def local(lon: Floats, lat: Floats, offsets: Indexes) -> tuple[Floats, Floats]:
    """Return metres east and north of the first vertex of each ring, as if it were flat there.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        Degrees.
    offsets : ndarray of int of shape (rings + 1,)

    Notes
    -----
    Lengths are wrong by as much as the cosine of latitude changes within the ring: 1e-4 in a
    parcel of a kilometre, which a standard error does not feel.
    """
    x, y = _from_start(lon, offsets), _from_start(lat, offsets)
    squared = WGS84_F * (2 - WGS84_F)
    phi = np.radians(lat - y)
    root = np.sqrt(1 - squared * np.sin(phi) ** 2)
    across = WGS84_A * np.cos(phi) / root
    along = WGS84_A * (1 - squared) / root**3
    return np.radians(x) * across, np.radians(y) * along


def ring_areas(x: Floats, y: Floats, offsets: Indexes) -> Floats:
    """Return the area of each ring by the shoelace rule, in square units, never below zero.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
    offsets : ndarray of int of shape (rings + 1,)
    """
    dx, my = _steps(x, offsets), _from_start(y, offsets)
    my[:-1] += my[1:]
    return np.abs(segment_sums(dx * my, offsets)) / 2


def ring_variances(x: Floats, y: Floats, offsets: Indexes, sigma: Floats) -> Floats:
    """Return the variance of each ring's area from independent errors of its vertices.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Closed rings.
    offsets : ndarray of int of shape (rings + 1,)
    sigma : ndarray of shape (n,)
        Standard error of each vertex along each axis, in the unit of x and y; that of the
        closing position does not count.

    References
    ----------
    Chrisman and Yandell 1988, Effects of point error on area calculations, Surveying and
    Mapping 48, 241-246: Var A = s^2 / 4 sum [(x_next - x_before)^2 + (y_next - y_before)^2].
    """
    before, after = np.arange(len(x)) - 1, np.arange(len(x)) + 1
    full = np.diff(offsets) > 0
    first, last = offsets[:-1][full], offsets[1:][full] - 1
    before[first] = np.maximum(last - 1, first)
    after[last] = before[last] = last
    terms = (x[after] - x[before]) ** 2 + (y[after] - y[before]) ** 2
    return segment_sums(sigma**2 * terms, offsets) / 4


def ring_lengths(x: Floats, y: Floats, offsets: Indexes, weight: Floats) -> Floats:
    """Return the length of each ring, each edge times the mean weight of its two ends."""
    edges = np.hypot(_steps(x, offsets), _steps(y, offsets))
    edges[:-1] *= (weight[:-1] + weight[1:]) / 2
    return segment_sums(edges, offsets)


def _steps(values: Floats, offsets: Indexes) -> Floats:
    """Return what is added from each position to the next of its ring; 0 at its end."""
    steps = np.zeros(len(values))
    np.subtract(values[1:], values[:-1], out=steps[:-1])
    steps[offsets[1:][np.diff(offsets) > 0] - 1] = 0.0
    return steps


def _from_start(values: Floats, offsets: Indexes) -> Floats:
    """Return values less that of the first position of their ring, against cancellation."""
    lengths = np.diff(offsets)
    starts = np.minimum(offsets[:-1], max(len(values) - 1, 0))
    result = values.copy()
    result[offsets[0] : offsets[-1]] -= np.repeat(values[starts], lengths) if len(values) else 0
    return result
