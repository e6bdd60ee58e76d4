"""Rows without a usable polygon: why there is none, and how they stand in flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area.polygons import Polygons, from_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]

REASONS = (
    "",
    "no geometry",
    "not a polygon",
    "invalid geometry",
    "position out of range",
    "ring is not closed",
)


def without(polygons: Polygons, bad: Bools) -> Polygons:
    """Return polygons in which some rows are missing and hold no position."""
    if polygons.missing is not None:
        bad = bad | polygons.missing
    if not bad.any():
        return polygons
    kept = polygons.take(np.flatnonzero(~bad))
    counts = np.zeros(len(bad), np.int64)
    counts[~bad] = np.diff(kept.row_offsets)
    rows = from_counts(counts)
    if kept.geometry_offsets is not None:
        return Polygons(
            kept.lon, kept.lat, kept.ring_offsets, kept.polygon_offsets, rows, missing=bad
        )
    if kept.polygon_offsets is not None:
        return Polygons(kept.lon, kept.lat, kept.ring_offsets, rows, missing=bad)
    return Polygons(kept.lon, kept.lat, rows, missing=bad)
