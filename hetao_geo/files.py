"""Read text strictly and write files whole: nobody ever finds half a file."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hetao_geo.errors import DataError, OutputError


def read_bytes(path: str | os.PathLike[str]) -> bytes:
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


def read_start(path: str | os.PathLike[str], size: int) -> bytes:
    """Return the first bytes of a regular local file.

    Raises
    ------
    DataError
        The file is missing, a folder, pipe or device, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _unreadable(path, "a folder, pipe or device")
        return os.read(handle, size)
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


def read_text(path: str | os.PathLike[str]) -> str:
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


def refuse_input(output: str | os.PathLike[str], *inputs: str | os.PathLike[str] | None) -> None:
    """Raise `OutputError` if the output is one of the inputs, by whatever name."""
    for path in inputs:
        if path is not None and Path(output).exists() and Path(output).samefile(path):
            raise OutputError(
                "the output would replace an input",
                where=os.fspath(output),
                expected="another file",
                found=os.fspath(path),
                hint="give a new file with -o",
            )


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path in the same folder, and move it to `path` if the block succeeds.

    Raises
    ------
    OutputError
        The folder does not exist or cannot be written, or `path` is a folder, a device or a
        pipe.
    """
    target = Path(path)
    check_writable(target)
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent
        )
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write `content` (text as UTF-8) to `path`, whole or not at all.

    Raises
    ------
    OutputError
        See `replacing`.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise `OutputError` at once if `path` cannot become a file; writes nothing."""
    target = Path(path)
    if not target.parent.is_dir():
        raise _unwritable(target, f"no folder {target.parent}")
    if target.is_dir():
        raise _unwritable(target, "a folder of that name")
    # Moving a file over a device or a pipe would replace it for everyone on the machine.
    if target.exists() and not target.is_file():
        raise _unwritable(target, "a device or pipe of that name")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise _unwritable(target, f"no permission to write in {target.parent}")


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
