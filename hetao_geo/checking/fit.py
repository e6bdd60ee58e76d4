"""How well polygons fit the zone under one CRS candidate: overlap, edges, distance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo import catalog
from hetao_geo.reading import coordinates as crs_candidates
from hetao_geo.reading.coordinates import CrsCandidate, Points

NEAR_M = 50_000.0
"""Farther from the zone than this a file is elsewhere, and no CRS candidate is tested."""
CENTRE = np.array([114.06, 22.515])
"""Longitude and latitude of the middle of the zone."""

# A local plane of metres is enough: over 20 km its error stays under 1 m in 1000.
METRES = np.array([111_320 * np.cos(np.radians(22.515)), 110_740.0])
# Outlines of one thing by different hands lie 35 to 60 m apart, wrong datums 490 m and more.
_EDGE_M = 100.0
_SAMPLE_M = 25.0
_MOST = 2000
# Lines at random cross in proportion to the square of their number: 20,000 took 23 GB; and GEOS
# took minutes to buffer 48,000 holes.
_MOST_CROSSED, _MOST_HOLES = 1000, 100
# A coast of a million vertices is compared as fast as a block of houses.
_DETAIL_M = 3.0


@dataclass(frozen=True)
class Fit:
    """How polygons would lie to the zone."""

    candidate: CrsCandidate
    """The CRS candidate."""
    overlap: float
    """Best intersection over union with a polygon of the zone."""
    edge: float
    """How much of the river line is an edge of the polygons, 0 to 1."""
    edge_m: float
    """Mean distance of the river line from that edge, metres."""
    distance_m: float
    """Distance from the zone, metres."""

    @property
    def best(self) -> float:
        """The better of overlap and edge."""
        return max(self.overlap, self.edge)


def extents(candidate: CrsCandidate, bounds: Points) -> Points:
    """Return the bounds in degrees under a CRS candidate; rows that it cannot read are left out."""
    corners = np.concatenate([bounds[:, [0, 1]], bounds[:, [2, 3]]])
    with np.errstate(all="ignore"):
        moved = candidate.to_wgs84(corners)
    low, high = np.split(moved, 2)
    boxes = np.column_stack([np.minimum(low, high), np.maximum(low, high)])
    kept: Points = boxes[np.isfinite(boxes).all(axis=1)]
    return kept


def measure(candidate: CrsCandidate, polygons: NDArray[np.object_]) -> Fit | None:
    """Return how polygons fit the zone under a CRS candidate.

    None where it cannot read them, or would put them farther than `NEAR_M` from the zone.
    """
    # GEOS sets the flag of an invalid operation on far positions, and its result is sound.
    with np.errstate(all="ignore"):
        try:
            return _measure(candidate, polygons)
        except shapely.errors.GEOSException:
            # Lines that GEOS cannot overlay: nothing that can be compared.
            return None


def _measure(candidate: CrsCandidate, polygons: NDArray[np.object_]) -> Fit | None:
    bounds = shapely.bounds(polygons)
    whole = np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])[None]
    boxes = extents(candidate, whole)
    if not len(boxes) or _gaps(boxes)[0] > NEAR_M:
        return None
    boxes = extents(candidate, bounds)
    if len(boxes) < len(polygons):
        return None
    distance = _gaps(boxes)
    if distance.min() > NEAR_M:
        return None
    close = _bounded(polygons[distance < 1000][:_MOST])
    shown, sound = crs_candidates.move(close, lambda xy: _plane(candidate.to_wgs84(xy)))
    if not sound.all():
        return None
    if not len(shown):
        return Fit(candidate, 0.0, 0.0, np.inf, float(distance.min()))
    simple = shapely.simplify(shown, _DETAIL_M, preserve_topology=False)
    shown = np.where(shapely.is_empty(simple), shown, simple)
    zone = _Zone.known()
    distance_m = float(shapely.distance(shown, zone.area).min())
    # A box around the zone with nothing of its polygon near: also NaN, from the largest doubles.
    if not distance_m <= NEAR_M:
        return None
    edge, edge_m = _edge(shown, zone)
    return Fit(candidate, _overlap(shown, zone), edge, edge_m, distance_m)


def _bounded(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out what would keep GEOS busy for minutes: tangled polygons, and holes by thousands."""
    many = shapely.get_num_interior_rings(polygons) > _MOST_HOLES
    filled = polygons.copy()
    filled[many] = shapely.polygons(shapely.get_exterior_ring(polygons[many]))
    simple_enough = shapely.get_num_coordinates(filled) <= _MOST_CROSSED
    simple_enough[~simple_enough] = shapely.is_valid(filled[~simple_enough])
    kept: NDArray[np.object_] = filled[simple_enough]
    return kept


def _gaps(boxes: Points) -> NDArray[np.float64]:
    """Return how far boxes of degrees are from the box of the zone, in metres."""
    west, south, east, north = _Zone.known().area.bounds
    low, high = _plane(boxes[:, :2]), _plane(boxes[:, 2:])
    apart = np.maximum(np.maximum(low - (east, north), (west, south) - high), 0)
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]))


def _plane(degrees: Points) -> Points:
    metres: Points = (degrees - CENTRE) * METRES
    return metres


def _overlap(shown: NDArray[np.object_], zone: _Zone) -> float:
    """Return the best intersection over union of one polygon, or of all, with one of ours."""
    solid = shapely.buffer(shapely.make_valid(shown), 0)
    solid = np.append(solid, shapely.union_all(shapely.buffer(solid, 1.0)))
    pairs = solid[:, None], zone.polygons[None, :]
    shared = shapely.area(shapely.intersection(*pairs))
    whole = shapely.area(pairs[0]) + shapely.area(pairs[1]) - shared
    return float(np.max(shared / np.maximum(whole, 1e-9)))


def _edge(shown: NDArray[np.object_], zone: _Zone) -> tuple[float, float]:
    """Return how much of the river line is an edge of the file (0 to 1), and how near it is."""
    reach = zone.area.buffer(5000).bounds
    lines = shapely.clip_by_rect(shapely.boundary(shown), *reach)
    # Not their union, which would look for every crossing of them.
    edges = shapely.geometrycollections(lines[~shapely.is_empty(lines)])
    if edges.is_empty:
        return 0.0, np.inf
    shapely.prepare(edges)
    best = (0.0, np.inf)
    for samples in zone.courses:
        metres = shapely.distance(samples, edges)
        fit = np.exp(-0.5 * (metres / _EDGE_M) ** 2)
        near = metres[metres < 3 * _EDGE_M]
        best = max(best, (float(fit.mean()), float(near.mean()) if len(near) else np.inf))
    return best


@dataclass(frozen=True)
class _Zone:
    """Our own polygons and the river line, in metres around the zone."""

    polygons: NDArray[np.object_]
    area: Any
    courses: tuple[NDArray[np.object_], NDArray[np.object_]]

    @staticmethod
    @cache
    def known() -> _Zone:
        layers = ("parks", "parts", "interpretations")
        shapes = [f.geometry for name in layers for f in catalog.features(name)]
        polygons = shapely.transform(np.array(shapes), _plane)
        area = shapely.union_all(polygons)
        lines = {f.id: f.geometry for f in catalog.features("boundary")}
        river = shapely.transform(lines["boundary-shenzhen-river"], _plane)
        ours = [f.geometry for f in catalog.features("parks") if f.id == "hong-kong-park"]
        loop = shapely.transform(ours[0], _plane)
        return _Zone(np.append(polygons, area), area, (_samples(river), _old_course(river, loop)))


def _samples(line: Any) -> NDArray[np.object_]:
    steps = np.arange(0, line.length, _SAMPLE_M)
    return np.asarray(shapely.line_interpolate_point(line, steps))


def _old_course(river: Any, loop: Any) -> NDArray[np.object_]:
    """Return the line of before 1997: round the Loop by the south, elsewhere as today."""
    meander = loop.exterior.difference(river.buffer(150))
    today = river.difference(loop.buffer(150))
    parts = [part for line in (meander, today) for part in shapely.get_parts(line)]
    return np.concatenate([_samples(part) for part in parts])
