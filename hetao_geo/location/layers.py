"""Layers of points: GeoJSON, GeoPackage, GeoParquet, Shapefile and what else is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo import reading
from hetao_geo.errors import UsageError
from hetao_geo.location.positions import NOT_A_POINT, LonLat
from hetao_geo.reading.model import Batch, Source

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PointLayer:
    """A layer of a file, opened by `hetao_geo.reading`."""

    source: Source
    """As the file declares itself."""
    encoding: str = ""
    """Empty: the format fixes it, or the file says it."""

    def parts(self, datum: str, crs: str | None) -> Iterator[tuple[pd.DataFrame, LonLat]]:
        """Give the rows of a batch at a time, and their positions in WGS 84.

        Parameters
        ----------
        datum : str
            Datum of degrees that the file does not declare.
        crs : None
            The file says its CRS itself.

        Raises
        ------
        UsageError
            A CRS was named.
        DataError
            The file is damaged.
        """
        if crs is not None:
            found = f"{crs} for a file that says its own"
            raise UsageError("a CRS is for plain coordinates", where="crs", found=found)
        source = self.source if datum == "wgs84" else self.source.as_assumed(datum)
        for batch in source.batches():
            yield _frame(batch), _positions(batch)


def open_layer(
    path: str | os.PathLike[str], *, layer: str | None = None, encoding: str | None = None
) -> PointLayer:
    """Return a layer of points; parameters and errors are those of `reading.open_file`."""
    return PointLayer(reading.open_file(path, layer=layer, encoding=encoding))


def _frame(batch: Batch) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(batch.columns)
    if "id" not in frame and any(name is not None for name in batch.ids):
        frame.insert(0, "id", batch.ids)
    return frame.reindex(range(len(batch)))


def _positions(batch: Batch) -> LonLat:
    points = shapely.get_type_id(batch.others) == shapely.GeometryType.POINT
    reason = np.where(points, 0, NOT_A_POINT).astype(np.uint8)
    reason[shapely.is_missing(batch.others) & (batch.reasons == 1)] = 1
    lon, lat = shapely.get_x(batch.others), shapely.get_y(batch.others)
    reason[points & ~(np.isfinite(lon) & np.isfinite(lat))] = 1
    return LonLat(np.where(reason, np.nan, lon), np.where(reason, np.nan, lat), reason)
