"""How far outlines are apart along their whole length, and whether accuracy explains it.

Both outlines of a pair are cut into short pieces; each piece counts with its length, and its
middle is measured against the other outline. The vertices are measured too, so that no spike is
missed. All pairs are measured in one pass over flat arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from hetao_geo.comparison.model import Pair, Side
from hetao_geo.outlines import Areas, make_areas, nearest_edges, stated_accuracy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.catalog import Feature
    from hetao_geo.comparison.pairing import Match
    from hetao_geo.crs import System

    Floats: TypeAlias = NDArray[np.float64]
    Indexes: TypeAlias = NDArray[np.int64]
    Shapes: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Samples:
    """Places on outlines; arrays of one length.

    Attributes
    ----------
    pair : ndarray of int
        The pair that a place belongs to.
    xy : ndarray of shape (n, 2)
        Metres.
    distance : ndarray
        From the other outline of the pair, metres.
    weight : ndarray
        Length that the place stands for, metres; 0 for a vertex.
    """

    pair: Indexes
    xy: Floats
    distance: Floats
    weight: Floats


def sample(lines: Shapes, others: Shapes, pieces: int) -> Samples:
    """Return places along lines, cut into `pieces` at least, and how far the other lines are."""
    steps = np.maximum(shapely.length(lines) / pieces, 1e-9)
    parts, owner = shapely.get_parts(shapely.segmentize(lines, steps), return_index=True)
    ends, part = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(part[1:] == part[:-1])
    middles, lengths = (ends[first + 1] + ends[first]) / 2, ends[first + 1] - ends[first]
    corners, corner_of = shapely.get_coordinates(lines, return_index=True)
    pair = np.concatenate([owner[part[first]], corner_of])
    xy = np.concatenate([middles, corners])
    shapely.prepare(others)
    distance = shapely.distance(shapely.points(xy), others[pair])
    weight = np.concatenate([np.hypot(*lengths.T), np.zeros(len(corners))])
    return Samples(pair, xy, distance, weight)


@dataclass(frozen=True, eq=False)
class Outlines:
    """One set of polygons of the pairs, in their order.

    Attributes
    ----------
    features : sequence of Feature
        With ids and accuracies.
    shapes : ndarray of polygons
        The same in a plane, metres.
    accuracy_m : ndarray of float
        As stated for the whole outline, metres.
    areas : dict of Areas
        By number, those whose sides differ.
    """

    features: Sequence[Feature]
    shapes: Shapes
    accuracy_m: Floats
    areas: dict[int, Areas]

    def accuracy_at(self, samples: Samples) -> Floats:
        """Return the standard error of the outline at places, metres."""
        known = self.accuracy_m[samples.pair]
        for number, areas in self.areas.items():
            rows = samples.pair == number
            known[rows] = areas.accuracy_m[limits_at(areas, samples.xy[rows])]
        return known


def outlines(
    features: Sequence[Feature], shapes: Shapes, system: System, accuracy_m: float
) -> Outlines:
    """Return polygons with what is known of their accuracy.

    Parameters
    ----------
    features : sequence of Feature
    shapes : ndarray of polygons
        The same in the plane of `system`, metres.
    system : System
    accuracy_m : float
        Of outlines that do not state one, metres.
    """
    stated = np.array([stated_accuracy(row, accuracy_m) for row in features], float)
    areas = {
        number: make_areas([row], crs=system, accuracy_m=accuracy_m)
        for number, row in enumerate(features)
        if row.properties.get("sides")
    }
    return Outlines(features, shapes, stated, areas)


def limits_at(areas: Areas, xy: Floats) -> Indexes:
    """Return the limit that each place is nearest to."""
    nearest, _ = nearest_edges(areas.edges, xy[:, 0].copy(), xy[:, 1].copy())
    return areas.edge_limit[nearest]


def measure_pairs(
    first: Outlines, second: Outlines, matches: Sequence[Match], system: System, pieces: int
) -> list[Pair]:
    """Return how polygons compare, pair by pair."""
    lines = shapely.boundary(first.shapes), shapely.boundary(second.shapes)
    along = sample(lines[0], lines[1], pieces), sample(lines[1], lines[0], pieces)
    sigmas = [np.hypot(first.accuracy_at(some), second.accuracy_at(some)) for some in along]
    pair, xy, distance, weight = (
        np.concatenate([getattr(some, name) for some in along])
        for name in ("pair", "xy", "distance", "weight")
    )
    order = np.lexsort((distance, pair))
    pair, xy, distance, weight = pair[order], xy[order], distance[order], weight[order]
    sigma = np.concatenate(sigmas)[order]
    starts = np.searchsorted(pair, np.arange(len(matches) + 1))
    begin, last = starts[:-1], starts[1:] - 1
    lengths = np.cumsum(weight)
    total = np.add.reduceat(weight, begin)
    p95 = np.searchsorted(lengths, lengths[last] - 0.05 * total)
    common = shapely.area(shapely.intersection(first.shapes, second.shapes))
    areas = shapely.area(first.shapes), shapely.area(second.shapes)
    lon, lat = system.to_lonlat(*xy[last].T)
    columns = {
        "area_km2": areas[0] / 1e6,
        "other_area_km2": areas[1] / 1e6,
        "overlap": common / (areas[0] + areas[1] - common),
        "share": common / areas[0],
        "other_share": common / areas[1],
        "mean_m": np.add.reduceat(distance * weight, begin) / total,
        "p95_m": distance[np.minimum(p95, last)],
        "max_m": distance[last],
        "agreeing": np.add.reduceat(weight * (distance <= 2 * sigma), begin) / total,
        "beyond": np.maximum.reduceat(distance > 3 * sigma, begin),
    }
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [
        Pair(
            id=first.features[n].id,
            other_id=second.features[n].id,
            matched_by=matches[n].by,
            max_at=(float(lon[n]), float(lat[n])),
            sides=_sides(n, first, along[0], sigmas[0]),
            **dict(zip(columns, values, strict=True)),
        )
        for n, values in enumerate(rows)
    ]


def _sides(number: int, first: Outlines, along: Samples, sigma: Floats) -> tuple[Side, ...]:
    """Return the sides that follow different things, in the order of the first outline."""
    if number not in first.areas:
        return ()
    areas = first.areas[number]
    mine = along.pair == number
    names = [limit.name("en") for limit in areas.limits]
    limits = limits_at(areas, along.xy[mine])
    distance, weight, sigma = along.distance[mine], along.weight[mine], sigma[mine]
    sides = []
    for name in dict.fromkeys(names) if len(names) > 1 else ():
        rows = np.isin(limits, [n for n, other in enumerate(names) if other == name])
        if weight[rows].sum():
            mean, accuracy = (np.average(v[rows], weights=weight[rows]) for v in (distance, sigma))
            sides.append(Side(name, float(accuracy), float(mean), float(distance[rows].max())))
    return tuple(sides)
