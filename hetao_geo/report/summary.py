"""The summary of many declared areas as text, JSON, Markdown or CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from hetao_geo import text
from hetao_geo.errors import UsageError
from hetao_geo.report import table
from hetao_geo.verification.many import Named, Summary


def render(summary: Summary, form: str = "text", language: str = "en") -> str:
    """Write a summary.

    Parameters
    ----------
    summary : Summary
        What `hetao_geo.verification.many.verify_file` returned.
    form : {"text", "json", "markdown", "csv"}
        JSON and CSV have English keys in every language.
    language : {"en", "zh-Hans", "zh-Hant"}

    Raises
    ------
    UsageError
        Unknown form or language.
    """
    text.check_language(language)
    return FORMS[check_form(form)](summary, language)


def check_form(form: str) -> str:
    """Return `form` if a summary can be written in it, else raise `UsageError`."""
    if form not in FORMS:
        raise UsageError("unknown format", expected=f"one of {', '.join(FORMS)}", found=repr(form))
    return form


def _facts(summary: Summary, words: dict[str, str]) -> list[list[str]]:
    difference = summary.measured_m2 - summary.stated_m2
    share = f" ({100 * difference / summary.stated_m2:+.4f} %)" if summary.stated_m2 else ""
    counted = [[words[verdict], f"{n:,}"] for verdict, n in summary.verdicts.items()]
    return [
        [words["rows"], f"{summary.rows:,}"],
        *counted,
        *([f"  {reason}", f"{n:,}"] for reason, n in sorted(summary.reasons.items())),
        [words["stated-total"], f"{summary.stated_m2:,.1f} m2"],
        [words["measured-total"], f"{summary.measured_m2:,.1f} m2"],
        [words["difference"], f"{difference:+,.1f} m2{share}"],
    ]


def _named(rows: Sequence[Named], words: dict[str, str], last: str) -> list[list[str]]:
    head = [words["row"], words["id"], words["stated"], words["measured"], last]
    body = [
        [str(one.row), one.id, _m2(one.stated_m2), _m2(one.measured_m2), _last(one)] for one in rows
    ]
    return [head, *body]


def _m2(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _last(one: Named) -> str:
    return one.reason if one.difference_percent is None else f"{one.difference_percent:+.3f} %"


def _text(summary: Summary, language: str) -> str:
    return _document(summary, language, "{}", table.aligned, str)


def _markdown(summary: Summary, language: str) -> str:
    return _document(summary, language, "## {}\n", table.pipes, table.escaped)


def _document(
    summary: Summary,
    language: str,
    heading: str,
    lay_out: Callable[[list[list[str]]], list[str]],
    escape: Callable[[str], str],
) -> str:
    words = text.labels("declared", language)
    method = words["geodesic"] if summary.crs == "geodesic" else summary.crs
    lines = [heading.format(f"{words['title']}: {escape(summary.file)}")]
    lines += [f"{words['measured-in']}: {method}", "", *lay_out(_facts(summary, words))]
    for rows, title, last in (
        (summary.worst, "worst", "difference"),
        (summary.not_judged, "unjudged", "reason"),
    ):
        if rows:
            lines += ["", words[title], "", *lay_out(_named(rows, words, words[last]))]
    lines += ["", *(f"- {escape(note)}" for note in summary.warnings)]
    return "\n".join([*lines, "", words["passed" if summary.passed else "failed"]]) + "\n"


def _json(summary: Summary, language: str) -> str:
    return json.dumps(summary.as_dict(), ensure_ascii=False, indent=2) + "\n"


def _csv(summary: Summary, language: str) -> str:
    rows: list[tuple[str, float]] = [
        ("rows", summary.rows),
        *summary.verdicts.items(),
        *sorted(summary.reasons.items()),
    ]
    rows += [("stated_m2", round(summary.stated_m2, 1))]
    rows += [("measured_m2", round(summary.measured_m2, 1))]
    return "".join(f"{name},{value}\n" for name, value in [("name", "value"), *rows])


FORMS: dict[str, Callable[[Summary, str], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "csv": _csv,
}
