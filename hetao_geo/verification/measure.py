"""Measure one polygon and set it against its stated area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hetao_geo import area
from hetao_geo.crs import System
from hetao_geo.verification import model
from hetao_geo.verification.model import Check, Interpretation

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
    sides: Sequence[area.Side] = (),
    interpretations: tuple[Interpretation, ...] = (),
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
        Standard error of a vertex in each axis, metres; used where there are no `sides`.
    max_difference : float, optional
        A fixed limit as a share of the stated area.
    names : dict, optional
        Name by language.
    sides : sequence of area.Side
        First and last vertex and accuracy of each side of a single polygon.
    interpretations : tuple of Interpretation
        Other readings of the limits.
    """
    sigma, bound = _uncertainties(geometry, accuracy_m, sides, crs)
    return Check(
        id=key,
        names=names or {},
        stated_km2=stated.km2,
        stated_rounding_km2=stated.rounding_km2,
        stated_source=stated.source,
        measured_km2=planar_km2(geometry, crs),
        geodesic_km2=area.geodesic_area(geometry) / M2_PER_KM2,
        uncertainty_km2=sigma,
        uncertainty_correlated_km2=bound,
        limit_km2=model.limit(stated.km2, stated.rounding_km2, sigma, max_difference),
        interpretations=interpretations,
    )


def _uncertainties(
    geometry: Any, accuracy_m: float, sides: Sequence[area.Side], crs: System
) -> tuple[float, float]:
    """Return the standard uncertainty and its bound for full correlation, square kilometres."""
    if sides:
        shifts = area.side_shifts(geometry, sides, crs) / M2_PER_KM2
        return model.combine(shifts.tolist()), float(shifts.sum())
    sigma = area.standard_error(geometry, accuracy_m, crs)
    return sigma / M2_PER_KM2, area.correlated_bound(geometry, accuracy_m, crs) / M2_PER_KM2


def sides_of(properties: Mapping[str, Any]) -> tuple[area.Side, ...]:
    """Return the sides that a feature lists: first and last vertex of the ring, and accuracy."""
    return tuple((*side["line"], side["accuracy_m"]) for side in properties.get("sides") or ())


def planar_km2(geometry: Any, crs: System) -> float:
    """Return the planar area of a WGS 84 polygon in a projected CRS, square kilometres."""
    return area.planar_area(geometry, crs) / M2_PER_KM2


def names_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the name by language from the flat properties of a feature, else its one ``name``."""
    given = properties.get("name")
    return texts_of(properties, "name", given if isinstance(given, str) else None)


def texts_of(properties: Mapping[str, Any], key: str, plain: str | None = None) -> dict[str, str]:
    """Return a text by language from ``key_en`` and its like, else `plain`, where there is one."""
    keys = {"en": f"{key}_en", "zh-Hans": f"{key}_zh_hans", "zh-Hant": f"{key}_zh_hant"}
    found = {code: properties.get(name) or plain for code, name in keys.items()}
    return {code: str(text) for code, text in found.items() if text}
