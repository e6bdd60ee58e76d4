"""Verify a source of any size, batch by batch: the built-in report and a file go this one way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from hetao_geo import crs as crs_table
from hetao_geo.errors import UsageError
from hetao_geo.verification.by_crs import Comparison
from hetao_geo.verification.evaluation import compare
from hetao_geo.verification.fields import evaluate_batch, exactness, wanted_columns
from hetao_geo.verification.figures import Figures
from hetao_geo.verification.measurement import BESIDE, Measurement, measure, total
from hetao_geo.verification.model import Origin, Report
from hetao_geo.verification.options import Options
from hetao_geo.verification.rows import Rows
from hetao_geo.verification.summary import Summary
from hetao_geo.verification.warnings import warnings

if TYPE_CHECKING:
    from collections.abc import Collection

    from hetao_geo.reading import Batch

    Sink = Callable[[Batch, Rows], None]
    Progress = Callable[[int, float | None], None]

# Batches that are read and evaluated ahead of the one that is being counted.
_AHEAD = 2
_T = TypeVar("_T")


class Batches(Protocol):
    """What is verified: a file, a frame, or features; `hetao_geo.reading.Source` is one."""

    @property
    def rows(self) -> int | None:
        """How many rows there are, where that is known."""

    @property
    def size(self) -> int:
        """Bytes of the file, against which the progress is told."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Names of the fields, and their types."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader should know, one sentence each."""

    def batches(self, columns: Collection[str] | None = None) -> Iterator[Batch]:
        """Give the rows from the first."""


def verify_source(
    source: Batches,
    options: Options,
    *,
    keep: int | None = None,
    by_crs: bool = False,
    sink: Sink | None = None,
    progress: Progress | None = None,
    origin: Origin | None = None,
) -> Report:
    """Evaluate all rows of a source.

    Parameters
    ----------
    source : Batches
        Where the rows come from.
    options : Options
        What was asked for.
    keep : int, optional
        Keep the rows in the report if there are so many at most; None keeps all.
    by_crs : bool
        Also measure the sum of the areas in several CRSs.
    sink : callable, optional
        Gets every batch with its results, in order.
    progress : callable, optional
        Gets the number of rows done and their share of all, after each batch.
    origin : Origin, optional
        The file, for the report.

    Raises
    ------
    UsageError
        No such field.
    DataError
        The source is damaged.
    """
    figure = None if str(options.stated) in source.fields else options.figure
    if figure is None:
        _require_field(source, options)
    columns = [name for name in wanted_columns(options) if name in source.fields]
    summary, kept = Summary(), list[Rows]()
    comparison = Comparison(options.crs) if by_crs else None
    read = _watched(source, columns, progress)
    results = _all_together(read, options, figure) if figure else _each(read, options)
    for batch, rows, measured in results:
        if comparison and (rows is None or figure is None):
            comparison.add(measured)
        if rows is None:
            continue
        summary.add(rows, options.results_in)
        if sink:
            sink(batch, rows)
        if keep is None or summary.rows <= keep:
            kept.append(rows.settled())
    whole = sum(map(len, kept)) == summary.rows
    system = crs_table.get(options.crs or BESIDE)
    return Report(
        crs=system.code,
        crs_name=system.name,
        unit=options.results_in,
        options=options,
        summary=summary,
        parts=tuple(kept) if whole else (),
        by_crs=comparison.table() if comparison else (),
        warnings=(*source.warnings, *warnings(summary, options)),
        origin=origin,
    )


def ahead(batches: Iterable[Batch], work: Callable[[Batch], _T]) -> Iterator[tuple[Batch, _T]]:
    """Give batches with what was made of them, in order; the next are worked on meanwhile."""
    waiting: deque[tuple[Batch, Future[_T]]] = deque()
    with ThreadPoolExecutor(_AHEAD) as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > _AHEAD:
                done, result = waiting.popleft()
                yield done, result.result()
        while waiting:
            done, result = waiting.popleft()
            yield done, result.result()


_Results = Iterator[tuple["Batch", Rows | None, Measurement]]


def _each(batches: Iterable[Batch], options: Options) -> _Results:
    for batch, rows in ahead(batches, lambda batch: evaluate_batch(batch, options)):
        yield batch, rows, rows.evaluation.measured


def _all_together(batches: Iterable[Batch], options: Options, figure: Figures) -> _Results:
    """Give the measurements, and after the last one row for all polygons together."""

    def work(batch: Batch) -> Measurement:
        known = exactness(batch, options)
        return measure(batch.polygons, crs=options.crs, reasons=batch.reasons, **known)

    parts, last, measured = [], None, None
    for last, measured in ahead(batches, work):
        parts.append(total([measured], options.crs))
        yield last, None, measured
    if last is None or measured is None:
        return
    if last.first + len(last) == 1:
        evaluation = compare(figure, measured, options.max_difference)
        yield last, Rows(evaluation, last.ids, last.columns), measured
    else:
        evaluation = compare(figure, total(parts, options.crs), options.max_difference)
        yield last, Rows(evaluation, np.array(["total"], object)), evaluation.measured


def _watched(
    source: Batches, columns: Collection[str], progress: Progress | None
) -> Iterator[Batch]:
    for batch in source.batches(columns):
        yield batch
        if progress:
            rows = batch.first + len(batch)
            share = rows / source.rows if source.rows else None
            progress(rows, share or (batch.done / source.size if batch.done else None))


def _require_field(source: Batches, options: Options) -> None:
    if options.stated is None:
        raise UsageError(
            "no stated areas",
            where="--stated",
            expected="the name of a field, or a figure such as 0.87",
            found="nothing",
        )
    if options.stated not in source.fields and source.rows != 0:
        raise UsageError(
            "no such field",
            where="--stated",
            expected=f"a number or one of {', '.join(source.fields) or '(no fields)'}",
            found=repr(options.stated),
        )
