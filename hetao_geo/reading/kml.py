"""KML and KMZ: the placemarks of one document; links, overlays and models are not followed.

References
----------
OGC 12-007r2, KML 2.3, https://docs.ogc.org/is/12-007r2/12-007r2.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np

from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import archive, columns, geometry, guard
from hetao_geo.reading import encoding as encodings
from hetao_geo.reading.coordinates import WGS84
from hetao_geo.reading.geometry import RowFault
from hetao_geo.reading.model import Rows, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS = 16_384
_GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
# MultiGeometry in MultiGeometry deeper than this is no map of anything.
_DEEPEST = 16


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open KML or KMZ; see `hetao_geo.reading.open_file`."""
    placemarks = _placemarks(_text(_load(path, limits), encoding, path), path)
    properties = [_properties(one) for one in placemarks]
    fields = columns.words(properties)
    ids = [
        one.get("id") or held.get("id") for one, held in zip(placemarks, properties, strict=True)
    ]

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        for first in range(0, len(placemarks), _ROWS):
            part = slice(first, first + _ROWS)
            faults: list[RowFault] = []
            shapes = [_shape(one, row, faults) for row, one in enumerate(placemarks[part])]
            yield Rows(
                first, geometry.from_shapes(shapes, faults), columns.texts(ids[part]),
                columns.of_rows(properties[part], asked),
            )  # fmt: skip

    size = Path(path).stat().st_size
    return Source(
        os.fspath(path), "kml", layer, (layer,), WGS84, len(placemarks), fields, size, read
    )


def _load(path: str | os.PathLike[str], limits: Limits) -> bytes:
    with guard.open_regular(path) as file:
        zipped = file.read(2) == b"PK"
    if not zipped:
        return guard.load(path, limits)
    with archive.opened(path, limits) as held:
        # The main document is the first one (KML 2.3, section 14).
        first = next(one for name, one in archive.members(held) if name.suffix.lower() == ".kml")
        return archive.unpack(held, first, path)


def _text(data: bytes, encoding: str | None, path: str | os.PathLike[str]) -> str:
    """Decode by what was asked, a mark, or the declaration, which then goes."""
    declared = re.match(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""", data)
    name = encoding or (declared.group(1).decode() if declared else "utf-8-sig")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    try:
        text = data.decode("utf-8-sig" if name.lower() == "utf-8" else str(encodings.check(name)))
    except UnicodeDecodeError as error:
        raise guard.Unreadable(
            "not-utf8", path, f"byte {error.start}", expected=name,
            found=f"byte 0x{data[error.start]:02x}", hint="name its encoding with --encoding",
        ) from error  # fmt: skip
    return re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)


def _placemarks(text: str, path: str | os.PathLike[str]) -> list[ElementTree.Element]:
    # Entities are the one way of XML to reach files, or to grow without end.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise guard.Unreadable("unsafe-container", path, found="a document type or entity")
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    placemarks: list[ElementTree.Element] = []
    depth = 0
    try:
        for start in range(0, len(text), 1 << 20):
            parser.feed(text[start : start + (1 << 20)])
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                if depth > 200:
                    raise guard.Unreadable("too-deep", path, expected="at most 200 elements")
                if event == "end" and _name(element) == "Placemark":
                    placemarks.append(element)
        parser.close()
    except ElementTree.ParseError as error:
        raise guard.Unreadable("bad-container", path, expected="KML", found=str(error)) from error
    return placemarks


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _properties(placemark: ElementTree.Element) -> dict[str, Any]:
    """Return name, description and the extended data of a placemark, as text."""
    held: dict[str, Any] = {}
    for element in placemark.iter():
        kind, text = _name(element), (element.text or "").strip()
        if kind == "SimpleData":
            held[element.get("name") or ""] = text or None
        elif kind == "Data":
            value = next((inner for inner in element if _name(inner) == "value"), None)
            words = None if value is None else (value.text or "").strip()
            held[element.get("name") or ""] = words or None
    for element in placemark:
        if _name(element) in ("name", "description") and (element.text or "").strip():
            held.setdefault(_name(element), (element.text or "").strip())
    return held


def _shape(placemark: ElementTree.Element, row: int, faults: list[RowFault]) -> Any:
    held = [element for element in placemark if _name(element) in _GEOMETRIES]
    others = [
        element for element in placemark if _name(element) in ("Model", "Track", "MultiTrack")
    ]
    if others:
        faults.append(RowFault(row, "invalid-geometry", f"a {_name(others[0])}, which is not read"))
    if not held:
        return None
    import shapely

    try:
        return _geometry(held[0], 0)
    except (ValueError, shapely.errors.GEOSException) as error:
        open_ring = "closed" in str(error)
        code = "unclosed-ring" if open_ring else "invalid-geometry"
        faults.append(RowFault(row, code, printable(str(error))[:80]))
        return None


def _geometry(element: ElementTree.Element, depth: int) -> Any:
    import shapely

    kind = _name(element)
    if depth > _DEEPEST:
        raise ValueError(f"geometries nested more than {_DEEPEST} deep")
    if kind == "MultiGeometry":
        parts = [_geometry(one, depth + 1) for one in element if _name(one) in _GEOMETRIES]
        kinds = {part.geom_type for part in parts}
        if kinds <= {"Polygon", "MultiPolygon"}:
            return shapely.MultiPolygon(list(shapely.get_parts(parts)))
        return shapely.GeometryCollection(parts)
    if kind == "Polygon":
        rings = [_ring(one) for one in element.iter() if _name(one) == "LinearRing"]
        outer = [one for one in element if _name(one) == "outerBoundaryIs"]
        if len(outer) != 1 or not rings:
            raise ValueError("a polygon without one outer boundary")
        first = next((one for one in outer[0].iter() if _name(one) == "LinearRing"), None)
        if first is None:
            raise ValueError("a polygon without one outer boundary")
        inner = [
            _ring(one)
            for bound in element if _name(bound) == "innerBoundaryIs"
            for one in bound.iter() if _name(one) == "LinearRing"
        ]  # fmt: skip
        return shapely.Polygon(_ring(first), inner)
    points = _points(element)
    if kind == "Point":
        return shapely.Point(points[0])
    return shapely.LineString(points)


def _ring(element: ElementTree.Element) -> NDArray[np.float64]:
    points = _points(element)
    if len(points) and (points[0] != points[-1]).any():
        raise ValueError("a ring that is not closed")
    return points


def _points(element: ElementTree.Element) -> NDArray[np.float64]:
    """Return longitude, latitude and perhaps height of the coordinates of an element."""
    text = next((one.text or "" for one in element if _name(one) == "coordinates"), "")
    tuples = [word.split(",") for word in re.sub(r"\s*,\s*", ",", text).split()]
    if not tuples:
        raise ValueError("no coordinates")
    width = min(map(len, tuples))
    if not 2 <= width <= 3:
        raise ValueError("coordinates that are not longitude,latitude")
    return np.array([[float(number) for number in one[:width]] for one in tuples])
