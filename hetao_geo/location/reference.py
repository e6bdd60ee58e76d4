"""The rule of `distances`, one point and one edge at a time, for the tests of the fast code."""

from __future__ import annotations

import math
from statistics import NormalDist

import shapely

from hetao_geo.outlines import Areas


def locate_point(
    areas: Areas, x: float, y: float, accuracy_m: float = 0.0
) -> tuple[int, bool, float, float]:
    """Return area, inside, signed distance (metres) and probability of being inside."""
    point = shapely.Point(x, y)
    holders = [n for n, polygon in enumerate(areas.polygons) if polygon.intersects(point)]
    numbers = holders[:1] or range(len(areas.ids))
    distances = {
        (number, int(areas.edge_limit[edge])): math.inf
        for number in numbers
        for edge in range(areas.first_edge[number], areas.first_edge[number + 1])
    }
    for number in numbers:
        for edge in range(areas.first_edge[number], areas.first_edge[number + 1]):
            x0, y0, x1, y1 = areas.edges[edge]
            distance = shapely.LineString([(x0, y0), (x1, y1)]).distance(point)
            key = number, int(areas.edge_limit[edge])
            distances[key] = min(distances[key], distance)
    area = min(distances, key=lambda key: distances[key])[0]
    nearest = min(distances.values())
    ratios = [
        _ratio(distance, math.hypot(areas.limits[limit].accuracy_m, accuracy_m))
        for (number, limit), distance in distances.items()
        if number == area
    ]
    sign = 1 if holders else -1
    return area, bool(holders), sign * nearest, NormalDist().cdf(sign * min(ratios))


def _ratio(distance: float, sigma: float) -> float:
    return distance / sigma if sigma > 0 else math.inf
