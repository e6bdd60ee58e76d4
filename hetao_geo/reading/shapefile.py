"""Shapefiles: a ``.shp`` with the side files beside it, or any number of them in a zip file."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import archive, columns, declared_crs, gdal, guard
from hetao_geo.reading.dbf import choose_encoding
from hetao_geo.reading.flatgeobuf import fields_of
from hetao_geo.reading.model import Rows, Source

_SUFFIXES = (".shp", ".shx", ".dbf", ".cpg", ".prj")
_POLYGONS = {5, 15, 25}
_FILE = "layer.shp"


@dataclass(frozen=True)
class Layer:
    """One Shapefile: its name, and where its files are."""

    name: str
    """The stem of its names, inside the archive with the folders."""
    files: dict[str, str | bytes | Path]
    """Suffix to bytes, or to a path."""

    @property
    def areal(self) -> bool:
        """Whether its header says polygons."""
        return _kind(self._head) in _POLYGONS

    @property
    def _head(self) -> bytes:
        content = self.files[".shp"]
        if isinstance(content, bytes):
            return content[:100]
        with guard.open_regular(content) as file:
            return file.read(100)

    def opened(self) -> AbstractContextManager[Path]:
        """Give a private folder with its files under our names."""
        # The .prj is read here alone: what it names must not reach GDAL.
        return guard.private(
            {f"layer{end}": held for end, held in self.files.items() if end != ".prj"}
        )

    def size(self, suffix: str) -> int:
        """Return the bytes of one of its files."""
        held = self.files[suffix]
        return len(held) if isinstance(held, bytes) else Path(held).stat().st_size

    def content(self, suffix: str, most: int = 1 << 22) -> bytes | None:
        """Return the first bytes of one of its files, or None."""
        held = self.files.get(suffix)
        if held is None or isinstance(held, bytes):
            return held
        with guard.open_regular(held) as file:
            return file.read(most)


def layers(path: str | os.PathLike[str], limits: Limits) -> list[tuple[str, bool]]:
    """Return the names of the layers, and whether each can hold polygons."""
    return [(printable(one.name), one.areal) for one in _layers(path, limits)]


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a layer; see `hetao_geo.reading.open_file`."""
    every = _layers(path, limits)
    names = tuple(printable(one.name) for one in every)
    return _source(every[names.index(layer)], names, path, encoding)


def _source(
    layer: Layer, names: tuple[str, ...], path: str | os.PathLike[str], encoding: str | None
) -> Source:
    head = layer._head
    if head[:4] != b"\0\0\x27\x0a" or len(head) < 100 or head[28:32] != b"\xe8\x03\0\0":
        raise guard.Unreadable(
            "bad-container", path, f"layer {printable(layer.name)[:60]}",
            expected="a Shapefile", found="other bytes",
        )  # fmt: skip
    stated = 2 * int(struct.unpack(">i", head[24:28])[0])
    if layer.size(".shp") < stated:
        raise guard.Unreadable(
            "bad-container", path, f"layer {printable(layer.name)[:60]}",
            expected=f"{stated:,} bytes, as the file states", found=f"{layer.size('.shp'):,}",
        )  # fmt: skip
    gdal.need_arrow(path)
    read_as, notes = choose_encoding(layer.content(".dbf"), layer.content(".cpg"), encoding)
    with layer.opened() as folder:
        about = gdal.describe(folder / _FILE, path, read_as)
    fields = fields_of(about)
    projection = layer.content(".prj")
    crs, unknown = declared_crs.or_unknown(projection) if projection else (None, None)
    named = columns.id_field(fields)
    size = sum(map(layer.size, layer.files))

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        step = gdal.step(size, about["features"])
        with layer.opened() as folder:
            yield from gdal.rows(folder / _FILE, path, asked, named, encoding=read_as, step=step)

    # Rows that are marked as deleted count in the headers, and are not given.
    return Source(
        os.fspath(path), "shapefile", printable(layer.name), names, crs, None, fields, size, read,
        unknown_crs=unknown, warnings=notes,
    )  # fmt: skip


def _kind(head: bytes) -> int:
    return int(struct.unpack("<i", head[32:36])[0]) if len(head) >= 36 else 0


def _layers(path: str | os.PathLike[str], limits: Limits) -> list[Layer]:
    """Return the layers of a file by name."""
    with guard.open_regular(path) as file:
        zipped = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    if not zipped:
        files: dict[str, str | bytes | Path] = {".shp": os.fspath(path)}
        for suffix in _SUFFIXES[1:]:
            beside = guard.side_file(path, suffix)
            if beside is not None:
                files[suffix] = beside
        return [Layer(Path(os.fsdecode(path)).stem, files)]
    with archive.opened(path, limits) as held:
        groups: dict[str, dict[str, zipfile.ZipInfo]] = {}
        for name, member in archive.members(held):
            if name.suffix.lower() in _SUFFIXES:
                stem = str(name.with_suffix(""))
                groups.setdefault(stem, {})[name.suffix.lower()] = member
        return [
            Layer(stem, {end: archive.unpack(held, one, path) for end, one in group.items()})
            for stem, group in sorted(groups.items())
            if ".shp" in group
        ]
