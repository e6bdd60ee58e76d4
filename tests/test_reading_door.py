"""Nothing that a file names is opened, nothing runs for ever, and every refusal is one sentence."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from hetao_geo import cli, reading
from hetao_geo.errors import DataError, HetaoGeoError
from hetao_geo.reading import Unreadable

SQUARE = shapely.box(114.05, 22.51, 114.06, 22.52)

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


def frame(**columns: Any) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(columns or {"n": [1]}, geometry=[SQUARE], crs=4326)


def geoparquet(path: Path, crs: Any) -> Path:
    about = {"encoding": "WKB", "geometry_types": [], "crs": crs}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
    data = pa.table({"n": [1], "geometry": pa.array([shapely.to_wkb(SQUARE)], pa.binary())})
    pq.write_table(data.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def definitions(pipe: Path) -> dict[str, Any]:
    """Return definitions of coordinate systems that name a file."""
    base = pyproj.CRS("EPSG:4314")
    wkt = base.to_wkt("WKT1_GDAL")
    grids = f',EXTENSION["PROJ4_GRIDS","{pipe}"]'
    bound: dict[str, Any] = {
        "type": "BoundCRS",
        "source_crs": base.to_json_dict(),
        "target_crs": pyproj.CRS("EPSG:4326").to_json_dict(),
        "transformation": {
            "name": "x",
            "method": {"name": "NTv2", "id": {"authority": "EPSG", "code": 9615}},
            "parameters": [
                {"name": "Latitude and longitude difference file", "value": str(pipe)},
            ],
        },
    }
    return {
        "init": f"+init={pipe}:x",
        "proj": f"+proj=longlat +ellps=bessel +nadgrids={pipe} +type=crs",
        "wkt": wkt.replace('AUTHORITY["EPSG","6314"]]', f'AUTHORITY["EPSG","6314"]{grids}]', 1),
        "plain wkt": f'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]{grids}],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]',
        "extension": f'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.2]],PRIMEM["Greenwich",0],'
        f'UNIT["degree",0.0174532925199433],EXTENSION["PROJ4","+proj=longlat +nadgrids={pipe}"]]',
        "projjson": bound,
        "pipeline": f"+proj=pipeline +step +proj=hgridshift +grids={pipe}",
        "name": str(pipe),
        "legacy": f"{pipe}:4326",
    }


def files_that_name(pipe: Path, folder: Path) -> list[Path]:
    """Return files of every format whose CRS names a file."""
    made = []
    for number, definition in enumerate(definitions(pipe).values()):
        text = definition if isinstance(definition, str) else json.dumps(definition)
        made.append(geoparquet(folder / f"{number}.parquet", definition))
        package = folder / f"{number}.gpkg"
        frame().to_file(package, layer="a")
        with sqlite3.connect(package) as database:
            change = "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = ?"
            database.execute(f"{change} WHERE srs_id = 4326", (text,))
        database.close()
        made.append(package)
        shape = folder / f"{number}.shp"
        frame().to_file(shape)
        shape.with_suffix(".prj").write_text(text, "utf-8")
        made.append(shape)
        document = json.loads(frame().to_json())
        document["crs"] = {"type": "name", "properties": {"name": text}}
        (folder / f"{number}.geojson").write_text(json.dumps(document), "utf-8")
        made.append(folder / f"{number}.geojson")
    return made


_READ_ALL = """
import sys
from hetao_geo import checking, reading
from hetao_geo.checking.conversion import convert
from hetao_geo.errors import HetaoGeoError
for path in sys.argv[1:]:
    for action in (
        lambda: list(reading.open_file(path).batches()),
        lambda: checking.read_layers(path),
        lambda: convert(path, "wgs84", "gcj02"),
    ):
        try:
            action()
        except HetaoGeoError:
            pass
    print(path)
"""


def test_a_file_that_a_crs_names_is_never_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    made = files_that_name(pipe, tmp_path)
    # Whoever opened the pipe would wait for a writer for ever.
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, *map(str, made)],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stdout.split() == [str(path) for path in made]


def test_a_header_of_flatgeobuf_names_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    frame().to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    data = (tmp_path / "a.fgb").read_bytes()
    start = data.index(b"GEOG")
    name = f'GEOGCS["x",EXTENSION["PROJ4","+proj=longlat +nadgrids={pipe}"]]'.encode()
    (tmp_path / "b.fgb").write_bytes(data[:start] + name + data[start + len(name) :])
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(tmp_path / "b.fgb")],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout


def package(path: Path, *statements: str) -> Path:
    frame().to_file(path, layer="a")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


ENDLESS = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n, n AS geom FROM c"
)


def test_views_and_computed_columns_are_left_alone_and_named(tmp_path: Path) -> None:
    path = package(
        tmp_path / "a.gpkg",
        f"CREATE VIEW v AS {ENDLESS}",
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4326)",
        "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4326, 0, 0)",
        "ALTER TABLE a ADD COLUMN twice AS (n * 2)",
    )
    source = reading.open_file(path)
    assert [len(batch) for batch in source.batches()] == [1]
    assert "twice" not in source.fields
    assert "view" in " ".join(source.warnings) and "twice" in " ".join(source.warnings)


@pytest.mark.parametrize("hidden", ["view", "virtual", "shadowed"])
def test_a_package_of_traps_is_refused_in_seconds(hidden: str, tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", "DROP TABLE a")
    with sqlite3.connect(path) as database:
        if hidden == "view":
            database.execute(f"CREATE VIEW a AS {ENDLESS}")
        elif hidden == "virtual":
            database.execute("CREATE VIRTUAL TABLE a USING fts5(geom)")
        else:  # what every query asks for first
            database.execute("DROP TABLE gpkg_geometry_columns")
            columns = "n AS table_name, n AS column_name, n AS srs_id, n AS geometry_type_name"
            database.execute(
                "CREATE VIEW gpkg_geometry_columns AS WITH RECURSIVE c(n) AS "
                f"(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT {columns} FROM c WHERE n < 0"
            )
    database.close()
    started = time.monotonic()
    with pytest.raises(DataError):
        reading.open_file(path)
    assert time.monotonic() - started < 40


@pytest.mark.parametrize("name", ["a!b.gpkg", "a|layername=b.gpkg", "-a.gpkg", "a?b#c%20.gpkg"])
def test_the_file_that_was_named_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for ending in (".gpkg", ".fgb", ".parquet"):
        frame(n=[7]).to_file("plain.gpkg", layer="a")
        frame(n=[7]).to_file("plain.fgb", driver="FlatGeobuf")
        frame(n=[7]).to_parquet("plain.parquet")
        target = name.replace(".gpkg", ending)
        shutil.copyfile(f"plain{ending}", f"./{target}")
        batch = next(reading.open_file(target).batches())
        assert batch.columns["n"].tolist() == [7]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux")
def test_a_name_that_is_not_utf8_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame().to_file(tmp_path / "a.gpkg", layer="a")
    frame().to_parquet(tmp_path / "a.parquet")
    frame().to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    for ending in ("gpkg", "parquet", "fgb"):
        odd = os.fsencode(tmp_path) + b"/\xb2\xe2." + ending.encode()
        shutil.copyfile(tmp_path / f"a.{ending}", odd)
        assert len(next(reading.open_file(os.fsdecode(odd)).batches())) == 1
        assert cli.main(["check", os.fsdecode(odd)]) == 0
    capsys.readouterr()


OTHERS: dict[str, tuple[bytes, str]] = {
    "topojson": (b'{"type":"Topology","objects":{},"arcs":[]}', "TopoJSON.*ogr2ogr"),
    "esri": (b'{"geometryType":"esriGeometryPolygon","features":[]}', "Esri JSON.*ogr2ogr"),
    "overpass": (b'{"version":0.6,"osm3s":{},"elements":[]}', "Overpass.*osmtogeojson"),
    "echarts": (b'{"type":"FeatureCollection","UTF8Encoding":true,"features":[]}', "ECharts"),
    "dxf": (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "DXF.*ogr2ogr"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0\0\3", "gzip.*gunzip"),
    "rar": (b"Rar!\x1a\x07\1\0", "RAR.*unrar"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", "7z.*7z x"),
    "tiff": (b"II*\0\x08\0\0\0", "raster"),
    "bytes": (bytes(range(256)) * 10, "not read here"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_known_and_not_read_is_named(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, message = OTHERS[name]
    (tmp_path / "a.geojson").write_bytes(data)
    with pytest.raises(Unreadable, match=message):
        reading.open_file(tmp_path / "a.geojson")
    assert cli.main(["check", str(tmp_path / "a.geojson")]) == 2
    assert "UTF-8" not in capsys.readouterr().out


def test_archives_and_folders_that_are_not_read_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    folder.mkdir()
    (folder / "a00000001.gdbtable").write_bytes(b"\3\0\0\0")
    with pytest.raises(DataError, match=r"File Geodatabase.*ogr2ogr"):
        reading.open_file(folder)
    with zipfile.ZipFile(tmp_path / "g.zip", "w") as archive:
        archive.write(folder / "a00000001.gdbtable", "a.gdb/a00000001.gdbtable")
    with pytest.raises(DataError, match=r"File Geodatabase.*ogr2ogr"):
        reading.open_file(tmp_path / "g.zip")
    path = package(
        tmp_path / "raster.gpkg",
        "DELETE FROM gpkg_geometry_columns",
        "UPDATE gpkg_contents SET data_type = 'tiles'",
    )
    with pytest.raises(DataError, match=r"raster GeoPackage.*polygonize"):
        reading.open_file(path)


def test_a_crash_exits_with_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hetao_geo.cli import layers

    def crash(_: object) -> int:
        raise RuntimeError("surprise")

    monkeypatch.setattr(layers, "run", crash)
    assert cli.main(["layers"]) == cli.INTERNAL_ERROR == 70
    assert "surprise" in capsys.readouterr().err


def test_sigterm_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text("old", "utf-8")
    code = """
import signal, sys, time
# A job in the background of a shell inherits that Ctrl-C is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from hetao_geo import cli, files
from hetao_geo.cli import grid
def run(args):
    with files.replacing(args.output) as temporary:
        temporary.write_text("half")
        print("ready", flush=True)
        time.sleep(60)
grid.run = run
sys.exit(cli.main(["grid", "-o", sys.argv[1]]))
"""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(20) == 128 + number
        process.stdout.close()
        assert target.read_text("utf-8") == "old"
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("command", ["convert", "check"])
def test_no_command_writes_over_what_it_reads(command: str, tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.shp")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "link.json").symlink_to("a.dbf")
    words = {"convert": ["--from", "wgs84"], "check": ["--fix"]}[command]
    for name in ("a.shp", "a.dbf", "link.json"):
        target = str(tmp_path / name)
        assert cli.main([command, str(tmp_path / "a.shp"), *words, "-o", target]) == 2
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.is_symlink()}
    assert after == before


def test_numbers_and_names_that_are_impossible_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = "[[[0,0],[1,0],[1,1],[0,0]]]"
    for text in (
        f'{{"type":"Feature","id":{"9" * 400},"properties":{{}},"geometry":null}}',
        f'{{"type":"Polygon","coordinates":{ring},"crs":{{"type":"name","properties":{{"name":7}}}}}}',
        f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":[1],'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}',
        "[" * 100_000,
        '{"type":"FeatureCollection","features":[1,null,{}]}',
    ):
        path.write_text(text, "utf-8")
        try:
            for _ in reading.open_file(path).batches():
                pass
        except HetaoGeoError as error:
            assert str(error).count("\n") == 0
