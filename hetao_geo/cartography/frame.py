"""The frame that maps the ground to a drawing: a window of the Hong Kong 1980 Grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

GRID = "EPSG:2326"
"""Hong Kong 1980 Grid, the projection of every map that the project draws itself."""
# Where the grid distorts lengths by less than a thousandth: west, south, east, north in degrees.
_HONG_KONG = (112.0, 21.0, 116.3, 24.5)
POINTS_PER_METRE = 72 / 0.0254
# Metres to a pixel of a web map at zoom 0 on the equator.
_EQUATOR = 2 * math.pi * 6378137 / 256


@dataclass(frozen=True)
class Frame:
    """A rectangle of the grid and its place on the drawing; the y axis of both points up."""

    west: float
    """Easting of the left edge in metres."""
    south: float
    """Northing of the lower edge in metres."""
    ground_width: float
    """Width on the ground in metres."""
    ground_height: float
    """Height on the ground in metres."""
    width: float
    """Width on the drawing in points."""
    left: float = 0.0
    """Left edge on the drawing in points."""
    bottom: float = 0.0
    """Lower edge on the drawing in points."""
    crs: str = GRID
    """The grid, as pyproj reads it."""

    @property
    def points_per_metre(self) -> float:
        """Points on the drawing to a metre on the ground."""
        return self.width / self.ground_width

    @property
    def height(self) -> float:
        """Height on the drawing in points."""
        return self.ground_height * self.points_per_metre

    @property
    def scale(self) -> float:
        """Denominator of the scale, where a point is 1/72 inch."""
        return POINTS_PER_METRE / self.points_per_metre

    @property
    def box(self) -> Polygon:
        """The rectangle on the drawing in points."""
        return box(self.left, self.bottom, self.left + self.width, self.bottom + self.height)

    def zoom(self, pixel: float) -> float:
        """Return the zoom at which a web map has this scale; `pixel` is one in points."""
        middle = np.array([self.west]), np.array([self.south + self.ground_height / 2])
        latitude = from_grid(*middle, self.crs)[1][0]
        metres = pixel / self.points_per_metre
        return math.log2(_EQUATOR * math.cos(math.radians(latitude)) / metres)

    def from_grid(self, coordinates: np.ndarray) -> np.ndarray:
        """Return eastings and northings, an array (n, 2) in metres, as points on the drawing."""
        corner, page = np.array([self.west, self.south]), np.array([self.left, self.bottom])
        return np.asarray((coordinates - corner) * self.points_per_metre + page)

    def project(self, geometry: Any) -> Any:
        """Return a WGS 84 geometry, or a list of them, in points on the drawing.

        Longitude comes first, in degrees.
        """
        return shapely.transform(geometry, lambda xy: self.from_grid(_to_grid(xy, self.crs)))


def around(
    bounds: tuple[float, float, float, float],
    width: float,
    height: float,
    *,
    step: float = 1,
    crs: str = GRID,
) -> Frame:
    """Return the frame that shows all of an area at the largest scale.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in metres of the grid.
    width, height : float
        Size of the drawing in points.
    step : float
        The denominator of the scale is a multiple of this.
    crs : str
        The grid, see `grid_for`.

    Returns
    -------
    Frame
        With the area in the middle, its lower left corner at the origin.
    """
    x0, y0, x1, y1 = bounds
    metres = max((x1 - x0) / width, (y1 - y0) / height)
    scale = math.ceil(metres * POINTS_PER_METRE / step - 1e-9) * step
    wide, high = width * scale / POINTS_PER_METRE, height * scale / POINTS_PER_METRE
    return Frame((x0 + x1 - wide) / 2, (y0 + y1 - high) / 2, wide, high, width, crs=crs)


def grid_for(west: float, south: float, east: float, north: float) -> str:
    """Return the grid for an area in degrees (WGS 84): Hong Kong's, or one centred on it."""
    x, y = (west + east) / 2, (south + north) / 2
    if _HONG_KONG[0] < x < _HONG_KONG[2] and _HONG_KONG[1] < y < _HONG_KONG[3]:
        return GRID
    return f"+proj=tmerc +lat_0={y:.4f} +lon_0={x:.4f} +ellps=WGS84 +units=m"


def to_grid(geometry: BaseGeometry, crs: str = GRID) -> BaseGeometry:
    """Return a WGS 84 geometry (longitude first, degrees) in a grid, metres."""
    return shapely.transform(geometry, lambda xy: _to_grid(xy, crs))


def from_grid(
    easting: np.ndarray, northing: np.ndarray, crs: str = GRID
) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes (WGS 84, degrees) of grid coordinates in metres."""
    lon, lat = _transformer(crs).transform(easting, northing, direction="INVERSE")
    return np.asarray(lon), np.asarray(lat)


def _to_grid(coordinates: np.ndarray, crs: str) -> np.ndarray:
    return np.column_stack(_transformer(crs).transform(coordinates[:, 0], coordinates[:, 1]))


@cache
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
