"""The QGIS Processing script, run by qgis_process from a fresh profile."""

import csv
import json
import os
import shutil
import subprocess

import pyproj
import pytest
import shapely
from shapely.geometry.polygon import orient

from hetao_geo import area, catalog, paths

pytestmark = pytest.mark.gis

SCRIPT = paths.ASSETS / "qgis" / "hetao_area_check.py"
GEOD = pyproj.Geod(ellps="WGS84")


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

    def run(**parameters):
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
            return {row["id"]: row for row in csv.DictReader(file)}, said

    return run


def test_parks_by_field(check, exported):
    source = f"{exported.folder}/hetao.gpkg|layername=parks"
    rows, said = check(
        INPUT=source, STATED_FIELD="stated_area_km2", ROUNDING=0.005, ACCURACY=50, CRS="EPSG:2326"
    )
    assert set(rows) == {"shenzhen-park", "hong-kong-park"}, said
    for feature in catalog.features("parks"):
        row = rows[feature.id]
        number = {key: float(row[key]) for key in row if key.endswith(("_km2", "_percent"))}
        geodesic = GEOD.geometry_area_perimeter(feature.geometry)[0] / 1e6
        stated = feature.properties["stated_area_km2"]
        assert number["stated_km2"] == stated
        assert number["ellipsoidal_km2"] == pytest.approx(geodesic, rel=1e-6)
        planar = area.planar_area(feature.geometry, "EPSG:2326") / 1e6
        assert number["planar_km2"] == pytest.approx(planar, rel=1e-8)
        assert number["difference_km2"] == pytest.approx(geodesic - stated, abs=1e-5)
        percent = 100 * (geodesic - stated) / stated
        assert number["difference_percent"] == pytest.approx(percent, abs=1e-3)
        error = area.standard_error(feature.geometry, 50, "EPSG:2326") / 1e6
        assert number["uncertainty_km2"] == pytest.approx(error, rel=1e-6)
        limit = 0.005 + 2 * number["uncertainty_km2"]
        consistent = abs(number["difference_km2"]) <= limit
        assert row["verdict"] == ("consistent" if consistent else "not consistent")


@pytest.fixture(scope="module")
def parcels(tmp_path_factory):
    """Return a layer with a hole, a part, a bow tie, and stated areas good, bad and missing."""
    square = shapely.box(114.0, 22.5, 114.01, 22.51)
    hole = shapely.box(114.002, 22.502, 114.004, 22.504)
    shapes = {
        "good": orient(shapely.Polygon(square.exterior, [hole.exterior])),
        "bad": square,
        "none": shapely.MultiPolygon([square, shapely.box(114.02, 22.5, 114.03, 22.51)]),
        "bow": shapely.Polygon([(114, 22.5), (114.01, 22.51), (114.01, 22.5), (114, 22.51)]),
    }
    hectares = {k: abs(GEOD.geometry_area_perimeter(s)[0]) / 1e4 for k, s in shapes.items()}
    stated = {"good": hectares["good"] * 1.004, "bad": hectares["bad"] * 1.02}
    stated |= {"none": None, "bow": 1}
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "hectares": stated[name], "verdict": "mine"},
            "geometry": shapely.geometry.mapping(shape),
        }
        for name, shape in shapes.items()
    ]
    path = tmp_path_factory.mktemp("parcels") / "parcels.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path, hectares


def test_any_layer_in_hectares_with_a_fixed_limit(check, parcels):
    path, hectares = parcels
    rows, said = check(INPUT=path, STATED_FIELD="hectares", UNIT=1, MAX_DIFFERENCE=1)
    verdicts = {name: row["verdict_check"] for name, row in rows.items()}
    assert verdicts == {
        "good": "consistent",
        "bad": "not consistent",
        "none": "no stated area",
        "bow": "not measurable",
    }, said
    assert {row["verdict"] for row in rows.values()} == {"mine"}
    for name in ("good", "bad", "none"):
        assert float(rows[name]["ellipsoidal_km2"]) == pytest.approx(hectares[name] / 100, rel=1e-6)
        # Without a CRS: an equal-area projection, so the second method agrees with the first.
        assert float(rows[name]["planar_km2"]) == pytest.approx(hectares[name] / 100, rel=1e-6)
    assert float(rows["bad"]["difference_percent"]) == pytest.approx(100 * (1 / 1.02 - 1), abs=1e-3)


def test_one_value_for_all(check, parcels):
    path, hectares = parcels
    rows, said = check(INPUT=path, STATED_VALUE=hectares["bad"] * 1e4, UNIT=2, ROUNDING=10)
    assert rows["bad"]["verdict_check"] == "consistent", said
    assert rows["good"]["verdict_check"] == "not consistent"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "Give the stated area once: expected a field or one value, found neither"),
        ({"STATED_FIELD": "hectares", "STATED_VALUE": 1}, "found both"),
        ({"STATED_VALUE": 1, "CRS": "EPSG:4326"}, "must be projected: found EPSG:4326"),
    ],
)
def test_wrong_use_is_one_clear_sentence(check, parcels, parameters, message):
    rows, said = check(INPUT=parcels[0], **parameters)
    assert rows == {} and message in said
