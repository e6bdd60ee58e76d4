"""The locator: where the zone lies in the Greater Bay Area, and how large the four zones are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hetao_geo import text
from hetao_geo.webmap import payload
from hetao_geo.webmap.translation import Words

# Size of the drawing and free space around its points, in pixels: the names need it.
_WIDTH, _HEIGHT = 212, 112
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 40, 10, 12
# Length of one degree of latitude on the sphere.
_KM_PER_DEGREE = 111.2

# Names that must not stand to the right of their mark, because a neighbour is there: the side
# (-1 left) and how far down, in lines.
_ASIDE = {
    "qianhai": (-1, 0.7),
    "hengqin": (-1, 0.5),
    "zhuhai": (-1, -0.2),
    "macao": (1, 0.3),
    "foshan": (1, 0.5),
    "shenzhen": (1, -0.8),
    "hetao": (1, 0.2),
    "jiangmen": (-1, 0.0),
    "zhongshan": (-1, 0.8),
    "guangzhou": (1, -0.3),
    "hong-kong": (1, 0.4),
}


@dataclass(frozen=True)
class ZoneSize:
    """One cooperation zone."""

    name: Words
    area: str
    """Square kilometres, with the digits that its source gives."""
    date: str
    radius: float
    """Of its circle, in proportion to the root of the area."""
    times: str
    """Area as a multiple of the smallest zone."""


@dataclass(frozen=True)
class Mark:
    """A city or a zone on the locator, in pixels."""

    name: Words
    kind: str
    x: float
    y: float
    radius: float
    side: int
    """1: the name stands to the right, -1: to the left."""
    drop: float

    @property
    def text_x(self) -> float:
        """Where the name begins or ends."""
        return self.x + self.side * (self.radius + 2.5)

    @property
    def text_y(self) -> float:
        """The baseline of the name."""
        return self.y + 3 + 9 * self.drop


@dataclass(frozen=True)
class Inset:
    """The locator drawing."""

    width: int
    height: int
    marks: tuple[Mark, ...]


def zone_sizes(features: Sequence[Any]) -> list[ZoneSize]:
    """Return the zones, the largest first."""
    zones = sorted(
        (one for one in features if one.properties["kind"] == "cooperation-zone"),
        key=lambda one: -one.properties["area_km2"],
    )
    if not zones:
        return []
    areas = [float(one.properties["area_km2"]) for one in zones]
    return [
        ZoneSize(
            name=payload.names(one),
            area=text.number(km2, len(f"{km2:g}".partition(".")[2])),
            date=one.properties["area_date"],
            radius=28 * math.sqrt(km2 / areas[0]),
            times=text.number(km2 / areas[-1], 0),
        )
        for one, km2 in zip(zones, areas, strict=True)
    ]


def inset(features: Sequence[Any]) -> Inset:
    """Place cities and zones; a zone's circle has the zone's area at the scale of the drawing."""
    xs, ys = [one.geometry.x for one in features], [one.geometry.y for one in features]
    shrink = math.cos(math.radians((min(ys) + max(ys)) / 2))
    wide, high = (max(xs) - min(xs)) * shrink, max(ys) - min(ys)
    scale = min((_WIDTH - _LEFT - _RIGHT) / wide, (_HEIGHT - _TOP - _BOTTOM) / high)

    def mark(one: Any) -> Mark:
        side, drop = _ASIDE.get(one.id, (1, 0.0))
        km2 = one.properties.get("area_km2")
        radius = math.sqrt(km2 / math.pi) * scale / _KM_PER_DEGREE if km2 else 1.5
        return Mark(
            name=payload.names(one),
            kind=one.properties["kind"],
            x=_LEFT + (one.geometry.x - min(xs)) * shrink * scale,
            y=_TOP + (max(ys) - one.geometry.y) * scale,
            # The smallest zone would vanish.
            radius=max(radius, 1.5),
            side=side,
            drop=drop,
        )

    return Inset(_WIDTH, _HEIGHT, tuple(mark(one) for one in features))
