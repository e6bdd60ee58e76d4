"""Areas in the plane of a projected system, and how far the vertices' errors carry into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import columns
from hetao_geo.area.polygons import from_counts, ranges, segment_sums
from hetao_geo.area.significance import OF_ACCURACY, OF_SIZE, neighbours, significant
from hetao_geo.crs import WGS84_A, WGS84_F, require_projected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

# Rings of up to so many positions are computed together with others of their length.
_SHORT = 64


def project(lon: Floats, lat: Floats, offsets: Indexes, crs: Any) -> tuple[Floats, Floats]:
    """Return metres east and north in a projected system; None: for each ring as in `local`.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        Degrees.
    offsets : ndarray of int of shape (rings + 1,)
    crs : str, int, System or pyproj.CRS, optional
    """
    if crs is None:
        return local(lon, lat, offsets)
    system = require_projected(crs)
    x, y = system.project(lon, lat)
    return x * system.metres, y * system.metres


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

    Notes
    -----
    Only significant vertices count (see `hetao_geo.area.significance`): the more vertices there
    are on an edge, the smaller the sum would come out, though nothing more is known of the edge.

    References
    ----------
    Chrisman and Yandell 1988, Effects of point error on area calculations, Surveying and
    Mapping 48, 241-246: Var A = s^2 / 4 sum [(x_next - x_before)^2 + (y_next - y_before)^2].
    """
    variances = np.full(len(offsets) - 1, np.nan)
    with np.errstate(invalid="ignore", over="ignore"):
        for rings, held in columns.of_equal_length((x, y, sigma), offsets, _SHORT):
            variances[rings] = _of_corners(*held)
    rest = np.flatnonzero(np.isnan(variances))
    if len(rest):
        lengths = np.diff(offsets)[rest]
        here = ranges(offsets[rest], lengths)
        variances[rest] = _of_any(x[here], y[here], from_counts(lengths), sigma[here])
    return variances


def _of_corners(x: Floats, y: Floats, sigma: Floats) -> Floats:
    """Return the variances of rings, one a column; NaN where a vertex may not be significant."""
    before_x, before_y = np.roll(x[:-1], 1, axis=0), np.roll(y[:-1], 1, axis=0)
    dx, dy = np.roll(x[:-1], -1, axis=0) - before_x, np.roll(y[:-1], -1, axis=0) - before_y
    squared = dx * dx + dy * dy
    # Twice the area of the triangle with both neighbours: nearer to their line than allowed?
    twice = np.abs((x[:-1] - before_x) * dy - (y[:-1] - before_y) * dx)
    area = np.abs(columns.added((x[:-1] - x[0]) * dy)) / 2
    tolerance = np.minimum(OF_ACCURACY * sigma[:-1].min(axis=0), OF_SIZE * np.sqrt(area))
    variances = columns.added(sigma[:-1] ** 2 * squared) / 4
    variances[~(twice > tolerance * np.sqrt(squared)).all(axis=0)] = np.nan
    return variances


def _of_any(x: Floats, y: Floats, offsets: Indexes, sigma: Floats) -> Floats:
    """Return the variances of rings of any length, from their significant vertices."""
    tolerance = OF_SIZE * np.sqrt(ring_areas(x, y, offsets))
    full = np.diff(offsets) > 0
    least = np.minimum.reduceat(sigma, offsets[:-1][full])
    tolerance[full] = np.minimum(tolerance[full], OF_ACCURACY * least)
    kept, starts = significant(x, y, offsets, tolerance)
    before, after = neighbours(starts)
    x, y, sigma = x[kept], y[kept], sigma[kept]
    terms = (x[after] - x[before]) ** 2 + (y[after] - y[before]) ** 2
    return segment_sums(sigma**2 * terms, starts) / 4


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
