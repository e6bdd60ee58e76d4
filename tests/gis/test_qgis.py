import json
from pathlib import Path

import pyproj
import pytest

from hetao_geo import catalog, style, text

PROBE = Path(__file__).with_name("qgis_probe.py")
LAYERS = [one.name for one in catalog.layers()]
GEOD = pyproj.Geod(ellps="WGS84")

pytestmark = pytest.mark.gis


def area(geometry):
    if geometry.geom_type != "Polygon":
        return 0
    return abs(GEOD.geometry_area_perimeter(geometry)[0])


def probe(qgis, picture, *sources):
    return json.loads(qgis(PROBE, picture, *sources).splitlines()[-1])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def from_geopackage(qgis, exported, pictures):
    path = exported.folder / "hetao.gpkg"
    # The first stands on top: the parks must not lie under the water.
    order = ["crossings", "stations", "places", "boundary", "parks", "parts", "interpretations"]
    order += ["railways", "roads", "wetland", "river", "landcover", "coast", "gba"]
    assert sorted(order) == sorted(LAYERS)
    return probe(qgis, pictures / "gpkg.png", *(f"{path}|layername={name}" for name in order))


@pytest.fixture(scope="module")
def from_geojson(qgis, exported, pictures):
    sources = [exported.folder / f"{name}.geojson" for name in ("parks", "parts", "river")]
    return probe(qgis, pictures / "geojson.png", *sources)


@pytest.mark.parametrize("name", LAYERS)
def test_geopackage_layers(from_geopackage, name):
    found, features = from_geopackage["layers"][name], catalog.features(name)
    assert found["crs"] == "EPSG:4326"
    assert found["count"] == len(features)
    assert found["valid"]
    assert set(found["areas"]) == {feature.id for feature in features}
    for feature in features:
        assert found["areas"][feature.id] == pytest.approx(area(feature.geometry), rel=1e-6)


@pytest.mark.parametrize("name", LAYERS)
def test_geopackage_opens_styled_and_documented(from_geopackage, name):
    found = from_geopackage["layers"][name]
    roles = {feature.properties["role"] for feature in catalog.features(name)}
    words = text.labels("roles", "en")
    assert found["renderer"] == "categorizedSymbol"
    assert found["roles"] == {role: words[role] for role in roles}
    assert found["labels"] == (name not in ("interpretations", "coast"))
    assert found["licences"] == ["CC-BY-4.0"]
    assert "not a legal boundary" in found["abstract"]
    assert found["styles"] == ["English", "简体中文", "繁體中文"]


def test_geojson_opens_styled(from_geojson):
    for name in ("parks", "parts", "river"):
        found = from_geojson["layers"][name]
        assert found["renderer"] == "categorizedSymbol"
        assert found["crs"] in ("EPSG:4326", "OGC:CRS84") and found["valid"]
        for feature in catalog.features(name):
            assert found["areas"][feature.id] == pytest.approx(area(feature.geometry), rel=1e-6)


def test_inferred_sides_are_drawn_dashed_and_the_rest_firm(from_geopackage, from_geojson):
    inferred = {
        f.id: any(side["inferred"] for side in f.properties["sides"])
        for f in catalog.features("parks")
    }
    for report in (from_geopackage, from_geojson):
        for name, (whole, firm, dashed) in report["layers"]["parks"]["edges"].items():
            assert firm + dashed == pytest.approx(whole, rel=1e-9)
            assert (dashed > 0.2 * whole) if inferred[name] else dashed == 0


def colours(path):
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
        counts = image.convert("RGB").getcolors(width * height)
    return {colour: count for count, colour in counts}


@pytest.mark.parametrize("picture", ["gpkg.png", "geojson.png"])
def test_the_picture_shows_both_parks(from_geopackage, from_geojson, pictures, picture):
    assert from_geopackage["picture_errors"] == from_geojson["picture_errors"] == []
    seen = colours(pictures / picture)
    assert len(seen) > 50
    for role in ("shenzhen-park", "hong-kong-park"):
        digits = style.role(role).stroke.removeprefix("#")
        wanted = tuple(bytes.fromhex(digits))
        near = [n for c, n in seen.items() if max(abs(a - b) for a, b in zip(c, wanted)) <= 6]  # noqa: B905
        assert sum(near) > 300, role
