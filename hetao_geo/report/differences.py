"""A plot of the differences of many declared areas: how many rows are how far off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hetao_geo import files, style, text
from hetao_geo.errors import MissingExtraError, UsageError
from hetao_geo.verification import Report
from hetao_geo.verification.summary import EDGES

FORMATS = (".png", ".svg", ".pdf")


def check(path: str | os.PathLike[str]) -> None:
    """Raise at once if no plot could be written there.

    Raises
    ------
    UsageError
        The name ends in no known format.
    OutputError
        The folder does not exist or cannot be written.
    MissingExtraError
        matplotlib is not installed.
    """
    if Path(path).suffix.lower() not in FORMATS:
        raise UsageError(
            "unknown format of a plot",
            where=os.fspath(path),
            expected=f"a name that ends in {', '.join(FORMATS)}",
            found=repr(Path(path).suffix),
        )
    files.check_writable(path)
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "a plot needs matplotlib", hint="pip install 'hetao_geo[figure]'"
        ) from error


def save(report: Report, path: str | os.PathLike[str]) -> None:
    """Plot the rows by their difference and write PNG, SVG or PDF; same report, same bytes.

    Parameters
    ----------
    report : Report
        What `hetao_geo.verify` returned.
    path : path
        See `check` for what it may raise.
    """
    check(path)
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "hetao_geo", "svg.fonttype": "none"}):
        figure = Figure(figsize=(8, 4), layout="constrained")
        _draw(figure.add_subplot(), report)
        kind = Path(path).suffix.lower()[1:]
        dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
        maker = {} if kind == "svg" else {"Software" if kind == "png" else "Producer": None}
        with files.replacing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=150, metadata={**dates, **maker})


def _draw(axes: Any, report: Report) -> None:
    words, limit = text.labels("report", "en"), report.max_difference
    classes = report.summary.classes
    # Class k holds what lies between edges k - 1 and k; the outermost are open.
    within = [limit is not None and _inside(k, 100 * limit) for k in range(len(classes))]
    colours = [style.role("shenzhen-park" if w else "hong-kong-park").fill for w in within]
    axes.bar(range(len(classes)), classes, width=0.9, color=colours)
    axes.set_yscale("symlog", linthresh=1)
    ticks = [k + 0.5 for k in range(len(EDGES))]
    axes.set_xticks(ticks, [f"{edge:g}" for edge in EDGES], rotation=90)
    axes.set_xlabel(words["axis"])
    axes.set_ylabel(words["rows"])
    name = f"{report.origin.file}: " if report.origin else ""
    axes.set_title(f"{name}{report.summary.rows:,} {words['rows'].lower()}", parse_math=False)


def _inside(k: int, limit: float) -> bool:
    if not 0 < k < len(EDGES):
        return False
    return max(abs(EDGES[k - 1]), abs(EDGES[k])) <= limit * (1 + 1e-9)
