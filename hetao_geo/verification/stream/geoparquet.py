"""GeoParquet 1.0 and 1.1, as well-known binary or in the native GeoArrow encodings.

References
----------
GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.errors import DataError, MissingExtraError
from hetao_geo.verification import stream
from hetao_geo.verification.stream import wkb
from hetao_geo.verification.stream.batch import (
    Batch,
    flat_to_degrees,
    shapes_to_degrees,
    to_degrees,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile


def open_file(path: str | os.PathLike[str], stated: str, size: int) -> stream.Source:
    """Open a GeoParquet file; see `hetao_geo.verification.stream.open_stream`."""
    file = _open(path)
    column, about = _geometry(file, path)
    fields = [name for name in file.schema_arrow.names if name != column]
    if stated not in fields:
        raise stream.no_field(stated, fields, path)
    check_type(file.schema_arrow.field(stated).type, stated, path)
    crs, warnings = _crs(about)

    def batches() -> Iterator[Batch]:
        convert = to_degrees(crs)
        first = 0
        wanted = list(dict.fromkeys([column, stated, *(["id"] if "id" in fields else [])]))
        for rows in file.iter_batches(stream.BATCH, columns=wanted):
            yield make_batch(rows, column, stated, first, convert, about)
            first += len(rows)

    rows = file.metadata.num_rows
    return stream.Source("geoparquet", crs.name, rows, size, batches, warnings)


def make_batch(
    rows: pa.RecordBatch,
    column: str,
    stated: str,
    first: int,
    convert: Any,
    about: dict[str, Any],
) -> Batch:
    """Return a record batch as rows to evaluate.

    Parameters
    ----------
    rows : pyarrow.RecordBatch
    column, stated : str
        Names of the columns of geometries and of declared areas.
    first : int
        Number of its first row.
    convert : callable, optional
        See `to_degrees`.
    about : dict
        What GeoParquet says of the column: its ``encoding``, for one.
    """
    encoding = about["encoding"]
    geometry = rows.column(rows.schema.get_field_index(column))
    if encoding == "WKB":
        plain, polygons, others = wkb.decode(geometry)
        others = shapes_to_degrees(others, convert)
    else:
        polygons = native(geometry, encoding)
        plain, others = np.ones(len(rows), bool), np.empty(0, object)
    ids = rows.column("id").to_numpy(zero_copy_only=False) if "id" in rows.schema.names else None
    return Batch(
        first,
        rows.column(rows.schema.get_field_index(stated)).to_numpy(zero_copy_only=False),
        plain,
        flat_to_degrees(polygons, convert),
        others,
        ids=ids,
        geometry=geometry,
        metadata={b"geo": _metadata(about)},
    )


def _metadata(about: dict[str, Any]) -> bytes:
    column: dict[str, Any] = {
        key: about[key] for key in about if key in ("crs", "edges", "encoding")
    }
    column["geometry_types"] = about.get("geometry_types", [])
    geo = {"columns": {"geometry": column}, "primary_column": "geometry", "version": "1.1.0"}
    return json.dumps(geo, sort_keys=True).encode()


def native(column: pa.Array, encoding: str) -> Polygons:
    """Return polygons in a native GeoArrow encoding; nothing is copied but the positions."""
    missing = column.is_null().to_numpy(zero_copy_only=False)
    levels, inner = [], column
    for _ in range(3 if encoding == "multipolygon" else 2):
        levels.append(np.asarray(inner.offsets))
        inner = inner.values
    x, y = (np.asarray(inner.field(axis)) for axis in ("x", "y"))
    geometries = levels[0] if encoding == "multipolygon" else None
    return Polygons(x, y, levels[-1], levels[-2], geometries, missing if missing.any() else None)


def check_type(kind: pa.DataType, stated: str, path: str | os.PathLike[str]) -> None:
    """Raise `UsageError` unless a column of this type can hold areas."""
    import pyarrow as pa

    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if not (is_number or pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise stream.not_numbers(stated, str(kind), path)


def _open(path: str | os.PathLike[str]) -> ParquetFile:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError(
            "GeoParquet needs pyarrow",
            where=os.fspath(path),
            hint="pip install 'hetao_geo[parquet]'",
        ) from error
    try:
        # Buffered: a whole group of rows, perhaps of a million, is never in memory.
        return pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, str(error).splitlines()[0]) from error


def _geometry(file: ParquetFile, path: str | os.PathLike[str]) -> tuple[str, dict[str, Any]]:
    """Return the name of the geometry column and what the file says about it."""
    try:
        geo = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        column = geo["primary_column"]
        about = geo["columns"][column]
        encoding = about["encoding"]
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"no usable 'geo' metadata ({error!r})") from error
    if encoding not in ("WKB", "polygon", "multipolygon"):
        raise DataError(
            "no polygons",
            where=os.fspath(path),
            expected="the encoding WKB, polygon or multipolygon",
            found=repr(encoding),
        )
    if column not in file.schema_arrow.names:
        raise _damaged(path, f"no column {column!r}")
    return column, about


def _crs(about: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if about.get("crs", "absent") is None:
        return CRS("OGC:CRS84"), ("the file names no CRS; its coordinates are taken as WGS 84",)
    try:
        return CRS.from_user_input(about.get("crs", "OGC:CRS84")), ()
    except CRSError as error:
        raise DataError(
            "unknown CRS in the file", expected="PROJJSON", found=str(error)[:80]
        ) from error


def _damaged(path: str | os.PathLike[str], found: str) -> DataError:
    return DataError(
        "not a GeoParquet file",
        where=os.fspath(path),
        expected="GeoParquet 1.0 or 1.1",
        found=found,
        hint="write it again, with geopandas.GeoDataFrame.to_parquet say",
    )
