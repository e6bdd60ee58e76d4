"""Repair what has one right answer, and say what moved and how the area changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from hetao_geo import geojson
from hetao_geo.area.shapes import long_steps
from hetao_geo.checking.conversion import load, move
from hetao_geo.checking.rounding import decimals_for
from hetao_geo.checking.shapes import are_valid
from hetao_geo.geojson import Faults, Limits
from hetao_geo.geojson.coordinates import Ring, check
from hetao_geo.reading import coordinates, declared_datum
from hetao_geo.reading.coordinates import LARGEST

# As in the rule 'excessive-precision'.
_DECIMALS = 7


@dataclass(frozen=True)
class Change:
    """One thing that was repaired."""

    code: str
    """Code of the fault."""
    path: str
    """JSONPath of the geometry."""
    count: int = 1
    """How many positions or rings of it."""
    area_before_m2: float | None = None
    """Area between the rings as they stood (crossing parts cancel), where the shape changed."""
    area_after_m2: float | None = None
    """Area of the repaired shape."""
    moved_m: float | None = None
    """Greatest distance of the old outline from the new one (Hausdorff)."""

    def as_dict(self) -> dict[str, Any]:
        """Return the members as a JSON object."""
        return dict(vars(self))


def repair(
    path: str | os.PathLike[str],
    *,
    limits: Limits | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    assume: str | None = None,
) -> tuple[str, tuple[Change, ...]]:
    """Return a file as repaired GeoJSON text, and every change.

    Mended are winding, closing, duplicate vertices, precision, and invalid polygons: each by GEOS
    ``make_valid`` (every line of it stays), polygons of one feature that overlap by their union.
    The file itself is not touched. Positions of GeoJSON stay in their place; those of another
    format move to WGS 84 from the CRS that the file declares, or that was assumed.

    Raises
    ------
    PolygonsError
        The file is not JSON, or has numbers that no text can hold.
    DataError
        The file cannot be read.
    """
    # Syntax has no one right answer: which of two keys, which number, which character.
    loaded = load(
        path, limits or Limits(), structure=False, crs=not assume, layer=layer, encoding=encoding
    )
    document = loaded.document
    if loaded.crs is not None:
        _to_wgs84(document, assume, loaded.crs)
    work = _Mending()
    # Numbers near the largest double overflow on the way and make no polygon.
    with np.errstate(all="ignore"):
        for geometry, where in _geometries(document, "$"):
            work.geometry(geometry, where)
    return geojson.document(document), tuple(work.changes)


def _to_wgs84(document: Any, assume: str | None, declared: str) -> None:
    """Move the rows of a file that is no GeoJSON; a declared datum waits to be assumed."""
    if not assume and declared_datum.find(declared_datum.objects(document)):
        return
    candidate = coordinates.find(assume or declared)
    if candidate.name != coordinates.WGS84:
        move(document, candidate.to_wgs84, candidate.title, coordinates.WGS84)


def _geometries(value: Any, path: str) -> list[tuple[dict[str, Any], str]]:
    """Return the polygons of a document that may have other faults, and where they are."""
    if not isinstance(value, dict):
        return []
    found = []
    if value.get("type") in ("Polygon", "MultiPolygon"):
        found.append((value, path))
    for member in ("features", "geometries"):
        held = value.get(member)
        for i, item in enumerate(held if isinstance(held, list) else ()):
            found += _geometries(item, f"{path}.{member}[{i}]")
    return found + _geometries(value.get("geometry"), f"{path}.geometry")


class _Mending:
    def __init__(self) -> None:
        self.changes: list[Change] = []

    def note(self, code: str, path: str, count: int) -> None:
        if count:
            self.changes.append(Change(code, path, count))

    def geometry(self, value: dict[str, Any], path: str) -> None:
        """Repair one Polygon or MultiPolygon in place, if every ring of it can be drawn."""
        single, held = value["type"] == "Polygon", value.get("coordinates")
        drawn = check(value["type"], held, path, Faults().add)
        if not drawn or (not single and len(drawn) < sum(map(bool, held or ()))):
            return
        polygons = [[list(ring) for ring in rings] for _, rings in drawn]
        rings = [ring for polygon in polygons for ring in polygon]
        self.note("unclosed-ring", path, sum(_close(ring) for ring in rings))
        self.note("excessive-precision", path, sum(_round(ring) for ring in rings))
        self.note("duplicate-vertex", path, sum(_dedupe(ring) for ring in rings))
        fixed = self.valid(polygons, path)
        turned = sum(_turn(ring, i > 0) for polygon in fixed for i, ring in enumerate(polygon))
        if fixed is polygons:  # a polygon drawn anew has no old direction
            self.note("winding", path, turned)
        value["type"] = "Polygon" if single and len(fixed) == 1 else "MultiPolygon"
        value["coordinates"] = fixed[0] if value["type"] == "Polygon" else fixed

    def valid(self, polygons: list[list[Ring]], path: str) -> list[list[Ring]]:
        drawn = [_draw(polygon) for polygon in polygons]
        whole = drawn[0] if len(drawn) == 1 else shapely.multipolygons(drawn)
        if are_valid(np.array([whole]))[0]:
            return polygons
        parts = _valid_parts(drawn)
        if not parts:
            return polygons
        result = shapely.multipolygons(parts)
        self.changes.append(
            Change(
                "invalid-geometry",
                path,
                len(parts),
                _area(drawn),
                _area(parts),
                round(float(shapely.hausdorff_distance(_metric(whole), _metric(result))), 3),
            )
        )
        return [_rings(part) for part in parts]


def _valid_parts(polygons: list[Any]) -> list[Any]:
    """Return valid polygons of the same lines; none where GEOS finds no way."""
    if not np.abs(shapely.total_bounds(polygons)).max() < LARGEST:
        return []
    try:
        made = shapely.get_parts(shapely.make_valid(polygons))
        parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
        if parts and not shapely.is_valid(shapely.multipolygons(parts)):
            parts = list(shapely.get_parts(shapely.union_all(parts)))
    except shapely.errors.GEOSException:
        return []
    return [part for part in parts if not part.is_empty]


def _close(ring: Ring) -> bool:
    if ring[0] == ring[-1]:
        return False
    # Two heights of one place close the ring on the map, but not for RFC 7946.
    if ring[0][:2] == ring[-1][:2]:
        ring.pop()
    ring.append(list(ring[0]))
    return True


def _round(ring: Ring) -> int:
    changed = 0
    decimals = decimals_for(np.array([p[:2] for p in ring], np.float64), _DECIMALS)
    for i, (x, y, *rest) in enumerate(ring):
        near = [round(v, decimals) if abs(v) <= 180 else v for v in (x, y)]
        changed += near != [x, y]
        ring[i] = [*near, *rest]
    return changed


def _dedupe(ring: Ring) -> int:
    kept = [p for i, p in enumerate(ring) if i == 0 or p[:2] != ring[i - 1][:2]]
    dropped = len(ring) - len(kept)
    if not dropped or len(kept) < 4:
        return 0
    ring[:] = kept
    return dropped


def _turn(ring: Ring, hole: bool) -> bool:
    line = _line(ring)
    xy = shapely.get_coordinates(line)
    if long_steps(xy, np.zeros(len(xy), dtype=np.int64)).any():  # see the rule 'antimeridian'
        return False
    wrong = bool(shapely.is_ccw(line)) == hole and shapely.area(shapely.polygons(line)) > 0
    if wrong:
        ring.reverse()
    return wrong


def _line(ring: Ring) -> Any:
    # Integers beyond 64 bits are JSON, and would make numpy an array of objects.
    return shapely.linearrings(np.array([p[:2] for p in ring], dtype=np.float64))


def _draw(rings: list[Ring]) -> Any:
    flat = [_line(ring) for ring in rings]
    return shapely.polygons(flat[0], holes=flat[1:] or None)


def _rings(polygon: Any) -> list[Ring]:
    return [
        [[float(x), float(y)] for x, y in shapely.get_coordinates(ring)]
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _area(polygons: list[Any]) -> float:
    """Return square metres on the ellipsoid; where coordinates are no degrees, of the plane."""
    west, south, east, north = shapely.total_bounds(polygons)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return round(float(sum(shapely.area(polygons))), 1)
    import pyproj

    measure = pyproj.Geod(ellps="WGS84").geometry_area_perimeter
    return round(sum(abs(measure(shapely.geometry.polygon.orient(p))[0]) for p in polygons), 1)


def _metric(geometry: Any) -> Any:
    """Return degrees as metres on a local plane; other coordinates as they are."""
    west, south, east, north = shapely.bounds(geometry)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return geometry
    scale = np.array([111_320 * np.cos(np.radians((south + north) / 2)), 110_740.0])
    return shapely.transform(geometry, lambda xy: xy * scale)
