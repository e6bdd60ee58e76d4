"""GeoParquet 1.1 (extra ``parquet``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from hetao_geo.formats import notice
from hetao_geo.formats.tables import Table


def write(tables: Sequence[Table], path: Path) -> None:
    """Write one table as GeoParquet 1.1 with WKB geometry and bounding boxes.

    References
    ----------
    GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/
    """
    import pyarrow.parquet

    (table,) = tables
    table.frame.to_parquet(path, index=False, schema_version="1.1.0", write_covering_bbox=True)
    content = pyarrow.parquet.read_table(path)
    # Without the names and versions of the libraries that wrote it, and with the licence.
    geo = json.loads(content.schema.metadata[b"geo"])
    geo.pop("creator", None)
    facts = {
        "geo": json.dumps(geo, sort_keys=True),
        "attribution": notice.ATTRIBUTION,
        "description": f"{notice.APPROXIMATE} {notice.datum_remark(table.datum)}".strip(),
        "license": notice.LICENCE,
    }
    pyarrow.parquet.write_table(content.replace_schema_metadata(facts), path)
