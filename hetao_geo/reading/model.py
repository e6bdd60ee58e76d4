"""What a file of polygons gives: a source, rows as the file has them, batches in WGS 84."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area import missing
from hetao_geo.reading import coordinates, declared_datum, geometry, guard

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from hetao_geo.area import Polygons

    Objects = NDArray[np.object_]
    Columns = dict[str, NDArray[np.generic]]

NO_CRS = "the file names no CRS; its coordinates are taken as WGS 84"
REASONS = missing.REASONS
"""Why a row has no usable polygon; `Batch.reasons` are indexes into it, 0 is usable."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows, coordinates as they stand in the file (x first)."""

    first: int
    """Number of the first row in its layer, from 0."""
    geometries: geometry.Geometries
    """One a row."""
    ids: Objects
    """Text digit for digit, or None."""
    columns: Columns
    """int64, float64 or bool without nulls, else Python objects and None."""
    done: int = 0
    """Bytes of the file read so far, where that tells the progress."""
    geometry_column: pa.Array | None = None
    """The column as in the file, for a copy."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.geometries)


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a source, in its order, in WGS 84."""

    first: int
    """Number of the first row in its layer, from 0."""
    polygons: Polygons
    """WGS 84, degrees, longitude first, one row each; a row without a usable polygon is missing."""
    reasons: NDArray[np.uint8]
    """Index into `REASONS`; 0 where the row has a usable polygon."""
    ids: Objects
    """Text digit for digit, or None."""
    columns: Columns
    """By name: int64, float64 or bool without nulls, else Python objects (int, float, Decimal,
    date, str) and None for null."""
    others: Objects
    """Points and lines in WGS 84, None in all other rows."""
    done: int = 0
    """Bytes of the file read so far, where that tells the progress; else 0."""
    geometry_column: pa.Array | None = None
    """The column as in the file, in its own CRS; None where there is no such."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.reasons)


@dataclass(frozen=True)
class Source:
    """One layer of a file of polygons."""

    path: str
    """As it was given."""
    format: str
    """Key of `hetao_geo.reading.FORMATS`."""
    layer: str
    """Name of the layer."""
    layers: tuple[str, ...]
    """Names of all layers with geometry."""
    declared_crs: str | None
    """What the file names: ``wgs84`` or a name that pyproj reads; None where it names nothing."""
    rows: int | None
    """How many, where the file says so."""
    fields: dict[str, str]
    """Name to type: ``int``, ``float``, ``bool``, ``str``, ``decimal``, ``date`` or ``other``."""
    size: int
    """Bytes of the file."""
    read: Callable[[Collection[str] | None], Iterator[Rows]] = field(repr=False)
    """Gives the rows as they stand from the first, with the columns of these names (None: all)."""
    assumed: str | None = None
    """The CRS or datum that the caller named, whatever the file says."""
    unknown_crs: str | None = None
    """What the file says of its CRS where that cannot be read."""
    warnings: tuple[str, ...] = ()
    """What the reader should know, one sentence each."""
    geometry_metadata: dict[str, object] | None = None
    """What GeoParquet says of the geometry column, for a copy."""

    @property
    def crs(self) -> str:
        """The system of the coordinates: as assumed, else as declared, else ``wgs84``."""
        return self.assumed or self.declared_crs or coordinates.WGS84

    def as_stored(self, columns: Collection[str] | None = None) -> Iterator[Rows]:
        """Give the rows with coordinates as they stand in the file.

        Raises
        ------
        DataError
            The file is damaged, or holds fewer rows than it states.
        """
        count = 0
        for rows in self.read(columns):
            count += len(rows)
            yield rows
        if self.rows is not None and count < self.rows:
            expected = f"{self.rows:,} rows, as the file states"
            raise guard.Unreadable(
                "bad-container", self.path, expected=expected, found=f"{count:,}"
            )

    def batches(self, columns: Collection[str] | None = None) -> Iterator[Batch]:
        """Give the rows in WGS 84.

        Parameters
        ----------
        columns : collection of str, optional
            The fields that are wanted; all by default.

        Raises
        ------
        DataError
            The file is damaged, or a row declares GCJ-02 or BD-09 and nothing was assumed.
        """
        if self.unknown_crs and not self.assumed:
            raise guard.Unreadable("unknown-crs", self.path, found=self.unknown_crs)
        change = coordinates.to_wgs84(self.crs)
        member = declared_datum.field_of(self.fields)
        wanted = columns
        if columns is not None and member and not self.assumed:
            wanted = list(dict.fromkeys([*columns, member]))
        for rows in self.as_stored(wanted):
            if member and not self.assumed:
                declared_datum.refuse_shifted(rows.columns[member], rows.first, self.path)
            held = rows.columns
            if columns is not None:
                held = {name: held[name] for name in columns if name in held}
            polygons, reasons, others = rows.geometries.moved(change)
            yield Batch(
                rows.first, polygons, reasons, rows.ids, held, others,
                rows.done, rows.geometry_column,
            )  # fmt: skip

    def as_assumed(self, name: str | None) -> Source:
        """Return the same source, its coordinates taken to be in `name` (see `coordinates`)."""
        warnings = self.warnings
        if name is None and self.declared_crs is None and self.unknown_crs is None:
            warnings = (*warnings, NO_CRS)
        return replace(self, assumed=name, warnings=warnings)
