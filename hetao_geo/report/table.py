"""The tables of a report as rows of cells, and how they are set: aligned, or with pipes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hetao_geo import text
from hetao_geo.verification import Check, Report
from hetao_geo.verification.figures import UNITS

# Digits after the point at least, so that a column of one unit looks the same everywhere.
_DECIMALS = {"km2": 3, "ha": 2, "m2": 1, "mu": 2}
# Significant digits of the smallest stated area that are shown.
_SIGNIFICANT = 3
_MOST = 10

Foreign = Callable[[str], str]


class Scale(NamedTuple):
    """How areas are written."""

    unit: str
    """Key of the unit."""
    decimals: int
    """Digits after the point."""

    def area(self, km2: float) -> str:
        """Write an area; a dash where there is none."""
        value = self.value(km2)
        return "–" if math.isnan(value) else text.number(value, self.decimals)

    def plus_minus(self, km2: float | None) -> str:
        """Write an uncertainty; a dash where no accuracy is known."""
        return "–" if km2 is None else f"± {self.area(km2)}"

    def value(self, km2: float) -> float:
        """Return an area in the unit."""
        return km2 * UNITS["km2"] / UNITS[self.unit]


def scale(report: Report, checks: Sequence[Check]) -> Scale:
    """Return how the areas of a table are written: with digits that mean something."""
    plain = Scale(report.unit, 0)
    held = [plain.value(km2) for c in checks for km2 in (c.stated_km2, c.measured_km2)]
    least = min((value for value in held if value > 0), default=1.0)
    needed = _SIGNIFICANT - 1 - math.floor(math.log10(least))
    return Scale(report.unit, min(max(_DECIMALS[report.unit], needed), _MOST))


def areas(
    report: Report, checks: Sequence[Check], language: str, foreign: Foreign
) -> list[list[str]]:
    """Return the rows of a table of areas, the heads of the columns first.

    Parameters
    ----------
    report : Report
    checks : sequence of Check
        The rows that are shown.
    language : {"en", "zh-Hans", "zh-Hant"}
    foreign : callable
        Makes text from a file safe in the medium: `hetao_geo.text.printable` or its like.
    """
    words = text.labels("report", language)
    how = scale(report, checks)
    other = "geodesic" if report.decided_by == "planar" else "planar"
    columns = {
        "row": [str(c.row) for c in checks],
        "area": [foreign(name(c, language)) for c in checks],
        "stated": [_stated(c, how, words, foreign) for c in checks],
        "measured": [how.area(c.measured_km2) for c in checks],
        other: [how.area(getattr(c, f"{other}_km2")) for c in checks],
        "difference": [_difference(c, how) for c in checks],
        "uncertainty": [how.plus_minus(c.uncertainty_km2) for c in checks],
        "correlated": [how.plus_minus(c.uncertainty_correlated_km2) for c in checks],
        "detectable": [how.area(c.smallest_detectable_km2) for c in checks],
        "interpretations": [_range(c, how) for c in checks],
        "verdict": [_verdict(c, words) for c in checks],
    }
    if report.built_in:
        del columns["row"]
    if not any(c.interpretations for c in checks):
        del columns["interpretations"]
    return _rows({words[key]: cells for key, cells in columns.items()})


def name(check: Check, language: str) -> str:
    """Return the name of a row in a language, its id where it has none."""
    common = text.labels("common", language)
    return check.names.get(language) or common.get(check.id, check.id) or "–"


def _stated(check: Check, how: Scale, words: dict[str, str], foreign: Foreign) -> str:
    if math.isnan(check.stated_km2):
        return foreign(check.stated_text[:40]) or "–"
    rounding = trim(how.value(check.stated_rounding_km2))
    inferred = f" ({words['inferred']})" if check.rounding == "inferred" else ""
    return f"{trim(how.value(check.stated_km2))} ± {rounding}{inferred}"


def _difference(check: Check, how: Scale) -> str:
    if math.isnan(check.difference_km2):
        return "–"
    difference = f"{how.value(check.difference_km2):+z,.{how.decimals}f}"
    return f"{difference} ({check.difference_percent:+z.1f} %)"


def _verdict(check: Check, words: dict[str, str]) -> str:
    return words[check.verdict] + (f": {check.reason}" if check.reason else "")


def _range(check: Check, how: Scale) -> str:
    """Write the smallest and largest area over the interpretations; a dash where there are none."""
    span = check.interpretation_range_km2
    coarse = how._replace(decimals=max(how.decimals - 1, 0))
    return f"{coarse.area(span[0])}–{coarse.area(span[1])}" if span else "–"


def trim(value: float) -> str:
    """Write a number without trailing zeros."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def counts(report: Report, language: str) -> list[list[str]]:
    """Return how many rows there are of each kind, and the sums of their areas."""
    words, summary = text.labels("report", language), report.summary
    evaluated = max(summary.evaluated, 1)
    unit, how = words[f"unit-{report.unit}"], Scale(report.unit, _DECIMALS[report.unit])
    difference = summary.measured_m2 - summary.stated_m2
    percent = f" ({100 * difference / summary.stated_m2:+z.4f} %)" if summary.stated_m2 else ""
    least = summary.stated_m2 / evaluated / UNITS["km2"]
    if 0 < how.value(least) < 1:
        how = how._replace(
            decimals=min(_MOST, how.decimals - math.floor(math.log10(how.value(least))))
        )
    return [
        [words["rows"], f"{summary.rows:,}"],
        *([words[f"count-{word}"], f"{count:,}"] for word, count in summary.verdicts.items()),
        *([f"  {reason}", f"{count:,}"] for reason, count in sorted(summary.reasons.items())),
        [words["stated-total"], f"{how.area(summary.stated_m2 / UNITS['km2'])} {unit}"],
        [words["measured-total"], f"{how.area(summary.measured_m2 / UNITS['km2'])} {unit}"],
        [
            words["difference"],
            f"{how.value(difference / UNITS['km2']):+z,.{how.decimals}f} {unit}{percent}",
        ],
    ]


def by_crs(report: Report, language: str, foreign: Foreign) -> list[list[str]]:
    """Return the rows of the table of areas by CRS, the heads of the columns first."""
    words = text.labels("report", language)
    named = {"total": words["total"], **{c.id: foreign(name(c, language)) for c in report.checks}}
    ids = list(report.by_crs[0].measured_km2)
    smallest = min(area.measured_km2[key] for area in report.by_crs for key in ids)
    how = Scale(report.unit, _DECIMALS[report.unit])
    if 0 < how.value(smallest) < 1:
        how = how._replace(decimals=how.decimals - math.floor(math.log10(how.value(smallest))) - 1)
    return _rows(
        {
            "CRS": [area.crs for area in report.by_crs],
            words["name"]: [area.name for area in report.by_crs],
            words["error"]: [f"{area.area_error_percent:+z.3f} %" for area in report.by_crs],
            **{named[key]: [how.area(a.measured_km2[key]) for a in report.by_crs] for key in ids},
        }
    )


def _rows(columns: dict[str, list[str]]) -> list[list[str]]:
    return [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]


def aligned(table: list[list[str]]) -> list[str]:
    """Return the lines of a table whose columns line up in a terminal."""
    table = table if any(table[0]) else table[1:]  # no heads, no line of them
    widths = [max(display_width(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def display_width(cell: str) -> int:
    """Return the columns that a terminal gives to a text: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - display_width(cell))


def pipes(table: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    rows = ["| " + " | ".join(row) + " |" for row in table]
    return [rows[0], "|" + " --- |" * len(table[0]), *rows[1:]]
