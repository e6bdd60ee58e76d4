"""Find a place for each name: clear of the others, off the lines, as the label policy says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from hetao_geo.cartography import policy
from hetao_geo.cartography.places import Places
from hetao_geo.cartography.typesetting import TextBox

_ROUNDS = 6
_SWEEPS = 2
# Of each name the cheapest places, and of the others an even sample, are tried.
_CHEAPEST, _SAMPLE = 80, 120


@dataclass(frozen=True, eq=False)
class Label:
    """A name with all the places it could take."""

    id: str
    """What it names."""
    kind: str
    """Class of the label policy."""
    places: Places
    may_cover: Collection[str] = ()
    """Ids of shapes that it may stand on: its own, or the one that what it names lies in."""
    side: BaseGeometry | None = None
    """The territory that it should stand in."""
    missing: float | None = None
    """What it costs to leave it out; by default as its class says."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What stands on the map before any name does, in points."""

    frame: Polygon
    """No name leaves it."""
    pixel: float
    """Points to a CSS pixel."""
    taken: Sequence[BaseGeometry] = ()
    """No name touches these: symbols, inset, scale bar."""
    never: Sequence[BaseGeometry] = ()
    """Lines that no letters stand on: the boundary, edges of parks."""
    shapes: Mapping[str, BaseGeometry] = field(default_factory=dict)
    """Shapes that only their own names stand on, by id."""
    lines: Sequence[tuple[BaseGeometry, float]] = ()
    """Lines that a name may cover, with the cost of each."""
    boundary: BaseGeometry | None = None
    """A leader over it names the wrong side."""

    def closed_to(self, may_cover: Collection[str]) -> BaseGeometry:
        """Return where a name must not stand, except on the shapes `may_cover`."""
        key = frozenset(may_cover)
        if key not in self._closed:
            others = [shape for name, shape in self.shapes.items() if name not in key]
            closed = shapely.union_all([*self.taken, *self.never, *others])
            shapely.prepare(closed)
            self._closed[key] = closed
        return self._closed[key]

    @cached_property
    def _closed(self) -> dict[frozenset[str], BaseGeometry]:
        return {}

    @cached_property
    def tree(self) -> STRtree:
        """The lines by place."""
        return STRtree([line for line, _ in self.lines])


@dataclass(frozen=True)
class Placed:
    """A name at its place."""

    id: str
    kind: str
    box: TextBox
    x: float
    """Middle of the box."""
    y: float
    """Middle of the box."""
    angle: float
    """Degrees anticlockwise."""
    leader: LineString | None
    area: Polygon
    """The turned rectangle of the letters."""


def place(labels: Sequence[Label], scene: Scene) -> dict[str, Placed]:
    """Choose a place for each name in the order of the policy; what fits nowhere is left out.

    The name that is missed most goes first in a further round; the round with the least cost
    counts. In the end each name may move to a cheaper place that the others leave free.

    Parameters
    ----------
    labels : sequence of Label
        In any order.
    scene : Scene
        What else is on the map.

    Returns
    -------
    dict
        Id -> where the name stands.
    """
    rank = {name: row.rank for name, row in policy.classes().items()}
    weighed = [_weigh(label, scene) for label in labels if len(label.places)]
    order = sorted((w for w in weighed if len(w.cost)), key=lambda w: rank[w.label.kind])
    best: dict[str, int] = {}
    least, first = float("inf"), set[str]()
    for _ in range(_ROUNDS):
        chosen = _in_turn(order, {})
        left_out = [w for w in order if w.label.id not in chosen]
        total = _total(order, chosen)
        if total < least:
            best, least = chosen, total
        # The one that is missed most, of those that have not yet been first, goes first.
        waiting = [w for w in left_out if w.label.id not in first]
        if not waiting:
            break
        worst = max(waiting, key=lambda w: w.missing())
        first.add(worst.label.id)
        order = [worst, *(w for w in order if w is not worst)]
    for _ in range(_SWEEPS):
        for w in order:
            others = {key: n for key, n in best.items() if key != w.label.id}
            best = others | _in_turn([w], others, order)
    return {w.label.id: _placed(w, best[w.label.id]) for w in order if w.label.id in best}


@dataclass(frozen=True, eq=False)
class _Weighed:
    """A name with what each of its places costs before any other name stands."""

    label: Label
    places: Places
    areas: np.ndarray
    leaders: np.ndarray
    cost: np.ndarray

    def missing(self) -> float:
        row = policy.classes()[self.label.kind]
        return row.missing if self.label.missing is None else self.label.missing


def _weigh(label: Label, scene: Scene) -> _Weighed:
    places, pixel = label.places, scene.pixel
    areas = places.areas(0.5 * policy.clearance("label") * pixel)
    cost = places.cost.copy()
    inner = scene.frame.buffer(-policy.clearance("frame") * pixel, join_style="mitre")
    # Only the first geometry of a predicate is used prepared.
    shapely.prepare(inner)
    bad = ~shapely.covers(inner, areas)
    bad |= shapely.intersects(scene.closed_to(label.may_cover), areas)
    bad |= _hit(places.leader, scene.taken)
    keep = np.flatnonzero(~bad)
    keep = keep[_sample(cost[keep], 4)]
    places, areas, cost = places.take(keep), areas[keep], cost[keep]
    if scene.lines:
        cost += _covered(scene, areas)
        cost += policy.cost("leader-crossing") * _crossings(scene, places.leader)
    if label.side is not None:
        shapely.prepare(label.side)
        middle = shapely.points(places.x, places.y)
        cost += policy.cost("wrong-side") * ~shapely.contains(label.side, middle)
    if scene.boundary is not None:
        over = shapely.crosses(places.leader, scene.boundary)
        cost += policy.cost("wrong-side") * over
    index = _sample(cost)
    return _Weighed(label, places.take(index), areas[index], places.leader[index], cost[index])


def _sample(cost: np.ndarray, times: int = 1) -> np.ndarray:
    """Return the cheapest places and an even sample of the others, the cheapest first."""
    order: np.ndarray = np.argsort(cost, kind="stable")
    cheapest, sample = _CHEAPEST * times, _SAMPLE * times
    if len(order) <= cheapest + sample:
        return order
    rest = np.linspace(cheapest, len(order) - 1, sample).astype(int)
    return np.concatenate([order[:cheapest], order[rest]])


def _in_turn(
    labels: Sequence[_Weighed],
    chosen: Mapping[str, int],
    everyone: Sequence[_Weighed] = (),
) -> dict[str, int]:
    """Return the cheapest free place of each name, one after the other."""
    known = {w.label.id: w for w in (*everyone, *labels)}
    taken = [g for key, n in chosen.items() for g in _filled(known[key], n)]
    out: dict[str, int] = {}
    for w in labels:
        cost = w.cost
        if taken:
            hit, tree = np.zeros(len(cost), bool), STRtree(taken)
            hit[tree.query(w.areas, predicate="intersects")[0]] = True
            led = np.flatnonzero(w.leaders != None)  # noqa: E711 - compares each element
            if len(led):
                hit[led[tree.query(w.leaders[led], predicate="intersects")[0]]] = True
            cost = np.where(hit, np.inf, cost)
        number = int(cost.argmin())
        if np.isfinite(cost[number]) and cost[number] < w.missing():
            out[w.label.id] = number
            taken += _filled(w, number)
    return out


def _filled(w: _Weighed, number: int) -> list[BaseGeometry]:
    leader = w.leaders[number]
    return [w.areas[number]] if leader is None else [w.areas[number], leader.buffer(1.0)]


def _total(order: Sequence[_Weighed], chosen: Mapping[str, int]) -> float:
    return float(
        sum(w.cost[chosen[w.label.id]] if w.label.id in chosen else w.missing() for w in order)
    )


def _placed(w: _Weighed, number: int) -> Placed:
    places = w.places
    return Placed(
        id=w.label.id,
        kind=w.label.kind,
        box=places.boxes[places.box[number]],
        x=float(places.x[number]),
        y=float(places.y[number]),
        angle=float(places.angle[number]),
        leader=places.leader[number],
        area=places.take(np.array([number])).areas(0.0)[0],
    )


def _hit(leaders: np.ndarray, taken: Sequence[BaseGeometry]) -> np.ndarray:
    """Say which leaders run through what is taken, save where they begin at a symbol."""
    out, led = np.zeros(len(leaders), bool), np.flatnonzero(leaders != None)  # noqa: E711
    if len(led) and taken:
        within = shapely.intersection(leaders[led], shapely.union_all(list(taken)))
        out[led] = shapely.length(within) > 1.0
    return out


def _covered(scene: Scene, areas: np.ndarray) -> np.ndarray:
    """Return what the lines cost that each name would cover."""
    prices = np.array([price for _, price in scene.lines])
    rows, lines = scene.tree.query(areas, predicate="intersects")
    total: np.ndarray = np.bincount(rows, prices[lines], len(areas))
    return total


def _crossings(scene: Scene, leaders: np.ndarray) -> np.ndarray:
    """Count the lines that each leader crosses, save minor roads and edges of wetland."""
    out = np.zeros(len(leaders))
    led = np.flatnonzero(leaders != None)  # noqa: E711 - compares each element
    if len(led):
        prices = np.array([price for _, price in scene.lines])
        rows, lines = scene.tree.query(leaders[led], predicate="intersects")
        out[led] = np.bincount(rows, prices[lines] > 1, len(led))
    return out
