"""The inset: where the zone lies in the Greater Bay Area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hetao_geo import style, text
from hetao_geo.catalog import Feature
from hetao_geo.figure import labels, placement, positions
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.decorations import corner
from hetao_geo.figure.layout import Frame, Layout, to_grid
from hetao_geo.figure.typesetting import Block, Type

# Points of radius to the square root of a square kilometre: the four zones are true to area.
_AREA = 0.30


def draw(
    canvas: Canvas,
    layout: Layout,
    frame: Frame,
    places: Sequence[Feature],
    avoid: Sequence[BaseGeometry],
) -> Polygon:
    """Draw the inset into the emptiest corner of the map and return its box."""
    width = 0.26 * frame.width
    where = corner(frame, width, 0.78 * width, avoid)
    x0, y0, x1, y1 = where.bounds
    dark = style.ground()["quiet_text"]
    canvas.shape(where, fill="#ffffff", stroke=dark, width=0.6, name="locator")
    head = Type(layout.size("tick") * 1.08, style.ground()["text"], bold=True)
    words = text.labels("figure", layout.language)["locator"]
    canvas.text(x0 + 4, y1 - 1.3 * head.size, words, head)
    inside = shapely.box(x0 + 3, y0 + 3, x1 - 3, y1 - 1.9 * head.size)
    _places(canvas, layout, inside, places)
    return where


def _places(canvas: Canvas, layout: Layout, inside: Polygon, places: Sequence[Feature]) -> None:
    spots = _project([to_grid(p.geometry) for p in places], inside)
    signs = {p.id: s.buffer(_radius(layout, p)) for p, s in zip(places, spots, strict=True)}
    # The larger circles lie under the smaller ones.
    for place in sorted(places, key=lambda p: -_radius(layout, p)):
        role_style = style.role(place.properties["role"])
        mark = place.id == "hetao"
        colour = style.role("shenzhen-park").stroke if mark else role_style.stroke
        fill = colour if mark else role_style.fill
        canvas.shape(signs[place.id], fill=fill, stroke=colour, width=0.6)
    order = sorted(places, key=lambda p: (p.id != "hetao", p.properties["kind"], p.id))
    wanted = [_label(layout, p, signs[p.id]) for p in order]
    # A name close to another's sign would be read as that one's.
    others = placement.Obstacle(
        shapely.union_all([s.buffer(3.5, quad_segs=3) for s in signs.values()]), 0.3
    )
    chosen = placement.place(wanted, frame=inside, taken=list(signs.values()), obstacles=[others])
    for label in chosen.values():
        labels.draw(canvas, label, halo="#ffffff")


def _project(points: Sequence[Point], inside: Polygon) -> list[Point]:
    x0, y0, x1, y1 = inside.bounds
    xy = shapely.get_coordinates(points)
    low, size = xy.min(axis=0), np.ptp(xy, axis=0)
    pad = np.array([0.16 * (x1 - x0), 0.1 * (y1 - y0)])
    scale = min(((x1 - x0) - 2 * pad[0]) / size[0], ((y1 - y0) - 2 * pad[1]) / size[1])
    start = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - scale * size / 2
    return [Point(*(start + scale * (point - low))) for point in xy]


def _radius(layout: Layout, place: Feature) -> float:
    area = place.properties.get("area_km2")
    return layout.scale * (_AREA * float(np.sqrt(area)) if area else 0.9)


def _label(layout: Layout, place: Feature, sign: Polygon) -> placement.Label:
    zone = place.properties["kind"] == "cooperation-zone"
    colour = style.ground()["text" if zone else "quiet_text"]
    how = Type(layout.size("tick") * 0.95, colour, bold=zone)
    block = Block(layout.face, ((labels.name(place, layout.language), how),))
    middle, radius = sign.centroid, (sign.bounds[2] - sign.bounds[0]) / 2
    return placement.Label(place.id, tuple(positions.around(block, middle, radius + 1.4)))
