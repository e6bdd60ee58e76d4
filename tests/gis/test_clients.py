"""GDAL's ogrinfo, SpatiaLite, PostGIS and DuckDB read the exports and agree on the areas."""

import re
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from hetao_geo import catalog
from tests.gis.conftest import run

pytestmark = pytest.mark.gis

GEOD = pyproj.Geod(ellps="WGS84")
LAYERS = [one.name for one in catalog.layers()]
# Exports round metres to a micrometre: of a narrow river that is 2.3e-9 of its area.
ROUNDED = 1e-8
POLYGONS = ["parks", "parts", "interpretations", "river", "wetland"]


def geodesic(name):
    return {f.id: abs(GEOD.geometry_area_perimeter(f.geometry)[0]) for f in catalog.features(name)}


def planar(name):
    transformer = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)

    def move(points):
        return np.column_stack(transformer.transform(*points.T))

    return {f.id: shapely.transform(f.geometry, move).area for f in catalog.features(name)}


def assert_areas(rows, wanted, tolerance):
    assert {name: float(found) for name, found in rows} == pytest.approx(wanted, rel=tolerance)


# ---- GDAL ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ogrinfo(need_tool):
    return need_tool("ogrinfo", package="gdal-bin")


def counts(ogrinfo, path, name=None):
    text = run(ogrinfo, "-ro", "-so", "-al", path)
    found = re.findall(r"^Layer name: (.*)\n(?:.*\n)*?Feature Count: (\d+)", text, re.MULTILINE)
    return {layer: int(count) for layer, count in found}


@pytest.mark.parametrize("suffix", [".geojson", ".fgb", ".shp.zip", ".csv"])
def test_ogrinfo_counts_the_features_of_each_file(ogrinfo, exported, suffix):
    for layer in catalog.layers():
        found = counts(ogrinfo, exported.folder / f"{layer.name}{suffix}")
        assert list(found.values()) == [layer.feature_count], layer.name


def test_ogrinfo_counts_the_features_of_the_containers(ogrinfo, exported):
    wanted = {one.name: one.feature_count for one in catalog.layers()}
    assert counts(ogrinfo, exported.folder / "hetao.gpkg") == wanted | {
        "layer_styles": 3 * len(wanted)
    }
    titles = {one.title["en"]: one.feature_count for one in catalog.layers()}
    assert counts(ogrinfo, exported.folder / "hetao.kmz") == titles


def test_ogrinfo_reads_the_names_in_the_drawing(ogrinfo, exported):
    text = run(ogrinfo, "-ro", "-al", "-q", exported.folder / "hetao.dxf")
    for feature in catalog.features("parks"):
        assert f"= {feature.properties['name_en']} {feature.properties['name_zh_hant']}" in text
    assert "Layer (String) = parks-inferred" in text


@pytest.mark.parametrize("name", POLYGONS)
def test_ogrinfo_measures_the_same_area_in_metres(ogrinfo, exported_2326, name):
    files = {"hetao.epsg2326.gpkg": name}
    # A Shapefile's layer is named for its file.
    files |= {f"{name}.epsg2326.fgb": name, f"{name}.epsg2326.shp.zip": f"{name}.epsg2326"}
    for file, layer in files.items():
        sql = f'SELECT id, OGR_GEOM_AREA AS area FROM "{layer}"'
        path = exported_2326.folder / file
        text = run(ogrinfo, "-ro", "-q", path, "-dialect", "OGRSQL", "-sql", sql)
        rows = re.findall(r"id \(String\) = (.*)\n +area \(Real\) = (.*)", text)
        assert_areas(rows, planar(name), ROUNDED)


# ---- SpatiaLite --------------------------------------------------------------------------------


# Many builds of Python cannot load SQLite extensions; the system's own can.
SPATIALITE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.enable_load_extension(True)
database.load_extension("mod_spatialite")
database.execute("SELECT AutoGPKGStart()")
for row in database.execute(sys.argv[2]):
    print(*row, sep="|")
"""


def test_spatialite_agrees_on_areas(system_python, exported, exported_2326):
    for name in POLYGONS:
        # SpatiaLite's own ellipsoidal formula is 1.2e-6 off for the smaller park, and 5e-5 for
        # the bay with its edges of kilometres; 4e-5 for the mangroves.
        ellipsoidal = 1e-4 if name in ("river", "wetland") else 3e-6
        degrees, metres = (
            exported.folder / "hetao.gpkg",
            exported_2326.folder / "hetao.epsg2326.gpkg",
        )
        for path, function, wanted, tolerance in (
            (degrees, "ST_Area(geom, 1)", geodesic(name), ellipsoidal),
            (metres, "ST_Area(geom)", planar(name), ROUNDED),
        ):
            sql = f"SELECT id, {function}, ST_IsValid(geom) FROM vgpkg_{name}"
            rows = rows_of(system_python("-c", SPATIALITE, path, sql))
            assert [row[2] for row in rows] == ["1"] * len(wanted)
            assert_areas([row[:2] for row in rows], wanted, tolerance)


# ---- PostGIS -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(need_tool, psql, exported):
    """Load the GeoPackage with the command that README.txt names."""
    query, place = psql
    text = (exported.folder / "README.txt").read_text("utf-8")
    (command,) = [line.strip() for line in text.splitlines() if "ogr2ogr" in line]
    words = re.findall(r'"[^"]*"|\S+', command)
    assert words[0] == "ogr2ogr" and '"PG:dbname=NAME"' in words
    words[0] = need_tool("ogr2ogr", package="gdal-bin")
    words = [w.replace('"PG:dbname=NAME"', f"PG:{place}") for w in words]
    words = [str(exported.folder / w) if w == "hetao.gpkg" else w for w in words]
    run(*words)
    run(*words)  # a second time: it replaces its own tables
    return query


def rows_of(text):
    return [line.split("|") for line in text.splitlines()]


@pytest.mark.parametrize("layer", catalog.layers(), ids=lambda one: one.name)
def test_postgis_holds_every_row(loaded, layer):
    sql = f"SELECT count(*), bool_and(ST_IsValid(geom)), min(ST_SRID(geom)) FROM {layer.name}"
    assert rows_of(loaded(sql)) == [[str(layer.feature_count), "t", "4326"]]
    names = dict(rows_of(loaded(f"SELECT id, name_zh_hant FROM {layer.name}")))
    assert names == {f.id: f.properties["name_zh_hant"] for f in catalog.features(layer.name)}


@pytest.mark.parametrize("name", POLYGONS)
def test_postgis_agrees_on_areas(loaded, name):
    sql = f"SELECT id, ST_Area(geom::geography) FROM {name}"
    assert_areas(rows_of(loaded(sql)), geodesic(name), 1e-9)
    sql = f"SELECT id, ST_Area(ST_Transform(geom, 2326)) FROM {name}"
    assert_areas(rows_of(loaded(sql)), planar(name), 1e-8)


# ---- DuckDB ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def duckdb(need_package):
    database = need_package("duckdb").connect()
    home = Path(need_package("duckdb_extension_spatial").__file__).parent
    (extension,) = home.rglob("spatial.duckdb_extension")
    database.execute(f"LOAD '{extension}'")
    return database


@pytest.mark.parametrize("name", POLYGONS)
def test_duckdb_agrees_on_areas(duckdb, exported, name):
    folder = exported.folder
    shape = "ST_Area_Spheroid(ST_FlipCoordinates({}))".format
    for source, geometry in (
        (f"ST_Read('{folder}/hetao.gpkg', layer='{name}')", "geom"),
        (f"ST_Read('{folder}/{name}.geojson')", "geom"),
        (f"ST_Read('{folder}/{name}.fgb')", "geom"),
        (f"ST_Read('/vsizip/{folder}/{name}.shp.zip')", "geom"),
        (f"'{folder}/{name}.parquet'", "geometry"),
        (f"read_csv('{folder}/{name}.csv')", "ST_GeomFromText(wkt)"),
    ):
        rows = duckdb.execute(f"SELECT id, {shape(geometry)} FROM {source}").fetchall()
        assert_areas(rows, geodesic(name), 1e-9)
