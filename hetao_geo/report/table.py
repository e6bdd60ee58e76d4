"""The tables and notes of a report, aligned for a terminal or piped for Markdown."""

from __future__ import annotations

import unicodedata

from hetao_geo import text
from hetao_geo.verification import Check, Report

TABLE_DECIMALS = 3


def areas(report: Report, language: str) -> list[list[str]]:
    """Return the rows of the area table, the heads of the columns first."""
    words = text.labels("report", language)
    columns = (
        "area",
        "stated",
        "measured",
        "geodesic",
        "difference",
        "uncertainty",
        "correlated",
        "detectable",
        "interpretations",
        "verdict",
    )
    return [[words[c] for c in columns]] + [_cells(c, words, language) for c in report.checks]


def _cells(check: Check, words: dict[str, str], language: str) -> list[str]:
    return [
        plain(name(check, language)),
        f"{_trim(check.stated_km2)} ± {_trim(check.stated_rounding_km2)}",
        _km2(check.measured_km2),
        _km2(check.geodesic_km2),
        f"{check.difference_km2:+z.{TABLE_DECIMALS}f} ({check.difference_percent:+z.1f} %)",
        _plus_minus(check.uncertainty_km2),
        _plus_minus(check.uncertainty_correlated_km2),
        _km2(check.smallest_detectable_km2),
        _range(check),
        words[check.verdict],
    ]


def _range(check: Check) -> str:
    """Write the smallest and largest area over the interpretations; a dash where there are none."""
    span = check.interpretation_range_km2
    return f"{text.number(span[0], 2)}–{text.number(span[1], 2)}" if span else "–"


def name(check: Check, language: str) -> str:
    """Return the name of a row in a language, its id where it has none."""
    common = text.labels("common", language)
    return check.names.get(language) or common.get(check.id, check.id)


def _km2(value: float) -> str:
    return text.number(value, TABLE_DECIMALS)


def _plus_minus(value: float) -> str:
    """Write an uncertainty; a dash where no accuracy of the vertices is known."""
    return f"± {_km2(value)}" if value else "–"


def _trim(value: float) -> str:
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def plain(value: str) -> str:
    """Return `value` without line breaks and control characters, which could forge a row."""
    return "".join(c if unicodedata.category(c)[0] != "C" else "�" for c in value)


def by_crs(report: Report, language: str) -> list[list[str]]:
    """Return the rows of the table of areas by CRS, the heads of the columns first."""
    words = text.labels("report", language)
    named = {c.id: name(c, language) for c in report.checks}
    ids = list(report.by_crs[0].measured_km2)
    head = ["CRS", words["name"], words["error"], *(plain(named[i]) for i in ids)]
    return [head] + [
        [
            row.crs,
            row.name,
            f"{row.area_error_percent:+z.3f} %",
            *(_km2(row.measured_km2[i]) for i in ids),
        ]
        for row in report.by_crs
    ]


def aligned(table: list[list[str]]) -> list[str]:
    """Return the lines of a table whose columns line up in a terminal."""
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
    rows = ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in table]
    return [rows[0], "|" + " --- |" * len(table[0]), *rows[1:]]


def escaped(cell: str) -> str:
    """Return a text in which Markdown sees no marks."""
    for mark in "\\|`*_[]<>":
        cell = cell.replace(mark, "\\" + mark)
    return cell


def rule(report: Report, language: str) -> str:
    """Return the sentence that says what consistent means."""
    words = text.labels("report", language)
    if report.max_difference is None:
        return words["rule"]
    return words["rule-fixed"].format(percent=_trim(100 * report.max_difference))


def notes(report: Report, language: str) -> list[str]:
    """Return the sentences under the table: rule, terms, interpretations, sources, warnings."""
    words = text.labels("report", language)
    notes = [rule(report, language), words["explained"]]
    notes += [line for check in report.checks for line in _interpretations(check, language)]
    sources = dict.fromkeys(c.stated_source for c in report.checks if c.stated_source)
    notes += [f"{words['source']}: {plain('; '.join(sources))}"] if sources else []
    notes += [plain(warning) for warning in report.warnings]
    return notes if report.declared else [*notes, words["old-figure"], words["closing"]]


def _interpretations(check: Check, language: str) -> list[str]:
    """Return one line for each reading of a part; sums over parts have no name of their own."""
    words = text.labels("report", language)
    return [
        words["interpretation-fitted" if one.fitted else "interpretation"].format(
            name=plain(one.names[language]),
            area=_km2(one.area_km2),
            rule=plain(one.rules[language]),
        )
        for one in check.interpretations
        if one.names
    ]
