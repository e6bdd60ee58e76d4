"""A layer as a flat table: one text, number or yes/no a cell, so that every format can carry it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import catalog
from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    import geopandas
    import pyproj

# First columns of every table, as a reader would look for them; the others follow by name.
_FIRST = ("id", "name_en", "name_zh_hans", "name_zh_hant", "role", "datum", "approximate")
# One micrometre, and a centimetre in degrees (RFC 7946 has no use for more): far below any
# accuracy here, above what differs between two versions of PROJ: the same input, the same digits.
_METRE_DECIMALS, _DEGREE_DECIMALS = 6, 7


@dataclass(frozen=True)
class Table:
    """One layer, ready to be written."""

    layer: catalog.Layer
    """What the catalogue says of it."""
    frame: geopandas.GeoDataFrame
    """Flat columns and ``geometry``; x is longitude or easting."""
    datum: str = "wgs84"
    """``wgs84``, or ``gcj02`` and ``bd09``: then the frame has no CRS, because none exists."""


def read(name: str) -> Table:
    """Return one layer of the zone as a flat table in EPSG:4326."""
    return build(catalog.layer(name), catalog.features(name))


def build(layer: catalog.Layer, features: Sequence[catalog.Feature]) -> Table:
    """Return features as a flat table: lists become text, nested values become JSON."""
    import geopandas
    import pandas

    rows = [{"id": one.id, **flat(one.properties)} for one in features]
    names = {key for row in rows for key in row}
    order = [key for key in _FIRST if key in names] + sorted(names - set(_FIRST))
    columns = {key: _column([row.get(key) for row in rows]) for key in order}
    frame = pandas.DataFrame(columns, index=range(len(rows)))
    geometry = [one.geometry for one in features]
    return Table(layer, geopandas.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326"))


def flat(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties as texts, numbers and yes/no; ``sides`` adds ``inferred_sides``.

    Examples
    --------
    >>> flat({"sources": ["a map", "a text"], "frame_sides": [[3, 5]], "accuracy_m": 35})
    {'sources': 'a map; a text', 'frame_sides': '3-5', 'accuracy_m': 35.0}
    """
    row = {key: _cell(value) for key, value in properties.items()}
    sides = properties.get("sides")
    if isinstance(sides, list) and all(isinstance(side, dict) for side in sides):
        row["sides"] = " | ".join(_side(side) for side in sides)
        row["inferred_sides"] = _ranges([side["line"] for side in sides if side["inferred"]])
    return row


def to_crs(table: Table, crs: pyproj.CRS) -> Table:
    """Return the table in another CRS, vertex by vertex, rounded to a micrometre or 1e-7 degrees.

    Raises
    ------
    UsageError
        A vertex has no position in that CRS.
    """
    if crs.equals(table.frame.crs, ignore_axis_order=True):
        return table
    moved = table.frame.to_crs(crs)
    decimals = _DEGREE_DECIMALS if crs.is_geographic else _METRE_DECIMALS
    moved = moved.set_geometry(_rounded(moved.geometry.to_numpy(), decimals), crs=crs)
    if not np.isfinite(moved.total_bounds).all():
        raise UsageError(
            "the zone has no position in that CRS",
            where=f"layer {table.layer.name!r}",
            expected="a CRS that reaches Shenzhen and Hong Kong, such as EPSG:2326",
            found=crs.to_string(),
        )
    return replace(table, frame=moved)


def to_datum(table: Table, datum: str) -> Table:
    """Return the table in GCJ-02 or BD-09, with a field that says so and no CRS."""
    if datum == "wgs84":
        return table
    from hetao_geo import datum as datums

    shifted = datums.transform(table.frame.geometry.to_numpy(), "wgs84", datum)
    frame = table.frame.set_geometry(_rounded(shifted, _DEGREE_DECIMALS), crs=None)
    frame = frame.set_crs(None, allow_override=True)
    frame.insert(frame.columns.get_loc("role") + 1, "datum", datum)
    return replace(table, frame=frame, datum=datum)


def records(table: Table) -> list[tuple[dict[str, Any], Any]]:
    """Return each row as plain Python values (``None`` where there is none) and its geometry."""
    texts = table.frame.drop(columns="geometry").astype(object)
    rows = texts.where(texts.notna(), None).to_dict("records")
    return list(zip(rows, table.frame.geometry, strict=True))


def _rounded(geometries: Any, decimals: int) -> Any:
    import shapely

    return shapely.transform(geometries, lambda points: np.round(points, decimals))


def _column(values: list[Any]) -> Any:
    import pandas

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, float) for value in known):
        return pandas.array(values, dtype="float64") if len(known) == len(values) else _gaps(values)
    if known and len(known) == len(values) and all(isinstance(value, bool) for value in known):
        return pandas.array(values, dtype="bool")
    texts = [None if v is None else v if isinstance(v, str) else json.dumps(v) for v in values]
    return pandas.Series(texts, dtype=object)


def _gaps(values: list[Any]) -> Any:
    return np.array([np.nan if value is None else value for value in values])


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value) or None
    if isinstance(value, list) and all(_is_pair(one) for one in value):
        return _ranges(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)


def _ranges(pairs: Sequence[Sequence[int]]) -> str | None:
    return "; ".join(f"{first}-{last}" for first, last in pairs) or None


def _side(side: Mapping[str, Any]) -> str:
    names = " ".join(side[key] for key in ("limit", "limit_zh_hans") if side.get(key))
    marks = [f"{side['accuracy_m']:g} m", *(["inferred"] if side["inferred"] else [])]
    marks.append(f"vertices {_ranges([side['line']])}")
    return f"{side['side']}: {names} ({', '.join(marks)}). {side['basis']}"
