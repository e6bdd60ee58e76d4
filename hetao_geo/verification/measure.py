"""Measure one polygon and set it against its stated area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hetao_geo import area
from hetao_geo.crs import System
from hetao_geo.verification import model
from hetao_geo.verification.model import Check

M2_PER_KM2 = 1e6


@dataclass(frozen=True)
class Stated:
    """A stated area."""

    km2: float
    """The figure, square kilometres."""
    rounding_km2: float
    """Half a unit of its last digit."""
    source: str = ""
    """Who stated it."""


def check(
    key: str,
    geometry: Any,
    stated: Stated,
    *,
    crs: System,
    accuracy_m: float,
    max_difference: float | None = None,
    names: dict[str, str] | None = None,
    fitted: bool = False,
    unfitted_km2: float | None = None,
) -> Check:
    """Measure a polygon and evaluate it.

    Parameters
    ----------
    key : str
        Id of the row.
    geometry : shapely.Polygon or shapely.MultiPolygon
        WGS 84, longitude first, degrees.
    stated : Stated
        What is claimed.
    crs : System
        The projected CRS of the planar area.
    accuracy_m : float
        Standard error of a vertex in each axis, metres.
    max_difference : float, optional
        A fixed limit as a share of the stated area.
    names : dict, optional
        Name by language.
    fitted : bool
        Whether a side was placed so that a stated area comes out.
    unfitted_km2 : float, optional
        Area of the reading with no side fitted.
    """
    sigma = area.standard_error(geometry, accuracy_m, crs) / M2_PER_KM2
    return Check(
        id=key,
        names=names or {},
        stated_km2=stated.km2,
        stated_rounding_km2=stated.rounding_km2,
        stated_source=stated.source,
        measured_km2=planar_km2(geometry, crs),
        geodesic_km2=area.geodesic_area(geometry) / M2_PER_KM2,
        uncertainty_km2=sigma,
        uncertainty_correlated_km2=area.correlated_bound(geometry, accuracy_m, crs) / M2_PER_KM2,
        limit_km2=model.limit(stated.km2, stated.rounding_km2, sigma, max_difference),
        fitted=fitted,
        unfitted_km2=unfitted_km2,
    )


def planar_km2(geometry: Any, crs: System) -> float:
    """Return the planar area of a WGS 84 polygon in a projected CRS, square kilometres."""
    return area.planar_area(geometry, crs) / M2_PER_KM2


def names_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the name by language from the flat properties of a feature, else its one ``name``."""
    keys = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
    given = properties.get("name")
    plain = given if isinstance(given, str) else None
    found = {code: properties.get(key) or plain for code, key in keys.items()}
    return {code: str(name) for code, name in found.items() if name}
