"""Two sets of polygons side by side: how far apart, where, and whether accuracy explains it.

pairing     which polygon answers to which: by id, by name, by overlap
boundaries  how far two outlines are apart, along their whole length
shift       whether one set is the other, moved: a datum
model       the result, and its verdict
differences  what only one of the two has
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from hetao_geo import catalog
from hetao_geo.comparison import boundaries, pairing
from hetao_geo.comparison.differences import differences
from hetao_geo.comparison.model import Comparison, Pair
from hetao_geo.comparison.shift import find_shift
from hetao_geo.crs import recommend, require_projected
from hetao_geo.errors import DataError
from hetao_geo.reading.features import features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hetao_geo.catalog import Feature
    from hetao_geo.crs import System
    from hetao_geo.reading.features import PolygonData

    Shapes: TypeAlias = NDArray[np.object_]

# Pieces of one outline; over many polygons fewer, so that a hundred thousand take seconds.
MOST_PIECES, LEAST_PIECES, ALL_PIECES = 1000, 12, 2_000_000
# Pieces that are measured at a time: about 200 MB.
BLOCK = 300_000

__all__ = ["Comparison", "Pair", "compare", "compare_features", "differences"]


def compare(
    first: PolygonData,
    second: PolygonData | None = None,
    *,
    crs: str | None = None,
    accuracy_m: float | None = None,
    assume: str | None = None,
    layer: str | None = None,
) -> Comparison:
    """Compare polygons with ours, or two sets of polygons with each other.

    Parameters
    ----------
    first : path, GeoDataFrame or iterable of features
        Polygons; a file and a frame say in which CRS they are.
    second : path, GeoDataFrame or iterable of features, optional
        What to compare them with; by default the layer ``parks`` as shipped.
    crs, accuracy_m
        As in `compare_features`.
    assume, layer : str, optional
        What the coordinates of `first` are, whatever the file says, and which layer of it.

    Returns
    -------
    Comparison
        First is `second` or ours, the reference; second is what was given.

    Raises
    ------
    DataError, UsageError
        As in `hetao_geo.reading.features.features` and `compare_features`.

    Examples
    --------
    >>> import hetao_geo
    >>> [pair.verdict for pair in compare(hetao_geo.load("parks")).pairs]
    ['same', 'same']
    """
    given = features(first, assume=assume, layer=layer)
    reference = catalog.features("parks") if second is None else features(second)
    return compare_features(reference, given, crs=crs, accuracy_m=accuracy_m)


def compare_features(
    first: Sequence[Feature],
    second: Sequence[Feature],
    *,
    crs: str | None = None,
    accuracy_m: float | None = None,
) -> Comparison:
    """Compare two sets of polygons.

    Parameters
    ----------
    first, second : sequence of Feature
        Polygons in WGS 84, degrees, longitude first. ``sides`` and ``accuracy_m`` among their
        properties say how exactly the outlines are known.
    crs : str, optional
        Projected CRS of areas and distances; by default one that suits the place.
    accuracy_m : float, optional
        Accuracy of the outlines of `second` that do not state one, metres.

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        One of the two holds no polygons, or some that are invalid or empty.
    UsageError
        The CRS is unknown or not projected.
    """
    shapes = _shapes(first, "first"), _shapes(second, "second")
    system = require_projected(crs) if crs else recommend(shapely.total_bounds(shapes[0])).system
    flat = _plane(shapes[0], system), _plane(shapes[1], system)
    matches = pairing.match(first, second, flat)
    partners = {m.first for m in matches}, {m.second for m in matches}
    return Comparison(
        crs=system.code,
        crs_name=system.name,
        pairs=tuple(_pairs((first, second), flat, matches, system, accuracy_m or 0.0)),
        only_first=tuple(row.id for n, row in enumerate(first) if n not in partners[0]),
        only_second=tuple(row.id for n, row in enumerate(second) if n not in partners[1]),
        shift=find_shift(shapes[1], flat, matches, system),
        sets=(tuple(first), tuple(second)),
        matches=tuple(matches),
    )


def _pairs(
    sets: tuple[Sequence[Feature], Sequence[Feature]],
    flat: tuple[Shapes, Shapes],
    matches: list[pairing.Match],
    system: System,
    accuracy_m: float,
) -> Iterator[Pair]:
    """Give the pairs in the order of the matches, some at a time."""
    pieces = max(LEAST_PIECES, min(MOST_PIECES, ALL_PIECES // max(len(matches), 1)))
    size = BLOCK // pieces
    for start in range(0, len(matches), size):
        part = matches[start : start + size]
        chosen = [m.first for m in part], [m.second for m in part]
        first, second = (
            boundaries.outlines([rows[n] for n in numbers], shapes[numbers], system, accuracy)
            for rows, shapes, numbers, accuracy in zip(
                sets, flat, chosen, (0.0, accuracy_m), strict=True
            )
        )
        yield from boundaries.measure_pairs(first, second, part, system, pieces)


def _shapes(rows: Sequence[Feature], name: str) -> Shapes:
    """Return the polygons of a set.

    Raises
    ------
    DataError
        There are none, or some are not usable; the first ones are named.
    """
    shapes = np.array([row.geometry for row in rows], dtype=object)
    usable = shapely.is_valid(shapes) & ~shapely.is_empty(shapes) & (shapely.area(shapes) > 0)
    wrong = [rows[n].id for n in np.flatnonzero(~usable)[:20].tolist()]
    if wrong or not rows:
        raise DataError(
            "no polygons to compare" if not rows else "not usable polygons",
            where=f"the {name} set",
            expected="valid polygons with an area",
            found=", ".join(wrong) or "none",
            hint="see 'hetao-geo check'",
        )
    return shapes


def _plane(shapes: Shapes, system: System) -> Shapes:
    return np.asarray(
        shapely.transform(
            shapes, lambda lonlat: np.column_stack(system.project(*lonlat.T)) * system.metres
        )
    )
