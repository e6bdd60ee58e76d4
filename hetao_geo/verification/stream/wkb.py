"""Well-known binary to flat arrays, all rows at once where they are plain polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.area.polygons import from_counts

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Indexes = NDArray[np.int64]

# Type code and length of the head of a polygon of one ring in two dimensions: byte order, type,
# number of rings, number of positions. As the only part of a multipolygon it has one more head.
_POLYGON, _HEAD = 3, 13
_MULTIPOLYGON, _OUTER = 6, 9


def decode(column: pa.Array) -> tuple[Bools, Polygons, NDArray[Any]]:
    """Return plain polygons as flat arrays, and the other rows as shapely geometries.

    Parameters
    ----------
    column : pyarrow.BinaryArray or LargeBinaryArray
        Well-known binary, ISO or extended; null where there is no geometry.

    Returns
    -------
    plain : ndarray of bool of shape (rows,)
        Which rows are polygons of one ring.
    polygons : Polygons
        These, in order; in the axes of the file.
    others : ndarray of object
        The other rows, in order; None for null and for bytes that are no geometry.

    Notes
    -----
    Five times as fast as to make an object of every row.
    """
    offsets, data = _buffers(column)
    starts, lengths = offsets[:-1], np.diff(offsets)
    words = _at_every_byte(data, "<u4")
    # Where the only polygon of the row begins, and how many positions it then must have.
    inner = starts.copy()
    multi = _has(lengths, _OUTER + _HEAD)
    multi[multi] = _is(data, words, starts[multi], _MULTIPOLYGON)
    inner[multi] += _OUTER
    room = lengths - (inner - starts) - _HEAD
    plain = _has(room, 0)
    plain[plain] = _is(data, words, inner[plain], _POLYGON)
    counts = np.zeros(len(column), np.int64)
    counts[plain] = words[inner[plain] + 9]
    plain &= room == 16 * counts
    polygons = _positions(_at_every_byte(data, "<f8"), inner[plain] + _HEAD, counts[plain])
    return plain, polygons, _objects(column, plain)


def _has(lengths: Indexes, least: int) -> Bools:
    result: Bools = lengths >= least
    return result


def _is(data: NDArray[np.uint8], words: NDArray[Any], starts: Indexes, kind: int) -> Bools:
    """Say where a little-endian geometry of this type with one part or ring begins."""
    result: Bools = (data[starts] == 1) & (words[starts + 1] == kind) & (words[starts + 5] == 1)
    return result


def _at_every_byte(data: NDArray[np.uint8], kind: str) -> NDArray[Any]:
    """Return a view that reads a number from any byte on: positions in WKB are not aligned."""
    return np.ndarray((max(len(data) - np.dtype(kind).itemsize + 1, 0),), kind, data, 0, (1,))


def _buffers(column: pa.Array) -> tuple[Indexes, NDArray[np.uint8]]:
    """Return offsets and bytes; a null row has no bytes, whatever lies behind it."""
    import pyarrow as pa

    wide = pa.types.is_large_binary(column.type)
    _, where, what = column.buffers()
    begin = column.offset
    offsets = np.frombuffer(where, np.int64 if wide else np.int32)[begin : begin + len(column) + 1]
    data = np.frombuffer(what if what is not None else b"", np.uint8)
    return offsets.astype(np.int64), data


def _positions(numbers: NDArray[Any], starts: Indexes, counts: Indexes) -> Polygons:
    """Return rings of `counts` positions that begin at the bytes `starts`."""
    before = np.cumsum(counts) - counts
    index = 16 * np.arange(counts.sum()) + np.repeat(starts - 16 * before, counts)
    return Polygons(numbers[index], numbers[index + 8], from_counts(counts))


def _objects(column: pa.Array, plain: Bools) -> NDArray[Any]:
    import pyarrow as pa
    import shapely

    if plain.all():
        return np.empty(0, object)
    rest = column.filter(pa.array(~plain)).to_numpy(zero_copy_only=False)
    rows: NDArray[Any] = shapely.from_wkb(rest, on_invalid="ignore")
    return rows
