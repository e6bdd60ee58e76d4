"""GeoPackage through SQLite alone: plain tables of features, whatever else the file holds.

Views, triggers and virtual tables can hide code or other files behind a layer (GDAL's
``VirtualOGR`` reads any file). A layer must be a plain table; nothing else is asked for. A file
with a write-ahead log is copied with it, so that the current rows are read and neither changes.

References
----------
OGC 12-128r19, GeoPackage Encoding Standard 1.4, https://www.geopackage.org/spec140/
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import columns, declared_crs, guard, wkb
from hetao_geo.reading.model import Rows, Source

# A step between two rows of a plain table takes far less; a hostile schema could take for ever.
LONGEST_STEP_S = 20.0
MOST_LAYERS = 1000
# Bytes of geometry and rows that are in memory at a time.
_BYTES, _ROWS = 32 << 20, 65_536

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
_FUNCTIONS = {"upper", "lower", "count"}
# What SQLite leaves beside a file that is in use: changes not yet in it, or to be taken back.
_LOGS = ("-wal", "-journal")
# Values of 'hidden' for columns that SQLite computes when they are read; functions in them escape
# the authorizer.
_COMPUTED = {2, 3}
_WORDS = (
    ("BOOL", "bool"), ("INT", "int"), ("REAL", "float"), ("DOUBLE", "float"), ("FLOAT", "float"),
    ("NUM", "float"), ("DEC", "float"), ("DATE", "str"), ("TEXT", "str"), ("CHAR", "str"),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A layer of a GeoPackage."""

    name: str
    """As the file has it."""
    geometry: str
    """Its column of geometries."""
    srs: int
    """Key of its CRS in the file."""
    columns: dict[str, str]
    """The plain columns and their declared types."""
    key: str | None
    """The primary key."""
    areal: bool
    """Whether it can hold polygons."""


def layers(path: str | os.PathLike[str], limits: Limits) -> list[tuple[str, bool]]:
    """Return the names of the layers, and whether each can hold polygons."""
    with _database(path) as database:
        tables, notes = _tables(database)
        if not tables:
            raise _no_table(database, path, notes)
        return [(printable(table.name), table.areal) for table in tables]


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a layer of a GeoPackage; see `hetao_geo.reading.open_file`."""
    with _database(path) as database:
        tables, notes = _tables(database)
        names = tuple(printable(table.name) for table in tables)
        table = tables[names.index(layer)]
        crs, unknown = _crs(database, table.srs)
        count = _stated_count(database, table.name)
        fields = _fields(table)
    size = Path(path).stat().st_size

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        with _database(path) as again:
            yield from _rows(again, table, list(fields) if wanted is None else wanted, path)

    return Source(
        os.fspath(path), "geopackage", printable(table.name), names, crs, count, fields, size, read,
        unknown_crs=unknown, warnings=notes,
    )  # fmt: skip


@contextmanager
def _database(path: str | os.PathLike[str]) -> Iterator[sqlite3.Connection]:
    """Open the file for reading, so that no byte of it or of its side files changes."""
    guard.open_regular(path).close()
    with tempfile.TemporaryDirectory(prefix="hetao-geo-") as folder:
        target, mode = Path(folder, "a.gpkg"), "mode=ro&immutable=1"
        logs = [log for log in _LOGS if _has_bytes(Path(os.fsdecode(path) + log))]
        if logs:
            mode = "mode=rw"
            shutil.copyfile(path, target)
        else:
            guard.link(path, target)
        for log in logs:
            shutil.copyfile(os.fsdecode(path) + log, f"{target}{log}")
        try:
            with closing(_open(f"file:{quote(str(target))}?{mode}")) as database:
                yield database
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            found = "a query that does not end" if "interrupted" in str(error) else str(error)
            raise guard.Unreadable(
                "bad-container", path, expected="a GeoPackage", found=found
            ) from error


def _has_bytes(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _open(uri: str) -> sqlite3.Connection:
    database = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            database.execute(f"PRAGMA {pragma}").close()
    except sqlite3.Error:
        database.close()
        raise
    # Text that is not UTF-8 is shown, not refused.
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    _give_time(database)
    database.set_authorizer(_authorize)
    return database


def _give_time(database: sqlite3.Connection) -> None:
    end = time.monotonic() + LONGEST_STEP_S
    database.set_progress_handler(lambda: time.monotonic() > end, 100_000)


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo":
        return sqlite3.SQLITE_OK
    known = action in _ALLOWED and (action != sqlite3.SQLITE_FUNCTION or second in _FUNCTIONS)
    return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> tuple[list[Table], tuple[str, ...]]:
    """Return the plain tables of features, and a sentence on each that is left alone."""
    wanted = "SELECT table_name, column_name, srs_id, geometry_type_name FROM gpkg_geometry_columns"
    tables, notes = [], []
    for name, column, srs, kind in sorted(
        database.execute(f"{wanted} LIMIT {MOST_LAYERS}").fetchall(), key=str
    ):
        if not isinstance(name, str) or not isinstance(column, str):
            notes.append("a layer without a name is left out")
            continue
        made = "SELECT type, sql FROM sqlite_master WHERE lower(name) = lower(?)"
        row = database.execute(made, (name,)).fetchone()
        if row is None or not str(row[1]).upper().lstrip().startswith("CREATE TABLE"):
            what = "view" if row and row[0] == "view" else "virtual or missing table"
            notes.append(f"the layer {printable(name)[:60]} is a {what} and is left out")
            continue
        info = database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
        plain = {one[1]: str(one[2]).upper() for one in info if one[-1] not in _COMPUTED}
        computed = [one[1] for one in info if one[-1] in _COMPUTED]
        geometry = next((one for one in plain if one.lower() == column.lower()), None)
        if geometry is None:
            notes.append(f"the layer {printable(name)[:60]} has no plain geometry and is left out")
            continue
        if computed:
            listed = printable(", ".join(map(str, computed)))[:80]
            notes.append(f"computed columns are left out: {listed}")
        key = next((one[1] for one in info if one[5] == 1), None)
        areal = (
            not str(kind).upper().endswith(("POINT", "LINESTRING", "CIRCULARSTRING", "MULTICURVE"))
        )
        tables.append(Table(name, geometry, srs, plain, key, areal))
    return tables, tuple(notes)


def _no_table(
    database: sqlite3.Connection, path: str | os.PathLike[str], notes: tuple[str, ...]
) -> guard.Unreadable:
    kinds = {str(row[0]) for row in database.execute("SELECT data_type FROM gpkg_contents")}
    if not notes and kinds & {"tiles", "2d-gridded-coverage"}:
        return guard.Unreadable(
            "unknown-format", path, found="a raster GeoPackage",
            hint="make polygons of it: gdal_polygonize.py " + guard.name_of(path) + " OUT.gpkg",
        )  # fmt: skip
    code = "unsafe-container" if notes else "unknown-format"
    found = "; ".join(notes) or "a GeoPackage without tables of features"
    return guard.Unreadable(code, path, expected="a plain table of features", found=found)


def _fields(table: Table) -> dict[str, str]:
    return {
        name: next((word for start, word in _WORDS if start in kind), "other")
        for name, kind in table.columns.items()
        if name not in (table.geometry, table.key if table.key == "fid" else None)
        and "BLOB" not in kind
    }


def _stated_count(database: sqlite3.Connection, name: str) -> int | None:
    try:
        query = "SELECT feature_count FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?)"
        row = database.execute(query, (name,)).fetchone()
    except sqlite3.OperationalError:  # an extension of GDAL, which others do not have
        return None
    return row[0] if row and isinstance(row[0], int) else None


def _rows(
    database: sqlite3.Connection,
    table: Table,
    wanted: Collection[str],
    path: str | os.PathLike[str],
) -> Iterator[Rows]:
    named = columns.id_field(table.columns) or table.key
    asked = list(dict.fromkeys([table.geometry, *([named] if named else []), *wanted]))
    cursor = database.execute(f"SELECT {', '.join(map(_quoted, asked))} FROM {_quoted(table.name)}")
    first, index = 0, {name: at for at, name in enumerate(asked)}
    for chunk in _chunks(cursor, database):
        held = list(zip(*chunk, strict=True))
        ids = held[index[named]] if named else [None] * len(chunk)
        booleans = {name for name in wanted if "BOOL" in table.columns.get(name, "")}
        yield Rows(
            first,
            wkb.from_geopackage(held[0]),
            columns.texts(ids),
            {
                name: columns.typed(_booleans(held[index[name]], name in booleans))
                for name in wanted
                if name in index
            },
        )
        first += len(chunk)


def _booleans(values: Collection[Any], boolean: bool) -> list[Any]:
    return [bool(value) if boolean and value in (0, 1) else value for value in values]


def _chunks(
    cursor: sqlite3.Cursor, database: sqlite3.Connection
) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    size = 0
    # Row by row only in the count of bytes: a thousand parcels are fetched at a time.
    step = 1
    while rows := cursor.fetchmany(step):
        _give_time(database)
        chunk += rows
        size += sum(len(row[0]) for row in rows if isinstance(row[0], bytes))
        if size > _BYTES or len(chunk) >= _ROWS:
            yield chunk
            chunk, size = [], 0
        step = max(1, min(1000, _BYTES // 8 * len(chunk) // max(size, 1))) if chunk else 1
    if chunk:
        yield chunk


def _crs(database: sqlite3.Connection, srs: int) -> tuple[str | None, str | None]:
    query = (
        "SELECT organization, organization_coordsys_id, definition "
        "FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    )
    row = database.execute(query, (srs,)).fetchone()
    if row is None or srs in (0, -1):
        return None, None
    registered = str(row[0]).upper() in ("EPSG", "ESRI", "OGC")
    definition = f"{row[0]}:{row[1]}" if registered else str(row[2])
    return declared_crs.or_unknown(definition)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
