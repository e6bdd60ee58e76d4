"""Stated areas as people and programs write them."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetao_geo.errors import UsageError
from hetao_geo.verification import figures
from tests import plain_rule

MU = 1e4 / 15


def read_one(value: object, unit: str | None = "m2") -> tuple[float, float, str, str]:
    column = np.empty(1, object)
    column[0] = value
    got = figures.read(column, unit)
    return (
        got.m2[0],
        got.rounding_m2[0],
        figures.ROUNDINGS[got.rounding[0]],
        figures.FAULTS[got.fault[0]],
    )


@given(st.lists(st.decimals("0.001", "99999", places=3), min_size=1, max_size=20))
def test_rounding_is_that_of_the_plain_rule(decimals: list[Decimal]) -> None:
    floats = np.array([float(d) for d in decimals])
    expected = [plain_rule.rounding(number) for number in floats.tolist()]
    assert figures.read(floats, "m2").rounding_m2.tolist() == pytest.approx(expected)
    mixed = np.array([*floats.tolist(), None], object)
    assert figures.read(mixed, "m2").rounding_m2[:-1].tolist() == pytest.approx(expected)
    texts = [str(d) for d in decimals]
    expected = [plain_rule.rounding(text) for text in texts]
    assert figures.read(np.array(texts, object), "m2").rounding_m2.tolist() == expected


@pytest.mark.parametrize("value", [500, 500.0, "500", "500.0", Decimal(500), np.float32(500)])
def test_a_whole_number_is_whole_in_every_container(value: object) -> None:
    assert read_one(value) == (500, 0.5, "whole number", "")


@pytest.mark.parametrize(
    ("value", "half", "source"),
    [
        ("3.02", 0.005, "as written"),
        ("0.870", 0.0005, "as written"),
        ("500.00", 0.005, "as written"),
        (Decimal("100.40"), 0.005, "as written"),
        (0.1, 0.0005, "inferred"),
        (0.87, 0.0005, "inferred"),
        (np.float32(0.87), 0.0005, "inferred"),
        (37.5, 0.05, "inferred"),
    ],
)
def test_where_a_rounding_comes_from(value: object, half: float, source: str) -> None:
    _, rounding, found, _ = read_one(value)
    assert rounding == pytest.approx(half)
    assert found == source


@pytest.mark.parametrize(
    ("text", "unit", "m2", "half"),
    [
        ("100,000", "m2", 100_000, 0.5),
        ("1 234.5", "m2", 1234.5, 0.05),
        ("1\u00a0234\u00a0567", "m2", 1_234_567, 0.5),
        ("1'234", "m2", 1234, 0.5),
        ("１２３．４", "m2", 123.4, 0.05),
        ("１００，０００", "m2", 100_000, 0.5),
        ("150亩", "mu", 150 * MU, 0.5 * MU),
        ("150 亩", None, 150 * MU, 0.5 * MU),
        ("3.02 km²", None, 3.02e6, 5000),
        ("0.87平方公里", "km2", 0.87e6, 5000),
        ("87.7 公顷", "ha", 877_000, 500),
        ("500㎡", "m2", 500, 0.5),
        ("3.02", None, 3.02e6, 5000),
        (" +5 ", "ha", 50_000, 5000),
    ],
)
def test_figures_of_one_meaning_are_read(
    text: str, unit: str | None, m2: float, half: float
) -> None:
    found = read_one(text, unit)
    assert found[:2] == (pytest.approx(m2), pytest.approx(half))
    assert found[3] == ""


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, "no stated area"),
        ("", "no stated area"),
        ("  ", "no stated area"),
        (float("nan"), "no stated area"),
        (-1.0, "stated area is not a positive number"),
        (0, "stated area is not a positive number"),
        ("-3", "stated area is not a positive number"),
        (float("inf"), "stated area is not a positive number"),
        ("9" * 400, "stated area is not a positive number"),
        ("1e999999999", "stated area is not a positive number"),
        ("about 3", "stated area is not one clear number"),
        ("约150", "stated area is not one clear number"),
        ("150 acres", "stated area is not one clear number"),
        ("1,5", "stated area is not one clear number"),
        ("1.234,5", "stated area is not one clear number"),
        ("12,34,567", "stated area is not one clear number"),
        ("1 234,567", "stated area is not one clear number"),
        ("1_000", "stated area is not one clear number"),
        ("nan", "stated area is not one clear number"),
        (True, "stated area is not one clear number"),
        ([3], "stated area is not one clear number"),
        ("150亩", "stated area has another unit than --unit"),
    ],
)
def test_others_are_named(value: object, fault: str) -> None:
    m2, rounding, _, found = read_one(value)
    assert found == fault
    assert np.isnan(m2) and np.isnan(rounding)


def test_numbers_in_an_array_and_one_by_one_are_read_alike() -> None:
    values = np.array([500.0, 0.1, -3.0, np.nan, 12345.678])
    whole = figures.read(values, "ha")
    for row, value in enumerate(values.tolist()):
        alone = read_one(value, "ha")
        assert alone[:2] == pytest.approx((whole.m2[row], whole.rounding_m2[row]), nan_ok=True)


def test_units_agree() -> None:
    in_m2 = {unit: figures.read([1], unit).m2[0] for unit in figures.UNITS}
    assert in_m2 == {"m2": 1, "ha": 1e4, "km2": 1e6, "mu": pytest.approx(1e4 / 15)}
    with pytest.raises(UsageError, match=r"unknown unit of area.*'acre'"):
        figures.read([1], "acre")


def test_a_figure_that_a_person_typed_counts_as_typed() -> None:
    typed = figures.read(["3.0", "0.87"], "m2", typed=True)
    assert typed.rounding_m2.tolist() == pytest.approx([0.05, 0.005])
    assert figures.read([0.87], "m2", typed=True).rounding_m2.tolist() == pytest.approx([0.005])
