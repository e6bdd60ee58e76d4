"""Every row of a report into a file, or onto the screen, that appears when it is whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import files
from hetao_geo.area import Polygons, to_shapely
from hetao_geo.errors import MissingExtraError
from hetao_geo.report.document import Writer, text_writer
from hetao_geo.verification import Report, evaluate
from hetao_geo.verification.rows import Rows

if TYPE_CHECKING:
    from hetao_geo.reading import Batch

# Ending of the output -> format.
ENDINGS = {".txt": "text", ".md": "markdown", ".json": "json", ".csv": "csv", ".parquet": "parquet"}
# Formats that hold every row of a file.
ROWS = ("json", "csv", "parquet")


@contextmanager
def opened(
    name: str,
    path: str | os.PathLike[str],
    unit: str,
    language: str,
    metadata: Mapping[str, object] | None = None,
) -> Iterator[Writer]:
    """Give what takes every row.

    Parameters
    ----------
    name : {"json", "csv", "parquet"}
    path : path
        The output; ``-`` is the screen.
    unit : {"m2", "ha", "km2", "mu"}
        Of the areas.
    language : {"en", "zh-Hans", "zh-Hant"}
        Of the names.
    metadata : mapping, optional
        What GeoParquet says of the geometries of the file.

    Raises
    ------
    OutputError
        As `hetao_geo.files.replacing`.
    MissingExtraError
        GeoParquet, without pyarrow.
    """
    with files.replacing(path) as temporary:
        if name == "parquet":
            yield GeoParquetWriter(temporary, unit, metadata)
            return
        with temporary.open("w", encoding="utf-8", newline="") as out:
            yield text_writer(name, out, unit, language)


class GeoParquetWriter:
    """The columns of results, and the geometries as in the file."""

    def __init__(self, path: Path, unit: str, metadata: Mapping[str, object] | None) -> None:
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                "GeoParquet needs pyarrow", hint="pip install 'hetao_geo[parquet]'"
            ) from error
        self.path, self.unit, self.metadata = path, unit, metadata
        self.file: Any = None

    def add(self, batch: Batch | None, rows: Rows) -> None:
        """Write some more rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        geometry = _as_in_file(batch, len(rows))
        metadata = _geo(None if geometry is None else self.metadata)
        held = pa.Table.from_pandas(rows.frame(self.unit), preserve_index=False)
        made = _geometry(batch, len(rows)) if geometry is None else geometry
        held = held.append_column("geometry", made).replace_schema_metadata(metadata)
        if self.file is None:
            self.file = pq.ParquetWriter(self.path, held.schema, compression="zstd")
        self.file.write_table(held.cast(self.file.schema))

    def close(self, report: Report) -> None:
        """Complete the file."""
        if self.file is None:
            nothing = evaluate(Polygons(np.empty(0), np.empty(0), np.zeros(1, np.int64)), [])
            self.add(None, Rows(nothing, np.empty(0, object)))
        self.file.close()


def _geo(metadata: Mapping[str, object] | None) -> dict[bytes, bytes]:
    """Return what GeoParquet says of the column: as the file does, else WKB in WGS 84."""
    known = {k: v for k, v in (metadata or {}).items() if k in ("crs", "edges", "encoding")}
    column = {"encoding": "WKB", "geometry_types": [], **known}
    geo = {"columns": {"geometry": column}, "primary_column": "geometry", "version": "1.1.0"}
    return {b"geo": json.dumps(geo, sort_keys=True).encode()}


def _as_in_file(batch: Batch | None, rows: int) -> Any:
    return batch.geometry_column if batch is not None and len(batch) == rows else None


def _geometry(batch: Batch | None, rows: int) -> Any:
    """Return well-known binary of the polygons; null for all of a file together."""
    import pyarrow as pa
    import shapely

    if batch is None or len(batch) != rows:
        return pa.nulls(rows, pa.binary())
    shapes = to_shapely(batch.polygons)
    single = shapely.get_num_geometries(shapes) == 1
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    shapes = np.where(batch.reasons == 0, shapes, batch.others)
    return pa.array(shapely.to_wkb(shapes), pa.binary())
