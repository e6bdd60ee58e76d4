"""The rule again, as plainly as it can be written: the witness of the fast one."""

from __future__ import annotations

import math
from decimal import Decimal

Point = tuple[float, float]


def rounding(figure: object) -> float:
    """Half a unit of the last digit of a figure, by the words of the rule."""
    if isinstance(figure, str):
        text = figure.removesuffix(".0") if figure.endswith(".0") else figure
        exponent = Decimal(text).as_tuple().exponent
        return float(Decimal(5).scaleb(int(exponent) - 1))
    number = Decimal(repr(figure))
    if number == number.to_integral_value():
        return 0.5
    visible = int(number.as_tuple().exponent)
    return float(Decimal(5).scaleb(min(visible, number.adjusted() - 2) - 1))


def verdict(stated: float, measured: float, limit: float) -> str:
    return "consistent" if abs(measured - stated) <= limit * (1 + 1e-9) else "not-consistent"


def distance(p: Point, a: Point, b: Point) -> float:
    """Distance of p from the segment from a to b."""
    length = math.dist(a, b)
    if length == 0:
        return math.dist(p, a)
    along = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length**2
    along = min(max(along, 0), 1)
    return math.dist(p, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])))


def area(ring: list[Point]) -> float:
    after = ring[1:] + ring[:1]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, after, strict=True))) / 2


def significant(ring: list[Point], accuracy: float) -> list[Point]:
    """Vertices that say something, of an open ring: round by round, the least ones leave."""
    tolerance = min(accuracy / 10, math.sqrt(area(ring)) / 100)
    while True:
        count = len(ring)
        off = [distance(ring[i], ring[i - 1], ring[(i + 1) % count]) for i in range(count)]
        order = [(off[i], i % 2, i) for i in range(count)]
        leaves = {
            i
            for i in range(count)
            if off[i] <= tolerance and order[i] < min(order[i - 1], order[(i + 1) % count])
        }
        if count == 4:
            leaves = set(sorted(leaves)[:1])
        if count <= 3 or not leaves:
            return ring
        ring = [p for i, p in enumerate(ring) if i not in leaves]


def standard_error(ring: list[Point], accuracy: float) -> float:
    """Chrisman and Yandell over the significant vertices of one open ring."""
    kept = significant(ring, accuracy)
    diagonals = [math.dist(kept[i - 1], kept[(i + 1) % len(kept)]) for i in range(len(kept))]
    return accuracy / 2 * math.sqrt(sum(d**2 for d in diagonals))
