"""One local regular file is opened, and nothing that it points at."""

import io
import json
import os
import sqlite3
import stat
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

import hetao_geo
from hetao_geo import catalog, checking
from hetao_geo.checking import Limits
from hetao_geo.errors import DataError, UsageError
from hetao_geo.reading import declared_crs

PARKS = Path(__file__).resolve().parent.parent / "geodata" / "parks.geojson"
Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    def make(name: str, crs: str = "EPSG:4326", layer: str = "parks") -> Path:
        frame = catalog.load("parks")[["id", "name_zh_hans", "geometry"]].to_crs(crs)
        frame = frame.rename(columns={"name_zh_hans": "name"})
        frame.to_file(tmp_path / name, layer=layer, engine="pyogrio")
        return tmp_path / name

    return make


def zipped(folder: Path, pattern: str, name: str = "z.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob(pattern)):
            archive.write(path, path.name)
    return folder / name


def codes(path: Path, **options: object) -> set[str]:
    return {fault.code for fault in checking.read(path, **options).faults}  # type: ignore[arg-type]


def area(found: checking.CheckedFile) -> float:
    return float(sum(shapely.area([feature.geometry for feature in found.features])))


def expected_area() -> float:
    return float(sum(shapely.area([park.geometry for park in catalog.features("parks")])))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2326", "EPSG:4547"])
def test_a_geopackage_is_read_in_its_own_crs(write: Writer, crs: str) -> None:
    found = checking.read(write("parks.gpkg", crs))
    assert (found.kind, found.errors, len(found.features)) == ("geopackage", (), 2)
    assert found.features[0].properties["name"] == "深圳园区"
    assert [feature.id for feature in found.features] == ["shenzhen-park", "hong-kong-park"]
    assert area(found) == pytest.approx(expected_area(), rel=1e-6)
    assert found.crs == ("wgs84" if crs == "EPSG:4326" else crs)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2326"])
def test_a_zipped_shapefile_is_read_in_its_own_crs(write: Writer, crs: str) -> None:
    path = write("parks.shp", crs)
    found = checking.read(zipped(path.parent, "parks.*", "parks.dat"))
    assert (found.kind, found.errors, len(found.features)) == ("shapefile", (), 2)
    assert found.features[0].properties["name"] == "深圳园区"
    assert area(found) == pytest.approx(expected_area(), rel=1e-6)


def test_the_name_of_a_file_counts_for_nothing(write: Writer, tmp_path: Path) -> None:
    path = write("parks.gpkg").rename(tmp_path / "parks.geojson")
    assert checking.read(path).kind == "geopackage"
    vrt = tmp_path / "layer.geojson"
    vrt.write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='parks'><SrcDataSource>{PARKS}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    found = checking.read(vrt)
    assert ([fault.code for fault in found.faults], found.readable) == (["unknown-format"], False)


def test_a_layer_that_is_a_view_is_refused(write: Writer) -> None:
    path = write("parks.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE parks RENAME TO hidden")
        database.execute("CREATE VIEW parks AS SELECT * FROM hidden")
        database.execute("UPDATE gpkg_geometry_columns SET table_name = 'parks'")
    database.close()
    assert codes(path) == {"unsafe-container"}


def test_a_layer_that_computes_its_values_is_refused(write: Writer) -> None:
    path = write("parks.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (b, geom AS (replace(hex(zeroblob(9e8)), '0', '00')))")
        database.execute("UPDATE gpkg_geometry_columns SET table_name = 't'")
    database.close()
    assert codes(path) == {"unsafe-container"}


def test_a_geopackage_in_write_ahead_mode_opens_nothing_beside_it(write: Writer) -> None:
    path = write("parks.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
    database.close()
    before = sorted(path.parent.iterdir())
    assert checking.read(path).errors == ()
    assert sorted(path.parent.iterdir()) == before


@pytest.mark.skipif(sys.platform != "linux", reason="audit names as on Linux")
@pytest.mark.parametrize("name", ["parks.gpkg", "parks.geojson"])
def test_only_the_named_file_is_opened(write: Writer, name: str) -> None:
    path = write("parks.gpkg") if name.endswith("gpkg") else PARKS
    checking.read(path)  # our own layers and PROJ's tables are read once
    opened: list[str] = []
    watching = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in ("open", "sqlite3.connect", "os.mkdir", "socket.connect"):
            opened.append(str(arguments[0]))

    sys.addaudithook(hook)
    checking.read(path)
    watching = False
    paths = {name for name in opened if not name.isdigit()}  # numbers are open files
    # What SQLite opens is the file itself, under a name of ours in a private folder.
    private = (f"{tempfile.gettempdir()}/hetao-geo-", f"file:{tempfile.gettempdir()}/hetao-geo-")
    assert {name for name in paths if not name.startswith(private)} <= {str(path)}


GEOGCS = """GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257]{}],PRIMEM["Greenwich",0],
UNIT["degree",0.0174532925199433]]"""
MERCATOR = """PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",
6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],
PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],
PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],
EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +wktext +no_defs"]]"""


@pytest.mark.parametrize(
    "name",
    [
        "+proj=longlat +ellps=GRS80 +nadgrids=/etc/hosts +type=crs",
        "+init=/etc/hosts:x",
        GEOGCS.format(',EXTENSION["PROJ4_GRIDS","/etc/hosts"]'),
        MERCATOR.replace("@null", "@null,/etc/hosts"),
        GEOGCS.format("").replace('"x"', '"\x1b[2J"'),
        'LOCAL_CS["site",UNIT["metre",1]]',
        "EPSG:5703",
        "\ud800",
    ],
)
def test_a_crs_that_names_a_file_or_no_place_is_unknown(tmp_path: Path, name: str) -> None:
    document = {**json.loads(PARKS.read_text("utf-8")), "crs": {"type": "name"}}
    document["crs"]["properties"] = {"name": name}
    (tmp_path / "a.geojson").write_text(json.dumps(document), "utf-8")
    assert "unknown-crs" in codes(tmp_path / "a.geojson")


def test_the_usual_definitions_are_taken() -> None:
    names = (MERCATOR, "EPSG:2326+5738", "urn:ogc:def:crs:EPSG::4979", "WGS 84")
    found = [declared_crs.find(name) for name in names]
    assert found == ["EPSG:3857", "EPSG:2326", "wgs84", "wgs84"]


def test_damaged_containers_are_one_fault(write: Writer, tmp_path: Path) -> None:
    path = write("parks.gpkg")
    data = path.read_bytes()
    for broken in (data[:2000], data[:100] + os.urandom(len(data) - 100), b"SQLite format 3\0"):
        path.write_bytes(broken)
        assert codes(path) == {"bad-container"}
        assert not checking.read(path).readable
    path.write_bytes(b"PK\x03\x04rest")
    assert codes(path) == {"bad-container"}


def test_a_fault_does_not_name_the_private_folder(write: Writer, tmp_path: Path) -> None:
    write("parks.shp")
    (fault,) = checking.read(zipped(tmp_path, "*.shp")).faults
    assert (fault.code, "hetao-geo-" in str(fault.found)) == ("bad-container", False)


def archive(path: Path, *members: tuple[str, bytes, int]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return path


def test_archives_that_reach_outside_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    link = stat.S_IFLNK | 0o777
    for name, mode in (("../a.shp", 0), ("/a.shp", 0), ("c:\\a.shp", 0), ("a.shp", link)):
        assert codes(archive(path, (name, b"/etc/passwd", mode))) == {"unsafe-container"}
    assert codes(archive(path, ("a.txt", b"x", 0))) == {"unknown-format"}
    assert codes(archive(path, ("a.shp", b"<OGRVRTDataSource/>", 0))) == {"bad-container"}


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "z.zip", ("a.shp", bytes(50_000_000), 0))
    assert codes(bomb) == {"unsafe-container"}
    assert codes(bomb, limits=Limits(size=1_000_000)) == {"too-large"}
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as target:
        for i in range(1500):
            target.writestr(f"{i}.shp", b"")
    (tmp_path / "m.zip").write_bytes(many.getvalue())
    assert codes(tmp_path / "m.zip") == {"unsafe-container"}


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    missing = ["none.geojson", "pipe", "", "a\0b"]
    for name in [*(str(tmp_path / m) for m in missing), "/dev/zero", "/vsicurl/http://x/y",
                 "/proc/self/mem", "https://example.org/a.geojson"]:  # fmt: skip
        with pytest.raises(DataError, match="cannot read the file"):
            checking.read(name)


def test_limits_refuse_and_can_be_raised() -> None:
    assert codes(PARKS, limits=Limits(size=100)) == {"too-large"}
    assert codes(PARKS, limits=Limits(depth=3)) == {"too-deep"}
    assert codes(PARKS, limits=Limits(vertices=10)) == {"too-many-vertices"}
    assert codes(PARKS) == set()
    with pytest.raises(UsageError, match="max-depth"):
        Limits(depth=100_000)


def test_read_polygons_gives_a_frame_or_every_fault(tmp_path: Path) -> None:
    frame = hetao_geo.read_polygons(PARKS)
    assert (list(frame["id"]), frame.crs) == (["shenzhen-park", "hong-kong-park"], "EPSG:4326")
    bad = tmp_path / "bad.geojson"
    bad.write_text('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]],[[5,5]]]}')
    with pytest.raises(checking.PolygonsError, match="not closed") as caught:
        hetao_geo.read_polygons(bad)
    assert {fault.code for fault in caught.value.faults} == {"unclosed-ring", "too-few-positions"}
    assert isinstance(caught.value, ValueError)


def test_a_sound_file_without_polygons_has_one_code(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    for text in (
        '{"type":"Point","coordinates":[1,2]}',
        '{"type":"FeatureCollection","features":[]}',
        '{"type":"Feature","properties":null,"geometry":null}',
        '{"type":"LineString","coordinates":[[1,2,3,4],[500,60]],"crs":null}',
        '{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}',
    ):
        path.write_text("\ufeff" + text, encoding="utf-8")
        found = checking.read(path)
        assert [(f.code, f.severity) for f in found.faults] == [("no-polygons", "warning")]
        with pytest.raises(checking.PolygonsError, match="holds no polygons"):
            checking.polygons(path)


@pytest.mark.parametrize("name", ["CRS84", "crs:84", "EPSG:102113", "urn:ogc:def:crs:OGC::CRS84"])
def test_names_in_wide_use_are_known(name: str, tmp_path: Path) -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    crs = {"type": "name", "properties": {"name": name}}
    path = tmp_path / "named.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring], "crs": crs}), "utf-8")
    assert {fault.code for fault in checking.read(path).faults} <= {"old-crs", "missing-id"}
