"""Any polygon file to batches in WGS 84: the one door for foreign bytes.

``sniff`` tells what a file is, ``guard`` opens it and nothing else; a module a format reads it.

"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hetao_geo import files
from hetao_geo.errors import UsageError
from hetao_geo.geojson import Limits
from hetao_geo.reading import archive, coordinates, guard, sniff
from hetao_geo.reading import encoding as encodings
from hetao_geo.reading.guard import Unreadable
from hetao_geo.reading.model import REASONS, Batch, Rows, Source

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "FORMATS",
    "LAYERED",
    "REASONS",
    "Batch",
    "Rows",
    "Source",
    "Unreadable",
    "choose",
    "files_of",
    "format_of",
    "from_frame",
    "layers",
    "open_file",
]

FORMATS = {
    "geojson": "GeoJSON",
    "geojsonseq": "GeoJSON text sequence",
    "geopackage": "GeoPackage",
    "shapefile": "Shapefile",
    "flatgeobuf": "FlatGeobuf",
    "geoparquet": "GeoParquet",
    "kml": "KML",
    "csv": "CSV with WKT",
}
# Format to the module that reads it and its function.
_OPENERS = {
    "geojson": ("documents", "open_geojson"),
    "geojsonseq": ("documents", "open_sequence"),
    "geopackage": ("geopackage", "open_file"),
    "shapefile": ("shapefile", "open_file"),
    "flatgeobuf": ("flatgeobuf", "open_file"),
    "geoparquet": ("geoparquet", "open_file"),
    "kml": ("kml", "open_file"),
    "csv": ("table", "open_file"),
}
LAYERED = ("geopackage", "shapefile")
"""The formats that can have several layers."""


def format_of(path: str | os.PathLike[str], limits: Limits | None = None) -> str:
    """Return the key of `FORMATS` for a local regular file, by its content.

    Raises
    ------
    Unreadable
        It is something else; what is known is named, with the command that converts it.
    DataError
        It is missing, cannot be read, or is a folder, pipe or device.
    """
    with guard.open_regular(path) as file:
        try:
            name = sniff.recognise(file, path)
        except OSError as error:
            raise files.unreadable(path, error.strerror or str(error)) from error
    return _in_archive(path, limits or Limits()) if name == "zip" else name


def _in_archive(path: str | os.PathLike[str], limits: Limits) -> str:
    with archive.opened(path, limits) as held:
        names = [name for name, _ in archive.members(held)]
    endings = {name.suffix.lower() for name in names}
    if ".shp" in endings:
        return "shapefile"
    if ".kml" in endings:
        return "kml"
    if ".gdbtable" in endings:
        raise sniff.known(path, "a File Geodatabase (Esri)", "ogr2ogr OUT.gpkg {file}")
    if PurePosixPath("[Content_Types].xml") in names:
        raise sniff.known(path, "an Office document", None)
    hint = "unpack it: unzip " + guard.name_of(path)
    found = "a zip file without .shp or .kml"
    raise Unreadable("unknown-format", path, found=found, hint=hint if names else None)


def open_file(
    path: str | os.PathLike[str],
    *,
    layer: str | None = None,
    encoding: str | None = None,
    assume: str | None = None,
    limits: Limits | None = None,
) -> Source:
    """Open a file of polygons.

    Parameters
    ----------
    path : path
        A local regular file of one of `FORMATS`, known by its content.
    layer : str, optional
        The layer of a file with several.
    encoding : str, optional
        Of its text, where the file does not say it or is wrong.
    assume : str, optional
        What its coordinates are, whatever it says: ``gcj02``, ``EPSG:2326``, ``wgs84-swapped``;
        see `hetao_geo.reading.coordinates.find`.
    limits : Limits, optional
        Bytes that are too many. Without it only files that must be in memory as a whole have a
        limit: GeoJSON, KML, CSV and archives.

    Raises
    ------
    Unreadable
        The file is damaged, too large, or of a format that is not read.
    DataError
        It is missing, cannot be read, or is a folder, pipe or device.
    UsageError
        No such layer, several layers and no choice, or an unknown CRS or encoding.
    MissingExtraError
        The format needs a library that is not installed.
    """
    known, text = coordinates.find(assume) if assume else None, encodings.check(encoding)
    bounds = limits or Limits()
    if limits is not None:
        with guard.open_regular(path) as file:
            guard.check_size(path, os.fstat(file.fileno()).st_size, limits)
    chosen = choose(layers(path, bounds), layer, path)
    module, function = _OPENERS[format_of(path, bounds)]
    opener = getattr(import_module(f"hetao_geo.reading.{module}"), function)
    source: Source = opener(path, chosen, bounds, text)
    return source.as_assumed(known.name if known else None)


def files_of(path: str | os.PathLike[str]) -> list[Path]:
    """Return the files that reading `path` may open: itself and its side files."""
    whole = Path(os.fsdecode(path))
    logs = [Path(f"{whole}{end}") for end in ("-wal", "-journal", "-shm")]
    sides = [guard.side_file(path, end) for end in (".shx", ".dbf", ".cpg", ".prj")]
    return [one for one in (whole, *logs, *sides) if one is not None]


def layers(path: str | os.PathLike[str], limits: Limits | None = None) -> list[tuple[str, bool]]:
    """Return the names of the layers of a file, and whether each can hold polygons.

    Errors are those of `open_file`.
    """
    bounds = limits or Limits()
    name = format_of(path, bounds)
    if name not in LAYERED:
        return [(Path(guard.name_of(path)).name, True)]
    module = import_module(f"hetao_geo.reading.{_OPENERS[name][0]}")
    held: list[tuple[str, bool]] = module.layers(path, bounds)
    return held


def choose(
    held: Sequence[tuple[str, bool]], wanted: str | None, path: str | os.PathLike[str]
) -> str:
    """Return the layer to read: the one of that name, or the only one that can hold polygons.

    Parameters
    ----------
    held : sequence of (str, bool)
        From `layers`.
    wanted : str, optional
        What the caller named.
    path : path
        For the error.

    Raises
    ------
    UsageError
        There is no such, or there are several; the error lists them.
    """
    names = [name for name, _ in held]
    likely = names if len(names) == 1 else [name for name, areal in held if areal]
    if wanted is not None and wanted in names:
        return wanted
    if wanted is None and len(likely) == 1:
        return likely[0]
    raise UsageError(
        "which layer",
        where=guard.name_of(path),
        expected=f"one of {', '.join(names[:50]) or '(no layers)'}",
        found=repr(wanted) if wanted else f"{len(names)} layers and no choice",
        hint="choose one with --layer",
    )


def from_frame(frame: geopandas.GeoDataFrame, *, assume: str | None = None) -> Source:
    """Return the rows of a frame as a source, so that it takes the same way as a file.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        In any CRS; without one its coordinates are taken as WGS 84, longitude first.
    assume : str, optional
        As in `open_file`.
    """
    frames: Any = import_module("hetao_geo.reading.frames")
    known = coordinates.find(assume).name if assume else None
    source: Source = frames.open_frame(frame).as_assumed(known)
    return source
