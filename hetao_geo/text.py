"""Words in three languages from ``labels.toml``, numbers and dates, and foreign text made safe.

Text of a file, a name or an address is foreign: it reaches a terminal, Markdown, CSV, HTML or
XML through the one function of that medium here, and no other way.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache

from hetao_geo import files, paths
from hetao_geo.errors import DataError, UsageError

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
# Scripts and regions in language tags; a script goes before a region.
_TRADITIONAL = {"hant", "hk", "tw", "mo"}
_SIMPLIFIED = {"hans", "cn", "sg"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def check_language(code: str) -> str:
    """Return the one of `LANGUAGES` that a language tag stands for.

    Parameters
    ----------
    code : str
        A tag of BCP 47 in any case: ``en-GB``, ``zh``, ``zh-CN``, ``zh-HK``, ``zh-Hant-TW``.
        Chinese without script or region is in simplified characters.

    Raises
    ------
    UsageError
        It is neither English nor Chinese.

    Examples
    --------
    >>> [check_language(code) for code in ("EN", "zh", "zh_CN", "zh-HK", "zh-hant")]
    ['en', 'zh-Hans', 'zh-Hans', 'zh-Hant', 'zh-Hant']
    """
    first, *rest = code.strip().lower().replace("_", "-").split("-")
    if first == "en":
        return "en"
    if first == "zh" and "hans" not in rest and set(rest) & _TRADITIONAL:
        return "zh-Hant"
    if first == "zh" and (not rest or set(rest) & _SIMPLIFIED):
        return "zh-Hans"
    raise UsageError(
        "unknown language", expected=f"one of {', '.join(LANGUAGES)}", found=repr(code)
    )


@cache
def _sections() -> dict[str, str]:
    """Return the text of each section by name, not yet parsed: a report needs two of many."""
    content = files.read_text(paths.PACKAGE / "labels.toml")
    parts = re.split(r"^\[([\w-]+)\]$", content, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def _section(name: str) -> dict[str, dict[str, str]]:
    try:
        return tomllib.loads(_sections()[name])
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            "not TOML", where=f"labels.toml, section [{name}]", found=str(error)
        ) from error


def labels(section: str, language: str) -> dict[str, str]:
    """Return the words of one section of ``labels.toml`` in one language, by key."""
    code = check_language(language)
    return {key: words[code] for key, words in _section(section).items()}


def number(value: float, decimals: int) -> str:
    """Write `value` with a fixed number of decimals; thousands are set apart by commas.

    Examples
    --------
    >>> number(15000, 0), number(0.8944, 2)
    ('15,000', '0.89')
    """
    return f"{value:,.{decimals}f}"


def date(iso: str, language: str) -> str:
    """Write a date as the language does; a year or a year and month alone stay so.

    Parameters
    ----------
    iso : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    language : str
        One of `LANGUAGES`.

    Examples
    --------
    >>> date("2023-09-05", "en"), date("2023-09-05", "zh-Hans"), date("2023-09", "en")
    ('5 Sept 2023', '2023年9月5日', 'Sept 2023')
    """
    language = check_language(language)
    parts = iso.split("-")
    if language != "en":
        return "".join(f"{int(p)}{unit}" for p, unit in zip(parts, "年月日", strict=False))
    words = [parts[0]]
    words += [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    words += [str(int(parts[2]))] if len(parts) > 2 else []
    return " ".join(reversed(words))


# Control, format (bidi overrides), surrogate, unassigned, line and paragraph separators.
_UNSAFE = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_FORMULA = re.compile(r"[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def printable(text: str) -> str:
    r"""Return text for a terminal: no character commands it or reorders a line.

    Examples
    --------
    >>> print(printable("a\x1b[2J\u202e皇岗"))
    a\u001b[2J\u202e皇岗
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


def markdown(text: str) -> str:
    r"""Return text for Markdown, in a table or out of it.

    Examples
    --------
    >>> print(markdown("a|b [x](y) <img>"))
    a\|b \[x\]\(y\) \<img\>
    """
    return _MARKDOWN.sub(r"\\\1", printable(text))


def csv_cell(text: str) -> str:
    """Return text for a cell of a table that a spreadsheet opens: it is no formula.

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell("-3.5"), csv_cell("a-b")
    ("'=1+1", '-3.5', 'a-b')
    """
    shown = printable(text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{shown}"
    return shown


def html(text: str) -> str:
    """Return text for an element or a quoted attribute of HTML.

    Examples
    --------
    >>> html('<b a="1">')
    '&lt;b a=&quot;1&quot;&gt;'
    """
    return printable(text).translate(_HTML)


def xml(text: str) -> str:
    """Return text for an element or a quoted attribute of XML, which knows fewer entities."""
    return html(text).replace("&#x27;", "&apos;")


def _escaped(character: str) -> str:
    """Return the escape of JSON; beyond U+FFFF it is a pair."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
