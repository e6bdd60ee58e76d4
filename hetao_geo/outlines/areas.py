"""The areas that points are compared with: outlines in metres, and the limits that make them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import shapely

from hetao_geo import catalog
from hetao_geo.crs import DEFAULT, System, recommend, require_projected
from hetao_geo.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


class PolygonFeature(Protocol):
    """A polygon with an id and properties; `hetao_geo.catalog.Feature` is one."""

    @property
    def id(self) -> str:
        """Name of the polygon."""

    @property
    def geometry(self) -> shapely.Geometry:
        """Polygon or MultiPolygon, WGS 84, longitude first, degrees."""

    @property
    def properties(self) -> Mapping[str, object]:
        """Fields; ``sides`` and ``accuracy_m`` are used where present."""


@dataclass(frozen=True)
class Limit:
    """A stretch of an outline that rests on one piece of evidence."""

    names: Mapping[str, str]
    """What the limit is, by language: ``Huanggang Road``; empty where nobody says."""
    accuracy_m: float
    """Standard error of its position across the line, metres; 0 where it is not known."""
    evidence: str
    """What the position rests on."""

    def name(self, language: str) -> str:
        """Return what it is in a language, else in English, else an empty string."""
        return self.names.get(language) or self.names.get("en", "")


@dataclass(frozen=True, eq=False)
class Areas:
    """Polygons in a plane, and their edges.

    Attributes
    ----------
    system : System
        The projected CRS of the plane.
    ids : tuple of str
        One for each polygon.
    polygons : ndarray of shapely geometries of shape (areas,)
        Easting and northing, metres.
    limits : tuple of Limit
        All stretches of all outlines.
    edges : ndarray of shape (edges, 4)
        x and y of both ends, metres, the edges of one area one after the other.
    edge_limit : ndarray of int of shape (edges,)
        Which of `limits` an edge belongs to.
    first_edge : ndarray of int of shape (areas + 1,)
        Where the edges of each area begin.
    """

    system: System
    ids: tuple[str, ...]
    polygons: NDArray[np.object_]
    limits: tuple[Limit, ...]
    edges: Floats
    edge_limit: NDArray[np.int64]
    first_edge: NDArray[np.int64]

    @property
    def accuracy_m(self) -> Floats:
        """Accuracy of each limit, metres."""
        return np.array([limit.accuracy_m for limit in self.limits], float)

    def project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return easting and northing in metres; infinite where there is no image."""
        x, y = self.system.project_any(lon, lat)
        return x * self.system.metres, y * self.system.metres


def make_areas(
    features: Iterable[PolygonFeature],
    *,
    crs: str | System | None = None,
    accuracy_m: float = 0.0,
) -> Areas:
    """Return the areas of some polygons.

    Parameters
    ----------
    features : iterable of features
        Polygons in WGS 84, degrees, longitude first. The property ``sides`` (as in our own
        layers) names the stretches of the exterior ring; without it the whole outline is one
        limit with the accuracy of the property ``accuracy_m``.
    crs : str or System, optional
        Projected CRS to measure distances in; by default one that suits the place.
    accuracy_m : float
        Accuracy of outlines that do not state one, metres.

    Raises
    ------
    DataError
        There are no polygons.
    """
    rows = list(features)
    if not rows:
        raise DataError("no polygons to compare with", expected="at least one polygon")
    shapes = np.array([row.geometry for row in rows], dtype=object)
    system = require_projected(crs) if crs else recommend(shapely.total_bounds(shapes)).system
    flat = shapely.transform(
        shapes,
        lambda lonlat: np.column_stack(system.project(*lonlat.T)) * system.metres,
    )
    limits: list[Limit] = []
    edges, owners = [], []
    for row, polygon in zip(rows, flat, strict=True):
        drawn = _edges(polygon)
        owners.append(_owners(row, len(drawn), limits, accuracy_m))
        edges.append(drawn)
    return Areas(
        system=system,
        ids=tuple(row.id for row in rows),
        polygons=np.asarray(flat, dtype=object),
        limits=tuple(limits),
        edges=np.concatenate(edges),
        edge_limit=np.concatenate(owners),
        first_edge=np.cumsum([0, *(len(drawn) for drawn in edges)]),
    )


def zone_areas() -> Areas:
    """Return both parks, each limit with the accuracy of its own evidence."""
    return make_areas(catalog.features("parks"), crs=DEFAULT)


def stated_accuracy(row: PolygonFeature, otherwise: float) -> float:
    """Return the accuracy of a whole outline, metres: as it states it, else as given."""
    stated = row.properties.get("accuracy_m")
    return float(stated) if isinstance(stated, int | float) and stated > 0 else otherwise


def _edges(polygon: shapely.Geometry) -> Floats:
    """Return both ends of every edge, exterior ring of the first polygon first."""
    rings = shapely.get_rings(shapely.get_parts(polygon))
    points = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.column_stack([xy[:-1], xy[1:]]) for xy in points])


def _owners(
    row: PolygonFeature, count: int, limits: list[Limit], accuracy_m: float
) -> NDArray[np.int64]:
    """Add the limits of a polygon to `limits`; return which of them each edge belongs to."""
    owners = np.full(count, -1)
    for side in _sides(row):
        first, last = side["line"]
        owners[first:last] = len(limits)
        limits.append(_limit(side))
    if (owners < 0).any():
        owners[owners < 0] = len(limits)
        limits.append(Limit({}, stated_accuracy(row, accuracy_m), ""))
    return owners


def _sides(row: PolygonFeature) -> list[dict[str, Any]]:
    """Return the stretches of the outline; containers other than GeoJSON hold them as text."""
    sides = row.properties.get("sides")
    if isinstance(sides, str):
        with suppress(ValueError):
            sides = json.loads(sides)
    if not isinstance(sides, list):
        return []
    return [side for side in sides if isinstance(side, dict) and "line" in side]


def _limit(side: dict[str, Any]) -> Limit:
    keys = {"en": "limit", "zh-Hans": "limit_zh_hans", "zh-Hant": "limit_zh_hant"}
    names = {code: str(side[key]) for code, key in keys.items() if side.get(key)}
    return Limit(names, float(side.get("accuracy_m") or 0), str(side.get("basis") or ""))
