"""Which datum a provider's maps are in: a fact about provider and place, with its source."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hetao_geo import files
from hetao_geo.errors import UsageError

PLACES = ("mainland", "hong-kong", "macao", "taiwan", "other")
_TABLE = Path(__file__).with_name("providers.toml")


@dataclass(frozen=True)
class Provider:
    """The datum of one provider's maps in one place.

    Attributes
    ----------
    name : str
        The key, such as ``"amap"``.
    title : str
        The name for people.
    place : str
        One of `PLACES`.
    datum : {"wgs84", "gcj02", "bd09"}
        The datum of its coordinates and tiles there.
    source : str
        The address of the document that says so.
    date : datetime.date
        The date of the source, or the day it was read.
    """

    name: str
    title: str
    place: str
    datum: str
    source: str
    date: datetime.date


@cache
def providers() -> tuple[Provider, ...]:
    """Return every provider and place of which the datum is known.

    Examples
    --------
    >>> sorted({row.name for row in providers() if row.datum == "bd09"})
    ['baidu']
    """
    table = tomllib.loads(files.read_text(_TABLE))
    return tuple(
        Provider(name, entry["title"], place, datum, entry["source"], entry["date"])
        for name, entry in table.items()
        for place, datum in entry["datums"].items()
    )


def provider(name: str, place: str) -> Provider:
    """Return the row of a provider at a place.

    Parameters
    ----------
    name : str
        The key of the provider; `providers` lists them.
    place : {"mainland", "hong-kong", "macao", "taiwan", "other"}
        Where the map is looked at.

    Raises
    ------
    UsageError
        An unknown provider or place, or one whose datum there is not known.

    Examples
    --------
    >>> provider("amap", "hong-kong").datum
    'gcj02'
    >>> provider("google-roads", "hong-kong").datum
    'wgs84'
    """
    rows = {(row.name, row.place): row for row in providers()}
    if (name, place) in rows:
        return rows[name, place]
    names = dict.fromkeys(row.name for row in providers())
    places = [where for who, where in rows if who == name]
    raise UsageError(
        "the datum of this provider is not known here" if places else "unknown provider",
        where=f"argument {'place' if places else 'name'}",
        expected=", ".join(places or names),
        found=repr(place if places else name),
    )
