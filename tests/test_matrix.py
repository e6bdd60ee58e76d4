"""One data set in every container that is read: the same results row for row, the same status."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

import hetao_geo
from hetao_geo import area, cli, datum
from hetao_geo.verification import Options
from hetao_geo.verification.partitions import evaluate_frame

STATED = "面积"
SAME = ["id", "name", "uncertainty_from", "verdict", "reason"]
NEAR = ["stated_m2", "stated_rounding_m2", "measured_m2", "uncertainty_m2", "difference_percent"]


def frame() -> geopandas.GeoDataFrame:
    """Return parcels with all that has ever told containers apart."""
    plot = box(114.06, 22.51, 114.0605, 22.5105)
    holed = plot.difference(box(114.0601, 22.5101, 114.0604, 22.5104))
    turned = Polygon([(114.07, 22.51), (114.0703, 22.5101), (114.0702, 22.5104), (114.07, 22.5103)])
    shapes: list[Any] = [
        holed,
        Polygon(),
        plot,
        MultiPolygon([turned, box(114.08, 22.5, 114.0801, 22.5001)]),
        None,
        Polygon([(114, 22), (114.001, 22.001), (114.001, 22), (114, 22.001)]),
        turned,
        shapely.segmentize(turned, 2e-6),
        plot,
        turned,
    ]
    m2 = [0 if s is None or s.is_empty else area.geodesic_area(s) for s in shapes]
    whole = [float(round(value)) for value in m2]
    stated = [whole[0], 500.0, whole[2], whole[3], 7.0, 100.0, None, whole[7], -4.0, 1.25]
    accuracy = [0.05, 0.05, None, 0.2, 0.05, 0.05, 0.05, 0.4, 0.05, 1.0]
    ids = [440304001001000017 + row for row in range(len(shapes))]
    return geopandas.GeoDataFrame(
        {
            "id": pd.array([*ids[:-1], None], "Int64"),
            "name": [f"地块{row}" for row in range(len(shapes))],
            STATED: stated,
            "accuracy_m": accuracy,
        },
        geometry=shapes,
        crs=4326,
    )


def padded(rows: geopandas.GeoDataFrame, count: int) -> geopandas.GeoDataFrame:
    """Return the same rows before and after many others."""
    filler = rows.iloc[[2]]
    parts = [rows, *[filler] * count, rows]
    return geopandas.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=rows.crs)


def as_kml(rows: geopandas.GeoDataFrame) -> str:
    def ring(line: Any) -> str:
        points = " ".join(f"{x!r},{y!r}" for x, y in np.array(line.coords).tolist())
        return f"<LinearRing><coordinates>{points}</coordinates></LinearRing>"

    def polygon(shape: Any) -> str:
        inner = (f"<innerBoundaryIs>{ring(line)}</innerBoundaryIs>" for line in shape.interiors)
        outer = f"<outerBoundaryIs>{ring(shape.exterior)}</outerBoundaryIs>"
        return f"<Polygon>{outer}{''.join(inner)}</Polygon>"

    def geometry(shape: Any) -> str:
        if shape is None or shape.is_empty:
            return ""
        if shape.geom_type == "Polygon":
            return polygon(shape)
        return f"<MultiGeometry>{''.join(map(polygon, shape.geoms))}</MultiGeometry>"

    def placemark(row: dict[str, Any]) -> str:
        data = "".join(
            f'<Data name="{key}"><value>{escape(str(value))}</value></Data>'
            for key, value in row.items()
            if key not in ("geometry", "name") and not pd.isna(value)
        )
        named = f"<name>{row['name']}</name><ExtendedData>{data}</ExtendedData>"
        return f"<Placemark>{named}{geometry(row['geometry'])}</Placemark>"

    body = "".join(placemark(row) for row in rows.to_dict("records"))
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def write_kmz(rows: geopandas.GeoDataFrame, path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w") as file:
        file.writestr("doc.kml", as_kml(rows))


def write_csv(rows: geopandas.GeoDataFrame, path: Path) -> None:
    table = pd.DataFrame(rows.drop(columns="geometry"))
    table["WKT"] = [None if g is None else shapely.to_wkt(g, -1) for g in rows.geometry]
    table.to_csv(path, index=False)


def write_two_layers(rows: geopandas.GeoDataFrame, path: Path) -> None:
    rows.to_file(path, driver="GPKG", layer="parcels")
    rows.iloc[:1].to_file(path, driver="GPKG", layer="others")


def write_geojson(rows: geopandas.GeoDataFrame, path: Path) -> None:
    path.write_text(json.dumps(json.loads(rows.to_json(drop_id=True))), encoding="utf-8")


WRITERS: dict[str, tuple[Callable[[geopandas.GeoDataFrame, Path], object], list[str]]] = {
    "a.geojson": (write_geojson, []),
    "ogr.geojson": (lambda f, p: f.to_file(p, driver="GeoJSON", COORDINATE_PRECISION=12), []),
    "a.geojsonl": (lambda f, p: f.to_file(p, driver="GeoJSONSeq", COORDINATE_PRECISION=12), []),
    "a.geojsons": (
        lambda f, p: f.to_file(p, driver="GeoJSONSeq", RS="YES", COORDINATE_PRECISION=12),
        [],
    ),
    "a.gpkg": (lambda f, p: f.to_file(p, driver="GPKG", layer="parcels"), []),
    "layer.gpkg": (lambda f, p: f.to_file(p, driver="GPKG", layer="parcels"), ["parcels"]),
    "two.gpkg": (write_two_layers, ["parcels"]),
    "a.shp": (lambda f, p: f.to_file(p, encoding="UTF-8"), []),
    "a.shz": (lambda f, p: f.to_file(p, driver="ESRI Shapefile", encoding="UTF-8"), []),
    "a.fgb": (lambda f, p: f.to_file(p, driver="FlatGeobuf", SPATIAL_INDEX="NO"), []),
    "a.parquet": (lambda f, p: f.to_parquet(p, row_group_size=4), []),
    "native.parquet": (
        lambda f, p: f.set_geometry(
            [g and MultiPolygon([s for s in shapely.get_parts(g) if not s.is_empty])
             for g in f.geometry], crs=4326
        ).to_parquet(p, geometry_encoding="geoarrow"),
        [],
    ),
    "a.kml": (lambda f, p: p.write_text(as_kml(f), encoding="utf-8"), []),
    "a.kmz": (write_kmz, []),
    "a.csv": (write_csv, []),
}  # fmt: skip


# A file of these kinds without rows has no fields, or is not such a file; geopandas writes no
# native geometries without one.
NEED_ROWS = ("a.kml", "a.kmz", "a.geojsonl", "a.geojsons", "a.csv", "native.parquet")


def by_command(path: Path, layer: list[str], *words: str) -> tuple[int, pd.DataFrame]:
    """Return the status of the command and the rows that it wrote."""
    rows = path.parent / "rows.csv"
    chosen = [word for name in layer for word in ("--layer", name)]
    options = ["--stated", STATED, "--unit", "m2", *chosen, *words]
    status = cli.main(["verify", str(path), *options, "-o", str(rows)])
    table = pd.read_csv(rows, dtype=dict.fromkeys(SAME, "string"))
    rows.unlink()
    return status, table


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    for name in SAME:
        assert found[name].fillna("").tolist() == expected[name].fillna("").tolist(), name
    for name in NEAR:
        # Text keeps nine digits after the point, some formats.
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-6, atol=1e-4, err_msg=name)


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return hetao_geo.verify(frame(), stated=STATED, unit="m2").to_frame()


def test_the_data_set_has_every_outcome(expected: pd.DataFrame) -> None:
    assert expected["verdict"].tolist() == [
        "consistent", "not-judged", "consistent", "consistent", "not-judged", "not-judged",
        "not-judged", "consistent", "not-judged", "not-consistent",
    ]  # fmt: skip
    assert expected["reason"].dropna().tolist() == [
        "no geometry", "no geometry", "invalid geometry", "no stated area",
        "stated area is not a positive number",
    ]  # fmt: skip
    assert expected["id"].tolist()[:2] == ["440304001001000017", "440304001001000018"]
    assert expected["uncertainty_m2"].isna().tolist()[2]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("count", [0, 300])
def test_every_container_gives_the_same_rows(
    name: str, count: int, expected: pd.DataFrame, tmp_path: Path
) -> None:
    write, layer = WRITERS[name]
    rows = padded(frame(), count) if count else frame()
    write(rows, tmp_path / name)
    status, table = by_command(tmp_path / name, layer)
    assert status == 1
    assert table["row"].tolist() == list(range(len(rows)))
    for part in (table.iloc[:10], table.iloc[-10:]):
        assert_same(part, expected)
    report = hetao_geo.verify(
        tmp_path / name, stated=STATED, unit="m2", layer=layer[0] if layer else None
    )
    assert_same(report.to_frame().iloc[-10:], expected)
    assert report.summary.verdicts == {
        "consistent": 4 if not count else 8 + count,
        "not-consistent": 1 if not count else 2,
        "not-judged": 5 if not count else 10,
    }


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", "a.geojsonl"])
def test_files_beyond_any_batch_give_the_same_rows(
    name: str, expected: pd.DataFrame, tmp_path: Path
) -> None:
    write, layer = WRITERS[name]
    write(padded(frame(), 70_000), tmp_path / name)
    status, table = by_command(tmp_path / name, layer)
    assert (status, len(table)) == (1, 70_020)
    for part in (table.iloc[:10], table.iloc[-10:]):
        assert_same(part, expected)


def test_dask_partitions_give_the_same_rows(expected: pd.DataFrame) -> None:
    dask_geopandas = pytest.importorskip("dask_geopandas")
    rows = frame()
    parts = dask_geopandas.from_geopandas(rows, npartitions=3)
    lazy = hetao_geo.verify(parts, stated=STATED, unit="m2")
    whole = evaluate_frame(rows, Options(STATED, "m2"))
    assert list(lazy.columns) == list(whole)
    found = lazy.compute(scheduler="synchronous")
    pd.testing.assert_frame_equal(found, whole, check_exact=True)
    assert_same(found, expected)


@pytest.mark.parametrize("name", WRITERS)
def test_a_declared_datum_is_heeded_in_every_container(
    name: str, expected: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write, layer = WRITERS[name]
    rows = frame()
    shifted = datum.transform(rows.geometry.to_numpy(), "wgs84", "gcj02")
    rows = rows.set_geometry(shifted, crs=4326).assign(datum="gcj02")
    write(rows, tmp_path / name)
    chosen = [word for one in layer for word in ("--layer", one)]
    words = ["verify", str(tmp_path / name), "--stated", STATED, *chosen]
    assert cli.main(words) == 2
    assert "gcj02" in capsys.readouterr().err.lower()
    status, table = by_command(tmp_path / name, layer, "--assume", "gcj02")
    assert status == 1
    assert_same(table, expected)


@pytest.mark.parametrize("rows", ["consistent", "none"])
@pytest.mark.parametrize("name", WRITERS)
def test_the_status_is_the_same_everywhere(name: str, rows: str, tmp_path: Path) -> None:
    write, layer = WRITERS[name]
    held = frame().iloc[[0, 2, 3, 7]] if rows == "consistent" else frame().iloc[:0]
    if rows == "none" and name in NEED_ROWS:
        pytest.skip("needs rows")
    write(held, tmp_path / name)
    if not (tmp_path / name).stat().st_size:
        pytest.skip("this GDAL writes no bytes where there are no rows")
    status, _ = by_command(tmp_path / name, layer)
    assert status == (0 if rows == "consistent" else 1)


def test_our_own_parks_pass_from_every_format_that_we_write(tmp_path: Path) -> None:
    hetao_geo.export(tmp_path, formats="all", layers=["parks"])
    fields = {"parks.shp.zip": "stated_km2"}
    verdicts = {}
    for path in sorted(tmp_path.iterdir()):
        name = path.name
        if path.suffix in (".dxf", ".txt", ".md", ".qml") or "LICEN" in name.upper():
            continue
        for layer in ([], ["parks"]) if path.suffix == ".gpkg" else ([],):
            stated = fields.get(name, "stated_area_km2")
            chosen = [word for one in layer for word in ("--layer", one)]
            rows = tmp_path / "rows.csv"
            status = cli.main(["verify", str(path), "--stated", stated, *chosen, "-o", str(rows)])
            table = pd.read_csv(io.BytesIO(rows.read_bytes()))
            rows.unlink()
            verdicts[name, *layer] = (status, table["verdict"].tolist(), sorted(table["id"]))
    assert len(verdicts) >= 8, verdicts
    expected = (0, ["consistent"] * 2, ["hong-kong-park", "shenzhen-park"])
    assert {key: value for key, value in verdicts.items() if value != expected} == {}


def test_a_point_and_a_line_are_named_in_a_container_of_anything(tmp_path: Path) -> None:
    rows = frame().iloc[[0, 2]]
    rows = rows.set_geometry([Point(114, 22), rows.geometry.iloc[1]], crs=4326)
    for name in ("a.geojson", "a.geojsonl", "a.parquet", "a.csv"):
        WRITERS[name][0](rows, tmp_path / name)
        status, table = by_command(tmp_path / name, [])
        assert status == 1
        assert table["verdict"].tolist() == ["not-judged", "consistent"]
        assert table["reason"].tolist()[0] == "not a polygon"
