"""GeoParquet 1.0 and 1.1, as well-known binary or in the native GeoArrow encodings.

References
----------
GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/
GeoArrow 0.2, https://geoarrow.org/format.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.errors import DataError, MissingExtraError
from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import arrow, columns, declared_crs, geometry, guard, wkb
from hetao_geo.reading.coordinates import WGS84
from hetao_geo.reading.model import Rows, Source

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

# Rows, and bytes of a batch, that are in memory at a time: 65,536 parcels take about 50 MB with
# all that is made of them.
_ROWS, _BYTES = 65_536, 48 << 20
# How many lists stand around the positions of an encoding.
_NATIVE = {
    "point": 0, "linestring": 1, "multipoint": 1, "polygon": 2, "multilinestring": 2,
    "multipolygon": 3,
}  # fmt: skip


@dataclass(frozen=True)
class _Layer:
    """What the metadata say of the column of geometries."""

    column: str
    encoding: str
    about: dict[str, Any]


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a GeoParquet file; see `hetao_geo.reading.open_file`."""
    with _open(path) as file:
        schema, count = file.schema_arrow, file.metadata.num_rows
        found = _geometry(schema.metadata, schema.names, path)
        step = _step(file, found.column)
    kind = schema.field(found.column).type
    _check_type(kind, found, path)
    stored = _distinct(schema.names)
    fields = {
        name: arrow.word(schema.field(at).type)
        for at, name in enumerate(stored)
        if name != found.column and not _is_covering(name, found.about)
    }
    notes = tuple(
        f"two columns have one name; one is read as {printable(name)[:60]}"
        for name, old in zip(stored, schema.names, strict=True)
        if name != old
    )
    crs, unknown = _crs(found.about)
    named = columns.id_field(fields)

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        needed = [found.column, *([named] if named else []), *asked]
        names = sorted({schema.names[stored.index(name)] for name in needed})
        first = 0
        with _open(path) as file:
            for rows in file.iter_batches(step, columns=names):
                rows.validate(full=True)
                distinct = rows.rename_columns(_distinct(rows.schema.names))
                yield _rows(distinct, found, named, asked, first)
                first += len(rows)

    size = Path(path).stat().st_size
    return Source(
        os.fspath(path), "geoparquet", layer, (layer,), crs, count, fields, size, read,
        unknown_crs=unknown, warnings=notes, geometry_metadata=found.about,
    )  # fmt: skip


@contextmanager
def _open(path: str | os.PathLike[str]) -> Iterator[ParquetFile]:
    """Open the file; whatever pyarrow finds wrong with it, now or later, is damage."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError(
            "GeoParquet needs pyarrow",
            where=guard.name_of(path),
            hint="pip install 'hetao_geo[parquet]'",
        ) from error
    raw = guard.open_regular(path)
    try:
        # Buffered: a whole group of rows, perhaps of a million, is never in memory.
        with raw, pq.ParquetFile(_native(raw, path), buffer_size=1 << 20, pre_buffer=False) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, DataError):
            raise
        found = (str(error).splitlines() or ["?"])[0]
        expected = "GeoParquet 1.0 or 1.1"
        raise guard.Unreadable("bad-container", path, expected=expected, found=found) from error


def _native(raw: BinaryIO, path: str | os.PathLike[str]) -> Any:
    """Return a file that Arrow reads by itself; names that are not UTF-8 it does not take."""
    import pyarrow as pa

    name = str(Path(os.fsdecode(path)).resolve())
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return pa.PythonFile(raw)
    return pa.OSFile(name)


def _step(file: ParquetFile, column: str) -> int:
    """Return how many rows of the largest group of rows fill a batch."""
    step = _ROWS
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        size = sum(
            group.column(i).total_uncompressed_size
            for i in range(group.num_columns)
            if group.column(i).path_in_schema.split(".")[0] == column
        )
        step = min(step, max(_BYTES * max(group.num_rows, 1) // max(size, 1), 1))
    return step


def _geometry(
    metadata: dict[bytes, bytes] | None, names: list[str], path: str | os.PathLike[str]
) -> _Layer:
    """Return the column of geometries and what the file says about it."""
    try:
        geo = json.loads((metadata or {})[b"geo"])
        column = geo["primary_column"]
        about = geo["columns"][column]
        encoding = about["encoding"]
        known = encoding == "WKB" or encoding in _NATIVE
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        found = "Parquet without usable 'geo' metadata"
        raise guard.Unreadable(
            "unknown-format", path, expected="GeoParquet",
            found=f"{found} ({type(error).__name__})",
            hint="write it again, with geopandas.GeoDataFrame.to_parquet say",
        ) from error  # fmt: skip
    if not known or names.count(column) != 1:
        found = f"encoding {encoding!r}" if not known else f"{names.count(column)} such columns"
        expected = f"one column of geometries, as WKB or {', '.join(_NATIVE)}"
        raise guard.Unreadable("bad-container", path, expected=expected, found=found)
    return _Layer(column, encoding, about)


def _check_type(kind: pa.DataType, layer: _Layer, path: str | os.PathLike[str]) -> None:
    import pyarrow as pa

    inner, depth = kind, 0
    while pa.types.is_list(inner) or pa.types.is_large_list(inner):
        inner, depth = inner.value_type, depth + 1
    if layer.encoding == "WKB":
        right = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
        right |= pa.types.is_binary_view(kind)
    else:
        right = depth == _NATIVE[layer.encoding] and pa.types.is_struct(inner)
        right = right and {"x", "y"} <= {inner.field(i).name for i in range(inner.num_fields)}
    if not right:
        place = f"column {printable(layer.column)[:60]}"
        expected = f"geometries as {layer.encoding}"
        raise guard.Unreadable("bad-container", path, place, expected=expected, found=str(kind))


def _distinct(names: list[str]) -> list[str]:
    """Return names of which each stands once: the second of two gets a number.

    Examples
    --------
    >>> _distinct(["area", "id", "area"])
    ['area', 'id', 'area (2)']
    """
    given: list[str] = []
    for name in names:
        number = 2
        fresh = name
        while fresh in given:
            fresh, number = f"{name} ({number})", number + 1
        given.append(fresh)
    return given


def _is_covering(name: str, about: dict[str, Any]) -> bool:
    """Say whether a column holds the boxes of the geometries, which are no values of theirs."""
    return name in json.dumps(about.get("covering") or "")


def _crs(about: dict[str, Any]) -> tuple[str | None, str | None]:
    if "crs" not in about:
        return WGS84, None
    return (None, None) if about["crs"] is None else declared_crs.or_unknown(about["crs"])


def _rows(
    rows: pa.RecordBatch, layer: _Layer, named: str | None, asked: list[str], first: int
) -> Rows:
    stored = rows.column(layer.column)
    held = {name: arrow.column(rows.column(name)) for name in asked}
    ids = arrow.texts(rows.column(named)) if named else None
    decoded = _wkb(stored) if layer.encoding == "WKB" else native(stored, layer.encoding)
    if ids is None:
        ids = np.full(len(rows), None, object)
    return Rows(first, decoded, ids, held, geometry_column=stored)


def _wkb(stored: pa.Array) -> geometry.Geometries:
    import pyarrow as pa

    if pa.types.is_binary_view(stored.type):
        stored = stored.cast(pa.large_binary())
    return wkb.from_arrow(stored)


def native(stored: pa.Array, encoding: str) -> geometry.Geometries:
    """Return geometries in a native GeoArrow encoding; of polygons only positions are copied."""
    missing = stored.is_null().to_numpy(zero_copy_only=False)
    levels, inner = [], stored
    for _ in range(_NATIVE[encoding]):
        levels.append(np.asarray(inner.offsets).astype(np.int64))
        inner = inner.values
    x, y = (np.asarray(inner.field(axis), np.float64) for axis in ("x", "y"))
    if encoding not in ("polygon", "multipolygon"):
        return geometry.from_shapes(_ragged(encoding, x, y, levels[::-1], missing))
    rows = levels[0] if encoding == "multipolygon" else None
    return geometry.from_polygons(
        Polygons(x, y, levels[-1], levels[-2], rows, missing if missing.any() else None)
    )


def _ragged(encoding: str, x: Any, y: Any, offsets: list[Any], missing: Any) -> Any:
    import shapely

    kind = shapely.GeometryType[encoding.upper()]
    shapes = shapely.from_ragged_array(kind, np.column_stack([x, y]), tuple(offsets) or None)
    shapes[missing] = None
    return shapes
