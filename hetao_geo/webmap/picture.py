"""The still map for readers without scripts: one SVG drawing in the classes of the map."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely

from hetao_geo.webmap import payload

_WIDTH = 900
# Free ground around the parks, as a share of their width.
_MARGIN = 0.09
_LENGTHS = (100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)


@dataclass(frozen=True)
class Shape:
    """One path, or a circle, of the drawing."""

    classes: str
    path: str


@dataclass(frozen=True)
class Name:
    """A name in the drawing."""

    words: dict[str, str]
    classes: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Picture:
    """The drawing, in pixels."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    marks: tuple[tuple[float, float], ...]
    names: tuple[Name, ...]
    scale_text: str
    scale_width: float


@dataclass(frozen=True)
class _Frame:
    """From degrees to pixels: equirectangular, true to scale at the zone."""

    west: float
    north: float
    per_degree: float
    shrink: float

    def point(self, lon: float, lat: float) -> tuple[int, int]:
        x = (lon - self.west) * self.shrink * self.per_degree
        return round(x), round((self.north - lat) * self.per_degree)

    def path(self, geometry: Any) -> str:
        closed = "Z" if geometry.geom_type.endswith("Polygon") else ""
        lines = [ring for part in payload.lines(geometry) for ring in part]
        rows = [" ".join(f"{x} {y}" for x, y in self._points(line)) for line in lines]
        return "".join(f"M{row}{closed}" for row in rows)

    def _points(self, line: Any) -> Iterable[tuple[int, int]]:
        return (self.point(lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())


def still(data: payload.Payload) -> Picture:
    """Draw the parks and what lies around them."""
    west, south, east, north = data.bounds
    edge = (east - west) * _MARGIN
    shrink = math.cos(math.radians((south + north) / 2))
    per_degree = _WIDTH / ((east - west + 2 * edge) * shrink)
    frame = _Frame(west - edge, north + edge * shrink, per_degree, shrink)
    height = round((north - south + 2 * edge * shrink) * per_degree)
    metres = 111_195 / per_degree
    length = max(one for one in _LENGTHS if one / metres < 200 or one == _LENGTHS[0])
    points = [frame.point(f.geometry.x, f.geometry.y) for f in data.features("crossings")]
    marks = [p for p in points if 0 < p[0] < _WIDTH and 0 < p[1] < height]
    return Picture(
        width=_WIDTH,
        height=height,
        shapes=tuple(_shapes(data, frame)),
        marks=tuple(marks),
        names=tuple(_names(data, frame, height)),
        scale_text=f"{length / 1000:g} km" if length >= 1000 else f"{length} m",
        scale_width=round(length / metres, 1),
    )


def _shapes(data: payload.Payload, frame: _Frame) -> Iterable[Shape]:
    for key in ("river", "roads", "parks", "boundary"):
        for one in data.features(key):
            kind = "hz-area" if one.geometry.geom_type == "Polygon" else "hz-line"
            role = one.properties["role"]
            if data.style.role(role).casing:
                yield Shape(f"hz-line hz-casing-{role}", frame.path(one.geometry))
            yield Shape(f"{kind} hz-role-{role}", frame.path(one.geometry))
    for park in data.features("parks"):
        ring = shapely.get_coordinates(park.geometry).tolist()
        for side in park.properties.get("sides") or [{"line": [0, len(ring) - 1]}]:
            start, end = side["line"]
            line = shapely.LineString(ring[start : end + 1])
            dash = " hz-role-inferred" if side.get("inferred") else ""
            yield Shape(f"hz-line hz-role-{park.properties['role']}{dash}", frame.path(line))


def _names(data: payload.Payload, frame: _Frame, height: int) -> Iterable[Name]:
    parts = data.features("parts")
    whole = {part.properties.get("park") for part in parts}
    parks = [park for park in data.features("parks") if park.id not in whole]
    for one in (*parks, *parts):
        # The middle of the largest circle inside, so that the name has room.
        middle = shapely.maximum_inscribed_circle(one.geometry).coords[0]
        role = one.properties.get("park") or one.properties["role"]
        x, y = frame.point(*middle)
        yield Name(
            payload.names(one), f"hz-label hz-label-crossing hz-text-{role}", x, y + 4, "middle"
        )
    for one in data.features("crossings"):
        x, y = frame.point(one.geometry.x, one.geometry.y)
        if 0 < x < _WIDTH and 0 < y < height:
            side = "end" if one.properties.get("side") == "shenzhen" else "start"
            shift = -10 if side == "end" else 10
            yield Name(payload.names(one), "hz-label", x + shift, y + 4, side)
