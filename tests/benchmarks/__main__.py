"""Run the benchmarks and write the tables that the README quotes.

python -m pip install -e '.[benchmarks]'
python -m tests.benchmarks                  all subjects, into tests/benchmarks/results.md
python -m tests.benchmarks --only datum     one subject; the others' tables stay
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from hetao_geo import files
from tests.benchmarks import harness

RESULTS = Path(__file__).with_name("results.md")
VERSIONS = ("numpy", "shapely", "pyproj", "geopandas")
HEAD = """# Benchmarks

Written by `python -m tests.benchmarks`: ours and the peers take turns, round by round, in one
run; medians of the rounds. "time / ours" is the ratio of the medians.
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=harness.SUBJECTS, help="measure one subject alone")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds of each case (7)")
    parser.add_argument("--output", type=Path, default=RESULTS, help="results.md by default")
    args = parser.parse_args()
    files.check_writable(args.output)
    for subject in (args.only,) if args.only else harness.SUBJECTS:
        if find_spec(f"tests.benchmarks.{subject}"):
            write(args.output, subject, run(subject, args.rounds))


def run(subject: str, rounds: int) -> str:
    """Return the section of one subject, printing each table when it is done."""
    parts = [f"## {subject}\n", conditions(rounds)]
    for case in import_module(f"tests.benchmarks.{subject}").cases():
        print(f"{subject}: {case.title}", file=sys.stderr, flush=True)
        parts.append(harness.table(case, harness.measure(case, rounds)))
        print(parts[-1], flush=True)
    return "\n".join(parts)


def write(path: Path, subject: str, section: str) -> None:
    """Put one section into the results, in place of its former self."""
    text = files.read_text(path) if path.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", text)
    kept = {s.split()[1]: s for s in sections} | {subject: section}
    ordered = [kept[name] for name in harness.SUBJECTS if name in kept]
    files.write(path, "\n".join(part.strip() + "\n" for part in [head, *ordered]))


def conditions(rounds: int) -> str:
    """Return the machine and the versions as one line."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS)
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}; {rounds} rounds.\n"
    )


def processor() -> str:
    info = Path("/proc/cpuinfo")
    found = info.exists() and re.search(r"(?m)^model name\s*: (.*)$", info.read_text("utf-8"))
    return found.group(1) if found else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
