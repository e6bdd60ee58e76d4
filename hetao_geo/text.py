"""Words in three languages from ``labels.toml``, and how each writes numbers and dates."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from hetao_geo import files, paths
from hetao_geo.errors import DataError, UsageError

LANGUAGES = ("en", "zh-Hans", "zh-Hant")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def check_language(code: str) -> str:
    """Return `code` if it is one of `LANGUAGES`.

    Raises
    ------
    UsageError
        It is not.
    """
    if code not in LANGUAGES:
        raise UsageError(
            "unknown language", expected=f"one of {', '.join(LANGUAGES)}", found=repr(code)
        )
    return code


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
    check_language(language)
    parts = iso.split("-")
    if language != "en":
        return "".join(f"{int(p)}{unit}" for p, unit in zip(parts, "年月日", strict=False))
    words = [parts[0]]
    words += [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    words += [str(int(parts[2]))] if len(parts) > 2 else []
    return " ".join(reversed(words))
