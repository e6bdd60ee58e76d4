"""Read text strictly and write files whole: nobody ever finds half a file, or loses one."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hetao_geo.errors import DataError, OutputError, UsageError

Name = str | os.PathLike[str]

STDOUT = "-"
"""The name of an output that means standard output."""


def read_bytes(path: Name) -> bytes:
    """Return the bytes of a regular local file.

    Raises
    ------
    DataError
        The file is missing, a folder, or cannot be read.
    """
    path = Path(path)
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            "cannot read the file",
            where=str(path),
            expected="a readable file",
            found=reason,
            hint="check the name and its permissions",
        ) from error


def open_regular(path: Name) -> BinaryIO:
    """Open a regular local file for reading.

    No URL or device is opened; a named pipe is refused and not waited for.

    Raises
    ------
    DataError
        The file is missing, cannot be read, or is a folder, pipe or device.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe waits for a writer for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise unreadable(path, "a folder, pipe or device")
    return os.fdopen(handle, "rb")


def read_start(path: Name, size: int) -> bytes:
    """Return the first bytes of a regular local file; errors are those of `open_regular`."""
    with open_regular(path) as file:
        try:
            return file.read(size)
        except OSError as error:
            raise unreadable(path, error.strerror or str(error)) from error


def unreadable(path: Name, found: str) -> DataError:
    """Return the error for what is no regular file, or cannot be read."""
    return DataError(
        "cannot read the file",
        where=os.fsdecode(path),
        expected="a regular local file",
        found=found,
        hint="check the name; download a URL first and give the file",
    )


def read_text(path: Name) -> str:
    """Return the text of a UTF-8 file.

    Raises
    ------
    DataError
        The file cannot be read, or a byte of it is not UTF-8 (the error gives its position).
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            "the text is not UTF-8",
            where=f"{path}, byte {error.start}",
            expected="UTF-8",
            found=f"byte 0x{data[error.start]:02x}",
            hint="save the file again as UTF-8",
        ) from error


@contextmanager
def replacing(path: Name) -> Iterator[Path]:
    """Give a temporary path, whose content becomes that of `path` if the block succeeds.

    A regular file is replaced whole and keeps its mode; a link is followed; a device, a pipe and
    standard output (``-``) are written to.

    Parameters
    ----------
    path : path
        The output. The temporary path has its ending.

    Raises
    ------
    OutputError
        The folder does not exist or cannot be written, or `path` is a folder.
    """
    check_writable(path)
    target = Path(path)
    if is_stream(path):
        with tempfile.TemporaryDirectory(prefix="hetao-geo-") as folder:
            temporary = Path(folder, f"output{_ending(target)}")
            yield temporary
            _pour(temporary, path)
        return
    target = _followed(target)
    # A name of its own, for with that of the target it would be too long for the file system.
    temporary = target.parent / f".hetao-geo-{secrets.token_hex(8)}{_ending(target)}"
    try:
        try:
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise _unwritable(target, error.strerror or str(error)) from error
        yield temporary
        settle(temporary, target)
    finally:
        with suppress(OSError):
            temporary.unlink()


def settle(temporary: Path, target: Path) -> None:
    """Move a finished file to its place in one step; the mode of a replaced file is kept.

    Raises
    ------
    OutputError
        The place cannot be written.
    """
    target = _followed(target)
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error


def write(path: Name, content: str | bytes) -> None:
    """Write `content` (text as UTF-8) to `path`, whole or not at all.

    Raises
    ------
    OutputError
        See `replacing`.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with replacing(path) as temporary:
        try:
            temporary.write_bytes(data)
        except OSError as error:
            raise _unwritable(Path(path), error.strerror or str(error)) from error


def is_stream(path: Name) -> bool:
    """Say whether an output is written to and not replaced: ``-``, a device or a pipe."""
    if os.fspath(path) == STDOUT:
        return True
    # Behind /dev/stdout may stand a regular file, which belongs to whoever opened it.
    if os.fspath(path).startswith(("/dev/", "/proc/")) and Path(path).exists():
        return not Path(path).is_dir()
    return Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir())


def check_writable(path: Name, *, inputs: Sequence[Name] = (), endings: Sequence[str] = ()) -> None:
    """Raise an error at once if `path` cannot become a file; writes nothing.

    Parameters
    ----------
    path : path
        The output.
    inputs : sequence of path
        Files that the command reads, none of which it may replace.
    endings : sequence of str
        Those of the formats that the command writes, such as ``.html``; none: any.

    Raises
    ------
    OutputError
        No such folder, no permission, a folder of that name, or one of `inputs`.
    UsageError
        Another ending.
    """
    if is_stream(path):
        return
    _refuse_ending(path, endings)
    target = _followed(Path(path))
    for source in inputs:
        _refuse_same(source, target)
    if not os.fspath(path) or target.is_dir():
        raise _unwritable(Path(path), "a folder of that name")
    if not target.parent.is_dir():
        raise _unwritable(target, f"no folder {target.parent}")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise _unwritable(target, f"no permission to write in {target.parent}")
    if target.exists() and not os.access(target, os.W_OK):
        raise _unwritable(target, "a file that is protected against writing")


def _refuse_ending(path: Name, endings: Sequence[str]) -> None:
    ending = Path(path).suffix.lower()
    if endings and ending not in endings:
        raise UsageError(
            "the name of the output ends in no format that is written here",
            where=os.fspath(path),
            expected=" or ".join(endings),
            found=ending or "no ending",
        )


def _refuse_same(source: Name, target: Path) -> None:
    """Raise `OutputError` where both are one file: by name, link, hard link or other capitals."""
    same = False
    with suppress(OSError, ValueError):  # a source that is not there is nobody's loss
        same = target.exists() and Path(source).samefile(target)
    if same:
        raise OutputError(
            "the output is the file itself",
            where=os.fspath(target),
            expected="another name",
            hint="give a new file with -o",
        )


def _pour(temporary: Path, path: Name) -> None:
    try:
        with temporary.open("rb") as content:
            if os.fspath(path) == STDOUT:
                sys.stdout.flush()
                shutil.copyfileobj(content, sys.stdout.buffer)
                return
            with Path(path).open("wb") as stream:
                shutil.copyfileobj(content, stream)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(Path(path), error.strerror or str(error)) from error


def _followed(target: Path) -> Path:
    """Return where links lead, whether or not there is a file."""
    try:
        return target.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a NUL
        raise _unwritable(target, getattr(error, "strerror", None) or str(error)) from error


def _ending(target: Path) -> str:
    return target.suffix if len(os.fsencode(target.suffix)) < 20 else ""


def _unwritable(target: Path, found: str) -> OutputError:
    return OutputError(
        "cannot write the output",
        where=str(target),
        expected="a folder that can be written",
        found=found,
        hint="make the folder or choose another --output",
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
