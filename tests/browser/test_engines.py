"""The page in Chromium, Firefox and WebKit: what a reader sees and does, in each of them."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from hetao_geo.webmap import basemap, build_map
from tests.browser import engines
from tests.browser.test_basemap import Handler

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWN = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, 22.51], [x + 0.01, 22.51], [x + 0.01, 22.52], [x, 22.52], [x, 22.51]]
                ],
            },
        }
        for name, x in (("Western field", 114.04), ("Eastern field", 114.06))
    ],
}


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(request, need_tool) -> Iterator[engines.Engine]:
    running = engines.start(request.param, request, need_tool)
    yield running
    running.close()


@pytest.fixture(scope="module")
def tile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreadingHTTPServer]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.asked, running.folder = [], tmp_path_factory.mktemp("site")
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(scope="module")
def page_file(tile_server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with one base map in GCJ-02."""
    template = f"http://127.0.0.1:{tile_server.server_port}/gcj02/{{z}}/{{x}}/{{y}}.png"
    path = tmp_path_factory.mktemp("engines") / "map.html"
    build_map(basemaps=[basemap.custom(template, "by the test", "gcj02")]).save(str(path))
    return path


@pytest.fixture(scope="module")
def opened(engine, page_file: Path):
    engine.open(page_file.as_uri())
    wait(engine, "document.documentElement.classList.contains('hz-ready')")
    return engine


def wait(engine, script: str) -> None:
    """Wait until a script is true."""
    until = time.monotonic() + 20
    while not engine.evaluate(f"Boolean({script})"):
        assert time.monotonic() < until, script
        time.sleep(0.05)


def click(engine, selector: str) -> None:
    """Click the middle of what a selector finds, as a pointer does."""
    x, y = engine.evaluate(
        f"(function () {{ var b = document.querySelector({json.dumps(selector)})"
        ".getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })()"
    )
    engine.click(x, y)


# A place of the window where the map lies open and nothing on it can be chosen.
OPEN_GROUND = """(function () {
  var b = document.querySelector('.folium-map').getBoundingClientRect();
  for (var k = 1; k < 400; k += 1) {
    var x = b.left + b.width * (0.2 + 0.6 * (k * 0.618 % 1));
    var y = b.top + b.height * (0.2 + 0.6 * k / 400);
    var e = document.elementFromPoint(x, y);
    if (e && e.closest('.folium-map') && !e.closest('[data-feature], button, a')) return [x, y];
  }
  return null;
})()"""
DIALOGS = (
    "Array.from(document.querySelectorAll('[role=dialog], .leaflet-popup'))"
    ".map(function (e) { return e.getClientRects().length ? e.textContent : ''; }).join(' ')"
)


def test_the_map_is_drawn_without_an_error(opened) -> None:
    assert opened.errors() == []
    box = opened.evaluate(
        "(function () { var b = document.querySelector('[data-feature=hong-kong-park]')"
        ".getBoundingClientRect(); return [b.width, b.height]; })()"
    )
    assert min(box) > 50
    assert opened.evaluate("document.querySelectorAll('.hz-labels text, .hz-label').length") > 5
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_click_opens_the_card_of_a_place(opened) -> None:
    click(opened, "[data-feature=hong-kong-park]")
    wait(opened, f"{DIALOGS}.indexOf('Hong Kong Park') >= 0")
    opened.press("Escape")


def test_search_finds_a_place(opened) -> None:
    click(opened, "#search-field")
    opened.write("Huanggang Port")
    wait(opened, "document.querySelectorAll('[role=option]').length > 0")
    opened.press("Enter")
    wait(opened, f"{DIALOGS}.indexOf('Huanggang Port') >= 0")
    opened.press("Escape")


def test_a_click_on_open_ground_tells_what_is_here(opened) -> None:
    x, y = opened.evaluate(OPEN_GROUND)
    opened.click(x, y)
    wait(opened, f"/WGS 84/.test({DIALOGS}) && /GCJ-02/.test({DIALOGS})")
    opened.press("Escape")


def test_the_languages_switch(opened) -> None:
    seen = set()
    for code in ("zh-Hans", "zh-Hant", "en"):
        click(opened, f"button[data-language={code}]")
        wait(opened, f"document.documentElement.lang === '{code}'")
        seen.add(opened.evaluate("document.querySelector('h1').textContent"))
    assert len(seen) == 3


def test_a_base_map_in_another_datum_is_drawn(opened) -> None:
    opened.evaluate("(document.querySelector('.hz-legend details').open = true)")
    opened.evaluate("(document.querySelectorAll('input[name=basemap]')[1].click(), 1)")
    wait(opened, "document.querySelectorAll('canvas.leaflet-tile-loaded').length > 3")
    assert "by the test" in opened.evaluate("document.querySelector('.hz-stage').textContent")
    assert opened.errors() == []


def test_it_prints(opened, tmp_path: Path, need_tool) -> None:
    path = tmp_path / "page.pdf"
    opened.print(path)
    need_tool("pdfinfo", package="poppler-utils")
    said = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    assert "(A4)" in said.stdout
    words = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True)
    assert "Approximate, not a legal boundary" in words.stdout


def test_embedded_it_is_a_map_with_its_notice(engine, page_file: Path) -> None:
    engine.open(page_file.as_uri() + "#embed", 600, 400)
    wait(engine, "document.documentElement.classList.contains('hz-ready')")
    seen = (
        "(function () { var b = document.querySelector('{0}').getBoundingClientRect();"
        " return b.width > 0 && b.top >= 0 && b.bottom <= window.innerHeight + 1; })()"
    )
    assert engine.evaluate(seen.replace("{0}", ".folium-map"))
    assert engine.evaluate(seen.replace("{0}", ".hz-notice"))
    assert engine.evaluate("document.querySelector('.hz-panel').getClientRects().length") == 0
    assert engine.errors() == []


def test_polygons_of_the_reader(engine, tmp_path: Path) -> None:
    source, path = tmp_path / "own.geojson", tmp_path / "map.html"
    source.write_text(json.dumps(OWN), encoding="utf-8")
    build_map(parks=source).save(str(path))
    engine.open(path.as_uri(), 800, 700)
    wait(engine, "document.documentElement.classList.contains('hz-ready')")
    assert "Western field" in engine.evaluate("document.querySelector('.hz-stage').textContent")
    assert engine.errors() == []
