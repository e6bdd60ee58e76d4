"""What a file is, by its first bytes; its name counts for nothing."""

from __future__ import annotations

import json
import os
import re
from typing import BinaryIO

from hetao_geo.reading.guard import Unreadable, name_of

HEAD = 65_536
# Lines longer than this are no feature that a parcel has: 64 MB are four million positions.
LONGEST = 1 << 26
_SQLITE, _PARQUET, _FLATGEOBUF = b"SQLite format 3\0", b"PAR1", b"fgb\x03fgb"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SHAPE = b"\0\0\x27\x0a"
_BOM = b"\xef\xbb\xbf"

# First bytes of what is known and not read: its name, and how it becomes something that is.
_OGR = "ogr2ogr OUT.gpkg {file}"
_OTHERS = (
    (b"\x1f\x8b", "gzip", "gunzip -k {file}"),
    (b"Rar!\x1a\x07", "a RAR archive", "unrar x {file}"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x {file}"),
    (b"BZh", "bzip2", "bunzip2 -k {file}"),
    (b"\xfd7zXZ\0", "xz", "unxz -k {file}"),
    (b"\x28\xb5\x2f\xfd", "zstandard", "unzstd {file}"),
    (b"AutoCAD Binary DXF", "DXF", _OGR),
    (b"%PDF", "PDF", _OGR),
    (b"II*\0", "a raster image (TIFF)", "gdal_polygonize.py {file} OUT.gpkg"),
    (b"MM\0*", "a raster image (TIFF)", "gdal_polygonize.py {file} OUT.gpkg"),
    (b"\x89PNG", "a picture (PNG)", None),
    (b"\xff\xd8\xff", "a picture (JPEG)", None),
    (b"ARROW1\0\0", "Arrow IPC or Feather", _OGR),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file", None),
)
_DWG = re.compile(rb"AC10\d\d\0")
_DXF = re.compile(rb"(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\nSECTION\r?\n")
# The columns that hold WKT in tables of GDAL, QGIS, PostGIS and ours.
WKT = re.compile(
    r"\s*(?:SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE|CURVEPOLYGON|"
    r"GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)",
    re.I,
)


def recognise(file: BinaryIO, path: str | os.PathLike[str]) -> str:
    """Return the key of `hetao_geo.reading.FORMATS`.

    Raises
    ------
    Unreadable
        It is something else; what is known is named, with the command that converts it.
    """
    start = file.read(HEAD)
    file.seek(0)
    for magic, name in (
        (_SQLITE, "geopackage"),
        (_PARQUET, "geoparquet"),
        (_FLATGEOBUF, "flatgeobuf"),
        (_SHAPE, "shapefile"),
    ):
        if start.startswith(magic):
            return name
    if start.startswith(_ZIP):
        return "zip"
    _refuse_known(start, path)
    text = _text(start)
    if text is None:
        raise Unreadable("unknown-format", path, found=f"bytes {start[:8]!r}")
    try:
        return _text_format(text, file, path)
    finally:
        file.seek(0)


def _refuse_known(start: bytes, path: str | os.PathLike[str]) -> None:
    for magic, name, command in _OTHERS:
        if start.startswith(magic):
            raise known(path, name, command)
    if _DWG.match(start):
        raise known(path, "a DWG drawing", None)
    if _DXF.match(start):
        raise known(path, "DXF", _OGR)


def known(path: str | os.PathLike[str], name: str, command: str | None) -> Unreadable:
    """Return the error for a format that is recognised and not read."""
    hint = None
    if command:
        hint = "convert it: " + command.format(file=_quoted(path))
    return Unreadable("unknown-format", path, found=name, hint=hint)


def _quoted(path: str | os.PathLike[str]) -> str:
    import shlex

    return shlex.quote(name_of(path))


def _text(start: bytes) -> str | None:
    """Return the start of a text in any encoding; None for bytes that are no text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    if b"\0" in start:
        return None
    controls = sum(start.count(bytes([code])) for code in (*range(1, 9), *range(14, 30), 127))
    return None if controls > len(start) // 100 else start.decode("utf-8-sig", "replace")


def _text_format(text: str, file: BinaryIO, path: str | os.PathLike[str]) -> str:
    # Not all white space: to Python the record separator is such.
    body = text.lstrip(" \t\r\n\ufeff")
    if body.startswith("\x1e"):
        return "geojsonseq"
    if body.startswith("<"):
        return _xml(body, path)
    if body.startswith(("{", "[")):
        _refuse_json(body, path)
        return "geojsonseq" if _is_sequence(file) else "geojson"
    return "csv" if _is_table(body) else "geojson"


def _xml(body: str, path: str | os.PathLike[str]) -> str:
    root = re.search(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>/]", re.sub(r"<[?!][^>]*>", "", body))
    name = root.group(1) if root else "?"
    if name in ("kml", "Document", "Placemark", "Folder"):
        return "kml"
    command = None if name in ("html", "OGRVRTDataSource", "svg") else _OGR
    raise known(path, f"XML, <{name}>", command)


# Members near the beginning that only one kind of JSON has.
_JSON = (
    (re.compile(r'"type"\s*:\s*"Topology"'), "TopoJSON", "ogr2ogr OUT.geojson {file}"),
    (re.compile(r'"UTF8Encoding"\s*:\s*true'), "ECharts map data, encoded",
     "npx mapshaper {file} -o OUT.geojson"),
    (re.compile(r'"(?:esriGeometry\w+|geometryType|rings)"\s*:'), "Esri JSON",
     "ogr2ogr OUT.geojson {file}"),
    (re.compile(r'"osm3s"\s*:|"elements"\s*:\s*\[\s*\{\s*"type"\s*:\s*"(?:node|way|relation)"'),
     "Overpass JSON", "npx osmtogeojson {file} > OUT.geojson"),
)  # fmt: skip


def _refuse_json(body: str, path: str | os.PathLike[str]) -> None:
    for pattern, name, command in _JSON:
        if pattern.search(body) and not re.search(r'"type"\s*:\s*"Feature', body[:2000]):
            raise known(path, name, command)
        if name.startswith("ECharts") and pattern.search(body):
            raise known(path, name, command)


def _is_sequence(file: BinaryIO) -> bool:
    """Say whether the first line is a whole GeoJSON feature, and more than white space follows."""
    line = file.readline(LONGEST).removeprefix(_BOM).strip()
    while not line and (line := file.readline(LONGEST)):
        line = line.strip()
    rest = any(chunk.strip() for chunk in iter(lambda: file.read(HEAD), b""))
    if not rest or not line.startswith(b"{") or not line.endswith(b"}"):
        return False
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("type") == "Feature"


def _is_table(body: str) -> bool:
    """Say whether the first lines are a table with a column of WKT."""
    lines = body.splitlines()[:50]
    return (
        len(lines) > 0
        and any(
            WKT.match(cell.strip().strip('"'))
            for line in lines[1:] or lines
            for cell in re.split(r"[,;\t|](?![^(]*\))", line)
        )
    ) or bool(
        re.match(r'"?(?:wkt|geom|geometry|the_geom|wkb_geometry|shape)"?\s*[,;\t|]', body, re.I)
    )
