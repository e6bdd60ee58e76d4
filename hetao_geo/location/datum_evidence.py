"""In which datum a cloud of points is: what stands in the water, and where named places lie.

Companies, stops and addresses do not stand in the river. In GCJ-02 taken for WGS 84 everything is
522 m east and 308 m south of its place, across a river of 60 to 150 m, so a cloud of points near
the zone gives its datum away. A point that carries the name of a crossing or a station says more
than a hundred others. Nothing is converted on this evidence: the reader is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hetao_geo import catalog, datum
from hetao_geo.crs import DEFAULT, require_projected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# How much less likely a datum becomes by a point in the water: about the share of water around
# the zone over that of points which stand there in their right datum (jetties, bridges).
_WET = math.log(0.15 / 0.02)
# Standard error of a name against the position of its place: another entrance, another corner.
_NAME_M = 150.0
# A name that is used for another place counts no more than so many standard errors.
_MOST_ERRORS = 4.0
# The datum is called known from this share of the weight, in favour of one of three.
SURE = 0.95
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
    known = [(row, _places()[text]) for row, text in names if text in _places()]
    found = [_evidence(name, lon, lat, known) for name in datum.NAMES]
    if not any(near for near, *_ in found):
        return ()
    best = max(score for _, score, *_ in found)
    weights = [math.exp(max(score - best, -700)) for _, score, *_ in found]
    rows = [
        DatumEvidence(name, water, len(known), metres, weight / sum(weights))
        for name, (_, _, water, metres), weight in zip(datum.NAMES, found, weights, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -row.confidence))


def _evidence(
    name: str, lon: Floats, lat: Floats, known: list[tuple[int, tuple[float, float]]]
) -> tuple[int, float, int, float | None]:
    """Return points near the zone, logarithm of the likelihood, points in water, name error."""
    if name != "wgs84":
        lon, lat = datum.to_wgs84(lon, lat, name)
    system = require_projected(DEFAULT)
    x, y = system.project_any(lon, lat)
    water, (west, south, east, north) = _water()
    near = (x > west) & (x < east) & (y > south) & (y < north)
    wet = int(shapely.intersects_xy(water, x[near], y[near]).sum())
    metres = [math.dist((x[row], y[row]), place) for row, place in known]
    score = -wet * _WET - sum(min(m / _NAME_M, _MOST_ERRORS) ** 2 / 2 for m in metres)
    return int(near.sum()), score, wet, float(np.median(metres)) if metres else None


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
def _places() -> dict[str, tuple[float, float]]:
    """Return the positions of crossings and stations by each of their names, metres."""
    system = require_projected(DEFAULT)
    found: dict[str, tuple[float, float]] = {}
    for row in (row for name in _LAYERS for row in catalog.features(name)):
        x, y = system.project(row.geometry.x, row.geometry.y)
        names = [row.properties[key] for key in ("name_en", "name_zh_hans", "name_zh_hant")]
        for name in [*names, *row.properties.get("aliases", ())]:
            found.setdefault(name, (float(x), float(y)))
    return found
