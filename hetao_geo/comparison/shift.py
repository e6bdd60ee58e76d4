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
    lines = [
        (shapely.boundary(flat[0][p.first]), shapely.boundary(flat[1][p.second])) for p in chosen
    ]
    before = _mean(lines)
    if before <= SAME_M:
        return None
    move = _best_move(lines)
    after = _mean([(a, _moved(b, move)) for a, b in lines])
    if after > _BETTER * before:
        return None
    name, move, after = _datum(second, flat, chosen, system, (move, after))
    return Shift(float(move[0]), float(move[1]), before, after, name)


def _best_move(lines: list[tuple[shapely.Geometry, shapely.Geometry]]) -> Floats:
    """Return the translation that lays the second lines on the first, least squares."""
    move = np.median([_centre(a) - _centre(b) for a, b in lines], axis=0)
    for _ in range(_STEPS):
        steps = [_step(a, _moved(b, move)) for a, b in lines]
        change = np.mean(steps, axis=0)
        move = move + change
        if np.hypot(*change) < 0.01:
            break
    return np.asarray(move)


def _step(line: shapely.Geometry, other: shapely.Geometry) -> Floats:
    """Return the mean way from places on `other` to the nearest ones on `line`."""
    some = sample(other, line, _PIECES)
    ways = shapely.get_coordinates(shapely.shortest_line(shapely.points(some.xy), line))
    vectors = ways[1::2] - ways[::2]
    return np.asarray(np.average(vectors, axis=0, weights=some.weight))


def _datum(
    second: NDArray[np.object_],
    flat: tuple[NDArray[np.object_], NDArray[np.object_]],
    pairs: list[Match],
    system: System,
    best: tuple[Floats, float],
) -> tuple[str, Floats, float]:
    """Return the datum that explains the best move, its own move and what it leaves."""
    for name in ("gcj02", "bd09"):
        lonlat = datum.transform(second[[p.second for p in pairs]], name, "wgs84")
        plane = shapely.transform(
            lonlat, lambda p: np.column_stack(system.project(*p.T)) * system.metres
        )
        lines = [
            (shapely.boundary(flat[0][pair.first]), shapely.boundary(shape))
            for pair, shape in zip(pairs, plane, strict=True)
        ]
        left = _mean(lines)
        # The shift of a datum is not quite the same everywhere: a metre in a few kilometres.
        if left <= 1.1 * best[1] + 3:
            stood = [_centre(shapely.boundary(flat[1][pair.second])) for pair in pairs]
            moves = [_centre(b) - place for (_, b), place in zip(lines, stood, strict=True)]
            return name, np.mean(moves, axis=0), left
    return "", *best


def _mean(lines: list[tuple[shapely.Geometry, shapely.Geometry]]) -> float:
    parts = [sample(b, a, _PIECES) for a, b in lines]
    distance = np.concatenate([part.distance for part in parts])
    return float(np.average(distance, weights=np.concatenate([part.weight for part in parts])))


def _centre(line: shapely.Geometry) -> Floats:
    return np.array([line.centroid.x, line.centroid.y])


def _moved(line: shapely.Geometry, move: Floats) -> shapely.Geometry:
    return shapely.transform(line, lambda xy: xy + move)
