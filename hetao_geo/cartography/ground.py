"""The ground of the map: land, woodland, wetland, water, railways and roads, from below up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from hetao_geo import catalog, style
from hetao_geo.cartography import curves, patterns
from hetao_geo.cartography.drawing import Shape
from hetao_geo.cartography.frame import GRID, Frame
from hetao_geo.catalog import Feature

Layers = Mapping[str, Sequence[Feature]]
LAYERS = (
    "landcover",
    "wetland",
    "river",
    "railways",
    "roads",
    "parks",
    "parts",
    "boundary",
    "crossings",
    "stations",
    "places",
    "gba",
    "coast",
)
"""Layers that a map of the zone is drawn from."""
CASING = 1.6
"""How much wider the casing of a road is than the road, in pixels."""
_FADE = 400.0
"""Metres over which a road fades where only the data end."""
_BEYOND = 20.0
"""Points outside the frame that are kept: what lies farther off would only make a file larger."""


def read() -> Layers:
    """Return the features of the layers by name of the layer."""
    return {name: catalog.features(name) for name in LAYERS}


def project(frame: Frame, layers: Layers) -> Layers:
    """Return the layers with their geometry in points on the drawing, in one transformation."""
    rows = [(name, feature) for name in layers for feature in layers[name]]
    shapes = frame.project([feature.geometry for _, feature in rows])
    drawn: dict[str, list[Feature]] = {name: [] for name in layers}
    for (name, feature), shape in zip(rows, shapes, strict=True):
        drawn[name].append(replace(feature, geometry=shape))
    return drawn


def near(frame: Frame, geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in points without what lies far outside the frame."""
    window = frame.box.buffer(_BEYOND, join_style="mitre")
    return geometry.intersection(window)


def background(
    frame: Frame, layers: Layers, pixel: float, *, scheme: str = "light"
) -> Iterator[Shape]:
    """Yield land, water and roads in drawing order.

    Parameters
    ----------
    frame : Frame
        The window of the map.
    layers : mapping
        Features by name of the layer, in points, see `project`; a missing layer is not drawn.
    pixel : float
        Points to a CSS pixel.
    scheme : str
        light, dark or print.
    """
    yield from _land(frame, layers, scheme)
    for feature in (*layers.get("landcover", ()), *layers.get("wetland", ())):
        yield from _cover(frame, feature, pixel, scheme)
    yield from _water(frame, layers.get("river", ()), scheme)
    for feature in layers.get("railways", ()):
        yield _line(frame, feature, scheme)
    yield from _roads(frame, layers.get("roads", ()), pixel, scheme)


def territories(frame: Frame, layers: Layers) -> dict[str, BaseGeometry]:
    """Return the parts of the frame north and south of the boundary, in points, by territory.

    The boundary cuts the ground in two; the side on which the Shenzhen Park lies is Shenzhen.
    Nothing where the frame lies far from it.
    """
    if frame.crs != GRID:
        return {}
    parks = {park.id: park for park in catalog.features("parks")}
    line = shapely.union_all([f.geometry for f in layers.get("boundary", ())])
    everywhere = frame.box.union(line.envelope.buffer(-1e-6))
    edge = everywhere.convex_hull.exterior if line.is_empty else everywhere.envelope.exterior
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([edge, line])]))
    seed = frame.project(parks["shenzhen-park"].geometry.representative_point())
    north = [face for face in faces if face.contains(seed)]
    shenzhen = shapely.union_all(north) if north else Polygon()
    return {
        "shenzhen": shenzhen.intersection(frame.box),
        "hong-kong": frame.box.difference(shenzhen),
    }


def _land(frame: Frame, layers: Layers, scheme: str) -> Iterator[Shape]:
    ground = style.ground(scheme)
    yield Shape(frame.box, "land", fill=ground["land"], name="land")
    shenzhen = territories(frame, layers).get("shenzhen", Polygon())
    yield Shape(shenzhen, "land-shenzhen", fill=ground["land_shenzhen"], name="land-shenzhen")


def _cover(frame: Frame, feature: Feature, pixel: float, scheme: str) -> Iterator[Shape]:
    role = feature.properties["role"]
    look, shape = style.role(role, scheme), near(frame, feature.geometry)
    if shape.is_empty:
        return
    yield Shape(shape, role, fill=look.fill, name=feature.id)
    if look.stroke:
        marks = patterns.marks(role, shape, pixel)
        name = f"{feature.id}-marks"
        yield Shape(marks, f"{role}-marks", stroke=look.stroke, width=look.width, name=name)


def _water(frame: Frame, features: Sequence[Feature], scheme: str) -> Iterator[Shape]:
    """Draw all banks under all fills: where two waters meet there is no seam."""
    look = style.role("water", scheme)
    drawn = [f for f in features if not near(frame, f.geometry).is_empty]
    for feature in drawn:
        ends = feature.properties.get("frame_sides") or []
        banks = MultiLineString(curves.shores(feature.geometry, ends))
        line, name = near(frame, banks), f"{feature.id}-bank"
        yield Shape(line, "bank", stroke=look.stroke, width=2 * look.width, name=name)
    for feature in drawn:
        shape = near(frame, feature.geometry)
        # A hair of the fill closes the gap that anti-aliasing leaves between two waters.
        yield Shape(shape, "water", fill=look.fill, stroke=look.fill, width=0.3, name=feature.id)


def _line(frame: Frame, feature: Feature, scheme: str) -> Shape:
    role = feature.properties["role"]
    look, line = style.role(role, scheme), smooth_lines(near(frame, feature.geometry))
    return Shape(line, role, stroke=look.stroke, width=look.width, dash=look.dash, name=feature.id)


def _roads(frame: Frame, features: Sequence[Feature], pixel: float, scheme: str) -> Iterator[Shape]:
    """Draw all casings, then all roads, minor before major: no casing crosses a junction."""
    zoom = frame.zoom(pixel)
    widths = {f.id: style.role(f.properties["role"], scheme).width_at(zoom) for f in features}
    order = sorted(features, key=lambda f: (widths[f.id], f.id))
    for casing in (True, False):
        for feature in order:
            look, width = style.role(feature.properties["role"], scheme), widths[feature.id]
            colour = look.casing if casing else look.stroke
            if not width or colour is None:
                continue
            for line, opacity in _pieces(frame, feature):
                yield Shape(
                    line,
                    "casing" if casing else "road",
                    stroke=colour,
                    opacity=opacity,
                    width=width + CASING * casing,
                    round_cap=opacity == 1,
                    name=f"{feature.id}-casing" if casing else feature.id,
                )


def _pieces(frame: Frame, feature: Feature) -> Iterable[tuple[BaseGeometry, float]]:
    """Return a road in pieces with their opacity: it fades out where only the data end."""
    line = curves.smooth(feature.geometry)
    window = frame.box.buffer(_BEYOND)
    ends = feature.properties.get("open_ends") or []
    for piece, opacity in curves.faded(line, ends, _FADE * frame.points_per_metre):
        if piece.intersects(window):
            yield piece.intersection(window), opacity


def smooth_lines(geometry: BaseGeometry) -> BaseGeometry:
    """Return each line of a geometry as a curve through its vertices."""
    parts = shapely.get_parts(geometry)
    lines = [part for part in parts if isinstance(part, LineString) and part.length]
    return MultiLineString([curves.smooth(line) for line in lines])


def land(frame: Frame, layers: Layers) -> BaseGeometry:
    """Return what of the frame is not water, in points."""
    water = [near(frame, f.geometry) for f in layers.get("river", ())]
    dry = frame.box.difference(shapely.union_all(water)) if water else frame.box
    return dry if isinstance(dry, Polygon | MultiPolygon) else box(0, 0, 0, 0)
