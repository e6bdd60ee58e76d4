"""The map as one SVG drawing: the picture of readers without scripts, which the scripts then move.

Paths are written once, in whole units of Web Mercator; the page scales the whole drawing. Widths
of lines are pixels at every scale, but the bands of accuracy are as wide as on the ground.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hetao_geo.webmap import payload

Points = NDArray[np.float64]
"""Positions, one row each: x and y."""
Shape = tuple[str, "tuple[int, int] | None", bool, tuple[str, ...]]
"""Path data, their origin, whether the line is as wide as on the ground, and what it shows."""

WIDTH = 900
"""Of the picture, in pixels."""
# Free ground around the parks, as a share of their width.
_MARGIN = 0.09
# A unit is the width of the world through two to this power: 1.1 m at the zone, where no edge is
# known better than 12 m. Polygons of a reader's own are drawn to 2 mm.
_LEVEL, _FINE_LEVEL = 25, 34
_MOST_BITS = 22
_EQUATOR = 40_075_016.686
# How far a Catmull-Rom curve leans on its neighbours.
_TENSION = 0.3
# Where the data end, a road goes on: it fades over this many metres, in as many steps.
_FADE, _FADE_STEPS = 320.0, 4
# How far north of the boundary its northern side is tinted, in degrees.
_NORTHWARD = 0.2
# Accuracy in metres from which a stretch of the boundary is drawn as known less well.
_VAGUE = 100
# With more polygons than this their names in the picture stand at any point inside.
_FEW = 8
_LENGTHS = (100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)


@dataclass(frozen=True)
class Path:
    """One path of the drawing."""

    classes: str
    data: str
    feature: str | None = None
    """Id of the feature that it shows, if it can be chosen."""
    width: float | None = None
    """Width of a line that is as wide as on the ground, in units."""
    offset: tuple[int, int] | None = None
    """Where its coordinates begin, in units; None at the origin of the drawing."""

    shows: tuple[str, ...] = ()
    """Ids of the features that its lines are, in order, where each is one."""

    @property
    def shape(self) -> Shape | None:
        """What is drawn, apart from how: written once for several paths, if nobody chooses it."""
        return (
            None if self.feature else (self.data, self.offset, self.width is not None, self.shows)
        )


@dataclass(frozen=True)
class Mark:
    """A point symbol, in units."""

    kind: str
    x: int
    y: int
    feature: str


@dataclass(frozen=True)
class Group:
    """Paths and marks of one layer, drawn above those of the group before."""

    layer: str
    classes: str
    shown: bool
    paths: tuple[Path, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Name:
    """A name in the picture, in pixels."""

    words: dict[str, str]
    classes: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """The whole drawing."""

    frame: Frame
    groups: tuple[Group, ...]
    shapes: dict[Shape, str]
    """Ids of the shapes that several paths have."""
    names: tuple[Name, ...]
    scale_text: str
    scale_width: float


@dataclass(frozen=True)
class Frame:
    """From degrees to units, and from units to pixels of the picture."""

    level: int
    """The width of the world is two to this power units."""
    x: int
    """Of the origin of the drawing: its upper left corner, in units from the date line."""
    y: int
    """Of the origin, in units from the northern edge of the Web Mercator square."""
    per_unit: float
    """Pixels of the picture to a unit."""
    height: int
    """Of the picture, in pixels."""
    finer: int
    """Units of a path's own to one of the drawing, each path then having an origin of its own: far
    from the common one a screen would round, and Chromium cuts coordinates off at 2**25. 0 if the
    paths are in units of the drawing."""

    def units(self, geometry: Any) -> Points:
        """Return the positions of a geometry, in units from the origin."""
        return project(shapely.get_coordinates(geometry), self.level) - (self.x, self.y)

    def metre(self, geometry: Any) -> float:
        """Return the units to a metre on the ground at a geometry."""
        _, south, _, north = shapely.bounds(geometry)
        return float(2**self.level / (_EQUATOR * math.cos(math.radians((south + north) / 2))))

    def path(self, classes: str, points: Points, **options: Any) -> Path:
        """Return a path through positions."""
        points, offset = self.local(points)
        closed, smooth = options.pop("closed", False), options.pop("smooth", False)
        if options.get("width"):
            options["width"] = round(options["width"] * (self.finer or 1))
        data = write(points, closed=closed, smooth=smooth)
        return Path(classes, data, offset=offset, **options)

    def local(
        self, points: Points, offset: tuple[int, int] | None = None
    ) -> tuple[Points, tuple[int, int] | None]:
        """Return positions in the units of a path that begins at `offset`, else at the first."""
        if not self.finer or not len(points):
            return points, None
        x, y = offset or np.rint(points[0]).astype(int).tolist()
        return (points - (x, y)) * self.finer, (x, y)

    def lines(
        self,
        classes: str,
        lines: Sequence[Points],
        features: Sequence[Any] = (),
        *,
        smooth: bool = False,
    ) -> Path:
        """Return one path through several lines."""
        offset = self.local(lines[0])[1]
        data = "".join(write(self.local(line, offset)[0], smooth=smooth) for line in lines)
        return Path(classes, data, offset=offset, shows=tuple(one.id for one in features))

    def pixel(self, geometry: Any) -> tuple[int, int]:
        """Return the place of a point in the picture."""
        x, y = self.units(geometry)[0] * self.per_unit
        return round(x), round(y)


def project(positions: Points, level: int) -> Points:
    """Project longitudes and latitudes in degrees to Web Mercator, in units of 2**-level worlds."""
    lon, lat = positions[:, 0], np.radians(np.clip(positions[:, 1], -85.0511, 85.0511))
    north = np.log(np.tan(np.pi / 4 + lat / 2))
    return np.column_stack([(lon + 180) / 360, 0.5 - north / (2 * np.pi)]) * 2.0**level


def write(points: Points, *, closed: bool = False, smooth: bool = False) -> str:
    """Write SVG path data through positions, in whole numbers from one to the next.

    `smooth`: as a Catmull-Rom curve (Catmull and Rom 1974) in Bezier pieces.

    Examples
    --------
    >>> write(np.array([[10, 20], [30, 20], [30, 45.4]]), closed=True)
    'M10 20l20 0 0 25z'
    """
    whole = np.rint(points).astype(np.int64)
    steps = np.diff(whole, axis=0)
    if closed and len(whole) > 1 and (whole[0] == whole[-1]).all():
        steps = steps[:-1]
    start = f"M{_pair(whole[0])}"
    if not smooth or len(whole) < 3:
        rows = [_pair(step) for step in steps if step.any()]
        return _tight(f"{start}l{' '.join(rows)}") + "z" * closed
    padded = np.vstack([points[:1], points, points[-1:]])
    lean = np.rint(_TENSION * (padded[2:] - padded[:-2]) / 3).astype(np.int64)
    pieces = zip(lean[:-1], steps - lean[1:], steps, strict=True)
    return _tight(f"{start}c{' '.join(' '.join(map(_pair, piece)) for piece in pieces)}")


def _pair(step: Any) -> str:
    return f"{int(step[0])} {int(step[1])}"


def _tight(data: str) -> str:
    # A minus sign parts two numbers as a space does.
    return data.replace(" -", "-")


def draw(data: payload.Payload) -> Drawing:
    """Draw the parks and what lies around them."""
    frame = _frame(data)
    middle = shapely.box(*data.bounds)
    metres = 1 / (frame.per_unit * frame.metre(middle))
    length = max(one for one in _LENGTHS if one / metres < 200 or one == _LENGTHS[0])
    groups = tuple(_groups(data, frame))
    return Drawing(
        frame=frame,
        groups=groups,
        shapes=_shared(groups),
        names=tuple(_names(data, frame)),
        scale_text=f"{length / 1000:g} km" if length >= 1000 else f"{length} m",
        scale_width=round(length / metres, 1),
    )


def _shared(groups: Sequence[Group]) -> dict[Shape, str]:
    shapes = [path.shape for group in groups for path in group.paths]
    count = Counter(shape for shape in shapes if shape)
    common = [shape for shape, times in count.items() if times > 1]
    return {shape: f"p{number}" for number, shape in enumerate(common)}


def _frame(data: payload.Payload) -> Frame:
    level, finer = _LEVEL, 0
    west, south, east, north = data.bounds
    (left, top), (right, bottom) = project(np.array([[west, north], [east, south]]), level)
    if data.user_file is not None:
        # Half of what a coordinate may be, for the window is larger than the polygons.
        widest = max(right - left, bottom - top, 1e-3)
        shift = min(_FINE_LEVEL - level, math.floor(_MOST_BITS - math.log2(widest)))
        left, top, right, bottom = (value * 2.0**shift for value in (left, top, right, bottom))
        level += shift
        finer = 2 ** (_FINE_LEVEL - level)
    edge = max((right - left) * _MARGIN, 2**level / 360 * 1e-4)
    per_unit = WIDTH / (right - left + 2 * edge)
    height = min(round((bottom - top + 2 * edge) * per_unit), 2 * WIDTH)
    return Frame(level, round(left - edge), round(top - edge), per_unit, height, finer)


def _groups(data: payload.Payload, frame: Frame) -> Iterator[Group]:
    territory = _territory(data, frame)
    if territory is not None:
        yield Group("boundary", "hz-territory", True, (territory,))
    for layer in data.layers:
        writer = _WRITERS.get(layer.key)
        if writer is not None:
            for classes, content in writer(data, frame, layer.features):
                paths = tuple(one for one in content if isinstance(one, Path))
                marks = tuple(one for one in content if isinstance(one, Mark))
                yield Group(layer.key, classes, layer.shown, paths, marks)


def _territory(data: payload.Payload, frame: Frame) -> Path | None:
    # The land north of the boundary, as far as the boundary is drawn.
    lines = [one.geometry for one in data.features("boundary")]
    whole = shapely.line_merge(shapely.union_all(lines)) if lines else None
    if whole is None or whole.geom_type != "LineString":
        return None
    points = shapely.get_coordinates(whole)
    points = points if points[0, 0] < points[-1, 0] else points[::-1]
    north = points[:, 1].max() + _NORTHWARD
    ring = np.vstack([points, [points[-1, 0], north], [points[0, 0], north], points[:1]])
    return frame.path("", frame.units(shapely.LineString(ring)), closed=True)


Content = Iterator[tuple[str, list[Path | Mark]]]


def _rings(geometry: Any) -> Iterator[Any]:
    for part in payload.lines(geometry):
        yield from part


def _area(frame: Frame, classes: str, feature: Any, *, choose: bool = False) -> Path:
    rings = [frame.units(ring) for ring in _rings(feature.geometry)]
    first = frame.path(classes, rings[0], closed=True, feature=feature.id if choose else None)
    more = [write(frame.local(ring, first.offset)[0], closed=True) for ring in rings[1:]]
    shows = () if choose else (feature.id,)
    return replace(first, data=first.data + "".join(more), shows=shows)


def _nature(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    yield "", [_area(frame, f"hz-area hz-role-{one.properties['role']}", one) for one in features]


def _water(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    # The bank lies under all fills, so that none parts the bay from the river.
    banks = [
        line
        for one in features
        for line in _shores(frame.units(one.geometry), one.properties.get("frame_sides") or [])
    ]
    yield "", [frame.lines("hz-line hz-bank", banks)]
    yield "", [_area(frame, "hz-area hz-role-water", one, choose=True) for one in features]


def _shores(ring: Points, ends: Sequence[Sequence[int]]) -> Iterator[Points]:
    # The outline without the sides at which the data, not the water, end.
    start = 0
    for first, last in sorted(tuple(end) for end in ends):
        if first > start:
            yield ring[start : first + 1]
        start = last
    if start < len(ring) - 1:
        yield ring[start:]


def _roads(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    by_role: dict[str, list[Any]] = {}
    for one in features:
        by_role.setdefault(one.properties["role"], []).append(one)
    yield "hz-line hz-role-stream", _fading(frame, by_role.pop("stream", []))
    for kind in ("casing", "role"):
        for role in sorted(by_role, key=_ROADS.index):
            yield f"hz-line hz-{kind}-{role}", _fading(frame, by_role[role])


_ROADS = ["road-minor", "road-major", "road"]


def _fading(frame: Frame, features: Sequence[Any]) -> list[Path | Mark]:
    # A line whose data end before the line does fades out instead of being capped.
    lines, tails = [], []
    for one in features:
        points, reach = frame.units(one.geometry), _FADE * frame.metre(one.geometry)
        for end in one.properties.get("open_ends") or []:
            points = points[::-1] if end == "start" else points
            points, tail = _cut(points, reach)
            tails.append(tail)
            points = points[::-1] if end == "start" else points
        lines.append(points)
    paths: list[Path | Mark] = [frame.lines("", lines, features, smooth=True)] if lines else []
    for number in range(_FADE_STEPS if tails else 0):
        steps = [tail[number : number + 2] for tail in tails]
        paths.append(frame.lines(f"hz-fade-{number + 1}", steps))
    return paths


def _cut(points: Points, reach: float) -> tuple[Points, Points]:
    # The line without its last `reach`, or the last third of its last side, and that in steps.
    side = points[-1] - points[-2]
    share = min(reach / float(np.hypot(*side)), 1 / 3)
    start = points[-1] - share * side
    steps = np.linspace(0, 1, _FADE_STEPS + 1)[:, None]
    return np.vstack([points[:-1], start]), start + steps * share * side


def _railways(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    for role in ("railway", "railway-schematic"):
        rows = [one for one in features if one.properties["role"] == role]
        if rows:
            yield f"hz-line hz-role-{role}", _fading(frame, rows)


def _interpretations(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    rings = [frame.units(ring) for one in features for ring in _rings(one.geometry)]
    if rings:
        yield "", [frame.lines("hz-line hz-role-interpretation", rings)]


def outlines(data: payload.Payload) -> list[Any]:
    """Return the parts, and the parks that have none: the shapes whose edges a reader sees."""
    parts = data.features("parts")
    whole = {part.properties.get("park") for part in parts}
    return [*(park for park in data.features("parks") if park.id not in whole), *parts]


def _lines_of(frame: Frame, feature: Any) -> Iterator[tuple[Points, float, bool]]:
    # The sides of a shape, else its rings, with their accuracy in metres, where it is known, and
    # whether they are closed.
    sides, rings = feature.properties.get("sides"), list(_rings(feature.geometry))
    if sides:
        ring = frame.units(rings.pop(0))
        for side in _merged(sides):
            if side["accuracy_m"]:
                yield ring[side["line"][0] : side["line"][1] + 1], side["accuracy_m"], False
    if feature.properties["accuracy_m"]:
        accuracy = feature.properties["accuracy_m"]
        yield from ((frame.units(ring), accuracy, True) for ring in rings)


def _merged(sides: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    # Neighbours of one accuracy are one line.
    whole: dict[str, Any] | None = None
    for side in sides:
        start, end = side["line"]
        if whole and whole["accuracy_m"] == side["accuracy_m"] and whole["line"][1] == start:
            whole = {**whole, "line": [whole["line"][0], end]}
            continue
        if whole:
            yield whole
        whole = side
    if whole:
        yield whole


def _tone(feature: Any) -> str:
    return str(feature.properties.get("park") or feature.properties["role"])


def _accuracy(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    for times in (2, 1):
        paths: list[Path | Mark] = []
        for one in outlines(data):
            metre, classes = frame.metre(one.geometry), f"hz-tone-{_tone(one)}"
            for line, accuracy, closed in _lines_of(frame, one):
                width = accuracy * times * metre
                paths.append(frame.path(classes, line, width=width, closed=closed))
        for one in data.features("boundary"):
            if one.properties["accuracy_m"] >= _VAGUE:
                width = round(one.properties["accuracy_m"] * times * frame.metre(one.geometry))
                line = frame.units(one.geometry)
                paths.append(frame.path("hz-tone-boundary", line, width=width))
        yield f"hz-bands hz-bands-{times}", paths


def _parks(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    fills = [
        _area(frame, f"hz-area hz-feature hz-role-{one.properties['role']}", one, choose=True)
        for one in features
    ]
    yield "", [*fills]
    yield "hz-edges", [path for one in features for path in _edges(frame, one)]


def _edges(frame: Frame, feature: Any) -> list[Path]:
    role, rings = feature.properties["role"], list(_rings(feature.geometry))
    ring, sides = frame.units(rings[0]), feature.properties.get("sides")
    classes = f"hz-line hz-role-{role}"
    if not sides:
        return [frame.path(classes, frame.units(one), closed=True) for one in rings]
    paths = []
    for inferred, first, last in _runs(sides):
        dashed = " hz-role-inferred" if inferred else ""
        paths.append(frame.path(classes + dashed, ring[first : last + 1]))
    return paths + [frame.path(classes, frame.units(one), closed=True) for one in rings[1:]]


def _runs(sides: Sequence[dict[str, Any]]) -> Iterator[tuple[bool, int, int]]:
    # Neighbours of one kind are one line, so that its dashes go on.
    first, last = sides[0]["line"]
    inferred = bool(sides[0].get("inferred"))
    for side in sides[1:]:
        start, end = side["line"]
        if bool(side.get("inferred")) == inferred and start == last:
            last = end
            continue
        yield inferred, first, last
        inferred, first, last = bool(side.get("inferred")), start, end
    yield inferred, first, last


def _parts(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    yield (
        "",
        [_area(frame, "hz-area hz-feature hz-role-part", one, choose=True) for one in features],
    )
    shared = [
        shapely.intersection(one.geometry, other.geometry)
        for index, one in enumerate(features)
        for other in features[index + 1 :]
    ]
    lines = [part for one in shared for part in shapely.get_parts(shapely.line_merge(one))]
    yield (
        "",
        [frame.path("hz-line hz-role-part", frame.units(one)) for one in lines if one.length > 0],
    )


def _boundary(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    lines = [(one, frame.units(one.geometry)) for one in features]
    vague = {one.id: " hz-vague" * (one.properties["accuracy_m"] >= _VAGUE) for one in features}
    yield "", [frame.path("hz-line hz-halo-boundary", line) for _, line in lines]
    yield "", [frame.path(f"hz-line hz-role-boundary{vague[one.id]}", p) for one, p in lines]
    hits = [frame.path("hz-feature hz-hit-line", line, feature=one.id) for one, line in lines]
    yield "", [*hits]


def _crossings(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    by_id = {one.id: one for one in features}
    links = []
    for one in features:
        other = by_id.get(one.properties.get("pair"))
        if other is not None and one.id < other.id:
            ends = np.vstack([frame.units(one.geometry), frame.units(other.geometry)])
            links.append(frame.path("hz-line hz-role-crossing-link", ends))
    yield "", [*links]
    yield "", [_mark(frame, "crossing", one) for one in features]


def _stations(data: payload.Payload, frame: Frame, features: Sequence[Any]) -> Content:
    yield "", [_mark(frame, "station", one) for one in features]


def _mark(frame: Frame, kind: str, feature: Any) -> Mark:
    x, y = np.rint(frame.units(feature.geometry)[0])
    return Mark(kind, int(x), int(y), feature.id)


_WRITERS = {
    "nature": _nature,
    "river": _water,
    "roads": _roads,
    "railways": _railways,
    "interpretations": _interpretations,
    "accuracy": _accuracy,
    "parks": _parks,
    "parts": _parts,
    "boundary": _boundary,
    "stations": _stations,
    "crossings": _crossings,
}


def _names(data: payload.Payload, frame: Frame) -> Iterable[Name]:
    shapes = outlines(data)
    for one in shapes:
        # The middle of the largest circle inside, so that the name has room: 20 ms each, which is
        # too much for many.
        middle = (
            shapely.get_point(shapely.maximum_inscribed_circle(one.geometry), 0)
            if len(shapes) <= _FEW
            else shapely.point_on_surface(one.geometry)
        )
        x, y = frame.pixel(middle)
        yield Name(payload.names(one), f"hz-main hz-text-{_tone(one)}", x, y + 4, "middle")
    for one in data.features("crossings"):
        x, y = frame.pixel(one.geometry)
        if 0 < x < WIDTH and 0 < y < frame.height:
            side = "end" if one.properties.get("side") == "shenzhen" else "start"
            yield Name(payload.names(one), "", x + (-10 if side == "end" else 10), y + 4, side)
