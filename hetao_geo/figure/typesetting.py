"""Lines of text and how they break: sizes in points, widths from the font itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hetao_geo.figure.fonts import Face

LEADING = 1.28
"""Distance between base lines, in font sizes."""
ASCENT, DESCENT = 0.86, 0.2
"""Height above and below the base line that a line of Latin or Chinese needs, in font sizes."""

# A line may not begin with these, nor end with those (GB/T 15834-2011, section 5.1).
_NOT_FIRST = set("，。；：、？！）》」』”’%％·") | set(",.;:)?!")
_NOT_LAST = set("（《「『“‘(")


@dataclass(frozen=True)
class Type:
    """How a line is set."""

    size: float
    """Font size in points."""
    colour: str
    """sRGB hex."""
    bold: bool = False
    """Whether in the bold weight."""

    def scaled(self, factor: float) -> Type:
        """Return the same in another size."""
        return replace(self, size=self.size * factor)


@dataclass(frozen=True)
class Block:
    """Lines set under each other."""

    face: Face
    lines: tuple[tuple[str, Type], ...]
    """Each line with how it is set."""

    @property
    def width(self) -> float:
        """Width of the longest line in points."""
        return max(self.face.width(text, how.size, bold=how.bold) for text, how in self.lines)

    @property
    def height(self) -> float:
        """Height from the top of the first line to the foot of the last, in points."""
        return -self.baselines()[-1] + DESCENT * self.lines[-1][1].size

    def baselines(self) -> list[float]:
        """Return the base line of each line, in points under the top of the block."""
        y, out = -ASCENT * self.lines[0][1].size, []
        for number, (_, how) in enumerate(self.lines):
            y -= LEADING * how.size if number else 0
            out.append(y)
        return out


def wrap(face: Face, text: str, how: Type, width: float) -> Block:
    """Break a text into a block no wider than `width` points.

    Latin breaks at spaces, Chinese between characters save where punctuation forbids it.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and face.width((line + piece).rstrip(), how.size, bold=how.bold) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return Block(face, tuple((one, how) for one in [*lines, line.rstrip()]))


def stack(blocks: Sequence[Block]) -> Block:
    """Return the lines of several blocks as one."""
    return Block(blocks[0].face, tuple(line for block in blocks for line in block.lines))


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
