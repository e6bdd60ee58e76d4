"""In which datum a cloud of points is: what stands in the water, and where named places lie.

Companies, stops and addresses do not stand in the river. In GCJ-02 taken for WGS 84 everything is
522 m east and 308 m south of its place, across a river of 60 to 150 m, so a cloud of points near
the zone gives its datum away. A point that carries the name of a crossing or a station says more
than a hundred others. Nothing is converted on this evidence: the reader is asked.

Each datum is weighed by how likely the table is if it is the right one. The share of points in
the water follows a beta distribution, in the right datum and in a wrong one: some tables are of
jetties and gauges, so that even a table which is all in the water proves little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from hetao_geo import catalog, datum
from hetao_geo.crs import DEFAULT, require_projected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Place: TypeAlias = tuple[float, float]

# Beta distributions of the share in the water: in the right datum mostly none, at times nearly
# all; in a wrong one about the share of water around the zone, 0.15.
_RIGHT, _WRONG = (0.15, 4.0), (1.5, 10.0)
# Points nearer than this stand for one: ten companies in one house say no more than one.
_APART_M = 50.0
# Standard error of a name against the position of its place: another entrance, another corner.
_NAME_M = 150.0
# A name that is used for another place counts no more than so many standard errors.
_MOST_ERRORS = 4.0
# A datum is doubted below this share of the weight, of three.
DOUBTED = 0.05
# Points that are looked at; evidence does not grow clearer with more.
MOST_POINTS = 20_000
_LAYERS = ("crossings", "stations")


@dataclass(frozen=True)
class DatumEvidence:
    """How well the points fit where they would be in one datum."""

    datum: str
    """``wgs84``, ``gcj02`` or ``bd09``."""
    in_water: int
    """How many would stand in the river or the bay."""
    named: int
    """How many carry the name of a crossing or station near the zone."""
    named_m: float | None
    """Median distance of those from the places of that name, metres; None without any."""
    confidence: float
    """0 to 1, among the three datums."""


def datum_evidence(
    lon: Floats, lat: Floats, names: Iterable[tuple[int, str]] = ()
) -> tuple[DatumEvidence, ...]:
    """Rank the datums that the points may be in, the most likely first.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        Degrees, as they stand in the table; NaN is left out.
    names : iterable of (row, text)
        Cells that may hold names of places.

    Returns
    -------
    tuple of DatumEvidence
        Empty where no datum puts a point near the zone.
    """
    known = [(row, text) for row, text in names if text in _places()]
    clouds = [_cloud(name, lon, lat) for name in datum.NAMES]
    if not any(near.any() for _, near in clouds):
        return ()
    distances = [_named_distances(xy, known) for xy, _ in clouds]
    scores = [
        _water_score(xy, near) + _name_score(metres)
        for (xy, near), metres in zip(clouds, distances, strict=True)
    ]
    weights = [math.exp(max(score - max(scores), -700)) for score in scores]
    rows = [
        DatumEvidence(name, int(_wet(xy[near]).sum()), len(known), _median(metres), weight)
        for name, (xy, near), metres, weight in zip(
            datum.NAMES, clouds, distances, np.divide(weights, sum(weights)).tolist(), strict=True
        )
    ]
    return tuple(sorted(rows, key=lambda row: -row.confidence))


def doubt(evidence: tuple[DatumEvidence, ...]) -> str:
    """Return the question to ask of points that were read as WGS 84; empty without doubt.

    Parameters
    ----------
    evidence : tuple of DatumEvidence
        From `datum_evidence`.
    """
    wgs84 = next((row for row in evidence if row.datum == "wgs84"), None)
    if wgs84 is None or wgs84.confidence > DOUBTED:
        return ""
    best = evidence[0]
    name = datum.TITLES[best.datum]
    reasons = []
    if wgs84.in_water > best.in_water:
        reasons.append(
            f"{wgs84.in_water:,} points would stand in the water, in {name} {best.in_water:,}"
        )
    if wgs84.named_m is not None and best.named_m is not None:
        reasons.append(
            f"named crossings and stations would be {wgs84.named_m:,.0f} m from their places, "
            f"in {name} {best.named_m:,.0f} m"
        )
    return (
        f"these coordinates look like {name}, not WGS 84 ({'; '.join(reasons)}); if so, run it "
        f"again with --datum {best.datum}, else with --datum wgs84 to say that they are WGS 84"
    )


def _cloud(name: str, lon: Floats, lat: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the positions in metres if they are in that datum, and which are near the zone."""
    lon, lat = datum.to_wgs84(lon, lat, name)
    x, y = require_projected(DEFAULT).project_any(lon, lat)
    _, (west, south, east, north) = _water()
    return np.column_stack([x, y]), (x > west) & (x < east) & (y > south) & (y < north)


def _wet(xy: Floats) -> NDArray[np.bool_]:
    return np.asarray(shapely.intersects_xy(_water()[0], *xy.T))


def _water_score(xy: Floats, near: NDArray[np.bool_]) -> float:
    """Return the logarithm of how much likelier the points in the water are if all is right."""
    cells = np.unique(np.floor(xy[near] / _APART_M), axis=0, return_index=True)[1]
    wet = int(_wet(xy[near][cells]).sum())
    return _log_beta(wet, len(cells) - wet, *_RIGHT) - _log_beta(wet, len(cells) - wet, *_WRONG)


def _log_beta(wet: int, dry: int, a: float, b: float) -> float:
    """Return the logarithm of B(a + wet, b + dry) / B(a, b)."""
    after, before = (a + wet, b + dry), (a, b)
    return sum(
        sign * (math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q))
        for sign, (p, q) in ((1, after), (-1, before))
    )


def _named_distances(xy: Floats, known: list[tuple[int, str]]) -> dict[str, list[float]]:
    """Return how far the points of each name are from the nearest place of that name, metres."""
    metres: dict[str, list[float]] = {}
    for row, text in known:
        nearest = min(math.dist(xy[row], place) for place in _places()[text])
        metres.setdefault(text, []).append(nearest)
    return metres


def _name_score(metres: dict[str, list[float]]) -> float:
    """Return the logarithm of the likelihood; a name counts once, however many rows have it."""
    medians = [float(np.nanmedian(values)) for values in metres.values()]
    return -sum(min(m / _NAME_M, _MOST_ERRORS) ** 2 / 2 for m in medians if math.isfinite(m))


def _median(metres: dict[str, list[float]]) -> float | None:
    every = [m for values in metres.values() for m in values if math.isfinite(m)]
    return float(np.median(every)) if every else None


@cache
def _water() -> tuple[shapely.Geometry, tuple[float, float, float, float]]:
    """Return the water around the zone and the frame it is cut to, metres."""
    system = require_projected(DEFAULT)

    def plane(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda p: np.column_stack(system.project(*p.T)))

    parks = plane(shapely.union_all([row.geometry for row in catalog.features("parks")]))
    frame = shapely.box(*parks.buffer(500).bounds)
    shapes = [plane(row.geometry) for row in catalog.features("river")]
    # Positions of banks are good to 35 m: only what is well inside counts as water.
    water = shapely.union_all(shapes).buffer(-10).intersection(frame)
    shapely.prepare(water)
    west, south, east, north = frame.bounds
    return water, (west, south, east, north)


@cache
def _places() -> dict[str, list[Place]]:
    """Return the positions of crossings and stations by each of their names, metres."""
    system = require_projected(DEFAULT)
    places: dict[str, list[Place]] = {}
    for row in (row for name in _LAYERS for row in catalog.features(name)):
        x, y = system.project(row.geometry.x, row.geometry.y)
        names = [row.properties[key] for key in ("name_en", "name_zh_hans", "name_zh_hant")]
        for name in {*names, *row.properties.get("aliases", ())}:
            places.setdefault(name, []).append((float(x), float(y)))
    return places
