"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from hetao_geo import files
from hetao_geo.errors import DataError, OutputError


def test_text_comes_back_as_it_was(tmp_path: Path) -> None:
    files.write(tmp_path / "河套.txt", "一河兩園\n")
    assert files.read_text(tmp_path / "河套.txt") == "一河兩園\n"
    assert [p.name for p in tmp_path.iterdir()] == ["河套.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), files.replacing(target) as draft:
        draft.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="device or pipe"):
        files.write(pipe, "text")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["no/folder/x.txt", "."])
def test_a_place_that_cannot_hold_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot write the output"):
        files.write(tmp_path / name, "text")


def test_a_folder_that_takes_no_files() -> None:
    if not Path("/proc/self").is_dir():
        raise pytest.skip.Exception("needs /proc, a folder in which nobody can make files")
    with pytest.raises(OutputError, match="cannot write the output"):
        files.write("/proc/x.txt", "text")


def test_text_that_is_not_utf8_names_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes("名 = 1".encode("gbk"))
    with pytest.raises(DataError, match=r"byte 0.*0xc3"):
        files.read_text(path)
