"""Well-known binary to flat arrays, all rows at once where they are plain polygons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.area.polygons import from_counts
from hetao_geo.reading import wkb_rows
from hetao_geo.reading.geometry import Geometries, RowFault

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Indexes = NDArray[np.int64]

# Type code and length of the head of a polygon of one ring in two dimensions: byte order, type,
# number of rings, number of positions. As the only part of a multipolygon it has one more head.
_POLYGON, _HEAD = 3, 13
_MULTIPOLYGON, _OUTER = 6, 9
# Sizes of the optional envelope in the header of a geometry, by its code.
_ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
# Points, lines and polygons of two and three dimensions, ISO and extended.
_CODES = np.array([1, 2, 3, 1001, 1002, 1003, 0x80000001, 0x80000002, 0x80000003], np.uint32)


def decode(offsets: Indexes, data: NDArray[np.uint8], missing: Bools) -> Geometries:
    """Return the geometries of rows of bytes.

    Parameters
    ----------
    offsets : ndarray of int of shape (rows + 1,)
    data : ndarray of uint8
        Well-known binary, ISO or extended: row ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    missing : ndarray of bool of shape (rows,)
        Rows without geometry.

    Notes
    -----
    Five times as fast as to make an object of every row. Rows that are not closed polygons of
    one ring go through `hetao_geo.reading.wkb_rows`.
    """
    starts, lengths = offsets[:-1], np.diff(offsets)
    words = _at_every_byte(data, "<u4")
    # Where the only polygon of the row begins, and how many positions it then must have.
    inner = starts.copy()
    multi = _has(lengths, _OUTER + _HEAD) & ~missing
    multi[multi] = _is(data, words, starts[multi], _MULTIPOLYGON)
    inner[multi] += _OUTER
    room = lengths - (inner - starts) - _HEAD
    plain = _has(room, 0) & ~missing
    plain[plain] = _is(data, words, inner[plain], _POLYGON)
    counts = np.zeros(len(starts), np.int64)
    counts[plain] = words[inner[plain] + 9]
    plain &= (room == 16 * counts) & (counts >= 4)
    numbers = _at_every_byte(data, "<f8")
    plain[plain] = _closed(numbers, inner[plain] + _HEAD, counts[plain])
    polygons = _positions(numbers, inner[plain] + _HEAD, counts[plain])
    others, faults = _objects(offsets, data, plain, missing)
    return Geometries(plain, polygons, others, faults)


def from_arrow(column: pa.Array) -> Geometries:
    """Return the geometries of an Arrow array of bytes."""
    return decode(*_buffers(column), column.is_null().to_numpy(zero_copy_only=False))


def from_blobs(blobs: Sequence[bytes | None]) -> Geometries:
    """Return the geometries of bytes, None where there is none."""
    data = np.frombuffer(b"".join(blob or b"" for blob in blobs), np.uint8)
    offsets = from_counts([len(blob or b"") for blob in blobs])
    return decode(offsets, data, np.array([blob is None for blob in blobs], bool))


def from_geopackage(blobs: Collection[Any]) -> Geometries:
    """Return geometries behind the header of 8 bytes and its envelope."""
    bodies: list[bytes | None] = []
    faults = []
    for row, blob in enumerate(blobs):
        if isinstance(blob, bytes) and blob[:2] == b"GP" and len(blob) >= 8:
            bodies.append(blob[8 + _ENVELOPE.get(blob[3] >> 1 & 7, 0) :])
            continue
        bodies.append(None)
        if blob is not None:
            faults.append(RowFault(row, "invalid-geometry", "not a GeoPackage geometry"))
    decoded = from_blobs(bodies)
    if not faults:
        return decoded
    return Geometries(decoded.plain, decoded.polygons, decoded.others, (*decoded.faults, *faults))


def _objects(
    offsets: Indexes, data: NDArray[np.uint8], plain: Bools, missing: Bools
) -> tuple[NDArray[Any], tuple[RowFault, ...]]:
    rows = np.flatnonzero(~plain)
    if not len(rows):
        return np.empty(0, object), ()
    blobs = [
        None if missing[row] else data[offsets[row] : offsets[row + 1]].tobytes()
        for row in rows.tolist()
    ]
    return wkb_rows.decode(blobs, rows.tolist(), _simple(offsets, data)[rows].tolist())


def _simple(offsets: Indexes, data: NDArray[np.uint8]) -> Bools:
    """Say which rows are little-endian points, lines or polygons, with or without heights."""
    starts, lengths = offsets[:-1], np.diff(offsets)
    simple = lengths >= 5
    words = _at_every_byte(data, "<u4")
    simple[simple] &= (data[starts[simple]] == 1) & np.isin(words[starts[simple] + 1], _CODES)
    return simple


def _has(lengths: Indexes, least: int) -> Bools:
    result: Bools = lengths >= least
    return result


def _is(data: NDArray[np.uint8], words: NDArray[Any], starts: Indexes, kind: int) -> Bools:
    """Say where a little-endian geometry of this type with one part or ring begins."""
    result: Bools = (data[starts] == 1) & (words[starts + 1] == kind) & (words[starts + 5] == 1)
    return result


def _closed(numbers: NDArray[Any], starts: Indexes, counts: Indexes) -> Bools:
    """Say which rings end where they begin; one with a NaN does not."""
    ends = starts + 16 * (counts - 1)
    result: Bools = (numbers[starts] == numbers[ends]) & (numbers[starts + 8] == numbers[ends + 8])
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
