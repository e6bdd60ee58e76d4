"""RFC 7946: read with every fault named, write canonically."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def dumps(features: Sequence[Mapping[str, Any]], **members: Any) -> str:
    """Write a FeatureCollection canonically: the same features, the same bytes.

    Parameters
    ----------
    features : sequence of mapping
        GeoJSON Feature objects with positions in WGS 84, longitude first, degrees; one line each.
    **members
        Foreign members of the collection, such as ``name``.

    Returns
    -------
    str
        Keys sorted, one feature a line, ``bbox`` of the whole, a final line end.

    References
    ----------
    RFC 7946, https://www.rfc-editor.org/rfc/rfc7946
    """
    head = {"bbox": bbox(features), **members, "type": "FeatureCollection"}
    lines = [f"{_json(key)}:{_json(head[key])}" for key in sorted(head)]
    rows = ",\n".join(_json(feature) for feature in features)
    at = sum(key < "features" for key in head)
    lines.insert(at, f'"features":[\n{rows}\n]')
    return "{" + ",\n".join(lines) + "}\n"


def bbox(features: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return west, south, east, north in degrees over all positions of the features."""
    positions = [p for f in features for p in _positions(f["geometry"]["coordinates"])]
    xs, ys = [p[0] for p in positions], [p[1] for p in positions]
    return [min(xs), min(ys), max(xs), max(ys)]


def _positions(coordinates: Any) -> list[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [coordinates]
    return [p for part in coordinates for p in _positions(part)]


def _json(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
