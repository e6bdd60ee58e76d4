"""The offset of BD-09 from GCJ-02 without sine or arc tangent: twin of `reference.bd09_offset`.

BD-09 turns and stretches the plane of longitude and latitude around its origin by tiny waves.
Written as a rotation it needs no polar coordinates, and as an offset it is added only once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetao_geo.datum.reference import BD09_SHIFT

Block = NDArray[Any]

# Scratch blocks that `offset` needs.
SCRATCH = 2
# The waves are 0.12 degrees long.
_TURNS = 3000.0 / 360.0
# sin(2 pi w) / w as a polynomial in w squared, for |w| <= 1/4: interpolation at Chebyshev nodes,
# relative error 7.8e-14, which is 1.4e-17 degrees in the result.
_SERIES = (
    6.28318530717927,
    -41.341702239903675,
    81.60524914901583,
    -76.70584754377326,
    42.058134871372054,
    -15.081483206893,
    3.6658551595639612,
)
# Keeps the origin from dividing by zero; too small to change any other place.
_TINY = 1e-300


def offset(place: Block, result: Block, scratch: Block) -> None:
    """Write the offset in degrees at longitudes and latitudes.

    Parameters
    ----------
    place, result : ndarray of shape (2, n), float64
        Longitudes and latitudes; different arrays.
    scratch : ndarray of shape (SCRATCH, 2, n)
        Overwritten.
    """
    waves, work = scratch
    turn, stretch = waves
    np.multiply(place, _TURNS, waves)
    stretch -= 0.25
    _cosine(waves, work, result)
    turn *= 3e-6
    stretch *= 2e-5
    _divide_by_radius(stretch, place, work)
    _rotate(place, waves, result, work)
    result[0] += BD09_SHIFT[0]
    result[1] += BD09_SHIFT[1]


def _cosine(turns: Block, first: Block, second: Block) -> None:
    """Replace angles, in turns, by their cosines."""
    np.rint(turns, first)
    turns -= first
    np.absolute(turns, turns)
    np.subtract(0.25, turns, turns)
    np.multiply(turns, turns, first)
    np.multiply(first, _SERIES[-1], second)
    for coefficient in _SERIES[-2:0:-1]:
        second += coefficient
        second *= first
    second += _SERIES[0]
    turns *= second


def _divide_by_radius(values: Block, place: Block, work: Block) -> None:
    np.multiply(place, place, work)
    radius = np.add(work[0], work[1], work[0])
    radius += _TINY
    np.sqrt(radius, radius)
    values /= radius


def _rotate(place: Block, waves: Block, result: Block, work: Block) -> None:
    """Write the change of places turned and stretched: exact but for the turn's cube."""
    (lon, lat), (turn, stretch), (along, other) = place, waves, work
    np.multiply(turn, turn, along)
    along *= -0.5
    along += stretch  # (1 + stretch) cos(turn) - 1
    turn_across = np.multiply(turn, stretch, other)
    turn += turn_across  # (1 + stretch) sin(turn)
    np.multiply(place, along, result)
    np.multiply(lat, turn, other)
    result[0] -= other
    np.multiply(lon, turn, other)
    result[1] += other
