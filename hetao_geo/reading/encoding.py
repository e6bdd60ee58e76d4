"""In which encoding a text is, told from its bytes."""

from __future__ import annotations

import codecs
from collections import Counter

from hetao_geo.errors import UsageError

LATIN = "cp1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Each with the plain set whose first level holds the characters of daily use, and the last lead
# byte of that level.
_CHINESE = {"gb18030": ("gb2312", 0xD7), "big5hkscs": ("big5", 0xC6)}
_HIGH = bytes(range(128, 256))
# Text in a wrong Chinese encoding has fewer characters of daily use than this share.
_LEAST_USUAL = 0.5


def check(encoding: str | None) -> str | None:
    """Return the name of an encoding as Python has it.

    Raises
    ------
    UsageError
        There is no such encoding of text.
    """
    if encoding is None:
        return None
    known = codec(encoding)
    if known is None:
        raise UsageError(
            "unknown encoding", where="--encoding", expected="a name such as gbk or big5",
            found=repr(encoding),
        )  # fmt: skip
    return known


def codec(name: str) -> str | None:
    """Return Python's name of an encoding of text; None where there is no such."""
    try:
        # Others, such as base64, are no text, and these two are none of files.
        same = "a b".encode(name).decode(name, "replace") == "a b"
        known = codecs.lookup(name).name
        return known if same and known not in ("idna", "punycode") else None
    except (LookupError, ValueError, TypeError):
        return None


def detect(data: bytes) -> str:
    """Return the encoding of text that begins with these bytes.

    Parameters
    ----------
    data : bytes
        Perhaps cut within a character, at the end or where fields end.

    Returns
    -------
    str
        ``utf-8-sig``, ``utf-16``, ``gb18030`` or ``big5hkscs`` (the one in which more characters
        are of daily use: those of GB 2312 and of Big5, level 1), else ``cp1252``.

    Examples
    --------
    >>> detect("企业,经度".encode("gbk")), detect("公司,經度,緯度".encode("big5")), detect(b"a,b")
    ('gb18030', 'big5hkscs', 'utf-8-sig')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if fits(data, "utf-8"):
        return "utf-8-sig"
    usual = {name: _usual(data, name) for name in _CHINESE}
    best = max(usual, key=lambda name: usual[name])
    return best if usual[best] > _LEAST_USUAL else LATIN


def fits(data: bytes, encoding: str) -> bool:
    """Say whether text decodes; a few characters may be cut by the ends of fields."""
    bad = data.decode(encoding, "replace").count("\ufffd")
    return bad * 20 <= len(data) - len(data.translate(None, _HIGH))


def _usual(data: bytes, name: str) -> float:
    """Return the share of characters of daily use among those that are not ASCII."""
    counts = Counter(data.decode(name, "replace"))
    rare = {character: n for character, n in counts.items() if not character.isascii()}
    usual = sum(n for character, n in rare.items() if _is_usual(character, *_CHINESE[name]))
    return usual / max(sum(rare.values()), 1)


def _is_usual(character: str, plain: str, last: int) -> bool:
    try:
        return character.encode(plain)[0] <= last
    except UnicodeEncodeError:
        return False
