"""The page without a browser: one file, no request, the same bytes, text that stays text."""

import base64
import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

import folium
import folium.plugins
import pytest
import shapely
from markupsafe import escape

from hetao_geo import catalog, paths, plan, text
from hetao_geo.cli import main
from hetao_geo.errors import UsageError
from hetao_geo.webmap import basemap, build_map, payload, policy, theme

# Bytes of the file, and of what a server sends that compresses it.
LIMIT, LIMIT_PACKED = 450_000, 150_000


class Reader(HTMLParser):
    """The scripts, styles, attributes and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.data: dict[str, str] = {}
        self.words: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inline:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.words.append(data)
            return
        tag, attributes = self._open[-1]
        if "type" in attributes:
            self.data[attributes.get("id") or ""] = data
        else:
            self.inline[tag].append(data)

    @property
    def policy(self) -> str:
        rows = [a for t, a in self.tags if t == "meta"]
        return next(str(a["content"]) for a in rows if a.get("http-equiv"))


@pytest.fixture(scope="module")
def page() -> str:
    return build_map().get_root().render()


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def hashes(read: Reader, directive: str) -> set[str]:
    row = next(r for r in read.policy.split("; ") if r.startswith(directive))
    return set(re.findall(r"'sha256-[^']+'", row))


def digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_page_is_small(page: str) -> None:
    assert len(page.encode()) <= LIMIT
    assert len(gzip.compress(page.encode())) <= LIMIT_PACKED


def test_every_inline_script_and_style_is_named_by_hash(read: Reader) -> None:
    assert {digest(s) for s in read.inline["script"]} == hashes(read, "script-src")
    assert {digest(s) for s in read.inline["style"]} == hashes(read, "style-src")
    assert "default-src 'none'" in read.policy
    assert "unsafe" not in read.policy


def test_leaflet_is_the_published_one_where_others_need_it(read: Reader) -> None:
    # The integrity value that leafletjs.com gives for leaflet.js 1.9.4.
    published = "20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo="
    raw = hashlib.sha256(theme.leaflet(whole=True).encode()).digest()
    assert base64.b64encode(raw).decode() == published
    # The page itself needs a part of it only.
    assert any("Leaflet 1.9.4" in script[:80] for script in read.inline["script"])
    assert theme.leaflet(whole=False) in read.inline["script"]
    added = build_map()
    folium.Marker([22.5, 114.05]).add_to(added)
    assert published in added.get_root().render()


def test_nothing_is_loaded_from_elsewhere(read: Reader) -> None:
    loading = {"script": "src", "img": "src", "iframe": "src", "link": "href", "image": "href"}
    found = [a[loading[t]] for t, a in read.tags if t in loading and loading[t] in a]
    assert found == ["data:,"]
    assert not re.search(r"url\((?![\"']?data:|#)", read.inline["style"][0])
    assert "@import" not in read.inline["style"][0]


def test_no_attribute_runs_or_styles(read: Reader) -> None:
    names = {name for _, attributes in read.tags for name in attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]


def test_same_bytes_in_every_process(page: str, tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    command = [sys.executable, "-m", "hetao_geo", "map", "-o", str(out)]
    environment = {"PYTHONHASHSEED": "77", "PATH": "", "PYTHONPATH": str(paths.PACKAGE.parent)}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert out.read_bytes() == page.encode()
    assert build_map().get_root().render() == page


def test_rendering_twice_gives_the_same(page: str) -> None:
    border_map = build_map()
    assert border_map.get_root().render() == border_map.get_root().render() == page


def test_every_fact_can_be_read_in_every_language(read: Reader) -> None:
    shown = set(read.words)
    tables = expanded(read)
    assert sorted(tables) == ["zh-Hans", "zh-Hant"]
    for fact in plan.facts():
        for words in (fact.text, fact.speaker, *fact.items):
            assert words["en"] in shown, fact.id
            assert all(words[code] in tables[code] for code in tables), fact.id


def expanded(read: Reader) -> dict[str, list[str]]:
    """The texts by language, with the traditional ones written out."""
    tables = json.loads(read.data["hetao-texts"])
    same = tables.pop("same")
    traditional = str.maketrans(dict(zip(same[::2], same[1::2], strict=True)))
    for number, changes in enumerate(tables["zh-Hant"]):
        row = list(tables["zh-Hans"][number].translate(traditional))
        steps = changes or []
        for at in range(len(steps) - 3, -1, -3):
            row[steps[at] : steps[at] + steps[at + 1]] = list(steps[at + 2])
        tables["zh-Hant"][number] = "".join(row)
    return tables


def test_marks_are_counted_and_repeated_ones_numbered(read: Reader) -> None:
    tables = expanded(read)
    marks = [a.get("data-t") for tag, a in read.tags if tag in ("i", "tspan")]
    assert sum(mark is None for mark in marks) == len(tables["zh-Hans"]) == len(tables["zh-Hant"])
    met = 0
    for mark in marks:
        met += mark is None
        assert mark is None or int(mark) < met


def test_ids_are_unique(read: Reader) -> None:
    ids = [a["id"] for _, a in read.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_links_inside_the_page_lead_somewhere(read: Reader) -> None:
    ids = {f"#{a['id']}" for _, a in read.tags if "id" in a}
    targets = {str(a["href"]) for t, a in read.tags if t == "a"}
    assert {t for t in targets if t.startswith("#")} <= ids
    assert all(t.startswith(("#", "https://", "http://")) for t in targets)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_first_language(language: str) -> None:
    read = Reader(build_map(language).get_root().render())
    assert next(a["lang"] for t, a in read.tags if t == "html") == language
    assert json.loads(read.data["hetao-data"])["language"] == language


def test_folium_layers_of_the_reader_run_and_load(page: str) -> None:
    border_map = build_map()
    folium.Marker([22.52, 114.06]).add_to(border_map)
    folium.TileLayer("https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="x").add_to(border_map)
    folium.plugins.MeasureControl().add_to(border_map)
    read = Reader(border_map.get_root().render())
    assert {digest(s) for s in read.inline["script"]} <= hashes(read, "script-src")
    assert "https://*.tiles.example.org" in read.policy
    plugin = [a["src"] for t, a in read.tags if t == "script" and "src" in a]
    assert plugin and all(str(url) in read.policy for url in plugin)
    assert build_map().get_root().render() == page, "a later map must not see it"


def test_notebook_shows_the_page_in_a_frame() -> None:
    markup = build_map()._repr_html_()
    assert markup.count("<iframe") == 1
    assert "<script" not in markup and "<style" not in markup


@pytest.mark.parametrize("hostile", ["</script><script>x", "<!--<script>", "\u2028\u2029", "]]>"])
def test_json_cannot_leave_its_element(hostile: str) -> None:
    written = payload.script_json({"name": hostile})
    assert json.loads(written) == {"name": hostile}
    assert not set(written) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("url", ["https://a.example; script-src *", "https://a.example' 'unsafe-x"])
def test_address_cannot_extend_the_policy(url: str) -> None:
    source = policy.origin(url)
    assert not set(source) & set(" ;,'\"")


def test_unknown_language() -> None:
    with pytest.raises(UsageError, match="unknown language"):
        build_map("fr")


def test_missing_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "-o", str(tmp_path / "none" / "map.html")]) == 2
    message = capsys.readouterr().err
    assert message.startswith("hetao-geo: error: cannot write the output")
    assert not list(tmp_path.iterdir())


def test_default_output_makes_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["map", "--language", "zh-Hans"]) == 0
    assert (tmp_path / "maps" / "hetao.html").read_text(encoding="utf-8").startswith("<!DOCTYPE")


def test_embed_prints_the_line_for_an_article(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a map.html"
    assert main(["map", "--embed", "--title", 'Loop "A"', "-o", str(output)]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    ((tag, attributes),) = Reader(line).tags
    assert tag == "iframe" and attributes["src"] == "a%20map.html#embed"
    assert attributes["title"] == 'Loop "A"'


OWN = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "mine",
            "properties": {"name": "</script><b>Mine</b>", "stated_area_km2": 1.1},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [114.06, 22.51],
                        [114.07, 22.51],
                        [114.07, 22.52],
                        [114.06, 22.52],
                        [114.06, 22.51],
                    ]
                ],
            },
        }
    ],
}


def test_polygons_of_the_reader_replace_ours_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.geojson"
    path.write_text(json.dumps(OWN), encoding="utf-8")
    read = Reader(build_map(parks=path).get_root().render())
    data = json.loads(read.data["hetao-data"])
    layers = {layer["key"]: layer["features"] for layer in data["layers"]}
    assert [one["names"][0] for one in layers["parks"]] == ["</script><b>Mine</b>"]
    assert not {"parts", "outer_limits"} & set(layers)
    shown = " ".join(read.words)
    assert "This map shows the polygons of the file mine.geojson" in shown
    assert "Stated 0.87" not in shown
    assert "b" not in {tag for tag, _ in read.tags}


def test_unusable_polygons_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.geojson"
    path.write_text('{"type": "FeatureCollection"', encoding="utf-8")
    output = tmp_path / "map.html"
    assert main(["map", "--parks", str(path), "-o", str(output)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not output.exists()


def test_page_in_maps_is_current(page: str) -> None:
    if shapely.geos_version[:2] != (3, 14):
        # It was made with GEOS 3.14; others round the generalised coast of the inset differently.
        pytest.skip("needs GEOS 3.14, as in Shapely 2.2")
    built = paths.PACKAGE.parent / "maps" / "hetao.html"
    assert built.read_bytes() == page.encode(), "maps/hetao.html is stale: hetao-geo map"


def entry(page: str, fact_id: str) -> tuple[str, str]:
    """What stands before the text of a fact, and behind it up to the names of its sources."""
    at = page.index(str(escape(plan.fact(fact_id).text["en"])), page.index('id="panel"'))
    return page[at - 60 : at], page[at : page.index("</small>", at)].split("<small>")[1]


def test_the_date_of_an_event_stands_before_it_and_that_of_the_source_behind(page: str) -> None:
    for key, event, source in (
        ("T02", "1982-04", "2012-03-02"),
        ("T13", "2011-11-25", "2017-01-03"),
        ("Z03", "2022-06-06", "2022-07-01"),
    ):
        before, after = entry(page, key)
        assert f"<time>{event}</time>" in before and f"<time>{source}</time>" in after
        assert event not in after
    assert "source undated" in entry(page, "T01")[1]
    assert "<time>2023-09-06</time>" in entry(page, "S14")[1]


def test_a_figure_without_a_date_of_its_own_gets_none(page: str) -> None:
    series = page.split("floor space of Phase 1")[1].split("</table>")[0]
    assert series.count("<time>2024-11-20</time>") == 1
    assert "earlier plan, date not given" in series


def test_copies_of_documents_are_marked_as_copies(page: str, read: Reader) -> None:
    rows = dict(re.findall(r'<li id=s\d+><a href="([^"]+)">(.*?)(?=<li|</ul)', page))
    for one in plan.sources().values():
        found = [row for url, row in rows.items() if html.unescape(url) == one.url]
        assert len(found) == 1, one.key
        assert (">copy<" in found[0]) == (one.kind == "mirror"), one.key
    assert all(
        word in expanded(read)[code] for code, word in (("zh-Hans", "转载"), ("zh-Hant", "轉載"))
    )


def _moved(east: float) -> dict:
    far = json.loads(json.dumps(OWN))
    far["features"][0]["geometry"]["coordinates"] = [
        [[x + east, y] for x, y in ring] for ring in OWN["features"][0]["geometry"]["coordinates"]
    ]
    return far


def test_polygons_far_away_are_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, output = tmp_path / "far.geojson", tmp_path / "map.html"
    introduction = plan.introduction()["en"]
    for east, far in ((0.0, False), (20.0, True)):
        path.write_text(json.dumps(_moved(east)), encoding="utf-8")
        assert main(["map", "--parks", str(path), "-o", str(output)]) == 0
        warned = re.search(r"warning: .* lie (\d+) km from the zone", capsys.readouterr().err)
        shown = " ".join(Reader(output.read_text(encoding="utf-8")).words)
        said = re.search(r"These polygons lie (\d+) km from the zone", shown)
        assert bool(warned) is bool(said) is far
        summary = output.read_text(encoding="utf-8").partition("id=search-field")[0]
        assert (introduction in summary) is not far
        if warned and said:
            # 20 degrees of a parallel at 22.5 degrees north; the geodesic is little shorter.
            assert int(warned[1]) == int(said[1]) == pytest.approx(2050, abs=20)


def test_exported_parks_keep_their_inferred_sides(tmp_path: Path) -> None:
    path = tmp_path / "parks.geojson"
    command = ["export", "--format", "geojson", "--layer", "parks", str(tmp_path)]
    assert main(command) == 0
    data = json.loads(Reader(build_map(parks=path).get_root().render()).data["hetao-data"])
    drawn = next(layer["features"] for layer in data["layers"] if layer["key"] == "parks")
    for ours, theirs in zip(catalog.features("parks"), drawn, strict=True):
        ring = list(ours.geometry.exterior.coords)
        expected = {
            tuple(ring[i])
            for side in ours.properties["sides"]
            if side["inferred"]
            for i in range(side["line"][0], side["line"][1] + 1)
        }
        steps = theirs["parts"][0][0]
        lons, lats = (list(accumulate(steps[k::2])) for k in (0, 1))
        found = {
            (lons[i], lats[i])
            for start, end, _, inferred, *_ in theirs.get("sides", [])
            if inferred
            for i in range(start, end + 1)
        }
        unit = 10 ** data["precision"]
        assert found == {(round(x * unit), round(y * unit)) for x, y in expected}


@pytest.mark.parametrize(
    ("credit", "name"),
    [
        ("© Example", "Example"),
        ("&copy; <a href='https://x.example'>Survey of Maps</a>, CC BY", "Survey of Maps"),
        ("©", "tiles.example.org"),
        ("w" * 50, "w" * 31 + "…"),
    ],
)
def test_base_map_has_the_name_of_its_credit(credit: str, name: str) -> None:
    one = basemap.custom("https://tiles.example.org/{z}/{x}/{y}.png", credit)
    assert set(one.names.values()) == {name}


def test_chinese_has_no_western_marks_in_the_panel() -> None:
    shown = build_map("zh-Hans").get_root().render().partition("class=hz-sources")[0]
    panel = re.sub(r"<(?!/?(?:p|li|small|dd|th|td)\b)[^>]*>", "", shown.partition('id="panel"')[2])
    assert not re.search(r"[，。；：] ", panel)
    assert not re.search(r"[\u4e00-\u9fff][,;] ", panel)
    assert "km²" not in panel
