"""Convert a file between WGS 84, GCJ-02, BD-09 and any CRS; the result is GeoJSON.

Every geometry moves; ids and properties stay. A file that is not WGS 84 afterwards says so in
a member 'datum' or 'crs', for GeoJSON as such is always WGS 84.
"""

from __future__ import annotations

import argparse
import sys

from hetao_geo import files
from hetao_geo.cli.check import add_reading, check_geojson_output, limits
from hetao_geo.geojson import printable

EXAMPLES = """\
examples:
  hetao-geo convert amap.geojson --from gcj02 --to wgs84 -o parks.geojson
  hetao-geo convert parks.geojson --from wgs84 --to bd09 -o baidu.geojson
  hetao-geo convert survey.geojson --from EPSG:2326 --to wgs84 -o parks.geojson
  hetao-geo convert latlon.geojson --from wgs84-swapped --to wgs84 -o parks.geojson

names: wgs84, gcj02, bd09, EPSG:code; --from also dms (DDD.MMSS), dm (DDD.MMmm), dddmmss, dddmm;
with -swapped behind the name where latitude or northing stands first
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``convert``."""
    parser.add_argument("file", metavar="FILE", help="polygons (see hetao-geo check)")
    parser.add_argument("--from", dest="source", metavar="CRS", required=True)
    parser.add_argument("--to", dest="target", metavar="CRS", default="wgs84")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="a new GeoJSON file")
    add_reading(parser)


def run(args: argparse.Namespace) -> int:
    """Convert a file."""
    from hetao_geo.checking.conversion import convert

    check_geojson_output(args.file, args.output)
    text = convert(
        args.file,
        args.source,
        args.target,
        limits=limits(args),
        layer=args.layer,
        encoding=args.encoding,
        tell=lambda sentence: print(f"hetao-geo: warning: {printable(sentence)}", file=sys.stderr),
    )
    files.write(args.output, text)
    if args.output != files.STDOUT:
        print(f"{printable(args.output)}: {args.source} to {args.target}")
    return 0
