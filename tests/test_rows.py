"""The evaluation of rows: its rule, its reasons, and that rows do not touch each other."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from hetao_geo import area
from hetao_geo.errors import UsageError
from hetao_geo.verification import model
from hetao_geo.verification.rows import REASONS, UNITS, VERDICTS, Evaluation, evaluate, read_stated

PARCEL = box(114.05, 22.50, 114.0503, 22.5003)
M2 = area.geodesic_area(PARCEL)


def words(evaluated: Evaluation) -> list[tuple[str, str]]:
    columns = evaluated.columns()
    return list(zip(columns["verdict"].tolist(), columns["reason"].tolist(), strict=True))


def test_the_rule_is_that_of_the_built_in_check() -> None:
    stated = np.array([round(M2, 1), M2 * 1.004, M2 * 1.006, M2 - 3])
    rows = [PARCEL] * 4
    by_share = evaluate(rows, stated, unit="m2", max_difference=0.005)
    assert [v for v, _ in words(by_share)] == [
        model.verdict(M2 - s, model.limit(s, 0, 0, 0.005)) for s in stated
    ]
    sigma = area.standard_error(PARCEL, 0.05)
    limits = evaluate(rows, stated, unit="m2", accuracy_m=0.05).limit_m2
    expected = [model.limit(s, model.rounding(float(s)), sigma) for s in stated]
    np.testing.assert_allclose(limits, expected, rtol=1e-3)
    assert evaluate([PARCEL], [round(M2, 1)], unit="m2").verdict[0] == 0


@given(st.lists(st.decimals("0.01", "99999", places=3), min_size=1, max_size=20))
def test_rounding_is_read_as_one_by_one(figures: list[object]) -> None:
    numbers = np.array([float(figure) for figure in figures])  # type: ignore[arg-type]
    assert read_stated(numbers)[1].tolist() == pytest.approx(
        [model.rounding(number) for number in numbers.tolist()], rel=1e-12
    )
    texts = np.array([str(figure) for figure in figures], dtype=object)
    assert read_stated(texts)[1].tolist() == [0.0005] * len(figures)


def test_what_cannot_be_judged_is_named_and_the_rest_goes_on() -> None:
    rows = {
        "no geometry": None,
        "not a polygon": Point(114, 22),
        "invalid geometry": Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        "position out of range": Polygon([(22.5, 114), (22.6, 114), (22.6, 114.1)]),
        "": MultiPolygon([PARCEL]),
    }
    shapes = [*rows.values(), Polygon(), PARCEL]
    stated = [M2] * 6 + [0.0]
    found = words(evaluate(shapes, stated, unit="m2", max_difference=0.01))
    assert [reason for _, reason in found] == [*rows, "no geometry", REASONS[5]]
    assert [verdict for verdict, _ in found] == [VERDICTS[2]] * 4 + [VERDICTS[0]] + [
        VERDICTS[2]
    ] * 2
    assert {reason for _, reason in found} == set(REASONS)


@pytest.mark.parametrize("bad", ["about 3", None, True, float("nan"), -1.0, "inf", [3]])
def test_a_stated_area_that_is_none(bad: object) -> None:
    stated = np.empty(2, object)
    stated[:] = [bad, str(round(M2))]
    assert evaluate([PARCEL] * 2, stated, unit="m2").verdict.tolist() == [2, 0]


def test_units_agree() -> None:
    for unit, factor in UNITS.items():
        evaluated = evaluate([PARCEL], [M2 / factor], unit=unit, max_difference=1e-9)
        assert evaluated.stated_m2[0] == pytest.approx(M2)
        assert evaluated.verdict[0] == 0
    assert UNITS["mu"] * 15 == pytest.approx(UNITS["ha"])


def test_a_plane_can_be_chosen() -> None:
    mercator = evaluate([PARCEL], [M2], unit="m2", crs="EPSG:3857", max_difference=0.1)
    assert mercator.verdict[0] == 1
    assert mercator.difference_percent[0] == pytest.approx(17.7, abs=0.1)


def test_rows_do_not_touch_each_other() -> None:
    chance = np.random.default_rng(4)
    corners = np.column_stack([chance.uniform(80, 130, 500), chance.uniform(-80, 80, 500)])
    size = 10 ** chance.uniform(-4, -1, 500)
    shapes = shapely.box(*corners.T, *(corners.T + size))
    shapes[::50] = None
    stated = chance.uniform(1, 1e6, 500)
    whole = evaluate(shapes, stated, unit="m2", accuracy_m=0.1)
    for part in (slice(0, 1), slice(100, 200), slice(499, 500)):
        alone = evaluate(shapes[part], stated[part], unit="m2", accuracy_m=0.1)
        for name in ("measured_m2", "limit_m2", "verdict", "reason"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(whole, name)[part])
    flat = evaluate(area.flatten(shapes), stated, unit="m2", accuracy_m=0.1)
    np.testing.assert_array_equal(flat.verdict, whole.verdict)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"unit": "yd2"}, "unknown unit of area.*'yd2'"),
        ({"crs": "EPSG:4326"}, "projected"),
        ({"stated": [1.0, 2.0]}, "1 geometries and 2 figures"),
    ],
)
def test_wrong_use_is_one_clear_error(words: dict[str, object], says: str) -> None:
    stated = words.pop("stated", [1.0])
    with pytest.raises(UsageError, match=says):
        evaluate([PARCEL], stated, **words)  # type: ignore[arg-type]
