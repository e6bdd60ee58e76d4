"""The places where a name could stand along a line."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from hetao_geo.cartography import policy
from hetao_geo.cartography.places import Places, join, plain
from hetao_geo.cartography.typesetting import DESCENT, TextBox

CAPITAL = 0.72
"""Height of a capital letter in font sizes."""


def along(
    box: TextBox, lines: BaseGeometry, pixel: float, *, half_width: float = 0.0, cost: float = 0.0
) -> Places:
    """Return places along lines, turned with them, beside them and never on them.

    Parameters
    ----------
    box : TextBox
        One line of text.
    lines : geometry
        What it names, in points, cut to the frame.
    pixel : float
        Points to a CSS pixel.
    half_width : float
        Half of the width of the line as drawn, in pixels.
    cost : float
        Added to the cost of each place.
    """
    sets = [
        _beside_line(box, part, pixel, half_width, cost)
        for part in shapely.get_parts(lines)
        if part.geom_type == "LineString" and part.length > box.width
    ]
    return join([s for s in sets if len(s)])


def _beside_line(
    box: TextBox, line: LineString, pixel: float, half_width: float, cost: float
) -> Places:
    step = max(1.5, line.length / 400)
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.arange(0, line.length, step))
    )
    span = int(np.ceil(box.width / step))
    count = len(points) - span
    if count < 1:
        return join(())
    start, end = points[:count], points[span:]
    chord = end - start
    length = np.hypot(*chord.T)
    unit = chord / np.maximum(length, 1e-9)[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])
    window = np.lib.stride_tricks.sliding_window_view(points, span + 1, axis=0)
    off = np.einsum("nik,ni->nk", window - start[:, :, None], normal)
    size = box.lines[0][1].size
    low, high = policy.line_clearance()
    slack = max(policy.path_bend() * size, 0.5 * (high - low) * pixel)
    middle = np.abs(np.arange(count) + span / 2 - len(points) / 2) * step / pixel
    sets = []
    turned = chord[:, 0] < -1e-9
    up = np.where(turned[:, None], -normal, normal)
    angle = np.degrees(np.arctan2(*np.where(turned[:, None], -unit, unit).T[::-1]))
    rise = np.where(turned, -off.min(axis=1), off.max(axis=1))
    fall = np.where(turned, off.max(axis=1), -off.min(axis=1))
    base = max(low, half_width + 2.5) * pixel
    # Above the line the base line, below it the tops of the capitals keep the distance.
    above = base + np.maximum(rise, 0) - DESCENT * size + box.height / 2
    below = base + np.maximum(fall, 0) - (box.height - (DESCENT + CAPITAL) * size) + box.height / 2
    for shift, bend, lower in ((above, rise, False), (-below, fall, True)):
        spread = np.maximum(rise, 0) + np.maximum(fall, 0)
        fits = (spread <= slack) & (length > 0.9 * box.width)
        at = (start + end) / 2 + up * shift[:, None]
        price = (
            cost
            + policy.cost("off-centre") * middle / 4
            + policy.cost("lower-side") * lower
            + policy.cost("tilt") * np.radians(np.abs(angle))
            + policy.cost("bend") * np.maximum(bend, 0) / pixel
        )
        sets.append(
            plain(
                (box,),
                np.zeros(int(fits.sum()), int),
                at[fits, 0],
                at[fits, 1],
                price[fits],
                angle[fits],
            )
        )
    return join(sets)
