"""The coordinate system that a file names, without opening what its definition names.

Definitions of PROJ, WKT and PROJJSON can name grids and tables of parameters, which PROJ would
open: such a definition is refused before PROJ sees it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import numpy as np

from hetao_geo.geojson import printable
from hetao_geo.reading import encoding
from hetao_geo.reading.coordinates import WGS84

# Names in wide use that no registry has: the short one of WMS 1.3, and Esri's codes under EPSG's
# name (EPSG's own later code for the same system is 3857).
_ALIASES = {"CRS84": "OGC:CRS84", "CRS:84": "OGC:CRS84"} | dict.fromkeys(
    ("EPSG:102100", "EPSG:102113"), "EPSG:3857"
)
_NAME = re.compile(r"[\w .:/+,()-]{1,200}|[A-Z0-9_]+ ?\[.*|\{.*", re.I)
# What makes PROJ open a file that a definition names; @null is none.
_FILES = re.compile(
    r"PARAMETERFILE|\bfile\b|PROJ4_GRIDS|init=|file=|model=|tables=|grids=(?!@null[\s\"\\])", re.I
)
# PROJ follows nested definitions by recursion, and 200 brackets are more than any system has.
_DEEPEST = 200
# A registered system and a definition in a file are one where they agree to a centimetre.
_ALIKE_DEGREES = 1e-7


class UnknownCrsError(ValueError):
    """A definition that is not a system of places on the Earth; its text is printable."""


def find(definition: object) -> str:
    """Return ``wgs84``, the name in a registry, or WKT of a definition.

    Parameters
    ----------
    definition : str, bytes or dict
        A name, WKT, the content of a ``.prj`` in any encoding, or PROJJSON.

    Raises
    ------
    UnknownCrsError
        It cannot be read, names files, or has no way to WGS 84 (systems of heights, of building
        sites, of the Moon).
    """
    if isinstance(definition, dict):
        definition = _authority(definition) or _json(definition)
    text = (
        definition.decode(encoding.detect(definition), "replace")
        if isinstance(definition, bytes)
        else str(definition)
    )
    return _find(" ".join(text.replace("\0", "").split()))


def _authority(definition: dict[str, Any]) -> str | None:
    known = definition.get("id")
    if not isinstance(known, dict):
        return None
    authority, code = known.get("authority"), known.get("code")
    plain = isinstance(authority, str) and isinstance(code, str | int)
    return f"{authority}:{code}" if plain else None


def _json(definition: dict[str, Any]) -> str:
    try:
        return json.dumps(definition)
    except (RecursionError, ValueError, TypeError) as error:
        raise UnknownCrsError("a definition that is nested too deeply") from error


@cache
def _find(text: str) -> str:
    import pyproj

    plain = _ALIASES.get(text.upper(), text)
    try:
        system = _horizontal(plain)
        pyproj.Transformer.from_crs(system, "EPSG:4326")
    except (pyproj.exceptions.ProjError, ValueError) as error:
        raise UnknownCrsError(printable(plain)[:80]) from error
    if system.equals(pyproj.CRS("OGC:CRS84"), ignore_axis_order=True):
        return WGS84
    name = _registered(system) or str(system.to_wkt())
    return WGS84 if name == "EPSG:4326" else name


def _horizontal(text: str) -> Any:
    """Return the geographic or projected system of a name, WKT or PROJJSON."""
    import pyproj

    deep = text.count("[") > _DEEPEST * 10 or text.count("{") > _DEEPEST
    if deep or _FILES.search(text) or not _NAME.fullmatch(text) or printable(text) != text:
        raise pyproj.exceptions.CRSError(text)
    system = pyproj.CRS.from_user_input(text)
    while system.is_compound:
        system = system.sub_crs_list[0]
    plain: Any = system.source_crs if system.is_bound else system
    if not (plain.is_geographic or plain.is_projected):
        raise pyproj.exceptions.CRSError(text)
    return system.to_2d()


def _registered(system: Any) -> str | None:
    """Return the name of the registered system that gives the same places, axis order apart."""
    import pyproj

    code = system.to_authority(min_confidence=100)
    if code:
        return ":".join(code)
    plain = system.source_crs if system.is_bound else system
    code = plain.to_authority("EPSG", 25) or plain.to_authority("ESRI", 25)
    if not code:
        return None
    name = ":".join(code)
    known = pyproj.CRS(name)
    return name if _same_places(system, known) else None


def _same_places(system: Any, known: Any) -> bool:
    import pyproj

    if known.area_of_use is None:
        return False
    west, south, east, north = known.area_of_use.bounds
    share = np.array([0.3, 0.5, 0.7])
    lon, lat = west + share * ((east - west) % 360), south + share * (north - south)
    xy = pyproj.Transformer.from_crs("EPSG:4326", known, always_xy=True).transform(lon, lat)
    back = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(*xy)
    apart = np.abs(np.array(back) - np.array([lon, lat]))
    return bool((np.minimum(apart, np.abs(apart - 360)) < _ALIKE_DEGREES).all())


def of_geojson(member: Any) -> tuple[str, object] | None:
    """Return what the member ``crs`` of the specification of 2008 names, and how it stands there.

    Returns
    -------
    tuple of (str, object)
        The definition for `find`, and the value to show; None where the member says nothing.

    Raises
    ------
    UnknownCrsError
        The member is not of that specification; the error has the part that is wrong.
    """
    named = member.get("properties") if isinstance(member, dict) else None
    if not isinstance(named, dict) or not isinstance(member.get("type"), str):
        raise UnknownCrsError("$.crs")
    name = named.get("name", named.get("code"))
    key = {"name": "name", "link": "href"}.get(member["type"])
    if key and not isinstance(named.get(key), str):
        raise UnknownCrsError(f"$.crs.properties.{key}")
    if name is None:
        return None
    # The draft before 2008 wrote {"type": "EPSG", "properties": {"code": 4326}}.
    return (f"EPSG:{name}" if member["type"] == "EPSG" else str(name)), name


def or_unknown(definition: object) -> tuple[str | None, str | None]:
    """Return the system of a definition, or None and the start of what cannot be read."""
    try:
        return find(definition), None
    except UnknownCrsError as error:
        return None, str(error) or "an empty definition"
