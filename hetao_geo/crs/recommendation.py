"""Which projected system to measure in, for a place anywhere on the globe, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hetao_geo.crs.system import System
from hetao_geo.crs.table import DEFAULT, SYSTEMS
from hetao_geo.errors import UsageError

# Extent of EPSG:2326 in the EPSG register: west, south, east, north in degrees.
_HONG_KONG = (113.76, 22.13, 114.51, 22.58)

# Boxes of mainland ground only, drawn coarsely inside it; in degrees as above. A place outside
# them gets the rule for the whole globe, which is as exact, so the gaps cost nothing.
_MAINLAND = (
    (100.0, 24.0, 117.0, 41.0),
    (112.0, 22.2, 117.0, 24.0),
    (117.0, 28.0, 121.5, 40.0),
    (119.0, 41.0, 124.0, 45.0),
    (124.0, 43.0, 126.5, 48.0),
    (87.0, 29.5, 100.0, 41.0),
    (82.0, 36.5, 90.0, 44.0),
)


@dataclass(frozen=True)
class Recommendation:
    """A system for a place.

    Attributes
    ----------
    system : System
        The projected system to measure areas in.
    reason : str
        Why, in one sentence.
    """

    system: System
    reason: str


def recommend(bounds: Sequence[float]) -> Recommendation:
    """Choose a projected system in which areas at a place are right.

    Parameters
    ----------
    bounds : sequence of four floats
        West, south, east, north in WGS 84 degrees; west > east crosses the antimeridian.

    Raises
    ------
    UsageError
        The bounds are not four finite numbers in range with south <= north.

    Examples
    --------
    >>> recommend((114.06, 22.50, 114.09, 22.53)).system.code
    'EPSG:2326'
    >>> recommend((116.3, 39.8, 116.5, 40.0)).system.name
    'CGCS2000 / 3-degree Gauss-Kruger CM 117E'
    >>> print(recommend((2.2, 48.8, 2.4, 48.9)).system.code)
    +proj=laea +lat_0=48.85 +lon_0=2.3 +datum=WGS84 +units=m +type=crs
    """
    west, south, east, north = _checked(bounds)
    if _inside((west, south, east, north), _HONG_KONG):
        reason = "the survey grid of Hong Kong holds here, with an area error below 0.01 %"
        return Recommendation(DEFAULT, reason)
    meridian = 3 * round((west + east) / 6)
    near = max(abs(west - meridian), abs(east - meridian)) <= 1.6
    if near and any(_inside((west, south, east, north), box) for box in _MAINLAND):
        return _gauss_kruger(meridian)
    return _equal_area(west, south, east, north)


def _checked(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    values = [float(value) for value in bounds]
    if len(values) == 4:
        west, south, east, north = values
        if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    raise UsageError(
        "bounds of no place",
        expected="west, south, east, north in degrees with south <= north",
        found=", ".join(f"{value:g}" for value in values) or "nothing",
        hint="check the order: longitude first",
    )


def _inside(bounds: tuple[float, ...], box: tuple[float, ...]) -> bool:
    west, south, east, north = bounds
    return box[0] <= west <= east <= box[2] and box[1] <= south and north <= box[3]


def _gauss_kruger(meridian: int) -> Recommendation:
    # EPSG numbers the 3-degree zones of CGCS2000 without prefix from 4534 (CM 75E) by threes.
    code = f"EPSG:{4534 + (meridian - 75) // 3}"
    name = f"CGCS2000 / 3-degree Gauss-Kruger CM {meridian}E"
    system = SYSTEMS.get(code) or System(code, name, True, "metre", 1.0)
    reason = (
        "the cadastral grid of mainland China for this meridian, with an area error below 0.1 %"
    )
    return Recommendation(system, reason)


def _equal_area(west: float, south: float, east: float, north: float) -> Recommendation:
    width = (east - west) % 360 if east != west + 360 else 360.0
    if width > 120 or north - south > 120:
        reason = "equal areas for the whole globe; shapes are stretched towards the poles"
        return Recommendation(SYSTEMS["EPSG:6933"], reason)
    lon = (west + width / 2 + 180) % 360 - 180
    lat = (south + north) / 2
    code = f"+proj=laea +lat_0={lat:.6g} +lon_0={lon:.6g} +datum=WGS84 +units=m +type=crs"
    name = f"Lambert azimuthal equal-area, centred on {lon:.6g}, {lat:.6g}"
    reason = "no survey grid is known here; equal areas, centred on the data, are right anywhere"
    return Recommendation(System(code, name, True, "metre", 1.0), reason)
