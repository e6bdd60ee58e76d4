"""The README is a user's first hour: its numbers are current and its commands run."""

import os
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
PYTHON = [body for kind, body in BLOCKS if kind == "python"]
# The set-up commands install packages from the network; CI runs them in a clean clone.
SHELL = [body for kind, body in BLOCKS if kind == "sh" and "hetao-geo" in body.split()[0]]


def commands(block: str) -> list[list[str]]:
    lines = block.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def test_it_shows_what_it_is_within_25_lines() -> None:
    head = "\n".join(README.splitlines()[:25])
    assert "![" in head
    assert "hetao-geo map" in head
    assert (ROOT / "maps" / "hetao.png").is_file()


def test_the_area_table_is_current() -> None:
    shown = README.split("<!-- verify: begin -->")[1].split("<!-- verify: end -->")[0]
    assert shown.strip() == report.render(verify(), "markdown-table").strip()


@pytest.mark.parametrize("block", SHELL)
def test_the_commands_run(block: str, tmp_path: Path) -> None:
    for words in commands(block):
        assert words[0] == "hetao-geo"
        done = subprocess.run(
            [sys.executable, "-m", "hetao_geo", *words[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, (words, done.stderr)


def test_the_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    assert PYTHON
    for body in PYTHON:
        exec(compile(body, "README.md", "exec"), names)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_quoted_time_stands_in_the_benchmark_results() -> None:
    results = (ROOT / "tests" / "benchmarks" / "results.md").read_text(encoding="utf-8")
    section = README.split("## How fast")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and " ms |" in line]
    assert len(rows) == 4
    for row in rows:
        _, _, ours, others, _ = row.split("|")
        for figure in [ours.strip(), *re.findall(r"\d+\.\d+", others)]:
            assert f"| {figure} |" in results, figure


def test_the_citation_is_the_one_that_the_command_prints() -> None:
    citation = (ROOT / "hetao_geo" / "assets" / "citation.bib").read_text(encoding="utf-8")
    assert f"```bibtex\n{citation}```" in README
