"""A verification report as text, JSON, Markdown or CSV, in three languages."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from typing import Any

from hetao_geo import text
from hetao_geo.errors import UsageError
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
        "rule": _rule(report, language),
        "max_difference": report.max_difference,
        "warnings": list(report.warnings),
        "checks": [_row(check, language) for check in report.checks],
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
    return {
        "id": check.id,
        "name": check.names.get(language, check.id),
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
        "fitted": check.fitted,
        "unfitted_km2": None if check.unfitted_km2 is None else _six(check.unfitted_km2),
        "verdict": check.verdict,
    }


def _six(value: float) -> float:
    return round(value, JSON_DECIMALS)


def _json(report: Report, language: str) -> str:
    return json.dumps(as_dict(report, language), ensure_ascii=False, indent=2) + "\n"


def _csv(report: Report, language: str) -> str:
    rows = [_row(check, language) for check in report.checks]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from running a text as a formula."""
    risky = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return "'" + value if risky else value


def _table(report: Report, language: str) -> list[list[str]]:
    words = text.labels("report", language)
    columns = ("area", "stated", "measured", "geodesic", "difference", "uncertainty",
               "correlated", "detectable", "verdict")
    return [[words[c] for c in columns]] + [_cells(c, words, language) for c in report.checks]


def _cells(check: Check, words: dict[str, str], language: str) -> list[str]:
    return [
        _plain(check.names.get(language, check.id)),
        f"{_trim(check.stated_km2)} ± {_trim(check.stated_rounding_km2)}",
        _km2(check.measured_km2),
        _km2(check.geodesic_km2),
        f"{check.difference_km2:+.{TABLE_DECIMALS}f} ({check.difference_percent:+.1f} %)",
        f"± {_km2(check.uncertainty_km2)}",
        f"± {_km2(check.uncertainty_correlated_km2)}",
        _km2(check.smallest_detectable_km2),
        words[check.verdict] + (f" ({words['by-construction']})" if check.fitted else ""),
    ]


def _km2(value: float) -> str:
    return text.number(value, TABLE_DECIMALS)


def _trim(value: float) -> str:
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def _plain(value: str) -> str:
    """Return `value` without line breaks and control characters, which could forge a row."""
    return "".join(c if unicodedata.category(c)[0] != "C" else "�" for c in value)


def _notes(report: Report, language: str) -> list[str]:
    words = text.labels("report", language)
    notes = [_rule(report, language), words["explained"]]
    for check in report.checks:
        if check.fitted and check.unfitted_km2 is not None:
            name = check.names.get(language, check.id)
            notes.append(words["fitted-note"].format(
                name=_plain(name), unfitted=_km2(check.unfitted_km2),
                stated=_trim(check.stated_km2)))
    sources = dict.fromkeys(c.stated_source for c in report.checks if c.stated_source)
    notes += [f"{words['source']}: {_plain('; '.join(sources))}"] if sources else []
    notes += [_plain(warning) for warning in report.warnings]
    return notes if report.declared else [*notes, words["closing"]]


def _title(report: Report, words: dict[str, str]) -> str:
    return words["title-declared" if report.declared else "title"]


def _rule(report: Report, language: str) -> str:
    words = text.labels("report", language)
    if report.max_difference is None:
        return words["rule"]
    return words["rule-fixed"].format(percent=_trim(100 * report.max_difference))


def _crs_table(report: Report, language: str) -> list[list[str]]:
    words = text.labels("report", language)
    named = {c.id: c.names.get(language, c.id) for c in report.checks}
    ids = list(report.by_crs[0].measured_km2)
    head = ["CRS", words["name"], words["error"], *(_plain(named[i]) for i in ids)]
    return [head] + [
        [row.crs, row.name, f"{row.area_error_percent:+.3f} %",
         *(_km2(row.measured_km2[i]) for i in ids)]
        for row in report.by_crs
    ]


def _text(report: Report, language: str) -> str:
    words = text.labels("report", language)
    lines = [_title(report, words), f"{words['method']}: {report.crs} {report.crs_name}", ""]
    lines += [*_aligned(_table(report, language)), ""]
    if report.by_crs:
        lines += [words["by-crs"], *_aligned(_crs_table(report, language)), ""]
    lines += [f"- {note}" for note in _notes(report, language)]
    outcome = words["passed" if report.passed else "failed"]
    return "\n".join([*lines, "", outcome]) + "\n"


def _aligned(table: list[list[str]]) -> list[str]:
    widths = [max(_width(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _width(cell: str) -> int:
    """Return the columns that a terminal gives to a text: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _markdown(report: Report, language: str) -> str:
    words = text.labels("report", language)
    lines = [f"# {_title(report, words)}", "", f"{words['method']}: {report.crs} {report.crs_name}", ""]
    lines += [*_pipes(_table(report, language)), ""]
    if report.by_crs:
        lines += [f"## {words['by-crs']}", "", *_pipes(_crs_table(report, language)), ""]
    lines += [f"- {_escaped(note)}" for note in _notes(report, language)]
    outcome = words["passed" if report.passed else "failed"]
    return "\n".join([*lines, "", f"**{outcome}**"]) + "\n"


def _pipes(table: list[list[str]]) -> list[str]:
    rows = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in table]
    return [rows[0], "|" + " --- |" * len(table[0]), *rows[1:]]


def _escaped(cell: str) -> str:
    for mark in "\\|`*_[]<>":
        cell = cell.replace(mark, "\\" + mark)
    return cell


FORMS: dict[str, Callable[[Report, str], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "csv": _csv,
}
