"""``hetao-geo verify`` for files that are larger than memory."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hetao_geo import files
from hetao_geo.cli.progress import Progress
from hetao_geo.errors import UsageError
from hetao_geo.report import differences, summary
from hetao_geo.verification import results
from hetao_geo.verification.many import verify_file
from hetao_geo.verification.stream import Batch, Source, kind_of

# A GeoPackage beyond this many bytes is read in batches, not as a whole.
LARGE = 16 << 20


def is_streamed(args: argparse.Namespace) -> bool:
    """Say whether the file is one to read in batches."""
    kind = kind_of(args.file)
    if kind == "geopackage":
        rows = Path(args.output or "").suffix.lower() == ".parquet"
        return bool(rows or args.plot or args.layer or Path(args.file).stat().st_size > LARGE)
    return kind is not None


def run(args: argparse.Namespace, limit: float | None) -> int:
    """Check a large file; rows go to the output, the summary to the screen."""
    _refuse_others(args)
    summary.check_form(args.format)
    rows = _rows_to(args.output)
    if args.plot:
        differences.check(args.plot)
    bar = Progress("rows")

    def progress(done: int, source: Source, batch: Batch) -> None:
        bar.show(done, done / source.rows if source.rows else batch.done / source.size)

    try:
        found = verify_file(
            args.file,
            args.stated,
            unit=args.unit,
            crs=args.crs,
            accuracy_m=args.accuracy,
            max_difference=limit,
            layer=args.layer,
            output=rows,
            progress=progress,
        )
    finally:
        bar.close()
    if args.plot:
        differences.save(found, args.plot)
    document = summary.render(found, args.format, args.language)
    if args.output and not rows:
        files.write(args.output, document)
    else:
        sys.stdout.write(document)
    return 0 if found.passed else 1


def _rows_to(output: str | None) -> str | None:
    """Return the output if it is for rows; another one is for the summary."""
    if output is None or Path(output).suffix.lower() not in results.FORMS:
        return None
    results.check(output)
    return output


def _refuse_others(args: argparse.Namespace) -> None:
    for option, given in (("--assume", args.assume), ("--by-crs", args.by_crs)):
        if given:
            raise UsageError(
                f"{option} is not for files that are read in batches",
                where=args.file,
                hint="convert the file first, or leave it out",
            )
