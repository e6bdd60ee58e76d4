"""A geopandas frame as a source."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.reading import columns, declared_crs, geometry
from hetao_geo.reading.model import Rows, Source

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

_ROWS = 65_536


def open_frame(frame: geopandas.GeoDataFrame) -> Source:
    """Return the rows of a frame; see `hetao_geo.reading.from_frame`."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    fields = {name: _word(frame[name]) for name in names}
    named = "id" if "id" in names else None
    crs, unknown = (None, None)
    if frame.crs is not None:
        crs, unknown = declared_crs.or_unknown(frame.crs.to_wkt())

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        for first in range(0, max(len(frame), 1), _ROWS):
            part = frame.iloc[first : first + _ROWS]
            ids = part[named] if named else part.index
            yield Rows(
                first,
                geometry.from_shapes(np.asarray(part.geometry, dtype=object)),
                columns.texts(_column(ids).tolist()),
                {name: _column(part[name]) for name in asked},
            )

    return Source(
        "", "frame", "frame", ("frame",), crs, len(frame), fields, 0, read, unknown_crs=unknown
    )


def _word(series: pd.Series[Any]) -> str:
    kind = series.dtype.kind if isinstance(series.dtype, np.dtype) else ""
    words = {"i": "int", "u": "int", "f": "float", "b": "bool", "M": "date"}
    return words.get(kind) or columns.words({"x": value} for value in _column(series)).get(
        "x", "other"
    )


def _column(series: Any) -> Any:
    """Return the values of a series or index; what pandas calls missing is None."""
    values = series.to_numpy(dtype=object) if series.dtype == object else series.to_numpy()
    if values.dtype.kind in "iub":
        return values.astype(np.int64) if values.dtype.kind in "iu" else values
    if values.dtype.kind == "f" and not np.isnan(values).any():
        return values.astype(np.float64)
    import pandas as pd

    missing = pd.isna(series)
    held = columns.objects(series.astype(object).tolist())
    held[np.asarray(missing, bool)] = None
    return held if missing.any() else columns.typed(held.tolist())
