"""Mending gives the one right answer, says what it did, and never touches the file."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from hetao_geo import catalog, checking
from hetao_geo.checking.conversion import convert
from hetao_geo.checking.repair import repair
from hetao_geo.cli import main

OPEN = [[114.05, 22.51], [114.06, 22.51], [114.06, 22.52], [114.05, 22.52]]
CLOSED = [*OPEN, OPEN[0]]


def write(path: Path, *geometries: Any, **members: Any) -> Path:
    features = [
        {"type": "Feature", "id": i, "properties": {"名": "皇岗"}, "geometry": geometry}
        for i, geometry in enumerate(geometries)
    ]
    value = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


MENDED = {
    "unclosed-ring": OPEN,
    "winding": CLOSED[::-1],
    "duplicate-vertex": [OPEN[0], OPEN[0], *CLOSED[1:]],
    "excessive-precision": [[x + 1.23e-9, y] for x, y in CLOSED],
}


@pytest.mark.parametrize(("code", "ring"), MENDED.items(), ids=MENDED)
def test_what_has_one_right_answer_is_mended(tmp_path: Path, code: str, ring: Any) -> None:
    path = write(tmp_path / "a.geojson", polygon(ring), name="kept", foreign=[1])
    before = path.read_bytes()
    assert code in {fault.code for fault in checking.read(path).faults}
    text, changes = repair(path)
    assert [change.code for change in changes] == [code]
    assert json.loads(text) == {
        **json.loads(before),
        "features": [{**json.loads(before)["features"][0], "geometry": polygon(CLOSED)}],
    }
    assert path.read_bytes() == before


def test_an_open_triangle_and_a_hole_are_mended(tmp_path: Path) -> None:
    hole = [[114.052, 22.512], [114.054, 22.512], [114.054, 22.514]]
    text, _ = repair(write(tmp_path / "a.geojson", polygon(OPEN, hole)))
    (path := tmp_path / "b.geojson").write_text(text)
    assert checking.read(path).faults == ()


def test_a_crossing_is_split_and_the_change_of_area_told(tmp_path: Path) -> None:
    bow = [OPEN[0], OPEN[2], OPEN[1], OPEN[3], OPEN[0]]
    text, (change,) = repair(write(tmp_path / "a.geojson", polygon(bow)))
    (path := tmp_path / "b.geojson").write_text(text)
    (feature,) = checking.polygons(path)
    assert len(feature.geometry.geoms) == 2
    square = 1029.1 * 1107.5  # metres, at latitude 22.515
    assert change.area_before_m2 == pytest.approx(0, abs=100)
    assert change.area_after_m2 == pytest.approx(square / 2, rel=0.002)
    assert change.moved_m == 0


def test_polygons_of_one_feature_that_overlap_become_their_union(tmp_path: Path) -> None:
    shifted = [[x + 0.005, y + 0.005] for x, y in CLOSED]
    both = {"type": "MultiPolygon", "coordinates": [[CLOSED], [shifted]]}
    text, changes = repair(write(tmp_path / "a.geojson", both))
    shape = shapely.geometry.shape(json.loads(text)["features"][0]["geometry"])
    assert shape.is_valid
    assert shape.area == pytest.approx(1.75e-4)
    (change,) = (change for change in changes if change.code == "invalid-geometry")
    assert change.area_before_m2 == pytest.approx(2 / 1.75 * change.area_after_m2, rel=1e-3)


def test_a_shape_without_area_is_left_and_its_error_stays(tmp_path: Path) -> None:
    flat = polygon([[0, 0], [10, 0], [5, 0], [0, 0]])
    text, changes = repair(write(tmp_path / "a.geojson", flat))
    assert (json.loads(text)["features"][0]["geometry"], changes) == (flat, ())


def test_sound_files_and_mended_files_stay_as_they_are(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson", polygon(CLOSED), None, {"type": "Polygon", "coordinates": 3}
    )
    text, changes = repair(path)
    assert (changes, json.loads(text)) == ((), json.loads(path.read_text()))


def test_convert_there_and_back_moves_nothing(tmp_path: Path) -> None:
    park = shapely.geometry.mapping(catalog.features("parks")[1].geometry)
    point = {"type": "Point", "coordinates": [114.05, 22.5, 12.5]}
    both = {"type": "GeometryCollection", "geometries": [point, polygon(CLOSED)]}
    path = write(tmp_path / "a.geojson", park, both, None, bbox=[0, 0, 1, 1])
    for name, label in (("gcj02", "datum"), ("bd09", "datum"), ("EPSG:2326", "crs")):
        there = tmp_path / "there.geojson"
        there.write_text(convert(path, "wgs84", name), encoding="utf-8")
        assert label in json.loads(there.read_text(encoding="utf-8"))
        back = json.loads(convert(there, name, "wgs84"))
        assert back.keys() == {"type", "features"}
        old = json.loads(path.read_text(encoding="utf-8"))["features"]
        for one, other in zip(back["features"], old, strict=True):
            assert (one["id"], one["properties"]) == (other["id"], other["properties"])
        assert back["features"][1]["geometry"]["geometries"][0]["coordinates"][2] == 12.5
        now, was = (shapely.geometry.shape(f[0]["geometry"]) for f in (back["features"], old))
        assert shapely.hausdorff_distance(now, was) < 2e-7


def test_convert_refuses_what_it_cannot_place(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "a.geojson", polygon([[500000, 2491000], *CLOSED, [500000, 2491000]]))
    out = str(tmp_path / "o.geojson")
    for words in (
        [str(path), "--from", "gcj02", "-o", out],
        [str(path), "--from", "wgs84", "--to", "dms", "-o", out],
        [str(path), "--from", "EPSG:999999", "-o", out],
        [str(path), "--from", "wgs84", "-o", str(path)],
        [str(write(tmp_path / "b.geojson", polygon(OPEN))), "--from", "gcj02", "-o", out],
    ):
        assert main(["convert", *words]) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert not Path(out).exists()


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    status = main(["check", *words])
    streams = capsys.readouterr()
    return status, streams.out, streams.err


def test_exit_status_and_json_of_check(tmp_path: Path, capsys: Any) -> None:
    sound = str(write(tmp_path / "a.geojson", polygon(CLOSED)))
    warned = str(write(tmp_path / "b.geojson", polygon(CLOSED[::-1])))
    wrong = str(write(tmp_path / "c.geojson", polygon(OPEN)))
    (tmp_path / "d.geojson").write_bytes(b'{"type": NaN}')
    tangled = str(tmp_path / "d.geojson")
    for name, status in ((sound, 0), (warned, 0), (wrong, 1), (tangled, 2)):
        code, out, _ = run(capsys, name, "--format", "json")
        report = json.loads(out)
        assert (code, report["file"]) == (status, name)
        for fault in report["faults"]:
            assert fault.keys() >= {
                "code", "severity", "feature", "path", "expected", "found", "hint",
            }  # fmt: skip
            assert fault["severity"] in ("error", "warning")
        for reading in report["crs_candidates"]:
            assert reading.keys() >= {"crs", "confidence", "overlap", "distance_m"}
        assert run(capsys, name)[0] == status
    assert run(capsys, str(tmp_path / "none"))[0] == 2


def test_fix_writes_a_new_file_only(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "a.geojson", polygon(OPEN))
    out = tmp_path / "b.geojson"
    status, text, _ = run(capsys, str(path), "--fix", "-o", str(out))
    assert (status, "1 change, 0 errors left" in text) == (0, True)
    assert checking.read(out).errors == ()
    assert run(capsys, str(path), "--fix")[0] == 2
    assert run(capsys, str(path), "--fix", "-o", str(path))[0] == 2
    (link := tmp_path / "link").symlink_to(path)
    assert run(capsys, str(path), "--fix", "-o", str(link))[0] == 2
    left = write(tmp_path / "c.geojson", polygon(OPEN), {"type": "polygon"})
    assert run(capsys, str(left), "--fix", "-o", str(out))[0] == 1
    out.unlink()
    broken = tmp_path / "d.geojson"
    broken.write_text("{")
    assert run(capsys, str(broken), "--fix", "-o", str(out))[0] == 2
    assert not out.exists()


def test_names_from_a_file_cannot_command_the_terminal(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a\x1b[31m\u202e\U000e0041.geojson"
    path.write_text('{"type":"\\u001b[2J\\u202e","\\u009b":1,"id":"\\u001b]0;x"}')
    for form in ("text", "json"):
        out = run(capsys, str(path), "--format", form)[1]
        assert not {"\x1b", "\u202e", "\x9b"} & set(out)
    assert json.loads(out)["file"] == str(path)
