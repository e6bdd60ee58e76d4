"""Measure polygons: their areas by both methods, how exact they are, and which cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo import area
from hetao_geo import crs as crs_table
from hetao_geo.area import Polygons, Side, missing
from hetao_geo.area.missing import without
from hetao_geo.area.shapes import long_steps
from hetao_geo.errors import DataError, UsageError
from hetao_geo.verification import figures

if TYPE_CHECKING:
    import shapely
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Codes = NDArray[np.uint8]

# Why a row is not evaluated: what the reader of the file says, what shows itself when it is
# measured, and what is wrong with the stated figure.
REASONS = (
    *missing.REASONS,
    "crosses the antimeridian in one piece",
    "no position in the CRS of the report",
    "some of its polygons cannot be measured",
    *figures.FAULTS[1:],
)
_INVALID = REASONS.index("invalid geometry")
_UNCUT, _NO_POSITION, _PART = range(len(missing.REASONS), len(missing.REASONS) + 3)
FIRST_FAULT = _PART
# What the standard uncertainty rests on.
UNCERTAINTIES = ("", "vertices", "sides")
_VERTICES, _SIDES = 1, 2
# The planar area that stands beside a geodesic one: equal areas, the same plane for every row.
BESIDE = "EPSG:6933"


@dataclass(frozen=True, eq=False)
class Measurement:
    """Polygons, measured; arrays of one length, NaN where there is nothing.

    Attributes
    ----------
    measured_m2 : ndarray of float
        The area that decides, square metres: planar where a CRS was chosen, else geodesic.
    uncertainty_m2 : ndarray of float
        Standard uncertainty of it; NaN where no accuracy is known.
    uncertainty : ndarray of uint8
        Index into `UNCERTAINTIES`.
    reason : ndarray of uint8
        Index into `REASONS`; 0 where it could be measured.
    polygons : Polygons
        Without those that cannot be measured.
    accuracy_m : ndarray of float
        Of the vertices along each axis, metres; NaN where unknown.
    sides : dict of int to tuple of Side
        By row, where the sides have accuracies of their own.
    crs : str, optional
        The projected CRS that decides; None: the ellipsoid does.
    """

    measured_m2: Floats
    uncertainty_m2: Floats
    uncertainty: Codes
    reason: Codes
    polygons: Polygons
    accuracy_m: Floats
    sides: dict[int, tuple[Side, ...]]
    crs: str | None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.reason)

    @cached_property
    def planar_m2(self) -> Floats:
        """Area in the plane of the CRS of the report, or of `BESIDE`."""
        return self.measured_m2 if self.crs else planar_areas(self.polygons, BESIDE)

    @cached_property
    def geodesic_m2(self) -> Floats:
        """Area on the WGS 84 ellipsoid."""
        return area.geodesic_areas(self.polygons) if self.crs else self.measured_m2

    @cached_property
    def correlated_m2(self) -> Floats:
        """Bound if the whole outline is off to one side by its accuracy."""
        if np.isnan(self.uncertainty_m2).all():
            return self.uncertainty_m2
        sigma = _per_position(self.polygons, self.accuracy_m)
        bounds = area.correlated_bounds(self.polygons, sigma, self.crs)
        for row, sides in self.sides.items():
            bounds[row] = area.side_shifts(_outline(self.polygons, row), sides, self.crs).sum()
        return np.where(np.isnan(self.uncertainty_m2), np.nan, bounds)

    def alone(self, row: int) -> Measurement:
        """Return one row, so that what is left for later is not computed for all of them."""
        rows = np.array([row])
        part = Measurement(
            self.measured_m2[rows],
            self.uncertainty_m2[rows],
            self.uncertainty[rows],
            self.reason[rows],
            self.polygons.take(rows),
            self.accuracy_m[rows],
            {0: self.sides[row]} if row in self.sides else {},
            self.crs,
        )
        done = {name: self.__dict__[name][rows] for name in _LATER if name in self.__dict__}
        part.__dict__.update(done)
        return part

    def settled(self) -> Measurement:
        """Return the same without its polygons, everything computed."""
        later = {name: getattr(self, name) for name in _LATER}
        row = replace(self, polygons=_none(len(self)), sides={})
        row.__dict__.update(later)
        return row


_LATER = ("planar_m2", "geodesic_m2", "correlated_m2")


def _none(rows: int) -> Polygons:
    return Polygons(np.empty(0), np.empty(0), np.zeros(rows + 1, np.int64))


def measure(
    polygons: Polygons,
    *,
    crs: str | None = None,
    accuracy_m: ArrayLike | None = None,
    sides: Sequence[Sequence[Side] | None] | None = None,
    reasons: Codes | None = None,
) -> Measurement:
    """Measure polygons; what a row gets depends on that row and the options only.

    Parameters
    ----------
    polygons : Polygons
        WGS 84, degrees, longitude first.
    crs : str, optional
        A projected CRS that decides; by default the WGS 84 ellipsoid does.
    accuracy_m : array_like, optional
        Standard error of a vertex along each axis, metres: one for all or one a row; NaN where
        it is unknown.
    sides : sequence, optional
        For each row its sides, or None: first and last vertex of the exterior ring,
        counterclockwise and counted from 0, and the accuracy of the side in metres. Where they
        make up the whole outline they take the place of `accuracy_m`.
    reasons : ndarray of uint8, optional
        As the reader of the file gives them: 0 where there is a usable polygon.

    Raises
    ------
    UsageError
        An unknown CRS, or one that is not projected.
    """
    count = len(polygons)
    reason = np.zeros(count, np.uint8) if reasons is None else reasons.copy()
    reason[(reason == 0) & _uncut(polygons)] = _UNCUT
    reason[(reason == 0) & _invalid(polygons)] = _INVALID
    usable = without(polygons, reason > 0)
    areas = area.geodesic_areas(usable) if crs is None else planar_areas(usable, crs)
    lost = (reason == 0) & ~np.isfinite(areas)
    reason[lost] = _NO_POSITION
    usable = without(usable, lost)
    accuracy = np.full(count, np.nan if accuracy_m is None else accuracy_m, float)
    accuracy[reason > 0] = np.nan
    fitting = _fitting(usable, sides)
    errors, bases = _uncertainties(usable, accuracy, fitting, crs)
    measured = np.where(reason > 0, np.nan, areas)
    return Measurement(measured, errors, bases, reason, usable, accuracy, fitting, crs)


def total(parts: Iterable[Measurement], crs: str | None) -> Measurement:
    """Return all polygons together as one row.

    The errors of its polygons are taken as independent; if all were off to one side together,
    their bounds add up.
    """
    sums = np.zeros(5)  # measured, variance, planar, geodesic, correlated
    bases = set[int]()
    whole, count = True, 0
    for part in parts:
        columns = (
            part.measured_m2, part.uncertainty_m2**2, part.planar_m2, part.geodesic_m2,
            part.correlated_m2,
        )  # fmt: skip
        sums += [float(np.sum(column)) for column in columns]
        bases |= set(part.uncertainty.tolist())
        whole &= not part.reason.any()
        count += len(part)
    reason = np.array([0 if whole and count else _PART], np.uint8)
    if reason[0]:
        sums[:] = np.nan
    measured, variance, planar, geodesic, correlated = sums[:, None]
    known = 0 not in bases and not reason[0]
    base = np.array([max(bases) if known else 0], np.uint8)
    unknown = np.array([np.nan])
    row = Measurement(measured, np.sqrt(variance), base, reason, _none(1), unknown, {}, crs)
    row.__dict__.update(zip(_LATER, (planar, geodesic, correlated), strict=True))
    return row


def planar_areas(polygons: Polygons, crs: str) -> Floats:
    """Return planar areas; NaN for a row with a position that has no image in the CRS."""
    try:
        with np.errstate(invalid="ignore"):
            return area.planar_areas(polygons, crs)
    except DataError:
        if len(polygons) < 2:
            return np.full(len(polygons), np.nan)
    halves = np.array_split(np.arange(len(polygons)), 2)
    return np.concatenate([planar_areas(polygons.take(rows), crs) for rows in halves])


def check_crs(crs: str | None) -> str | None:
    """Return the code of a projected CRS.

    Raises
    ------
    UsageError
        It is unknown, or not projected.
    """
    return None if crs is None else crs_table.require_projected(crs).code


def check_accuracy(accuracy_m: float | None) -> None:
    """Raise `UsageError` unless it is None or a number of metres, 0 or more."""
    if accuracy_m is not None and not 0 <= accuracy_m < float("inf"):
        raise UsageError(
            "not an accuracy",
            where="accuracy_m",
            expected="metres, 0 or more",
            found=f"{accuracy_m:g}",
        )


def _uncut(polygons: Polygons) -> Bools:
    """Return which rows cross the antimeridian in one piece."""
    none = np.zeros(len(polygons), bool)
    if not len(polygons.lon) or np.ptp(polygons.lon) <= 180:
        return none
    ring = np.repeat(np.arange(len(polygons.ring_offsets) - 1), np.diff(polygons.ring_offsets))
    xy = np.column_stack([polygons.lon, polygons.lat])
    none[polygons.rows_of_rings[ring[long_steps(xy, ring)]]] = True
    return none


def _invalid(polygons: Polygons) -> Bools:
    import shapely

    unsure = np.flatnonzero(~area.certainly_valid(polygons))
    invalid = np.zeros(len(polygons), bool)
    if len(unsure):
        rows = area.to_shapely(polygons.take(unsure))
        invalid[unsure] = ~(shapely.is_valid(rows) | shapely.is_missing(rows))
    return invalid


def _uncertainties(
    polygons: Polygons, accuracy_m: Floats, sides: dict[int, tuple[Side, ...]], crs: str | None
) -> tuple[Floats, Codes]:
    """Return the standard uncertainty of each row, and what it rests on."""
    errors, known = np.full(len(polygons), np.nan), np.isfinite(accuracy_m)
    if known.any():
        sigma = _per_position(polygons, accuracy_m)
        errors[known] = area.standard_errors(polygons, sigma, crs)[known]
    bases = np.where(known, _VERTICES, 0).astype(np.uint8)
    for row, given in sides.items():
        errors[row] = area.standard_error_by_sides(_outline(polygons, row), given, crs)
        bases[row] = _SIDES
    return errors, bases


def _per_position(polygons: Polygons, per_row: Floats) -> Floats:
    lengths = np.diff(polygons.ring_offsets)
    return np.repeat(np.nan_to_num(per_row)[polygons.rows_of_rings], lengths)


def _fitting(
    polygons: Polygons, sides: Sequence[Sequence[Side] | None] | None
) -> dict[int, tuple[Side, ...]]:
    """Return the sides by row where they are the whole outline, end to end."""
    fitting = {}
    for row, given in enumerate(sides or ()):
        outline = _outline(polygons, row) if given else None
        if not given or outline is None:
            continue
        ends = [end for first, last, _ in given for end in (first, last)]
        joined = ends[0] == 0 and ends[-1] == len(outline.exterior.coords) - 1
        if joined and ends[1:-1:2] == ends[2:-1:2] and all(f < last for f, last, _ in given):
            fitting[row] = tuple(given)
    return fitting


def _outline(polygons: Polygons, row: int) -> shapely.Polygon | None:
    """Return a row that is one polygon without holes, counterclockwise; else None."""
    import shapely

    parts = shapely.get_parts(area.to_shapely(polygons.take(np.array([row]))))
    if len(parts) != 1 or shapely.get_num_interior_rings(parts[0]):
        return None
    # Shapefiles and others turn rings round and keep the first vertex.
    return parts[0] if parts[0].exterior.is_ccw else shapely.reverse(parts[0])
