"""Stated areas as people and programs write them: the number, its unit, and its rounding."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np

from hetao_geo.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint8]

# Square metres in one unit. One mu is 10000/15 square metres: State Council, legal units of
# measurement, 1984; the customary unit of Chinese land records.
UNITS = {"m2": 1.0, "ha": 1e4, "km2": 1e6, "mu": 1e4 / 15}
DEFAULT_UNIT = "km2"

# How a unit may stand behind a figure, after Unicode's compatibility forms are resolved
# (which makes m2 of m²), in lower case: square metres in one.
_SUFFIXES = {
    word: factor
    for factor, words in (
        (1.0, "m2, m^2, sqm, sq m, 平方米, 平米"),
        (1e4, "ha, hm2, hectare, hectares, 公顷, 公頃, 万平方米, 萬平方米"),
        (1e6, "km2, km^2, sqkm, sq km, 平方公里, 平方千米"),
        (1e4 / 15, "mu, 亩, 畝, 市亩, 市畝"),
        (1e8 / 15, "万亩, 萬畝"),
    )
    for word in words.split(", ")
}

# Digits, or groups of three set apart by one and the same mark: comma, space or apostrophe.
_FIGURE = re.compile(
    r"\+?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+|\d*)(?!\d)"
    r"(?:\.\d*)?(?:e[+-]?\d+)?"
)

# Why a figure cannot be used; empty where it can.
FAULTS = (
    "",
    "no stated area",
    "stated area is not a positive number",
    "stated area is not one clear number",
    "stated area has another unit than --unit",
)
# Where a rounding comes from.
ROUNDINGS = ("", "given", "whole number", "as written", "inferred")
GIVEN, WHOLE, WRITTEN, INFERRED = 1, 2, 3, 4
# Trailing zeros get lost in binary floats: 0.100 becomes 0.1. A float is taken to have had at
# least so many significant digits, as surveyed and planned areas do.
SIGNIFICANT = 3
# Square metres of the Earth are 5.1e14; beyond this nothing is an area, in any unit.
_LARGEST = Decimal("1e30")


@dataclass(frozen=True, eq=False)
class Figures:
    """Stated areas, read; arrays of one length.

    Attributes
    ----------
    m2, rounding_m2 : ndarray of float
        Square metres, and half a unit of the last digit; NaN where there is none.
    rounding : ndarray of uint8
        Index into `ROUNDINGS`.
    fault : ndarray of uint8
        Index into `FAULTS`.
    """

    m2: Floats
    rounding_m2: Floats
    rounding: Codes
    fault: Codes


def square_metres(unit: str) -> float:
    """Return the square metres in one unit.

    Raises
    ------
    UsageError
        It is not a unit of area that is known here.
    """
    if unit not in UNITS:
        raise UsageError("unknown unit of area", expected=" or ".join(UNITS), found=repr(unit))
    return UNITS[unit]


def read(stated: ArrayLike, unit: str | None = None, *, typed: bool = False) -> Figures:
    """Read stated areas.

    Parameters
    ----------
    stated : array_like of shape (rows,)
        Numbers, or figures as text, perhaps with marks between thousands, in full-width
        digits, or with a unit behind them.
    unit : {"m2", "ha", "km2", "mu"}, optional
        Their unit; None: the unit behind a figure, else square kilometres.
    typed : bool
        Whether a person wrote the figures for this very purpose: then all digits count as
        written, those of 3.0 too.

    Returns
    -------
    Figures
        A text counts as it is written: ``3.020`` is good to 0.0005. A whole number is whole,
        be it written 500 or, by a program, 500.0. Any other float stands for its shortest
        decimal form, with at least `SIGNIFICANT` digits.

    Examples
    --------
    >>> read([3.02, 0.1, 500.0], "m2").rounding_m2.tolist()
    [0.005, 0.0005, 0.5]
    >>> read(["3.020", "150 亩", "1,234.5", "1,5"], "mu").fault.tolist()
    [0, 0, 0, 3]
    """
    values = np.asarray(stated)
    if typed:
        values = np.array([str(value) for value in values.tolist()], object)
    factor = square_metres(unit or DEFAULT_UNIT)
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        values = values.astype(str).astype(np.float64)  # 0.87, not 0.8700000047683716
    if values.dtype.kind in "iuf":
        return _numbers(values, factor)
    figures = _none(len(values))
    plain = np.array([type(value) is float or type(value) is int for value in values], bool)
    if plain.any():
        _put(figures, plain, _numbers(np.array(values[plain], dtype=np.float64), factor))
    for row in np.flatnonzero(~plain):
        _read_one(figures, int(row), values[row], unit, typed=typed)
    return figures


def _none(rows: int) -> Figures:
    empty = np.full((2, rows), np.nan)
    return Figures(empty[0], empty[1], np.zeros(rows, np.uint8), np.zeros(rows, np.uint8))


def _put(figures: Figures, rows: NDArray[np.bool_], others: Figures) -> None:
    for name in ("m2", "rounding_m2", "rounding", "fault"):
        getattr(figures, name)[rows] = getattr(others, name)


def _numbers(values: NDArray[np.float64], factor: float) -> Figures:
    """Read integers or floats, all at once."""
    figures = values.astype(np.float64)
    usable = np.isfinite(figures) & (figures > 0)
    fault = np.where(usable, 0, np.where(np.isnan(figures), 1, 2)).astype(np.uint8)
    figures[~usable] = np.nan
    whole = figures == np.round(figures)
    half = np.where(whole, 0.5, np.nan)
    rest = np.flatnonzero(usable & ~whole)
    half[rest] = _half_digits(figures[rest])
    rounding = np.where(usable, np.where(whole, WHOLE, INFERRED), 0).astype(np.uint8)
    return Figures(figures * factor, half * factor, rounding, fault)


def _half_digits(figures: Floats) -> Floats:
    """Return half a unit of the last of the shortest digits, but of `SIGNIFICANT` at least."""
    least = np.floor(np.log10(figures)) - (SIGNIFICANT - 1)
    half = np.zeros(len(figures))
    rows = np.arange(len(figures))
    for digits in range(1, 18):
        exact = np.round(figures[rows], digits) == figures[rows]
        half[rows[exact]] = 0.5 * 10.0 ** np.minimum(-digits, least[rows[exact]])
        rows = rows[~exact]
        if not len(rows):
            break
    return half


def _read_one(figures: Figures, row: int, value: object, unit: str | None, *, typed: bool) -> None:
    """Read one value that is neither int nor float."""
    if isinstance(value, np.integer | np.floating):
        _put(figures, np.arange(len(figures.m2)) == row, read(np.array([value]), unit))
        return
    if value is None or (isinstance(value, str) and not value.strip()) or value != value:
        figures.fault[row] = 1
        return
    number, factor, fault = _parse(value, unit)
    if number is None or not 0 < number < _LARGEST:
        figures.fault[row] = fault or 2
        return
    whole = number == number.to_integral_value()
    # How programs write a whole number that they hold as a float.
    as_float = not typed and isinstance(value, str) and re.search(r"\d\.0(?!\d)", value)
    exponent = 0 if whole and as_float else int(number.as_tuple().exponent)
    figures.m2[row] = float(number) * factor
    figures.rounding_m2[row] = float(Decimal(5).scaleb(exponent - 1)) * factor
    figures.rounding[row] = WHOLE if exponent == 0 else WRITTEN


def _parse(value: object, unit: str | None) -> tuple[Decimal | None, float, int]:
    """Return the number, the square metres in its unit, and an index into `FAULTS`."""
    asked = square_metres(unit or DEFAULT_UNIT)
    if isinstance(value, Decimal):
        return value, asked, 0
    if not isinstance(value, str):
        return None, asked, 3
    text = " ".join(unicodedata.normalize("NFKC", value).split()).lower()
    match = _FIGURE.match(text)
    digits = re.sub(r"[, '’]", "", match.group()) if match else ""
    suffix = text[match.end() :].strip() if match else text
    if suffix and suffix not in _SUFFIXES:
        return None, asked, 2 if text.startswith("-") and _FIGURE.fullmatch(text[1:]) else 3
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None, asked, 3
    factor = _SUFFIXES.get(suffix, asked)
    if unit is not None and factor != asked:
        return None, asked, 4
    return number, factor, 0


def rounded(stated: Figures, rounding: ArrayLike, unit: str | None = None) -> Figures:
    """Return the same figures with roundings that are known, in `unit`; NaN keeps that of a row."""
    given = np.broadcast_to(np.asarray(rounding, float), stated.m2.shape)
    known = np.isfinite(given) & (given >= 0) & (stated.fault == 0)
    half = given * square_metres(unit or DEFAULT_UNIT)
    return Figures(
        stated.m2,
        np.where(known, half, stated.rounding_m2),
        np.where(known, GIVEN, stated.rounding).astype(np.uint8),
        stated.fault,
    )
