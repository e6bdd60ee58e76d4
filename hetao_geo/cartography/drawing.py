"""What a drawing consists of: shapes and lines of text, each drawn above the one before.

Coordinates are points (1/72 inch) with the y axis up; widths and dashes of lines are CSS pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hetao_geo.cartography.typesetting import TextBox, Type


@dataclass(frozen=True)
class Shape:
    """A polygon or line."""

    geometry: BaseGeometry
    """In points."""
    role: str = ""
    """Role in ``style.toml`` or use, such as ``water``; a name for style sheets."""
    fill: str | None = None
    """sRGB hex."""
    opacity: float = 1.0
    """Of the fill, or of the line where there is no fill."""
    stroke: str | None = None
    """sRGB hex."""
    width: float = 1.0
    """Of the line, in pixels."""
    dash: tuple[float, ...] = ()
    """Dashes and gaps in turn, in pixels."""
    round_cap: bool = False
    """Whether the ends of the line are round."""
    name: str | None = None
    """Name of what it shows, such as ``shenzhen-park``."""


@dataclass(frozen=True)
class Text:
    """One line of text."""

    x: float
    """Left end, middle or right end, as `align` says, in points."""
    y: float
    """Base line in points."""
    line: str
    how: Type
    align: str = "left"
    """left, center or right."""
    angle: float = 0.0
    """Degrees anticlockwise about (x, y)."""
    halo: str | None = None
    """Colour round the letters."""
    role: str = ""
    """Class of the label policy, or use."""


Item = Shape | Text


def rings(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the lines of a geometry: rings of polygons, and lines; points have none."""
    out: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            out += [part.exterior, *part.interiors]
        elif part.geom_type != "Point":
            out.append(part)
    return out


def texts(
    box: TextBox,
    x: float,
    top: float,
    *,
    align: str = "left",
    angle: float = 0.0,
    halo: str | None = None,
    role: str = "",
) -> list[Text]:
    """Return the lines of a box whose top is at `top`; `x` is its left, middle or right."""
    sin, cos = np.sin(np.radians(angle)), np.cos(np.radians(angle))
    return [
        Text(float(x - y * sin), float(top + y * cos), line, how, align, angle, halo, role)
        for (line, how), y in zip(box.lines, box.baselines(), strict=True)
    ]
