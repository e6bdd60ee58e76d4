"""Other readings of the published limits: do they put a point on the other side?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo import catalog
from hetao_geo.outlines import holds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interpretation:
    """One reading of the limits of a part."""

    name: str
    """Short name, such as ``literal``."""
    part: str
    """Id of the part."""
    polygon: shapely.Polygon
    """WGS 84, degrees, longitude first."""


@cache
def interpretations() -> tuple[Interpretation, ...]:
    """Return the readings of the layer of that name."""
    rows = catalog.features("interpretations")
    return tuple(
        Interpretation(row.properties["interpretation"], row.properties["part"], row.geometry)
        for row in rows
    )


def part_of(lon: Floats, lat: Floats) -> NDArray[np.int64]:
    """Return the number of the part that holds each position, in the layer ``parts``; else -1."""
    held = np.full(len(lon), -1)
    for number, part in enumerate(catalog.features("parts")):
        held[(held < 0) & holds(part.geometry, lon, lat)] = number
    return held


def other_readings(lon: Floats, lat: Floats, part: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which readings put a position on the other side, as bits of a number.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        WGS 84, degrees.
    part : ndarray of int of shape (n,)
        From `part_of`.

    Returns
    -------
    ndarray of int of shape (n,)
        Bit *k* is set where reading *k* of `interpretations` holds the position and no drawn
        part does, or the drawn part of that reading holds it and the reading does not.
    """
    ids = [row.id for row in catalog.features("parts")]
    bits = np.zeros(len(lon), np.int64)
    for number, reading in enumerate(interpretations()):
        mine = part == ids.index(reading.part)
        rows = np.flatnonzero((part < 0) | mine)
        other = holds(reading.polygon, lon[rows], lat[rows]) != mine[rows]
        bits[rows[other]] |= 1 << number
    return bits


def names(bits: int) -> str:
    """Return the names of the readings of a number from `other_readings`, in their order."""
    found = [r.name for k, r in enumerate(interpretations()) if bits >> k & 1]
    return ", ".join(dict.fromkeys(found))
