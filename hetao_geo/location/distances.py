"""How far points are from outlines: the nearest edge, and the limit that leaves most doubt.

A point is inside with the probability that its signed distance from the limit, which errs by the
accuracy of the limit and of the point along the normal, is positive::

    P(inside) = Phi(distance / sqrt(accuracy_of_limit**2 + accuracy_of_point**2))

Where several limits are near, the one with the smallest ratio counts: 60 m from a line known to
40 m say less than 30 m from one known to 12 m. Phi is the normal distribution. `reference` says
the same one point and one edge at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo.outlines import Areas, holds, nearest_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

# A limit farther than this many standard errors leaves a doubt below 1e-9.
FAR = 6.0


@dataclass(frozen=True, eq=False)
class Positions:
    """Where points are; arrays of one length, one row for each point.

    Attributes
    ----------
    area : ndarray of int
        The area that holds the point, else the nearest one.
    inside : ndarray of bool
        Whether it holds it.
    limit : ndarray of int
        The nearest limit of that area.
    distance_m : ndarray of float
        Distance from it, metres, positive inside.
    probability : ndarray of float
        Of being inside; 0 or 1 where neither limit nor point has an accuracy.
    """

    area: Indexes
    inside: NDArray[np.bool_]
    limit: Indexes
    distance_m: Floats
    probability: Floats


def locate_points(areas: Areas, x: Floats, y: Floats, accuracy_m: Floats | float) -> Positions:
    """Return where points are in relation to areas.

    Parameters
    ----------
    areas : Areas
    x, y : ndarray of shape (n,)
        Easting and northing in metres, in the plane of `areas`.
    accuracy_m : float or ndarray of shape (n,)
        Standard error of a point along any direction, metres.
    """
    holder = containing(areas, x, y)
    edge, distance = nearest_edges(areas.edges, x, y)
    area = np.searchsorted(areas.first_edge, edge, side="right") - 1
    for number in np.unique(holder[(holder >= 0) & (holder != area)]).tolist():
        rows = np.flatnonzero((holder == number) & (area != number))
        first, last = areas.first_edge[number : number + 2]
        found, distance[rows] = nearest_edges(areas.edges[first:last], x[rows], y[rows])
        edge[rows], area[rows] = found + first, number
    inside = holder >= 0
    limit = areas.edge_limit[edge]
    point_m = np.broadcast_to(np.asarray(accuracy_m, float), distance.shape)
    ratio = _ratio(distance, areas.accuracy_m[limit], point_m)
    _least_ratio(areas, (x, y), area, ratio, point_m)
    signed = np.where(inside, distance, -distance)
    return Positions(area, inside, limit, signed, normal(np.where(inside, ratio, -ratio)))


def containing(areas: Areas, x: Floats, y: Floats) -> Indexes:
    """Return the first area that holds each point, its outline included; -1 for none."""
    holder = np.full(len(x), -1)
    if len(areas.ids) <= 16:
        for number, polygon in enumerate(areas.polygons):
            holder[(holder < 0) & holds(polygon, x, y)] = number
        return holder
    tree = shapely.STRtree(areas.polygons)
    point, polygon = tree.query(shapely.points(x, y), predicate="intersects")
    order = np.argsort(polygon, kind="stable")[::-1]
    holder[point[order]] = polygon[order]
    return holder


def _ratio(distance: Floats, limit_m: Floats | float, point_m: Floats) -> Floats:
    """Return distances in standard errors; infinite where nothing errs."""
    sigma = np.hypot(limit_m, point_m)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sigma > 0, distance / sigma, np.inf)


def _least_ratio(
    areas: Areas, xy: tuple[Floats, Floats], area: Indexes, ratio: Floats, point_m: Floats
) -> None:
    """Lower the ratios of points that another limit of their area leaves in more doubt."""
    for number in range(len(areas.ids)):
        first, last = areas.first_edge[number : number + 2]
        owners = areas.edge_limit[first:last]
        limits = np.unique(owners).tolist()
        # No limit is nearer than the nearest one: only a less exact one can leave more doubt.
        rows = np.flatnonzero((area == number) & (ratio < FAR * _spread(areas, limits)))
        if len(limits) < 2 or not len(rows):
            continue
        x, y = xy[0][rows], xy[1][rows]
        for limit in limits:
            _, distance = nearest_edges(areas.edges[first:last][owners == limit], x, y)
            other = _ratio(distance, areas.limits[limit].accuracy_m, point_m[rows])
            ratio[rows] = np.minimum(ratio[rows], other)


def _spread(areas: Areas, limits: list[int]) -> float:
    """Return how many times less exact the worst of some limits is than the best."""
    known = [areas.limits[limit].accuracy_m for limit in limits]
    return max(known) / min(known) if min(known) > 0 else np.inf


def normal(ratio: Floats) -> Floats:
    """Return the normal distribution function; 0 and 1 beyond `FAR`, right to 1e-9."""
    result = (ratio > 0).astype(float)
    near = np.flatnonzero(np.abs(ratio) < FAR)
    result[near] = [0.5 * math.erfc(-r / math.sqrt(2)) for r in ratio[near].tolist()]
    return result
