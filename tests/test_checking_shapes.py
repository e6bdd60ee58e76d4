"""The verdict of GEOS on every shape, with a code and a place, and what GEOS lets pass."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from hetao_geo import checking
from hetao_geo.checking import Fault, shapes
from hetao_geo.checking.repair import repair


def check(tmp_path: Path, geometry: Any, **members: Any) -> tuple[Fault, ...]:
    path = tmp_path / "a.geojson"
    geometry = geometry if isinstance(geometry, dict) else mapping(geometry)
    feature = {"type": "Feature", "id": 1, "properties": {}, "geometry": geometry, **members}
    path.write_text(json.dumps(feature))
    return checking.read(path).faults


def errors(faults: tuple[Fault, ...]) -> set[str]:
    return {fault.code for fault in faults if fault.severity == "error"}


# In the manner of the validity cases of GEOS and JTS: shapes and the reason they fail for.
CASES = {
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))": None,
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 8, 8 8, 8 2, 2 2))": None,
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 5 6, 5 4, 0 5))": None,
    "POLYGON((0 0, 10 0, 10 0, 10 10, 0 10, 0 0))": None,
    "POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))": "self-intersection",
    "POLYGON((0 0, 10 0, 10 10, 5 0, 0 10, 0 0))": "ring-self-intersection",
    "POLYGON((0 0, 10 0, 10 10, 10 20, 10 10, 0 10, 0 0))": "ring-self-intersection",
    "POLYGON((0 0, 10 0, 5 5, 10 10, 0 10, 5 5, 0 0))": "ring-self-intersection",
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (20 20, 20 30, 30 30, 30 20, 20 20))": "hole-outside",
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (5 5, 5 15, 8 15, 8 5, 5 5))": "self-intersection",
    "POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1), (2 2, 2 4, 4 4, 4 2, 2 2))":
        "nested-holes",
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (5 0, 2 5, 5 10, 8 5, 5 0))": "disconnected-interior",
    "POLYGON((0 0, 0 0, 0 0, 0 0))": "too-few-points",
    "POLYGON((0 0, 10 0, 0 0, 0 0))": "too-few-points",
    "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))": None,
    "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((10 10, 20 10, 20 20, 10 10)))": None,
    "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((2 2, 4 2, 4 4, 2 2)))": "nested-shells",
    "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((5 5, 15 5, 15 15, 5 5)))":
        "self-intersection",
    "MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)), ((0 0, 9 0, 9 9, 0 0)))": "self-intersection",
    "LINESTRING(0 0, 0 0)": "too-few-points",
    "LINESTRING(0 0, 10 10, 10 0, 0 10)": None,
    "MULTIPOINT((0 0), (0 0))": None,
}  # fmt: skip


@pytest.mark.parametrize(("wkt", "code"), CASES.items(), ids=range(len(CASES)))
def test_the_verdict_is_that_of_geos(tmp_path: Path, wkt: str, code: str | None) -> None:
    shape = shapely.from_wkt(wkt)
    found = errors(check(tmp_path, shape))
    assert (found == set()) == bool(shapely.is_valid(shape))
    assert found == ({code} if code else set())


POINTS = st.tuples(st.integers(0, 6), st.integers(0, 6))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.lists(POINTS, min_size=3, max_size=6), min_size=1, max_size=3),
                min_size=1, max_size=2))  # fmt: skip
def test_any_rings_get_the_verdict_of_geos(
    tmp_path_factory: pytest.TempPathFactory, polygons: Any
) -> None:
    closed = [[[*ring, ring[0]] for ring in polygon] for polygon in polygons]
    shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in closed])
    path = tmp_path_factory.getbasetemp()
    found = errors(check(path, {"type": "MultiPolygon", "coordinates": closed}))
    assert (found == set()) == bool(shapely.is_valid(shape))
    assert found <= set(shapes.REASONS.values())


def test_the_place_of_a_fault_is_named(tmp_path: Path) -> None:
    (fault,) = check(tmp_path, shapely.from_wkt("POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))"))
    assert (fault.feature, fault.path) == (0, "$.geometry.coordinates")
    assert fault.found == "Self-intersection at 2, 2"
    two = shapely.from_wkt("MULTIPOLYGON(((9 9, 8 9, 8 8, 9 9)), ((0 0, 4 4, 4 0, 0 4, 0 0)))")
    paths = [f.path for f in check(tmp_path, two) if f.severity == "error"]
    assert paths == ["$.geometry.coordinates[1]"]


WARNINGS = {
    "winding": [[0, 0], [0, 1], [1, 1], [0, 0]],
    "duplicate-vertex": [[0, 0], [1, 0], [1, 0], [1, 1], [0, 0]],
    "spike": [[0, 0], [1, 0], [1, 3], [0.999, 1], [0, 1], [0, 0]],
    "longitude-range": [[179, 0], [181, 0], [181, 1], [179, 0]],
    "excessive-precision": [[0, 0], [1, 0], [1, 0.123456789], [0, 0]],
    "extra-numbers": [[0, 0, 1, 2], [1, 0, 1, 2], [1, 1, 1, 2], [0, 0, 1, 2]],
}


@pytest.mark.parametrize(("code", "ring"), WARNINGS.items(), ids=WARNINGS)
def test_what_geos_lets_pass_is_a_warning(tmp_path: Path, code: str, ring: Any) -> None:
    found = check(tmp_path, {"type": "Polygon", "coordinates": [ring]})
    assert {(fault.code, fault.severity) for fault in found} == {(code, "warning")}


def test_a_hole_winds_the_other_way(tmp_path: Path) -> None:
    outer = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 1]]
    (fault,) = check(tmp_path, {"type": "Polygon", "coordinates": [outer, hole]})
    assert (fault.code, fault.path) == ("winding", "$.geometry.coordinates[1]")
    assert check(tmp_path, {"type": "Polygon", "coordinates": [outer, hole[::-1]]}) == ()


def test_a_latitude_beyond_90_gives_vertex_and_count(tmp_path: Path) -> None:
    ring = [[22, 114], [22, 115], [21, 115], [22, 114]]
    (fault,) = check(tmp_path, {"type": "Polygon", "coordinates": [ring]})
    assert (fault.code, fault.severity) == ("latitude-range", "error")
    assert fault.path == "$.geometry.coordinates[0][0]"
    assert fault.found == "[22.0, 114.0], and 3 more in this ring"


def test_a_latitude_beyond_90_of_a_point_is_an_error_too(tmp_path: Path) -> None:
    assert errors(check(tmp_path, {"type": "Point", "coordinates": [22, 114]})) == {
        "latitude-range"
    }
    crs = {"type": "name", "properties": {"name": "EPSG:3857"}}
    feature = {"type": "Feature", "id": 1, "properties": {}, "crs": crs}
    (path := tmp_path / "b.geojson").write_text(
        json.dumps({**feature, "geometry": {"type": "Point", "coordinates": [500, 600]}})
    )
    assert [fault.code for fault in checking.read(path).faults] == ["no-polygons"]


@pytest.mark.parametrize("value", [114.1234567, 22.0000001, -179.9999999, 0.1, 1e-7, 90])
def test_seven_decimals_are_not_too_many(tmp_path: Path, value: float) -> None:
    ring = [[value, 0], [value + 1, 0], [value + 1, 1], [value, 0]]
    rounded = [[round(x, 7), y] for x, y in ring]
    found = check(tmp_path, {"type": "Polygon", "coordinates": [rounded]})
    assert "excessive-precision" not in {fault.code for fault in found}


def test_heights_of_some_vertices_do_not_hinder(tmp_path: Path) -> None:
    ring = [[0, 0, 5], [1, 0], [1, 1, 7], [0, 0, 5]]
    assert check(tmp_path, {"type": "Polygon", "coordinates": [ring]}) == ()


def test_polygons_in_collections_and_beside_others_are_taken(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    point = {"type": "Point", "coordinates": [0, 0]}
    parts = {"type": "GeometryCollection", "geometries": [square, point, square]}
    (fault,) = check(tmp_path, {**parts, "geometries": [square, point]})
    assert (fault.code, fault.found) == ("mixed-types", "1 Point")
    assert "self-intersection" in errors(check(tmp_path, parts))


DATE_LINE = [[179.99, -17], [-179.99, -17], [-179.99, -16.98], [179.99, -16.98], [179.99, -17]]


@pytest.mark.parametrize("ring", [DATE_LINE, [*DATE_LINE[:3], DATE_LINE[0]]])
def test_an_uncut_polygon_at_the_antimeridian_is_warned_of(tmp_path: Path, ring: Any) -> None:
    (fault,) = check(tmp_path, {"type": "Polygon", "coordinates": [ring]})
    assert (fault.code, fault.severity) == ("antimeridian", "warning")
    assert "3.1.9" in str(fault.hint)
    text, changes = repair(tmp_path / "a.geojson")
    assert changes == ()
    assert json.loads(text)["geometry"]["coordinates"] == [ring]


def test_a_cut_polygon_and_the_whole_globe_are_no_such(tmp_path: Path) -> None:
    cut = shapely.MultiPolygon(
        [shapely.box(179.99, -17, 180, -16), shapely.box(-180, -17, -179, -16)]
    )
    for shape in (cut, shapely.box(-180, -90, 180, 90)):
        assert "antimeridian" not in {fault.code for fault in check(tmp_path, shape)}


def collection(path: Path, *shapes: Any) -> tuple[Fault, ...]:
    features = [
        {"type": "Feature", "id": i, "properties": {}, "geometry": mapping(shape)}
        for i, shape in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return checking.read(path).faults


def test_features_of_one_polygon_are_warned_of(tmp_path: Path) -> None:
    square, other = shapely.box(10, 10, 11, 11), shapely.box(20, 20, 21, 21)
    turned = shapely.Polygon([*square.exterior.coords[2:], *square.exterior.coords[1:3]])
    diamond = shapely.Polygon([(10, 10), (11, 10), (11, 11), (10.2, 10.8)])
    pair, twisted = shapely.MultiPolygon([square, other]), shapely.MultiPolygon([other, turned])
    faults = collection(tmp_path / "a.geojson", square, diamond, pair, turned, twisted, square)
    found = [fault for fault in faults if fault.code == "duplicate-polygon"]
    assert [(fault.feature, fault.found, fault.severity) for fault in found] == [
        (3, "the polygon of feature 0", "warning"),
        (4, "the polygon of feature 2", "warning"),
        (5, "the polygon of feature 0", "warning"),
    ]
    assert found[0].path == "$.features[3].geometry.coordinates"
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert "duplicate-polygon" not in {f.code for f in collection(tmp_path / "b.geojson", bow, bow)}
