"""The map of the figure: ground, zone, names, inset and scale inside its frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from hetao_geo import text
from hetao_geo.cartography import furniture, ground, labels, zone
from hetao_geo.cartography.drawing import Item
from hetao_geo.cartography.frame import GRID, Frame
from hetao_geo.cartography.halo import Halos
from hetao_geo.cartography.inset import inset
from hetao_geo.cartography.lettering import Lettering
from hetao_geo.cartography.placer import Placed, place
from hetao_geo.catalog import Feature
from hetao_geo.figure.layout import LOCATOR_INSIDE, WITH_TABLE
from hetao_geo.figure.window import Request


@dataclass(frozen=True)
class Section:
    """Items that belong together, and what they are to a reader who does not see them."""

    tag: str
    """Structure type of the PDF: H1, P or Figure."""
    items: tuple[Item, ...]
    text: str = ""
    """Alternative text of a Figure."""
    clip: Polygon | None = None
    """Shapes are cut at this rectangle."""
    over: tuple[Item, ...] = ()
    """Items above the others that are not cut."""


@dataclass(frozen=True)
class Map:
    """The map, ready to be drawn."""

    sections: tuple[Section, ...]
    placed: Mapping[str, Placed]
    """The names on it by id of what they name."""
    key: tuple[str, ...]
    """Lines that explain the numbers on it."""


def compose(request: Request, layers: ground.Layers, lettering: Lettering, frame: Frame) -> Map:
    """Return the map of a frame; `layers` are in degrees."""
    drawn = ground.project(frame, layers)
    names = labels.Names(frame, drawn, lettering)
    avoid = [*names.parks.values(), *names.symbols(), names.boundary.buffer(2)]
    where = _inset_box(request, frame, avoid)
    taken = [where] if where else []
    paper = not request.size.pixels
    wide, high = furniture.scale_size(frame, lettering, ratio=paper)
    corners = ("lower left", "lower right", "upper right", "upper left")
    bar = furniture.corner(frame, wide, high, [*avoid, *taken], gap=5.0, corners=corners)
    placed = place(names.wanted(), names.scene([*taken, bar]))
    busy = [*names.parks.values(), *taken, bar, *(p.area for p in placed.values())]
    items: list[Item] = []
    items += ground.background(frame, drawn, lettering.pixel, scheme=lettering.scheme)
    items += [] if request.plain else furniture.crosses(frame, lettering, shapely.union_all(busy))
    items += zone.draw(frame, drawn, lettering.pixel, scheme=lettering.scheme)
    items += _names(placed, drawn, lettering, frame)
    items += furniture.draw_scale(frame, lettering, bar, ratio=paper)
    pairs = _numbered(drawn, placed, frame)
    items += _badges(pairs, placed, lettering, frame)
    over = tuple(_edges(request, lettering, frame))
    whole = Section("Figure", tuple(items), _alt(request, lettering), frame.box, over)
    insets = [locator(layers, lettering, frame, where, caption=True)] if where else []
    return Map((whole, *insets), placed, tuple(_key(pairs, lettering)))


def own_words(request: Request, lettering: Lettering) -> str:
    """Say whose polygons are drawn in place of the parks."""
    files = {str(f.properties.get("source") or "") for f in request.polygons or ()}
    words = text.labels("panel", lettering.language)["own"]
    return words.replace("{file}", ", ".join(sorted(files)))


def locator(
    layers: ground.Layers, lettering: Lettering, frame: Frame, where: Polygon, *, caption: bool
) -> Section:
    """Return the inset in the box `where`."""
    items = inset(layers, frame, lettering, where, caption=caption)
    words = text.labels("figure", lettering.language)["locator"]
    return Section("Figure", tuple(items), words, where)


def _alt(request: Request, lettering: Lettering) -> str:
    if request.polygons is not None:
        return own_words(request, lettering)
    return text.labels("figure", lettering.language)["alt"]


def _names(
    placed: Mapping[str, Placed], drawn: ground.Layers, lettering: Lettering, frame: Frame
) -> list[Item]:
    halos = Halos(frame, drawn, lettering.scheme)
    return [
        item
        for label in placed.values()
        for item in labels.draw(label, lettering, halos.at(Point(label.x, label.y)))
    ]


def _inset_box(request: Request, frame: Frame, avoid: Sequence[BaseGeometry]) -> Polygon | None:
    """Return the place of the inset; None where it stands in the strip, or far from here."""
    if request.size.width < LOCATOR_INSIDE or frame.crs != GRID:
        return None
    width = max(0.25 * frame.width, 108.0) if frame.width < 700 else 0.2 * frame.width
    return furniture.corner(frame, width, 1.08 * width, avoid)


def _edges(request: Request, lettering: Lettering, frame: Frame) -> Sequence[Item]:
    upright = request.size.width < WITH_TABLE
    drawn = list(furniture.ticks(frame, lettering, upright=upright))
    return drawn[:1] if request.plain else drawn


def _numbered(
    drawn: ground.Layers, placed: Mapping[str, Placed], frame: Frame
) -> list[tuple[Feature, Feature]]:
    """Return the pairs of crossings that need a number: a name of theirs found no place."""
    pairs = zone.pairs(drawn.get("crossings", ()))
    return [pair for pair in pairs if any(_nameless(c, placed, frame) for c in pair)]


def _nameless(crossing: Feature, placed: Mapping[str, Placed], frame: Frame) -> bool:
    return crossing.id not in placed and bool(crossing.geometry.within(frame.box))


def _badges(
    pairs: Sequence[tuple[Feature, Feature]],
    placed: Mapping[str, Placed],
    lettering: Lettering,
    frame: Frame,
) -> list[Item]:
    """Return numbers for crossings whose name found no place; a pair shares its number."""
    items: list[Item] = []
    for number, pair in enumerate(pairs, 1):
        for crossing in pair:
            if _nameless(crossing, placed, frame):
                items += furniture.badge(crossing.geometry, str(number), lettering)
    return items


def _key(pairs: Sequence[tuple[Feature, Feature]], lettering: Lettering) -> list[str]:
    return [
        f"{number} {' – '.join(lettering.name(crossing) for crossing in pair)}"
        for number, pair in enumerate(pairs, 1)
    ]
