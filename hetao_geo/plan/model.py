"""What a plan consists of: facts, sources, series, notes, and what the map says of each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """Ids of the features whose cards show it."""
    qualifier: str = "exact"
    """How the figure is meant: ``exact``, ``about``, ``over``, ``at-most``."""
    dated: str = "statement"
    """What `date` is the date of: the ``statement``, the ``event`` that it tells of, or the
    source, where the date of the figure is ``not-given``."""
    first_said: str | None = None
    """The earliest day on which the figure was seen, where the source cited is a later one."""
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
class OpenQuestion:
    """What was looked for and not found."""

    id: str
    """Name of the question."""
    text: Words
    """What was not found, and up to which day sources were read."""
    facts: tuple[Fact, ...]
    """The facts that come nearest to an answer."""


@dataclass(frozen=True)
class Place:
    """What the map says of one feature."""

    id: str
    """Id of the feature."""
    summary: Words
    """What it is, in two lines."""
    text: Words | None
    """What unfolds below the summary; None where the summary says it all."""
    facts: tuple[Fact, ...]
    """The facts of its card in reading order, each with its source."""


@dataclass(frozen=True)
class Stretch:
    """One stretch of the boundary."""

    id: str
    """Id of its feature, such as ``boundary-shenzhen-river``."""
    name: Words
    """From where to where it runs."""
    text: Words
    """On what the line rests and how exact it is, in two lines."""
    accuracy_m: float
    """Standard error of the line in metres."""


@dataclass(frozen=True)
class Boundary:
    """The rule that fixes the boundary, and its stretches."""

    summary: Words
    """The rule, in two lines."""
    text: Words
    """What the rule leaves open, and how the line was drawn."""
    facts: tuple[Fact, ...]
    """The facts behind it in reading order."""
    stretches: tuple[Stretch, ...]
    """The stretches from west to east."""


@dataclass(frozen=True)
class Plan:
    """Everything in ``plan.toml``."""

    sources_until: str
    """ISO date of the last day up to which sources were looked for."""
    introduction: Words
    """What the zone is, who decided it and when."""
    facts: Mapping[str, Fact]
    """All facts by id, in the order of the panel."""
    sources: Mapping[str, Source]
    """All sources by key."""
    topics: Mapping[str, Words]
    """The headings by key, in the order of the panel."""
    series: tuple[Series, ...]
    """The numbers that changed."""
    differences: tuple[Difference, ...]
    """Where sources differ."""
    open_questions: tuple[OpenQuestion, ...]
    """What was not found."""
    timeline: tuple[Fact, ...]
    """The events, oldest first."""
    four_zones: tuple[Fact, ...]
    """The area of each cooperation zone, in order of their plans."""
    boundary: Boundary
    """The boundary and its stretches."""
    places: Mapping[str, Place]
    """What the map says of each feature, by its id."""
    units: Mapping[str, Words]
    """How a figure is written with its unit."""
    qualifiers: Mapping[str, Words]
    """How a figure is written with its qualifier."""
