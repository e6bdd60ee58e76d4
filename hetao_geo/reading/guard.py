"""The one door for foreign bytes: a local regular file and its own side files, nothing else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hetao_geo import files
from hetao_geo.errors import DataError
from hetao_geo.geojson import Limits, printable, rules


class Unreadable(DataError):
    """A file that cannot be read as a whole; `code` is the key of its rule."""

    def __init__(
        self,
        code: str,
        path: str | os.PathLike[str],
        where: str | None = None,
        *,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.code, self.place = code, where
        rule = rules()[code]
        name = name_of(path)
        super().__init__(
            rule.what,
            where=f"{name}, {where}" if where else name,
            expected=expected,
            found=None if found is None else printable(found)[:160],
            hint=hint or rule.hint,
        )


def name_of(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be printed, whatever its bytes."""
    return printable(os.fsdecode(path))


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular local file for reading: no URL, ``/vsi`` path, device or pipe.

    Raises
    ------
    DataError
        The file is missing, cannot be read, or is a folder, pipe or device.
    """
    if Path(os.fsdecode(path)).is_dir():
        refuse_folder(path)
    return files.open_regular(path)


def refuse_folder(path: str | os.PathLike[str]) -> None:
    """Raise for a folder; one of Esri's File Geodatabases gets the command that converts it."""
    if any(Path(os.fsdecode(path)).glob("*.gdbtable")):
        raise Unreadable(
            "unknown-format",
            path,
            found="a File Geodatabase (Esri)",
            hint="convert it: ogr2ogr OUT.gpkg " + name_of(path),
        )
    raise files.unreadable(path, "a folder")


def load(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """Return all bytes of a regular local file.

    Raises
    ------
    Unreadable
        It is larger than the limit.
    DataError
        As in `open_regular`.
    """
    with open_regular(path) as file:
        check_size(path, os.fstat(file.fileno()).st_size, limits)
        try:
            return file.read(limits.size + 1)
        except OSError as error:
            raise files.unreadable(path, error.strerror or str(error)) from error


def check_size(path: str | os.PathLike[str], size: int, limits: Limits) -> None:
    """Raise `Unreadable` where a file is larger than the limit."""
    if size > limits.size:
        expected = f"at most {limits.size:,} bytes"
        raise Unreadable("too-large", path, expected=expected, found=f"{size:,} bytes")


@contextmanager
def private(contents: dict[str, str | os.PathLike[str] | bytes]) -> Iterator[Path]:
    """Give a private folder that holds files under names of our own.

    Libraries choose drivers, side files and members by the name of a file; so they never see
    the name that a stranger gave.

    Parameters
    ----------
    contents : dict
        Name in the folder to the path of a regular file, which is linked, or to its bytes.
    """
    with tempfile.TemporaryDirectory(prefix="hetao-geo-") as name:
        folder = Path(name)
        for own, content in contents.items():
            if isinstance(content, bytes):
                (folder / own).write_bytes(content)
                continue
            open_regular(content).close()
            link(content, folder / own)
        yield folder


def link(path: str | os.PathLike[str], target: Path) -> None:
    """Make a file appear as `target`, whose name is ours."""
    try:
        target.symlink_to(Path(os.fsdecode(path)).resolve())
    except (OSError, NotImplementedError):  # Windows, without the right to make links
        shutil.copyfile(path, target)


def side_file(path: str | os.PathLike[str], suffix: str) -> Path | None:
    """Return the file beside `path` that differs from it in its ending only, in either case."""
    try:
        whole = Path(os.fsdecode(path))
        names = (whole.with_suffix(suffix), whole.with_suffix(suffix.upper()))
        return next((name for name in names if name.is_file()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None
