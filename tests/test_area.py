"""Areas: against PROJ, an equal-area projection, the geodesic's own equation, and mirrors."""

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from shapely.geometry import MultiPolygon, Polygon

from hetao_geo import area
from hetao_geo.area import ellipsoid
from hetao_geo.errors import DataError, UsageError
from tests.geodesic_equation import ring_area

GEOD = pyproj.Geod(ellps="WGS84")
PARCEL = Polygon([(114.05, 22.51), (114.0512, 22.5101), (114.0511, 22.5109), (114.0502, 22.511)])
HOLED = Polygon(
    [(114.0, 22.5), (114.1, 22.5), (114.1, 22.6), (114.0, 22.6)],
    [[(114.02, 22.52), (114.02, 22.55), (114.05, 22.55), (114.05, 22.52)]],
)
ISLANDS = MultiPolygon([HOLED, PARCEL, Polygon([(10, 50), (12, 50), (12, 51)])])


def by_geod(geometry: shapely.Geometry) -> float:
    area_m2, _ = GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(geometry))
    return float(area_m2)


def ring(lon: float, lat: float, size: float, seed: int, vertices: int = 7) -> np.ndarray:
    """A star-shaped ring of some size in degrees, closed."""
    chance = np.random.default_rng(seed)
    angle = (np.arange(vertices) + 0.8 * chance.random(vertices)) * 2 * np.pi / vertices
    radius = size / 2 * (0.5 + 0.5 * chance.random(vertices))
    xy = np.column_stack([lon + radius * np.cos(angle), lat + radius * np.sin(angle)])
    return np.vstack([xy, xy[:1]])


@pytest.mark.parametrize("lat", [0.0, 22.5, -45.0, 60.0, 84.9])
@pytest.mark.parametrize("size", [0.0003, 0.0009, 0.01, 0.045, 0.09])
def test_geodesic_areas_against_the_equation_of_the_geodesic(lat: float, size: float) -> None:
    for seed in (1, 2):
        xy = ring(114.05, lat, size, seed)
        found = area.geodesic_areas(area.Polygons(xy[:, 0], xy[:, 1], [0, len(xy)]))[0]
        assert found == pytest.approx(ring_area(xy), rel=5e-10)


@pytest.mark.parametrize("size", [0.01, 0.05, 0.2, 3.0, 30.0])
@pytest.mark.parametrize("lat", [0.1, 22.5, -57.0, 70.0])
def test_geodesic_areas_against_proj(lat: float, size: float) -> None:
    polygons = shapely.polygons([ring(20, lat, size, seed) for seed in range(20)])
    witness = np.abs([GEOD.geometry_area_perimeter(polygon)[0] for polygon in polygons])
    # PROJ itself is exact to about 1e-5 m2 a polygon here, which shows on the small ones.
    np.testing.assert_allclose(area.geodesic_areas(polygons), witness, rtol=1e-9, atol=1e-4)


@pytest.mark.parametrize("edges", ellipsoid.EDGES)
def test_areas_against_an_equal_area_projection_centred_on_each(edges: str) -> None:
    chance = np.random.default_rng(7)
    for seed in range(30):
        lon, lat = chance.uniform(-179, 179), chance.uniform(-70, 70)
        # In the plane an edge is neither geodesic nor straight in degrees: that shows from 100 m
        # on, so longer edges are cut up first, along straight lines in degrees.
        size = 3e-4 if edges == "geodesic" else 10 ** chance.uniform(-3.5, -1)
        polygon = Polygon(ring(lon, lat, size, seed))
        laea = f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84"
        fine = polygon if edges == "geodesic" else shapely.segmentize(polygon, size / 2000)
        plane = geopandas.GeoSeries([fine], crs=4326).to_crs(laea).area[0]
        found = area.geodesic_area(polygon, edges=edges)
        # PROJ rounds at about 1e-9 m, on sides of 30 m.
        assert found == pytest.approx(plane, rel=1e-9, abs=1e-6)


def test_straight_edges_against_a_cylindrical_equal_area_projection() -> None:
    big = Polygon([(-60, -40), (80, -20), (120, 70), (-100, 60)])
    fine = shapely.segmentize(big, 0.01)
    plane = geopandas.GeoSeries([fine], crs=4326).to_crs("+proj=cea +datum=WGS84").area[0]
    assert area.geodesic_area(big, edges="straight") == pytest.approx(plane, rel=1e-7)
    xy = ring(114, 22.5, 0.01, 3)
    small = area.geodesic_area(Polygon(xy), edges="straight")
    dense = area.geodesic_area(shapely.segmentize(Polygon(xy), 1e-5))
    assert small == pytest.approx(dense, rel=1e-9)


def test_the_three_ways_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    polygons = shapely.polygons([ring(114, 50, 0.02, seed) for seed in range(50)])
    geodesic = area.geodesic_areas(polygons)
    for edges in ellipsoid.EDGES:
        small = area.geodesic_areas(polygons, edges=edges)
        with monkeypatch.context() as patch:
            patch.setattr(ellipsoid, "SHORT", 0)
            by_edge = area.geodesic_areas(polygons, edges=edges)
        np.testing.assert_allclose(by_edge, small, rtol=1e-10)
        assert (by_edge != small).any()
    with monkeypatch.context() as patch:
        patch.setattr(ellipsoid, "SHORT", 0)
        patch.setattr(ellipsoid, "EDGE", 0.0)
        np.testing.assert_allclose(area.geodesic_areas(polygons), geodesic, rtol=1e-9)


shapes = arrays.arrays(
    np.float64, (6, 2), elements=st.floats(-0.01, 0.01).map(lambda value: round(value, 7))
)


@settings(max_examples=60, deadline=None)
@given(shapes, st.integers(0, 5), st.sampled_from([0.0, 22.5, -60.0]), st.floats(-179, 179))
def test_rotation_reversal_and_translation_change_nothing(
    shape: np.ndarray, turn: int, lat: float, lon: float
) -> None:
    base = shape + np.array([114.0, lat])
    alike = [
        base,
        np.roll(base, turn, axis=0),
        base[::-1],
        base * [1, -1],
        shape + np.array([lon, lat]),
    ]
    rings = np.concatenate([np.vstack([xy, xy[:1]]) for xy in alike])
    areas = area.geodesic_areas(area.Polygons(*rings.T, np.arange(0, 36, 7)))
    # Square metres: a vertex moves by up to 3e-14 degrees when the longitude changes.
    assert np.ptp(areas) <= 1e-10 * areas.max() + 2e-5


def test_holes_parts_and_collections_count_as_they_should() -> None:
    mixed = [HOLED, ISLANDS, PARCEL, shapely.GeometryCollection([ISLANDS, shapely.Point(0, 0)])]
    found = area.geodesic_areas(mixed)
    parts = [by_geod(part) for part in ISLANDS.geoms]
    expected = [parts[0], sum(parts), parts[1], sum(parts)]
    np.testing.assert_allclose(found, expected, rtol=1e-8)
    reverse = shapely.reverse(np.array(mixed, dtype=object))
    np.testing.assert_allclose(area.geodesic_areas(reverse), found, rtol=1e-13)


def test_flat_arrays_shapely_and_geopandas_give_the_same() -> None:
    rows = [ISLANDS, MultiPolygon([HOLED]), MultiPolygon([PARCEL, HOLED])]
    _, xy, (rings, polygons, geometries) = shapely.to_ragged_array(rows)
    flat = area.Polygons(xy[:, 0], xy[:, 1], rings, polygons, geometries)
    series = geopandas.GeoSeries(rows, crs=4326)
    assert (area.geodesic_areas(flat) == area.geodesic_areas(rows)).all()
    assert (area.geodesic_areas(series) == area.geodesic_areas(rows)).all()


def test_a_slice_of_flat_arrays_needs_no_copy() -> None:
    xy = np.concatenate([ring(114, 22.5, 0.001, seed) for seed in range(6)])
    offsets = np.arange(0, 49, 8)
    whole = area.geodesic_areas(area.Polygons(*xy.T, offsets))
    part = area.geodesic_areas(area.Polygons(*xy.T, offsets[2:5]))
    np.testing.assert_array_equal(part, whole[2:4])


def test_neighbours_change_no_bit() -> None:
    chance = np.random.default_rng(3)
    counts = chance.integers(3, 80, 3000)
    rings = [ring(114, 22.5, 0.001, i, count) for i, count in enumerate(counts)]
    polygons = shapely.polygons([shapely.linearrings(xy) for xy in rings])
    together = area.geodesic_areas(polygons)
    assert (area.geodesic_areas(polygons[1000:1100]) == together[1000:1100]).all()
    assert (area.geodesic_areas(polygons[::-7]) == together[::-7]).all()


def test_many_rows_are_chunked_and_errors_count_from_the_first() -> None:
    many = np.full(70_000, PARCEL, dtype=object)
    many[69_000] = Polygon([(22.5, 114.0), (22.6, 114.0), (22.6, 114.1)])
    with pytest.raises(DataError, match="row 69000"):
        area.geodesic_areas(many)
    many[69_000] = None
    areas = area.geodesic_areas(many)
    assert np.isnan(areas[69_000])
    assert (np.delete(areas, 69_000) == area.geodesic_area(PARCEL)).all()


def test_antimeridian_poles_and_wide_rings() -> None:
    across = Polygon([(179.9, -17), (-179.9, -17), (-179.9, -16.8), (179.9, -16.8)])
    inland = shapely.affinity.translate(Polygon([(0, -17), (0.2, -17), (0.2, -16.8), (0, -16.8)]))
    assert area.geodesic_area(across) == pytest.approx(area.geodesic_area(inland), rel=1e-10)
    cap = Polygon([(lon, 80) for lon in range(0, 360, 1)])
    assert area.geodesic_area(cap) == pytest.approx(3.9e12, rel=0.01)
    strip = Polygon([(-180, 80), (180, 80), (180, 90), (-180, 90)])
    assert area.geodesic_area(strip, edges="straight") == pytest.approx(3.9e12, rel=0.01)


def test_what_has_no_area() -> None:
    rows = [None, Polygon(), shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), PARCEL]
    with np.errstate(invalid="ignore"):
        rows += [MultiPolygon(), Polygon([(0, 0), (np.nan, 1), (1, 1)]), PARCEL]
    for areas in (area.geodesic_areas(rows), area.planar_areas(rows[:4] + rows[4:6])):
        assert np.isnan(areas[0])
        assert (areas[1:4] == 0).all() and areas[5] == 0
        assert areas[4] > 1000
    found = area.geodesic_areas(rows)
    assert np.isnan(found[6]) and found[7] == found[4]
    assert len(area.geodesic_areas([])) == 0 == len(area.planar_areas([]))


def test_a_bow_tie_counts_its_loops_with_their_signs() -> None:
    tie = Polygon([(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)])
    assert area.geodesic_area(tie) < 1e-3


def test_planar_areas_are_those_of_geopandas() -> None:
    series = geopandas.GeoSeries([ISLANDS.geoms[0], ISLANDS.geoms[1], HOLED, PARCEL], crs=4326)
    for code in ("EPSG:2326", "EPSG:4547", "EPSG:3857", "EPSG:6933"):
        expected = series.to_crs(code).area.to_numpy()
        np.testing.assert_allclose(area.planar_areas(series, code), expected, rtol=1e-10)
    feet = area.planar_area(Polygon([(-73.9, 40.7), (-73.89, 40.7), (-73.89, 40.71)]), 2263)
    assert feet == pytest.approx(468_861, rel=1e-3)


def test_standard_error_against_simulation() -> None:
    xy = np.array(HOLED.exterior.coords)[:-1]
    chance = np.random.default_rng(5)
    metre = np.array([1 / 102_800, 1 / 110_750])
    moved = xy + chance.normal(0, 20, (4000, 4, 2)) * metre
    spread = area.planar_areas(shapely.polygons(moved)).std()
    assert area.standard_error(Polygon(xy), 20) == pytest.approx(spread, rel=0.05)


def test_standard_error_in_a_plane_of_its_own_place() -> None:
    grid, own = (area.standard_errors([HOLED, PARCEL], 5.0, crs) for crs in ("EPSG:2326", None))
    np.testing.assert_allclose(own, grid, rtol=2e-3)


def test_certainly_valid_is_never_wrong() -> None:
    chance = np.random.default_rng(11)
    shapes = chance.integers(0, 6, (4000, 5, 2)).astype(float)
    angles = np.sort(chance.random((500, 6)), axis=1) * 2 * np.pi
    round_shapes = np.stack([np.cos(angles), np.sin(angles)], -1)
    star = np.array([[0, 0], [2, 6], [4, 0], [-1, 4], [5, 4]]) * 1.0
    polygons = [*shapely.polygons(shapes), *shapely.polygons(round_shapes), Polygon(star)]
    sure = area.certainly_valid(area.flatten(polygons))
    assert shapely.is_valid(np.array(polygons, dtype=object))[sure].all()
    assert sure[4000:4500].mean() > 0.9 and not sure[-1]
    assert 0 < sure[:4000].mean() < 0.5
    assert not area.certainly_valid(area.flatten([HOLED, Polygon()])).any()


def test_rows_can_be_taken_and_made_shapely_again() -> None:
    rows = np.array([ISLANDS, MultiPolygon(), MultiPolygon([HOLED]), None], dtype=object)
    back = area.to_shapely(area.flatten(rows).take(np.array([2, 0, 1, 3])))
    assert back[3] is None
    assert shapely.equals_exact(back[:3], rows[[2, 0, 1]]).all()
    one_ring = area.to_shapely(area.flatten([PARCEL, PARCEL]).take(np.array([1])))
    assert shapely.equals_exact(one_ring[0], PARCEL)


def test_an_empty_polygon_beside_others_changes_nothing() -> None:
    rows = [HOLED, Polygon(), MultiPolygon(), MultiPolygon([PARCEL, HOLED]), MultiPolygon()]
    alone = [area.geodesic_area(row) for row in rows]
    assert area.geodesic_areas(rows).tolist() == alone
    empty = area.flatten([HOLED, Polygon()])
    assert shapely.equals(area.to_shapely(empty), [HOLED, Polygon()]).tolist() == [True, True]
    # shapely 2.2 ends the process over a polygon without rings among the parts.
    bare = area.Polygons([0, 1, 1, 0], [0, 0, 1, 0], [0, 4], [0, 0, 1], [0, 2])
    assert shapely.get_num_coordinates(area.to_shapely(bare)).tolist() == [4]


def test_infinite_coordinates_have_no_area_and_no_warning() -> None:
    xy = np.array([[0, 0], [np.inf, 1], [1, 1], [0, 0.0]])
    assert np.isnan(area.geodesic_areas(area.Polygons(*xy.T, [0, 4]))).all()


def test_standard_error_by_hand_and_per_vertex() -> None:
    square = Polygon([(114.0, 22.5), (114.001, 22.5), (114.001, 22.501), (114.0, 22.501)])
    side = np.sqrt(area.planar_area(square))
    # Each vertex sees a diagonal: Var = s^2/4 * 4 * 2 side^2.
    assert area.standard_error(square, 3.0) == pytest.approx(3 * side * np.sqrt(2), rel=0.01)
    one = area.standard_error(square, [3.0, 0, 0, 0, 99.0])
    assert one == pytest.approx(3 / 2 * np.sqrt(2) * side, rel=0.01)
    two = area.standard_errors(MultiPolygon([HOLED, square]), 3.0)[0]
    parts = area.standard_errors([HOLED, square], 3.0)
    assert two == pytest.approx(np.hypot(*parts))


def test_correlated_bound_is_perimeter_times_accuracy() -> None:
    shifted = shapely.transform(HOLED, lambda xy: np.column_stack(area.DEFAULT.project(*xy.T)))
    assert area.correlated_bound(HOLED, 2.0) == pytest.approx(2 * shifted.length)
    zero = np.zeros(10)
    zero[0] = zero[4] = 2.0
    assert area.correlated_bound(HOLED, zero) < area.correlated_bound(HOLED, 2.0)


BAD = {
    "lengths": (lambda: area.Polygons([0, 1, 0], [0, 1], [0, 3]), "3 and 2"),
    "shape": (lambda: area.Polygons(np.zeros((2, 2)), [0, 1], [0, 2]), "wrong shape"),
    "text": (lambda: area.Polygons(["a"], [1], [0, 1]), "not numbers"),
    "past the end": (lambda: area.Polygons([0, 1, 0], [0, 1, 0], [0, 4]), "0 to 4"),
    "backwards": (lambda: area.Polygons([0, 1, 0], [0, 1, 0], [0, 2, 1]), r"\[2\] below"),
    "open": (
        lambda: area.geodesic_areas(area.Polygons([0, 1, 1, 2], [0, 1, 0, 0], [0, 4])),
        r"not closed \(row 0, ring 0\)",
    ),
    "open in a plane": (
        lambda: area.planar_areas(area.Polygons([0, 1, 1, 2], [0, 1, 0, 0], [0, 4]), 6933),
        r"not closed \(row 0, ring 0\)",
    ),
    "swapped": (
        lambda: area.geodesic_areas([PARCEL, shapely.transform(PARCEL, lambda xy: xy[:, ::-1])]),
        "row 1.*114",
    ),
    "no geometry": (lambda: area.geodesic_areas(["POLYGON"]), "no geometries"),
    "edges": (lambda: area.geodesic_areas([PARCEL], edges="rhumb"), "'rhumb'"),
    "degrees": (lambda: area.planar_area(PARCEL, "EPSG:4326"), "projected"),
    "metres": (
        lambda: area.geodesic_areas(geopandas.GeoSeries([PARCEL], crs=2326)),
        "not degrees",
    ),
    "accuracy": (lambda: area.standard_error(PARCEL, [1, 2]), "one number or 5"),
    "negative accuracy": (lambda: area.standard_error(PARCEL, -1), "not below zero"),
}


@pytest.mark.parametrize(("call", "says"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_clear_error(call, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((DataError, UsageError), match=says):
        call()
