"""The rules of RFC 7946 for the ``coordinates`` of each type."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from hetao_geo.geojson.fault import show

Note = Callable[..., None]
"""``note(code, path, expected=, found=)``: where faults go."""

Ring = list[list[float]]

DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many arrays stand around a position."""

_NOUN = ("a position", "an array of positions", "an array of arrays of positions", "four levels")
_NUMBERS = {int, float}


def check(kind: str, value: Any, path: str, note: Note) -> list[tuple[str, list[Ring]]]:
    """Check the coordinates of one geometry.

    Parameters
    ----------
    kind : str
        Key of `DEPTH`.
    value : object
        The member ``coordinates``: longitude first, degrees.
    path : str
        JSONPath of the member.
    note : callable
        Takes every fault.

    Returns
    -------
    list of (path, rings)
        The polygons of which every ring can be drawn; empty for the other types.
    """
    if type(value) is not list:
        note("wrong-type", path, expected=_NOUN[DEPTH[kind]], found=show(value))
        return []
    if not value:
        needed = kind in ("Point", "LineString")
        note("empty-position" if needed else "empty-geometry", path, found=f"an empty {kind}")
        return []
    if kind == "Polygon":
        return _polygon(value, path, note)
    if kind == "MultiPolygon":
        return _polygons(value, path, note)
    if kind == "Point":
        _position(value, path, note)
    elif kind == "MultiPoint":
        positions(value, path, note)
    else:
        lines = [(path, value)] if kind == "LineString" else _numbered(value, path)
        for where, line in lines:
            _line(line, where, note)
    return []


def _numbered(values: list[Any], path: str) -> list[tuple[str, Any]]:
    return [(f"{path}[{i}]", value) for i, value in enumerate(values)]


def _polygons(value: list[Any], path: str, note: Note) -> list[tuple[str, list[Ring]]]:
    found = []
    for where, rings in _numbered(value, path):
        if type(rings) is not list or (rings and type(rings[0]) in _NUMBERS):
            note("bad-coordinates", where, expected="an array of rings", found=show(rings))
        elif not rings:
            note("empty-geometry", where, found="a polygon without rings")
        else:
            found += _polygon(rings, where, note)
    return found


def _polygon(rings: list[Any], path: str, note: Note) -> list[tuple[str, list[Ring]]]:
    sound = [_ring(ring, where, note) for where, ring in _numbered(rings, path)]
    return [(path, rings)] if all(sound) else []


def _ring(ring: Any, path: str, note: Note) -> bool:
    if not positions(ring, path, note):
        return False
    if not ring:
        note("too-few-positions", path, expected="4 or more", found="0")
        return False
    closed = bool(ring[0] == ring[-1])
    if not closed:
        note(
            "unclosed-ring",
            f"{path}[{len(ring) - 1}]",
            expected=f"{ring[0]}",
            found=f"{ring[-1]}",
        )
    if len(ring) < 4:
        note("too-few-positions", path, expected="4 or more", found=str(len(ring)))
    missing: bool = ring[0][:2] != ring[-1][:2]
    return len(ring) + missing >= 4


def _line(line: Any, path: str, note: Note) -> None:
    if not positions(line, path, note):
        return
    if len(line) < 2:
        note("too-few-positions", path, expected="2 or more", found=str(len(line)))
    elif line[0] == line[1] and all(p[:2] == line[0][:2] for p in line):
        note("too-few-points", path, expected="two different positions", found="one")


def positions(value: Any, path: str, note: Note) -> bool:
    """Check an array of positions; the sound case costs no Python loop."""
    if type(value) is not list:
        note("bad-coordinates", path, expected="an array of positions", found=show(value))
        return False
    if (
        set(map(type, value)) <= {list}
        and set(map(len, value)) <= {2, 3}
        and set(map(type, chain.from_iterable(value))) <= _NUMBERS
    ):
        return True
    if value and set(map(type, value)) <= _NUMBERS:
        note("bad-coordinates", path, expected="an array of positions", found="a position")
        return False
    # A list, so that the faults after the first are noted too.
    sound = [_position(item, where, note) for where, item in _numbered(value, path)]
    return all(sound)


def _position(value: Any, path: str, note: Note) -> bool:
    if type(value) is list and value and type(value[0]) is list:
        note("bad-coordinates", path, expected="a position", found="one bracket too many")
        return False
    if type(value) is not list:
        note("bad-position", path, expected="longitude, latitude", found=show(value))
        return False
    wrong = [item for item in value if type(item) not in _NUMBERS]
    if len(value) < 2 or wrong:
        found = f"{show(wrong[0])} in it" if wrong else f"{len(value)} of them"
        note("bad-position", path, expected="two or three numbers", found=found)
        return False
    if len(value) > 3:
        note("extra-numbers", path, expected="at most 3", found=str(len(value)))
    return True
