"""WGS 84, GCJ-02 and BD-09: the datums of maps of China, one into another.

Coordinates are degrees, longitude first. The caller names the datums: nothing is guessed from
the place, because the services differ (see `providers`): AMap shifts Hong Kong, Google does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hetao_geo.datum import arguments, reference
from hetao_geo.datum.reference import Degrees, Points
from hetao_geo.errors import UsageError

__all__ = [
    "NAMES",
    "bd09_to_gcj02",
    "bd09_to_wgs84",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "transform",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

NAMES = ("wgs84", "gcj02", "bd09")
Out = tuple[Degrees, Degrees] | None
_Step = Callable[[Degrees, Degrees], Points]


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the GCJ-02 coordinates of places given in WGS 84.

    Parameters
    ----------
    lon, lat : array_like
        Longitude and latitude in degrees: numbers or arrays of one shape.
    out : tuple of two float64 arrays, optional
        Where to write longitude and latitude; may be the arguments themselves.

    Returns
    -------
    lon, lat : float or ndarray
        In degrees, of the shape of the arguments. A point with a NaN is NaN in both.

    Raises
    ------
    UsageError
        No numbers, unequal shapes, a latitude beyond 90 degrees, a longitude beyond 360.
    """
    return _convert((reference.wgs84_to_gcj02,), lon, lat, out)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the WGS 84 coordinates of places given in GCJ-02; see `wgs84_to_gcj02`."""
    return _convert((reference.gcj02_to_wgs84,), lon, lat, out)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the BD-09 coordinates of places given in GCJ-02; see `wgs84_to_gcj02`."""
    return _convert((reference.gcj02_to_bd09,), lon, lat, out)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the GCJ-02 coordinates of places given in BD-09; see `wgs84_to_gcj02`."""
    return _convert((reference.bd09_to_gcj02,), lon, lat, out)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the BD-09 coordinates of places given in WGS 84; see `wgs84_to_gcj02`."""
    return _convert((reference.wgs84_to_gcj02, reference.gcj02_to_bd09), lon, lat, out)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the WGS 84 coordinates of places given in BD-09; see `wgs84_to_gcj02`."""
    return _convert((reference.bd09_to_gcj02, reference.gcj02_to_wgs84), lon, lat, out)


def transform(geometry: Any, source: str, target: str) -> Any:
    """Return geometries of one datum in another.

    Parameters
    ----------
    geometry : shapely geometry, array of them, GeoSeries or GeoDataFrame
        In degrees, longitude first. Heights stay as they are.
    source, target : {"wgs84", "gcj02", "bd09"}
        The datum of the coordinates, and the wanted one.

    Returns
    -------
    shapely geometry, array, GeoSeries or GeoDataFrame
        What was given, with moved vertices. A table in WGS 84 is labelled EPSG:4326; GCJ-02 and
        BD-09 have no CRS code, so a table in them carries none.

    Raises
    ------
    UsageError
        An unknown datum, not a geometry, a table in another CRS, or coordinates beyond the
        globe; the error names the argument or the row.
    """
    from hetao_geo.datum.geometry import change

    for argument, name in (("source", source), ("target", target)):
        _check_name(argument, name)
    labelled = "EPSG:4326" if target == "wgs84" else None
    return change(geometry, lambda pairs: _move(pairs, source, target), labelled=labelled)


def _move(pairs: Degrees, source: str, target: str) -> Degrees:
    moved = pairs.copy()
    if source != target:
        function = globals()[f"{source}_to_{target}"]
        function(moved[:, 0], moved[:, 1], out=(moved[:, 0], moved[:, 1]))
    return moved


def _check_name(argument: str, name: str) -> None:
    if name not in NAMES:
        raise UsageError(
            "unknown datum",
            where=f"argument {argument}",
            expected=", ".join(NAMES),
            found=repr(name),
        )


def _convert(steps: tuple[_Step, ...], lon: ArrayLike, lat: ArrayLike, out: Out) -> Points:
    x, y = arguments.read(lon, lat)
    pair = arguments.read_out(out, x.shape) if out is not None else None
    for step in steps:
        x, y = step(x, y)
    if pair is None:
        return x, y
    np.copyto(pair[0], x)
    np.copyto(pair[1], y)
    return pair
