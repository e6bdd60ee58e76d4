"""What the caller asked for, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

import pyproj
from pyproj.exceptions import CRSError

from hetao_geo import catalog
from hetao_geo import datum as datums
from hetao_geo.errors import HetaoGeoError, MissingExtraError, UsageError
from hetao_geo.formats import FORMATS, Format

ALL = "all"
# A point of the zone, longitude and latitude, to tell whether a CRS is made for the place.
_PLACE = (114.06, 22.515)


def crs(code: str | int | None) -> pyproj.CRS | None:
    """Return the CRS of an EPSG code; None for none.

    Raises
    ------
    UsageError
        Not an EPSG code, or one of a CRS without two horizontal axes.
    """
    if code is None:
        return None
    digits = str(code).upper().removeprefix("EPSG:")
    wanted = "an EPSG code such as EPSG:2326"
    if not digits.isascii() or not digits.isdigit():
        raise UsageError("unknown CRS", where="crs", expected=wanted, found=repr(code))
    try:
        system = pyproj.CRS.from_epsg(int(digits))
    except (CRSError, OverflowError) as error:
        raise UsageError("unknown CRS", where="crs", expected=wanted, found=repr(code)) from error
    if len(system.axis_info) != 2 or not (system.is_projected or system.is_geographic):
        kind = f"{system.name}, a {system.type_name}"
        expected = "a geographic or projected CRS with two axes"
        raise UsageError("not a CRS for a map", where="crs", expected=expected, found=kind)
    return system


def datum(name: str, system: pyproj.CRS | None) -> str:
    """Return the datum's name.

    Raises
    ------
    UsageError
        Unknown, or shifted and asked for together with a CRS.
    """
    if name not in datums.NAMES:
        known = ", ".join(datums.NAMES)
        raise UsageError(
            "unknown datum", where="datum", expected=f"one of {known}", found=repr(name)
        )
    if name != "wgs84" and system is not None:
        raise UsageError(
            "shifted coordinates have no CRS",
            expected="--crs or --datum, not both",
            found=f"{system.to_string()} and {name}",
            hint="leave out one of them",
        )
    return name


def layers(names: str | Sequence[str] | None) -> list[str]:
    """Return the names of the layers in the order of the catalogue, each once.

    Raises
    ------
    UsageError
        An unknown name, or none at all.
    """
    known = [one.name for one in catalog.layers()]
    wanted = [ALL] if names is None else _words(names)
    _check_known("layer", wanted, [*known, ALL])
    if ALL in wanted:
        return known
    return [name for name in known if name in wanted]


def formats(
    names: str | Sequence[str], system: pyproj.CRS | None, datum: str
) -> tuple[list[Format], tuple[str, ...]]:
    """Return the formats in the order of `FORMATS`, and what ``all`` left out, with the reason.

    Raises
    ------
    UsageError
        An unknown name, or a format that cannot carry the CRS or the datum.
    MissingExtraError
        A format that was asked for by name needs a library that is not installed.
    """
    short = {one.long_name: one.name for one in FORMATS.values() if one.long_name}
    words = [short.get(word.lower(), word.lower()) for word in _words(names)]
    _check_known("format", words, [*FORMATS, ALL])
    chosen, notes = [], []
    for name, one in FORMATS.items():
        error = _obstacle(one, system, datum)
        if name in words and error:
            raise error
        if ALL in words and error:
            notes.append(f"left out {name}: {error}")
        elif name in words or ALL in words:
            chosen.append(one)
    return chosen, (*notes, *_place_notes(system))


def _obstacle(one: Format, system: pyproj.CRS | None, datum: str) -> HetaoGeoError | None:
    """Return why a format cannot be written so; None if it can."""
    wgs84 = system is None or system.to_epsg() == 4326
    if one.wgs84_only and not wgs84:
        return _cannot(one, "no --crs: the format allows only WGS 84", system)
    if one.metres_only and system is not None and not _in_metres(system):
        return _cannot(one, "a projected CRS in metres, such as EPSG:2326", system)
    if not one.shifted and datum != "wgs84":
        return _cannot(one, "WGS 84: its readers would take shifted coordinates for it", datum)
    if one.extra and find_spec(one.extra[0]) is None:
        library, extra = one.extra
        return MissingExtraError(
            f"the format {one.name!r} needs {library}",
            hint=f"install it with: pip install 'hetao_geo[{extra}]'",
        )
    return None


def _cannot(one: Format, expected: str, found: pyproj.CRS | str | None) -> UsageError:
    asked = found.to_string() if isinstance(found, pyproj.CRS) else str(found)
    able = [row.name for row in FORMATS.values() if not row.wgs84_only and not row.metres_only]
    hint = f"leave it out, or choose another format ({', '.join(able)})"
    return UsageError(
        f"the format {one.name!r} cannot carry that", expected=expected, found=asked, hint=hint
    )


def _in_metres(system: pyproj.CRS) -> bool:
    return system.is_projected and all(axis.unit_name == "metre" for axis in system.axis_info)


def _place_notes(system: pyproj.CRS | None) -> tuple[str, ...]:
    """Return a warning if the CRS is made for another part of the world."""
    area = system.area_of_use if system else None
    if system is None or area is None:
        return ()
    west, east = area.west, area.east + (360 if area.east < area.west else 0)
    if west <= _PLACE[0] <= east and area.south <= _PLACE[1] <= area.north:
        return ()
    return (f"{system.to_string()} is made for {area.name}, not for the zone",)


def _words(names: str | Sequence[str]) -> list[str]:
    """Return the words of a comma list, or of several."""
    lists: Iterable[str] = [names] if isinstance(names, str) else names
    return [word.strip() for one in lists for word in str(one).split(",") if word.strip()]


def _check_known(kind: str, words: Sequence[str], known: Sequence[str]) -> None:
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        found = ", ".join(map(repr, unknown)) or "none"
        raise UsageError(f"unknown {kind}", expected=f"one of {', '.join(known)}", found=found)
