"""JSON, strictly as RFC 8259 has it: every fault with its place, whatever the bytes."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetao_geo.errors import UsageError
from hetao_geo.geojson.collector import collector_off
from hetao_geo.geojson.fault import Faults
from hetao_geo.text import printable

# The walks over a document recurse; Python allows about 1000 frames.
DEEPEST = 250


@dataclass(frozen=True)
class Limits:
    """What a file may ask for before it is refused."""

    size: int = 200_000_000
    """Bytes, of the file and of what an archive holds."""
    depth: int = 100
    """Nested brackets; at most `DEEPEST`."""
    vertices: int = 10_000_000
    """Positions in the whole file."""

    def __post_init__(self) -> None:
        for name in ("size", "depth", "vertices"):
            most = DEEPEST if name == "depth" else None
            value = getattr(self, name)
            if value < 1 or (most and value > most):
                raise UsageError(
                    f"impossible limit --max-{name}",
                    expected=f"1 to {most}" if most else "1 or more",
                    found=str(value),
                )


class Repeated(dict[str, Any]):
    """An object that had a key twice; holds the last value of each, as most readers do."""

    keys_twice: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unusable:
    """A number that is not JSON (NaN) or fits no double (1e400)."""

    literal: str
    code: str

    def __str__(self) -> str:
        return self.literal


@collector_off()
def parse(data: bytes, faults: Faults, limits: Limits | None = None) -> Any:
    """Parse JSON and note every fault of it.

    Parameters
    ----------
    data : bytes
        The file.
    faults : Faults
        Takes ``not-utf8``, ``bom``, ``not-json`` (line and column), ``too-deep``,
        ``not-finite``, ``duplicate-key``, ``number-out-of-range``, ``lone-surrogate``.
    limits : Limits, optional
        Only ``depth`` counts here.

    Returns
    -------
    object
        The value, with `Unusable` where a number is none; None after a fatal fault of syntax.
    """
    text = _decode(data, faults)
    if text is None or _too_deep(data, faults, limits or Limits()):
        return None
    reader = _Reader(careful=_has_long_number(data))
    value = reader.load(text, faults)
    if reader.odd or _SURROGATE.search(text):
        for path, code, found in _oddities(value, "$"):
            faults.add(code, path, found=printable(found))
    return value


# Only such a number can overflow a double, or Python's limit of digits for an integer: with 199
# digits and an exponent of two it stays under 1e298.
_LONG_NUMBERS = (b"0" * 200, b"e000", b"e+000")
_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _has_long_number(data: bytes) -> bool:
    # Ten times faster than one regular expression with repeats.
    shape = data.translate(_DIGITS)
    return any(number in shape for number in _LONG_NUMBERS)


class _Reader:
    """The json module with hooks that remember whether anything was odd."""

    def __init__(self, *, careful: bool) -> None:
        self.odd = False
        self.careful = careful

    def load(self, text: str, faults: Faults) -> Any:
        hooks: dict[str, Any] = {"object_pairs_hook": self.members}
        if self.careful:
            hooks |= {"parse_int": self.integer, "parse_float": self.real}
        try:
            return json.loads(text, parse_constant=self.constant, **hooks)
        except json.JSONDecodeError as error:
            found = printable(text[error.pos : error.pos + 20]) or "the end of the file"
            faults.add(
                "not-json",
                expected=_wanted(error.msg),
                found=found,
                line=error.lineno,
                column=error.colno,
                hint=_hint(error, text),
            )
        except RecursionError:
            faults.add("too-deep", expected="brackets that this Python can follow")
        return None

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        self.odd = True
        repeated, seen = Repeated(value), set()
        twice = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        repeated.keys_twice = tuple(dict.fromkeys(twice))
        return repeated

    def constant(self, literal: str) -> Unusable:
        self.odd = True
        return Unusable(literal, "not-finite")

    def integer(self, literal: str) -> int | Unusable:
        return int(literal) if len(literal) < 300 else self.too_long(literal)

    def real(self, literal: str) -> float | Unusable:
        value = float(literal)
        return value if math.isfinite(value) else self.too_long(literal)

    def too_long(self, literal: str) -> Unusable:
        self.odd = True
        short = literal if len(literal) <= 20 else f"{literal[:20]}... ({len(literal)} digits)"
        return Unusable(short, "number-out-of-range")


def _decode(data: bytes, faults: Faults) -> str | None:
    body = data.removeprefix(codecs.BOM_UTF8)
    if len(body) < len(data):
        faults.add("bom", line=1, column=1)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        faults.add(
            "not-utf8",
            expected="UTF-8",
            found=f"byte 0x{body[error.start]:02x}",
            line=before.count(b"\n") + 1,
            column=len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1,
            hint="save as UTF-8, not UTF-16" if body[:2] in _UTF16 else None,
        )
        return None


_UTF16 = {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}


def _too_deep(data: bytes, faults: Faults, limits: Limits) -> bool:
    """Count the brackets outside strings before the parser meets them: one linear pass."""
    flat = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    flat = re.sub(rb'"[^"]*+"?', b"", flat)
    brackets = np.frombuffer(flat.translate(None, _NO_BRACKET), dtype=np.uint8)
    if not len(brackets):
        return False
    # [ ] { } are 0x5b 0x5d 0x7b 0x7d: closing ones have bit 2 set.
    depth = int(np.cumsum(np.where(brackets & 4, np.int8(-1), np.int8(1)), dtype=np.int64).max())
    if depth > limits.depth:
        faults.add("too-deep", expected=f"at most {limits.depth}", found=str(depth))
    return depth > limits.depth


_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


def _wanted(message: str) -> str:
    """Return what the json module missed, as a noun."""
    if message.startswith("Expecting "):
        return message.removeprefix("Expecting ")
    known = {"Extra": "the end of the text", "Unterminated": "a closing quote"}
    return known.get(message.split()[0], f"JSON ({message[:1].lower()}{message[1:]})")


def _hint(error: json.JSONDecodeError, text: str) -> str | None:
    if text.lstrip()[:1] == "<":
        return "this looks like XML, such as KML; export the polygons as GeoJSON"
    if error.msg == "Extra data" and text[error.pos] in "{\x1e":
        return "one GeoJSON object a line is a sequence; join the lines to a FeatureCollection"
    return None


def _oddities(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, code and what was found for everything that was parsed but is not sound."""
    if isinstance(value, Unusable):
        yield path, value.code, value.literal
    elif isinstance(value, str) and _lone(value):
        yield path, "lone-surrogate", json.dumps(value)[:60]
    elif isinstance(value, list):
        for i, item in enumerate(value):
            if type(item) is not float:
                yield from _oddities(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for key in getattr(value, "keys_twice", ()):
            yield path, "duplicate-key", json.dumps(key, ensure_ascii=False)[:60]
        for key, item in value.items():
            if _lone(key):
                yield path, "lone-surrogate", json.dumps(key)[:60]
            yield from _oddities(item, member(path, key))


def _lone(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def member(path: str, key: str) -> str:
    """Return the JSONPath of a member; odd names are quoted and safe to print.

    Examples
    --------
    >>> member("$", "features"), member("$", "a b")
    ('$.features', '$["a b"]')
    """
    if key.isidentifier() and key.isascii():
        return f"{path}.{key}"
    return f"{path}[{printable(json.dumps(key[:60], ensure_ascii=False))}]"
