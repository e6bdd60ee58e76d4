"""Polygons of a reader's own file, drawn in place of the parks."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hetao_geo import area, checking
from hetao_geo.catalog import Feature
from hetao_geo.checking.crs_ranking import SURE
from hetao_geo.errors import UsageError
from hetao_geo.geojson import printable
from hetao_geo.verification import verify
from hetao_geo.verification.model import Check
from hetao_geo.webmap import field_names

_NAMES = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
_STATED = "stated_area_km2"
# Warnings of a check that a reader of the map should know of.
_TOLD = ("other-crs", "as-read", "antimeridian")


@dataclass(frozen=True)
class UserPolygons:
    """What the map shows of a file."""

    features: tuple[Feature, ...]
    """Polygons and multipolygons, WGS 84 degrees, longitude first; east of 180 where they continue
    across the antimeridian. With ids of our own and a name in each language."""
    file: str
    """Name of the file."""
    distance_km: int | None
    """Kilometres from the zone to the nearest polygon, if none lies near it."""
    warnings: tuple[str, ...]
    """What the check warns of: datum and CRS."""
    checks: tuple[Check, ...]
    """Of the polygons that state an area."""


def read(
    path: str | os.PathLike[str] | checking.CheckedFile,
    *,
    assume: str | None = None,
    stated: str | None = None,
    unit: str | None = None,
) -> UserPolygons:
    """Read polygons as features that the map can draw.

    Parameters
    ----------
    path, assume
        As in `hetao_geo.checking.read`; or what that has given.
    stated, unit : str, optional
        Field of the areas to check, and its unit, as in `hetao_geo.verification.verify`; by
        default ``stated_area_km2`` where the file has it.

    Raises
    ------
    PolygonsError
        The file has errors or holds no polygons; or its coordinates are surely GCJ-02 or BD-09,
        and `assume` says nothing.
    UsageError
        No polygon has a field `stated`, or as in `hetao_geo.checking.read`.
    DataError
        As in `hetao_geo.checking.read`.
    """
    taken = path if isinstance(path, checking.CheckedFile) else checking.read(path, assume=assume)
    given = checking.usable(taken)
    if assume is None:
        _refuse_shifted(taken)
    numbered = [Feature(f"own-{n}", one.geometry, one.properties) for n, one in enumerate(given, 1)]
    checks = _checks(numbered, stated, unit)
    figures = {check.id: check.stated_km2 for check in checks}
    source = Path(taken.file).name
    shapes = unwrapped([one.geometry for one in given])
    features = tuple(
        Feature(f"own-{n}", shape, _properties(one, n, source, figures.get(f"own-{n}")))
        for n, (one, shape) in enumerate(zip(given, shapes, strict=True), 1)
    )
    distance = None if taken.distance_m is None else round(taken.distance_m / 1000)
    return UserPolygons(features, source, distance, _warnings(taken), checks)


def _refuse_shifted(taken: checking.CheckedFile) -> None:
    best = taken.crs_candidates[0] if taken.crs_candidates else None
    if best is None or best.crs not in ("gcj02", "bd09") or best.crs == taken.crs:
        return
    if best.confidence >= SURE and taken.crs == "wgs84":
        raise UsageError(
            "the coordinates are not WGS 84, and the map would show them in the wrong place",
            where=printable(taken.file),
            found=f"{best.title}, confidence {best.confidence:.2f}",
            expected="WGS 84",
            hint=f"--assume {best.crs} moves them to their place, --assume wgs84 leaves them",
        )


def _warnings(taken: checking.CheckedFile) -> tuple[str, ...]:
    told = [fault for fault in taken.faults if fault.code in _TOLD]
    return tuple(dict.fromkeys(printable(f"{one.what}: {one.found}") for one in told))


def _checks(features: Sequence[Feature], stated: str | None, unit: str | None) -> tuple[Check, ...]:
    field = stated or _STATED
    having = [one for one in features if one.properties.get(field) not in (None, "")]
    if stated and not having:
        raise UsageError("no polygon states an area", where="--stated", found=repr(stated))
    if not having:
        return ()
    return verify(having, stated=field, unit=unit).checks


def unwrapped(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return polygons so that those on both sides of the antimeridian are drawn as neighbours.

    Parameters
    ----------
    shapes : sequence of polygons
        Longitude first, degrees, longitudes from -180 to 180; cut at the antimeridian (RFC 7946,
        section 3.1.9) or not.

    Returns
    -------
    list of polygons
        The same, with longitudes beyond 180 east of the widest stretch without a polygon.
    """
    lon = np.concatenate([shapely.get_coordinates(shape)[:, 0] for shape in shapes])
    if np.ptp(lon) <= 180:
        return list(shapes)
    # The widest gap between the parts is where the map is cut; what lies west of it follows.
    spans = sorted(
        (float(west), float(east))
        for west, _, east, _ in shapely.bounds(shapely.get_parts(np.array(shapes, dtype=object)))
        if east - west <= 180
    )
    cut, gap, reach = -180.0, 0.0, spans[0][1] if spans else 180.0
    for west, east in spans:
        if west - reach > gap:
            cut, gap = (west + reach) / 2, west - reach
        reach = max(reach, east)
    outer = spans[0][0] + 360 - reach if spans else 0.0
    if gap <= outer:
        return list(shapes)
    return [shapely.transform(shape, lambda at: _east_of(at, cut)) for shape in shapes]


def _east_of(positions: np.ndarray, cut: float) -> np.ndarray:
    return np.column_stack(
        [np.where(positions[:, 0] < cut, positions[:, 0] + 360, positions[:, 0]), positions[:, 1]]
    )


def _properties(one: Feature, number: int, source: str, stated: float | None) -> dict[str, Any]:
    identity = None if re.fullmatch(r"feature-\d+", one.id, re.I) else one.id
    names = field_names.names(one.properties, identity, number)
    return {
        **{_NAMES[code]: name for code, name in names.items()},
        "role": "own-polygon",
        "accuracy_m": _positive(one.properties, "accuracy_m") or 0.0,
        _STATED: stated,
        "sides": _sides(one),
        "approximate": True,
        "source": source,
        "measured_km2": area.geodesic_area(one.geometry) / 1e6,
    }


def _sides(one: Feature) -> list[dict[str, Any]] | None:
    """Return the sides of a polygon whose inferred ones ``inferred_sides`` names ("1-19; 25-30").

    None where the file names none, or names vertices that its ring does not have.
    """
    rows = re.findall(r"(\d{1,9})-(\d{1,9})", str(one.properties.get("inferred_sides") or ""))
    if not rows or one.geometry.geom_type != "Polygon":
        return None
    inferred = sorted((int(start), int(end)) for start, end in rows)
    last = len(one.geometry.exterior.coords) - 1
    sides, at = [], 0
    for start, end in inferred:
        if not at <= start < end <= last:
            return None
        sides += [_side(at, start, False)] * (at < start) + [_side(start, end, True)]
        at = end
    accuracy = _positive(one.properties, "accuracy_m") or 0.0
    sides += [_side(at, last, False)] * (at < last)
    return [{**side, "accuracy_m": accuracy} for side in sides]


def _side(start: int, end: int, inferred: bool) -> dict[str, Any]:
    return {"line": [start, end], "inferred": inferred}


def _positive(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < math.inf else None
