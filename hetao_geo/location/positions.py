"""Points as callers have them, and their longitude and latitude in WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import datum as datums
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import Transformer

    Floats = NDArray[np.float64]

# Why a point could not be located; the index is the code.
REASONS = (
    "",
    "no coordinates",
    "not a number",
    "out of range: latitude and longitude look swapped",
    "out of range",
    "not a point",
    "no usable accuracy",
)
NOT_A_POINT, _NO_ACCURACY = 5, 6
_SWAPPED, _OUT_OF_RANGE = 3, 4


@dataclass(frozen=True, eq=False)
class LonLat:
    """Positions in WGS 84, degrees, and why some are missing.

    Attributes
    ----------
    lon, lat : ndarray of shape (n,)
        NaN where there is a reason.
    reason : ndarray of uint8 of shape (n,)
        Index into `REASONS`; 0 for a usable position.
    """

    lon: Floats
    lat: Floats
    reason: NDArray[np.uint8]


def to_lonlat(
    x: Sequence[object] | NDArray[Any],
    y: Sequence[object] | NDArray[Any],
    *,
    datum: str = "wgs84",
    crs: str | None = None,
) -> LonLat:
    """Return positions in WGS 84.

    Parameters
    ----------
    x, y : array_like of shape (n,)
        Longitude and latitude in degrees, or easting and northing of `crs`; numbers or text.
    datum : {"wgs84", "gcj02", "bd09"}
        Datum of degrees.
    crs : str, optional
        A CRS that pyproj knows, such as ``EPSG:2326``, in place of degrees.

    Raises
    ------
    UsageError
        An unknown datum or CRS, both of them, or columns of unequal length.
    """
    if datum not in datums.NAMES:
        expected = f"one of {', '.join(datums.NAMES)}"
        raise UsageError("unknown datum", expected=expected, found=repr(datum))
    if crs is not None and datum != "wgs84":
        raise UsageError("a datum and a CRS", expected="one of the two", found=f"{datum}, {crs}")
    (lon, no_x), (lat, no_y) = _numbers(x), _numbers(y)
    if len(lon) != len(lat):
        found = f"{len(lon)} and {len(lat)}"
        raise UsageError("coordinates of unequal number", expected="as many of each", found=found)
    reason = np.maximum(no_x, no_y)
    if crs is not None:
        lon, lat = to_wgs84(crs).transform(lon, lat, errcheck=False)
    _note_range(lon, lat, reason)
    lon, lat = (np.where(reason > 0, np.nan, values) for values in (lon, lat))
    lon, lat = datums.to_wgs84(lon, lat, datum)
    reason[(reason == 0) & ~(np.isfinite(lon) & np.isfinite(lat))] = _OUT_OF_RANGE
    return LonLat(lon, lat, reason)


def with_accuracy(points: LonLat, values: Sequence[object] | NDArray[Any]) -> tuple[LonLat, Floats]:
    """Return points and the standard error of each, metres, from a column.

    Parameters
    ----------
    points : LonLat
    values : sequence of shape (n,)
        Numbers, or text of them. A point without one, or with one below 0, gets a reason.
    """
    metres, _ = _numbers(values)
    usable = np.isfinite(metres) & (metres >= 0)
    reason = np.where(usable | (points.reason > 0), points.reason, _NO_ACCURACY)
    return replace(points, reason=reason.astype(np.uint8)), np.where(usable, metres, 0.0)


@cache
def to_wgs84(crs: str) -> Transformer:
    """Return the transformation from a CRS to longitude and latitude.

    Raises
    ------
    UsageError
        PROJ does not know it.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)
    except ProjError as error:
        expected = "a code such as EPSG:2326"
        raise UsageError("unknown CRS", expected=expected, found=repr(crs)) from error


def _numbers(values: Sequence[object] | NDArray[Any]) -> tuple[Floats, NDArray[np.uint8]]:
    """Return numbers, and 1 for an empty cell, 2 for text that is not a number."""
    array = np.asarray(values)
    if array.dtype.kind in "iuf":
        numbers = array.astype(float)
        return numbers, np.isnan(numbers).astype(np.uint8)
    # Text without a fault is read as a whole, in a sixth of the time.
    with suppress(ValueError, TypeError):
        if "_" not in "".join(array.tolist()):
            numbers = array.astype(float)
            return numbers, np.isnan(numbers).astype(np.uint8)
    numbers, reason = np.full(array.shape, np.nan), np.zeros(array.shape, np.uint8)
    for row, value in enumerate(array.tolist()):
        text = "" if value is None else str(value).strip()
        try:
            numbers[row] = float(text.replace("_", "x")) if text else np.nan
        except ValueError:
            reason[row] = 2
            continue
        if np.isnan(numbers[row]):
            reason[row] = 1
    return numbers, reason


def _note_range(lon: Floats, lat: Floats, reason: NDArray[np.uint8]) -> None:
    with np.errstate(invalid="ignore"):
        wrong = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 360)) & (reason == 0)
        swapped = wrong & (np.abs(lon) <= 90) & (np.abs(lat) <= 180)
    reason[wrong] = _OUT_OF_RANGE
    reason[swapped] = _SWAPPED
