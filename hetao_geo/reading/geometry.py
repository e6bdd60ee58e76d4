"""The geometries of some rows: plain polygons as flat arrays, the others as shapely objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.area import Polygons, flatten, to_shapely
from hetao_geo.area.missing import REASONS, without
from hetao_geo.area.polygons import segment_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Points = NDArray[np.float64]

_MISSING, _OTHER, _INVALID, _RANGE, _OPEN = range(1, len(REASONS))
# What a fault of a row means for its area.
_REASON = {"unclosed-ring": _OPEN, "not-finite": _RANGE, "null-geometry": _MISSING}
# Kinds of shapely: points, lines and their collections.
_NOT_AREAL = (0, 1, 2, 4, 5)


@dataclass(frozen=True)
class RowFault:
    """Something about the geometry of a row that was seen while it was decoded."""

    row: int
    """Number in its batch."""
    code: str
    """Key of `hetao_geo.geojson.rules`."""
    found: str
    """What was there."""
    fatal: bool = True
    """Whether the row has no usable geometry because of it."""


@dataclass(frozen=True, eq=False)
class Geometries:
    """The geometries of some rows in the coordinates of the file."""

    plain: Bools
    """Rows that are polygons of one ring and two dimensions."""
    polygons: Polygons
    """Those, in order."""
    others: Objects
    """The other rows as shapely geometries, in order; None where there is none."""
    faults: tuple[RowFault, ...] = ()
    """In the order of the rows."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.plain)

    def shapes(self) -> Objects:
        """Return one shapely geometry a row, heights kept, or None."""
        rows = np.empty(len(self.plain), object)
        rows[self.plain] = to_shapely(self.polygons) if len(self.polygons) else []
        rows[~self.plain] = self.others
        return rows

    def moved(
        self, change: Callable[[Points], Points] | None
    ) -> tuple[Polygons, NDArray[np.uint8], Objects]:
        """Return polygons, reasons, and points and lines, one a row, in WGS 84.

        Parameters
        ----------
        change : callable, optional
            From rows of x and y to longitude and latitude; None where they are that.
        """
        count = len(self.plain)
        reasons, lines = np.zeros(count, np.uint8), np.empty(count, object)
        polygons = self.polygons
        if not self.plain.all():
            areal = self._sort_out(reasons, lines)
            polygons = _merged(self.polygons, flatten(areal), self.plain)
        for fault in self.faults:
            if fault.fatal:
                reasons[fault.row] = _REASON.get(fault.code, _INVALID)
        polygons = _changed(polygons, change)
        # NaN, where a row is missing, is not above 0 either.
        empty = ~(polygons.row_totals(np.diff(polygons.ring_offsets).astype(float)) > 0)
        reasons[empty & (reasons == 0)] = _MISSING
        reasons[_out_of_range(polygons) & (reasons == 0)] = _RANGE
        if change is not None and any(line is not None for line in lines):
            lines = change_shapes(lines, change)
        return without(polygons, reasons > 0), reasons, lines

    def _sort_out(self, reasons: NDArray[np.uint8], lines: Objects) -> Objects:
        """Note why rows hold no polygon, put points and lines aside, and return the rest."""
        import shapely

        kinds = shapely.get_type_id(self.others)
        rows = np.flatnonzero(~self.plain)
        reasons[rows[kinds < 0]] = _MISSING
        linear = np.isin(kinds, _NOT_AREAL) & ~shapely.is_empty(self.others)
        mixed = kinds == 7
        reasons[rows[linear | mixed]] = _OTHER
        lines[rows[linear | mixed]] = self.others[linear | mixed]
        areal: Objects = self.others.copy()
        areal[linear | mixed] = None
        return areal


def from_shapes(shapes: Sequence[object] | Objects, faults: Sequence[RowFault] = ()) -> Geometries:
    """Return rows that are shapely geometries, or None."""
    rows = np.empty(len(shapes), object)
    rows[:] = shapes
    none = Polygons(np.empty(0), np.empty(0), np.zeros(1, np.int64))
    return Geometries(np.zeros(len(rows), bool), none, rows, tuple(faults))


def from_polygons(polygons: Polygons) -> Geometries:
    """Return rows that are flat polygons of any kind."""
    return Geometries(np.ones(len(polygons), bool), polygons, np.empty(0, object))


def change_shapes(shapes: Objects, change: Callable[[Points], Points]) -> Objects:
    """Return shapely geometries with every position changed; heights stay."""
    import shapely

    with np.errstate(all="ignore"):
        result: Objects = shapely.set_coordinates(
            shapes.copy(), change(shapely.get_coordinates(shapes))
        )
    return result


def _changed(polygons: Polygons, change: Callable[[Points], Points] | None) -> Polygons:
    if change is None or not len(polygons.lon):
        return polygons
    with np.errstate(all="ignore"):
        moved = change(np.column_stack([polygons.lon, polygons.lat]))
    return _with(polygons, np.ascontiguousarray(moved[:, 0]), np.ascontiguousarray(moved[:, 1]))


def _with(polygons: Polygons, lon: Points, lat: Points) -> Polygons:
    offsets = (polygons.ring_offsets, polygons.polygon_offsets, polygons.geometry_offsets)
    return Polygons(lon, lat, *offsets, polygons.missing)


def _out_of_range(polygons: Polygons) -> Bools:
    """Say which rows hold a position beyond the globe, or one that is not a number."""
    lon, lat = polygons.lon, polygons.lat
    none = np.zeros(len(polygons), bool)
    # NaN makes both comparisons false.
    if not len(lon) or (np.abs(lat).max() <= 90 and np.abs(lon).max() <= 720):
        return none
    bad = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 720))
    result: Bools = polygons.row_totals(segment_sums(bad.astype(float), polygons.ring_offsets)) > 0
    return result


def _merged(plain: Polygons, others: Polygons, where: Bools) -> Polygons:
    """Return the rows of both, those of `plain` where `where`."""
    if not where.any():
        return _three_levels(others)
    one, other = _three_levels(plain), _three_levels(others)
    levels = [
        np.concatenate([getattr(one, name), getattr(other, name)[1:] + getattr(one, name)[-1]])
        for name in ("ring_offsets", "polygon_offsets", "geometry_offsets")
    ]
    both = Polygons(
        np.concatenate([one.lon, other.lon]), np.concatenate([one.lat, other.lat]), *levels
    )
    order = np.empty(len(where), np.int64)
    order[where] = np.arange(len(one))
    order[~where] = len(one) + np.arange(len(other))
    return both.take(order)


def _three_levels(polygons: Polygons) -> Polygons:
    rings = len(polygons.ring_offsets) - 1
    parts = polygons.polygon_offsets
    parts = np.arange(rings + 1) if parts is None else parts
    rows = polygons.geometry_offsets
    rows = np.arange(len(parts)) if rows is None else rows
    return Polygons(polygons.lon, polygons.lat, polygons.ring_offsets, parts, rows)
