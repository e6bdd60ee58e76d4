"""The shipped layers as plain GeoJSON and shapes, read without the package's own reader."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
from pyproj import Transformer
from shapely import transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from hetao_geo import paths

GRID = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
# The positions of the Greater Bay Area repeat ids of the zone, such as that of the whole.
LAYERS: dict[str, list[dict[str, Any]]] = {
    path.stem: json.loads(path.read_bytes())["features"]
    for path in sorted(paths.GEODATA.glob("*.geojson"))
}
FEATURES = {f["id"]: f for name, rows in LAYERS.items() if name != "gba" for f in rows}
SHAPES = {name: shape(f["geometry"]) for name, f in FEATURES.items()}
Position = tuple[float, float]
Edge = tuple[Position, Position]


def ids(layer: str) -> list[str]:
    """Return the ids of the features of a layer."""
    return [f["id"] for f in LAYERS[layer]]


def metres(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in WGS 84 in the grid of Hong Kong."""
    return transform(geometry, lambda points: np.column_stack(GRID.transform(*points.T)))


def ring(name: str) -> list[Position]:
    """Return the exterior ring of a polygon."""
    return [(x, y) for x, y in FEATURES[name]["geometry"]["coordinates"][0]]


def edges(name: str) -> set[Edge]:
    """Return the edges of the exterior ring of a polygon."""
    return set(pairwise(ring(name)))


def reverse(some: set[Edge]) -> set[Edge]:
    """Return edges the other way round."""
    return {(b, a) for a, b in some}


def corners(name: str) -> np.ndarray:
    """Return the interior angles of a polygon at its vertices, in degrees."""
    points = np.array(metres(SHAPES[name]).exterior.coords)[:-1]
    before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
    lengths = np.hypot(*before.T) * np.hypot(*after.T)
    return np.degrees(np.arccos((before * after).sum(axis=1) / lengths))


def assert_simple_ring(name: str) -> None:
    """Assert that a polygon is one closed ring, counter-clockwise, that meets itself nowhere."""
    points = ring(name)
    assert len(FEATURES[name]["geometry"]["coordinates"]) == 1, "no holes"
    assert points[0] == points[-1]
    assert len(set(points)) == len(points) - 1, "a vertex comes twice"
    assert SHAPES[name].is_valid
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))
    assert twice_area > 0, "RFC 7946: the exterior ring is counter-clockwise"
