"""In which encoding the texts of a Shapefile are, and whether they look like it."""

from __future__ import annotations

import struct

from hetao_geo.reading import encoding
from hetao_geo.text import printable

# Language driver of a dBASE header to the codec of Python; 0 says nothing.
# xBase file format, https://www.clicketyclick.dk/databases/xbase/format/dbf.html
_DRIVERS = {
    0x03: "cp1252", 0x57: "cp1252", 0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5",
    0x13: "cp932", 0x7B: "cp932", 0x01: "cp437", 0x02: "cp850", 0xC9: "cp1251",
}  # fmt: skip
_LATIN = "iso8859-1"


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
        if encoding.fits(body, "utf-8"):
            return "utf-8", ()
        return _LATIN, (_warning(body, _LATIN, "the file names no encoding for its text"),)
    latin = stated in (encoding.LATIN, _LATIN)
    if encoding.fits(body, stated) and not (latin and encoding.detect(body) != encoding.LATIN):
        return stated, ()
    return stated, (_warning(body, stated, "the text does not look like its encoding"),)


def _stated(page: bytes | None) -> str | None:
    name = (page or b"").decode("ascii", "replace").strip(" \0\r\n\t\ufffd")
    for word in (name, f"cp{name}", name.replace("ANSI ", "cp"), name.replace("OEM ", "cp")):
        known = encoding.codec(word)
        if known:
            return known
    return None


def _warning(body: bytes, used: str, what: str) -> str:
    likely = encoding.detect(body).removesuffix("-sig")
    known = likely != encoding.LATIN
    advice = f"it looks like {likely}: give --encoding {likely}" if known else "give --encoding"
    return f"{what}; it was read as {printable(used)}, and {advice}"
