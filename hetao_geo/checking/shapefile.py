"""Polygons of a zipped Shapefile, unpacked by us into a private folder and read by GDAL there.

GDAL chooses its driver by looking at the file, so the file must look like one thing only: the
first bytes of a ``.shp`` are checked before it is opened, and only the members of a Shapefile
are unpacked, under names of our own.

References
----------
ESRI Shapefile Technical Description, July 1998
"""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

import shapely

from hetao_geo.checking.layer import Layer, Row, find_crs
from hetao_geo.geojson import Faults, Limits, printable

_MEMBERS = (".shp", ".shx", ".dbf", ".cpg", ".prj")
# Real Shapefiles shrink 2 to 20 times; a bomb of zeros 1000 times.
HIGHEST_RATIO = 200
MOST_MEMBERS = 1000
_POLYGONS = {5, 15, 25}


class _Refused(Exception):
    """An archive that is not taken: code of the fault, place and finding."""


def read(data: bytes, faults: Faults, limits: Limits) -> list[Layer]:
    """Return the layers of a zip file of Shapefiles.

    Parameters
    ----------
    data : bytes
        The whole archive.
    faults : Faults
        Takes ``bad-container``, ``unsafe-container``, ``too-large``, ``unknown-crs``.
    limits : Limits
        Bytes (of the archive and of what it holds) and vertices.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            groups = _groups(_checked(archive, limits))
            return [
                layer
                for name, members in groups.items()
                if (layer := _layer(archive, name, members, faults, limits))
            ]
    except _Refused as refusal:
        code, where, found = refusal.args
        faults.add(code, where, found=found)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError,
            NotImplementedError, RuntimeError, OverflowError, struct.error) as error:  # fmt: skip
        faults.add("bad-container", expected="a zip file", found=printable(str(error))[:80])
    return []


def _checked(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _Refused("unsafe-container", None, f"{len(members)} members")
    total = 0
    for member in members:
        where = f"member {printable(member.filename)[:60]}"
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise _Refused("unsafe-container", where, "a path that leaves the archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _Refused("unsafe-container", where, "a symbolic link")
        if member.flag_bits & 1:
            raise _Refused("bad-container", where, "an encrypted member")
        total += member.file_size
        ratio = member.file_size / max(member.compress_size, 1)
        if total > limits.size:
            raise _Refused("too-large", where, f"more than {limits.size:,} bytes unpacked")
        if ratio > HIGHEST_RATIO and member.file_size > 1_000_000:
            raise _Refused("unsafe-container", where, f"{ratio:.0f} times larger unpacked")
    return members


def _groups(members: list[zipfile.ZipInfo]) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """Return the members of each Shapefile by suffix; the last of two equal names counts."""
    groups: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        # Resource forks of macOS look like Shapefiles by their names.
        if path.suffix.lower() in _MEMBERS and "__MACOSX" not in path.parts:
            groups.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = member
    groups = {name: group for name, group in groups.items() if ".shp" in group}
    if not groups:
        raise _Refused("unknown-format", None, "an archive without .shp")
    return dict(sorted(groups.items()))


def _layer(
    archive: zipfile.ZipFile,
    name: str,
    members: dict[str, zipfile.ZipInfo],
    faults: Faults,
    limits: Limits,
) -> Layer | None:
    where = f"layer {printable(name)[:60]}"
    with tempfile.TemporaryDirectory(prefix="hetao-geo-") as folder:
        for suffix, member in members.items():
            with archive.open(member) as packed:
                content = packed.read(member.file_size + 1)
            if len(content) != member.file_size:
                raise _Refused("unsafe-container", where, "a member larger than it says")
            Path(folder, f"layer{suffix}").write_bytes(content)
        shape = Path(folder, "layer.shp")
        if not _is_shape(shape.read_bytes()[:100]):
            faults.add("bad-container", where, expected="a Shapefile", found="other bytes")
            return None
        rows = _rows(shape, where, faults, limits)
        return None if rows is None else Layer(printable(name), rows, _crs(shape, where, faults))


def _is_shape(head: bytes) -> bool:
    # File code 9994, five unused words, the length; version 1000.
    return head[:4] == b"\0\0\x27\x0a" and len(head) == 100 and head[28:32] == b"\xe8\x03\0\0"


def _rows(shape: Path, where: str, faults: Faults, limits: Limits) -> list[Row] | None:
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    if struct.unpack("<i", shape.read_bytes()[32:36])[0] not in _POLYGONS:
        return []
    try:
        with warnings.catch_warnings():
            # GDAL warns of what the checks of shape report with its place.
            warnings.simplefilter("ignore")
            meta, _, wkb, columns = pyogrio.raw.read(shape)
        geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    except (DataSourceError, DataLayerError, FeatureError, GeometryError,
            shapely.errors.GEOSException, RuntimeError, ValueError) as error:  # fmt: skip
        # GDAL names the private folder, which is another one at every run.
        found = printable(str(error).replace(f"{shape.parent}/", ""))[:80]
        faults.add("bad-container", where, expected="a Shapefile", found=found)
        return None
    if shapely.get_num_coordinates(geometries).sum() > limits.vertices:
        faults.add("too-many-vertices", where, expected=f"at most {limits.vertices:,}")
        return None
    names = [str(field) for field in meta["fields"]]
    held = [_plain(names, [column[i] for column in columns]) for i in range(len(geometries))]
    return [
        Row(values.get("id", i), geometry, values, f"{where}, row {i + 1}")
        for i, (geometry, values) in enumerate(zip(geometries, held, strict=True))
    ]


def _plain(names: list[str], values: list[Any]) -> dict[str, Any]:
    """Return values as Python's own, for numpy's are not JSON."""
    plain = [value.item() if hasattr(value, "item") else value for value in values]
    return {
        name: value if isinstance(value, str | int | float | bool) or value is None else str(value)
        for name, value in zip(names, plain, strict=True)
    }


def _crs(shape: Path, where: str, faults: Faults) -> str | None:
    projection = shape.with_suffix(".prj")
    if not projection.exists():
        return None
    return find_crs(projection.read_text(encoding="utf-8", errors="replace"), where, faults)
