"""A plot of the differences of many declared areas: how many rows are how far off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hetao_geo import files, style, text
from hetao_geo.errors import MissingExtraError, UsageError
from hetao_geo.verification.many import CLASSES, Summary

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


def save(summary: Summary, path: str | os.PathLike[str]) -> None:
    """Plot the rows by their difference and write PNG, SVG or PDF; same summary, same bytes.

    Parameters
    ----------
    summary : Summary
        What `hetao_geo.verification.many.verify_file` returned.
    path : path
        See `check` for what it may raise.
    """
    check(path)
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "hetao_geo", "svg.fonttype": "none"}):
        figure = Figure(figsize=(8, 4), layout="constrained")
        _draw(figure.add_subplot(), summary)
        kind = Path(path).suffix.lower()[1:]
        dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
        maker = {} if kind == "svg" else {"Software" if kind == "png" else "Producer": None}
        with files.replacing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=150, metadata={**dates, **maker})


def _draw(axes: Any, summary: Summary) -> None:
    words = text.labels("declared", "en")
    limit = summary.max_difference
    edges = [-edge for edge in CLASSES[::-1]] + [0.0, *CLASSES]
    # Class k holds what lies between edges k - 1 and k; the outermost are open.
    within = [limit is not None and _inside(k, edges, 100 * limit) for k in range(34)]
    colours = [style.role("shenzhen-park" if one else "hong-kong-park").fill for one in within]
    axes.bar(range(34), summary.classes, width=0.9, color=colours)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_xticks([k + 0.5 for k in range(33)], [f"{edge:g}" for edge in edges], rotation=90)
    axes.set_xlabel(words["axis"])
    axes.set_ylabel(words["rows"])
    axes.set_title(f"{summary.file}: {summary.rows:,} {words['rows']}", parse_math=False)


def _inside(k: int, edges: list[float], limit: float) -> bool:
    return 0 < k < 33 and max(abs(edges[k - 1]), abs(edges[k])) <= limit * (1 + 1e-9)
