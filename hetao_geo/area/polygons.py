"""Any number of polygons as a few flat arrays: coordinates and offsets, the GeoArrow layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Indexes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Polygons:
    """Polygons and multipolygons with holes, flat.

    Ring ``r`` has the positions ``ring_offsets[r]`` up to, not including, ``ring_offsets[r + 1]``;
    polygon ``p`` the rings ``polygon_offsets[p]`` up to ``polygon_offsets[p + 1]``, the outer
    ring first; row ``g`` likewise the polygons by ``geometry_offsets``.

    Attributes
    ----------
    lon, lat : ndarray of shape (n,)
        Positions in degrees, longitude first; rings are closed, which is checked when they are
        measured.
    ring_offsets : ndarray of int of shape (rings + 1,)
    polygon_offsets : ndarray of int of shape (polygons + 1,), optional
        None: every polygon is one ring.
    geometry_offsets : ndarray of int of shape (rows + 1,), optional
        None: every row is one polygon.
    missing : ndarray of bool of shape (rows,), optional
        Rows without geometry; their areas are NaN.

    Raises
    ------
    DataError
        Lengths differ, or offsets run backwards or past the end.

    References
    ----------
    GeoArrow 0.2, native encoding, https://geoarrow.org/format.html

    Examples
    --------
    >>> square = Polygons([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 5])
    >>> len(square)
    1
    """

    lon: Floats
    lat: Floats
    ring_offsets: Indexes
    polygon_offsets: Indexes | None = None
    geometry_offsets: Indexes | None = None
    missing: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        for name in ("lon", "lat"):
            object.__setattr__(self, name, _floats(getattr(self, name), name))
        if len(self.lon) != len(self.lat):
            found = f"{len(self.lon)} and {len(self.lat)}"
            raise DataError("lon and lat differ in length", expected="equal lengths", found=found)
        size = len(self.lon)
        for name in ("ring_offsets", "polygon_offsets", "geometry_offsets"):
            if getattr(self, name) is not None:
                offsets = _offsets(getattr(self, name), name, size)
                object.__setattr__(self, name, offsets)
                size = len(offsets) - 1

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.row_offsets) - 1

    @property
    def row_offsets(self) -> Indexes:
        """The offsets whose intervals are the rows."""
        for offsets in (self.geometry_offsets, self.polygon_offsets):
            if offsets is not None:
                return offsets
        return self.ring_offsets

    @property
    def rows_of_rings(self) -> Indexes:
        """The row that each ring belongs to, for messages."""
        starts = self.row_offsets
        if self.geometry_offsets is not None and self.polygon_offsets is not None:
            starts = self.polygon_offsets[starts]
        rings = np.arange(len(self.ring_offsets) - 1)
        if self.polygon_offsets is None and self.geometry_offsets is None:
            return rings
        return np.searchsorted(starts, rings, side="right") - 1

    def row_sums(self, per_ring: Floats) -> Floats:
        """Add what was measured per ring to rows: outer rings count, holes are subtracted.

        Parameters
        ----------
        per_ring : ndarray of shape (rings,)
            Values not below zero.
        """
        values = per_ring
        if self.polygon_offsets is not None:
            if (np.diff(self.polygon_offsets) > 1).any():
                outer = np.zeros(len(values), bool)
                outer[self.polygon_offsets[:-1][np.diff(self.polygon_offsets) > 0]] = True
                values = np.where(outer, values, -values)
            values = segment_sums(values, self.polygon_offsets)
        if self.geometry_offsets is not None:
            values = segment_sums(values, self.geometry_offsets)
        return self.with_missing(values)

    def row_totals(self, per_ring: Floats) -> Floats:
        """Add what was measured per ring to rows, holes too."""
        values = per_ring
        for offsets in (self.polygon_offsets, self.geometry_offsets):
            values = values if offsets is None else segment_sums(values, offsets)
        return self.with_missing(values)

    def with_missing(self, values: Floats) -> Floats:
        """Put NaN where a row has no geometry."""
        return values if self.missing is None else np.where(self.missing, np.nan, values)

    def take(self, rows: Indexes) -> Polygons:
        """Return some rows, by their numbers."""
        levels: list[Indexes | None] = []
        chosen = rows
        for level in (self.geometry_offsets, self.polygon_offsets, self.ring_offsets):
            if level is None:
                levels.append(None)
                continue
            lengths = level[chosen + 1] - level[chosen]
            levels.append(from_counts(lengths))
            chosen = ranges(level[chosen], lengths)
        missing = None if self.missing is None else self.missing[rows]
        geometry, polygon, ring = levels
        assert ring is not None
        return Polygons(self.lon[chosen], self.lat[chosen], ring, polygon, geometry, missing)

    def check_closed(self) -> None:
        """Raise `DataError` for the first ring whose last position is not its first."""
        full = np.flatnonzero(np.diff(self.ring_offsets) > 0)
        first, last = self.ring_offsets[full], self.ring_offsets[full + 1] - 1
        gap = (self.lon[first] != self.lon[last]) | (self.lat[first] != self.lat[last])
        # A ring with a position that is not a number is let through: its area is NaN.
        gap &= ~np.isnan(self.lon[first] + self.lat[first] + self.lon[last] + self.lat[last])
        if gap.any():
            ring = int(full[np.flatnonzero(gap)[0]])
            row = int(self.rows_of_rings[ring])
            raise DataError(
                "a ring is not closed",
                where=f"row {row}, ring {ring}",
                expected="the first position again at the end",
                found="another position",
            )


def ranges(starts: Indexes, lengths: Indexes) -> Indexes:
    """Return ``starts[0], starts[0] + 1, ...``, as many as its length, then those of the next."""
    before = np.cumsum(lengths) - lengths
    result: Indexes = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return result


def segment_sums(values: Floats, offsets: Indexes) -> Floats:
    """Add up ``values[offsets[i]:offsets[i + 1]]`` for each i; an empty interval gives 0."""
    lengths = np.diff(offsets)
    if len(lengths) == len(values) and (lengths == 1).all():
        return values
    sums = np.zeros(len(lengths))
    full = lengths > 0
    if full.any():
        sums[full] = np.add.reduceat(values[: offsets[-1]], offsets[:-1][full])
    return sums


def from_counts(counts: ArrayLike) -> Indexes:
    """Return the offsets of intervals of given lengths."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _floats(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} is not numbers", expected="degrees", found=str(error)) from None
    if array.ndim != 1:
        raise DataError(f"{name} has the wrong shape", expected="(n,)", found=str(array.shape))
    return array


def _offsets(values: ArrayLike, name: str, size: int) -> Indexes:
    array = np.asarray(values)
    wrong = ""
    if array.ndim != 1 or len(array) == 0 or not np.issubdtype(array.dtype, np.integer):
        wrong = f"{array.dtype} of shape {array.shape}"
    elif array[0] < 0 or array[-1] > size:
        wrong = f"{array[0]} to {array[-1]}"
    elif (np.diff(array) < 0).any():
        wrong = f"{name}[{int(np.flatnonzero(np.diff(array) < 0)[0]) + 1}] below the one before"
    if wrong:
        expected = f"integers from 0 up to {size}, none below the one before"
        raise DataError("offsets that do not fit", where=name, expected=expected, found=wrong)
    return array.astype(np.int64, copy=False)
