"""Check anybody's polygons against the areas that were declared for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import shapely

from hetao_geo import crs as crs_table
from hetao_geo.area.shapes import long_steps
from hetao_geo.errors import DataError, UsageError
from hetao_geo.verification import measure, model
from hetao_geo.verification.measure import Stated
from hetao_geo.verification.model import Report
from hetao_geo.verification.zone import area_warnings

# Square kilometres in one unit. One mu is 10000/15 square metres: State Council, legal units
# of measurement, 1984; the customary unit of Chinese land records.
UNITS = {"km2": 1.0, "ha": 0.01, "m2": 1e-6, "mu": 1e-2 / 15}


# So many wrong rows are named as fit on a screen.
_SHOWN = 20


class Declared(Protocol):
    """A polygon with a name and properties; `hetao_geo.catalog.Feature` is one."""

    @property
    def id(self) -> str:
        """Name of the row."""

    @property
    def geometry(self) -> Any:
        """Shapely polygon, WGS 84, longitude first, degrees."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """Fields of the row."""


def verify_features(
    features: Sequence[Declared],
    stated: str | float,
    *,
    unit: str = "km2",
    crs: str | None = None,
    accuracy_m: float | None = None,
    max_difference: float | None = None,
) -> Report:
    """Check polygons against declared areas.

    Parameters
    ----------
    features : sequence
        Each with ``id``, ``geometry`` (WGS 84, longitude first, degrees) and ``properties``.
    stated : str or float
        The property that holds each declared area; or one figure, which is then the declared
        area of all polygons together. The digits of the figure give its rounding.
    unit : {"km2", "ha", "m2", "mu"}
        Unit of the declared areas.
    crs : str, optional
        Projected CRS of the planar areas; by default one that suits the place.
    accuracy_m : float, optional
        Standard error of a vertex in each axis, metres; by default the property
        ``accuracy_m`` of each feature, else 0.
    max_difference : float, optional
        A fixed limit as a share of the declared area.

    Returns
    -------
    Report

    Raises
    ------
    UsageError
        Unknown unit or CRS; a field that no feature has.
    DataError
        Declared areas that are missing or no positive numbers, or polygons that cross the
        antimeridian in one piece; every such row is named.
    """
    if unit not in UNITS:
        raise UsageError("unknown unit", expected=f"one of {', '.join(UNITS)}", found=repr(unit))
    if accuracy_m is not None and not 0 <= accuracy_m < float("inf"):
        raise UsageError(
            "no accuracy", where="accuracy", expected="metres, 0 or more", found=str(accuracy_m)
        )
    _refuse_uncut(features)
    system = _system(features, crs)
    rows = _rows(features, stated, UNITS[unit])
    checks = tuple(
        measure.check(
            key,
            shape,
            said,
            crs=system,
            max_difference=max_difference,
            names=names,
            accuracy_m=_accuracy(properties, accuracy_m),
        )
        for key, shape, said, names, properties in rows
    )
    return Report(
        crs=system.code,
        crs_name=system.name,
        checks=checks,
        max_difference=max_difference,
        declared=True,
        warnings=area_warnings(system, checks) + _accuracy_warning(checks, max_difference),
    )


def _refuse_uncut(features: Sequence[Declared]) -> None:
    """Raise `DataError` for polygons that cross the antimeridian in one piece."""
    shapes = np.array([f.geometry for f in features], dtype=object)
    rings, owner = shapely.get_rings(shapely.get_parts(shapes), return_index=True)
    whose = shapely.get_parts(shapes, return_index=True)[1][owner]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    wrong = np.unique(whose[ring[long_steps(xy, ring)]])
    if len(wrong):
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise DataError(
            "a polygon crosses the antimeridian in one piece",
            expected="no edge of more than 180 degrees of longitude",
            found="; ".join(features[i].id for i in wrong[:_SHOWN].tolist()) + more,
            hint="cut it in two at longitude 180 (RFC 7946, section 3.1.9)",
        )


def _system(features: Sequence[Declared], crs: str | None) -> Any:
    if not features:
        raise DataError("no polygons to check", expected="at least one polygon", found="none")
    if crs is not None:
        return crs_table.require_projected(crs)
    bounds = shapely.total_bounds(np.array([f.geometry for f in features], dtype=object))
    return crs_table.recommend(tuple(float(edge) for edge in bounds)).system


def _rows(
    features: Sequence[Declared], stated: str | float, unit: float
) -> list[tuple[str, Any, Stated, dict[str, str], Mapping[str, Any]]]:
    figure = _number(stated)
    if figure is not None:
        return [_whole(features, _stated(stated, unit))]
    if not any(stated in f.properties for f in features):
        fields = sorted({key for f in features for key in f.properties})
        raise UsageError(
            "no such field",
            where="--stated",
            found=repr(stated),
            expected=f"a number or one of {', '.join(fields) or '(no fields)'}",
        )
    faults = [
        f"{f.id}: {f.properties.get(str(stated))!r}"
        for f in features
        if _number(f.properties.get(str(stated))) is None
    ]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise DataError(
            "stated areas that are no positive numbers",
            where=f"field {stated}",
            expected="a positive number in every row",
            found="; ".join(faults[:_SHOWN]) + more,
        )
    return [
        (
            f.id,
            f.geometry,
            _stated(f.properties[str(stated)], unit),
            measure.names_of(f.properties),
            f.properties,
        )
        for f in features
    ]


def _whole(
    features: Sequence[Declared], stated: Stated
) -> tuple[str, Any, Stated, dict[str, str], Mapping[str, Any]]:
    if len(features) == 1:
        only = features[0]
        return only.id, only.geometry, stated, measure.names_of(only.properties), only.properties
    parts = [p for f in features for p in shapely.get_parts(f.geometry)]
    known = [_number(f.properties.get("accuracy_m")) for f in features]
    shared = {
        # The least exact polygon speaks for all; one without accuracy leaves the sum without.
        "accuracy_m": None if None in known else max(a for a in known if a is not None),
    }
    return "total", shapely.MultiPolygon(parts), stated, {}, shared


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and "_" in value:  # Python's 1_000, which nobody's table means
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


def _stated(figure: str | float, unit: float) -> Stated:
    return Stated(float(figure) * unit, model.rounding(figure) * unit)


def _accuracy(properties: Mapping[str, Any], accuracy_m: float | None) -> float:
    if accuracy_m is not None:
        return accuracy_m
    return _number(properties.get("accuracy_m")) or 0.0


def _accuracy_warning(checks: Any, max_difference: float | None) -> tuple[str, ...]:
    if max_difference is not None or all(c.uncertainty_km2 for c in checks):
        return ()
    return (
        "no accuracy of the vertices is known for some rows, so only the rounding of the "
        "stated figure is allowed there; give --accuracy METRES or --max-difference",
    )
