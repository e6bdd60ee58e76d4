"""What only one of two sets of polygons has, as polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo import area
from hetao_geo.catalog import Feature
from hetao_geo.comparison.model import DIFFERS, SAME

if TYPE_CHECKING:
    from hetao_geo.comparison.model import Comparison

REFERENCE, GIVEN = "reference", "file"
# Slivers narrower than what numbers with fewer digits leave, of an outline of a kilometre.
LEAST_M2 = 1.0


def differences(comparison: Comparison) -> tuple[Feature, ...]:
    """Return what only the reference has and what only the file has.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    tuple of Feature
        Polygons in WGS 84, longitude first, degrees, with ``pair`` (ids of both), ``only_in``
        (``reference`` or ``file``), ``area_m2`` (geodesic) and ``verdict``. Pieces under 1 m2
        are left out.
    """
    rows: list[tuple[str, str, str, shapely.Geometry]] = []
    for pair, match in zip(comparison.pairs, comparison.matches, strict=True):
        if pair.verdict == SAME:
            continue
        first, second = (
            rows_of[n].geometry
            for rows_of, n in zip(comparison.sets, (match.first, match.second), strict=True)
        )
        name = pair.id if pair.id == pair.other_id else f"{pair.id} / {pair.other_id}"
        rows.append((name, REFERENCE, pair.verdict, shapely.difference(first, second)))
        rows.append((name, GIVEN, pair.verdict, shapely.difference(second, first)))
    for side, (features, alone) in enumerate(zip(comparison.sets, comparison.alone, strict=True)):
        only_in = (REFERENCE, GIVEN)[side]
        rows += [(features[n].id, only_in, DIFFERS, features[n].geometry) for n in alone]
    return tuple(feature for row in rows for feature in _feature(*row))


def _feature(name: str, only_in: str, verdict: str, shape: shapely.Geometry) -> list[Feature]:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    sizes = area.geodesic_areas(np.array(parts, dtype=object)) if parts else np.empty(0)
    kept = [p for p, size in zip(parts, sizes, strict=True) if size >= LEAST_M2]
    if not kept:
        return []
    fields = {
        **dict.fromkeys(("name_en", "name_zh_hans", "name_zh_hant"), name),
        "role": f"only-{only_in}",
        "pair": name,
        "only_in": only_in,
        "area_m2": round(float(sizes[sizes >= LEAST_M2].sum()), 1),
        "verdict": verdict,
    }
    return [Feature(f"{name}: only in the {only_in}", shapely.MultiPolygon(kept), fields)]
