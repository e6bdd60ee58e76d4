"""Which names the map carries, and all the places where each of them could stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import style, text
from hetao_geo.catalog import Feature
from hetao_geo.figure.background import Layers
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.layout import Frame, Layout
from hetao_geo.figure.placement import Candidate, Label, Obstacle
from hetao_geo.figure.positions import along, around, inside
from hetao_geo.figure.typesetting import Block, Type, stack, wrap

_NAME = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
# What a point of covered line costs: a label may cross a road, hardly the edge of a park.
_EDGE, _BOUNDARY, _LINK, _SHORE, _ROAD = 6.0, 2.5, 2.0, 0.6, 0.5


# What each of the settings of an area's name costs, see `_area_blocks`.
_OPTIONAL = 20.0
"""What it costs to leave out the name of a road or water."""
_SETTINGS = (0.0, 4.0, 8.0, 12.0, 16.0, 28.0, 32.0, 36.0, 38.0)


def name(feature: Feature, language: str) -> str:
    """Return the feature's name in a language."""
    return str(feature.properties[_NAME[language]])


def wanted(layout: Layout, frame: Frame, layers: Layers) -> list[Label]:
    """Return the labels of the map, the most important first."""
    parks = _union(frame, layers["parks"])
    areas = [park for park in layers["parks"] if park.id == "hong-kong-park"]
    labels = [_area(layout, frame, area, parks) for area in [*areas, *layers["parts"]]]
    labels += [_crossing(layout, frame, crossing) for crossing in layers["crossings"]]
    labels += _waters(layout, frame, layers)
    labels += _sides(layout, frame)
    quiet = layout.type("small", style.ground()["quiet_text"])
    blue = layout.type("small", style.ground()["water_text"])
    full = _union(frame, [*layers["parks"], *layers["river"]])
    for road in (r for r in layers["roads"] if r.properties["named_in_limits"]):
        how = blue if road.properties["role"] == "stream" else quiet
        words = name(road, layout.language)
        block, line = Block(layout.face, ((words, how),)), frame.project(road.geometry)
        labels.append(Label(road.id, tuple(along(block, line, frame.box, full)), _OPTIONAL))
    return [label for label in labels if label.candidates]


def obstacles(frame: Frame, layers: Layers) -> list[Obstacle]:
    """Return what labels should rather not cover."""
    weights = {"parks": _EDGE, "parts": _EDGE, "boundary": _BOUNDARY, "roads": _ROAD}
    weights |= {"river": _SHORE, "interpretations": _SHORE}
    out = []
    for layer, weight in weights.items():
        shapes = [frame.project(f.geometry) for f in layers[layer]]
        lines = [s.boundary if s.area else s for s in shapes]
        out.append(Obstacle(shapely.union_all(lines), weight))
    places = {c.id: frame.project(c.geometry) for c in layers["crossings"]}
    pairs = [(c.id, c.properties["pair"]) for c in layers["crossings"] if c.properties["pair"]]
    links = [LineString([places[a], places[b]]) for a, b in pairs]
    return [*out, Obstacle(shapely.union_all(links), _LINK)]


def symbols(layout: Layout, frame: Frame, layers: Layers) -> list[BaseGeometry]:
    """Return the places that symbols fill."""
    return [frame.project(c.geometry).buffer(_radius(layout)) for c in layers["crossings"]]


def _radius(layout: Layout) -> float:
    return (style.role("crossing").radius + 1) * layout.pixel


def _area(layout: Layout, frame: Frame, area: Feature, parks: BaseGeometry) -> Label:
    """Inside the shape where a setting of the name fits, else beside it with a leader."""
    shape = frame.project(area.geometry)
    shapely.prepare(shape)
    candidates: list[Candidate] = []
    blocks = _area_blocks(layout, area)
    for block, cost in zip(blocks, _SETTINGS, strict=True):
        candidates += inside(block, shape, clear=0.0, cost=cost)
    # Anchors of a leader: the middle of the shape and points along its edge, 5 points inside.
    rim = shapely.get_parts(shape.buffer(-5))[0].exterior
    anchors = [rim.interpolate(n / 8, normalized=True) for n in range(8)]
    for anchor, block in product([shape.representative_point(), *anchors], blocks[1:2]):
        candidates += around(block, anchor, 0.0, shape=parks, cost=40.0, most=40.0)
    return Label(area.id, tuple(candidates))


def _area_blocks(layout: Layout, area: Feature) -> list[Block]:
    """Return the settings of a park's or part's name, from wide to narrow to small."""
    words = text.labels("figure", layout.language)
    park = text.labels("common", layout.language)[area.properties.get("park", area.id)]
    place = words["loop"] if area.id == "hong-kong-park" else name(area, layout.language)
    size = f"{text.number(area.properties['stated_area_km2'], 2)} km²"
    colour = style.role(area.properties.get("park", area.id)).text
    head, body = layout.type("park", colour, bold=True), layout.type("name", colour)
    tight, small, least = head.scaled(0.82), body.scaled(0.9), head.scaled(0.7)
    short = place if "park" in area.properties else park
    comma = ", " if layout.language == "en" else " "
    return [
        Block(layout.face, ((park, head), (f"{place}{comma}{size}", body))),
        Block(layout.face, ((park, head), (place, body), (size, body))),
        stack([*_halved(layout, (park, head), (place, body)), Block(layout.face, ((size, body),))]),
        Block(layout.face, ((park, tight), (place, small), (size, small))),
        stack(
            [*_halved(layout, (park, tight), (place, small)), Block(layout.face, ((size, small),))]
        ),
        Block(layout.face, ((short, tight), (size, small))),
        stack([*_halved(layout, (short, tight)), Block(layout.face, ((size, small),))]),
        stack([*_halved(layout, (short, least)), Block(layout.face, ((size, least),))]),
        *_halved(layout, (short, least)),
    ]


def _halved(layout: Layout, *lines: tuple[str, Type]) -> list[Block]:
    """Break each line in about half, where it has a place to break."""
    face = layout.face
    return [
        wrap(face, words, how, 0.72 * face.width(words, how.size, bold=how.bold))
        for words, how in lines
    ]


def _crossing(layout: Layout, frame: Frame, crossing: Feature) -> Label:
    place = frame.project(crossing.geometry)
    if not place.within(frame.box):
        return Label(crossing.id, ())
    line = (name(crossing, layout.language), layout.type("name", bold=True))
    clear = _radius(layout) + 1.0
    candidates = list(around(Block(layout.face, (line,)), place, clear))
    for halved in _halved(layout, line):
        candidates += around(halved, place, clear, cost=3.0) if len(halved.lines) > 1 else []
    return Label(crossing.id, tuple(candidates))


def draw(canvas: Canvas, label: Candidate, *, halo: str) -> None:
    """Set a placed label and its leader."""
    if label.leader is not None:
        colour = label.block.lines[0][1].colour
        canvas.shape(label.leader, stroke=colour, width=0.9)
        if label.dot:
            canvas.shape(Point(label.leader.coords[-1]).buffer(1.8 * canvas.scale), fill=colour)
    turn, up = np.radians(label.angle), label.block.height / 2
    x, top = label.x - up * np.sin(turn), label.y + up * np.cos(turn)
    canvas.block(label.block, x, top, align="center", angle=label.angle, halo=halo)


def _waters(layout: Layout, frame: Frame, layers: Layers) -> list[Label]:
    """Name the river along the boundary, the bay and the old course in their water."""
    words = text.labels("figure", layout.language)
    how = layout.type("small", style.ground()["water_text"])
    river = next(f for f in layers["boundary"] if f.id == "boundary-shenzhen-river")
    parks = _union(frame, layers["parks"])
    block, line = Block(layout.face, ((words["river"], how),)), frame.project(river.geometry)
    labels = [Label("shenzhen-river", tuple(along(block, line, frame.box, parks)), _OPTIONAL)]
    for water in layers["river"]:
        if water.id not in words or water.id == "shenzhen-river":
            continue
        block = Block(layout.face, ((words[water.id], how),))
        shape = frame.project(water.geometry).intersection(frame.box)
        if water.id == "old-meander":
            line = frame.project(water.geometry.exterior)
            labels.append(Label(water.id, tuple(along(block, line, frame.box, parks)), _OPTIONAL))
            continue
        labels.append(Label(water.id, tuple(inside(block, shape, clear=0.5)), _OPTIONAL))
    return labels


def _sides(layout: Layout, frame: Frame) -> list[Label]:
    """Name the two cities in the free land on their side of the river."""
    words = text.labels("figure", layout.language)
    how = Type(layout.size("park"), style.ground()["quiet_text"])
    x0, y0, x1, y1 = frame.box.bounds
    labels = []
    for side, share in (("shenzhen", (0.3, 0.72)), ("hong-kong", (0.72, 0.2))):
        block = Block(layout.face, ((" ".join(words[side]).upper(), how),))
        x, y = x0 + share[0] * (x1 - x0), y0 + share[1] * (y1 - y0)
        moves = product(np.linspace(-0.24, 0.24, 25), np.linspace(-0.18, 0.18, 19))
        tries = [(x + dx * (x1 - x0), y + dy * (y1 - y0), abs(dx) + abs(dy)) for dx, dy in moves]
        labels.append(
            Label(side, tuple(Candidate(block, a, b, cost=20 * c) for a, b, c in tries), _OPTIONAL)
        )
    return labels


def _union(frame: Frame, features: Sequence[Feature]) -> BaseGeometry:
    union = shapely.union_all([frame.project(feature.geometry) for feature in features])
    shapely.prepare(union)
    return union
