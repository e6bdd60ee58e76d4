"""The evaluation of rows: its rule, its reasons, and that rows do not touch each other."""

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from hetao_geo import area, verification
from hetao_geo.catalog import Feature, features
from hetao_geo.errors import UsageError
from hetao_geo.verification import Evaluation, evaluate
from hetao_geo.verification.evaluation import VERDICTS
from hetao_geo.verification.figures import FAULTS, UNITS
from hetao_geo.verification.measurement import REASONS, UNCERTAINTIES
from tests import plain_rule

PARCEL = box(114.05, 22.50, 114.0503, 22.5003)
M2 = area.geodesic_area(PARCEL)


def flat(shapes: list[object]) -> area.Polygons:
    return area.flatten(np.array(shapes, dtype=object))


def words(evaluated: Evaluation) -> list[tuple[str, str]]:
    return [
        (VERDICTS[verdict], REASONS[reason])
        for verdict, reason in zip(evaluated.verdict, evaluated.reason, strict=True)
    ]


def test_the_verdict_is_that_of_the_plain_rule() -> None:
    stated = np.array([round(M2, 1), M2 * 1.004, M2 * 1.006, M2 - 3, round(M2), 900.0])
    shapes = flat([PARCEL] * len(stated))
    by_share = evaluate(shapes, stated, unit="m2", max_difference=0.005)
    assert [v for v, _ in words(by_share)] == [plain_rule.verdict(s, M2, s * 0.005) for s in stated]
    sigma = area.standard_error(PARCEL, 0.05, None)
    by_accuracy = evaluate(shapes, stated, unit="m2", accuracy_m=0.05)
    limits = [plain_rule.rounding(s) + 2 * sigma for s in stated.tolist()]
    np.testing.assert_allclose(by_accuracy.limit_m2, limits, rtol=1e-9)
    assert [v for v, _ in words(by_accuracy)] == [
        plain_rule.verdict(s, M2, limit) for s, limit in zip(stated, limits, strict=True)
    ]
    assert len({v for v, _ in words(by_accuracy)}) == 2


def test_what_cannot_be_evaluated_is_named_and_the_rest_goes_on() -> None:
    rows = {
        "no geometry": None,
        "not a polygon": Point(114, 22),
        "invalid geometry": Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        "position out of range": Polygon([(22.5, 114), (22.6, 114), (22.6, 114.1)]),
        "crosses the antimeridian in one piece": Polygon([(179, -17), (-179, -17), (-179, -16)]),
        "": MultiPolygon([PARCEL]),
    }
    declared = [Feature(name, shape, {"m2": M2}) for name, shape in rows.items()]
    declared += [Feature("empty", Polygon(), {"m2": M2}), Feature("zero", PARCEL, {"m2": 0})]
    report = verification.verify(declared, stated="m2", unit="m2", max_difference=0.01)
    assert [check.reason for check in report.checks] == [*rows, "no geometry", FAULTS[2]]
    assert [check.verdict for check in report.checks] == ["not-judged"] * 5 + ["consistent"] + [
        "not-judged"
    ] * 2
    assert [check.row for check in report.summary.not_judged] == [0, 1, 2, 3, 4, 6, 7]
    assert report.summary.reasons["no geometry"] == 2
    assert not report.passed
    assert np.isnan(report.checks[0].measured_km2)
    assert report.checks[7].measured_km2 == pytest.approx(M2 / 1e6)


def test_a_position_that_a_crs_cannot_hold_is_named() -> None:
    far = box(-66, 22.5, -65.9, 22.6)
    evaluated = evaluate(flat([PARCEL, far, PARCEL]), [M2] * 3, unit="m2", crs="EPSG:2326",
                         max_difference=0.01)  # fmt: skip
    assert words(evaluated)[0] == words(evaluated)[2] == ("consistent", "")
    other = words(evaluated)[1]
    assert other in [("not-judged", "no position in the CRS of the report"), ("not-consistent", "")]


def test_a_cut_polygon_at_the_antimeridian_is_measured() -> None:
    halves = MultiPolygon([box(179.99, -17, 180, -16.98), box(-180, -17, -179.99, -16.98)])
    expected = 2 * area.geodesic_area(box(179.99, -17, 180, -16.98))
    assert evaluate(flat([halves]), [expected], unit="m2").verdict.tolist() == [0]


def test_units_agree() -> None:
    for unit, factor in UNITS.items():
        evaluated = evaluate(flat([PARCEL]), [M2 / factor], unit=unit, max_difference=1e-9)
        assert evaluated.stated.m2[0] == pytest.approx(M2)
        assert evaluated.verdict[0] == 0


def test_a_plane_that_was_chosen_decides_and_the_ellipsoid_stands_beside() -> None:
    mercator = evaluate(flat([PARCEL]), [M2], unit="m2", crs="EPSG:3857", max_difference=0.1)
    assert mercator.verdict[0] == 1
    assert mercator.difference_percent[0] == pytest.approx(17.7, abs=0.1)
    assert mercator.measured.geodesic_m2[0] == pytest.approx(M2)
    ellipsoid = evaluate(flat([PARCEL]), [M2], unit="m2", max_difference=0.1)
    assert ellipsoid.verdict[0] == 0
    assert ellipsoid.measured.planar_m2[0] == pytest.approx(M2, rel=1e-6)


def test_rows_do_not_touch_each_other() -> None:
    chance = np.random.default_rng(4)
    corners = np.column_stack([chance.uniform(80, 130, 500), chance.uniform(-80, 80, 500)])
    size = 10 ** chance.uniform(-4, -1, 500)
    shapes = shapely.box(*corners.T, *(corners.T + size))
    shapes[::50] = None
    shapes[1::50] = Polygon()
    for row in range(2, 500, 50):
        shapes[row] = shapes[row].difference(shapes[row].centroid.buffer(size[row] / 4))
    stated = chance.uniform(1, 1e6, 500)
    accuracy = np.where(chance.random(500) < 0.3, np.nan, chance.uniform(0.01, 5, 500))
    whole = evaluate(flat(list(shapes)), stated, unit="m2", accuracy_m=accuracy)
    for part in (slice(0, 1), slice(1, 3), slice(100, 200), slice(499, 500)):
        alone = evaluate(flat(list(shapes[part])), stated[part], unit="m2",
                         accuracy_m=accuracy[part])  # fmt: skip
        for name in ("limit_m2", "verdict", "reason"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(whole, name)[part])
        for name in ("measured_m2", "planar_m2", "uncertainty_m2", "correlated_m2"):
            np.testing.assert_array_equal(
                getattr(alone.measured, name), getattr(whole.measured, name)[part]
            )


def test_a_hole_is_subtracted_whatever_stands_beside_it() -> None:
    holed = box(114.06, 22.51, 114.065, 22.515).difference(box(114.061, 22.511, 114.064, 22.514))
    alone = evaluate(flat([holed]), [1.0], unit="m2").measured.measured_m2[0]
    assert alone == pytest.approx(182_295, abs=0.5)
    for beside in (Polygon(), None, MultiPolygon(), PARCEL, MultiPolygon([PARCEL, holed])):
        for rows in ([holed, beside], [beside, holed]):
            both = evaluate(flat(rows), [1.0, 1.0], unit="m2")
            assert both.measured.measured_m2[rows.index(holed)] == alone


def test_an_unknown_accuracy_is_no_number_and_allows_for_nothing() -> None:
    evaluated = evaluate(flat([PARCEL] * 3), [M2] * 3, unit="m2", accuracy_m=[np.nan, 0.0, 5.0])
    assert np.isnan(evaluated.measured.uncertainty_m2).tolist() == [True, False, False]
    assert evaluated.measured.uncertainty_m2[1] == 0
    assert evaluated.limit_m2[0] == evaluated.limit_m2[1] < evaluated.limit_m2[2]


def test_sides_carry_the_error_of_their_evidence_however_the_ring_runs() -> None:
    ring = np.array(PARCEL.exterior.coords)
    ccw = ring if PARCEL.exterior.is_ccw else ring[::-1]
    sides = [(0, 1, 2.0), (1, 4, 0.5)]
    x, y = area.DEFAULT.project(*ccw.T)
    lengths = np.hypot(np.diff(x), np.diff(y))
    expected = np.hypot(2.0 * lengths[0], 0.5 * lengths[1:].sum())
    dense = shapely.segmentize(Polygon(ccw), 1e-5)
    for shape in (Polygon(ccw), Polygon(ccw[::-1])):
        row = evaluate(flat([shape]), [M2], unit="m2", crs="EPSG:2326", sides=[sides])
        assert row.measured.uncertainty_m2[0] == pytest.approx(expected)
        assert UNCERTAINTIES[row.measured.uncertainty[0]] == "sides"
    # Sides that are not the whole outline, as after an edit, are not used.
    for wrong in (dense, MultiPolygon([PARCEL, box(0, 0, 1, 1)])):
        row = evaluate(flat([wrong]), [M2], unit="m2", accuracy_m=1.0, sides=[sides])
        assert UNCERTAINTIES[row.measured.uncertainty[0]] == "vertices"


def test_our_parks_get_the_error_of_their_sides() -> None:
    report = verification.verify(features("parks"), stated="stated_area_km2", crs="EPSG:2326")
    assert [check.uncertainty_from for check in report.checks] == ["sides", "sides"]
    built_in = {check.id: check for check in verification.verify().checks}
    for check in report.checks:
        ours = built_in[check.id]
        for name in ("measured_km2", "limit_km2", "verdict", "uncertainty_km2", "rounding"):
            assert getattr(check, name) == getattr(ours, name), name


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"unit": "yd2"}, "unknown unit of area.*'yd2'"),
        ({"crs": "EPSG:4326"}, "projected"),
        ({"stated": [1.0, 2.0]}, "1 polygons and 2 figures"),
        ({"max_difference": 1.5}, "not a share"),
    ],
)
def test_wrong_use_is_one_clear_error(options: dict[str, object], says: str) -> None:
    stated = options.pop("stated", [1.0])
    with pytest.raises(UsageError, match=says):
        evaluate(flat([PARCEL]), stated, **options)  # type: ignore[arg-type]
