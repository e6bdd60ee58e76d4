"""What the page says in words: the figures, the facts of the plan, the places, the sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from hetao_geo import plan, text
from hetao_geo.verification import verify_zone
from hetao_geo.verification.model import Check, Interpretation
from hetao_geo.webmap import chart, locator, payload
from hetao_geo.webmap.entries import Place, Row, Statement
from hetao_geo.webmap.translation import Words, area, words

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
    def introduction(self) -> Words:
        """What the zone is, who decided it and when."""
        return plan.introduction()

    @property
    def boundary(self) -> plan.Boundary:
        """The rule that fixes the boundary."""
        return plan.boundary()

    @property
    def shares(self) -> float | None:
        """Share of the Shenzhen Park in the zone, per cent."""
        stated = [self.rows[key].check.stated_km2 for key in _FIGURES[:2] if key in self.rows]
        return 100 * stated[0] / sum(stated) if len(stated) == 2 else None

    @property
    def total(self) -> str:
        """The stated areas of the parks."""
        rows = [self.rows[key] for key in _FIGURES[:2] if key in self.rows]
        return " + ".join(row.km2(row.check.stated_km2) for row in rows)

    @property
    def years(self) -> str:
        """First and last year of the timeline."""
        return f"{self.timeline[0].date[:4]}–{self.timeline[-1].date[:4]}"

    @property
    def announced(self) -> str:
        """Year in which the plan was made known."""
        return "2023"

    @cached_property
    def places(self) -> list[Place]:
        """What the map has besides ports, in reading order."""
        keys = ("parks", "parts", "river", "boundary", "roads")
        drawn = [one for key in keys for one in self.data.features(key)]
        known = {one.id for one in drawn if self._said(one.id)}
        parks = {one.id for key in ("parks", "parts") for one in self.data.features(key)}
        return [self._place(one) for one in drawn if one.id in known | parks]

    @cached_property
    def ports(self) -> list[Place]:
        """The crossings."""
        return [self._place(one) for one in self.data.features("crossings")]

    @cached_property
    def on_cards(self) -> set[str]:
        """Ids of the facts that a card shows."""
        return {fact for place in (*self.places, *self.ports) for fact in place.facts}

    def _said(self, feature_id: str) -> bool:
        return feature_id in plan.load().places or feature_id in self._stretches

    @cached_property
    def _stretches(self) -> dict[str, plan.Stretch]:
        return {one.id: one for one in plan.boundary().stretches}

    @cached_property
    def _names(self) -> dict[str, Words]:
        keys = ("parks", "parts", "crossings")
        return {one.id: payload.names(one) for key in keys for one in self.data.features(key)}

    def _place(self, one: Any) -> Place:
        properties = one.properties
        relation = "whole_park" if properties.get("park") else "pair"
        related = [properties[key] for key in ("park", "pair") if properties.get(key)]
        if not related:
            relation = "two_parts"
            parts = self.data.features("parts")
            related = [other.id for other in parts if other.properties.get("park") == one.id]
        summary, texts, facts = self._text(one.id)
        return Place(
            feature=one,
            name=payload.names(one),
            row=self.rows.get(one.id),
            summary=summary,
            texts=texts,
            facts=tuple(fact.id for fact in facts),
            relation=relation,
            related=tuple((key, self._names[key]) for key in related if key in self._names),
            on_boundary=one.id in self._stretches,
        )

    def _text(self, feature_id: str) -> tuple[Words | None, list[Words], tuple[plan.Fact, ...]]:
        stretch, place = self._stretches.get(feature_id), plan.load().places.get(feature_id)
        if stretch is not None:
            return stretch.name, [stretch.text], plan.boundary().facts
        if place is None:
            return None, [], ()
        return place.summary, [place.text] if place.text else [], place.facts

    @cached_property
    def timeline(self) -> tuple[plan.Fact, ...]:
        """The events, oldest first."""
        return plan.timeline()

    def topics(self, *keys: str) -> list[tuple[Words, list[plan.Fact]]]:
        """Return headings and facts of topics; an event stands in the timeline only."""
        events = {fact.id for fact in self.timeline}
        rows = [
            (plan.topics()[key], [f for f in plan.facts() if f.topic == key and f.id not in events])
            for key in keys
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

    @property
    def open_questions(self) -> tuple[plan.OpenQuestion, ...]:
        """What was looked for and not found."""
        return plan.open_questions()

    @cached_property
    def sources(self) -> list[plan.Source]:
        """The sources that the page names, in order of publisher."""
        used = {key for fact in plan.facts() for key in (fact.source, *fact.also)}
        used |= {key for note in plan.differences() for key in note.sources}
        return sorted((plan.sources()[key] for key in used), key=lambda s: (s.publisher, s.key))

    @cached_property
    def source_numbers(self) -> dict[str, int]:
        """Place of each source in the list."""
        return {one.key: number for number, one in enumerate(self.sources, 1)}

    @cached_property
    def source_names(self) -> dict[str, str]:
        """How a link to each source reads: its publisher, and what tells it from others."""
        names = {one.key: re.split(r"[,(]", one.publisher)[0].strip() for one in self.sources}
        for more in ("date", "title"):
            count = Counter(names.values())
            for one in self.sources:
                if count[names[one.key]] > 1:
                    names[one.key] += f" {getattr(one, more)}"
        return names

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

    def cited(self, fact: plan.Fact) -> tuple[str, ...]:
        """Return the keys of a fact's sources."""
        return (fact.source, *fact.also)

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
            sources=self.cited(one),
            event=one.dated == "event",
            source_date=plan.sources()[one.source].date,
        )


def build(data: payload.Payload) -> Panel:
    """Measure the areas and return the panel."""
    if data.user_file is None:
        return Panel(data, verify_zone().checks)
    return Panel(data, data.checks)


def _reading(one: Interpretation) -> dict[str, Words]:
    return {"name": one.names, "area": area(one.area_km2), "rule": one.rules}
