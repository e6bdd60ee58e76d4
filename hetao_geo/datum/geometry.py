"""Geometries and tables of geometries from one datum to another."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetao_geo.datum.arguments import LIMITS, out_of_range
from hetao_geo.errors import UsageError

Coordinates = NDArray[np.float64]
Change = Callable[[Coordinates], Coordinates]
# What a table in degrees of WGS 84 may call itself: CGCS2000 agrees with it to centimetres.
_WGS84 = {("EPSG", "4326"), ("EPSG", "4979"), ("EPSG", "4490"), ("OGC", "CRS84")}


def change(geometry: Any, function: Change, *, labelled: str | None) -> Any:
    """Return `geometry` with every vertex through `function`.

    Parameters
    ----------
    geometry : shapely geometry, array of them, GeoSeries or GeoDataFrame
        In degrees, longitude first.
    function : callable
        From coordinates of shape (n, 2) to coordinates of shape (n, 2).
    labelled : str or None
        The CRS that a resulting table carries.
    """
    geopandas = sys.modules.get("geopandas")
    if geopandas is not None and isinstance(geometry, geopandas.GeoDataFrame):
        series = change(geometry.geometry, function, labelled=labelled)
        return geometry.set_geometry(series).set_crs(labelled, allow_override=True)
    if geopandas is not None and isinstance(geometry, geopandas.GeoSeries):
        _check_crs(geometry.crs)
        shapes = _change_array(np.asarray(geometry.array), function, list(geometry.index))
        return geopandas.GeoSeries(shapes, index=geometry.index, name=geometry.name, crs=labelled)
    shapes = _shapes(geometry)
    changed = _change_array(np.atleast_1d(shapes), function, None).reshape(shapes.shape)
    return changed if shapes.ndim else changed.item()


def _shapes(geometry: Any) -> NDArray[np.object_]:
    import shapely

    array = np.asarray(geometry, dtype=object)
    if bool(np.all(shapely.is_geometry(array) | shapely.is_missing(array))):
        return array
    raise UsageError(
        "not a geometry",
        where="argument geometry",
        expected="a shapely geometry, an array of them, a GeoSeries or a GeoDataFrame",
        found=type(geometry).__name__,
    )


def _change_array(
    shapes: NDArray[np.object_], function: Change, labels: list[Any] | None
) -> NDArray[np.object_]:
    import shapely

    _check_bounds(shapely.bounds(shapes), labels)
    _check_measures(shapes)
    changed = shapes.copy()
    deep = shapely.has_z(shapes)
    for z in (False, True):
        chosen = deep == z
        if chosen.any():
            changed[chosen] = shapely.transform(
                shapes[chosen],
                lambda c, z=z: _keep_z(c, function) if z else function(c),
                include_z=z,
            )
    return changed


def _keep_z(coordinates: Coordinates, function: Change) -> Coordinates:
    return np.column_stack([function(coordinates[:, :2]), coordinates[:, 2]])


def _check_bounds(bounds: Coordinates, labels: list[Any] | None) -> None:
    for name, columns in (("lat", [1, 3]), ("lon", [0, 2])):
        worst = np.abs(bounds[..., columns]).max(axis=-1)
        rows = np.flatnonzero(worst > LIMITS[name])
        if len(rows):
            label = labels[rows[0]] if labels else rows[0]
            where = f"row {label!r}" if labels or len(bounds) > 1 else "argument geometry"
            more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            raise out_of_range(name, float(worst[rows[0]]), where + more)


def _check_measures(shapes: NDArray[np.object_]) -> None:
    import shapely

    # shapely before 2.1 knows no measures; the later ones lose Z and M of what they change.
    if hasattr(shapely, "has_m") and bool(shapely.has_m(shapes).any()):
        raise UsageError(
            "a geometry with measures (M) cannot be moved",
            where="argument geometry",
            expected="coordinates X Y or X Y Z",
            hint="drop the measures with shapely.force_2d",
        )


def _check_crs(crs: Any) -> None:
    if crs is None or crs.to_authority() in _WGS84:
        return
    raise UsageError(
        "the coordinates are not in degrees of WGS 84",
        where="argument geometry",
        expected="EPSG:4326, or no CRS for GCJ-02 and BD-09",
        found=crs.to_string()[:60],
        hint="use .to_crs(4326) first",
    )
