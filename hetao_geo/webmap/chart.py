"""The small chart on the page: stated against measured areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hetao_geo.verification.model import Check

WIDTH = 330
_MARGIN = 8.0
# Percentages between two ticks.
_STEP = 5


@dataclass(frozen=True)
class Scale:
    """From per cent of the stated area to pixels."""

    low: float
    high: float

    def x(self, percent: float) -> float:
        """Return the position of a difference in per cent."""
        share = (percent - self.low) / (self.high - self.low)
        return _MARGIN + share * (WIDTH - 2 * _MARGIN)


@dataclass(frozen=True)
class Tick:
    """One tick of the scale."""

    x: float
    text: str


def scale(checks: Sequence[Check]) -> Scale:
    """Return one scale for all rows."""
    values = [0.0, *(value for check in checks for value in _extent(check))]
    low, high = min(values), max(values)
    return Scale(_STEP * math.floor(low / _STEP), _STEP * math.ceil(high / _STEP))


def ticks(one: Scale) -> list[Tick]:
    """Return the ticks; about five, whatever the range."""
    every = _STEP * max(1, round((one.high - one.low) / 5 / _STEP))
    first = every * math.ceil(one.low / every)
    return [
        Tick(one.x(step), f"{step:+d} %".replace("-", "−") if step else "0")
        for step in range(first, round(one.high) + 1, every)
    ]


def bar(check: Check, one: Scale) -> Markup:
    """Draw one row: stated with rounding, measured with two standard errors."""
    share = 100 / check.stated_km2
    # Never thinner than can be seen.
    rounding = max(check.stated_rounding_km2 * share, 0.3)
    error = 2 * (check.uncertainty_km2 or 0.0) * share
    drawn = check.difference_percent
    parts = [
        f'<path class="hz-axis" d="M{_MARGIN:g} 8H{WIDTH - _MARGIN:g}"/>',
        f'<rect class="hz-stated" x="{one.x(-rounding):.1f}" y="2" '
        f'width="{one.x(rounding) - one.x(-rounding):.1f}" height="12"/>',
        f'<path class="hz-error" d="M{one.x(drawn - error):.1f} 8H{one.x(drawn + error):.1f}"/>',
        f'<circle class="hz-drawn" cx="{one.x(drawn):.1f}" cy="8" r="4.5"/>',
    ]
    if span := check.interpretation_range_km2:
        low, high = (one.x(end * share - 100) for end in span)
        ends = f"M{low:.1f} 4V12M{low:.1f} 8H{high:.1f}M{high:.1f} 4V12"
        parts.append(f'<path class="hz-range" d="{ends}"/>')
    return Markup("".join(parts))


def _extent(check: Check) -> list[float]:
    share = 100 / check.stated_km2
    error = 2 * (check.uncertainty_km2 or 0.0) * share
    ends = [check.difference_percent - error, check.difference_percent + error]
    span = check.interpretation_range_km2 or ()
    return ends + [end * share - 100 for end in span]
