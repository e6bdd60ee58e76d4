"""GeoJSON text sequences: one feature a line, or set off by record separators (RFC 8142)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from hetao_geo.area import Polygons
from hetao_geo.verification import stream
from hetao_geo.verification.stream.batch import Batch

# Lines longer than this are no feature that a parcel has: 64 MB are four million positions.
LONGEST = 1 << 26


def open_file(path: str | os.PathLike[str], stated: str, size: int) -> stream.Source:
    """Open a sequence; its field must be in one of the first thousand features."""
    with Path(path).open("rb") as file:
        seen = [properties for properties, _ in map(_read, islice(_texts(file), 1000))]
    if not any(stated in properties for properties in seen):
        raise stream.no_field(stated, sorted({key for row in seen for key in row}), path)

    named = any("id" in properties for properties in seen)

    def batches() -> Iterator[Batch]:
        with Path(path).open("rb") as file:
            texts, first = _texts(file), 0
            while chunk := list(islice(texts, stream.BATCH // 4)):
                yield _batch(chunk, stated, named, first, file.tell())
                first += len(chunk)

    return stream.Source("geojsonseq", "WGS 84", None, size, batches)


def _texts(file: IO[bytes]) -> Iterator[bytes]:
    """Give the text of each feature."""
    while line := file.readline(LONGEST):
        text = line.strip(b"\x1e \t\r\n")
        if text:
            yield text


def _batch(chunk: list[bytes], stated: str, named: bool, first: int, done: int) -> Batch:
    import shapely

    rows = [_read(text) for text in chunk]
    figures = np.array([properties.get(stated) for properties, _ in rows], dtype=object)
    geometries = shapely.from_geojson([text for _, text in rows], on_invalid="ignore")
    ids = [properties.get("id") for properties, _ in rows]
    words = np.array([None if key is None else str(key) for key in ids], dtype=object)
    return Batch(
        first,
        figures,
        np.zeros(len(rows), bool),
        Polygons(np.empty(0), np.empty(0), np.zeros(1, int)),
        geometries,
        done=done,
        ids=words if named else None,
    )


def _read(text: bytes) -> tuple[dict[str, Any], str | None]:
    """Return the properties and the geometry's text; nothing of what is no feature."""
    try:
        feature = json.loads(text)
    except (ValueError, RecursionError):
        return {}, None
    if not isinstance(feature, dict):
        return {}, None
    properties = feature.get("properties")
    known = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature:
        known.setdefault("id", feature["id"])
    geometry = feature.get("geometry")
    return known, json.dumps(geometry) if isinstance(geometry, dict) else None
