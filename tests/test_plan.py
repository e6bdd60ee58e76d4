"""The facts of the plan: whole, dated, sourced, in order, and right in each script."""

import copy
import json
import math
import random
import re
import tomllib
from typing import Any

import pytest

from hetao_geo import paths, plan, text
from hetao_geo.errors import UsageError
from hetao_geo.plan._reader import build
from tests.plan_faults import faults, is_date

RAW = tomllib.loads((paths.GEODATA / "plan.toml").read_text(encoding="utf-8"))
FACTS = plan.facts()
BY_ID = {fact.id: fact for fact in FACTS}
RAW_FACTS = {row["id"]: row for row in RAW["facts"]}

# Words that the page must not use of the boundary or of the land.
FORBIDDEN = re.compile(
    r"\bborder|frontier(?! closed)|\bown(s|ed|ers?|ership)\b|ring road"
    r"|国境|國境|国界|國界|边境线|邊境線|界河|环路|環路"
    r"|所有权|所有權|业权|業權|拥有|擁有",
    re.IGNORECASE,
)

# Characters of Big5 that in these texts would be a slip from the simplified script.
SLIPS = re.compile("后(?!海灣)|范|余|占|采|征|干|几|云|准|(?<!公)里|制造|联系|発|説")

SMALL = {
    1: ("one", "first", "一首"),
    2: ("two", "second", "两兩二"),
    3: ("three", "third", "三"),
    4: ("four", "fourth", "四"),
    5: ("five", "fifth", "五"),
    6: ("six", "sixth", "六"),
    8: ("eight", "eighth", "八"),
}


def all_triples() -> list[tuple[str, plan.Words]]:
    """Every text of the file that is written in three languages, with its place."""
    rows = [(fact.id, fact.text) for fact in FACTS]
    rows += [(f"{fact.id} item", item) for fact in FACTS for item in fact.items]
    rows += [(f"{fact.id} speaker", fact.speaker) for fact in FACTS]
    rows += [(one.id, one.title) for one in plan.then_and_now()]
    rows += [(one.id, one.text) for one in plan.differences()]
    rows += [(key, words) for key, words in plan.topics().items()]
    rows += [(one.id, one.text) for one in plan.open_questions()]
    rows += [("introduction", plan.introduction())]
    rows += list(cards())
    for table in (plan.load().units, plan.load().qualifiers):
        rows += list(table.items())
    return rows


def all_words() -> list[tuple[str, str, str]]:
    """Every text of the file as (place, language, text)."""
    return [(place, code, words[code]) for place, words in TRIPLES for code in text.LANGUAGES]


def cards() -> list[tuple[str, plan.Words]]:
    """What the map says of places and of the boundary."""
    boundary = plan.boundary()
    rows = [("boundary", boundary.summary), ("boundary", boundary.text)]
    rows += [
        (f"stretch {one.id}", words) for one in boundary.stretches for words in (one.name, one.text)
    ]
    for one in plan.load().places.values():
        rows += [(f"place {one.id}", words) for words in (one.summary, one.text) if words]
    return rows


TRIPLES = all_triples()


def written_forms(value: float, language: str) -> list[str]:
    """The ways in which a text may write a number, worked out apart from the package."""
    plain = str(value)
    forms = [plain, f"{value:,}"]
    if value in SMALL:
        forms += SMALL[int(value)][:2] if language == "en" else list(SMALL[int(value)][2])
    if language == "en" and value >= 1_000_000:
        forms = [f"{value / 1_000_000:.10g} million"]
    if language != "en" and value >= 10_000:
        scaled = f"{value / 10_000:.10g}"
        forms = [scaled + ("万" if language == "zh-Hans" else "萬"), f"{value:,}"]
    return forms


def test_every_fact_of_the_article_is_there() -> None:
    assert {f"S{n:02d}" for n in range(1, 34)} - set(BY_ID) <= {"S10"}
    for first in "PHTZ":
        assert sum(one.startswith(first) for one in BY_ID) >= 6


@pytest.mark.parametrize("fact", FACTS, ids=lambda one: one.id)
def test_fact_has_date_source_speaker_and_three_languages(fact: plan.Fact) -> None:
    assert is_date(fact.date)
    assert fact.source in plan.sources()
    for words in (fact.text, fact.speaker, *fact.items):
        assert set(words) == set(text.LANGUAGES)
        assert all(words.values())


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("fact", FACTS, ids=lambda one: one.id)
def test_text_states_the_value(fact: plan.Fact, language: str) -> None:
    words = fact.text[language].lower()
    for value in fact.value if isinstance(fact.value, tuple) else (fact.value,):
        if isinstance(value, str):
            date_in_text = fact.unit != "date" or value == fact.date
            assert date_in_text or text.date(value, language).lower() in words
        elif not fact.items and str(value) != fact.date[: len(str(value))]:
            assert any(form in words for form in written_forms(value, language)), value


@pytest.mark.parametrize("fact", [one for one in FACTS if one.items], ids=lambda one: one.id)
def test_an_enumeration_has_as_many_items_as_it_says(fact: plan.Fact) -> None:
    assert len(fact.items) == fact.value
    assert fact.text["en"].endswith(":")
    assert fact.text["zh-Hans"].endswith("：") and fact.text["zh-Hant"].endswith("：")


SCALES = {"million": 1e6, "billion": 1e9, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"]
NUMBER = re.compile(rf"\d+(?:\.\d+)?(?: ?(?:{'|'.join(SCALES)}))?")
# English numbers these in digits and Chinese in words.
COUNTED = re.compile(r"(Phase|Major task|Batch(es)?|batches) [1-3]( and 3)?|No\. 1 Channel")


def numbers(words: str, language: str) -> set[float]:
    """The figures in a text, so that 1.5 million and 150万 are the same, and 5 Sept is 9 and 5."""
    if language == "en":
        words = COUNTED.sub("", words)
        for number, month in enumerate(MONTHS, start=1):
            words = re.sub(
                rf"\b{month}(uary|ruary|ch|il|ust|tember|ober|ember)?\b", str(number), words
            )
    found = set()
    for match in NUMBER.findall(words.replace(",", "")):
        digits = re.match(r"[\d.]+", match)
        assert digits
        scale = SCALES.get(match[digits.end() :].strip(), 1)
        found.add(round(float(digits[0]) * scale, 6))
    return found


@pytest.mark.parametrize("place, words", TRIPLES, ids=[place for place, _ in TRIPLES])
def test_the_three_languages_state_the_same_numbers(place: str, words: plan.Words) -> None:
    english = numbers(words["en"], "en")
    for code in ("zh-Hans", "zh-Hant"):
        assert numbers(words[code], code) == english, (words["en"], words[code])


def test_numbers_can_differ() -> None:
    assert numbers("about 1.5 million m² on 5 Sept 2023", "en") == {1.5e6, 5, 9, 2023}
    assert numbers("约150万平方米，2023年9月5日", "zh-Hans") == {1.5e6, 5, 9, 2023}
    assert numbers("約151萬平方米", "zh-Hant") == {1.51e6}


def test_each_script_keeps_to_itself() -> None:
    # GB 2312 holds simplified characters and Big5 traditional ones; 壆 is the same in both
    # scripts, and 綫 is how the railway of Hong Kong writes its lines.
    for place, code, words in all_words():
        if code == "zh-Hans":
            words.translate(str.maketrans("", "", "壆²")).encode("gb2312")
        if code == "zh-Hant":
            words.translate(str.maketrans("", "", "綫²")).encode("big5")
            assert not SLIPS.search(words), (place, SLIPS.search(words))
        if code == "en":
            # Chinese fonts draw curly quotation marks full-width in an English text, too.
            assert not re.search(r"[“”‘’\u3000-\u9fff\uff00-\uffef]", words), place


def test_chinese_punctuation() -> None:
    for place, code, words in all_words():
        if code == "en":
            continue
        assert not re.search(r"[\u4e00-\u9fff] ?[,;:!?()]|[,;:!?()] ?[\u4e00-\u9fff]", words), place
        assert not re.search(r"[\u4e00-\u9fff] +[\d\u4e00-\u9fff]|\d +[\u4e00-\u9fff]", words), (
            place
        )
        quotes = "「」『』" if code == "zh-Hans" else "“”‘’"
        assert not set(quotes) & set(words), place


def test_texts_are_sentences() -> None:
    for fact in FACTS:
        end = {"en": ".:)", "zh-Hans": "。：", "zh-Hant": "。："}
        for code in text.LANGUAGES:
            assert fact.text[code][-1] in end[code], fact.id
            assert "  " not in fact.text[code], fact.id


def test_neutral_words() -> None:
    for place, code, words in all_words():
        assert not FORBIDDEN.search(words), (place, code, FORBIDDEN.search(words))


def test_one_spelling_of_english() -> None:
    # British outside names: the Quantum Science Center writes itself the American way.
    american = re.compile(r"\b[Cc]enters?\b|\bprogram\b|\B(?:iz|yz)(?:ed|ing|ation)\b")
    for place, code, words in all_words():
        if code == "en":
            found = american.search(words.replace("Quantum Science Center", ""))
            assert not found, (place, found)


def test_timeline_is_chronological_from_1982() -> None:
    dates = [fact.date for fact in plan.timeline()]
    assert dates == sorted(dates)
    assert dates[0] == "1982-04"
    assert dates[-1] == max(fact.date for fact in FACTS if fact.dated == "event")
    assert len(dates) == len(RAW["timeline"]) >= 25


def test_dates_of_events_are_not_taken_for_dates_of_words() -> None:
    assert {fact.dated for fact in plan.timeline()} == {"event"}
    # What is no event is said in the year of its source; a plan is reported later than it is made.
    for fact in FACTS:
        year = plan.sources()[fact.source].date[:4]
        plan_later = RAW_FACTS[fact.id]["speaker"].startswith("plan")
        if fact.dated == "statement" and year != "unda" and not plan_later:
            assert fact.date[:4] == year, fact.id
    assert BY_ID["T20"].dated == BY_ID["Z03"].dated == "event"
    assert BY_ID["H07a"].dated == "not-given" and BY_ID["H07"].dated == "statement"


def test_a_copy_names_its_site_or_is_called_one() -> None:
    for one in plan.sources().values():
        if one.kind == "mirror":
            words = ("cop", "reprint", " on ", "text of")
            assert any(word in one.publisher for word in words), one.publisher


def test_changed_numbers_come_newest_first_with_their_dates() -> None:
    assert {one.id for one in plan.then_and_now()} >= {
        "researchers",
        "projects",
        "fortune-500-centres",
        "phase-1-floor-space",
        "total-floor-space",
    }
    for series in plan.then_and_now():
        dates = [fact.date for fact in series.facts]
        assert len(dates) >= 2 and dates == sorted(dates, reverse=True)
        for newer, older in zip(series.facts, series.facts[1:], strict=False):
            assert older.superseded_by == newer.id
            assert older.unit == newer.unit
        assert series.facts[0].superseded_by is None


def test_the_panel_shows_a_newer_figure_before_the_one_it_supersedes() -> None:
    order = [fact.id for fact in FACTS]
    for fact in FACTS:
        newer = BY_ID[fact.superseded_by] if fact.superseded_by else None
        if newer is not None and newer.topic == fact.topic:
            assert order.index(newer.id) < order.index(fact.id)


def test_superseded_researchers_keep_their_date() -> None:
    newest, oldest = BY_ID["P34d"], BY_ID["S28"]
    assert (newest.value, newest.date, oldest.value, oldest.date) == (
        15000,
        "2025-05-12",
        3000,
        "2023-09-05",
    )
    assert plan.figure(oldest, "en") == "over 3,000"
    assert plan.figure(oldest, "zh-Hans") == "超过3000名"
    assert plan.figure(oldest, "zh-Hant") == "超過3,000名"


def test_a_figure_says_when_it_was_first_seen() -> None:
    first = {fact.id: fact.first_said for fact in FACTS if fact.first_said}
    assert first == {
        "P34d": "2024-06",
        "P35": "2024-06",
        "H07": "2023-09-05",
        "P49": "2025-10-03",
    }
    for fact in FACTS:
        if fact.first_said:
            assert fact.first_said <= fact.date
            assert text.date(fact.first_said, "en") in fact.text["en"]
            for code in ("zh-Hans", "zh-Hant"):
                assert text.date(fact.first_said, code) in fact.text[code]


def test_parts_add_up() -> None:
    area = {key: BY_ID[key].value for key in ("P08", "P09", "S14", "S15", "S16", "P05", "Z05")}
    assert area["P08"] + area["P09"] == pytest.approx(area["S14"], abs=1e-9)
    assert area["S14"] + area["S15"] == pytest.approx(area["S16"], abs=1e-9)
    assert area["S16"] == area["P05"] == area["Z05"] == 3.89


def test_floor_space_agrees_with_square_feet() -> None:
    foot = 0.3048**2  # m2, exact
    assert BY_ID["H10"].value == pytest.approx(1_254_544 * foot, abs=50)
    assert BY_ID["H11"].value == pytest.approx(9_509_455 * foot, abs=50)


@pytest.mark.parametrize(
    "feature", ["shenzhen-park", "hong-kong-park", "futian-bonded-zone", "huanggang-port-area"]
)
def test_a_card_has_three_to_six_points(feature: str) -> None:
    points = plan.about(feature)
    assert 3 <= len(points) <= 6
    assert [one.id for one in points] == RAW["places"][feature]["facts"]
    assert all(feature in one.about for one in points)


def test_every_place_is_a_feature_and_every_park_part_and_crossing_has_a_card() -> None:
    known, needed = {"zone"}, set()
    for path in sorted(paths.GEODATA.glob("*.geojson")):
        rows = json.loads(path.read_text(encoding="utf-8"))["features"]
        known |= {row["id"] for row in rows}
        if path.stem in {"parks", "parts", "crossings", "boundary"}:
            needed |= {row["id"] for row in rows}
    assert set(RAW["places"]) <= known
    assert needed - set(plan.load().places) == set()
    assert plan.place("lo-wu-control-point") is not None and plan.about("lo-wu-control-point") == ()
    assert plan.place("nowhere") is None and plan.about("nowhere") == ()


def test_a_summary_fits_two_lines() -> None:
    for one in (plan.boundary(), *plan.load().places.values()):
        assert len(one.summary["en"]) <= 120, one.summary["en"]
        assert all(len(one.summary[code]) <= 48 for code in ("zh-Hans", "zh-Hant")), one


def test_the_introduction_has_at_most_60_words() -> None:
    words = plan.introduction()
    assert len(words["en"].split()) <= 60
    for code in text.LANGUAGES:
        assert re.findall(r"\d+\.\d+", words[code]) == ["3.02", "0.87"]
        assert re.findall(r"20\d\d", words[code]) == ["2017", "2023", "2024"]


def test_each_stretch_of_the_boundary_says_how_exact_it_is() -> None:
    stretches = plan.boundary().stretches
    assert [(one.id, one.accuracy_m) for one in stretches] == [
        ("boundary-deep-bay-west", 200),
        ("boundary-deep-bay", 30),
        ("boundary-shenzhen-river", 30),
        ("boundary-upper-river", 100),
    ]
    for one in stretches:
        assert f"about {one.accuracy_m} m" in one.text["en"]
        assert f"约{one.accuracy_m}米" in one.text["zh-Hans"]
        assert f"約{one.accuracy_m}米" in one.text["zh-Hant"]
    assert {fact.id for fact in plan.boundary().facts} >= {"T07"}


def test_a_stretch_and_its_feature_are_equally_exact() -> None:
    path = paths.GEODATA / "boundary.geojson"
    rows = json.loads(path.read_text(encoding="utf-8"))["features"]
    drawn = {row["id"]: row["properties"]["accuracy_m"] for row in rows}
    assert drawn == {one.id: one.accuracy_m for one in plan.boundary().stretches}


def test_what_was_not_found_names_the_day_up_to_which_sources_were_read() -> None:
    assert is_date(plan.sources_until())
    dates = [one.date for one in plan.sources().values() if one.date != "undated"]
    assert max(dates) <= plan.sources_until()
    question = {one.id: one for one in plan.open_questions()}["huanggang-port-opening"]
    for code in text.LANGUAGES:
        assert text.date(plan.sources_until(), code) in question.text[code]
        card = plan.place("huanggang-port")
        assert card and card.text and text.date(plan.sources_until(), code) in card.text[code]


def test_four_zones_with_their_areas() -> None:
    assert [(one.value, one.unit) for one in plan.four_zones()] == [
        (106, "km2"),
        (120.56, "km2"),
        (803, "km2"),
        (3.89, "km2"),
    ]


def test_every_source_is_used_and_can_be_opened() -> None:
    used = {key for fact in FACTS for key in (fact.source, *fact.also)}
    used |= {key for note in plan.differences() for key in note.sources}
    assert set(plan.sources()) == used
    for source in plan.sources().values():
        assert source.url.startswith(("https://", "http://"))
        assert not re.search(r"[\s<>\"'\\`{}|^]", source.url), source.key


def test_every_topic_speaker_unit_and_qualifier_is_used() -> None:
    for table, member in (("topics", "topic"), ("speakers", "speaker")):
        assert set(RAW[table]) == {row[member] for row in RAW["facts"]}
    assert set(RAW["units"]) == {row["unit"] for row in RAW["facts"]}
    assert set(RAW["qualifiers"]) == {row.get("qualifier", "exact") for row in RAW["facts"]}


def test_facts_stand_under_their_topics_in_order() -> None:
    order = list(dict.fromkeys(fact.topic for fact in FACTS))
    assert order == list(plan.topics())


@pytest.mark.parametrize("fact", FACTS, ids=lambda one: one.id)
def test_figures_are_written_in_each_language(fact: plan.Fact) -> None:
    for code in text.LANGUAGES:
        assert plan.figure(fact, code)
        assert "{}" not in plan.figure(fact, code)


def test_the_page_stays_small() -> None:
    # 450 kB for the page, of which Leaflet takes 148 and the ground 40: the words of facts and
    # cards may take 90 and the sources 20.
    assert sum(len(words.encode()) for _, _, words in all_words()) < 90_000
    rows = RAW["sources"].values()
    assert sum(len(value.encode()) for row in rows for value in row.values()) < 20_000


def test_unknown_language_and_unknown_fact() -> None:
    with pytest.raises(UsageError, match="unknown language"):
        plan.figure(BY_ID["S14"], "fr")
    with pytest.raises(UsageError, match=r"unknown fact.*'S99'"):
        plan.fact("S99")


def spoiled(change: Any) -> list[str]:
    raw = copy.deepcopy(RAW)
    change(raw)
    return faults(raw)


BAD = {
    "no date": (lambda r: r["facts"][0].pop("date"), "fact S13 lacks date"),
    "no source": (lambda r: r["facts"][0].pop("source"), "fact S13 lacks source"),
    "no speaker": (lambda r: r["facts"][0].pop("speaker"), "fact S13 lacks speaker"),
    "no id": (lambda r: r["facts"][0].pop("id"), "fact no. 1 lacks id"),
    "no en": (lambda r: r["facts"][0].pop("en"), "fact S13 lacks en"),
    "no Hans": (lambda r: r["facts"][0].pop("zh-Hans"), "fact S13 lacks zh-Hans"),
    "empty Hant": (lambda r: r["facts"][0].update({"zh-Hant": " "}), "no text in zh-Hant"),
    "unknown source": (lambda r: r["facts"][0].update(source="nobody"), "unknown source 'nobody'"),
    "also": (lambda r: r["facts"][0].update(also=["nobody"]), "also names the unknown source"),
    "also no array": (lambda r: r["facts"][0].update(also="mou"), "also is not an array"),
    "unknown topic": (lambda r: r["facts"][0].update(topic="x"), "unknown topic 'x'"),
    "unknown unit": (lambda r: r["facts"][0].update(unit="acre"), "unknown unit 'acre'"),
    "unknown member": (lambda r: r["facts"][0].update(note="x"), "unknown member note"),
    "confidence": (lambda r: r["facts"][0].update(confidence="low"), "the confidence 'low'"),
    "dated": (lambda r: r["facts"][0].update(dated="guess"), "the dated 'guess'"),
    "duplicate": (lambda r: r["facts"].append(r["facts"][0]), "fact S13 is there twice"),
    "bad month": (lambda r: r["facts"][0].update(date="2023-13"), "the date '2023-13'"),
    "bad day": (lambda r: r["facts"][0].update(date="2023-02-30"), "the date '2023-02-30'"),
    "no such style": (lambda r: r["facts"][0].update(date="5 Sept 2023"), "the date '5 Sept"),
    "a number for a date": (lambda r: r["facts"][0].update(date=2023), "no text in date"),
    "value nan": (lambda r: r["facts"][0].update(value=float("nan")), "the value nan"),
    "value true": (lambda r: r["facts"][0].update(value=True), "the value True"),
    "item": (lambda r: r["facts"][0].update(items=[{"en": "a"}]), "item 1 lacks zh-Hans"),
    "a fact of text": (lambda r: r["facts"].append("S99"), "is not a table"),
    "url": (lambda r: r["sources"]["mou"].update(url="javascript:alert(1)"), "the url 'javascr"),
    "file url": (lambda r: r["sources"]["mou"].update(url="file:///etc/hosts"), "the url 'file"),
    "no host": (lambda r: r["sources"]["mou"].update(url="https://"), "the url 'https://'"),
    "source date": (lambda r: r["sources"]["mou"].update(date="2017?"), "the date '2017?'"),
    "source kind": (lambda r: r["sources"]["mou"].update(kind="blog"), "the kind 'blog'"),
    "source title": (lambda r: r["sources"]["mou"].pop("title"), "source mou lacks title"),
    "oldest first": (lambda r: r["series"][0]["facts"].reverse(), "not newest first"),
    "series fact": (lambda r: r["series"][0]["facts"].append("S98"), "unknown fact 'S98'"),
    "timeline": (lambda r: r["timeline"].append("S98"), "timeline names the unknown fact 'S98'"),
    "timeline twice": (lambda r: r["timeline"].append("T02"), "timeline names 'T02' twice"),
    "place": (lambda r: r["places"]["zone"].update(facts=["S98"]), "place zone names the unknown"),
    "place id": (
        lambda r: r["places"].update({"Zone A": {}}),
        "'Zone A' is not the id of a feature",
    ),
    "place words": (lambda r: r["places"]["zone"]["summary"].pop("en"), "summary lacks en"),
    "boundary": (lambda r: r["boundary"].pop("text"), "boundary, text is not a table"),
    "stretch": (lambda r: r["boundary"]["stretches"][0].pop("accuracy_m"), "not a number"),
    "question": (lambda r: r["open_questions"][0].update(facts=["S98"]), "unknown fact 'S98'"),
    "until": (lambda r: r.update(sources_until="2026-03-99"), "sources_until is '2026-03-99'"),
    "later": (lambda r: r.update(sources_until="2026-03-01"), "later than sources_until"),
    "difference": (lambda r: r["differences"][0].update(sources=["x"]), "unknown source 'x'"),
    "speaker": (lambda r: r["speakers"]["qin"].pop("zh-Hant"), "speakers.qin lacks zh-Hant"),
    "unit": (lambda r: r["units"]["km2"].update(en="km2"), "units.km2 has no {} in en"),
    "no sources": (lambda r: r.pop("sources"), "[sources] is missing"),
    "facts a number": (lambda r: r.update(facts=3), "facts is missing or not an array"),
}


@pytest.mark.parametrize(("change", "expected"), BAD.values(), ids=BAD)
def test_a_fault_is_named(change: Any, expected: str) -> None:
    found = spoiled(change)
    assert any(expected in one for one in found), found


def test_a_sound_file_has_no_fault() -> None:
    assert faults(RAW) == []


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member of a parsed file."""
    keys = range(len(node)) if isinstance(node, list) else node if isinstance(node, dict) else ()
    return [found for key in keys for found in [(*path, key), *places(node[key], (*path, key))]]


def test_no_wrong_type_anywhere_escapes_as_another_error() -> None:
    draw = random.Random(20230906)
    wrong = [None, 3, True, "", " x", "S01", [], ["S01", "S01"], [[1]], {}, {"en": 1}, -math.inf]
    for path in draw.sample(places(RAW), 400):
        raw = dict(RAW)
        node: Any = raw
        for key in path[:-1]:
            node[key] = copy.copy(node[key])
            node = node[key]
        node[path[-1]] = draw.choice(wrong)
        if not faults(raw):
            assert build(raw).facts
