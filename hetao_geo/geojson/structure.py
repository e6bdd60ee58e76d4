"""The rules of RFC 7946 for objects and members, walked once over a whole document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hetao_geo.geojson import coordinates
from hetao_geo.geojson.collector import collector_off
from hetao_geo.geojson.coordinates import DEPTH, Ring
from hetao_geo.geojson.fault import Faults, show

GEOMETRIES = (*DEPTH, "GeometryCollection")
TYPES = ("FeatureCollection", "Feature", *GEOMETRIES)

# RFC 7946, section 7.1: members that define one type must not be in another.
_FORBIDDEN = {
    "FeatureCollection": ("coordinates", "geometries", "geometry", "properties"),
    "Feature": ("coordinates", "geometries", "features"),
    "geometry": ("geometry", "properties", "features"),
}


@dataclass(frozen=True)
class Part:
    """One polygon of a document whose rings can be drawn."""

    feature: int
    """Index of its feature."""
    path: str
    """JSONPath of its rings."""
    rings: list[Ring]
    """Positions by ring, longitude first, degrees; perhaps not closed."""


@dataclass
class Collection:
    """What a document holds, whatever its top type is."""

    ids: list[str | int | float | None] = field(default_factory=list)
    """One a feature; None where there is none."""
    properties: list[dict[str, Any]] = field(default_factory=list)
    """One a feature."""
    parts: list[Part] = field(default_factory=list)
    """The polygons."""
    types: Counter[str] = field(default_factory=Counter)
    """How many geometries of each type."""
    crs: Any = None
    """The member ``crs`` of the specification of 2008."""


@collector_off()
def read(document: Any, faults: Faults) -> Collection:
    """Check a parsed document against RFC 7946.

    Parameters
    ----------
    document : object
        From `hetao_geo.geojson.parse`.
    faults : Faults
        Takes every fault of structure and coordinates.

    Returns
    -------
    Collection
        Its features and those polygons that can be drawn.
    """
    walk = _Walk(faults)
    walk.top(document)
    walk.identities()
    return walk.found


class _Walk:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.found = Collection()
        self.feature: int | None = None
        self.bare = False  # a geometry without Feature has no place for an id

    def note(self, code: str, path: str, **claims: Any) -> None:
        self.faults.add(code, path, feature=self.feature, **claims)

    def top(self, value: Any) -> None:
        if not isinstance(value, dict):
            self.note("not-an-object", "$", expected="an object", found=show(value))
            return
        kind = self.kind(value, "$", TYPES)
        if "crs" in value:
            self.found.crs = value["crs"]
        if kind == "FeatureCollection":
            self.collection(value)
        elif kind == "Feature":
            self.one(value, "$")
        elif kind:
            self.feature, self.bare = 0, True
            self.found.ids.append(None)
            self.found.properties.append({})
            self.geometry(value, "$", kind)

    def kind(self, value: dict[str, Any], path: str, allowed: tuple[str, ...]) -> str | None:
        """Return the type of an object if it is one of `allowed`, else note what is wrong."""
        if "type" not in value:
            self.note("missing-type", path, expected=_listed(allowed), found=_members(value))
            return None
        kind = value["type"]
        if isinstance(kind, str) and kind in allowed:
            return kind
        nearest = next(
            (t for t in TYPES if isinstance(kind, str) and _plain(t) == _plain(kind)), None
        )
        hint = f"write '{nearest}'" if nearest in allowed else None
        if kind == "Topology":
            hint = "this is TopoJSON; convert it to GeoJSON"
        self.note(
            "unknown-type", f"{path}.type", expected=_listed(allowed), found=show(kind), hint=hint
        )
        return None

    def collection(self, value: dict[str, Any]) -> None:
        self.common(value, "$", "FeatureCollection")
        if "features" not in value:
            self.note("missing-member", "$.features", expected="an array", found=_members(value))
        elif not isinstance(value["features"], list):
            self.note(
                "wrong-type", "$.features", expected="an array", found=show(value["features"])
            )
        else:
            for index, item in enumerate(value["features"]):
                self.feature = index
                self.item(item, f"$.features[{index}]")
            self.feature = None

    def item(self, value: Any, path: str) -> None:
        if isinstance(value, dict) and self.kind(value, path, ("Feature",)):
            self.one(value, path)
            return
        if not isinstance(value, dict):
            self.note("wrong-type", path, expected="a Feature", found=show(value))
        self.found.ids.append(None)
        self.found.properties.append({})

    def one(self, value: dict[str, Any], path: str) -> None:
        """Check a Feature."""
        self.feature = 0 if self.feature is None else self.feature
        self.common(value, path, "Feature")
        identity = value.get("id")
        if "id" in value and type(identity) not in (str, int, float):
            self.note("bad-id", f"{path}.id", expected="a string or number", found=show(identity))
            identity = None
        self.found.ids.append(identity)
        self.found.properties.append(self.properties(value, path))
        if "geometry" not in value:
            self.note("missing-member", f"{path}.geometry", expected="a geometry or null")
        elif value["geometry"] is None:
            self.note("null-geometry", f"{path}.geometry", found="null")
        elif not isinstance(value["geometry"], dict):
            found = show(value["geometry"])
            self.note("wrong-type", f"{path}.geometry", expected="an object or null", found=found)
        else:
            self.geometry(value["geometry"], f"{path}.geometry")

    def properties(self, value: dict[str, Any], path: str) -> dict[str, Any]:
        if "properties" not in value:
            self.note("missing-member", f"{path}.properties", expected="an object or null")
            return {}
        held = value["properties"]
        if held is not None and not isinstance(held, dict):
            where = f"{path}.properties"
            self.note("wrong-type", where, expected="an object or null", found=show(held))
            return {}
        return held or {}

    def geometry(self, value: Any, path: str, kind: str | None = None) -> None:
        if not isinstance(value, dict):
            self.note("wrong-type", path, expected="a geometry", found=show(value))
            return
        kind = kind or self.kind(value, path, GEOMETRIES)
        if kind is None:
            return
        self.common(value, path, "geometry")
        member = "geometries" if kind == "GeometryCollection" else "coordinates"
        where = f"{path}.{member}"
        if member not in value:
            self.note("missing-member", where, expected="an array", found=_members(value))
        elif kind == "GeometryCollection":
            self.geometries(value[member], where)
        else:
            self.found.types[kind] += 1
            feature = self.feature or 0
            drawn = coordinates.check(kind, value[member], where, self.note)
            self.found.parts += [Part(feature, at, rings) for at, rings in drawn]

    def geometries(self, value: Any, path: str) -> None:
        if not isinstance(value, list):
            self.note("wrong-type", path, expected="an array of geometries", found=show(value))
            return
        if not value:
            self.note("empty-geometry", path, found="an empty GeometryCollection")
        for index, item in enumerate(value):
            if isinstance(item, dict) and item.get("type") == "GeometryCollection":
                self.note("nested-collection", f"{path}[{index}]")
            self.geometry(item, f"{path}[{index}]")

    def common(self, value: dict[str, Any], path: str, kind: str) -> None:
        """Check what any GeoJSON object may and may not have."""
        if "bbox" in value:
            self.bbox(value["bbox"], f"{path}.bbox")
        for member in _FORBIDDEN[kind]:
            if member in value:
                self.note("forbidden-member", f"{path}.{member}", found=f"'{member}' in a {kind}")

    def bbox(self, value: Any, path: str) -> None:
        wanted = "4 or 6 numbers: west, south, (lowest,) east, north(, highest)"
        if not isinstance(value, list) or len(value) not in (4, 6):
            self.note("bad-bbox", path, expected=wanted, found=show(value))
            return
        wrong = [item for item in value if type(item) not in (int, float)]
        if wrong:
            self.note("bad-bbox", path, expected=wanted, found=f"{show(wrong[0])} in it")
        elif value[1] > value[len(value) // 2 + 1]:
            self.note("bad-bbox", path, expected="south below north", found=f"{value}")

    def identities(self) -> None:
        """Note missing ids once for the file, and each id that comes twice."""
        missing = [i for i, identity in enumerate(self.found.ids) if identity is None]
        if missing and not self.bare:
            count = f"{len(missing)} of {len(self.found.ids)}"
            self.faults.add("missing-id", feature=missing[0], found=count)
        seen: dict[tuple[type, Any], int] = {}
        for index, identity in enumerate(self.found.ids):
            first = seen.setdefault((type(identity), identity), index)
            if identity is not None and first != index:
                found = f"{show(identity)}, also feature {first}"
                self.faults.add("duplicate-id", feature=index, found=found)


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def _members(value: dict[str, Any]) -> str:
    return f"members {show(', '.join(map(str, value)))}" if value else "an empty object"
