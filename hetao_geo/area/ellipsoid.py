"""Areas of any rings on the WGS 84 ellipsoid: the fastest way that is exact enough for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area import columns, threads
from hetao_geo.area.polygons import ranges
from hetao_geo.area.reference import geodesic_ring_area
from hetao_geo.area.series import DEGREE, E2, POLAR, small_rings
from hetao_geo.crs import WGS84_A
from hetao_geo.errors import DataError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.area.polygons import Polygons

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

EDGES = ("geodesic", "straight")

# Rings of up to so many positions are computed together with others of their length.
SHORT = 64
# Longest edge in degrees, in longitude and in latitude, for the terms of a geodesic's second
# order: the relative error measured against 25 digits is below 1e-10 for compact rings.
EDGE = 0.1
# Rings among which equal lengths are looked for; more than that go to several threads.
GATHER = 65_536
# Nodes of Gauss-Legendre on an edge straight in degrees: exact to rounding for any length.
NODES = 16


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
    offsets = polygons.ring_offsets
    areas = np.full(len(offsets) - 1, np.nan)

    def work(first: int) -> None:
        last = min(first + GATHER, len(areas))
        _short_rings(polygons, first, areas[first:last], edges)

    threads.each(work, range(0, len(areas), GATHER))
    rest = np.flatnonzero(np.isnan(areas))
    if len(rest):
        polygons.check_closed()
        _refuse_latitudes(polygons, rest)
        areas[rest] = _any_rings(polygons, rest, edges)
    np.abs(areas, out=areas)
    return areas


def _short_rings(polygons: Polygons, first: int, areas: Floats, edges: str) -> None:
    """Fill in the areas of short rings, those of one length together."""
    offsets = polygons.ring_offsets[first : first + len(areas) + 1]
    areas[np.diff(offsets) < 4] = 0.0  # no room for an area
    both = (polygons.lon, polygons.lat)
    for rings, (lon, lat) in columns.of_equal_length(both, offsets, SHORT):
        # Infinite coordinates and rings that begin at a pole: NaN comes out.
        with np.errstate(invalid="ignore", divide="ignore"):
            areas[rings] = small_rings(lon, lat, edges)


def _any_rings(polygons: Polygons, rings: Indexes, edges: str) -> Floats:
    """Return areas of rings of any size, edge by edge."""
    offsets = polygons.ring_offsets
    lengths = offsets[rings + 1] - offsets[rings]
    starts = np.cumsum(lengths) - lengths
    index = ranges(offsets[rings], lengths)
    lon, lat = polygons.lon[index], polygons.lat[index]
    under = np.zeros(len(lon))
    kernel = straight_edges if edges == "straight" else geodesic_edges
    for at in range(0, len(lon) - 1, columns.BLOCK):
        block = slice(at, min(at + columns.BLOCK, len(lon) - 1) + 1)
        x, y = lon[block], lat[block]
        with np.errstate(invalid="ignore"):
            under[block][:-1] = kernel(x[:-1], y[:-1], x[1:], y[1:])
    # Between the last position of a ring and the first of the next there is no edge.
    under[starts + lengths - 1] = 0.0
    areas: Floats = -np.add.reduceat(under, starts)
    if edges == "geodesic":
        for i in np.flatnonzero(np.isnan(areas)):
            here = slice(starts[i], starts[i] + lengths[i])
            if np.isfinite(lon[here]).all() and np.isfinite(lat[here]).all():
                areas[i] = geodesic_ring_area(lon[here], lat[here])
    return areas


def geodesic_edges(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return square metres between geodesic edges and the equator; NaN beyond `EDGE`, `POLAR`.

    The formula stands in the head of `hetao_geo.area.series`.
    """
    w, d, m = (lon2 - lon1) * DEGREE, (lat2 - lat1) * DEGREE, (lat1 + lat2) / 2
    s = np.sin(m * DEGREE)
    c2 = 1 - s * s
    f = 1 / (1 - E2 * s * s)
    dd = (1 - E2) * f * f * f * s * (1 - E2 + 3 * E2 * c2) / 8
    ww = f * c2 * s / 12
    areas = w * (_to_equator(s) + WGS84_A**2 * (dd * d * d + ww * w * w))
    longest = np.maximum(np.abs(w), np.abs(d))
    return np.where((longest <= EDGE * DEGREE) & (np.abs(m) <= POLAR), areas, np.nan)


def straight_edges(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return square metres between edges straight in degrees, of any length, and the equator."""
    m, half = (lat1 + lat2) / 2, (lat2 - lat1) / 2
    mean = np.zeros(len(m))
    # Found here and not once: loading the polynomials takes 10 ms of every start.
    for node, weight in zip(*np.polynomial.legendre.leggauss(NODES), strict=True):
        mean += weight / 2 * _to_equator(np.sin((m + node * half) * DEGREE))
    return (lon2 - lon1) * DEGREE * mean


def _to_equator(s: Floats) -> Floats:
    """Return A: square metres in a radian of longitude from the equator to a sine of latitude."""
    e = np.sqrt(E2)
    result: Floats = WGS84_A**2 * (1 - E2) / 2 * (s / (1 - E2 * s * s) + np.arctanh(e * s) / e)
    return result


def _refuse_latitudes(polygons: Polygons, rings: Indexes) -> None:
    offsets = polygons.ring_offsets
    beyond = (np.abs(polygons.lat) > 90).nonzero()[0]
    if not len(beyond):
        return
    for ring in rings:
        inside = beyond[(beyond >= offsets[ring]) & (beyond < offsets[ring + 1])]
        if len(inside):
            at = inside[0]
            raise DataError(
                "latitude beyond 90 degrees",
                where=f"row {polygons.rows_of_rings[ring]}, position {at - offsets[ring]}",
                expected="longitude first, latitude from -90 to 90",
                found=f"({polygons.lon[at]:g}, {polygons.lat[at]:g})",
                hint="swap the axes if latitude came first, or reproject to EPSG:4326",
            )
