"""The area check against independent witnesses, and what it says of the readings."""

import json
from dataclasses import replace

import geopandas
import pytest
import shapely
from shapely.geometry import Polygon

import hetao_geo
from hetao_geo import catalog, report, verification
from hetao_geo.catalog import Feature
from hetao_geo.errors import UsageError
from hetao_geo.verification import verify


@pytest.fixture(scope="module")
def zone() -> verification.Report:
    return hetao_geo.verify()


def rows(report: verification.Report) -> dict[str, verification.Check]:
    return {check.id: check for check in report.checks}


def test_every_stated_area_is_checked(zone: verification.Report) -> None:
    stated = {key: row.stated_km2 for key, row in rows(zone).items()}
    assert stated == {
        "shenzhen-park": 3.02,
        "hong-kong-park": 0.87,
        "futian-bonded-zone": 1.35,
        "huanggang-port-area": 1.67,
        "zone": 3.89,
    }
    assert zone.crs == "EPSG:2326"


def test_planar_areas_are_those_of_geopandas(zone: verification.Report) -> None:
    for layer in ("parks", "parts"):
        frame = hetao_geo.load(layer)
        for key, m2 in zip(frame["id"], frame.to_crs(2326).area, strict=True):
            assert rows(zone)[key].measured_km2 == pytest.approx(m2 / 1e6, rel=1e-7)


def test_geodesic_areas_are_those_of_an_equal_area_projection(zone: verification.Report) -> None:
    frame = hetao_geo.load("parks")
    witness = frame.to_crs("+proj=laea +lat_0=22.52 +lon_0=114.06 +ellps=WGS84").area / 1e6
    for key, km2 in zip(frame["id"], witness, strict=True):
        assert rows(zone)[key].geodesic_km2 == pytest.approx(km2, rel=1e-7)


def test_the_zone_adds_up(zone: verification.Report) -> None:
    got = rows(zone)
    parks = got["shenzhen-park"], got["hong-kong-park"]
    assert got["zone"].measured_km2 == pytest.approx(sum(p.measured_km2 for p in parks))
    assert got["zone"].uncertainty_km2 ** 2 == pytest.approx(
        sum(p.uncertainty_km2**2 for p in parks)
    )
    assert got["zone"].stated_km2 == pytest.approx(sum(p.stated_km2 for p in parks))


def test_the_readings_of_the_limits_stand_beside_the_drawn_area(zone: verification.Report) -> None:
    got = rows(zone)
    span = {key: row.interpretation_range_km2 for key, row in got.items()}
    assert span["hong-kong-park"] is None
    assert span["futian-bonded-zone"] == pytest.approx((1.350, 1.623), abs=0.001)
    assert span["huanggang-port-area"] == pytest.approx((1.639, 1.869), abs=0.001)
    # A reading of one part only is added to the other part as drawn.
    assert span["shenzhen-park"] == pytest.approx((3.019, 3.491), abs=0.001)
    loop = got["hong-kong-park"].measured_km2
    assert span["zone"] == pytest.approx((3.019 + loop, 3.491 + loop), abs=0.001)
    keys = [[one.key for one in row.interpretations] for row in (got["zone"], got["shenzhen-park"])]
    assert keys[0] == keys[1]
    fitted = {one.key for one in got["zone"].interpretations if one.fitted}
    assert fitted == {"uniform-strip", "wide-river-strip"}


def test_the_uncertainty_adds_up_the_sides_as_independent(zone: verification.Report) -> None:
    expected = {
        "futian-bonded-zone": 0.08,
        "huanggang-port-area": 0.08,
        "shenzhen-park": 0.11,
        "hong-kong-park": 0.07,
    }
    for key, row in rows(zone).items():
        if key in expected:
            assert row.uncertainty_km2 == pytest.approx(expected[key], abs=0.005)
            assert row.uncertainty_correlated_km2 > 2 * row.uncertainty_km2


def test_the_loop_could_have_failed(zone: verification.Report) -> None:
    loop = rows(zone)["hong-kong-park"]
    assert 0.87 < loop.measured_km2 < 0.91
    assert loop.verdict == "consistent"
    park = catalog.features("parks")[1]
    larger = shapely.affinity.scale(park.geometry, 1.1, 1.1)
    (check,) = verify([Feature("larger", larger, park.properties)], stated="stated_area_km2").checks
    assert check.measured_km2 > 1.2 * loop.measured_km2
    assert check.verdict == "not-consistent"


def test_uncertainty_of_a_square_by_hand() -> None:
    # A square of side L: each vertex sees its neighbours L sqrt(2) apart, so
    # Var A = s^2/4 * 4 * 2 L^2 = 2 s^2 L^2.
    side, sigma = 1000.0, 10.0
    lon, lat = 114.05, 22.5
    to_degrees = geopandas.GeoSeries(
        [shapely.box(0, 0, side, side)], crs=f"+proj=laea +lat_0={lat} +lon_0={lon}"
    ).to_crs(4326)
    square = Feature("square", to_degrees.iloc[0], {"accuracy_m": sigma, "declared": 1.0})
    (check,) = verify([square], stated="declared").checks
    assert check.uncertainty_km2 * 1e6 == pytest.approx(2**0.5 * sigma * side, rel=1e-4)
    assert check.uncertainty_correlated_km2 * 1e6 == pytest.approx(4 * side * sigma, rel=0.02)
    assert check.measured_km2 == pytest.approx(1, rel=1e-4)


def test_the_verdict_does_not_depend_on_the_direction_or_start_of_a_ring() -> None:
    park = catalog.features("parks")[1]
    ring = list(park.geometry.exterior.coords)
    turned = Polygon([*ring[5:-1], *ring[:6]]).reverse()
    first, second = (
        verify([Feature("loop", shape, {})], stated=0.87, accuracy_m=35, crs="2326").checks[0]
        for shape in (park.geometry, turned)
    )
    assert second.measured_km2 == pytest.approx(first.measured_km2, rel=1e-12)
    assert second.uncertainty_km2 == pytest.approx(first.uncertainty_km2, rel=1e-9)


def test_a_fixed_limit_replaces_the_rule() -> None:
    strict = hetao_geo.verify(max_difference=0.001)
    assert not strict.passed
    assert rows(strict)["hong-kong-park"].smallest_detectable_km2 == pytest.approx(0.00087)


@pytest.mark.parametrize(("crs", "error"), [("EPSG:32650", "+0.1"), ("EPSG:3857", "+17.7")])
def test_a_distorting_crs_is_warned_of(crs: str, error: str) -> None:
    (warning,) = hetao_geo.verify(crs=crs).warnings
    assert crs in warning
    assert error in warning


def test_the_default_crs_needs_no_warning(zone: verification.Report) -> None:
    assert zone.warnings == ()
    assert hetao_geo.verify(crs="4547").warnings == ()


def test_by_crs_shows_the_error_of_each() -> None:
    table = {row.crs: row for row in hetao_geo.verify(by_crs=True).by_crs}
    assert list(table) == [
        "EPSG:2326",
        "EPSG:4547",
        "EPSG:32650",
        "EPSG:3857",
        "EPSG:6933",
        "geodesic",
    ]
    assert table["EPSG:3857"].area_error_percent == pytest.approx(17.7, abs=0.1)
    assert abs(table["EPSG:6933"].area_error_percent) < 1e-3
    assert table["geodesic"].area_error_percent == 0


@pytest.mark.parametrize("crs", ["EPSG:4326", "CRS84", "EPSG:999999", "metres please"])
def test_a_crs_that_cannot_serve_is_refused(crs: str) -> None:
    with pytest.raises(UsageError):
        hetao_geo.verify(crs=crs)


def test_own_polygons_by_column_and_by_figure() -> None:
    frame = hetao_geo.load("parks")
    by_column = hetao_geo.verify(frame, stated="stated_area_km2", crs="EPSG:2326")
    assert [c.id for c in by_column.checks] == ["shenzhen-park", "hong-kong-park"]
    whole = hetao_geo.verify(frame, stated="3.89", accuracy_m=40)
    assert [c.id for c in whole.checks] == ["total"]
    assert whole.checks[0].measured_km2 == pytest.approx(
        sum(c.measured_km2 for c in by_column.checks), rel=1e-4
    )


@pytest.mark.parametrize(("unit", "factor"), [("ha", 100), ("m2", 1e6), ("mu", 1500)])
def test_units(unit: str, factor: float) -> None:
    frame = hetao_geo.load("parks").assign(declared=[3.02 * factor, 0.87 * factor])
    got = hetao_geo.verify(frame, stated="declared", unit=unit, max_difference=0.1)
    assert [c.stated_km2 for c in got.checks] == pytest.approx([3.02, 0.87])


def test_every_bad_declared_area_is_named_and_the_others_go_on() -> None:
    frame = hetao_geo.load("parks").assign(declared=["a lot", None])
    report = hetao_geo.verify(frame, stated="declared")
    assert [c.reason for c in report.checks] == [
        "stated area is not one clear number",
        "no stated area",
    ]
    assert not report.passed
    frame["declared"] = ["a lot", "0.87"]
    first, second = hetao_geo.verify(frame, stated="declared").checks
    assert (first.verdict, second.verdict) == ("not-judged", "consistent")


def test_wrong_fields_and_units_are_refused() -> None:
    frame = hetao_geo.load("parks")
    with pytest.raises(UsageError, match="no such field"):
        hetao_geo.verify(frame, stated="area_in_acres")
    with pytest.raises(UsageError, match="unknown unit"):
        hetao_geo.verify(frame, stated="0.87", unit="acre")
    with pytest.raises(UsageError, match="no stated areas"):
        hetao_geo.verify(frame)


def test_reports_are_the_same_twice(zone: verification.Report) -> None:
    from hetao_geo import report

    again = hetao_geo.verify()
    for form in report.FORMATS:
        assert report.render(zone, form) == report.render(again, form)
    document = json.loads(report.render(zone, "json"))
    assert document["passed"] is True


def test_a_row_is_called_by_its_name_in_any_language() -> None:
    shape = shapely.box(10, 10, 10.01, 10.01)
    plain = Feature("feature-0", shape, {"name": "Harbour", "stated": 1.2})
    own = Feature("feature-1", shape, {"name": "Harbour", "name_en": "Port", "stated": 1.2})
    wrong = Feature("feature-2", shape, {"name": 7, "stated": 1.2})
    text = report.render(verify([plain, own, wrong], stated="stated"), "text", "en")
    assert [line.split()[1] for line in text.splitlines() if "1.2 ±" in line] == [
        "Harbour", "Port", "feature-2",
    ]  # fmt: skip
    assert "Harbour" in report.render(verify([plain], stated="stated"), "text", "zh-Hans")


def test_paths_frames_and_features_get_the_same() -> None:
    path = catalog.layer("parks").path
    options = {"stated": "stated_area_km2", "max_difference": "5%"}
    reports = [
        hetao_geo.verify(data, **options)
        for data in (path, str(path), hetao_geo.load("parks"), catalog.features("parks"))
    ]
    first, *others = [report.checks for report in reports]
    assert len(first) == 2
    # A frame keeps lists as they are, a file gives them as text: the results are the same.
    assert all(replace(a, stated_text="") == replace(b, stated_text="") for other in others
               for a, b in zip(first, other, strict=True))  # fmt: skip
    assert hetao_geo.verify(path, stated="stated_area_km2", max_difference=0.05).options == (
        reports[0].options
    )


def test_a_report_is_a_frame_and_shows_itself_in_a_notebook() -> None:
    frame = hetao_geo.load("parks").assign(id=["<script>", "\x1b[2J"])
    report = hetao_geo.verify(frame, stated="stated_area_km2", unit="km2")
    table = report.to_frame()
    assert table["verdict"].tolist() == [c.verdict for c in report.checks]
    assert table["id"].tolist() == ["<script>", "\x1b[2J"]
    shown = report._repr_html_()
    assert "<script>" not in shown and "\x1b" not in shown
    assert "2 consistent" in shown and "geodesic areas decide" in shown


def test_one_figure_for_all_polygons_together() -> None:
    parks = catalog.features("parks")
    (check,) = hetao_geo.verify(parks, stated="3.89", crs="EPSG:2326").checks
    zone = rows(hetao_geo.verify())["zone"]
    assert check.id == "total"
    for name in ("measured_km2", "geodesic_km2", "uncertainty_km2", "limit_km2"):
        assert getattr(check, name) == pytest.approx(getattr(zone, name))
    bare = [Feature(park.id, park.geometry, {}) for park in parks]
    assert hetao_geo.verify([parks[0], bare[1]], stated="3.89").checks[0].uncertainty_km2 is None
    bad = [*parks, Feature("nothing", shapely.Polygon(), {})]
    (check,) = hetao_geo.verify(bad, stated="3.89").checks
    assert (check.verdict, check.reason) == (
        "not-judged",
        "some of its polygons cannot be measured",
    )


@pytest.mark.parametrize(
    ("given", "true"), [("km2", "ha"), ("mu", "ha"), ("km2", "mu"), ("m2", "mu")]
)
def test_a_mistaken_unit_is_told(given: str, true: str) -> None:
    parks = catalog.features("parks")
    factor = {"km2": 1.0, "ha": 100.0, "m2": 1e6, "mu": 1500.0}[true]
    declared = [
        Feature(p.id, p.geometry, {"area": round(p.properties["stated_area_km2"] * factor, 3)})
        for p in parks
    ]
    report = hetao_geo.verify(declared, stated="area", unit=given)
    assert any(f"try --unit {true}" in warning for warning in report.warnings)
    report = hetao_geo.verify(declared, stated="area", unit=true, max_difference="6%")
    assert report.passed and not any("--unit" in warning for warning in report.warnings)


def test_no_rows_never_pass() -> None:
    report = hetao_geo.verify(hetao_geo.load("parks").iloc[:0], stated="stated_area_km2")
    assert not report.passed
    assert report.summary.rows == 0
