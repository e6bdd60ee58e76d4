"""Zip files: checked before a byte of them is unpacked, and never unpacked by name."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from hetao_geo.errors import DataError
from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import guard

# Real Shapefiles shrink 2 to 20 times; a bomb of zeros 1000 times.
HIGHEST_RATIO = 200
MOST_MEMBERS = 1000


@contextmanager
def opened(path: str | os.PathLike[str], limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Give an archive whose members are small enough, in number and size, and stay inside it."""
    with guard.open_regular(path) as file:
        guard.check_size(path, os.fstat(file.fileno()).st_size, limits)
        try:
            with zipfile.ZipFile(file) as archive:
                _check(archive, path, limits)
                yield archive
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError,
                RuntimeError, OverflowError, struct.error, ValueError) as error:  # fmt: skip
            if isinstance(error, DataError):
                raise
            found = str(error)
            raise guard.Unreadable(
                "bad-container", path, expected="a zip file", found=found
            ) from error


def members(archive: zipfile.ZipFile) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """Give the files of an archive; resource forks of macOS look like others by their names."""
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not member.is_dir() and "__MACOSX" not in path.parts:
            yield path, member


def unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str | os.PathLike[str]
) -> bytes:
    """Return the bytes of a member.

    Raises
    ------
    Unreadable
        It is larger than it says.
    """
    with archive.open(member) as packed:
        content = packed.read(member.file_size + 1)
    if len(content) != member.file_size:
        place = f"member {printable(member.filename)[:60]}"
        raise guard.Unreadable("unsafe-container", path, place, found="more bytes than it says")
    return content


def _check(archive: zipfile.ZipFile, path: str | os.PathLike[str], limits: Limits) -> None:
    listed = archive.infolist()
    if len(listed) > MOST_MEMBERS:
        raise guard.Unreadable("unsafe-container", path, found=f"{len(listed)} members")
    total = 0
    for member in listed:
        place = f"member {printable(member.filename)[:60]}"
        inner = PurePosixPath(member.filename.replace("\\", "/"))
        total += member.file_size
        ratio = member.file_size / max(member.compress_size, 1)
        code, found = "unsafe-container", ""
        if inner.is_absolute() or ".." in inner.parts or ":" in member.filename:
            found = "a path that leaves the archive"
        elif stat.S_ISLNK(member.external_attr >> 16):
            found = "a symbolic link"
        elif member.flag_bits & 1:
            code, found = "bad-container", "an encrypted member"
        elif total > limits.size:
            code, found = "too-large", f"more than {limits.size:,} bytes unpacked"
        elif ratio > HIGHEST_RATIO and member.file_size > 1_000_000:
            found = f"{ratio:.0f} times larger unpacked"
        if found:
            raise guard.Unreadable(code, path, place, found=found)
