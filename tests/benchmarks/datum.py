"""Benchmarks of the datums: arrays of a million points, and the edges of the region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hetao_geo import datum
from hetao_geo.datum import reference
from tests.benchmarks.harness import Case, Entry, peer
from tests.benchmarks.outside import OUTSIDERS, Pair, Refusal

SIZE = 1_000_000
# The box outside which most peers return the point as it came.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
EDGE_POINTS = 12_000
PATIENCE = 20.0
ONE_STEP = "one step"


def cases() -> Iterator[Case]:
    wgs84 = points()
    gcj02 = exactly(reference.wgs84_to_gcj02, wgs84)
    bd09 = exactly(reference.gcj02_to_bd09, gcj02)
    yield forward(wgs84, gcj02)
    yield inverse(gcj02, wgs84)
    yield bd09_inverse(bd09, gcj02)
    yield edges()


def points() -> Pair:
    """Return a million places that every peer moves: inside the narrowest of their boxes."""
    rng = np.random.default_rng(20230906)
    return rng.uniform(74.0, 135.0, SIZE), rng.uniform(4.0, 53.5, SIZE)


def exactly(function: Callable[..., Any], given: Pair) -> Pair:
    """Return the result of the published formula in extended precision, rounded once."""
    lon, lat = function(*(values.astype(np.longdouble) for values in given))
    return lon.astype(np.float64), lat.astype(np.float64)


def difference(truth: Pair) -> Callable[[Any], float]:
    """Return the function from a result to its greatest error in degrees."""

    def worst(result: Any) -> float:
        pairs = zip(result, truth, strict=True)
        return max(float(np.abs(np.asarray(a) - b[: len(a)]).max()) for a, b in pairs)

    return worst


def outsiders(command: str, given: Pair, truth: Pair, notes: dict[str, str]) -> list[Entry]:
    worst = difference(truth)
    return [o.entry(command, given, worst, notes.get(o.name, "")) for o in OUTSIDERS]


def forward(wgs84: Pair, gcj02: Pair) -> Case:
    worst, rows = difference(gcj02), np.column_stack(wgs84)
    return Case(
        title="WGS 84 to GCJ-02, numpy arrays",
        size=SIZE,
        unit="points",
        error_unit="°",
        target="at least 5 times the fastest peer on PyPI",
        ours=Entry("hetao_geo", lambda: datum.wgs84_to_gcj02(*wgs84), worst),
        peers=[
            peer("transbigdata", lambda m: lambda: m.wgs84togcj02(*wgs84), worst),
            peer("xyconvert", lambda m: lambda: m.wgs2gcj(rows).T, worst),
            peer(
                "coordTransform._coordTransform",
                lambda m: lambda: m.wgs84_to_gcj02_batch_xy(*wgs84),
                worst,
                name="coordTransform",
                note="C extension",
            ),
            *outsiders("forward", wgs84, gcj02, {}),
        ],
    )


def inverse(gcj02: Pair, wgs84: Pair) -> Case:
    worst, rows = difference(wgs84), np.column_stack(gcj02)
    notes = {"coordtransform": ONE_STEP}
    notes |= dict.fromkeys(("gcoord", "coord-convert", "prcoords", "eviltransform"), "iterated")
    return Case(
        title="GCJ-02 to WGS 84, numpy arrays",
        size=SIZE,
        unit="points",
        error_unit="°",
        target="exact to 1e-9 degrees, 3 times the fastest iterated peer in any language, "
        "30 times the fastest in Python",
        ours=Entry("hetao_geo", lambda: datum.gcj02_to_wgs84(*gcj02), worst),
        peers=[
            peer("transbigdata", lambda m: lambda: m.gcj02towgs84(*gcj02), worst, note=ONE_STEP),
            peer("xyconvert", lambda m: lambda: m.gcj2wgs(rows).T, worst, note=ONE_STEP),
            *outsiders("inverse", gcj02, wgs84, notes),
        ],
    )


def bd09_inverse(bd09: Pair, gcj02: Pair) -> Case:
    worst, rows = difference(gcj02), np.column_stack(bd09)
    notes = dict.fromkeys(("gcoord", "coordtransform", "coord-convert", "eviltransform"), ONE_STEP)
    notes["prcoords"] = "iterated"
    return Case(
        title="BD-09 to GCJ-02, numpy arrays",
        size=SIZE,
        unit="points",
        error_unit="°",
        ours=Entry("hetao_geo", lambda: datum.bd09_to_gcj02(*bd09), worst),
        peers=[
            peer("transbigdata", lambda m: lambda: m.bd09togcj02(*bd09), worst, note=ONE_STEP),
            peer("xyconvert", lambda m: lambda: m.bd2gcj(rows).T, worst, note=ONE_STEP),
            *outsiders("bd09", bd09, gcj02, notes),
        ],
    )


def edges() -> Case:
    wgs84 = edge_points()
    gcj02 = exactly(reference.wgs84_to_gcj02, wgs84)
    worst = difference(wgs84)
    return Case(
        title="GCJ-02 to WGS 84 along the edges of the region",
        size=EDGE_POINTS,
        unit="points",
        error_unit="°",
        target="every point returns; the peers ask inside their iteration whether a point is in "
        "the region, so their error here is that of a point left where it was",
        ours=Entry("hetao_geo", lambda: datum.gcj02_to_wgs84(*gcj02), worst),
        peers=[_patiently(outsider, gcj02, worst) for outsider in OUTSIDERS],
    )


def edge_points() -> Pair:
    """Return places up to 0.01 degrees on both sides of the four edges."""
    rng = np.random.default_rng(20230906)
    along, off = rng.uniform(0, 1, EDGE_POINTS), rng.uniform(-0.01, 0.01, EDGE_POINTS)
    side = np.arange(EDGE_POINTS) % 4
    lon = np.where(side < 2, np.where(side == 0, WEST, EAST) + off, WEST + along * (EAST - WEST))
    lat = np.where(
        side < 2, SOUTH + along * (NORTH - SOUTH), np.where(side == 2, SOUTH, NORTH) + off
    )
    return lon, lat


def _patiently(outsider: Any, given: Pair, worst: Callable[[Any], float]) -> Entry:
    label = f"{outsider.name} ({outsider.language})"
    try:
        _, version = outsider.call("inverse", given, PATIENCE)
    except Refusal as reason:
        return Entry(label, None, missing=str(reason))
    return Entry(label, lambda: outsider.call("inverse", given)[0], worst, version=version)
