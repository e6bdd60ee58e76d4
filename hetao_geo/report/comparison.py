"""A comparison of two sets of polygons as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator

from hetao_geo.comparison.model import SAME, Comparison, Pair
from hetao_geo.geojson import safe_json
from hetao_geo.report import table
from hetao_geo.text import markdown, printable

FORMATS = ("text", "markdown", "json")
# Pairs and polygons that are shown, those that differ first.
SHOWN = 50
_HEAD = ["id", "verdict", "km2", "difference", "overlap", "mean m", "95 % m", "largest m", "by"]


def render(comparison: Comparison, kind: str) -> str:
    """Return the document.

    Parameters
    ----------
    comparison : Comparison
    kind : {"text", "markdown", "json"}
    """
    if kind == "json":
        return safe_json(comparison.as_dict())
    lines = _markdown(comparison) if kind == "markdown" else _text(comparison)
    return "\n".join(lines)


def _shown(comparison: Comparison) -> list[Pair]:
    """Return the pairs to show: all of a few, the odd ones of many."""
    if len(comparison.pairs) <= SHOWN:
        return list(comparison.pairs)
    return [pair for pair in comparison.pairs if pair.verdict != SAME][:SHOWN]


def _counts(comparison: Comparison) -> str:
    return ", ".join(f"{name}: {n:,}" for name, n in comparison.verdicts.items() if n) or "no pairs"


def _alone(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for where, names in (("reference", comparison.only_first), ("file", comparison.only_second)):
        for name in names[:SHOWN]:
            yield where, name
        if len(names) > SHOWN:
            yield where, f"and {len(names) - SHOWN:,} more"


def _text(comparison: Comparison) -> Iterator[str]:
    for pair in _shown(comparison):
        yield from _pair(pair)
    for where, name in _alone(comparison):
        yield f"only in the {where}: {printable(name)}"
    if comparison.shift:
        yield comparison.shift.sentence()
    yield _counts(comparison)


def _pair(pair: Pair) -> Iterator[str]:
    yield f"{printable(pair.id)}: {pair.verdict} (matched by {pair.matched_by})"
    yield (
        f"  {pair.area_km2:.3f} and {pair.other_area_km2:.3f} km2, "
        f"difference {pair.difference_km2:+z.3f}; overlap {pair.overlap:.3f}"
    )
    if pair.verdict == SAME:
        return
    yield (
        f"  apart {pair.mean_m:.1f} m on average, {pair.p95_m:.1f} m at 95 %, "
        f"{pair.max_m:.1f} m at most"
    )
    lon, lat = pair.max_at
    yield f"  (that at {lon:.5f}, {lat:.5f}); {pair.agreeing:.0%} within accuracy"
    for side in pair.sides:
        if side.differs:
            yield (
                f"  {printable(side.limit)}: {side.mean_m:.0f} m on average, {side.max_m:.0f} m "
                f"at most (known to {side.accuracy_m:.0f} m)"
            )


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"**{_counts(comparison)}**"
    yield ""
    yield from table.pipes([_HEAD, *(_row(pair) for pair in _shown(comparison))])
    yield ""
    for where, name in _alone(comparison):
        yield f"- only in the {where}: {markdown(name)}"
    if comparison.shift:
        yield f"- {markdown(comparison.shift.sentence())}"


def _row(pair: Pair) -> list[str]:
    sides = ", ".join(side.limit for side in pair.sides if side.differs)
    verdict = pair.verdict + (f": {markdown(sides)}" if sides else "")
    areas = f"{pair.area_km2:.3f}", f"{pair.difference_km2:+z.3f}", f"{pair.overlap:.3f}"
    lengths = (f"{metres:.1f}" for metres in (pair.mean_m, pair.p95_m, pair.max_m))
    return [markdown(pair.id), verdict, *areas, *lengths, pair.matched_by]
