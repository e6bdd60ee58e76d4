"""Files too large for memory, in batches: a field, and polygons in WGS 84.

A file is opened by what its first bytes say and by nothing else: GDAL gets binary files of two
formats alone, never a text, which could be one of its virtual formats that open other files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hetao_geo.errors import DataError, UsageError
from hetao_geo.verification.stream.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "Batch", "Source", "kind_of", "open_stream"]

KINDS = {
    "geoparquet": "GeoParquet",
    "flatgeobuf": "FlatGeobuf",
    "geopackage": "GeoPackage",
    "geojsonseq": "GeoJSON text sequence",
}
# Rows that are in memory at a time: 65,536 parcels take about 50 MB with all that is made of them.
BATCH = 65_536


@dataclass(frozen=True)
class Source:
    """An open file of many rows.

    Attributes
    ----------
    kind : str
        Key of `KINDS`.
    crs : str
        Name of its coordinate system.
    rows : int, optional
        How many, where the file says so.
    size : int
        Its bytes.
    batches : callable
        Gives the batches from the first.
    warnings : tuple of str
        What the reader should know of the file.
    """

    kind: str
    crs: str
    rows: int | None
    size: int
    batches: Callable[[], Iterator[Batch]]
    warnings: tuple[str, ...] = ()


def kind_of(path: str | os.PathLike[str]) -> str | None:
    """Return the key of `KINDS` that the first bytes of a local regular file show, or None.

    Raises
    ------
    DataError
        The file is missing, cannot be read, or is a folder, pipe or device.
    """
    start = _first_bytes(path)
    if start.startswith(b"PAR1"):
        return "geoparquet"
    if start.startswith(b"fgb\x03fgb"):
        return "flatgeobuf"
    if start.startswith(b"SQLite format 3\0"):
        return "geopackage"
    if start.startswith(b"\x1e") or _is_sequence(start):
        return "geojsonseq"
    return None


def open_stream(path: str | os.PathLike[str], stated: str, *, layer: str | None = None) -> Source:
    """Open a file of many declared areas.

    Parameters
    ----------
    path : path
        A local GeoParquet, FlatGeobuf, GeoPackage or GeoJSON text sequence (RFC 8142, or one
        feature a line).
    stated : str
        The field of declared areas.
    layer : str, optional
        The layer of a GeoPackage with several.

    Raises
    ------
    DataError
        The file is missing, damaged, or of another kind.
    UsageError
        It has no such field or layer; the error names those that it has.
    MissingExtraError
        GeoParquet, without pyarrow.
    """
    kind = kind_of(path)
    size = Path(path).stat().st_size
    if kind == "geoparquet":
        from hetao_geo.verification.stream import geoparquet

        return geoparquet.open_file(path, stated, size)
    if kind in ("flatgeobuf", "geopackage"):
        from hetao_geo.verification.stream import gdal

        return gdal.open_file(path, stated, size, kind, layer)
    if kind == "geojsonseq":
        from hetao_geo.verification.stream import geojsonseq

        return geojsonseq.open_file(path, stated, size)
    raise DataError(
        "not a file that can be streamed",
        where=os.fspath(path),
        expected=", ".join(KINDS.values()),
        found=repr(_first_bytes(path)[:8]),
    )


def _first_bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, reason) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _unreadable(path, "a folder, pipe or device")
        return os.read(handle, 65_536)
    finally:
        os.close(handle)


def _unreadable(path: str | os.PathLike[str], found: str) -> DataError:
    return DataError(
        "cannot read the file",
        where=os.fspath(path),
        expected="a regular local file",
        found=found,
        hint="check the name; download a URL first and give the file",
    )


def _is_sequence(start: bytes) -> bool:
    """Say whether the first line is a whole GeoJSON feature, and more than white space follows."""
    import json

    line, _, rest = start.partition(b"\n")
    if not line.startswith(b"{") or not rest.strip():
        return False
    try:
        found = json.loads(line)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"


def no_field(stated: str, fields: list[str], path: str | os.PathLike[str]) -> UsageError:
    """Return the error for a file that has no field of that name."""
    return UsageError(
        "no such field",
        where=os.fspath(path),
        expected=f"one of {', '.join(fields) or '(no fields)'}",
        found=repr(stated),
        hint="name one with --stated",
    )


def not_numbers(stated: str, kind: str, path: str | os.PathLike[str]) -> UsageError:
    """Return the error for a field that can hold no areas."""
    return UsageError(
        "the field holds no numbers",
        where=f"{os.fspath(path)}, field {stated}",
        expected="numbers, or figures as text",
        found=kind,
    )
