"""Coordinates as people write them: decimal degrees, or degrees, minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hetao_geo.errors import UsageError

_SIGNS = str.maketrans(
    {"′": "'", "’": "'", "″": '"', "”": '"', "º": "°", "度": "°", "分": "'", "秒": '"', "，": ",",
     "−": "-", "经": None, "經": None, "纬": None, "緯": None}
)  # fmt: skip
_ONE = re.compile(
    r"""^(?P<before>[NSEW北南东東西]?)\s*
        (?P<sign>[-+]?)(?P<degrees>\d+(?:\.\d+)?)\s*(?:[°:\s]\s*)?
        (?:(?P<minutes>\d+(?:\.\d+)?)\s*(?:['m:\s]\s*)?)?
        (?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:"|''|s)?)?\s*
        (?P<after>[NSEW北南东東西]?)$""",
    re.VERBOSE | re.IGNORECASE,
)
_HEMISPHERE = {"N": 1, "北": 1, "S": -1, "南": -1, "E": 1, "东": 1, "東": 1, "W": -1, "西": -1}
_LATITUDE = "NS北南"


def parse_pair(words: Sequence[str]) -> tuple[float, float]:
    r"""Return longitude and latitude, or easting and northing, from one or two arguments.

    Parameters
    ----------
    words : sequence of str
        ``["114.063", "22.5149"]``, ``["114.063,22.5149"]``, or with letters in either order:
        ``["22°30'53.6\"N", "114°3'46.8\"E"]``. Without letters the first is the longitude.

    Raises
    ------
    UsageError
        There are not two coordinates, or one cannot be read.

    Examples
    --------
    >>> parse_pair(["22°30'00\"N", "114°03'36\"E"])
    (114.06, 22.5)
    """
    text = " ".join(words).translate(_SIGNS).strip()
    parts = [part.strip() for part in text.split(",")] if "," in text else _halves(words, text)
    if len(parts) != 2:
        raise _wrong(text)
    first, second = (_parse(part, text) for part in parts)
    if first[1] == "lat" or second[1] == "lon":
        first, second = second, first
    if first[1] == "lat" or second[1] == "lon":
        raise _wrong(text)
    return first[0], second[0]


def _halves(words: Sequence[str], text: str) -> list[str]:
    """Split text without a comma behind the first letter of a hemisphere, else in the middle."""
    if len(words) == 2:
        return [word.translate(_SIGNS).strip() for word in words]
    letters = [m.end() for m in re.finditer(r"[NSEW北南东東西]", text, re.IGNORECASE)]
    if len(letters) == 2:
        cut = letters[0] if letters[0] > 1 else letters[1] - 1
        return [text[:cut].strip(), text[cut:].strip()]
    tokens = text.split()
    middle = len(tokens) // 2
    return [" ".join(tokens[:middle]), " ".join(tokens[middle:])] if len(tokens) % 2 == 0 else []


def _parse(part: str, text: str) -> tuple[float, str]:
    found = _ONE.match(part)
    if not found:
        raise _wrong(text)
    minutes, seconds = (float(found[name] or 0) for name in ("minutes", "seconds"))
    letter = (found["before"] or found["after"]).upper()
    if minutes >= 60 or seconds >= 60 or (found["before"] and found["after"]):
        raise _wrong(text)
    value = float(found["degrees"]) + minutes / 60 + seconds / 3600
    value *= -1 if found["sign"] == "-" else 1
    value *= _HEMISPHERE.get(letter, 1)
    axis = "lat" if letter in _LATITUDE else "lon"
    return value, axis if letter else ""


def _wrong(text: str) -> UsageError:
    return UsageError(
        "not a pair of coordinates",
        expected="longitude and latitude, such as 114.0630 22.5149 or 22°30'53.6\"N 114°3'46.8\"E",
        found=repr(text),
    )
