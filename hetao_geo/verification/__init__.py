"""Evaluate stated areas against measured ones: the claim, the measurement, and what it can tell."""

from __future__ import annotations

from typing import Any

from hetao_geo.catalog import Feature
from hetao_geo.errors import UsageError
from hetao_geo.verification.model import Check, CrsArea, Report
from hetao_geo.verification.zone import verify_zone

__all__ = ["Check", "CrsArea", "Report", "verify", "verify_zone"]


def verify(
    data: Any = None,
    *,
    stated: str | float | None = None,
    crs: str | None = None,
    max_difference: float | None = None,
    by_crs: bool = False,
    accuracy_m: float | None = None,
    unit: str = "km2",
) -> Any:
    """Check measured areas against stated ones.

    Parameters
    ----------
    data : geopandas.GeoDataFrame or dask_geopandas.GeoDataFrame, optional
        Polygons of your own (see `hetao_geo.read_polygons`); by default the parks, their parts
        and the whole zone, as shipped.
    stated : str or float, optional
        With `data`: the column of declared areas, or one figure for all polygons together.
    crs : str, optional
        Projected CRS of the planar areas; EPSG:2326 (Hong Kong 1980 Grid) for the zone, one
        that suits the place for other data.
    max_difference : float, optional
        A fixed limit as a share of the stated area (0.02 is 2 %), instead of the rounding of
        the stated figure plus two standard uncertainties.
    by_crs : bool
        For the zone: also measure in several CRSs.
    accuracy_m : float, optional
        With `data`: standard error of a vertex in each axis, metres.
    unit : {"km2", "ha", "m2", "mu"}
        With `data`: unit of the declared areas.

    Returns
    -------
    Report
        A model; `hetao_geo.report.render` writes it. For a dask frame instead a dask DataFrame
        with a row for each row, see `hetao_geo.verification.partitions`.

    Raises
    ------
    UsageError
        An unknown CRS, unit or column, or a CRS that is not projected.
    DataError
        Damaged layers, or declared areas that are no positive numbers.

    Examples
    --------
    >>> report = verify()
    >>> [check.id for check in report.checks if check.interpretations]
    ['shenzhen-park', 'futian-bonded-zone', 'huanggang-port-area', 'zone']
    """
    if data is None:
        chosen = {"crs": crs} if crs else {}
        return verify_zone(max_difference=max_difference, by_crs=by_crs, **chosen)
    if stated is None:
        raise UsageError(
            "no declared areas",
            where="stated",
            found="None",
            expected="the name of a column, or a figure",
        )
    # Loaded here only: the built-in check starts 5 ms sooner without them.
    from hetao_geo.verification.declared import verify_features
    from hetao_geo.verification.partitions import is_distributed, verify_partitions

    if is_distributed(data):
        return verify_partitions(
            data,
            str(stated),
            unit=unit,
            crs=crs,
            accuracy_m=accuracy_m,
            max_difference=max_difference,
        )
    return verify_features(
        _rows_of(data),
        stated,
        crs=crs,
        max_difference=max_difference,
        accuracy_m=accuracy_m,
        unit=unit,
    )


def _rows_of(frame: Any) -> list[Feature]:
    lonlat = frame.to_crs("EPSG:4326") if frame.crs is not None else frame
    columns = [c for c in frame.columns if c != frame.geometry.name]
    keys = frame["id"] if "id" in columns else frame.index
    return [
        Feature(str(key), shape, dict(zip(columns, values, strict=True)))
        for key, shape, values in zip(
            keys, lonlat.geometry, frame[columns].itertuples(index=False), strict=True
        )
    ]
