"""The symbols of the legend: small drawings in the classes of the map itself."""

from __future__ import annotations

from markupsafe import Markup

_LINE = '<path class="hz-line hz-role-{0}" d="M1 7H25"/>'
_SYMBOLS = {
    "nature": (
        '<path class="hz-area hz-role-woodland" d="M1 1H9V13H1Z"/>'
        '<path class="hz-area hz-swatch-ponds" d="M9 1H17V13H9Z"/>'
        '<path class="hz-area hz-swatch-mangrove" d="M17 1H25V13H17Z"/>'
    ),
    "railways": _LINE.format("railway"),
    "stations": '<rect class="hz-role-station" x="10" y="4" width="6" height="6"/>',
    "river": '<path class="hz-area hz-role-water" d="M1 1H25V13H1Z"/>' + _LINE.format("water"),
    "roads": '<path class="hz-line hz-casing-road" d="M1 7H25"/>' + _LINE.format("road"),
    "interpretations": _LINE.format("interpretation"),
    "accuracy": '<path class="hz-band-key" d="M1 7H25"/>' + _LINE.format("shenzhen-park"),
    "parks": (
        '<path class="hz-area hz-role-shenzhen-park" d="M1 2H12V12H1Z"/>'
        '<path class="hz-line hz-role-shenzhen-park" d="M1 2H12V12H1Z"/>'
        '<path class="hz-area hz-role-hong-kong-park" d="M14 2H25V12H14Z"/>'
        '<path class="hz-line hz-role-hong-kong-park" d="M14 2H25V12H14Z"/>'
    ),
    "own": (
        '<path class="hz-area hz-role-own-polygon" d="M3 2H23V12H3Z"/>'
        '<path class="hz-line hz-role-own-polygon" d="M3 2H23V12H3Z"/>'
    ),
    "inferred": '<path class="hz-line hz-role-shenzhen-park hz-role-inferred" d="M1 7H25"/>',
    "parts": _LINE.format("part"),
    "boundary": _LINE.format("boundary"),
    "crossings": (
        '<path class="hz-line hz-role-crossing-link" d="M6 7H20"/>'
        '<circle class="hz-role-crossing" cx="5" cy="7" r="4"/>'
        '<circle class="hz-role-crossing" cx="21" cy="7" r="4"/>'
    ),
    "labels": '<text class="hz-letters" x="13" y="12">Aa</text>',
}


def draw(key: str) -> Markup:
    """Return the symbol of a layer as SVG markup."""
    return Markup(_SYMBOLS[key])
