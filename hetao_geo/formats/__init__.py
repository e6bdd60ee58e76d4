"""The layers of the zone in the formats of GIS, CAD, spreadsheets and globes.

`FORMATS` is the table of formats: a new one is a row here and a module with a ``write``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyproj

    from hetao_geo.formats.tables import Table

__all__ = ["FORMATS", "Export", "Format", "export"]


@dataclass(frozen=True)
class Format:
    """One format: what it can carry and which module writes it."""

    name: str
    """Name for ``--format``."""
    title: str
    """What it is."""
    suffix: str
    """End of the file name."""
    module: str
    """Module of `hetao_geo.formats` with ``write(tables, path)``."""
    one_file: bool = False
    """All layers in one file; else one file a layer."""
    wgs84_only: bool = False
    """The format allows no CRS but WGS 84."""
    metres_only: bool = False
    """The format allows only projected coordinates in metres."""
    shifted: bool = True
    """Can carry GCJ-02 and BD-09 without calling them something else."""
    crs: str = "EPSG:4326"
    """CRS where the caller names none."""
    long_name: str = ""
    """Another name that people use for it."""
    extra: tuple[str, str] | None = None
    """The library it needs and the extra of hetao_geo that installs it."""


FORMATS = {
    row.name: row
    for row in (
        Format(
            "gpkg",
            "GeoPackage 1.3, styled for QGIS",
            ".gpkg",
            "geopackage",
            one_file=True,
            long_name="geopackage",
        ),
        Format(
            "geojson", "GeoJSON (RFC 7946) and a QGIS style", ".geojson", "rfc7946", wgs84_only=True
        ),
        Format("fgb", "FlatGeobuf and a QGIS style", ".fgb", "flatgeobuf", long_name="flatgeobuf"),
        Format(
            "kmz",
            "KMZ for globes, with pop-ups",
            ".kmz",
            "kml",
            one_file=True,
            wgs84_only=True,
            shifted=False,
            long_name="kml",
        ),
        Format("shp", "Shapefile, zipped", ".shp.zip", "shapefile", long_name="shapefile"),
        Format("csv", "CSV with WKT, for spreadsheets", ".csv", "spreadsheet"),
        Format(
            "parquet",
            "GeoParquet 1.1",
            ".parquet",
            "parquet",
            long_name="geoparquet",
            extra=("pyarrow", "parquet"),
        ),
        Format(
            "dxf",
            "DXF for CAD, in metres",
            ".dxf",
            "dxf",
            one_file=True,
            metres_only=True,
            shifted=False,
            crs="EPSG:2326",
            extra=("ezdxf", "dxf"),
        ),
    )
}


@dataclass(frozen=True)
class Export:
    """What an export wrote."""

    folder: Path
    """The folder."""
    files: tuple[Path, ...]
    """Every file written, README.txt and the licence last."""
    notes: tuple[str, ...] = ()
    """What a reader should know: what ``all`` left out and why, a CRS made for elsewhere."""


def export(
    folder: str | Path,
    *,
    formats: str | Sequence[str] = "gpkg",
    layers: str | Sequence[str] | None = None,
    crs: str | int | None = None,
    datum: str = "wgs84",
) -> Export:
    """Write layers of the zone to files for GIS, CAD, spreadsheets and globes.

    Parameters
    ----------
    folder : path
        Where to write; made if its parent exists. Files of the same names are replaced, all
        others stay.
    formats : str or sequence of str
        Names of `FORMATS`, or ``"all"``: every format that can carry the choice of CRS and datum
        and whose library is installed.
    layers : str or sequence of str, optional
        Names of layers; all by default.
    crs : str or int, optional
        EPSG code such as ``"EPSG:2326"``. WGS 84 by default, and EPSG:2326 for DXF. Coordinates
        are easting or longitude first in every format. A file in another CRS than its format's
        own is named for it: ``parks.epsg4547.csv``.
    datum : {"wgs84", "gcj02", "bd09"}
        Datum of the coordinates. The shifted ones have a field ``datum``, stand in the file name
        and carry no CRS, because none exists.

    Returns
    -------
    Export
        The files and what a reader should know.

    Raises
    ------
    UsageError
        An unknown format, layer, CRS or datum, or a combination that no file could tell truly.
    MissingExtraError
        A format needs a library that is not installed; the error names the extra.
    OutputError
        The folder cannot be written; nothing was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     made = export(f"{home}/out", formats="csv", layers="parks")
    ...     [file.name for file in made.files]
    ['parks.csv', 'README.txt', 'LICENSE.txt']
    """
    from hetao_geo.formats import choice, notice, output, tables

    system = choice.crs(crs)
    chosen, notes = choice.formats(formats, system, choice.datum(datum, system))
    shapes = [tables.to_datum(tables.read(name), datum) for name in choice.layers(layers)]
    with output.atomic_directory(folder) as (target, temporary):
        for one in chosen:
            _write(one, shapes, system, temporary)
        side_files = notice.side_files(
            [one.name for one in chosen],
            [table.layer.name for table in shapes],
            _suffix(FORMATS["gpkg"], system, datum),
        )
        for name, content in side_files.items():
            (temporary / name).write_bytes(content)
        names = output.names(temporary, last=tuple(side_files))
    return Export(target, tuple(target / name for name in names), notes)


def _write(
    one: Format, shapes: Sequence[Table], system: pyproj.CRS | None, temporary: Path
) -> None:
    import pyproj

    from hetao_geo.formats import tables

    writer = import_module(f"hetao_geo.formats.{one.module}")
    if shapes[0].datum == "wgs84":
        goal = system or pyproj.CRS(one.crs)
        shapes = [tables.to_crs(table, goal) for table in shapes]
    suffix = _suffix(one, system, shapes[0].datum)
    if one.one_file:
        writer.write(shapes, temporary / f"hetao{suffix}{one.suffix}")
        return
    for table in shapes:
        writer.write([table], temporary / f"{table.layer.name}{suffix}{one.suffix}")


def _suffix(one: Format, system: pyproj.CRS | None, datum: str) -> str:
    """Return what a file name says of coordinates other than the format has by itself."""
    if datum != "wgs84":
        return f".{datum}"
    code = system.to_string() if system else one.crs
    return "" if code == one.crs else f".{code.replace(':', '').lower()}"
