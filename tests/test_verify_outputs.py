"""What `verify FILE` writes: every row in three formats, the report, the plot."""

import csv
import io
import json
import re
import signal
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

import hetao_geo
from hetao_geo import cli, report
from hetao_geo.report import differences
from hetao_geo.verification.rows import columns_in

OPTIONS: dict[str, Any] = {"stated": "said", "unit": "m2", "max_difference": 0.02}
WORDS = ["--stated", "said", "--unit", "m2", "--max-difference", "2%"]


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


@pytest.fixture(scope="module")
def expected(data: geopandas.GeoDataFrame) -> pd.DataFrame:
    return hetao_geo.verify(data, **OPTIONS).to_frame()


def test_every_row_comes_in_three_formats(
    data: geopandas.GeoDataFrame,
    expected: pd.DataFrame,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "a.geojsonl"
    data.to_file(source, driver="GeoJSONSeq")
    tables = {}
    for ending in (".parquet", ".csv", ".json"):
        path = tmp_path / f"rows{ending}"
        assert cli.main(["verify", str(source), *WORDS, "-o", str(path)]) == 1
        assert "P0009" in capsys.readouterr().out
        assert cli.main(["verify", str(source), *WORDS, "-o", str(tmp_path / f"b{ending}")]) == 1
        assert path.read_bytes() == (tmp_path / f"b{ending}").read_bytes()
    tables["parquet"] = geopandas.read_parquet(tmp_path / "rows.parquet")
    assert tables["parquet"].crs == "OGC:CRS84"
    assert tables["parquet"].geometry.iloc[0].equals_exact(data.geometry.iloc[0], 1e-7)
    tables["csv"] = pd.read_csv(tmp_path / "rows.csv", dtype={"id": "string"})
    document = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    tables["json"] = pd.DataFrame(document["checks"])
    assert document["rows"] == len(data)
    for name, table in tables.items():
        assert [c for c in table.columns if c != "geometry"] == columns_in("m2"), name
        assert table["row"].tolist() == list(range(len(data)))
        for column in ("id", "verdict", "reason"):
            assert table[column].fillna("").tolist() == expected[column].fillna("").tolist()
        found = table["measured_m2"].astype(float)
        np.testing.assert_allclose(found, expected["measured_m2"], rtol=2e-6)


def test_geoparquet_keeps_its_crs_and_bytes(data: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source, rows = tmp_path / "grid.parquet", tmp_path / "rows.parquet"
    data.to_crs(4547).to_parquet(source)
    cli.main(["verify", str(source), *WORDS, "-o", str(rows)])
    back = geopandas.read_parquet(rows)
    assert back.crs == "EPSG:4547"
    assert back.geometry.iloc[0].equals(geopandas.read_parquet(source).geometry.iloc[0])


def test_rows_go_to_a_file_and_the_report_to_the_screen(
    data: geopandas.GeoDataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, rows, plot = tmp_path / "a.parquet", tmp_path / "r.parquet", tmp_path / "p.svg"
    data.to_parquet(source)
    words = ["verify", str(source), *WORDS, "-o", str(rows), "--plot", str(plot)]
    with open_screen(tmp_path) as screen:
        status = subprocess.run(
            [sys.executable, "-m", "hetao_geo", *words, "--format", "json"],
            stdout=screen, check=False, cwd=Path(__file__).parent.parent,
        ).returncode  # fmt: skip
    document = json.loads((tmp_path / "screen").read_text(encoding="utf-8"))
    assert status == 1
    assert document["rows"] == len(data) == pq.read_metadata(rows).num_rows
    assert document["data_sha256"]["a.parquet"]
    assert plot.exists()
    note = tmp_path / "note.md"
    words = ["verify", str(source), *WORDS, "--format", "markdown", "-o", str(note)]
    assert cli.main(words) == 1
    assert "| --- |" in note.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


def open_screen(folder: Path) -> Any:
    return (folder / "screen").open("wb")


def test_reports_of_many_rows_and_the_plot(
    data: geopandas.GeoDataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = hetao_geo.verify(data, **OPTIONS)
    for language in ("en", "zh-Hans", "zh-Hant"):
        for name in report.FORMATS:
            assert "P0009" in report.render(found, name, language)
    shown = report.render(found, "text")
    assert "no geometry" in shown and len(shown.splitlines()) < 60
    worst = [line.split()[1] for line in shown.splitlines() if "(" in line and "%" in line][:10]
    percent = hetao_geo.verify(data, **OPTIONS).to_frame().set_index("id")["difference_percent"]
    assert [abs(percent[key]) for key in worst] == percent.abs().nlargest(10).tolist()
    assert found.summary.classes.sum() == found.summary.evaluated
    for ending in differences.FORMATS:
        twice = [tmp_path / f"{n}{ending}" for n in "ab"]
        for path in twice:
            differences.save(found, path)
        assert twice[0].read_bytes() == twice[1].read_bytes()
        assert twice[0].stat().st_size > 2000


BAD: dict[str, tuple[list[str], str]] = {
    "field": (["--stated", "nope"], "no such field.*said"),
    "unit": (["--stated", "said", "--unit", "feet"], "unknown unit of area"),
    "geographic": (["--stated", "said", "--crs", "EPSG:4326"], "projected"),
    "no stated": ([], "--stated is missing.*said"),
    "folder": (["--stated", "said", "-o", "none/rows.csv"], "no folder"),
    "ending": (["--stated", "said", "-o", "rows.xlsx"], r"\.parquet"),
    "input": (["--stated", "said", "-o", "a.parquet"], "a.parquet"),
    "plot": (["--stated", "said", "--plot", "p.bmp"], "unknown format of a plot"),
    "format": (["--stated", "said", "--format", "xml"], "unknown format"),
    "share": (["--stated", "said", "--max-difference", "2"], "not a share"),
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
    data.to_parquet("a.parquet")
    before = Path("a.parquet").read_bytes()
    assert cli.main(["verify", "a.parquet", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert re.search(says, err)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
    assert Path("a.parquet").read_bytes() == before


def test_one_figure_for_all_the_rows_of_a_file(
    data: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    good = data.drop(index=[7, 8])
    path, rows = tmp_path / "a.gpkg", tmp_path / "rows.parquet"
    good.to_file(path, driver="GPKG")
    total = hetao_geo.verify(good, stated="1", unit="m2").summary.measured_m2
    words = ["verify", str(path), "--stated", f"{total:.0f}", "--unit", "m2"]
    assert cli.main([*words, "--max-difference", "0.1%", "-o", str(rows)]) == 0
    (row,) = pq.read_table(rows).to_pylist()
    assert (row["id"], row["verdict"], row["geometry"]) == ("total", "consistent", None)
    data.to_file(tmp_path / "b.gpkg", driver="GPKG")
    words[1] = str(tmp_path / "b.gpkg")
    assert cli.main([*words, "--max-difference", "0.1%"]) == 1


def test_ids_are_text_digit_for_digit_and_no_formula(tmp_path: Path) -> None:
    frame = parcels(10).assign(id=["=1+1", "\x1b[2J", "007", "1e5", "-3", None, *"abcd"])
    frame.to_parquet(tmp_path / "a.parquet")
    rows = tmp_path / "rows.csv"
    cli.main(["verify", str(tmp_path / "a.parquet"), *WORDS, "-o", str(rows)])
    content = rows.read_text(encoding="utf-8")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(content))]
    assert ids[0] == "'=1+1" and ids[2:6] == ["007", "1e5", "-3", ""]
    assert "\x1b" not in content


@pytest.mark.slow
@pytest.mark.parametrize("delay", [None, 0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_interrupted_leaves_no_half_file(tmp_path: Path, delay: float | None) -> None:
    source = tmp_path / "a.geojsonl"
    line = parcels(12).iloc[[11]].to_json(drop_id=True)
    feature = json.dumps(json.loads(line)["features"][0])
    source.write_text((feature + "\n") * 200_000, encoding="utf-8")
    words = [sys.executable, "-m", "hetao_geo", "verify", str(source), "--stated", "said"]
    run = subprocess.Popen(
        [*words, "-o", str(tmp_path / "rows.csv")],
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    if delay is not None:
        time.sleep(delay)
    for _ in range(300 if delay is None else 0):
        time.sleep(0.05)
        if any(p.name.startswith(".") and p.stat().st_size for p in tmp_path.iterdir()):
            break
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert [path.name for path in tmp_path.iterdir()] == ["a.geojsonl"]
    # Before our first line runs the interpreter itself is interrupted.
    early = delay is not None and (run.returncode == -signal.SIGINT or b"Traceback" in err)
    assert early or (run.returncode == 130 and err == b"hetao-geo: interrupted\n")


def test_progress_is_for_terminals() -> None:
    from hetao_geo.cli.progress import Progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen, pipe = Terminal(), io.StringIO()
    for stream in (screen, pipe):
        bar = Progress("rows", stream)
        bar.last -= 1
        bar.show(10, 0.5)
        bar.close()
    assert "50 %" in screen.getvalue() and screen.getvalue().endswith("\x1b[K")
    assert pipe.getvalue() == ""
