"""The inset: where the map lies in the Greater Bay Area, and how large the four zones are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hetao_geo import style
from hetao_geo.cartography import labels, places
from hetao_geo.cartography.drawing import Item, Shape, texts
from hetao_geo.cartography.frame import Frame, to_grid
from hetao_geo.cartography.ground import Layers
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.placer import Label, Placed, Scene, place
from hetao_geo.cartography.typesetting import TextBox, text_box, wrap
from hetao_geo.catalog import Feature

# What the inset shows: the Pearl River estuary from Guangzhou to the sea, WGS 84 degrees.
_WINDOW = (113.02, 21.98, 114.62, 23.32)
# Names that a small inset keeps; the others are set where there is room.
_KEPT = ("hetao", "hong-kong", "macao", "guangzhou", "qianhai", "hengqin", "nansha", "shenzhen")
# Land or water narrower than this is no shape at the scale of the inset, in points.
_NARROW = 1.1
_SMALLEST = 2.5  # square points: a smaller island is a speck
_MARK = 4.2  # points: the frame of the map is drawn no smaller


def inset(
    layers: Layers, main: Frame, lettering: Lettering, area: Polygon, *, caption: bool = True
) -> list[Item]:
    """Return the inset as items of a drawing.

    Parameters
    ----------
    layers : mapping
        With the layers ``gba`` and ``coast``.
    main : Frame
        The window of the map, drawn as a frame at its place.
    lettering : Lettering
        How names are set.
    area : Polygon
        The rectangle that the inset fills, in points.
    caption : bool
        Whether frame and circles are explained below the picture.
    """
    colour = lettering.colour
    x0, y0, x1, y1 = area.bounds
    words = _caption(lettering, x1 - x0 - 8) if caption else None
    foot = words.height + 6 if words else 0.0
    frame = _frame(shapely.box(x0, y0 + foot, x1, y1))
    items: list[Item] = [Shape(area, "inset", fill=colour("paper"))]
    items += _picture(layers, main, lettering, frame)
    if words:
        items.append(
            Shape(shapely.box(x0, y0, x1, y0 + foot), "inset-caption", fill=colour("paper"))
        )
        items += texts(words, x0 + 4, y0 + foot - 2.5)
    items.append(Shape(area, "inset-frame", stroke=colour(), width=1.2, name="locator"))
    return items


def _frame(picture: Polygon) -> Frame:
    """Return the frame whose window fills the picture and is centred on the estuary."""
    west, south, east, north = to_grid(shapely.box(*_WINDOW)).bounds
    x0, y0, x1, y1 = picture.bounds
    wide, high = x1 - x0, y1 - y0
    metres = max((east - west) / wide, (north - south) / high)
    middle = ((west + east) / 2, (south + north) / 2)
    return Frame(
        *(middle[0] - metres * wide / 2, middle[1] - metres * high / 2),
        *(metres * wide, metres * high, wide, x0, y0),
    )


def land(coast: Sequence[Feature], frame: Frame) -> BaseGeometry:
    """Return the land in points, generalised: no spikes, slivers or specks at this scale.

    Closing (out and in again) fills narrow water, opening (in and out again) cuts narrow land,
    as Serra, "Image analysis and mathematical morphology" (1982), chapter 2.
    """
    rough = shapely.union_all([shapely.make_valid(frame.project(f.geometry)) for f in coast])
    closed = rough.buffer(_NARROW).buffer(-2 * _NARROW).buffer(_NARROW)
    parts = [p for p in shapely.get_parts(closed) if p.area >= _SMALLEST]
    return MultiPolygon(parts).simplify(0.12).intersection(frame.box)


def radius(place: Feature, frame: Frame) -> float:
    """Return the radius of a zone's circle in points: its area at the scale of the inset."""
    km2 = float(place.properties.get("area_km2") or 0.0)
    return 1000 * math.sqrt(km2 / math.pi) * frame.points_per_metre


def _picture(layers: Layers, main: Frame, lettering: Lettering, frame: Frame) -> Iterator[Item]:
    scheme = lettering.scheme
    water, coast = style.ground(scheme)["water"], style.role("coast", scheme)
    yield Shape(frame.box, "inset-water", fill=water)
    shape = land(layers.get("coast", ()), frame)
    yield Shape(shape, "coast", fill=coast.fill, stroke=coast.stroke, width=coast.width)
    zone = style.role("cooperation-zone", scheme)
    spots = {f.id: frame.project(f.geometry) for f in layers["gba"]}
    shown = [f for f in layers["gba"] if spots[f.id].within(frame.box)]
    mark = _mark(main, frame)
    placed = _names(shown, spots, mark, lettering, frame)
    for feature in sorted(shown, key=lambda f: -radius(f, frame)):
        if _is_zone(feature) and feature.id != "hetao":
            ring = spots[feature.id].buffer(radius(feature, frame))
            dark = lettering.colour()
            yield Shape(
                ring,
                "cooperation-zone",
                fill=zone.stroke,
                opacity=0.25,
                stroke=dark,
                width=0.9,
                name=feature.id,
            )
        elif feature.id in placed:
            dot = spots[feature.id].buffer(0.8)
            yield Shape(dot, "city", fill=lettering.colour(), name=feature.id)
    yield Shape(mark, "map-frame", stroke=lettering.colour("frame"), width=1.8, name="map-frame")
    for label in placed.values():
        yield from labels.draw(label, lettering, lettering.colour("land"))


def _mark(main: Frame, frame: Frame) -> Polygon:
    """Return the window of the map on the inset, no smaller than can be seen."""
    grid = shapely.box(
        main.west, main.south, main.west + main.ground_width, main.south + main.ground_height
    )
    x0, y0, x1, y1 = shapely.transform(grid, frame.from_grid).bounds
    half = [max(_MARK, x1 - x0) / 2, max(_MARK * 0.8, y1 - y0) / 2]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])


def _names(
    shown: Sequence[Feature],
    spots: dict[str, Point],
    mark: Polygon,
    lettering: Lettering,
    frame: Frame,
) -> dict[str, Placed]:
    """Place the names: each beside its own dot, no leader, none on another's circle."""
    wanted, shapes = [], {}
    for feature in shown:
        sign = mark if feature.id == "hetao" else _sign(feature, spots[feature.id], frame)
        shapes[feature.id] = sign
        box = _box(feature, lettering)
        reach = (sign.bounds[2] - sign.bounds[0]) / 2
        sets = [places.around(box, Point(sign.centroid), reach, lettering.pixel)]
        wide = sign.buffer(-0.5)
        if wide.area > box.width * box.height:
            sets.append(places.spot(box, Point(sign.centroid), 1.0, lettering.pixel))
        kind = "crossing" if feature.id in _KEPT else "station"
        missing = 1000.0 if feature.id == "hetao" else 200.0 if feature.id in _KEPT else 6.0
        cover = (feature.id,)
        wanted.append(Label(feature.id, kind, places.join(sets), cover, missing=missing))
    near = {key: sign.buffer(0.8) for key, sign in shapes.items()}
    scene = Scene(frame.box, lettering.pixel, shapes=near)
    return place(wanted, scene)


def _sign(feature: Feature, spot: Point, frame: Frame) -> BaseGeometry:
    return spot.buffer(radius(feature, frame) if _is_zone(feature) else 0.9)


def _box(feature: Feature, lettering: Lettering) -> TextBox:
    colour = "frame" if feature.id == "hetao" else "text" if _is_zone(feature) else "second_text"
    how = lettering.type("note", lettering.colour(colour), bold=_is_zone(feature))
    return text_box(lettering.metrics, (lettering.name(feature), how))


def _caption(lettering: Lettering, width: float) -> TextBox:
    words = f"{lettering.word('figure', 'locator')}"
    how = replace(lettering.type("note"), size=lettering.smallest)
    return wrap(lettering.metrics, words, how, width)


def _is_zone(feature: Feature) -> bool:
    return bool(feature.properties["kind"] == "cooperation-zone")
