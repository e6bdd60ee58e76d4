"""Which polygon of one set answers to which of another: by id, by name, by overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.catalog import Feature

# Two polygons that share less than this of their union are not the same one.
LEAST_OVERLAP = 0.1
_NAMES = ("name_en", "name_zh_hans", "name_zh_hant", "name", "NAME", "Name", "名称", "名稱")


@dataclass(frozen=True)
class Match:
    """A polygon of each set, by number, and how they were matched."""

    first: int
    second: int
    by: str


def match(
    first: Sequence[Feature],
    second: Sequence[Feature],
    flat: Sequence[NDArray[np.object_]],
) -> list[Match]:
    """Return the pairs, in the order of the first set.

    Parameters
    ----------
    first, second : sequence of Feature
    flat : sequence of two arrays of polygons
        Their polygons in a plane, metres.

    Notes
    -----
    An id or a name counts where it is the only one of its kind in both sets. What is left is
    matched by overlap, the largest first: n log n with a tree.
    """
    pairs = _by_key(first, second, [], lambda row: [row.id], "id")
    pairs += _by_key(first, second, pairs, _names, "name")
    pairs += _by_overlap(flat[0], flat[1], pairs)
    return sorted(pairs, key=lambda pair: pair.first)


def _by_key(
    first: Sequence[Feature],
    second: Sequence[Feature],
    taken: list[Match],
    keys: Callable[[Feature], list[str]],
    by: str,
) -> list[Match]:
    """Return the pairs that share a key which stands once in each set."""
    used = {pair.first for pair in taken}, {pair.second for pair in taken}
    where = [
        {key: n for n, row in enumerate(rows) if n not in gone for key in keys(row)}
        for rows, gone in zip((first, second), used, strict=True)
    ]
    counts = [Counter(key for row in rows for key in keys(row)) for rows in (first, second)]
    found: dict[int, Match] = {}
    for key, number in where[0].items():
        if key in where[1] and counts[0][key] == counts[1][key] == 1:
            found.setdefault(number, Match(number, where[1][key], by))
    partners = Counter(pair.second for pair in found.values())
    return [pair for pair in found.values() if partners[pair.second] == 1]


def _names(row: Feature) -> list[str]:
    named = (row.properties.get(key) for key in _NAMES)
    return list(dict.fromkeys(name for name in named if isinstance(name, str) and name))


def _by_overlap(
    first: NDArray[np.object_], second: NDArray[np.object_], taken: list[Match]
) -> list[Match]:
    """Return the pairs of the rest, the largest overlap first, each polygon once."""
    left = np.setdiff1d(np.arange(len(first)), [pair.first for pair in taken])
    right = np.setdiff1d(np.arange(len(second)), [pair.second for pair in taken])
    if not (len(left) and len(right)):
        return []
    mine, theirs = shapely.STRtree(second[right]).query(first[left], predicate="intersects")
    pairs = np.column_stack([left[mine], right[theirs]])
    share = overlap(first[pairs[:, 0]], second[pairs[:, 1]])
    found: list[Match] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for row in np.argsort(-share, kind="stable").tolist():
        a, b = pairs[row].tolist()
        if share[row] >= LEAST_OVERLAP and a not in used[0] and b not in used[1]:
            found.append(Match(a, b, "overlap"))
            used[0].add(a)
            used[1].add(b)
    return found


def overlap(first: NDArray[np.object_], second: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return intersection over union of pairs of polygons."""
    common = shapely.area(shapely.intersection(first, second))
    union = shapely.area(first) + shapely.area(second) - common
    return np.asarray(np.divide(common, union, out=np.zeros(len(union)), where=union > 0))
