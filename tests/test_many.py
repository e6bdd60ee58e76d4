"""Files of many rows: every format the same, bounded, whole or not at all, and honest."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from hetao_geo import cli
from hetao_geo.errors import DataError, OutputError, UsageError
from hetao_geo.report import differences, summary
from hetao_geo.verification import many, stream
from hetao_geo.verification.partitions import evaluate_frame
from hetao_geo.verification.stream import wkb

RULE = {"unit": "m2", "max_difference": 0.02}


def parcels(rows: int = 300) -> geopandas.GeoDataFrame:
    """Plain parcels, parcels with holes, multipolygons, and some that cannot be evaluated."""
    chance = np.random.default_rng(2)
    corner = np.column_stack([chance.uniform(113, 115, rows), chance.uniform(22, 23, rows)])
    turn = np.array([[0, 0], [1, 0.1], [1.1, 1], [0.5, 1.4], [0, 1]])
    shapes: Any = list(shapely.polygons(corner[:, None] + 3e-4 * turn))
    shapes[3] = shapes[3].difference(shapes[3].centroid.buffer(5e-5))
    shapes[4] = shapely.MultiPolygon([shapes[4]])
    shapes[5] = shapely.MultiPolygon([shapes[5], shapely.box(100, 30, 100.0003, 30.0003)])
    shapes[7] = None
    shapes[8] = shapely.Polygon([(114, 22), (114.1, 22.1), (114.1, 22), (114, 22.1)])
    areas = np.array([0 if shape is None else shape.area for shape in shapes]) * 1.137e10
    stated = np.round(areas * chance.choice([1, 1, 1, 1.05], rows), 1)
    stated[9] = np.nan
    frame = {"id": [f"P{row:04}" for row in range(rows)], "said": stated, "text": "x"}
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def data() -> geopandas.GeoDataFrame:
    return parcels()


WRITERS: dict[str, Any] = {
    "a.parquet": lambda frame, path: frame.to_parquet(path, row_group_size=70),
    "native.parquet": lambda frame, path: frame.set_geometry(
        [g and shapely.MultiPolygon(shapely.get_parts([g])) for g in frame.geometry]
    ).to_parquet(path, geometry_encoding="geoarrow"),
    "grid.parquet": lambda frame, path: frame.to_crs(4547).to_parquet(path),
    "a.gpkg": lambda frame, path: frame.to_file(path, driver="GPKG", layer="a"),
    "a.fgb": lambda frame, path: frame.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO"),
    "a.geojsonl": lambda frame, path: frame.to_file(path, driver="GeoJSONSeq"),
    "rs.geojsons": lambda frame, path: frame.to_file(path, driver="GeoJSONSeq", RS="YES"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_rows(
    name: str, data: geopandas.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH", 64)
    source, rows = tmp_path / name, tmp_path / "rows.csv"
    WRITERS[name](data, source)
    expected = evaluate_frame(data, "said", **RULE)
    found = many.verify_file(source, "said", output=rows, **RULE)
    table = pd.read_csv(rows, keep_default_na=False, na_values={"measured_m2": [""]})
    # GeoJSON text keeps 15 digits, and the grid is reached and left again.
    np.testing.assert_allclose(table["measured_m2"], expected["measured_m2"], rtol=2e-6)
    assert table["verdict"].tolist() == expected["verdict"].tolist()
    assert table["reason"].tolist() == expected["reason"].tolist()
    assert table["id"].tolist() == data["id"].tolist()
    assert table["row"].tolist() == list(range(len(data)))
    assert found.verdicts == {**found.verdicts, **expected["verdict"].value_counts().to_dict()}
    assert [one.row for one in found.not_judged] == [7, 8, 9]
    assert not found.passed and found.rows == len(data)
    done = expected[expected["verdict"] != "not-judged"]
    assert found.measured_m2 == pytest.approx(done["measured_m2"].sum(), rel=2e-6)
    assert found.classes.sum() == len(done)
    worst = done["difference_percent"].abs().nlargest(10)
    assert [abs(one.difference_percent or 0) for one in found.worst] == pytest.approx(
        worst.tolist(), rel=1e-3
    )


def test_results_come_in_three_forms(data: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source = tmp_path / "a.geojsonl"
    WRITERS["a.geojsonl"](data, source)
    paths = [tmp_path / f"rows{form}" for form in (".parquet", ".csv", ".json")]
    for path in paths:
        found = many.verify_file(source, "said", output=path, **RULE)
    first = geopandas.read_parquet(paths[0])
    assert first.crs == "OGC:CRS84"
    assert first.geometry.iloc[0].equals_exact(data.geometry.iloc[0], 1e-7)
    document = json.loads(paths[2].read_text(encoding="utf-8"))
    assert document["summary"] == json.loads(json.dumps(found.as_dict()))
    assert [row["verdict"] for row in document["rows"]] == first["verdict"].tolist()
    assert pd.read_csv(paths[1])["limit_m2"].notna().sum() == len(data) - 3
    again = tmp_path / "again.json"
    many.verify_file(source, "said", output=again, **RULE)
    assert again.read_bytes() == paths[2].read_bytes()


def test_geoparquet_keeps_its_crs_and_bytes(data: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source, rows = tmp_path / "grid.parquet", tmp_path / "rows.parquet"
    WRITERS["grid.parquet"](data, source)
    many.verify_file(source, "said", output=rows, **RULE)
    back = geopandas.read_parquet(rows)
    assert back.crs == "EPSG:4547"
    assert back.geometry.iloc[0].equals(geopandas.read_parquet(source).geometry.iloc[0])


def test_summaries_and_plot(data: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    data.to_parquet(source)
    found = many.verify_file(source, "said", **RULE)
    for language in ("en", "zh-Hans", "zh-Hant"):
        for form in summary.FORMS:
            assert f"{found.rows}" in summary.render(found, form, language)
    assert "P0009" in summary.render(found) and "no geometry" in summary.render(found)
    for form in differences.FORMATS:
        twice = [tmp_path / f"{n}{form}" for n in "ab"]
        for path in twice:
            differences.save(found, path)
        assert twice[0].read_bytes() == twice[1].read_bytes()
        assert twice[0].stat().st_size > 2000


def test_the_command(
    data: geopandas.GeoDataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, rows, plot = tmp_path / "a.parquet", tmp_path / "r.parquet", tmp_path / "p.svg"
    data.to_parquet(source)
    words = ["verify", str(source), "--stated", "said", "--unit", "m2", "--max-difference", "2%"]
    assert cli.main([*words, "-o", str(rows), "--plot", str(plot), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["rows"] == len(data) == pq.read_metadata(rows).num_rows
    assert err == "" and plot.exists()
    good = tmp_path / "good.parquet"
    data.iloc[20:30].assign(
        said=evaluate_frame(data.iloc[20:30], "said", **RULE).measured_m2
    ).to_parquet(good)
    words[1] = str(good)
    note = tmp_path / "note.md"
    assert cli.main([*words, "--format", "markdown", "-o", str(note)]) == 0
    assert "| --- |" in note.read_text(encoding="utf-8")


BAD: dict[str, Any] = {
    "field": (["--stated", "nope"], "no such field.*said"),
    "not a number": (["--stated", "flag"], "the field holds no numbers.*bool"),
    "unit": (["--stated", "said", "--unit", "feet"], "unknown unit of area"),
    "geographic": (["--stated", "said", "--crs", "EPSG:4326"], "projected"),
    "no stated": ([], "--stated is missing"),
    "assume": (["--stated", "said", "--assume", "gcj02"], "--assume is not"),
    "folder": (["--stated", "said", "-o", "none/rows.csv"], "no folder"),
    "plot": (["--stated", "said", "--plot", "p.bmp"], "unknown format of a plot"),
    "format": (["--stated", "said", "--format", "xml"], "unknown format"),
}


@pytest.mark.parametrize(("words", "says"), BAD.values(), ids=BAD)
def test_wrong_use_is_one_sentence_and_writes_nothing(
    words: list[str],
    says: str,
    data: geopandas.GeoDataFrame,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    data.assign(flag=True).to_parquet("a.parquet")
    assert cli.main(["verify", "a.parquet", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert re.search(says, err)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_damaged_files(data: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    whole = tmp_path / "a.parquet"
    data.to_parquet(whole)
    for name, content in {
        "cut.parquet": whole.read_bytes()[:500],
        "cut.fgb": b"fgb\x03fgb\x00" + b"\xff" * 40,
        "cut.gpkg": b"SQLite format 3\0" + b"\0" * 200,
        "text.vrt": b'<OGRVRTDataSource><OGRVRTLayer name="a"></OGRVRTLayer></OGRVRTDataSource>',
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"not a|GeoParquet"):
            many.verify_file(path, "said")
    pd.DataFrame({"said": [1.0]}).to_parquet(tmp_path / "plain.parquet")
    with pytest.raises(DataError, match="geo"):
        many.verify_file(tmp_path / "plain.parquet", "said")
    for path in (tmp_path / "none.parquet", tmp_path):
        with pytest.raises(DataError, match="cannot read"):
            many.verify_file(path, "said")
    with pytest.raises(OutputError):
        many.verify_file(whole, "said", output=tmp_path / "no" / "a.csv")
    with pytest.raises(UsageError, match="ends in"):
        many.verify_file(whole, "said", output=tmp_path / "a.xlsx")


def test_a_geopackage_with_two_layers_asks_which(
    data: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("one", "two"):
        data.to_file(path, driver="GPKG", layer=layer)
    with pytest.raises(UsageError, match="one of one, two"):
        many.verify_file(path, "said")
    assert many.verify_file(path, "said", layer="two", **RULE).rows == len(data)


def test_a_hidden_virtual_layer_opens_nothing(tmp_path: Path) -> None:
    secret, path = tmp_path / "secret.geojson", tmp_path / "trap.gpkg"
    secret.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    parcels(20).to_file(path, driver="GPKG", layer="a")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "INSERT INTO sqlite_master VALUES ('table','t','t',0,"
            f"'CREATE VIRTUAL TABLE t USING VirtualOGR(''{secret}'')')"
        )
        database.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, srs_id) VALUES ('t','features',4326)"
        )
    database.close()
    with pytest.raises((DataError, UsageError)):
        many.verify_file(path, "said", layer="t")


def test_lines_that_are_no_features_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.geojsonl"
    feature = {"type": "Feature", "properties": {"said": 0.87}, "geometry": None}
    deep = "[" * 100_000
    path.write_text("\n".join([json.dumps(feature), "{", deep, "3", "\x1e"]), encoding="utf-8")
    found = many.verify_file(path, "said")
    assert found.rows == 4 and found.reasons == {"no geometry": 4}


def test_decoding_is_that_of_shapely(data: geopandas.GeoDataFrame) -> None:
    import pyarrow as pa

    rows = np.array([*data.geometry, shapely.Point(1, 2), shapely.Polygon()], dtype=object)
    rows[20] = shapely.force_3d(rows[20])
    for kind in (pa.binary(), pa.large_binary()):
        for order in (0, 1):
            column = pa.array(shapely.to_wkb(rows, byte_order=order), kind)
            for part in (column, column.slice(3, 50)):
                plain, polygons, others = wkb.decode(part)
                expected = rows if part is column else rows[3:53]
                assert plain.sum() == len(polygons) and (~plain).sum() == len(others)
                again = shapely.from_wkb(part.to_numpy(zero_copy_only=False))
                assert [a == b for a, b in zip(again, expected, strict=True)]
                if order == 1:
                    assert plain.mean() > 0.8
                from hetao_geo import area

                np.testing.assert_array_equal(
                    area.geodesic_areas(polygons), area.geodesic_areas(expected[plain])
                )
    garbage = pa.array([b"", b"\x01", b"\x01\x03\0\0\0\x01\0\0\0\xff\xff\xff\x7f", None])
    plain, _, others = wkb.decode(garbage)
    assert not plain.any() and all(other is None for other in others)


@pytest.mark.slow
def test_interrupted_leaves_no_half_file(tmp_path: Path) -> None:
    source = tmp_path / "a.geojsonl"
    line = parcels(12).iloc[[11]].to_json(drop_id=True)
    feature = json.dumps(json.loads(line)["features"][0])
    source.write_text((feature + "\n") * 400_000, encoding="utf-8")
    words = [sys.executable, "-m", "hetao_geo", "verify", str(source), "--stated", "said"]
    run = subprocess.Popen(
        [*words, "-o", str(tmp_path / "rows.csv")],
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    for _ in range(300):
        time.sleep(0.05)
        if any(p.name.startswith(".rows") and p.stat().st_size for p in tmp_path.iterdir()):
            break
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130 and err == b"hetao-geo: interrupted\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.geojsonl"]


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    from io import StringIO

    from hetao_geo.cli.progress import Progress

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen, pipe = Terminal(), StringIO()
    for stream_ in (screen, pipe):
        bar = Progress("rows", stream_)
        bar.last -= 1
        bar.show(10, 0.5)
        bar.close()
    assert "50 %" in screen.getvalue() and screen.getvalue().endswith("\x1b[K")
    assert pipe.getvalue() == ""
