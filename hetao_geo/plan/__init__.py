"""The facts of the plan in three languages, each with its date, speaker and source.

They live in ``geodata/plan.toml``; `faults` judges that file before anybody reads from it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hetao_geo import files, paths, text
from hetao_geo.errors import DataError, UsageError
from hetao_geo.plan.faults import faults
from hetao_geo.plan.model import Difference, Fact, Plan, Series, Source, Words, plan_of

__all__ = [
    "Difference",
    "Fact",
    "Plan",
    "Series",
    "Source",
    "Words",
    "about",
    "differences",
    "fact",
    "facts",
    "figure",
    "four_zones",
    "load",
    "sources",
    "then_and_now",
    "timeline",
    "topics",
]

PLAN_FILE = "plan.toml"


@cache
def load(path: str | Path | None = None) -> Plan:
    """Read a plan file; the package's own without `path`. Read once a process.

    Raises
    ------
    DataError
        The file is missing, not UTF-8, not TOML, or has faults; the error names all of them.
    """
    where = Path(path) if path is not None else paths.GEODATA / PLAN_FILE
    try:
        raw = tomllib.loads(files.read_text(where))
    except tomllib.TOMLDecodeError as error:
        raise DataError("not TOML", where=str(where), found=str(error)) from error
    wrong = faults(raw)
    if wrong:
        count = "1 fault" if len(wrong) == 1 else f"{len(wrong)} faults"
        raise DataError(
            f"the plan has {count}", where=str(where), found="; ".join(wrong), hint="mend the file"
        )
    return plan_of(raw)


def facts() -> tuple[Fact, ...]:
    """Return all facts, in the order of the panel."""
    return tuple(load().facts.values())


def fact(fact_id: str) -> Fact:
    """Return one fact.

    Raises
    ------
    UsageError
        There is none of that id.
    """
    try:
        return load().facts[fact_id]
    except KeyError:
        raise UsageError("unknown fact", found=repr(fact_id), hint="see plan.facts()") from None


def sources() -> Mapping[str, Source]:
    """Return all sources by key."""
    return load().sources


def topics() -> Mapping[str, Words]:
    """Return the headings by key, in the order of the panel."""
    return load().topics


def timeline() -> tuple[Fact, ...]:
    """Return the events of the zone, oldest first.

    Examples
    --------
    >>> timeline()[0].date
    '1982-04'
    """
    return load().timeline


def then_and_now() -> tuple[Series, ...]:
    """Return the numbers that changed, the newest figure of each first."""
    return load().series


def differences() -> tuple[Difference, ...]:
    """Return the notes on where sources differ."""
    return load().differences


def four_zones() -> tuple[Fact, ...]:
    """Return the area of each cooperation zone of the Greater Bay Area, in order of their plans."""
    return load().four_zones


def about(feature_id: str) -> tuple[Fact, ...]:
    """Return the facts of a feature's popup in reading order; none where it has no popup."""
    return load().about.get(feature_id, ())


def figure(one: Fact, language: str) -> str:
    """Write the figure of a fact with its qualifier and unit.

    Examples
    --------
    >>> figure(fact("P34d"), "en"), figure(fact("P34d"), "zh-Hans")
    ('over 15,000', '超过1.5万名')
    """
    text.check_language(language)
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    written = (", " if language == "en" else "、").join(
        _written(v, one.unit, language) for v in values
    )
    full = load().units[one.unit][language].replace("{}", written)
    return load().qualifiers[one.qualifier][language].replace("{}", full)


def _written(value: int | float | str, unit: str, language: str) -> str:
    if unit == "date":
        return text.date(str(value), language)
    if isinstance(value, str) or unit == "year":
        return str(value)
    # Mainland usage counts from 10,000 on in 万; Hong Kong usage only where the number is round.
    if value >= 10_000 and (language == "zh-Hans" or (language == "zh-Hant" and value % 1000 == 0)):
        return f"{value / 10_000:.10g}" + ("万" if language == "zh-Hans" else "萬")
    decimals = len(str(value).partition(".")[2])
    plain = text.number(value, decimals)
    return plain.replace(",", "") if language == "zh-Hans" else plain
