"""Fill a folder all at once: a temporary folder beside the place, moved in when it is whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hetao_geo import paths
from hetao_geo.errors import OutputError
from hetao_geo.files import is_stream, settle


@contextmanager
def atomic_directory(folder: str | os.PathLike[str]) -> Iterator[tuple[Path, Path]]:
    """Give the folder and a temporary one, whose files move there if the block succeeds.

    Files of the same names are replaced, all others in the folder stay.

    Raises
    ------
    OutputError
        The folder, or its parent where it does not exist yet, cannot be written.
    """
    if not os.fspath(folder):
        raise _unwritable(Path(), "an empty name")
    target = Path(folder)
    # It lies in the folder itself if there is one: so a move never crosses file systems.
    home = target if target.is_dir() else target.parent
    _check(target, home)
    try:
        with tempfile.TemporaryDirectory(prefix=".hetao-geo-", dir=home) as name:
            temporary = Path(name) / "new"
            temporary.mkdir()
            yield target, temporary
            _move(temporary, target)
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(target, getattr(error, "strerror", None) or str(error)) from error


def names(folder: Path, *, last: Sequence[str]) -> list[str]:
    """Return the names of the files in a folder by alphabet, those of `last` at the end."""
    found = sorted(path.name for path in folder.iterdir())
    return [name for name in found if name not in last] + [n for n in last if n in found]


def _check(target: Path, home: Path) -> None:
    if target.exists() and not target.is_dir():
        raise _unwritable(target, "a file of that name")
    if target.exists() and target.samefile(paths.GEODATA):
        raise _unwritable(target, "the folder of the layers themselves, which are the input")
    if not home.is_dir():
        raise _unwritable(target, f"no folder {home}")
    if not os.access(home, os.W_OK | os.X_OK):
        raise _unwritable(target, f"no permission to write in {home}")


def _move(temporary: Path, target: Path) -> None:
    files = sorted(temporary.iterdir())
    for path in files:
        if (target / path.name).is_dir():
            raise _unwritable(target / path.name, "a folder of that name")
        if is_stream(target / path.name):
            raise _unwritable(target / path.name, "a device or pipe of that name")
    target.mkdir(exist_ok=True)
    for path in files:
        settle(path, target / path.name)


def _unwritable(target: Path, found: str) -> OutputError:
    return OutputError(
        "cannot write the export",
        where=str(target),
        expected="a folder, or a name in a folder, that can be written",
        found=found,
        hint="make the folder or choose another",
    )
