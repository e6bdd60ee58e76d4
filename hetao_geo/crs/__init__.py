"""Named coordinate systems: which one to measure areas in, and how wrong a wrong one is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hetao_geo.crs.system import System
from hetao_geo.crs.table import DEFAULT, SYSTEMS
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS

    from hetao_geo.crs.recommendation import Recommendation

__all__ = [
    "DEFAULT",
    "SYSTEMS",
    "System",
    "area_error",
    "get",
    "recommend",
    "require_projected",
]

# WGS 84: semi-major axis in metres and flattening (NGA.STND.0036, table 3.1).
WGS84_A = 6_378_137.0
WGS84_F = 1 / 298.257223563


def recommend(bounds: Sequence[float]) -> Recommendation:
    """Choose a projected system in which areas at a place are right.

    See `hetao_geo.crs.recommendation.recommend`, which is loaded only when it is asked.
    """
    from hetao_geo.crs import recommendation

    return recommendation.recommend(bounds)


def get(text: str | int | System | Any) -> System:
    """Return the coordinate system of that name.

    Parameters
    ----------
    text : str, int, System or pyproj.CRS
        ``"EPSG:2326"``, ``"2326"``, ``2326``, or whatever `pyproj.CRS.from_user_input` takes.

    Raises
    ------
    UsageError
        PROJ does not know it, or it is neither geographic nor projected.

    Examples
    --------
    >>> get("2326").name
    'Hong Kong 1980 Grid System'
    >>> get("EPSG:4326").projected
    False
    """
    if isinstance(text, System):
        return text
    if isinstance(text, int | str):
        words = str(text).strip()
        text = f"EPSG:{words}" if words.isdecimal() else words
        if found := SYSTEMS.get(text.upper()):
            return found
    return _other(text)


def require_projected(text: str | int | System | Any) -> System:
    """Return the projected system of that name; see `get`.

    Raises
    ------
    UsageError
        It is unknown, or its coordinates are degrees, in which no plane area can be measured.
    """
    system = get(text)
    if not system.projected:
        raise UsageError(
            "areas need a projected CRS",
            where=system.code,
            expected="a CRS in metres such as EPSG:2326",
            found=f"{system.name}, in degrees",
            hint="leave --crs out for EPSG:2326, or name a projected one",
        )
    return system


def _other(text: Any) -> System:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        known = CRS.from_user_input(text)
    except CRSError as error:
        raise UsageError(
            "unknown CRS",
            expected="a code such as EPSG:2326",
            found=repr(text) if isinstance(text, str) else type(text).__name__,
            hint="see https://epsg.org for the codes",
        ) from error
    plane = known.to_2d()
    if not (plane.is_projected or plane.is_geographic):
        raise UsageError(
            "the CRS has no horizontal coordinates on the Earth",
            where=known.name,
            expected="a projected or geographic CRS",
            found=known.type_name,
        )
    return _described(plane, text)


def _described(plane: CRS, text: Any) -> System:
    authority = plane.to_authority(min_confidence=100)
    code = ":".join(authority) if authority else plane.srs
    if known := SYSTEMS.get(code):
        return known
    axis = plane.axis_info[0]
    projected = bool(plane.is_projected)
    metres = axis.unit_conversion_factor if projected else math.nan
    return System(code, plane.name, projected, axis.unit_name, metres)


def area_error(text: str | int | System | Any, lon: ArrayLike, lat: ArrayLike) -> Any:
    """Return by how much a small area comes out too large in a projected system.

    Parameters
    ----------
    text : str, int, System or pyproj.CRS
        A projected system; see `get`.
    lon, lat : float or array_like
        The place: WGS 84, degrees, longitude first.

    Returns
    -------
    float or ndarray
        Area in the plane over area on the WGS 84 ellipsoid, minus one: 0.18 is 18 % too large.

    Notes
    -----
    The determinant of the projection by central differences over 2 x 200 m, over ``M N cos(lat)``
    (Snyder 1987, https://doi.org/10.3133/pp1395, page 25). The datum shift is part of it, which
    the scale factors of PROJ leave out. Differences are exact to 2e-9.

    Examples
    --------
    >>> round(area_error("EPSG:3857", 114.05, 22.51), 3)
    0.177
    """
    import numpy as np

    system = require_projected(text)
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    step = 0.002
    west, east = system.project(lon - step, lat), system.project(lon + step, lat)
    south, north = system.project(lon, lat - step), system.project(lon, lat + step)
    across = [(e - w) * system.metres for e, w in zip(east, west, strict=True)]
    along = [(n - s) * system.metres for n, s in zip(north, south, strict=True)]
    plane = np.abs(across[0] * along[1] - across[1] * along[0]) / np.radians(2 * step) ** 2
    error = plane / _square_radian(lat) - 1
    return float(error) if error.ndim == 0 else error


def _square_radian(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square metres of WGS 84 in a radian of longitude times one of latitude."""
    import numpy as np

    squared = WGS84_F * (2 - WGS84_F)
    phi = np.radians(lat)
    result: NDArray[np.float64] = (
        WGS84_A**2 * (1 - squared) * np.cos(phi) / (1 - squared * np.sin(phi) ** 2) ** 2
    )
    return result
