"""Well-known binary row by row: parts, holes, curves, heights, measures, and what is broken.

GEOS follows nested collections by recursion and has no curved polygons; so a row is walked here
first, to a bounded depth, and arcs are made straight on the way.

References
----------
OGC 06-103r4, Simple Features, part 1, section 8.2; ISO 13249-3 for the curved types
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hetao_geo.reading.geometry import RowFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

# Collections in collections deeper than this are no map of anything.
DEEPEST = 16
# GDAL's default: four degrees of an arc between two vertices.
STEP = math.radians(4)

_POINT, _LINE, _POLYGON = 1, 2, 3
_ARC, _COMPOUND, _CURVE_POLYGON, _MULTI_CURVE, _MULTI_SURFACE = 8, 9, 10, 11, 12
_NAMES = {13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}


class _BrokenError(ValueError):
    """Bytes that are no geometry."""


def decode(
    blobs: Sequence[bytes | None], rows: Sequence[int], simple: Sequence[bool]
) -> tuple[NDArray[np.object_], tuple[RowFault, ...]]:
    """Return shapely geometries, None where there is none, and what was wrong with them.

    Parameters
    ----------
    blobs : sequence of bytes
        Well-known binary, ISO or extended, in either byte order.
    rows : sequence of int
        Their numbers, for the faults.
    simple : sequence of bool
        Which of them are points, lines or polygons without measures, for which GEOS needs no
        recursion.
    """
    shapes = np.empty(len(blobs), object)
    faults: list[RowFault] = []
    straight: list[int] = []
    for i, blob in enumerate(blobs):
        if blob is None:
            continue
        if simple[i]:
            straight.append(i)
            continue
        try:
            seen = _walk(blob)
            if seen.curved:
                shapes[i] = seen.shape
                faults.append(RowFault(rows[i], "curve", "arcs", fatal=False))
            else:
                straight.append(i)
            if seen.measured:
                faults.append(RowFault(rows[i], "measures", "M", fatal=False))
        except (ValueError, struct.error, shapely.errors.GEOSException) as error:
            faults.append(RowFault(rows[i], "invalid-geometry", str(error)[:80]))
    _straight(blobs, rows, straight, shapes, faults)
    _without_measures(shapes, {fault.row for fault in faults if fault.code == "measures"}, rows)
    return shapes, tuple(sorted(faults, key=lambda fault: fault.row))


def _straight(
    blobs: Sequence[bytes | None],
    rows: Sequence[int],
    chosen: list[int],
    shapes: NDArray[np.object_],
    faults: list[RowFault],
) -> None:
    if not chosen:
        return
    data = np.array([blobs[i] for i in chosen], dtype=object)
    with np.errstate(invalid="ignore"):
        shapes[chosen] = shapely.from_wkb(data, on_invalid="ignore")
        for i, blob in zip(chosen, data, strict=True):
            if shapes[i] is None:
                # Rings that are not closed are the only fault of bytes that GEOS can repair.
                shapes[i] = shapely.from_wkb(blob, on_invalid="fix")
                code = "invalid-geometry" if shapes[i] is None else "unclosed-ring"
                faults.append(RowFault(rows[i], code, "bytes that GEOS cannot read"))


def _without_measures(shapes: NDArray[np.object_], measured: set[int], rows: Sequence[int]) -> None:
    for i, row in enumerate(rows):
        if row in measured and shapes[i] is not None:
            data = shapely.to_wkb(shapes[i], output_dimension=2 + int(shapely.has_z(shapes[i])))
            shapes[i] = shapely.from_wkb(data)


@dataclass
class _Walked:
    """What a walk over the bytes of one geometry has seen."""

    curved: bool = False
    measured: bool = False
    shape: Any = None
    at: int = 0


def _walk(blob: bytes) -> _Walked:
    """Walk over one geometry; only a curved one is built here."""
    seen = _Walked()
    _geometry(blob, seen, 0, build=False)
    if seen.curved:
        seen.at = 0
        seen.shape = _shape(_geometry(blob, seen, 0, build=True))
    return seen


def _geometry(blob: bytes, seen: _Walked, depth: int, *, build: bool) -> Any:
    """Walk over one geometry; return it where `build`."""
    if depth > DEEPEST:
        raise _BrokenError(f"collections nested more than {DEEPEST} deep")
    order = "<" if blob[seen.at : seen.at + 1] == b"\1" else ">"
    (code,) = struct.unpack_from(f"{order}I", blob, seen.at + 1)
    seen.at += 5 + (4 if code & 0x20000000 else 0)
    kind, dimension = (code & 0x0FFFFFFF) % 1000, (code & 0x0FFFFFFF) // 1000
    if dimension > 3 or not 1 <= kind <= 17:
        raise _BrokenError(f"type {code} of geometry")
    if kind in _NAMES:
        raise _BrokenError(f"a {_NAMES[kind]}, which is not read")
    has_z = bool(code & 0x80000000) or dimension in (1, 3)
    has_m = bool(code & 0x40000000) or dimension in (2, 3)
    seen.measured |= has_m
    seen.curved |= kind >= _ARC
    width = 2 + has_z + has_m
    if kind == _POINT:
        return _points(blob, seen, 1, order, width, has_z)[0] if build else _skip(seen, blob, width)
    if kind in (_LINE, _ARC):
        points = _points(blob, seen, _count(blob, seen, order), order, width, has_z)
        return (_arcs(points) if kind == _ARC else points) if build else None
    if kind == _POLYGON:
        rings = [
            _points(blob, seen, _count(blob, seen, order), order, width, has_z)
            for _ in range(_count(blob, seen, order, 4))
        ]
        return shapely.Polygon(rings[0], rings[1:]) if build and rings else shapely.Polygon()
    count = _count(blob, seen, order, 5)
    parts = [_geometry(blob, seen, depth + 1, build=build) for _ in range(count)]
    return _joined(kind, parts) if build else None


def _joined(kind: int, parts: list[Any]) -> Any:
    if kind == _COMPOUND:
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])]) if parts else []
    if kind == _CURVE_POLYGON:
        return shapely.Polygon(parts[0], parts[1:]) if parts else shapely.Polygon()
    if kind in (6, _MULTI_SURFACE):
        return shapely.MultiPolygon(parts)
    if kind in (5, _MULTI_CURVE):
        return shapely.MultiLineString(parts)
    if kind == 4:
        return shapely.MultiPoint(parts)
    return shapely.GeometryCollection([_shape(part) for part in parts])


def _shape(part: Any) -> Any:
    if not isinstance(part, np.ndarray):
        return part
    return shapely.Point(part) if part.ndim == 1 else shapely.LineString(part)


def _count(blob: bytes, seen: _Walked, order: str, least: int = 16) -> int:
    """Read a count; there cannot be more things than bytes that they need."""
    (count,) = struct.unpack_from(f"{order}I", blob, seen.at)
    seen.at += 4
    if count * least > len(blob) - seen.at:
        raise _BrokenError("fewer bytes than the counts need")
    return int(count)


def _skip(seen: _Walked, blob: bytes, width: int) -> None:
    seen.at += 8 * width
    if seen.at > len(blob):
        raise _BrokenError("fewer bytes than the counts need")


def _points(blob: bytes, seen: _Walked, count: int, order: str, width: int, has_z: bool) -> Points:
    at = seen.at
    seen.at += 8 * width * count
    if seen.at > len(blob):
        raise _BrokenError("fewer bytes than the counts need")
    numbers = np.frombuffer(blob, f"{order}f8", width * count, at).reshape(count, width)
    return numbers[:, : 2 + has_z].astype(np.float64)


def _arcs(points: Points) -> Points:
    """Return a circular string as a line: every second point is the middle of an arc."""
    if len(points) < 3 or len(points) % 2 == 0:
        return points
    pieces = [points[:1]]
    for i in range(0, len(points) - 2, 2):
        pieces.append(_arc(*points[i : i + 3]))
    return np.concatenate(pieces)


def _arc(start: Points, middle: Points, end: Points) -> Points:
    """Return the vertices of an arc after its start; a whole circle has its ends in one."""
    (ax, ay), (bx, by), (cx, cy) = start[:2], middle[:2], end[:2]
    if ax == cx and ay == cy:
        x, y, swing = (ax + bx) / 2, (ay + by) / 2, 2 * math.pi
    else:
        bx, by, cx, cy = bx - ax, by - ay, cx - ax, cy - ay
        double = 2 * (bx * cy - by * cx)
        # Three points on a line are an arc of no curvature.
        if abs(double) <= 1e-12 * (math.hypot(bx, by) * math.hypot(cx, cy) or 1.0):
            return np.array([middle, end])
        x = ax + (cy * (bx * bx + by * by) - by * (cx * cx + cy * cy)) / double
        y = ay + (bx * (cx * cx + cy * cy) - cx * (bx * bx + by * by)) / double
        swing = (math.atan2(end[1] - y, end[0] - x) - math.atan2(ay - y, ax - x)) % (2 * math.pi)
        if double < 0:
            swing -= 2 * math.pi
    # The nudge keeps a half circle at 45 pieces, as GDAL has it.
    steps = max(math.ceil(abs(swing) / STEP - 1e-6), 2)
    share = np.arange(1, steps + 1) / steps
    angle = math.atan2(start[1] - y, start[0] - x) + swing * share
    radius = math.hypot(start[0] - x, start[1] - y)
    line = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    if len(start) > 2:
        line = np.column_stack([line, start[2] + share * (end[2] - start[2])])
    line[-1] = end
    return line
