"""One model, four renderings, three languages."""

import csv
import io
import json
from pathlib import Path

import pytest
import shapely

import hetao_geo
from hetao_geo import area, report, text
from hetao_geo.catalog import Feature
from hetao_geo.errors import UsageError
from hetao_geo.report import table
from hetao_geo.verification import Report, figures
from hetao_geo.verification.rows import COLUMNS

MAPS = Path(__file__).resolve().parent.parent / "maps"
CHECK_KEYS = {
    "id",
    "stated_km2",
    "stated_rounding_km2",
    "measured_km2",
    "geodesic_km2",
    "difference_km2",
    "difference_percent",
    "uncertainty_km2",
    "uncertainty_correlated_km2",
    "smallest_detectable_km2",
    "interpretation_min_km2",
    "interpretation_max_km2",
    "interpretations",
    "verdict",
}


@pytest.fixture(scope="module")
def zone() -> Report:
    return hetao_geo.verify(by_crs=True)


def test_json_has_the_promised_keys(zone: Report) -> None:
    document = json.loads(report.render(zone, "json"))
    assert {"crs", "passed", "checks"} <= document.keys()
    for row in document["checks"]:
        assert row.keys() >= CHECK_KEYS
        assert row["difference_km2"] == pytest.approx(
            row["measured_km2"] - row["stated_km2"], abs=2e-6
        )


def test_csv_holds_the_same_numbers(zone: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(report.render(zone, "csv"))))
    document = json.loads(report.render(zone, "json"))
    assert [float(r["measured_km2"]) for r in rows] == [
        c["measured_km2"] for c in document["checks"]
    ]


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_range_over_readings_stands_beside_each_area(
    zone: Report, form: str, language: str
) -> None:
    document = report.render(zone, form, language)
    for check in zone.checks:
        row = next(s for s in document.splitlines() if table.name(check, language) in s)
        span = check.interpretation_range_km2
        assert ("–".join(f"{end:.2f}" for end in span) if span else "–") in row
        for one in check.interpretations:
            if one.names:
                note = next(s for s in document.splitlines() if one.names[language] in s)
                assert one.rules[language] in note
                assert f"{one.area_km2:.3f}" in note
    assert text.labels("report", language)["passed"] in document


def test_a_failed_check_says_so() -> None:
    wrong = hetao_geo.verify(hetao_geo.load("parks"), stated="2.2")
    assert "FAILED" in report.render(wrong, "text")
    assert json.loads(report.render(wrong, "json"))["passed"] is False
    none = hetao_geo.verify(hetao_geo.load("parks").iloc[:0], stated="stated_area_km2")
    assert "no rows" in report.render(none, "text")
    assert report.render(none, "csv").startswith("row,id,name,stated_km2,")


def test_chinese_columns_line_up(zone: Report) -> None:
    areas = report.render(zone, "text", "zh-Hant").split("\n\n")[1].splitlines()
    before_verdict = {table.display_width(row[: row.index("相符")]) for row in areas[1:]}
    assert len(before_verdict) == 1


def test_hostile_names_stay_text() -> None:
    evil = "=cmd|' /C calc'!A0\n| x |\x1b[31m<script>\u202e"
    frame = hetao_geo.load("parks").assign(name_en=evil, id=evil, declared=["0.87", evil])
    bad = hetao_geo.verify(frame, stated="declared")
    for name in report.FORMATS:
        assert not {"\x1b", "\u202e"} & set(report.render(bad, name))
    assert "<script>" not in report.render(bad, "markdown")
    for row in csv.DictReader(io.StringIO(report.render(bad, "csv"))):
        assert row["name"].startswith("'=") and row["id"].startswith("'=")


def test_results_come_in_the_unit_that_was_asked_for() -> None:
    square = shapely.box(114, 22.5, 114.00006, 22.50006)
    m2 = round(area.geodesic_area(square), 1)
    for unit, factor in figures.UNITS.items():
        declared = [Feature("plot", square, {"area": f"{m2 / factor:.9g}"})]
        small = hetao_geo.verify(declared, stated="area", unit=unit, max_difference="1%")
        document = json.loads(report.render(small, "json"))
        assert document["unit"] == unit
        (row,) = document["checks"]
        assert row[f"measured_{unit}"] * factor == pytest.approx(m2, abs=0.06)
        assert row[f"uncertainty_{unit}"] is None
        shown = next(s for s in report.render(small, "text").splitlines() if "plot" in s).split()
        assert float(shown[5]) * factor == pytest.approx(m2, rel=0.005)


def test_every_format_has_the_same_columns(zone: Report) -> None:
    (_, *lines) = csv.reader(io.StringIO(report.render(zone, "csv")))
    (head, *_) = csv.reader(io.StringIO(report.render(zone, "csv")))
    row = json.loads(report.render(zone, "json"))["checks"][0]
    assert list(row) == [*head, "interpretations"]
    assert head == [name.format(unit="km2") for name in COLUMNS] == list(zone.to_frame())
    assert len(lines) == len(zone.checks)


def test_unknown_forms_and_languages_are_refused(zone: Report) -> None:
    with pytest.raises(UsageError, match="unknown format"):
        report.render(zone, "docx")
    with pytest.raises(UsageError, match="unknown language"):
        report.render(zone, "text", "de")


@pytest.mark.parametrize(
    ("name", "form"), [("verification.md", "markdown"), ("verification.json", "json")]
)
def test_the_shipped_reports_are_current(zone: Report, name: str, form: str) -> None:
    shipped = (MAPS / name).read_text(encoding="utf-8")
    assert shipped == report.render(zone, form), (
        f"maps/{name} is stale: hetao-geo verify --by-crs --format {form} --output maps/{name}"
    )
