"""Draw the border map for print: PNG, SVG or PDF at the size that is wanted.

The map is in the Hong Kong 1980 Grid (EPSG:2326) with grid and WGS 84 ticks, scale bar, legend,
stated and measured areas, and sources. It needs matplotlib: pip install 'hetao_geo[figure]'.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from hetao_geo.text import LANGUAGES

EXAMPLES = """\
examples:
  hetao-geo figure                                      maps/hetao.pdf, 170 mm wide, in English
  hetao-geo figure --width 85mm -o column.pdf           one newspaper column
  hetao-geo figure --language zh-Hant -o figure.svg     letters as outlines, for layout programs
  hetao-geo figure --width 6.7in --dpi 600 -o figure.png

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
    parser.add_argument(
        "--font",
        metavar="FONT",
        help="a font family or file (default: the first installed one of those in style.toml)",
    )


def run(args: argparse.Namespace) -> int:
    """Draw and write the figure; return the exit status."""
    from hetao_geo.figure import save_figure
    from hetao_geo.figure.saving import check

    output = args.output or _DEFAULT
    wanted = {"language": args.language, "width": args.width, "dpi": args.dpi}
    check(output, **wanted)
    if args.output is None:
        output.parent.mkdir(exist_ok=True)
    save_figure(output, font=args.font, **wanted)
    print(f"wrote {output} ({args.width} wide, {args.language})")
    return 0
