"""A verification report as text, Markdown, JSON or CSV, in three languages."""

from __future__ import annotations

import io
from collections.abc import Callable

from hetao_geo import text
from hetao_geo.errors import UsageError
from hetao_geo.report import document, notes, table
from hetao_geo.verification import Report

__all__ = ["FORMATS", "check_format", "render"]

# Files of so many rows at most are shown row by row; of others the largest differences.
SHOWN = 50


def render(report: Report, format: str = "text", language: str = "en") -> str:  # noqa: A002
    """Write a report.

    Parameters
    ----------
    report : Report
        What `hetao_geo.verify` returned.
    format : {"text", "markdown", "markdown-table", "json", "csv"}
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
        Unknown format or language, or rows that the report did not keep.

    References
    ----------
    Standard error of a digitised area: Chrisman, N. R. and Yandell, B. S. (1988), "Effects of
    point error on area calculations", Surveying and Mapping 48, 241-246.
    """
    language = text.check_language(language)
    return FORMATS[check_format(format)](report, language)


def check_format(name: str) -> str:
    """Return `name` if a report can be written in that format.

    Raises
    ------
    UsageError
        It cannot.
    """
    if name not in FORMATS:
        expected = f"one of {', '.join(FORMATS)}"
        raise UsageError("unknown format", expected=expected, found=repr(name))
    return name


def _json(report: Report, language: str) -> str:
    return _rows(report, "json", language)


def _csv(report: Report, language: str) -> str:
    return _rows(report, "csv", language)


def _rows(report: Report, name: str, language: str) -> str:
    out = io.StringIO()
    document.write_kept(report, name, out, language)
    return out.getvalue()


def _text(report: Report, language: str) -> str:
    def heading(words: str, level: int) -> list[str]:
        return [words]

    return _laid_out(report, language, text.printable, heading, table.aligned)


def _markdown(report: Report, language: str) -> str:
    def heading(words: str, level: int) -> list[str]:
        return [f"{'#' * level} {words}", ""]

    return _laid_out(report, language, text.markdown, heading, table.pipes)


def _laid_out(
    report: Report,
    language: str,
    foreign: table.Foreign,
    heading: Callable[[str, int], list[str]],
    lay_out: Callable[[list[list[str]]], list[str]],
) -> str:
    """Return title, tables and notes; the tables hold every row of a few, the odd ones of many."""
    lines = heading(notes.title(report, language, foreign), 1)
    lines += [notes.method(report, language, foreign), ""]
    for words, cells in _tables(report, language, foreign):
        lines += [*(heading(words, 2) if words else []), *lay_out(cells), ""]
    lines += [f"- {note}" for note in notes.notes(report, language, foreign)]
    outcome = notes.outcome(report, language)
    bold = "**" if lay_out is table.pipes else ""
    return "\n".join([*lines, "", f"{bold}{outcome}{bold}"]) + "\n"


def _tables(
    report: Report, language: str, foreign: table.Foreign
) -> list[tuple[str, list[list[str]]]]:
    """Return heading and cells of each table."""
    words, summary = text.labels("report", language), report.summary
    tables = []
    if report.parts and len(report.checks) <= SHOWN:
        tables.append(("", table.areas(report, report.checks, language, foreign)))
    else:
        for heading, checks in (("worst", summary.worst), ("unjudged", summary.not_judged)):
            if checks:
                cells = table.areas(report, checks, language, foreign)
                tables.append((words[heading], cells))
    if not report.built_in:
        tables.append(("", [["", ""], *table.counts(report, language)]))
    if report.by_crs:
        unit = words[f"unit-{report.unit}"]
        cells = table.by_crs(report, language, foreign)
        tables.append((words["by-crs"].format(unit=unit), cells))
    return tables


def _markdown_table(report: Report, language: str) -> str:
    cells = table.areas(report, report.checks, language, text.markdown)
    return "\n".join(table.pipes(cells)) + "\n"


FORMATS: dict[str, Callable[[Report, str], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "markdown-table": _markdown_table,
    "csv": _csv,
}
