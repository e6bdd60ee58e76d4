"""Compare two sets of polygons: how far apart, where, and whether accuracy explains it.

Polygons are matched by id, by name, by overlap. Two outlines agree within accuracy where no side
as a whole lies beyond two standard errors, and no place beyond three, of both outlines together.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from hetao_geo.geojson import printable

if TYPE_CHECKING:
    from hetao_geo.comparison.model import Comparison, Pair

EXAMPLES = """\
examples:
  hetao-geo compare better.geojson                      with our parks
  hetao-geo compare parcels-2024.gpkg parcels-2025.gpkg
  hetao-geo compare better.geojson --format json

exit status: 0 all agree, 1 some differ or have no partner, 2 unreadable or wrong use
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``compare``."""
    add = parser.add_argument
    add("file", metavar="FILE", help="polygons")
    add("other", metavar="OTHER", nargs="?", help="polygons to compare them with (our parks)")
    add("--accuracy", metavar="METRES", type=float, help="accuracy of outlines of FILE without one")
    add("--crs", metavar="CRS", help="projected CRS of areas and distances")
    add("--assume", metavar="CRS", help="what the coordinates of FILE are: gcj02, EPSG:2326, ...")
    add("--layer", metavar="NAME", help="the layer of FILE, where it has several")
    add("--format", choices=("text", "json"), default="text", help="text by default")


def run(args: argparse.Namespace) -> int:
    """Compare two sets of polygons."""
    from hetao_geo import catalog
    from hetao_geo.comparison import compare_features
    from hetao_geo.reading.features import features

    given = features(args.file, assume=args.assume, layer=args.layer)
    reference = features(args.other) if args.other else catalog.features("parks")
    found = compare_features(reference, given, crs=args.crs, accuracy_m=args.accuracy)
    print(_render(found, args.format))
    return 0 if found.agrees else 1


def _render(found: Comparison, form: str) -> str:
    if form == "json":
        return json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
    return "\n".join(_text(found))


def _text(found: Comparison) -> list[str]:
    lines = [line for pair in found.pairs for line in _pair(pair)]
    lines += [f"only in the reference: {printable(name)}" for name in found.only_first]
    lines += [f"only in the file: {printable(name)}" for name in found.only_second]
    if found.shift:
        lines.append(found.shift.sentence())
    return lines


def _pair(pair: Pair) -> list[str]:
    return [
        f"{printable(pair.id)}: {pair.verdict} (matched by {pair.matched_by})",
        f"  {pair.area_km2:.3f} and {pair.other_area_km2:.3f} km2, "
        f"difference {pair.difference_km2:+.3f}; overlap {pair.overlap:.3f}",
        f"  apart {pair.mean_m:.1f} m on average, {pair.p95_m:.1f} m at 95 %, "
        f"{pair.max_m:.1f} m at most; {pair.agreeing:.0%} within accuracy",
        *(
            f"  {printable(side.limit)}: {side.mean_m:.0f} m on average, {side.max_m:.0f} m "
            f"at most (known to {side.accuracy_m:.0f} m)"
            for side in pair.sides
            if side.differs
        ),
    ]
