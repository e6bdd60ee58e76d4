"""Make the border map: one HTML file that works offline, in three languages.

The page asks for nothing over the network. With --tiles it offers base maps; a provider is asked
only after the reader of the page has chosen it. A base map is placed by the datum of its provider:
name it with --tiles-datum (AMap and Tencent: gcj02). bd09 means Web Mercator tiles drawn in BD-09
coordinates; Baidu's own tiles are cut in another projection and are not supported.
"""

from __future__ import annotations

import argparse
import gc
import html
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from hetao_geo import files, text
from hetao_geo.text import printable

if TYPE_CHECKING:
    from hetao_geo.checking import CheckedFile
    from hetao_geo.webmap.basemap import Basemap

EXAMPLES = """\
examples:
  hetao-geo map                                write maps/hetao.html
  hetao-geo map --language zh-Hant             the same page, first shown in traditional Chinese
  hetao-geo map --output loop.html             write to a file of your choice
  hetao-geo map --embed                        also print the iframe line for an article
  hetao-geo map --parks mine.geojson           your polygons in place of the parks
  hetao-geo map --tiles openstreetmap --tiles hong-kong-lands-department
  hetao-geo map --tiles tianditu --tiles-key KEY --output ~/hetao.html
  hetao-geo map --tiles 'https://tiles.example.org/{z}/{x}/{y}.png' \\
      --tiles-attribution '© Example' --tiles-datum gcj02
  hetao-geo map --tiles 'https://tile{s}.example.org/{z}/{x}/{-y}.png' --tiles-subdomains 01,02 \\
      --tiles-attribution '<a href="https://example.org">Example</a>'
"""

_DEFAULT = Path("maps") / "hetao.html"
_LARGE_KB = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
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
    parser.add_argument(
        "--stated", metavar="FIELD", help="check the areas that this field of FILE states"
    )
    parser.add_argument("--unit", metavar="UNIT", help="of those areas: km2, ha, m2 or mu")
    parser.add_argument("--layer", metavar="NAME", help="the layer of a FILE with several")
    parser.add_argument("--encoding", metavar="NAME", help="of the text of FILE, such as gbk")
    parser.add_argument(
        "--style",
        metavar="FILE.toml",
        help="colours, widths and dashes of your own: any part of the package's style.toml",
    )
    parser.add_argument("--title", metavar="TEXT", help="the title of the page")
    parser.add_argument(
        "--embed", action="store_true", help="print the line that puts the map into an article"
    )
    _add_tiles(parser.add_argument_group("base maps that the reader of the page may choose"))


def _add_tiles(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--tiles",
        action="append",
        default=[],
        metavar="URL_TEMPLATE",
        help="an address with {z}, {x} and {y} or {-y}, or openstreetmap, "
        "hong-kong-lands-department or tianditu; may be repeated",
    )
    group.add_argument(
        "--tiles-attribution",
        action="append",
        default=[],
        metavar="TEXT",
        help="the credit of a template, in the order of the templates",
    )
    group.add_argument(
        "--tiles-datum",
        action="append",
        default=[],
        metavar="DATUM",
        help="wgs84, gcj02 or bd09 of a template, in the order of the templates (default: wgs84)",
    )
    group.add_argument(
        "--tiles-subdomains",
        action="append",
        default=[],
        metavar="LIST",
        help="what {s} in a template stands for, such as 01,02,03,04 (default: a,b,c)",
    )
    group.add_argument(
        "--tiles-key",
        default=os.environ.get("HETAO_GEO_TILES_KEY"),
        metavar="KEY",
        help="your own key for tianditu (or set HETAO_GEO_TILES_KEY); the page holds it",
    )


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    text.check_language(args.language)
    output = args.output or _DEFAULT
    # Before the work, and before folium is loaded.
    if args.output is not None:
        from hetao_geo import reading  # takes numpy, which a page without FILE needs later

        inputs = [
            *(reading.files_of(args.parks) if args.parks else []),
            *filter(None, [args.style]),
        ]
        files.check_writable(output, inputs=inputs, endings=(".html", ".htm"))
    parks = _parks(args) if args.parks else None
    basemaps = _basemaps(args, output)
    if args.output is None:
        output.parent.mkdir(exist_ok=True)
    with _uncollected():
        from hetao_geo.webmap import build_map

        page = build_map(
            args.language,
            parks=parks,
            assume=args.assume,
            stated=args.stated,
            unit=args.unit,
            basemaps=basemaps,
            style=args.style,
            title=args.title,
        )
        files.write(output, page.get_root().render())
        away = page.data.distance_km
    if away is not None:
        print(
            f"hetao-geo: warning: the polygons of {args.parks} lie {away} km from the zone",
            file=sys.stderr,
        )
    if not files.is_stream(output):
        size = output.stat().st_size / 1000
        print(f"wrote {printable(os.fspath(output))} ({size:.0f} kB)")
        if args.embed:
            print(_frame(output.name, args.title or text.labels("map", args.language)["title"]))
        if size > _LARGE_KB:
            print(
                f"hetao-geo: warning: the page is larger than {_LARGE_KB} kB; fewer vertices or "
                "polygons make it open sooner",
                file=sys.stderr,
            )
    return 0


def _frame(name: str, title: str) -> str:
    """Return the element that shows the page in an article: map, title and notice only."""
    return (
        f'<iframe src="{quote(name)}#embed" title="{html.escape(title)}" width="600" height="400" '
        'loading="lazy" allowfullscreen></iframe>'
    )


def _parks(args: argparse.Namespace) -> CheckedFile:
    """Read the polygons, and tell of what a reader of the page would not see."""
    from hetao_geo import checking

    taken = checking.read(args.parks, assume=args.assume, layer=args.layer, encoding=args.encoding)
    for fault in taken.faults:
        if fault.code in ("other-crs", "as-read"):
            advice = f"; {fault.hint}" if fault.code == "other-crs" else ""
            print(
                f"hetao-geo: warning: {fault.what}: {printable(str(fault.found))}{advice}",
                file=sys.stderr,
            )
    return taken


def _basemaps(args: argparse.Namespace, output: Path) -> tuple[Basemap, ...]:
    if not (args.tiles or args.tiles_attribution or args.tiles_datum or args.tiles_subdomains):
        return ()
    from hetao_geo.webmap import basemap

    found = basemap.choose(
        args.tiles,
        args.tiles_attribution,
        args.tiles_datum,
        subdomains=args.tiles_subdomains,
        key=args.tiles_key,
    )
    basemap.check_output(found, output)
    return tuple(found)


@contextmanager
def _uncollected() -> Iterator[None]:
    # Collecting garbage takes a tenth of the time that folium and the page need to load, and
    # finds none: nearly all that is made here lives until the end.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
