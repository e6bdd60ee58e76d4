"""Rings of equal length side by side, one a column, so that arithmetic runs along whole rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]

# Positions in a block: 8 arrays of 128 KB stay in the second cache (1 MB).
BLOCK = 16_384


def of_equal_length(
    arrays: Sequence[Floats], offsets: Indexes, longest: int
) -> Iterator[tuple[Indexes, list[Floats]]]:
    """Give blocks of rings that have equally many positions.

    Parameters
    ----------
    arrays : sequence of ndarray of shape (n,)
        Coordinates, and whatever else there is of each position.
    offsets : ndarray of int of shape (rings + 1,)
    longest : int
        Rings of more positions are left out, and so are those of fewer than four.

    Yields
    ------
    rings : ndarray of int of shape (g,)
        Numbers of the rings.
    columns : list of ndarray of shape (positions, g)
        Each of the arrays, one ring a column.
    """
    starts, lengths = offsets[:-1], np.diff(offsets)
    present = np.bincount(np.minimum(lengths, longest + 1))
    for length in range(4, min(longest + 1, len(present))):
        if present[length] == len(lengths):
            chosen = np.arange(len(lengths))
        elif present[length]:
            chosen = np.flatnonzero(lengths == length)
        else:
            continue
        step = BLOCK // length
        for at in range(0, len(chosen), step):
            rings = chosen[at : at + step]
            yield rings, _columns(arrays, starts[rings], length)


def _columns(arrays: Sequence[Floats], starts: Indexes, length: int) -> list[Floats]:
    begin, count = int(starts[0]), len(starts)
    if starts[-1] - begin == length * (count - 1):
        rows, shape = slice(begin, begin + length * count), (count, length)
        return [np.ascontiguousarray(values[rows].reshape(shape).T) for values in arrays]
    index = starts + np.arange(length)[:, None]
    return [values[index] for values in arrays]


def added(rows: Floats) -> Floats:
    """Return the sum of the rows; numpy's own would add a single ring in another order than many.

    Parameters
    ----------
    rows : ndarray of shape (positions, rings)
    """
    total = np.zeros(rows.shape[1:])
    for row in rows:
        total += row
    return total


def convex(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Say which rings are certainly convex, and so valid.

    Parameters
    ----------
    x, y : ndarray of shape (positions, rings)
        Closed rings, one a column.

    Returns
    -------
    ndarray of bool of shape (rings,)
        False also where a vertex is doubled, three lie on a line, or one is not a number.

    Notes
    -----
    Every turn goes to the same side, and x changes its direction twice: once round.
    """
    dx, dy = np.diff(x, axis=0), np.diff(y, axis=0)
    turns = np.roll(dx, 1, axis=0) * dy - np.roll(dy, 1, axis=0) * dx
    east = dx > 0
    once = (east != np.roll(east, 1, axis=0)).sum(axis=0) == 2
    one_side = (turns > 0).all(axis=0) | (turns < 0).all(axis=0)
    result: NDArray[np.bool_] = once & one_side & (x[0] == x[-1]) & (y[0] == y[-1])
    return result
