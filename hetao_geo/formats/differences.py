"""What only one of two sets of polygons has, as GeoJSON or GeoPackage with a QGIS style."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely

from hetao_geo import catalog, files, geojson
from hetao_geo.comparison import Comparison, differences
from hetao_geo.formats import gdal, geopackage, rfc7946
from hetao_geo.formats.tables import Table, build, records

ENDINGS = (".geojson", ".gpkg")
_TITLE = {"en": "Differences", "zh-Hans": "差异", "zh-Hant": "差異"}


def write(comparison: Comparison, path: str | os.PathLike[str]) -> int:
    """Write the polygons of `hetao_geo.comparison.differences`; return how many.

    Parameters
    ----------
    comparison : Comparison
    path : path
        Ends in one of `ENDINGS`. Beside GeoJSON stands the style, with ``.qml``.

    Raises
    ------
    UsageError, OutputError
        See `hetao_geo.files.check_writable`.
    """
    files.check_writable(path, endings=ENDINGS)
    table = _table(comparison)
    with files.replacing(path) as temporary:
        if Path(path).suffix.lower() == ".gpkg":
            _geopackage(table, temporary)
        else:
            temporary.write_text(_geojson(table), encoding="utf-8", newline="\n")
    if Path(path).suffix.lower() == ".geojson":
        rfc7946.write_style(table, Path(path))
    return len(table.frame)


def _table(comparison: Comparison) -> Table:
    layer = catalog.Layer(
        "differences", _TITLE, Path(), "MultiPolygon", 0, (0, 0, 0, 0), 0.0, "", (), ""
    )
    return build(layer, differences(comparison))


def _geojson(table: Table) -> str:
    features: list[dict[str, Any]] = []
    for row, geometry in records(table):
        shape = shapely.geometry.mapping(geometry)
        features.append({"type": "Feature", "id": row["id"], "properties": row, "geometry": shape})
    if not features:
        return '{"features":[],"name":"differences","type":"FeatureCollection"}\n'
    return geojson.dumps(features, name=table.layer.name)


def _geopackage(table: Table, path: Path) -> None:
    path.unlink()
    gdal.write(table, path, driver="GPKG", layer_options={"GEOMETRY_NAME": "geom"})
    with closing(sqlite3.connect(path)) as database, database:
        geopackage.add_styles(database, [table])
