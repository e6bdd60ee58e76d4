"""FlatGeobuf of any size."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from hetao_geo.geojson import Limits
from hetao_geo.reading import columns, declared_crs, gdal, guard
from hetao_geo.reading.model import Rows, Source

_WORDS = {"i": "int", "u": "int", "f": "float", "b": "bool", "M": "date"}


def fields_of(about: dict[str, object]) -> dict[str, str]:
    """Return the fields and the words for their types from what GDAL says."""
    return {
        str(name): _WORDS.get(str(kind)[0] if str(kind)[0] != "d" else "M", "str")
        for name, kind in zip(about["fields"], about["dtypes"], strict=True)  # type: ignore[call-overload]
    }


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a FlatGeobuf file; see `hetao_geo.reading.open_file`."""
    gdal.need_arrow(path)
    size = Path(path).stat().st_size
    with guard.private({"a.fgb": path}) as folder:
        about = gdal.describe(folder / "a.fgb", path, None)
    fields = fields_of(about)
    count = about["features"] if about["features"] >= 0 else None
    crs, unknown = declared_crs.or_unknown(about["crs"]) if about["crs"] else (None, None)
    named = columns.id_field(fields)

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        step = gdal.step(size, count or 1)
        with guard.private({"a.fgb": path}) as folder:
            yield from gdal.rows(folder / "a.fgb", path, asked, named, encoding=None, step=step)

    return Source(
        os.fspath(path), "flatgeobuf", layer, (layer,), crs, count, fields, size, read,
        unknown_crs=unknown,
    )  # fmt: skip
