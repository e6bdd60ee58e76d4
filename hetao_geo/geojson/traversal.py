"""Every geometry and position of a document that is sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hetao_geo.geojson.coordinates import DEPTH


def geometries(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every geometry with coordinates of a sound document."""
    if value is None:
        return
    if value["type"] == "FeatureCollection":
        for feature in value["features"]:
            yield from geometries(feature["geometry"])
    elif value["type"] == "Feature":
        yield from geometries(value["geometry"])
    elif value["type"] == "GeometryCollection":
        for part in value["geometries"]:
            yield from geometries(part)
    else:
        yield value


def positions(geometry: dict[str, Any]) -> Iterator[list[float]]:
    """Yield the positions of a sound geometry, longitude first."""
    level = [geometry["coordinates"]]
    for _ in range(DEPTH[geometry["type"]]):
        level = [item for items in level for item in items]
    yield from (position for position in level if position)
