"""Draw the map itself, layer by layer from the ground up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import catalog, style
from hetao_geo.catalog import Feature
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.layout import Frame

Layers = Mapping[str, Sequence[Feature]]
LAYERS = ("river", "roads", "interpretations", "parks", "parts", "boundary", "crossings", "gba")


def read() -> Layers:
    """Return the features of the layers that the figure draws, by name of the layer."""
    layers = {name: catalog.features(name) for name in LAYERS}
    literal = [f for f in layers["interpretations"] if f.properties["interpretation"] == "literal"]
    return {**layers, "interpretations": literal}


def draw(canvas: Canvas, frame: Frame, layers: Layers) -> None:
    """Draw land, water, roads, parks, boundary and crossings inside the frame."""
    x0, y0, x1, y1 = frame.box.bounds
    canvas.clip = (x0, y0, x1, y1)
    canvas.shape(frame.box, fill=style.ground()["land"], name="land")
    for feature in layers["river"]:
        _water(canvas, frame, feature)
    for feature in layers["roads"]:
        _road(canvas, frame, feature)
    _parks(canvas, frame, layers)
    for feature in layers["boundary"]:
        role_style = style.role("boundary")
        line = _near(frame, frame.project(feature.geometry))
        canvas.shape(
            line,
            stroke=role_style.stroke,
            width=role_style.width,
            dash=role_style.dash,
            name=feature.id,
        )
    _crossings(canvas, frame, layers["crossings"])
    canvas.clip = None


def edge(feature: Feature, side: Mapping[str, Any]) -> LineString:
    """Return the line of one side of a polygon, WGS 84; ``line`` counts vertices of the ring."""
    ring = list(feature.geometry.exterior.coords)[:-1]
    first, last = side["line"]
    count = (last - first) % len(ring) or len(ring)
    return LineString([ring[(first + step) % len(ring)] for step in range(count + 1)])


def _near(frame: Frame, geometry: BaseGeometry) -> BaseGeometry:
    """Cut away what lies far outside the frame: it would only make the file larger."""
    return geometry.intersection(frame.box.buffer(20))


def _water(canvas: Canvas, frame: Frame, feature: Feature) -> None:
    role_style = style.role(feature.properties["role"])
    shape = _near(frame, frame.project(feature.geometry))
    canvas.shape(shape, fill=role_style.fill, stroke=role_style.fill, width=0.4, name=feature.id)
    for line in _shores(feature):
        drawn = _near(frame, frame.project(line))
        canvas.shape(
            drawn, stroke=role_style.stroke, width=role_style.width, name=f"{feature.id}-shore"
        )


def _shores(feature: Feature) -> list[LineString]:
    """Return the outline without the sides where the data, not the water, end."""
    ring = list(feature.geometry.exterior.coords)
    cut = feature.properties.get("frame_sides") or []
    gone = {n for first, last in cut for n in range(first, last)}
    steps = [n for n in range(len(ring) - 1) if n not in gone]
    pieces = [LineString([ring[n], ring[n + 1]]) for n in steps]
    merged = shapely.line_merge(shapely.union_all(pieces))
    return list(shapely.get_parts(merged))


def _road(canvas: Canvas, frame: Frame, feature: Feature) -> None:
    role_style = style.role(feature.properties["role"])
    line = _near(frame, frame.project(feature.geometry))
    if role_style.casing:
        canvas.shape(
            line,
            stroke=role_style.casing,
            width=role_style.width + 1.5,
            name=f"{feature.id}-casing",
        )
    canvas.shape(line, stroke=role_style.stroke, width=role_style.width, name=feature.id)


def _parks(canvas: Canvas, frame: Frame, layers: Layers) -> None:
    for park in layers["parks"]:
        _band(canvas, frame, park)
    for park in layers["parks"]:
        role_style = style.role(park.properties["role"])
        shape = frame.project(park.geometry)
        canvas.shape(shape, fill=role_style.fill, opacity=role_style.fill_opacity, name=park.id)
    for outer in layers["interpretations"]:
        role_style = style.role("interpretation")
        line = frame.project(_beyond(outer, layers["parts"]))
        canvas.shape(
            line,
            stroke=role_style.stroke,
            width=role_style.width,
            dash=role_style.dash,
            name=outer.id,
        )
    for part in layers["parts"]:
        role_style = style.role("part")
        within = part.geometry.exterior.difference(layers["parks"][0].geometry.exterior)
        canvas.shape(
            frame.project(within), stroke=role_style.stroke, width=role_style.width, name=part.id
        )
    for park in layers["parks"]:
        _edges(canvas, frame, park)


def _beyond(outer: Feature, parts: Sequence[Feature]) -> BaseGeometry:
    """Return where the published limits differ from the part that is drawn."""
    part = next(p for p in parts if p.id == outer.properties["part"])
    return outer.geometry.exterior.difference(part.geometry.exterior)


def _band(canvas: Canvas, frame: Frame, park: Feature) -> None:
    """Draw each edge as wide as it is uncertain: its accuracy to either side."""
    strips = [
        frame.project(edge(park, side)).buffer(side["accuracy_m"] * frame.points_per_metre)
        for side in park.properties["sides"]
    ]
    role_style, colour = style.role("uncertainty"), style.role(park.properties["role"]).fill
    band = shapely.union_all(strips)
    canvas.shape(band, fill=colour, opacity=role_style.opacity, name=f"{park.id}-uncertainty")


def _edges(canvas: Canvas, frame: Frame, park: Feature) -> None:
    role_style, inferred = style.role(park.properties["role"]), style.role("inferred")
    for number, side in enumerate(park.properties["sides"]):
        dash = inferred.dash if side["inferred"] else role_style.dash
        line = frame.project(edge(park, side))
        name = f"{park.id}-side-{number}"
        canvas.shape(line, stroke=role_style.stroke, width=role_style.width, dash=dash, name=name)


def _crossings(canvas: Canvas, frame: Frame, crossings: Sequence[Feature]) -> None:
    places = {c.id: frame.project(c.geometry) for c in crossings}
    link, role_style = style.role("crossing-link"), style.role("crossing")
    for crossing in crossings:
        pair = crossing.properties["pair"]
        if pair and crossing.id < pair:
            line = LineString([places[crossing.id], places[pair]])
            name = f"{crossing.id}-link"
            canvas.shape(line, stroke=link.stroke, width=link.width, dash=link.dash, name=name)
    for name, place in places.items():
        if place.within(frame.box):
            symbol(canvas, place, role_style.radius * canvas.scale, name)


def symbol(canvas: Canvas, place: Point, radius: float, name: str | None = None) -> None:
    """Draw the ring and dot of a crossing, `radius` in points."""
    role_style = style.role("crossing")
    canvas.shape(
        place.buffer(radius),
        fill=role_style.fill,
        stroke=role_style.stroke,
        width=role_style.width,
        name=name,
    )
    canvas.shape(place.buffer(radius * 0.36), fill=role_style.stroke)
