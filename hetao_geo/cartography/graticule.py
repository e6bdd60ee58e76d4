"""Meridians and parallels as ticks on the frame and crosses inside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPoint

from hetao_geo.cartography.frame import Frame, from_grid

_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_METRES_PER_DEGREE = 111_195  # of latitude on the sphere; a step need not be more exact


@dataclass(frozen=True)
class Tick:
    """Where a meridian or parallel meets the frame."""

    degrees: float
    at: float
    """Along the edge, on the drawing in points."""


def step(frame: Frame, least: float) -> float:
    """Return the smallest round step in degrees whose lines are `least` points apart or more."""
    metres = least / frame.points_per_metre
    return next((s for s in _STEPS if s * _METRES_PER_DEGREE * 0.92 >= metres), _STEPS[-1])


def decimals(degrees: float) -> int:
    """Return how many decimals tell lines apart that are so many degrees apart, at least two.

    Examples
    --------
    >>> decimals(0.02), decimals(0.005)
    (2, 3)
    """
    return max(2, math.ceil(-math.log10(degrees) - 1e-9))


def meridians(frame: Frame, degrees: float) -> list[Tick]:
    """Return where meridians, `degrees` apart, meet the lower edge."""
    share = np.linspace(0, 1, 101)
    east = frame.west + share * frame.ground_width
    along = from_grid(east, np.full_like(east, frame.south), frame.crs)[0]
    return _ticks(along, degrees, frame.left, frame.width)


def parallels(frame: Frame, degrees: float) -> list[Tick]:
    """Return where parallels, `degrees` apart, meet the left edge."""
    share = np.linspace(0, 1, 101)
    north = frame.south + share * frame.ground_height
    along = from_grid(np.full_like(north, frame.west), north, frame.crs)[1]
    return _ticks(along, degrees, frame.bottom, frame.height)


def crosses(frame: Frame, degrees: float) -> list[tuple[float, float]]:
    """Return where meridians and parallels meet inside the frame, in points."""
    columns, rows = meridians(frame, degrees), parallels(frame, degrees)
    places = MultiPoint([(column.degrees, row.degrees) for column in columns for row in rows])
    return [tuple(xy) for xy in shapely.get_coordinates(frame.project(places)).tolist()]


def _ticks(along: np.ndarray, degrees: float, start: float, length: float) -> list[Tick]:
    # An edge is straight in the grid and all but straight in degrees: with a hundred pieces it is
    # exact to a millimetre on the ground.
    low, high = int(np.ceil(along[0] / degrees)), int(np.floor(along[-1] / degrees))
    values = [round(n * degrees, 6) for n in range(low, high + 1)]
    share = np.linspace(0, 1, len(along))
    return [Tick(v, start + length * float(np.interp(v, along, share))) for v in values]
