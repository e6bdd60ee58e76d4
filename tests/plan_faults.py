"""What is wrong with ``plan.toml``: every fault at once, each with its place.

The package takes the file as sound, so it is checked here and nowhere else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from hetao_geo.text import LANGUAGES

KINDS = ("official", "press", "mirror", "wiki")
CONFIDENCES = ("high", "medium")
DATED = ("statement", "event", "not-given")

_TABLES = ("introduction", "boundary", "places", "topics", "units", "qualifiers", "speakers")
_TABLES += ("sources",)
_ARRAYS = ("timeline", "four_zones", "series", "facts", "differences", "open_questions")
_ID = re.compile(r"[A-Z]\d+[a-z]?")
_FEATURE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

_FACT_NEEDS = ("id", "topic", "value", "unit", "date", "speaker", "source", *LANGUAGES)
_FACT_MAY = ("dated", "first_said", "qualifier", "confidence", "also", "items")


def faults(raw: Mapping[str, Any]) -> list[str]:
    """Return every fault of a parsed plan file as a sentence; none if it is sound."""
    shape = [f"[{key}] is missing or not a table" for key in _TABLES if not _is(raw, key, dict)]
    shape += [f"{key} is missing or not an array" for key in _ARRAYS if not _is(raw, key, list)]
    if shape:
        return shape
    return [
        *_word_faults(raw),
        *_date_faults(raw),
        *_source_faults(raw["sources"]),
        *_fact_faults(raw),
        *_series_faults(raw),
        *_difference_faults(raw),
        *_list_faults(raw),
    ]


def _is(raw: Mapping[str, Any], key: str, kind: type) -> bool:
    return isinstance(raw.get(key), kind)


def is_date(value: object) -> bool:
    """Tell whether `value` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` and a day that exists."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return False
    try:
        datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _lacks(row: object, where: str, keys: Iterable[str]) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where} is not a table"
        return
    for key in keys:
        if key not in row:
            yield f"{where} lacks {key}"
        elif key != "value" and not (isinstance(row[key], str) and row[key].strip()):
            yield f"{where} has no text in {key}"


def _date_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    until = raw.get("sources_until")
    if not is_date(until):
        yield f"sources_until is {until!r}, not an ISO date"
        return
    for key, row in raw["sources"].items():
        if isinstance(row, dict) and is_date(row.get("date")) and row["date"] > str(until):
            yield f"source {key} has the date {row['date']!r}, later than sources_until"


def _word_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from _lacks(raw["introduction"], "introduction", LANGUAGES)
    for table in ("topics", "speakers", "units", "qualifiers"):
        for key, words in raw[table].items():
            yield from _lacks(words, f"{table}.{key}", LANGUAGES)
            if table in ("units", "qualifiers") and isinstance(words, dict):
                empty = [code for code in LANGUAGES if "{}" not in str(words.get(code, "{}"))]
                yield from (f"{table}.{key} has no {{}} in {code}" for code in empty)


def _source_faults(sources: Mapping[str, Any]) -> Iterator[str]:
    needs = ("title", "publisher", "date", "url", "kind")
    for key, row in sources.items():
        where = f"source {key}"
        yield from _lacks(row, where, needs)
        if not isinstance(row, dict):
            continue
        yield from (f"{where} has the unknown member {name}" for name in row if name not in needs)
        if "date" in row and row["date"] != "undated" and not is_date(row["date"]):
            yield f"{where} has the date {row['date']!r}, neither an ISO date nor 'undated'"
        if "kind" in row and row["kind"] not in KINDS:
            yield f"{where} has the kind {row['kind']!r}, not one of {', '.join(KINDS)}"
        if "url" in row and not _is_web(row["url"]):
            yield f"{where} has the url {row['url']!r}, not an http or https address"


def _is_web(url: object) -> bool:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _fact_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for number, row in enumerate(raw["facts"]):
        name = row.get("id") if isinstance(row, dict) else None
        where = f"fact {name}" if isinstance(name, str) else f"fact no. {number + 1}"
        yield from _lacks(row, where, _FACT_NEEDS)
        if not isinstance(row, dict):
            continue
        if isinstance(name, str):
            if name in seen:
                yield f"{where} is there twice"
            if not _ID.fullmatch(name):
                yield f"{where} has no id such as S01 or P34a"
            seen.add(name)
        yield from _member_faults(row, where, raw)


def _member_faults(row: Mapping[str, Any], where: str, raw: Mapping[str, Any]) -> Iterator[str]:
    allowed = {*_FACT_NEEDS, *_FACT_MAY}
    yield from (f"{where} has the unknown member {key}" for key in row if key not in allowed)
    if "date" in row and not is_date(row["date"]):
        yield f"{where} has the date {row['date']!r}, not YYYY, YYYY-MM or YYYY-MM-DD"
    first = row.get("first_said", row.get("date"))
    if not is_date(first) or str(first) > str(row.get("date")):
        yield f"{where} has the first_said {first!r}, not a date up to that of the statement"
    if "value" in row and not _is_value(row["value"]):
        yield f"{where} has the value {row['value']!r}, not a number, a text or some numbers"
    tables = {"topic": "topics", "unit": "units", "speaker": "speakers", "source": "sources"}
    for key, table in {**tables, "qualifier": "qualifiers"}.items():
        if key in row and str(row[key]) not in raw[table]:
            yield f"{where} has the unknown {key} {row[key]!r}"
    if row.get("confidence", "high") not in CONFIDENCES:
        yield f"{where} has the confidence {row['confidence']!r}, not one of high, medium"
    if row.get("dated", DATED[0]) not in DATED:
        yield f"{where} has the dated {row['dated']!r}, not one of {', '.join(DATED)}"
    yield from _unknown(row.get("also", []), raw["sources"], f"{where}, also", "source")
    items = row.get("items", [])
    for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
        yield from _lacks(item, f"{where}, item {number}", LANGUAGES)


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_number(one) for one in value)
    return _is_number(value) or (isinstance(value, str) and bool(value.strip()))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _unknown(ids: object, known: Iterable[str], where: str, what: str) -> Iterator[str]:
    if not isinstance(ids, list):
        yield f"{where} is not an array"
        return
    names = set(known)
    yield from (f"{where} names the unknown {what} {one!r}" for one in ids if str(one) not in names)
    yield from (
        f"{where} names {one!r} twice" for one in dict.fromkeys(map(str, ids)) if ids.count(one) > 1
    )


def _dates(raw: Mapping[str, Any]) -> dict[str, str]:
    rows = (row for row in raw["facts"] if isinstance(row, dict))
    return {str(row.get("id")): str(row.get("date")) for row in rows}


def _series_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    dates = _dates(raw)
    for number, row in enumerate(raw["series"], start=1):
        where = f"series {row.get('id', number)}" if isinstance(row, dict) else f"series {number}"
        yield from _lacks(row, where, ("id", *LANGUAGES))
        ids = row.get("facts") if isinstance(row, dict) else None
        yield from _unknown(ids, dates, where, "fact")
        found = [dates[one] for one in ids if str(one) in dates] if isinstance(ids, list) else []
        if found != sorted(found, reverse=True):
            yield f"{where} is not newest first: {', '.join(found)}"


def _difference_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    for number, row in enumerate(raw["differences"], start=1):
        name = row.get("id", number) if isinstance(row, dict) else number
        yield from _lacks(row, f"difference {name}", ("id", *LANGUAGES))
        if isinstance(row, dict):
            where = f"difference {name}"
            yield from _unknown(row.get("facts"), _dates(raw), f"{where}, facts", "fact")
            yield from _unknown(row.get("sources"), raw["sources"], f"{where}, sources", "source")


def _list_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    known = _dates(raw)
    for key in ("timeline", "four_zones"):
        yield from _unknown(raw[key], known, key, "fact")
    for number, row in enumerate(raw["open_questions"], start=1):
        yield from _lacks(row, f"open question {number}", ("id", *LANGUAGES))
        if isinstance(row, dict):
            yield from _unknown(row.get("facts"), known, f"open question {number}", "fact")
    for feature, row in raw["places"].items():
        if not _FEATURE.fullmatch(feature):
            yield f"place {feature!r} is not the id of a feature"
        yield from _card_faults(row, f"place {feature}", known, needs=("summary",))
    yield from _card_faults(raw["boundary"], "boundary", known, needs=("summary", "text"))
    yield from _stretch_faults(raw["boundary"].get("stretches"))


def _card_faults(
    row: object, where: str, known: Iterable[str], needs: tuple[str, ...]
) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where} is not a table"
        return
    for key in ("summary", "text"):
        if key in row or key in needs:
            yield from _lacks(row.get(key), f"{where}, {key}", LANGUAGES)
    yield from _unknown(row.get("facts"), known, where, "fact")


def _stretch_faults(rows: object) -> Iterator[str]:
    if not isinstance(rows, list):
        yield "boundary.stretches is missing or not an array"
        return
    for number, row in enumerate(rows, start=1):
        where = f"stretch {number}"
        yield from _lacks(row, where, ("id",))
        if isinstance(row, dict):
            yield from _lacks(row.get("name"), f"{where}, name", LANGUAGES)
            yield from _lacks(row.get("text"), f"{where}, text", LANGUAGES)
            unknown = set(row) - {"id", "name", "text", "accuracy_m"}
            yield from (f"{where} has the unknown member {key}" for key in sorted(unknown))
            if not _is_number(row.get("accuracy_m")):
                yield f"{where} has the accuracy_m {row.get('accuracy_m')!r}, not a number"
