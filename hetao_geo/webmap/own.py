"""Polygons of a reader's own file, drawn in place of the parks."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hetao_geo import area, intake
from hetao_geo.catalog import Feature
from hetao_geo.verification.declared import verify_features
from hetao_geo.verification.model import Check

_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")
_STATED = "stated_area_km2"


def read(path: str | os.PathLike[str], *, assume: str | None = None) -> tuple[Feature, ...]:
    """Read polygons as features that the map can draw.

    Parameters
    ----------
    path, assume
        As in `hetao_geo.intake.read`.

    Returns
    -------
    tuple of Feature
        With ids of our own, a name in each language, and the properties of the file that the
        map understands: ``accuracy_m``, ``stated_area_km2``, ``fitted``.

    Raises
    ------
    IntakeError
        The file has errors or holds no polygons.
    DataError, UsageError
        As in `hetao_geo.intake.read`.
    """
    found = intake.polygons(path, assume=assume)
    source = Path(path).name
    return tuple(
        Feature(f"own-{number}", one.geometry, _properties(one, source))
        for number, one in enumerate(found, 1)
    )


def checks(features: Sequence[Feature]) -> tuple[Check, ...]:
    """Check those polygons that state an area."""
    stated = [one for one in features if one.properties.get(_STATED)]
    return verify_features(stated, _STATED).checks if stated else ()


def _properties(one: Feature, source: str) -> dict[str, Any]:
    given = one.properties
    plain = str(given.get("name") or one.id)
    kept = {key: str(given.get(key) or plain) for key in _NAMES}
    return {
        **kept,
        "role": "own-polygon",
        "accuracy_m": _positive(given, "accuracy_m") or 0.0,
        _STATED: _positive(given, _STATED),
        "fitted": given.get("fitted") is True,
        "approximate": True,
        "source": source,
        "measured_km2": area.geodesic_area(one.geometry) / 1e6,
    }


def _positive(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < math.inf else None
