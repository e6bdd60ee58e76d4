"""What the scripts of the page draw: geometry, names and words, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hetao_geo import catalog, style, text
from hetao_geo.cartography import policy
from hetao_geo.webmap.translation import Words, words

if TYPE_CHECKING:
    from hetao_geo.verification.model import Check
    from hetao_geo.webmap.basemap import Basemap
    from hetao_geo.webmap.user_polygons import UserPolygons

Bounds = tuple[float, float, float, float]

# Layer on the page -> catalogue layers, whether it is shown at first. In drawing order.
_LAYERS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("nature", ("landcover", "wetland"), True),
    ("river", ("river",), True),
    ("roads", ("roads",), True),
    ("railways", ("railways",), True),
    ("interpretations", ("interpretations",), False),
    ("accuracy", (), True),
    ("parks", ("parks",), True),
    ("parts", ("parts",), True),
    ("boundary", ("boundary",), True),
    ("stations", ("stations",), True),
    ("crossings", ("crossings",), True),
    ("places", ("places",), True),
    ("labels", (), True),
)
# Layers that make no sense beside polygons of the reader's own.
_OURS = ("interpretations", "parts")
# What a name on the map never stands for.
_NAMELESS = ("woodland", "mangrove", "ponds")
# Layers that make sense anywhere.
_ANYWHERE = ("accuracy", "parks", "labels")
# Decimals of a degree in the data of the page: a metre for the zone, a centimetre for polygons of
# a reader's own.
_DECIMALS, _FINE_DECIMALS = 5, 7
# The road or river that a side follows, in the order of the languages.
_LIMIT = ("limit", "limit_zh_hans", "limit_zh_hant")
_NAMES = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}


@dataclass(frozen=True)
class Layer:
    """A layer that the reader can switch."""

    key: str
    features: tuple[Any, ...]
    bounds: Bounds | None
    """West, south, east, north in degrees; None for a layer without geometry of its own."""
    shown: bool


@dataclass(frozen=True)
class Payload:
    """All that one page draws."""

    layers: tuple[Layer, ...]
    bay: tuple[Any, ...]
    """Cities and cooperation zones of the Greater Bay Area."""
    bounds: Bounds
    """Of the parks: west, south, east, north in degrees."""
    language: str
    """The language shown first."""
    user_file: str | None = None
    """Name of the file whose polygons are drawn in place of the parks."""
    distance_km: int | None = None
    """Kilometres from the zone to those polygons, where none lies near it."""
    basemaps: tuple[Basemap, ...] = ()
    """The base maps that the reader can choose."""
    style: style.StyleSheet = field(default_factory=style.packaged)
    """Colours, widths and dashes by role."""
    title: str | None = None
    """A title of the reader's own, in every language."""
    warnings: tuple[str, ...] = ()
    """What the check of that file warns of."""
    checks: tuple[Check, ...] = ()
    """Of the polygons of that file that state an area."""

    @property
    def foreign(self) -> bool:
        """Whether the polygons lie so far from the zone that nothing of it is shown."""
        return self.distance_km is not None

    @property
    def titles(self) -> Words:
        """Title of the page by language."""
        if self.title is not None:
            return dict.fromkeys(text.LANGUAGES, self.title)
        if self.user_file is not None:
            return words("panel.own_short", file=self.user_file)
        return words("map.title")

    def features(self, key: str) -> tuple[Any, ...]:
        """Return the features of one layer."""
        return next((layer.features for layer in self.layers if layer.key == key), ())


def zone(
    language: str,
    *,
    user: UserPolygons | None = None,
    basemaps: Sequence[Basemap] = (),
) -> Payload:
    """Return what the map draws, with `language` shown first.

    `user`: polygons of a reader's file, drawn in place of the parks, their parts and limits;
    where they lie far from the zone, nothing else is drawn.
    """
    foreign = user is not None and user.distance_km is not None
    rows = [row for row in _LAYERS if user is None or row[0] not in _OURS]
    rows = [row for row in rows if not foreign or row[0] in _ANYWHERE]
    layers = tuple(_layer(*row, None if user is None else user.features) for row in rows)
    bounds = next(layer.bounds for layer in layers if layer.key == "parks")
    assert bounds is not None
    payload = Payload(
        layers,
        () if foreign else catalog.features("gba"),
        bounds,
        language,
        basemaps=tuple(basemaps),
    )
    if user is None:
        return payload
    return replace(
        payload,
        user_file=user.file,
        distance_km=user.distance_km,
        warnings=user.warnings,
        checks=user.checks,
    )


def document(data: Payload, **more: Any) -> str:
    """Return the JSON that the scripts read, with `more` members, safe in a ``script`` element."""
    west, south, east, north = data.bounds
    limits: list[list[str]] = []
    return script_json(
        {
            "language": data.language,
            "words": {code: _words(data, code) for code in text.LANGUAGES},
            "middle": [round((west + east) / 2, 5), round((south + north) / 2, 5)],
            "bay": [{"id": one.id, "names": list(names(one).values())} for one in data.bay],
            "layers": [_layer_json(layer, limits, data.user_file is None) for layer in data.layers],
            "precision": _DECIMALS if data.user_file is None else _FINE_DECIMALS,
            "limits": limits,
            "policy": policy.document(),
            "basemaps": [basemap.document() for basemap in data.basemaps],
            **more,
        }
    )


def _words(data: Payload, code: str) -> dict[str, str]:
    entries = {**text.labels("map", code), "title": data.titles[code]}
    if data.foreign:
        entries |= {"map_name": data.titles[code], "whole_zone": entries["whole_file"]}
    return {key: word for key, word in entries.items() if data.basemaps or key[:5] != "base_"}


def script_json(value: Any) -> str:
    r"""Write JSON that cannot end the ``script`` element it stands in, nor a line of JavaScript.

    Examples
    --------
    >>> print(script_json({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return plain


def names(feature: Any) -> dict[str, str]:
    """Return the names of a feature by language."""
    return {code: str(feature.properties[key]) for code, key in _NAMES.items()}


def _layer(
    key: str, catalogued: Sequence[str], shown: bool, user_polygons: Sequence[Any] | None
) -> Layer:
    features: Sequence[Any] = [one for name in catalogued for one in catalog.features(name)]
    if key == "parks" and user_polygons is not None:
        features = user_polygons
    return Layer(key, tuple(features), _bounds(features), shown)


def _bounds(features: Sequence[Any]) -> Bounds | None:
    if not features:
        return None
    west, south, east, north = shapely.total_bounds([f.geometry for f in features])
    return float(west), float(south), float(east), float(north)


def _layer_json(layer: Layer, limits: list[list[str]], drawn: bool) -> dict[str, Any]:
    # Scripts need no other reading of the limits than the one drawn. Lines and polygons are read
    # from the drawing where it is of the zone.
    features = layer.features if layer.key != "interpretations" else ()
    rows = [_feature_json(feature, limits, drawn) for feature in features]
    return {"key": layer.key, "shown": layer.shown, "features": rows}


def _feature_json(feature: Any, limits: list[list[str]], drawn: bool) -> dict[str, Any]:
    properties = feature.properties
    row: dict[str, Any] = {"id": feature.id, "role": properties["role"]}
    if properties["role"] not in _NAMELESS:
        row |= {"names": list(names(feature).values()), "accuracy": properties["accuracy_m"]}
    if not drawn or feature.geometry.geom_type == "Point":
        row["parts"] = [
            [_positions(line, _DECIMALS if drawn else _FINE_DECIMALS) for line in part]
            for part in lines(feature.geometry)
        ]
    if feature.geometry.geom_type.endswith("Polygon"):
        row["area"] = True
    for key in ("pair", "park", "side", "kind", "stated_area_km2", "aliases"):
        if properties.get(key) not in (None, [], "mtr", "metro"):
            row[key] = properties[key]
    if sides := properties.get("sides"):
        row["sides"] = [_side_json(side, limits) for side in sides]
    return row


def _side_json(side: dict[str, Any], limits: list[list[str]]) -> list[int | float]:
    # First and last vertex, accuracy, whether inferred, and the number of the limit it follows.
    names_of_limit = [side[key] for key in _LIMIT if side.get(key)]
    row = [*side["line"], side["accuracy_m"], int(bool(side["inferred"]))]
    if not names_of_limit:
        return row
    if names_of_limit not in limits:
        limits.append(names_of_limit)
    return [*row, limits.index(names_of_limit)]


def lines(geometry: Any) -> Iterable[list[Any]]:
    """Return a geometry as parts, each a list of rings, or one line, or one point."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield [part.exterior, *part.interiors]
        else:
            yield [part]


def _positions(line: Any, decimals: int) -> list[int]:
    # Whole numbers of the last decimal, each the difference from the one before: a third of the
    # size of plain coordinates.
    whole = np.rint(shapely.get_coordinates(line) * 10**decimals).astype(np.int64)
    return [int(step) for step in np.diff(whole, axis=0, prepend=0).ravel()]
