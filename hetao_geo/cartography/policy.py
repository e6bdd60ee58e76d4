"""How names are placed: ``label_policy.toml``, read by each placer of the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hetao_geo import files, paths
from hetao_geo.errors import DataError

PATH = paths.PACKAGE / "cartography" / "label_policy.toml"


@dataclass(frozen=True)
class LabelClass:
    """What holds for the names of one kind, such as parks or roads."""

    rank: int
    """Place in the order, from 0: it is placed before all of a higher rank."""
    places: tuple[str, ...]
    """Kinds of place in order of liking: inside, around, along, region, outside, badge, drop."""
    from_zoom: float
    """Web map zoom from which the names are shown."""
    full_from: float
    """Web map zoom from which they are shown in full."""
    required: bool = False
    """Whether they are shown wherever their class is."""
    missing: float = 1000.0
    """What it costs to leave one out."""


def document() -> dict[str, Any]:
    """Return the policy as it stands in the file: tables, lists, numbers and text only.

    Raises
    ------
    DataError
        The file is not TOML.
    """
    return dict(_document())


@cache
def _document() -> dict[str, Any]:
    try:
        return tomllib.loads(files.read_text(PATH))
    except tomllib.TOMLDecodeError as error:
        raise DataError("not TOML", where=str(PATH), found=str(error)) from error


@cache
def classes() -> Mapping[str, LabelClass]:
    """Return the kinds of names by name, the one that is placed first in front.

    Raises
    ------
    DataError
        The order and the tables name different kinds, or a table has an unknown entry.
    """
    order, tables = _document()["order"], _document()["class"]
    if sorted(order) != sorted(tables):
        raise DataError(
            "the order and the tables of the label policy differ",
            where=str(PATH),
            expected=", ".join(sorted(order)),
            found=", ".join(sorted(tables)),
        )
    return {name: _label_class(rank, name, tables[name]) for rank, name in enumerate(order)}


def _label_class(rank: int, name: str, row: Mapping[str, Any]) -> LabelClass:
    try:
        values = {"full_from": row["from_zoom"], **row, "places": tuple(row["places"])}
        return LabelClass(rank, **values)
    except (KeyError, TypeError) as error:
        raise DataError(
            "an entry of the label policy is missing or unknown",
            where=f"{PATH}, [class.{name}]",
            found=str(error),
        ) from error


def cost(name: str) -> float:
    """Return what a place costs for one reason, see ``[cost]``."""
    return float(_document()["cost"][name])


def clearance(name: str) -> float:
    """Return a clear space in pixels, see ``[clearance]``; not for ``line``."""
    return float(_document()["clearance"][name])


def line_clearance() -> tuple[float, float]:
    """Return the nearest and farthest distance of a name from its line, in pixels."""
    nearest, farthest = _document()["clearance"]["line"]
    return float(nearest), float(farthest)


def point_order() -> tuple[str, ...]:
    """Return the places round a point in order of liking, see ``[point]``."""
    return tuple(_document()["point"]["order"])


def point_gap() -> float:
    """Return the distance from a symbol to the letters in pixels."""
    return float(_document()["point"]["gap"])


def path_bend() -> float:
    """Return how much a line may bend under its name, in font sizes."""
    return float(_document()["path"]["bend"])


def earlier_on_paper() -> float:
    """Return how many zooms earlier names are shown on paper, see ``[paper]``."""
    return float(_document()["paper"]["earlier"])
