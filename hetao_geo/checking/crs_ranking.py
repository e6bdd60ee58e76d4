"""Which of the CRS candidates makes a file fit the zone: by overlap, by edges, by distance.

Every CRS candidate moves the polygons to where they would be. One that is right lays them on the
parks that they show (intersection over union), or, where a file shows something larger such as a
district, lays its edge on the river that is the limit of both. GCJ-02 is 606 m from WGS 84 here
and BD-09 about 900 m from GCJ-02, while outlines of the zone by different hands are 35 to 60 m
apart: fits that far from each other cannot be mistaken. A parcel inside one park fits everywhere
in it, and its confidence says so.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo.checking.fit import CENTRE, Fit, extents, measure
from hetao_geo.geojson import printable
from hetao_geo.reading import coordinates as crs_candidates
from hetao_geo.reading.coordinates import WGS84

# Confidence is a share of weight: prior * (floor + fit ** power). The power makes an overlap of
# 0.75 count 45 times one of 0.35; the floor is what a fit by chance is worth (0.29 ** 5).
_POWER, _FLOOR, _DECLARED = 5, 0.002, 3.0
# Below it nothing speaks for a CRS candidate but that it puts the file near the zone.
_EVIDENCE = 0.2
SURE = 0.6
"""From here on a candidate is said to be what the file is, not only what it may be."""
_DATUMS = (WGS84, "gcj02", "bd09")


@dataclass(frozen=True)
class RankedCrs:
    """One CRS candidate that puts the file near the zone."""

    crs: str
    """Name of the CRS candidate, as ``--assume`` takes it."""
    title: str
    """The same for people."""
    confidence: float
    """0 to 1, among all CRS candidates near the zone."""
    overlap: float | None
    """Best intersection over union with a polygon of the zone; None where there is none."""
    distance_m: float | None
    """Metres from the river line (``edge``) or from the zone (``distance``)."""
    basis: str
    """``overlap``, ``edge`` or ``distance``."""
    command: str | None
    """Converts the file to WGS 84; None where it is that already."""

    def as_dict(self) -> dict[str, Any]:
        """Return the members as a JSON object."""
        return dict(vars(self))


def rank_crs(
    polygons: NDArray[np.object_], declared_crs: str, file: str, layer: str | None = None
) -> tuple[RankedCrs, ...]:
    """Rank what the coordinates may be.

    Parameters
    ----------
    polygons : array of shapely polygons
        With the coordinates as they stand in the file.
    declared_crs : str
        What the file says it is in: ``wgs84`` or a CRS.
    file : str
        Its name, for the command that converts it.
    layer : str, optional
        The layer, of a file with several.

    Returns
    -------
    tuple of RankedCrs
        The most likely first; empty where the file lies elsewhere under every CRS candidate.
    """
    sound = polygons[(np.abs(shapely.bounds(polygons)) < crs_candidates.LARGEST).all(axis=1)]
    if not len(sound):
        return ()
    known = crs_candidates.table()
    candidates = (
        known
        if declared_crs in {one.name for one in known}
        else (crs_candidates.find(declared_crs), *known)
    )
    fits = _plausible(
        [fit for candidate in candidates if (fit := measure(candidate, sound))], declared_crs, sound
    )
    favoured = _favoured(fits, declared_crs)
    weights = [
        (_DECLARED if fit.candidate.name == favoured else 1.0)
        * (_FLOOR * _decay(fit) + fit.best**_POWER)
        for fit in fits
    ]
    ranked = sorted(zip(fits, weights, strict=True), key=lambda pair: -pair[1])
    total = sum(weights)
    shares = [(fit, weight / total) for fit, weight in ranked]
    words = [file, *(["--layer", layer] if layer else [])]
    quoted = " ".join(shlex.quote(printable(word)) for word in words)
    return tuple(
        _ranked(fit, share, quoted, declared_crs) for fit, share in shares if share >= 0.005
    )


def _favoured(fits: list[Fit], declared_crs: str) -> str:
    """Return the declared_crs, or the same with swapped axes where only that puts the file near."""
    near = any(fit.candidate.name == declared_crs for fit in fits)
    return declared_crs if near else declared_crs + crs_candidates.SWAPPED


def _plausible(fits: list[Fit], declared_crs: str, polygons: NDArray[np.object_]) -> list[Fit]:
    """Leave out what only nearness speaks for, where the file's own declared_crs can be true.

    Any place of the earth is near the zone under some mistake: 113.58 E read as 113 degrees 58
    minutes is. The three datums stay together, for nearness cannot tell them apart.
    """
    boxes = extents(crs_candidates.find(declared_crs), shapely.bounds(polygons))
    if len(boxes) < len(polygons) or (np.abs(boxes) > (180, 90, 180, 90)).any():
        return fits
    near = any(fit.candidate.name == declared_crs for fit in fits)
    alike = _DATUMS if near and declared_crs in _DATUMS else (declared_crs,)
    return [fit for fit in fits if fit.best >= _EVIDENCE or fit.candidate.name in alike]


def distance(polygons: NDArray[np.object_], declared_crs: str) -> float | None:
    """Return how far the nearest polygon is from the zone under `declared_crs`, in metres."""
    candidate = crs_candidates.find(declared_crs)
    boxes = extents(candidate, shapely.bounds(polygons))
    if not len(boxes):
        return None
    import pyproj

    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    middle = middle[(np.abs(middle[:, 1]) <= 90) & (np.abs(middle[:, 0]) <= 360)]
    if not len(middle):
        return None
    here = np.broadcast_to(CENTRE, middle.shape)
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(*here.T, *middle.T)
    return float(np.min(metres))


def _decay(fit: Fit) -> float:
    return float(np.exp(-fit.distance_m / 20_000))


def _ranked(fit: Fit, share: float, quoted: str, declared_crs: str) -> RankedCrs:
    name = fit.candidate.name
    basis = "distance" if fit.best < 0.05 else "overlap" if fit.overlap >= fit.edge else "edge"
    metres = {"overlap": None, "edge": fit.edge_m, "distance": fit.distance_m}[basis]
    command = None
    if name != WGS84 or declared_crs != WGS84:
        command = f"hetao-geo convert {quoted} --from {shlex.quote(name)} --to wgs84 -o OUT.geojson"
    return RankedCrs(
        crs=name,
        title=fit.candidate.title,
        confidence=round(share, 3),
        overlap=round(fit.overlap, 3) if fit.overlap > 0 else None,
        distance_m=None if metres is None else round(metres, 1),
        basis=basis,
        command=command,
    )
