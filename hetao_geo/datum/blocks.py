"""Whole arrays through the kernels: block by block, so that all work stays in the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetao_geo.datum import bd09, gcj02, reference
from hetao_geo.datum.reference import BD09_SHIFT, EVALUATIONS, ORIGIN, Degrees, Points

Block = NDArray[Any]
# From longitudes and latitudes to longitudes and latitudes, which may be the same arrays.
Step = Callable[[Degrees, Degrees, Degrees, Degrees], None]

# Points in a block: the scratch arrays fill about 1 MB. Of 2,048 to 16,384 points, times are
# flat from 8,192 on and a half longer at 2,048, because of the calls.
SIZE = 8192
# Outside the box of the kernel: evaluations of the inverse, and the residual in degrees at which
# it counts as found.
_EVALUATIONS_ELSEWHERE = 12
_FOUND = 1e-10


def convert(names: Sequence[str], lon: Degrees, lat: Degrees, out: Sequence[Degrees]) -> None:
    """Take flat arrays through the named steps, in that order, and write the result to `out`."""
    size = min(SIZE, lon.size)
    steps = [_STEPS[name](size) for name in names]
    with np.errstate(all="ignore"):
        for start in range(0, lon.size, SIZE):
            part = slice(start, start + SIZE)
            x, y, to_x, to_y = lon[part], lat[part], out[0][part], out[1][part]
            for step in steps:
                step(x, y, to_x, to_y)
                x, y = to_x, to_y


def _wgs84_to_gcj02(size: int) -> Step:
    memory = np.empty((2 + gcj02.SCRATCH, 2, size))

    def step(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> None:
        place, offset, *_ = scratch = memory[..., : lon.size]
        np.subtract(lon, ORIGIN[0], place[0])
        np.subtract(lat, ORIGIN[1], place[1])
        gcj02.offset(place, offset, scratch[2:])
        np.add(lon, offset[0], to_lon)
        np.add(lat, offset[1], to_lat)

    return _anywhere(step, _wgs84_to_gcj02_elsewhere)


def _gcj02_to_wgs84(size: int) -> Step:
    """Four evaluations of the offset; single precision is enough for the first two.

    They leave errors of 6e-5 and 5e-7 degrees, and single precision itself 1.4e-7.
    """
    memory = np.empty((3 + gcj02.SCRATCH, 2, size))
    memory32 = np.empty((2 + gcj02.SCRATCH, 2, size), np.float32)

    def step(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> None:
        given, place, offset, *_ = scratch = memory[..., : lon.size]
        place32, offset32, *_ = scratch32 = memory32[..., : lon.size]
        np.subtract(lon, ORIGIN[0], given[0])
        np.subtract(lat, ORIGIN[1], given[1])
        np.copyto(place32, given, casting="same_kind")
        gcj02.offset(place32, offset32, scratch32[2:])
        np.subtract(given, offset32, place32, casting="same_kind")
        gcj02.offset(place32, offset32, scratch32[2:])
        np.subtract(given, offset32, place)
        gcj02.offset(place, offset, scratch[3:])
        np.subtract(given, offset, place)
        gcj02.offset(place, offset, scratch[3:])
        np.subtract(lon, offset[0], to_lon)
        np.subtract(lat, offset[1], to_lat)

    return _anywhere(step, _gcj02_to_wgs84_elsewhere)


def _gcj02_to_bd09(size: int) -> Step:
    memory = np.empty((2 + bd09.SCRATCH, 2, size))

    def step(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> None:
        place, offset, *_ = scratch = memory[..., : lon.size]
        place[0], place[1] = lon, lat
        bd09.offset(place, offset, scratch[2:])
        np.add(lon, offset[0], to_lon)
        np.add(lat, offset[1], to_lat)

    return step


def _bd09_to_gcj02(size: int) -> Step:
    memory = np.empty((3 + bd09.SCRATCH, 2, size))

    def step(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> None:
        given, place, offset, *_ = scratch = memory[..., : lon.size]
        given[0], given[1] = lon, lat
        np.subtract(lon, BD09_SHIFT[0], place[0])
        np.subtract(lat, BD09_SHIFT[1], place[1])
        for _ in range(EVALUATIONS):
            bd09.offset(place, offset, scratch[3:])
            np.subtract(given, offset, place)
        to_lon[...], to_lat[...] = place

    return step


_STEPS: dict[str, Callable[[int], Step]] = {
    "wgs84_to_gcj02": _wgs84_to_gcj02,
    "gcj02_to_wgs84": _gcj02_to_wgs84,
    "gcj02_to_bd09": _gcj02_to_bd09,
    "bd09_to_gcj02": _bd09_to_gcj02,
}


def _anywhere(step: Step, elsewhere: Callable[[Degrees, Degrees], Points]) -> Step:
    """Return the step for any place: `step` in the box of the kernel, `elsewhere` outside it."""

    def choose(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> None:
        if _all_in_box(lon, lat):
            step(lon, lat, to_lon, to_lat)
            return
        inside = (lon >= gcj02.WEST) & (lon <= gcj02.EAST)
        inside &= (lat >= gcj02.SOUTH) & (lat <= gcj02.NORTH)
        near, far = (lon[inside], lat[inside]), elsewhere(lon[~inside], lat[~inside])
        step(*near, *near)
        for target, ours, theirs in zip((to_lon, to_lat), near, far, strict=True):
            target[inside], target[~inside] = ours, theirs

    return choose


def _all_in_box(lon: Degrees, lat: Degrees) -> bool:
    # A NaN makes the extremes NaN and every comparison false.
    return bool(
        lon.min() >= gcj02.WEST
        and lon.max() <= gcj02.EAST
        and lat.min() >= gcj02.SOUTH
        and lat.max() <= gcj02.NORTH
    )


def _wgs84_to_gcj02_elsewhere(lon: Degrees, lat: Degrees) -> Points:
    x, y = reference.wgs84_to_gcj02(lon, lat)
    return _where((np.abs(lat) < 90.0) & (np.abs(x) <= 360.0) & (np.abs(y) <= 90.0), x, y)


def _gcj02_to_wgs84_elsewhere(lon: Degrees, lat: Degrees) -> Points:
    x, y = reference.gcj02_to_wgs84(lon, lat, evaluations=_EVALUATIONS_ELSEWHERE)
    back = reference.wgs84_to_gcj02(x, y)
    found = (np.abs(back[0] - lon) <= _FOUND) & (np.abs(back[1] - lat) <= _FOUND)
    return _where(found, x, y)


def _where(known: NDArray[np.bool_], lon: Degrees, lat: Degrees) -> Points:
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan)
