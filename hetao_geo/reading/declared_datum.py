"""The datum that a file itself declares: a member or field ``datum``, as our own exports write it.

No registry has GCJ-02 or BD-09, so a file can name them in no ``crs``. Such a file is not WGS 84,
whatever its format promises, and is not converted until somebody asks for it.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from hetao_geo.errors import DataError, UsageError
from hetao_geo.geojson import Faults, printable
from hetao_geo.reading.coordinates import WGS84

_SHIFTED = {"gcj02": "gcj02", "bd09": "bd09", "bd09ll": "bd09"}
_MEMBER = "datum"


def name(value: Any) -> str | None:
    """Return ``wgs84``, ``gcj02`` or ``bd09`` for a word that means it, else None.

    Examples
    --------
    >>> name("GCJ-02"), name("bd09ll"), name("WGS 84"), name("NAD83")
    ('gcj02', 'bd09', 'wgs84', None)
    """
    if not isinstance(value, str):
        return None
    plain = value.lower().replace("-", "").replace("_", "").replace(" ", "")
    return WGS84 if plain == WGS84 else _SHIFTED.get(plain)


def objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a GeoJSON document that can carry the member ``datum``."""
    held = document.get("features") if isinstance(document, dict) else None
    for item in (document, *(held if isinstance(held, list) else ())):
        if isinstance(item, dict):
            yield item
            if isinstance(item.get("properties"), dict):
                yield item["properties"]


def find(objects: Iterable[dict[str, Any]]) -> Counter[str]:
    """Count how often each shifted datum is declared."""
    named = (name(one[_MEMBER]) for one in objects if _MEMBER in one)
    return Counter(one for one in named if one not in (None, WGS84))


def remove(objects: Iterable[dict[str, Any]]) -> None:
    """Take out every declaration, which no longer holds once the positions have moved."""
    for one in objects:
        if name(one.get(_MEMBER)):
            del one[_MEMBER]


def only(declared: Counter[str]) -> str | None:
    """Return the one datum that is declared; None for none or several."""
    return next(iter(declared)) if len(declared) == 1 else None


def note(declared: Counter[str], file: str, faults: Faults) -> None:
    """Note a declaration that nobody has yet said to follow."""
    if not declared:
        return
    found = ", ".join(f"{word} ({count} times)" for word, count in sorted(declared.items()))
    one = only(declared)
    hint = None
    if one:
        found, hint = one, _command(one, file)
    faults.add("declared-datum", expected="WGS 84, or --assume", found=found, hint=hint)


def field_of(fields: Iterable[str]) -> str | None:
    """Return the field that can declare a datum; Shapefile and GIS may change its capitals."""
    return next((name for name in fields if name.lower() == _MEMBER), None)


def refuse_shifted(values: Iterable[Any], first: int, file: str) -> None:
    """Raise `DataError` for rows that declare GCJ-02 or BD-09.

    Parameters
    ----------
    values : iterable
        The field ``datum`` of some rows.
    first : int
        Number of the first of them in the file.
    file : str
        Its name.
    """
    words = {value for value in values if isinstance(value, str)}
    declared = sorted({word for value in words if (word := name(value)) not in (None, WGS84)})
    if not declared:
        return
    hint = "cut the file in one for each datum, and convert those that are not WGS 84"
    if len(declared) == 1:
        hint = _command(declared[0], file)
    raise DataError(
        "the file declares a datum of web maps, not WGS 84",
        where=printable(file),
        expected="WGS 84, or --assume",
        found=" and ".join(declared),
        hint=hint,
    )


def _command(datum: str, file: str) -> str:
    return (
        f"say --assume {datum} (assume='{datum}' in Python), or convert the file: hetao-geo "
        f"convert {shlex.quote(printable(file))} --from {datum} --to wgs84 -o OUT.geojson"
    )


def refuse_other(declared: Counter[str], source: str, file: str) -> None:
    """Raise `UsageError` where a file declares another datum than the one it is said to be in."""
    others = sorted(set(declared) - {source})
    if others:
        raise UsageError(
            "the file declares another datum",
            where=printable(file),
            expected=" and ".join(f"--from {other}" for other in others),
            found=f"--from {source}",
            hint="name the datum it declares; if that is wrong, take out its member 'datum'",
        )
