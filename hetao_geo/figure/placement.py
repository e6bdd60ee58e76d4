"""Find a place for each label: inside the frame, clear of the others, off the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from hetao_geo.figure.typesetting import Block

GAP = 1.2
"""Clear space around a label in points."""
_ROUNDS = 24
_CROSSED = 3.0
"""What a crossing of a line by a leader costs, in points of length covered."""


@dataclass(frozen=True)
class Candidate:
    """One way to set a label, in page points."""

    block: Block
    x: float
    """Middle of the block."""
    y: float
    """Middle of the block."""
    cost: float = 0.0
    """How much less it is liked than the best."""
    angle: float = 0.0
    """Degrees anticlockwise."""
    leader: LineString | None = None
    """Line from the label to what it names, where it stands aside."""
    dot: bool = False
    """Whether the leader ends in a dot: inside a shape."""

    @cached_property
    def area(self) -> Polygon:
        """The turned rectangle that the text fills."""
        w, h = self.block.width / 2 + GAP / 2, self.block.height / 2
        if not self.angle:
            return box(self.x - w, self.y - h, self.x + w, self.y + h)
        turn = np.radians(self.angle)
        along, up = (
            w * np.array([np.cos(turn), np.sin(turn)]),
            h * np.array([-np.sin(turn), np.cos(turn)]),
        )
        middle = np.array([self.x, self.y])
        return Polygon(
            [middle - along - up, middle + along - up, middle + along + up, middle - along + up]
        )


@dataclass(frozen=True)
class Label:
    """A label with all the places it could take."""

    name: str
    candidates: tuple[Candidate, ...]
    missed: float = 1000.0
    """What it costs to leave it out."""


@dataclass(frozen=True)
class Obstacle:
    """Something that a label should rather not cover."""

    geometry: BaseGeometry
    weight: float
    """Cost of a point of length, or of a square point of area, that is covered."""


def place(
    labels: Sequence[Label],
    *,
    frame: Polygon,
    taken: Sequence[BaseGeometry],
    obstacles: Sequence[Obstacle],
) -> dict[str, Candidate]:
    """Choose a place for each label in turn; one that fits nowhere is left out.

    Parameters
    ----------
    labels : sequence of Label
        The most important first: it takes its place before the others. Those that found none
        go first in a further round; the round with the least cost counts.
    frame : Polygon
        No label leaves it.
    taken : sequence of geometry
        No label touches these: symbols, other furniture.
    obstacles : sequence of Obstacle
        What a label may cover, at a cost.

    Returns
    -------
    dict
        Name -> chosen candidate.
    """
    order = [_weigh(label, frame, obstacles) for label in labels if label.candidates]
    best, least = {}, float("inf")
    for _ in range(_ROUNDS):
        chosen = _in_turn(order, taken)
        left_out = [one for one in order if one.label.name not in chosen]
        cost = sum(c.cost for c in chosen.values()) + sum(one.label.missed for one in left_out)
        if cost < least:
            best, least = chosen, cost
        if not left_out:
            break
        order = left_out + [one for one in order if one.label.name in chosen]
    return best


@dataclass(frozen=True)
class _Weighed:
    """A label with what each of its places costs before any other label stands."""

    label: Label
    areas: np.ndarray
    leaders: np.ndarray
    cost: np.ndarray


def _weigh(label: Label, frame: Polygon, obstacles: Sequence[Obstacle]) -> _Weighed:
    areas = np.array([c.area for c in label.candidates], dtype=object)
    leaders = np.array([c.leader for c in label.candidates], dtype=object)
    cost = np.array([c.cost for c in label.candidates], dtype=float)
    for obstacle in obstacles:
        cost += obstacle.weight * _covered(areas, obstacle.geometry)
        cost += obstacle.weight * _CROSSED * _crossed(leaders, obstacle.geometry)
    cost[~shapely.covered_by(areas, frame)] = np.inf
    return _Weighed(label, areas, leaders, cost)


def _in_turn(labels: Sequence[_Weighed], taken: Sequence[BaseGeometry]) -> dict[str, Candidate]:
    taken, chosen = list(taken), {}
    for one in labels:
        full = shapely.union_all(taken)
        shapely.prepare(full)
        hit = shapely.intersects(one.areas, full) | shapely.intersects(one.leaders, full)
        cost = np.where(hit, np.inf, one.cost)
        number = int(cost.argmin())
        if not np.isfinite(cost[number]):
            continue
        best = replace(one.label.candidates[number], cost=float(cost[number]))
        chosen[one.label.name] = best
        taken.append(best.area.buffer(GAP))
        taken += [best.leader.buffer(GAP / 2)] if best.leader else []
    return chosen


def _crossed(leaders: np.ndarray, geometry: BaseGeometry) -> np.ndarray:
    """Count how often each leader crosses a line; none where there is no leader."""
    shapely.prepare(geometry)
    out = np.zeros(len(leaders))
    hit = shapely.intersects(leaders, geometry)
    out[hit] = shapely.get_num_geometries(shapely.intersection(leaders[hit], geometry))
    return out


def _covered(areas: np.ndarray, geometry: BaseGeometry) -> np.ndarray:
    shapely.prepare(geometry)
    hit = shapely.intersects(areas, geometry)
    out = np.zeros(len(areas))
    common = shapely.intersection(areas[hit], geometry)
    out[hit] = shapely.area(common) + shapely.length(common) * (shapely.area(common) == 0)
    return out
