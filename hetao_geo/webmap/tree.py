"""The tree of folium elements under a map: its names, and what others have added to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from branca.element import Element
from folium.map import Layer

_ID = re.compile(r"[0-9a-f]{32}")


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


def numbering(figure: Element) -> dict[str, str]:
    """Return a short number for each random id: folium names its variables by them."""
    names = dict.fromkeys(element._id for element in elements(figure, set()))
    return {name: f"{number:x}" for number, name in enumerate(names, 1)}


def renumber(markup: str, numbers: dict[str, str]) -> str:
    """Return markup with ids replaced by their numbers, the same in every run."""
    return _ID.sub(lambda match: numbers.get(match[0], match[0]), markup)


def image_urls(figure: Element) -> Iterator[str]:
    """Yield the addresses of images: TileLayer.tiles, WmsTileLayer.url, ImageOverlay.url."""
    for element in elements(figure, set()):
        for name in ("tiles", "url"):
            value = vars(element).get(name)
            if isinstance(element, Layer) and isinstance(value, str):
                yield value
