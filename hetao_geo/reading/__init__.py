"""Any polygon file to batches in WGS 84: the one door for foreign bytes.

``sniff`` tells what a file is, ``guard`` opens it and nothing else; a module a format reads it.

"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from hetao_geo.errors import UsageError
from hetao_geo.geojson import Limits
from hetao_geo.reading import archive, coordinates, dbf, guard, sniff
from hetao_geo.reading.guard import Unreadable
from hetao_geo.reading.model import REASONS, Batch, Rows, Source

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "FORMATS",
    "REASONS",
    "Batch",
    "Rows",
    "Source",
    "Unreadable",
    "format_of",
    "from_frame",
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
_MODULES = {
    "geopackage": "geopackage", "shapefile": "shapefile", "flatgeobuf": "flatgeobuf",
    "geoparquet": "geoparquet", "kml": "kml", "csv": "table",
}  # fmt: skip


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
        name = sniff.recognise(file, path)
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
    known, text = coordinates.find(assume) if assume else None, dbf.check(encoding)
    bounds = limits or Limits()
    if limits is not None:
        with guard.open_regular(path) as file:
            guard.check_size(path, os.fstat(file.fileno()).st_size, limits)
    name = format_of(path, bounds)
    if name in ("geojson", "geojsonseq"):
        documents = import_module("hetao_geo.reading.documents")
        opener = documents.open_geojson if name == "geojson" else documents.open_sequence
        source = opener(path, name, bounds, text)
        choose(source.layers, layer, path)
    else:
        module = import_module(f"hetao_geo.reading.{_MODULES[name]}")
        source = module.open_file(path, layer, bounds, text)
        choose(source.layers, layer or source.layer, path)
    opened: Source = source.as_assumed(known.name if known else None)
    return opened


def choose(
    names: Sequence[str],
    wanted: str | None,
    path: str | os.PathLike[str],
    areal: Sequence[bool] | None = None,
) -> str:
    """Return the layer to read: the one of that name, or the only one that can hold polygons.

    Raises
    ------
    UsageError
        There is no such, or there are several; the error lists them.
    """
    if wanted is not None and wanted in names:
        return wanted
    likely = [name for name, fits in zip(names, areal or [True] * len(names), strict=True) if fits]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None and len(likely) == 1:
        return likely[0]
    shown = list(names[:50])
    raise UsageError(
        "which layer",
        where=guard.name_of(path),
        expected=f"one of {', '.join(shown) or '(no layers)'}",
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
