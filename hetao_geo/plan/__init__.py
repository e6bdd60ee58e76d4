"""The facts of the plan in three languages, each with its date, speaker and source.

They live in ``geodata/plan.toml``, which is checked by the tests and only read here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from hetao_geo import files, paths, text
from hetao_geo.errors import UsageError
from hetao_geo.plan._reader import build
from hetao_geo.plan.model import (
    Boundary,
    Difference,
    Fact,
    OpenQuestion,
    Place,
    Plan,
    Series,
    Source,
    Stretch,
    Words,
)

__all__ = [
    "Boundary",
    "Difference",
    "Fact",
    "OpenQuestion",
    "Place",
    "Plan",
    "Series",
    "Source",
    "Stretch",
    "Words",
    "about",
    "boundary",
    "differences",
    "fact",
    "facts",
    "figure",
    "four_zones",
    "introduction",
    "load",
    "open_questions",
    "place",
    "sources",
    "sources_until",
    "then_and_now",
    "timeline",
    "topics",
]

PLAN_FILE = "plan.toml"


@cache
def load() -> Plan:
    """Return everything in the plan file, read once a process."""
    return build(tomllib.loads(files.read_text(paths.GEODATA / PLAN_FILE)))


def introduction() -> Words:
    """Return what the zone is, who decided it and when, in at most 60 words."""
    return load().introduction


def sources_until() -> str:
    """Return the last day up to which sources were looked for.

    Examples
    --------
    >>> sources_until()
    '2026-03-11'
    """
    return load().sources_until


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


def open_questions() -> tuple[OpenQuestion, ...]:
    """Return what was looked for in the sources and not found."""
    return load().open_questions


def four_zones() -> tuple[Fact, ...]:
    """Return the area of each cooperation zone of the Greater Bay Area, in order of their plans."""
    return load().four_zones


def boundary() -> Boundary:
    """Return the rule that fixes the boundary, and on what each stretch of the line rests."""
    return load().boundary


def place(feature_id: str) -> Place | None:
    """Return what the map says of a feature; None where it says nothing."""
    return load().places.get(feature_id)


def about(feature_id: str) -> tuple[Fact, ...]:
    """Return the facts of a feature's card in reading order; none where it has no card."""
    found = place(feature_id)
    return found.facts if found else ()


def figure(fact: Fact, language: str) -> str:
    """Write the figure of a fact with its qualifier and unit.

    Parameters
    ----------
    fact : Fact
        The fact.
    language : str
        One of ``en``, ``zh-Hans``, ``zh-Hant``.

    Examples
    --------
    >>> researchers = load().facts["P34d"]
    >>> figure(researchers, "en"), figure(researchers, "zh-Hans")
    ('over 15,000', '超过1.5万名')
    """
    language = text.check_language(language)
    values = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    written = (", " if language == "en" else "、").join(
        _written(value, fact.unit, language) for value in values
    )
    full = load().units[fact.unit][language].replace("{}", written)
    return load().qualifiers[fact.qualifier][language].replace("{}", full)


def _written(value: int | float | str, unit: str, language: str) -> str:
    if unit == "date":
        return text.date(str(value), language)
    if isinstance(value, str) or unit == "year":
        return str(value)
    # Mainland usage counts from 10,000 on in 万; Hong Kong usage only where the number is round.
    if value >= 10_000 and (language == "zh-Hans" or (language == "zh-Hant" and value % 1000 == 0)):
        return f"{value / 10_000:.10g}" + ("万" if language == "zh-Hans" else "萬")
    if value >= 1_000_000 and value % 100_000 == 0:
        return f"{value / 1_000_000:.10g} million"
    decimals = len(str(value).partition(".")[2])
    plain = text.number(value, decimals)
    return plain.replace(",", "") if language == "zh-Hans" else plain
