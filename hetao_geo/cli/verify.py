"""Check measured areas against stated ones: the zone's own, or those of any file."""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path

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
  hetao-geo verify loop.geojson --stated 0.87 --accuracy 35
  hetao-geo verify parcels.geojson --stated AREA_MU --unit mu --max-difference 1%
  hetao-geo verify cadastre.parquet --stated area --unit m2 --max-difference 1% -o rows.parquet
  hetao-geo verify cadastre.fgb --stated area --unit m2 --accuracy 0.05 --plot differences.svg

GeoParquet, FlatGeobuf, GeoJSON text sequences and large GeoPackages of any size are read in
batches; their areas are geodesic unless --crs is given.

exit status: 0 all consistent, 1 something is not, 2 wrong use or unreadable input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``hetao-geo verify``."""
    add = parser.add_argument
    add("file", metavar="FILE", nargs="?", help="polygons of your own (see hetao-geo check)")
    add(
        "--stated",
        metavar="FIELD",
        help="with FILE: field of the stated areas, or one figure "
        "for all polygons together, such as 0.87",
    )
    add("--unit", default="km2", help="unit of the stated areas: km2, ha, m2 or mu (default km2)")
    add(
        "--accuracy",
        metavar="METRES",
        type=float,
        help="standard error of a vertex of FILE (default: the field accuracy_m, else none)",
    )
    add("--assume", metavar="CRS", help="what the coordinates of FILE are, such as gcj02")
    add(
        "--crs",
        metavar="CRS",
        help="projected CRS of the planar areas (default: EPSG:2326; "
        "with FILE one that suits the place)",
    )
    add(
        "--max-difference",
        metavar="SHARE",
        help="fixed limit such as 2%% or 0.02, instead of "
        "the rounding of the stated figure plus two standard uncertainties",
    )
    add("--by-crs", action="store_true", help="also show the areas in several CRSs")
    add(
        "--format",
        help=f"{', '.join(report.FORMS)} (default: by the ending of --output, else text)",
    )
    add(
        "--output",
        "-o",
        metavar="FILE",
        help="write to FILE, not to the screen; of a large FILE a name in .parquet, .csv or "
        ".json takes every row",
    )
    add("--layer", metavar="NAME", help="layer of a large GeoPackage with several")
    add("--plot", metavar="FILE", help="of a large FILE: plot the differences (.png, .svg, .pdf)")
    add(
        "--language",
        metavar="CODE",
        default="en",
        help=f"{', '.join(text.LANGUAGES)} (default: en)",
    )


def run(args: argparse.Namespace) -> int:
    """Carry out ``hetao-geo verify``; return the exit status."""
    text.check_language(args.language)
    form = report.check_form(args.format or form_of(args.output))
    limit = None if args.max_difference is None else share(args.max_difference)
    if args.output:
        files.check_writable(args.output)
    if args.file:
        from hetao_geo.cli import streamed

        streams = streamed.is_streamed(args)
        _need_stated(args)
        if streams:
            # There the ending is that of the rows; the summary goes to the screen.
            args.format = args.format or "text"
            return streamed.run(args, limit)
    result = _own(args, limit) if args.file else _zone(args, limit)
    document = report.render(result, form, args.language)
    if args.output:
        files.write(args.output, document)
    else:
        sys.stdout.write(document)
    return 0 if result.passed else 1


def form_of(output: str | None) -> str:
    """Return the format that the ending of a file name asks for.

    Examples
    --------
    >>> form_of("report.md"), form_of("report.JSON"), form_of(None)
    ('markdown', 'json', 'text')
    """
    endings = {".json": "json", ".md": "markdown", ".csv": "csv"}
    return endings.get(Path(output or "").suffix.lower(), "text")


def _zone(args: argparse.Namespace, limit: float | None) -> Report:
    for option in ("stated", "accuracy", "assume", "layer", "plot"):
        if getattr(args, option) is not None:
            raise UsageError(
                f"--{option} needs a FILE", expected="hetao-geo verify FILE", found="no file"
            )
    given = {"crs": args.crs} if args.crs else {}
    return verify_zone(max_difference=limit, by_crs=args.by_crs, **given)


def _need_stated(args: argparse.Namespace) -> None:
    if args.stated is None:
        raise UsageError(
            "--stated is missing",
            where="hetao-geo verify FILE",
            expected="a field of the file, or a figure such as 0.87",
            found="nothing",
        )


def _own(args: argparse.Namespace, limit: float | None) -> Report:
    from hetao_geo import checking
    from hetao_geo.verification.declared import verify_features

    for option in ("layer", "plot"):
        if getattr(args, option) is not None:
            raise UsageError(
                f"--{option} is for files of many rows",
                where=args.file,
                expected="GeoParquet, FlatGeobuf, GeoPackage or GeoJSON text sequence",
            )
    if args.by_crs:
        raise UsageError(
            "--by-crs is for the zone's own areas",
            found=f"the file {args.file}",
            hint="leave it out, or choose one --crs",
        )
    found = checking.read(args.file, assume=args.assume)
    result = verify_features(
        checking.usable(found),
        args.stated,
        unit=args.unit,
        crs=args.crs,
        accuracy_m=args.accuracy,
        max_difference=limit,
    )
    digest = hashlib.sha256(Path(args.file).read_bytes()).hexdigest()
    looks = tuple(
        f"the coordinates look like {fault.found}; see 'hetao-geo check'"
        for fault in found.faults
        if fault.code == "other-crs"
    )
    data = {Path(args.file).name: digest}
    return replace(result, data=data, warnings=(*looks, *result.warnings))


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
