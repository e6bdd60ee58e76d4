"""Time ours and its peers in alternation; medians, ratios, errors and memory as Markdown.

A subject yields `Case` objects. Each has ours and the peers as `Entry` objects: a callable
without arguments and, if there is a truth to compare with, a function from its result to the
largest error. Everything slow that is not to be timed (imports, making the data) belongs
outside the callable. Example::

    def cases():
        lon, lat = points(1_000_000)
        yield Case(
            title="WGS 84 to GCJ-02, numpy arrays",
            size=1_000_000,
            unit="points",
            error_unit="degrees",
            target="at least 5 times the fastest peer on PyPI",
            ours=Entry("hetao_geo", lambda: datum.wgs84_to_gcj02(lon, lat), worst),
            peers=[peer("transbigdata", lambda tbd: lambda: tbd.wgs84togcj02(lon, lat), worst)],
        )

A callable that measures itself (another process, another language) returns `Timed`.
"""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import Any

SUBJECTS = ("datum", "area", "location")


@dataclass(frozen=True)
class Timed:
    """What a callable returns that took its own time: seconds, and the result."""

    seconds: float
    result: Any = None
    peak_bytes: int | None = None


@dataclass(frozen=True)
class Entry:
    """One implementation of a case.

    `share` is the part of the case's size that a very slow one works on; its time is scaled up
    and the table says so. `version` is that of the distribution `name` unless given. `missing`
    holds the reason why it cannot run.
    """

    name: str
    run: Callable[[], Any] | None
    error: Callable[[Any], float] | None = None
    share: float = 1.0
    version: str = ""
    missing: str = ""
    note: str = ""


@dataclass(frozen=True)
class Case:
    """One thing that is measured, with ours and the peers."""

    title: str
    size: int
    unit: str
    ours: Entry
    peers: Sequence[Entry]
    error_unit: str = ""
    target: str = ""


@dataclass
class Row:
    """What was measured of one entry: seconds of every round, at the case's full size."""

    entry: Entry
    seconds: list[float] = field(default_factory=list)
    error: float | None = None
    peak_bytes: int | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def peer(
    module: str,
    make: Callable[[Any], Callable[[], Any]],
    error: Callable[[Any], float] | None = None,
    *,
    name: str = "",
    distribution: str = "",
    share: float = 1.0,
    note: str = "",
) -> Entry:
    """Return the entry of an importable peer, or one that says that it is not installed."""
    name = name or module
    try:
        imported = import_module(module)
        version = metadata.version(distribution or module.partition(".")[0])
    except (ImportError, metadata.PackageNotFoundError) as reason:
        return Entry(name, None, missing=f"not installed ({reason})")
    return Entry(name, make(imported), error, share, version, note=note)


def measure(case: Case, rounds: int) -> list[Row]:
    """Return a row for each entry that can run: one untimed run for error and memory first."""
    rows = [Row(entry) for entry in (case.ours, *case.peers) if entry.run is not None]
    for row in rows:
        _rehearse(row)
    for _ in range(rounds):
        for row in rows:
            row.seconds.append(_time(row.entry)[0] / row.entry.share)
    return rows


def _rehearse(row: Row) -> None:
    tracemalloc.start()
    _, result, own_peak, outside = _time(row.entry)
    row.peak_bytes = own_peak if outside else tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    row.error = row.entry.error(result) if row.entry.error else None


def _time(entry: Entry) -> tuple[float, Any, int | None, bool]:
    assert entry.run is not None
    gc.collect()
    start = time.perf_counter()
    result = entry.run()
    seconds = time.perf_counter() - start
    if isinstance(result, Timed):
        return result.seconds, result.result, result.peak_bytes, True
    return seconds, result, None, False


def table(case: Case, rows: Sequence[Row]) -> str:
    """Return the Markdown of one case."""
    lines = [f"### {case.title}", "", f"{case.size:,} {case.unit}. {_target(case)}".rstrip(), ""]
    lines.append(
        f"| implementation | median | per {case.unit[:-1]} | time / ours | error | memory |"
    )
    lines.append("|---|---:|---:|---:|---:|---:|")
    ours = rows[0].median
    lines += [_line(case, row, ours) for row in rows]
    lines += ["", *(f"{e.name}: {e.missing}." for e in case.peers if e.missing)]
    return "\n".join(lines).rstrip() + "\n"


def _target(case: Case) -> str:
    return f"Wanted: {case.target}." if case.target else ""


def _line(case: Case, row: Row, ours: float) -> str:
    entry = row.entry
    marks = [f"on {entry.share * case.size:,.0f}"] if entry.share != 1 else []
    marks += [entry.note] if entry.note else []
    name = " ".join([entry.name, entry.version]).strip() + (
        f" ({'; '.join(marks)})" if marks else ""
    )
    error = f"{row.error:.2g} {case.error_unit}".strip() if row.error is not None else ""
    memory = f"{row.peak_bytes / 1e6:,.0f} MB" if row.peak_bytes and entry.share == 1 else ""
    cells = [name, _seconds(row.median), _seconds(row.median / case.size)]
    cells += [f"{row.median / ours:.1f}", error, memory]
    return "| " + " | ".join(cells) + " |"


def _seconds(value: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"
