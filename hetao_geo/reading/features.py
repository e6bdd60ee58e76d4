"""Polygons from a file, a frame or a list, as features in WGS 84: what functions of ours take."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from hetao_geo import area, reading
from hetao_geo.catalog import Feature
from hetao_geo.errors import DataError

if TYPE_CHECKING:
    import geopandas

    from hetao_geo.reading.model import Batch

    PolygonData: TypeAlias = str | os.PathLike[str] | geopandas.GeoDataFrame | Iterable[Feature]

# So many wrong rows are named as fit on a screen.
_SHOWN = 20


def features(
    data: PolygonData,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    assume: str | None = None,
) -> tuple[Feature, ...]:
    """Return polygons as features.

    Parameters
    ----------
    data : path, GeoDataFrame or iterable of Feature
        Features are returned as they are.
    layer, encoding, assume : str, optional
        As in `hetao_geo.reading.open_file`.

    Returns
    -------
    tuple of Feature
        WGS 84, degrees, longitude first. A row without an id is called by its number from 1.

    Raises
    ------
    DataError
        A row has no usable polygon, or an invalid one; every such row is named.
    UsageError
        As in `hetao_geo.reading.open_file`.
    """
    if isinstance(data, str | os.PathLike):
        source = reading.open_file(data, layer=layer, encoding=encoding, assume=assume)
    elif hasattr(data, "to_crs"):
        source = reading.from_frame(data, assume=assume)
    else:
        return tuple(data)
    faults: list[str] = []
    rows = [row for batch in source.batches() for row in _rows(batch, faults)]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise DataError(
            "rows without a usable polygon",
            where=source.path or "the frame",
            expected="a valid polygon in every row",
            found="; ".join(faults[:_SHOWN]) + more,
            hint="see 'hetao-geo check'",
        )
    return tuple(rows)


def _rows(batch: Batch, faults: list[str]) -> list[Feature]:
    shapes = area.to_shapely(batch.polygons)
    whole = shapely.is_valid(shapes)
    made = []
    for row, shape in enumerate(shapes):
        number = batch.first + row + 1
        reason = reading.REASONS[batch.reasons[row]] or ("" if whole[row] else "invalid geometry")
        if reason:
            faults.append(f"row {number}: {reason}")
        fields = {name: _plain(values[row]) for name, values in batch.columns.items()}
        made.append(Feature(str(batch.ids[row] or f"row-{number}"), shape, fields))
    return made


def _plain(value: Any) -> Any:
    """Return a number of numpy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value
