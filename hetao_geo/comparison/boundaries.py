"""How far two outlines are apart along their whole length, and whether accuracy explains it.

Both outlines are cut into short pieces; each piece counts with its length, and its middle is
measured against the other outline. The vertices are measured too, so that no spike is missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo.comparison.model import Pair, Side
from hetao_geo.comparison.pairing import Match
from hetao_geo.outlines import Areas, nearest_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.catalog import Feature

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Samples:
    """Places on one outline: distances from another, and the length that each stands for."""

    xy: Floats
    distance: Floats
    weight: Floats


def measure_pair(
    features: tuple[Feature, Feature],
    shapes: tuple[shapely.Geometry, shapely.Geometry],
    match: Match,
    areas: tuple[Areas, Areas],
    pieces: int,
) -> Pair:
    """Return how two polygons compare.

    Parameters
    ----------
    features : pair of Feature
        The two, with ids and accuracies.
    shapes : pair of polygons
        The same in the plane of `areas`, metres.
    match : Match
        How they were matched.
    areas : pair of Areas
        Each polygon alone, with its limits and their accuracies.
    pieces : int
        How many pieces an outline is cut into, at least.
    """
    lines = shapely.boundary(shapes[0]), shapely.boundary(shapes[1])
    samples = [sample(a, b, pieces) for a, b in (lines, lines[::-1])]
    sigma = np.concatenate([joint_accuracy(areas, some.xy) for some in samples])
    distance, weight = (
        np.concatenate([getattr(some, name) for some in samples]) for name in ("distance", "weight")
    )
    farthest = max(samples, key=lambda some: float(some.distance.max()))
    at = farthest.xy[farthest.distance.argmax()]
    common = float(shapely.area(shapely.intersection(*shapes)))
    first, second = (float(shapely.area(shape)) for shape in shapes)
    return Pair(
        id=features[0].id,
        other_id=features[1].id,
        matched_by=match.by,
        area_km2=first / 1e6,
        other_area_km2=second / 1e6,
        overlap=common / (first + second - common) if first + second else 0.0,
        share=common / first if first else 0.0,
        other_share=common / second if second else 0.0,
        mean_m=float(np.average(distance, weights=weight)),
        p95_m=_quantile(distance, weight, 0.95),
        max_m=float(distance.max()),
        max_at=areas[0].to_lonlat(float(at[0]), float(at[1])),
        agreeing=float(weight[distance <= 2 * sigma].sum() / weight.sum()),
        beyond=bool((distance > 3 * sigma).any()),
        sides=_sides(samples[0], areas),
    )


def same_pair(names: tuple[str, str], matched_by: str, shape: shapely.Geometry) -> Pair:
    """Return the pair of two polygons with the same vertices."""
    area = float(shapely.area(shape)) / 1e6
    place = (math.nan, math.nan)
    return Pair(*names, matched_by, area, area, 1, 1, 1, 0, 0, 0, place, 1, False)


def joint_accuracy(areas: tuple[Areas, Areas], xy: Floats) -> Floats:
    """Return the standard error of the distance between two outlines at some places, metres."""
    return np.hypot(*(some.accuracy_m[_limits(some, xy)] for some in areas))


def _limits(areas: Areas, xy: Floats) -> NDArray[np.int64]:
    """Return the limit that each place is nearest to."""
    if len(areas.limits) == 1:
        return np.zeros(len(xy), np.int64)
    nearest, _ = nearest_edges(areas.edges, xy[:, 0].copy(), xy[:, 1].copy())
    return areas.edge_limit[nearest]


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    order = np.argsort(values, kind="stable")
    length = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(length, share * length[-1])])


def _sides(samples: Samples, areas: tuple[Areas, Areas]) -> tuple[Side, ...]:
    """Return the sides that follow different things, in the order of the first outline."""
    names = [limit.name("en") for limit in areas[0].limits]
    limits, sigma = _limits(areas[0], samples.xy), joint_accuracy(areas, samples.xy)
    sides = []
    for name in dict.fromkeys(names) if len(names) > 1 else ():
        rows = np.isin(limits, [n for n, other in enumerate(names) if other == name])
        distance, weight = samples.distance[rows], samples.weight[rows]
        if weight.sum():
            mean, accuracy = (np.average(v, weights=weight) for v in (distance, sigma[rows]))
            sides.append(Side(name, float(accuracy), float(mean), float(distance.max())))
    return tuple(sides)


def sample(line: shapely.Geometry, other: shapely.Geometry, pieces: int) -> Samples:
    """Return places along a line and how far another line is from each."""
    step = max(line.length / pieces, 1e-9)
    parts = shapely.get_parts(shapely.segmentize(line, step))
    ends = [shapely.get_coordinates(part) for part in parts]
    middles = np.concatenate([(xy[1:] + xy[:-1]) / 2 for xy in ends])
    lengths = np.concatenate([np.hypot(*np.diff(xy, axis=0).T) for xy in ends])
    corners = shapely.get_coordinates(line)
    xy = np.concatenate([middles, corners])
    shapely.prepare(other)
    distance = shapely.distance(shapely.points(xy), other)
    return Samples(xy, distance, np.concatenate([lengths, np.zeros(len(corners))]))
