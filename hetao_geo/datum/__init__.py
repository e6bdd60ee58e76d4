"""WGS 84, GCJ-02 and BD-09: the datums of maps of China, one into another.

Coordinates are degrees, longitude first. The caller names the datums: nothing is guessed from
the place, because the services differ (see `providers`): AMap shifts Hong Kong, Google does not.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hetao_geo.datum import arguments, blocks, gcj02, reference
from hetao_geo.datum.providers import Provider, provider, providers
from hetao_geo.datum.reference import Degrees, Points
from hetao_geo.errors import UsageError

__all__ = [
    "NAMES",
    "TITLES",
    "Provider",
    "bd09_to_gcj02",
    "bd09_to_wgs84",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "provider",
    "providers",
    "to_wgs84",
    "transform",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

TITLES = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}
NAMES = tuple(TITLES)
Out = tuple[Degrees, Degrees] | None
# Numbers that take the plain formula: a kernel call costs 100 times as much for one point.
_NUMBERS = (float, int, np.float64)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the GCJ-02 coordinates of places given in WGS 84.

    Parameters
    ----------
    lon, lat : array_like
        Longitude and latitude in degrees: two numbers, or two arrays of one shape.
    out : tuple of two float64 arrays, optional
        Where to write longitude and latitude; may be the arguments themselves.

    Returns
    -------
    lon, lat : float or ndarray
        In degrees, of the shape of the arguments.

    Raises
    ------
    UsageError
        No numbers, unequal shapes, a latitude beyond 90 degrees, a longitude beyond 360; nothing
        is written then.

    Notes
    -----
    The formula is applied wherever it has a value: no box decides what lies "in China", for the
    services differ in that (`providers`). So Hong Kong, the sea and other countries are moved
    like any other place; ask for it only where the map in hand is in GCJ-02.

    Results lie within 1.5e-14 degrees of the published formula in exact arithmetic, between
    0 and 60 degrees north, 70 and 140 degrees east; inverses within 1e-9 degrees. Outside,
    the plain formula is used: the same inverse accuracy up to 85 degrees north and south.
    Nearer to the poles the offset grows without bound, and a point of which the result is not
    on the globe, or whose inverse has not settled, is NaN.

    A NaN in either coordinate makes both NaN.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(114.0579, 22.5431)
    >>> print(f"{lon:.6f} {lat:.6f}")
    114.063014 22.540383
    """
    return _convert(("wgs84_to_gcj02",), lon, lat, out)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the WGS 84 coordinates of places given in GCJ-02.

    Exact to 1e-9 degrees (0.1 mm) by four evaluations of the offset, never more, so that no
    point can make it hang. Parameters, result, errors and limits are those of `wgs84_to_gcj02`.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02(114.0579, 22.5431))
    >>> print(f"{lon:.9f} {lat:.9f}")
    114.057900000 22.543100000
    """
    return _convert(("gcj02_to_wgs84",), lon, lat, out)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the BD-09 coordinates of places given in GCJ-02.

    BD-09 has a value on the whole globe. Parameters, result and errors are those of
    `wgs84_to_gcj02`.
    """
    return _convert(("gcj02_to_bd09",), lon, lat, out)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the GCJ-02 coordinates of places given in BD-09.

    Exact to 1e-9 degrees by four evaluations. Parameters, result and errors are those of
    `wgs84_to_gcj02`.
    """
    return _convert(("bd09_to_gcj02",), lon, lat, out)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the BD-09 coordinates of places given in WGS 84, by way of GCJ-02.

    Parameters, result, errors and limits are those of `wgs84_to_gcj02`.
    """
    return _convert(("wgs84_to_gcj02", "gcj02_to_bd09"), lon, lat, out)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike, out: Out = None) -> Points:
    """Return the WGS 84 coordinates of places given in BD-09, by way of GCJ-02.

    Parameters, result, errors and limits are those of `wgs84_to_gcj02`.
    """
    return _convert(("bd09_to_gcj02", "gcj02_to_wgs84"), lon, lat, out)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, source: str) -> Points:
    """Return the WGS 84 coordinates of places given in a datum by its name.

    Parameters
    ----------
    lon, lat : array_like
        As in `wgs84_to_gcj02`.
    source : {"wgs84", "gcj02", "bd09"}
        The datum of the coordinates.

    Raises
    ------
    UsageError
        An unknown datum, and as in `wgs84_to_gcj02`.
    """
    _check_name("source", source)
    if source == "wgs84":
        return np.asarray(lon, float), np.asarray(lat, float)
    return gcj02_to_wgs84(lon, lat) if source == "gcj02" else bd09_to_wgs84(lon, lat)


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


def _convert(steps: tuple[str, ...], lon: Any, lat: Any, out: Out) -> Points:
    if out is None and type(lon) in _NUMBERS and type(lat) in _NUMBERS:
        return _convert_number(steps, float(lon), float(lat))
    x, y = arguments.read(lon, lat)
    if out is not None:
        arguments.check_out(out, x.shape)
    results = out if out is not None and arguments.is_safe(out, (x, y)) else _like(x)
    blocks.convert(steps, x.reshape(-1), y.reshape(-1), [a.reshape(-1) for a in results])
    if out is None:
        return results[0][()], results[1][()]
    for target, result in zip(out, results, strict=True):
        if target is not result:
            np.copyto(target, result)
    return out


def _convert_number(steps: tuple[str, ...], lon: float, lat: float) -> Points:
    if not gcj02.holds(lon, lat):
        x, y = _convert(steps, np.array(lon), np.array(lat), None)
        return float(x), float(y)
    for step in steps:
        lon, lat = getattr(reference, step)(lon, lat, math)
    return lon, lat


def _like(x: Degrees) -> tuple[Degrees, Degrees]:
    return np.empty(x.shape), np.empty(x.shape)
