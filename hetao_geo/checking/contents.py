"""From the bytes of a file to its features, faults and candidates."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo import geojson
from hetao_geo.catalog import Feature
from hetao_geo.checking import (
    CheckedFile,
    geopackage,
    shapefile,
    shapes,
    source,
)
from hetao_geo.checking.crs_ranking import SURE, RankedCrs, distance, rank_crs
from hetao_geo.checking.layer import WGS84, Layer, Row, find_crs
from hetao_geo.checking.shapes import Pieces
from hetao_geo.geojson import Faults, Limits
from hetao_geo.reading import coordinates as crs_candidates
from hetao_geo.reading import declared_datum


@dataclass
class _Contents:
    """Pieces with the coordinates of the file, and who they belong to."""

    pieces: Pieces
    ids: list[str | int | float | None]
    properties: list[dict[str, Any]]
    types: Counter[str]
    declared_crs: str | None
    datums: Counter[str]


def read(path: str | os.PathLike[str], *, assume: str | None, limits: Limits) -> CheckedFile:
    """Do what `hetao_geo.checking.read` says."""
    taken = crs_candidates.find(assume).name if assume else None
    faults = Faults()
    data = source.load(path, faults, limits)
    kind = source.kind(data or b"")
    found = _contents(data, kind, faults, limits) if data is not None else None
    name = os.fspath(path)
    if found is None:
        return _checked(name, kind, taken or WGS84, faults)
    if not taken:
        if not found.datums:
            _note_unknown_crs(found, faults)
        declared_datum.note(found.datums, name, faults)
    crs = taken or declared_datum.only(found.datums) or found.declared_crs or WGS84
    features = _evaluate(found, crs, faults)
    ranked = rank_crs(found.pieces.polygons, crs, name)
    _note_other_crs(ranked, crs, faults)
    distance_m = None if ranked else distance(found.pieces.polygons, crs)
    _note_absence(found, faults)
    return _checked(name, kind, crs, faults, features, ranked, distance_m)


def _checked(
    name: str,
    kind: str,
    crs: str,
    faults: Faults,
    features: tuple[Feature, ...] = (),
    ranked: tuple[RankedCrs, ...] = (),
    distance_m: float | None = None,
) -> CheckedFile:
    readable, omitted = not faults.fatal, faults.omitted
    return CheckedFile(
        name, kind, crs, features, tuple(faults), ranked, distance_m, readable, omitted
    )


def _contents(data: bytes, kind: str, faults: Faults, limits: Limits) -> _Contents | None:
    if kind == "geojson":
        return _from_json(data, faults, limits)
    reader = geopackage.read if kind == "geopackage" else shapefile.read
    return _from_layers(reader(data, faults, limits), faults)


def _from_json(data: bytes, faults: Faults, limits: Limits) -> _Contents | None:
    document = geojson.parse(data, faults, limits)
    if document is None and faults.fatal:
        return None
    found = geojson.read(document, faults)
    vertices = sum(len(ring) for part in found.parts for ring in part.rings)
    if vertices > limits.vertices:
        faults.add(
            "too-many-vertices", expected=f"at most {limits.vertices:,}", found=f"{vertices:,}"
        )
        return None
    pieces = Pieces(
        build([part.rings for part in found.parts]),
        np.array([part.feature for part in found.parts], dtype=np.intp),
        [part.path for part in found.parts],
        json=True,
    )
    declared_crs = old_crs(found.crs, faults) if found.crs is not None else WGS84
    if declared_crs == WGS84 and not any(fault.severity == "error" for fault in faults):
        _check_latitudes(document, faults)
    datums = declared_datum.find(declared_datum.objects(document))
    return _Contents(pieces, found.ids, found.properties, found.types, declared_crs, datums)


def _check_latitudes(document: Any, faults: Faults) -> None:
    """Check the latitudes of a sound document where `shapes` does not: of points and lines."""
    for number, top in enumerate(document.get("features", [document])):
        for geometry in geojson.geometries(top):
            if geometry["type"] not in ("Polygon", "MultiPolygon"):
                high = [p for p in geojson.positions(geometry) if abs(p[1]) > 90]
                if high:
                    found = f"{high[0]}, {len(high)} such in a {geometry['type']}"
                    faults.add("latitude-range", feature=number, found=found)


def build(polygons: list[list[list[list[float]]]]) -> NDArray[np.object_]:
    """Return shapely polygons from positions by ring; open rings are closed, heights dropped."""
    rings = [ring for polygon in polygons for ring in polygon]
    if not rings:
        return np.empty(0, dtype=object)
    counts = [len(ring) for ring in rings]
    flat = chain.from_iterable(chain.from_iterable(p[:2] for p in ring) for ring in rings)
    xy = np.fromiter(flat, dtype=np.float64, count=2 * sum(counts)).reshape(-1, 2)
    drawn = shapely.linearrings(xy, indices=np.repeat(np.arange(len(rings)), counts))
    owner = np.repeat(np.arange(len(polygons)), [len(polygon) for polygon in polygons])
    return np.asarray(shapely.polygons(drawn, indices=owner))


def old_crs(value: Any, faults: Faults) -> str | None:
    """Return what the member ``crs`` of the specification of 2008 names."""
    named = value.get("properties") if isinstance(value, dict) else None
    if not isinstance(named, dict) or not isinstance(value.get("type"), str):
        faults.add("bad-crs", "$.crs", expected="type and properties", found=geojson.show(value))
        return WGS84
    name = named.get("name", named.get("code"))
    member = {"name": "name", "link": "href"}.get(value["type"])
    if member and not isinstance(named.get(member), str):
        where, found = f"$.crs.properties.{member}", geojson.show(named.get(member))
        faults.add("bad-crs", where, expected="a string", found=found)
        return WGS84
    faults.add("old-crs", "$.crs", expected="no crs member", found=geojson.show(name))
    if name is None:
        return WGS84
    # The draft before 2008 wrote {"type": "EPSG", "properties": {"code": 4326}}.
    return find_crs(f"EPSG:{name}" if value["type"] == "EPSG" else str(name), "$.crs", faults)


def _from_layers(layers: list[Layer], faults: Faults) -> _Contents | None:
    if faults.fatal:
        return None
    rows = [row for layer in layers for row in layer.rows]
    declared = {layer.crs for layer in layers if layer.rows}
    polygons, owners, types = [], [], Counter[str]()
    for index, row in enumerate(rows):
        parts = _polygons_of(row, index, types, faults)
        polygons += parts
        owners += [index] * len(parts)
    pieces = Pieces(
        np.array(polygons, dtype=object),
        np.array(owners, dtype=np.intp),
        [rows[i].path for i in owners],
        json=False,
    )
    declared_crs = declared.pop() if len(declared) == 1 else None
    held = [row.properties for row in rows]
    datums = declared_datum.find(held)
    return _Contents(pieces, [row.identity for row in rows], held, types, declared_crs, datums)


def _polygons_of(row: Row, index: int, types: Counter[str], faults: Faults) -> list[Any]:
    if row.geometry is None:
        faults.add("null-geometry", row.path, feature=index)
        return []
    parts = shapely.get_parts(shapely.force_2d(row.geometry))
    if row.geometry.geom_type == "GeometryCollection":
        parts = shapely.get_parts(parts)
    for part in parts:
        types[part.geom_type] += 1
    if not len(parts) or row.geometry.is_empty:
        faults.add("empty-geometry", row.path, feature=index, found=row.geometry.geom_type)
        types["Polygon"] += row.geometry.geom_type in ("Polygon", "MultiPolygon")
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _evaluate(found: _Contents, crs: str, faults: Faults) -> tuple[Feature, ...]:
    """Move the pieces to WGS 84, check them there, and make features of them."""
    raw = found.pieces
    if not len(raw.polygons):
        return ()
    candidate = crs_candidates.find(crs)
    moved = raw.polygons
    if candidate.name != WGS84:
        moved, sound = crs_candidates.move(raw.polygons, candidate.to_wgs84)
        for i in np.flatnonzero(~sound).tolist():
            feature = int(raw.features[i])
            faults.add("misplaced", raw.paths[i], feature=feature, expected=candidate.title)
    pieces = Pieces(moved, raw.features, raw.paths, raw.json)
    shapes.check(pieces, faults, precision=candidate.name == WGS84)
    whole, index = shapes.assemble(pieces)
    return tuple(
        Feature(_name(found.ids[i], i), geometry, found.properties[i])
        for geometry, i in zip(whole, index.tolist(), strict=True)
    )


def _name(identity: str | int | float | None, index: int) -> str:
    return f"feature-{index}" if identity is None else str(identity)


def _note_unknown_crs(found: _Contents, faults: Faults) -> None:
    if found.declared_crs is None and found.ids and not faults.counts.get("unknown-crs"):
        faults.add("unknown-crs", expected="one coordinate system", found="none, or several")


def _note_other_crs(ranked: tuple[RankedCrs, ...], crs: str, faults: Faults) -> None:
    if not ranked or ranked[0].crs == crs or ranked[0].confidence < SURE:
        return
    best = ranked[0]
    found = f"{best.title} ({best.crs}), confidence {best.confidence:.2f}"
    faults.add("other-crs", expected=crs, found=found, hint=best.command)


def _note_absence(found: _Contents, faults: Faults) -> None:
    """Note geometries that are left out; a sound file without polygons has no other fault."""
    kinds = {k: n for k, n in found.types.items() if n}
    others = {k: n for k, n in kinds.items() if k not in ("Polygon", "MultiPolygon")}
    listed = ", ".join(f"{n} {k}" for k, n in sorted(others.items())) or "no geometry"
    if len(others) < len(kinds):
        if others:
            faults.add("mixed-types", expected="polygons only", found=listed)
    elif not any(fault.severity == "error" for fault in faults):
        faults.clear()
        faults.counts.clear()
        faults.add("no-polygons", expected="Polygon or MultiPolygon", found=listed)
