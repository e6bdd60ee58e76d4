"""The result of a comparison, and the rule that gives its verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hetao_geo import datum
from hetao_geo.text import html, printable

if TYPE_CHECKING:
    import pandas

    from hetao_geo.catalog import Feature
    from hetao_geo.comparison.pairing import Match

SAME, AGREES, DIFFERS = VERDICTS = "same", "agrees within accuracy", "differs"
# Outlines nowhere farther apart than this are the same: numbers written with fewer digits.
SAME_M = 0.02
# Of the outlines, this share may lie beyond two standard errors: what the normal law expects.
EXPECTED_BEYOND = 0.05


@dataclass(frozen=True)
class Side:
    """One side of the first polygon, and how far the second one is from it."""

    limit: str
    """What the side follows; empty where nobody says."""
    accuracy_m: float
    """Joint accuracy of both outlines there, metres."""
    mean_m: float
    """Mean distance of the second outline along it, metres."""
    max_m: float
    """Largest distance, metres."""

    @property
    def differs(self) -> bool:
        """Whether the mean lies beyond two standard errors, or a place beyond three."""
        return self.mean_m > 2 * self.accuracy_m or self.max_m > 3 * self.accuracy_m


@dataclass(frozen=True)
class Pair:
    """Two polygons that answer to each other; areas in km2, lengths in metres."""

    id: str
    """Id in the first set."""
    other_id: str
    """Id in the second set."""
    matched_by: str
    """``id``, ``name`` or ``overlap``."""
    area_km2: float
    """Area of the first polygon."""
    other_area_km2: float
    """Area of the second one."""
    overlap: float
    """Area of the intersection over that of the union, 0 to 1."""
    share: float
    """Share of the first polygon that lies in the second, 0 to 1."""
    other_share: float
    """Share of the second polygon that lies in the first, 0 to 1."""
    mean_m: float
    """Mean distance between the outlines, over the length of both."""
    p95_m: float
    """Distance that 95 per cent of the length stay below."""
    max_m: float
    """Largest distance."""
    max_at: tuple[float, float]
    """Where that is: longitude, latitude, WGS 84."""
    agreeing: float
    """Share of the length that is apart by at most two standard errors of both, 0 to 1."""
    beyond: bool
    """Whether a place is apart by more than three standard errors of both."""
    sides: tuple[Side, ...] = ()
    """The sides of the first polygon, where it has several."""

    @property
    def difference_km2(self) -> float:
        """Second less first."""
        return self.other_area_km2 - self.area_km2

    @property
    def verdict(self) -> str:
        """``same``, ``agrees within accuracy`` or ``differs``."""
        if self.max_m <= SAME_M:
            return SAME
        often = 1 - self.agreeing > EXPECTED_BEYOND
        wrong = often or self.beyond or any(side.differs for side in self.sides)
        return DIFFERS if wrong else AGREES

    def as_dict(self) -> dict[str, Any]:
        """Return the members as a JSON object."""
        row = asdict(self)
        row["difference_km2"], row["verdict"] = self.difference_km2, self.verdict
        row["sides"] = [{**asdict(side), "differs": side.differs} for side in self.sides]
        return row


@dataclass(frozen=True)
class Shift:
    """A move of the second set as a whole that makes it agree better."""

    east_m: float
    """Metres to the east; negative is west."""
    north_m: float
    """Metres to the north; negative is south."""
    mean_m: float
    """Mean distance between the outlines as they are, metres."""
    mean_moved_m: float
    """The same after the move, metres."""
    datum: str = ""
    """``gcj02`` or ``bd09`` where that is what explains it."""

    def sentence(self) -> str:
        """Say it in words.

        Examples
        --------
        >>> Shift(-522.0, 308.0, 500.0, 2.0, "gcj02").sentence()
        'moved 522 m west and 308 m north the second set would agree: it looks like GCJ-02'
        """
        across = f"{abs(self.east_m):.0f} m {'east' if self.east_m >= 0 else 'west'}"
        along = f"{abs(self.north_m):.0f} m {'north' if self.north_m >= 0 else 'south'}"
        because = f": it looks like {datum.TITLES[self.datum]}" if self.datum else ""
        return f"moved {across} and {along} the second set would agree{because}"


@dataclass(frozen=True)
class Comparison:
    """Two sets of polygons side by side."""

    crs: str
    """Authority code of the CRS of areas and distances."""
    crs_name: str
    """Its name."""
    pairs: tuple[Pair, ...]
    """Polygons that answer to each other, in the order of the first set."""
    only_first: tuple[str, ...]
    """Ids of polygons of the first set without a partner."""
    only_second: tuple[str, ...]
    """Ids of polygons of the second set without a partner."""
    shift: Shift | None = None
    """A move that makes the second set agree, where there is one."""
    sets: tuple[tuple[Feature, ...], tuple[Feature, ...]] = field(default=((), ()), repr=False)
    """What was compared."""
    matches: tuple[Match, ...] = field(default=(), repr=False)
    """The numbers of the polygons of each pair in `sets`."""

    @property
    def alone(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The numbers of the polygons without a partner, in each of `sets`."""
        paired = {m.first for m in self.matches}, {m.second for m in self.matches}
        first, second = (
            tuple(n for n in range(len(rows)) if n not in gone)
            for rows, gone in zip(self.sets, paired, strict=True)
        )
        return first, second

    @property
    def verdicts(self) -> dict[str, int]:
        """How many pairs have each verdict, and how many polygons no partner."""
        counts = Counter(pair.verdict for pair in self.pairs)
        alone = len(self.only_first) + len(self.only_second)
        return {**{name: counts[name] for name in VERDICTS if counts[name]}, "no partner": alone}

    def to_frame(self) -> pandas.DataFrame:
        """Return the pairs as a table, a line each; areas in km2, lengths in metres."""
        import pandas

        rows = [pair.as_dict() for pair in self.pairs]
        for row in rows:
            row["sides"] = "; ".join(s["limit"] for s in row["sides"] if s["differs"])
            row["max_lon"], row["max_lat"] = row.pop("max_at")
        return pandas.DataFrame(rows).rename(columns={"sides": "differing_sides"})

    def _repr_html_(self) -> str:
        """Return the comparison as a notebook shows it."""
        frame = self.to_frame()
        for name in ("id", "other_id", "differing_sides") if self.pairs else ():
            frame[name] = [printable(str(value)) for value in frame[name]]
        counts = ", ".join(f"{name}: {n:,}" for name, n in self.verdicts.items() if n)
        moved = f"<p>{html(self.shift.sentence())}</p>" if self.shift else ""
        table = frame.to_html(max_rows=40, index=False, border=0, float_format="%.4g")
        return f"<p>{html(counts)}</p>{moved}{table}"

    @property
    def agrees(self) -> bool:
        """Whether every polygon has a partner that is the same or agrees within accuracy."""
        alone = self.only_first or self.only_second
        return not alone and all(pair.verdict != DIFFERS for pair in self.pairs)

    def as_dict(self) -> dict[str, Any]:
        """Return the members as a JSON object."""
        return {
            "crs": self.crs,
            "crs_name": self.crs_name,
            "agrees": self.agrees,
            "shift": None if self.shift is None else asdict(self.shift),
            "pairs": [pair.as_dict() for pair in self.pairs],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
        }
