"""A file that declares GCJ-02 or BD-09 is neither taken as WGS 84 nor converted unasked."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

import hetao_geo
from hetao_geo import catalog, checking, cli
from hetao_geo.checking.conversion import convert
from hetao_geo.errors import UsageError

PARKS = Path(__file__).resolve().parent.parent / "geodata" / "parks.geojson"


@pytest.fixture
def shifted(tmp_path: Path) -> Path:
    path = tmp_path / "g.geojson"
    path.write_text(convert(PARKS, "wgs84", "gcj02"))
    return path


def declare(path: Path, *words: Any) -> Path:
    """Write a square for each word, which its field ``datum`` holds."""
    squares = [shapely.box(113 + i, 22, 113.1 + i, 22.1) for i in range(len(words))]
    features = [
        {"type": "Feature", "id": i, "properties": {"datum": word}, "geometry": shape}
        for i, (word, shape) in enumerate(
            zip(words, map(shapely.geometry.mapping, squares), strict=True)
        )
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_what_convert_writes_is_refused_until_it_is_assumed(shifted: Path) -> None:
    found = checking.read(shifted)
    (fault,) = found.errors
    assert (fault.code, fault.found, found.crs) == ("declared-datum", "gcj02", "gcj02")
    for reader in (checking.polygons, hetao_geo.read_polygons):
        with pytest.raises(
            checking.PolygonsError, match=r"--assume gcj02.*--from gcj02 --to wgs84"
        ):
            reader(shifted)
    for asked, park in zip(
        checking.polygons(shifted, assume="gcj02"), catalog.features("parks"), strict=True
    ):
        assert shapely.hausdorff_distance(asked.geometry, park.geometry) < 2e-7


@pytest.mark.parametrize("words", [("verify", "--stated", "3.89"), ("map", "-o", "m.html")])
def test_commands_refuse_it_in_one_sentence(
    shifted: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = words
    own = ["--parks"] if command == "map" else []
    rest = [str(shifted.parent / word) if word.endswith(".html") else word for word in rest]
    assert cli.main([command, *own, str(shifted), *rest]) == 2
    assert "--assume gcj02" in capsys.readouterr().err
    assert not list(shifted.parent.glob("*.html"))
    assert cli.main(["check", str(shifted)]) == 1
    assert "[declared-datum]" in capsys.readouterr().out


def test_nothing_is_shifted_twice(shifted: Path) -> None:
    with pytest.raises(UsageError, match="expected --from gcj02"):
        convert(shifted, "wgs84", "gcj02")
    back = json.loads(convert(shifted, "gcj02", "wgs84"))
    assert "datum" not in back


def test_a_field_declares_as_our_exports_do(tmp_path: Path) -> None:
    hetao_geo.export(tmp_path, formats="geojson,gpkg", layers="parks", datum="bd09")
    (path,) = tmp_path.rglob("*.geojson")
    (package,) = tmp_path.rglob("*.gpkg")
    for file in (path, package):
        assert {fault.code for fault in checking.read(file).errors} == {"declared-datum"}
        (tmp_path / "back.geojson").write_text(convert(file, "bd09", "wgs84"))
        for back, park in zip(
            sorted(checking.polygons(tmp_path / "back.geojson"), key=lambda one: one.id),
            sorted(catalog.features("parks"), key=lambda one: one.id),
            strict=True,
        ):
            assert shapely.hausdorff_distance(back.geometry, park.geometry) < 3e-7
            assert "datum" not in back.properties


def test_other_words_declare_nothing_and_two_datums_are_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    assert checking.read(declare(path, "WGS 84", "NAD83", 7, None)).errors == ()
    (fault,) = checking.read(declare(path, "GCJ-02", "BD-09", "bd09ll")).errors
    assert fault.found == "bd09 (2 times), gcj02 (1 times)"
    assert "cut the file" in str(fault.hint)
    with pytest.raises(UsageError, match="--from bd09"):
        convert(path, "gcj02", "wgs84")
