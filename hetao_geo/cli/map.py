"""Make the border map: one HTML file that works offline, in three languages."""

from __future__ import annotations

import argparse
from pathlib import Path

from hetao_geo import files, text

EXAMPLES = """\
examples:
  hetao-geo map                                write maps/hetao.html
  hetao-geo map --language zh-Hant             the same page, first shown in traditional Chinese
  hetao-geo map --output loop.html             write to a file of your choice
  hetao-geo map --parks mine.geojson           your polygons in place of the parks
"""

_DEFAULT = Path("maps") / "hetao.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help=f"the file to write (default: {_DEFAULT})"
    )
    parser.add_argument(
        "--language",
        default="en",
        metavar="CODE",
        help=f"the language shown first: {', '.join(text.LANGUAGES)} (default: en)",
    )
    parser.add_argument(
        "--parks",
        metavar="FILE",
        help="draw the polygons of FILE in place of the parks (see hetao-geo check)",
    )
    parser.add_argument(
        "--assume", metavar="CRS", help="what the coordinates of FILE are, such as gcj02"
    )


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    text.check_language(args.language)
    output = args.output or _DEFAULT
    if args.output is None:
        output.parent.mkdir(exist_ok=True)
    # Before the work, and before folium is loaded.
    files.check_writable(output)
    from hetao_geo.webmap import build_map

    files.write(
        output, build_map(args.language, parks=args.parks, assume=args.assume).get_root().render()
    )
    print(f"wrote {output} ({output.stat().st_size / 1000:.0f} kB)")
    return 0
