"""Two sets of polygons side by side: what is told of copies, moves, edits and datums."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

import hetao_geo
from hetao_geo import area, catalog, datum
from hetao_geo.catalog import Feature
from hetao_geo.cli import main
from hetao_geo.comparison import Comparison, compare_features
from hetao_geo.errors import DataError

PARKS = catalog.features("parks")
GRID = Transformer.from_crs("OGC:CRS84", "EPSG:2326", always_xy=True)
Change = Callable[[shapely.Geometry], shapely.Geometry]


def in_metres(change: Change) -> Change:
    def apply(shape: shapely.Geometry) -> shapely.Geometry:
        flat = shapely.transform(shape, lambda p: np.column_stack(GRID.transform(*p.T)))
        return shapely.transform(
            change(flat), lambda p: np.column_stack(GRID.transform(*p.T, direction="INVERSE"))
        )

    return apply


def against(change: Change, **more: object) -> Comparison:
    changed = [Feature(p.id, change(p.geometry), {"accuracy_m": 40, **more}) for p in PARKS]
    return compare_features(PARKS, changed)


def verdicts(found: Comparison) -> set[str]:
    return {pair.verdict for pair in found.pairs}


@pytest.mark.parametrize(
    "change",
    [
        lambda shape: shape,
        lambda shape: shapely.segmentize(shape, 0.0005),
        lambda shape: shapely.reverse(shape),
        lambda shape: shapely.set_precision(shape, 1e-7),
    ],
    ids=["copy", "densified", "reversed", "rounded to a centimetre"],
)
def test_the_same_outline_is_the_same_however_it_is_written(change: Change) -> None:
    found = against(change)
    assert verdicts(found) == {"same"}
    assert found.agrees
    assert found.shift is None


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_a_datum_is_recognised_and_its_shift_given(name: str) -> None:
    found = against(lambda shape: datum.transform(shape, "wgs84", name))
    assert verdicts(found) == {"differs"}
    assert found.shift is not None
    assert found.shift.datum == name
    place = shapely.centroid(shapely.union_all([park.geometry for park in PARKS]))
    away = datum.transform(place, "wgs84", name)
    x, y = (GRID.transform(p.x, p.y) for p in (place, away))
    assert found.shift.east_m == pytest.approx(x[0] - y[0], abs=20)
    assert found.shift.north_m == pytest.approx(x[1] - y[1], abs=20)


def test_a_small_shift_agrees_and_is_told() -> None:
    found = against(
        in_metres(lambda shape: shapely.transform(shape, lambda p: p + np.array([10, 0])))
    )
    assert verdicts(found) == {"agrees within accuracy"}
    assert found.shift is not None
    assert (found.shift.east_m, found.shift.north_m) == pytest.approx((-10, 0), abs=0.5)
    assert found.shift.datum == ""


def test_a_simplified_outline_agrees() -> None:
    assert verdicts(against(in_metres(lambda shape: shape.simplify(20)))) == {
        "agrees within accuracy"
    }


def test_one_side_that_moved_is_named() -> None:
    park = PARKS[0]
    number, side = next(
        (n, s) for n, s in enumerate(park.properties["sides"]) if s["limit"] == "Huanggang Road"
    )
    assert number >= 0
    xy = np.array(GRID.transform(*shapely.get_coordinates(park.geometry).T)).T
    first, last = side["line"]
    xy[first + 1 : last] -= (130, -75)
    moved = shapely.transform(
        shapely.Polygon(xy), lambda p: np.column_stack(GRID.transform(*p.T, direction="INVERSE"))
    )
    found = compare_features([park], [Feature(park.id, moved, {"accuracy_m": 10})])
    (pair,) = found.pairs
    assert pair.verdict == "differs"
    assert "Huanggang Road" in [s.limit for s in pair.sides if s.differs]
    assert "Xinzhou River" not in [s.limit for s in pair.sides if s.differs]
    assert found.shift is None


def test_areas_overlap_and_distances_against_shapely() -> None:
    a, b = shapely.box(0, 0, 1000, 1000), shapely.box(0, 0, 1000, 1100)
    west, south = GRID.transform(114.05, 22.5)

    def place(shape: shapely.Geometry) -> shapely.Geometry:
        moved = shapely.transform(shape, lambda p: p + np.array([west, south]))
        return in_metres(lambda _: moved)(shapely.Point(114, 22))

    (pair,) = compare_features(
        [Feature("a", place(a), {})], [Feature("a", place(b), {})], crs="EPSG:2326"
    ).pairs
    assert pair.area_km2 == pytest.approx(1.0, abs=1e-6)
    assert pair.difference_km2 == pytest.approx(0.1, abs=1e-6)
    assert pair.overlap == pytest.approx(a.intersection(b).area / a.union(b).area, abs=1e-6)
    assert (pair.share, pair.other_share) == pytest.approx((1, 10 / 11), abs=1e-6)
    assert pair.max_m == pytest.approx(a.exterior.hausdorff_distance(b.exterior), abs=0.01)
    assert pair.verdict == "differs"


def row(key: str, west: float, **properties: object) -> Feature:
    return Feature(key, shapely.box(west, 22.5, west + 0.01, 22.51), properties)


def test_pairs_by_id_then_name_then_overlap_and_the_rest_is_listed() -> None:
    first = [row("a", 114.0), row("b", 114.1, name="乙"), row("c", 114.2), row("d", 114.3)]
    second = [
        row("z", 114.2),
        row("x", 114.101, name="乙"),
        row("a", 114.0005),
        row("new", 114.5),
    ]
    found = compare_features(first, second)
    matched = [(pair.id, pair.other_id, pair.matched_by) for pair in found.pairs]
    assert matched == [("a", "a", "id"), ("b", "x", "name"), ("c", "z", "overlap")]
    assert (found.only_first, found.only_second) == (("d",), ("new",))
    assert not found.agrees


def test_an_id_that_stands_twice_does_not_pair() -> None:
    found = compare_features([row("a", 114.0)], [row("a", 114.5), row("a", 114.0)])
    assert [(pair.matched_by, pair.verdict) for pair in found.pairs] == [("overlap", "same")]


def test_thousands_of_parcels_of_two_dates() -> None:
    first = [row(str(i), 114 + 0.01 * (i % 200)) for i in range(2000)]
    first = [
        Feature(
            f.id,
            shapely.transform(f.geometry, lambda p, i=i: p + np.array([0, 0.01 * (i // 200)])),
            {},
        )
        for i, f in enumerate(first)
    ]
    second = [Feature(f"n{i}", f.geometry, {}) for i, f in enumerate(first)]
    second[7] = Feature("n7", second[7].geometry.buffer(-0.0005), {})
    found = compare_features(first, second)
    assert [p.id for p in found.pairs if p.verdict == "differs"] == ["7"]
    assert len(found.pairs) == 2000


def test_no_polygons_is_an_error() -> None:
    with pytest.raises(DataError, match="no polygons"):
        compare_features([], PARKS)


@pytest.fixture
def edited(tmp_path: Path) -> str:
    """Write our parks with one side moved by 150 m, and a stranger beside them."""
    features = []
    for park in PARKS:
        change = in_metres(lambda flat: shapely.difference(flat, notch(flat)))
        shape = change(park.geometry) if park.id == "shenzhen-park" else park.geometry
        features.append({"type": "Feature", "id": park.id, "properties": {"accuracy_m": 10},
                         "geometry": shapely.geometry.mapping(shape)})  # fmt: skip
    stranger = shapely.geometry.mapping(shapely.box(114.2, 22.5, 114.201, 22.501))
    features.append({"type": "Feature", "id": "=1|\x1b[2J", "properties": {}, "geometry": stranger})
    path = tmp_path / "edited.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def notch(flat: shapely.Geometry) -> shapely.Geometry:
    west, _, east, north = flat.bounds
    return shapely.box(west, north - 300, east, north)


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
def test_what_only_one_has_is_written_with_a_style(
    edited: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    made = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for target in made:
        assert main(["compare", edited, "-o", str(target)]) == 1
    assert made[0].read_bytes() == made[1].read_bytes()
    rows = gpd.read_file(made[0], layer="differences").set_index("only_in")
    assert rows.crs == "EPSG:4326"
    ours = next(park for park in PARKS if park.id == "shenzhen-park")
    cut = in_metres(lambda flat: shapely.intersection(flat, notch(flat)))(ours.geometry)
    wanted = area.geodesic_area(cut)
    assert rows.loc["reference", "area_m2"] == pytest.approx(wanted, rel=1e-3)
    assert rows.loc["reference", "pair"] == "shenzhen-park"
    assert rows.to_crs("EPSG:2326").area["reference"] == pytest.approx(wanted, rel=1e-3)
    if ending == "geojson":
        sheet = made[0].with_suffix(".qml").read_text("utf-8")
    else:
        with closing(sqlite3.connect(made[0])) as database:
            (sheet,) = database.execute("SELECT styleQML FROM layer_styles LIMIT 1").fetchone()
    assert "only-reference" in sheet
    assert "only-file" in sheet
    assert "\x1b" not in "".join(capsys.readouterr())


def test_every_format_says_the_same_and_fits_a_terminal(
    edited: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for kind in ("text", "markdown", "json"):
        assert main(["compare", edited, "--format", kind]) == 1
        said[kind] = capsys.readouterr().out
        assert "\x1b" not in said[kind]
    assert max(map(len, said["text"].splitlines())) <= 80
    assert "only in the file" in said["text"]
    table = [line for line in said["markdown"].splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(PARKS)
    document = json.loads(said["json"])
    assert [pair["verdict"] for pair in document["pairs"]] == ["differs", "same"]
    assert document["agrees"] is False


def test_exit_status_and_refusals(edited: str, tmp_path: Path) -> None:
    assert main(["compare", str(catalog.layer("parks").path)]) == 0
    assert main(["compare", edited, "-o", edited]) == 2
    assert main(["compare", edited, "-o", str(tmp_path / "a.shp")]) == 2
    assert main(["compare", str(tmp_path / "missing.geojson")]) == 2
    empty = tmp_path / "empty.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    assert main(["compare", str(empty)]) == 2
    corners = [[114, 22], [115, 23], [115, 22], [114, 23], [114, 22]]
    bow = {"type": "Polygon", "coordinates": [corners]}
    empty.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": bow}))
    assert main(["compare", str(empty)]) == 2


def test_heights_change_nothing() -> None:
    assert verdicts(against(lambda shape: shapely.force_3d(shape, 7.0))) == {"same"}


def test_a_comparison_is_a_frame_and_a_page(edited: str, tmp_path: Path) -> None:
    found = hetao_geo.compare(edited)
    frame = found.to_frame()
    assert frame["verdict"].tolist() == ["differs", "same"]
    assert "shenzhen-park" in found._repr_html_()
    page = tmp_path / "diff.html"
    assert main(["compare", edited, "--map", str(page)]) == 1
    assert "Only in the reference" in page.read_text("utf-8")
