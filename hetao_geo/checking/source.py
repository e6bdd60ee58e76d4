"""The bytes of one local regular file, and what they are by their first bytes."""

from __future__ import annotations

import os
import stat

from hetao_geo.errors import DataError
from hetao_geo.geojson import Faults, Limits

_SQLITE = b"SQLite format 3\0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def load(path: str | os.PathLike[str], faults: Faults, limits: Limits) -> bytes | None:
    """Return the bytes of a regular local file, or None where it is larger than the limit.

    Nothing but this one file is opened: no URL, no ``/vsi`` path, no device; a named pipe is
    refused and not waited for.

    Raises
    ------
    DataError
        The file is missing, cannot be read, or is not a regular file.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe waits for a writer for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise _unreadable(path, "a folder, pipe or device")
    with os.fdopen(handle, "rb") as file:
        if status.st_size > limits.size:
            faults.add(
                "too-large", expected=f"at most {limits.size:,} bytes", found=f"{status.st_size:,}"
            )
            return None
        try:
            return file.read(limits.size + 1)
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error


def _unreadable(path: str | os.PathLike[str], found: str) -> DataError:
    return DataError(
        "cannot read the file",
        where=os.fspath(path),
        expected="a regular local file",
        found=found,
        hint="check the name; download a URL first and give the file",
    )


def kind(data: bytes) -> str:
    """Return ``geopackage``, ``shapefile`` (zipped) or ``geojson`` by the first bytes.

    Everything that is not a database or an archive is given to the strict JSON parser, which
    says what is wrong with it; the file's name counts for nothing.
    """
    if data.startswith(_SQLITE):
        return "geopackage"
    return "shapefile" if data.startswith(_ZIP) else "geojson"
