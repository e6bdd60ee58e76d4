"""What came of all rows of a report: counts, sums, the largest differences, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import CONSISTENT, VERDICTS
from hetao_geo.verification.measurement import REASONS, UNCERTAINTIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.verification.model import Check
    from hetao_geo.verification.rows import Rows

# Rows that the summary names one by one.
NAMED = 10
# Classes of differences in per cent, for counting without keeping them.
CLASSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
EDGES = (*(-edge for edge in CLASSES[::-1]), 0.0, *CLASSES)
# A unit fits where stated and measured areas then agree within this share.
_FITS = 0.05


@dataclass
class Summary:
    """Counts and sums over rows, added batch by batch; areas in square metres."""

    rows: int = 0
    """All rows."""
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    """Number of rows by verdict."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Number of rows that were not evaluated, by reason."""
    stated_m2: float = 0.0
    """Sum over the rows that were evaluated."""
    measured_m2: float = 0.0
    """Sum over the same rows."""
    planar_m2: float = 0.0
    """Their planar areas, where a planar area decides."""
    geodesic_m2: float = 0.0
    """Their geodesic areas."""
    bases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNCERTAINTIES, 0))
    """Number of evaluated rows by what their uncertainty rests on; empty: it is unknown."""
    inferred: int = 0
    """Evaluated rows whose rounding was inferred from a float."""
    worst: tuple[Check, ...] = ()
    """The rows with the largest relative differences."""
    not_judged: tuple[Check, ...] = ()
    """The first rows that were not evaluated."""
    classes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(34, np.int64))
    """Evaluated rows by difference: below -100 %, between the `EDGES`, above 100 %."""
    fits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(figures.UNITS, 0))
    """Number of rows whose areas would agree within 5 % in another unit."""

    @property
    def evaluated(self) -> int:
        """Rows that have a verdict of their own."""
        return self.rows - self.verdicts[VERDICTS[2]]

    @property
    def passed(self) -> bool:
        """Whether there are rows, and every one was evaluated and is consistent."""
        return 0 < self.rows == self.verdicts[CONSISTENT]

    @property
    def fitting_unit(self) -> str | None:
        """The unit in which all rows would agree, where in the one that was given none does."""
        if not self.evaluated or self.verdicts[CONSISTENT]:
            return None
        return next((unit for unit, rows in self.fits.items() if rows == self.evaluated), None)

    def add(self, part: Rows, unit: str) -> None:
        """Count some more rows, whose stated areas are in `unit`."""
        evaluation = part.evaluation
        self.rows += len(part)
        for code, count in enumerate(np.bincount(evaluation.verdict, minlength=len(VERDICTS))):
            self.verdicts[VERDICTS[code]] += int(count)
        for code, count in enumerate(np.bincount(evaluation.reason)[1:], 1):
            if count:
                self.reasons[REASONS[code]] = self.reasons.get(REASONS[code], 0) + int(count)
        done = np.flatnonzero(evaluation.reason == 0)
        self._add_areas(part, done, unit)
        self._name(part, done)

    def _add_areas(self, part: Rows, done: NDArray[np.int64], unit: str) -> None:
        stated, measured = part.evaluation.stated, part.evaluation.measured
        self.stated_m2 += float(stated.m2[done].sum())
        self.measured_m2 += float(measured.measured_m2[done].sum())
        for code, base in enumerate(UNCERTAINTIES):
            self.bases[base] += int((measured.uncertainty[done] == code).sum())
        self.inferred += int((stated.rounding[done] == figures.INFERRED).sum())
        if measured.crs:
            self.planar_m2 += float(measured.planar_m2[done].sum())
            self.geodesic_m2 += float(measured.geodesic_m2[done].sum())
        ratio = measured.measured_m2[done] / stated.m2[done] * figures.UNITS[unit]
        for other, factor in figures.UNITS.items():
            self.fits[other] += int((np.abs(ratio / factor - 1) <= _FITS).sum())

    def _name(self, part: Rows, done: NDArray[np.int64]) -> None:
        percent = part.evaluation.difference_percent[done]
        self.classes += np.bincount(np.searchsorted(EDGES, percent), minlength=len(self.classes))
        full = len(self.worst) == NAMED
        least = abs(self.worst[-1].difference_percent) if full else -1.0
        larger = [at for at in _largest(np.abs(percent)) if abs(percent[at]) > least]
        largest = [part.check(int(done[at])) for at in larger]
        ranked = sorted((*self.worst, *largest), key=lambda check: -abs(check.difference_percent))
        self.worst = tuple(ranked[:NAMED])
        left = np.flatnonzero(part.evaluation.reason)[: NAMED - len(self.not_judged)]
        self.not_judged += tuple(part.check(int(row)) for row in left)


def _largest(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return where the `NAMED` largest values are; of equal ones the first."""
    candidates = np.arange(len(values))
    if len(values) > NAMED:
        candidates = np.flatnonzero(values >= np.partition(values, -NAMED)[-NAMED])
    return candidates[np.argsort(-values[candidates], kind="stable")][:NAMED]
