"""A whole file, every geometry of it, from one datum or CRS to another."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from hetao_geo import geojson
from hetao_geo.checking import CheckedFile, PolygonsError
from hetao_geo.checking.rounding import decimals_for, rings
from hetao_geo.checking.rows import Row, rows_of
from hetao_geo.errors import DataError, UsageError
from hetao_geo.geojson import Faults, Limits
from hetao_geo.reading import (
    Source,
    Unreadable,
    coordinates,
    declared_datum,
    documents,
    format_of,
    layers,
    open_file,
)
from hetao_geo.reading.coordinates import WGS84
from hetao_geo.reading.model import NO_CRS

# 7 decimals of a degree are 11 mm, 3 of a metre 1 mm.
_DEGREE_DECIMALS, _METRE_DECIMALS = 7, 3


def convert(
    path: str | os.PathLike[str],
    source_name: str,
    target_name: str,
    *,
    limits: Limits | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    tell: Callable[[str], object] | None = None,
) -> str:
    """Return a file as GeoJSON text with every position moved.

    Parameters
    ----------
    path : path
        As in `hetao_geo.checking.read`.
    source_name, target_name : str
        What the coordinates are and shall be: ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:2326``, ...;
        the source also ``wgs84-swapped``, ``dms`` and the like.
    limits, layer, encoding
        As in `hetao_geo.checking.read`.
    tell : callable, optional
        Takes each sentence on what was left out or made straight while the file was read.

    Returns
    -------
    str
        Other members stay as they are; ``bbox``, ``crs`` and ``datum`` go. Away from WGS 84 the
        text is no RFC 7946 and says so: by ``datum`` for ``gcj02`` and ``bd09``, else by ``crs``.

    Raises
    ------
    PolygonsError
        The file has errors of structure, or a geometry that cannot be moved.
    DataError
        The file cannot be read, or a position cannot be converted.
    UsageError
        A name is unknown, the file declares another datum than `source_name`, or it has several
        layers and none was chosen.
    """
    candidate = coordinates.find(source_name)
    from_wgs84 = coordinates.from_wgs84(target_name)
    target = coordinates.find(target_name).name
    loaded = load(path, limits or Limits(), layer=layer, encoding=encoding)
    document = loaded.document
    if tell is not None:
        for sentence in loaded.warnings:
            tell(sentence)
    declared = declared_datum.find(declared_datum.objects(document))
    declared_datum.refuse_other(
        declared, candidate.name.removesuffix(coordinates.SWAPPED), os.fspath(path)
    )
    move(document, lambda xy: from_wgs84(candidate.to_wgs84(xy)), candidate.title, target)
    return geojson.document(_labelled(document, target))


def move(document: Any, change: coordinates.Change, title: str, target: str) -> None:
    """Move every position of a document in place, and take out what it said of its place.

    Parameters
    ----------
    document : dict
        GeoJSON.
    change : callable
        From rows of x and y to others.
    title : str
        What the positions are, for the error.
    target : str
        What they become, which tells the decimals.
    """
    shapes = [shape for shape in geojson.geometries(document) if shape["coordinates"]]
    held = [list(geojson.positions(shape)) for shape in shapes]
    positions = [position for part in held for position in part]
    if positions:
        with np.errstate(all="ignore"):
            moved = change(np.array([p[:2] for p in positions], dtype=np.float64))
        _refuse_lost(positions, moved, title)
        _write_back(shapes, held, moved, target)
    _strip(document)


@dataclass(frozen=True)
class Loaded:
    """A file as a GeoJSON document, its coordinates as they stand."""

    document: Any
    """A FeatureCollection where the file is no GeoJSON."""
    crs: str | None
    """What the file declares, ``wgs84`` where it names none; None for GeoJSON, which says it
    itself."""
    warnings: tuple[str, ...]
    """What was left out or made straight."""


def load(
    path: str | os.PathLike[str],
    limits: Limits,
    *,
    structure: bool = True,
    crs: bool = False,
    layer: str | None = None,
    encoding: str | None = None,
) -> Loaded:
    """Return a file as a GeoJSON document.

    Parameters
    ----------
    path, limits, layer, encoding
        As in `hetao_geo.checking.read`.
    structure : bool, default True
        Whether errors of structure count, and not of syntax alone.
    crs : bool, default False
        Whether a declared CRS that cannot be read is an error.

    Raises
    ------
    PolygonsError
        The file has errors of syntax or structure, or a geometry that is none.
    DataError
        The file cannot be read.
    UsageError
        It has several layers, of which nothing may get lost, and none was chosen.
    """
    faults = Faults()
    declared, document, kind = None, None, "unknown"
    notes: tuple[str, ...] = ()
    try:
        kind = format_of(path, limits)
        if kind in ("geojson", "geojsonseq"):
            document = documents.parse(path, kind, faults, limits, encoding)
            if not faults.fatal and (structure or not isinstance(document, dict)):
                geojson.read(document, faults)
        else:
            source = _open(path, limits, layer, encoding)
            rows = [row for part in rows_of(source, faults, limits) for row in part]
            document = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
            declared, notes = source.declared_crs or WGS84, source.warnings
            if crs and source.unknown_crs:
                faults.add("unknown-crs", found=source.unknown_crs)
    except Unreadable as error:
        faults.add(
            error.code, error.place, expected=error.expected, found=error.found, hint=error.hint
        )
    errors = tuple(fault for fault in faults if fault.severity == "error")
    if errors:
        found = CheckedFile(os.fspath(path), kind, WGS84, (), tuple(faults), ())
        raise PolygonsError(found, errors)
    if kind not in ("geojson", "geojsonseq"):
        notes += _counted(faults)
    return Loaded(document, declared, tuple(note for note in notes if note != NO_CRS))


def _counted(faults: Faults) -> tuple[str, ...]:
    """Return a sentence on each kind of fault of the rows."""
    first = {fault.code: fault.what for fault in reversed(faults)}
    return tuple(f"{what} (rows: {faults.counts[code]})" for code, what in sorted(first.items()))


def _open(
    path: str | os.PathLike[str], limits: Limits, layer: str | None, encoding: str | None
) -> Source:
    names = [name for name, _ in layers(path, limits)]
    if layer is None and len(names) > 1:
        raise UsageError(
            "which layer",
            where=os.fspath(path),
            expected=f"one of {', '.join(names[:50])}",
            found=f"{len(names)} layers and no choice",
            hint="choose one with --layer; the others do not go into the output",
        )
    return open_file(path, layer=layer or names[0], encoding=encoding, limits=limits)


def _refuse_lost(positions: Sequence[list[float]], moved: Any, title: str) -> None:
    bad = np.flatnonzero(~np.isfinite(moved).all(axis=1))
    if len(bad):
        raise DataError(
            "a position cannot be converted",
            expected=f"coordinates in {title}",
            found=f"{positions[int(bad[0])][:2]}, {len(bad)} of {len(positions)} such",
            hint="see 'hetao-geo check' for what the coordinates are",
        )


def _write_back(
    shapes: Sequence[dict[str, Any]],
    held: Sequence[Sequence[list[float]]],
    moved: Any,
    target: str,
) -> None:
    usual = _DEGREE_DECIMALS if coordinates.is_degrees(target) else _METRE_DECIMALS
    ends = np.cumsum([len(part) for part in held])
    for shape, part, end in zip(shapes, held, ends.tolist(), strict=True):
        xy = moved[end - len(part) : end]
        areal = shape["type"] in ("Polygon", "MultiPolygon")
        decimals = usual
        if areal:
            decimals = max(decimals_for(ring, usual) for ring in rings(shape, xy))
        for position, (x, y) in zip(part, np.round(xy, decimals).tolist(), strict=True):
            position[:2] = [x, y]


def _strip(document: Any) -> None:
    declared_datum.remove(declared_datum.objects(document))
    for item in (document, *document.get("features", ())):
        for member in ("bbox", "crs"):
            item.pop(member, None)
    for feature in (document, *document.get("features", ())):
        if feature.get("geometry"):
            feature["geometry"].pop("bbox", None)
    for geometry in geojson.geometries(document):
        geometry.pop("bbox", None)


def _labelled(document: dict[str, Any], target: str) -> dict[str, Any]:
    if target == WGS84:
        return document
    if target in ("gcj02", "bd09"):
        return {"type": document["type"], "datum": target, **document}
    name = target.replace("EPSG:", "urn:ogc:def:crs:EPSG::")
    crs = {"type": "name", "properties": {"name": name}}
    return {"type": document["type"], "crs": crs, **document}


def _feature(row: Row) -> dict[str, Any]:
    return {
        "type": "Feature",
        **({} if row.identity is None else {"id": row.identity}),
        "properties": row.properties,
        "geometry": None if row.geometry is None else _object(row.geometry),
    }


def _object(geometry: Any) -> Any:
    if geometry.geom_type == "GeometryCollection":
        return {
            "type": "GeometryCollection",
            "geometries": [_object(part) for part in geometry.geoms],
        }
    return {
        "type": geometry.geom_type,
        "coordinates": _lists(shapely.geometry.mapping(geometry)["coordinates"]),
    }


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)
