"""What is asked of a figure, and the window of the ground that it shows."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from hetao_geo.cartography import frame as frames
from hetao_geo.cartography import ground
from hetao_geo.cartography.frame import Frame
from hetao_geo.catalog import Feature
from hetao_geo.errors import UsageError
from hetao_geo.figure.layout import LOCATOR_INSIDE, Size

# Free ground around the parks in metres: west, south, east, north.
_AROUND = (780.0, 1150.0, 780.0, 620.0)
_AROUND_NARROW = (330.0, 330.0, 430.0, 330.0)
_LEAST_PAD = 20.0  # metres round polygons of a reader's own


@dataclass(frozen=True)
class Request:
    """What a figure should show."""

    size: Size
    plain: bool = False
    """Without graticule and table."""
    place: str | None = None
    """Id of the park, part or crossing that fills the map; None: the zone."""
    polygons: tuple[Feature, ...] | None = None
    """Polygons that are drawn in place of the parks."""


def layers(request: Request) -> ground.Layers:
    """Return what is drawn: the catalogue's layers, or polygons in place of the parks."""
    known = ground.read()
    if request.polygons is None:
        return known
    return {**known, "parks": request.polygons, "parts": ()}


def frame(request: Request, known: ground.Layers, width: float, height: float) -> Frame:
    """Return the frame of the map for a drawing of `width` by `height` points."""
    degrees = shapely.total_bounds([feature.geometry for feature in known["parks"]])
    crs = frames.grid_for(*degrees.tolist())
    step = 1 if request.size.pixels else 500
    return frames.around(_bounds(request, known, crs), width, height, step=step, crs=crs)


def _bounds(request: Request, known: ground.Layers, crs: str) -> tuple[float, float, float, float]:
    """Return the ground that must be seen: west, south, east, north in metres of the grid."""
    if request.place is not None:
        return _around(_find(request.place, known), crs)
    shapes = [frames.to_grid(feature.geometry, crs) for feature in known["parks"]]
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    if request.polygons is not None:
        pad = max(_LEAST_PAD, 0.15 * max(x1 - x0, y1 - y0))
        return x0 - pad, y0 - pad, x1 + pad, y1 + pad
    wide = request.size.width >= LOCATOR_INSIDE
    west, south, east, north = _AROUND if wide else _AROUND_NARROW
    return x0 - west, y0 - south, x1 + east, y1 + north


def _find(name: str, known: ground.Layers) -> Feature:
    """Return a park, a part or a crossing by its id."""
    choice = [f for key in ("parks", "parts", "crossings") for f in known[key]]
    found = next((feature for feature in choice if feature.id == name), None)
    if found is None:
        raise UsageError(
            "unknown place",
            where="--place",
            expected=f"one of {', '.join(feature.id for feature in choice)}",
            found=repr(name),
        )
    return found


def _around(feature: Feature, crs: str) -> tuple[float, float, float, float]:
    shape = frames.to_grid(feature.geometry, crs)
    x0, y0, x1, y1 = shape.bounds
    pad = max(0.25 * max(x1 - x0, y1 - y0), 0.0 if shape.area else 600.0)
    return x0 - pad, y0 - pad, x1 + pad, y1 + pad
