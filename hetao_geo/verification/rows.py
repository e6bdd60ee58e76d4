"""Rows of any container to results: which columns say what, and the names of the results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import VERDICTS, Evaluation
from hetao_geo.verification.measurement import REASONS, UNCERTAINTIES
from hetao_geo.verification.model import Check, Interpretation

if TYPE_CHECKING:
    import pandas
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Columns = Mapping[str, NDArray[Any]]

# Language to fields that hold the name in it, the better first.
NAMES = {
    "en": ("name_en", "name"),
    "zh-Hans": ("name_zh_hans", "name_hans", "name"),
    "zh-Hant": ("name_zh_hant", "name_hant", "name"),
}
# The one list of columns of results, in every format; {unit} is km2 unless another was asked for.
COLUMNS = (
    "row",
    "id",
    "name",
    "stated_{unit}",
    "stated_rounding_{unit}",
    "rounding",
    "stated_source",
    "measured_{unit}",
    "planar_{unit}",
    "geodesic_{unit}",
    "difference_{unit}",
    "difference_percent",
    "uncertainty_{unit}",
    "uncertainty_correlated_{unit}",
    "uncertainty_from",
    "smallest_detectable_{unit}",
    "interpretation_min_{unit}",
    "interpretation_max_{unit}",
    "verdict",
    "reason",
)


def columns_in(unit: str) -> list[str]:
    """Return the names of the columns of results in a unit."""
    return [name.format(unit=unit) for name in COLUMNS]


AREAS = tuple(name for name in COLUMNS if name.endswith("{unit}"))
_KM2 = figures.UNITS["km2"]
# Digits after the point in one square metre of each unit: a tenth of a square millimetre, below
# which processors differ; and in per cent.
DIGITS = {"m2": 4, "ha": 8, "km2": 10, "mu": 7}
PERCENT_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Rows:
    """Results of some rows, with what they are called."""

    evaluation: Evaluation
    """What came of each."""
    ids: NDArray[np.object_]
    """Text, or None."""
    columns: Columns = field(default_factory=dict)
    """The fields of the file that results are made from."""
    first: int = 0
    """Number of the first row in its layer, from 0."""
    stated_field: str = ""
    """The field of stated areas; empty where one figure is for all polygons."""
    source_field: str | None = None
    """The field that says who stated an area."""
    interpretations: tuple[tuple[Interpretation, ...], ...] = ()
    """Other readings of the limits, a tuple a row; empty where there are none."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.evaluation)

    def check(self, row: int) -> Check:
        """Return one row as a value of its own."""
        stated, measured = self.evaluation.stated, self.evaluation.measured
        alone = measured.alone(row)

        def km2(values: Floats) -> float:
            return float(values[row]) / _KM2

        return Check(
            id=self._id(row),
            names=self._names(row),
            row=self.first + row,
            stated_km2=km2(stated.m2),
            stated_rounding_km2=km2(stated.rounding_m2),
            rounding=figures.ROUNDINGS[stated.rounding[row]],
            stated_text=self._stated_text(row),
            stated_source=self._text(self.source_field, row),
            measured_km2=km2(measured.measured_m2),
            planar_km2=float(alone.planar_m2[0]) / _KM2,
            geodesic_km2=float(alone.geodesic_m2[0]) / _KM2,
            uncertainty_km2=_known(km2(measured.uncertainty_m2)),
            uncertainty_correlated_km2=_known(float(alone.correlated_m2[0]) / _KM2),
            uncertainty_from=UNCERTAINTIES[measured.uncertainty[row]],
            limit_km2=km2(self.evaluation.limit_m2),
            verdict=VERDICTS[self.evaluation.verdict[row]],
            reason=REASONS[self.evaluation.reason[row]],
            interpretations=self.interpretations[row] if self.interpretations else (),
        )

    def table(self, unit: str, digits: int | None = None) -> dict[str, NDArray[Any]]:
        """Return the columns of results by name, see `columns`; areas in `unit`.

        Parameters
        ----------
        unit : {"m2", "ha", "km2", "mu"}
        digits : int, optional
            After the point of an area; by default those of `DIGITS`.
        """
        evaluation, stated = self.evaluation, self.evaluation.stated
        measured = evaluation.measured
        least, most = self._interpretation_ranges()
        areas = (
            stated.m2, stated.rounding_m2, measured.measured_m2, measured.planar_m2,
            measured.geodesic_m2, evaluation.difference_m2, measured.uncertainty_m2,
            measured.correlated_m2, evaluation.limit_m2, least, most,
        )  # fmt: skip
        scaled = [area / figures.UNITS[unit] for area in areas]
        rounded = [np.round(area, DIGITS[unit] if digits is None else digits) for area in scaled]
        count = range(len(self))
        values: dict[str, NDArray[Any]] = {
            "row": self.first + np.arange(len(self)),
            "id": self.ids,
            "name": objects(self.name(row) for row in count),
            **dict(zip(AREAS, rounded, strict=True)),
            "rounding": _words(stated.rounding, figures.ROUNDINGS),
            "stated_source": objects(self._text(self.source_field, row) or None for row in count),
            "difference_percent": np.round(evaluation.difference_percent, PERCENT_DIGITS),
            "uncertainty_from": _words(measured.uncertainty, UNCERTAINTIES),
            "verdict": _words(evaluation.verdict, VERDICTS),
            "reason": _words(evaluation.reason, REASONS),
        }
        return {name.format(unit=unit): values[name] for name in COLUMNS}

    def frame(self, unit: str) -> pandas.DataFrame:
        """Return the table of results as a DataFrame."""
        import pandas

        table = self.table(unit)
        return pandas.DataFrame(
            {
                name: pandas.array(values, dtype="string") if values.dtype == object else values
                for name, values in table.items()
            }
        )

    def name(self, row: int, language: str = "en") -> str | None:
        """Return the name of a row in a language; None where it has none."""
        return self._names(row).get(language)

    def settled(self) -> Rows:
        """Return the same without its polygons, everything computed."""
        evaluation = replace(self.evaluation, measured=self.evaluation.measured.settled())
        return replace(self, evaluation=evaluation)

    def _interpretation_ranges(self) -> tuple[Floats, Floats]:
        ranges = np.full((2, len(self)), np.nan)
        for row in range(len(self)) if self.interpretations else ():
            ranges[:, row] = self.check(row).interpretation_range_km2 or np.nan
        return ranges[0] * _KM2, ranges[1] * _KM2

    def _id(self, row: int) -> str:
        return self.ids[row] or ""

    def _stated_text(self, row: int) -> str:
        value = self.columns[self.stated_field][row] if self.stated_field in self.columns else None
        return "" if value is None else str(value)

    def _text(self, name: str | None, row: int) -> str:
        value = self.columns[name][row] if name and name in self.columns else None
        return value if isinstance(value, str) else ""

    def _names(self, row: int) -> dict[str, str]:
        found = {
            code: next((text for name in names if (text := self._text(name, row))), "")
            for code, names in NAMES.items()
        }
        return {code: text for code, text in found.items() if text}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def texts_of(properties: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return a text by language from ``key_en`` and its like, where there is one."""
    fields = {"en": f"{key}_en", "zh-Hans": f"{key}_zh_hans", "zh-Hant": f"{key}_zh_hant"}
    return {code: str(properties[name]) for code, name in fields.items() if properties.get(name)}


def objects(values: Iterable[object]) -> NDArray[np.object_]:
    """Return a column of objects, whatever they are."""
    listed = list(values)
    result = np.empty(len(listed), object)
    result[:] = listed
    return result


def _words(codes: NDArray[np.uint8], words: Sequence[str]) -> NDArray[np.object_]:
    """Return words for codes, None for the empty one."""
    chosen: NDArray[np.object_] = objects(word or None for word in words)[codes]
    return chosen
