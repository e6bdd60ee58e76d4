"""The size of a figure: from words such as 170mm or 1080x1350 to points, type and lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from hetao_geo.errors import UsageError

POINTS_PER_MM = 72 / 25.4
_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4}
# Below 80 mm not all names fit at 6 points; 1,189 mm is the long side of A0.
NARROWEST, WIDEST = 80.0, 1189.0
# From here on a table stands below the map, and the locator in it instead of below.
WITH_TABLE, LOCATOR_INSIDE = 150 * POINTS_PER_MM, 115 * POINTS_PER_MM
# Pixels of a picture for a screen: from a small post to an 8K slide, no strip of a banner.
_PIXELS, _RATIO = (400, 7680), 2.5


@dataclass(frozen=True)
class Size:
    """How large a figure is."""

    width: float
    """In points."""
    height: float | None = None
    """In points; None: as the map needs."""
    pixels: tuple[int, int] | None = None
    """Width and height in pixels of a picture for a screen; None for paper."""

    @property
    def scale(self) -> float:
        """Type and line weights against those of a figure of 170 mm."""
        return float(np.clip((self.width / (170 * POINTS_PER_MM)) ** 0.4, 0.75, 2.2))

    @property
    def pixel(self) -> float:
        """Points to a CSS pixel of ``style.toml``: lighter than on a screen (0.75)."""
        return 0.5 * self.scale


def paper(width: str | float) -> Size:
    """Return the size of a figure that is `width` wide, see `millimetres`."""
    return Size(millimetres(width) * POINTS_PER_MM)


def screen(size: str) -> Size:
    """Return the size of a picture for a screen.

    Parameters
    ----------
    size : str
        Width and height in pixels, such as ``1080x1350``.

    Raises
    ------
    UsageError
        Not a size, or one that no map of the zone fits.
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*[x×]\s*(\d{1,6})\s*", size)
    wide, high = (int(match[1]), int(match[2])) if match else (0, 0)
    low, high_most = _PIXELS
    fits = low <= min(wide, high) and max(wide, high) <= high_most
    if not fits or max(wide, high) > _RATIO * min(wide, high):
        raise UsageError(
            "unusable size",
            where="--size",
            expected=f"width and height of {low} to {high_most:,} pixels, "
            f"one at most {_RATIO:g} times the other",
            found=repr(size),
            hint="such as 1080x1350 for a post, 1920x1080 for a slide",
        )
    # As if the shorter side were 118 mm of paper: type is then read at arm's length.
    points = 118 * POINTS_PER_MM / min(wide, high)
    return Size(wide * points, high * points, (wide, high))


def millimetres(length: str | float) -> float:
    """Return a width in millimetres.

    Parameters
    ----------
    length : str or float
        Such as ``170mm``, ``17 cm`` or ``6.7in``; a bare number is in millimetres.

    Raises
    ------
    UsageError
        Not a length, or not between 80 mm and 1,189 mm.

    Examples
    --------
    >>> millimetres("8.5cm")
    85.0
    """
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{0,6})?)\s*(mm|cm|in|)\s*", str(length))
    width = float(match[1]) * _UNITS[match[2] or "mm"] if match else float("nan")
    if NARROWEST <= width <= WIDEST:
        return width
    raise UsageError(
        "unusable width",
        where="--width",
        expected=f"{NARROWEST:g}mm to {WIDEST:g}mm, as mm, cm or in",
        found=repr(length),
        hint="a column is about 85mm, a page 170mm",
    )
