"""The README is a user's first hour: its numbers are current and its commands run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hetao_geo import report
from hetao_geo.verification import verify

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
# Set-up commands install packages from the network; CI runs these two in a clean clone.
SET_UP = re.compile(r"pip install|-m venv")


def commands() -> list[str]:
    text = "\n".join(body for kind, body in BLOCKS if kind == "sh").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [s for s in lines if s.startswith("hetao-geo ") and not SET_UP.search(s)]


def test_it_shows_what_it_is_within_25_lines() -> None:
    head = "\n".join(README.splitlines()[:25])
    assert "![" in head
    assert "hetao-geo map" in head
    assert (ROOT / "maps" / "hetao.png").is_file()


def test_the_area_table_is_current() -> None:
    shown = README.split("<!-- verify: begin -->")[1].split("<!-- verify: end -->")[0]
    assert shown.strip() == report.render(verify(), "markdown-table").strip()


@pytest.mark.parametrize("command", commands())
def test_a_command_runs(command: str, tmp_path: Path) -> None:
    words = shlex.split(command, comments=True)
    done = subprocess.run(
        [sys.executable, "-m", "hetao_geo", *words[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    bodies = [body for kind, body in BLOCKS if kind == "python"]
    assert bodies
    for body in bodies:
        exec(compile(body, "README.md", "exec"), names)
