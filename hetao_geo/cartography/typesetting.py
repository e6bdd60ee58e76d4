"""Lines of text and how they break: sizes in points, widths from the font itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

LEADING = 1.28
"""Distance between base lines, in font sizes."""
ASCENT, DESCENT = 0.86, 0.2
"""Height above and below the base line that a line of Latin or Chinese needs, in font sizes."""

# A line may not begin with these, nor end with those (GB/T 15834-2011, section 5.1).
_NOT_FIRST = set("，。；：、？！）》」』”’%％·") | set(",.;:)?!")
_NOT_LAST = set("（《「『“‘(")

_WHOLE = 4  # a Chinese name of so many characters is not broken


@dataclass(frozen=True)
class Type:
    """How a line is set."""

    size: float
    """Font size in points."""
    colour: str
    """sRGB hex."""
    bold: bool = False
    """Whether in the bold weight."""
    italic: bool = False
    """Whether slanted; never for Chinese."""
    spacing: float = 0.0
    """Space added after each letter, in font sizes."""

    def scaled(self, factor: float) -> Type:
        """Return the same in another size."""
        return replace(self, size=self.size * factor)


class Metrics(Protocol):
    """Knows how wide text is."""

    def width(self, text: str, how: Type) -> float:
        """Return how far `text` advances on one line, in points."""
        ...


class Estimate:
    """Widths in a font that is not known: a little more than those of common sans-serif faces."""

    def width(self, text: str, how: Type) -> float:
        """Return how far `text` advances on one line, in points."""
        ems = sum(_ems(character) + how.spacing for character in text)
        return how.size * ems * (1.06 if how.bold else 1.0)


def _ems(character: str) -> float:
    if _han(character):
        return 1.0
    if character in "iljtfrI.,:;'()[]|- ":
        return 0.36
    return 0.88 if character in "mwMW" else 0.72 if character.isupper() else 0.58


@dataclass(frozen=True)
class TextBox:
    """Lines set under each other."""

    lines: tuple[tuple[str, Type], ...]
    """Each line with how it is set."""
    width: float
    """Width of the longest line in points."""

    @property
    def height(self) -> float:
        """Height from the top of the first line to the foot of the last, in points."""
        return -self.baselines()[-1] + DESCENT * self.lines[-1][1].size

    def baselines(self) -> list[float]:
        """Return the base line of each line, in points under the top of the box."""
        y, out = -ASCENT * self.lines[0][1].size, []
        for number, (_, how) in enumerate(self.lines):
            y -= LEADING * how.size if number else 0
            out.append(y)
        return out


def text_box(metrics: Metrics, *lines: tuple[str, Type]) -> TextBox:
    """Return lines, each with how it is set, as a box."""
    return TextBox(lines, max(metrics.width(text, how) for text, how in lines))


def wrap(metrics: Metrics, text: str, how: Type, width: float) -> TextBox:
    """Break a text into a box no wider than `width` points.

    Latin breaks at spaces, Chinese between characters save where punctuation forbids it.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and metrics.width((line + piece).rstrip(), how) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return text_box(metrics, *((row, how) for row in [*lines, line.rstrip()]))


def halved(metrics: Metrics, text: str, how: Type) -> TextBox:
    """Break a text into two lines as even as can be; a short Chinese word stays whole."""
    pieces = _pieces(text)
    if len(pieces) < 2 or (has_han(text) and len(text) <= _WHOLE):
        return text_box(metrics, (text, how))
    splits = [("".join(pieces[:n]).strip(), "".join(pieces[n:])) for n in range(1, len(pieces))]
    halves = min(splits, key=lambda pair: max(metrics.width(half, how) for half in pair))
    return text_box(metrics, *((half, how) for half in halves))


def vstack(boxes: Sequence[TextBox]) -> TextBox:
    """Return the lines of several boxes as one."""
    lines = tuple(line for box in boxes for line in box.lines)
    return TextBox(lines, max(box.width for box in boxes))


def has_han(text: str) -> bool:
    """Say whether a text has Chinese characters."""
    return any(map(_han, text))


def _pieces(text: str) -> list[str]:
    """Cut a text into what must not be broken."""
    pieces: list[str] = []
    for character in " ".join(text.split()):
        last = pieces[-1][-1] if pieces else ""
        if last and _together(last, character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _together(left: str, right: str) -> bool:
    if right in _NOT_FIRST or left in _NOT_LAST or right == " ":
        return True
    return left != " " and not _han(left) and not _han(right) and left not in _NOT_FIRST - set(",.")


def _han(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
