"""The catalogue reads its layers, and says in one sentence what is wrong with a file."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

import hetao_geo
from hetao_geo import catalog, paths
from hetao_geo.errors import DataError, HetaoGeoError, UsageError

NAMES = (
    "parks",
    "parts",
    "interpretations",
    "river",
    "wetland",
    "landcover",
    "boundary",
    "crossings",
    "roads",
    "railways",
    "stations",
    "places",
    "gba",
    "coast",
)


def test_layers_come_in_the_order_of_the_catalogue() -> None:
    layers = catalog.layers()
    assert tuple(layer.name for layer in layers) == NAMES
    for layer in layers:
        assert layer.path == paths.GEODATA / f"{layer.name}.geojson"
        assert layer.licence == "CC-BY-4.0"
        assert layer.accuracy_m > 0
        assert layer.sources
        assert set(layer.title) == {"en", "zh-Hans", "zh-Hant"}
        assert len(layer.sha256) == 64


def test_the_stated_total_stands_with_the_parks() -> None:
    total = catalog.layer("parks").stated_total
    assert total is not None
    assert (total["id"], total["stated_area_km2"], total["stated_rounding_km2"]) == (
        "zone",
        3.89,
        0.005,
    )
    parts = sum(f.properties["stated_area_km2"] for f in catalog.features("parts"))
    parks = sum(f.properties["stated_area_km2"] for f in catalog.features("parks"))
    assert parts == pytest.approx(3.02)
    assert parks == pytest.approx(total["stated_area_km2"])
    assert "2023" in total["source"]


@pytest.mark.parametrize("name", NAMES)
def test_features_are_those_of_the_file(name: str) -> None:
    layer = catalog.layer(name)
    rows = json.loads(layer.path.read_bytes())["features"]
    found = catalog.features(name)
    assert [f.id for f in found] == [row["id"] for row in rows]
    assert len(found) == layer.feature_count
    for feature, row in zip(found, rows, strict=True):
        assert feature.geometry.equals_exact(shape(row["geometry"]), 0)
        assert feature.properties == row["properties"]


@pytest.mark.parametrize("name", NAMES)
def test_load_gives_a_geodataframe(name: str) -> None:
    frame = hetao_geo.load(name)
    assert frame.crs.to_epsg() == 4326
    assert list(frame.index) == list(range(len(frame)))
    assert list(frame["id"]) == [f.id for f in catalog.features(name)]
    assert tuple(frame.total_bounds) == catalog.layer(name).bounds
    assert set(frame.geom_type) == {catalog.layer(name).geometry_type}


def test_reading_features_loads_no_heavy_library() -> None:
    code = (
        "import sys; from hetao_geo import catalog; catalog.features('parks');"
        "heavy = {'geopandas', 'pandas', 'pyproj', 'folium', 'pyogrio'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=paths.PACKAGE.parent)


def test_an_unknown_layer_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"unknown layer.*parks.*gba.*'parcs'"):
        catalog.features("parcs")
    with pytest.raises(UsageError, match="unknown layer"):
        hetao_geo.load("Parks")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(paths.GEODATA, tmp_path / "data")
    return tmp_path / "data"


def change(mend: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def apply(path: Path) -> None:
        data = json.loads(path.read_bytes())
        mend(data)
        path.write_text(json.dumps(data), encoding="utf-8")

    return apply


def first(**members: Any) -> Callable[[Path], object]:
    return change(lambda data: data["features"][0].update(members))


OPEN = {"type": "Polygon", "coordinates": [[[114.0, 22.5], [114.1, 22.5]]]}
FAULTS = {
    "missing": (lambda p: p.unlink(), "cannot read the file"),
    "a folder": (lambda p: (p.unlink(), p.mkdir()), "cannot read the file"),
    "empty": (lambda p: p.write_bytes(b""), "not JSON"),
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[:1500]), "not JSON"),
    "UTF-16": (lambda p: p.write_text(p.read_text("utf-8"), "utf-16"), "not UTF-8"),
    "GBK": (lambda p: p.write_bytes(p.read_text("utf-8").encode("gbk")), "not UTF-8"),
    "NaN": (lambda p: p.write_text(p.read_text("utf-8").replace("114.0", "NaN")), "NaN"),
    "nested too deeply": (lambda p: p.write_text("[" * 10**6), "not JSON"),
    "a list": (lambda p: p.write_text("[]"), "found list"),
    "another layer": (lambda p: shutil.copy(p.with_name("parts.geojson"), p), "found 'parts'"),
    "no features": (change(lambda d: d.pop("features")), "expected 2 features"),
    "one feature fewer": (change(lambda d: d["features"].pop()), "found 1"),
    "a Feature alone": (change(lambda d: d.update(type="Feature")), "found 'Feature'"),
    "a point": (first(geometry={"type": "Point", "coordinates": [114, 22]}), "found Point"),
    "no geometry": (first(geometry=None), "feature 0"),
    "no properties": (first(properties={}), "without name_en"),
    "no id": (first(id=None), "without a text id"),
    "a ring of two points": (first(geometry=OPEN), "feature 0"),
    "words for numbers": (first(geometry={"type": "Polygon", "coordinates": "x"}), "feature 0"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_layer_gets_one_clear_error(folder: Path, fault: str) -> None:
    spoil, words = FAULTS[fault]
    spoil(folder / "parks.geojson")
    with pytest.raises(DataError) as caught:
        catalog.features("parks", folder=folder)
    sentence = str(caught.value)
    assert words in sentence
    assert "parks.geojson" in sentence
    assert "expected" in sentence
    assert "; " in sentence, "the error says what to do"
    assert "\n" not in sentence


CATALOGUE_FAULTS = {
    "missing": (lambda p: p.unlink(), "cannot read the file"),
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[:1500]), "not JSON"),
    "GBK": (lambda p: p.write_bytes(p.read_text("utf-8").encode("gbk")), "not UTF-8"),
    "a list": (lambda p: p.write_text("[]"), "lacks a member"),
    "no resources": (change(lambda d: d.pop("resources")), "'resources'"),
    "no bounds": (change(lambda d: d["resources"][2].pop("bounds")), "'bounds'"),
    "short bounds": (change(lambda d: d["resources"][2].update(bounds=[1, 2])), "bounds"),
    "no accuracy": (
        change(lambda d: d["resources"][2].pop("positional_accuracy")),
        "'positional_accuracy'",
    ),
}


@pytest.mark.parametrize("fault", CATALOGUE_FAULTS)
def test_a_faulty_catalogue_gets_one_clear_error(folder: Path, fault: str) -> None:
    spoil, words = CATALOGUE_FAULTS[fault]
    spoil(folder / "datapackage.json")
    for read in (catalog.layers, lambda folder: catalog.features("parks", folder=folder)):
        with pytest.raises(DataError) as caught:
            read(folder=folder)
        assert words in str(caught.value)
        assert "datapackage.json" in str(caught.value)


def test_errors_are_also_value_errors() -> None:
    with pytest.raises(ValueError, match="unknown layer"):
        catalog.layer("")
    assert issubclass(DataError, HetaoGeoError)


def test_a_folder_of_the_reader_is_read_in_place_of_ours(folder: Path) -> None:
    assert [f.id for f in catalog.features("parts", folder=folder)] == [
        f.id for f in catalog.features("parts")
    ]
    change(lambda d: d["features"][0].update(id="mine"))(folder / "parts.geojson")
    assert catalog.features("parts", folder=str(folder))[0].id == "mine"
