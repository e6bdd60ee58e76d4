"""GeoJSON (RFC 7946) with a QGIS style beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hetao_geo import geojson
from hetao_geo.formats import notice, qml
from hetao_geo.formats.tables import Table, records


def write(tables: Sequence[Table], path: Path) -> None:
    """Write one table as GeoJSON, and its style to the same name with ``.qml``."""
    import shapely

    (table,) = tables
    features = []
    for row, geometry in records(table):
        shape: dict[str, Any] = shapely.geometry.mapping(geometry)
        features.append({"type": "Feature", "id": row["id"], "properties": row, "geometry": shape})
    members = {
        "name": table.layer.name,
        "attribution": notice.ATTRIBUTION,
        "description": f"{notice.APPROXIMATE} {notice.datum_remark(table.datum)}".strip(),
        "license": notice.LICENCE,
    }
    path.write_text(geojson.dumps(features, **members), encoding="utf-8", newline="\n")
    write_style(table, path)


def write_style(table: Table, path: Path) -> None:
    """Write the layer's QGIS style beside `path`; QGIS finds it by its name."""
    sheet = qml.style(table, "en")
    path.with_suffix(".qml").write_text(sheet, encoding="utf-8", newline="\n")
