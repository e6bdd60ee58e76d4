"""Areas of rings on the WGS 84 ellipsoid, fast: three ways, each within its stated limit.

The area between an edge and the equator is ``integral of A(lat) d(lon)`` with ``A`` the area per
radian of longitude. Along an edge from ``(lon1, lat1)`` to ``(lon2, lat2)``, with mean latitude
``m``, ``w = lon2 - lon1``, ``d = lat2 - lat1``, radii ``M`` and ``N``, and ``s, c`` the sine and
cosine of ``m``::

    straight in degrees   w [A(m) + A''(m) d^2 / 24 + ...]
    geodesic              w [A(m) + M N s (1 - e^2 + 3 e^2 c^2) / (8 W^2) d^2
                                  + N^2 c^2 s / 12 w^2 + ...]

where ``W^2 = 1 - e^2 s^2``: the second line follows from the differential equation of the
geodesic, put into the integral. Only even powers of ``d`` and ``w`` occur, by symmetry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area.reference import geodesic_ring_area
from hetao_geo.crs import WGS84_A, WGS84_F
from hetao_geo.errors import DataError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.area.polygons import Polygons

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

EDGES = ("geodesic", "straight")
E2 = WGS84_F * (2 - WGS84_F)
DEGREE = np.pi / 180

# Limits, in degrees, within which the relative error measured against 40 digits stays below
# 1e-9. SMALL: latitude from the first vertex of the ring, and longitude along an edge.
SMALL = 0.05
# TINY: the same, where the terms of third order do not matter either.
TINY = 0.0005
# EDGE: along an edge, in latitude and in longitude; ring of any extent.
EDGE = 0.1
# Polewards of this latitude the terms left out grow with the tangent.
POLAR = 85.0

# Positions in a block: about ten arrays of that length stay in the second cache (1 MB).
BLOCK = 8192
# Nodes of Gauss-Legendre on an edge straight in degrees: exact to rounding for any length.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def ring_areas(polygons: Polygons, edges: str = "geodesic") -> Floats:
    """Return the area of each ring in square metres, never below zero.

    Parameters
    ----------
    polygons : Polygons
        See there.
    edges : {"geodesic", "straight"}
        What joins two positions: the shortest line, or the straight line in degrees of RFC 7946.
    """
    if edges not in EDGES:
        raise UsageError("unknown edges", expected=" or ".join(EDGES), found=repr(edges))
    lon, lat, offsets = polygons.lon, polygons.lat, polygons.ring_offsets
    areas = np.zeros(len(offsets) - 1)
    full = np.flatnonzero(np.diff(offsets) > 0)
    for first, last in _blocks(offsets, full):
        rings = full[first:last]
        begin, end = offsets[rings[0]], offsets[rings[-1] + 1]
        areas[rings] = _small(lon[begin:end], lat[begin:end], offsets[rings] - begin, edges)
    large = full[np.isnan(areas[full])]
    if len(large):
        _refuse_latitudes(polygons, large)
        areas[large] = _large(polygons, large, edges)
    return np.abs(areas)


def _blocks(offsets: Indexes, full: Indexes) -> Iterator[tuple[int, int]]:
    """Give intervals of the full rings of about `BLOCK` positions each."""
    ends = offsets[full + 1]
    first = 0
    while first < len(full):
        target = offsets[full[first]] + BLOCK
        last = max(first + 1, int(np.searchsorted(ends, target, side="right")))
        yield first, last
        first = last


def _small(lon: Floats, lat: Floats, starts: Indexes, edges: str) -> Floats:
    """Return areas of rings up to `SMALL`, from moments about each first vertex; others NaN."""
    lengths = np.diff(starts, append=len(lat))
    lat0 = lat[starts]
    v = lat - np.repeat(lat0, lengths)
    w, d, m = (np.zeros(len(v)) for _ in range(3))
    np.subtract(lon[1:], lon[:-1], out=w[:-1])
    np.subtract(v[1:], v[:-1], out=d[:-1])
    np.add(v[1:], v[:-1], out=m[:-1])
    # Between the last vertex of a ring and the first of the next there is no edge.
    ends = starts + lengths - 1
    w[ends] = d[ends] = m[ends] = 0.0

    reach = max(_reach(v), _reach(w))
    sums = [np.add.reduceat(term, starts) for term in _moments(w, d, m, reach > TINY)]
    slope, factors = derivatives(lat0, edges, len(sums))
    areas = -slope * sum(factor * term for factor, term in zip(factors, sums, strict=True))
    outside = np.abs(lat0) > POLAR
    if not reach <= SMALL:  # not a number counts as too far
        for values in (v, w):
            outside |= ~(np.maximum.reduceat(np.abs(values), starts) <= SMALL)
    areas[outside] = np.nan
    return areas


def _reach(values: Floats) -> float:
    return float(max(values.max(), -values.min()))


def _moments(w: Floats, d: Floats, m: Floats, third: bool) -> Iterator[Floats]:
    """Give w m, w m^2, w d^2, w^3, then the last three times m; here m is twice the mean."""
    wm = w * m
    wmm, wdd, www = wm * m, w * d * d, w * w * w
    yield from (wm, wmm, wdd, www)
    if third:
        yield from (wmm * m, wdd * m, www * m)


def derivatives(lat0: Floats, edges: str, count: int) -> tuple[Floats, list[Floats]]:
    """Return A' and what it multiplies the moments by, for moments in degrees.

    Parameters
    ----------
    lat0 : ndarray
        Origins, degrees.
    edges : {"geodesic", "straight"}
    count : {4, 7}
        Number of moments; see `_moments`.

    Returns
    -------
    slope : ndarray
        Square metres in a square degree.
    factors : list of ndarray
        By moment.

    Notes
    -----
    With ``f = 1 / W^2``: ``A''/A' = -(s/c) (1 - 4 e^2 c^2 f)`` and
    ``A'''/A' = -1 + 4 e^2 (c^2 - 3 s^2) f + 24 e^4 s^2 c^2 f^2``; the others are the terms of the
    module's head over ``A' = a^2 (1 - e^2) c f^2``, and their derivatives.
    """
    s = np.sin(lat0 * DEGREE)
    s2 = s * s
    c2 = 1 - s2
    c = np.sqrt(c2)
    f = 1 / (1 - E2 * s2)
    bend = -s / c * (1 - 4 * E2 * c2 * f)
    k = 1 - E2 + 3 * E2 * c2
    turn = 1 / (12 * (1 - E2) * f)
    straight = edges == "straight"
    factors = [0.5 + 0 * s, bend / 8]
    factors += [bend / 24, 0 * s] if straight else [s / c * k * f / 8, s * c * turn]
    if count == 7:
        third = -1 + 4 * E2 * f * (c2 - 3 * s2 + 6 * E2 * s2 * c2 * f)
        wdd = third / 48 if straight else f / 16 * (k * (1 + 6 * E2 * s2 * f) - 6 * E2 * s2)
        www = 0 * s if straight else turn / 2 * (c2 - 2 * s2 + 2 * E2 * s2 * c2 * f)
        factors += [third / 48, wdd, www]
    slope = WGS84_A**2 * (1 - E2) * c * (f * DEGREE) ** 2
    powers = (1, *[DEGREE] * 3, *[DEGREE**2] * 3)
    return slope, [factor * power for factor, power in zip(factors, powers[:count], strict=True)]


def _large(polygons: Polygons, rings: Indexes, edges: str) -> Floats:
    """Return areas of rings of any size, edge by edge."""
    offsets = polygons.ring_offsets
    lengths = offsets[rings + 1] - offsets[rings]
    starts = np.concatenate(([0], np.cumsum(lengths[:-1])))
    index = np.arange(lengths.sum()) + np.repeat(offsets[rings] - starts, lengths)
    lon, lat = polygons.lon[index], polygons.lat[index]
    if edges == "straight":
        return _edge_sums(lon, lat, starts, straight_edges)
    areas = _edge_sums(lon, lat, starts, geodesic_edges)
    for i in np.flatnonzero(np.isnan(areas)):
        here = slice(starts[i], starts[i] + lengths[i])
        if np.isfinite(lon[here]).all() and np.isfinite(lat[here]).all():
            areas[i] = geodesic_ring_area(lon[here], lat[here])
    return areas


def _edge_sums(lon: Floats, lat: Floats, starts: Indexes, kernel: Callable[..., Floats]) -> Floats:
    edges = np.zeros(len(lon))
    edges[:-1] = kernel(lon[:-1], lat[:-1], lon[1:], lat[1:])
    edges[starts[1:] - 1] = 0.0
    result: Floats = -np.add.reduceat(edges, starts)
    return result


def geodesic_edges(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return the area between each geodesic edge and the equator; NaN beyond `EDGE`."""
    w, d, m = (lon2 - lon1) * DEGREE, (lat2 - lat1) * DEGREE, (lat1 + lat2) / 2
    s = np.sin(m * DEGREE)
    c2 = 1 - s * s
    f = 1 / (1 - E2 * s * s)
    dd = (1 - E2) * f * f * s * (1 - E2 + 3 * E2 * c2) / 8 * f
    ww = f * c2 * s / 12
    areas = w * (_to_equator(s) + WGS84_A**2 * (dd * d * d + ww * w * w))
    within = (np.abs(w) <= EDGE * DEGREE) & (np.abs(d) <= EDGE * DEGREE) & (np.abs(m) <= POLAR)
    return np.where(within, areas, np.nan)


def straight_edges(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return the area between each edge straight in degrees and the equator, of any length."""
    m, half = (lat1 + lat2) / 2, (lat2 - lat1) / 2
    mean = sum(
        weight / 2 * _to_equator(np.sin((m + node * half) * DEGREE))
        for node, weight in zip(_NODES, _WEIGHTS, strict=True)
    )
    result: Floats = (lon2 - lon1) * DEGREE * mean
    return result


def _to_equator(s: Floats) -> Floats:
    """Return A: square metres in a radian of longitude from the equator to a sine of latitude."""
    e = np.sqrt(E2)
    result: Floats = WGS84_A**2 * (1 - E2) / 2 * (s / (1 - E2 * s * s) + np.arctanh(e * s) / e)
    return result


def _refuse_latitudes(polygons: Polygons, rings: Indexes) -> None:
    offsets = polygons.ring_offsets
    highest = np.array([np.abs(polygons.lat[offsets[r] : offsets[r + 1]]).max() for r in rings])
    if (beyond := highest > 90).any():
        ring = int(rings[np.flatnonzero(beyond)[0]])
        part = slice(offsets[ring], offsets[ring + 1])
        at = int(np.flatnonzero(np.abs(polygons.lat[part]) > 90)[0])
        raise DataError(
            "latitude beyond 90 degrees",
            where=f"row {polygons.rows_of_rings[ring]}, position {at} of its ring",
            expected="longitude first, latitude from -90 to 90",
            found=f"({polygons.lon[part][at]:g}, {polygons.lat[part][at]:g})",
            mend="swap the axes if latitude came first, or reproject to EPSG:4326",
        )
