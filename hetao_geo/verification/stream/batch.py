"""Some rows of a file: their polygons in WGS 84, and what was declared of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.verification.rows import Evaluation, evaluate

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows, in the order of the file.

    Attributes
    ----------
    first : int
        Number of the first row in the file, from 0.
    stated : ndarray of shape (rows,)
        Numbers or text.
    plain : ndarray of bool of shape (rows,)
        Rows whose polygons are in `polygons`.
    polygons : Polygons
        WGS 84, degrees, longitude first.
    others : ndarray of object
        The geometries of the other rows.
    done : int
        Bytes of the file read so far, where that tells the progress; else 0.
    ids : ndarray, optional
        The field ``id``.
    geometry : pyarrow.Array, optional
        The column as it was in the file, for a copy.
    metadata : dict of bytes, optional
        What GeoParquet has to say about that column, named ``geometry``.
    """

    first: int
    stated: NDArray[Any]
    plain: NDArray[np.bool_]
    polygons: Polygons
    others: NDArray[Any]
    done: int = 0
    ids: NDArray[Any] | None = None
    geometry: pa.Array | None = None
    metadata: dict[bytes, bytes] | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.stated)

    def evaluate(self, **rule: Any) -> Evaluation:
        """Evaluate its rows; see `hetao_geo.verification.rows.evaluate` for the arguments."""
        if self.plain.all():
            return evaluate(self.polygons, self.stated, **rule)
        others = evaluate(self.others, self.stated[~self.plain], **rule)
        if not self.plain.any():
            return others
        return evaluate(self.polygons, self.stated[self.plain], **rule).merged(others, self.plain)


def to_degrees(crs: Any) -> Callable[[Any, Any], Any] | None:
    """Return the function from a system's coordinates to WGS 84; None where they are that.

    Parameters
    ----------
    crs : pyproj.CRS
        The system of a file; its coordinates are easting or longitude first, as GeoParquet and
        GDAL give them. CGCS2000 counts as WGS 84, with which it agrees to centimetres.
    """
    from pyproj import CRS, Transformer

    if crs.is_geographic and crs.ellipsoid == CRS("EPSG:4326").ellipsoid:
        return None
    if crs.to_2d().to_epsg(min_confidence=70) == 4490:
        return None
    transformer = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)
    return lambda x, y: transformer.transform(x, y)


def flat_to_degrees(polygons: Polygons, convert: Callable[[Any, Any], Any] | None) -> Polygons:
    """Return polygons with every position converted."""
    if convert is None or not len(polygons.lon):
        return polygons
    lon, lat = convert(polygons.lon, polygons.lat)
    return Polygons(
        lon,
        lat,
        polygons.ring_offsets,
        polygons.polygon_offsets,
        polygons.geometry_offsets,
        polygons.missing,
    )


def shapes_to_degrees(rows: NDArray[Any], convert: Callable[[Any, Any], Any] | None) -> Any:
    """Return shapely geometries with every position converted."""
    if convert is None or not len(rows):
        return rows
    import shapely

    return shapely.transform(rows, lambda xy: np.column_stack(convert(xy[:, 0], xy[:, 1])))
