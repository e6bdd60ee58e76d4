"""The command line as an impatient stranger meets it."""

import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import shapely

from hetao_geo import __version__, catalog, cli, datum, paths, report, text
from hetao_geo.cli import main
from hetao_geo.verification import verify

HEAVY = ("folium", "geopandas", "pandas", "pyproj", "shapely", "numpy", "matplotlib")


def run(
    *words: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    root = Path(cli.__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "hetao_geo", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **environment},
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_import_is_light() -> None:
    code = f"import hetao_geo, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_verify_loads_neither_geopandas_nor_folium() -> None:
    code = (
        "from hetao_geo.cli import main; import sys; main(['verify']);"
        "print([m for m in ('folium', 'geopandas', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_public_names_are_functions_whatever_was_imported_first() -> None:
    code = (
        "import hetao_geo.webmap, hetao_geo.verification, hetao_geo as h;"
        "names = [n for n in h.__all__ if n != '__version__'];"
        "assert all(callable(getattr(h, n)) for n in names)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_version_and_help() -> None:
    assert run("--version").stdout.strip() == f"hetao-geo {__version__}"
    top = run("--help").stdout
    assert all(command in top for command in cli.COMMANDS)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_verb_has_help_with_examples(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"hetao-geo {command}" in done.stdout.split("examples:")[1]


def test_verify_prints_the_report_and_passes() -> None:
    done = run("verify")
    assert done.returncode == 0
    assert "3.02" in done.stdout
    assert "3.02–3.49" in done.stdout


def test_verify_fails_with_status_1() -> None:
    done = run("verify", "--max-difference", "0.1%", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["passed"] is False


def test_verify_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        assert run("verify", "--format", "json", "-o", str(tmp_path / name)).returncode == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "--crs", "EPSG:4326"], "projected CRS"),
        (["verify", "--crs", "nonsense"], "unknown CRS"),
        (["verify", "--format", "docx"], "unknown format"),
        (["verify", "--language", "fr"], "unknown language"),
        (["verify", "--max-difference", "lots"], "not a share"),
        (["verify", "--output", "no/such/folder/report.txt"], "cannot write the output"),
        (["map", "--language", "fr"], "unknown language"),
        (["map", "--output", "no/such/folder/map.html"], "cannot write the output"),
        (["layers", "--format", "yaml"], "unknown format"),
    ],
)
def test_wrong_use_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    assert said in one_sentence(run(*words, cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["verfy"], ["verify", "--no-such-option"]])
def test_unknown_verbs_and_options_exit_2(words: list[str]) -> None:
    one_sentence(run(*words))


def test_a_file_in_place_of_a_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    said = one_sentence(run("verify", "-o", str(tmp_path / "report")))
    assert "folder of that name" in said


def test_output_survives_an_ascii_terminal() -> None:
    done = run("verify", "--language", "zh-Hant", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_fault() -> None:
    command = f"{sys.executable} -m hetao_geo verify | head -n 1"
    root = str(Path(cli.__file__).parents[2])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert "Traceback" not in done.stderr


def test_layers_lists_every_layer() -> None:
    rows = json.loads(run("layers", "--format", "json").stdout)
    assert {row["layer"] for row in rows} >= {"parks", "parts", "river", "boundary", "gba"}
    assert all(row["licence"] == "CC-BY-4.0" for row in rows)


def test_all_forms_are_named_in_help() -> None:
    text = run("verify", "--help").stdout
    assert all(form in text for form in report.FORMATS)


@pytest.fixture(scope="module")
def parks() -> str:
    return str(paths.GEODATA / "parks.geojson")


def test_verify_of_a_file_by_field(parks: str) -> None:
    words = ["verify", parks, "--stated", "stated_area_km2", "--format", "json"]
    done = run(*words, "--crs", "EPSG:2326")
    assert done.returncode == 0, done.stderr
    own, ours = json.loads(done.stdout), json.loads(run("verify", "--format", "json").stdout)
    assert own["crs"] == "EPSG:2326"
    for name in ("measured_km2", "uncertainty_km2", "smallest_detectable_km2", "verdict"):
        found, expected = ([row[name] for row in doc["checks"][:2]] for doc in (own, ours))
        exact = name == "verdict"
        assert found == (expected if exact else pytest.approx(expected, abs=1e-6))
    done = run(*words)
    assert done.returncode == 0, done.stderr
    own = json.loads(done.stdout)
    assert own["decided_by"] == "geodesic"
    assert [row["geodesic_km2"] for row in own["checks"]] == pytest.approx(
        [row["geodesic_km2"] for row in ours["checks"][:2]], abs=1e-6
    )


def test_verify_of_a_file_against_a_wrong_figure_fails(parks: str) -> None:
    done = run("verify", parks, "--stated", "2.5", "--accuracy", "40")
    assert done.returncode == 1
    assert "NOT CONSISTENT" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--stated is missing"),
        (["--stated", "acres"], "no such field"),
        (["--stated", "3.89", "--unit", "acre"], "unknown unit"),
        (["--stated", "3.89", "--rounding", "-1"], "not a rounding"),
        (["--stated", "3.89", "--accuracy", "-1"], "not an accuracy"),
        (["--stated", "3.89", "-o", "y.xlsx"], ".parquet"),
        (["--stated", "3.89", "--format", "json", "-o", "y.md"], ".json"),
    ],
)
def test_wrong_use_with_a_file(parks: str, words: list[str], said: str) -> None:
    assert said in one_sentence(run("verify", parks, *words))


def test_a_field_that_is_no_number_is_named_row_by_row(parks: str) -> None:
    done = run("verify", parks, "--stated", "name_en", "--by-crs", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["reasons"] == {"stated area is not one clear number": 2}
    assert [row["verdict"] for row in found["checks"]] == ["not-judged"] * 2
    assert "geodesic" in [row["crs"] for row in found["by_crs"]]


def test_a_missing_file_and_options_without_a_file(tmp_path: Path) -> None:
    assert "nowhere.geojson" in one_sentence(run("verify", "nowhere.geojson", "--stated", "1"))
    assert "needs a FILE" in one_sentence(run("verify", "--stated", "1"))


def test_a_file_gets_its_hash_and_its_datum_is_doubted(tmp_path: Path) -> None:
    loop = shapely.geometry.mapping(datum.transform(loop_shape(), "wgs84", "gcj02"))
    path = write_feature(tmp_path / "amap.geojson", loop)
    found = json.loads(run("verify", path, "--stated", "0.87", "--format", "json").stdout)
    assert found["data_sha256"] == {"amap.geojson": sha256(Path(path).read_bytes()).hexdigest()}
    assert "GCJ-02" in found["warnings"][0]


@pytest.mark.parametrize("form", report.FORMATS)
def test_names_of_a_stranger_cannot_command_the_terminal(tmp_path: Path, form: str) -> None:
    loop = shapely.geometry.mapping(loop_shape())
    path = write_feature(tmp_path / "a.geojson", loop, "\x1b[2J\u202e", **{"\x1b[1m": "\x1b[1m"})
    for stated in ("0.87", "none", "\x1b[1m"):
        done = run("verify", path, "--stated", stated, "--format", form)
        assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)


def loop_shape() -> Any:
    return next(f.geometry for f in catalog.features("parks") if f.id == "hong-kong-park")


def write_feature(path: Path, geometry: Any, identity: str = "a", **properties: str) -> str:
    feature = {"type": "Feature", "id": identity, "properties": properties, "geometry": geometry}
    path.write_text(json.dumps(feature), "utf-8")
    return str(path)


def test_a_missing_file_is_told_of_before_a_missing_option(tmp_path: Path) -> None:
    said = one_sentence(run("verify", "nope.geojson", cwd=tmp_path))
    assert "cannot read the file" in said
    assert "nope.geojson" in said
    assert "--stated" not in said


def test_without_arguments_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert all(f"    {command} " in printed and words in " ".join(printed.split())
               for command, words in cli.COMMANDS.items())  # fmt: skip


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["verfy"], "did you mean verify?"),
        (["verify", "--formt", "json"], "usage: hetao-geo verify"),
        (["verify", "--formt", "json"], "did you mean --format?"),
        (["layers", "extra"], "unknown argument: extra"),
        (["map", "--\x1b[2J"], "\\u001b[2J"),
    ],
)
def test_a_wrong_word_shows_the_usage_and_the_nearest_right_one(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert hint in capsys.readouterr().err


def test_the_citation_has_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--cite"])
    printed = capsys.readouterr().out
    assert printed.startswith("@software{")
    assert f"{{{__version__}}}" in printed


@pytest.mark.parametrize(
    ("tag", "language"),
    [("EN", "en"), ("en-GB", "en"), ("zh", "zh-Hans"), ("zh_CN", "zh-Hans"), ("zh-SG", "zh-Hans"),
     ("zh-HK", "zh-Hant"), ("ZH-tw", "zh-Hant"), ("zh-Hans-HK", "zh-Hans")],
)  # fmt: skip
def test_language_tags_as_systems_write_them(tag: str, language: str) -> None:
    assert text.check_language(tag) == language
    assert report.render(verify(), "text", tag) == report.render(verify(), "text", language)


def test_dir_shows_the_names_that_readme_documents() -> None:
    code = (
        "import hetao_geo, hetao_geo.webmap; print(*dir(hetao_geo));"
        "print(hetao_geo.datum.__name__, hetao_geo.UsageError.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    shown, reached = done.stdout.splitlines()
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    table = readme.split("<!-- api: begin -->")[1].split("<!-- api: end -->")[0]
    documented = set(re.findall(r"`(?:hetao_geo\.)?(\w+)[`(]", table))
    assert set(shown.split()) == documented
    assert reached == "hetao_geo.datum UsageError"
