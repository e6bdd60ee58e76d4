"""Words in three languages."""

import re

import pytest

from hetao_geo import paths, text
from hetao_geo.errors import UsageError


def sections() -> list[str]:
    content = (paths.PACKAGE / "labels.toml").read_text(encoding="utf-8")
    return re.findall(r"^\[(.+)\]$", content, flags=re.MULTILINE)


@pytest.mark.parametrize("section", sections())
def test_every_label_has_three_languages(section: str) -> None:
    words = {code: text.labels(section, code) for code in text.LANGUAGES}
    assert words["en"].keys() == words["zh-Hans"].keys() == words["zh-Hant"].keys()
    empty = {key for by_key in words.values() for key, word in by_key.items() if not word.strip()}
    # Chinese writes months as numbers and no space between sentences.
    assert empty <= {"months", "space"}


@pytest.mark.parametrize("section", sections())
def test_the_two_scripts_are_not_mixed(section: str) -> None:
    # GB 2312 holds the simplified forms only, Big5-HKSCS the traditional ones.
    for word in text.labels(section, "zh-Hans").values():
        chinese(word).encode("gb2312")
    for word in text.labels(section, "zh-Hant").values():
        chinese(word).encode("big5hkscs")


def chinese(word: str) -> str:
    return "".join(c for c in word if "一" <= c <= "鿿" and c not in LANGUAGE_NAMES)


# The language switch names each script in itself.
LANGUAGE_NAMES = "简体繁體"


def test_placeholders_are_the_same_in_every_language() -> None:
    for section in sections():
        for key, english in text.labels(section, "en").items():
            for code in ("zh-Hans", "zh-Hant"):
                other = text.labels(section, code)[key]
                assert holes(other) == holes(english), f"[{section}] {key} in {code}"


def holes(word: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", word))


def test_words_stay_neutral() -> None:
    content = (paths.PACKAGE / "labels.toml").read_text(encoding="utf-8").lower()
    assert "international border" not in content
    assert "边境线" not in content
    assert "邊境線" not in content


def test_an_unknown_language_is_one_sentence() -> None:
    with pytest.raises(UsageError, match=r"unknown language: expected one of en.*found 'fr'"):
        text.labels("common", "fr")


@pytest.mark.parametrize(
    ("iso", "en", "zh"),
    [
        ("2023", "2023", "2023年"),
        ("2023-09", "Sept 2023", "2023年9月"),
        ("2023-09-05", "5 Sept 2023", "2023年9月5日"),
    ],
)
def test_dates(iso: str, en: str, zh: str) -> None:
    assert text.date(iso, "en") == en
    assert text.date(iso, "zh-Hans") == text.date(iso, "zh-Hant") == zh
