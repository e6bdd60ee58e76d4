"""Hostile text stays text, in every name, fact, source and attribution; frames are not left."""

import json
import tomllib
from pathlib import Path
from typing import Any

import folium
import pytest

from hetao_geo import paths, plan
from hetao_geo.plan._reader import build
from hetao_geo.webmap import build_map
from tests.browser.conftest import WIDE

HOSTILE = (
    "</script></style><img src=x onerror=window.hit=1><svg onload=window.hit=1>"
    "${window.hit=1}`'\"\u2028\\x3cscript>window.hit=1</script>"
)
TEXTS = {"name_en", "name_zh_hans", "name_zh_hant", "aliases", "method", "sources", "en"}
TEXTS |= {"zh-Hans", "zh-Hant", "title", "publisher", "stated_area_source", "area_source"}


def spoilt(value: Any, key: str = "") -> Any:
    """Return `value` with the hostile text in every text that a person wrote."""
    if isinstance(value, dict):
        return {name: spoilt(row, name) for name, row in value.items()}
    if isinstance(value, list):
        return [spoilt(row, key) for row in value]
    return value + HOSTILE if isinstance(value, str) and key in TEXTS else value


@pytest.fixture
def hostile_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    raw = tomllib.loads((paths.GEODATA / "plan.toml").read_text(encoding="utf-8"))
    for path in paths.GEODATA.glob("*.*json"):
        rows = json.loads(path.read_text(encoding="utf-8"))
        wrong = spoilt(rows) if path.suffix == ".geojson" else rows
        (tmp_path / path.name).write_text(json.dumps(wrong), encoding="utf-8")
    monkeypatch.setattr(paths, "GEODATA", tmp_path)
    # The keys of sources look like texts to `spoilt`, and the patterns of units must stay whole.
    kept = {key: raw[key] for key in ("units", "qualifiers", "differences")}
    facts = build({**spoilt(raw), **kept})
    monkeypatch.setattr(plan, "load", lambda: facts)
    page = tmp_path / "hostile.html"
    build_map().save(str(page))
    return page


def test_hostile_text_adds_no_markup(hostile_page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.test_webmap import Reader

    hostile = Reader(hostile_page.read_text(encoding="utf-8"))
    assert "img" not in {tag for tag, _ in hostile.tags}
    assert not [a for _, a in hostile.tags if any(name.startswith("on") for name in a)]
    monkeypatch.undo()
    sound = Reader(build_map().get_root().render())
    assert hostile.inline["script"][:3] == sound.inline["script"][:3]
    assert any(HOSTILE in word for word in hostile.words)


@pytest.mark.browser
def test_hostile_text_never_runs(show, hostile_page: Path) -> None:
    page = show(WIDE, path=hostile_page)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for language in ("en", "zh-Hans", "zh-Hant"):
        page.click(f"[data-language={language}]")
        for feature in page.evaluate("Object.keys(hetao.shapes)"):
            page.evaluate("id => hetao.openPlaceById(id, true)", feature)
            assert "onerror" in page.inner_text(".hz-card-body")
        page.fill("#search-field", "a")
        page.fill("#search-field", "")
    assert page.evaluate("window.hit") is None
    assert page.locator("img").count() == 0
    assert "onerror" in page.inner_text(".hz-panel")


@pytest.mark.browser
def test_hostile_attribution_is_reduced_to_text_and_links(show, tmp_path: Path) -> None:
    border_map = build_map()
    credit = (
        f'Tiles <a href="https://example.org/">by us</a> <a href="javascript:1">x</a> {HOSTILE}'
    )
    tiles = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    folium.TileLayer(tiles, attr=credit).add_to(border_map)
    path = tmp_path / "tiles.html"
    with pytest.warns(UserWarning, match="the page will not run the script in"):
        border_map.save(str(path))
    # Chromium reports the handler that it refused to parse.
    page = show(path=path, strict=False)
    line = page.locator(".leaflet-control-attribution")
    assert "Tiles by us" in line.inner_text()
    assert line.locator("a").evaluate_all("l => l.map(a => a.href)") == ["https://example.org/"]
    assert page.evaluate("window.hit") is None


@pytest.mark.browser
def test_layers_of_folium_work_on_the_page(show, tmp_path: Path) -> None:
    border_map = build_map()
    folium.Marker([22.52, 114.06], popup="A popup", tooltip="A tip").add_to(border_map)
    folium.Marker([22.53, 114.07], icon=folium.Icon(color="red")).add_to(border_map)
    square = {"type": "Polygon", "coordinates": [[[114, 22], [115, 22], [115, 23], [114, 22]]]}
    folium.GeoJson(square, name="square").add_to(border_map)
    folium.LayerControl().add_to(border_map)
    path = tmp_path / "folium.html"
    border_map.save(str(path))
    # Without a network the signs of icons do not come; the rest must be sound.
    page = show(path=path, strict=False)
    page.evaluate("document.querySelector('.leaflet-marker-icon').click()")
    assert "A popup" in page.inner_text(".leaflet-popup-pane")
    assert page.locator(".leaflet-marker-icon").count() == 2
    assert page.evaluate("Array.from(document.images).every(i => i.complete && i.naturalWidth)")
    names = page.locator(".leaflet-control-layers-overlays").text_content()
    assert names and "square" in names and "The two parks" in names
    assert [c for c in page.watch.complaints if "INTERNET_DISCONNECTED" not in c] == []


@pytest.mark.browser
def test_notebook_frame_is_not_left(show, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    cell = build_map()._repr_html_()
    path.write_text(f"<!DOCTYPE html><title>n</title><body>{cell}", encoding="utf-8")
    page = show(path=path)
    frame = page.frames[1]
    frame.wait_for_selector("[data-feature=hong-kong-park]")
    frame.click("[data-language=zh-Hans]")
    frame.evaluate("hetao.openPlaceById('hong-kong-park', true)")
    assert "香港园区" in frame.inner_text(".hz-card-body")
    frame.click("a[href='#how']")
    page.wait_for_timeout(200)
    assert page.url == path.as_uri() and page.frames[1].url == "about:srcdoc"
    assert frame.locator("[data-feature=hong-kong-park]").count() == 1
