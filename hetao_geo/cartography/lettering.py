"""How names are set: language, sizes and colours by class, and the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hetao_geo import style, text
from hetao_geo.cartography.typesetting import Metrics, Type, has_han
from hetao_geo.catalog import Feature

NAME = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
"""Property with the name of a feature, by language."""
# Font sizes in points on a figure of 170 mm, by use.
_SIZES = {
    "title": 13.0,
    "territory": 9.8,
    "park": 8.5,
    "crossing": 7.2,
    "name": 6.8,
    "note": 6.3,
    "tick": 6.3,
}
SMALLEST = 6.0
"""Points: smaller type than this is not read in a newspaper."""
# Letters of a territory stand apart; Chinese ones by no more than a tenth of their size.
_SPACED, _SPACED_HAN = 0.38, 0.1


@dataclass(frozen=True)
class Lettering:
    """What every name on one map shares."""

    language: str
    """One of `hetao_geo.text.LANGUAGES`."""
    metrics: Metrics
    """Knows how wide text is."""
    pixel: float
    """Points to a CSS pixel of ``style.toml``."""
    scale: float = 1.0
    """Type against that of a figure of 170 mm."""
    scheme: str = "light"
    """light, dark or print."""
    sizes: Mapping[str, float] = field(default_factory=lambda: _SIZES)
    """Font sizes in points by use, before they are scaled."""
    smallest: float = SMALLEST
    """In points."""

    def name(self, feature: Feature) -> str:
        """Return the feature's name in the language."""
        return str(feature.properties[NAME[self.language]])

    def word(self, section: str, key: str) -> str:
        """Return a word of ``labels.toml``."""
        return text.labels(section, self.language)[key]

    def colour(self, key: str = "text") -> str:
        """Return a colour of the ground, such as ``quiet_text``."""
        return style.ground(self.scheme)[key]

    def size(self, use: str) -> float:
        """Return a font size in points by use."""
        return max(self.smallest, self.sizes[use] * self.scale)

    def type(self, use: str, colour: str | None = None, *, bold: bool = False) -> Type:
        """Return how text of one use is set; the ground's text colour by default."""
        return Type(self.size(use), colour or self.colour(), bold)

    def smaller(self, how: Type, factor: float) -> Type:
        """Return smaller type, but no smaller than can be read."""
        return how.scaled(max(factor, min(1.0, self.smallest / how.size)))

    def slanted(self, use: str, colour: str, words: str) -> Type:
        """Return how names of water and of plans are set: italic, but never Chinese."""
        return Type(self.size(use), colour, italic=not has_han(words))

    def spaced(self, words: str) -> Type:
        """Return how the name of a territory is set: letters apart."""
        spacing = _SPACED_HAN if has_han(words) else _SPACED
        return Type(self.size("territory"), self.colour("quiet_text"), spacing=spacing)
