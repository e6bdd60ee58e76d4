"""In which encoding the texts of a Shapefile are, and whether they look like it."""

from __future__ import annotations

import codecs
import struct
import unicodedata

from hetao_geo.errors import UsageError
from hetao_geo.geojson import printable

# Language driver of a dBASE header to the codec of Python; 0 says nothing.
# xBase file format, https://www.clicketyclick.dk/databases/xbase/format/dbf.html
_DRIVERS = {
    0x03: "cp1252", 0x57: "cp1252", 0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5",
    0x13: "cp932", 0x7B: "cp932", 0x01: "cp437", 0x02: "cp850", 0xC9: "cp1251",
}  # fmt: skip
_LATIN = "iso8859-1"


def check(encoding: str | None) -> str | None:
    """Return the name of an encoding as Python has it.

    Raises
    ------
    UsageError
        There is no such encoding of text.
    """
    if encoding is None:
        return None
    try:
        known = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        raise UsageError(
            "unknown encoding", where="--encoding", expected="a name such as gbk or big5",
            found=repr(encoding),
        ) from error  # fmt: skip
    return known.name


def choose_encoding(
    table: bytes | None, page: bytes | None, asked: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the encoding to read with, and what the reader should know.

    Parameters
    ----------
    table : bytes, optional
        The start of the ``.dbf``.
    page : bytes, optional
        The ``.cpg``.
    asked : str, optional
        What the caller named.
    """
    if table is None or len(table) < 32:
        return asked, ()
    body = table[struct.unpack("<H", table[8:10])[0] :]
    if body.isascii():
        return asked, ()
    stated = asked or _stated(page) or _DRIVERS.get(table[29])
    if stated is None:
        if _fits(body, "utf-8"):
            return "utf-8", ()
        return _LATIN, (_warning(body, _LATIN, "the file names no encoding for its text"),)
    if _fits(body, stated) and not (stated in ("cp1252", _LATIN) and _guess(body)):
        return stated, ()
    return stated, (_warning(body, stated, "the text does not look like its encoding"),)


def _stated(page: bytes | None) -> str | None:
    name = (page or b"").decode("ascii", "replace").strip(" \0\r\n\t\ufffd")
    for word in (name, f"cp{name}", name.replace("ANSI ", "cp"), name.replace("OEM ", "cp")):
        try:
            return codecs.lookup(word).name
        except LookupError:
            continue
    return None


def _fits(body: bytes, encoding: str) -> bool:
    """Say whether text decodes; a few characters are cut by the ends of fields."""
    bad = body.decode(encoding, "replace").count("\ufffd")
    return bad * 20 <= sum(byte > 127 for byte in body)


def _guess(body: bytes) -> str | None:
    """Return an encoding in which the text makes sense."""
    if _fits(body, "utf-8"):
        return "utf-8"
    for encoding in ("gbk", "big5"):
        text = [c for c in body.decode(encoding, "replace") if not c.isascii()]
        ideographs = sum(unicodedata.name(c, "").startswith("CJK UNIFIED") for c in text)
        if text and ideographs > 0.9 * len(text):
            return encoding
    return None


def _warning(body: bytes, encoding: str, what: str) -> str:
    likely = _guess(body)
    advice = f"it looks like {likely}: give --encoding {likely}" if likely else "give --encoding"
    return f"{what}; it was read as {printable(encoding)}, and {advice}"
