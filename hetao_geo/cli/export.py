"""Write the layers of the zone for GIS, CAD, spreadsheets and globes.

Files of the same names in the folder are replaced, all others stay; coordinates in another CRS or
datum have a name of their own (parks.epsg4547.csv, hetao.epsg2326.gpkg, parks.gcj02.geojson).
README.txt and the licence come with every export.
"""

from __future__ import annotations

import argparse
import sys

EXAMPLES = """\
examples:
  hetao-geo export out                             one GeoPackage with all layers, styled for QGIS
  hetao-geo export out --format all                every format
  hetao-geo export out --format kmz,geojson        two formats
  hetao-geo export out --format shp --layer parks --layer parts --crs EPSG:4547
                                                   parks.epsg4547.shp.zip, parts.epsg4547.shp.zip
  hetao-geo export out --format dxf                for CAD, in metres (EPSG:2326)
  hetao-geo export out --format geojson --datum gcj02
                                                   for AMap and Tencent: parks.gcj02.geojson ...

into PostGIS:
  ogr2ogr -f PostgreSQL "PG:dbname=NAME" out/hetao.gpkg -overwrite -lco GEOMETRY_NAME=geom
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    from hetao_geo.formats import FORMATS

    titles = "; ".join(f"{one.name}: {one.title}" for one in FORMATS.values())
    parser.add_argument("folder", metavar="DIR", help="folder to write to; made if need be")
    parser.add_argument(
        "-f",
        "--format",
        action="append",
        metavar="NAME",
        help=f"format, or several with commas, or all (default: gpkg). {titles}",
    )
    parser.add_argument(
        "-l",
        "--layer",
        action="append",
        metavar="NAME",
        help="layer, or several with commas (default: all; see 'hetao-geo layers')",
    )
    parser.add_argument(
        "--crs",
        metavar="CODE",
        help="EPSG code of the coordinates (default: WGS 84, for DXF EPSG:2326)",
    )
    parser.add_argument(
        "--datum",
        default="wgs84",
        metavar="NAME",
        help="wgs84, or gcj02 or bd09 for Chinese map services (default: wgs84)",
    )


def run(args: argparse.Namespace) -> int:
    """Export, and list what was written."""
    from hetao_geo.formats import export

    made = export(
        args.folder,
        formats=args.format or "gpkg",
        layers=args.layer,
        crs=args.crs,
        datum=args.datum,
    )
    for note in made.notes:
        print(f"hetao-geo: note: {note}", file=sys.stderr)
    for path in made.files:
        print(path)
    return 0
