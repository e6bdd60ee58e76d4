"""Write evaluated rows as they come, to one file that appears when it is whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import files
from hetao_geo.errors import MissingExtraError, UsageError
from hetao_geo.verification.rows import REASONS, VERDICTS, Evaluation

if TYPE_CHECKING:
    import pyarrow as pa

    from hetao_geo.verification.stream import Batch

    Write = Callable[[Batch, Evaluation], None]

FORMS = (".parquet", ".csv", ".json")
# Digits after the point: square metres, and per cent. Finer ones differ between processors.
AREA_DIGITS, PERCENT_DIGITS = 4, 6


@contextmanager
def writer(path: str | os.PathLike[str], summary: Callable[[], dict[str, Any]]) -> Iterator[Write]:
    """Give the function that writes one batch.

    Parameters
    ----------
    path : path
        Its end tells the form: GeoParquet, CSV or JSON.
    summary : callable
        Gives the summary when all rows are written; JSON ends with it.

    Raises
    ------
    UsageError
        Another end.
    OutputError
        The folder does not exist or cannot be written.
    """
    check(path)
    opened = {".parquet": _parquet, ".csv": _csv, ".json": _json}[Path(path).suffix.lower()]
    with files.replacing(path) as temporary, opened(temporary, summary) as write:
        yield write


def check(path: str | os.PathLike[str]) -> None:
    """Raise at once if no results could be written there; see `writer`."""
    form = Path(path).suffix.lower()
    if form not in FORMS:
        raise UsageError(
            "unknown form of results",
            where=os.fspath(path),
            expected=f"a name that ends in {', '.join(FORMS)}",
            found=repr(form),
        )
    files.check_writable(path)


def table(batch: Batch, evaluated: Evaluation) -> pa.RecordBatch:
    """Return the rows as an Arrow record batch."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError(
            "a table of results needs pyarrow", hint="pip install 'hetao_geo[parquet]'"
        ) from error
    columns: dict[str, Any] = {"row": np.arange(batch.first, batch.first + len(batch))}
    if batch.ids is not None:
        columns["id"] = pa.array(batch.ids)
    for name in ("stated_m2", "measured_m2", "difference_m2", "limit_m2"):
        columns[name] = _numbers(getattr(evaluated, name), AREA_DIGITS)
    columns["difference_percent"] = _numbers(evaluated.difference_percent, PERCENT_DIGITS)
    columns["verdict"] = _words(evaluated.verdict, VERDICTS)
    columns["reason"] = _words(evaluated.reason, REASONS)
    return pa.RecordBatch.from_pydict(columns)


def _numbers(values: Any, digits: int) -> Any:
    import pyarrow as pa

    return pa.array(np.round(values, digits), from_pandas=True)


def _words(codes: Any, words: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(codes.astype(np.int8), pa.array(words))


@contextmanager
def _parquet(path: Path, summary: Callable[[], dict[str, Any]]) -> Iterator[Write]:
    made: list[Any] = []

    def write(batch: Batch, evaluated: Evaluation) -> None:
        import pyarrow.parquet as pq

        rows = table(batch, evaluated)
        rows = rows.append_column("geometry", _geometry(batch))
        rows = rows.replace_schema_metadata(batch.metadata or {b"geo": _WGS84})
        if not made:
            made.append(pq.ParquetWriter(path, rows.schema, compression="zstd"))
        made[0].write_batch(rows.cast(made[0].schema) if rows.schema != made[0].schema else rows)

    try:
        yield write
    finally:
        for file in made:
            file.close()


# What GeoParquet says of geometries in WGS 84, longitude first; that is its default.
_WGS84 = (
    b'{"columns":{"geometry":{"encoding":"WKB","geometry_types":[]}},'
    b'"primary_column":"geometry","version":"1.1.0"}'
)


def _geometry(batch: Batch) -> Any:
    """Return the column of the file, or one made of its geometries where it had none."""
    import pyarrow as pa
    import shapely

    if batch.geometry is not None:
        return batch.geometry
    return pa.array(shapely.to_wkb(batch.others), pa.binary())


@contextmanager
def _csv(path: Path, summary: Callable[[], dict[str, Any]]) -> Iterator[Write]:
    made: list[Any] = []

    def write(batch: Batch, evaluated: Evaluation) -> None:
        from pyarrow import csv

        rows = _plain(table(batch, evaluated))
        if not made:
            made.append(csv.CSVWriter(path, rows.schema))
        made[0].write_batch(rows)

    try:
        yield write
    finally:
        for file in made:
            file.close()


@contextmanager
def _json(path: Path, summary: Callable[[], dict[str, Any]]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"rows":[')
        lead = "\n"

        def write(batch: Batch, evaluated: Evaluation) -> None:
            nonlocal lead
            for row in table(batch, evaluated).to_pylist():
                file.write(lead + json.dumps(row, ensure_ascii=False, separators=(",", ":")))
                lead = ",\n"

        yield write
        file.write(f'\n],\n"summary":{json.dumps(summary(), ensure_ascii=False)}}}\n')


def _plain(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return the same with words in place of codes, which CSV cannot carry."""
    import pyarrow as pa

    arrays = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=rows.schema.names)
