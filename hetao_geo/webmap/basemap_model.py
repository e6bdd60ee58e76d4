"""A base map as a choice on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hetao_geo.webmap import tile_address

# Deepest level that most providers have; the page enlarges it beyond.
_MAX_ZOOM = 18


@dataclass(frozen=True)
class Basemap:
    """One base map as a choice on the page."""

    names: Mapping[str, str]
    """Name by language."""
    templates: tuple[str, ...]
    """Address templates with ``{z}``, ``{x}``, ``{y}``, drawn in this order."""
    credit: Mapping[str, str]
    """Plain text that credits the provider, by language."""
    datum: str
    """Datum of the tiles: one of `hetao_geo.datum.NAMES`."""
    max_zoom: int = _MAX_ZOOM
    """Deepest level that the provider has."""
    link: str | None = None
    """Address behind the credit."""
    logo: str | None = None
    """Address of an image that the provider wants beside the credit."""
    referer: bool = False
    """Whether the provider refuses requests that do not say from which site they come."""
    languages: Mapping[str, str] | None = None
    """What ``{language}`` in a template means, by language of the page."""
    secret: bool = False
    """Whether an address holds somebody's key."""
    subdomains: tuple[str, ...] = ()
    """What stands for ``{s}`` in a template."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin that the page may ask."""
        filled = [tile_address.origins(one, self.subdomains) for one in self.templates]
        logos = tile_address.origins(self.logo) if self.logo else ()
        return (*(origin for origins in filled for origin in origins), *logos)

    def document(self) -> dict[str, Any]:
        """Return what the script of the page needs, as JSON members."""
        rows = {
            "names": dict(self.names),
            "templates": list(self.templates),
            "credit": dict(self.credit),
            "datum": self.datum,
            "maxZoom": self.max_zoom,
            "link": self.link,
            "logo": self.logo,
            "referer": self.referer,
            "subdomains": list(self.subdomains),
            "languages": dict(self.languages) if self.languages else None,
        }
        return {key: value for key, value in rows.items() if value not in (None, False, [])}
