"""The sentences under the tables of a report."""

from __future__ import annotations

from hetao_geo import text
from hetao_geo.report import table
from hetao_geo.report.table import Foreign
from hetao_geo.verification import Check, Report


def rule(report: Report, language: str) -> str:
    """Return the sentence that says what consistent means."""
    words = text.labels("report", language)
    if report.max_difference is None:
        return words["rule"]
    return words["rule-fixed"].format(percent=table.trim(100 * report.max_difference))


def notes(report: Report, language: str, foreign: Foreign) -> list[str]:
    """Return the rule, the terms, interpretations, sources and warnings, one sentence each."""
    words = text.labels("report", language)
    lines = [rule(report, language), words["explained"]]
    bases = report.summary.bases
    lines += [words[f"explained-{base}"] for base in ("sides", "vertices") if bases[base]]
    lines += [words["explained-correlated"]] if bases["sides"] or bases["vertices"] else []
    read = [line for check in report.checks for line in _interpretations(check, language, foreign)]
    lines += [words["explained-interpretations"], *read] if read else []
    sources = dict.fromkeys(c.stated_source for c in report.checks if c.stated_source)
    lines += [f"{words['source']}: {foreign('; '.join(sources))}"] if sources else []
    lines += [foreign(warning) for warning in report.warnings]
    return [*lines, words["old-figure"], words["closing"]] if report.built_in else lines


def title(report: Report, language: str, foreign: Foreign) -> str:
    """Return the title of a report, with the unit of its areas."""
    words = text.labels("report", language)
    unit = words[f"unit-{report.unit}"]
    if report.built_in:
        return words["title"].format(unit=unit)
    file = f": {foreign(report.origin.file)}" if report.origin else ""
    return words["title-own"].format(unit=unit) + file


def method(report: Report, language: str, foreign: Foreign) -> str:
    """Return the sentence that says which area decides."""
    words = text.labels("report", language)
    crs = foreign(f"{report.crs} {report.crs_name}")
    return words[f"{report.decided_by}-decides"].format(crs=crs)


def outcome(report: Report, language: str) -> str:
    """Return the sentence that says whether all rows are consistent."""
    words = text.labels("report", language)
    key = "passed" if report.passed else "failed" if report.summary.rows else "empty"
    return words[key]


def _interpretations(check: Check, language: str, foreign: Foreign) -> list[str]:
    """Return one line for each reading of a part; sums over parts have no name of their own."""
    words = text.labels("report", language)
    return [
        words["interpretation-fitted" if read.fitted else "interpretation"].format(
            name=foreign(read.names[language]),
            area=text.number(read.area_km2, 3),
            rule=foreign(read.rules[language]),
        )
        for read in check.interpretations
        if read.names
    ]
