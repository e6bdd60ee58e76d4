"""The one rule: what a stated area and a measured one say of each other, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area import Polygons, Side
from hetao_geo.errors import UsageError
from hetao_geo.verification import figures
from hetao_geo.verification.figures import Figures
from hetao_geo.verification.measurement import FIRST_FAULT, Measurement, measure

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint8]

CONSISTENT, NOT_CONSISTENT, NOT_JUDGED = "consistent", "not-consistent", "not-judged"
VERDICTS = (CONSISTENT, NOT_CONSISTENT, NOT_JUDGED)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What came of each row; arrays of one length, in square metres, NaN where there is nothing.

    Attributes
    ----------
    stated : Figures
        The stated areas, read.
    measured : Measurement
        The polygons, measured.
    limit_m2 : ndarray of float
        The largest difference that is called consistent.
    verdict : ndarray of uint8
        Index into `VERDICTS`.
    reason : ndarray of uint8
        Index into `hetao_geo.verification.measurement.REASONS`: why a row was not evaluated.
    """

    stated: Figures
    measured: Measurement
    limit_m2: Floats
    verdict: Codes
    reason: Codes

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.verdict)

    @property
    def difference_m2(self) -> Floats:
        """Measured less stated."""
        return self.measured.measured_m2 - self.stated.m2

    @property
    def difference_percent(self) -> Floats:
        """Measured less stated, in per cent of stated."""
        return 100 * self.difference_m2 / self.stated.m2


def evaluate(
    polygons: Polygons,
    stated: ArrayLike,
    *,
    unit: str | None = None,
    crs: str | None = None,
    rounding: ArrayLike | None = None,
    accuracy_m: ArrayLike | None = None,
    sides: Sequence[Sequence[Side] | None] | None = None,
    max_difference: float | None = None,
    reasons: Codes | None = None,
) -> Evaluation:
    """Evaluate stated areas against measured ones, row by row, by the rule of the package.

    A row is consistent when the measured area differs from the stated one by no more than the
    rounding of the stated figure plus two standard uncertainties of the measurement, or, if
    `max_difference` is given, by no more than that share of the stated area. What a row gets
    depends on that row and the options only.

    Parameters
    ----------
    polygons : Polygons
        WGS 84, degrees, longitude first.
    stated : array_like of shape (rows,)
        Numbers, or figures as text; see `hetao_geo.verification.figures.read`.
    unit : {"m2", "ha", "km2", "mu"}, optional
        Their unit; None: what stands behind a figure, else square kilometres.
    crs : str, optional
        Let the planar area in this projected CRS decide; by default the geodesic one does.
    rounding : array_like, optional
        Half a unit of the last digit of the stated figures, in their unit; one for all or one a
        row, NaN where the digits of the figure tell.
    accuracy_m, sides, reasons
        See `hetao_geo.verification.measurement.measure`.
    max_difference : float, optional
        A share of the stated area, 0.02 for 2 %.

    Returns
    -------
    Evaluation

    Raises
    ------
    UsageError
        An unknown unit or CRS, a share that is none, or another number of stated areas than of
        rows.
    """
    read = figures.read(stated, unit)
    if len(read.m2) != len(polygons):
        counted = f"{len(polygons)} polygons and {len(read.m2)} figures"
        raise UsageError("rows and stated areas differ", expected="as many of each", found=counted)
    if rounding is not None:
        read = figures.rounded(read, rounding, unit)
    measured = measure(polygons, crs=crs, accuracy_m=accuracy_m, sides=sides, reasons=reasons)
    return compare(read, measured, max_difference)


def compare(
    stated: Figures, measured: Measurement, max_difference: float | None = None
) -> Evaluation:
    """Set stated areas against measured ones; see `evaluate`."""
    check_share(max_difference)
    if max_difference is None:
        # An accuracy that nobody knows allows for nothing.
        limit = stated.rounding_m2 + 2 * np.nan_to_num(measured.uncertainty_m2)
    else:
        limit = stated.m2 * max_difference
    with np.errstate(invalid="ignore"):
        # A billionth of the limit is forgiven: 0.89 - 0.87 is 0.0200000000000000018.
        apart = np.abs(measured.measured_m2 - stated.m2) > limit * (1 + 1e-9)
    reason = measured.reason.copy()
    unread = (reason == 0) & (stated.fault > 0)
    reason[unread] = FIRST_FAULT + stated.fault[unread]
    limit = np.where(reason > 0, np.nan, limit)
    verdict = np.where(reason > 0, 2, apart).astype(np.uint8)
    return Evaluation(stated, measured, limit, verdict, reason)


def check_share(max_difference: float | None) -> None:
    """Raise `UsageError` unless it is None or a share from 0 to 1."""
    if max_difference is not None and not 0 <= max_difference <= 1:
        raise UsageError(
            "not a share",
            where="max_difference",
            expected="0% to 100%, or 0 to 1",
            found=f"{max_difference:g}",
        )
