"""The same areas in several CRSs, to show why the choice matters."""

from __future__ import annotations

import numpy as np

from hetao_geo import crs as crs_table
from hetao_geo.area import Polygons
from hetao_geo.verification.measurement import Measurement, planar_areas
from hetao_geo.verification.model import CrsArea

GEODESIC = "geodesic"
# At the zone: the grids of both sides, the UTM zone, the plane of web maps, and equal areas.
AT_THE_ZONE = ("EPSG:2326", "EPSG:4547", "EPSG:32650", "EPSG:3857", "EPSG:6933")
_ANYWHERE = ("EPSG:3857", "EPSG:6933")
_KM2 = 1e6


class Comparison:
    """Sums of areas in several CRSs, added batch by batch.

    Parameters
    ----------
    crs : str, optional
        The CRS that decides, which is then one of them.
    """

    def __init__(self, crs: str | None) -> None:
        self._crs = crs
        self._sums: dict[str, float] = {}

    def add(self, measured: Measurement) -> None:
        """Add the polygons of a batch that could be measured."""
        polygons = measured.polygons
        if not len(polygons.lon):
            return
        if not self._sums:
            self._sums = dict.fromkeys((*self._chosen(polygons), GEODESIC), 0.0)
        for code in self._sums:
            areas = measured.geodesic_m2 if code == GEODESIC else planar_areas(polygons, code)
            self._sums[code] += float(np.nansum(areas)) / _KM2

    def table(self) -> tuple[CrsArea, ...]:
        """Return a row for each CRS, the ellipsoid last."""
        true = self._sums.get(GEODESIC, 0.0)
        return tuple(crs_area(code, {"total": km2}, true, km2) for code, km2 in self._sums.items())

    def _chosen(self, polygons: Polygons) -> tuple[str, ...]:
        """Return the CRS that decides, the survey grid and UTM zone of the place, and two more."""
        west, south, east, north = (
            polygons.lon.min(), polygons.lat.min(), polygons.lon.max(), polygons.lat.max(),
        )  # fmt: skip
        grid = crs_table.recommend((west, south, east, north)).system.code
        zone = int((west + east) / 2 // 6) % 60 + 31
        utm = f"EPSG:{326 if south + north >= 0 else 327}{(zone - 1) % 60 + 1:02}"
        first = (self._crs,) if self._crs else ()
        return tuple(dict.fromkeys((*first, grid, utm, *_ANYWHERE)))


def crs_area(code: str, areas: dict[str, float], true: float, total: float) -> CrsArea:
    """Return a row; `true` and `total` are the whole on the ellipsoid and in the CRS."""
    name = "WGS 84 ellipsoid" if code == GEODESIC else crs_table.get(code).name
    return CrsArea(code, name, 100 * (total / true - 1) if true else float("nan"), areas)
