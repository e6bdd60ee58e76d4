"""Check measured areas against stated ones: the zone's own, or those of any file."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hetao_geo import files, report, text
from hetao_geo.errors import UsageError
from hetao_geo.report import outputs
from hetao_geo.report.outputs import ENDINGS, ROWS
from hetao_geo.verification import DEFAULT_CRS, Options, Origin, Report, share, verify_zone

if TYPE_CHECKING:
    from hetao_geo.reading import Batch, Source
    from hetao_geo.verification.rows import Rows

EXAMPLES = """\
examples:
  hetao-geo verify                               the parks, their parts and the zone
  hetao-geo verify --by-crs                      and the same areas in several CRSs
  hetao-geo verify --crs EPSG:4547               in CGCS2000 / 3-degree Gauss-Kruger CM 114E
  hetao-geo verify --max-difference 2%           with a fixed limit
  hetao-geo verify --output report.json
  hetao-geo verify loop.geojson --stated 0.87 --accuracy 35
  hetao-geo verify parcels.geojson --stated AREA_MU --unit mu --max-difference 1%
  hetao-geo verify cadastre.parquet --stated area --unit m2 --max-difference 1% -o rows.parquet
  hetao-geo verify cadastre.fgb --stated area --unit m2 --accuracy 0.05 --plot differences.svg

A file may be of any size: it is read in batches. Its geodesic areas decide unless --crs is given.

exit status: 0 all consistent; 1 something is not, or could not be evaluated; 2 wrong use or
unreadable input
"""

# Polygons by which the CRS of a file is doubted.
_LOOKED_AT = 50


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
    add("--unit", help="unit of the stated areas and of the results: km2, ha, m2 or mu")
    add(
        "--rounding",
        metavar="X",
        type=float,
        help="half a unit of the last digit of the stated areas, in their unit "
        "(default: their digits tell)",
    )
    add(
        "--accuracy",
        metavar="METRES",
        type=float,
        help="standard error of a vertex of FILE (default: the field accuracy_m, else none)",
    )
    add("--assume", metavar="CRS", help="what the coordinates of FILE are, such as gcj02")
    add("--layer", metavar="NAME", help="layer of a FILE with several")
    add("--encoding", metavar="NAME", help="encoding of the text of FILE, such as gbk")
    add(
        "--crs",
        metavar="CRS",
        help="projected CRS whose planar areas decide (default: EPSG:2326; "
        "with FILE geodesic areas decide)",
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
        help=f"{', '.join(report.FORMATS)} (default: by the ending of --output, else text)",
    )
    add(
        "--output",
        "-o",
        metavar="FILE",
        help=f"write to FILE ({', '.join(ENDINGS)}; - is the screen)",
    )
    add("--plot", metavar="FILE", help="plot the differences of FILE (.png, .svg, .pdf)")
    add(
        "--language",
        metavar="CODE",
        default="en",
        help=f"{', '.join(text.LANGUAGES)} (default: en)",
    )


def run(args: argparse.Namespace) -> int:
    """Carry out ``hetao-geo verify``; return the exit status."""
    text.check_language(args.language)
    targets = _targets(args)
    limit = share(args.max_difference)
    result = _zone(args, limit) if args.file is None else _file(args, limit, targets)
    for name, target in targets:
        if args.file is None or name not in ROWS:
            _write(report.render(result, name, args.language), target)
    return 0 if result.passed else 1


def _inputs(args: argparse.Namespace) -> list[Path]:
    """Return the file and its side files, none of which an output may replace."""
    if not args.file:
        return []
    from hetao_geo import reading

    return reading.files_of(args.file)


def _targets(args: argparse.Namespace) -> list[tuple[str, str]]:
    """Return formats and where they go: one, or the rows of a FILE and a report on the screen."""
    target = args.output or files.STDOUT
    if args.output:
        files.check_writable(target, inputs=_inputs(args))
    ending = Path(target).suffix.lower()
    free = files.is_stream(target) or (not ending and args.format is not None)
    by_ending = None if free else ENDINGS.get(ending)
    name = args.format or by_ending or "text"
    if name != "parquet":
        report.check_format(name)
    if by_ending in ROWS and args.file and args.format != by_ending:
        return [(str(by_ending), target), (args.format or "text", files.STDOUT)]
    if not free and by_ending != name.removesuffix("-table"):
        possible = [end for end, of in ENDINGS.items() if args.format in (None, of)]
        raise UsageError(
            "the ending does not fit the report",
            where=target,
            expected=f"a name that ends in {', '.join(possible)}",
            found=repr(ending),
        )
    if name == "parquet" and (args.file is None or target == files.STDOUT):
        raise UsageError(
            "GeoParquet holds the rows of a FILE",
            where="--output",
            expected="hetao-geo verify FILE --output ROWS.parquet",
            found="no FILE" if args.file is None else "the screen",
        )
    return [(name, target)]


def _zone(args: argparse.Namespace, limit: float | None) -> Report:
    for option in ("stated", "rounding", "accuracy", "assume", "layer", "encoding", "plot"):
        if getattr(args, option) is not None:
            raise UsageError(
                f"--{option} needs a FILE", expected="hetao-geo verify FILE", found="no file"
            )
    return verify_zone(
        crs=args.crs or DEFAULT_CRS,
        unit=args.unit or "km2",
        max_difference=limit,
        by_crs=args.by_crs,
    )


def _file(args: argparse.Namespace, limit: float | None, targets: list[tuple[str, str]]) -> Report:
    """Check a file, and write every row as it comes where that was asked for."""
    from hetao_geo import reading
    from hetao_geo.verification.run import verify_source

    if args.plot:
        from hetao_geo.report import differences

        files.check_writable(args.plot, inputs=_inputs(args))
        differences.check(args.plot)
    options = Options(args.stated, args.unit, args.crs, args.accuracy, args.rounding, limit)
    source = reading.open_file(
        args.file, layer=args.layer, encoding=args.encoding, assume=args.assume
    )
    _need_stated(args, source)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                outputs.opened(
                    name, target, options.results_in, args.language, source.geometry_metadata
                )
            )
            for name, target in targets
            if name in ROWS
        ]

        def sink(batch: Batch, rows: Rows) -> None:
            for writer in writers:
                writer.add(batch, rows)

        with _progress() as progress:
            result = verify_source(
                source,
                options,
                keep=report.SHOWN,
                by_crs=args.by_crs,
                sink=sink,
                progress=progress,
                origin=Origin(Path(args.file).name, source.format, source.layer, source.crs),
            )
        result = replace(result, warnings=(*_other_crs(source), *result.warnings))
        if any(name == "json" for name, _ in targets):
            result = _hashed(result, args.file)
        for writer in writers:
            writer.close(result)
    if args.plot:
        differences.save(result, args.plot)
    return result


def _need_stated(args: argparse.Namespace, source: Source) -> None:
    if args.stated is None:
        fields = ", ".join(source.fields) or "(no fields)"
        raise UsageError(
            "--stated is missing",
            where="hetao-geo verify FILE",
            expected=f"a figure such as 0.87, or one of {fields}",
            found="nothing",
        )


def _write(document: str, target: str) -> None:
    if target == files.STDOUT:
        sys.stdout.write(document)
    else:
        files.write(target, document)


@contextmanager
def _progress() -> Iterator[Callable[[int, float | None], None]]:
    from hetao_geo.cli.progress import Progress

    bar = Progress("rows")
    try:
        yield bar.show
    finally:
        bar.close()


def _hashed(result: Report, path: str) -> Report:
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(result, data={Path(path).name: digest})


def _other_crs(source: Source) -> tuple[str, ...]:
    """Return a sentence if the coordinates look like another CRS than the one they are read in."""
    from hetao_geo.checking.crs_ranking import SURE, rank_crs

    first = next(source.as_stored(()), None)
    if first is None:
        return ()
    shapes = first.geometries.shapes()[:_LOOKED_AT]
    areal = shapes[[getattr(shape, "area", 0) > 0 for shape in shapes]]
    ranked = rank_crs(areal, source.crs, source.path) if len(areal) else ()
    if not ranked or ranked[0].crs == source.crs or ranked[0].confidence < SURE:
        return ()
    return (f"the coordinates look like {ranked[0].title}; see 'hetao-geo check'",)
