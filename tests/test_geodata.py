"""The files of geodata/ say what the catalogue says they say, in one canonical form."""

import hashlib
import json
import re
from typing import Any

import pytest

from hetao_geo import geojson, paths, style

CATALOGUE = json.loads((paths.GEODATA / "datapackage.json").read_text(encoding="utf-8"))
ROWS = {row["name"]: row for row in CATALOGUE["resources"]}
TEXTS = {name: (paths.GEODATA / row["path"]).read_bytes() for name, row in ROWS.items()}
LAYERS = {name: json.loads(text) for name, text in TEXTS.items()}
FEATURES = [(name, f) for name, layer in LAYERS.items() for f in layer["features"]]
IDS = {
    "parks": {"shenzhen-park", "hong-kong-park"},
    "parts": {"futian-bonded-zone", "huanggang-port-area"},
    "boundary": {
        "boundary-shenzhen-river",
        "boundary-deep-bay",
        "boundary-deep-bay-west",
        "boundary-upper-river",
    },
}
# Characters that the two scripts write differently: simplified, traditional.
SCRIPTS = (
    "区區园園岗崗广廣东東罗羅锦錦湾灣门門庆慶莞莞绒絨华華强強滨濱税稅创創术術合合作作"
    "港港圳圳边邊线線落落马馬洲洲渡渡两兩个個与與径徑旧舊"
)

every_layer = pytest.mark.parametrize("name", ROWS)
every_feature = pytest.mark.parametrize(
    ("name", "feature"), FEATURES, ids=[f"{name}/{f['id']}" for name, f in FEATURES]
)


def positions(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], float | int):
        return [coordinates]
    return [p for part in coordinates for p in positions(part)]


def box(features: list[dict[str, Any]]) -> list[float]:
    points = [p for f in features for p in positions(f["geometry"]["coordinates"])]
    xs, ys = zip(*points, strict=True)
    return [min(xs), min(ys), max(xs), max(ys)]


def test_the_catalogue_lists_every_file_and_no_other() -> None:
    assert {row["path"] for row in ROWS.values()} == {
        path.name for path in paths.GEODATA.glob("*.geojson")
    }
    assert CATALOGUE["licenses"][0]["name"] == "CC-BY-4.0"
    assert CATALOGUE["contributors"]


@every_layer
def test_the_row_of_the_catalogue_describes_its_file(name: str) -> None:
    row, features, text = ROWS[name], LAYERS[name]["features"], TEXTS[name]
    measured = {
        "bytes": len(text),
        "hash": f"sha256:{hashlib.sha256(text).hexdigest()}",
        "bounds": box(features),
        "feature_count": len(features),
        "geometry_type": " ".join(sorted({f["geometry"]["type"] for f in features})),
    }
    stale = {key: value for key, value in measured.items() if row[key] != value}
    assert not stale, f"refresh the row {name!r} of geodata/datapackage.json: {stale}"
    worst = max(f["properties"]["accuracy_m"] for f in features)
    assert row["positional_accuracy"]["value"] == worst
    assert row["positional_accuracy"]["unit"] == "m"
    assert (row["crs"], row["format"], row["encoding"]) == ("OGC:CRS84", "geojson", "utf-8")
    assert row["licenses"][0]["path"].startswith("https://creativecommons.org/")
    assert all(source["title"] for source in row["sources"])
    assert set(row["titles"]) == {"en", "zh-Hans", "zh-Hant"}


@every_layer
def test_files_are_canonical(name: str) -> None:
    layer, text = LAYERS[name], TEXTS[name].decode("utf-8")
    canonical = geojson.dumps(layer["features"], name=name)
    assert canonical == text, f"write the file with geojson.dumps(features, name={name!r})"
    assert layer["name"] == name
    assert "crs" not in layer
    assert layer["bbox"] == box(layer["features"])
    assert text.count('\n{"bbox"') == len(layer["features"]), "one feature a line"
    digits = re.findall(r"\d+\.(\d+)", json.dumps([f["geometry"] for f in layer["features"]]))
    assert max(map(len, digits)) <= 5


@pytest.mark.parametrize("name", IDS)
def test_features_have_their_ids(name: str) -> None:
    assert {f["id"] for f in LAYERS[name]["features"]} == IDS[name]


def test_ids_are_unique_within_the_zone() -> None:
    ids = [f["id"] for name, f in FEATURES if name != "gba"]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in ids)


@every_feature
def test_features_carry_names_accuracy_method_and_sources(
    name: str, feature: dict[str, Any]
) -> None:
    p = feature["properties"]
    assert p["name_en"].isascii()
    assert all(re.search(r"[\u4e00-\u9fff]", p[f"name_zh_{s}"]) for s in ("hans", "hant"))
    assert style.role(p["role"])
    assert p["accuracy_m"] > 0
    assert p["approximate"] is True
    assert len(p["method"]) > 20
    assert p["sources"]
    assert all(isinstance(source, str) and source for source in p["sources"])
    assert all(isinstance(alias, str) and alias for alias in p["aliases"])
    assert feature["bbox"] == box([feature])
    west, south, east, north = feature["bbox"]
    assert 112 < west <= east < 116, "longitude comes first"
    assert 21 < south <= north < 25


@every_feature
def test_chinese_names_keep_to_one_script(name: str, feature: dict[str, Any]) -> None:
    pairs = [(a, b) for a, b in zip(SCRIPTS[::2], SCRIPTS[1::2], strict=True) if a != b]
    simplified, traditional = map(set, zip(*pairs, strict=True))
    for owner in [feature["properties"], *feature["properties"].get("sides", [])]:
        for key, text in owner.items():
            if key.endswith("_hans"):
                assert not set(text) & traditional, text
            if key.endswith("_hant"):
                assert not set(text) & simplified, text


def test_the_readme_explains_every_property() -> None:
    readme = (paths.GEODATA / "README.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_0-9]+)`", readme))
    used = {key for _, f in FEATURES for key in f["properties"]}
    used |= {key for _, f in FEATURES for s in f["properties"].get("sides", []) for key in s}
    assert used <= explained, used - explained


def test_the_words_are_neutral() -> None:
    readme = (paths.GEODATA / "README.md").read_text(encoding="utf-8")
    everything = readme + "".join(text.decode("utf-8") for text in TEXTS.values())
    everything += json.dumps(CATALOGUE, ensure_ascii=False)
    for word in ("international border", "frontier", "owner", "owned", "环路", "環路", "🇨🇳", "🇭🇰"):
        assert word not in everything.lower(), word
    assert "not a legal boundary" in everything


def test_crossings_pair_across_the_river() -> None:
    crossings = {f["id"]: f["properties"] for f in LAYERS["crossings"]["features"]}
    for name, one in crossings.items():
        assert one["side"] in {"shenzhen", "hong-kong"}
        if one["pair"]:
            other = crossings[one["pair"]]
            assert other["pair"] == name
            assert {one["side"], other["side"]} == {"shenzhen", "hong-kong"}
    assert sum(one["pair"] is not None for one in crossings.values()) == 4


def test_the_greater_bay_area_is_eleven_cities_and_four_zones_as_points() -> None:
    features = LAYERS["gba"]["features"]
    kinds = [f["properties"]["kind"] for f in features]
    assert (kinds.count("city"), kinds.count("cooperation-zone"), len(kinds)) == (11, 4, 15)
    assert {f["geometry"]["type"] for f in features} == {"Point"}
    zones = [f for f in features if f["properties"]["kind"] == "cooperation-zone"]
    areas = {f["id"]: f["properties"]["area_km2"] for f in zones}
    assert areas == {"hengqin": 106, "qianhai": 120.56, "nansha": 803, "hetao": 3.89}
    for zone in zones:
        assert re.search(r"20\d\d", zone["properties"]["area_source"])
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", zone["properties"]["area_date"])


def test_the_limits_of_the_plan_have_their_lines() -> None:
    roads = {f["properties"]["name_zh_hans"] for f in LAYERS["roads"]["features"]}
    limits = {
        side["limit_zh_hans"]
        for f in LAYERS["parts"]["features"]
        for side in f["properties"]["sides"]
    }
    assert {"滨河大道", "皇岗路", "华强南路", "绒花路", "新洲河"} <= roads & limits
    streams = [f["id"] for f in LAYERS["roads"]["features"] if f["properties"]["role"] == "stream"]
    assert streams == ["xinzhou-river"]


def test_nothing_is_drawn_that_the_evidence_does_not_support() -> None:
    names = " ".join(f["id"] for _, f in FEATURES)
    for absent in ("bridge", "customs", "second-line", "supervised"):
        assert absent not in names
