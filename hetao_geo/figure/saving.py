"""Write a figure as PNG, SVG or PDF, the same bytes each time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetao_geo import __version__, files, text
from hetao_geo.errors import UsageError
from hetao_geo.figure.composition import build_figure, require_matplotlib
from hetao_geo.figure.layout import millimetres

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
"""Suffixes of the files that can be written."""

# Below 36 dpi nothing can be read; above 100 million pixels (400 MB of memory) a vector format
# serves better.
_DPI = (36, 2400)
_MOST_PIXELS = 100_000_000


def save_figure(
    path: str | os.PathLike[str],
    *,
    language: str = "en",
    width: str | float = "170mm",
    dpi: float = 300,
    font: str | None = None,
) -> Path:
    """Draw the border map for print and write it.

    Parameters
    ----------
    path : path
        File to write; the suffix ``.png``, ``.svg`` or ``.pdf`` says the format. Letters are text
        in a PDF and outlines in an SVG, so both role_style alike on every machine.
    language, width, font
        As in `build_figure`.
    dpi : float
        Dots to an inch of a PNG, 36 to 2,400.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    UsageError
        An unknown suffix, an unusable dpi, and what `build_figure` raises.
    OutputError
        The file cannot be written.
    MissingExtraError
        matplotlib is not installed, or too old.
    """
    target = Path(path)
    suffix = check(target, language=language, width=width, dpi=dpi)
    files.check_writable(target)
    require_matplotlib()
    figure = build_figure(language=language, width=width, font=font)
    size = figure.get_figwidth() * figure.get_figheight() * dpi**2
    if suffix == "png" and size > _MOST_PIXELS:
        raise _unusable(dpi, "an image of at most 100 million pixels", f"{size / 1e6:,.0f} million")
    with files.replacing(target) as temporary:
        _write(figure, temporary, suffix, language, dpi)
    return target


def check(target: Path, *, language: str, width: str | float, dpi: float) -> str:
    """Return the format, or raise `UsageError` for what could not be drawn or written as asked."""
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError(
            "unknown format of a figure",
            where=str(target),
            expected=f"a file name that ends in {', '.join('.' + f for f in FORMATS)}",
            found=repr(target.suffix),
        )
    text.check_language(language)
    millimetres(width)
    if not _DPI[0] <= dpi <= _DPI[1]:
        raise _unusable(dpi, f"{_DPI[0]} to {_DPI[1]:,}", f"{dpi:g}")
    return suffix


def _unusable(dpi: float, expected: str, found: str) -> UsageError:
    return UsageError(
        f"unusable resolution {dpi:g} dpi",
        where="--dpi",
        expected=expected,
        found=found,
        hint="print wants 300 to 600; for more choose .pdf or .svg",
    )


def _write(figure: Figure, path: Path, suffix: str, language: str, dpi: float) -> None:
    import matplotlib

    # Without a salt, SVG ids are random; a date would differ from run to run.
    fixed: dict[Any, Any] = {
        "svg.hashsalt": "hetao_geo",
        "svg.fonttype": "path",
        "text.hinting": "none",
    }
    fixed |= {"pdf.fonttype": 42, "pdf.compression": 6, "svg.image_inline": True}
    with matplotlib.style.context("default"), matplotlib.rc_context(fixed):
        figure.savefig(path, format=suffix, dpi=dpi, metadata=_metadata(suffix, language))


def _metadata(suffix: str, language: str) -> Mapping[str, Any]:
    words = text.labels("figure", language)
    title, maker = words["title"], f"hetao_geo {__version__}"
    if suffix == "png":
        return {"Title": title, "Software": maker}
    note = text.labels("common", language)["approximate"]
    if suffix == "pdf":
        made = {"CreationDate": None, "ModDate": None, "Producer": maker, "Creator": maker}
        return {"Title": title, "Subject": note, **made}
    return {
        "Title": title,
        "Description": note,
        "Creator": maker,
        "Date": None,
        "Language": language,
    }
