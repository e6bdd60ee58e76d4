"""Peers that run in a process of their user_polygons: plain Python ones, and those for node.

A process can be ended when it does not return, and node has no other way in.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.harness import Entry, Timed

HERE = Path(__file__).parent
# Plain Python takes microseconds a point: these peers get a fiftieth of the points.
SHARE = 0.02

Pair = tuple[np.ndarray, np.ndarray]


class Refusal(Exception):
    """A peer that is not there, fails, or does not return."""


@dataclass(frozen=True)
class Outsider:
    """A peer in another process: its name, the language it is for, its part of the points."""

    name: str
    language: str

    @property
    def share(self) -> float:
        return SHARE if self.language == "python" else 1.0

    def command(self) -> list[str]:
        if self.language == "python":
            return [sys.executable, str(HERE / "worker.py"), self.name]
        return [_node(), str(HERE / "worker.mjs"), self.name]

    def call(self, command: str, points: Pair, patience: float | None = None) -> tuple[Timed, str]:
        """Return its own seconds with its result, and its version."""
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "in"), Path(folder, "out")
            np.concatenate(points).tofile(source)
            words = [*self.command(), command, str(source), str(target)]
            try:
                done = subprocess.run(words, capture_output=True, timeout=patience, check=True)
            except subprocess.TimeoutExpired:
                raise Refusal(f"does not return (ended after {patience:g} s)") from None
            except subprocess.CalledProcessError as error:
                raise Refusal(_last_line(error.stderr)) from error
            told = json.loads(done.stdout)
            return Timed(told["seconds"], np.fromfile(target).reshape(2, -1)), told["version"]

    def entry(self, command: str, points: Pair, error: Callable[[Any], float], note: str) -> Entry:
        """Return its entry after a trial on a few points."""
        count = round(self.share * points[0].size)
        given = (points[0][:count], points[1][:count])
        label = self.name if self.language == "python" else f"{self.name} (node)"
        try:
            _, version = self.call(command, (given[0][:9], given[1][:9]))
        except Refusal as reason:
            return Entry(label, None, missing=str(reason))
        run = lambda: self.call(command, given)[0]  # noqa: E731
        return Entry(label, run, error, self.share, version, note=note)


OUTSIDERS = (
    Outsider("gcoord", "node"),
    Outsider("coordtransform", "node"),
    Outsider("prcoords", "node"),
    Outsider("coord-convert", "python"),
    Outsider("prcoords", "python"),
    Outsider("eviltransform", "python"),
)


@cache
def _node() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Refusal("node and npm are not installed")
    if not (HERE / "node_modules").is_dir():
        subprocess.run([npm, "install", "--silent", "--no-package-lock"], cwd=HERE, check=True)
    return node


def _last_line(text: bytes) -> str:
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "failed without a word"
