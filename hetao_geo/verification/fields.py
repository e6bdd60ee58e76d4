"""Which fields of a row say what, and the rows of a batch evaluated by them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import evaluate
from hetao_geo.verification.options import Options
from hetao_geo.verification.rows import NAMES, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.area import Polygons, Side

    Floats = NDArray[np.float64]
    Columns = Mapping[str, NDArray[Any]]


class Batch(Protocol):
    """Some rows of a layer; `hetao_geo.reading.Batch` is one."""

    @property
    def first(self) -> int:
        """Number of the first row in its layer, from 0."""

    @property
    def polygons(self) -> Polygons:
        """WGS 84, degrees, longitude first."""

    @property
    def reasons(self) -> NDArray[np.uint8]:
        """Index into `hetao_geo.area.missing.REASONS`; 0 where there is a usable polygon."""

    @property
    def ids(self) -> NDArray[np.object_]:
        """Text, or None."""

    @property
    def columns(self) -> Columns:
        """The fields, by name."""


ACCURACY, SIDES = "accuracy_m", "sides"
# The rounding that stands beside a stated area in our own layers, by the field of that area;
# the second pair is how a Shapefile shortens them.
ROUNDING_OF = {"stated_area_km2": "stated_rounding_km2", "stated_km2": "round_km2"}
SOURCE_OF = {"stated_area_km2": "stated_area_source", "stated_km2": "stated_src"}


def wanted_columns(options: Options) -> tuple[str, ...]:
    """Return the names of the fields that results are made from."""
    stated = str(options.stated)
    named = [name for names in NAMES.values() for name in names]
    beside = [of[stated] for of in (ROUNDING_OF, SOURCE_OF) if stated in of]
    return tuple(dict.fromkeys((stated, ACCURACY, SIDES, *beside, *named)))


def evaluate_batch(batch: Batch, options: Options) -> Rows:
    """Evaluate the rows of a batch, each by its own fields."""
    stated = str(options.stated)
    columns, count = batch.columns, len(batch.ids)
    evaluation = evaluate(
        batch.polygons,
        columns.get(stated, np.full(count, None)),
        unit=options.unit,
        crs=options.crs,
        rounding=_rounding(columns, options),
        max_difference=options.max_difference,
        reasons=batch.reasons,
        **exactness(batch, options),
    )
    return Rows(evaluation, batch.ids, columns, batch.first, stated, SOURCE_OF.get(stated))


def _rounding(columns: Columns, options: Options) -> float | Floats | None:
    """Return the rounding that was given, else what stands beside the stated areas."""
    beside = ROUNDING_OF.get(str(options.stated), "")
    if options.rounding is not None or beside not in columns:
        return options.rounding
    return (
        numbers(columns[beside]) * figures.UNITS["km2"] / figures.square_metres(options.results_in)
    )


def exactness(batch: Batch, options: Options) -> dict[str, Any]:
    """Return what is known of the accuracy of the rows, as `evaluate` takes it."""
    if options.accuracy_m is not None:
        return {"accuracy_m": options.accuracy_m}
    columns = batch.columns
    known: dict[str, Any] = {}
    if ACCURACY in columns:
        known["accuracy_m"] = numbers(columns[ACCURACY])
    if SIDES in columns:
        known["sides"] = [sides(value) for value in columns[SIDES]]
    return known


def numbers(values: NDArray[Any]) -> Floats:
    """Return numbers, also those written as text; NaN for what is not a number of 0 or more."""
    if values.dtype.kind in "iuf":
        result = values.astype(np.float64)
    else:
        result = np.array([_number(value) for value in values.tolist()], np.float64)
    return np.where((result >= 0) & (result < np.inf), result, np.nan)


def sides(value: object) -> list[Side] | None:
    """Return the sides that a row lists, as a list or as JSON; None where it lists none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if not isinstance(value, list):
        return None
    try:
        rows = [(*side["line"], side["accuracy_m"]) for side in value]
        return [(int(first), int(last), float(accuracy)) for first, last, accuracy in rows]
    except (KeyError, TypeError, ValueError):
        return None


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str | int | float) else np.nan
    except (ValueError, OverflowError):
        return np.nan
