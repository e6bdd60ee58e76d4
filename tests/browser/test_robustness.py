"""Where something fails, lacks or was saved: the map or at least its picture is there, once."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Browser, Page

from hetao_geo.webmap import build_map
from tests.browser.conftest import PHONE, WIDE

pytestmark = pytest.mark.browser

# What Chrome 66 or Safari 14 has not.
OLD = """
for (const [target, names] of [
  [Array.prototype, ["flat", "flatMap", "at", "findLast", "toSorted"]],
  [String.prototype, ["replaceAll", "matchAll", "at"]],
  [Element.prototype, ["replaceChildren", "toggleAttribute", "checkVisibility"]],
  [Document.prototype, ["replaceChildren"]],
  [Object, ["fromEntries", "hasOwn", "groupBy"]],
  [Promise, ["allSettled", "any"]],
  [window, ["structuredClone", "queueMicrotask", "requestIdleCallback", "ResizeObserver"]],
]) for (const name of names) delete target[name];
"""
SEEN = """Array.from(document.querySelectorAll("svg")).filter(
    (svg) => svg.querySelectorAll("path").length > 5 && svg.clientWidth > 300).length"""
PARKS = "[data-feature=shenzhen-park], [data-feature=hong-kong-park]"


@pytest.fixture
def visit(browser: Browser, map_file: Path) -> Callable[..., Page]:
    contexts = []

    def visiting(script: str = "", path: Path = map_file, size=WIDE, **options) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(path.as_uri())
        return page

    yield visiting
    for context in contexts:
        context.close()


def test_an_old_browser_draws_the_page(visit) -> None:
    page = visit(OLD)
    page.wait_for_selector("html.hz-ready")
    page.click("[data-language=zh-Hant]")
    page.fill("#search-field", "河套")
    page.wait_for_selector("[role=option]")
    assert page.errors == []


@pytest.mark.parametrize(
    "broken",
    [
        "window.Map",
        "window.Set",
        "window.URLSearchParams",
        "window.matchMedia",
        "JSON.parse",
        "Object.assign",
        "Object.keys",
        "Array.from",
        "Array.prototype.find",
        "Element.prototype.closest",
        "Element.prototype.getBoundingClientRect",
        "document.createElementNS",
        "SVGElement.prototype.setAttribute",
        "HTMLCanvasElement.prototype.getContext",
        "history.replaceState",
    ],
)
def test_without_a_function_the_map_or_its_picture_is_seen(visit, broken: str) -> None:
    # It comes back after the page has run: the test itself needs it.
    page = visit(
        f"const kept = {broken}; {broken} = undefined;"
        f"addEventListener('load', () => setTimeout(() => {{ {broken} = kept; }}, 30));"
    )
    page.wait_for_timeout(80)
    assert page.evaluate(SEEN) >= 1, page.errors
    live = "hz-live" in (page.locator("html").get_attribute("class") or "")
    assert live or page.locator(".hz-still svg").is_visible()
    assert page.locator("main h1").is_visible()
    assert page.locator("table").count() > 0


def test_a_saved_page_opens_as_it_was_and_switches(visit, tmp_path: Path) -> None:
    border_map = build_map()
    folium.Marker([22.52, 114.06]).add_to(border_map)
    first = tmp_path / "first.html"
    border_map.save(str(first))
    page = visit(path=first)
    page.wait_for_selector("html.hz-ready")
    english = page.inner_text("h1")
    page.click("[data-language=zh-Hans]")
    page.locator("[data-feature=hong-kong-park]").dispatch_event("click")
    before = count(page)
    chinese = page.inner_text("h1")
    saved = tmp_path / "saved.html"
    saved.write_text("<!DOCTYPE html>\\n" + page.content().partition(">")[2], encoding="utf-8")
    page = visit(path=saved)
    page.wait_for_selector("html.hz-ready")
    assert page.errors == []
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.inner_text("h1") == chinese != english
    assert count(page) == before
    for language, heading in (("en", english), ("zh-Hans", chinese)):
        page.click(f"[data-language={language}]")
        assert page.inner_text("h1") == heading
    page.click("[data-language=en]")
    assert "香港园区" not in page.inner_text(".hz-panel")


def count(page: Page) -> dict[str, int]:
    """How often the things that scripts make are there."""
    kinds = (PARKS, ".leaflet-marker-icon", "svg.hz-labels, g.hz-labels", "input[data-layer]")
    return {kind: page.locator(kind).count() for kind in kinds}


def test_without_scripts_a_phone_shows_a_legible_picture(visit) -> None:
    page = visit(size=PHONE, java_script_enabled=False)
    picture = page.locator(".hz-still svg")
    box = picture.bounding_box()
    assert box["width"] >= 320 and box["height"] >= 200
    for name in page.locator(".hz-still svg text").all():
        place = name.bounding_box()
        if place and place["width"] and name.is_visible():
            assert place["height"] >= 9, name.text_content()
    names = [n.bounding_box() for n in page.locator(".hz-still svg .hz-main").all()]
    assert len(names) == 3
    for first, second in combinations(names, 2):
        assert beside(first, second)
    for card in page.locator("[data-card]").all():
        place = card.bounding_box() if card.is_visible() else None
        assert not place or beside(place, box), card.get_attribute("class")


def beside(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes have nothing in common."""
    return (
        one["x"] >= other["x"] + other["width"]
        or other["x"] >= one["x"] + one["width"]
        or one["y"] >= other["y"] + other["height"]
        or other["y"] >= one["y"] + one["height"]
    )
