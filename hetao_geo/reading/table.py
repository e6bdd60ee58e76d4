"""CSV and its kin with a column of well-known text.

References
----------
RFC 4180; OGC 06-103r4, section 7 (WKT)
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hetao_geo.geojson import Limits, printable
from hetao_geo.reading import columns, declared_crs, geometry, guard, sniff, wkb
from hetao_geo.reading import encoding as encodings
from hetao_geo.reading.model import Rows, Source

_ROWS = 16_384
# Bytes that tell the encoding.
_START = 1 << 20
_SEPARATORS = ",;\t|"
_SRID = re.compile(r"\s*SRID=(\d+);\s*", re.I)
# Brackets in one another; GEOS follows nested collections by recursion.
_DEEPEST = 20


def open_file(
    path: str | os.PathLike[str], layer: str, limits: Limits, encoding: str | None
) -> Source:
    """Open a table of text; see `hetao_geo.reading.open_file`."""
    data = guard.load(path, limits)
    known = encoding or encodings.detect(data[:_START])
    names, table = _table(_text(data, known, path), path)
    at = _geometry_column(names, table, path)
    others = [name for i, name in enumerate(names) if i != at]
    fields = dict.fromkeys(others, "str")
    named = columns.id_field(fields)
    crs, unknown = _crs(table, at)

    def read(wanted: Collection[str] | None) -> Iterator[Rows]:
        asked = [name for name in (fields if wanted is None else wanted) if name in fields]
        for first in range(0, len(table), _ROWS):
            part = table[first : first + _ROWS]
            held = {name: columns.objects([row[names.index(name)] or None for row in part])
                    for name in {*asked, *([named] if named else [])}}  # fmt: skip
            ids = held[named] if named else columns.objects([None] * len(part))
            yield Rows(
                first, _geometries([row[at] for row in part]), ids,
                {name: held[name] for name in asked},
            )  # fmt: skip

    size = Path(path).stat().st_size
    return Source(
        os.fspath(path), "csv", layer, (layer,), crs, len(table), fields, size, read,
        unknown_crs=unknown, warnings=_warnings(encoding, known),
    )  # fmt: skip


def _warnings(asked: str | None, known: str) -> tuple[str, ...]:
    if asked or known.startswith("utf"):
        return ()
    return (f"the text is not UTF-8; it was read as {known}, see --encoding",)


def _text(data: bytes, encoding: str, path: str | os.PathLike[str]) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise guard.Unreadable(
            "not-utf8", path, f"byte {error.start}", expected=encoding,
            found=f"byte 0x{data[error.start]:02x}",
            hint="name its encoding, such as --encoding gbk",
        ) from error  # fmt: skip


def _table(text: str, path: str | os.PathLike[str]) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns and the rows, all of one length."""
    # Excel begins a table with the name of its separator.
    chosen = re.match(r"sep=(.)\r?\n", text)
    body = text[chosen.end() :] if chosen else text
    first = body.partition("\n")[0]
    separator = chosen.group(1) if chosen else max(_SEPARATORS, key=first.count)
    before = csv.field_size_limit(max(len(text), 1))
    try:
        rows = [
            row for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator) if row
        ]
    except csv.Error as error:
        raise guard.Unreadable("bad-container", path, expected="CSV", found=str(error)) from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise guard.Unreadable("bad-container", path, expected="CSV", found="no rows")
    names = [name.strip() for name in rows[0]]
    wrong = next((i for i, row in enumerate(rows[1:], 2) if len(row) != len(names)), None)
    if wrong is not None:
        raise guard.Unreadable(
            "bad-container", path, f"row {wrong - 1}", expected=f"{len(names)} values",
            found=str(len(rows[wrong - 1])),
            hint="put text with separators, such as WKT, in quotation marks",
        )  # fmt: skip
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found = printable(", ".join(twice))[:80]
        raise guard.Unreadable(
            "bad-container", path, expected="a name for each column", found=f"twice: {found}"
        )
    return names, rows[1:]


def _geometry_column(names: list[str], table: list[list[str]], path: str | os.PathLike[str]) -> int:
    """Return the number of the column of WKT: the first in which a cell of the start is such."""
    for at in range(len(names)):
        if any(sniff.WKT.match(row[at]) for row in table[:1000]):
            return at
    for at, name in enumerate(names):
        if name.lower() in ("wkt", "geometry", "geom", "the_geom", "wkb_geometry", "shape"):
            return at
    raise guard.Unreadable(
        "unknown-format", path, found="CSV without a column of WKT",
        hint="write the polygons as WKT: POLYGON((114.05 22.51, ...))",
    )  # fmt: skip


def _crs(table: list[list[str]], at: int) -> tuple[str | None, str | None]:
    """Return the CRS of EWKT, where all rows name one; plain WKT names none."""
    codes = {match.group(1) for row in table if (match := _SRID.match(row[at]))}
    if not codes:
        return None, None
    if len(codes) > 1:
        return None, f"several: SRID {', '.join(sorted(codes))}"[:80]
    return declared_crs.or_unknown(f"EPSG:{codes.pop()}")


def _geometries(texts: list[str]) -> geometry.Geometries:
    import shapely

    faults: list[geometry.RowFault] = []
    blobs: list[bytes | None] = []
    for row, text in enumerate(texts):
        plain = _SRID.sub("", text, count=1).strip()
        blobs.append(None)
        if not plain:
            continue
        code, found = _refused(plain)
        if not code:
            try:
                shape = shapely.from_wkt(plain)
                blobs[row] = shapely.to_wkb(shape, flavor="iso")
                continue
            except (shapely.errors.GEOSException, ValueError) as error:
                found = str(error)
                code = "unclosed-ring" if "closed" in found else "invalid-geometry"
        faults.append(geometry.RowFault(row, code, printable(found)[:80]))
    decoded = wkb.from_blobs(blobs)
    every: Any = (*decoded.faults, *faults)
    return geometry.Geometries(decoded.plain, decoded.polygons, decoded.others, every)


def _refused(text: str) -> tuple[str, str]:
    brackets = np.cumsum([1 if c == "(" else -1 for c in text if c in "()"] or [0])
    if brackets.max() > _DEEPEST:
        return "invalid-geometry", f"brackets nested {brackets.max()} deep"
    return "", ""
