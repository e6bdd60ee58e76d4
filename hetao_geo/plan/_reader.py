"""Build the plan from a parsed file. The tests check that file; here it is taken as sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
from hetao_geo.text import LANGUAGES


def build(raw: Mapping[str, Any]) -> Plan:
    """Return the plan of a parsed file."""
    facts = _facts(raw)

    def chosen(ids: Iterable[str]) -> tuple[Fact, ...]:
        return tuple(facts[fact_id] for fact_id in ids)

    boundary = _boundary(raw["boundary"], chosen(raw["boundary"]["facts"]))
    return Plan(
        sources_until=raw["sources_until"],
        introduction=_words(raw["introduction"]),
        facts=facts,
        sources={key: Source(key=key, **row) for key, row in raw["sources"].items()},
        topics=raw["topics"],
        series=tuple(Series(r["id"], _words(r), chosen(r["facts"])) for r in raw["series"]),
        differences=tuple(
            Difference(row["id"], _words(row), tuple(row["facts"]), tuple(row["sources"]))
            for row in raw["differences"]
        ),
        open_questions=tuple(
            OpenQuestion(r["id"], _words(r), chosen(r["facts"])) for r in raw["open_questions"]
        ),
        timeline=tuple(sorted(chosen(raw["timeline"]), key=lambda fact: fact.date)),
        four_zones=chosen(raw["four_zones"]),
        boundary=boundary,
        places={
            key: Place(key, row["summary"], row.get("text"), chosen(row["facts"]))
            for key, row in raw["places"].items()
        }
        | {
            stretch.id: Place(stretch.id, stretch.text, boundary.text, boundary.facts)
            for stretch in boundary.stretches
        },
        units=raw["units"],
        qualifiers=raw["qualifiers"],
    )


def _facts(raw: Mapping[str, Any]) -> dict[str, Fact]:
    cards = {key: row["facts"] for key, row in raw["places"].items()}
    cards |= {row["id"]: raw["boundary"]["facts"] for row in raw["boundary"]["stretches"]}
    about: dict[str, list[str]] = {}
    for feature_id, fact_ids in cards.items():
        for fact_id in fact_ids:
            about.setdefault(fact_id, []).append(feature_id)
    newer = {
        older_id: newer_id
        for row in raw["series"]
        for newer_id, older_id in zip(row["facts"], row["facts"][1:], strict=False)
    }
    return {
        row["id"]: _fact(row, raw, tuple(about.get(row["id"], ())), newer.get(row["id"]))
        for row in raw["facts"]
    }


def _fact(
    row: Mapping[str, Any],
    raw: Mapping[str, Any],
    about: tuple[str, ...],
    superseded_by: str | None,
) -> Fact:
    keys = ("id", "topic", "unit", "date", "source", "qualifier", "first_said", "confidence")
    return Fact(
        **{key: row[key] for key in keys if key in row},
        value=tuple(row["value"]) if isinstance(row["value"], list) else row["value"],
        speaker=raw["speakers"][row["speaker"]],
        text=_words(row),
        also=tuple(row.get("also", ())),
        items=tuple(row.get("items", ())),
        about=about,
        dated=row.get("dated", "event" if row["id"] in raw["timeline"] else "statement"),
        superseded_by=superseded_by,
    )


def _boundary(row: Mapping[str, Any], facts: tuple[Fact, ...]) -> Boundary:
    stretches = tuple(Stretch(**stretch) for stretch in row["stretches"])
    return Boundary(row["summary"], row["text"], facts, stretches)


def _words(row: Mapping[str, Any]) -> Words:
    return {language: row[language] for language in LANGUAGES}
