"""The built-in check: the parks, their parts and the whole zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hetao_geo import catalog
from hetao_geo import crs as crs_table
from hetao_geo.catalog import Feature
from hetao_geo.crs import System
from hetao_geo.errors import DataError
from hetao_geo.verification import measure, model
from hetao_geo.verification.measure import Stated
from hetao_geo.verification.model import Check, CrsArea, Interpretation, Report

DEFAULT_CRS = "EPSG:2326"
COMPARED_CRS = ("EPSG:2326", "EPSG:4547", "EPSG:32650", "EPSG:3857", "EPSG:6933")
# Above this areal error the CRS, not the drawing, would begin to decide verdicts at the zone.
AREA_ERROR_LIMIT = 0.001


def verify_zone(
    *, crs: str = DEFAULT_CRS, max_difference: float | None = None, by_crs: bool = False
) -> Report:
    """Check the shipped parks, their parts and the whole zone against the stated areas.

    Parameters
    ----------
    crs : str
        The projected CRS of the planar areas.
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
    system = crs_table.require_projected(crs)
    parts = [
        _check(f, system, max_difference, _interpretations(f.id, system))
        for f in catalog.features("parts")
    ]
    parks = [_park(f, parts, system, max_difference) for f in catalog.features("parks")]
    checks = (*parks, *parts, _zone(parks, max_difference))
    measured = ("parks", "parts", "interpretations")
    return Report(
        crs=system.code,
        crs_name=system.name,
        checks=checks,
        max_difference=max_difference,
        warnings=area_warnings(system, checks),
        by_crs=_by_crs(checks) if by_crs else (),
        data={f"{n}.geojson": catalog.layer(n).sha256 for n in measured},
    )


def area_warnings(system: System, checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Return a sentence if the CRS makes areas at the place more than 0.1 % off."""
    geodesic = sum(c.geodesic_km2 for c in checks)
    if not geodesic:  # such as a polar cap whose edges run round the whole globe
        return ("the geodesic area is 0 here, so the CRS could not be checked by it",)
    error = sum(c.measured_km2 for c in checks) / geodesic - 1
    if abs(error) <= AREA_ERROR_LIMIT:
        return ()
    return (f"{system.code} ({system.name}) makes areas at this place {100 * error:+.2f} % off",)


def _interpretations(part: str, system: System) -> tuple[Interpretation, ...]:
    """Measure the other readings of the limits of one part."""
    return tuple(
        Interpretation(
            key=f.properties["interpretation"],
            names=measure.names_of(f.properties),
            rules=measure.texts_of(f.properties, "rule"),
            area_km2=measure.planar_km2(f.geometry, system),
            fitted=f.properties["fitted"],
        )
        for f in catalog.features("interpretations")
        if f.properties["part"] == part
    )


def _park(park: Feature, parts: list[Check], system: System, max_difference: float | None) -> Check:
    # The parts all lie in the Shenzhen Park, whose readings are those of its parts.
    divided = any(f.properties["park"] == park.id for f in catalog.features("parts"))
    return _check(park, system, max_difference, _together(parts) if divided else ())


def _together(checks: list[Check]) -> tuple[Interpretation, ...]:
    """Add up each reading over several areas; an area without it counts as drawn."""
    found: dict[str, Interpretation] = {}
    for one in (one for check in checks for one in check.interpretations):
        found.setdefault(one.key, one)
    return tuple(
        replace(one, names={}, area_km2=sum(_read_as(check, key) for check in checks))
        for key, one in found.items()
    )


def _read_as(check: Check, key: str) -> float:
    areas = [one.area_km2 for one in check.interpretations if one.key == key]
    return areas[0] if areas else check.measured_km2


def _check(
    feature: Feature,
    system: System,
    max_difference: float | None,
    interpretations: tuple[Interpretation, ...],
) -> Check:
    said = feature.properties
    stated = Stated(
        said["stated_area_km2"], said["stated_rounding_km2"], said["stated_area_source"]
    )
    return measure.check(
        feature.id,
        feature.geometry,
        stated,
        crs=system,
        accuracy_m=said["accuracy_m"],
        max_difference=max_difference,
        names=measure.names_of(said),
        sides=measure.sides_of(said),
        interpretations=interpretations,
    )


def _zone(parks: list[Check], max_difference: float | None) -> Check:
    """Add up the two parks: independent errors in quadrature, correlated ones in full."""
    said = _total()
    sigma = model.combine([p.uncertainty_km2 for p in parks])
    total = said["stated_area_km2"], said["stated_rounding_km2"]
    return Check(
        id=said["id"],
        names=measure.names_of(said),
        stated_km2=total[0],
        stated_rounding_km2=total[1],
        stated_source=said["source"],
        measured_km2=sum(p.measured_km2 for p in parks),
        geodesic_km2=sum(p.geodesic_km2 for p in parks),
        uncertainty_km2=sigma,
        uncertainty_correlated_km2=sum(p.uncertainty_correlated_km2 for p in parks),
        limit_km2=model.limit(*total, sigma, max_difference),
        interpretations=_together(parks),
    )


def _by_crs(checks: tuple[Check, ...]) -> tuple[CrsArea, ...]:
    shapes = [f for name in ("parks", "parts") for f in catalog.features(name)]
    true = {c.id: c.geodesic_km2 for c in checks}
    rows = []
    for code in COMPARED_CRS:
        system = crs_table.get(code)
        areas = {f.id: measure.planar_km2(f.geometry, system) for f in shapes}
        rows.append(_crs_row(code, system.name, areas, true))
    return (*rows, _crs_row("geodesic", "WGS 84 ellipsoid", true, true))


def _crs_row(code: str, name: str, areas: dict[str, float], true: dict[str, float]) -> CrsArea:
    parks = [f.id for f in catalog.features("parks")]
    total = sum(areas[key] for key in parks)
    whole = {**areas, _total()["id"]: total}
    error = 100 * (total / sum(true[key] for key in parks) - 1)
    return CrsArea(code, name, error, {key: whole[key] for key in true})


def _total() -> Mapping[str, Any]:
    said = catalog.layer("parks").stated_total
    if said is None:
        raise DataError(
            "the catalogue does not state the area of the zone",
            where="datapackage.json, resource parks",
            expected="stated_total",
            found="nothing",
            hint="take the file from the release again",
        )
    return said
