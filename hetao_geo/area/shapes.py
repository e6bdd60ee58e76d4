"""Shapely geometries to flat arrays and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area.polygons import Polygons, from_counts
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indexes = NDArray[np.int64]


def flatten(geometries: Polygons | Any) -> Polygons:
    """Return the polygons of shapely geometries as flat arrays.

    Parameters
    ----------
    geometries : Polygons, geometry, array_like of geometries, or GeoSeries
        WGS 84, degrees, longitude first; heights are left out. Points and lines have no rings.

    Raises
    ------
    UsageError
        A GeoSeries says that its coordinates are not degrees, or the input holds no geometries.
    """
    return geometries if isinstance(geometries, Polygons) else _from_shapely(as_rows(geometries))


def as_rows(geometries: Any) -> NDArray[Any]:
    """Return one geometry, or many in any container, as an array of objects."""
    _refuse_projected(geometries)
    return np.atleast_1d(np.asarray(geometries, dtype=object)).ravel()


def long_steps(xy: NDArray[np.float64], ring: Indexes) -> NDArray[np.bool_]:
    """Return which positions follow one that is more than half the globe of longitude away.

    Such an edge is mostly meant to cross the antimeridian, where the plane of longitude and
    latitude has it run the other way round; RFC 7946, section 3.1.9, wants the polygon cut.

    Parameters
    ----------
    xy : ndarray of shape (n, 2)
        Longitude and latitude in degrees; an edge from -180 to 180, as of a map of the whole
        globe, is no such edge.
    ring : ndarray of int of shape (n,)
        The ring of each position.
    """
    far = np.zeros(len(xy), dtype=bool)
    step = np.abs(np.diff(xy[:, 0]))
    inside = (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)
    far[1:] = (step > 180) & (step < 360) & inside[1:] & inside[:-1] & (ring[1:] == ring[:-1])
    return far


def _from_shapely(rows: NDArray[Any]) -> Polygons:
    import shapely

    try:
        kinds = shapely.get_type_id(rows)
    except TypeError as error:
        raise UsageError("no geometries", expected="shapely geometries", found=str(error)) from None
    missing = kinds < 0
    polygon_offsets, geometry_offsets, rings = None, None, rows
    if not (kinds == 3).all() or shapely.get_num_interior_rings(rows).any():
        # Not for all: to make an object for each ring takes three quarters of the whole time.
        parts, row_of_part = _polygon_parts(rows, kinds)
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        polygon_offsets = from_counts(np.bincount(part_of_ring, minlength=len(parts)))
        geometry_offsets = from_counts(np.bincount(row_of_part, minlength=len(rows)))
    xy = shapely.get_coordinates(rings)
    offsets = from_counts(shapely.get_num_coordinates(rings))
    kept = missing if missing.any() else None
    return Polygons(xy[:, 0], xy[:, 1], offsets, polygon_offsets, geometry_offsets, kept)


def _polygon_parts(rows: NDArray[Any], kinds: NDArray[Any]) -> tuple[NDArray[Any], Indexes]:
    """Return all polygons of the rows, collections opened to any depth, and their rows."""
    import shapely

    parts, index = rows, np.arange(len(rows))
    while np.isin(kinds, (6, 7)).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        index = index[inner]
        kinds = shapely.get_type_id(parts)
    areal = kinds == 3
    return parts[areal], index[areal]


def _refuse_projected(geometries: Any) -> None:
    known = getattr(geometries, "crs", None)
    if known is not None and not known.is_geographic:
        raise UsageError(
            "the coordinates are not degrees",
            expected="WGS 84, longitude first",
            found=known.name,
            hint="use .to_crs('EPSG:4326') first",
        )


def to_shapely(polygons: Polygons) -> NDArray[Any]:
    """Return the rows as shapely geometries, None where there is none."""
    import shapely

    xy = np.column_stack([polygons.lon, polygons.lat])
    rings = np.arange(len(polygons.ring_offsets))
    inner = rings if polygons.polygon_offsets is None else polygons.polygon_offsets
    offsets = [polygons.ring_offsets, inner]
    kind = shapely.GeometryType.POLYGON
    if polygons.geometry_offsets is not None:
        # A polygon without rings among the parts ends the process in shapely 2.2.
        full = np.concatenate(([0], np.cumsum(np.diff(inner) > 0)))
        offsets[1] = inner[np.concatenate(([True], np.diff(inner) > 0))]
        offsets.append(full[polygons.geometry_offsets])
        kind = shapely.GeometryType.MULTIPOLYGON
    rows: NDArray[Any] = shapely.from_ragged_array(kind, xy, tuple(offsets))
    if polygons.missing is not None:
        rows[polygons.missing] = None
    return rows
