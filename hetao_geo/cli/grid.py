"""Write an NTv2 grid, with which PROJ, GDAL and QGIS follow GCJ-02 to 10 cm.

GCJ-02, the datum of AMap, Tencent and other Chinese maps, has no CRS code and no method in PROJ.
The grid holds its offset from WGS 84, here for the Greater Bay Area and its sea; `+inv` goes back.
"""

from __future__ import annotations

import argparse
import sys

from hetao_geo.ntv2 import BOUNDS, MAX_ERROR, SPACING

EXAMPLES = """\
examples:
  hetao-geo grid -o gcj02.gsb                      the Greater Bay Area, 2.3 MB
  hetao-geo grid -o china-east.gsb --bounds 115 27 123 33
  hetao-geo grid -o small.gsb --bounds 113.9 22.4 114.2 22.6

from GCJ-02 to WGS 84 (give the full path of the file):
  PROJ
    echo 114.0630 22.5404 | cct -d 8 +proj=pipeline \\
      +step +proj=unitconvert +xy_in=deg +xy_out=rad \\
      +step +proj=hgridshift +grids=gcj02.gsb \\
      +step +proj=unitconvert +xy_in=rad +xy_out=deg
  GDAL
    ogr2ogr -s_srs "+proj=longlat +ellps=WGS84 +nadgrids=gcj02.gsb +no_defs" \\
      -t_srs EPSG:4326 wgs84.gpkg gcj02.gpkg
  QGIS: Settings, Custom Projections, format Proj String
    +proj=longlat +ellps=WGS84 +nadgrids=/full/path/gcj02.gsb +no_defs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the grid to write, by custom .gsb"
    )
    parser.add_argument(
        "--bounds",
        nargs=4,
        type=float,
        default=BOUNDS,
        metavar=("WEST", "SOUTH", "EAST", "NORTH"),
        help=f"degrees that the grid holds (default: {' '.join(map(str, BOUNDS))})",
    )
    parser.add_argument(
        "--spacing",
        nargs=2,
        type=float,
        default=SPACING,
        metavar=("LON", "LAT"),
        help=f"seconds of arc between nodes (default: {SPACING[0]:g} {SPACING[1]:g})",
    )
    parser.add_argument(
        "--max-error",
        type=float,
        default=MAX_ERROR,
        metavar="METRES",
        help=f"refuse a grid that strays further from the formula (default: {MAX_ERROR:g})",
    )


def run(args: argparse.Namespace) -> int:
    """Write the grid; say how large it is and how exact."""
    from hetao_geo import ntv2

    grid = ntv2.write(args.output, tuple(args.bounds), tuple(args.spacing), args.max_error)
    print(
        f"hetao-geo: note: {grid.lat.size} x {grid.lon.size} nodes, "
        f"at most {grid.error * 100:.1f} cm from the formula",
        file=sys.stderr,
    )
    print(args.output)
    return 0
