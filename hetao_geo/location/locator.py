"""Positions in, rows out: the park, the status and the limit that decides, for many points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import catalog
from hetao_geo.errors import UsageError
from hetao_geo.location import interpretations
from hetao_geo.location.distances import Positions, locate_points, normal
from hetao_geo.location.positions import REASONS, LonLat
from hetao_geo.outlines import PolygonFeature, make_areas, nearest_edges, zone_areas

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INSIDE, OUTSIDE, UNCERTAIN, NOT_LOCATED = "inside", "outside", "uncertain", "not-located"
# The usual 95 per cent, both sides taken together.
CERTAIN = 0.975


@dataclass(frozen=True, eq=False)
class Rows:
    """What was found of each point: arrays of one length, and their names.

    Attributes
    ----------
    columns : dict of ndarray
        ``park`` or ``polygon`` (the one that holds the point, else the nearest), ``part`` and
        ``part_probability`` (zone only), ``status``, ``probability`` of being inside,
        ``distance_m`` (from the nearest limit, positive inside), ``limit`` and
        ``limit_accuracy_m`` (0: not known), ``evidence`` (what the position of the limit rests
        on; empty for points beyond six standard errors of it), ``other_readings`` (names of the
        interpretations that put it on the other side; zone only), ``reason`` (why a point was
        not located).
    """

    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.columns["status"])

    def rounded(self) -> Rows:
        """Return the same with distances to a centimetre and probabilities to 1e-4."""
        digits = {"distance_m": 2, "probability": 4, "part_probability": 4}
        return Rows(
            {n: np.round(v, digits[n]) if n in digits else v for n, v in self.columns.items()}
        )

    def beside(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the columns behind those of a frame with as many rows.

        A column that the frame has already is kept, and ours gets ``located_`` in front.
        """
        import pandas as pd

        named = {
            # With its type stated pandas takes the array as it is, and looks at no text.
            f"located_{n}" if n in frame else n: pd.Series(values, frame.index, values.dtype)
            for n, values in self.columns.items()
        }
        return pd.concat([frame, pd.DataFrame(named)], axis=1)


class Locator:
    """Locates points in relation to the parks or to other polygons.

    Parameters
    ----------
    polygons : iterable of features, optional
        Polygons in WGS 84 in place of the parks; see `hetao_geo.outlines.make_areas`.
    crs : str, optional
        Projected CRS of distances; by default EPSG:2326 for the parks and one that suits the
        place for other polygons.
    accuracy_m : float
        Accuracy of outlines that do not state one, metres.
    language : {"en", "zh-Hans", "zh-Hant"}
        Language of the names of limits.
    """

    def __init__(
        self,
        polygons: Iterable[PolygonFeature] | None = None,
        *,
        crs: str | None = None,
        accuracy_m: float = 0.0,
        language: str = "en",
    ) -> None:
        self.is_zone = polygons is None
        self.areas = (
            zone_areas()
            if polygons is None
            else make_areas(polygons, crs=crs, accuracy_m=accuracy_m)
        )
        self._limits = np.array([limit.name(language) for limit in self.areas.limits], object)
        self._evidence = np.array([limit.evidence for limit in self.areas.limits], object)

    def locate(self, points: LonLat, accuracy_m: Floats | float = 0.0) -> Rows:
        """Return where the points are.

        Parameters
        ----------
        points : LonLat
            See `hetao_geo.location.positions.to_lonlat`.
        accuracy_m : float or ndarray of shape (n,)
            Standard error of a point along any direction, metres.
        """
        _check_accuracy(accuracy_m)
        usable = np.flatnonzero(points.reason == 0)
        lon, lat = points.lon[usable], points.lat[usable]
        if isinstance(accuracy_m, np.ndarray):
            accuracy_m = accuracy_m[usable]
        x, y = self.areas.project(lon, lat)
        lost = ~(np.isfinite(x) & np.isfinite(y))
        found = locate_points(self.areas, np.where(lost, 0, x), np.where(lost, 0, y), accuracy_m)
        columns = self._columns(found)
        if self.is_zone:
            columns |= _zone_columns(lon, lat, (x, y), found.inside, accuracy_m)
        reason = points.reason.copy()
        reason[usable[lost]] = REASONS.index("out of range")
        return _spread(columns, usable, reason)

    def _columns(self, found: Positions) -> dict[str, NDArray[Any]]:
        status = np.where(found.probability >= CERTAIN, 0, 2)
        status[found.probability <= 1 - CERTAIN] = 1
        # Beyond six standard errors the probability is 0 or 1, and what proves the limit idle.
        near = (found.probability > 0) & (found.probability < 1)
        return {
            "park" if self.is_zone else "polygon": np.array(self.areas.ids, object)[found.area],
            "status": np.array([INSIDE, OUTSIDE, UNCERTAIN], object)[status],
            "probability": found.probability,
            "distance_m": found.distance_m,
            "limit": self._limits[found.limit],
            "limit_accuracy_m": self.areas.accuracy_m[found.limit],
            "evidence": np.where(near, self._evidence[found.limit], ""),
        }


def _zone_columns(
    lon: Floats,
    lat: Floats,
    xy: tuple[Floats, Floats],
    inside: NDArray[np.bool_],
    accuracy_m: Floats | float,
) -> dict[str, NDArray[Any]]:
    part = interpretations.part_of(lon, lat)
    bits = interpretations.other_readings(lon, lat, part)
    different, which = np.unique(bits, return_inverse=True)
    readings = np.array([interpretations.names(b) for b in different.tolist()], object)
    ids = np.array([*(row.id for row in catalog.features("parts")), ""], object)
    return {
        "part": ids[part],
        "part_probability": _part_probability(xy, part, accuracy_m),
        "other_readings": readings[which],
    }


def _part_probability(
    xy: tuple[Floats, Floats], part: NDArray[np.int64], accuracy_m: Floats | float
) -> Floats:
    """Return how sure the part is, from the distance to the line between the parts."""
    edges, limit_m = _divider()
    rows = np.flatnonzero(part >= 0)
    _, distance = nearest_edges(edges, xy[0][rows], xy[1][rows])
    point_m = accuracy_m[rows] if isinstance(accuracy_m, np.ndarray) else accuracy_m
    result = np.full(len(part), np.nan)
    result[rows] = normal(distance / np.hypot(limit_m, point_m))
    return result


@cache
def _divider() -> tuple[Floats, float]:
    """Return the edges that the two parts share, and how well they are known, in metres."""
    parks = zone_areas()
    parts = make_areas(catalog.features("parts"), crs=parks.system)
    outline = {tuple(edge) for edge in np.round(parks.edges, 3).tolist()}
    shared = [tuple(edge) not in outline for edge in np.round(parts.edges, 3).tolist()]
    accuracy = parts.accuracy_m[parts.edge_limit[shared]]
    return parts.edges[shared], float(accuracy.max())


def _spread(
    columns: dict[str, NDArray[Any]], usable: NDArray[np.int64], reason: NDArray[np.uint8]
) -> Rows:
    """Put the rows of usable points back between those that could not be located."""
    spread = {}
    for name, values in columns.items():
        empty = "" if values.dtype == object else np.nan
        spread[name] = np.full(len(reason), empty, values.dtype)
        spread[name][usable] = values
    spread["reason"] = np.array(REASONS, object)[reason]
    spread["status"][reason > 0] = NOT_LOCATED
    for name in ("probability", "distance_m"):
        spread[name][reason > 0] = np.nan
    return Rows(spread)


def _check_accuracy(accuracy_m: Floats | float) -> None:
    if not (np.isfinite(accuracy_m).all() and (np.asarray(accuracy_m) >= 0).all()):
        raise UsageError(
            "not an accuracy", where="accuracy", expected="metres, 0 or more", found=str(accuracy_m)
        )
