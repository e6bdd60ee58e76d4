"""Coordinates as arrays of degrees: every fault of the arguments, named before any work."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hetao_geo.errors import UsageError

Degrees = NDArray[np.float64]
# The greatest value of each argument. Longitudes may pass 180, because a shifted one does.
LIMITS = {"lon": 360.0, "lat": 90.0}


def read(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Return both arguments as arrays of the same shape.

    Raises
    ------
    UsageError
        An argument holds something else than numbers, the shapes differ, or a value lies
        beyond its limit; the error names the argument and the place in it.
    """
    x, y = _numbers("lon", lon), _numbers("lat", lat)
    if x.shape != y.shape:
        raise UsageError(
            "lon and lat differ in shape",
            where="arguments lon and lat",
            expected="one latitude for each longitude",
            found=f"lon {x.shape}, lat {y.shape}",
        )
    for name, values in (("lat", y), ("lon", x)):
        check_range(name, values)
    return x, y


def check_out(out: Any, shape: tuple[int, ...]) -> None:
    """Raise `UsageError` unless `out` is a pair of arrays that can take the result."""
    pair = out if isinstance(out, tuple) else ()
    if len(pair) == 2 and all(_can_take(array, shape) for array in pair):
        return
    raise UsageError(
        "cannot write into out",
        where="argument out",
        expected=f"a tuple of two writeable float64 arrays of shape {shape}",
        found=_describe(out),
    )


def is_safe(out: tuple[Degrees, Degrees], given: tuple[Degrees, Degrees]) -> bool:
    """Return whether `out` may be written while `given` is being read, block by block."""
    flat = all(np.may_share_memory(array, array.reshape(-1)) for array in out)
    crossed = ((out[0], out[1]), (out[0], given[1]), (out[1], given[0]))
    apart = not any(np.shares_memory(a, b) for a, b in crossed)
    return flat and apart and all(map(_same_or_apart, out, given))


def _can_take(array: Any, shape: tuple[int, ...]) -> bool:
    good = isinstance(array, np.ndarray) and array.dtype == np.float64
    return good and array.shape == shape and bool(array.flags.writeable)


def _same_or_apart(a: Degrees, b: Degrees) -> bool:
    same = a.__array_interface__["data"] == b.__array_interface__["data"]
    return (same and a.strides == b.strides) or not np.shares_memory(a, b)


def check_range(name: str, values: Degrees) -> None:
    """Raise `UsageError` if a value of the argument `name` lies beyond its limit; NaN passes."""
    limit = LIMITS[name]
    with np.errstate(invalid="ignore"):
        if values.size == 0 or (values.min() >= -limit and values.max() <= limit):
            return
    places = np.argwhere(np.abs(values) > limit)
    if len(places):
        raise out_of_range(name, values[tuple(places[0])], _place(name, places))


def out_of_range(name: str, value: float, where: str) -> UsageError:
    """Return the error for a coordinate that is no longitude or latitude."""
    word = {"lon": "longitude", "lat": "latitude"}[name]
    swapped = name == "lat" and abs(value) <= 180
    return UsageError(
        f"a {word} lies beyond {LIMITS[name]:g} degrees",
        where=where,
        expected=f"{-LIMITS[name]:g} to {LIMITS[name]:g}",
        found=f"{value:.10g}",
        hint="longitude comes first: the axes look swapped"
        if swapped
        else "give degrees, longitude first; transform projected coordinates to EPSG:4326",
    )


def _numbers(name: str, value: ArrayLike) -> Degrees:
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "fiuO":
            raise TypeError
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        raise UsageError(
            f"{name} is not an array of numbers",
            where=f"argument {name}",
            expected="degrees, as a number or a regular array of numbers",
            found=_describe(value),
        ) from None


def _place(name: str, places: NDArray[np.intp]) -> str:
    index = ", ".join(str(i) for i in places[0])
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{name}[{index}]{more}" if index else name


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
