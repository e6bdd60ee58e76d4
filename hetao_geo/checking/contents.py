"""From a file to its features, faults and candidates, layer by layer."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo import geojson
from hetao_geo.catalog import Feature
from hetao_geo.checking import CheckedFile, shapes
from hetao_geo.checking.crs_ranking import SURE, RankedCrs, distance, rank_crs
from hetao_geo.checking.rows import Row, rows_of
from hetao_geo.checking.shapes import Pieces
from hetao_geo.geojson import Faults, Limits
from hetao_geo.reading import (
    LAYERED,
    Source,
    Unreadable,
    choose,
    coordinates,
    declared_crs,
    declared_datum,
    documents,
    format_of,
    layers,
    open_file,
)
from hetao_geo.reading.coordinates import WGS84


@dataclass(frozen=True)
class Options:
    """How a file is to be read; see `hetao_geo.checking.read`."""

    assume: str | None = None
    limits: Limits = field(default_factory=Limits)
    layer: str | None = None
    encoding: str | None = None
    every: bool = False
    """Every layer, and not the one that was chosen."""


@dataclass
class _Contents:
    """Pieces with the coordinates of the file, and who they belong to."""

    pieces: Pieces
    ids: Sequence[str | int | float | None]
    properties: list[dict[str, Any]]
    types: Counter[str]
    declared_crs: str | None
    datums: Counter[str]


def read(path: str | os.PathLike[str], options: Options) -> Iterator[CheckedFile]:
    """Give what `hetao_geo.checking.read` says of each layer, or of the one that was chosen."""
    faults = Faults()
    taken = coordinates.find(options.assume).name if options.assume else None
    kind = "unknown"
    try:
        kind = format_of(path, options.limits)
        if kind in ("geojson", "geojsonseq"):
            document = documents.parse(path, kind, faults, options.limits, options.encoding)
            contents = _from_json(document, faults, options.limits)
            yield _result(path, kind, contents, taken, faults)
            return
        for layer in _layers(path, options):
            faults = Faults()
            source = open_file(path, layer=layer, encoding=options.encoding, limits=options.limits)
            contents = _from_source(source, faults, options)
            shown = layer if kind in LAYERED else None
            several = layer if len(source.layers) > 1 else None
            yield _result(path, kind, contents, taken, faults, shown, several)
    except Unreadable as error:
        faults.add(
            error.code, error.place, expected=error.expected, found=error.found, hint=error.hint
        )
        yield _checked(os.fspath(path), kind, taken or WGS84, faults)


def _layers(path: str | os.PathLike[str], options: Options) -> tuple[str, ...]:
    if options.every:
        return tuple(name for name, _ in layers(path, options.limits))
    return (choose(layers(path, options.limits), options.layer, path),)


def _result(
    path: str | os.PathLike[str],
    kind: str,
    contents: _Contents | None,
    taken: str | None,
    faults: Faults,
    layer: str | None = None,
    several: str | None = None,
) -> CheckedFile:
    name = os.fspath(path)
    if contents is None:
        return _checked(name, kind, taken or WGS84, faults, layer=layer)
    if not taken:
        declared_datum.note(contents.datums, name, faults)
    crs = taken or declared_datum.only(contents.datums) or contents.declared_crs or WGS84
    features = _evaluate(contents, crs, faults)
    ranked = rank_crs(contents.pieces.polygons, crs, name, several)
    _note_other_crs(ranked, crs, faults)
    distance_m = None if ranked else distance(contents.pieces.polygons, crs)
    _note_absence(contents, faults)
    return _checked(name, kind, crs, faults, features, ranked, distance_m, layer)


def _checked(
    name: str,
    kind: str,
    crs: str,
    faults: Faults,
    features: tuple[Feature, ...] = (),
    ranked: tuple[RankedCrs, ...] = (),
    distance_m: float | None = None,
    layer: str | None = None,
) -> CheckedFile:
    readable, omitted = not faults.fatal, faults.omitted
    return CheckedFile(
        name, kind, crs, features, tuple(faults), ranked, distance_m, readable, omitted, layer
    )


def _from_json(document: Any, faults: Faults, limits: Limits) -> _Contents | None:
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
    crs = old_crs(found.crs, faults) if found.crs is not None else WGS84
    if crs == WGS84 and not any(fault.severity == "error" for fault in faults):
        _check_latitudes(document, faults)
    datums = declared_datum.find(declared_datum.objects(document))
    if crs is None and not datums:
        crs = WGS84
    return _Contents(pieces, found.ids, found.properties, found.types, crs, datums)


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
    try:
        named = declared_crs.of_geojson(value)
    except declared_crs.UnknownCrsError as error:
        place = str(error)
        expected = "type and properties" if place == "$.crs" else "a string"
        key = place.rpartition(".")[2]
        held = value if place == "$.crs" else value["properties"].get(key)
        faults.add("bad-crs", place, expected=expected, found=geojson.show(held))
        return WGS84
    shown = named[1] if named else None
    faults.add("old-crs", "$.crs", expected="no crs member", found=geojson.show(shown))
    if named is None:
        return WGS84
    crs, unknown = declared_crs.or_unknown(named[0])
    if unknown:
        faults.add("unknown-crs", "$.crs", found=unknown)
    return crs


def _from_source(source: Source, faults: Faults, options: Options) -> _Contents | None:
    rows: list[Row] = []
    for number, part in enumerate(rows_of(source, faults, options.limits)):
        if number == 0:
            for sentence in source.warnings:
                faults.add("as-read", found=sentence)
        rows += part
    if faults.fatal:
        return None
    polygons: list[Any] = []
    owners: list[int] = []
    types: Counter[str] = Counter()
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
    held = [row.properties for row in rows]
    datums = declared_datum.find(held)
    if source.unknown_crs and not datums and not options.assume:
        faults.add("unknown-crs", found=source.unknown_crs)
    ids = [row.identity for row in rows]
    return _Contents(pieces, ids, held, types, source.declared_crs, datums)


def _polygons_of(row: Row, index: int, types: Counter[str], faults: Faults) -> list[Any]:
    if row.geometry is None:
        if not row.faulty:
            faults.add("null-geometry", row.path, feature=index)
        return []
    parts = shapely.get_parts(shapely.force_2d(row.geometry))
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
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
    candidate = coordinates.find(crs)
    moved = raw.polygons
    if candidate.name != WGS84:
        moved, sound = coordinates.move(raw.polygons, candidate.to_wgs84)
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
