"""What every reader returns: rows with a geometry, and the coordinate system they declared_crs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hetao_geo.geojson import Faults, printable

WGS84 = "wgs84"
"""What RFC 7946 says every file is in: longitude, latitude, degrees."""


@dataclass(frozen=True)
class Row:
    """One feature of a file, its coordinates as they stand."""

    identity: str | int | float | None
    """Its id, where it has one."""
    geometry: Any
    """A shapely geometry of polygons (x first), or None."""
    properties: dict[str, Any]
    """Its other values."""
    path: str
    """JSONPath, or layer and row."""


@dataclass(frozen=True)
class Layer:
    """The features of one layer."""

    name: str
    """As the file has it."""
    rows: list[Row]
    """One a feature."""
    crs: str | None = WGS84
    """What the file declared: ``wgs84``, a name that pyproj reads, or None."""


# Names in wide use that no registry has: the short one of WMS 1.3, and Esri's codes under EPSG's
# name (EPSG's own later code for the same system is 3857).
_ALIASES = {"CRS84": "OGC:CRS84", "CRS:84": "OGC:CRS84"} | dict.fromkeys(
    ("EPSG:102100", "EPSG:102113"), "EPSG:3857"
)
_NAME = re.compile(r"[\w .:/+,()-]{1,200}|[A-Z0-9_]+ ?\[.*", re.I)
# What makes PROJ open a file that a definition names; @null is none.
_FILES = re.compile(r"PARAMETERFILE|PROJ4_GRIDS|init=|file=|model=|grids=(?!@null[\s\"])", re.I)


def find_crs(text: str, where: str, faults: Faults) -> str | None:
    """Return a short name of a coordinate system, None (and a fault) if there is no such."""
    import pyproj

    plain = " ".join(text.split())
    plain = _ALIASES.get(plain.upper(), plain)
    try:
        found = _horizontal(plain)
        # Systems of vertical datums, of building sites and of the moon have no way to WGS 84.
        pyproj.Transformer.from_crs(found, "EPSG:4326")
    except pyproj.exceptions.ProjError:
        faults.add("unknown-crs", where, found=printable(plain)[:80])
        return None
    if found.equals(pyproj.CRS("OGC:CRS84"), ignore_axis_order=True):
        return WGS84
    code = found.to_authority(min_confidence=70)
    name = ":".join(code) if code else found.to_wkt()
    return WGS84 if name == "EPSG:4326" else name


def _horizontal(text: str) -> Any:
    """Return the geographic or projected system of an authority's name or of WKT.

    Definitions of PROJ can name files, which PROJ would open, so they are not taken.
    """
    import pyproj

    if _FILES.search(text) or not _NAME.fullmatch(text) or printable(text) != text:
        raise pyproj.exceptions.CRSError(text)
    found = pyproj.CRS.from_user_input(text)
    while found.is_compound:
        found = found.sub_crs_list[0]
    if not (found.is_geographic or found.is_projected):
        raise pyproj.exceptions.CRSError(text)
    return found.to_2d()
