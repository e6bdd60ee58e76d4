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


def document(value: Mapping[str, Any]) -> str:
    """Write any GeoJSON object as it is, members in their order, one feature a line."""
    features = value.get("features")
    if value.get("type") != "FeatureCollection" or not isinstance(features, list):
        return _json(value, sort=False) + "\n"
    rows = ",\n".join(_json(feature, sort=False) for feature in features)
    texts = {key: _json(held, sort=False) for key, held in value.items() if key != "features"}
    texts["features"] = f"[\n{rows}\n]"
    return "{" + ",\n".join(f"{_json(key)}:{texts[key]}" for key in value) + "}\n"


def bbox(features: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return west, south, east, north in degrees over all positions of the features."""
    positions = [p for f in features for p in _positions(f["geometry"]["coordinates"])]
    xs, ys = [p[0] for p in positions], [p[1] for p in positions]
    return [min(xs), min(ys), max(xs), max(ys)]


def _positions(coordinates: Any) -> list[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [coordinates]
    return [p for part in coordinates for p in _positions(part)]


def _json(value: Any, *, sort: bool = True) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=sort, separators=(",", ":"), allow_nan=False
    )
