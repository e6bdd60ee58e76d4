"""Columns of values with their types kept."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]

_WORDS = {"i": "int", "u": "int", "f": "float", "b": "bool"}
_INT64 = (-(1 << 63), (1 << 63) - 1)


def typed(values: Sequence[object]) -> Column:
    """Return int64, float64 or bool where all values are that, else Python objects.

    Examples
    --------
    >>> typed([1, 2]).dtype, typed([1, None]).tolist(), typed([1, 0.5]).tolist()
    (dtype('int64'), [1, None], [1, 0.5])
    """
    kinds = set(map(type, values))
    if kinds == {int} and _INT64[0] <= min(values) and max(values) <= _INT64[1]:  # type: ignore[type-var, operator]
        return np.array(values, np.int64)
    if kinds == {float}:
        return np.array(values, np.float64)
    if kinds == {bool}:
        return np.array(values, bool)
    return objects(values)


def objects(values: Sequence[object]) -> Column:
    """Return an array of objects, whatever they are."""
    column = np.empty(len(values), object)
    column[:] = list(values)
    return column


def texts(values: Iterable[object]) -> Column:
    """Return ids as text digit for digit; None stays.

    Examples
    --------
    >>> texts([440304001001000123, None, "A-1", 7.0]).tolist()
    ['440304001001000123', None, 'A-1', '7.0']
    """
    return objects([None if value is None else str(value) for value in values])


def id_field(fields: Iterable[str]) -> str | None:
    """Return the field that holds the id: ``id``, in small letters before others."""
    named = [name for name in fields if name.lower() == "id"]
    return "id" if "id" in named else next(iter(named), None)


def word(value: object) -> str:
    """Return the word for the type of a value."""
    if isinstance(value, bool):
        return "bool"
    for kind, name in (
        (int, "int"),
        (float, "float"),
        (str, "str"),
        (decimal.Decimal, "decimal"),
        (datetime.date, "date"),
    ):
        if isinstance(value, kind):
            return name
    return "other"


def words(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the fields of rows in their order, and the word for the type of each."""
    fields: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            known = fields.get(name, "")
            if value is None or known == "other":
                fields.setdefault(name, "")
                continue
            kind = word(value)
            both = {known, kind}
            fields[name] = (
                kind if known in ("", kind) else "float" if both == {"int", "float"} else "other"
            )
    return {name: kind or "other" for name, kind in fields.items()}


def of_rows(rows: Sequence[dict[str, Any]], names: Iterable[str]) -> dict[str, Column]:
    """Return the columns of these names; None where a row has no such value."""
    return {name: typed([row.get(name) for row in rows]) for name in names}
