"""Where many points are: in a polygon or not, and at which edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

# Points at a time: six arrays of 128 KB stay in the second cache.
BLOCK = 16_384
# Beyond this many edges a tree finds the nearest one sooner than looking at them all.
MOST_EDGES = 256


def holds(polygon: shapely.Geometry, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Say which points a polygon holds, its outline included.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
    x, y : ndarray of shape (n,)
        In the coordinates of the polygon.
    """
    west, south, east, north = polygon.bounds
    rows = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    shapely.prepare(polygon)
    held = np.zeros(len(x), bool)
    held[rows] = shapely.intersects_xy(polygon, x[rows], y[rows])
    return held


def nearest_edges(edges: Floats, x: Floats, y: Floats) -> tuple[Indexes, Floats]:
    """Return the nearest edge to each point, and how far it is.

    Parameters
    ----------
    edges : ndarray of shape (edges, 4)
        x and y of both ends.
    x, y : ndarray of shape (n,)
    """
    if len(edges) > MOST_EDGES:
        tree = shapely.STRtree(shapely.linestrings(edges.reshape(-1, 2, 2)))
        (_, edge), distance = tree.query_nearest(
            shapely.points(x, y), return_distance=True, all_matches=False
        )
        return edge, distance
    nearest, squared = np.zeros(len(x), np.int64), np.empty(len(x))
    for first in range(0, len(x), BLOCK):
        rows = slice(first, first + BLOCK)
        _nearest_in_block(edges, x[rows], y[rows], nearest[rows], squared[rows])
    return nearest, np.sqrt(squared)


def _nearest_in_block(
    edges: Floats, x: Floats, y: Floats, nearest: Indexes, squared: Floats
) -> None:
    squared.fill(np.inf)
    for number, (x0, y0, x1, y1) in enumerate(edges.tolist()):
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy or 1.0
        east, north = x - x0, y - y0
        along = east * (dx / length)
        along += north * (dy / length)
        np.clip(along, 0.0, 1.0, out=along)
        east -= along * dx
        north -= along * dy
        east *= east
        north *= north
        east += north
        closer = east < squared
        np.copyto(squared, east, where=closer)
        np.copyto(nearest, number, where=closer)
