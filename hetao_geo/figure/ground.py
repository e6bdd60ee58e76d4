"""Draw the map itself, layer by layer from the ground up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import catalog, style
from hetao_geo.catalog import Feature
from hetao_geo.figure.pen import Pen
from hetao_geo.figure.sheet import Frame

Layers = Mapping[str, Sequence[Feature]]
LAYERS = ("river", "roads", "outer_limits", "parks", "parts", "boundary", "crossings", "gba")


def read() -> Layers:
    """Return the features of the layers that the figure draws, by name of the layer."""
    return {name: catalog.features(name) for name in LAYERS}


def draw(pen: Pen, frame: Frame, layers: Layers) -> None:
    """Draw land, water, roads, parks, boundary and crossings inside the frame."""
    x0, y0, x1, y1 = frame.box.bounds
    pen.clip = (x0, y0, x1, y1)
    pen.shape(frame.box, fill=style.ground()["land"], name="land")
    for feature in layers["river"]:
        _water(pen, frame, feature)
    for feature in layers["roads"]:
        _road(pen, frame, feature)
    _parks(pen, frame, layers)
    for feature in layers["boundary"]:
        look = style.role("boundary")
        line = _near(frame, frame.project(feature.geometry))
        pen.shape(line, stroke=look.stroke, width=look.width, dash=look.dash, name=feature.id)
    _crossings(pen, frame, layers["crossings"])
    pen.clip = None


def edge(feature: Feature, side: Mapping[str, Any]) -> LineString:
    """Return the line of one side of a polygon, WGS 84; ``line`` counts vertices of the ring."""
    ring = list(feature.geometry.exterior.coords)[:-1]
    first, last = side["line"]
    count = (last - first) % len(ring) or len(ring)
    return LineString([ring[(first + step) % len(ring)] for step in range(count + 1)])


def _near(frame: Frame, geometry: BaseGeometry) -> BaseGeometry:
    """Cut away what lies far outside the frame: it would only make the file larger."""
    return geometry.intersection(frame.box.buffer(20))


def _water(pen: Pen, frame: Frame, feature: Feature) -> None:
    look = style.role(feature.properties["role"])
    shape = _near(frame, frame.project(feature.geometry))
    pen.shape(shape, fill=look.fill, stroke=look.fill, width=0.4, name=feature.id)
    for line in _shores(feature):
        drawn = _near(frame, frame.project(line))
        pen.shape(drawn, stroke=look.stroke, width=look.width, name=f"{feature.id}-shore")


def _shores(feature: Feature) -> list[LineString]:
    """Return the outline without the sides where the data, not the water, end."""
    ring = list(feature.geometry.exterior.coords)
    cut = feature.properties.get("frame_sides") or []
    gone = {n for first, last in cut for n in range(first, last)}
    steps = [n for n in range(len(ring) - 1) if n not in gone]
    pieces = [LineString([ring[n], ring[n + 1]]) for n in steps]
    merged = shapely.line_merge(shapely.union_all(pieces))
    return list(shapely.get_parts(merged))


def _road(pen: Pen, frame: Frame, feature: Feature) -> None:
    look = style.role(feature.properties["role"])
    line = _near(frame, frame.project(feature.geometry))
    if look.casing:
        pen.shape(line, stroke=look.casing, width=look.width + 1.5, name=f"{feature.id}-casing")
    pen.shape(line, stroke=look.stroke, width=look.width, name=feature.id)


def _parks(pen: Pen, frame: Frame, layers: Layers) -> None:
    for park in layers["parks"]:
        _band(pen, frame, park)
    for park in layers["parks"]:
        look = style.role(park.properties["role"])
        shape = frame.project(park.geometry)
        pen.shape(shape, fill=look.fill, opacity=look.fill_opacity, name=park.id)
    for outer in layers["outer_limits"]:
        look = style.role("outer-limit")
        line = frame.project(_beyond(outer, layers["parts"]))
        pen.shape(line, stroke=look.stroke, width=look.width, dash=look.dash, name=outer.id)
    for part in layers["parts"]:
        look = style.role("part")
        within = part.geometry.exterior.difference(layers["parks"][0].geometry.exterior)
        pen.shape(frame.project(within), stroke=look.stroke, width=look.width, name=part.id)
    for park in layers["parks"]:
        _edges(pen, frame, park)


def _beyond(outer: Feature, parts: Sequence[Feature]) -> BaseGeometry:
    """Return where the published limits differ from the part that is drawn."""
    part = next(p for p in parts if p.id == outer.properties["part"])
    return outer.geometry.exterior.difference(part.geometry.exterior)


def _band(pen: Pen, frame: Frame, park: Feature) -> None:
    """Draw each edge as wide as it is uncertain: its accuracy to either side."""
    strips = [
        frame.project(edge(park, side)).buffer(side["accuracy_m"] * frame.points_per_metre)
        for side in park.properties["sides"]
    ]
    look, colour = style.role("uncertainty"), style.role(park.properties["role"]).fill
    band = shapely.union_all(strips)
    pen.shape(band, fill=colour, opacity=look.opacity, name=f"{park.id}-uncertainty")


def _edges(pen: Pen, frame: Frame, park: Feature) -> None:
    look, fitted = style.role(park.properties["role"]), style.role("fitted")
    for number, side in enumerate(park.properties["sides"]):
        dash = fitted.dash if side["fitted"] else look.dash
        line = frame.project(edge(park, side))
        name = f"{park.id}-side-{number}"
        pen.shape(line, stroke=look.stroke, width=look.width, dash=dash, name=name)


def _crossings(pen: Pen, frame: Frame, crossings: Sequence[Feature]) -> None:
    places = {c.id: frame.project(c.geometry) for c in crossings}
    link, look = style.role("crossing-link"), style.role("crossing")
    for crossing in crossings:
        pair = crossing.properties["pair"]
        if pair and crossing.id < pair:
            line = LineString([places[crossing.id], places[pair]])
            name = f"{crossing.id}-link"
            pen.shape(line, stroke=link.stroke, width=link.width, dash=link.dash, name=name)
    for name, place in places.items():
        if place.within(frame.box):
            symbol(pen, place, look.radius * pen.scale, name)


def symbol(pen: Pen, place: Point, radius: float, name: str | None = None) -> None:
    """Draw the ring and dot of a crossing, `radius` in points."""
    look = style.role("crossing")
    pen.shape(place.buffer(radius), fill=look.fill, stroke=look.stroke, width=look.width, name=name)
    pen.shape(place.buffer(radius * 0.36), fill=look.stroke)
