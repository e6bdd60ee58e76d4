"""What the scripts of the page draw: geometry, names and words, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from hetao_geo import catalog, style, text

if TYPE_CHECKING:
    from hetao_geo.webmap.basemap import Basemap

Bounds = tuple[float, float, float, float]

# Layer on the page -> catalogue layer, whether it is shown at first. In drawing order.
_LAYERS = (
    ("river", "river", True),
    ("roads", "roads", True),
    ("interpretations", "interpretations", False),
    ("accuracy", None, True),
    ("parks", "parks", True),
    ("parts", "parts", True),
    ("boundary", "boundary", True),
    ("crossings", "crossings", True),
    ("labels", None, True),
)
# Layers that make no sense beside polygons of the reader's own.
_OURS = ("interpretations", "parts")
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

    def features(self, key: str) -> tuple[Any, ...]:
        """Return the features of one layer."""
        return next((layer.features for layer in self.layers if layer.key == key), ())


def zone(
    language: str,
    *,
    user_polygons: Sequence[Any] | None = None,
    user_file: str | None = None,
    distance_km: int | None = None,
    basemaps: Sequence[Basemap] = (),
) -> Payload:
    """Return what the map of the zone draws, with `language` shown first.

    `user_polygons` are drawn in place of the parks, their parts and limits: from the file
    `user_file`, `distance_km` kilometres away where that is not near.
    """
    rows = [row for row in _LAYERS if user_polygons is None or row[0] not in _OURS]
    layers = tuple(_layer(key, name, shown, user_polygons) for key, name, shown in rows)
    bounds = next(layer.bounds for layer in layers if layer.key == "parks")
    assert bounds is not None
    return Payload(
        layers, catalog.features("gba"), bounds, language, user_file, distance_km, tuple(basemaps)
    )


def document(data: Payload) -> str:
    """Return the JSON that the scripts read, safe inside a ``script`` element."""
    west, south, east, north = data.bounds
    return script_json(
        {
            "language": data.language,
            "words": {code: _words(data, code) for code in text.LANGUAGES},
            "middle": [round((west + east) / 2, 5), round((south + north) / 2, 5)],
            "radius": {"crossing": data.style.role("crossing").radius},
            "bay": [{"id": one.id, "names": names(one)} for one in data.bay],
            "layers": [_layer_json(layer) for layer in data.layers],
            "basemaps": [basemap.document() for basemap in data.basemaps],
        }
    )


def _words(data: Payload, code: str) -> dict[str, str]:
    words = text.labels("map", code)
    return words if data.title is None else {**words, "title": data.title}


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


def _layer(key: str, name: str | None, shown: bool, user_polygons: Sequence[Any] | None) -> Layer:
    features: Sequence[Any] = catalog.features(name) if name else ()
    if key == "parks" and user_polygons is not None:
        features = user_polygons
    return Layer(key, tuple(features), _bounds(features), shown)


def _bounds(features: Sequence[Any]) -> Bounds | None:
    if not features:
        return None
    west, south, east, north = shapely.total_bounds([f.geometry for f in features])
    return float(west), float(south), float(east), float(north)


def _layer_json(layer: Layer) -> dict[str, Any]:
    return {
        "key": layer.key,
        "shown": layer.shown,
        "features": [_feature_json(feature) for feature in layer.features],
    }


def _feature_json(feature: Any) -> dict[str, Any]:
    properties = feature.properties
    row: dict[str, Any] = {
        "id": feature.id,
        "role": properties["role"],
        "names": names(feature),
        "type": feature.geometry.geom_type,
        "parts": [[_positions(line) for line in part] for part in lines(feature.geometry)],
        "accuracy": properties["accuracy_m"],
    }
    for key in ("pair", "park", "part", "side", "kind", "stated_area_km2"):
        if properties.get(key) is not None:
            row[key] = properties[key]
    if aliases := properties.get("aliases"):
        row["aliases"] = aliases
    if frame := properties.get("frame_sides"):
        row["frame"] = frame
    if sides := properties.get("sides"):
        row["sides"] = [_side_json(side) for side in sides]
    return row


def _side_json(side: dict[str, Any]) -> dict[str, Any]:
    return {
        "line": side["line"],
        "accuracy": side["accuracy_m"],
        "inferred": bool(side["inferred"]),
    }


def lines(geometry: Any) -> Iterable[list[Any]]:
    """Return a geometry as parts, each a list of rings, or one line, or one point."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield [part.exterior, *part.interiors]
        else:
            yield [part]


def _positions(line: Any) -> list[int]:
    # Whole 1e-5 degrees (about one metre), each the difference from the one before: a third of
    # the size of plain coordinates.
    found: list[int] = []
    before = (0, 0)
    for lon, lat in shapely.get_coordinates(line).tolist():
        here = (round(lon * 1e5), round(lat * 1e5))
        found += [here[0] - before[0], here[1] - before[1]]
        before = here
    return found
