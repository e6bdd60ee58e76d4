"""Draw the border map for print: PNG, SVG or PDF at the size that is wanted.

The map is in the Hong Kong 1980 Grid (EPSG:2326) with degrees (WGS 84), scale, locator, and from
150 mm stated and drawn areas. It needs matplotlib: pip install 'hetao_geo[figure]'.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hetao_geo.text import LANGUAGES

if TYPE_CHECKING:
    from hetao_geo.catalog import Feature

EXAMPLES = """\
examples:
  hetao-geo figure                                      maps/hetao.pdf, 170 mm wide, in English
  hetao-geo figure --width 85mm -o column.pdf           one newspaper column
  hetao-geo figure --language zh-Hant -o figure.svg     for layout programs; text stays text
  hetao-geo figure --width 6.7in --dpi 600 -o figure.png
  hetao-geo figure --size 1920x1080 -o slide.png        a slide, in pixels
  hetao-geo figure --place hong-kong-park -o loop.pdf   one park at a scale of its own
  hetao-geo figure --parks my.geojson -o mine.pdf       your polygons in place of the parks

exit status: 0 written, 2 wrong use or the file cannot be written
"""

_DEFAULT = Path("maps") / "hetao.pdf"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help=f"file to write; .png, .svg or .pdf says the format (default: {_DEFAULT})",
    )
    parser.add_argument(
        "--width",
        metavar="LENGTH",
        default="170mm",
        help="width in mm, cm or in; the height follows (default: %(default)s)",
    )
    parser.add_argument(
        "--size", metavar="PIXELS", help="width and height in pixels for a screen, as 1080x1350"
    )
    parser.add_argument(
        "--dpi",
        type=float,
        metavar="DPI",
        default=300,
        help="dots to an inch of a PNG (default: %(default)s)",
    )
    parser.add_argument(
        "--language",
        metavar="LANGUAGE",
        default="en",
        help=f"language of the words: {', '.join(LANGUAGES)} (default: %(default)s)",
    )
    parser.add_argument("--place", metavar="ID", help="a park, part or crossing that fills the map")
    parser.add_argument(
        "--parks", metavar="FILE", type=Path, help="polygons to draw in place of the parks"
    )
    parser.add_argument("--plain", action="store_true", help="without graticule and table")
    parser.add_argument(
        "--font",
        metavar="FONT",
        help="a font family or file (default: the first installed one of those in style.toml)",
    )
    parser.add_argument(
        "--outlines", action="store_true", help="letters of an SVG as outlines instead of text"
    )


def run(args: argparse.Namespace) -> int:
    """Draw and write the figure; return the exit status."""
    from hetao_geo.figure import save_figure
    from hetao_geo.figure.building import check
    from hetao_geo.figure.saving import check as check_output

    output = args.output or _DEFAULT
    check_output(output, dpi=args.dpi)
    wanted = {name: getattr(args, name) for name in ("language", "width", "size", "place", "plain")}
    check(**wanted)
    polygons = None if args.parks is None else _polygons(args.parks)
    if args.output is None:
        output.parent.mkdir(exist_ok=True)
    options = {"dpi": args.dpi, "font": args.font, "outlines": args.outlines}
    save_figure(output, polygons=polygons, **wanted, **options)
    size = f"{args.size} pixels" if args.size else f"{args.width} wide"
    print(f"wrote {output} ({size}, {args.language})")
    return 0


def _polygons(path: Path) -> tuple[Feature, ...]:
    from hetao_geo.webmap import user_polygons

    return user_polygons.read(path).features
