"""The page in Chromium: no request, popups in three languages, state, labels, paper."""

import re
from collections.abc import Callable

import pytest
import shapely
from playwright.sync_api import Page

from hetao_geo import catalog
from tests.browser.conftest import PHONE, WIDE

pytestmark = pytest.mark.browser
NAMES = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}


def card(page: Page) -> str:
    """Return all that the card says, unfolded."""
    page.evaluate("document.querySelectorAll('#card details').forEach(d => { d.open = true; })")
    return page.inner_text(".hz-card-body")


def test_nothing_is_requested_before_a_choice(show, map_file) -> None:
    page = show()
    page.wait_for_timeout(300)
    assert page.watch.requests == [map_file.as_uri()]
    assert page.evaluate("L.version") == "1.9.4"


@pytest.mark.parametrize("language", list(NAMES))
def test_every_park_part_and_crossing_opens_by_keyboard(show, language: str) -> None:
    page = show(at=f"#lang={language}")
    assert page.evaluate("document.documentElement.lang") == language
    for layer in ("parks", "parts", "crossings"):
        for feature in catalog.features(layer):
            shape = page.locator(f"[data-feature={feature.id}]")
            shape.focus()
            assert feature.properties[NAMES[language]] in str(shape.get_attribute("aria-label"))
            page.keyboard.press("Enter")
            assert feature.properties[NAMES[language]] in card(page)
            page.keyboard.press("Escape")
            page.wait_for_selector("#card", state="hidden")
            focused = page.evaluate("document.activeElement.dataset.feature")
            assert focused == feature.id


def test_popup_of_a_park_has_areas_verdict_facts_and_caution(show) -> None:
    page = show()
    page.locator("[data-feature=hong-kong-park]").click()
    text = card(page)
    for wanted in ("Stated 0.87 km² (87 ha)", "drawn 0.8", "consistent", "Edges good to about"):
        assert wanted in text
    assert "Approximate, not a legal boundary" in page.inner_text("#card")
    assert len(re.findall(r"\b\d{1,2} \w+ 20\d\d", text)) >= 3, "dates of the facts"
    sources = page.eval_on_selector_all("#card a[target=_blank]", "l => l.map(a => a.href)")
    assert sources and all(url.startswith("http") for url in sources)


def test_a_part_says_the_range_over_the_readings_of_its_limits(show) -> None:
    page = show()
    page.locator("[data-feature=futian-bonded-zone]").click()
    assert "by interpretation: 1.35–1.62" in card(page)


def test_language_switches_in_place(show) -> None:
    page = show()
    page.locator("[data-feature=hong-kong-park]").click()
    page.click("[data-language=zh-Hant]")
    assert page.evaluate("[document.documentElement.lang, document.title]") == [
        "zh-Hant",
        "河套合作區：一河兩園",
    ]
    assert "香港園區開幕" in card(page) and "opened" not in card(page)
    assert "2025年12月22日" in card(page)
    page.click("[data-language=en]")
    assert "22 Dec 2025" in card(page)
    assert "園" not in page.inner_text(".hz-panel > .hz-summary")


def test_address_reproduces_the_view(show) -> None:
    page = show()
    page.click("[data-language=zh-Hans]")
    page.click("#legend > summary")
    page.uncheck("input[data-layer=roads]")
    page.check("input[data-layer=interpretations]")
    page.click("[data-zoom='0.75']")
    page.wait_for_timeout(400)
    address = page.evaluate("location.hash")
    again = show(at=address)
    assert again.evaluate("document.documentElement.lang") == "zh-Hans"
    assert not again.is_checked("input[data-layer=roads]")
    assert not again.is_visible("[data-group=roads]")
    assert again.is_checked("input[data-layer=interpretations]")
    views = [p.evaluate("[hetao.map.getZoom(), hetao.map.getCenter().lat]") for p in (page, again)]
    assert views[0] == pytest.approx(views[1], abs=0.01)


@pytest.mark.parametrize("address", ["#lang=xx&view=a/b/c&layers=nothing", "#view=14/999/1", "#%"])
def test_nonsense_in_the_address_is_ignored(show, address: str) -> None:
    page = show(at=address)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("hetao.map.getZoom()") > 9


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("保税区", "futian-bonded-zone"),
        ("保稅區", "futian-bonded-zone"),
        ("lok ma chau loop", "hong-kong-park"),
        ("Huanggang", "huanggang-port-area"),
        ("Sham Chun", "shenzhen-river"),
    ],
)
def test_old_names_are_found(show, typed: str, found: str) -> None:
    page = show()
    page.fill("#search-field", typed)
    page.keyboard.press("Enter")
    assert page.evaluate("hetao.place") == found


def test_unknown_name_is_said(show) -> None:
    page = show()
    page.fill("#search-field", "Atlantis")
    assert page.inner_text("#search-status") == "No place of that name on this map."


@pytest.mark.parametrize(
    "size", [WIDE, PHONE, (1920, 1080), (1024, 768), (844, 390), (640, 400), (320, 568)]
)
def test_opening_view_keeps_the_parks_clear_of_every_card(show, size: tuple[int, int]) -> None:
    page = show(size)
    hidden = page.evaluate("""() => {
      const map = hetao.map, size = map.getSize(), cards = hetao.cards(map);
      return hetao.features('parks').flatMap(park => park.parts[0][0]).filter(p => {
        const q = map.latLngToContainerPoint([p[1], p[0]]);
        return q.x < 0 || q.y < 0 || q.x > size.x || q.y > size.y ||
          cards.some(c => q.x > c.left && q.x < c.right && q.y > c.top && q.y < c.bottom);
      });
    }""")
    assert hidden == []


@pytest.mark.parametrize("zoom", [12, 14.3, 17])
def test_soft_band_is_as_wide_as_the_accuracy(show, zoom: float) -> None:
    page = show()
    page.evaluate("z => hetao.map.setZoom(z, {animate: false})", zoom)
    park = next(f for f in catalog.features("parks") if f.id == "hong-kong-park")
    accuracy = park.properties["sides"][0]["accuracy_m"]
    # The scale of Web Mercator, from the ground distance between two pixels by the haversine.
    metres = page.evaluate("""() => {
      const y = hetao.map.getSize().y / 2;
      return hetao.map.distance(hetao.map.containerPointToLatLng([0, y]),
        hetao.map.containerPointToLatLng([100, y])) / 100;
    }""")
    width = page.evaluate("""() => {
      const band = document.querySelector('.hz-bands-1 .hz-tone-hong-kong-park');
      return band.getScreenCTM().a * Number(band.getAttribute('stroke-width'));
    }""")
    # Leaflet's sphere has the radius 6371 km for distances and 6378.137 km for the projection;
    # the drawing has whole units of 1.1 m.
    assert width * metres == pytest.approx(accuracy, abs=0.8)


def test_popup_stands_clear_of_its_shape(show) -> None:
    page = show()
    for feature in ("hong-kong-park", "huanggang-port-area", "futian-bonded-zone"):
        page.locator(f"[data-feature={feature}]").focus()
        page.keyboard.press("Enter")
        covered = page.evaluate(
            """id => {
          const box = hetao.cardBox(hetao.map)[0];
          const shape = hetao.everyFeature().find(one => one.id === id);
          return shape.parts[0][0].filter(p => {
            const q = hetao.map.latLngToContainerPoint([p[1], p[0]]);
            return q.x > box.left && q.x < box.right && q.y > box.top && q.y < box.bottom;
          }).length;
        }""",
            feature,
        )
        assert covered == 0, feature


def test_popup_is_a_sheet_on_a_phone(show) -> None:
    page = show(PHONE)
    page.locator("[data-feature=hong-kong-park]").click()
    box = page.locator("#card").bounding_box()
    assert box and box["x"] == 0 and box["width"] == PHONE[0]
    assert box["y"] + box["height"] == pytest.approx(PHONE[1], abs=1)


def test_targets_are_large_enough(show) -> None:
    page = show(PHONE)
    page.evaluate("document.getElementById('legend').open = true")
    small = page.eval_on_selector_all(
        "button, summary, input, .hz-legend label, .leaflet-interactive",
        """list => list.map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([html, box]) => box.width && Math.min(box.width, box.height) < 23.9)
          .map(([html]) => html)""",
    )
    # A check box is as large as its label, which takes its clicks.
    assert [html for html in small if "checkbox" not in html] == []


def test_dark_and_reduced_motion_are_respected(show) -> None:
    page = show(color_scheme="dark", reduced_motion="reduce")
    red, green, blue = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert max(red, green, blue) < 60
    assert page.evaluate("hetao.map.options.zoomAnimation") is False


def test_paper_has_the_map_first_then_all_sections_and_no_controls(
    show, tmp_path, need_tool: Callable
) -> None:
    need_tool("pdftotext", package="poppler-utils")
    import subprocess

    page = show()
    before = page.evaluate("hetao.map.getZoom()")
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    information = subprocess.run(
        ["pdfinfo", tmp_path / "map.pdf"], capture_output=True, text=True, check=True
    ).stdout
    pages = re.search(r"Pages:\s+(\d+)\n", information)
    assert pages and 2 <= int(pages[1]) <= 14
    assert "(A4)" in information
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "map.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    first, *rest = text.split("\f")
    for wanted in ("km", "Guofa [2023]", "not a legal boundary", "HONG KONG", "Huanggang Port"):
        assert wanted in first
    for wanted in ("Timeline", "Then and now", "sz.gov.cn"):
        assert wanted in " ".join(rest)
    for unwanted in ("简体", "Find a place", "Copy link"):
        assert unwanted not in text
    assert page.evaluate("hetao.map.getZoom()") == pytest.approx(before)


def test_without_scripts_picture_and_tables_remain(show) -> None:
    page = show(java_script_enabled=False)
    assert page.is_visible(".hz-still svg path.hz-role-hong-kong-park")
    assert not page.is_visible(".hz-zoom") and not page.is_visible(".hz-search")
    text = str(page.text_content("main"))
    for wanted in (
        "3.02",
        "Then and now",
        "The four zones in size",
        "Lok Ma Chau Control Point",
    ):
        assert wanted.lower() in text.lower()


def test_opening_view_follows_the_window_until_the_reader_moves(show) -> None:
    page = show()
    first = page.evaluate("hetao.map.getZoom()")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function("z => hetao.map.getZoom() > z + 0.2", arg=first)
    page.click("[data-zoom='0.75']")
    page.wait_for_timeout(400)
    chosen = page.evaluate("hetao.map.getZoom()")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(300)
    assert page.evaluate("hetao.map.getZoom()") == chosen
    page.click("[data-zoom='0']")
    page.wait_for_function("z => Math.abs(hetao.map.getZoom() - z) < 0.06", arg=first)


def test_what_takes_the_focus_comes_into_sight(show) -> None:
    page = show()
    page.locator("[data-feature=shenzhen-bay-control-point]").focus()
    inside = page.evaluate("""() => {
      const box = document.activeElement.getBoundingClientRect();
      const frame = hetao.map.getContainer().getBoundingClientRect();
      return box.left > frame.left && box.right < frame.right && box.top > frame.top &&
        box.bottom < frame.bottom && frame.left === 400 && frame.top === 0;
    }""")
    assert inside


# The name of each side, and where it stands in degrees.
GROUNDS = """() => Array.from(document.querySelectorAll('.hz-label-region')).map(name => {
  const box = name.getBoundingClientRect();
  const frame = hetao.map.getContainer().getBoundingClientRect();
  const at = hetao.map.containerPointToLatLng([(box.left + box.right) / 2 - frame.left,
    (box.top + box.bottom) / 2 - frame.top]);
  return [name.textContent, at.lng, at.lat];
})"""


@pytest.mark.parametrize("zoom", [12, 14, 15])
def test_names_of_the_two_sides_stand_where_they_belong(show, zoom: float) -> None:
    page = show(reduced_motion="reduce")
    stretches = [f.geometry for f in catalog.features("boundary")]
    seen = set()
    for middle in ([22.527, 114.052], [22.508, 114.082], [22.52, 114.02]):
        page.evaluate("([at, z]) => hetao.map.setView(at, z, {animate: false})", [middle, zoom])
        for name, lon, lat in page.evaluate(GROUNDS):
            # The line at this longitude: Shenzhen lies north of all of it, Hong Kong south.
            meridian = shapely.LineString([(lon, 22), (lon, 23)])
            _, south, _, north = shapely.union_all(stretches).intersection(meridian).bounds
            assert lat > north if name == "Shenzhen" else lat < south
            seen.add(name)
    assert seen == {"Shenzhen", "Hong Kong"}


@pytest.mark.parametrize("view", ["9/22.5/114", "13.5/48.86/2.33"])
def test_names_of_the_two_sides_are_absent_from_afar_and_elsewhere(show, view: str) -> None:
    assert show(at=f"#view={view}").evaluate(GROUNDS) == []


@pytest.mark.parametrize("size", [WIDE, PHONE, (1047, 545)], ids=["wide", "phone", "paper"])
@pytest.mark.parametrize("language", list(NAMES))
def test_a_figure_stands_with_the_name_of_what_it_measures(show, language, size) -> None:
    page = show(size, at=f"#lang={language}", reduced_motion="reduce")
    for medium in ("screen", "paper"):
        if medium == "paper":
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        shown = 0
        for feature in (*catalog.features("parts"), catalog.features("parks")[1]):
            block = page.locator(f".hz-label-block[data-names={feature.id}]")
            label = " ".join(block.locator("text").all_text_contents())
            part = feature.properties.get("park")
            park = next(p for p in catalog.features("parks") if p.id == (part or feature.id))
            assert park.properties[NAMES[language]] in label
            figure = f"{feature.properties['stated_area_km2']:.2f}"
            shown += figure in label
            if part:
                assert feature.properties[NAMES[language]] in label
        assert shown or size != WIDE, "room for a figure here"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("ZH-HANT", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("EN-gb", "en"),
        ("fr", "en"),
    ],
)
def test_language_tags_of_any_spelling(show, tag: str, language: str) -> None:
    assert show(at=f"#lang={tag}").evaluate("document.documentElement.lang") == language


def test_language_is_also_taken_from_the_query(show) -> None:
    page = show(at="?lang=zh-hk#view=14/22.518/114.06")
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    page.click("[data-language=en]")
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_legend_opens_over_a_phone_without_moving_the_map(show) -> None:
    page = show(PHONE, reduced_motion="reduce")
    view = "[hetao.map.getZoom(), hetao.map.getCenter().lat, hetao.map.getCenter().lng]"
    before = page.evaluate(view)
    page.click("#legend > summary")
    page.wait_for_function("document.getElementById('legend').open")
    page.wait_for_timeout(200)
    assert page.evaluate(view) == before
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(200)
    assert page.evaluate("hetao.map.getZoom()") == pytest.approx(before[0], abs=0.3)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("LMC", "Lok Ma Chau"),
        ("Nansha", "Nansha · Greater Bay Area"),
        ("Shenzhen Bay", "Deep Bay (Shenzhen Bay)"),
    ],
)
def test_search_finds_short_names_and_those_of_the_small_map(show, typed: str, said: str) -> None:
    page = show()
    page.fill("#search-field", typed)
    found = page.locator("#search-list li").all_inner_texts()
    assert any(said in one for one in found) and "(Shenzhen Bay) (" not in " ".join(found)
    page.keyboard.press("Enter")
    if typed == "Nansha":
        assert page.evaluate("document.activeElement.id") == "bay"
