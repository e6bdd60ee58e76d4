"""What a plan consists of: facts, sources, series, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hetao_geo.text import LANGUAGES

Words = Mapping[str, str]
"""The same words by language: ``en``, ``zh-Hans``, ``zh-Hant``."""


@dataclass(frozen=True)
class Source:
    """Where a fact can be read."""

    key: str
    """Name of the source, as facts point at it."""
    title: str
    """Title in its own language; in parentheses, a description of a page without one."""
    publisher: str
    """Who published it, and the site of the copy where it is one."""
    date: str
    """ISO date of the page, or ``undated``."""
    url: str
    """Address, http or https."""
    kind: str
    """``official``, ``press``, ``mirror`` (a copy on another site) or ``wiki``."""


@dataclass(frozen=True)
class Fact:
    """One statement about the zone."""

    id: str
    """``S`` article of 6 September 2023, ``P`` plan, ``H`` outline, ``T`` history, ``Z`` zones."""
    topic: str
    """Key of its heading, see `topics`."""
    value: int | float | str | tuple[int | float, ...]
    """The figure or the gist of the statement."""
    unit: str
    """Unit of the figure, such as ``km2``; ``text`` where there is no figure."""
    date: str
    """When it was said or happened: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    speaker: Words
    """Who said it."""
    source: str
    """Key of the source, see `sources`."""
    text: Words
    """The statement; ends in a colon where `items` follow."""
    also: tuple[str, ...] = ()
    """Keys of further sources."""
    items: tuple[Words, ...] = ()
    """The members of an enumeration, such as the four fields of growth."""
    about: tuple[str, ...] = ()
    """Ids of the features whose popups show it."""
    qualifier: str = "exact"
    """How the figure is meant: ``exact``, ``about``, ``close-to``, ``over``, ``at-most``."""
    dated: str = "statement"
    """What `date` is the date of: the ``statement``, the ``event`` that it tells of, or the
    source, where the date of the figure is ``not-given``."""
    confidence: str = "high"
    """``high``, or ``medium`` where only a secondary source was read."""
    superseded_by: str | None = None
    """Id of the fact with the next newer figure."""


@dataclass(frozen=True)
class Series:
    """A number that changed."""

    id: str
    """Name of the series."""
    title: Words
    """What is counted."""
    facts: tuple[Fact, ...]
    """The figures, newest first."""


@dataclass(frozen=True)
class Difference:
    """A place where sources differ, and how the reader can take it."""

    id: str
    """Name of the note."""
    text: Words
    """The note."""
    facts: tuple[str, ...]
    """Ids of the facts that it is about."""
    sources: tuple[str, ...]
    """Keys of the sources that differ."""


@dataclass(frozen=True)
class Plan:
    """Everything in ``plan.toml``."""

    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    topics: Mapping[str, Words]
    series: tuple[Series, ...]
    differences: tuple[Difference, ...]
    timeline: tuple[Fact, ...]
    four_zones: tuple[Fact, ...]
    about: Mapping[str, tuple[Fact, ...]]
    units: Mapping[str, Words]
    qualifiers: Mapping[str, Words]


def plan_of(raw: dict[str, Any]) -> Plan:
    """Return the plan of a parsed file that has no faults."""
    newer = {
        old: new
        for row in raw["series"]
        for new, old in zip(row["facts"], row["facts"][1:], strict=False)
    }
    about: dict[str, list[str]] = {}
    for feature, ids in raw["about"].items():
        for one in ids:
            about.setdefault(one, []).append(feature)
    known = {
        row["id"]: _fact(
            {"dated": "event" if row["id"] in raw["timeline"] else "statement", **row},
            raw["speakers"],
            tuple(about.get(row["id"], ())),
            newer.get(row["id"]),
        )
        for row in raw["facts"]
    }
    return Plan(
        facts=known,
        sources={key: Source(key=key, **row) for key, row in raw["sources"].items()},
        topics=raw["topics"],
        series=tuple(
            Series(row["id"], _words(row), tuple(known[one] for one in row["facts"]))
            for row in raw["series"]
        ),
        differences=tuple(
            Difference(row["id"], _words(row), tuple(row["facts"]), tuple(row["sources"]))
            for row in raw["differences"]
        ),
        timeline=tuple(sorted((known[one] for one in raw["timeline"]), key=lambda f: f.date)),
        four_zones=tuple(known[one] for one in raw["four_zones"]),
        about={key: tuple(known[one] for one in ids) for key, ids in raw["about"].items()},
        units=raw["units"],
        qualifiers=raw["qualifiers"],
    )


def _fact(
    row: dict[str, Any],
    speakers: Mapping[str, Words],
    about: tuple[str, ...],
    superseded_by: str | None,
) -> Fact:
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    rest = {key: row[key] for key in ("dated", "qualifier", "confidence") if key in row}
    return Fact(
        **{key: row[key] for key in ("id", "topic", "unit", "date", "source")},
        value=value,
        speaker=speakers[row["speaker"]],
        text=_words(row),
        also=tuple(row.get("also", ())),
        items=tuple(row.get("items", ())),
        about=about,
        superseded_by=superseded_by,
        **rest,
    )


def _words(row: Mapping[str, Any]) -> Words:
    return {language: row[language] for language in LANGUAGES}
