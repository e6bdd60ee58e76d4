"""What the panel is made of: stated areas, places, statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hetao_geo import plan, text
from hetao_geo.verification.model import Check
from hetao_geo.webmap.translation import Words, area, hectares, words


@dataclass(frozen=True)
class Row:
    """One stated area on the page."""

    check: Check
    name: Words
    bar: str
    """The drawing: SVG markup that holds numbers only."""

    @property
    def stated(self) -> Words:
        """The stated area."""
        return area(self.check.stated_km2)

    @property
    def stated_ha(self) -> Words:
        """The stated area in hectares."""
        return hectares(self.check.stated_km2)

    @property
    def stated_aside(self) -> Words:
        """The stated area in hectares, in parentheses as each language writes them."""
        return words("panel.aside", text=self.stated_ha)

    @property
    def measured(self) -> Words:
        """The measured area."""
        return area(self.check.measured_km2)

    @property
    def range(self) -> str | None:
        """Smallest and largest area over the interpretations, in square kilometres."""
        span = self.check.interpretation_range_km2
        return "–".join(self.km2(end) for end in span) if span else None

    @staticmethod
    def km2(value: float) -> str:
        """Write a number of square kilometres."""
        return text.number(value, 2)

    @property
    def difference(self) -> str:
        """The difference in per cent, signed; the same in every language."""
        sign = "−" if self.check.difference_percent < 0 else "+"
        return f"{sign}{abs(self.check.difference_percent):.1f} %"

    @property
    def verdict(self) -> Words:
        """The verdict."""
        return words("common." + self.check.verdict)


@dataclass(frozen=True)
class Place:
    """What is said about one park, part or crossing: the popup and the text equivalent."""

    feature: Any
    name: Words
    row: Row | None
    summary: Words | None
    """What it is, in two lines."""
    texts: Sequence[Words]
    """What unfolds."""
    facts: tuple[str, ...]
    """Ids of the facts, in reading order."""
    relation: str
    """Key of the word before `related`."""
    related: tuple[tuple[str, Words], ...]
    """Ids and names of the whole park, the parts, or the opposite port."""
    on_boundary: bool
    """Whether it is a stretch of the boundary, whose card has the rule as well."""

    @property
    def id(self) -> str:
        """Id of the feature."""
        return str(self.feature.id)

    @property
    def own_area(self) -> Words | None:
        """Measured area of a polygon of the reader's own."""
        measured = self.feature.properties.get("measured_km2")
        return None if measured is None else area(measured)

    @property
    def exactness(self) -> Words | None:
        """How exact the position or the edges are."""
        if not self.feature.properties["accuracy_m"]:
            return None
        kind = "position" if self.feature.geometry.geom_type == "Point" else "edges"
        return words(f"panel.{kind}", metres=f"{self.feature.properties['accuracy_m']:g}")


@dataclass(frozen=True)
class Statement:
    """What one speaker said on one day, or what a source tells of an event."""

    facts: tuple[plan.Fact, ...]
    speaker: Words
    date: str
    sources: tuple[str, ...]
    """Keys of the sources."""
    event: bool
    """The date is that of the event, not of the words."""
    source_date: str
    """ISO date of the first source, or ``undated``."""
