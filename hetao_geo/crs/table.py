"""The coordinate systems that this package names by itself, each with reason and source."""

from __future__ import annotations

import math

from hetao_geo.crs.system import System

# Everything that is measured starts from WGS 84, longitude first, in degrees.
_FROM = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "

# The parameters of EPSG:1825, Hong Kong 1980 to WGS 84, coordinate frame rotation: leaving the
# datum out makes areas 80 millionths wrong, since the Hong Kong ellipsoid is 251 m larger.
_HONG_KONG = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=-162.619 +y=-276.959 +z=-161.764 +rx=-0.067753 +ry=2.243648 "
    "+rz=1.158828 +s=-1.094246 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=intl +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=22.3121333333333 +lon_0=114.178555555556 +k=1 "
    "+x_0=836694.05 +y_0=819069.8 +ellps=intl"
)


def _grid(code: str, name: str, why: str, projection: str, source: str) -> System:
    return System(code, name, True, "metre", 1.0, why, source, _FROM + projection)


def _degrees(code: str, name: str, why: str) -> System:
    return System(code, name, False, "degree", math.nan, why, "https://epsg.org")


# The systems that this package names by itself; `get` knows all others that PROJ knows.
SYSTEMS = {
    system.code: system
    for system in (
        _grid(
            "EPSG:2326",
            "Hong Kong 1980 Grid System",
            "the survey grid of Hong Kong, whose area error at the zone is below 0.001 %: "
            "the default of the area check",
            _HONG_KONG,
            "Explanatory Notes on Geodetic Datums in Hong Kong, Lands Department, 1995",
        ),
        _grid(
            "EPSG:4547",
            "CGCS2000 / 3-degree Gauss-Kruger CM 114E",
            "the cadastral grid of mainland China for 112.5 to 115.5 degrees east",
            "+step +proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80",
            "GB/T 18314-2009; https://epsg.org/crs_4547",
        ),
        _grid(
            "EPSG:32650",
            "WGS 84 / UTM zone 50N",
            "common in mainland China east of 114 degrees; its scale is wrong at the zone",
            "+step +proj=utm +zone=50 +ellps=WGS84",
            "https://epsg.org/crs_32650",
        ),
        _grid(
            "EPSG:32649",
            "WGS 84 / UTM zone 49N",
            "common in mainland China west of 114 degrees; its scale is wrong at the zone",
            "+step +proj=utm +zone=49 +ellps=WGS84",
            "https://epsg.org/crs_32649",
        ),
        _grid(
            "EPSG:3857",
            "WGS 84 / Pseudo-Mercator",
            "the grid of web maps, shown as a warning: it makes areas at the zone 18 % too large",
            "+step +proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84",
            "https://epsg.org/crs_3857",
        ),
        _grid(
            "EPSG:6933",
            "WGS 84 / NSIDC EASE-Grid 2.0 Global",
            "equal areas everywhere: the check on the others",
            "+step +proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84",
            "Brodzik et al. 2012, https://doi.org/10.3390/ijgi1010032",
        ),
        _degrees("EPSG:4326", "WGS 84", "the coordinates of GeoJSON; degrees, no plane"),
        _degrees(
            "EPSG:4490",
            "China Geodetic Coordinate System 2000",
            "the coordinates of Tianditu; within centimetres of WGS 84 since its epoch",
        ),
    )
}
DEFAULT = SYSTEMS["EPSG:2326"]
