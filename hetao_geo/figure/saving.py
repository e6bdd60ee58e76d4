"""Write a figure as PNG, SVG or PDF, the same bytes each time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetao_geo import __version__, files, text
from hetao_geo.catalog import Feature
from hetao_geo.errors import UsageError
from hetao_geo.figure import building

if TYPE_CHECKING:
    from hetao_geo.figure.map_figure import MapFigure

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
    size: str | None = None,
    place: str | None = None,
    polygons: Iterable[Feature] | None = None,
    plain: bool = False,
    dpi: float = 300,
    font: str | os.PathLike[str] | None = None,
    outlines: bool = False,
) -> Path:
    """Draw the border map for print and write it.

    Parameters
    ----------
    path : path
        File to write; the suffix ``.png``, ``.svg`` or ``.pdf`` says the format.
    language, width, size, place, polygons, plain, font
        As in `build_figure`.
    dpi : float
        Dots to an inch of a PNG, 36 to 2,400; without effect where `size` gives the pixels.
    outlines : bool
        Letters as outlines in an SVG, so that it looks alike without the fonts; else as text.

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
    suffix = check(target, dpi=dpi)
    building.check(language=language, width=width, size=size)
    files.check_writable(target)
    building.require_matplotlib()
    figure = building.build_figure(
        language=language,
        width=width,
        size=size,
        place=place,
        polygons=polygons,
        plain=plain,
        font=font,
    )
    if figure.pixels:
        dpi = figure.pixels[0] / figure.get_figwidth()
    pixels = figure.get_figwidth() * figure.get_figheight() * dpi**2
    if suffix == "png" and pixels > _MOST_PIXELS:
        found = f"{pixels / 1e6:,.0f} million"
        raise _unusable(dpi, "an image of at most 100 million pixels", found)
    with files.replacing(target) as temporary:
        _write(figure, temporary, suffix, language, dpi, outlines)
    return target


def check(target: Path, *, dpi: float) -> str:
    """Return the format, or raise `UsageError` for what cannot be written as asked."""
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError(
            "unknown format of a figure",
            where=str(target),
            expected=f"a file name that ends in {', '.join('.' + f for f in FORMATS)}",
            found=repr(target.suffix),
        )
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


def _write(
    figure: MapFigure, path: Path, suffix: str, language: str, dpi: float, outlines: bool
) -> None:
    if suffix == "svg":
        from hetao_geo.figure.svg import document

        path.write_text(document(figure, language, outlines=outlines), encoding="utf-8")
        return
    from hetao_geo.figure.map_figure import settings

    with settings():
        figure.savefig(path, **_options(suffix), dpi=dpi, metadata=_metadata(suffix, language))
    if suffix == "pdf":
        from hetao_geo.figure.tagging import tag

        tag(path, figure, language)


def _options(suffix: str) -> dict[str, Any]:
    # Level 4 takes half the time of level 6 for a file that is 1 % larger.
    fast = {"pil_kwargs": {"compress_level": 4}} if suffix == "png" else {}
    return {"format": suffix, **fast}


def _metadata(suffix: str, language: str) -> Mapping[str, Any]:
    title, maker = text.labels("figure", language)["title"], f"hetao_geo {__version__}"
    if suffix == "png":
        return {"Title": title, "Software": maker}
    note = text.labels("common", language)["approximate"]
    made = {"CreationDate": None, "ModDate": None, "Producer": maker, "Creator": maker}
    return {"Title": title, "Subject": note, **made}
