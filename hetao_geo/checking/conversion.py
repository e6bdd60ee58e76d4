"""A whole file, every geometry of it, from one datum or CRS to another."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import shapely

from hetao_geo import geojson
from hetao_geo.checking import (
    CheckedFile,
    PolygonsError,
    geopackage,
    shapefile,
    source,
)
from hetao_geo.checking.layer import WGS84, Layer, Row
from hetao_geo.errors import DataError
from hetao_geo.geojson import Faults, Limits
from hetao_geo.reading import coordinates as crs_candidates
from hetao_geo.reading import declared_datum

# 7 decimals of a degree are 11 mm, 3 of a metre 1 mm.
_DEGREE_DECIMALS, _METRE_DECIMALS = 7, 3


def convert(
    path: str | os.PathLike[str],
    source_name: str,
    target_name: str,
    *,
    limits: Limits | None = None,
) -> str:
    """Return a file as GeoJSON text with every position moved.

    Parameters
    ----------
    path : path
        As in `hetao_geo.checking.read`.
    source_name, target_name : str
        What the coordinates are and shall be: ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:2326``, ...;
        the source also ``wgs84-swapped``, ``dms`` and the like.
    limits : Limits, optional
        As in `hetao_geo.checking.read`.

    Returns
    -------
    str
        Other members stay as they are; ``bbox``, ``crs`` and ``datum`` go. Away from WGS 84 the
        text is no RFC 7946 and says so: by ``datum`` for ``gcj02`` and ``bd09``, else by ``crs``.

    Raises
    ------
    PolygonsError
        The file has errors of structure.
    DataError
        The file cannot be read, or a position cannot be converted.
    UsageError
        A name is unknown, or the file declares another datum than `source_name`.
    """
    candidate, from_wgs84 = crs_candidates.find(source_name), crs_candidates.from_wgs84(target_name)
    target = crs_candidates.find(target_name).name
    document = load(path, limits or Limits())
    declared = declared_datum.find(declared_datum.objects(document))
    declared_datum.refuse_other(
        declared, candidate.name.removesuffix(crs_candidates.SWAPPED), os.fspath(path)
    )
    shapes = geojson.geometries(document)
    positions = [position for shape in shapes for position in geojson.positions(shape)]
    if positions:
        with np.errstate(all="ignore"):
            moved = from_wgs84(
                candidate.to_wgs84(np.array([p[:2] for p in positions], dtype=np.float64))
            )
        _write_back(positions, moved, candidate.title, target)
    _strip(document)
    return geojson.document(_labelled(document, target))


def load(path: str | os.PathLike[str], limits: Limits, *, structure: bool = True) -> Any:
    """Return a file as a GeoJSON document with its coordinates as they stand.

    Parameters
    ----------
    path, limits
        As in `hetao_geo.checking.read`.
    structure : bool, default True
        Whether errors of structure count, and not of syntax alone.

    Raises
    ------
    PolygonsError
        The file has errors of syntax or structure.
    DataError
        The file cannot be read.
    """
    faults = Faults()
    data = source.load(path, faults, limits) or b""
    kind = source.kind(data)
    document: Any = None
    if kind != "geojson":
        reader = geopackage.read if kind == "geopackage" else shapefile.read
        document = _collection(reader(data, faults, limits))
    elif not faults.fatal:
        document = geojson.parse(data, faults, limits)
        if not faults.fatal and (structure or not isinstance(document, dict)):
            geojson.read(document, faults)
    errors = tuple(fault for fault in faults if fault.severity == "error")
    if errors:
        found = CheckedFile(os.fspath(path), kind, WGS84, (), tuple(faults), ())
        raise PolygonsError(found, errors)
    return document


def _write_back(positions: list[list[float]], moved: Any, title: str, target: str) -> None:
    bad = np.flatnonzero(~np.isfinite(moved).all(axis=1))
    if len(bad):
        raise DataError(
            "a position cannot be converted",
            expected=f"coordinates in {title}",
            found=f"{positions[int(bad[0])][:2]}, {len(bad)} of {len(positions)} such",
            hint="see 'hetao-geo check' for what the coordinates are",
        )
    decimals = _DEGREE_DECIMALS if crs_candidates.is_degrees(target) else _METRE_DECIMALS
    for position, (x, y) in zip(positions, np.round(moved, decimals).tolist(), strict=True):
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


def _collection(layers: list[Layer]) -> dict[str, Any]:
    rows = [row for layer in layers for row in layer.rows]
    return {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}


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
