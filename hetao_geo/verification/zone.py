"""The built-in report: the parks, their parts and the whole zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hetao_geo import area, catalog
from hetao_geo import crs as crs_table
from hetao_geo.errors import DataError
from hetao_geo.verification import by_crs as comparison
from hetao_geo.verification import figures
from hetao_geo.verification.evaluation import compare
from hetao_geo.verification.features import source_of
from hetao_geo.verification.fields import evaluate_batch
from hetao_geo.verification.measurement import total
from hetao_geo.verification.model import Check, CrsArea, Interpretation, Report
from hetao_geo.verification.options import Options
from hetao_geo.verification.rows import Rows, texts_of
from hetao_geo.verification.run import warnings
from hetao_geo.verification.summary import Summary

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
    parts = _rows("parts", options)
    readings = [_interpretations(check.id, options) for check in _checks(parts)]
    parts = replace(parts, interpretations=tuple(readings))
    divided = {f.properties["park"] for f in catalog.features("parts")}
    together = _together(_checks(parts))
    parks = _rows("parks", options)
    of_parks = [together if check.id in divided else () for check in _checks(parks)]
    parks = replace(parks, interpretations=tuple(of_parks))
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


def _rows(layer: str, options: Options) -> Rows:
    (batch,) = source_of(catalog.features(layer)).batches()
    return evaluate_batch(batch, options)


def _checks(rows: Rows) -> list[Check]:
    return [rows.check(row) for row in range(len(rows))]


def _zone(parks: Rows, options: Options) -> Rows:
    """Add up the two parks: independent errors in quadrature, correlated ones in full."""
    given = _total()
    stated = figures.rounded(
        figures.read([given[STATED]]), given["stated_rounding_km2"], options.unit
    )
    measured = total([parks.evaluation.measured], options.crs)
    columns = {key: np.array([text], object) for key, text in given.items()}
    return Rows(
        compare(stated, measured, options.max_difference),
        np.array([given["id"]], object),
        columns,
        source_field="source",
        interpretations=(_together(_checks(parks)),),
    )


def _interpretations(part: str, options: Options) -> Readings:
    """Measure the other readings of the limits of one part."""
    return tuple(
        Interpretation(
            key=f.properties["interpretation"],
            names=texts_of(f.properties, "name"),
            rules=texts_of(f.properties, "rule"),
            area_km2=area.planar_area(f.geometry, options.crs) / _KM2,
            fitted=f.properties["fitted"],
        )
        for f in catalog.features("interpretations")
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
