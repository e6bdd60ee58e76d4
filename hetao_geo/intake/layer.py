"""What every reader returns: rows with a geometry, and the coordinate system they claim."""

from __future__ import annotations

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
    """What the file claims: ``wgs84``, a name that pyproj reads, or None."""


def find_crs(text: str, where: str, faults: Faults) -> str | None:
    """Return a short name of a coordinate system, None (and a fault) if there is no such."""
    import pyproj

    try:
        found = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        faults.add("unknown-crs", where, found=printable(text)[:80])
        return None
    if found.equals(pyproj.CRS("OGC:CRS84"), ignore_axis_order=True):
        return WGS84
    code = found.to_authority(min_confidence=70)
    name = ":".join(code) if code else found.to_wkt()
    return WGS84 if name == "EPSG:4326" else name
