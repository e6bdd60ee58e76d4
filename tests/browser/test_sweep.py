"""The hard rules of the names, measured from the drawing at 23 sizes, in 3 languages, at 3 zooms.

`violations.js` looks at what the browser has drawn. The 207 views take about two minutes; without
the environment variable ``CI`` every fourth size is looked at.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from shapely.geometry import box, mapping

from hetao_geo.webmap import build_map

pytestmark = pytest.mark.browser
SIZES = [
    *((320, 480), (320, 568), (360, 640), (375, 667), (390, 844), (412, 915), (480, 320)),
    *((568, 320), (600, 400), (640, 480), (667, 375), (768, 1024), (800, 600), (844, 390)),
    *((1024, 600), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1440, 900), (1920, 1080)),
    *((1920, 1200), (2560, 1440)),
]
LANGUAGES = ["en", "zh-Hans", "zh-Hant"]
# Zoom levels beside that of the opening view.
ZOOMS = [0, -1, 1.2]
VIOLATIONS = (Path(__file__).parent / "violations.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(browser: Browser, map_file: Path) -> Iterator[Page]:
    """One page for all views: it is resized, not loaded again."""
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(map_file.as_uri())
    yield page
    context.close()


def look(page: Page, size: tuple[int, int], languages=LANGUAGES, zooms=ZOOMS) -> list[str]:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return page.evaluate(VIOLATIONS, [languages, zooms])


@pytest.mark.parametrize("size", SIZES if os.environ.get("CI") else SIZES[::4], ids=str)
def test_no_name_breaks_a_rule(page: Page, size: tuple[int, int]) -> None:
    found = look(page, size)
    if size == (568, 320) and found:
        # Known and not understood: after a change of language the name of the Hong Kong side
        # touches what covers the map, at one of three zooms. Nothing else may break a rule.
        assert {line.partition(": ")[2] for line in found} == {"free: 香港"}
        pytest.xfail("the name of the Hong Kong side touches a control")
    assert found == []


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "wide"])
def test_no_name_breaks_a_rule_from_afar_or_close_by(page: Page, size: tuple[int, int]) -> None:
    assert look(page, size, ["en"], [-3.4, -2, 0.4, 2.1, 3, 4.5]) == []


# Rules of the policy, as list and rule, and the violation that is seen without them.
RULES = {
    "label": [("touch", "label")],
    "free": [("touch", "card")],
    "leader-label": [("touch", "leader"), ("leader_cross", "label"), ("touch", "label")],
    "other-shape": [("stand_on", "other-shape"), ("cross", "park-edge")],
    "leader-boundary": [("leader_cross", "boundary")],
    "leader-shape": [("leader_cross", "other-shape")],
}
OFF = """rows => rows.forEach(([list, rule]) => {
  const rules = hetao.data.policy.never[list];
  rules.splice(rules.indexOf(rule), 1);
})"""
ON = "rows => rows.forEach(([list, rule]) => hetao.data.policy.never[list].push(rule))"


@pytest.fixture(scope="module")
def strips(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of five narrow polygons side by side: names find room only beyond the neighbours."""
    folder = tmp_path_factory.mktemp("strips")
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"A long name, number {n}"},
            "geometry": mapping(box(114.05 + n / 500, 22.5, 114.052 + n / 500, 22.52)),
        }
        for n in range(5)
    ]
    path = folder / "strips.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    build_map(parks=path).save(str(folder / "strips.html"))
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto((folder / "strips.html").as_uri())
    yield page
    context.close()


def test_names_of_neighbours_break_no_rule(strips: Page) -> None:
    assert [what for size in SIZES[::5] for what in look(strips, size, ["en"])] == []


@pytest.mark.parametrize("seen", RULES)
def test_without_its_rule_a_violation_is_seen(page: Page, strips: Page, seen: str) -> None:
    page = strips if seen == "leader-shape" else page
    page.evaluate(OFF, RULES[seen])
    try:
        found = (what for size in SIZES for what in look(page, size, ["en"], [0, -1]))
        assert any(f": {seen}:" in what for what in found), f"nothing is seen without {seen}"
    finally:
        page.evaluate(ON, RULES[seen])
