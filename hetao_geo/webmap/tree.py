"""The tree of folium elements under a map: its names, and the addresses that it loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from branca.element import Element

_ID = re.compile(r"[0-9a-f]{32}")
# An address alone, and not a text that holds one.
_ADDRESS = re.compile(r"(?:https?:)?//[^\s<>\"'`]+|data:[a-z]+/[^\s<>]+", re.IGNORECASE)
# Attributes with the reader's own data, whose addresses nothing loads.
_DATA = {"data", "_parent", "_children", "style_map", "highlight_map", "default_js", "default_css"}


def elements(element: Any, seen: set[int]) -> Iterator[Any]:
    """Yield an element and all below it, each once; `seen` holds those already met."""
    if id(element) in seen:
        return
    seen.add(id(element))
    yield element
    for name, value in vars(element).items():
        if isinstance(value, Element) and name != "_parent":
            yield from elements(value, seen)
    for child in element._children.values():
        yield from elements(child, seen)


class Numbers:
    """Short numbers for the random ids of folium, in the order in which they are met."""

    def __init__(self, figure: Element) -> None:
        self._known = {element._id for element in elements(figure, set())}
        self._numbers: dict[str, str] = {}

    def apply(self, markup: str) -> str:
        """Return markup with numbers in place of ids, the same in every run."""
        return _ID.sub(self._number, markup)

    def _number(self, match: re.Match[str]) -> str:
        if match[0] not in self._known:
            return match[0]
        return self._numbers.setdefault(match[0], f"{len(self._numbers) + 1:x}")


def addresses(figure: Element) -> Iterator[str]:
    """Yield the addresses in the options of elements: of tiles, images, icons, videos and data."""
    for element in elements(figure, set()):
        for name, value in vars(element).items():
            if name not in _DATA:
                yield from _addresses(value)
        if getattr(element, "embed", True) is False:  # GeoJson that the page itself fetches
            yield from _addresses(getattr(element, "embed_link", None))


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if _ADDRESS.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _addresses(one)
    elif isinstance(value, (list, tuple)):
        for one in value[:_MOST]:
            yield from _addresses(one)


# Options of folium are short; a longer list is data.
_MOST = 100
