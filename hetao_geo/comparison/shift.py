"""Whether one set of polygons is the other, moved as a whole, and whether a datum explains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo import datum
from hetao_geo.comparison.boundaries import sample
from hetao_geo.comparison.model import SAME_M, Shift
from hetao_geo.comparison.pairing import Match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.crs import System

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

# Pairs and pieces of each that are looked at: a shift is the same for all.
_MOST_PAIRS, _PIECES = 50, 100
# A move is spoken of if it brings the outlines this much nearer.
_BETTER = 0.4
# Steps of moving by the mean of what is left; a shape of a few sides needs most of them.
_STEPS = 30


def find_shift(
    second: NDArray[np.object_],
    flat: tuple[NDArray[np.object_], NDArray[np.object_]],
    pairs: Sequence[Match],
    system: System,
) -> Shift | None:
    """Return the move of the second set that makes it agree with the first.

    Parameters
    ----------
    second : array of polygons
        WGS 84, degrees, as they stand in the file.
    flat : pair of arrays of polygons
        Both sets in the plane of `system`, metres.
    pairs : sequence of Match
    system : System

    Returns
    -------
    Shift or None
        None where no move makes them agree much better than they do as they are.
    """
    chosen = list(pairs)[:: max(len(pairs) // _MOST_PAIRS, 1)]
    if not chosen:
        return None
    lines = (
        shapely.boundary(flat[0][[p.first for p in chosen]]),
        shapely.boundary(flat[1][[p.second for p in chosen]]),
    )
    before = _mean(*lines)
    if before <= SAME_M:
        return None
    move = _best_move(*lines)
    after = _mean(lines[0], _moved(lines[1], move))
    if after > _BETTER * before:
        return None
    lonlat = second[[p.second for p in chosen]]
    name, move, after = _datum(lonlat, lines, system, (move, after))
    return Shift(float(move[0]), float(move[1]), before, after, name)


def _best_move(lines: Shapes, others: Shapes) -> Floats:
    """Return the translation that lays the second lines on the first, least squares."""
    move = np.median(_centres(lines) - _centres(others), axis=0)
    for _ in range(_STEPS):
        change = _step(lines, _moved(others, move))
        move = move + change
        if np.hypot(*change) < 0.01:
            break
    return np.asarray(move)


def _step(lines: Shapes, others: Shapes) -> Floats:
    """Return the mean way from places on `others` to the nearest ones on `lines`."""
    some = sample(others, lines, _PIECES)
    ways = shapely.get_coordinates(shapely.shortest_line(shapely.points(some.xy), lines[some.pair]))
    weights = some.weight / shapely.length(others)[some.pair]
    return np.asarray(np.average(ways[1::2] - ways[::2], axis=0, weights=weights))


def _datum(
    second: Shapes, lines: tuple[Shapes, Shapes], system: System, best: tuple[Floats, float]
) -> tuple[str, Floats, float]:
    """Return the datum that explains the best move, its own move and what it leaves."""
    for name in ("gcj02", "bd09"):
        plane = shapely.transform(
            datum.transform(second, name, "wgs84"),
            lambda p: np.column_stack(system.project(*p.T)) * system.metres,
        )
        moved = shapely.boundary(plane)
        left = _mean(lines[0], moved)
        # The shift of a datum is not quite the same everywhere: a metre in a few kilometres.
        if left <= 1.1 * best[1] + 3:
            return name, np.mean(_centres(moved) - _centres(lines[1]), axis=0), left
    return "", *best


def _mean(lines: Shapes, others: Shapes) -> float:
    some = sample(others, lines, _PIECES)
    return float(np.average(some.distance, weights=some.weight))


def _centres(lines: Shapes) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.centroid(lines)))


def _moved(lines: Shapes, move: Floats) -> Shapes:
    return np.asarray(shapely.transform(lines, lambda xy: xy + move))
