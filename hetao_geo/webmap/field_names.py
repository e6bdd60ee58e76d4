"""What a polygon of a reader's file is called: the fields that hold names, by language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

from hetao_geo import text
from hetao_geo.geojson import printable
from hetao_geo.webmap.translation import Words, words

# Spellings without case, spaces, colons, hyphens and underscores.
_PLAIN = ("name", "名称", "名稱", "title", "label", "fullname", "longname", "namelocal", "primary")
_FIELDS = {
    "en": ("nameen", "nameeng", "englishname", "nameenglish", "engname", "en", "英文名称"),
    "zh-Hans": ("namezhhans", "namesc", "namechs", "namezhcn", "namecn", "zhhans", "zhcn"),
    "zh-Hant": ("namezhhant", "nametc", "namecht", "namezhtw", "namezhhk", "zhhant", "zhtw"),
}
_CHINESE = ("namezh", "namechinese", "chinesename", "zh", "中文名称", "中文名稱")
# Identifiers are names where there is nothing better.
_NUMBERS = ("lotno", "lot", "parcel", "parcelno", "code", "no", "地块编号", "編號", "编号")
_LONGEST = 200


def names(properties: Mapping[str, object], identity: str | None, number: int) -> Words:
    r"""Return the name of a polygon in each language.

    A field of that language comes first, then a field without a language, then one of another
    language; then an identifier, and without any "Polygon 3".

    Parameters
    ----------
    properties : mapping
        Fields of the file, by name in any spelling.
    identity : str or None
        Identifier of the feature, where the file gives one.
    number : int
        Number of the polygon in the file, from 1.

    Examples
    --------
    >>> names({"NAME": " Lot\n7 ", "name:zh": "七号地块"}, None, 1)["zh-Hans"]
    '七号地块'
    >>> names({"name": "  "}, None, 3)["en"]
    'Polygon 3'
    """
    known = {_plain(key): value for key, value in properties.items()}
    numbered = words("map.polygon_number", number=str(number))
    return {
        code: next(_found(known, code), None) or _text(identity) or numbered[code]
        for code in text.LANGUAGES
    }


def _found(known: Mapping[str, object], language: str) -> Iterator[str]:
    chinese = _CHINESE if language != "en" else ()
    others = [key for code, keys in _FIELDS.items() if code != language for key in keys]
    # Chinese of the other script is nearer to a Chinese reader than English is.
    others.sort(key=lambda key: (key in _FIELDS["en"]) == (language != "en"))
    for key in (*_FIELDS[language], *chinese, *_PLAIN, *others, *_CHINESE, *_NUMBERS):
        value = known.get(key)
        if isinstance(value, Mapping):
            inner = {_plain(name): each for name, each in value.items()}
            value = next(_found(inner, language), None)
        found = _text(value)
        if found:
            yield found


def _plain(key: object) -> str:
    return "".join(c for c in str(key).casefold() if c not in " :-_")


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    found = printable(
        " ".join(f"{value:g}".split() if isinstance(value, float) else str(value).split())
    )
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"
