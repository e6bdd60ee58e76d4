"""Coordinate systems: against PROJ's database, its scale factors and known places."""

import numpy as np
import pyproj
import pytest

from hetao_geo import crs
from hetao_geo.errors import DataError, UsageError

ZONE = (114.05, 22.51)
PROJECTED = [system for system in crs.SYSTEMS.values() if system.projected]


@pytest.mark.parametrize("system", PROJECTED, ids=lambda system: system.code)
def test_the_kept_pipeline_is_that_of_the_database(system: crs.System) -> None:
    witness = pyproj.Transformer.from_crs("EPSG:4326", system.code, always_xy=True)
    lon, lat = np.meshgrid(np.linspace(113.8, 114.4, 7), np.linspace(22.2, 22.55, 5))
    for ours, theirs in zip(system.project(lon, lat), witness.transform(lon, lat), strict=True):
        assert np.abs(ours - theirs).max() < 1e-6  # metres


@pytest.mark.parametrize("system", crs.SYSTEMS.values(), ids=lambda system: system.code)
def test_the_table_says_what_the_register_says(system: crs.System) -> None:
    known = pyproj.CRS.from_user_input(system.code)
    assert known.name == system.name
    assert known.is_projected == system.projected
    assert known.axis_info[0].unit_name == system.unit
    assert system.why and system.source
    assert system.pyproj == known


@pytest.mark.parametrize("text", ["EPSG:2326", "epsg:2326", " 2326 ", 2326, pyproj.CRS(2326)])
def test_get_reads_the_usual_spellings(text: object) -> None:
    assert crs.get(text) is crs.DEFAULT


def test_get_knows_what_proj_knows() -> None:
    feet = crs.get("EPSG:2263")
    assert feet.projected and feet.metres == pytest.approx(0.3048006096)
    assert crs.get("ESRI:102025").code == "ESRI:102025"
    assert crs.get("EPSG:7405").code == "EPSG:27700"  # British grid with heights: heights drop


@pytest.mark.parametrize("text", ["EPSG:999999", "no such", "", "EPSG:5773", None, 3.5])
def test_unknown_and_unusable_systems_are_refused(text: object) -> None:
    with pytest.raises(UsageError, match="CRS"):
        crs.get(text)


@pytest.mark.parametrize("code", ["EPSG:4326", "4490", "EPSG:4979", "OGC:CRS84"])
def test_degrees_are_refused_for_plane_areas(code: str) -> None:
    with pytest.raises(UsageError, match="areas need a projected CRS"):
        crs.require_projected(code)


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("EPSG:2326", -1e-5, 1e-5),
        ("EPSG:4547", -1e-5, 1e-5),
        ("EPSG:32650", 0.001, 0.002),
        ("EPSG:32649", 0.001, 0.002),
        ("EPSG:3857", 0.17, 0.18),
        ("EPSG:6933", -1e-8, 1e-8),
    ],
)
def test_area_error_at_the_zone(code: str, low: float, high: float) -> None:
    assert low < crs.area_error(code, *ZONE) < high


@pytest.mark.parametrize("code", ["EPSG:32650", "EPSG:4547", "EPSG:3035", "EPSG:2154"])
def test_area_error_agrees_with_the_scale_factors_of_proj(code: str) -> None:
    place = pyproj.CRS(code).area_of_use
    assert place is not None
    lon, lat = (place.west + place.east) / 2 + 0.4, (place.south + place.north) / 2
    witness = pyproj.Proj(code).get_factors(lon, lat).areal_scale - 1
    assert crs.area_error(code, lon, lat) == pytest.approx(witness, abs=1e-7)


def test_area_error_takes_arrays() -> None:
    errors = crs.area_error("EPSG:3857", [0.0, 0.0, 114.0], [0.0, 60.0, 22.5])
    assert errors.shape == (3,)
    assert errors[0] < errors[2] < errors[1]


def test_a_position_out_of_reach_is_named() -> None:
    with pytest.raises(DataError, match=r"position 1.*95\.0"):
        crs.DEFAULT.project([114.0, 114.0], [22.5, 95.0])
    x, _ = crs.DEFAULT.project(np.array([np.nan, 114.0]), np.array([np.nan, 22.5]))
    assert np.isnan(x[0]) or np.isinf(x[0])


PLACES = {
    "Shenzhen and Hong Kong": ((114.0, 22.4, 114.2, 22.55), "EPSG:2326"),
    "Beijing": ((116.3, 39.8, 116.5, 40.0), "EPSG:4548"),
    "Guangzhou": ((113.2, 23.0, 113.4, 23.2), "EPSG:4547"),
    "Lhasa": ((91.0, 29.6, 91.2, 29.7), "EPSG:4539"),
    "the world": ((-180, -90, 180, 90), "EPSG:6933"),
}


@pytest.mark.parametrize(("bounds", "code"), PLACES.values(), ids=PLACES)
def test_recommend_knows_the_survey_grids(bounds: tuple[float, ...], code: str) -> None:
    found = crs.recommend(bounds)
    assert found.system.code == code
    assert found.reason.endswith(("%", "poles", "anywhere"))
    assert pyproj.CRS(code).name == found.system.name


@pytest.mark.parametrize(
    "bounds",
    [
        (2.2, 48.8, 2.4, 48.9),
        (-71, -34, -70, -33),
        (179.5, -17, -179.5, -16),
        (100, 84, 110, 88),
        (121.4, 25.0, 121.6, 25.1),
        (73, 18, 135, 53),
    ],
)
def test_recommend_is_right_anywhere(bounds: tuple[float, ...]) -> None:
    west, south, east, north = bounds
    system = crs.recommend(bounds).system
    width = (east - west) % 360
    lon = (west + np.array([0.02, 0.5, 0.98]) * width + 180) % 360 - 180
    lat = south + np.array([0.02, 0.5, 0.98]) * (north - south)
    assert np.abs(crs.area_error(system, lon, lat)).max() < 1e-6


@pytest.mark.parametrize(
    "bounds", [(), (1, 2, 3), (0, 10, 1, 9), (22.5, 114, 22.6, 114.2), (0, 0, float("nan"), 1)]
)
def test_bounds_of_no_place_are_refused(bounds: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="bounds"):
        crs.recommend(bounds)
