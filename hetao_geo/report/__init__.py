"""A verification report as text, JSON, Markdown or CSV, in three languages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from hetao_geo import text
from hetao_geo.errors import UsageError
from hetao_geo.geojson import printable, safe_json
from hetao_geo.report import table
from hetao_geo.verification import Check, Report

# Areas are written to the square metre: vertices are good to tens of metres, and the digits
# below differ between versions of PROJ.
JSON_DECIMALS = 6
TABLE_DECIMALS = 3


def render(report: Report, form: str = "text", language: str = "en") -> str:
    """Write a report.

    Parameters
    ----------
    report : Report
        What `hetao_geo.verify` returned.
    form : {"text", "json", "markdown", "csv"}
        JSON and CSV have English keys in every language.
    language : {"en", "zh-Hans", "zh-Hant"}
        Language of the words.

    Returns
    -------
    str
        The document, with a final line end.

    Raises
    ------
    UsageError
        Unknown form or language.

    References
    ----------
    Standard error of a digitised area: Chrisman, N. R. and Yandell, B. S. (1988), "Effects of
    point error on area calculations", Surveying and Mapping 48, 241-246.
    """
    text.check_language(language)
    return FORMS[check_form(form)](report, language)


def check_form(form: str) -> str:
    """Return `form` if a report can be written in it.

    Raises
    ------
    UsageError
        It cannot.
    """
    if form not in FORMS:
        raise UsageError("unknown format", expected=f"one of {', '.join(FORMS)}", found=repr(form))
    return form


def as_dict(report: Report, language: str = "en") -> dict[str, Any]:
    """Return the report as plain data: the JSON document."""
    document: dict[str, Any] = {
        "crs": report.crs,
        "crs_name": report.crs_name,
        "passed": report.passed,
        "rule": table.rule(report, language),
        "max_difference": report.max_difference,
        "warnings": list(report.warnings),
        "checks": [
            {**_row(check, language), "interpretations": _interpretations(check, language)}
            for check in report.checks
        ],
    }
    if report.by_crs:
        document["by_crs"] = [
            {
                "crs": row.crs,
                "name": row.name,
                "area_error_percent": round(row.area_error_percent, 4),
                "measured_km2": {k: _six(v) for k, v in row.measured_km2.items()},
            }
            for row in report.by_crs
        ]
    if report.data:
        document["data_sha256"] = report.data
    return document


def _row(check: Check, language: str) -> dict[str, Any]:
    span = check.interpretation_range_km2
    return {
        "id": check.id,
        "name": table.name(check, language),
        "stated_km2": check.stated_km2,
        "stated_rounding_km2": check.stated_rounding_km2,
        "stated_source": check.stated_source,
        "measured_km2": _six(check.measured_km2),
        "geodesic_km2": _six(check.geodesic_km2),
        "difference_km2": _six(check.difference_km2),
        "difference_percent": round(check.difference_percent, 2),
        "uncertainty_km2": _six(check.uncertainty_km2),
        "uncertainty_correlated_km2": _six(check.uncertainty_correlated_km2),
        "smallest_detectable_km2": _six(check.smallest_detectable_km2),
        "interpretation_min_km2": None if span is None else _six(span[0]),
        "interpretation_max_km2": None if span is None else _six(span[1]),
        "verdict": check.verdict,
    }


def _interpretations(check: Check, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "rule": one.rules[language],
            "area_km2": _six(one.area_km2),
            "fitted": one.fitted,
        }
        for one in check.interpretations
    ]


def _six(value: float) -> float:
    return round(value, JSON_DECIMALS)


def _json(report: Report, language: str) -> str:
    return safe_json(as_dict(report, language)) + "\n"


def _csv(report: Report, language: str) -> str:
    rows = [_row(check, language) for check in report.checks]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from running a text as a formula, and a terminal from obeying it."""
    if not isinstance(value, str):
        return value
    return ("'" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else "") + printable(value)


def _title(report: Report, words: dict[str, str]) -> str:
    return words["title-declared" if report.declared else "title"]


def _text(report: Report, language: str) -> str:
    words = text.labels("report", language)
    lines = [_title(report, words), f"{words['method']}: {report.crs} {report.crs_name}", ""]
    lines += [*table.aligned(table.areas(report, language)), ""]
    if report.by_crs:
        lines += [words["by-crs"], *table.aligned(table.by_crs(report, language)), ""]
    lines += [f"- {note}" for note in table.notes(report, language)]
    outcome = words["passed" if report.passed else "failed"]
    return "\n".join([*lines, "", outcome]) + "\n"


def _markdown(report: Report, language: str) -> str:
    words = text.labels("report", language)
    lines = [
        f"# {_title(report, words)}",
        "",
        f"{words['method']}: {report.crs} {report.crs_name}",
        "",
    ]
    lines += [*table.pipes(table.areas(report, language)), ""]
    if report.by_crs:
        lines += [f"## {words['by-crs']}", "", *table.pipes(table.by_crs(report, language)), ""]
    lines += [f"- {table.escaped(note)}" for note in table.notes(report, language)]
    outcome = words["passed" if report.passed else "failed"]
    return "\n".join([*lines, "", f"**{outcome}**"]) + "\n"


def _markdown_table(report: Report, language: str) -> str:
    return "\n".join(table.pipes(table.areas(report, language))) + "\n"


FORMS: dict[str, Callable[[Report, str], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "markdown-table": _markdown_table,
    "csv": _csv,
}
