"""The rows of a source as plain Python: geometry, id and values, with what was wrong of each."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from hetao_geo.geojson import Faults, Limits
from hetao_geo.reading import Rows, Source


@dataclass(frozen=True)
class Row:
    """One feature of a file, its coordinates as they stand."""

    identity: str | None
    """Its id, where it has one."""
    geometry: Any
    """A shapely geometry (x first), or None."""
    properties: dict[str, Any]
    """Its other values, as JSON can hold them."""
    path: str
    """Layer and row."""
    faulty: bool = False
    """Whether its geometry had a fault of its own."""


def rows_of(source: Source, faults: Faults, limits: Limits) -> Iterator[list[Row]]:
    """Give the rows of a source by batches, and note what is wrong with their geometries.

    Parameters
    ----------
    source : Source
    faults : Faults
        Takes ``too-many-vertices`` and the faults of geometries.
    limits : Limits
        The vertices that are too many.
    """
    vertices = 0
    for rows in source.as_stored():
        shapes = rows.geometries.shapes()
        vertices += int(shapely.get_num_coordinates(shapes).sum())
        if vertices > limits.vertices:
            expected = f"at most {limits.vertices:,}"
            faults.add("too-many-vertices", expected=expected, found=f"{vertices:,} or more")
            return
        yield _rows(source, rows, shapes, faults)


def _rows(source: Source, rows: Rows, shapes: Any, faults: Faults) -> list[Row]:
    layer = f"layer {source.layer}, " if source.format in ("geopackage", "shapefile") else ""
    paths = [f"{layer}row {rows.first + i + 1}" for i in range(len(rows))]
    faulty = set()
    for fault in rows.geometries.faults:
        feature = rows.first + fault.row
        faults.add(fault.code, paths[fault.row], feature=feature, found=fault.found)
        if fault.fatal:
            faulty.add(fault.row)
    for row in _not_finite(shapes):
        faults.add("not-a-number", paths[row], feature=rows.first + row)
        shapes[row] = None
        faulty.add(row)
    columns = {name: values.tolist() for name, values in rows.columns.items()}
    names = list(columns)
    held = zip(*columns.values(), strict=True) if columns else iter([()] * len(rows))
    return [
        Row(
            identity, shape, {n: plain(v) for n, v in zip(names, values, strict=True)}, path,
            row in faulty,
        )
        for row, (identity, shape, values, path) in enumerate(
            zip(rows.ids.tolist(), shapes, held, paths, strict=True)
        )
    ]  # fmt: skip


def _not_finite(shapes: Any) -> list[int]:
    """Return the rows with a coordinate or height that is NaN or infinite."""
    bad: set[int] = set()
    for heights in (False, True):
        chosen = shapely.has_z(shapes) == heights
        numbers, index = shapely.get_coordinates(
            shapes[chosen], include_z=heights, return_index=True
        )
        wrong = ~np.isfinite(numbers).all(axis=1)
        bad |= set(np.flatnonzero(chosen)[np.unique(index[wrong])].tolist())
    return sorted(bad)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: digits are kept, what is no number or text is text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, decimal.Decimal):
        number = float(value)
        return number if decimal.Decimal(repr(number)) == value else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return None if isinstance(value, bytes) else str(value)
