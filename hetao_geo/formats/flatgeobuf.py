"""FlatGeobuf with a spatial index and a QGIS style beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hetao_geo.formats import gdal, notice, rfc7946
from hetao_geo.formats.tables import Table


def write(tables: Sequence[Table], path: Path) -> None:
    """Write one table as FlatGeobuf; the spatial index may change the order of the features."""
    (table,) = tables
    remark = f"{notice.APPROXIMATE} {notice.datum_remark(table.datum)} {notice.ATTRIBUTION}"
    options = {"TITLE": table.layer.title["en"], "DESCRIPTION": " ".join(remark.split())}
    # GDAL learnt to write them in 3.9.
    options = options if gdal.version() >= (3, 9) else {}
    gdal.write(table, path, driver="FlatGeobuf", layer_options=options)
    rfc7946.write_style(table, path)
