"""GeoJSON, whole or as a sequence of texts (RFC 8142, or one feature a line).

References
----------
RFC 7946, RFC 8142
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from hetao_geo import geojson
from hetao_geo.geojson import Faults, Limits
from hetao_geo.geojson.syntax import Unusable
from hetao_geo.reading import columns, declared_crs, declared_datum, geometry, guard, sniff
from hetao_geo.reading.coordinates import WGS84
from hetao_geo.reading.model import Rows, Source

# Bytes of text, and features, that are in memory at a time: as objects they take ten times that.
_BYTES, _FEATURES = 8 << 20, 16_384


def parse(
    path: str | os.PathLike[str],
    name: str,
    faults: Faults,
    limits: Limits,
    encoding: str | None = None,
) -> Any:
    """Return a GeoJSON document, a sequence as the FeatureCollection of its features.

    Parameters
    ----------
    path : path
    name : str
        ``geojson`` or ``geojsonseq``.
    faults : Faults
        Takes the faults of syntax.
    limits : Limits
    encoding : str, optional
        Of the text, where it is not UTF-8.
    """
    data = _utf8(guard.load(path, limits), encoding, path)
    if name == "geojson":
        return geojson.parse(data, faults, limits)
    if data.startswith(codecs.BOM_UTF8):
        faults.add("bom", line=1, column=1)
    features = []
    for number, text in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if plain := text.strip(_BLANK):
            features.append(_parse_line(plain, number, faults, limits))
    return {"type": "FeatureCollection", "features": features}


_BLANK = b"\x1e \t\r\n"


def _parse_line(text: bytes, number: int, faults: Faults, limits: Limits) -> Any:
    seen = Faults()
    feature = geojson.parse(text, seen, limits)
    for fault in seen:
        faults.add(
            fault.code, fault.path, feature=fault.feature, expected=fault.expected,
            found=fault.found, hint=fault.hint, line=number, column=fault.column,
        )  # fmt: skip
    return feature


def _utf8(data: bytes, encoding: str | None, path: str | os.PathLike[str]) -> bytes:
    if encoding is None:
        return data
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        raise guard.Unreadable(
            "not-utf8", path, f"byte {error.start}", expected=encoding,
            found=f"byte 0x{data[error.start]:02x}", hint="name its encoding with --encoding",
        ) from error  # fmt: skip


def open_geojson(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a GeoJSON document; see `hetao_geo.reading.open_file`."""
    faults = Faults()
    document = parse(path, "geojson", faults, limits, encoding)
    for fault in faults:
        # NaN is no JSON, but spoils its row alone.
        if geojson.rules()[fault.code].severity == "fatal" and fault.code != "not-finite":
            place = f"line {fault.line}, column {fault.column}" if fault.line else fault.path
            raise guard.Unreadable(
                fault.code, path, place,
                expected=fault.expected, found=fault.found, hint=fault.hint,
            )  # fmt: skip
    features = _features(document)
    collection = geojson.read(document, Faults())
    properties = [_properties(feature) for feature in features]
    top = declared_datum.name(document.get("datum")) if isinstance(document, dict) else None
    if top not in (None, WGS84):
        properties = [{"datum": document["datum"], **row} for row in properties]
    fields = columns.words(properties)
    declared, unknown = _declared(collection.crs)

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        for first in range(0, len(features), _FEATURES):
            part = slice(first, first + _FEATURES)
            yield _rows(features[part], properties[part], wanted, fields, first)

    size = Path(path).stat().st_size
    return Source(
        os.fspath(path), "geojson", layer, (layer,), declared, len(features), fields, size, read,
        unknown_crs=unknown,
    )  # fmt: skip


def _declared(member: Any) -> tuple[str | None, str | None]:
    """Return the CRS that the member ``crs`` names, or what of it cannot be read."""
    if member is None:
        return WGS84, None
    try:
        named = declared_crs.of_geojson(member)
    except declared_crs.UnknownCrsError:  # a member that names nothing: RFC 7946 holds
        return WGS84, None
    return declared_crs.or_unknown(named[0]) if named else (WGS84, None)


def open_sequence(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a sequence of any size; the fields are those of its first thousand features."""
    with guard.open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        seen = [_parsed(text) for text in islice(_texts(file, path, encoding), 1000)]
    fields = columns.words(_properties(feature) for feature in seen)

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        first = 0
        with guard.open_regular(path) as file:
            for chunk in _chunks(_texts(file, path, encoding)):
                features = [_parsed(text) for text in chunk]
                properties = [_properties(feature) for feature in features]
                yield _rows(features, properties, wanted, fields, first, file.tell())
                first += len(chunk)

    return Source(os.fspath(path), "geojsonseq", layer, (layer,), WGS84, None, fields, size, read)


def _texts(file: Any, path: str | os.PathLike[str], encoding: str | None) -> Iterator[bytes]:
    """Give the text of each feature."""
    mark = codecs.BOM_UTF8
    while line := file.readline(sniff.LONGEST):
        text = line.removeprefix(mark).strip(_BLANK)
        mark = b"\0"
        if text:
            yield _utf8(text, encoding, path)


def _chunks(texts: Iterator[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size > _BYTES or len(chunk) >= _FEATURES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _parsed(text: bytes) -> Any:
    faults = Faults()
    feature = geojson.parse(text, faults)
    return feature if isinstance(feature, dict) else None


def _features(document: Any) -> list[Any]:
    """Return the features of a document; a bare geometry is one without properties."""
    if not isinstance(document, dict):
        return []
    if document.get("type") == "FeatureCollection":
        held = document.get("features")
        return held if isinstance(held, list) else []
    if document.get("type") == "Feature":
        return [document]
    return [{"type": "Feature", "properties": None, "geometry": document}]


def _properties(feature: Any) -> dict[str, Any]:
    held = feature.get("properties") if isinstance(feature, dict) else None
    return {key: _value(value) for key, value in held.items()} if isinstance(held, dict) else {}


def _value(value: Any) -> Any:
    return str(value) if isinstance(value, Unusable) else value


def _rows(
    features: list[Any],
    properties: list[dict[str, Any]],
    wanted: Collection[str] | None,
    fields: Collection[str],
    first: int,
    done: int = 0,
) -> Rows:
    shapes: list[Any] = []
    faults: list[geometry.RowFault] = []
    ids: list[object] = []
    for row, (feature, held) in enumerate(zip(features, properties, strict=True)):
        whole = feature if isinstance(feature, dict) else {}
        if not whole:
            faults.append(geometry.RowFault(row, "invalid-geometry", "not a feature"))
        shapes.append(_shape(whole.get("geometry"), row, faults))
        named = whole.get("id", held.get("id"))
        ids.append(_value(named) if not isinstance(named, dict | list) else None)
    names = [name for name in (fields if wanted is None else wanted) if name in fields]
    return Rows(
        first,
        geometry.from_shapes(shapes, faults),
        columns.texts(ids),
        columns.of_rows(properties, names),
        done,
    )


def _shape(value: Any, row: int, faults: list[geometry.RowFault]) -> Any:
    """Return a geometry that can be drawn, or None and the fault that keeps it from that."""
    import shapely

    if value is None:
        return None
    seen = Faults()
    found = geojson.read(value, seen)
    errors = [fault for fault in seen if fault.severity == "error" and fault.path != "$.crs"]
    for fault in errors:
        code = fault.code if fault.code == "unclosed-ring" else "invalid-geometry"
        faults.append(geometry.RowFault(row, code, fault.what))
        return None
    if not isinstance(value, dict) or value["type"] not in ("Polygon", "MultiPolygon"):
        return _other(value, row, faults)
    polygons = [
        shapely.Polygon(_ring(part.rings[0]), [_ring(ring) for ring in part.rings[1:]])
        for part in found.parts
    ]
    if value["type"] == "Polygon":
        return polygons[0] if polygons else shapely.Polygon()
    return shapely.MultiPolygon(polygons)


def _other(value: Any, row: int, faults: list[geometry.RowFault]) -> Any:
    import json

    import shapely

    try:
        return shapely.from_geojson(json.dumps(value))
    except (shapely.errors.GEOSException, ValueError, TypeError):
        faults.append(geometry.RowFault(row, "invalid-geometry", "a geometry that cannot be drawn"))
        return None


def _ring(ring: list[list[float]]) -> Any:
    return np.array([position[:2] for position in ring], np.float64)
