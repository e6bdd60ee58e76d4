"""Outlines of polygons in a plane: their edges, and the limits that the edges follow."""

from hetao_geo.outlines.areas import (
    Areas,
    Limit,
    PolygonFeature,
    make_areas,
    stated_accuracy,
    zone_areas,
)
from hetao_geo.outlines.edges import holds, nearest_edges

__all__ = [
    "Areas",
    "Limit",
    "PolygonFeature",
    "holds",
    "make_areas",
    "nearest_edges",
    "stated_accuracy",
    "zone_areas",
]
