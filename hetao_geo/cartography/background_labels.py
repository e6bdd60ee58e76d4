"""The names of the ground: territories, roads, waters and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import style, text
from hetao_geo.cartography import curves, ground, line_places, places, policy
from hetao_geo.cartography.placer import Label
from hetao_geo.cartography.places import Places, Room
from hetao_geo.cartography.typesetting import TextBox, halved, text_box
from hetao_geo.catalog import Feature

if TYPE_CHECKING:
    from hetao_geo.cartography.labels import Names


def wanted(names: Names) -> Iterator[Label]:
    """Yield the names of the ground with all their places."""
    yield from _territories(names)
    yield from _roads(names)
    yield from _waters(names)
    yield from _places(names)


def _territories(names: Names) -> Iterator[Label]:
    look = names.lettering
    dry = ground.land(names.frame, names.layers)
    inner = names.frame.box.buffer(-policy.clearance("frame") * names.pixel)
    for key, side in names.territories.items():
        words = look.word("figure", key).upper()
        box = text_box(look.metrics, (words, look.spaced(words)))
        free = side.intersection(dry).intersection(inner)
        free = free.difference(shapely.union_all(list(names.parks.values())))
        if free.is_empty:
            continue
        middle = shapely.maximum_inscribed_circle(free, tolerance=4.0)
        spots = places.region(box, free, Point(middle.coords[0]), names.pixel)
        yield Label(key, "territory", spots)


def _roads(names: Names) -> Iterator[Label]:
    look = names.lettering
    for road in names.layers.get("roads", ()):
        role, words = style.role(road.properties["role"]), look.name(road)
        line = shapely.line_merge(ground.smooth_lines(road.geometry))
        if road.properties["role"] == "stream":
            how = look.slanted("name", look.colour("water_text"), words)
            yield Label(road.id, "river", names.along(words, how, line, role.width), missing=20.0)
            continue
        named = road.properties.get("named_in_limits", True)
        how = look.type("name", look.colour("second_text"))
        width = role.width_at(names.zoom) + ground.CASING
        kind = "limit-road" if named else "road"
        yield Label(road.id, kind, names.along(words, how, line, width))


def _waters(names: Names) -> Iterator[Label]:
    """Name the river and its old course on the bank, broad water inside."""
    look = names.lettering
    banks = {f.id: f for f in names.layers.get("river", ())}
    for key, feature in banks.items():
        words = _water_name(names, feature)
        how = look.slanted("name", look.colour("water_text"), words)
        box = text_box(look.metrics, (words, how))
        shape = ground.near(names.frame, feature.geometry).intersection(names.frame.box)
        if shape.is_empty:
            continue
        shore = shapely.multilinestrings(
            curves.shores(feature.geometry, feature.properties.get("frame_sides") or [])
        )
        line = ground.near(names.frame, shore).intersection(names.frame.box)
        room = Room.of(shape, names.pixel)
        sets = [places.inside(box, room, names.pixel)]
        # Water has no edge to mistake: where it is tight its name may come near the bank.
        tight = shape.buffer(-0.5 * names.pixel)
        sets.append(places.region(box, tight, Point(room.middle), names.pixel))
        if key in ("shenzhen-river", "old-meander"):
            bank = _simple(line, names.pixel)
            sets.append(line_places.along(box, bank, names.pixel, cost=2.0))
            sets += _off_bank(names, box, bank) if key == "shenzhen-river" else []
        missing = None if key in ("shenzhen-river", "deep-bay") else 20.0
        yield Label(key, "river", places.join(sets), missing=missing)


def _off_bank(names: Names, box: TextBox, bank: BaseGeometry) -> list[Places]:
    """Return places off the bank, each with a leader to it."""
    lines = sorted(_lines(bank), key=lambda line: -line.length)[:2]
    ends = [line.interpolate(n / 6, normalized=True) for line in lines for n in range(1, 6)]
    cost = policy.cost("outside")
    return [places.aside(box, end, 0.0, names.pixel, most=40, cost=cost) for end in ends]


def _water_name(names: Names, feature: Feature) -> str:
    words = text.labels("figure", names.lettering.language)
    if feature.id == "shenzhen-river":
        return words["river"]
    return words.get(feature.id) or names.lettering.name(feature)


def _places(names: Names) -> Iterator[Label]:
    look = names.lettering
    for feature in (*names.layers.get("places", ()), *names.layers.get("stations", ())):
        place, words = feature.geometry, look.name(feature)
        if not place.within(names.frame.box):
            continue
        kind = _kind(feature)
        if kind in ("station", "river"):
            continue
        how = look.type("name", look.colour("second_text"))
        if kind == "planned":
            words = look.word("figure", "planned").replace("{name}", words)
            how = look.slanted("name", look.colour("quiet_text"), words)
        elif feature.properties.get("kind") in ("nature", "park"):
            how = look.type("name", look.colour("plant_text"))
        sets = [
            places.spot(box, place, 24, names.pixel)
            for box in (text_box(look.metrics, (words, how)), halved(look.metrics, words, how))
        ]
        over, side = names.under(place), names.side(place)
        yield Label(feature.id, kind, places.join(sets), over, side=side)


def _kind(feature: Feature) -> str:
    """Return the class of the label policy for a place or station."""
    if feature.properties["role"].startswith("station"):
        return "station"
    if feature.properties.get("status") == "planned":
        return "planned"
    return "river" if feature.properties.get("kind") == "water" else "place"


def _lines(geometry: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]


def _simple(lines: BaseGeometry, pixel: float) -> BaseGeometry:
    """Return lines without the small turns that would shake the letters of a name."""
    return shapely.line_merge(shapely.simplify(lines, 2 * pixel))
