"""Write a figure as SVG: shapes as paths, words as text with the fonts named, or as outlines."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hetao_geo import __version__, style, text
from hetao_geo.cartography.drawing import Item, Shape, Text, rings

if TYPE_CHECKING:
    from hetao_geo.figure.map_figure import MapFigure
    from hetao_geo.figure.map_part import Section

_ANCHOR = {"left": "start", "center": "middle", "right": "end"}
_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}


def document(figure: MapFigure, language: str, *, outlines: bool) -> str:
    """Return the figure as an SVG document.

    Parameters
    ----------
    figure : MapFigure
        What to write.
    language : str
        One of `hetao_geo.text.LANGUAGES`.
    outlines : bool
        Letters as outlines instead of text.
    """
    return "\n".join([*_Writer(figure, language, outlines=outlines).lines(), ""])


class _Writer:
    def __init__(self, figure: MapFigure, language: str, *, outlines: bool) -> None:
        self.figure, self.language, self.outlines = figure, language, outlines
        self.high = figure.sheet.high

    def lines(self) -> Iterator[str]:
        sheet, words = self.figure.sheet, text.labels("figure", self.language)
        wide, high = sheet.width, sheet.high - sheet.low
        unit = "pt"
        if self.figure.pixels:
            size = 'width="{}" height="{}"'.format(*self.figure.pixels)
        else:
            size = f'width="{wide:.3f}{unit}" height="{high:.3f}{unit}"'
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
            f'viewBox="{self.figure.sheet.left:.3f} 0 {wide:.3f} {high:.3f}" '
            f'xml:lang="{self.language}" lang="{self.language}" role="img" '
            f'font-family="{escape(self._families())}">'
        )
        yield f"<title>{escape(words['title'])}</title>"
        note = text.labels("common", self.language)["approximate"]
        yield f"<desc>{escape(words['alt'])} {escape(note)}. hetao_geo {__version__}</desc>"
        yield (
            f'<rect x="{self.figure.sheet.left:.3f}" width="{wide:.3f}" height="{high:.3f}" '
            'fill="#ffffff"/>'
        )
        for number, section in enumerate(sheet.sections):
            yield from self._section(section, number)
        yield "</svg>"

    def _families(self) -> str:
        names = [self.figure.fonts.face.family, *style.fonts(self.language)]
        return ", ".join(f"'{name}'" for name in dict.fromkeys(names)) + ", sans-serif"

    def _section(self, section: Section, number: int) -> Iterator[str]:
        clip = ""
        if section.clip is not None:
            clip = f' clip-path="url(#clip-{number})"'
            yield f'<clipPath id="clip-{number}"><path d="{self._path(section.clip)}"/></clipPath>'
        label = f' role="img" aria-label="{escape(section.text)}"' if section.text else ""
        yield f"<g{label}>"
        for item in section.items:
            if isinstance(item, Shape):
                yield from self._shape(item, clip)
            else:
                yield self._text(item)
        for item in section.over:
            yield from self._item(item)
        yield "</g>"

    def _item(self, item: Item) -> Iterator[str]:
        if isinstance(item, Shape):
            yield from self._shape(item, "")
        else:
            yield self._text(item)

    def _shape(self, item: Shape, clip: str) -> Iterator[str]:
        if item.geometry.is_empty:
            return
        pixel = self.figure.pixel
        parts = [f'id="{escape(item.name)}"'] if item.name else []
        parts.append(f'fill="{item.fill or "none"}"')
        if item.fill and item.opacity < 1:
            parts.append(f'fill-opacity="{item.opacity:g}"')
        if item.stroke:
            parts.append(f'stroke="{item.stroke}" stroke-width="{item.width * pixel:.3f}"')
            parts.append('stroke-linejoin="round"')
            if not item.fill and item.opacity < 1:
                parts.append(f'stroke-opacity="{item.opacity:g}"')
            if item.dash:
                dash = " ".join(f"{d * pixel:.3f}" for d in item.dash)
                parts.append(f'stroke-dasharray="{dash}"')
            if item.round_cap:
                parts.append('stroke-linecap="round"')
        yield f'<path {" ".join(parts)}{clip} d="{self._path(item.geometry)}"/>'

    def _path(self, geometry: BaseGeometry) -> str:
        rows = []
        for ring in rings(geometry):
            points = shapely.get_coordinates(ring)
            closed = ring.geom_type == "LinearRing"
            pairs = points[:-1] if closed else points
            row = " ".join(f"{x:.2f},{self.high - y:.2f}" for x, y in pairs.tolist())
            rows.append(f"M{row}{'Z' if closed else ''}")
        return "".join(rows)

    def _text(self, item: Text) -> str:
        x, y = item.x, self.high - item.y
        turn = f' transform="rotate({-item.angle:.2f} {x:.2f} {y:.2f})"' if item.angle else ""
        halo = ""
        if item.halo:
            width = max(1.3, 3.2 * self.figure.pixel)
            halo = (
                f' stroke="{item.halo}" stroke-width="{width:.2f}" stroke-linejoin="round" '
                'paint-order="stroke"'
            )
        if self.outlines:
            return f'<path fill="{item.how.colour}"{halo}{turn} d="{self._letters(item)}"/>'
        how = item.how
        look = f'font-size="{how.size:.2f}" fill="{how.colour}"'
        look += ' font-weight="bold"' if how.bold else ""
        look += ' font-style="italic"' if how.italic else ""
        look += f' letter-spacing="{how.spacing:g}em"' if how.spacing else ""
        anchor = _ANCHOR[item.align]
        place = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"'
        return f"<text {place} {look}{halo}{turn}>{escape(item.line)}</text>"

    def _letters(self, item: Text) -> str:
        """Return the outlines of a line, its letters as far apart as the font has them."""
        fonts, how = self.figure.fonts, item.how
        x = item.x - _SHARE[item.align] * fonts.width(item.line, how)
        rows = []
        for letter in item.line:
            vertices, codes = fonts.outline(letter, how)
            at = vertices * how.size * [1, -1] + np.array([x, self.high - item.y])
            rows.append(_outline(at, codes))
            x += fonts.width(letter, how)
        return "".join(rows)


def _outline(points: np.ndarray, codes: np.ndarray) -> str:
    """Return a glyph as path data; matplotlib repeats the code for each point of a curve."""
    rows, n = [], 0
    letters, count = {1: "M", 2: "L", 3: "Q", 4: "C"}, {1: 1, 2: 1, 3: 2, 4: 3}
    while n < len(codes):
        code = int(codes[n])
        if code in letters:
            pairs = " ".join(f"{x:.2f},{y:.2f}" for x, y in points[n : n + count[code]].tolist())
            rows.append(letters[code] + pairs)
        else:
            rows.append("Z")
        n += count.get(code, 1)
    return "".join(rows)
