"""Areas of polygons, in a plane and on the ellipsoid, and how exact they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from hetao_geo.crs import System


def planar_area(geometry: Any, crs: System) -> float:
    """Return the area in a projected CRS, square metres; `geometry` is WGS 84, degrees."""
    return float(shapely.area(_projected(geometry, crs))) * crs.metres**2


def geodesic_area(geometry: Any) -> float:
    """Return the area on the WGS 84 ellipsoid with geodesic edges, square metres."""
    from pyproj import Geod

    return abs(float(Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]))


def standard_error(geometry: Any, accuracy_m: float, crs: System) -> float:
    """Return the standard error of the area from independent vertex errors, square metres.

    References
    ----------
    Chrisman, N. R. and Yandell, B. S. (1988), Surveying and Mapping 48, 241-246:
    Var A = s^2/4 * sum((x[i+1] - x[i-1])^2 + (y[i+1] - y[i-1])^2).
    """
    total = 0.0
    for ring in shapely.get_rings(_projected(geometry, crs)):
        xy = shapely.get_coordinates(ring)[:-1] * crs.metres
        total += float(((np.roll(xy, -1, 0) - np.roll(xy, 1, 0)) ** 2).sum())
    return float(accuracy_m / 2 * total**0.5)


def correlated_bound(geometry: Any, accuracy_m: float, crs: System) -> float:
    """Return perimeter times accuracy: the whole outline off to one side, square metres."""
    return float(shapely.length(_projected(geometry, crs))) * crs.metres * accuracy_m


def _projected(geometry: Any, crs: System) -> Any:
    return shapely.transform(geometry, lambda p: np.column_stack(crs.project(p[:, 0], p[:, 1])))
