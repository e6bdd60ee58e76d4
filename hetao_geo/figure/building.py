"""Make the figure: what is asked for, the fonts, and the parts put together."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hetao_geo import text
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.catalog import Feature
from hetao_geo.errors import MissingExtraError
from hetao_geo.figure import composition, fonts, window
from hetao_geo.figure.layout import paper, screen
from hetao_geo.figure.truetype import FontSet
from hetao_geo.figure.window import Request

if TYPE_CHECKING:
    from hetao_geo.figure.map_figure import MapFigure

# matplotlib chooses a face of a font collection since 3.11; before, Noto Sans CJK was Japanese.
_MATPLOTLIB = (3, 11)


def build_figure(
    *,
    language: str = "en",
    width: str | float = "170mm",
    size: str | None = None,
    place: str | None = None,
    polygons: Iterable[Feature] | None = None,
    plain: bool = False,
    font: str | os.PathLike[str] | None = None,
) -> MapFigure:
    """Draw the border map for print.

    Parameters
    ----------
    language : str
        One of `hetao_geo.text.LANGUAGES`.
    width : str or float
        Width with a unit, ``170mm``, ``17cm`` or ``6.7in``; a bare number is in millimetres. The
        height follows.
    size : str, optional
        Width and height in pixels of a picture for a screen, such as ``1080x1350``; `width` is
        then not used.
    place : str, optional
        Id of a park, part or crossing that fills the map, such as ``hong-kong-park``.
    polygons : iterable of Feature, optional
        Polygons (WGS 84, longitude first, degrees) that are drawn in place of the parks.
    plain : bool
        Without graticule and table.
    font : path or str, optional
        A font family or file to use instead of the language's own.

    Returns
    -------
    MapFigure
        A `matplotlib.figure.Figure` in points (1/72 inch) on one set of axes, made without
        pyplot; it shows itself in a notebook, and `save_figure` writes it.

    Raises
    ------
    UsageError
        An unknown language or place, an unusable width or size, or no font with the characters.
    MissingExtraError
        matplotlib is not installed, or too old.
    """
    request = check(language=language, width=width, size=size, place=place, plain=plain)
    if polygons is not None:
        request = Request(request.size, plain, place, tuple(polygons))
    require_matplotlib()
    from hetao_geo.figure.map_figure import MapFigure, settings

    known = window.layers(request)
    letters = composition.characters(language, known)
    face = fonts.choose(language, letters, None if font is None else os.fspath(font))
    types = FontSet(face, letters, latin_quotes=language == "en")
    scale, pixel = request.size.scale, request.size.pixel
    lettering = Lettering(language, types, pixel, scale, scheme="print")
    with settings():
        sheet = composition.compose(request, known, lettering)
        return MapFigure(sheet, types, request.size)


def check(
    *,
    language: str,
    width: str | float,
    size: str | None = None,
    place: str | None = None,
    plain: bool = False,
) -> Request:
    """Return what is asked for, or raise `UsageError` for what cannot be drawn."""
    language = text.check_language(language)
    return Request(paper(width) if size is None else screen(size), plain, place)


def require_matplotlib() -> None:
    """Raise `MissingExtraError` unless a matplotlib that can choose font faces is there."""
    try:
        import matplotlib
    except ImportError as error:
        raise _missing("none") from error
    if matplotlib.__version_info__[:2] < _MATPLOTLIB:
        raise _missing(matplotlib.__version__)


def _missing(found: str) -> MissingExtraError:
    return MissingExtraError(
        "a figure needs matplotlib",
        expected="3.11 or newer",
        found=found,
        hint="pip install 'hetao_geo[figure]'",
    )
