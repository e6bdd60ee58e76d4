"""CSV that a spreadsheet opens with Chinese intact; the geometry is WKT in the last column."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hetao_geo.formats.tables import Table, records

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(tables: Sequence[Table], path: Path) -> None:
    """Write one table as CSV: UTF-8 with byte-order mark, RFC 4180 line ends."""
    import shapely

    (table,) = tables
    crs = table.frame.crs.to_string() if table.frame.crs else ""
    buffer = io.StringIO(newline="")
    rows = records(table)
    writer = csv.writer(buffer)
    writer.writerow([*rows[0][0], "crs", "wkt"])
    for row, geometry in rows:
        wkt = shapely.to_wkt(geometry, rounding_precision=9)
        writer.writerow([*map(_cell, row.values()), crs, wkt])
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}"
    return f"'{value}" if value.startswith(_FORMULA) else str(value)
