"""What the page says in words: the figures, the facts of the plan, the places, the sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from hetao_geo import plan, text
from hetao_geo.verification import verify_zone
from hetao_geo.verification.model import Check, Interpretation
from hetao_geo.webmap import chart, locator, payload
from hetao_geo.webmap.entries import Place, Row, Statement
from hetao_geo.webmap.translation import Words, area, words

# The facts that introduce the zone, and the three areas under them.
_SUMMARY = ("S13", "S05", "S06")
_AREAS = "P05"
_FIGURES = ("shenzhen-park", "hong-kong-park", "zone")


class Panel:
    """Everything that the page says, for its template."""

    def __init__(self, data: payload.Payload, checks: Sequence[Check]) -> None:
        self.data, self.checks = data, checks

    @cached_property
    def rows(self) -> dict[str, Row]:
        """The stated areas by feature id."""
        names = {"zone": words("common.zone")}
        for key in ("parks", "parts"):
            names |= {one.id: payload.names(one) for one in self.data.features(key)}
        scale = chart.scale(self.checks)
        return {c.id: Row(c, names[c.id], chart.bar(c, scale)) for c in self.checks}

    @property
    def ticks(self) -> list[chart.Tick]:
        """The ticks under the chart of areas."""
        return chart.ticks(chart.scale(self.checks))

    @property
    def figures(self) -> list[Row]:
        """The areas at the head of the panel."""
        return [self.rows[key] for key in _FIGURES if key in self.rows]

    @property
    def summary(self) -> list[plan.Fact]:
        """The facts that introduce the zone."""
        return [plan.fact(key) for key in _SUMMARY]

    @property
    def area_fact(self) -> plan.Fact:
        """The fact that states the area of the whole zone."""
        return plan.fact(_AREAS)

    @cached_property
    def places(self) -> list[Place]:
        """The parks, parts and crossings, in reading order."""
        keys = ("parks", "parts", "crossings")
        found = [one for key in keys for one in self.data.features(key)]
        return [self._place(one, found) for one in found]

    def _place(self, one: Any, found: list[Any]) -> Place:
        properties = one.properties
        relation = "whole_park" if properties.get("park") else "pair"
        related = [properties[key] for key in ("park", "pair") if properties.get(key)]
        if not related:
            relation = "two_parts"
            related = [other.id for other in found if other.properties.get("park") == one.id]
        names = {other.id: payload.names(other) for other in found}
        return Place(
            feature=one,
            name=names[one.id],
            row=self.rows.get(one.id),
            facts=tuple(fact.id for fact in plan.about(one.id)),
            relation=relation,
            related=tuple((key, names[key]) for key in related if key in names),
        )

    @cached_property
    def timeline(self) -> tuple[plan.Fact, ...]:
        """The events, oldest first."""
        return plan.timeline()

    @property
    def topics(self) -> list[tuple[Words, list[plan.Fact]]]:
        """Headings and facts; an event stands in the timeline only."""
        events = {fact.id for fact in self.timeline}
        rows = [
            (heading, [f for f in plan.facts() if f.topic == key and f.id not in events])
            for key, heading in plan.topics().items()
        ]
        return [(heading, facts) for heading, facts in rows if facts]

    @property
    def series(self) -> tuple[plan.Series, ...]:
        """The numbers that changed."""
        return plan.then_and_now()

    @property
    def differences(self) -> tuple[plan.Difference, ...]:
        """Notes on where sources differ."""
        return plan.differences()

    @property
    def zones(self) -> list[locator.ZoneSize]:
        """The cooperation zones of the Greater Bay Area, the largest first."""
        return locator.zone_sizes(self.data.bay)

    @property
    def inset(self) -> locator.Inset:
        """The locator drawing of the Greater Bay Area."""
        return locator.inset(self.data.bay)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each source on the page, in order of key."""
        used = {key for fact in plan.facts() for key in (fact.source, *fact.also)}
        used |= {key for note in plan.differences() for key in note.sources}
        return {key: number for number, key in enumerate(sorted(used), 1)}

    @property
    def sources(self) -> list[tuple[int, plan.Source]]:
        """The sources with their numbers."""
        return [(number, plan.sources()[key]) for key, number in self.numbers.items()]

    @property
    def newest(self) -> str:
        """ISO date up to which sources were looked for."""
        return plan.sources_until()

    @property
    def interpretations(self) -> list[Words]:
        """The readings of the limits of each part, one line each."""
        return [
            words(f"panel.reading_{'fitted' if one.fitted else 'plain'}", **_reading(one))
            for check in self.checks
            for one in check.interpretations
            if one.names
        ]

    def figure(self, fact: plan.Fact) -> Words:
        """Return the figure of a fact with its unit in each language."""
        return {code: plan.figure(fact, code) for code in text.LANGUAGES}

    def numbers_of(self, keys: Iterable[str]) -> list[int]:
        """Return the numbers of sources."""
        return [self.numbers[key] for key in keys]

    def cited(self, fact: plan.Fact) -> list[int]:
        """Return the numbers of a fact's sources."""
        return self.numbers_of((fact.source, *fact.also))

    def grouped(self, facts: Iterable[plan.Fact], *, merge: bool = True) -> list[Statement]:
        """Return the facts, those of one speaker, day and source together if `merge`."""
        groups: dict[Any, list[plan.Fact]] = {}
        for fact in facts:
            same = (fact.speaker["en"], fact.date, fact.dated == "event", fact.source, fact.also)
            key = same if merge else fact.id
            groups.setdefault(key, []).append(fact)
        return [self._statement(tuple(group)) for group in groups.values()]

    def _statement(self, facts: tuple[plan.Fact, ...]) -> Statement:
        one = facts[0]
        return Statement(
            facts=facts,
            speaker=one.speaker,
            date=one.date,
            numbers=self.cited(one),
            event=one.dated == "event",
            source_date=plan.sources()[one.source].date,
        )


def build(data: payload.Payload) -> Panel:
    """Measure the areas and return the panel."""
    if data.user_file is None:
        return Panel(data, verify_zone().checks)
    from hetao_geo.webmap import user_polygons

    return Panel(data, user_polygons.checks(data.features("parks")))


def _reading(one: Interpretation) -> dict[str, Words]:
    return {"name": one.names, "area": area(one.area_km2), "rule": one.rules}
