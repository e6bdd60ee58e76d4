"""The ground around the zone: layers that fit each other, and no edge that misleads."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from tests.layers import (
    FEATURES,
    LAYERS,
    SHAPES,
    Edge,
    assert_simple_ring,
    corners,
    edges,
    ids,
    metres,
    reverse,
    ring,
)

# West, south, east, north of the ground that is drawn.
FRAME = (113.975, 22.4555, 114.175, 22.5638)

ground = pytest.mark.parametrize(
    "name", [name for layer in ("river", "wetland", "landcover", "coast") for name in ids(layer)]
)


def no_shore(name: str) -> set[Edge]:
    points = ring(name)
    return {
        edge
        for first, last in FEATURES[name]["properties"]["frame_sides"]
        for edge in pairwise(points[first : last + 1])
    }


def line(name: str) -> list[list[float]]:
    return list(FEATURES[name]["geometry"]["coordinates"])


@ground
def test_rings_are_simple_closed_and_run_counter_clockwise(name: str) -> None:
    assert_simple_ring(name)


@ground
def test_frame_sides_are_stretches_of_the_ring(name: str) -> None:
    spans = FEATURES[name]["properties"]["frame_sides"]
    assert spans == sorted(spans)
    assert all(0 <= first < last < len(ring(name)) for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans)), "one stretch, not two"


def test_water_bodies_meet_at_their_mouths_only() -> None:
    for one, other, count in (
        ("shenzhen-river", "old-meander", 2),
        ("shenzhen-river", "deep-bay", 1),
        ("shenzhen-river", "river-beas-indus", 1),
    ):
        mouths = edges(one) & reverse(edges(other))
        assert len(mouths) == count
        assert mouths <= no_shore(one)
        assert reverse(mouths) <= no_shore(other)
        assert SHAPES[one].relate(SHAPES[other])[0] == "F"


@pytest.mark.parametrize("name", ids("river"))
def test_no_edge_that_closes_the_drawing_looks_like_a_shore(name: str) -> None:
    west, south, _, _ = FRAME
    for edge in edges(name) - no_shore(name):
        (x0, y0), (x1, y1) = edge
        assert not (x0 <= west + 2e-4 and x1 <= west + 2e-4), edge
        assert not (y0 <= south + 1e-4 and y1 <= south + 1e-4), edge


def test_water_that_goes_on_as_mangrove_has_no_shore_there() -> None:
    mangroves = shapely.union_all(
        [SHAPES[f["id"]] for f in LAYERS["wetland"] if "mangrove" in f["id"]]
    )
    wet = metres(mangroves).buffer(2)
    for edge in edges("deep-bay") - no_shore("deep-bay"):
        assert not metres(LineString(edge)).within(wet), edge


def test_the_bay_and_its_mangroves_leave_no_gap() -> None:
    bay = ring("deep-bay")
    for name in ("mangrove-mai-po", "mangrove-futian"):
        common = set(bay) & set(ring(name))
        assert len(common) > 15, "they share the vertices of their edge"


def test_wetland_lies_on_no_water_and_no_park() -> None:
    others = [*ids("river"), "shenzhen-park", "hong-kong-park"]
    for wet in LAYERS["wetland"]:
        for other in others:
            both = metres(SHAPES[wet["id"]]).intersection(metres(SHAPES[other]))
            # Vertices are rounded to a metre: slivers, no overlap.
            assert both.buffer(-1.5).is_empty, (wet["id"], other)


def test_ponds_have_a_date() -> None:
    ponds = [f for f in LAYERS["wetland"] if f["properties"]["role"] == "ponds"]
    assert len(ponds) == 9
    for one in ponds:
        assert one["properties"]["valid_until"] == "2026-12-31"
        assert "2026" in one["properties"]["method"]


STRETCHES = {
    "boundary-deep-bay-west": 200,
    "boundary-deep-bay": 30,
    "boundary-shenzhen-river": 30,
    "boundary-upper-river": 100,
}


def test_the_stretches_of_the_boundary_are_one_line_through_the_frame() -> None:
    found = {f["id"]: f["properties"]["accuracy_m"] for f in LAYERS["boundary"]}
    assert found == STRETCHES
    for before, after in pairwise(STRETCHES):
        assert line(before)[-1] == line(after)[0]
    assert line("boundary-deep-bay")[0] == [113.9951, 22.5101]  # point 6 of Order No. 221
    assert line("boundary-deep-bay-west")[0][0] == FRAME[0]
    assert line("boundary-upper-river")[-1][0] > 114.173
    whole = LineString([p for name in STRETCHES for p in line(name)])
    assert whole.is_simple


def test_the_boundary_in_the_bay_points_from_point_6_to_point_7() -> None:
    # Order No. 221, points 6 and 7.
    straight = metres(LineString([(113.9951, 22.5101), (113.9478, 22.4724)]))
    assert straight.distance(metres(Point(line("boundary-deep-bay-west")[0]))) < 150


def test_the_boundary_is_the_centre_line_of_the_river() -> None:
    river, centre = metres(SHAPES["shenzhen-river"]), metres(SHAPES["boundary-shenzhen-river"])
    north, south = banks()
    off = [
        abs(at.distance(north) - at.distance(south))
        for at in (centre.interpolate(n / 200, normalized=True) for n in range(1, 198))
    ]
    assert centre.difference(river.buffer(2)).length < 80, "the line ends above the drawn river"
    assert np.median(off) < 4
    assert np.quantile(off, 0.9) < 20, "bank points are good to 35 m"


def banks() -> tuple[BaseGeometry, BaseGeometry]:
    """Cut the ring of the river at its mouth and at its upper end."""
    points = ring("shenzhen-river")
    upper = points.index((114.1418, 22.5421))
    mouth = points.index((114.0479, 22.5021))
    assert mouth == 0
    south, north = points[: upper + 1], points[upper + 1 : -1]
    return metres(LineString(north)), metres(LineString(south))


@pytest.mark.parametrize("name", ["shenzhen-park", "hong-kong-park", "old-meander"])
def test_the_boundary_enters_no_land_of_the_zone(name: str) -> None:
    for stretch in STRETCHES:
        assert SHAPES[name].disjoint(SHAPES[stretch])


def test_roads_lead_on_or_say_that_they_stop() -> None:
    lines = {f["id"]: metres(SHAPES[f["id"]]) for f in LAYERS["roads"]}
    ends_at_a_crossing = {
        ("san-sham-road", "end"),
        ("man-kam-to-road", "end"),
        ("lok-ma-chau-road", "end"),
        ("huaqiang-south-road", "start"),  # at the Shangbu pier
        ("xinzhou-river", "start"),  # at its mouth
    }
    for name, drawn in lines.items():
        listed = FEATURES[name]["properties"]["open_ends"]
        for end, at in (("start", 0), ("end", -1)):
            point = Point(drawn.coords[at])
            nearest = min(point.distance(other) for key, other in lines.items() if key != name)
            if (name, end) in ends_at_a_crossing:
                assert end not in listed
            elif end not in listed:
                assert nearest < 4, (name, end)  # vertices are rounded to 0.0001 degree


def test_roads_that_lead_to_crossings_stop_there() -> None:
    for road, crossing in (
        ("man-kam-to-road", "man-kam-to-control-point"),
        ("san-sham-road", "lok-ma-chau-control-point"),
        ("lok-ma-chau-road", "lok-ma-chau-spur-line-control-point"),
    ):
        assert metres(Point(line(road)[-1])).distance(metres(SHAPES[crossing])) < 200


def test_nothing_but_the_boundary_and_the_water_crosses_the_river() -> None:
    """No bridge is published with coordinates."""
    for layer in ("roads", "railways"):
        for one in LAYERS[layer]:
            across = metres(SHAPES[one["id"]]).intersection(metres(SHAPES["shenzhen-river"]))
            assert across.length < 20, one["id"]


def test_only_the_roads_of_the_limits_are_marked_as_such() -> None:
    marked = {f["id"] for f in LAYERS["roads"] if f["properties"]["named_in_limits"]}
    assert marked == {
        "binhe-avenue",
        "huanggang-road",
        "huaqiang-south-road",
        "ronghua-road",
        "xinzhou-river",
    }
    for one in LAYERS["roads"]:
        kind = one["properties"]["role"]
        assert (kind in {"road", "stream"}) == (one["id"] in marked)


def test_main_roads_run_through_to_the_frame() -> None:
    west, south, east, north = FRAME
    reached = {
        "binhe-avenue": SHAPES["binhe-avenue"].bounds[0] <= west,
        "shennan-road": SHAPES["shennan-road"].bounds[0] <= west,
        "luosha": SHAPES["shennan-road"].bounds[2] >= east - 0.002,
        "huanggang-road": SHAPES["huanggang-road"].bounds[3] >= north,
        "san-tin-highway": SHAPES["san-tin-highway"].bounds[1] <= south,
    }
    assert all(reached.values()), reached


def test_what_is_planned_or_being_built_says_so() -> None:
    rows = {f["id"]: f["properties"] for name in ("stations", "places") for f in LAYERS[name]}
    assert {key for key, row in rows.items() if row["status"] == "planned"} == {
        "san-tin-technopole",
        "sam-po-shue",
    }
    building = {key for key, row in rows.items() if row["status"] == "under-construction"}
    assert building == {"kwu-tung-station"}
    for row in rows.values():
        assert row["status"] in {"existing", "planned", "under-construction"}
        assert (row["role"] in {"place", "station"}) == (row["status"] == "existing")
        assert not any(mark in row["name_en"] for mark in ("planned", "construction"))


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("san-tin", "south"),
        ("mai-po", "south"),
        ("kwu-tung", "south"),
        ("sheung-shui", "south"),
        ("lo-wu-station", "south"),
        ("lok-ma-chau-station", "south"),
        ("futian-cbd", "north"),
        ("luohu", "north"),
        ("luohu-station", "north"),
        ("futian-checkpoint-station", "north"),
        ("huanggang-checkpoint-station", "north"),
        ("shenzhen-bay-park", "north"),
    ],
)
def test_neighbours_stand_on_their_side_of_the_boundary(name: str, side: str) -> None:
    points = [p for stretch in STRETCHES for p in line(stretch)]
    edge = {"north": 23.0, "south": 22.0}[side]
    assert Polygon([*points, (points[-1][0], edge), (points[0][0], edge)]).contains(SHAPES[name])


def test_stations_of_the_east_rail_line_stand_on_it() -> None:
    track = metres(SHAPES["east-rail-line"])
    for name in ("lo-wu-station", "sheung-shui-station", "fanling-station"):
        assert track.distance(metres(SHAPES[name])) < 100
    branch = metres(SHAPES["east-rail-line-lok-ma-chau-branch"])
    for name in ("lok-ma-chau-station", "kwu-tung-station"):
        assert branch.distance(metres(SHAPES[name])) < 50


def test_the_coast_has_land_where_cities_are_and_no_slivers() -> None:
    land = metres(shapely.union_all([SHAPES[f["id"]] for f in LAYERS["coast"]]))
    for city in LAYERS["gba"]:
        if city["properties"]["kind"] == "city":
            # Two standard errors of a city; the layer ends at 112.5 E, just east of Zhaoqing.
            assert land.distance(metres(shape(city["geometry"]))) < 2 * 2000, city["id"]
    mainland = metres(SHAPES["coast-mainland"])
    opened = mainland.buffer(-500).buffer(500)
    assert mainland.difference(opened.buffer(400)).area < 1e6, "no spike of land"
    assert corners("coast-mainland").min() > 25


def test_the_pieces_of_the_coast_do_not_overlap() -> None:
    pieces = [metres(SHAPES[f["id"]]) for f in LAYERS["coast"]]
    for number, one in enumerate(pieces):
        for other in pieces[:number]:
            assert one.intersection(other).area < 2e6, "two thousandths of the land in sight"
