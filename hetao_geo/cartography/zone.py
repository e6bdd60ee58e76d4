"""What the map is about: parks with their bands and edges, boundary, and crossings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from hetao_geo import style
from hetao_geo.cartography import curves, patterns
from hetao_geo.cartography.drawing import Shape
from hetao_geo.cartography.frame import Frame
from hetao_geo.cartography.ground import Layers, near
from hetao_geo.catalog import Feature

BAND_FROM = 13.0
"""Zoom from which the bands are drawn: farther out they are no wider than the edge."""
# The band in two steps: share of its width, opacity.
_STEPS = ((1.0, 0.16), (0.5, 0.20))


def draw(frame: Frame, layers: Layers, pixel: float, *, scheme: str = "light") -> Iterator[Shape]:
    """Yield bands, parks, boundary and crossings in drawing order.

    Parameters
    ----------
    frame, layers, pixel, scheme
        As in `hetao_geo.cartography.ground.background`.
    """
    parks = layers.get("parks", ())
    if frame.zoom(pixel) >= BAND_FROM:
        for park in parks:
            yield from _band(frame, park, scheme)
    for park in parks:
        yield from _area(frame, park, pixel, scheme)
    yield from _dividers(frame, layers, scheme)
    for park in parks:
        yield from _edges(frame, park, frame.zoom(pixel), scheme)
    yield from _boundary(frame, layers.get("boundary", ()), frame.zoom(pixel), scheme)
    yield from _pairs(frame, layers.get("crossings", ()), scheme)
    for crossing in layers.get("crossings", ()):
        place = crossing.geometry
        if place.within(frame.box):
            yield from symbol(place, pixel, scheme, name=crossing.id)


def is_inferred(side: Mapping[str, Any]) -> bool:
    """Say whether a side of a park was inferred or fitted instead of read from a kerb or bank."""
    return bool(side.get("inferred") or side.get("fitted"))


def sides(park: Feature) -> list[Mapping[str, Any]]:
    """Return the sides of a park; for polygons without sides, each whole ring as one."""
    stated = park.properties.get("sides")
    if stated:
        return list(stated)
    accuracy = park.properties.get("accuracy_m") or 0.0
    rings = [r for p in shapely.get_parts(park.geometry) for r in (p.exterior, *p.interiors)]
    return [{"ring": LineString(ring.coords), "accuracy_m": accuracy} for ring in rings]


def side_line(park: Feature, side: Mapping[str, Any]) -> LineString:
    """Return the line of one side, WGS 84."""
    return side["ring"] if "ring" in side else curves.side(park.geometry, side["line"])


def symbol(
    place: Point, pixel: float, scheme: str = "light", *, name: str | None = None
) -> Iterator[Shape]:
    """Yield ring and dot of a crossing at a place in points."""
    look = style.role("crossing", scheme)
    ring, width = place.buffer(look.radius * pixel), look.width * 1.2
    yield Shape(ring, "crossing", fill=look.fill, stroke=look.stroke, width=width, name=name)
    yield Shape(place.buffer(look.radius * pixel * 0.36), "crossing-dot", fill=look.stroke)


def pairs(crossings: Sequence[Feature]) -> list[tuple[Feature, Feature]]:
    """Return the crossings that have their other half on the far bank, each pair once."""
    known = {crossing.id: crossing for crossing in crossings}
    couples = [(c, known.get(c.properties.get("pair") or "")) for c in crossings]
    return [(first, second) for first, second in couples if second and first.id < second.id]


def _band(frame: Frame, park: Feature, scheme: str) -> Iterator[Shape]:
    """Draw where each edge may lie: its accuracy to either side, one shape a step."""
    colour = style.role(park.properties["role"], scheme).fill
    reaches = [(side_line(park, s), s["accuracy_m"]) for s in sides(park)]
    for number, (share, opacity) in enumerate(_STEPS):
        strips = [
            line.buffer(share * accuracy * frame.points_per_metre)
            for line, accuracy in reaches
            if accuracy
        ]
        if strips:
            name = f"{park.id}-band-{number}"
            band = shapely.union_all(strips)
            yield Shape(band, "band", fill=colour, opacity=opacity, name=name)


def _area(frame: Frame, park: Feature, pixel: float, scheme: str) -> Iterator[Shape]:
    role = park.properties["role"]
    look, shape = style.role(role, scheme), park.geometry
    yield Shape(shape, role, fill=look.fill, opacity=look.fill_opacity, name=park.id)
    if look.hatch:
        angle, distance, width = look.hatch
        lines = patterns.hatch(shape, angle, distance * pixel)
        name = f"{park.id}-hatch"
        yield Shape(lines, "hatch", stroke=look.stroke, opacity=0.5, width=width, name=name)


def _dividers(frame: Frame, layers: Layers, scheme: str) -> Iterator[Shape]:
    """Draw where two parts of a park meet."""
    parts = [part.geometry for part in layers.get("parts", ())]
    whole = [park.geometry.exterior for park in layers.get("parks", ())]
    if not parts:
        return
    look = style.role("part", scheme)
    outer = shapely.union_all(whole).buffer(0.5)
    inner = shapely.union_all([part.exterior for part in parts]).difference(outer)
    yield Shape(inner, "part", stroke=look.stroke, width=look.width, name="divider")


def _edges(frame: Frame, park: Feature, zoom: float, scheme: str) -> Iterator[Shape]:
    """Draw firm edges solid and inferred ones dashed; neighbours of a kind are one line."""
    role = park.properties["role"]
    look, inferred = style.role(role, scheme), style.role("inferred", scheme)
    width = look.width_at(zoom)
    for kind in (True, False):
        lines = [side_line(park, s) for s in sides(park) if is_inferred(s) == kind]
        if not lines:
            continue
        merged = _joined(lines)
        name = f"{park.id}-edge-{'inferred' if kind else 'firm'}"
        share = inferred.width / look.width if kind else 1.0
        dash = inferred.dash if kind else ()
        yield Shape(merged, role, stroke=look.stroke, width=width * share, dash=dash, name=name)


def _joined(lines: Sequence[LineString]) -> BaseGeometry:
    merged = shapely.line_merge(shapely.multilinestrings(list(lines)))
    closed = list(shapely.get_parts(merged))
    rings = [shapely.linearrings(p.coords) if p.is_ring else p for p in closed]
    return rings[0] if len(rings) == 1 else merged


def _boundary(
    frame: Frame, features: Sequence[Feature], zoom: float, scheme: str
) -> Iterator[Shape]:
    look = style.role("boundary", scheme)
    lines = [near(frame, feature.geometry) for feature in features]
    lines = [part for line in lines for part in shapely.get_parts(line) if part.length]
    if not lines:
        return
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    if look.halo:
        yield Shape(merged, "boundary-halo", stroke=look.halo, opacity=0.75, width=4)
    width = look.width_at(zoom)
    yield Shape(
        merged, "boundary", stroke=look.stroke, width=width, dash=look.dash, name="boundary"
    )


def _pairs(frame: Frame, crossings: Sequence[Feature], scheme: str) -> Iterator[Shape]:
    look = style.role("crossing-link", scheme)
    for first, second in pairs(crossings):
        line = LineString([first.geometry, second.geometry])
        name = f"{first.id}-link"
        yield Shape(
            line, "crossing-link", stroke=look.stroke, width=look.width, dash=look.dash, name=name
        )
