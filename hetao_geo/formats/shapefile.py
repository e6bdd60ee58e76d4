"""Zipped Shapefile: UTF-8, short field names, and no text cut at 254 bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from hetao_geo.errors import UsageError
from hetao_geo.formats import archive, gdal, notice, qml
from hetao_geo.formats.tables import Table

# Field names of at most ten letters; README.txt of every export prints this table.
SHORT = {
    "name_zh_hans": "name_hans",
    "name_zh_hant": "name_hant",
    "approximate": "approx",
    "area_source": "area_src",
    "frame_sides": "frm_sides",
    "inferred_sides": "inf_sides",
    "interpretation": "reading",
    "fitted_to_km2": "fitted_km2",
    "named_in_limits": "in_limits",
    "rule_zh_hans": "rule_hans",
    "rule_zh_hant": "rule_hant",
    "valid_until": "valid_to",
    "stated_area_km2": "stated_km2",
    "stated_area_source": "stated_src",
    "stated_rounding_km2": "round_km2",
}
_NAME_BYTES, _TEXT_BYTES, _FIELDS = 10, 254, 255
_MEMBERS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def write(tables: Sequence[Table], path: Path) -> None:
    """Write one table as a zip file of a Shapefile, its QGIS style, README.txt and licence."""
    (table,) = tables
    name = path.name.removesuffix(".shp.zip")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        shape = Path(folder) / f"{name}.shp"
        short = replace(table, frame=_short(table))
        # dBASE files hold a date of last change; a fixed one keeps the bytes the same.
        options = {"DBF_DATE_LAST_UPDATE": "1970-01-01"}
        gdal.write(short, shape, driver="ESRI Shapefile", encoding="UTF-8", layer_options=options)
        parts = [shape.with_suffix(suffix) for suffix in _MEMBERS]
        members = {part.name: part.read_bytes() for part in parts if part.exists()}
    members[f"{name}.qml"] = qml.style(table, "en", follow_sides=False).encode()
    archive.write(path, {**members, **notice.side_files(["shp"], [table.layer.name])})


def _short(table: Table) -> object:
    """Return the frame with short field names, long texts spread over further fields."""
    import pandas

    columns: dict[str, object] = {}
    for name in table.frame.columns.drop("geometry"):
        values = table.frame[name]
        short = _name(name)
        if values.dtype == bool:
            columns[short] = np.where(values, "yes", "no").astype(object)
        elif values.dtype.kind == "f":
            columns[short] = values
        else:
            columns |= _spread(short, [None if pandas.isna(v) else v for v in values])
    if len(columns) > _FIELDS:
        raise UsageError(
            "too many fields for a Shapefile",
            where=f"layer {table.layer.name!r}",
            expected=f"at most {_FIELDS}",
            found=str(len(columns)),
            hint="use --format gpkg",
        )
    frame = pandas.DataFrame(columns, index=table.frame.index)
    return type(table.frame)(frame, geometry=table.frame.geometry)


def _name(name: str) -> str:
    short = SHORT.get(name, name)
    if len(short.encode()) > _NAME_BYTES:
        raise UsageError(
            "a field name is too long for a Shapefile",
            expected=f"at most {_NAME_BYTES} bytes",
            found=repr(short),
            hint="use --format gpkg",
        )
    return short


def _spread(name: str, texts: list[str | None]) -> dict[str, list[str | None]]:
    """Return the field, and further ones where a text is longer than one field can hold."""
    pieces = [split(value) if value else [value] for value in texts]
    fields = max(map(len, pieces), default=1)
    columns = {}
    for number in range(fields):
        suffix = f"_{number + 1}" if number else ""
        values = [row[number] if number < len(row) else None for row in pieces]
        columns[name[: _NAME_BYTES - len(suffix)] + suffix] = values
    return columns


def split(text: str, limit: int = _TEXT_BYTES) -> list[str]:
    """Return `text` in pieces of at most `limit` bytes of UTF-8; joined they are the text.

    No piece but the last ends in white space, and none but the first begins with it, because
    dBASE readers strip both.

    Raises
    ------
    UsageError
        White space alone fills a whole piece.

    Examples
    --------
    >>> split("深圳 河", 8)
    ['深', '圳 河']
    """
    pieces, rest = [], text
    while len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode(errors="ignore")
        cut = len(head)
        while cut and (rest[cut - 1].isspace() or rest[cut].isspace()):
            cut -= 1
        if not cut:
            raise UsageError(
                "a text has too much white space for a Shapefile",
                expected="fewer than 254 spaces in a row",
                found=repr(rest[:20]),
                hint="use --format gpkg",
            )
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]
