"""GeoPackage 1.3: all layers in one file, with QGIS styles, metadata and the licence."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

from hetao_geo import text
from hetao_geo.formats import gdal, notice, qml
from hetao_geo.formats.tables import Table

# GeoPackage tables carry a time of change; a fixed one keeps the bytes the same on every run.
_TIME = "1970-01-01T00:00:00.000Z"
_STYLE_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_QGIS_DTD = "http://mrcc.com/qgis.dtd"
_PLAIN_TEXT = "https://www.rfc-editor.org/rfc/rfc2046"

# layer_styles as QGIS makes it, so that QGIS finds the default style when a layer is opened.
_STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT '1970-01-01T00:00:00.000Z');
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
  VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS styles', '1970-01-01T00:00:00.000Z');
"""
_METADATA = """
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT,
  column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL
  DEFAULT '1970-01-01T00:00:00.000Z', md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata', NULL, 'gpkg_metadata',
  'http://www.geopackage.org/spec131/#extension_metadata', 'read-write');
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
  'http://www.geopackage.org/spec131/#extension_metadata', 'read-write');
"""


def write(tables: Sequence[Table], path: Path) -> None:
    """Write all tables to one GeoPackage.

    References
    ----------
    OGC GeoPackage 1.3.1, https://www.geopackage.org/spec131/ (metadata: annex F.8).
    """
    for table in tables:
        options = {
            "GEOMETRY_NAME": "geom",
            "IDENTIFIER": table.layer.name,
            "DESCRIPTION": table.layer.title["en"],
        }
        # Srs_id 0 is the specification's "undefined geographic": GCJ-02 and BD-09 have no code.
        # GDAL before 3.9 takes it by itself where there is no CRS.
        options |= {"SRID": "0"} if table.datum != "wgs84" and gdal.version() >= (3, 9) else {}
        gdal.write(
            table,
            path,
            driver="GPKG",
            append=table is not tables[0],
            dataset_options={"VERSION": "1.3"},
            layer_options=options,
        )
    with closing(sqlite3.connect(path)) as database:
        with database:
            readme = notice.readme(
                ["gpkg"], [one.layer.name for one in tables], path.stem.removeprefix("hetao")
            )
            _add_documents(database, tables, readme)
        database.execute("VACUUM")


def _add_documents(database: sqlite3.Connection, tables: Sequence[Table], readme: str) -> None:
    add_styles(database, tables)
    database.executescript(_METADATA)
    _add_metadata(database, _PLAIN_TEXT, "text/plain", readme, None)
    _add_metadata(database, notice.LICENCE_URL, "text/plain", notice.licence(), None)
    for table in tables:
        _add_metadata(database, _QGIS_DTD, "text/xml", _qgis_metadata(table), table.layer.name)


def add_styles(database: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """Add a QGIS style in each language to the layers of an open GeoPackage, and fix its time."""
    database.executescript(_STYLES)
    database.execute("UPDATE gpkg_contents SET last_change = ?", [_TIME])
    for table in tables:
        for language in text.LANGUAGES:
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
                " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description)"
                " VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?)",
                [
                    table.layer.name,
                    _STYLE_NAMES[language],
                    qml.style(table, language),
                    language == text.LANGUAGES[0],
                    table.layer.title[language],
                ],
            )


def _add_metadata(
    database: sqlite3.Connection, standard: str, mime: str, content: str, table: str | None
) -> None:
    row = database.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES ('dataset', ?, ?, ?)",
        [standard, mime, content],
    )
    scope = "table" if table else "geopackage"
    database.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id)"
        " VALUES (?, ?, ?, ?)",
        [scope, table, _TIME, row.lastrowid],
    )


def _qgis_metadata(table: Table) -> str:
    """Return the layer's description as QGIS reads it from ``gpkg_metadata``."""
    root = ElementTree.Element("qgis", version="3.22.0")
    members = {
        "identifier": table.layer.name,
        "type": "dataset",
        "title": table.layer.title["en"],
        "abstract": f"{notice.APPROXIMATE} {notice.datum_remark(table.datum)}".strip(),
        "fees": "",
        "license": notice.LICENCE,
        "rights": notice.ATTRIBUTION,
    }
    for name, value in members.items():
        ElementTree.SubElement(root, name).text = value
    for source in table.layer.sources:
        history = ElementTree.SubElement(root, "history")
        history.text = f"Source: {source}"
    return ElementTree.tostring(root, encoding="unicode")
