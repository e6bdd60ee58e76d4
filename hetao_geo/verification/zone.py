"""The built-in report: the parks, their parts and the whole zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hetao_geo import area, catalog
from hetao_geo import crs as crs_table
from hetao_geo.catalog import Feature
from hetao_geo.errors import DataError
from hetao_geo.verification import by_crs as comparison
from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import compare
from hetao_geo.verification.fields import evaluate_batch
from hetao_geo.verification.measurement import total
from hetao_geo.verification.model import Check, CrsArea, Interpretation, Report
from hetao_geo.verification.options import Options
from hetao_geo.verification.rows import Rows, objects, texts_of
from hetao_geo.verification.summary import Summary
from hetao_geo.verification.warnings import warnings

DEFAULT_CRS = "EPSG:2326"
STATED = "stated_area_km2"
_KM2 = figures.UNITS["km2"]
_MEASURED = ("parks", "parts", "interpretations")
Readings = tuple[Interpretation, ...]


def verify_zone(
    *,
    crs: str = DEFAULT_CRS,
    unit: str = "km2",
    max_difference: float | None = None,
    by_crs: bool = False,
) -> Report:
    """Check the shipped parks, their parts and the whole zone against the stated areas.

    Parameters
    ----------
    crs : str
        The projected CRS whose planar areas decide.
    unit : {"km2", "ha", "m2", "mu"}
        Unit of the results; the stated areas are square kilometres.
    max_difference : float, optional
        A fixed limit as a share of the stated area (0.02 is 2 %); by default the limit is the
        rounding of the stated figure plus two standard uncertainties.
    by_crs : bool
        Also measure every area in several CRSs, to show why the choice matters.

    Returns
    -------
    Report

    Raises
    ------
    UsageError
        The CRS is unknown or not projected.
    DataError
        A layer is missing or damaged.
    """
    figures.square_metres(unit)
    options = Options(stated=STATED, unit="km2", crs=crs, max_difference=max_difference)
    of_zone, of_parks, readings = (catalog.features(name) for name in _MEASURED)
    parts = evaluate_batch(_Layer(of_parks), options)
    read = [_interpretations(part.id, readings, options) for part in of_parks]
    parts = replace(parts, interpretations=tuple(read))
    divided = {part.properties["park"] for part in of_parks}
    together = _together(_checks(parts))
    parks = evaluate_batch(_Layer(of_zone), options)
    read = [together if park.id in divided else () for park in of_zone]
    parks = replace(parks, interpretations=tuple(read))
    held = (parks, parts, _zone(parks, options))
    summary = Summary()
    for rows in held:
        summary.add(rows, "km2")
    return Report(
        crs=str(options.crs),
        crs_name=crs_table.get(crs).name,
        unit=unit,
        options=options,
        summary=summary,
        parts=held,
        by_crs=_by_crs(held) if by_crs else (),
        warnings=warnings(summary, options),
        built_in=True,
        data={f"{name}.geojson": catalog.layer(name).sha256 for name in _MEASURED},
    )


class _Layer:
    """Features of ours as a batch; the packages that read foreign files stay unloaded."""

    first = 0

    def __init__(self, features: Sequence[Feature]) -> None:
        shapes = np.array([feature.geometry for feature in features], object)
        self.polygons = area.flatten(shapes)
        self.reasons = np.zeros(len(features), np.uint8)
        self.ids = objects(feature.id for feature in features)
        names = {name for feature in features for name in feature.properties}
        self.columns = {
            name: objects(feature.properties.get(name) for feature in features) for name in names
        }


def _checks(rows: Rows) -> list[Check]:
    return [rows.check(row) for row in range(len(rows))]


def _zone(parks: Rows, options: Options) -> Rows:
    """Add up the two parks: independent errors in quadrature, correlated ones in full."""
    given = _total()
    stated = figures.rounded(
        figures.read([given[STATED]]), given["stated_rounding_km2"], options.unit
    )
    measured = total([parks.evaluation.measured], options.crs)
    columns = {key: objects([value]) for key, value in given.items()}
    return Rows(
        compare(stated, measured, options.max_difference),
        np.array([given["id"]], object),
        columns,
        source_field="source",
        interpretations=(_together(_checks(parks)),),
    )


def _interpretations(part: str, readings: Sequence[Feature], options: Options) -> Readings:
    """Measure the other readings of the limits of one part."""
    return tuple(
        Interpretation(
            key=f.properties["interpretation"],
            names=texts_of(f.properties, "name"),
            rules=texts_of(f.properties, "rule"),
            area_km2=area.planar_area(f.geometry, options.crs) / _KM2,
            fitted=f.properties["fitted"],
        )
        for f in readings
        if f.properties["part"] == part
    )


def _together(checks: Sequence[Check]) -> Readings:
    """Add up each reading over several areas; an area without it counts as drawn."""
    by_key: dict[str, Interpretation] = {}
    for reading in (reading for check in checks for reading in check.interpretations):
        by_key.setdefault(reading.key, reading)
    return tuple(
        replace(reading, names={}, area_km2=sum(_read_as(check, key) for check in checks))
        for key, reading in by_key.items()
    )


def _read_as(check: Check, key: str) -> float:
    areas = [reading.area_km2 for reading in check.interpretations if reading.key == key]
    return areas[0] if areas else check.measured_km2


def _by_crs(held: tuple[Rows, Rows, Rows]) -> tuple[CrsArea, ...]:
    parks, parts, _ = held
    key = _total()["id"]
    rows = []
    for code in (*comparison.AT_THE_ZONE, comparison.GEODESIC):
        areas = {**_areas(parks, code), **_areas(parts, code)}
        whole = sum(_areas(parks, code).values())
        true = sum(_areas(parks, comparison.GEODESIC).values())
        rows.append(comparison.crs_area(code, {**areas, key: whole}, true, whole))
    return tuple(rows)


def _areas(rows: Rows, code: str) -> dict[str, float]:
    measured = rows.evaluation.measured
    geodesic = code == comparison.GEODESIC
    m2 = measured.geodesic_m2 if geodesic else area.planar_areas(measured.polygons, code)
    return dict(zip(rows.ids.tolist(), (m2 / _KM2).tolist(), strict=True))


def _total() -> Mapping[str, Any]:
    given = catalog.layer("parks").stated_total
    if given is None:
        raise DataError(
            "the catalogue does not state the area of the zone",
            where="datapackage.json, resource parks",
            expected="stated_total",
            found="nothing",
            hint="take the file from the release again",
        )
    return given
