"""Two sets of polygons side by side: what is told of copies, moves, edits and datums."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from hetao_geo import catalog, datum
from hetao_geo.catalog import Feature
from hetao_geo.comparison import Comparison, compare_features
from hetao_geo.errors import DataError

PARKS = catalog.features("parks")
GRID = Transformer.from_crs("OGC:CRS84", "EPSG:2326", always_xy=True)
Change = Callable[[shapely.Geometry], shapely.Geometry]


def in_metres(change: Change) -> Change:
    def apply(shape: shapely.Geometry) -> shapely.Geometry:
        flat = shapely.transform(shape, lambda p: np.column_stack(GRID.transform(*p.T)))
        return shapely.transform(
            change(flat), lambda p: np.column_stack(GRID.transform(*p.T, direction="INVERSE"))
        )

    return apply


def against(change: Change, **more: object) -> Comparison:
    changed = [Feature(p.id, change(p.geometry), {"accuracy_m": 40, **more}) for p in PARKS]
    return compare_features(PARKS, changed)


def verdicts(found: Comparison) -> set[str]:
    return {pair.verdict for pair in found.pairs}


@pytest.mark.parametrize(
    "change",
    [
        lambda shape: shape,
        lambda shape: shapely.segmentize(shape, 0.0005),
        lambda shape: shapely.reverse(shape),
        lambda shape: shapely.set_precision(shape, 1e-7),
    ],
    ids=["copy", "densified", "reversed", "rounded to a centimetre"],
)
def test_the_same_outline_is_the_same_however_it_is_written(change: Change) -> None:
    found = against(change)
    assert verdicts(found) == {"same"}
    assert found.agrees
    assert found.shift is None


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_a_datum_is_recognised_and_its_shift_given(name: str) -> None:
    found = against(lambda shape: datum.transform(shape, "wgs84", name))
    assert verdicts(found) == {"differs"}
    assert found.shift is not None
    assert found.shift.datum == name
    place = shapely.centroid(shapely.union_all([park.geometry for park in PARKS]))
    away = datum.transform(place, "wgs84", name)
    x, y = (GRID.transform(p.x, p.y) for p in (place, away))
    assert found.shift.east_m == pytest.approx(x[0] - y[0], abs=20)
    assert found.shift.north_m == pytest.approx(x[1] - y[1], abs=20)


def test_a_small_shift_agrees_and_is_told() -> None:
    found = against(
        in_metres(lambda shape: shapely.transform(shape, lambda p: p + np.array([10, 0])))
    )
    assert verdicts(found) == {"agrees within accuracy"}
    assert found.shift is not None
    assert (found.shift.east_m, found.shift.north_m) == pytest.approx((-10, 0), abs=0.5)
    assert found.shift.datum == ""


def test_a_simplified_outline_agrees() -> None:
    assert verdicts(against(in_metres(lambda shape: shape.simplify(20)))) == {
        "agrees within accuracy"
    }


def test_one_side_that_moved_is_named() -> None:
    park = PARKS[0]
    number, side = next(
        (n, s) for n, s in enumerate(park.properties["sides"]) if s["limit"] == "Huanggang Road"
    )
    assert number >= 0
    xy = np.array(GRID.transform(*shapely.get_coordinates(park.geometry).T)).T
    first, last = side["line"]
    xy[first + 1 : last] -= (130, -75)
    moved = shapely.transform(
        shapely.Polygon(xy), lambda p: np.column_stack(GRID.transform(*p.T, direction="INVERSE"))
    )
    found = compare_features([park], [Feature(park.id, moved, {"accuracy_m": 10})])
    (pair,) = found.pairs
    assert pair.verdict == "differs"
    assert "Huanggang Road" in [s.limit for s in pair.sides if s.differs]
    assert "Xinzhou River" not in [s.limit for s in pair.sides if s.differs]
    assert found.shift is None


def test_areas_overlap_and_distances_against_shapely() -> None:
    a, b = shapely.box(0, 0, 1000, 1000), shapely.box(0, 0, 1000, 1100)
    west, south = GRID.transform(114.05, 22.5)

    def place(shape: shapely.Geometry) -> shapely.Geometry:
        moved = shapely.transform(shape, lambda p: p + np.array([west, south]))
        return in_metres(lambda _: moved)(shapely.Point(114, 22))

    (pair,) = compare_features(
        [Feature("a", place(a), {})], [Feature("a", place(b), {})], crs="EPSG:2326"
    ).pairs
    assert pair.area_km2 == pytest.approx(1.0, abs=1e-6)
    assert pair.difference_km2 == pytest.approx(0.1, abs=1e-6)
    assert pair.overlap == pytest.approx(a.intersection(b).area / a.union(b).area, abs=1e-6)
    assert (pair.share, pair.other_share) == pytest.approx((1, 10 / 11), abs=1e-6)
    assert pair.max_m == pytest.approx(a.exterior.hausdorff_distance(b.exterior), abs=0.01)
    assert pair.verdict == "differs"


def row(key: str, west: float, **properties: object) -> Feature:
    return Feature(key, shapely.box(west, 22.5, west + 0.01, 22.51), properties)


def test_pairs_by_id_then_name_then_overlap_and_the_rest_is_listed() -> None:
    first = [row("a", 114.0), row("b", 114.1, name="乙"), row("c", 114.2), row("d", 114.3)]
    second = [
        row("z", 114.2),
        row("x", 114.101, name="乙"),
        row("a", 114.0005),
        row("new", 114.5),
    ]
    found = compare_features(first, second)
    matched = [(pair.id, pair.other_id, pair.matched_by) for pair in found.pairs]
    assert matched == [("a", "a", "id"), ("b", "x", "name"), ("c", "z", "overlap")]
    assert (found.only_first, found.only_second) == (("d",), ("new",))
    assert not found.agrees


def test_an_id_that_stands_twice_does_not_pair() -> None:
    found = compare_features([row("a", 114.0)], [row("a", 114.5), row("a", 114.0)])
    assert [(pair.matched_by, pair.verdict) for pair in found.pairs] == [("overlap", "same")]


def test_thousands_of_parcels_of_two_dates() -> None:
    first = [row(str(i), 114 + 0.01 * (i % 200)) for i in range(2000)]
    first = [
        Feature(
            f.id,
            shapely.transform(f.geometry, lambda p, i=i: p + np.array([0, 0.01 * (i // 200)])),
            {},
        )
        for i, f in enumerate(first)
    ]
    second = [Feature(f"n{i}", f.geometry, {}) for i, f in enumerate(first)]
    second[7] = Feature("n7", second[7].geometry.buffer(-0.0005), {})
    found = compare_features(first, second)
    assert [p.id for p in found.pairs if p.verdict == "differs"] == ["7"]
    assert len(found.pairs) == 2000


def test_no_polygons_is_an_error() -> None:
    with pytest.raises(DataError, match="no polygons"):
        compare_features([], PARKS)
