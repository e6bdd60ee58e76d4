"""Which vertices of a ring say something: those that lie off the line between their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area.polygons import from_counts, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]
    Bools = NDArray[np.bool_]

# A vertex nearer to the line between its neighbours than this share of the accuracy, and than
# this share of the ring's size (the square root of its area), carries no information of its own.
OF_ACCURACY, OF_SIZE = 0.1, 0.01
# A ring whose vertices leave one by one, as no surveyed outline does, keeps the rest after this.
_ROUNDS = 200


def significant(
    x: Floats, y: Floats, offsets: Indexes, tolerance: Floats
) -> tuple[Indexes, Indexes]:
    """Return the significant vertices of closed rings.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Closed rings, in a plane.
    offsets : ndarray of int of shape (rings + 1,)
    tolerance : ndarray of shape (rings,)
        Largest distance of a vertex that says nothing, in the unit of x and y.

    Returns
    -------
    vertices : ndarray of int
        Indexes into x and y; the closing position is left out.
    offsets : ndarray of int of shape (rings + 1,)
        Which of them belong to each ring.

    Notes
    -----
    In rounds: of the vertices within the tolerance of the segment between their neighbours,
    those leave that are nearer to it than either neighbour is to its own. So what was added on a
    straight edge leaves before anything else, wherever the ring begins and however it runs. A
    ring keeps three vertices. The idea of dropping the least vertex first is that of Visvalingam
    and Whyatt 1993, Line generalisation by repeated elimination of points, Cartographic Journal
    30, 46-51.
    """
    lengths = np.maximum(np.diff(offsets) - 1, 0)
    vertices, starts = ranges(offsets[:-1], lengths), from_counts(lengths)
    active = np.flatnonzero(lengths > 3)
    for _ in range(_ROUNDS):
        if not len(active):
            break
        counts = starts[active + 1] - starts[active]
        here = ranges(starts[active], counts)
        inner = from_counts(counts)
        kept = vertices[here]
        drop = _least(x[kept], y[kept], inner, np.repeat(tolerance[active], counts))
        lost = np.add.reduceat(drop.astype(np.int64), inner[:-1])
        remaining = np.ones(len(vertices), bool)
        remaining[here[drop]] = False
        vertices = vertices[remaining]
        left = np.diff(starts)
        left[active] -= lost
        starts, active = from_counts(left), active[lost > 0]
    return vertices, starts


def neighbours(offsets: Indexes) -> tuple[Indexes, Indexes]:
    """Return the index before and after each vertex of rings without closing positions."""
    count = int(offsets[-1])
    before, after = np.arange(count) - 1, np.arange(count) + 1
    full = np.diff(offsets) > 0
    first, last = offsets[:-1][full], offsets[1:][full] - 1
    before[first], after[last] = last, first
    return before, after


def _least(x: Floats, y: Floats, offsets: Indexes, tolerance: Floats) -> Bools:
    """Return which vertices leave in one round: never two neighbours."""
    before, after = neighbours(offsets)
    off = _distance(x, y, before, after)
    lengths = np.diff(offsets)
    place = np.arange(len(x)) - np.repeat(offsets[:-1], lengths)
    # Of equally near ones, as on an edge of whole metres, every second leaves.
    order = (place % 2) * len(x) + place
    result: Bools = (off <= tolerance) & (np.repeat(lengths, lengths) > 3)
    for other in (before, after):
        nearer = off < off[other]
        result &= nearer | ((off == off[other]) & (order < order[other]))
    _keep_three(result, offsets)
    return result


def _keep_three(drop: Bools, offsets: Indexes) -> None:
    """Let only one of four vertices leave; in longer rings at most half do, so three stay."""
    firsts = offsets[:-1][np.diff(offsets) == 4]
    of_four = firsts[:, None] + np.arange(4)
    drop[of_four] &= np.cumsum(drop[of_four], axis=1) == 1


def _distance(x: Floats, y: Floats, before: Indexes, after: Indexes) -> Floats:
    """Return how far each vertex is from the segment between its neighbours."""
    dx, dy = x[after] - x[before], y[after] - y[before]
    px, py = x - x[before], y - y[before]
    squared = dx * dx + dy * dy
    with np.errstate(invalid="ignore", divide="ignore"):
        along = np.clip((px * dx + py * dy) / squared, 0.0, 1.0)
    along = np.where(squared > 0, along, 0.0)
    result: Floats = np.hypot(px - along * dx, py - along * dy)
    return result
