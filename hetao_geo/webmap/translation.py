"""Words by language for the page: entries of ``labels.toml``, areas, and all texts together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from hetao_geo import text

Words = Mapping[str, str]
"""The same words by language."""


@cache
def _section(section: str) -> dict[str, dict[str, str]]:
    return {code: text.labels(section, code) for code in text.LANGUAGES}


def words(key: str, **values: Words | str) -> dict[str, str]:
    """Return an entry of ``labels.toml`` by language, with ``{name}`` filled from `values`.

    Examples
    --------
    >>> words("panel.position", metres="60")["en"]
    'Position good to about 60 m.'
    """
    section, _, name = key.partition(".")
    filled = {code: rows[name] for code, rows in _section(section).items()}
    for slot, value in values.items():
        for code in filled:
            given = value if isinstance(value, str) else value[code]
            filled[code] = filled[code].replace(f"{{{slot}}}", given)
    return filled


def area(km2: float) -> dict[str, str]:
    """Return an area in square kilometres as each language writes it."""
    number = text.number(km2, 2)
    return {"en": f"{number} km²", "zh-Hans": f"{number}平方公里", "zh-Hant": f"{number}平方公里"}


def hectares(km2: float) -> dict[str, str]:
    """Return an area given in square kilometres in hectares."""
    number = text.number(100 * km2, 0)
    return {"en": f"{number} ha", "zh-Hans": f"{number}公顷", "zh-Hant": f"{number}公頃"}


class Texts:
    """The texts of one page: the first language stands in the document, the others in a table.

    A document with each text three times would be a third larger than a page may be. Scripts find
    a text by its place: the first mark is number 0, and only a mark whose text stood before
    carries its number.

    Parameters
    ----------
    language : str
        The language shown first.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._numbers: dict[tuple[str, ...], int] = {}

    def say(self, key: str) -> str:
        """Return an entry of ``labels.toml`` in the first language."""
        return words(key)[self.language]

    def mark(self, said: Words | str, tag: str = "i") -> Markup:
        """Return a text as markup that the scripts find again.

        `said` is the text by language, or the key of an entry of ``labels.toml``.
        """
        by_language = words(said) if isinstance(said, str) else said
        row = tuple(by_language[code] for code in text.LANGUAGES)
        shown = escape(by_language[self.language])
        if len(set(row)) == 1:
            return shown
        known = self._numbers.get(row)
        number = "" if known is None else f' data-t="{known}"'
        self._numbers.setdefault(row, len(self._numbers))
        return Markup(f"<{tag}{number}>{shown}</{tag}>")

    def table(self) -> dict[str, Any]:
        """Return the texts in the languages not shown first, by number.

        Where both are Chinese, ``same`` has simplified characters, each with the traditional one
        that stands for it most often. A traditional text is then what changes in the simplified
        one apart from that: place, characters to leave out, text to put in, and so on.
        """
        columns = {
            code: [row[place] for row in self._numbers]
            for place, code in enumerate(text.LANGUAGES)
            if code != self.language
        }
        if self.language != "en":
            return columns
        hans, hant = columns["zh-Hans"], columns["zh-Hant"]
        same = _characters(hans, hant)
        table = str.maketrans(same)
        rows = [_changes(a.translate(table), b) for a, b in zip(hans, hant, strict=True)]
        return {"zh-Hans": hans, "zh-Hant": rows, "same": "".join(k + v for k, v in same.items())}


def _characters(hans: Sequence[str], hant: Sequence[str]) -> dict[str, str]:
    # For each simplified character, the traditional one that stands for it most often.
    pairs = Counter(
        pair
        for a, b in zip(hans, hant, strict=True)
        if len(a) == len(b)
        for pair in zip(a, b, strict=True)
    )
    best: dict[str, str] = {}
    for (a, b), _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        best.setdefault(a, b)
    return {a: b for a, b in sorted(best.items()) if a != b}


def _changes(before: str, after: str) -> list[int | str] | int:
    if before == after:
        return 0
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    steps = [step for step in matcher.get_opcodes() if step[0] != "equal"]
    return [
        value
        for _, start, end, low, high in steps
        for value in (start, end - start, after[low:high])
    ]
