"""What the coordinates of a file may really be, and the conversion from each to WGS 84."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo import datum
from hetao_geo.errors import UsageError

WGS84 = "wgs84"
"""What RFC 7946 says every file is in: longitude, latitude, degrees."""

Points = NDArray[np.float64]
"""Rows of x and y."""
Change = Callable[[Points], Points]

LARGEST = 1e8
"""No coordinate of the earth is larger: zone 38 in front of an easting makes 3.9e7 metres. With
1e155 beside small numbers GEOS was seen to repair a polygon without end."""

SWAPPED = "-swapped"
"""Ends the name of a CRS candidate whose coordinates stand as y, x."""

# Degrees, minutes and seconds that were written as one decimal number.
_PACKED = {
    "dms": (1.0, True, "DDD.MMSS, minutes and seconds as decimals"),
    "dm": (1.0, False, "DDD.MMmm, minutes as decimals"),
    "dddmmss": (1e4, True, "DDDMMSS, degrees, minutes and seconds as one number"),
    "dddmm": (1e2, False, "DDDMM.mm, degrees and minutes as one number (NMEA)"),
}
# CGCS2000 Gauss-Krueger around 114 E. Zones of 3 and 6 degrees with one central meridian give
# the same coordinates; the one of 3 degrees is named. The number in front of the easting is
# the zone's: 37 to 39 of 3 degrees, 19 and 20 of 6 degrees.
_GRIDS = {
    "EPSG:2326": "Hong Kong 1980 Grid",
    "EPSG:4547": "CGCS2000 Gauss-Krüger CM 114E",
    "EPSG:4526": "CGCS2000 Gauss-Krüger zone 38, zone number in the easting",
    "EPSG:4546": "CGCS2000 Gauss-Krüger CM 111E",
    "EPSG:4525": "CGCS2000 Gauss-Krüger zone 37, zone number in the easting",
    "EPSG:4548": "CGCS2000 Gauss-Krüger CM 117E",
    "EPSG:4527": "CGCS2000 Gauss-Krüger zone 39, zone number in the easting",
    "EPSG:4497": "CGCS2000 Gauss-Krüger zone 19 of 6 degrees, zone number in the easting",
    "EPSG:4498": "CGCS2000 Gauss-Krüger zone 20 of 6 degrees, zone number in the easting",
    "EPSG:32649": "UTM zone 49N",
    "EPSG:32650": "UTM zone 50N",
    "EPSG:3857": "Web Mercator",
}


@dataclass(frozen=True)
class CrsCandidate:
    """One way to read x and y."""

    name: str
    """As ``--assume`` and ``--from`` take it."""
    title: str
    """For people."""
    to_wgs84: Change
    """From rows of x and y to longitude, latitude; NaN where it cannot be."""


@cache
def table() -> tuple[CrsCandidate, ...]:
    """Return every CRS candidate that a file near the zone is tested against."""
    straight = [find(name) for name in (WGS84, "gcj02", "bd09", *_GRIDS, *_PACKED)]
    return (*straight, *(_swap(one) for one in straight))


@cache
def find(name: str) -> CrsCandidate:
    """Return the CRS candidate of a name.

    Parameters
    ----------
    name : str
        ``wgs84``, ``gcj02``, ``bd09``, ``dms``, ``dm``, ``dddmmss``, ``dddmm``, or any CRS that
        pyproj knows, such as ``EPSG:2326``; with ``-swapped`` behind it for y, x.

    Raises
    ------
    UsageError
        There is no such coordinate system.
    """
    plain = name.strip()
    if plain.lower().endswith(SWAPPED):
        return _swap(find(plain[: -len(SWAPPED)]))
    key = plain.lower().replace("-", "").replace("_", "")
    if key in (WGS84, "epsg:4326"):
        return CrsCandidate(WGS84, "WGS 84, longitude first", lambda xy: xy)
    if key in ("gcj02", "bd09"):
        return CrsCandidate(key, _DATUM[key], lambda xy: _from_datum(xy, key))
    if key in _PACKED:
        scale, seconds, title = _PACKED[key]
        return CrsCandidate(key, title, lambda xy: _unpack(xy / scale, seconds))
    upper = plain.upper() if key.startswith("epsg:") else plain
    transformer = _transformer(upper, inverse=True)
    return CrsCandidate(upper, _GRIDS.get(upper, upper), lambda xy: _run(transformer, xy))


_DATUM = {"gcj02": "GCJ-02, the datum of mainland web maps", "bd09": "BD-09, the datum of Baidu"}


def move(geometries: NDArray[np.object_], change: Change) -> tuple[Any, NDArray[np.bool_]]:
    """Return the geometries with changed coordinates, and which of them could be changed whole.

    A geometry with a position that `change` cannot place (NaN) comes back as it was.
    """
    with np.errstate(all="ignore"):
        xy, owner = shapely.get_coordinates(geometries, return_index=True)
        moved = change(xy)
        sound = np.ones(len(geometries), dtype=bool)
        sound[owner[~np.isfinite(moved).all(axis=1)]] = False
        moved = np.where(sound[owner, None], moved, xy)
        return shapely.set_coordinates(geometries.copy(), moved), sound


def to_wgs84(name: str) -> Change | None:
    """Return the conversion of rows of x and y to WGS 84; None where they are that.

    Geographic systems on the ellipsoid of WGS 84, and CGCS2000, agree with it to centimetres.

    Raises
    ------
    UsageError
        There is no such coordinate system.
    """
    candidate = find(name)
    if candidate.name == WGS84 or candidate.name in ("EPSG:4490", "EPSG:4979", "OGC:CRS84"):
        return None
    return candidate.to_wgs84


def from_wgs84(name: str) -> Change:
    """Return the conversion from WGS 84 to a datum or CRS.

    Raises
    ------
    UsageError
        There is no such system, or nothing is written in it on purpose (``dms``).
    """
    key = find(name).name
    if key.endswith(SWAPPED) or key in _PACKED:
        raise UsageError(
            "nothing is written that way on purpose",
            where="--to",
            expected="wgs84, gcj02, bd09 or EPSG:code",
            found=key,
        )
    if key == WGS84:
        return lambda xy: xy
    if key in _DATUM:
        forward = datum.wgs84_to_gcj02 if key == "gcj02" else datum.wgs84_to_bd09
        return lambda xy: _in_range(xy, forward)
    transformer = _transformer(key, inverse=False)
    return lambda xy: _run(transformer, xy)


def is_degrees(name: str) -> bool:
    """Return whether coordinates of that name are degrees."""
    key = find(name).name
    if key in (WGS84, *_DATUM, *_PACKED):
        return True
    import pyproj

    return bool(pyproj.CRS(key.removesuffix(SWAPPED)).is_geographic)


def _swap(one: CrsCandidate) -> CrsCandidate:
    return CrsCandidate(
        one.name + SWAPPED,
        f"{one.title}, axes swapped" if one.name != WGS84 else "WGS 84, latitude first",
        lambda xy: one.to_wgs84(xy[:, ::-1]),
    )


def _from_datum(xy: Points, name: str) -> Points:
    inverse = datum.gcj02_to_wgs84 if name == "gcj02" else datum.bd09_to_wgs84
    return _in_range(xy, inverse)


def _in_range(xy: Points, change: Callable[..., Any]) -> Points:
    """Change the rows that are degrees; the others become NaN."""
    good = (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)
    moved = np.full(xy.shape, np.nan)
    moved[good] = np.column_stack(change(xy[good, 0], xy[good, 1]))
    return moved


def _unpack(value: Points, seconds: bool) -> Points:
    """Return degrees from DDD.MMSS (or DDD.MMmm); NaN where minutes or seconds reach 60."""
    # 114.04 is 114.0399999 in binary: without the nudge its minutes would be 3.
    size = np.abs(value) + 1e-11
    degrees = np.floor(size)
    minutes = (size - degrees) * 100
    if not seconds:
        return np.where(minutes < 60, np.copysign(degrees + minutes / 60, value), np.nan)
    whole = np.floor(minutes + 1e-9)
    rest = (minutes - whole) * 100
    sound = (whole < 60) & (rest < 60 + 1e-6)
    return np.where(sound, np.copysign(degrees + whole / 60 + rest / 3600, value), np.nan)


@cache
def _transformer(name: str, *, inverse: bool) -> Any:
    import pyproj

    try:
        ends = (name, "EPSG:4326") if inverse else ("EPSG:4326", name)
        return pyproj.Transformer.from_crs(*ends, always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise UsageError(
            "unknown coordinate system",
            expected="wgs84, gcj02, bd09, dms, EPSG:code, or one of these with -swapped",
            found=repr(name),
        ) from error


def _run(transformer: Any, xy: Points) -> Points:
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
