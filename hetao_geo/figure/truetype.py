"""Small TrueType fonts of the characters that a figure sets, made from any outline font.

A PDF may embed a TrueType font as it is; the glyphs of an OpenType font with PostScript outlines
(Noto Sans CJK among them) need another kind of font object, which matplotlib does not write.
Their curves are therefore approximated by quadratic ones, to a thousandth of the font size.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetao_geo.cartography.typesetting import Type
from hetao_geo.figure.fonts import Face

if TYPE_CHECKING:
    from matplotlib.font_manager import FontPath
    from matplotlib.ft2font import FT2Font

# Slant of an italic that the family lacks: 12 degrees.
_SLANT = 0.2126
_ERROR = 0.001
_DATE = 3_786_912_000  # 1 January 2024 in seconds since 1904
# English quotation marks and the full-width glyph that a Chinese font has for them.
_PLAIN = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}


@dataclass(frozen=True)
class _Variant:
    bold: bool
    italic: bool
    spacing: float

    @property
    def name(self) -> str:
        style = ("Bold" if self.bold else "") + ("Italic" if self.italic else "")
        return (style or "Regular") + (f"Spaced{round(100 * self.spacing)}" if self.spacing else "")


class FontSet:
    """The fonts of one figure; its files last as long as it does.

    Parameters
    ----------
    face : Face
        Where the glyphs come from.
    characters : iterable of str
        Every character that is set.
    latin_quotes : bool
        Whether quotation marks as wide as a Chinese character are replaced by straight ones.
    """

    def __init__(self, face: Face, characters: Iterable[str], *, latin_quotes: bool) -> None:
        self.face = face
        self._characters = sorted({c for c in characters if c >= " "} | {" "})
        self._latin_quotes = latin_quotes
        self._folder = Path(tempfile.mkdtemp(prefix="hetao_geo-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._built: dict[_Variant, FontPath] = {}

    def width(self, text: str, how: Type) -> float:
        """Return how far `text` advances, in points, on one line."""
        advance = self._advances[how.bold]
        return how.size * sum(advance.get(c, 1.0) + how.spacing for c in text)

    def path(self, how: Type) -> FontPath:
        """Return the file of the font for a way to set text; it is made when first asked for."""
        variant = _Variant(how.bold, how.italic, how.spacing)
        if variant not in self._built:
            self._built[variant] = self._build(variant)
        return self._built[variant]

    @cached_property
    def _advances(self) -> dict[bool, dict[str, float]]:
        return {bold: self._advance(self._font(bold)) for bold in (False, True)}

    def _font(self, bold: bool) -> FT2Font:
        from matplotlib.font_manager import get_font

        return get_font(self.face.path(bold=bold))

    def _advance(self, font: FT2Font) -> dict[str, float]:
        em = font.units_per_EM
        return {c: self._load(font, c).horiAdvance / em for c in self._characters}

    def _load(self, font: FT2Font, character: str) -> Any:
        from matplotlib.ft2font import LoadFlags

        flags = LoadFlags.NO_SCALE | LoadFlags.NO_HINTING
        glyph = font.load_char(ord(character), flags)
        if self._latin_quotes and character in _PLAIN and glyph.horiAdvance >= font.units_per_EM:
            return font.load_char(ord(_PLAIN[character]), flags)
        return glyph

    def _build(self, variant: _Variant) -> FontPath:
        from matplotlib.font_manager import FontPath

        font = self._font(variant.bold)
        slant = _SLANT if variant.italic else 0.0
        outlines, advances = {".notdef": _empty()}, {".notdef": font.units_per_EM // 2}
        for character in self._characters:
            glyph = self._load(font, character)
            name = f"u{ord(character):04X}"
            outlines[name] = _outline(*font.get_path(), slant, _ERROR * font.units_per_EM)
            advances[name] = round(glyph.horiAdvance + variant.spacing * font.units_per_EM)
        path = self._folder / f"{variant.name}.ttf"
        family = font.postscript_name.partition("-")[0]
        _assemble(font, outlines, advances, f"{family}-{variant.name}").save(path)
        return FontPath(str(path), 0)

    def outline(self, character: str, how: Type) -> tuple[Any, Any]:
        """Return vertices (font sizes) and matplotlib path codes of one character."""
        font = self._font(how.bold)
        self._load(font, character)
        vertices, codes = font.get_path()
        vertices = vertices * (64 / font.units_per_EM)
        vertices[:, 0] += vertices[:, 1] * (_SLANT if how.italic else 0.0)
        return vertices, codes


def _empty() -> Any:
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    return TTGlyphPen(None).glyph()


def _outline(vertices: Any, codes: Any, slant: float, error: float) -> Any:
    """Return a glyph of quadratic curves; FreeType counts unscaled outlines in units of 1/64."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyph = TTGlyphPen(None)
    pen = Cu2QuPen(glyph, error, reverse_direction=True)
    draw = {2: pen.lineTo, 3: pen.qCurveTo, 4: pen.curveTo}
    count = {2: 1, 3: 2, 4: 3}
    points = [(64 * (x + slant * y), 64 * y) for x, y in vertices.tolist()]
    n, started = 0, False
    while n < len(codes):
        code = int(codes[n])
        if code == 1:
            if started:
                pen.closePath()
            pen.moveTo(points[n])
            started = True
        elif code in draw:
            draw[code](*points[n : n + count[code]])
        n += count.get(code, 1)
    if started:
        pen.closePath()
    return glyph.glyph()


def _assemble(font: FT2Font, outlines: Any, advances: dict[str, int], name: str) -> Any:
    from fontTools.fontBuilder import FontBuilder

    builder = FontBuilder(font.units_per_EM, isTTF=True)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap({int(key[1:], 16): key for key in outlines if key != ".notdef"})
    builder.setupGlyf(outlines)
    bearings = {key: getattr(glyph, "xMin", 0) for key, glyph in outlines.items()}
    builder.setupHorizontalMetrics({key: (advances[key], bearings[key]) for key in outlines})
    builder.setupHorizontalHeader(ascent=font.ascender, descent=font.descender)
    family, _, style = name.partition("-")
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": name}, mac=False)
    builder.setupOS2(sTypoAscender=font.ascender, sTypoDescender=font.descender)
    builder.setupPost(keepGlyphNames=False)
    # The date of the day would make two runs differ.
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = _DATE
    return builder.font
