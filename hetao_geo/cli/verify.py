"""Check measured areas against stated ones: the zone's own, or those of any file."""

from __future__ import annotations

import argparse
import sys

from hetao_geo import files, report, text
from hetao_geo.errors import UsageError
from hetao_geo.verification import Report, verify_zone

EXAMPLES = """\
examples:
  hetao-geo verify                               the parks, their parts and the zone
  hetao-geo verify --by-crs                      and the same areas in several CRSs
  hetao-geo verify --crs EPSG:4547               in CGCS2000 / 3-degree Gauss-Kruger CM 114E
  hetao-geo verify --max-difference 2%           with a fixed limit
  hetao-geo verify --format json --output report.json

exit status: 0 all consistent, 1 something is not, 2 wrong use or unreadable input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``hetao-geo verify``."""
    parser.add_argument(
        "--crs",
        metavar="CRS",
        default=None,
        help="projected CRS of the planar areas (default: EPSG:2326)",
    )
    parser.add_argument(
        "--max-difference",
        metavar="SHARE",
        default=None,
        help="fixed limit such as 2%% or 0.02, instead of the rounding of the "
        "stated figure plus two standard uncertainties",
    )
    parser.add_argument("--by-crs", action="store_true", help="also show the areas in several CRSs")
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        default="text",
        help=f"{', '.join(report.FORMS)} (default: text)",
    )
    parser.add_argument("--output", "-o", metavar="FILE", help="write to FILE, not to the screen")
    parser.add_argument(
        "--language",
        metavar="CODE",
        default="en",
        help=f"{', '.join(text.LANGUAGES)} (default: en)",
    )


def run(args: argparse.Namespace) -> int:
    """Carry out ``hetao-geo verify``; return the exit status."""
    text.check_language(args.language)
    report.check_form(args.format)
    if args.output:
        files.check_writable(args.output)
    result = _verify(args)
    document = report.render(result, args.format, args.language)
    if args.output:
        files.write(args.output, document)
    else:
        sys.stdout.write(document)
    return 0 if result.passed else 1


def _verify(args: argparse.Namespace) -> Report:
    given = {"crs": args.crs} if args.crs else {}
    limit = None if args.max_difference is None else share(args.max_difference)
    return verify_zone(max_difference=limit, by_crs=args.by_crs, **given)


def share(word: str) -> float:
    """Read a share: ``2%`` and ``0.02`` are the same.

    Raises
    ------
    UsageError
        Not a number, or not between 0 and 100 %.

    Examples
    --------
    >>> share("2%"), share("0.02")
    (0.02, 0.02)
    """
    try:
        value = float(word[:-1]) / 100 if word.endswith("%") else float(word)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(
            "not a share",
            where="--max-difference",
            expected="0% to 100%, or 0 to 1",
            found=repr(word),
        )
    return value
