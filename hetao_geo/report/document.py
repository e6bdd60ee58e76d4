"""Every row of a report as JSON or CSV, written as the rows come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hetao_geo.report import notes
from hetao_geo.text import csv_cell, printable
from hetao_geo.verification import Check, Report
from hetao_geo.verification.figures import UNITS
from hetao_geo.verification.rows import DIGITS, Rows, columns_in

if TYPE_CHECKING:
    from hetao_geo.reading import Batch

# Changes when a key changes its name or meaning.
SCHEMA_VERSION = 1
# The built-in areas are written to the square metre: vertices are good to tens of metres, and
# the digits below differ between versions of PROJ.
BUILT_IN_DIGITS = 6


class Text(Protocol):
    """A file that takes text."""

    def write(self, text: str, /) -> object:
        """Write some more text."""


class Writer(Protocol):
    """Takes the rows of a report as they come."""

    def add(self, batch: Batch | None, rows: Rows) -> None:
        """Write some more rows."""

    def close(self, report: Report) -> None:
        """Write what stands after the rows."""


def write_kept(report: Report, name: str, out: Text, language: str) -> None:
    """Write a report whose rows were kept, as ``json`` or ``csv``."""
    digits = BUILT_IN_DIGITS if report.built_in else None
    writer = text_writer(name, out, report.unit, language, digits)
    for rows in report.parts:
        writer.add(None, rows)
    writer.close(report)


def text_writer(
    name: str, out: Text, unit: str, language: str, digits: int | None = None
) -> Writer:
    """Return what writes ``json`` or ``csv``.

    Parameters
    ----------
    name : {"json", "csv"}
    out : file
    unit : {"m2", "ha", "km2", "mu"}
        Of the areas.
    language : {"en", "zh-Hans", "zh-Hant"}
        Of the names.
    digits : int, optional
        After the point of an area.
    """
    chosen = JsonWriter if name == "json" else CsvWriter
    return chosen(out, unit, language, digits)


class JsonWriter:
    """The JSON document: ``checks``, one a line, and then what is said of all of them."""

    def __init__(self, out: Text, unit: str, language: str, digits: int | None = None) -> None:
        self.out, self.unit, self.language, self.digits = out, unit, language, digits
        self.lead = "\n  "
        out.write(f'{{\n"schema_version": {SCHEMA_VERSION},\n"checks": [')

    def add(self, batch: Batch | None, rows: Rows) -> None:
        """Write some more rows."""
        for number, row in enumerate(records(rows, self.unit, self.digits)):
            row["name"] = rows.name(number, self.language)
            if rows.interpretations:
                row["interpretations"] = _interpretations(rows.check(number), self.language)
            self.out.write(self.lead + _dumps(row))
            self.lead = ",\n  "

    def close(self, report: Report) -> None:
        """Write what is said of all rows."""
        self.out.write("\n]")
        for key, value in about(report, self.language).items():
            self.out.write(f",\n{_dumps(key)}: {_dumps(value)}")
        self.out.write("\n}\n")


class CsvWriter:
    """A line a row, below the names of the columns."""

    def __init__(self, out: Text, unit: str, language: str, digits: int | None = None) -> None:
        self.unit, self.language, self.digits = unit, language, digits
        self.writer = csv.writer(out, lineterminator="\n")
        self.headed = False

    def add(self, batch: Batch | None, rows: Rows) -> None:
        """Write some more rows."""
        columns = rows.table(self.unit, self.digits)
        columns["name"] = np.array([rows.name(n, self.language) for n in range(len(rows))], object)
        if not self.headed:
            self.writer.writerow(columns)
            self.headed = True
        cells = [[_cell(value) for value in values.tolist()] for values in columns.values()]
        self.writer.writerows(zip(*cells, strict=True))

    def close(self, report: Report) -> None:
        """Write the names of the columns where there was no row."""
        if not self.headed:
            self.writer.writerow(columns_in(self.unit))


def records(rows: Rows, unit: str, digits: int | None) -> Iterator[dict[str, Any]]:
    """Give each row as plain data, None where there is nothing."""
    columns = rows.table(unit, digits)
    for values in zip(*(column.tolist() for column in columns.values()), strict=True):
        known = (None if value != value else value for value in values)
        yield dict(zip(columns, known, strict=True))


def about(report: Report, language: str) -> dict[str, Any]:
    """Return what is said of all rows, as plain data."""
    summary, unit, options = report.summary, report.unit, report.options
    digits = BUILT_IN_DIGITS if report.built_in else DIGITS[unit]

    def area(m2: float) -> float:
        return round(m2 / UNITS[unit], digits)

    document: dict[str, Any] = {
        "crs": report.crs,
        "crs_name": report.crs_name,
        "decided_by": report.decided_by,
        "unit": unit,
        "passed": report.passed,
        "rule": notes.rule(report, language),
        "max_difference": options.max_difference,
        "rounding": options.rounding,
        "accuracy_m": options.accuracy_m,
        "file": _origin(report),
        "rows": summary.rows,
        "verdicts": summary.verdicts,
        "reasons": dict(sorted(summary.reasons.items())),
        f"stated_total_{unit}": area(summary.stated_m2),
        f"measured_total_{unit}": area(summary.measured_m2),
        "largest_differences": [
            {"row": c.row, "id": c.id or None, "difference_percent": round(c.difference_percent, 4)}
            for c in summary.worst
        ],
        "warnings": list(report.warnings),
        "by_crs": [
            {
                "crs": row.crs,
                "name": row.name,
                "area_error_percent": round(row.area_error_percent, 4),
                f"measured_{unit}": {
                    k: area(v * UNITS["km2"]) for k, v in row.measured_km2.items()
                },
            }
            for row in report.by_crs
        ],
        "data_sha256": report.data,
    }
    return document


def _origin(report: Report) -> dict[str, str] | None:
    origin = report.origin
    if origin is None:
        return None
    return {
        "name": origin.file,
        "format": origin.format,
        "layer": origin.layer,
        "crs": origin.crs,
    }


def _interpretations(check: Check, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": read.key,
            "rule": read.rules[language],
            "area_km2": round(read.area_km2, BUILT_IN_DIGITS),
            "fitted": read.fitted,
        }
        for read in check.interpretations
    ]


def _dumps(value: object) -> str:
    """Write JSON in which no character can command a terminal."""
    return printable(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _cell(value: object) -> object:
    if isinstance(value, str):
        return csv_cell(value)
    return None if value != value else value
