"""The result of a verification, and the one rule that gives a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

CONSISTENT = "consistent"
NOT_CONSISTENT = "not-consistent"


@dataclass(frozen=True)
class Interpretation:
    """Another defensible reading of the published limits, measured as the drawn one is."""

    key: str
    """Short name, the same for every area: ``literal``, ``strip-25``."""
    names: dict[str, str]
    """Name by language."""
    rules: dict[str, str]
    """The rule by language: which lines, and how far from them."""
    area_km2: float
    """Planar area in the projected CRS of the report, square kilometres."""
    fitted: bool
    """Whether a width was solved so that a stated area comes out: it then tests nothing."""


@dataclass(frozen=True)
class Check:
    """One stated area against one measured area; all areas in square kilometres."""

    id: str
    """Feature id, or ``zone`` for the two parks together."""
    names: dict[str, str]
    """Name by language; empty where the feature has none."""
    stated_km2: float
    """The area as stated."""
    stated_rounding_km2: float
    """Half a unit of the last stated digit: 3.02 means 3.02 +- 0.005."""
    stated_source: str
    """Who stated it."""
    measured_km2: float
    """Planar area in the projected CRS of the report."""
    geodesic_km2: float
    """Area on the WGS 84 ellipsoid, the independent second method."""
    uncertainty_km2: float
    """Standard uncertainty (one sigma): each side off as a whole, sides independent."""
    uncertainty_correlated_km2: float
    """Bound if the whole exterior is off to one side together."""
    limit_km2: float
    """Largest difference that is called consistent."""
    interpretations: tuple[Interpretation, ...] = ()
    """Other readings of the limits; empty where there is one reading only."""

    @property
    def interpretation_range_km2(self) -> tuple[float, float] | None:
        """Smallest and largest area over the drawn outline and the other readings."""
        if not self.interpretations:
            return None
        areas = [self.measured_km2, *(one.area_km2 for one in self.interpretations)]
        return min(areas), max(areas)

    @property
    def difference_km2(self) -> float:
        """Measured less stated."""
        return self.measured_km2 - self.stated_km2

    @property
    def difference_percent(self) -> float:
        """Measured less stated, in per cent of stated."""
        return 100 * self.difference_km2 / self.stated_km2

    @property
    def smallest_detectable_km2(self) -> float:
        """Smallest discrepancy that would change the verdict."""
        return self.limit_km2

    @property
    def verdict(self) -> str:
        """``consistent`` or ``not-consistent``."""
        return verdict(self.difference_km2, self.limit_km2)


@dataclass(frozen=True)
class CrsArea:
    """The areas of all checks in one CRS."""

    crs: str
    """Authority code, or ``geodesic``."""
    name: str
    """Name of the CRS."""
    area_error_percent: float
    """Planar less geodesic area at the place, in per cent."""
    measured_km2: dict[str, float]
    """Area by check id."""


@dataclass(frozen=True)
class Report:
    """The outcome of one verification run."""

    crs: str
    """Authority code of the projected CRS."""
    crs_name: str
    """Name of the projected CRS."""
    checks: tuple[Check, ...]
    """One row for each stated area."""
    max_difference: float | None = None
    """Fixed relative limit, or None for rounding plus two standard uncertainties."""
    warnings: tuple[str, ...] = ()
    """What the reader should know of the CRS or the data, one sentence each."""
    by_crs: tuple[CrsArea, ...] = ()
    """The areas in several CRSs, where asked for."""
    declared: bool = False
    """Whether the polygons are somebody's own, not those of the package."""
    data: dict[str, str] | None = None
    """SHA-256 of each file that was measured, by name."""

    @property
    def passed(self) -> bool:
        """Whether every check is consistent."""
        return all(check.verdict == CONSISTENT for check in self.checks)


def verdict(difference: float, limit: float) -> str:
    """Return the verdict of a difference under a limit, both in the same unit.

    Examples
    --------
    >>> verdict(-0.02, 0.02), verdict(0.03, 0.02)
    ('consistent', 'not-consistent')
    """
    # A billionth of the limit is forgiven: 0.89 - 0.87 is 0.0200000000000000018.
    return CONSISTENT if abs(difference) <= limit * (1 + 1e-9) else NOT_CONSISTENT


def limit(
    stated: float, rounding: float, uncertainty: float, max_difference: float | None = None
) -> float:
    """Return the largest difference that is called consistent, in the unit of `stated`.

    Parameters
    ----------
    stated, rounding, uncertainty : float
        Stated area, half a unit of its last digit, and the standard uncertainty of the
        measurement.
    max_difference : float, optional
        A fixed share of `stated`, such as 0.02, instead of rounding plus two uncertainties.
    """
    if max_difference is not None:
        return abs(stated) * max_difference
    return rounding + 2 * uncertainty


def rounding(stated: str | float) -> float:
    """Return half a unit of the last written digit.

    Parameters
    ----------
    stated : str or float
        The figure as written; a float stands for its shortest decimal form.

    Examples
    --------
    >>> rounding("3.02"), rounding(0.9), rounding("87")
    (0.005, 0.05, 0.5)
    """
    from decimal import Decimal

    exponent = Decimal(str(stated)).as_tuple().exponent
    return float(Decimal(5).scaleb(int(exponent) - 1))


def combine(uncertainties: list[float]) -> float:
    """Return the standard uncertainty of a sum of independent terms."""
    return math.hypot(*uncertainties)
