"""Polygons of a reader's own file, drawn in place of the parks."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hetao_geo import area, checking
from hetao_geo.catalog import Feature
from hetao_geo.verification import verify
from hetao_geo.verification.model import Check

_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")
_STATED = "stated_area_km2"


def read(
    path: str | os.PathLike[str] | checking.CheckedFile, *, assume: str | None = None
) -> tuple[tuple[Feature, ...], int | None]:
    """Read polygons as features that the map can draw.

    Parameters
    ----------
    path, assume
        As in `hetao_geo.checking.read`; or what that has given.

    Returns
    -------
    tuple of Feature
        With ids of our own, a name in each language, and the properties of the file that the
        map understands: ``accuracy_m``, ``stated_area_km2``, ``inferred_sides``.
    int or None
        Kilometres from the zone to the nearest polygon, if none lies near it.

    Raises
    ------
    PolygonsError
        The file has errors or holds no polygons.
    DataError, UsageError
        As in `hetao_geo.checking.read`.
    """
    taken = path if isinstance(path, checking.CheckedFile) else checking.read(path, assume=assume)
    source = Path(taken.file).name
    found = tuple(
        Feature(f"own-{number}", one.geometry, _properties(one, source))
        for number, one in enumerate(checking.usable(taken), 1)
    )
    return found, None if taken.distance_m is None else round(taken.distance_m / 1000)


def checks(features: Sequence[Feature]) -> tuple[Check, ...]:
    """Check those polygons that state an area."""
    stated = [one for one in features if one.properties.get(_STATED)]
    return verify(stated, stated=_STATED).checks if stated else ()


def _properties(one: Feature, source: str) -> dict[str, Any]:
    given = one.properties
    plain = str(given.get("name") or one.id)
    kept = {key: str(given.get(key) or plain) for key in _NAMES}
    return {
        **kept,
        "role": "own-polygon",
        "accuracy_m": _positive(given, "accuracy_m") or 0.0,
        _STATED: _positive(given, _STATED),
        "sides": _sides(one),
        "approximate": True,
        "source": source,
        "measured_km2": area.geodesic_area(one.geometry) / 1e6,
    }


def _sides(one: Feature) -> list[dict[str, Any]] | None:
    """Return the sides of a polygon whose inferred ones ``inferred_sides`` names ("1-19; 25-30").

    None where the file names none, or names vertices that its ring does not have.
    """
    rows = re.findall(r"(\d{1,9})-(\d{1,9})", str(one.properties.get("inferred_sides") or ""))
    if not rows or one.geometry.geom_type != "Polygon":
        return None
    inferred = sorted((int(start), int(end)) for start, end in rows)
    last = len(one.geometry.exterior.coords) - 1
    sides, at = [], 0
    for start, end in inferred:
        if not at <= start < end <= last:
            return None
        sides += [_side(at, start, False)] * (at < start) + [_side(start, end, True)]
        at = end
    accuracy = _positive(one.properties, "accuracy_m") or 0.0
    sides += [_side(at, last, False)] * (at < last)
    return [{**side, "accuracy_m": accuracy} for side in sides]


def _side(start: int, end: int, inferred: bool) -> dict[str, Any]:
    return {"line": [start, end], "inferred": inferred}


def _positive(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < math.inf else None
