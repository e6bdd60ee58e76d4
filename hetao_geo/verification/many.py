"""Any number of declared areas: a file evaluated batch by batch, and what came of it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import crs as crs_table
from hetao_geo.verification import results
from hetao_geo.verification.rows import (
    REASONS,
    VERDICTS,
    Evaluation,
    check_crs,
    check_unit,
    require_share,
)
from hetao_geo.verification.stream import Batch, Source, open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rows that the summary names one by one.
NAMED = 10
# Classes of differences in per cent, for counting without keeping them.
CLASSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Named:
    """A row of which the summary speaks."""

    row: int
    """Number in the file, from 0."""
    id: str
    """The field ``id``; empty where the file has none."""
    stated_m2: float | None
    """Declared area, or None where it is no number."""
    measured_m2: float | None
    """Measured area, or None where it could not be."""
    difference_percent: float | None
    """Measured less stated, in per cent of stated."""
    reason: str
    """Why it was not evaluated; empty for one that was."""


@dataclass
class Summary:
    """What came of a file of declared areas; areas in square metres."""

    file: str
    """Its name, without folder."""
    kind: str
    """Key of `hetao_geo.verification.stream.KINDS`."""
    file_crs: str
    """Name of the coordinate system of the file."""
    crs: str
    """What was measured in: the code of a projected system, or ``geodesic``."""
    unit: str
    """Unit of the declared areas."""
    max_difference: float | None
    """A fixed share, or None for the rounding and two standard errors."""
    accuracy_m: float | None
    """Standard error of a vertex that was allowed for."""
    warnings: tuple[str, ...] = ()
    """What the reader should know, one sentence each."""
    rows: int = 0
    """Rows of the file."""
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    """Number of rows by verdict."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Number of rows that were not evaluated, by reason."""
    stated_m2: float = 0.0
    """Sum over the rows that were evaluated."""
    measured_m2: float = 0.0
    """Sum over the same rows."""
    worst: tuple[Named, ...] = ()
    """The rows with the largest relative differences."""
    not_judged: tuple[Named, ...] = ()
    """The first rows that were not evaluated."""
    classes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(34, np.int64))
    """Evaluation rows by difference: below -100 %, between the `CLASSES`, above 100 %."""

    @property
    def passed(self) -> bool:
        """Whether every row was evaluated and found consistent."""
        return self.rows == self.verdicts["consistent"]

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain data: the JSON document."""
        difference = self.measured_m2 - self.stated_m2
        return {
            "file": self.file,
            "kind": self.kind,
            "file_crs": self.file_crs,
            "crs": self.crs,
            "unit": self.unit,
            "max_difference": self.max_difference,
            "accuracy_m": self.accuracy_m,
            "passed": self.passed,
            "rows": self.rows,
            "verdicts": self.verdicts,
            "reasons": dict(sorted(self.reasons.items())),
            "stated_m2": round(self.stated_m2, 1),
            "measured_m2": round(self.measured_m2, 1),
            "difference_m2": round(difference, 1),
            "worst": [asdict(one) for one in self.worst],
            "not_judged": [asdict(one) for one in self.not_judged],
            "warnings": list(self.warnings),
        }

    def add(self, batch: Batch, evaluated: Evaluation) -> None:
        """Count the rows of one more batch."""
        self.rows += len(batch)
        for code, count in enumerate(np.bincount(evaluated.verdict, minlength=len(VERDICTS))):
            self.verdicts[VERDICTS[code]] += int(count)
        for code in np.unique(evaluated.reason[evaluated.reason > 0]):
            count = int((evaluated.reason == code).sum())
            self.reasons[REASONS[code]] = self.reasons.get(REASONS[code], 0) + count
        done = evaluated.reason == 0
        self.stated_m2 += float(evaluated.stated_m2[done].sum())
        self.measured_m2 += float(evaluated.measured_m2[done].sum())
        percent = np.where(done, evaluated.difference_percent, 0.0)
        edges = [-edge for edge in CLASSES[::-1]] + [0.0, *CLASSES]
        self.classes += np.bincount(np.searchsorted(edges, percent[done]), minlength=34)
        named = [name(batch, evaluated, row) for row in _largest(np.abs(percent)) if done[row]]
        ranked = sorted((*self.worst, *named), key=lambda one: -abs(one.difference_percent or 0))
        self.worst = tuple(ranked[:NAMED])
        left = [name(batch, evaluated, row) for row in np.flatnonzero(~done)[:NAMED]]
        self.not_judged = (*self.not_judged, *left)[:NAMED]


def _largest(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return where the `NAMED` largest values are; of equal ones the first."""
    if len(values) <= NAMED:
        return np.argsort(-values, kind="stable")
    least = np.partition(values, -NAMED)[-NAMED]
    candidates = np.flatnonzero(values >= least)
    return candidates[np.argsort(-values[candidates], kind="stable")][:NAMED]


def name(batch: Batch, evaluated: Evaluation, row: int) -> Named:
    """Return one row of a batch for the summary."""

    def number(values: NDArray[np.float64], digits: int) -> float | None:
        return None if np.isnan(values[row]) else round(float(values[row]), digits)

    return Named(
        batch.first + int(row),
        "" if batch.ids is None else str(batch.ids[row]),
        number(evaluated.stated_m2, 4),
        number(evaluated.measured_m2, 4),
        number(evaluated.difference_percent, 6),
        REASONS[evaluated.reason[row]],
    )


def verify_file(
    path: str | os.PathLike[str],
    stated: str,
    *,
    unit: str = "km2",
    crs: str | None = None,
    accuracy_m: float | None = None,
    max_difference: float | None = None,
    layer: str | None = None,
    output: str | os.PathLike[str] | None = None,
    progress: Callable[[int, Source, Batch], None] | None = None,
) -> Summary:
    """Check the declared areas of a file of any size; memory stays under 1 GB.

    Parameters
    ----------
    path : path
        GeoParquet, FlatGeobuf, GeoPackage, or a GeoJSON text sequence.
    stated : str
        The field of declared areas.
    unit, crs, accuracy_m, max_difference
        See `hetao_geo.verification.rows.evaluate`; without `crs` areas are measured on the
        ellipsoid, which is right at any place.
    layer : str, optional
        The layer of a GeoPackage with several.
    output : path, optional
        Where the rows go: ``.parquet`` (GeoParquet, with the geometries), ``.csv`` or ``.json``.
        The file appears when it is whole.
    progress : callable, optional
        Called with the number of rows done, the source and the batch, after each batch.

    Returns
    -------
    Summary

    Raises
    ------
    UsageError, DataError, OutputError, MissingExtraError
        Before anything is written. A row that cannot be evaluated is counted, not raised.
    """
    check_unit(unit)
    check_crs(crs)
    require_share(max_difference)
    source = open_stream(path, stated, layer=layer)
    rule = {"unit": unit, "crs": crs, "accuracy_m": accuracy_m, "max_difference": max_difference}
    summary = Summary(
        file=Path(path).name,
        kind=source.kind,
        file_crs=source.crs,
        crs=_measured_in(crs),
        unit=unit,
        max_difference=max_difference,
        accuracy_m=accuracy_m,
        warnings=source.warnings + _rule_warning(max_difference, accuracy_m),
    )
    with ExitStack() as stack:
        write = stack.enter_context(results.writer(output, summary.as_dict)) if output else None
        for batch, evaluated in _judged(source.batches(), rule):
            summary.add(batch, evaluated)
            if write:
                write(batch, evaluated)
            if progress:
                progress(summary.rows, source, batch)
    return summary


def _judged(batches: Iterator[Batch], rule: dict[str, Any]) -> Iterator[tuple[Batch, Evaluation]]:
    """Give batches with their verdicts, in order; the next are read and evaluated meanwhile."""
    waiting: deque[tuple[Batch, Future[Evaluation]]] = deque()
    with ThreadPoolExecutor(2) as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(batch.evaluate, **rule)))
            if len(waiting) > 2:
                done, evaluated = waiting.popleft()
                yield done, evaluated.result()
        while waiting:
            done, evaluated = waiting.popleft()
            yield done, evaluated.result()


def _measured_in(crs: str | None) -> str:
    return "geodesic" if crs is None else crs_table.require_projected(crs).code


def _rule_warning(max_difference: float | None, accuracy_m: float | None) -> tuple[str, ...]:
    if max_difference is not None or accuracy_m:
        return ()
    return (
        "no accuracy of the vertices was given, so only the rounding of the stated figure is "
        "allowed; give --accuracy METRES or --max-difference",
    )
