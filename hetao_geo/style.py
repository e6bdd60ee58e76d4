"""Colours, widths and dashes by role, from ``style.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from hetao_geo import files, paths
from hetao_geo.errors import DataError, UsageError


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


@cache
def _table() -> dict[str, Any]:
    path = paths.PACKAGE / "style.toml"
    try:
        return tomllib.loads(files.read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError("not TOML", where=str(path), found=str(error)) from error


def ground(scheme: str = "light") -> dict[str, str]:
    """Return the colours of land, water, roads and text by name; `scheme` light, dark or print."""
    return {**_table()["ground"], **_scheme(scheme).get("ground", {})}


def roles(scheme: str = "light") -> dict[str, Style]:
    """Return the style of every role by name; `scheme` light, dark or print."""
    changes = _scheme(scheme).get("role", {})
    return {
        name: _style({**row, **changes.get(name, {})}) for name, row in _table()["role"].items()
    }


def role(name: str, scheme: str = "light") -> Style:
    """Return the style of one role; `scheme` light, dark or print.

    Raises
    ------
    UsageError
        ``style.toml`` has no such role.
    """
    if name not in _table()["role"]:
        raise UsageError(
            "unknown role",
            where="style.toml",
            found=repr(name),
            expected=f"one of {', '.join(_table()['role'])}",
        )
    return _style({**_table()["role"][name], **_scheme(scheme).get("role", {}).get(name, {})})


def _scheme(scheme: str) -> dict[str, Any]:
    return {} if scheme == "light" else dict(_table()[scheme])


def fonts(language: str) -> tuple[str, ...]:
    """Return the font families for print in one language, the preferred one first."""
    return tuple(_table()["fonts"][language])


def _style(row: dict[str, Any]) -> Style:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return Style(**{**row, **lists})
