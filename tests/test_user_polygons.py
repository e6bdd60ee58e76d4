"""Polygons of a reader's own file on the map: names, place, precision, areas, datum."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box, mapping

from hetao_geo import catalog, datum
from hetao_geo.cli import main
from hetao_geo.errors import UsageError
from hetao_geo.webmap import build_map, field_names, user_polygons


def write(path: Path, shapes: Sequence[Polygon], rows: Sequence[Mapping[str, object]]) -> Path:
    features = [
        {"type": "Feature", "properties": dict(row), "geometry": mapping(shape)}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize(
    ("properties", "english", "simplified", "traditional"),
    [
        ({"NAME": "Capital"}, "Capital", "Capital", "Capital"),
        ({"Name_EN": "Lot", "名称": "地块"}, "Lot", "地块", "地块"),
        ({"name:zh-Hant": "園區", "name:en": "Park"}, "Park", "園區", "園區"),
        ({"name_en": "Only English"}, "Only English", "Only English", "Only English"),
        ({"name": {"zh": "河套", "en": "Hetao"}}, "Hetao", "河套", "河套"),
        ({"name": " two\n lines "}, "two lines", "two lines", "two lines"),
        ({"name": 7}, "7", "7", "7"),
        ({"name": "  "}, "Polygon 3", "多边形3", "多邊形3"),
        ({"name": True}, "Polygon 3", "多边形3", "多邊形3"),
        ({}, "Polygon 3", "多边形3", "多邊形3"),
    ],
)
def test_name_a_reader_would_choose(properties, english, simplified, traditional) -> None:
    found = field_names.names(properties, None, 3)
    assert list(found.values()) == [english, simplified, traditional]


def test_polygons_across_the_antimeridian_are_neighbours() -> None:
    east, west = box(178, -18, 180, -16), box(-180, -18, -179, -16)
    shapes = user_polygons.unwrapped([east, west])
    assert shapely.total_bounds(np.array(shapes)).tolist() == [178, -18, 181, -16]
    one = shapely.MultiPolygon([east, west])
    assert user_polygons.unwrapped([one])[0].bounds == (178, -18, 181, -16)
    around = [box(lon, 0, lon + 5, 5) for lon in (-170, -60, 60, 165)]
    assert user_polygons.unwrapped(around)[0].bounds[0] in (-170, 190)


def test_positions_are_right_to_a_centimetre(tmp_path: Path) -> None:
    kiosk = Polygon([(8.54123456, 47.37), (8.541274, 47.370003), (8.54127, 47.37003)])
    path = write(tmp_path / "kiosk.geojson", [kiosk], [{}])
    page = build_map(parks=path).get_root().render()
    found = re.search(r'id="hetao-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    ring = next(row for row in data["layers"] if row["key"] == "parks")["features"][0]["parts"]
    drawn = np.cumsum(np.array(ring[0][0]).reshape(-1, 2), axis=0) / 10 ** data["precision"]
    metres = np.abs(drawn - np.array(kiosk.exterior.coords)) * 111_320
    assert metres.max() < 0.01


def test_page_elsewhere_speaks_of_what_it_shows(tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere.geojson", [box(8.5, 47.3, 8.6, 47.4)], [{"name": "Kreis"}])
    page = build_map(parks=path).get_root().render()
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert "Polygons of elsewhere.geojson" in text and "Kreis" in text
    for word in ("Hetao zone", "Shenzhen", "Greater Bay", "State Council", "Lok Ma Chau"):
        assert word not in text
    titled = build_map(parks=path, title="My parcels").get_root().render()
    assert "<title>My parcels</title>" in titled


def test_stated_areas_are_checked_on_the_page(tmp_path: Path) -> None:
    shapes = [box(8.5, 47.3, 8.51, 47.31), box(8.52, 47.3, 8.53, 47.31)]
    rows = [{"name": "Right", "ha": "84.0"}, {"name": "Wrong", "ha": "50.0"}]
    path = write(tmp_path / "stated.geojson", shapes, rows)
    user = user_polygons.read(path, stated="ha", unit="ha")
    assert [check.verdict for check in user.checks] == ["consistent", "not-consistent"]
    page = build_map(parks=path, stated="ha", unit="ha").get_root().render()
    assert "not consistent" in page
    with pytest.raises(UsageError, match="states an area"):
        user_polygons.read(path, stated="acres")


def test_file_that_is_surely_gcj02_is_not_drawn_unasked(tmp_path: Path, capsys) -> None:
    park = next(f.geometry for f in catalog.features("parks") if f.id == "hong-kong-park")
    lon, lat = datum.wgs84_to_gcj02(*np.array(park.exterior.coords).T)
    path = write(tmp_path / "shifted.geojson", [Polygon(np.column_stack([lon, lat]))], [{}])
    output = tmp_path / "map.html"
    assert main(["map", "--parks", str(path), "-o", str(output)]) == 2
    assert "--assume gcj02" in capsys.readouterr().err and not output.exists()
    assert main(["map", "--parks", str(path), "--assume", "gcj02", "-o", str(output)]) == 0
    assert main(["map", "--parks", str(path), "--assume", "wgs84", "-o", str(output)]) == 0
    assert "Warning of the check" in output.read_text(encoding="utf-8")


def test_band_goes_round_every_ring(tmp_path: Path) -> None:
    holed = box(114.05, 22.51, 114.06, 22.52) - box(114.053, 22.513, 114.057, 22.517)
    two = shapely.MultiPolygon([holed, box(114.065, 22.51, 114.075, 22.52)])
    path = write(tmp_path / "multi.geojson", [two], [{"accuracy_m": 100}])
    page = build_map(parks=path).get_root().render()
    band = re.search(r"hz-bands hz-bands-1[^>]*>(.*?)</g>", page, re.DOTALL)
    assert band and len(re.findall("hz-tone-own-polygon", band[1])) == 3


def test_large_page_says_so(tmp_path: Path, capsys) -> None:
    angles = np.linspace(0, 2 * np.pi, 2000)[:-1]
    shapes = [
        Polygon(np.column_stack([8 + n / 50 + 0.009 * np.cos(angles), 47 + 0.009 * np.sin(angles)]))
        for n in range(30)
    ]
    path = write(tmp_path / "large.geojson", shapes, [{}] * 30)
    assert main(["map", "--parks", str(path), "-o", str(tmp_path / "map.html")]) == 0
    assert "larger than 1000 kB" in capsys.readouterr().err
