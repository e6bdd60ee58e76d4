"""A file is told what its coordinates are: our shapes, and others', through every CRS candidate."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from numpy.typing import NDArray

from hetao_geo import catalog, checking, cli, datum
from hetao_geo.checking.crs_ranking import rank_crs
from hetao_geo.checking.fit import METRES
from hetao_geo.reading import coordinates as crs_candidates

Points = NDArray[np.float64]


def sexagesimal(xy: Points) -> tuple[Points, Points, Points]:
    """Witness: degrees, minutes, seconds by whole seconds of arc times 100."""
    total = np.rint(xy * 360_000)
    return total // 360_000, total // 6000 % 60, total % 6000 / 100


def packed(name: str) -> Callable[[Points], Points]:
    def pack(xy: Points) -> Points:
        d, m, s = sexagesimal(xy)
        return {
            "dms": d + m / 100 + s / 10_000,
            "dm": d + (m + s / 60) / 100,
            "dddmmss": d * 10_000 + m * 100 + s,
            "dddmm": d * 100 + m + s / 60,
        }[name]

    return pack


@cache
def push(name: str) -> Callable[[Points], Points]:
    """Return the way from WGS 84 into a CRS candidate, not by the code that is tested."""
    if name.endswith("-swapped"):
        straight = push(name.removesuffix("-swapped"))
        return lambda xy: straight(xy)[:, ::-1]
    if name == "wgs84":
        return lambda xy: xy
    if name in ("gcj02", "bd09"):
        way = datum.wgs84_to_gcj02 if name == "gcj02" else datum.wgs84_to_bd09
        return lambda xy: np.column_stack(way(xy[:, 0], xy[:, 1]))
    if name.startswith("EPSG"):
        to = pyproj.Transformer.from_crs("OGC:CRS84", name, always_xy=True)
        return lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1]))
    return packed(name)


NAMES = [one.name for one in crs_candidates.table()]
OURS = {
    feature.id: feature.geometry
    for layer in ("parks", "parts", "interpretations")
    for feature in catalog.features(layer)
}


def noisy(shape: Any, metres: float, seed: int = 0) -> Any:
    """Return the shape as another hand would draw it: every vertex off by some metres."""
    random = np.random.default_rng(seed)
    xy = shapely.get_coordinates(shape)
    moved = xy + random.normal(0, metres, xy.shape) / METRES
    moved[-1] = moved[0]
    return shapely.Polygon(moved)


def best(shape: Any, name: str) -> Any:
    pushed = shapely.transform(shape, push(name))
    found = rank_crs(np.array([pushed]), "wgs84", "a.geojson")
    return found[0] if found else None


@pytest.mark.parametrize("name", NAMES)
def test_our_shapes_are_named_through_every_hypothesis(name: str) -> None:
    for shape in OURS.values():
        for metres in (0, 50):
            reading = best(noisy(shape, metres), name)
            assert reading.crs == name
            assert reading.confidence > 0.8
            assert reading.overlap > 0.6


def district() -> Any:
    """Return a district: north of the river of before 1997, so with the Loop in it."""
    (line,) = (
        feature.geometry
        for feature in catalog.features("boundary")
        if feature.id == "boundary-shenzhen-river"
    )
    north = [(114.105, 22.58), (114.02, 22.60), (114.01, 22.53)]
    whole = shapely.Polygon([*line.coords, *north]).union(OURS["hong-kong-park"].buffer(0.0004))
    return shapely.Polygon(max(shapely.get_parts(whole), key=shapely.area).exterior)


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09", "EPSG:4547", "wgs84-swapped"])
def test_a_district_is_named_by_the_river_that_it_ends_at(name: str) -> None:
    shape = district()
    for drawn in (shape, shape.simplify(0.001), noisy(shape, 60), shape.buffer(0.0005)):
        reading = best(drawn, name)
        assert (reading.crs, reading.basis) == (name, "edge")
        assert reading.confidence > 0.8
        assert reading.distance_m < 100


def test_a_parcel_that_fits_anywhere_gets_no_sure_reading() -> None:
    for name in ("wgs84", "gcj02", "bd09"):
        reading = best(shapely.box(114.077, 22.519, 114.0785, 22.5205), name)
        assert reading.crs == "wgs84"
        assert reading.confidence < 0.7


def test_swapped_axes_are_ranked_as_straight_ones_and_a_doubt_prints_no_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    square = shapely.box(114.06, 22.51, 114.07, 22.52)
    straight = rank_crs(np.array([square]), "wgs84", "a")
    turned = rank_crs(np.array([shapely.transform(square, push("wgs84-swapped"))]), "wgs84", "a")
    assert [r.crs for r in turned[:3]] == [f"{r.crs}-swapped" for r in straight[:3]]
    assert turned[0].confidence < 0.6
    path = write(tmp_path / "a.geojson", shapely.transform(square, push("wgs84-swapped")))
    assert cli.main(["check", str(path)]) == 1
    text = capsys.readouterr().out
    assert "hetao-geo convert" not in text
    assert "none of them is sure" in text
    assert f"wgs84-swapped      {turned[0].confidence:>4.0%}  WGS 84" in text
    path = write(path, shapely.transform(OURS["hong-kong-park"], push("wgs84-swapped")))
    assert cli.main(["check", str(path)]) == 1
    assert "to convert: hetao-geo convert" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(-0.1, 51.5), (113.58, 22.28), (0, 0), (121.5, 31.2), (113.4, 23.1), (-67, -54)],
)
def test_elsewhere_no_reading_is_invented(lon: float, lat: float) -> None:
    square = shapely.box(lon, lat, lon + 0.02, lat + 0.02)
    found = rank_crs(np.array([square]), "wgs84", "a")
    assert [r.crs for r in found if r.confidence > 0.5 and r.crs != "wgs84"] == []
    if abs(lon - 114) > 0.6:
        assert found == ()


def test_new_areas_in_metres_are_named_by_distance() -> None:
    square = shapely.box(114.15, 22.49, 114.16, 22.50)
    for name in ("EPSG:2326", "EPSG:4547", "EPSG:32650", "EPSG:3857"):
        reading = best(square, name)
        assert (reading.crs, reading.basis) == (name, "distance")
        assert 3000 < reading.distance_m < 15_000


def write(path: Path, shape: Any, **members: Any) -> Path:
    geometry = shapely.geometry.mapping(shape)
    feature = {"type": "Feature", "id": 1, "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **members}))
    return path


def test_nothing_is_converted_without_being_asked(tmp_path: Path) -> None:
    park = OURS["hong-kong-park"]
    path = write(tmp_path / "a.geojson", shapely.transform(park, push("gcj02")))
    found = checking.read(path)
    assert [fault.code for fault in found.faults if fault.code != "excessive-precision"] == [
        "other-crs"
    ]
    assert "--from gcj02 --to wgs84" in str(found.crs_candidates[0].command)
    assert found.features[0].geometry.centroid.distance(park.centroid) > 0.005
    (asked,) = checking.polygons(path, assume="gcj02")
    assert shapely.hausdorff_distance(asked.geometry, park) < 1e-8


def test_a_crs_of_2008_is_honoured_and_warned_of(tmp_path: Path) -> None:
    park = OURS["hong-kong-park"]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2326"}}
    path = write(tmp_path / "a.geojson", shapely.transform(park, push("EPSG:2326")), crs=crs)
    found = checking.read(path)
    assert ([fault.code for fault in found.faults], found.crs) == (["old-crs"], "EPSG:2326")
    assert shapely.hausdorff_distance(found.features[0].geometry, park) < 1e-6
    nameless = [{"type": kind, "properties": {}} for kind in ("name", "link")]
    for bad in ({}, {"type": "name"}, *nameless, "EPSG:2326"):
        codes = {fault.code for fault in checking.read(write(path, park, crs=bad)).faults}
        assert codes == {"bad-crs"}
    tangled = {"type": "name", "properties": {"name": "no such"}}
    assert "unknown-crs" in {f.code for f in checking.read(write(path, park, crs=tangled)).faults}


def test_packed_minutes_and_seconds_are_unpacked_exactly() -> None:
    way = crs_candidates.find("dms").to_wgs84
    assert way(np.array([[114.04, 22.3059]])) == pytest.approx(
        np.array([[114 + 4 / 60, 22 + 30 / 60 + 59 / 3600]]), abs=1e-9
    )
    assert np.isnan(way(np.array([[114.6, 22.2970]]))).all()


def test_wild_polygons_and_thousands_of_holes_are_placed_all_the_same() -> None:
    noise = np.random.default_rng(1).uniform([114.0, 22.5], [114.1, 22.6], (20_000, 2))
    corners = np.array([114.001, 22.501]) + np.mgrid[0:90, 0:90].reshape(2, -1).T / 1000
    holes = [shapely.box(*low, *(low + 0.0005)).exterior for low in corners]
    sieve = shapely.Polygon(shapely.box(114, 22.5, 114.1, 22.6).exterior, holes)
    for shape in (shapely.Polygon(noise), sieve):
        first, *_ = rank_crs(np.array([shape]), "wgs84", "a.geojson")
        assert (first.crs, first.confidence < 0.8) == ("wgs84", True)
