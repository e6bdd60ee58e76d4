"""Which side of the line: the fast rule against the plain one, known places, datums, tables."""

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import hetao_geo
from hetao_geo import catalog, datum
from hetao_geo.cli import main
from hetao_geo.errors import UsageError
from hetao_geo.location.datum_evidence import datum_evidence, doubt
from hetao_geo.location.degrees import parse_pair
from hetao_geo.location.distances import locate_points
from hetao_geo.location.reference import locate_point
from hetao_geo.outlines import make_areas, zone_areas


def cloud(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(114.02, 114.10, count), rng.uniform(22.495, 22.545, count)


@pytest.mark.parametrize("accuracy", [0.0, 15.0])
def test_the_fast_rule_is_the_plain_one(accuracy: float) -> None:
    areas = zone_areas()
    x, y = areas.project(*cloud(400))
    found = locate_points(areas, x, y, accuracy)
    for row in range(len(x)):
        area, inside, distance, probability = locate_point(areas, x[row], y[row], accuracy)
        assert (area, inside) == (found.area[row], found.inside[row])
        assert distance == pytest.approx(found.distance_m[row], abs=1e-6)
        assert probability == pytest.approx(found.probability[row], abs=1e-8)


def test_many_polygons_take_the_tree_and_give_the_same() -> None:
    cells = shapely.box(
        *np.array([(i % 20, i // 20, i % 20 + 1, i // 20 + 1) for i in range(400)]).T
    )
    plane = shapely.transform(cells, lambda xy: xy * 0.002 + (114.04, 22.50))
    features = [catalog.Feature(str(i), c, {"accuracy_m": 5}) for i, c in enumerate(plane)]
    areas = make_areas(features, crs="EPSG:2326")
    assert len(areas.edges) > 256
    x, y = areas.project(*cloud(60))
    found = locate_points(areas, x, y, 0.0)
    for row in range(len(x)):
        area, inside, distance, probability = locate_point(areas, x[row], y[row])
        assert inside == found.inside[row]
        assert distance == pytest.approx(found.distance_m[row], abs=1e-6)
        assert probability == pytest.approx(found.probability[row], abs=1e-8)
        assert not inside or area == found.area[row]


def test_a_point_on_a_limit_is_even_odds_and_far_points_are_certain() -> None:
    line = catalog.features("parks")[0].geometry.exterior
    on = line.interpolate(np.linspace(0, 1, 50, endpoint=False), normalized=True)
    found = hetao_geo.locate(gpd.GeoSeries(on, crs="EPSG:4326"))
    assert set(found["status"]) == {"uncertain"}
    assert found["probability"].between(0.49, 0.51).all()
    assert found["distance_m"].abs().max() < 0.5
    far = hetao_geo.locate(([113.9, 114.2], [22.5, 22.6]))
    assert far["status"].tolist() == ["outside", "outside"]
    assert (far["probability"] == 0).all()


def test_the_probability_is_that_of_drawing_the_limit_again() -> None:
    """Move a straight limit at random by its accuracy and count on which side the point is."""
    square = catalog.Feature("a", shapely.box(114.0, 22.5, 114.1, 22.6), {"accuracy_m": 40})
    areas = make_areas([square], crs="EPSG:2326")
    x, y = areas.project(np.array([114.05]), np.array([22.5003]))
    p = locate_points(areas, x, y, 0.0).probability[0]
    distance = locate_points(areas, x, y, 0.0).distance_m[0]
    moved = np.random.default_rng(3).normal(0, 40, 200_000)
    assert p == pytest.approx((moved < distance).mean(), abs=0.004)


def test_an_accuracy_of_the_point_widens_the_doubt() -> None:
    exact, rough = (
        hetao_geo.locate((114.0605, 22.5163), accuracy_m=metres)["probability"][0]
        for metres in (0.0, 100.0)
    )
    assert 0.5 < rough < exact


def test_the_line_between_the_parts_leaves_the_park_certain_and_the_part_in_doubt() -> None:
    parts = catalog.features("parts")
    line = parts[0].geometry.intersection(parts[1].geometry)
    middle = line.interpolate(0.5, normalized=True)
    row = hetao_geo.locate((middle.x, middle.y)).iloc[0]
    assert row["park"] == "shenzhen-park"
    assert row["part_probability"] == pytest.approx(0.5, abs=0.05)


def test_another_reading_that_changes_the_answer_is_named() -> None:
    literal = next(
        f
        for f in catalog.features("interpretations")
        if f.properties["interpretation"] == "literal"
    )
    drawn = shapely.union_all([f.geometry for f in catalog.features("parts")])
    place = literal.geometry.difference(drawn).representative_point()
    row = hetao_geo.locate((place.x, place.y)).iloc[0]
    assert "literal" in row["other_readings"]
    heart = catalog.features("parts")[1].geometry.representative_point()
    assert hetao_geo.locate((heart.x, heart.y)).iloc[0]["other_readings"] == ""


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09"])
def test_the_same_places_in_every_datum(name: str) -> None:
    lon, lat = cloud(300)
    moved = datum.transform(shapely.points(lon, lat), "wgs84", name)
    plain = hetao_geo.locate((lon, lat))
    found = hetao_geo.locate((shapely.get_x(moved), shapely.get_y(moved)), datum=name)
    assert found["status"].tolist() == plain["status"].tolist()
    assert np.allclose(found["distance_m"], plain["distance_m"], atol=1e-3)


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09"])
def test_a_cloud_of_dry_points_tells_its_datum(name: str) -> None:
    lon, lat = cloud(600)
    water = shapely.union_all([f.geometry for f in catalog.features("river")])
    dry = ~shapely.intersects_xy(water, lon, lat)
    moved = datum.transform(shapely.points(lon[dry], lat[dry]), "wgs84", name)
    ranked = datum_evidence(shapely.get_x(moved), shapely.get_y(moved))
    assert ranked[0].datum == name
    assert ranked[0].confidence > 0.95
    assert datum_evidence(lon + 10, lat + 10) == ()


def known_places() -> pd.DataFrame:
    """Places whose side is known from texts and maps, and not from our limits."""
    return pd.read_csv(Path(__file__).parent / "data" / "known_places.csv")


def test_no_known_place_is_on_the_wrong_side_with_certainty() -> None:
    places = known_places()
    found = hetao_geo.locate(places, accuracy_m="accuracy_m")
    sides = found.groupby("side")["status"].agg(set).to_dict()
    assert sides["inside"] <= {"inside", "uncertain"}
    assert sides["outside"] <= {"outside", "uncertain"}
    assert sides["limit"] == {"uncertain"}
    certain = found[(found["side"] != "limit") & (found["status"] == found["side"])]
    assert len(certain) > 0.8 * (found["side"] != "limit").sum()


def test_in_the_wrong_datum_known_places_are_on_the_wrong_side() -> None:
    places = known_places()
    places["lon"], places["lat"] = datum.wgs84_to_gcj02(places["lon"], places["lat"])
    found = hetao_geo.locate(places, accuracy_m="accuracy_m")
    assert ((found["side"] == "inside") & (found["status"] == "outside")).any()
    assert ((found["side"] == "outside") & (found["status"] == "inside")).any()


def dry_cloud(count: int, seed: int, south: float = 22.495) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = cloud(4 * count, seed)
    water = shapely.union_all([f.geometry for f in catalog.features("river")])
    dry = ~shapely.intersects_xy(water, lon, lat) & (lat > south)
    return lon[dry][:count], lat[dry][:count]


def in_datum(lon: np.ndarray, lat: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    moved = datum.transform(shapely.points(lon, lat), "wgs84", name)
    return shapely.get_x(moved), shapely.get_y(moved)


@pytest.mark.parametrize("count", [1, 3, 10, 100, 1000])
@pytest.mark.parametrize("south", [22.495, 22.53], ids=["both banks", "city only"])
def test_tables_in_wgs84_raise_no_doubt(count: int, south: float) -> None:
    for seed in range(10):
        assert doubt(datum_evidence(*dry_cloud(count, seed, south))) == ""


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_jetties_gauges_and_bridges_in_the_water_raise_no_doubt(count: int) -> None:
    lon, lat = cloud(5000, count)
    water = shapely.union_all([f.geometry for f in catalog.features("river")])
    wet = shapely.intersects_xy(water, lon, lat)
    assert doubt(datum_evidence(lon[wet][:count], lat[wet][:count])) == ""
    dry_lon, dry_lat = dry_cloud(200, count)
    mixed = np.r_[lon[wet][:2], dry_lon], np.r_[lat[wet][:2], dry_lat]
    assert doubt(datum_evidence(*mixed)) == ""


def test_many_rows_of_one_house_in_the_water_count_as_one() -> None:
    house = np.full(500, 114.0700), np.full(500, 22.5170)
    assert datum_evidence(*house)[0].in_water in (0, 500)
    assert doubt(datum_evidence(*house)) == ""


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_a_hundred_points_of_both_banks_show_that_they_are_not_wgs84(name: str) -> None:
    told = [doubt(datum_evidence(*in_datum(*dry_cloud(150, seed), name))) for seed in range(10)]
    assert sum("not WGS 84" in question for question in told) >= 9


def test_names_of_crossings_raise_doubt_and_a_district_of_that_name_does_not() -> None:
    places = [f for f in catalog.features("crossings") if f.id == "futian-port"]
    x, y = in_datum(*(np.array([v]) for v in (places[0].geometry.x, places[0].geometry.y)), "gcj02")
    told = doubt(datum_evidence(x, y, [(0, "福田口岸")]))
    assert "--datum gcj02" in told
    assert "crossings" in told
    lon, lat = dry_cloud(50, 1)
    assert doubt(datum_evidence(lon, lat, [(row, "罗湖") for row in range(50)])) == ""
    assert doubt(datum_evidence(lon + 3, lat, [(0, "福田口岸")])) == ""


@pytest.mark.parametrize("name", ["wgs84", "gcj02", "bd09"])
def test_one_named_crossing_tells_the_datum(name: str) -> None:
    place = next(f for f in catalog.features("crossings") if f.id == "futian-port").geometry
    moved = datum.transform(place, "wgs84", name)
    ranked = datum_evidence(np.array([moved.x]), np.array([moved.y]), [(0, "福田口岸")])
    assert ranked[0].datum == name
    assert ranked[0].named == 1


def test_frames_keep_index_and_columns() -> None:
    frame = pd.DataFrame(
        {"经度": ["114.0685", "x"], "纬度": [22.5210, 1], "status": ["a", "b"]}, [7, 9]
    )
    found = hetao_geo.locate(frame, lon="经度", lat="纬度")
    assert found.index.tolist() == [7, 9]
    assert found["status"].tolist() == ["a", "b"]
    assert found["located_status"].tolist() == ["inside", "not-located"]
    assert found["reason"].tolist() == ["", "not a number"]
    assert found.crs == "EPSG:4326"
    points = gpd.GeoSeries.from_xy([114.0685], [22.5210], crs="EPSG:4326").to_crs("EPSG:2326")
    assert hetao_geo.locate(points)["status"].tolist() == ["inside"]
    assert hetao_geo.locate(np.array([[114.0685, 22.5210]]))["status"].tolist() == ["inside"]
    with pytest.raises(UsageError, match="no such column"):
        hetao_geo.locate(frame)
    with pytest.raises(UsageError, match="Point"):
        hetao_geo.locate(hetao_geo.load("parks"))


def test_a_readers_polygons_take_the_place_of_the_parks() -> None:
    box = gpd.GeoDataFrame(
        {"id": ["a"], "accuracy_m": [10.0]}, geometry=[shapely.box(8, 47, 8.1, 47.1)], crs=4326
    )
    found = hetao_geo.locate(([8.05, 8.1, 9.0], [47.05, 47.05, 47.0]), polygons=box)
    assert found["status"].tolist() == ["inside", "uncertain", "outside"]
    assert "park" not in found


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["114.06", "22.5"], (114.06, 22.5)),
        (["114.06,22.5"], (114.06, 22.5)),
        (["114.06, 22.5"], (114.06, 22.5)),
        (["22°30'N", "114°3'36\"E"], (114.06, 22.5)),
        (["22°30′00″N 114°03′36″E"], (114.06, 22.5)),
        (["N22 30 0", "E114 3 36"], (114.06, 22.5)),
        (["北纬22度30分", "东经114度3分36秒"], (114.06, 22.5)),
        (["-73.9", "-40.5"], (-73.9, -40.5)),
        (["22.5S", "43.2W"], (-43.2, -22.5)),
    ],
)
def test_coordinates_as_people_write_them(words: list[str], place: tuple[float, float]) -> None:
    assert parse_pair(words) == pytest.approx(place)


@pytest.mark.parametrize("words", [["114"], ["a", "b"], ["22N", "30N"], ["22°75'N", "114E"], [""]])
def test_what_is_not_a_pair_of_coordinates_is_refused(words: list[str]) -> None:
    with pytest.raises(UsageError, match="not a pair of coordinates"):
        parse_pair(words)


def table(path: Path, rows: list[list[object]], encoding: str = "gbk") -> str:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([["企业", "经度", "纬度"], *rows])
    return str(path)


GOOD = ["甲", 114.0685, 22.5210]


def test_a_table_keeps_its_columns_and_names_what_it_cannot_locate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [["乙", "abc", 22.5], ["丙", "", ""], ["丁", 22.52, 114.06]]
    source, target = table(tmp_path / "c.csv", [GOOD, *bad]), tmp_path / "o.csv"
    assert main(["locate", source, "--lon", "经度", "--lat", "纬度", "-o", str(target)]) == 1
    printed = capsys.readouterr()
    assert "gb18030" in printed.out
    assert all(f"row {n}" in printed.err for n in (2, 3, 4))
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["企业"] for row in rows] == ["甲", "乙", "丙", "丁"]
    assert [row["status"] for row in rows] == ["inside", *["not-located"] * 3]
    assert "swapped" in rows[3]["reason"]


def test_the_accuracy_of_points_may_be_a_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "c.csv", tmp_path / "o.csv"
    place = "114.0601,22.5163"
    source.write_text(f"lon,lat,error\n{place},0\n{place},100\n{place},-1\n{place},\n")
    assert main(["locate", str(source), "--accuracy", "error", "-o", str(target)]) == 1
    assert "row 3: no usable accuracy" in capsys.readouterr().err
    rows = pd.read_csv(target)
    assert abs(rows["probability"][0] - 0.5) > abs(rows["probability"][1] - 0.5)
    assert main(["locate", str(source), "--accuracy", "none", "-o", str(target)]) == 2
    assert main(["locate", "114.06", "22.51", "--accuracy", "error"]) == 2
    assert main(["locate", str(source), "--encoding", "nonsense"]) == 2


def test_evidence_stands_where_the_limit_matters() -> None:
    near, far = hetao_geo.locate(([114.0601, 114.2], [22.5163, 22.6]))["evidence"]
    assert near
    assert not far


def test_a_table_in_metres(tmp_path: Path) -> None:
    source, target = tmp_path / "c.csv", tmp_path / "o.csv"
    x, y = zone_areas().project(np.array([114.0685]), np.array([22.5210]))
    source.write_text(f"x,y\n{x[0]},{y[0]}\n")
    assert main(["locate", str(source), "--crs", "EPSG:2326", "-o", str(target)]) == 0
    assert pd.read_csv(target)["status"].tolist() == ["inside"]


def test_cells_of_strangers_are_no_formulas_and_command_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "c.csv", tmp_path / "o.csv"
    source.write_text("name,lon,lat\n=1+1,114.0685,22.5210\n\x1b[2J,-x,1\n", "utf-8")
    assert main(["locate", str(source), "-o", str(target)]) == 1
    written = target.read_text("utf-8-sig")
    assert "\n'=1+1,114.0685" in written
    assert "\x1b" not in written + "".join(capsys.readouterr())


def test_rows_to_standard_output_stand_there_alone(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    source = table(tmp_path / "c.csv", [GOOD])
    assert main(["locate", source, "-o", "-"]) == 0
    printed = capfdbinary.readouterr().out.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in printed] == ["企业", "甲"]


def test_exit_status_tells_all_some_and_none(tmp_path: Path) -> None:
    assert main(["locate", table(tmp_path / "a.csv", [GOOD])]) == 0
    assert main(["locate", table(tmp_path / "b.csv", [["乙", "x", "y"]])]) == 2
    assert main(["locate", "114.0685", "22.5210"]) == 0
    assert main(["locate", "114.0685"]) == 2
    assert main(["locate", str(tmp_path / "missing.csv")]) == 2


def test_the_input_is_never_the_output(tmp_path: Path) -> None:
    source = table(tmp_path / "c.csv", [GOOD])
    before = Path(source).read_bytes()
    assert main(["locate", source, "-o", source]) == 2
    assert Path(source).read_bytes() == before


def test_another_datum_is_asked_for_and_never_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = cloud(400)
    water = shapely.union_all([f.geometry for f in catalog.features("river")])
    dry = ~shapely.intersects_xy(water, lon, lat)
    moved = datum.wgs84_to_gcj02(lon[dry], lat[dry])
    source = table(tmp_path / "c.csv", [["", *pair] for pair in zip(*moved, strict=True)])
    target = tmp_path / "o.csv"
    assert main(["locate", source, "-o", str(target)]) == 0
    assert "--datum gcj02" in capsys.readouterr().err
    unasked = pd.read_csv(target)
    assert main(["locate", source, "--datum", "gcj02", "-o", str(target)]) == 0
    assert "warning" not in capsys.readouterr().err
    assert (pd.read_csv(target)["distance_m"] != unasked["distance_m"]).all()


@pytest.mark.parametrize("ending", [".csv", ".geojson", ".gpkg", ".fgb", ".parquet"])
def test_layers_of_points_are_read_and_written_with_all_columns(
    tmp_path: Path, ending: str
) -> None:
    source = tmp_path / "points.gpkg"
    frame = gpd.GeoDataFrame(
        {"名称": ["甲", None], "big": [440304001001000123, 2]},
        geometry=gpd.points_from_xy([114.0685, 114.2], [22.5210, 22.6]),
        crs="EPSG:4326",
    )
    frame.to_crs("EPSG:2326").to_file(source)
    made = [tmp_path / f"{name}{ending}" for name in "ab"]
    for target in made:
        assert main(["locate", str(source), "-o", str(target)]) == 0
    assert made[0].read_bytes() == made[1].read_bytes()
    read = {".csv": pd.read_csv, ".parquet": gpd.read_parquet}.get(ending, gpd.read_file)
    found = read(made[0]).sort_values("big", ascending=False)
    assert found["big"].tolist() == [440304001001000123, 2]
    assert found["status"].tolist() == ["inside", "outside"]
    assert found["名称"].iloc[0] == "甲"


def test_what_is_not_a_point_is_named_and_other_endings_are_refused(tmp_path: Path) -> None:
    parks = catalog.layer("parks").path
    assert main(["locate", str(parks)]) == 2
    assert (
        main(["locate", str(catalog.layer("stations").path), "-o", str(tmp_path / "a.xlsx")]) == 2
    )
