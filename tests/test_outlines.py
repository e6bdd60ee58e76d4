"""The outlines follow one rule, fit together, hold the known places, and say what they rest on."""

import csv
import json
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from hetao_geo import paths
from tests.layers import (
    FEATURES,
    SHAPES,
    assert_simple_ring,
    corners,
    edges,
    ids,
    metres,
    reverse,
    ring,
)

PARTS = ("futian-bonded-zone", "huanggang-port-area")
PARKS = ("shenzhen-park", "hong-kong-park")
READINGS = ids("interpretations")

polygons = pytest.mark.parametrize("name", PARKS + PARTS)


def km2(name: str) -> float:
    return metres(SHAPES[name]).area / 1e6


def sides(name: str) -> list[dict[str, Any]]:
    return list(FEATURES[name]["properties"]["sides"])


def vertices(name: str, side: dict[str, Any]) -> list[tuple[float, float]]:
    start, end = side["line"]
    return ring(name)[start : end + 1]


# The evidence: points of the named roads, banks and stops, WGS 84.


def evidence() -> dict[str, list[tuple[float, float]]]:
    groups: dict[str, list[tuple[float, float]]] = {}
    table = Path(__file__).parent / "data" / "control_points.csv"
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append((float(row["lon"]), float(row["lat"])))
    return groups


EVIDENCE = evidence()
WATER = [*EVIDENCE["bay_shore_north"][1:], *EVIDENCE["river_bank_north"][1:]]
STOPS = [metres(Point(p)) for p in EVIDENCE["evidence_bus_stop"]]

# Part, limit, the line that the limit names, and how far inside it the side runs, in metres:
# half the width of the road, or the river's management land.
RULE = [
    (PARTS[0], "Xinzhou River", EVIDENCE["xinzhou_river_east_bank"], 30, "management-land"),
    (PARTS[0], "Shenzhen River, at Deep Bay", WATER, 30, "management-land"),
    (PARTS[0], "Shenzhen River", WATER, 30, "management-land"),
    (PARTS[0], "edge of Huanggang Port", EVIDENCE["common_edge"], 0, "common-edge"),
    (PARTS[0], "Ronghua Road", EVIDENCE["ronghua_road"], 9, "near-kerb"),
    (PARTS[1], "Huanggang Road", EVIDENCE["huanggang_road"], 30, "near-kerb"),
    (PARTS[1], "edge of Huanggang Port", EVIDENCE["common_edge"], 0, "common-edge"),
    (PARTS[1], "Shenzhen River", WATER, 30, "management-land"),
    (PARTS[1], "Huaqiang South Road", EVIDENCE["huaqiang_south_road"], 12, "near-kerb"),
    (PARTS[1], "Binhe Avenue", EVIDENCE["binhe_avenue"], 22, "near-kerb"),
]


@pytest.mark.parametrize(
    ("part", "limit", "line", "offset", "rule"), RULE, ids=[f"{r[0]}/{r[1]}" for r in RULE]
)
def test_each_side_is_its_limit_moved_inward_by_the_rule(
    part: str, limit: str, line: list[tuple[float, float]], offset: int, rule: str
) -> None:
    own = [side for side in sides(part) if side["limit"] == limit]
    assert own
    assert {(side["rule"], side["offset_m"]) for side in own} == {(rule, offset)}
    drawn = [p for side in own for p in vertices(part, side)[bool(side is not own[0]) :]]
    expected = moved(metres(LineString(line)), offset, metres(Point(drawn[len(drawn) // 2])))
    # Coordinates are rounded to about a metre; the corners lie on the line carried on.
    for point in drawn:
        assert expected.distance(metres(Point(point))) < 1.2, point
    span = metres(LineString(drawn))
    between = [
        p for p in map(Point, expected.coords[1:-1]) if 5 < span.project(p) < span.length - 5
    ]
    for point in between:
        assert min(point.distance(metres(Point(p))) for p in drawn) < 1.2, point.wkt
    assert len(drawn) <= len(between) + 3, "a vertex that no evidence asks for"


def moved(line: LineString, offset: int, near: BaseGeometry) -> LineString:
    """Carry the ends of a line on by 100 m, and move it, mitred, to the side where `near` lies."""
    points = list(line.coords)
    for end, before in ((0, 1), (-1, -2)):
        (x, y), (u, v) = points[end][:2], points[before][:2]
        length = math.hypot(x - u, y - v)
        points[end] = (x + (x - u) * 100 / length, y + (y - v) * 100 / length)
    ways = [
        LineString(points).offset_curve(d, join_style="mitre", mitre_limit=9)
        for d in (offset, -offset)
    ]
    return min(ways, key=lambda way: way.distance(near))


def test_the_two_parts_have_these_limits_and_no_others() -> None:
    for part in PARTS:
        assert {side["limit"] for side in sides(part)} == {row[1] for row in RULE if row[0] == part}


def test_binhe_avenue_lies_half_its_width_from_all_its_stops() -> None:
    road = metres(SHAPES["binhe-avenue"])
    own = [stop for stop in STOPS if stop.distance(road) < 60]
    assert len(own) == 17
    assert max(abs(stop.distance(road) - 22) for stop in own) < 15
    # The stops on the near side stand at the edge of the Huanggang Port area.
    edge = metres(SHAPES[PARTS[1]].exterior)
    near = [stop for stop in own if stop.distance(edge) < 30]
    assert len(near) == 6
    assert max(stop.distance(edge) for stop in near) < 15


def test_ronghua_road_lies_within_20_m_of_all_its_stops() -> None:
    road = metres(SHAPES["ronghua-road"])
    own = [stop for stop in STOPS if stop.distance(road) < 60]
    assert len(own) == 11
    assert max(stop.distance(road) for stop in own) < 20


def test_roads_follow_the_evidence_vertex_by_vertex() -> None:
    for road, group in (
        ("binhe-avenue", "binhe_avenue"),
        ("huanggang-road", "huanggang_road"),
        ("ronghua-road", "ronghua_road"),
    ):
        line = [tuple(p) for p in FEATURES[road]["geometry"]["coordinates"]]
        first = line.index(EVIDENCE[group][0])
        assert line[first : first + len(EVIDENCE[group])] == EVIDENCE[group]


# How the layers fit.


@pytest.mark.parametrize("name", [*PARKS, *PARTS, *READINGS])
def test_rings_are_simple_closed_and_run_counter_clockwise(name: str) -> None:
    assert_simple_ring(name)


@pytest.mark.parametrize(
    ("name", "least"), [*((n, 50) for n in PARKS + PARTS), *((n, 40) for n in READINGS)]
)
def test_no_corner_is_a_spike(name: str, least: float) -> None:
    assert corners(name).min() > least


def test_the_shenzhen_park_is_the_union_of_its_parts_vertex_by_vertex() -> None:
    futian, huanggang = (edges(part) for part in PARTS)
    common = futian & reverse(huanggang)
    assert common, "the parts share no edge"
    assert (futian - common) | (huanggang - reverse(common)) == edges("shenzhen-park")
    ends = Counter(point for edge in common for point in edge)
    assert sorted(ends.values())[:2] == [1, 1], "the common edges are one line"
    assert {FEATURES[part]["properties"]["park"] for part in PARTS} == {"shenzhen-park"}


def test_the_sides_of_the_park_are_those_of_its_parts() -> None:
    for side in sides("shenzhen-park"):
        own = [s for s in sides(side["part"]) if s["side"] == side["side"]]
        assert len(own) == 1
        assert {**own[0], "line": side["line"], "part": side["part"]} == side
        line, whole = vertices("shenzhen-park", side), vertices(side["part"], own[0])
        # The common edge ends, for the park, where the parts come together.
        assert line == whole or (side["rule"] == "common-edge" and line == whole[: len(line)])


def test_interiors_never_overlap() -> None:
    water = [n for n, f in FEATURES.items() if f["properties"]["role"] == "water"]
    apart = [(PARTS[0], PARTS[1]), ("shenzhen-park", "hong-kong-park")]
    apart += [(land, body) for land in PARKS + PARTS for body in water]
    for one, other in apart:
        assert SHAPES[one].relate(SHAPES[other])[0] == "F", (one, other)


@pytest.mark.parametrize("name", [n for n in READINGS if "literal" in n])
def test_the_literal_limits_hold_the_drawn_part(name: str) -> None:
    part = FEATURES[name]["properties"]["part"]
    assert metres(SHAPES[part]).difference(metres(SHAPES[name]).buffer(1.5)).is_empty


def test_the_loop_is_the_land_between_the_banks_vertex_by_vertex() -> None:
    water = edges("shenzhen-river") | edges("old-meander")
    assert edges("hong-kong-park") <= reverse(water)
    assert {s["rule"] for s in sides("hong-kong-park")} == {"bank"}
    assert {s["offset_m"] for s in sides("hong-kong-park")} == {0}


def test_the_loop_lies_south_of_the_boundary_and_the_shenzhen_park_north() -> None:
    bay = FEATURES["boundary-deep-bay"]["geometry"]["coordinates"]
    river = FEATURES["boundary-shenzhen-river"]["geometry"]["coordinates"]
    line = [*bay, *river[1:]]
    north = Polygon([*line, (line[-1][0], 22.7), (line[0][0], 22.7)])
    south = Polygon([*line, (line[-1][0], 22.4), (line[0][0], 22.4)])
    assert south.contains(SHAPES["hong-kong-park"])
    assert north.contains(SHAPES["shenzhen-park"])
    for name in ("huanggang-port", "futian-port"):
        assert north.contains(SHAPES[name])
    for name in ("lok-ma-chau-control-point", "lok-ma-chau-spur-line-control-point"):
        assert south.contains(SHAPES[name])


# What the outlines say of themselves.


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
        assert side["inferred"] == (side["rule"] == "management-land")
        assert 10 <= side["accuracy_m"] <= 40
    exact = [side["accuracy_m"] for side in listed]
    assert min(exact) <= FEATURES[name]["properties"]["accuracy_m"] <= max(exact)
    assert len({(side.get("part"), side["side"]) for side in listed}) == len(listed)


@polygons
def test_a_side_is_a_reach_of_one_limit_and_about_one_bearing(name: str) -> None:
    """Only then can it be off as a whole; the uncertainty of the area rests on that."""
    listed = sides(name)
    for side in listed:
        # One degree for the rounding of the vertices.
        assert np.abs(turns(bearings(name, side), bearings(name, side)[0])).max() <= 26
    for before, after in pairwise(listed):
        if all(before.get(key) == after.get(key) for key in ("limit", "part", "accuracy_m")):
            turn = turns(bearings(name, after)[:1], bearings(name, before)[0])
            assert abs(turn[0]) > 24, after["side"]


def bearings(name: str, side: dict[str, Any]) -> np.ndarray:
    steps = np.diff(metres(LineString(vertices(name, side))).coords, axis=0)
    return np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))


def turns(to: np.ndarray, start: float) -> np.ndarray:
    return (to - start + 180) % 360 - 180


STATED = {"shenzhen-park": 3.02, "hong-kong-park": 0.87, PARTS[0]: 1.35, PARTS[1]: 1.67}


@polygons
def test_stated_areas_are_those_of_the_plan(name: str) -> None:
    p = FEATURES[name]["properties"]
    assert p["stated_area_km2"] == STATED[name]
    assert p["stated_rounding_km2"] == 0.005
    assert "2023" in p["stated_area_source"]


@pytest.mark.parametrize(
    ("name", "area"),
    [(PARTS[0], 1.477), (PARTS[1], 1.671), ("shenzhen-park", 3.148), ("hong-kong-park", 0.894)],
)
def test_areas_come_out_as_the_rule_gives_them(name: str, area: float) -> None:
    assert km2(name) == pytest.approx(area, abs=0.0005)


def test_no_drawn_side_is_fitted() -> None:
    for name in PARKS + PARTS:
        held = json.dumps(FEATURES[name])
        assert "fitted" not in held, name


@polygons
def test_the_readme_of_the_data_tells_the_measured_area(name: str) -> None:
    readme = (paths.GEODATA / "README.md").read_text(encoding="utf-8")
    assert f"{km2(name):.3f} km²" in readme


@polygons
def test_grid_and_ellipsoid_agree_on_the_area(name: str) -> None:
    ellipsoidal, _ = Geod(ellps="WGS84").geometry_area_perimeter(SHAPES[name])
    assert ellipsoidal / 1e6 == pytest.approx(km2(name), rel=1e-3)


# The other readings: part, reading, area in square kilometres, fitted.
OTHERS = [
    (PARTS[0], "literal", 1.623, False),
    (PARTS[1], "literal", 1.869, False),
    (PARTS[0], "strip-25", 1.497, False),
    (PARTS[1], "strip-25", 1.688, False),
    (PARTS[0], "strip-40", 1.437, False),
    (PARTS[1], "strip-40", 1.639, False),
    (PARTS[0], "uniform-strip", 1.360, True),
    (PARTS[1], "uniform-strip", 1.660, True),
    (PARTS[1], "without-chiwei", 1.678, False),
    (PARTS[0], "wide-river-strip", 1.350, True),
]


def test_the_interpretations_are_these() -> None:
    found = {
        (p["part"], p["interpretation"]): p["fitted"]
        for p in (FEATURES[name]["properties"] for name in READINGS)
    }
    assert found == {(part, key): fitted for part, key, _, fitted in OTHERS}


@pytest.mark.parametrize(("part", "key", "area", "fitted"), OTHERS)
def test_an_interpretation_says_its_rule_and_its_area(
    part: str, key: str, area: float, fitted: bool
) -> None:
    p = FEATURES[f"{part}-{key}"]["properties"]
    assert km2(f"{part}-{key}") == pytest.approx(area, abs=0.001)
    assert p["area_km2"] == round(km2(f"{part}-{key}"), 3)
    assert p["stated_area_km2"] == STATED[part]
    for language in ("en", "zh_hans", "zh_hant"):
        assert len(p[f"rule_{language}"]) > 10
    if fitted:
        assert "root finding" in p["method"]
        assert f"{p['strip_m']:.0f} m" in p["rule_en"]


def test_fitted_readings_meet_the_figure_that_they_were_solved_for() -> None:
    both = sum(km2(f"{part}-uniform-strip") for part in PARTS)
    assert both == pytest.approx(3.02, abs=0.002)
    assert km2(f"{PARTS[0]}-wide-river-strip") == pytest.approx(1.35, abs=0.002)


def test_the_uniform_strip_leaves_out_what_is_known_to_be_inside() -> None:
    stop, port = Point(114.0432, 22.5059), Point(114.063, 22.518)
    assert SHAPES[PARTS[0]].contains(stop)
    assert not SHAPES[f"{PARTS[0]}-uniform-strip"].contains(stop)
    # The port spreads to 9 m from the bank; its middle lies just at the edge of that strip.
    for name, clear in ((PARTS[1], 30), (f"{PARTS[1]}-uniform-strip", 0)):
        assert clear <= metres(SHAPES[name].exterior).distance(metres(port)) < clear + 10


@pytest.mark.parametrize("part", PARTS)
def test_strips_of_the_water_are_as_wide_as_they_say(part: str) -> None:
    water = metres(LineString(WATER))
    for width in (25, 40):
        name = f"{part}-strip-{width}"
        assert metres(SHAPES[name]).distance(water) == pytest.approx(width, abs=1)


# name, longitude, latitude, feature, inside it, at least so many metres from its edge
PLACES = [
    ("STS Microelectronics bus stop", 114.0432, 22.5059, "futian-bonded-zone", True, 20),
    ("bonded-zone customs stop", 114.0582, 22.5150, "futian-bonded-zone", True, 20),
    ("Guihua Road at Mangrove Court", 114.0402, 22.5122, "futian-bonded-zone", False, 50),
    ("Guihua Road at Fuyuan Garden", 114.0496, 22.5124, "futian-bonded-zone", False, 100),
    ("Fubao station", 114.0511, 22.5109, "futian-bonded-zone", True, 0),
    ("mouth of the Xinzhou River", 114.0342, 22.5076, "futian-bonded-zone", False, 80),
    ("Huanggang Port", 114.069, 22.524, "huanggang-port-area", True, 200),
    ("Huanggang Checkpoint station", 114.069, 22.5238, "huanggang-port-area", True, 200),
    ("Futian Port", 114.063, 22.518, "huanggang-port-area", True, 30),
    ("Futian Checkpoint station", 114.0632, 22.518, "huanggang-port-area", True, 30),
    ("Shangbu pier terminus", 114.08196, 22.5335, "huanggang-port-area", True, 0),
    ("Chiwei, south of its stop", 114.0800, 22.5340, "huanggang-port-area", True, 100),
    ("United Plaza", 114.0641, 22.5316, "huanggang-port-area", False, 300),
    ("Fumin station", 114.0598, 22.5257, "huanggang-port-area", False, 500),
    ("Huaqiang South station", 114.0817, 22.5403, "huanggang-port-area", False, 300),
    ("Lok Ma Chau Control Point", 114.0740, 22.5094, "hong-kong-park", False, 500),
    ("Spur Line Control Point", 114.0656, 22.5150, "shenzhen-park", False, 150),
    ("middle of the Loop", 114.080, 22.521, "hong-kong-park", True, 300),
    ("Ha Wan Tsuen", 114.0739, 22.5139, "hong-kong-park", False, 200),
]


@pytest.mark.parametrize(("place", "lon", "lat", "name", "inside", "clear"), PLACES)
def test_known_places_are_on_their_side(
    place: str, lon: float, lat: float, name: str, inside: bool, clear: float
) -> None:
    point = Point(lon, lat)
    within = SHAPES[name].contains(point)
    away = metres(SHAPES[name].exterior).distance(metres(point))
    # A place at an edge may lie on either side of it, within the accuracy of a bus stop.
    assert within == inside or (clear == 0 and away < 15)
    assert away >= clear
