"""The result of a verification: one row as a value, what came of all rows, and the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hetao_geo.errors import UsageError
from hetao_geo.text import html, printable

if TYPE_CHECKING:
    import pandas

    from hetao_geo.verification.options import Options
    from hetao_geo.verification.rows import Rows
    from hetao_geo.verification.summary import Summary


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
    """One stated area against one measured area; square kilometres, NaN where there is none."""

    id: str
    """Feature id, or ``zone`` for the two parks together; empty where there is none."""
    names: dict[str, str]
    """Name by language; empty where the feature has none."""
    row: int
    """Number in its layer, from 0."""
    stated_km2: float
    """The area as stated."""
    stated_rounding_km2: float
    """Half a unit of the last stated digit: 3.02 means 3.02 +- 0.005."""
    rounding: str
    """Where that comes from: given, whole number, as written, or inferred."""
    stated_text: str
    """The stated area as it stands in the file."""
    stated_source: str
    """Who stated it."""
    measured_km2: float
    """The area that decides: planar with a CRS of the report, else geodesic."""
    planar_km2: float
    """Area in the plane of a projected CRS."""
    geodesic_km2: float
    """Area on the WGS 84 ellipsoid, the independent other method."""
    uncertainty_km2: float | None
    """Standard uncertainty (one sigma); None where no accuracy is known."""
    uncertainty_correlated_km2: float | None
    """Bound if the whole outline is off to one side together."""
    uncertainty_from: str
    """What the uncertainty rests on: vertices, or sides with an accuracy of their own."""
    limit_km2: float
    """Largest difference that is called consistent."""
    verdict: str
    """``consistent``, ``not-consistent``, or ``not-judged``."""
    reason: str = ""
    """Why it was not evaluated; empty where it was."""
    interpretations: tuple[Interpretation, ...] = ()
    """Other readings of the limits; empty where there is one reading only."""

    @property
    def interpretation_range_km2(self) -> tuple[float, float] | None:
        """Smallest and largest area over the drawn outline and the other readings."""
        if not self.interpretations:
            return None
        areas = [self.measured_km2, *(other.area_km2 for other in self.interpretations)]
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


@dataclass(frozen=True)
class CrsArea:
    """The same areas in one CRS."""

    crs: str
    """Authority code, or ``geodesic``."""
    name: str
    """Name of the CRS."""
    area_error_percent: float
    """Planar less geodesic area at the place, in per cent."""
    measured_km2: dict[str, float]
    """Area by check id; of a file the ``total`` of what could be measured."""


@dataclass(frozen=True)
class Origin:
    """The file that was verified."""

    file: str
    """Its name, without folder."""
    format: str
    """Key of `hetao_geo.reading.FORMATS`."""
    layer: str
    """Name of the layer."""
    crs: str
    """What its coordinates are in."""


@dataclass(frozen=True)
class Report:
    """The outcome of one verification run."""

    crs: str
    """Code of the projected CRS of the planar areas."""
    crs_name: str
    """Its name."""
    unit: str
    """Unit of the results."""
    options: Options
    """What was asked for."""
    summary: Summary
    """What came of all rows."""
    parts: tuple[Rows, ...] = field(default=(), repr=False)
    """The rows; empty where they were written to a file or are too many to be shown."""
    by_crs: tuple[CrsArea, ...] = ()
    """The areas in several CRSs, where asked for."""
    warnings: tuple[str, ...] = ()
    """What the reader should know of the CRS or the data, one sentence each."""
    built_in: bool = False
    """Whether the polygons are those of the package."""
    origin: Origin | None = None
    """The file, where there is one."""
    data: dict[str, str] | None = None
    """SHA-256 of each file that was measured, by name."""

    @property
    def passed(self) -> bool:
        """Whether there are rows, and every one was evaluated and is consistent."""
        return self.summary.passed

    @property
    def decided_by(self) -> str:
        """``planar`` or ``geodesic``: which area is set against the stated one."""
        return "planar" if self.options.crs else "geodesic"

    @property
    def max_difference(self) -> float | None:
        """The fixed share, or None for rounding plus two standard uncertainties."""
        return self.options.max_difference

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The rows as values, in order."""
        return tuple(part.check(row) for part in self.parts for row in range(len(part)))

    def to_frame(self) -> pandas.DataFrame:
        """Return the table of results, a line a row; areas in the unit of the report.

        Raises
        ------
        UsageError
            The rows were not kept.
        """
        import pandas

        if not self.parts:
            raise UsageError(
                "the report holds no rows",
                expected="rows that were kept",
                found=f"{self.summary.rows:,} rows that were written or only counted",
            )
        return pandas.concat([part.frame(self.unit) for part in self.parts], ignore_index=True)

    def _repr_html_(self) -> str:
        """Return the report as a notebook shows it."""
        counts = ", ".join(f"{count:,} {word}" for word, count in self.summary.verdicts.items())
        head = f"{counts}; {self.decided_by} areas decide, planar ones are in {self.crs}"
        notes = "".join(f"<li>{html(note)}</li>" for note in self.warnings)
        table = self._html_table() if self.parts else ""
        return f"<p>{html(head)}</p>{table}<ul>{notes}</ul>"

    def _html_table(self) -> str:
        frame = self.to_frame()
        for name in ("id", "name"):
            frame[name] = [None if t is None else printable(str(t)) for t in frame[name]]
        return str(frame.to_html(max_rows=40, na_rep="", border=0, index=False))
