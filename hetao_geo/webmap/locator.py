"""The locator: where the zone lies in the Greater Bay Area, and how large the four zones are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from hetao_geo import catalog, text
from hetao_geo.cartography import frame as frames
from hetao_geo.cartography import inset as drawing
from hetao_geo.cartography.drawing import Shape, Text, rings
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.typesetting import Estimate, Type
from hetao_geo.webmap import payload
from hetao_geo.webmap.translation import Words

# Size of the drawing in pixels, and of its letters.
_WIDTH, _HEIGHT = 224, 168
_SIZES = {"note": 10.0}
_OUTLINES = ("inset-water", "coast", "map-frame")
_CIRCLES = ("cooperation-zone", "city")


@dataclass(frozen=True)
class ZoneSize:
    """One cooperation zone."""

    name: Words
    area: str
    """Square kilometres, with the digits that its source gives."""
    date: str
    radius: float
    """Of its circle, in proportion to the root of the area."""
    times: str
    """Area as a multiple of the smallest zone."""


@dataclass(frozen=True)
class Outline:
    """A shape of the locator, in pixels."""

    role: str
    path: str


@dataclass(frozen=True)
class Circle:
    """A city or a zone on the locator, in pixels."""

    role: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Name:
    """A name on the locator, in pixels."""

    words: Words
    role: str
    x: float
    y: float
    anchor: str
    """start, middle or end: what of the name stands at x."""


@dataclass(frozen=True)
class Inset:
    """The locator drawing."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    circles: tuple[Circle, ...]
    names: tuple[Name, ...]


def zone_sizes(features: Sequence[Any]) -> list[ZoneSize]:
    """Return the zones, the largest first."""
    zones = sorted(
        (one for one in features if one.properties["kind"] == "cooperation-zone"),
        key=lambda one: -one.properties["area_km2"],
    )
    if not zones:
        return []
    areas = [float(one.properties["area_km2"]) for one in zones]
    return [
        ZoneSize(
            name=payload.names(one),
            area=text.number(km2, len(f"{km2:g}".partition(".")[2])),
            date=one.properties["area_date"],
            radius=28 * math.sqrt(km2 / areas[0]),
            times=text.number(km2 / areas[-1], 0),
        )
        for one, km2 in zip(zones, areas, strict=True)
    ]


class _Widest:
    """Knows how wide a name is in the language in which it is widest."""

    def __init__(self, features: Sequence[Any]) -> None:
        self._names = {payload.names(f)["en"]: payload.names(f) for f in features}

    def width(self, text: str, how: Type) -> float:
        """Return the width in pixels."""
        known = self._names.get(text, {"en": text})
        return max(Estimate().width(name, how) for name in known.values())


def inset(features: Sequence[Any]) -> Inset:
    """Return the locator as the cartography draws it, for the classes of the page."""
    layers = {"gba": features, "coast": catalog.features("coast")}
    parks = [frames.to_grid(park.geometry) for park in catalog.features("parks")]
    main = frames.around(tuple(shapely.total_bounds(parks).tolist()), 100, 80)
    metrics = _Widest(features)
    lettering = Lettering("en", metrics, 1.0, sizes=_SIZES)
    area = shapely.box(0, 0, _WIDTH, _HEIGHT)
    items = drawing.inset(layers, main, lettering, area, caption=False)
    shapes = [item for item in items if isinstance(item, Shape)]
    signs = {"hetao" if s.role == "map-frame" else s.name: s.geometry.centroid.x for s in shapes}
    names = {payload.names(f)["en"]: f for f in features}
    return Inset(
        _WIDTH,
        _HEIGHT,
        tuple(Outline(s.role, _path(s.geometry)) for s in shapes if s.role in _OUTLINES),
        tuple(_circle(s) for s in shapes if s.role in _CIRCLES),
        tuple(
            _name(item, names[item.line], signs[names[item.line].id], metrics)
            for item in items
            if isinstance(item, Text)
        ),
    )


def _circle(shape: Shape) -> Circle:
    x0, y0, x1, y1 = shape.geometry.bounds
    x, y = (x0 + x1) / 2, _HEIGHT - (y0 + y1) / 2
    return Circle(shape.role, round(x, 1), round(y, 1), round((x1 - x0) / 2, 1))


def _name(item: Text, feature: Any, sign: float, metrics: _Widest) -> Name:
    """Return a name that begins or ends at its sign in each language; `sign` is its middle."""
    role = "here" if feature.id == "hetao" else str(feature.properties["kind"])
    half = metrics.width(item.line, item.how) / 2
    anchor, x = "middle", item.x
    if item.x - half > sign:
        anchor, x = "start", item.x - half
    elif item.x + half < sign:
        anchor, x = "end", item.x + half
    return Name(payload.names(feature), role, round(x, 1), round(_HEIGHT - item.y, 1), anchor)


def _path(geometry: BaseGeometry) -> str:
    rows = []
    for ring in rings(geometry):
        points = shapely.get_coordinates(ring)[:-1].round(1).tolist()
        row = " ".join(f"{x:g} {round(_HEIGHT - y, 1):g}" for x, y in points)
        rows.append(f"M{row}Z")
    return "".join(rows)
