"""The layout: its width, type sizes and words, and the frame that maps the ground to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from hetao_geo import style
from hetao_geo.errors import UsageError
from hetao_geo.figure.fonts import Face
from hetao_geo.figure.typesetting import Type

POINTS_PER_MM = 72 / 25.4
_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4}
# Below 80 mm not all names of crossings fit; 1,189 mm is the long side of A0.
NARROWEST, WIDEST = 80.0, 1189.0

# Font sizes in points on a layout of 170 mm, by use.
_SIZES = {"title": 13.0, "park": 9.0, "name": 7.0, "small": 6.4, "body": 7.2, "tick": 5.6}
_SMALLEST = 4.8
GRID = "EPSG:2326"
"""Hong Kong 1980 Grid, the projection of the figure."""


def millimetres(length: str | float) -> float:
    """Return a width in millimetres.

    Parameters
    ----------
    length : str or float
        Such as ``170mm``, ``17 cm`` or ``6.7in``; a bare number is in millimetres.

    Raises
    ------
    UsageError
        Not a length, or not between 80 mm and 1,189 mm.

    Examples
    --------
    >>> millimetres("8.5cm")
    85.0
    """
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{0,6})?)\s*(mm|cm|in|)\s*", str(length))
    width = float(match[1]) * _UNITS[match[2] or "mm"] if match else float("nan")
    if NARROWEST <= width <= WIDEST:
        return width
    raise UsageError(
        "unusable width",
        where="--width",
        expected=f"{NARROWEST:g}mm to {WIDEST:g}mm, as mm, cm or in",
        found=repr(length),
        hint="a column is about 85mm, a page 170mm",
    )


@dataclass(frozen=True)
class Layout:
    """What every part of the figure needs to know."""

    language: str
    """One of `hetao_geo.text.LANGUAGES`."""
    width: float
    """Width in points."""
    face: Face
    """The typeface."""

    @cached_property
    def scale(self) -> float:
        """Type and line weights against those of a layout of 170 mm."""
        return float(np.clip((self.width / (170 * POINTS_PER_MM)) ** 0.4, 0.7, 2.2))

    @property
    def pixel(self) -> float:
        """Points to a CSS pixel of ``style.toml``: lighter than on a screen (0.75)."""
        return 0.6 * self.scale

    def size(self, use: str) -> float:
        """Return a font size in points by use: title, park, name, small, body, tick."""
        return max(_SMALLEST, _SIZES[use] * self.scale)

    def type(self, use: str, colour: str | None = None, *, bold: bool = False) -> Type:
        """Return how text of one use is set; the ground's text colour by default."""
        return Type(self.size(use), colour or style.ground()["text"], bold)


@dataclass(frozen=True)
class Frame:
    """The window of the map: a rectangle of the Hong Kong 1980 Grid and its place on the layout."""

    west: float
    """Easting of the left edge in metres."""
    south: float
    """Northing of the lower edge in metres."""
    ground_width: float
    """Width on the ground in metres."""
    ground_height: float
    """Height on the ground in metres."""
    left: float
    """Left edge on the layout in points."""
    bottom: float
    """Lower edge on the layout in points."""
    width: float
    """Width on the layout in points."""

    @property
    def points_per_metre(self) -> float:
        """Scale of the map."""
        return self.width / self.ground_width

    @property
    def box(self) -> Polygon:
        """The rectangle on the layout in points."""
        height = self.ground_height * self.points_per_metre
        return box(self.left, self.bottom, self.left + self.width, self.bottom + height)

    def from_grid(self, coordinates: np.ndarray) -> np.ndarray:
        """Return eastings and northings, an array (n, 2) in metres, as points on the layout."""
        corner, page = np.array([self.west, self.south]), np.array([self.left, self.bottom])
        return np.asarray((coordinates - corner) * self.points_per_metre + page)

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a WGS 84 geometry (longitude first, degrees) in points on the layout."""
        return shapely.transform(geometry, lambda xy: self.from_grid(_to_grid(xy)))


def to_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Return a WGS 84 geometry (longitude first, degrees) in the Hong Kong 1980 Grid, metres."""
    return shapely.transform(geometry, _to_grid)


def from_grid(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes (WGS 84, degrees) of grid coordinates in metres."""
    lon, lat = _transformer().transform(easting, northing, direction="INVERSE")
    return np.asarray(lon), np.asarray(lat)


def _to_grid(coordinates: np.ndarray) -> np.ndarray:
    return np.column_stack(_transformer().transform(coordinates[:, 0], coordinates[:, 1]))


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs("EPSG:4326", GRID, always_xy=True)
