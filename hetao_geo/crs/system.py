"""A coordinate system: what it is called, its unit, and how to reach it from degrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from hetao_geo.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from pyproj import CRS, Transformer


@dataclass(frozen=True)
class System:
    """A coordinate system.

    Attributes
    ----------
    code : str
        Authority and number such as ``EPSG:2326``, or the text it was given as.
    name : str
        The name in its registry.
    projected : bool
        Whether its coordinates are lengths in a plane; False means degrees.
    unit : str
        The unit of its axes.
    metres : float
        Metres in one unit; for a geographic system NaN.
    why : str
        What it is used for here; empty for one that was only asked for.
    source : str
        Where its definition is published.
    """

    code: str
    name: str
    projected: bool
    unit: str
    metres: float
    why: str = ""
    source: str = ""
    # From degrees to this system. Kept for the systems of every start: opening PROJ's database
    # takes 20 ms (EPSG:2326) to 95 ms (EPSG:4547), this pipeline 1 ms. A test compares the two.
    pipeline: str | None = None

    @cached_property
    def pyproj(self) -> CRS:
        """The same system as a `pyproj.CRS`."""
        from pyproj import CRS

        return CRS.from_user_input(self.code)

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Any, Any]:
        """Return x (easting) and y (northing) in the unit of the system.

        Parameters
        ----------
        lon, lat : array_like
            WGS 84, degrees, longitude first.

        Raises
        ------
        DataError
            A position has no image in the system; the error gives the first one.
        """
        import numpy as np

        x, y = self.project_any(lon, lat)
        lost = ~(np.isfinite(x) & np.isfinite(y)) & np.isfinite(lon) & np.isfinite(lat)
        if np.any(lost):
            at = np.flatnonzero(lost)[0]
            place = f"{np.ravel(lon)[at]:.6f}, {np.ravel(lat)[at]:.6f}"
            raise DataError(
                f"a position cannot be projected to {self.code}",
                where=f"position {at}",
                expected="longitude and latitude in degrees within reach of the projection",
                found=place,
                hint="check the order of the axes or choose another CRS",
            )
        return x, y

    def project_any(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Any, Any]:
        """Return the same as `project`, infinite where a position has no image."""
        return _transformer(self.code, self.pipeline).transform(lon, lat)

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        """Return longitude and latitude (WGS 84, degrees) of places in metres."""
        import numpy as np

        there = _transformer(self.code, self.pipeline)
        east, north = (np.asarray(values) / self.metres for values in (x, y))
        lon, lat = there.transform(east, north, direction="INVERSE")
        return lon, lat


@cache
def _transformer(code: str, pipeline: str | None) -> Transformer:
    from pyproj import Transformer

    if pipeline:
        return Transformer.from_pipeline(pipeline)
    return Transformer.from_crs("OGC:CRS84", code, always_xy=True)
