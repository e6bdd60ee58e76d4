"""The page's own code needs no more than the oldest browsers that README names.

Chrome 66 (as in WeChat's X5), Safari 14 and Firefox 78: ECMAScript 2018, and none of the functions
and properties that came later where the page would break without them.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from hetao_geo import paths

SCRIPTS = sorted(
    path for path in paths.ASSETS.rglob("*.js") if not {"leaflet", "packed"} & set(path.parts)
)
SHEETS = sorted(
    path for path in paths.ASSETS.rglob("*.css") if not {"leaflet", "packed"} & set(path.parts)
)
# Chrome 66 or Safari 14 has none of these (MDN, browser-compat-data); compat.js brings flat,
# flatMap and replaceChildren.
NEWER_SCRIPT = (
    r"\.(?:replaceAll|matchAll|at|findLast|toSorted|toReversed"
    r"|toggleAttribute|checkVisibility|showModal|showPopover|requestSubmit)\("
    r"|\b(?:structuredClone|queueMicrotask|globalThis|requestIdleCallback|OffscreenCanvas)\b"
    r"|\bObject\.(?:fromEntries|hasOwn|groupBy)\b|\bPromise\.(?:allSettled|any)\b"
    r"|\bcrypto\.randomUUID\b|\bIntl\.(?:Segmenter|ListFormat|RelativeTimeFormat)\b"
)
# A rule with an unknown selector is dropped as a whole, and what these properties do is lost.
NEWER_SHEET = r":(?:is|where|has)\(|\binset(?:-\w+)*\s*:|\baspect-ratio\s*:|@layer|@container"

PARSE = """
const acorn = require("acorn"), fs = require("fs");
const bad = process.argv.slice(1).flatMap(path => {
  try { acorn.parse(fs.readFileSync(path, "utf8"), { ecmaVersion: 2018 }); return []; }
  catch (error) { return [path + ": " + error.message]; }
});
console.log(JSON.stringify(bad));
"""


def hits(path: Path, pattern: str) -> list[str]:
    plain = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL | re.M)
    return [f"{path.name}: {match[0]}" for match in re.finditer(pattern, plain)]


def test_there_is_something_to_look_at() -> None:
    assert len(SCRIPTS) > 10 and len(SHEETS) > 3


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_call_nothing_newer(path: Path) -> None:
    assert hits(path, NEWER_SCRIPT) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_need_nothing_newer(path: Path) -> None:
    assert hits(path, NEWER_SHEET) == []


@pytest.mark.parametrize(
    "source", ["a?.b", "a ?? b", "try { f(); } catch { g(); }", "class A { #b = 1; }"]
)
def test_the_parser_tells_newer_syntax(source: str, node_modules: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.js"
    path.write_text(source, encoding="utf-8")
    assert parse([path], node_modules)


def test_scripts_are_ecmascript_2018(node_modules: Path) -> None:
    packed = sorted((paths.ASSETS / "packed").glob("*.js"))
    assert parse([*SCRIPTS, *packed], node_modules) == []


def parse(files: list[Path], node_modules: Path) -> list[str]:
    command = ["node", "-e", PARSE, *map(str, files)]
    environment = {"NODE_PATH": str(node_modules), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)
