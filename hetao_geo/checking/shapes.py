"""Whether polygons are drawn soundly: the verdict of GEOS, and what GEOS lets pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo.area.shapes import long_steps
from hetao_geo.geojson import Faults, printable
from hetao_geo.reading.coordinates import LARGEST

# GEOS TopologyValidationError, in its own words, to the code of the rule.
REASONS = {
    "Self-intersection": "self-intersection",
    "Ring Self-intersection": "ring-self-intersection",
    "Hole lies outside shell": "hole-outside",
    "Holes are nested": "nested-holes",
    "Interior is disconnected": "disconnected-interior",
    "Nested shells": "nested-shells",
    "Duplicate Rings": "duplicate-rings",
    "Too few points in geometry component": "too-few-points",
}
# Half a degree: where a real corner is as sharp, its sides are a line on any map of parcels.
_SPIKE_SINE = np.sin(np.radians(0.5))
# 7 decimals of a degree are 11 mm; what is left of a double behind them at 180 is 3e-7.
_DECIMALS = 7
_REST = 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pieces:
    """The single polygons of a file, longitude first."""

    polygons: NDArray[np.object_]
    """Shapely polygons."""
    features: NDArray[np.intp]
    """Index of the feature of each."""
    paths: Sequence[str]
    """Where each stands: JSONPath of its rings, or layer and row."""
    json: bool
    """Whether the rules of RFC 7946 for winding and precision hold."""


def check(pieces: Pieces, faults: Faults, *, precision: bool) -> None:
    """Note every fault of shape.

    Parameters
    ----------
    pieces : Pieces
        Polygons in degrees, WGS 84.
    faults : Faults
        Takes the faults.
    precision : bool
        Whether the coordinates are as the file has them, so that decimals can be counted.
    """
    with np.errstate(all="ignore"):
        rings = _Rings(pieces, faults)
        rings.ranges()
        rings.antimeridian()
        if precision and pieces.json:
            rings.decimals()
        rings.repeats()
        rings.spikes()
        valid = are_valid(pieces.polygons)
        if pieces.json:
            rings.winding(valid)
        _validity(pieces, valid, faults)


def _validity(pieces: Pieces, valid: NDArray[np.bool_], faults: Faults) -> None:
    for i in np.flatnonzero(~valid).tolist():
        _note_reason(pieces.polygons[i], pieces.paths[i], int(pieces.features[i]), faults)
    _note_twins(pieces, valid, faults)
    # Sound polygons may still overlap within one MultiPolygon.
    bad = set(pieces.features[~valid].tolist())
    whole, index = assemble(pieces)
    many = (shapely.get_num_geometries(whole) > 1) & ~np.isin(index, list(bad))
    for i in np.flatnonzero(many)[~are_valid(whole[many])].tolist():
        first = int(np.flatnonzero(pieces.features == index[i])[0])
        path = re.sub(r"\[\d+\]$", "", pieces.paths[first])
        _note_reason(whole[i], path, int(index[i]), faults)


def _note_twins(pieces: Pieces, valid: NDArray[np.bool_], faults: Faults) -> None:
    """Note each feature that covers just what one before it does."""
    whole, index = assemble(pieces)
    sound = ~np.isin(index, pieces.features[~valid])
    whole, index = whole[sound], index[sound]
    _, box, count = np.unique(
        shapely.bounds(whole), axis=0, return_inverse=True, return_counts=True
    )
    alike = np.flatnonzero(count[box.ravel()] > 1)
    seen: dict[bytes, int] = {}
    for i, key in zip(alike, shapely.to_wkb(shapely.normalize(whole[alike])), strict=True):
        first = seen.setdefault(key, int(index[i]))
        if first != index[i]:
            path = pieces.paths[int(np.searchsorted(pieces.features, index[i]))]
            found = f"the polygon of feature {first}"
            faults.add("duplicate-polygon", path, feature=int(index[i]), found=found)


def are_valid(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return the verdict of GEOS; what is too large for it to evaluate is not valid."""
    valid = (np.abs(shapely.bounds(geometries)) < LARGEST).all(axis=1)
    try:
        valid[valid] = shapely.is_valid(geometries[valid])
    except shapely.errors.GEOSException:
        for i in np.flatnonzero(valid):
            valid[i] = _reason(geometries[i]) == "Valid Geometry"
    return np.asarray(valid)


def _reason(geometry: Any) -> str:
    if not np.abs(geometry.bounds).max() < LARGEST:
        return f"a coordinate beyond {LARGEST:,.0f}"
    try:
        return str(shapely.is_valid_reason(geometry))
    except shapely.errors.GEOSException as error:
        return str(error)


def _note_reason(geometry: Any, path: str, feature: int, faults: Faults) -> None:
    reason = _reason(geometry)
    words, _, place = reason.partition("[")
    code = REASONS.get(words, "invalid-geometry")
    at = f" at {', '.join(place.rstrip(']').split())}" if place else ""
    found = printable(f"{words}{at}")
    faults.add(code, path, feature=feature, expected="a valid polygon", found=found)


def assemble(pieces: Pieces) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return one geometry a feature, and the index of the feature of each."""
    index, counts = np.unique(pieces.features, return_counts=True)
    order = np.argsort(pieces.features, kind="stable")
    polygons = pieces.polygons[order]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    whole = polygons[starts].copy()
    many = counts > 1
    for i in np.flatnonzero(many):
        whole[i] = shapely.multipolygons(polygons[starts[i] : starts[i] + counts[i]])
    return whole, index


class _Rings:
    """All rings of all polygons as flat arrays."""

    def __init__(self, pieces: Pieces, faults: Faults) -> None:
        self.pieces, self.faults = pieces, faults
        self.rings, self.owner = shapely.get_rings(pieces.polygons, return_index=True)
        self.xy, self.ring = shapely.get_coordinates(self.rings, return_index=True)
        first = np.searchsorted(self.owner, self.owner, side="left")
        self.number = np.arange(len(self.rings)) - first
        self.far = long_steps(self.xy, self.ring)
        self.start = np.searchsorted(self.ring, np.arange(len(self.rings)), side="left")

    def where(self, ring: int, vertex: int | None = None) -> str:
        path, number = self.pieces.paths[self.owner[ring]], int(self.number[ring])
        if not self.pieces.json:
            return f"{path}, ring {number}" + ("" if vertex is None else f", vertex {vertex}")
        return f"{path}[{number}]" + ("" if vertex is None else f"[{vertex}]")

    def note(self, code: str, wrong: NDArray[np.bool_], expected: str | None = None) -> None:
        """Note `code` once for each ring with a wrong vertex: the first one and how many."""
        rows = np.flatnonzero(wrong)
        rings, first, counts = np.unique(self.ring[rows], return_index=True, return_counts=True)
        for ring, at, count in zip(rings, rows[first], counts, strict=True):
            vertex = int(at - self.start[ring])
            lon, lat = (float(v) for v in self.xy[at])
            more = f", and {count - 1} more in this ring" if count > 1 else ""
            self.faults.add(
                code,
                self.where(ring, vertex),
                feature=int(self.pieces.features[self.owner[ring]]),
                expected=expected,
                found=f"[{lon!r}, {lat!r}]{more}",
            )

    def ranges(self) -> None:
        high = ~(np.abs(self.xy[:, 1]) <= 90)
        self.note("latitude-range", high, "a latitude from -90 to 90, after the longitude")
        wide = ~(np.abs(self.xy[:, 0]) <= 180)
        wide &= ~np.isin(self.ring, np.unique(self.ring[high]))
        self.note("longitude-range", wide, "-180 to 180")

    def antimeridian(self) -> None:
        self.note("antimeridian", self.far)

    def decimals(self) -> None:
        scaled = self.xy * 10**_DECIMALS
        fine = (np.abs(scaled - np.rint(scaled)) > _REST) & (np.abs(self.xy) <= 180)
        self.note("excessive-precision", fine.any(axis=1), f"at most {_DECIMALS} decimals")

    def repeats(self) -> None:
        same = np.zeros(len(self.xy), dtype=bool)
        same[1:] = (self.xy[1:] == self.xy[:-1]).all(axis=1) & (self.ring[1:] == self.ring[:-1])
        self.note("duplicate-vertex", same)

    def spikes(self) -> None:
        fresh = np.ones(len(self.xy), dtype=bool)
        fresh[1:] = (self.xy[1:] != self.xy[:-1]).any(axis=1) | (self.ring[1:] != self.ring[:-1])
        rows = np.flatnonzero(fresh)
        xy, ring = self.xy[rows], self.ring[rows]
        if len(xy) < 3:
            return
        step = np.diff(xy, axis=0)
        before, after = step[:-1], step[1:]
        cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        dot = (before * after).sum(axis=1)
        sharp = (np.abs(cross) < _SPIKE_SINE * np.abs(dot)) & (dot < 0) & (ring[2:] == ring[:-2])
        wrong = np.zeros(len(self.xy), dtype=bool)
        wrong[rows[1:-1][sharp]] = True
        wrong &= ~np.isin(self.ring, self.ring[self.far])
        self.note("spike", wrong)

    def winding(self, valid: NDArray[np.bool_]) -> None:
        # A ring without area has no direction, and GEOS has more to say of an invalid one.
        # One that goes round the antimeridian runs the other way than it seems.
        wrong = shapely.is_ccw(self.rings) != (self.number == 0)
        wrong[self.ring[self.far]] = False
        for ring in np.flatnonzero(wrong & valid[self.owner]):
            hole = bool(self.number[ring])
            self.faults.add(
                "winding",
                self.where(int(ring)),
                feature=int(self.pieces.features[self.owner[ring]]),
                expected=f"{'clockwise' if hole else 'anticlockwise'}",
                found=f"{'anticlockwise' if hole else 'clockwise'}",
            )
