"""The encoding of a table, told from its first bytes."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tried in this order where the bytes are not UTF-8.
_CHINESE = ("gb18030", "big5hkscs")


def detect(start: bytes) -> str:
    """Return the encoding of text that begins with these bytes.

    Parameters
    ----------
    start : bytes
        Perhaps cut within a character.

    Returns
    -------
    str
        ``utf-8-sig``, ``utf-16``, ``gb18030`` or ``big5hkscs``: the Chinese one whose characters
        are the more frequent ones (those of GB 2312 and of Big5, level 1).

    Examples
    --------
    >>> detect("企业,经度".encode("gbk")), detect("公司,經度,緯度".encode("big5")), detect(b"a,b")
    ('gb18030', 'big5hkscs', 'utf-8-sig')
    """
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if _share(start, "utf-8") == 1.0:
        return "utf-8-sig"
    return max(_CHINESE, key=lambda name: _share(start, name))


def _share(start: bytes, name: str) -> float:
    """Return the share of usual characters; -1 where the bytes are not of the encoding."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeDecodeError:
        return -1.0
    if name == "utf-8":
        return 1.0
    rare = [c for c in text if not c.isascii()]
    return sum(_is_usual(c, name) for c in rare) / max(len(rare), 1)


def _is_usual(character: str, name: str) -> bool:
    narrow = "gb2312" if name == "gb18030" else "big5"
    try:
        code = character.encode(narrow)
    except UnicodeEncodeError:
        return False
    return code[0] <= (0xD7 if narrow == "gb2312" else 0xC6)
