"""Which names a map carries, and where each of them could stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import style, text
from hetao_geo.cartography import background_labels, ground, line_places, places, policy, zone
from hetao_geo.cartography.drawing import Item, Shape, texts
from hetao_geo.cartography.frame import Frame
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.placer import Label, Placed, Scene
from hetao_geo.cartography.places import Places, Room
from hetao_geo.cartography.typesetting import TextBox, Type, halved, text_box, vstack
from hetao_geo.catalog import Feature

# Type of a park's name where the shape is narrow, and what it costs to leave its area out, in
# steps of the policy to a shorter form.
_TIGHT, _WITHOUT_AREA = 0.85, 9


class Names:
    """The names of one map.

    Parameters
    ----------
    frame : Frame
        The window of the map.
    layers : mapping
        Features by name of the layer, in points.
    lettering : Lettering
        How names are set.
    """

    def __init__(self, frame: Frame, layers: ground.Layers, lettering: Lettering) -> None:
        self.frame, self.layers, self.lettering = frame, layers, lettering
        self.pixel = lettering.pixel
        self.zoom = frame.zoom(lettering.pixel)
        self._shown_at = self.zoom + policy.earlier_on_paper() * (lettering.scheme == "print")

    @cached_property
    def outlines(self) -> dict[str, BaseGeometry]:
        """Parts, and parks without parts, in points, by id."""
        parts = self.layers.get("parts", ())
        whole = {part.properties.get("park") for part in parts}
        parks = [park for park in self.layers.get("parks", ()) if park.id not in whole]
        return {f.id: f.geometry for f in (*parks, *parts)}

    @cached_property
    def parks(self) -> dict[str, BaseGeometry]:
        """Parks in points, by id."""
        return {f.id: f.geometry for f in self.layers.get("parks", ())}

    @cached_property
    def boundary(self) -> BaseGeometry:
        """The boundary in points."""
        features = self.layers.get("boundary", ())
        lines = [ground.near(self.frame, f.geometry) for f in features]
        return shapely.line_merge(shapely.union_all(lines))

    @cached_property
    def territories(self) -> Mapping[str, BaseGeometry]:
        """The two sides of the boundary in points."""
        return ground.territories(self.frame, self.layers)

    def symbols(self) -> list[BaseGeometry]:
        """Return the places that symbols of crossings fill."""
        crossings = self.layers.get("crossings", ())
        return [c.geometry.buffer(self._radius) for c in crossings]

    def scene(self, taken: Sequence[BaseGeometry]) -> Scene:
        """Return what stands on the map before any name does; `taken`: inset, scale bar."""
        edges = [shape.boundary for shape in self.outlines.values()]
        half = 1.5 * self.pixel
        never = [shapely.union_all([self.boundary, *edges]).buffer(half)]
        return Scene(
            frame=self.frame.box,
            pixel=self.pixel,
            taken=[*taken, *self.symbols()],
            never=never,
            shapes=self.outlines,
            lines=list(self._lines()),
            boundary=self.boundary,
        )

    def wanted(self) -> list[Label]:
        """Return the names that the map should carry at its zoom."""
        labels = [*self._parks(), *self._crossings(), *self._boundary()]
        labels += background_labels.wanted(self)
        classes = policy.classes()
        shown = [x for x in labels if classes[x.kind].from_zoom <= self._shown_at or _must(x.kind)]
        return [label for label in shown if len(label.places)]

    @property
    def _radius(self) -> float:
        return (style.role("crossing").radius + 1) * self.pixel

    def _lines(self) -> Iterator[tuple[BaseGeometry, float]]:
        """Return lines that a name may cover, with what each costs."""
        near = self.frame
        for road in self.layers.get("roads", ()):
            cost = "limit-road" if road.properties.get("named_in_limits") else "road"
            yield ground.near(near, road.geometry), policy.cost(cost)
        for water in self.layers.get("river", ()):
            yield ground.near(near, water.geometry).boundary, policy.cost("bank")
        for name in ("wetland", "landcover"):
            for cover in self.layers.get(name, ()):
                yield ground.near(near, cover.geometry).boundary, policy.cost("wetland-edge")
        for railway in self.layers.get("railways", ()):
            yield ground.near(near, railway.geometry), policy.cost("railway")
        for pair in zone.pairs(self.layers.get("crossings", ())):
            ends = [c.geometry for c in pair]
            yield LineString(ends), policy.cost("pair-line")

    def _parks(self) -> Iterator[Label]:
        parts = {f.id: f for f in (*self.layers.get("parks", ()), *self.layers.get("parts", ()))}
        for key, shape in self.outlines.items():
            visible = shape.intersection(self.frame.box)
            if visible.area < 0.05 * shape.area:
                continue
            room, sets = Room.of(visible, self.pixel), []
            boxes = list(self._park_boxes(parts[key]))
            for step, box in boxes:
                cost = policy.cost("short-form") * step
                sets.append(places.inside(box, room, self.pixel, cost=cost))
            for _, box in boxes[:2]:
                sets.append(places.beside(box, shape, self.pixel))
            side = self.side(shape.representative_point())
            yield Label(key, "park", places.join(sets), may_cover=(key,), side=side)

    def _park_boxes(self, area: Feature) -> Iterator[tuple[float, TextBox]]:
        """Yield the settings of a park's or part's name with their step, from full to short.

        The stated area goes last of all that can go: a smaller type, then a name in two lines.
        """
        look, m = self.lettering, self.lettering.metrics
        title, place = self._park_words(area)
        km2 = area.properties.get("stated_area_km2")
        for step, factor in ((0, 1.0), (2, _TIGHT)):
            head, body = self._park_types(area, factor)
            size = [text_box(m, (self.stated(km2), body))] if km2 else []
            whole = [text_box(m, (place, body))] if place else []
            broken = [halved(m, place, body)] if place else []
            if km2 and place:
                comma = ", " if look.language == "en" else "，"
                yield step, text_box(m, (title, head), (place + comma + self.stated(km2), body))
            yield step, vstack([text_box(m, (title, head)), *whole, *size])
            yield step + 1, vstack([halved(m, title, head), *whole, *size])
            yield step + 2, vstack([halved(m, title, head), *broken, *size])
        yield _WITHOUT_AREA, vstack([text_box(m, (title, head)), *whole])
        yield _WITHOUT_AREA + 1, vstack([halved(m, title, head), *broken])

    def _park_types(self, area: Feature, factor: float) -> tuple[Type, Type]:
        look = self.lettering
        role = area.properties.get("park") or area.properties["role"]
        colour = style.role(role, look.scheme).text
        head, body = look.type("park", colour, bold=True), look.type("name", colour)
        return look.smaller(head, factor), look.smaller(body, factor)

    def _park_words(self, area: Feature) -> tuple[str, str]:
        """Return the name of the park and the name of the place below it."""
        look, park = self.lettering, area.properties.get("park")
        if park:
            return look.word("common", park), look.name(area)
        if area.id == "hong-kong-park":
            return look.name(area), look.word("figure", "loop")
        return look.name(area), ""

    def stated(self, km2: float) -> str:
        """Write a stated area with its unit."""
        words = self.lettering.word("map", "stated_km2")
        return words.replace("{km2}", text.number(km2, 2))

    def _crossings(self) -> Iterator[Label]:
        look = self.lettering
        how = look.type("crossing", bold=True)
        for crossing in self.layers.get("crossings", ()):
            place = crossing.geometry
            if not place.within(self.frame.box):
                continue
            whole = text_box(look.metrics, (look.name(crossing), how))
            broken = halved(look.metrics, look.name(crossing), how)
            sets = [places.around(whole, place, self._radius, self.pixel)]
            if len(broken.lines) > 1:
                cost = policy.cost("break")
                sets.append(places.around(broken, place, self._radius, self.pixel, cost))
                sets.append(places.aside(broken, place, self._radius, self.pixel, cost=cost))
            sets.append(places.aside(whole, place, self._radius, self.pixel))
            # A place that costs more than a badge is not taken: the key then explains a number.
            worth = policy.cost("badge") if crossing.properties.get("pair") else 20.0
            over = self.under(place)
            side = self.side(place)
            yield Label(crossing.id, "crossing", places.join(sets), over, side=side, missing=worth)

    def under(self, place: Point) -> tuple[str, ...]:
        """Return the ids of the shapes that a place lies in."""
        return tuple(key for key, shape in self.outlines.items() if shape.contains(place))

    def side(self, place: Point) -> BaseGeometry | None:
        """Return the territory that a place lies in."""
        return next((s for s in self.territories.values() if s.contains(place)), None)

    def _boundary(self) -> Iterator[Label]:
        look = self.lettering
        how = look.type("name", style.role("boundary", look.scheme).stroke)
        sets = []
        for step, words in enumerate(
            (look.word("figure", "boundary"), look.word("common", "boundary"))
        ):
            cost = 2 * step * policy.cost("short-form")
            sets.append(self.along(words, how, self.boundary, 1.5, cost))
        yield Label("boundary", "boundary", places.join(sets))

    def along(
        self, words: str, how: Type, line: BaseGeometry, width: float, cost: float = 0.0
    ) -> Places:
        """Return the places of a name along a line that is `width` pixels wide."""
        box = text_box(self.lettering.metrics, (words, how))
        inner = line.intersection(self.frame.box)
        return line_places.along(box, inner, self.pixel, half_width=width / 2, cost=cost)


def draw(label: Placed, lettering: Lettering, halo: str) -> list[Item]:
    """Return a placed name and its leader as items of a drawing."""
    items: list[Item] = []
    if label.leader is not None:
        colour = label.box.lines[0][1].colour
        items.append(Shape(label.leader, "leader", stroke=colour, width=1.0))
    turn, up = np.radians(label.angle), label.box.height / 2
    x, top = label.x - up * np.sin(turn), label.y + up * np.cos(turn)
    lines = texts(label.box, x, top, align="center", angle=label.angle, halo=halo, role=label.kind)
    return [*items, *lines]


def _must(kind: str) -> bool:
    return policy.classes()[kind].required
