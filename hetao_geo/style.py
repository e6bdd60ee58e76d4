"""Colours, widths and dashes by role, from ``style.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hetao_geo import files, paths
from hetao_geo.errors import DataError, UsageError

ZOOMS = (12, 14, 15, 17)
"""Zooms of the web map for which `Style.widths` are given."""


@dataclass(frozen=True)
class Style:
    """How one role is drawn; colours are sRGB hex, lengths are CSS pixels."""

    stroke: str | None = None
    """Colour of the line."""
    fill: str | None = None
    """Colour of the area."""
    fill_opacity: float = 1.0
    """Opacity of the area, 0 to 1."""
    opacity: float = 1.0
    """Opacity of the whole, 0 to 1."""
    width: float = 1.0
    """Width of the line."""
    widths: tuple[float, ...] = ()
    """Width of the line at zoom 12, 14, 15 and 17; empty if it is always `width`."""
    dash: tuple[float, ...] = ()
    """Dashes and gaps in turn; empty for a solid line."""
    casing: str | None = None
    """Colour of a wider line underneath."""
    halo: str | None = None
    """Colour of a wide, half transparent line underneath."""
    hatch: tuple[float, ...] = ()
    """Hatch of the area on paper: angle in degrees, distance and width of its lines; or empty."""
    radius: float = 0.0
    """Radius of a point symbol."""
    text: str | None = None
    """Colour of the label."""

    def width_at(self, zoom: float) -> float:
        """Return the width of the line at a zoom of the web map, in pixels."""
        if not self.widths:
            return self.width
        pairs = list(zip(ZOOMS, self.widths, strict=True))
        for (low, first), (high, last) in pairwise(pairs):
            if zoom <= high:
                share = max(0.0, (zoom - low) / (high - low))
                return first + share * (last - first)
        return self.widths[-1]


class StyleSheet:
    """The style of every role and of the ground.

    Parameters
    ----------
    table : dict
        The content of a file such as ``style.toml``.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self._table = table

    def ground(self, scheme: str = "light") -> dict[str, str]:
        """Return the colours of land, water, roads and text by name.

        `scheme` is light, dark or print.
        """
        return {**self._table["ground"], **self._scheme(scheme).get("ground", {})}

    def roles(self, scheme: str = "light") -> dict[str, Style]:
        """Return the style of every role by name; `scheme` light, dark or print."""
        return {name: self.role(name, scheme) for name in self._table["role"]}

    def role(self, name: str, scheme: str = "light") -> Style:
        """Return the style of one role; `scheme` light, dark or print.

        Raises
        ------
        UsageError
            ``style.toml`` has no such role.
        """
        rows = self._table["role"]
        if name not in rows:
            raise UsageError(
                "unknown role",
                where="style.toml",
                found=repr(name),
                expected=f"one of {', '.join(rows)}",
            )
        return _style({**rows[name], **self._scheme(scheme).get("role", {}).get(name, {})})

    def fonts(self, language: str) -> tuple[str, ...]:
        """Return the font families for print in one language, the preferred one first."""
        return tuple(self._table["fonts"][language])

    def changed(self, path: str | os.PathLike[str]) -> StyleSheet:
        """Return this style with the changes of a TOML file, which holds any part of it.

        Raises
        ------
        DataError
            The file is not TOML, or has keys or values that no style has; all are named.
        """
        changes = _read(Path(path))
        faults = list(_faults(changes, self._table, ()))
        if faults:
            raise DataError("unusable style", where=str(path), found="; ".join(faults))
        return StyleSheet(_merged(self._table, changes))

    def _scheme(self, scheme: str) -> dict[str, Any]:
        return {} if scheme == "light" else dict(self._table[scheme])


@cache
def packaged() -> StyleSheet:
    """Return the style of the package, ``style.toml``."""
    return StyleSheet(_read(paths.PACKAGE / "style.toml"))


def ground(scheme: str = "light") -> dict[str, str]:
    """Return the colours of the ground in the style of the package, see `StyleSheet.ground`."""
    return packaged().ground(scheme)


def roles(scheme: str = "light") -> dict[str, Style]:
    """Return every role in the style of the package, see `StyleSheet.roles`."""
    return packaged().roles(scheme)


def role(name: str, scheme: str = "light") -> Style:
    """Return one role in the style of the package, see `StyleSheet.role`."""
    return packaged().role(name, scheme)


def fonts(language: str) -> tuple[str, ...]:
    """Return the font families in the style of the package, see `StyleSheet.fonts`."""
    return packaged().fonts(language)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(files.read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError("not TOML", where=str(path), found=str(error)) from error


def _style(row: dict[str, Any]) -> Style:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Style(**{**row, **lists})


def _merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(table)
    for key, value in changes.items():
        nested = isinstance(value, dict)
        merged[key] = _merged(table.get(key, {}), value) if nested else value
    return merged


def _faults(changes: Any, table: Any, keys: tuple[str, ...]) -> Iterator[str]:
    name = ".".join(keys)
    if isinstance(table, dict):
        if not isinstance(changes, dict):
            yield f"{name} is not a table"
            return
        for key, value in changes.items():
            example = _examples(table, keys).get(key)
            if example is None:
                yield f"unknown key {'.'.join((*keys, key))}"
            else:
                yield from _faults(value, example, (*keys, key))
    elif not _fits(changes, table, keys[-1]):
        yield f"{name} = {changes!r} is not {_KINDS[type(table)]}"


def _examples(table: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    # What may stand in a table: what stands there now, every property of a role, every role and
    # colour of the ground in the schemes.
    if keys[-2:-1] == ("role",):
        return _PROPERTIES
    if keys and keys[0] in _SCHEMES and len(keys) == 2:
        return {**packaged()._table[keys[1]], **table}
    if len(keys) == 1 and keys[0] in _SCHEMES:
        return {"ground": {}, "role": {}, **table}
    return table


def _fits(value: Any, example: Any, key: str) -> bool:
    if isinstance(example, str):
        return isinstance(value, str) and _COLOUR.fullmatch(value) is not None
    if isinstance(example, list) and example and isinstance(example[0], str):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(example, list):
        return isinstance(value, list) and all(_fits(one, 0.0, key) for one in value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= (1 if key.endswith("opacity") else 1000)


_SCHEMES = ("dark", "print")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KINDS = {
    str: "a colour such as '#1a5ca3'",
    float: "a number from 0 to 1000, or to 1 for an opacity",
    int: "a number from 0 to 1000",
    list: "a list of such values",
}
# A value of its kind for each property of a role.
_PROPERTIES: dict[str, Any] = {
    "stroke": "#000000",
    "fill": "#000000",
    "casing": "#000000",
    "halo": "#000000",
    "text": "#000000",
    "fill_opacity": 1.0,
    "opacity": 1.0,
    "width": 1.0,
    "radius": 1.0,
    "widths": [1.0],
    "dash": [1.0],
    "hatch": [1.0],
}
