"""Located points in the format that a file name ends in; CSV as they come, others when whole."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo import files
from hetao_geo.text import csv_cell

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from hetao_geo.location.positions import LonLat

# Ending to GDAL's driver; CSV and GeoParquet are written without it.
_DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}
ENDINGS = (".csv", ".parquet", *_DRIVERS)
# As in `hetao_geo.formats.geopackage`: the same bytes on every run.
_TIME = "1970-01-01T00:00:00.000Z"


def write(path: str | os.PathLike[str], parts: Iterable[tuple[LonLat, pd.DataFrame]]) -> None:
    """Write located points; see `hetao_geo.location.tables.TableLocation.parts`.

    Parameters
    ----------
    path : path
        Ends in one of `ENDINGS`; a device, a pipe or ``-`` gets CSV.
    parts : iterable of (positions, rows)
        Some at a time; CSV keeps no more of them in memory.
    """
    files.check_writable(path, endings=ENDINGS)
    ending = Path(path).suffix.lower()
    with files.replacing(path) as temporary:
        if ending not in ENDINGS[1:]:
            _csv(temporary, (rows for _, rows in parts))
        elif ending == ".parquet":
            _joined(parts).to_parquet(temporary, index=False)
        else:
            _gdal(temporary, _joined(parts), _DRIVERS[ending])


def _csv(path: Path, parts: Iterable[pd.DataFrame]) -> None:
    import pandas as pd

    # With a byte order mark, which Excel needs to read Chinese.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for number, rows in enumerate(parts):
            texts = [n for n in rows if not pd.api.types.is_numeric_dtype(rows[n])]
            safe = rows.assign(**{n: _safe(rows[n]) for n in texts})
            safe.columns = [csv_cell(str(name)) for name in rows]
            safe.to_csv(file, index=False, header=not number, lineterminator="\r\n")


def _safe(values: pd.Series[Any]) -> list[object]:
    """Return cells that a spreadsheet takes for no formula; each text is looked at once."""
    texts = {text: csv_cell(text) for text in {v for v in values if isinstance(v, str)}}
    return [texts[v] if isinstance(v, str) else _cell(v) for v in values]


def _joined(parts: Iterable[tuple[LonLat, pd.DataFrame]]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    held = list(parts)
    drawn = [gpd.points_from_xy(points.lon, points.lat) for points, _ in held]
    frame = pd.concat([rows for _, rows in held], ignore_index=True)
    whole = np.concatenate([np.asarray(some, dtype=object) for some in drawn])
    whole[np.concatenate([points.reason > 0 for points, _ in held])] = None
    for name in frame.columns[[dtype.kind == "O" for dtype in frame.dtypes]]:
        frame[name] = [_cell(value) for value in frame[name]]
    return gpd.GeoDataFrame(frame, geometry=whole, crs="EPSG:4326")


def _cell(value: object) -> object:
    """Return lists and objects of GeoJSON as JSON text, which every format can hold."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _gdal(path: Path, frame: gpd.GeoDataFrame, driver: str) -> None:
    import pyogrio

    options = {"RFC7946": "YES"} if driver == "GeoJSON" else {}
    pyogrio.write_dataframe(
        frame, path, driver=driver, layer="points", geometry_type="Point", layer_options=options
    )
    if driver == "GPKG":
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", [_TIME])
