"""Files are written whole or not at all."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hetao_geo import files
from hetao_geo.errors import DataError, OutputError, UsageError


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
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text, "utf-8")
        files.write(pipe, "text")
        assert read.result(timeout=10) == "text"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_device_and_standard_output_are_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    files.write(os.devnull, "text")
    files.write("-", "text")
    assert capfdbinary.readouterr().out == b"text"
    files.write("./-", "file")
    assert [path.name for path in tmp_path.iterdir()] == ["-"]
    assert not Path(os.devnull).is_file()


def test_a_link_is_followed_and_modes_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    link.symlink_to("target.txt")
    files.write(link, "new")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    dangling = tmp_path / "dangling.txt"
    dangling.symlink_to("made.txt")
    files.write(dangling, "new")
    assert (tmp_path / "made.txt").read_text("utf-8") == "new"


@pytest.mark.parametrize("name", ["in.txt", "link.txt", "hard.txt", "sub/../in.txt"])
def test_no_output_is_an_input_by_any_name(tmp_path: Path, name: str) -> None:
    source = tmp_path / "in.txt"
    source.write_text("old", "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.txt").symlink_to(source)
    os.link(source, tmp_path / "hard.txt")
    with pytest.raises(OutputError, match="is the file itself"):
        files.check_writable(tmp_path / name, inputs=[source])
    files.check_writable(tmp_path / "other.txt", inputs=[source, tmp_path / "missing.txt"])


def test_endings_and_long_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected \.html.*found \.png"):
        files.check_writable(tmp_path / "map.png", endings=[".html"])
    files.check_writable(os.devnull, endings=[".html"])
    name = "界" * 83 + ".html"
    files.write(tmp_path / name, "text")
    assert [path.name for path in tmp_path.iterdir()] == [name]


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
