"""Areas of polygons: on the ellipsoid, in a projected plane, and how exact they can be.

Every area counts outer rings and subtracts holes, whichever way they wind, and is never below
zero. Rows without geometry have the area NaN, and so have rows with a coordinate that is not a
number; empty polygons, points and lines have 0. Validity is not tested: a ring that crosses
itself counts its loops with their signs, as the shoelace rule does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import columns, ellipsoid, plane, threads
from hetao_geo.area.polygons import Polygons
from hetao_geo.area.shapes import as_rows, flatten, to_shapely
from hetao_geo.area.sides import Side, side_shifts, standard_error_by_sides
from hetao_geo.crs import DEFAULT
from hetao_geo.errors import DataError, UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Rows of geometries that are turned into flat arrays at a time.
CHUNK = 32_768

__all__ = [
    "Polygons",
    "Side",
    "certainly_valid",
    "correlated_bound",
    "correlated_bounds",
    "flatten",
    "geodesic_area",
    "geodesic_areas",
    "planar_area",
    "planar_areas",
    "side_shifts",
    "standard_error",
    "standard_error_by_sides",
    "standard_errors",
    "to_shapely",
]


def geodesic_area(geometry: Any, *, edges: str = "geodesic") -> float:
    """Return the area of one geometry on the WGS 84 ellipsoid, in square metres.

    See `geodesic_areas`.

    Examples
    --------
    >>> from shapely import box
    >>> round(geodesic_area(box(114.05, 22.50, 114.06, 22.51)))
    1139403
    """
    return float(geodesic_areas(geometry, edges=edges)[0])


def geodesic_areas(polygons: Polygons | Any, *, edges: str = "geodesic") -> Floats:
    """Return areas on the WGS 84 ellipsoid.

    Parameters
    ----------
    polygons : Polygons, array_like of geometries, or GeoSeries
        WGS 84, degrees, longitude first.
    edges : {"geodesic", "straight"}
        What joins two positions: ``"geodesic"``, the shortest line on the ellipsoid, which also
        crosses the antimeridian and goes round a pole, of the two sides of a ring the smaller
        one; or ``"straight"``, the line straight in degrees that RFC 7946 means, which does
        neither: cut such polygons at the antimeridian, as the RFC asks.

    Returns
    -------
    ndarray of shape (rows,)
        Square metres.

    Raises
    ------
    UsageError
        Unknown `edges`, or coordinates that are not degrees.
    DataError
        A latitude beyond 90 degrees (swapped axes, say); the error names the row.

    Notes
    -----
    The relative error is at most 1e-9. Rings with edges up to 0.1 degrees (11 km) are computed by
    series, see `hetao_geo.area.series`; a ring with a longer geodesic edge, or polewards of 85
    degrees, by `pyproj.Geod`, ring by ring. That and GeographicLib are exact to 1e-5 square
    metres a ring in absolute terms, so for a parcel of 30 m the series is the more exact one.
    The result for a row does not depend on its neighbours, to the last bit.
    """
    if isinstance(polygons, Polygons):
        return polygons.row_sums(ellipsoid.ring_areas(polygons, edges))
    return _in_chunks(as_rows(polygons), edges)


def _in_chunks(rows: NDArray[Any], edges: str) -> Floats:
    """Flatten and measure some rows at a time: little memory, and all processors work."""
    areas = np.empty(len(rows))

    def work(first: int) -> None:
        flat = flatten(rows[first : first + CHUNK])
        areas[first : first + CHUNK] = flat.row_sums(ellipsoid.ring_areas(flat, edges))

    try:
        threads.each(work, range(0, len(rows), CHUNK))
    except DataError:
        if len(rows) <= CHUNK:
            raise
        # All at once, so that the error counts rows from the first.
        ellipsoid.ring_areas(flatten(rows), edges)
        raise
    return areas


def planar_area(geometry: Any, crs: Any = DEFAULT) -> float:
    """Return the area of one geometry in a projected system, in square metres.

    See `planar_areas`.

    Examples
    --------
    >>> from shapely import box
    >>> round(planar_area(box(114.05, 22.50, 114.06, 22.51), "EPSG:2326"))
    1139409
    """
    return float(planar_areas(geometry, crs)[0])


def planar_areas(polygons: Polygons | Any, crs: Any = DEFAULT) -> Floats:
    """Return areas in the plane of a projected system, vertices joined by straight lines there.

    Parameters
    ----------
    polygons : Polygons, array_like of geometries, or GeoSeries
        WGS 84, degrees, longitude first.
    crs : str, int, System or pyproj.CRS
        A projected system; see `hetao_geo.crs.get`.

    Returns
    -------
    ndarray of shape (rows,)
        Square metres; systems in feet are converted.

    Raises
    ------
    UsageError
        The system is unknown or geographic.
    DataError
        A position has no image in the system.
    """
    flat = flatten(polygons)
    x, y = _projected(flat, crs)
    return flat.row_sums(plane.ring_areas(x, y, flat.ring_offsets))


def standard_error(geometry: Any, accuracy_m: ArrayLike, crs: Any = DEFAULT) -> float:
    """Return the standard error of one area in square metres; see `standard_errors`.

    Examples
    --------
    >>> from shapely import box
    >>> round(standard_error(box(114.05, 22.50, 114.06, 22.51), 10))
    15116
    """
    return float(standard_errors(geometry, accuracy_m, crs)[0])


def standard_errors(polygons: Polygons | Any, accuracy_m: ArrayLike, crs: Any = DEFAULT) -> Floats:
    """Return the standard errors of areas whose vertices err independently.

    Parameters
    ----------
    polygons : Polygons, array_like of geometries, or GeoSeries
        WGS 84, degrees, longitude first.
    accuracy_m : float or array_like
        Standard error of a vertex along each axis, in metres: one for all, or one for each
        position in the order of `shapely.get_coordinates`.
    crs : str, int, System or pyproj.CRS
        A projected system to measure in; None: for each ring the plane of its own place.

    Returns
    -------
    ndarray of shape (rows,)
        Square metres.

    References
    ----------
    Chrisman and Yandell 1988, Effects of point error on area calculations, Surveying and
    Mapping 48, 241-246. Rings are taken as independent.
    """
    flat = flatten(polygons)
    x, y = _projected(flat, crs)
    sigma = _accuracy(accuracy_m, len(x))
    return np.sqrt(flat.row_totals(plane.ring_variances(x, y, flat.ring_offsets, sigma)))


def certainly_valid(polygons: Polygons) -> NDArray[np.bool_]:
    """Say which rows are certainly valid: one convex ring each, found without GEOS.

    Parameters
    ----------
    polygons : Polygons

    Returns
    -------
    ndarray of bool of shape (rows,)
        False says nothing: ask `shapely.is_valid`, which takes ten times as long.
    """
    offsets = polygons.ring_offsets
    sure = np.zeros(len(offsets) - 1, bool)
    with np.errstate(invalid="ignore", over="ignore"):
        both = (polygons.lon, polygons.lat)
        for rings, (x, y) in columns.of_equal_length(both, offsets, 16):
            sure[rings] = columns.convex(x, y)
    # One ring in a row, and that one sure: a hole makes two, an empty row none.
    result: NDArray[np.bool_] = polygons.row_totals(np.where(sure, 1.0, 9.0)) == 1
    return result


def correlated_bound(geometry: Any, accuracy_m: ArrayLike, crs: Any = DEFAULT) -> float:
    """Return by how much one area changes if every edge moves outward; see `correlated_bounds`."""
    return float(correlated_bounds(geometry, accuracy_m, crs)[0])


def correlated_bounds(
    polygons: Polygons | Any, accuracy_m: ArrayLike, crs: Any = DEFAULT
) -> Floats:
    """Return by how much areas change if every edge moves outward by the accuracy.

    Parameters
    ----------
    polygons : Polygons, array_like of geometries, or GeoSeries
        WGS 84, degrees, longitude first.
    accuracy_m : float or array_like
        How far, in metres; see `standard_errors`. An edge moves by the mean of its two ends.
    crs : str, int, System or pyproj.CRS
        A projected system to measure in; None: for each ring the plane of its own place.

    Returns
    -------
    ndarray of shape (rows,)
        Square metres: perimeter times accuracy.
    """
    flat = flatten(polygons)
    x, y = _projected(flat, crs)
    sigma = _accuracy(accuracy_m, len(x))
    return flat.row_totals(plane.ring_lengths(x, y, flat.ring_offsets, sigma))


def _projected(flat: Polygons, crs: Any) -> tuple[Floats, Floats]:
    flat.check_closed()
    return plane.project(flat.lon, flat.lat, flat.ring_offsets, crs)


def _accuracy(accuracy_m: ArrayLike, count: int) -> Floats:
    sigma = np.asarray(accuracy_m, dtype=float)
    fits = sigma.ndim == 0 or sigma.shape == (count,)
    if not (fits and (sigma >= 0).all() and np.isfinite(sigma).all()):
        raise UsageError(
            "an accuracy that does not fit",
            where="accuracy_m",
            expected=f"metres, not below zero: one number or {count}",
            found=f"{sigma.size} of {sigma.min()} to {sigma.max()}" if sigma.size else "none",
        )
    return np.broadcast_to(sigma, (count,))
