"""The QGIS Processing script, run by qgis_process from a fresh profile."""

import csv
import os
import shutil
import subprocess

import geopandas
import pytest
import shapely

import hetao_geo
from hetao_geo import catalog, paths

pytestmark = pytest.mark.gis

SCRIPT = paths.ASSETS / "qgis" / "hetao_area_check.py"


@pytest.fixture(scope="module")
def check(need_tool, tmp_path_factory):
    """Return a function that runs the script and gives its rows by id, and what it printed."""
    # The wrapper of Debian 12 adds an option that the program does not know.
    program = need_tool("qgis_process.bin", "qgis_process", package="qgis")
    home = tmp_path_factory.mktemp("profile")
    scripts = home / ".local/share/QGIS/QGIS3/profiles/default/processing/scripts"
    scripts.mkdir(parents=True)
    shutil.copy(SCRIPT, scripts)
    surroundings = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "XDG_DATA"))},
        # QGIS looks for its own Python along the path and would take that of an environment.
        "PATH": os.defpath,
        "HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
    }

    def run(key="id", **parameters):
        output = home / "table.csv"
        output.unlink(missing_ok=True)
        words = [f"{name}={value}" for name, value in parameters.items()]
        command = [program, "run", "script:hetao_area_check", "--", *words, f"OUTPUT={output}"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=surroundings
        )
        said = done.stdout + done.stderr
        if not output.exists():
            return {}, said
        with output.open(encoding="utf-8-sig", newline="") as file:
            return {row[key]: row for row in csv.DictReader(file)}, said

    return run


NUMBERS = ("measured", "planar", "geodesic", "stated", "stated_rounding", "difference",
           "uncertainty", "smallest_detectable")  # fmt: skip
WORDS = ("rounding", "uncertainty_from", "verdict", "reason")


def assert_same(rows, report, said):
    """Compare each row of the script with that of the package, to nine digits of the area."""
    table, unit = report.to_frame(), report.unit
    assert list(rows) == table["id"].tolist(), said
    for _, ours in table.iterrows():
        row = rows[ours["id"]]
        # A layer that has a field of that name keeps it.
        row = {**row, **{k.removesuffix("_check"): v for k, v in row.items() if "_check" in k}}
        for name in NUMBERS:
            found, expected = row[f"{name}_{unit}"], ours[f"{name}_{unit}"]
            if not found:
                assert expected != expected, (ours["id"], name)
                continue
            # A difference of two areas is as exact as they are.
            scale = 2e-6 * ours[f"measured_{unit}"] if name == "difference" else 0
            assert float(found) == pytest.approx(expected, rel=2e-6, abs=scale + 1e-7), name
        for name in WORDS:
            assert row[name] == (ours[name] if isinstance(ours[name], str) else ""), name


@pytest.mark.parametrize("crs", ["EPSG:2326", None])
def test_our_parks_get_the_results_of_the_package(check, exported, crs):
    source = f"{exported.folder}/hetao.gpkg|layername=parks"
    chosen = {"CRS": crs} if crs else {}
    rows, said = check(INPUT=source, STATED_FIELD="stated_area_km2", **chosen)
    path = exported.folder / "hetao.gpkg"
    report = hetao_geo.verify(path, layer="parks", stated="stated_area_km2", crs=crs)
    assert report.passed
    assert_same(rows, report, said)
    bare = {"STATED_FIELD": "stated_area_km2", "ROUNDING": 0.01, "ACCURACY": 40, **chosen}
    rows, said = check(INPUT=source, **bare)
    options = {"stated": "stated_area_km2", "crs": crs, "rounding": 0.01, "accuracy_m": 40}
    assert_same(rows, hetao_geo.verify(path, layer="parks", **options), said)


@pytest.fixture(scope="module")
def parcels(tmp_path_factory):
    """Return a layer of all outcomes: holes, parts, dense edges, a bow tie, odd figures."""
    square = shapely.box(114.0, 22.5, 114.01, 22.51)
    loop = next(f.geometry for f in catalog.features("parks") if f.id == "hong-kong-park")
    shapes = {
        "hole": square.difference(shapely.box(114.002, 22.502, 114.004, 22.504)),
        "off": square,
        "parts": shapely.MultiPolygon([square, shapely.box(114.02, 22.5, 114.03, 22.51)]),
        "bow": shapely.Polygon([(114, 22.5), (114.01, 22.51), (114.01, 22.5), (114, 22.51)]),
        "none": None,
        "loop": loop,
        "dense": shapely.segmentize(loop, 5e-5),
        "small": shapely.box(114, 22.5, 114.00003, 22.50003),
        "wordy": square, "grouped": square, "unit": square, "negative": square, "empty": square,
    }  # fmt: skip
    mu = {k: hetao_geo.area.geodesic_area(s) * 15e-4 for k, s in shapes.items() if s is not None}
    figures = {
        "hole": f"{mu['hole']:.1f}", "off": f"{mu['off'] * 1.02:.0f}",
        "parts": f"{mu['parts']:.2f}",
        "bow": "1", "none": "1", "loop": f"{mu['loop'] * 1.03:.0f}",
        "dense": f"{mu['dense'] * 1.03:.0f}.0", "small": f"{mu['small']:.4f}", "wordy": "about 9",
        "grouped": f"{mu['grouped']:,.0f}亩", "unit": "1.14 km²", "negative": "-3", "empty": None,
    }  # fmt: skip
    accuracy = {"hole": 0.5, "parts": 2.0, "loop": 35.0, "dense": 35.0, "small": 0.05, "off": 5.0}
    frame = geopandas.GeoDataFrame(
        {
            "id": list(shapes),
            "mu": [figures[key] for key in shapes],
            "number": [None if key == "none" else round(mu[key], 3) for key in shapes],
            "accuracy_m": [accuracy.get(key) for key in shapes],
        },
        geometry=list(shapes.values()),
        crs=4326,
    )
    folder = tmp_path_factory.mktemp("parcels")
    frame.to_file(folder / "degrees.gpkg", driver="GPKG")
    frame.to_crs(2326).to_file(folder / "grid.gpkg", driver="GPKG")
    return folder


@pytest.mark.parametrize("file", ["degrees.gpkg", "grid.gpkg"])
@pytest.mark.parametrize("stated", ["mu", "number"])
@pytest.mark.parametrize("crs", ["EPSG:2326", None])
def test_every_outcome_is_that_of_the_package(check, parcels, file, stated, crs):
    chosen = {"CRS": crs} if crs else {}
    rows, said = check(INPUT=parcels / file, STATED_FIELD=stated, UNIT=3, **chosen)
    report = hetao_geo.verify(parcels / file, stated=stated, unit="mu", crs=crs)
    assert 0 not in report.summary.verdicts.values() or stated == "number"
    assert_same(rows, report, said)
    assert rows["loop"]["verdict"] == rows["dense"]["verdict"]


def test_a_fixed_limit_and_one_value_for_all(check, parcels):
    path = parcels / "degrees.gpkg"
    rows, said = check(INPUT=path, STATED_FIELD="mu", UNIT=3, MAX_DIFFERENCE=1)
    report = hetao_geo.verify(path, stated="mu", unit="mu", max_difference="1%")
    assert_same(rows, report, said)
    rows, said = check(INPUT=path, STATED_VALUE="1.14", UNIT=0)
    assert rows["off"]["stated_rounding_km2"] == "0.005", said
    assert rows["off"]["verdict"] == "consistent"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "Give the stated area once: expected a field or one value, found neither"),
        ({"STATED_FIELD": "mu", "STATED_VALUE": 1}, "found both"),
        ({"STATED_VALUE": 1, "CRS": "EPSG:4326"}, "must be projected: found EPSG:4326"),
    ],
)
def test_wrong_use_is_one_clear_sentence(check, parcels, parameters, message):
    rows, said = check(INPUT=parcels / "degrees.gpkg", **parameters)
    assert rows == {} and message in said
