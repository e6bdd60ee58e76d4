"""Polygons of a GeoPackage, read from memory by SQLite alone.

SQLite gets the bytes and not the file, so that neither journals beside it nor anything else is
opened. Views, triggers and virtual tables can hide code or other files behind a layer (GDAL's
``VirtualOGR`` reads any file); a layer must be a plain table.

References
----------
OGC 12-128r19, GeoPackage Encoding Standard 1.4, https://www.geopackage.org/spec140/
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import shapely

from hetao_geo.checking.layer import Layer, Row, find_crs
from hetao_geo.geojson import Faults, Limits, printable, show

# A query of a plain table takes milliseconds; a hostile schema could make it run for ever.
LONGEST_QUERY_S = 60.0
MOST_LAYERS = 1000

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
_FUNCTIONS = {"upper", "lower", "count"}
# Values of 'hidden' for columns that SQLite computes when they are read; functions in them escape
# the authorizer.
_COMPUTED = {2, 3}
# Sizes of the optional envelope in the header of a geometry, by its code.
_ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def read(data: bytes, faults: Faults, limits: Limits) -> list[Layer]:
    """Return the layers of a GeoPackage.

    Parameters
    ----------
    data : bytes
        The whole file.
    faults : Faults
        Takes ``bad-container``, ``unsafe-container``, ``unknown-crs``.
    limits : Limits
        Bytes and vertices.
    """
    try:
        with closing(_open(data)) as database:
            return list(_layers(database, faults, limits))
    except (sqlite3.Error, UnicodeError, OverflowError, ValueError) as error:
        faults.add("bad-container", expected="a GeoPackage", found=printable(str(error))[:80])
        return []


def _open(data: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    # A file in write-ahead mode asks for its log beside it; in memory there is none.
    header = data[:18] + b"\x01\x01" + data[20:] if data[18:20] == b"\x02\x02" else data
    database.deserialize(header)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        database.execute(f"PRAGMA {pragma}").close()
    end = time.monotonic() + LONGEST_QUERY_S
    database.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(data), 1_000_000))
    database.set_authorizer(_authorize)
    return database


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo":
        return sqlite3.SQLITE_OK
    known = action in _ALLOWED and (action != sqlite3.SQLITE_FUNCTION or second in _FUNCTIONS)
    return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY


def _layers(database: sqlite3.Connection, faults: Faults, limits: Limits) -> Iterator[Layer]:
    wanted = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
    found = database.execute(f"{wanted} LIMIT {MOST_LAYERS}").fetchall()
    for table, column, srs in sorted(found, key=str):
        if not isinstance(table, str) or not isinstance(column, str):
            faults.add("bad-container", expected="names of layers", found=show(table))
            continue
        made = "SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)"
        row = database.execute(made, (table,)).fetchone()
        plain = row is not None and str(row[0]).upper().lstrip().startswith("CREATE TABLE")
        columns = database.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
        if not plain or _COMPUTED & {column[-1] for column in columns}:
            faults.add("unsafe-container", _name(table), expected="a plain table of features")
            continue
        yield _layer(database, table, column, srs, faults, limits)


def _layer(
    database: sqlite3.Connection,
    table: str,
    column: str,
    srs: int,
    faults: Faults,
    limits: Limits,
) -> Layer:
    rows: list[Row] = []
    vertices = 0
    cursor = database.execute(f"SELECT * FROM {_quoted(table)}")
    names = [item[0] for item in cursor.description]
    at = [name.lower() for name in names].index(column.lower())
    for number, values in enumerate(cursor):
        where = f"{_name(table)}, row {number + 1}"
        geometry = _geometry(values[at], where, faults)
        vertices += shapely.get_num_coordinates(geometry)
        if vertices > limits.vertices:
            faults.add("too-many-vertices", where, expected=f"at most {limits.vertices:,}")
            break
        held = {
            name: value
            for name, value in zip(names, values, strict=True)
            if name != names[at] and not isinstance(value, bytes)
        }
        identity = held.get("id", held.get("fid", number))
        rows.append(Row(identity, geometry, held, where))
    return Layer(printable(table), rows, _crs(database, srs, _name(table), faults))


def _geometry(blob: Any, where: str, faults: Faults) -> Any:
    """Return the geometry behind the header of 8 bytes and its envelope; None where none is."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        faults.add("invalid-geometry", where, expected="a GeoPackage geometry", found="other bytes")
        return None
    start = 8 + _ENVELOPE.get(blob[3] >> 1 & 7, 0)
    try:
        return shapely.from_wkb(blob[start:])
    except shapely.errors.GEOSException as error:
        faults.add("invalid-geometry", where, expected="WKB", found=printable(str(error))[:80])
        return None


def _crs(database: sqlite3.Connection, srs: int, where: str, faults: Faults) -> str | None:
    query = (
        "SELECT organization, organization_coordsys_id, definition "
        "FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    )
    row = database.execute(query, (srs,)).fetchone()
    if row is None or srs in (0, -1):
        return None
    if str(row[0]).upper() == "EPSG":
        return find_crs(f"EPSG:{row[1]}", where, faults)
    return find_crs(str(row[2]), where, faults)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _name(table: str) -> str:
    return f"layer {printable(str(table))[:60]}"
