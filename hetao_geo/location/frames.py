"""Points in a notebook: arrays, series or frames in, a GeoDataFrame out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from hetao_geo.errors import UsageError
from hetao_geo.location.locator import Locator
from hetao_geo.location.positions import LonLat, to_lonlat, with_accuracy
from hetao_geo.reading.features import features

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike

    from hetao_geo.reading.features import PolygonData

    PointData: TypeAlias = (
        gpd.GeoDataFrame | gpd.GeoSeries | pd.DataFrame | tuple[ArrayLike, ArrayLike] | ArrayLike
    )


def locate(
    points: PointData,
    *,
    lon: str = "lon",
    lat: str = "lat",
    datum: str = "wgs84",
    crs: str | None = None,
    accuracy_m: ArrayLike | str = 0.0,
    polygons: PolygonData | None = None,
    language: str = "en",
) -> gpd.GeoDataFrame:
    """Say which side of the parks' limits points are on, and how sure that is.

    Parameters
    ----------
    points : GeoDataFrame, GeoSeries, DataFrame, array of shape (n, 2) or pair of arrays
        Longitude first. A frame with a CRS is transformed from it; one with degrees may be in
        another `datum`. A DataFrame without geometry has the columns `lon` and `lat`. A pair is
        a tuple (longitudes, latitudes); two numbers are one point.
    lon, lat : str
        Columns of a DataFrame without geometry.
    datum : {"wgs84", "gcj02", "bd09"}
        Datum of degrees. Nothing is guessed; see `hetao_geo.location.datum_evidence`.
    crs : str, optional
        The CRS of plain coordinates, such as ``EPSG:2326``.
    accuracy_m : float, array of shape (n,) or str
        Standard error of a point, metres; or the column that holds it.
    polygons : path, GeoDataFrame or iterable of features, optional
        Polygons in place of the parks; their column ``accuracy_m`` is used where there is one.
    language : {"en", "zh-Hans", "zh-Hant"}
        Language of the names of limits.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, with the index and all columns of `points` and those of
        `hetao_geo.location.Rows`; a column that is there already is kept, and ours gets
        ``located_`` in front.

    Raises
    ------
    UsageError
        Unknown datum, CRS or column, or a negative accuracy.

    Examples
    --------
    >>> found = locate((114.0685, 22.5210))
    >>> found[["park", "status"]].values.tolist()
    [['shenzhen-park', 'inside']]
    """
    import geopandas as gpd
    import pandas as pd

    frame, position = _positions(points, (lon, lat), datum, crs)
    position, accuracy = _accuracy(frame, position, accuracy_m)
    rows = Locator(None if polygons is None else features(polygons), language=language).locate(
        position, accuracy
    )
    if frame is None:
        frame = pd.DataFrame(index=range(len(rows)))
    drawn = gpd.points_from_xy(position.lon, position.lat)
    table = rows.beside(pd.DataFrame(frame.drop(columns=_geometry_name(frame))))
    return gpd.GeoDataFrame(table, geometry=drawn, crs="EPSG:4326")


def _positions(
    points: Any, columns: tuple[str, str], datum: str, crs: str | None
) -> tuple[Any, LonLat]:
    """Return the frame, if there is one, and the positions of its rows."""
    if hasattr(points, "columns"):
        if hasattr(points, "geometry") and hasattr(points, "crs"):
            return points, _from_series(points.geometry, datum, crs)
        missing = [name for name in columns if name not in points.columns]
        if missing:
            raise UsageError(
                "no such column",
                expected=f"one of {', '.join(map(str, points.columns))}",
                found=", ".join(map(repr, missing)),
                hint="name the columns with lon= and lat=",
            )
        x, y = (points[name].to_numpy() for name in columns)
        return points, to_lonlat(x, y, datum=datum, crs=crs)
    if hasattr(points, "geom_type"):
        return points.to_frame("geometry"), _from_series(points, datum, crs)
    x, y = points if isinstance(points, tuple) else np.asarray(points).T
    return None, to_lonlat(np.atleast_1d(x), np.atleast_1d(y), datum=datum, crs=crs)


def _from_series(series: Any, datum: str, crs: str | None) -> LonLat:
    wrong = series.geom_type.dropna()
    wrong = wrong[wrong != "Point"]
    if len(wrong):
        raise UsageError("not points", expected="Point", found=", ".join(sorted(set(wrong))))
    if series.crs is not None and not (series.crs.is_geographic and datum != "wgs84"):
        series, crs = series.to_crs("EPSG:4326"), None
    return to_lonlat(series.x.to_numpy(), series.y.to_numpy(), datum=datum, crs=crs)


def _accuracy(frame: Any, points: LonLat, accuracy_m: ArrayLike | str) -> tuple[LonLat, Any]:
    if not isinstance(accuracy_m, str):
        return points, accuracy_m
    if frame is None or accuracy_m not in frame.columns:
        raise UsageError("no such column", where="accuracy_m", found=repr(accuracy_m))
    return with_accuracy(points, frame[accuracy_m].to_numpy())


def _geometry_name(frame: Any) -> list[str]:
    """Return the name of the active geometry column in a list; empty without one."""
    return [frame.geometry.name] if hasattr(frame, "geometry") and hasattr(frame, "crs") else []
