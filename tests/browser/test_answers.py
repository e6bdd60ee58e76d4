"""What the page answers: where a point is, links, files, embedding, forgiving search."""

import csv
import io
import json
import math
import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page
from pyproj import Transformer

from hetao_geo import catalog
from tests.browser.conftest import PHONE, WIDE

pytestmark = pytest.mark.browser
PLACES = [(114.0699, 22.5284), (114.03, 22.5), (114.2, 22.3), (113.9, 22.6)]


def parks() -> dict[str, shapely.Polygon]:
    """The parks in metres of the Hong Kong 1980 Grid."""
    to_grid = Transformer.from_crs(4326, 2326, always_xy=True).transform
    return {
        one.id: shapely.transform(one.geometry, to_grid, interleaved=False)
        for one in catalog.features("parks")
    }


@pytest.mark.parametrize(("name", "epsg"), [("hk1980", 2326), ("cgcs2000", 4547)])
def test_grid_coordinates_are_those_of_proj(show, name: str, epsg: int) -> None:
    ours = show().evaluate(
        "([places, name]) => places.map(p => hetao.toGrid[name](...p))", [PLACES, name]
    )
    theirs = Transformer.from_crs(4326, epsg, always_xy=True)
    for place, found in zip(PLACES, ours, strict=True):
        assert found == pytest.approx(theirs.transform(*place), abs=0.05)


def test_a_click_on_the_map_says_where_and_in_which_coordinates(show) -> None:
    page = show(reduced_motion="reduce")
    page.evaluate("hetao.map.setView([22.535, 114.05], 15, {animate: false})")
    page.mouse.click(900, 420)
    text = page.inner_text("#readout")
    for wanted in ("Outside both parks", "beyond", "known to", "WGS 84", "HK 1980 Grid", "GK 114E"):
        assert wanted in text
    assert "GCJ-02" in text
    page.click("[data-language=zh-Hant]")
    assert "在兩個園區之外" in page.inner_text("#readout")
    page.keyboard.press("Escape")
    assert not page.is_visible("#readout")
    page.focus("#map")
    page.keyboard.press("Enter")
    assert page.is_visible("#readout") and page.evaluate("document.activeElement.id") == "readout"


def test_near_a_limit_it_is_too_near_to_tell(show) -> None:
    page, shapes = show(), parks()
    to_grid = Transformer.from_crs(4326, 2326, always_xy=True).transform
    park = catalog.features("parks")[0]
    ring = list(park.geometry.exterior.coords)
    pairs = [
        (math.dist(ring[i], ring[i + 1]), i, side)
        for side in park.properties["sides"]
        if side["limit"] == "Binhe Avenue"
        for i in range(*side["line"])
    ]
    _, at, side = max(pairs, key=lambda pair: pair[:2])
    (x0, y0), (x1, y1) = ring[at : at + 2]
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    seen = set()
    for north in range(-90, 91, 15):
        lon, lat = middle[0], middle[1] + north / 110_750
        found = page.evaluate("([a, b]) => hetao.locate(a, b).park", [lon, lat])
        point = shapely.Point(to_grid(lon, lat))
        metres = shapes[park.id].exterior.distance(point)
        assert found["metres"] == pytest.approx(metres, abs=1.5)
        assert found["error"] == side["accuracy_m"]
        inside = shapes[park.id].contains(point)
        chance = 0.5 * (1 + math.erf((metres if inside else -metres) / found["error"] / 2**0.5))
        assert found["chance"] == pytest.approx(chance, abs=0.03)
        wanted = "inside" if chance >= 0.975 else "outside" if chance <= 0.025 else "near"
        seen.add(wanted)
        if abs(chance - 0.975) > 0.01 and abs(chance - 0.025) > 0.01:
            assert found["answer"] == wanted
    assert seen == {"inside", "near", "outside"}


def test_distance_tool_measures_on_the_ground(show) -> None:
    page = show()
    page.evaluate("hetao.showReadout(114.05, 22.54)")
    page.click("#measure")
    page.evaluate("hetao.showReadout(114.06, 22.54)")
    said = re.search(r"Distance from the first point: ([\d.]+) km", page.inner_text("#readout"))
    # A hundredth of a degree of longitude at this latitude, on the ellipsoid.
    assert said and float(said[1]) == pytest.approx(1.029, abs=0.006)


def test_a_card_has_a_link_that_opens_it(show) -> None:
    page = show()
    page.locator("[data-feature=hong-kong-park]").click()
    assert "place=hong-kong-park" in page.evaluate("location.hash")
    again = show(at="#place=boundary-shenzhen-river")
    assert "Order No. 221" in again.inner_text("#card")
    assert again.locator(".hz-hit-line.hz-chosen").count() == 1


@pytest.mark.parametrize("address", ["#layers=nope", "#view=0/0/0", "#place=nowhere"])
def test_impossible_addresses_fall_back(show, address: str) -> None:
    page = show(at=address)
    assert page.is_visible("[data-feature=hong-kong-park]")
    assert page.evaluate("hetao.map.getZoom()") > 12


def saved(page: Page, kind: str, folder: Path) -> str:
    with page.expect_download() as download:
        page.evaluate(f"document.querySelector('.hz-panel [data-download={kind}]').click()")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_text(encoding="utf-8-sig")


def test_files_made_by_the_page_name_licence_and_sources(show, tmp_path: Path) -> None:
    page = show()
    layer = json.loads(saved(page, "geojson", tmp_path))
    assert "CC BY 4.0" in layer["licence"] and "Guofa" in layer["sources"]
    ours = {one.id: one.geometry for key in ("parks", "parts") for one in catalog.features(key)}
    assert {one["id"] for one in layer["features"]} == set(ours)
    for one in layer["features"]:
        drawn = shapely.geometry.shape(one["geometry"])
        # Whole units of 1.1 m.
        assert drawn.hausdorff_distance(ours[one["id"]]) < 1.2e-5
    rows = list(csv.DictReader(io.StringIO(saved(page, "csv", tmp_path))))
    assert float(rows[0]["stated_km2"]) == 3.02 and rows[0]["verdict"] == "consistent"
    picture = saved(page, "svg", tmp_path)
    for wanted in ("<svg", "CC BY 4.0", "not a legal boundary", "Shenzhen Park".upper()[:8]):
        assert wanted.lower() in picture.lower()
    assert "var(" not in picture and picture.count("<path") > 40


ARTICLE = """<!DOCTYPE html><title>Article</title><style>p {{ height: 900px }}</style>
<p>before</p><iframe src="{}#embed" width="600" height="400"></iframe><p>after</p>"""


def test_embedded_the_wheel_scrolls_the_article(show, map_file: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.html"
    article.write_text(ARTICLE.format(map_file.as_uri()), encoding="utf-8")
    page = show(path=article)
    frame = page.frames[1]
    frame.wait_for_selector("html.hz-ready", state="attached")
    page.evaluate("document.querySelector('iframe').scrollIntoView({block: 'center'})")
    zoom, top = frame.evaluate("hetao.map.getZoom()"), page.evaluate("scrollY")
    page.mouse.move(300, 400)
    page.mouse.wheel(0, 200)
    page.wait_for_function("top => scrollY > top + 100", arg=top)
    assert frame.evaluate("hetao.map.getZoom()") == zoom
    assert "Ctrl" in frame.inner_text("#scroll-hint")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    frame.wait_for_function("zoom => hetao.map.getZoom() > zoom", arg=zoom)
    page.keyboard.up("Control")


@pytest.mark.parametrize("size", [(600, 400), (300, 250)])
def test_embedded_the_notice_and_the_parks_stay_in_sight(show, size: tuple[int, int]) -> None:
    page = show(size, at="#embed")
    assert page.is_visible(".hz-notice strong") and page.is_visible("#whole-page")
    assert not page.is_visible(".hz-panel") and not page.is_visible("h1")
    box = page.locator(".hz-notice strong").bounding_box()
    assert box and box["y"] + box["height"] <= size[1] and box["x"] + box["width"] <= size[0]
    page.focus("#whole-page")
    assert "embed" not in str(page.get_attribute("#whole-page", "href"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("shenzen park", "shenzhen-park"),
        ("Huanggnag", "huanggang-port-area"),
        ("lokmachau loop", "hong-kong-park"),
        ("后海湾", "deep-bay"),
        ("後海灣", "deep-bay"),
        ("boundary", "boundary-shenzhen-river"),
    ],
)
def test_search_forgives(show, typed: str, found: str) -> None:
    ids = show().evaluate("text => hetao.find(text).map(row => row.feature.id)", typed)
    assert found in ids[:3], ids


@pytest.mark.parametrize(
    "typed", ["22.5284, 114.0699", "114.0699 22.5284", "825263 843192", "507 191 E 2 492 314 N"]
)
def test_search_takes_coordinates(show, typed: str) -> None:
    page = show()
    place = page.evaluate("text => hetao.readCoordinates(text)", typed)
    assert place == pytest.approx([114.0699, 22.5284], abs=2e-5)
    page.fill("#search-field", typed)
    page.keyboard.press("Enter")
    assert "Shenzhen Park" in page.inner_text("#readout")


def test_everything_that_search_finds_has_a_card(show) -> None:
    page = show(reduced_motion="reduce")
    empty = page.evaluate("""() => {
      const keys = ['parks', 'parts', 'crossings', 'river', 'boundary', 'roads', 'railways'];
      return keys.concat('places', 'stations').flatMap(hetao.features).filter(feature => {
        hetao.openPlace(feature, false);
        const marked = document.querySelector('.hz-chosen, .hz-highlight');
        return !marked || document.querySelector('.hz-card-body').innerText.split('\\n').length < 3;
      }).map(feature => feature.id);
    }""")
    assert empty == []


def test_enter_belongs_to_the_input_method_while_it_composes(show) -> None:
    page = show()
    page.fill("#search-field", "河套")
    page.evaluate("""() => document.getElementById('search-field').dispatchEvent(
      new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))""")
    assert not page.is_visible("#card")
    page.keyboard.press("Enter")
    assert page.is_visible("#card")


SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_jumps_while_the_page_opens(show, size: tuple[int, int]) -> None:
    assert show(size).evaluate(SHIFT) < 0.05


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_window_of_320_pixels_does_not_scroll_sideways(show, language: str) -> None:
    page = show((320, 640), at=f"#lang={language}")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate("document.documentElement.style.fontFamily = 'monospace'")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_a_language_in_the_address_reaches_names_and_hints_of_controls(show) -> None:
    page = show(at="#lang=zh-Hans")
    field = page.locator("#search-field")
    assert field.get_attribute("placeholder") == "查找地点或输入坐标"
    assert field.get_attribute("aria-label") == "按名称查找地点"
