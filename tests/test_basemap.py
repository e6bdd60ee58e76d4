"""Base maps without a browser: what may be chosen, what is refused, what the page gives away."""

import json
import re
from datetime import date

import pytest

from hetao_geo import datum, text
from hetao_geo.cli import main
from hetao_geo.errors import UsageError
from hetao_geo.webmap import basemap, build_map, tile_address

TEMPLATE = "https://tiles.example.org/{z}/{x}/{y}.png"
KEY = "0123456789abcdef0123456789abcdef"


def image_sources(page: str) -> list[str]:
    return re.search(r"img-src ([^;\"]*)", page)[1].split()


def document(page: str) -> dict:
    return json.loads(re.search(r'id="hetao-data">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_allows_the_chosen_hosts_alone() -> None:
    chosen = basemap.choose(["openstreetmap", TEMPLATE], ["© Example"], ["gcj02"])
    page = build_map(basemaps=chosen).get_root().render()
    expected = ["data:", "https://tile.openstreetmap.org", "https://tiles.example.org"]
    assert image_sources(page) == expected
    assert [one["datum"] for one in document(page)["basemaps"]] == ["wgs84", "gcj02"]
    # The page is held to 450 kB; offering base maps may add a little to it.
    assert len(page.encode()) < len(build_map().get_root().render().encode()) + 10_000


def test_without_a_choice_the_page_knows_no_host() -> None:
    page = build_map().get_root().render()
    assert image_sources(page) == ["data:"]
    assert "showBasemap" not in page


def test_templates_take_credit_and_datum_in_their_order() -> None:
    other = TEMPLATE.replace("tiles", "other")
    tiles = [TEMPLATE, "hong-kong-lands-department", other]
    first, named, second = basemap.choose(tiles, ["one", "two"], ["bd09", "gcj02"])
    assert (first.credit["en"], first.datum) == ("one", "bd09")
    assert (second.credit["en"], second.datum) == ("two", "gcj02")
    assert named.datum == "wgs84" and named.logo


@pytest.mark.parametrize("name", basemap.known())
def test_a_named_base_map_carries_what_its_provider_demands(name) -> None:
    row = basemap._table()[name]
    chosen = basemap.named(name, key=KEY)
    assert set(chosen.names) == set(chosen.credit) == set(text.LANGUAGES)
    assert all(words.strip() for words in chosen.credit.values())
    assert chosen.link.startswith("https://") and row["source"].startswith("http")
    assert isinstance(row["date"], date)
    assert chosen.datum == datum.provider(name, "hong-kong").datum
    for template in chosen.templates:
        plain = template.replace("{language}", "en")
        assert tile_address.host(plain)
        assert "{key}" not in template
    assert chosen.secret == (name == "tianditu")


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--tiles", TEMPLATE], "without attribution"),
        (["--tiles", TEMPLATE, "--tiles-attribution", " "], "without attribution"),
        (["--tiles-attribution", "x"], "without attribution"),
        (["--tiles", TEMPLATE, "--tiles-attribution", "x", "--tiles-datum", "nad27"], "nad27"),
        (["--tiles-datum", "gcj02"], "do not match"),
        (["--tiles", "openstreetmap", "--tiles-datum", "gcj02"], "do not match"),
        (["--tiles", "https://a.org/{z}/{x}.png", "--tiles-attribution", "x"], "no {y}"),
        (["--tiles", "https://a.org/1.png", "--tiles-attribution", "x"], "no {z}"),
        (["--tiles", "ftp://a.org/{z}/{x}/{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", "file:///{z}/{x}/{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", "javascript:{z}{x}{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", "//a.org/{z}/{x}/{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", "https://[a/{z}/{x}/{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", "https://a.org:99999/{z}/{x}/{y}", "--tiles-attribution", "x"], "https://"),
        (["--tiles", TEMPLATE + "?q={quad}", "--tiles-attribution", "x"], "{quad}"),
        (["--tiles", TEMPLATE + ";script-src *", "--tiles-attribution", "x"], "character"),
        (["--tiles", TEMPLATE.replace("tiles", "图"), "--tiles-attribution", "x"], "character"),
        (["--tiles", "http://online1.map.bdimg.com/?x={x}&y={y}&z={z}"], "Baidu"),
        (["--tiles", "openstreetmaps"], "openstreetmap"),
        (["--tiles", ""], "unknown base map"),
        (["--tiles", "tianditu"], "your own key"),
        (["--tiles", "tianditu", "--tiles-key", "a b&c"], "your own key"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    tmp_path, capsys, monkeypatch, args, word
) -> None:
    monkeypatch.delenv("HETAO_GEO_TILES_KEY", raising=False)
    assert main(["map", "-o", str(tmp_path / "map.html"), *args]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_repeated_in_an_error() -> None:
    with pytest.raises(UsageError) as caught:
        basemap.named("tianditu", key="secret key")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "args",
    [
        ["--tiles", "tianditu", "--tiles-key", KEY],
        ["--tiles", f"{TEMPLATE}?access_token={KEY}", "--tiles-attribution", "x"],
    ],
)
def test_a_key_stays_out_of_a_git_work_tree(tmp_path, capsys, args) -> None:
    inside = tmp_path / "work" / "deep"
    inside.mkdir(parents=True)
    # A work tree of its own has a folder of that name, a linked one or a submodule a file.
    (tmp_path / "work" / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    assert main(["map", "-o", str(inside / "map.html"), *args]) == 2
    error = capsys.readouterr().err
    assert "git work tree" in error and KEY not in error and error.count("\n") == 1
    assert list(inside.iterdir()) == []
    outside = tmp_path / "map.html"
    assert main(["map", "-o", str(outside), *args]) == 0
    assert KEY in outside.read_text(encoding="utf-8")


def test_a_key_comes_from_the_environment_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HETAO_GEO_TILES_KEY", KEY)
    target = tmp_path / "map.html"
    assert main(["map", "-o", str(target), "--tiles", "tianditu"]) == 0
    assert target.read_text(encoding="utf-8").count(KEY) == 2


def test_a_key_in_the_environment_is_not_written_unasked(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HETAO_GEO_TILES_KEY", KEY)
    target = tmp_path / "map.html"
    assert main(["map", "-o", str(target), "--tiles", "openstreetmap"]) == 0
    assert KEY not in target.read_text(encoding="utf-8")


def test_a_hostile_credit_cannot_end_its_script() -> None:
    hostile = "</script><script>alert(1)</script>"
    page = build_map(basemaps=[basemap.custom(TEMPLATE, hostile)]).get_root().render()
    assert hostile not in page
    assert document(page)["basemaps"][0]["credit"]["en"] == hostile


AMAP = "https://webrd{s}.is.example.com/appmaptile?style=8&x={x}&y={y}&z={z}"
TENCENT = "https://rt{s}.map.example.com/tile?z={z}&x={x}&y={-y}&type=vector&styleid=3"


def test_subdomains_are_part_of_a_label_and_named_one_by_one() -> None:
    chosen = basemap.choose(
        [TEMPLATE, AMAP, TENCENT],
        ["a", "b", "c"],
        ["wgs84", "gcj02", "gcj02"],
        subdomains=["01,02", "0,1,2"],
    )
    page = build_map(basemaps=chosen).get_root().render()
    assert image_sources(page) == [
        "data:",
        "https://tiles.example.org",
        *(f"https://webrd{name}.is.example.com" for name in ("01", "02")),
        *(f"https://rt{name}.map.example.com" for name in ("0", "1", "2")),
    ]
    rows = document(page)["basemaps"]
    assert [one.get("subdomains") for one in rows] == [None, ["01", "02"], ["0", "1", "2"]]


def test_without_a_list_subdomains_are_a_b_c() -> None:
    (chosen,) = basemap.choose([AMAP], ["x"])
    assert chosen.subdomains == ("a", "b", "c")


@pytest.mark.parametrize(
    "template",
    [
        "https://a_b.example.org/{z}/{x}/{y}.png",
        "https://{z}.example.org/{x}/{y}/{z}.png",
        "https://me:secret@example.org/{z}/{x}/{y}.png",
        "https://[::1]/{z}/{x}/{y}.png",
        "https://example.org./{z}/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
    ],
)
def test_an_origin_that_no_policy_can_name_is_refused(template: str) -> None:
    with pytest.raises(UsageError, match="unusable template"):
        basemap.custom(template, "x")


@pytest.mark.parametrize("name", ["", "a.b/c", "a b", "*", "a;b"])
def test_a_subdomain_that_no_policy_can_name_is_refused(name: str) -> None:
    template = "https://{s}.example.org/{z}/{x}/{y}.png"
    with pytest.raises(UsageError, match="unusable template"):
        basemap.custom(template, "x", subdomains=[name])


def test_a_list_of_subdomains_belongs_to_a_template_with_a_place_for_it(tmp_path, capsys) -> None:
    args = ["--tiles", TEMPLATE, "--tiles-attribution", "x", "--tiles-subdomains", "1,2"]
    assert main(["map", "-o", str(tmp_path / "map.html"), *args]) == 2
    assert "the subdomains do not match" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("markup", "words", "link"),
    [
        ("&copy; <a href='https://x.example/'>Survey</a> &amp; others", "© Survey & others", True),
        ("© Plain, A < B", "© Plain, A < B", False),
        ("<a href='javascript:1'>Bad</a> <script>x</script>words", "Bad words", False),
    ],
)
def test_a_credit_of_html_becomes_text(markup: str, words: str, link: bool) -> None:
    chosen = basemap.custom(TEMPLATE, markup)
    assert set(chosen.credit.values()) == {words}
    assert (chosen.link == "https://x.example/") is link
