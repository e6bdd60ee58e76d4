"""What the reader of a report asks for: the same for every row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hetao_geo.errors import UsageError
from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import check_share
from hetao_geo.verification.measurement import check_accuracy, check_crs


@dataclass(frozen=True)
class Options:
    """The options of a verification.

    Raises
    ------
    UsageError
        An unknown unit or CRS, or a number out of range.
    """

    stated: str | float | None = None
    """The field of stated areas, or one figure for all polygons together."""
    unit: str | None = None
    """Unit of the stated areas and of the results; None: km2."""
    crs: str | None = None
    """The projected CRS whose planar area decides; None: the geodesic area decides."""
    accuracy_m: float | None = None
    """Standard error of a vertex along each axis, metres; None: the field of each row."""
    rounding: float | None = None
    """Half a unit of the last digit of the stated figures, in `unit`; None: their digits tell."""
    max_difference: float | None = None
    """A fixed share of the stated area; None: rounding and two standard uncertainties."""

    def __post_init__(self) -> None:
        figures.square_metres(self.results_in)
        object.__setattr__(self, "crs", check_crs(self.crs))
        check_accuracy(self.accuracy_m)
        check_share(self.max_difference)
        if self.rounding is not None and not 0 <= self.rounding < float("inf"):
            raise UsageError(
                "not a rounding",
                where="rounding",
                expected="half a unit of the last digit, 0 or more",
                found=f"{self.rounding:g}",
            )

    @property
    def results_in(self) -> str:
        """The unit of the results."""
        return self.unit or figures.DEFAULT_UNIT

    @property
    def figure(self) -> figures.Figures | None:
        """The one stated figure for all polygons together, if that is what was given."""
        read = figures.read(np.array([self.stated], object), self.unit, typed=True)
        if read.fault[0]:
            return None
        return read if self.rounding is None else figures.rounded(read, self.rounding, self.unit)


def share(value: str | float | None) -> float | None:
    """Read a share: ``2%``, ``0.02`` and the number 0.02 are the same.

    Raises
    ------
    UsageError
        Not a number, or not between 0 and 100 %.

    Examples
    --------
    >>> share("2%"), share("0.02"), share(0.02)
    (0.02, 0.02, 0.02)
    """
    if value is None:
        return None
    try:
        text = str(value).strip()
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        check_share(number)
    except ValueError:
        raise UsageError(
            "not a share",
            where="max_difference",
            expected="0% to 100%, or 0 to 1",
            found=repr(value),
        ) from None
    return number
