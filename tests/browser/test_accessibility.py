"""Everyone can use the page: axe, valid HTML, keyboard, targets, zoom, motion, dark."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, WIDE

pytestmark = pytest.mark.browser


def violations(page, node_modules: Path) -> list[str]:
    # Through the debugger: the policy of the page refuses a script that is added to it.
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {n['html'][:200]}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    ("language", "scheme"),
    [("en", "light"), ("zh-Hans", "light"), ("zh-Hant", "light"), ("en", "dark")],
)
def test_axe_finds_nothing(show, node_modules, size, language, scheme) -> None:
    page = show(size, at=f"#lang={language}", color_scheme=scheme)
    assert violations(page, node_modules) == []
    page.focus("[data-feature=hong-kong-park]")
    page.keyboard.press("Enter")
    assert violations(page, node_modules) == []


def test_axe_finds_nothing_in_the_read_out_the_search_and_a_frame(show, node_modules) -> None:
    page = show(PHONE)
    page.fill("#search-field", "Lok")
    assert violations(page, node_modules) == []
    page.evaluate("hetao.showReadout(114.05, 22.54)")
    assert violations(page, node_modules) == []
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations(page, node_modules) == []
    assert violations(show((600, 400), at="#embed"), node_modules) == []


def test_html_is_valid(node_modules, map_file, tmp_path) -> None:
    rules = {
        "extends": ["html-validate:recommended", "html-validate:document"],
        # A search field with suggestions is a combobox with a list, which <select> cannot be.
        # Quotes around plain values and ends of list items would take 6 kB of the page.
        "rules": {
            "prefer-native-element": ["error", {"exclude": ["listbox"]}],
            "attr-quotes": "off",
            "no-implicit-close": "off",
        },
    }
    settings = tmp_path / "rules.json"
    settings.write_text(json.dumps(rules), encoding="utf-8")
    program = node_modules / "html-validate" / "bin" / "html-validate.mjs"
    report = tmp_path / "report.json"
    options = ["--config", str(settings), "--formatter", f"json={report}"]
    subprocess.run(["node", str(program), *options, str(map_file)], timeout=120, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert [f"{m['ruleId']}: {m['message']}" for r in found for m in r["messages"]] == []
