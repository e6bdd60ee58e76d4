"""Columns of Arrow as arrays of NumPy, with their types kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.reading.columns import objects, typed
from hetao_geo.reading.columns import texts as any_texts

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def column(values: pa.Array) -> NDArray[Any]:
    """Return int64, float64 or bool without nulls, else Python objects and None.

    A float of 32 bits stands for its shortest decimal form, so 3.02 stays 3.02.
    """
    import pyarrow as pa

    kind = values.type
    if pa.types.is_dictionary(kind):
        return column(values.dictionary_decode())
    if isinstance(values, pa.ExtensionArray):
        return column(values.storage)
    small = pa.types.is_float32(kind) or pa.types.is_float16(kind)
    if small:
        plain = values.to_numpy(zero_copy_only=False).astype(kind.to_pandas_dtype())
        return _nulled(plain.astype(str).astype(np.float64), values)
    if values.null_count == 0:
        if pa.types.is_signed_integer(kind) or kind in (pa.uint8(), pa.uint16(), pa.uint32()):
            return np.asarray(values.to_numpy(zero_copy_only=False), np.int64)
        if pa.types.is_float64(kind) or pa.types.is_boolean(kind):
            return np.asarray(values.to_numpy(zero_copy_only=False))
    return typed(_values(values))


def texts(values: pa.Array) -> NDArray[Any]:
    """Return ids as text digit for digit; None for null."""
    import pyarrow as pa

    try:
        plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        return np.asarray(plain.cast(pa.large_string()).to_numpy(zero_copy_only=False), object)
    except (pa.ArrowException, UnicodeDecodeError):
        return any_texts(_values(values))


def _nulled(numbers: NDArray[Any], values: pa.Array) -> NDArray[Any]:
    if values.null_count == 0:
        return numbers
    held = objects(numbers.tolist())
    held[values.is_null().to_numpy(zero_copy_only=False)] = None
    return held


def _values(values: pa.Array) -> list[Any]:
    import pyarrow as pa

    try:
        return list(values.to_pylist())
    except (ValueError, OverflowError, UnicodeDecodeError, pa.ArrowException):
        # Nanoseconds, dates beyond the year 9999, text that is not UTF-8: as text.
        return [_text(value) for value in values]


def _text(value: Any) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return str(value)


def word(kind: pa.DataType) -> str:
    """Return the word for the type of a column."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return word(kind.value_type)
    for test, name in (
        (pa.types.is_boolean, "bool"),
        (pa.types.is_integer, "int"),
        (pa.types.is_floating, "float"),
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_string, "str"),
        (pa.types.is_large_string, "str"),
        (pa.types.is_string_view, "str"),
        (pa.types.is_temporal, "date"),
    ):
        if test(kind):
            return name
    return "other"
