"""The outlines fit together exactly, hold the known places, and say what they rest on."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import transform
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from hetao_geo import paths

GRID = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
NAMES = ("parks", "parts", "outer_limits", "river", "boundary", "roads", "crossings")
FEATURES = {
    f["id"]: f
    for name in NAMES
    for f in json.loads((paths.GEODATA / f"{name}.geojson").read_bytes())["features"]
}
SHAPES = {name: shape(f["geometry"]) for name, f in FEATURES.items()}
PARTS = ("futian-bonded-zone", "huanggang-port-area")
PARKS = ("shenzhen-park", "hong-kong-park")
OUTER = tuple(f"{part}-outer" for part in PARTS)
WATER = ("shenzhen-river", "old-meander", "deep-bay")
Edge = tuple[tuple[float, float], tuple[float, float]]

polygons = pytest.mark.parametrize("name", PARKS + PARTS + OUTER)


def metres(geometry: BaseGeometry) -> BaseGeometry:
    return transform(geometry, lambda points: np.column_stack(GRID.transform(*points.T)))


def km2(name: str) -> float:
    return metres(SHAPES[name]).area / 1e6


def ring(name: str) -> list[tuple[float, float]]:
    return [(x, y) for x, y in FEATURES[name]["geometry"]["coordinates"][0]]


def edges(name: str) -> set[Edge]:
    return set(pairwise(ring(name)))


def reverse(some: set[Edge]) -> set[Edge]:
    return {(b, a) for a, b in some}


def sides(name: str) -> list[dict[str, Any]]:
    return list(FEATURES[name]["properties"]["sides"])


@pytest.mark.parametrize("name", PARKS + PARTS + OUTER + WATER)
def test_rings_are_simple_closed_and_run_counter_clockwise(name: str) -> None:
    points = ring(name)
    assert len(FEATURES[name]["geometry"]["coordinates"]) == 1, "no holes"
    assert points[0] == points[-1]
    assert max(Counter(points[1:]).values()) == 1, "a vertex comes twice"
    assert SHAPES[name].is_valid
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))
    assert twice_area > 0, "RFC 7946: the exterior ring is counter-clockwise"


def test_the_shenzhen_park_is_the_union_of_its_parts_vertex_by_vertex() -> None:
    futian, huanggang = (edges(part) for part in PARTS)
    common = futian & reverse(huanggang)
    assert common, "the parts share no edge"
    assert (futian - common) | (huanggang - reverse(common)) == edges("shenzhen-park")
    ends = Counter(point for edge in common for point in edge)
    assert sorted(ends.values())[:2] == [1, 1], "the common edges are one line"
    assert {FEATURES[part]["properties"]["park"] for part in PARTS} == {"shenzhen-park"}


@pytest.mark.parametrize("one", PARTS + PARKS + OUTER)
@pytest.mark.parametrize("other", WATER + PARTS + PARKS)
def test_interiors_never_overlap(one: str, other: str) -> None:
    mainland = {"shenzhen-park", *PARTS, *OUTER}
    apart = {one.removesuffix("-outer"), other} == set(PARTS)
    same_ground = {one, other} <= mainland and not apart
    meets = SHAPES[one].relate(SHAPES[other])[0] != "F"
    assert meets == (same_ground or one == other)


@pytest.mark.parametrize("name", PARKS + PARTS + OUTER + ("old-meander",))
def test_the_boundary_line_enters_no_land_of_the_zone(name: str) -> None:
    for line in ("boundary-shenzhen-river", "boundary-deep-bay"):
        assert SHAPES[name].disjoint(SHAPES[line])


def test_water_bodies_meet_at_their_mouths_only() -> None:
    for one, other in (("shenzhen-river", "old-meander"), ("shenzhen-river", "deep-bay")):
        mouths = edges(one) & reverse(edges(other))
        assert len(mouths) == (2 if other == "old-meander" else 1)
        for name, found in ((one, mouths), (other, reverse(mouths))):
            points = ring(name)
            listed = FEATURES[name]["properties"]["frame_sides"]
            no_shore = {e for a, b in listed for e in pairwise(points[a : b + 1])}
            assert found <= no_shore
        assert SHAPES[one].relate(SHAPES[other])[0] == "F"


def test_the_boundary_is_the_centre_line_of_the_river() -> None:
    river, line = metres(SHAPES["shenzhen-river"]), metres(SHAPES["boundary-shenzhen-river"])
    assert line.difference(river).length < 2, "coordinates are rounded to a metre"
    points = ring("shenzhen-river")
    north, south = banks(points)
    for part in range(1, 40):
        at = line.interpolate(part / 40, normalized=True)
        assert at.distance(north) == pytest.approx(at.distance(south), abs=6), part


def banks(points: list[tuple[float, float]]) -> tuple[BaseGeometry, BaseGeometry]:
    """Cut the ring of the river at its mouth and at its eastern end."""
    listed = FEATURES["shenzhen-river"]["properties"]["frame_sides"]
    east = max(listed, key=lambda side: points[side[0]][0])[0]
    south, north = points[: east + 1], points[east + 1 : -1]
    return metres(LineString(north)), metres(LineString(south))


def test_the_two_boundary_lines_join_and_end_at_point_6() -> None:
    river = FEATURES["boundary-shenzhen-river"]["geometry"]["coordinates"]
    bay = FEATURES["boundary-deep-bay"]["geometry"]["coordinates"]
    assert bay[0] == river[0]
    assert bay[-1] == [113.9951, 22.5101]  # Order No. 221: 22 30 36.23 N, 113 59 42.20 E
    assert SHAPES["deep-bay"].covers(Point(bay[-1]))


def test_the_loop_lies_south_of_the_boundary_and_the_shenzhen_park_north() -> None:
    bay = FEATURES["boundary-deep-bay"]["geometry"]["coordinates"]
    river = FEATURES["boundary-shenzhen-river"]["geometry"]["coordinates"]
    line = bay[::-1] + river[1:]
    north = Polygon([*line, (line[-1][0], 22.7), (line[0][0], 22.7)])
    south = Polygon([*line, (line[-1][0], 22.4), (line[0][0], 22.4)])
    assert south.contains(SHAPES["hong-kong-park"])
    assert north.contains(SHAPES["shenzhen-park"])
    for name in ("huanggang-port", "futian-port"):
        assert north.contains(SHAPES[name])
    for name in ("lok-ma-chau-control-point", "lok-ma-chau-spur-line-control-point"):
        assert south.contains(SHAPES[name])


BANKED = [
    (name, number)
    for name in PARKS + PARTS + OUTER
    for number, side in enumerate(sides(name))
    if side["limit"] in {"Shenzhen River", "Deep Bay"} or "course" in side["limit"]
]


@pytest.mark.parametrize(("name", "number"), BANKED)
def test_sides_at_the_water_are_the_bank_vertex_by_vertex(name: str, number: int) -> None:
    one = sides(name)[number]
    start, end = one["line"]
    line = set(pairwise(ring(name)[start : end + 1]))
    water = set().union(*(edges(body) for body in WATER))
    assert one["fitted"] == (not line & reverse(water))
    if not one["fitted"]:
        assert line <= reverse(water)


@polygons
def test_every_side_says_what_it_rests_on(name: str) -> None:
    points, listed = ring(name), sides(name)
    spans = [side["line"] for side in listed]
    assert [a for a, _ in spans] == [0, *(b for _, b in spans[:-1])]
    assert spans[-1][1] == len(points) - 1
    for side in listed:
        assert side["line"][0] < side["line"][1]
        assert len(side["basis"]) > 20
        assert side["limit"]
        assert side["limit_zh_hans"]
        assert side["limit_zh_hant"]
        assert side["accuracy_m"] >= 25
    exact = [side["accuracy_m"] for side in listed]
    assert min(exact) <= FEATURES[name]["properties"]["accuracy_m"] <= max(exact)
    assert len({(side.get("part"), side["side"]) for side in listed}) == len(listed)


@polygons
def test_a_polygon_is_fitted_when_one_of_its_sides_is(name: str) -> None:
    fitted = [side["side"] for side in sides(name) if side["fitted"]]
    assert FEATURES[name]["properties"]["fitted"] == bool(fitted)
    assert fitted == (["south"] if name in {"shenzhen-park", "futian-bonded-zone"} else [])


STATED = {"shenzhen-park": 3.02, "hong-kong-park": 0.87, PARTS[0]: 1.35, PARTS[1]: 1.67}


@polygons
def test_stated_areas_are_those_of_the_plan(name: str) -> None:
    p = FEATURES[name]["properties"]
    assert p["stated_area_km2"] == STATED[name.removesuffix("-outer")]
    assert p["stated_rounding_km2"] == 0.005
    assert "2023" in p["stated_area_source"]


def test_only_the_fitted_part_has_its_stated_area() -> None:
    assert km2("futian-bonded-zone") == pytest.approx(1.35, abs=0.0005)
    assert km2("futian-bonded-zone-outer") == pytest.approx(1.63, abs=0.02)
    assert km2("huanggang-port-area") == pytest.approx(1.77, abs=0.02)
    assert km2("hong-kong-park") == pytest.approx(0.885, abs=0.015)
    assert edges("huanggang-port-area") == edges("huanggang-port-area-outer")


@polygons
def test_the_readme_of_the_data_tells_the_measured_area(name: str) -> None:
    readme = (paths.GEODATA / "README.md").read_text(encoding="utf-8")
    digits = 2 if FEATURES[name]["properties"]["fitted"] and name in PARTS else 3
    assert f"{km2(name):.{digits}f} km²" in readme


@polygons
def test_grid_and_ellipsoid_agree_on_the_area(name: str) -> None:
    ellipsoidal, _ = Geod(ellps="WGS84").geometry_area_perimeter(SHAPES[name])
    assert ellipsoidal / 1e6 == pytest.approx(km2(name), rel=1e-3)


def test_the_fitted_side_runs_inland_and_inside_the_published_limits() -> None:
    inner, outer = SHAPES["futian-bonded-zone"], SHAPES["futian-bonded-zone-outer"]
    assert outer.covers(inner)
    side = next(s for s in sides("futian-bonded-zone") if s["fitted"])
    start, end = side["line"]
    water = metres(SHAPES["shenzhen-river"].union(SHAPES["deep-bay"]))
    strip = [metres(Point(p)).distance(water) for p in ring(PARTS[0])[start : end + 1]]
    assert min(strip) > 25
    assert max(strip) < 130


# name, longitude, latitude, feature, inside it, at least so many metres from its edge
PLACES = [
    ("STS Microelectronics bus stop", 114.0432, 22.5059, "futian-bonded-zone", True, 20),
    ("bonded-zone customs stop", 114.0582, 22.5155, "futian-bonded-zone", True, 30),
    ("Guihua Road at Mangrove Court", 114.0402, 22.5122, "futian-bonded-zone", False, 60),
    ("Guihua Road at Fuyuan Garden", 114.0496, 22.5124, "futian-bonded-zone", False, 100),
    ("Huanggang Port", 114.069, 22.524, "huanggang-port-area", True, 200),
    ("Futian Port", 114.063, 22.518, "huanggang-port-area", True, 40),
    ("United Plaza", 114.0641, 22.5316, "huanggang-port-area", False, 300),
    ("Lok Ma Chau Control Point", 114.0740, 22.5094, "hong-kong-park", False, 500),
    ("Spur Line Control Point", 114.0656, 22.5150, "shenzhen-park", False, 150),
    ("middle of the Loop", 114.080, 22.521, "hong-kong-park", True, 300),
]


@pytest.mark.parametrize(("place", "lon", "lat", "name", "inside", "clear"), PLACES)
def test_known_places_are_on_their_side(
    place: str, lon: float, lat: float, name: str, inside: bool, clear: float
) -> None:
    point = Point(lon, lat)
    assert SHAPES[name].contains(point) == inside
    assert metres(SHAPES[name].exterior).distance(metres(point)) >= clear


# Known point of a limit, its accuracy in metres, and the polygon whose edge passes there.
LIMITS = [
    ("Binhe Avenue x Huanggang Road", 114.0679, 22.5318, 25, "huanggang-port-area"),
    ("Binhe Avenue, Fubin New Village", 114.0740, 22.5318, 30, "huanggang-port-area"),
    ("Binhe Avenue, northern carriageway", 114.0780, 22.5332, 30, "huanggang-port-area"),
    ("end of Huaqiang South Road", 114.0820, 22.5332, 30, "huanggang-port-area"),
    ("Huanggang Road, mid curve", 114.0665, 22.5261, 40, "huanggang-port-area"),
    ("corner of the two parts", 114.0591, 22.5171, 50, "futian-bonded-zone"),
    ("corner of the two parts", 114.0591, 22.5171, 50, "huanggang-port-area"),
    ("Ronghua Road, Guihua Court", 114.0438, 22.5109, 30, "futian-bonded-zone"),
    ("Ronghua Road, east junction", 114.0525, 22.5113, 30, "futian-bonded-zone"),
    ("Yefeng Avenue", 114.0558, 22.5132, 30, "futian-bonded-zone"),
    ("mouth of the Xinzhou River", 114.0342, 22.5076, 60, "futian-bonded-zone-outer"),
]


@pytest.mark.parametrize(("point", "lon", "lat", "accuracy", "name"), LIMITS)
def test_edges_pass_the_known_points_of_their_limits(
    point: str, lon: float, lat: float, accuracy: float, name: str
) -> None:
    assert metres(SHAPES[name].exterior).distance(metres(Point(lon, lat))) <= accuracy


def test_roads_follow_the_edges_that_they_name() -> None:
    for road, part in (
        ("binhe-avenue", PARTS[1]),
        ("huanggang-road", PARTS[1]),
        ("huaqiang-south-road", PARTS[1]),
        ("ronghua-road", PARTS[0]),
        ("xinzhou-river", OUTER[0]),
    ):
        line = set(pairwise(map(tuple, FEATURES[road]["geometry"]["coordinates"])))
        common = line & (edges(part) | reverse(edges(part)))
        assert len(common) >= 2 or common == line, road
