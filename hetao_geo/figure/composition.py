"""Put the figure together: a map in its frame, with strips of words above and below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import box

from hetao_geo import text
from hetao_geo.cartography import furniture, ground, zone
from hetao_geo.cartography.drawing import Item
from hetao_geo.cartography.frame import Frame
from hetao_geo.cartography.lettering import NAME, Lettering
from hetao_geo.figure import map_part, strip, window
from hetao_geo.figure.layout import LOCATOR_INSIDE, WITH_TABLE
from hetao_geo.figure.map_part import Section
from hetao_geo.figure.strip import Part
from hetao_geo.figure.window import Request
from hetao_geo.verification import Report, verify

# Height of the map to its width, on a narrow and on a wide figure.
_RATIOS = (1.0, 0.8)
_MARGIN = 2.5
_GAP = 4.0  # between map and words


@dataclass(frozen=True)
class Sheet:
    """A figure before it is drawn by a library."""

    width: float
    """In points."""
    low: float
    """Lower edge in points."""
    high: float
    """Upper edge in points."""
    left: float
    """Left edge in points; the lower left corner of the map is at 0, 0."""
    sections: tuple[Section, ...]


def compose(request: Request, layers: ground.Layers, lettering: Lettering) -> Sheet:
    """Return the whole figure as items of drawings.

    Parameters
    ----------
    request : Request
        What it should show.
    layers : mapping
        Features by name of the layer, in degrees; see `hetao_geo.figure.window.layers`.
    lettering : Lettering
        How words are set.
    """
    size = request.size
    inner = size.width - 2 * _MARGIN
    report = verify() if request.polygons is None else None
    words = _Words(request, layers, lettering, inner, report)
    head = strip.title(lettering, inner) if size.pixels else Part(0.0, lambda left, top: [])
    upright = size.width < WITH_TABLE
    left, below = (1.0, 1.0) if request.plain else furniture.tick_room(lettering, upright=upright)
    key: tuple[str, ...] = ()
    while True:
        room = head.height + words.under(key, None).height + below + 3 * _GAP
        frame = window.frame(request, layers, inner - left, _height(request, inner - left, room))
        drawn = map_part.compose(request, layers, lettering, frame)
        # Numbers need a key; where the height is given it takes from the map: once more then.
        if size.height is None or len(drawn.key) <= len(key):
            break
        key = drawn.key
    under = words.under(drawn.key or key, frame)
    top = frame.height + 1.0 + (head.height + _GAP if head.height else 0.0)
    low = -below - _GAP - under.height - _MARGIN
    titles = [Section("H1", tuple(head.items(-left, top)))] if head.height else []
    notes = Section("P", tuple(under.items(-left, -below - _GAP)))
    high = top + _MARGIN if size.height is None else low + size.height
    return Sheet(size.width, low, high, -left - _MARGIN, (*titles, *drawn.sections, notes))


def _height(request: Request, width: float, room: float) -> float:
    """Return the height of the map: what the sheet leaves, or in proportion to its width."""
    if request.size.height is None:
        return width * _RATIOS[request.size.width >= LOCATOR_INSIDE]
    return request.size.height - room


@dataclass(frozen=True)
class _Words:
    """The strip below the map."""

    request: Request
    layers: ground.Layers
    lettering: Lettering
    width: float
    report: Report | None

    def under(self, key: Sequence[str], frame: Frame | None) -> Part:
        """Return key, notes, and table or locator beside them; `frame` once it is known."""
        request, lettering, report = self.request, self.lettering, self.report
        sentences = [self._edges()]
        beside, used = Part(0.0, lambda left, top: []), 0.0
        if report and self._has_table():
            used = strip.table_width(lettering, report)
            beside = strip.table(lettering, used, report)
        elif report:
            sentences.append(strip.drawn(lettering, report))
        if report and request.size.width < LOCATOR_INSIDE:
            used = min(96.0, 0.42 * self.width)
            beside = self._locator(frame, used)
            sentences.insert(0, text.labels("figure", lettering.language)["locator"])
        sentences.append(self._sources())
        room = self.width - used - (10.0 if used else 0.0)
        notes = strip.notes(lettering, room, sentences)
        words = strip.column([strip.key(lettering, room, key), notes], gap=3.0)
        return strip.row(words, beside, room + 10.0)

    def _has_table(self) -> bool:
        size = self.request.size
        return size.width >= WITH_TABLE and not self.request.plain and not size.pixels

    def _sources(self) -> str:
        if self.report is None:
            return map_part.own_words(self.request, self.lettering)
        return strip.sources(self.lettering)

    def _locator(self, frame: Frame | None, width: float) -> Part:
        height = 0.95 * width

        def items(left: float, top: float) -> Sequence[Item]:
            assert frame is not None
            where = box(left, top - height, left + width, top)
            section = map_part.locator(self.layers, self.lettering, frame, where, caption=False)
            return section.items

        return Part(height, items)

    def _edges(self) -> str:
        """Say what a dashed edge is, and how far an edge may lie off."""
        sides = [side for park in self.layers["parks"] for side in zone.sides(park)]
        accuracy = [side["accuracy_m"] for side in sides if side["accuracy_m"]]
        words = text.labels("figure", self.lettering.language)
        least, most = (f"{f(accuracy):g}" for f in (min, max)) if accuracy else ("", "")
        inferred = words["dashed"] if any(map(zone.is_inferred, sides)) else ""
        band = words["band"].format(least=least, most=most) if accuracy else ""
        space = " " if self.lettering.language == "en" and inferred else ""
        return inferred + space + band


def characters(language: str, layers: ground.Layers) -> set[str]:
    """Return every character that the figure could set."""
    words = [*text.labels("figure", language).values(), *text.labels("common", language).values()]
    words += [text.labels("map", language)["stated_km2"], text.date(strip.STATED, language)]
    named = [f for name in layers if name not in ("coast", "landcover") for f in layers[name]]
    words += [str(feature.properties[NAME[language]]) for feature in named]
    words += [str(park.properties.get("source") or "") for park in layers["parks"]]
    letters = "".join([*words, text.labels("panel", language)["own"]])
    return set(letters + letters.upper() + "0123456789.,:;()°±²·+-×%–—kmEN\u00a0")
