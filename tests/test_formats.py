import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.polygon import orient

import hetao_geo
from hetao_geo import catalog
from hetao_geo.cli import main
from hetao_geo.errors import MissingExtraError, OutputError, UsageError
from hetao_geo.formats import (
    FORMATS,
    choice,
    export,
    flatgeobuf,
    gdal,
    geopackage,
    kml,
    notice,
    parquet,
    rfc7946,
    shapefile,
    spreadsheet,
    tables,
)

LAYERS = [one.name for one in catalog.layers()]
GEOD = pyproj.Geod(ellps="WGS84")
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    folder = tmp_path_factory.mktemp("all") / "out"
    return export(folder, formats="all")


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


# ---- what is written ----------------------------------------------------------------------


def test_all_writes_every_format_and_the_papers(everything):
    names = [path.name for path in everything.files]
    expected = {"hetao.gpkg", "hetao.kmz", "hetao.dxf", "README.txt", "LICENSE.txt"}
    for suffix in (".geojson", ".fgb", ".qml", ".shp.zip", ".csv", ".parquet"):
        expected |= {name + suffix for name in LAYERS}
    assert set(names) == expected
    assert everything.notes == ()
    assert all(path.is_file() for path in everything.files)
    assert listing(everything.folder) == sorted(names)


def test_same_bytes_on_every_run(everything, tmp_path):
    time.sleep(1.1)  # clocks in these formats count whole seconds
    again = export(tmp_path / "again", formats="all")
    for first, second in zip(everything.files, again.files, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_no_date_of_today_is_written(everything):
    today = time.strftime("%Y-%m-%d").encode()
    dbf = zipfile.ZipFile(everything.folder / "parks.shp.zip").read("parks.dbf")
    assert tuple(dbf[1:4]) == (70, 1, 1)
    for path in everything.files:
        assert today not in path.read_bytes(), path.name


def test_public_name_is_a_function_even_after_the_modules_are_imported():
    code = (
        "import hetao_geo, hetao_geo.formats, hetao_geo.cli.export\n"
        "from hetao_geo import export\n"
        "assert callable(export) and callable(hetao_geo.export)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert hetao_geo.export is export


def test_licence_and_readme_travel_inside_the_single_files(everything):
    folder = everything.folder
    for name in ("hetao.kmz", "parks.shp.zip"):
        members = zipfile.ZipFile(folder / name).namelist()
        assert {"README.txt", "LICENSE.txt"} <= set(members)
    with contextlib.closing(sqlite3.connect(folder / "hetao.gpkg")) as database:
        documents = [row[0] for row in database.execute("SELECT metadata FROM gpkg_metadata")]
        integrity = database.execute("PRAGMA integrity_check").fetchone()
        version = database.execute("PRAGMA user_version").fetchone()
    assert documents[:2] == [notice.readme(["gpkg"], LAYERS), notice.licence()]
    assert all("CC-BY-4.0" in one for one in documents[2:]) and len(documents) == 2 + len(LAYERS)
    assert integrity == ("ok",) and version == (10300,)
    assert json.loads((folder / "parks.geojson").read_text("utf-8"))["license"] == "CC-BY-4.0"
    if gdal.version() >= (3, 9):
        assert (
            "CC BY 4.0" in pyogrio.read_info(folder / "parks.fgb")["layer_metadata"]["DESCRIPTION"]
        )
    assert b"CC-BY-4.0" in (folder / "parks.parquet").read_bytes()
    assert b"CC-BY-4.0" in (folder / "hetao.dxf").read_bytes()


def test_readme_says_what_a_reader_must_know():
    text = notice.readme(list(FORMATS), LAYERS)
    assert notice.APPROXIMATE in text and notice.ATTRIBUTION in text and notice.LICENCE_URL in text
    for one in FORMATS.values():
        assert f"*{one.suffix}" in text, one.name
    for layer in catalog.layers():
        exact = "12 to 40" if layer.name in ("parks", "parts") else f"{layer.accuracy_m:g}"
        assert f"{layer.title['en']} (±{exact} m)" in text
    for long, short in shapefile.SHORT.items():
        assert f"{long} " in text and short in text
    assert "fitted" in text and "tests nothing" in text and "${" not in text
    assert max(map(len, text.split("SOURCES")[0].splitlines())) < 180
    assert notice.licence().startswith("Attribution 4.0 International")


def test_readme_speaks_of_nothing_that_was_not_written(tmp_path):
    made = export(tmp_path / "out", formats="gpkg,csv", layers="parks,roads", crs="EPSG:2326")
    text = (made.folder / "README.txt").read_text("utf-8")
    assert re.findall(r"^  \*(\S+)", text, re.MULTILINE) == [".gpkg", ".csv"]
    rows = text.partition("LAYERS\n")[2].partition("\nCOORDINATES")[0].splitlines()[1:]
    assert [row.split()[0] for row in rows if row] == ["parks", "roads"]
    assert " hetao.epsg2326.gpkg " in text and "SHAPEFILE FIELDS" not in text
    assert "Xinhua" not in text.partition("SOURCES")[2]


def test_readme_tells_what_each_format_says_of_shifted_coordinates(tmp_path):
    export(tmp_path / "out", formats="geojson", layers="parks", datum="gcj02")
    text = (tmp_path / "out" / "README.txt").read_text("utf-8")
    assert "take the file for WGS 84" in " ".join(text.split())
    # What the sentence warns of: GDAL's reader knows no GeoJSON without a CRS.
    assert first_layer(tmp_path / "out" / "parks.gcj02.geojson").crs.to_epsg() == 4326


def test_degrees_and_metres_stand_side_by_side(tmp_path):
    folder = tmp_path / "out"
    export(folder, formats="csv,gpkg,dxf", layers="parks", crs=None)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".txt"}
    made = export(folder, formats="csv,gpkg,dxf", layers="parks", crs="EPSG:4547")
    names = [path.name for path in made.files if path.suffix != ".txt"]
    assert names == ["hetao.epsg4547.dxf", "hetao.epsg4547.gpkg", "parks.epsg4547.csv"]
    assert all((folder / name).read_bytes() == data for name, data in before.items())


def test_the_own_crs_of_a_format_needs_no_mark(tmp_path):
    made = export(tmp_path / "a", formats="csv,geojson", layers="parks", crs="EPSG:4326")
    assert {"parks.csv", "parks.geojson"} <= {path.name for path in made.files}
    made = export(tmp_path / "b", formats="dxf,gpkg", layers="parks", crs=2326)
    assert {"hetao.dxf", "hetao.epsg2326.gpkg"} <= {path.name for path in made.files}


def test_no_column_is_lost_and_no_cell_is_nested():
    for name in LAYERS:
        table, features = tables.read(name), catalog.features(name)
        for feature, (row, geometry) in zip(features, tables.records(table), strict=True):
            assert geometry.equals_exact(feature.geometry, 0)
            assert {"id", *feature.properties} <= set(row)
            assert all(v is None or isinstance(v, str | bool | float) for v in row.values())
            assert all(source in row["sources"] for source in feature.properties["sources"])
            for side in feature.properties.get("sides", ()):
                assert side["basis"] in row["sides"] and side["limit_zh_hans"] in row["sides"]


def test_inferred_sides_are_the_vertices_that_the_data_name():
    row = dict(tables.records(tables.read("parks"))[0][0])
    sides = catalog.features("parks")[0].properties["sides"]
    spans = [f"{side['line'][0]}-{side['line'][1]}" for side in sides if side["inferred"]]
    assert row["inferred_sides"] == "; ".join(spans)
    assert "fitted" not in row


# ---- what was written can be read: the same rows, the same shapes, the same areas -----------


def read_gdal(path, layer=0):
    # GDAL would turn texts of GeoJSON that look like dates into dates.
    options = {"DATE_AS_STRING": "YES"} if path.suffix == ".geojson" else {}
    frame = pyogrio.read_dataframe(path, layer=layer, **options)
    return {row["id"]: row for row in frame.to_dict("records")}


def read_gpkg(path, name):
    return read_gdal(path, name)


def read_plain(path, name):
    return read_gdal(path)


def read_shp(path, name):
    rows = {}
    for key, row in read_gdal(path).items():
        whole = {}
        for field, value in row.items():
            head, _, number = field.rpartition("_")
            joined = number.isdigit() and head in row
            if joined and isinstance(value, str):
                whole[head] += value
            elif not joined:
                whole[field] = value
        long = {short: name for name, short in shapefile.SHORT.items()}
        rows[key] = {long.get(field, field): value for field, value in whole.items()}
    return rows


def read_csv(path, name):
    csv.field_size_limit(10**8)
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows = [{k: v[1:] if v[:2] in FORMULAS else v for k, v in row.items()} for row in rows]
    return {row["id"]: {**row, "geometry": shapely.from_wkt(row["wkt"])} for row in rows}


FORMULAS = {f"'{mark}" for mark in "=+-@\t\r"}


def read_parquet(path, name):
    frame = geopandas.read_parquet(path)
    return {row["id"]: row for row in frame.to_dict("records")}


def read_kmz(path, name):
    root = ET.fromstring(zipfile.ZipFile(path).read("doc.kml"))
    rows = {}
    (folder,) = [f for f in root.iter(f"{KML}Folder") if f.get("id") == name]
    for place in folder.iter(f"{KML}Placemark"):
        row = {d.get("name"): d[0].text or "" for d in place.iter(f"{KML}Data")}
        rings = [
            [tuple(map(float, pair.split(","))) for pair in c.text.split()]
            for c in place.iter(f"{KML}coordinates")
        ]
        kinds = {"Polygon": lambda r: shapely.Polygon(r[0], r[1:])}
        kinds["LineString"] = lambda r: shapely.LineString(r[0])
        kinds["Point"] = lambda r: shapely.Point(r[0][0])
        (kind,) = [k for k in kinds if place.find(f"{KML}{k}") is not None]
        rows[row["id"]] = {**row, "geometry": kinds[kind](rings)}
    return rows


CASES = {
    "gpkg": (geopackage.write, read_gpkg),
    "geojson": (rfc7946.write, read_plain),
    "fgb": (flatgeobuf.write, read_plain),
    "kmz": (kml.write, read_kmz),
    "shp": (shapefile.write, read_shp),
    "csv": (spreadsheet.write, read_csv),
    "parquet": (parquet.write, read_parquet),
}


def same(written, read):
    if written is None:
        return read in (None, "") or read != read
    if isinstance(written, bool):
        return read in (written, "yes" if written else "no")
    if isinstance(written, float):
        return float(read) == pytest.approx(written, rel=1e-11, abs=1e-12)
    return read == written


def assert_round_trip(table, found):
    rows = tables.records(table)
    assert set(found) == {row["id"] for row, _ in rows}
    for row, geometry in rows:
        got = found[row["id"]]
        for key, value in row.items():
            assert same(value, got.get(key)), (row["id"], key, value, got.get(key))
        assert got["geometry"].normalize().equals_exact(geometry.normalize(), 0)
        ours = GEOD.geometry_area_perimeter(geometry)[0]
        theirs = GEOD.geometry_area_perimeter(got["geometry"])[0]
        # A Shapefile turns rings around; the size of the area may not change by a bit more.
        assert abs(theirs) == pytest.approx(abs(ours), rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_layers_come_back(everything, name, layer):
    one = FORMATS[name]
    path = everything.folder / f"{'hetao' if one.one_file else layer}{one.suffix}"
    found = CASES[name][1](path, layer)
    assert_round_trip(tables.read(layer), found)


# Text of any script, with what trips writers: quotes, tags, formulas, entities, percent signs.
TRICKY = ["<b>&amp;</b>", "=1+1", "'", '"; --', "${x}", "$[id]", "]]>", "深圳河", "a; b", "%s"]
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp")
)
TEXTS = st.one_of(st.sampled_from(TRICKY), st.text(LETTERS, min_size=1, max_size=300))
DEGREES = st.integers(0, 10**5).map(lambda n: round(n / 1e5, 5))


@st.composite
def polygons(draw):
    west, south = 113 + draw(DEGREES), 22 + draw(DEGREES)
    width, height = (draw(st.integers(20, 2000)) / 1e5 for _ in range(2))
    box = shapely.box(west, south, west + width, south + height)
    hole = shapely.box(
        west + width / 4, south + height / 4, west + width / 2, south + height / 2
    ).exterior
    shape = shapely.Polygon(box.exterior, [hole]) if draw(st.booleans()) else box
    return orient(shapely.transform(shape, lambda p: np.round(p, 7)))


@st.composite
def made_up(draw):
    shapes = draw(st.lists(polygons(), min_size=1, max_size=3))
    features = []
    for number, shape in enumerate(shapes):
        properties = {
            "name_en": draw(TEXTS),
            "name_zh_hans": draw(TEXTS),
            "name_zh_hant": draw(TEXTS),
            "role": "hong-kong-park",
            "accuracy_m": draw(st.integers(1, 500)),
            "approximate": True,
            "method": draw(TEXTS),
            "sources": draw(st.lists(TEXTS, max_size=2)),
            "stated_area_km2": draw(st.none() | st.floats(0.01, 9).map(lambda x: round(x, 3))),
        }
        features.append(catalog.Feature(f"f{number}", shape, properties))
    return tables.build(catalog.layer("parks"), features)


@pytest.mark.parametrize("name", CASES)
@given(table=made_up())
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_anything_comes_back(tmp_path, name, table):
    write, read = CASES[name]
    path = tmp_path / f"x{FORMATS[name].suffix}"
    path.unlink(missing_ok=True)
    write([table], path)
    assert_round_trip(table, read(path, "parks"))


@pytest.mark.parametrize("name", ["parks.geojson", "parks.shp.zip"])
def test_our_own_intake_takes_them(everything, name):
    frame = hetao_geo.read_polygons(everything.folder / name).set_index("id")
    for feature in catalog.features("parks"):
        shape = frame.geometry[feature.id]
        assert shape.normalize().equals_exact(feature.geometry.normalize(), 0)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_our_own_intake_brings_shifted_ones_home(tmp_path, datum):
    export(tmp_path / "out", formats="geojson,shp", layers="parks", datum=datum)
    for end in ("geojson", "shp.zip"):
        path = tmp_path / "out" / f"parks.{datum}.{end}"
        frame = hetao_geo.read_polygons(path, assume=datum).set_index("id")
        for feature in catalog.features("parks"):
            shape = frame.geometry[feature.id].normalize()
            assert shape.equals_exact(feature.geometry.normalize(), 2e-7)  # degrees


def test_dxf_has_the_same_bytes_under_every_hash_seed(tmp_path):
    code = "import sys, hetao_geo; hetao_geo.export(sys.argv[1], formats='dxf', layers='parks')"
    seen = set()
    for seed in ("0", "4", "5"):
        folder = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, folder], check=True, env=environment)
        seen.add((folder / "hetao.dxf").read_bytes())
    assert len(seen) == 1


def test_dxf_comes_back(everything):
    import ezdxf
    from ezdxf.lldxf.encoding import decode_dxf_unicode

    drawing = ezdxf.readfile(everything.folder / "hetao.dxf")
    assert not drawing.audit().errors
    assert drawing.units == ezdxf.units.M
    space = drawing.modelspace()
    table = tables.to_crs(tables.read("parks"), pyproj.CRS("EPSG:2326"))
    for row, geometry in tables.records(table):
        (line,) = [
            e
            for e in space.query('LWPOLYLINE[layer=="parks"]')
            if e.get_xdata("HETAO_GEO")[0].value == row["id"]
        ]
        assert line.closed
        drawn = shapely.Polygon(list(line.vertices()))
        assert drawn.equals_exact(geometry, 1e-5)  # metres
        assert drawn.area == pytest.approx(geometry.area, rel=1e-9)
        assert 8e5 < drawn.area < 4e6
    names = {decode_dxf_unicode(e.plain_text()) for e in space.query('MTEXT[layer=="parks-names"]')}
    assert names == {"Shenzhen Park 深圳園區", "Hong Kong Park 香港園區"}
    assert (everything.folder / "hetao.dxf").read_bytes().isascii()
    inferred = space.query('LWPOLYLINE[layer=="parks-inferred"]')
    assert len(inferred) == sum(
        side["inferred"] for side in catalog.features("parks")[0].properties["sides"]
    )
    assert {line.dxf.linetype for line in inferred} == {"HETAO_DASHED"}
    assert {e.rgb for e in space.query('LWPOLYLINE[layer=="parks"]')} == {
        (0xC2, 0x3A, 0x12),
        (0x1A, 0x5C, 0xA3),
    }


# ---- Shapefile and spreadsheet ---------------------------------------------------------------


@given(st.text(max_size=700).map(lambda t: " ".join(t.split())))
@settings(deadline=None, derandomize=True)
def test_pieces_of_a_text_join_to_the_text(text):
    pieces = shapefile.split(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= 254 for piece in pieces)
    assert all(piece == piece.strip() for piece in pieces)


def test_a_long_chinese_text_is_not_cut(tmp_path):
    long = "河" * 200  # 600 bytes, of which one field holds 84 characters
    table = tables.read("parks")
    table.frame["method"] = [long, "short"]
    shapefile.write([table], tmp_path / "parks.shp.zip")
    frame = pyogrio.read_dataframe(tmp_path / "parks.shp.zip")
    assert "".join(frame.loc[0, ["method", "method_2", "method_3"]]) == long
    assert zipfile.ZipFile(tmp_path / "parks.shp.zip").read("parks.cpg") == b"UTF-8"
    assert all(len(name) <= 10 for name in frame.columns)


def test_a_shapefile_that_cannot_hold_a_field_says_so(tmp_path):
    table = tables.read("parks")
    table.frame["a_very_long_name"] = "x"
    with pytest.raises(UsageError, match=r"too long for a Shapefile.*a_very_long_name"):
        shapefile.write([table], tmp_path / "parks.shp.zip")


def test_csv_opens_in_a_spreadsheet(everything):
    data = (everything.folder / "parks.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and "深圳园区".encode() in data
    assert b"\r\n" in data
    for name in LAYERS:
        text = (everything.folder / f"{name}.csv").read_text("utf-8-sig")
        # A cell of Excel holds 32,767 characters.
        assert max(len(cell) for row in csv.reader(io.StringIO(text)) for cell in row) < 32_767


def test_hostile_text_stays_text(tmp_path):
    evil = "<script>alert(1)</script>$[name]"
    properties = {**catalog.features("parks")[0].properties, "name_en": evil, "method": "=HYPER()"}
    feature = catalog.Feature("evil", catalog.features("parks")[0].geometry, properties)
    table = tables.build(catalog.layer("parks"), [feature])
    text = kml.document([table])
    place = next(ET.fromstring(text).iter(f"{KML}Placemark"))
    assert place.find(f"{KML}name").text == evil
    popup = place.find(f"{KML}description").text
    assert "&lt;script&gt;" in popup and "<script" not in popup and "$[" not in popup
    spreadsheet.write([table], tmp_path / "x.csv")
    assert ",'=HYPER()," in (tmp_path / "x.csv").read_text("utf-8-sig")


# ---- CRS and datum -----------------------------------------------------------------------------


def first_layer(path):
    return pyogrio.read_dataframe(path, layer=0)


def test_crs_moves_every_vertex_as_pyproj_does(tmp_path):
    export(
        tmp_path / "out", formats="gpkg,fgb,shp,csv,parquet,dxf", layers="parks", crs="EPSG:4547"
    )
    transformer = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)

    def move(points):
        return np.column_stack(transformer.transform(*points.T))

    wanted = [shapely.transform(f.geometry, move) for f in catalog.features("parks")]
    readers = {
        "hetao.epsg4547.gpkg": first_layer,
        "parks.epsg4547.fgb": first_layer,
        "parks.epsg4547.shp.zip": first_layer,
        "parks.epsg4547.parquet": geopandas.read_parquet,
    }
    for name, read in readers.items():
        frame = read(tmp_path / "out" / name)
        assert frame.crs.to_epsg(min_confidence=20) == 4547, name
        frame = frame.set_index("id").loc[["shenzhen-park", "hong-kong-park"]]
        for shape, goal in zip(frame.geometry, wanted, strict=True):
            assert shape.normalize().equals_exact(goal.normalize(), 1e-6), name  # metres
    rows = read_csv(tmp_path / "out" / "parks.epsg4547.csv", "parks")
    assert rows["shenzhen-park"]["crs"] == "EPSG:4547"
    assert rows["shenzhen-park"]["geometry"].equals_exact(wanted[0], 1e-6)


def test_all_leaves_out_what_cannot_carry_the_crs_and_says_so(tmp_path):
    made = export(tmp_path / "out", formats="all", layers="parks", crs=32650)
    names = {path.name for path in made.files}
    assert "hetao.epsg32650.gpkg" in names and "hetao.epsg32650.dxf" in names
    assert not names & {"parks.geojson", "hetao.kmz"}
    assert [note.split(":")[0] for note in made.notes[:2]] == ["left out geojson", "left out kmz"]


def test_a_crs_of_another_place_is_noted(tmp_path):
    made = export(tmp_path / "out", formats="csv", layers="parks", crs="EPSG:32633")
    assert "is made for" in made.notes[0]
    assert export(tmp_path / "out", formats="csv", layers="parks", crs="EPSG:2326").notes == ()


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_datum_says_so_in_name_field_and_crs(tmp_path, datum):
    made = export(tmp_path / "out", formats="all", layers="parks", datum=datum)
    assert {path.name for path in made.files} == {
        f"hetao.{datum}.gpkg",
        *(f"parks.{datum}.{end}" for end in ("geojson", "qml", "fgb", "shp.zip", "csv", "parquet")),
        "README.txt",
        "LICENSE.txt",
    }
    assert [note.split(":")[0] for note in made.notes] == ["left out kmz", "left out dxf"]
    folder = tmp_path / "out"
    ours = catalog.features("parks")[0].geometry.centroid
    for name in ("hetao.{}.gpkg", "parks.{}.fgb", "parks.{}.shp.zip", "parks.{}.geojson"):
        frame = first_layer(folder / name.format(datum))
        assert set(frame["datum"]) == {datum}, name
        if not name.endswith("geojson"):
            code = frame.crs.to_epsg() if frame.crs else None
            assert code is None, (name, frame.crs)
        place = frame.set_index("id").geometry["shenzhen-park"].centroid
        azimuth, _, metres = GEOD.inv(ours.x, ours.y, place.x, place.y)
        if datum == "gcj02":
            # Evidence for the zone: 522 m east and 308 m south, about 606 m in all.
            assert metres == pytest.approx(606, abs=5) and azimuth == pytest.approx(120.5, abs=1)
        else:
            assert metres == pytest.approx(1248, abs=10)
    with contextlib.closing(sqlite3.connect(folder / f"hetao.{datum}.gpkg")) as database:
        assert database.execute("SELECT srs_id FROM gpkg_geometry_columns").fetchall() == [(0,)]
    geo = geopandas.read_parquet(folder / f"parks.{datum}.parquet")
    assert geo.crs is None
    row = read_csv(folder / f"parks.{datum}.csv", "parks")["hong-kong-park"]
    assert row["crs"] == "" and row["datum"] == datum
    assert f"parks.{datum}.prj" not in zipfile.ZipFile(folder / f"parks.{datum}.shp.zip").namelist()
    text = json.loads((folder / f"parks.{datum}.geojson").read_text("utf-8"))
    for x, y in text["features"][0]["geometry"]["coordinates"][0]:
        assert (x, y) == (round(x, 7), round(y, 7))
    assert "not WGS 84" in (folder / f"parks.{datum}.geojson").read_text("utf-8")


# ---- wrong use -----------------------------------------------------------------------------------

WRONG = {
    "format": (["--format", "gpx"], "unknown format.*one of gpkg.*'gpx'"),
    "no format": (["--format", ","], "unknown format.*none"),
    "layer": (["--layer", "parcs"], "unknown layer.*parks.*'parcs'"),
    "crs": (["--crs", "EPSG:999999"], "unknown CRS.*EPSG:2326.*EPSG:999999"),
    "crs text": (["--crs", "hk80"], "unknown CRS.*'hk80'"),
    "crs huge": (["--crs", "9" * 30], "unknown CRS"),
    "crs 3d": (["--crs", "EPSG:4979"], "not a CRS for a map"),
    "crs vertical": (["--crs", "EPSG:5773"], "not a CRS for a map"),
    "datum": (["--datum", "gcj"], "unknown datum.*gcj02"),
    "datum and crs": (["--datum", "gcj02", "--crs", "4326"], "no CRS.*not both"),
    "geojson crs": (["--format", "geojson", "--crs", "2326"], "'geojson' cannot carry.*WGS 84"),
    "kmz crs": (["--format", "gpkg,kmz", "--crs", "2326"], "'kmz' cannot carry.*WGS 84"),
    "kmz datum": (["--format", "kmz", "--datum", "bd09"], "'kmz' cannot carry.*bd09"),
    "dxf degrees": (["--format", "dxf", "--crs", "4326"], "'dxf' cannot carry.*metres"),
    "dxf feet": (["--format", "dxf", "--crs", "2225"], "'dxf' cannot carry.*metres"),
    "dxf datum": (["--format", "dxf", "--datum", "gcj02"], "'dxf' cannot carry.*gcj02"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_one_sentence_and_nothing_written(tmp_path, capsys, case):
    words, pattern = WRONG[case]
    assert main(["export", str(tmp_path / "out"), *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    with pytest.raises(AssertionError, match=pattern):
        raise AssertionError(err)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_parent_is_one_sentence(tmp_path, capsys):
    assert main(["export", str(tmp_path / "no" / "out")]) == 2
    assert f"no folder {tmp_path / 'no'}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_name_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export", ""]) == 2
    assert "an empty name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="a file of that name"):
        export(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "out" / "parks.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"parks\.csv.*a folder of that name"):
        export(tmp_path / "out", formats="csv", layers="parks")
    assert listing(tmp_path / "out") == ["parks.csv"]


def test_a_rerun_replaces_its_own_files_only(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (folder / "parks.csv").write_text("old")
    export(folder, formats="csv", layers="parks")
    export(folder, formats="csv", layers=["parts"])
    assert (folder / "mine.txt").read_text() == "mine"
    assert (folder / "parks.csv").read_text("utf-8-sig").startswith("id,")
    kept = ["LICENSE.txt", "README.txt", "mine.txt", "parks.csv", "parts.csv"]
    assert listing(folder) == kept


def test_a_failure_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spreadsheet, "write", fail)
    with pytest.raises(OutputError, match="No space left"):
        export(tmp_path / "out", formats="gpkg,csv")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_names_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pyarrow.*pip install 'hetao_geo\[parquet\]'"):
        export(tmp_path / "out", formats="parquet")
    with pytest.raises(MissingExtraError, match=r"ezdxf.*pip install 'hetao_geo\[dxf\]'"):
        export(tmp_path / "out", formats=["gpkg", "dxf"])
    assert list(tmp_path.iterdir()) == []
    made = export(tmp_path / "out", formats="all", layers="parks")
    assert [note.split(":")[0] for note in made.notes] == ["left out parquet", "left out dxf"]


def test_long_names_and_capitals_are_understood(tmp_path):
    made = export(tmp_path / "out", formats="Shapefile,CSV", layers="all")
    ends = {"".join(path.suffixes[-2:]) for path in made.files}
    assert {".shp.zip", ".csv"} <= ends and len(made.files) == 2 * len(LAYERS) + 2


def test_the_command_lists_what_it_wrote(tmp_path, capsys):
    assert main(["export", str(tmp_path / "out"), "-f", "csv", "-l", "parks,parts"]) == 0
    out, err = capsys.readouterr()
    names = [Path(line).name for line in out.splitlines()]
    assert names == ["parks.csv", "parts.csv", "README.txt", "LICENSE.txt"] and err == ""
