"""The typeface of the figure: one that has every character, in the forms of the script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hetao_geo import style
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.font_manager import FontEntry, FontPath

_INSTALL = (
    "install Noto Sans CJK (Debian and Ubuntu: the package fonts-noto-cjk) "
    "or name a font with --font"
)
# CSS weights that count as a text face and as its bold; a variable font that reports its
# thinnest instance (100) is neither.
_TEXT, _BOLD = (350, 500), (600, 800)


@dataclass(frozen=True)
class Face:
    """A typeface in two weights; in a font collection each is one face of the file."""

    family: str
    """Name of the family as the font gives it."""
    regular: FontPath
    """File and face index of the text weight."""
    bold: FontPath
    """File and face index of the bold weight; the text weight where there is none."""

    def path(self, *, bold: bool = False) -> FontPath:
        """Return the file and face index of one weight."""
        return self.bold if bold else self.regular

    def missing(self, characters: Iterable[str]) -> list[str]:
        """Return the characters that either weight lacks, sorted."""
        from matplotlib.font_manager import get_font

        fonts = [get_font(self.regular), get_font(self.bold)]
        wanted = sorted({c for c in characters if not c.isspace()})
        return [c for c in wanted if any(not font.get_char_index(ord(c)) for font in fonts)]


def choose(language: str, characters: Iterable[str], named: str | None = None) -> Face:
    """Return the typeface for a language.

    Parameters
    ----------
    language : str
        One of `hetao_geo.text.LANGUAGES`; ``style.toml`` lists the families it prefers.
    characters : iterable of str
        Every character that will be set.
    named : str, optional
        A family or a font file to use instead.

    Raises
    ------
    UsageError
        No installed font, or not the named one, has the characters.
    """
    characters = set(characters)
    if named is not None:
        face = _from_file(named) if Path(named).is_file() else _installed((named,))
        return _checked(face, characters, named)
    for family in style.fonts(language):
        face = _installed((family,), scan=False)
        if face and not face.missing(characters):
            return face
    face = _installed(style.fonts(language))
    if face is None or face.missing(characters):
        raise UsageError(
            f"no installed font has the characters of a figure in {language}",
            expected=f"one of {', '.join(style.fonts(language))}",
            hint=_INSTALL,
        )
    return face


def _checked(face: Face | None, characters: set[str], named: str) -> Face:
    if face is None:
        raise UsageError(
            "no such font",
            where="--font",
            expected="an installed family or a font file",
            found=repr(named),
            hint=_INSTALL,
        )
    if missing := face.missing(characters):
        raise UsageError(
            f"the font {named!r} lacks {len(missing)} characters of the figure",
            expected="a font with the language's characters",
            found=f"no {' '.join(missing[:8])}",
            hint=_INSTALL,
        )
    return face


def _installed(families: tuple[str, ...], *, scan: bool = True) -> Face | None:
    from matplotlib.font_manager import fontManager

    for family in families:
        entries = [e for e in fontManager.ttflist if e.name == family and e.style == "normal"]
        if face := _face(family, [e for e in entries if Path(e.fname).is_file()]):
            return face
    return _installed(families, scan=False) if scan and _scan() else None


def _scan() -> bool:
    """Add fonts installed since matplotlib made its list; say whether there were any."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    new = [path for path in sorted(findSystemFonts()) if path not in known]
    for path in new:
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError):  # a damaged font of the system is not our concern
            continue
    return bool(new)


def _from_file(path: str) -> Face:
    from matplotlib.font_manager import FontPath, get_font

    try:
        font = FontPath(path, 0)
        return Face(get_font(font).family_name, font, font)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            "not a font", where=path, expected="a TrueType or OpenType file", found=str(error)
        ) from error


def _face(family: str, entries: list[FontEntry]) -> Face | None:
    from matplotlib.font_manager import FontPath

    texts = [e for e in entries if _TEXT[0] <= _weight(e) <= _TEXT[1]]
    if not texts:
        return None
    text = min(texts, key=lambda e: (abs(_weight(e) - 400), e.fname, e.index))
    bolds = [e for e in entries if _BOLD[0] <= _weight(e) <= _BOLD[1]] or [text]
    bold = min(bolds, key=lambda e: (abs(_weight(e) - 700), e.fname, e.index))
    return Face(family, FontPath(text.fname, text.index), FontPath(bold.fname, bold.index))


def _weight(entry: FontEntry) -> int:
    from matplotlib.font_manager import weight_dict

    weight = entry.weight
    return weight if isinstance(weight, int) else int(weight_dict.get(weight, 400))
