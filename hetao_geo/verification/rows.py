"""Evaluate any number of rows at once: the pure function that every engine runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import area
from hetao_geo import crs as crs_table
from hetao_geo.area import Polygons
from hetao_geo.area.polygons import segment_sums
from hetao_geo.errors import UsageError
from hetao_geo.verification import model

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Square metres in one unit. One mu is 10000/15 square metres: State Council, legal units of
# measurement, 1984; the customary unit of Chinese land records.
UNITS = {"m2": 1.0, "ha": 1e4, "km2": 1e6, "mu": 1e4 / 15}

NOT_JUDGED = "not-judged"
VERDICTS = (model.CONSISTENT, model.NOT_CONSISTENT, NOT_JUDGED)
REASONS = (
    "",
    "no geometry",
    "not a polygon",
    "invalid geometry",
    "position out of range",
    "stated area is no positive number",
)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was found of each row; arrays of one length.

    Attributes
    ----------
    stated_m2, measured_m2, limit_m2 : ndarray of float
        Areas and the largest difference that is called consistent; NaN where there is none.
    verdict : ndarray of uint8
        Index into `VERDICTS`.
    reason : ndarray of uint8
        Index into `REASONS`: why a row was not evaluated.
    """

    stated_m2: Floats
    measured_m2: Floats
    limit_m2: Floats
    verdict: NDArray[np.uint8]
    reason: NDArray[np.uint8]

    @property
    def difference_m2(self) -> Floats:
        """Measured less stated."""
        return self.measured_m2 - self.stated_m2

    @property
    def difference_percent(self) -> Floats:
        """Measured less stated, in per cent of stated."""
        return 100 * self.difference_m2 / self.stated_m2

    def merged(self, others: Evaluation, plain: Bools) -> Evaluation:
        """Return rows of this where `plain`, and of `others` elsewhere."""
        pairs = [(getattr(self, f.name), getattr(others, f.name)) for f in fields(self)]
        arrays = [np.empty(len(plain), ours.dtype) for ours, _ in pairs]
        for array, (ours, theirs) in zip(arrays, pairs, strict=True):
            array[plain], array[~plain] = ours, theirs
        return Evaluation(*arrays)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns of a table of results, verdicts and reasons as words."""
        return {
            "stated_m2": self.stated_m2,
            "measured_m2": self.measured_m2,
            "difference_m2": self.difference_m2,
            "difference_percent": self.difference_percent,
            "limit_m2": self.limit_m2,
            "verdict": np.array(VERDICTS)[self.verdict],
            "reason": np.array(REASONS)[self.reason],
        }


def evaluate(
    geometries: Polygons | Sequence[Any] | NDArray[Any],
    stated: ArrayLike,
    *,
    unit: str = "km2",
    crs: Any = None,
    accuracy_m: float | None = None,
    max_difference: float | None = None,
) -> Evaluation:
    """Evaluate declared areas against measured ones, row by row.

    A row is consistent when ``|measured - stated|`` is at most the rounding of the stated
    figure plus two standard errors, or `max_difference` times the stated area. What a row gets
    does not depend on the other rows.

    Parameters
    ----------
    geometries : Polygons, or array of shapely geometries
        WGS 84, degrees, longitude first.
    stated : array_like of shape (rows,)
        Declared areas: numbers, or figures as text, whose last digit then tells the rounding.
    unit : {"m2", "ha", "km2", "mu"}
        Their unit.
    crs : str, optional
        Measure in this projected CRS; by default on the WGS 84 ellipsoid.
    accuracy_m : float, optional
        Standard error of a vertex along each axis, in metres; by default the vertices are taken
        as exact.
    max_difference : float, optional
        A share of the stated area, such as 0.02, instead of rounding and standard errors.

    Returns
    -------
    Evaluation

    Raises
    ------
    UsageError
        An unknown unit or CRS, or another number of stated areas than of rows.
    """
    factor = check_unit(unit)
    figures, half_digits = read_stated(np.asarray(stated))
    flat, reason = _usable(geometries, figures)
    with np.errstate(invalid="ignore"):
        measured = area.geodesic_areas(flat) if crs is None else area.planar_areas(flat, crs)
    stated_m2, measured = figures * factor, np.where(reason, np.nan, measured)
    if max_difference is not None:
        limit = np.abs(stated_m2) * max_difference
    else:
        limit = half_digits * factor
        if accuracy_m:
            limit = limit + 2 * area.standard_errors(flat, accuracy_m, crs)
    with np.errstate(invalid="ignore"):
        # A billionth of the limit is forgiven, as in `model.verdict`.
        apart = np.abs(measured - stated_m2) > limit * (1 + 1e-9)
    verdict = np.where(reason > 0, 2, apart).astype(np.uint8)
    return Evaluation(stated_m2, measured, limit, verdict, reason)


def check_unit(unit: str) -> float:
    """Return the square metres in one unit.

    Raises
    ------
    UsageError
        It is no unit of area that is known here.
    """
    if unit not in UNITS:
        raise UsageError("unknown unit of area", expected=" or ".join(UNITS), found=repr(unit))
    return UNITS[unit]


def read_stated(stated: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the figures and half a unit of the last digit of each; NaN for no positive number.

    Parameters
    ----------
    stated : ndarray
        Numbers or text; a float stands for its shortest decimal form, as in `model.rounding`.

    Examples
    --------
    >>> read_stated(np.array([3.02, 87.0, -1.0]))[1].tolist()
    [0.005, 0.05, nan]
    >>> read_stated(np.array(["3.020", "about 3"], dtype=object))[1].tolist()
    [0.0005, nan]
    """
    if stated.dtype.kind not in "iuf":
        return _read_words(stated)
    figures = stated.astype(np.float64)
    figures[~(np.isfinite(figures) & (figures > 0))] = np.nan
    if stated.dtype.kind in "iu":
        return figures, np.where(np.isnan(figures), np.nan, 0.5)
    half = np.full(len(figures), np.nan)
    open_rows = np.flatnonzero(~np.isnan(figures))
    for digits in range(1, 18):
        values = figures[open_rows]
        exact = np.round(values, digits) == values
        half[open_rows[exact]] = 0.5 * 10.0**-digits
        open_rows = open_rows[~exact]
        if not len(open_rows):
            break
    half[open_rows] = 0.0
    return figures, half


def _read_words(stated: NDArray[Any]) -> tuple[Floats, Floats]:
    figures, half = np.full((2, len(stated)), np.nan)
    for row, word in enumerate(stated.tolist()):
        if isinstance(word, bool) or not isinstance(word, int | float | str):
            continue
        if isinstance(word, str) and "_" in word:  # as in `declared`
            continue
        try:
            value = float(word)
        except ValueError:
            continue
        if 0 < value < np.inf:
            figures[row] = value
            half[row] = model.rounding(word.strip() if isinstance(word, str) else word)
    return figures, half


def _usable(geometries: Any, figures: Floats) -> tuple[Polygons, NDArray[np.uint8]]:
    """Return the polygons, without positions that cannot be measured, and why rows fall out."""
    flat = geometries if isinstance(geometries, Polygons) else area.flatten(geometries)
    if len(flat) != len(figures):
        found = f"{len(flat)} geometries and {len(figures)} figures"
        raise UsageError("rows and stated areas differ", expected="as many of each", found=found)
    reason = np.zeros(len(flat), np.uint8)
    reason[np.isnan(figures)] = 5
    flat, out_of_range = _without_out_of_range(flat)
    reason[out_of_range] = 4
    reason[_invalid(flat, geometries) & ~out_of_range] = 3
    ring_count = flat.row_totals(np.ones(len(flat.ring_offsets) - 1))
    reason[~(ring_count > 0)] = 1
    if not isinstance(geometries, Polygons):
        import shapely

        rows = np.asarray(geometries, dtype=object)
        kinds = shapely.get_type_id(rows)
        reason[(kinds >= 0) & (kinds != 3) & (kinds != 6) & ~shapely.is_empty(rows)] = 2
    return flat, reason


def _without_out_of_range(flat: Polygons) -> tuple[Polygons, Bools]:
    """Put NaN for positions beyond the globe; say which rows hold one, or one that is NaN."""
    lon, lat = flat.lon, flat.lat
    if not len(lon) or (np.abs(lat).max() <= 90 and np.abs(lon).max() <= 720):
        return flat, np.zeros(len(flat), bool)
    bad = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 720))
    per_ring = segment_sums(bad.astype(float), flat.ring_offsets)
    out_of_range = flat.row_totals(per_ring) > 0
    lat = np.where(bad, np.nan, lat)
    whole = Polygons(
        lon, lat, flat.ring_offsets, flat.polygon_offsets, flat.geometry_offsets, flat.missing
    )
    return whole, out_of_range


def _invalid(flat: Polygons, geometries: Any) -> Bools:
    import shapely

    unsure = np.flatnonzero(~area.certainly_valid(flat))
    invalid = np.zeros(len(flat), bool)
    if len(unsure):
        if isinstance(geometries, Polygons):
            rows = area.to_shapely(flat.take(unsure))
        else:
            rows = np.asarray(geometries, dtype=object)[unsure]
        invalid[unsure] = ~(shapely.is_valid(rows) | shapely.is_missing(rows))
    return invalid


def require_share(max_difference: float | None) -> None:
    """Raise `UsageError` unless it is None or a share from 0 to 1."""
    if max_difference is not None and not 0 <= max_difference <= 1:
        raise UsageError(
            "not a share", where="max_difference", expected="0 to 1", found=f"{max_difference:g}"
        )


def check_crs(crs: Any) -> None:
    """Raise `UsageError` unless it is None or a projected system."""
    if crs is not None:
        crs_table.require_projected(crs)
