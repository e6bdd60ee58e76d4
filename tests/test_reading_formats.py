"""The same rows from every container: ids, values, reasons and polygons, small and large."""

import datetime
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from hetao_geo import area, reading
from hetao_geo.area import to_shapely
from hetao_geo.errors import DataError, UsageError
from hetao_geo.reading import declared_crs

# Older pyarrow knows views of text and cannot write them to Parquet.
VIEW = pa.string_view() if int(pa.__version__.split(".")[0]) >= 20 else pa.string()

IDS = [440304001001000017 + i for i in range(7)]


def shapes() -> list[Any]:
    plain = shapely.box(114.05, 22.51, 114.06, 22.52)
    hole = plain.difference(shapely.box(114.052, 22.512, 114.054, 22.514))
    two = shapely.MultiPolygon([plain, shapely.box(114.07, 22.51, 114.08, 22.52)])
    bow = shapely.Polygon([(114, 22), (114.1, 22.1), (114.1, 22), (114, 22.1)])
    return [plain, hole, shapely.Polygon(), None, two, bow, shapely.box(114, 22, 114.01, 22.01)]


def frame(repeat: int = 1, crs: str = "EPSG:4326") -> geopandas.GeoDataFrame:
    rows = {
        "id": [str(n) for n in IDS],
        "面积": [500, None, 7, 8, 9, 10, 11],
        "text": ["a", "皇岗", None, "d", "e", "f", "=1+1"],
    }
    data = pd.concat([pd.DataFrame(rows)] * repeat, ignore_index=True)
    data["面积"] = data["面积"].astype("Int64")
    held = geopandas.GeoDataFrame(data, geometry=shapes() * repeat, crs="EPSG:4326")
    return held.to_crs(crs)


def zipped(path: Path, held: geopandas.GeoDataFrame) -> None:
    held.to_file(path.with_suffix(".shp"), encoding="UTF-8")
    with zipfile.ZipFile(path, "w") as archive:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part != path:
                archive.write(part, part.name)


def table(path: Path, held: geopandas.GeoDataFrame) -> None:
    words = held.drop(columns="geometry").astype(object).where(held.notna(), None)
    words["wkt"] = [None if g is None else g.wkt for g in held.geometry]
    pd.DataFrame(words).to_csv(path, index=False)


def kml(path: Path, held: geopandas.GeoDataFrame) -> None:
    marks = []
    for row in held.itertuples():
        values = {"id": row.id, "面积": row[2], "text": row.text}
        data = "".join(
            f'<Data name="{k}"><value>{"" if pd.isna(v) else v}</value></Data>'
            for k, v in values.items()
        )
        parts = [] if row.geometry is None else shapely.get_parts(row.geometry)
        drawn = "".join(_kml_polygon(p) for p in parts if not p.is_empty)
        many = f"<MultiGeometry>{drawn}</MultiGeometry>"
        drawn = many if len(parts) > 1 else drawn
        marks.append(f"<Placemark><ExtendedData>{data}</ExtendedData>{drawn}</Placemark>")
    head = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    path.write_text(f"<?xml version='1.0'?>{head}{''.join(marks)}</Document></kml>", "utf-8")


def _kml_polygon(polygon: Any) -> str:
    def ring(line: Any) -> str:
        text = " ".join(f"{x!r},{y!r}" for x, y in line.coords)
        return f"<LinearRing><coordinates>{text}</coordinates></LinearRing>"

    outer = f"<outerBoundaryIs>{ring(polygon.exterior)}</outerBoundaryIs>"
    inner = "".join(f"<innerBoundaryIs>{ring(r)}</innerBoundaryIs>" for r in polygon.interiors)
    return f"<Polygon>{outer}{inner}</Polygon>"


WRITERS: dict[str, Callable[[Path, geopandas.GeoDataFrame], Any]] = {
    "a.geojson": lambda p, f: f.to_file(p, driver="GeoJSON", COORDINATE_PRECISION=15),
    "a.geojsonl": lambda p, f: f.to_file(p, driver="GeoJSONSeq", COORDINATE_PRECISION=15),
    "rs.geojsons": lambda p, f: f.to_file(
        p, driver="GeoJSONSeq", RS="YES", COORDINATE_PRECISION=15
    ),
    "a.gpkg": lambda p, f: f.to_file(p, layer="a"),
    "grid.gpkg": lambda p, f: f.to_crs(2326).to_file(p, layer="a"),
    "a.zip": zipped,
    "a.fgb": lambda p, f: f.to_file(p, driver="FlatGeobuf", SPATIAL_INDEX="NO"),
    "a.parquet": lambda p, f: f.to_parquet(p),
    "grid.parquet": lambda p, f: f.to_crs(4547).to_parquet(p),
    "native.parquet": lambda p, f: f.set_geometry(
        [g and shapely.MultiPolygon(shapely.get_parts([g])) for g in f.geometry], crs=f.crs
    ).to_parquet(p, geometry_encoding="geoarrow"),
    "a.csv": table,
    "a.kml": kml,
}


def read_all(path: Path, **options: Any) -> dict[str, list[Any]]:
    held: dict[str, list[Any]] = {"ids": [], "reasons": [], "areas": [], "first": []}
    columns: dict[str, list[Any]] = {}
    source = reading.open_file(path, **options)
    for batch in source.batches():
        held["first"].append(batch.first)
        held["ids"] += batch.ids.tolist()
        held["reasons"] += [reading.REASONS[code] for code in batch.reasons]
        held["areas"] += area.geodesic_areas(batch.polygons).tolist()
        for name, values in batch.columns.items():
            columns.setdefault(name, []).extend(values.tolist())
    return {**held, **columns}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("repeat", [1, 5000], ids=["small", "large"])
def test_every_container_gives_the_same_rows(name: str, repeat: int, tmp_path: Path) -> None:
    path = tmp_path / name
    WRITERS[name](path, frame(repeat))
    found = read_all(path)
    assert found["ids"] == [str(n) for n in IDS] * repeat
    missing = "no geometry"
    # A Shapefile and KML have no empty polygon: it is a row without geometry there too.
    assert found["reasons"] == ["", "", missing, missing, "", "", ""] * repeat
    expected = area.geodesic_areas(frame(repeat).geometry.to_numpy())
    np.testing.assert_allclose(
        [found["areas"][i] for i in (0, 1, 4, 6)], expected[[0, 1, 4, 6]], rtol=1e-7
    )
    assert np.isnan(found["areas"][3])
    values = found["面积"][:7]
    wanted: list[Any] = [500, None, 7, 8, 9, 10, 11]
    if name in ("a.csv", "a.kml"):
        wanted = [None if value is None else str(value) for value in wanted]
    assert values == wanted
    if name != "a.kml":
        assert found["text"][:3] == ["a", "皇岗", None]
    assert found["first"] == sorted(found["first"])


def test_a_frame_takes_the_same_way(tmp_path: Path) -> None:
    for crs in ("EPSG:4326", "EPSG:2326"):
        batch = next(reading.from_frame(frame(crs=crs)).batches())
        assert batch.ids.tolist() == [str(n) for n in IDS]
        assert batch.columns["面积"].tolist() == [500, None, 7, 8, 9, 10, 11]
        assert batch.reasons.tolist() == [0, 0, 1, 1, 0, 0, 0]


def parquet(path: Path, **columns: pa.Array) -> Path:
    blobs = [shapely.to_wkb(shapely.box(114, 22, 114.1, 22.1))] * len(next(iter(columns.values())))
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    data = pa.table({**columns, "geometry": pa.array(blobs, pa.binary())})
    pq.write_table(data.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def test_columns_keep_their_types(tmp_path: Path) -> None:
    day = datetime.date(2024, 2, 29)
    path = parquet(
        tmp_path / "a.parquet",
        id=pa.array([IDS[0], None], pa.int64()),
        big=pa.array([2**63 + 1, None], pa.uint64()),
        money=pa.array([Decimal("100.40"), None], pa.decimal128(12, 2)),
        word=pa.array(["100.4", None]).dictionary_encode(),
        view=pa.array(["x", None], VIEW),
        day=pa.array([day, None]),
        short=pa.array([3.02, None], pa.float32()),
        flag=pa.array([True, None]),
        whole=pa.array([1, 2], pa.int16()),
    )
    batch = next(reading.open_file(path).batches())
    held = {name: values.tolist() for name, values in batch.columns.items()}
    assert batch.ids.tolist() == [str(IDS[0]), None]
    assert held["big"] == [2**63 + 1, None]
    assert held["money"] == [Decimal("100.40"), None]
    assert held["word"] == ["100.4", None]
    assert held["view"] == ["x", None]
    assert held["day"] == [day, None]
    assert held["short"] == [3.02, None]
    assert held["flag"] == [True, None]
    assert batch.columns["whole"].dtype == np.int64


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", area=pa.array([1, 2]))
    data = pq.read_table(path)
    data = data.append_column("area", pa.array([3, 4]))
    pq.write_table(data, path)
    source = reading.open_file(path)
    batch = next(source.batches())
    assert batch.columns["area"].tolist() == [1, 2]
    assert batch.columns["area (2)"].tolist() == [3, 4]
    assert "one name" in source.warnings[0]


def test_points_and_lines_are_carried_and_named(tmp_path: Path) -> None:
    kinds = [shapely.Point(114, 22), shapely.LineString([(114, 22), (115, 23)]), shapes()[0]]
    mixed = geopandas.GeoDataFrame({"n": [1, 2, 3]}, geometry=kinds, crs=4326)
    mixed.to_file(tmp_path / "a.gpkg", layer="a")
    batch = next(reading.open_file(tmp_path / "a.gpkg").batches())
    assert [reading.REASONS[code] for code in batch.reasons] == [
        "not a polygon",
        "not a polygon",
        "",
    ]
    assert [None if g is None else g.geom_type for g in batch.others] == [
        "Point",
        "LineString",
        None,
    ]
    assert not shapely.is_missing(to_shapely(batch.polygons))[2]


def wkb_rows(path: Path, *blobs: bytes) -> Path:
    parquet(path, n=pa.array(range(len(blobs))))
    data = pq.read_table(path).set_column(1, "geometry", pa.array(blobs, pa.binary()))
    pq.write_table(data, path)
    return path


def test_broken_geometries_spoil_their_row_alone(tmp_path: Path) -> None:
    sound = shapely.to_wkb(shapes()[0])
    unclosed = sound[:-16] + np.array([114.2, 22.2]).tobytes()
    not_a_number = sound[:29] + np.array([np.nan]).tobytes() + sound[37:]
    nested = b"\1\7\0\0\0\1\0\0\0" * 20_000 + b"\1\1\0\0\0" + bytes(16)
    liar = b"\1\3\0\0\0\xff\xff\xff\x7f"
    far = shapely.to_wkb(shapely.box(800_000, 800_000, 800_100, 800_100))
    path = wkb_rows(tmp_path / "a.parquet", sound, unclosed, not_a_number, nested, liar, b"", far)
    batch = next(reading.open_file(path).batches())
    assert [reading.REASONS[code] for code in batch.reasons] == [
        "",
        "ring is not closed",
        "position out of range",
        "invalid geometry",
        "invalid geometry",
        "invalid geometry",
        "position out of range",
    ]
    assert area.geodesic_areas(batch.polygons)[0] == pytest.approx(1_139_322.26, abs=0.01)


def test_curves_are_made_straight_and_measures_dropped(tmp_path: Path) -> None:
    def arc(*xy: float) -> bytes:
        return b"\1\x08\0\0\0" + (len(xy) // 2).to_bytes(4, "little") + np.array(xy).tobytes()

    circle = arc(114, 22.5, 114.1, 22.6, 114.2, 22.5, 114.1, 22.4, 114, 22.5)
    curve = b"\1\x0a\0\0\0\1\0\0\0" + circle
    surface = b"\1\x0c\0\0\0\1\0\0\0" + curve
    plain = shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5), (0, 0, 5)])
    measured = b"\1" + (3003).to_bytes(4, "little") + b"\1\0\0\0\4\0\0\0"
    measured += np.array([[0, 0, 5, 9], [1, 0, 5, 9], [1, 1, 5, 9], [0, 0, 5, 9]], float).tobytes()
    path = wkb_rows(tmp_path / "a.parquet", curve, surface, measured)
    (rows,) = reading.open_file(path).as_stored()
    made = rows.geometries.shapes()
    assert made[0].area == pytest.approx(np.pi * 0.01, rel=1e-3)
    assert shapely.get_num_coordinates(made[0]) == 91
    assert made[1].geom_type == "MultiPolygon" and made[1].area == pytest.approx(made[0].area)
    assert (
        shapely.get_coordinates(made[2], include_z=True).tolist()
        == shapely.get_coordinates(plain, include_z=True).tolist()
    )
    assert not shapely.has_m(made[2])
    codes = [(fault.row, fault.code) for fault in rows.geometries.faults]
    assert codes == [(0, "curve"), (1, "curve"), (2, "measures")]


@pytest.mark.parametrize("code", ["EPSG:2326", "EPSG:4547", "EPSG:4526", "EPSG:32650"])
def test_a_registered_system_in_another_axis_order_is_that_system(code: str) -> None:
    import pyproj

    known = pyproj.CRS(code)
    for version in ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"):
        text = known.to_wkt(version)
        for data in (
            text.encode(),
            b"\xef\xbb\xbf" + text.encode(),
            text.encode("utf-16"),
            text.encode() + b"\0\0",
        ):
            assert declared_crs.find(data) == code
    other = known.to_json_dict()
    del other["id"]
    assert declared_crs.find(other) == code


def test_a_shapefile_takes_the_encoding_that_it_is_told(tmp_path: Path) -> None:
    held = geopandas.GeoDataFrame({"名称": ["皇岗口岸"]}, geometry=[shapes()[0]], crs=4326)
    held.to_file(tmp_path / "a.shp", encoding="GBK")
    (tmp_path / "a.cpg").unlink()
    table = bytearray((tmp_path / "a.dbf").read_bytes())
    table[29] = 0
    (tmp_path / "a.dbf").write_bytes(table)
    silent = reading.open_file(tmp_path / "a.shp")
    assert "--encoding gb" in silent.warnings[0]
    told = reading.open_file(tmp_path / "a.shp", encoding="gbk")
    assert next(told.batches()).columns["名称"].tolist() == ["皇岗口岸"]
    assert told.warnings == ()
    with pytest.raises(UsageError, match="unknown encoding"):
        reading.open_file(tmp_path / "a.shp", encoding="klingon")


def test_layers_are_chosen_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="one")
    frame(crs="EPSG:2326").to_file(path, layer="two")
    line = geopandas.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326)
    line.to_file(path, layer="line")
    assert reading.layers(path) == [("line", False), ("one", True), ("two", True)]
    with pytest.raises(UsageError, match=r"one of line, one, two.*--layer"):
        reading.open_file(path)
    crs = [reading.open_file(path, layer=layer).crs for layer in ("one", "two")]
    assert crs == ["wgs84", "EPSG:2326"]
    with pytest.raises(UsageError, match="found 'three'"):
        reading.open_file(path, layer="three")


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.zip", "a.fgb", "a.parquet", "a.csv"])
def test_a_declared_datum_is_heeded_in_every_format(name: str, tmp_path: Path) -> None:
    held = frame().assign(datum="gcj02")
    WRITERS[name](tmp_path / name, held)
    with pytest.raises(DataError, match="--assume gcj02"):
        list(reading.open_file(tmp_path / name).batches())
    batch = next(reading.open_file(tmp_path / name, assume="gcj02").batches())
    moved = to_shapely(batch.polygons)[0].centroid
    assert 400 < 111_000 * moved.distance(shapes()[0].centroid) < 800


@pytest.mark.parametrize("name", ["a.fgb", "a.parquet", "a.gpkg", "a.zip", "a.kml"])
def test_a_file_that_is_cut_off_is_damaged(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name, frame(500))
    data = (tmp_path / name).read_bytes()
    for share in (0.2, 0.5, 0.9):
        (tmp_path / name).write_bytes(data[: int(len(data) * share)])
        with pytest.raises(DataError, match=r"damaged|not read here"):
            for _ in reading.open_file(tmp_path / name).batches():
                pass


def test_an_open_geopackage_is_read_as_it_is_now_and_left_as_it_was(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="a")
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    for (name,) in writer.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        writer.execute(f'DROP TRIGGER "{name}"')
    writer.execute("UPDATE a SET text = 'changed'")
    writer.commit()
    before = {item.name: item.read_bytes() for item in tmp_path.iterdir()}
    assert len(before["a.gpkg-wal"]) > 0
    texts = next(reading.open_file(path).batches()).columns["text"].tolist()
    assert texts == ["changed"] * 7
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == before
    writer.close()


def test_memory_does_not_follow_the_vertices(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 60_000)
    ring = np.column_stack([114 + 0.01 * np.cos(turn), 22.5 + 0.01 * np.sin(turn)])
    ring[-1] = ring[0]
    rings = [shapely.Polygon(ring + 1e-6 * number) for number in range(60)]
    held = geopandas.GeoDataFrame({"n": range(60)}, geometry=rings, crs=4326)
    held.to_parquet(tmp_path / "a.parquet", row_group_size=10)
    held.to_file(tmp_path / "a.gpkg", layer="a")
    held.to_file(tmp_path / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    for name in ("a.parquet", "a.gpkg", "a.fgb"):
        sizes = [
            len(batch.polygons.lon) * 16 for batch in reading.open_file(tmp_path / name).batches()
        ]
        assert len(sizes) > 1 and max(sizes) <= 64 << 20
