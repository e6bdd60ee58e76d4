"""How many decimals a polygon needs to keep its shape."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

# A double holds no more behind a longitude.
_MOST_DECIMALS = 13


def rings(shape: dict[str, Any], xy: Any) -> list[Any]:
    """Return the rows of `xy` of each ring of a polygon or multipolygon."""
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    counts = [len(ring) for part in parts for ring in part]
    return list(np.split(xy, np.cumsum(counts)[:-1]))


def decimals_for(xy: Any, usual: int) -> int:
    """Return the decimals with which a ring keeps its shape: more for a very thin one.

    Ten steps of the last decimal go into its thickness, twice the area by the length.
    """
    if len(xy) < 4:
        return usual
    step = np.diff(xy, axis=0)
    length = np.hypot(step[:, 0], step[:, 1]).sum()
    around = xy[:-1] - xy[0]
    area = abs((around[:, 0] * step[:, 1] - around[:, 1] * step[:, 0]).sum()) / 2
    if not (0 < area < math.inf and 0 < length < math.inf):
        return usual
    thickness = max(2 * area / length, 10.0**-_MOST_DECIMALS)
    return min(max(usual, math.ceil(1 - math.log10(thickness))), _MOST_DECIMALS)
