"""The figure as matplotlib knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib import style
from matplotlib.figure import Figure

from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.composition import Sheet
from hetao_geo.figure.layout import Size
from hetao_geo.figure.marks import Mark

if TYPE_CHECKING:
    from hetao_geo.figure.truetype import FontSet

_NOTEBOOK_DPI = 150


@contextmanager
def settings() -> Iterator[None]:
    """Draw with matplotlib's own settings, whatever the reader has set."""
    wanted: Any = {"text.hinting": "none", "pdf.fonttype": 42, "pdf.compression": 6}
    with style.context("default"), matplotlib.rc_context(wanted):
        yield


class MapFigure(Figure):
    """A border map; in a notebook it shows itself.

    Attributes
    ----------
    sheet : hetao_geo.figure.composition.Sheet
        What is drawn.
    fonts : hetao_geo.figure.truetype.FontSet
        The fonts; their files last as long as the figure.
    pixels : tuple of int, optional
        Width and height of a picture for a screen.
    """

    def __init__(self, sheet: Sheet, fonts: FontSet, size: Size) -> None:
        inches = (sheet.width / 72, (sheet.high - sheet.low) / 72)
        super().__init__(figsize=inches, facecolor="white")
        self.sheet, self.fonts, self.pixels = sheet, fonts, size.pixels
        self.pixel = size.pixel
        axes = self.add_axes((0, 0, 1, 1))
        axes.set_xlim(sheet.left, sheet.left + sheet.width)
        axes.set_ylim(sheet.low, sheet.high)
        axes.set_axis_off()
        canvas = Canvas(axes, fonts, size.pixel)
        for number, section in enumerate(sheet.sections):
            canvas.mark(Mark(section.tag, f"<</MCID {number}>>"))
            canvas.draw(section.items, clip=section.clip)
            canvas.draw(section.over)
            canvas.mark(Mark())

    def _repr_png_(self) -> bytes:
        """Return the picture that a notebook shows."""
        picture = BytesIO()
        with settings():
            self.savefig(picture, format="png", dpi=_NOTEBOOK_DPI)
        return picture.getvalue()
