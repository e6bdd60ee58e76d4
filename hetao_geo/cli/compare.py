"""Compare two sets of polygons: how far apart, where, and whether accuracy explains it.

Polygons are matched by id, by name, by overlap. Two outlines agree within accuracy where no side
as a whole lies beyond two standard errors, and no place beyond three, of both outlines together.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from hetao_geo import files
from hetao_geo.text import printable

if TYPE_CHECKING:
    from hetao_geo.comparison.model import Comparison

EXAMPLES = """\
examples:
  hetao-geo compare better.geojson                      with our parks
  hetao-geo compare parcels-2024.gpkg parcels-2025.gpkg
  hetao-geo compare better.geojson --format markdown
  hetao-geo compare better.geojson -o diff.gpkg         what only one of them has, for QGIS
  hetao-geo compare better.geojson --map diff.html      the same on the page

exit status: 0 all agree, 1 some differ or have no partner, 2 unreadable or wrong use
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``compare``."""
    add = parser.add_argument
    add("file", metavar="FILE", help="polygons")
    add("other", metavar="OTHER", nargs="?",
        help="the reference: polygons to compare them with (our parks)")  # fmt: skip
    add("--accuracy", metavar="METRES", type=float, help="accuracy of outlines of FILE without one")
    add("--crs", metavar="CRS", help="projected CRS of areas and distances")
    add("--assume", metavar="CRS", help="what the coordinates of FILE are: gcj02, EPSG:2326, ...")
    add("--layer", metavar="NAME", help="the layer of FILE, where it has several")
    add("--format", choices=("text", "markdown", "json"), default="text", help="text by default")
    add("-o", "--output", metavar="OUT",
        help="polygons that only one has, with fields pair, only_in and area_m2: "
        ".geojson or .gpkg")  # fmt: skip
    add("--map", metavar="HTML", help="the page with both and their differences")


def run(args: argparse.Namespace) -> int:
    """Compare two sets of polygons."""
    from hetao_geo import catalog
    from hetao_geo.comparison import compare_features
    from hetao_geo.reading.features import features
    from hetao_geo.report import comparison

    inputs = [name for name in (args.file, args.other) if name]
    for output, endings in ((args.output, (".geojson", ".gpkg")), (args.map, (".html",))):
        if output:
            files.check_writable(output, inputs=inputs, endings=endings)
    given = features(args.file, assume=args.assume, layer=args.layer)
    reference = features(args.other) if args.other else catalog.features("parks")
    found = compare_features(reference, given, crs=args.crs, accuracy_m=args.accuracy)
    print(comparison.render(found, args.format))
    _write(args, found)
    return 0 if found.agrees else 1


def _write(args: argparse.Namespace, found: Comparison) -> None:
    if args.output:
        from hetao_geo.formats import differences

        differences.write(found, args.output)
    if args.map:
        from hetao_geo.webmap.differences import difference_map

        page = difference_map(found, args.other)
        files.write(args.map, page.get_root().render())
    for path in (args.output, args.map):
        if path:
            print(f"wrote {printable(str(path))}", file=sys.stderr)
