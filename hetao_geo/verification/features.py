"""Features with names and properties as a source, so that they take the way of a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hetao_geo.reading import columns, geometry
from hetao_geo.reading.model import Rows, Source

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Declared(Protocol):
    """A polygon with a name and properties; `hetao_geo.catalog.Feature` is one."""

    @property
    def id(self) -> str:
        """Name of the row."""

    @property
    def geometry(self) -> BaseGeometry:
        """Shapely polygon, WGS 84, longitude first, degrees."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """Fields of the row."""


def source_of(features: Sequence[Declared]) -> Source:
    """Return features as a source of one batch."""
    rows = [dict(feature.properties) for feature in features]

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        names = columns.words(rows) if wanted is None else wanted
        shapes = geometry.from_shapes([feature.geometry for feature in features])
        ids = columns.texts(feature.id for feature in features)
        yield Rows(0, shapes, ids, columns.of_rows(rows, names))

    fields = columns.words(rows)
    return Source("", "features", "", ("",), None, len(rows), fields, 0, read)
