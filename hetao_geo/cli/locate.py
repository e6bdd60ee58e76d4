"""Say which side of the parks' limits points are on: inside, outside, or too near to tell.

Give one point as longitude and latitude, or a file of points: a table as CSV, or any layer that
a GIS writes. Every point gets the park and part, its distance from the nearest limit (positive
inside), how exactly that limit is known, and the probability of being inside; from 2.5 to 97.5
per cent it is called uncertain. What the limit rests on is told for points within six standard
errors of it, where it matters. Rows that cannot be located are named, numbered from 1.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetao_geo import files
from hetao_geo.cli.progress import Progress
from hetao_geo.errors import UsageError
from hetao_geo.text import printable

if TYPE_CHECKING:
    import pandas as pd

    from hetao_geo.catalog import Feature
    from hetao_geo.location.locator import Locator
    from hetao_geo.location.positions import LonLat
    from hetao_geo.location.tables import PointTable, TableLocation

EXAMPLES = """\
examples:
  hetao-geo locate 114.0685 22.5210
  hetao-geo locate 114.0737 22.5182 --datum gcj02        from AMap or Tencent
  hetao-geo locate 825118 842372 --crs EPSG:2326         Hong Kong 1980 Grid
  hetao-geo locate "22°31'15.6\\"N" "114°4'6.6\\"E"
  hetao-geo locate companies.csv --lon 经度 --lat 纬度 --datum gcj02 -o located.csv
  hetao-geo locate stops.gpkg -o located.gpkg
  hetao-geo locate shops.csv --polygons districts.geojson --accuracy 10 -o located.csv

exit status: 0 every point was located, 1 some were not, 2 none was, or wrong use
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``locate``."""
    add = parser.add_argument
    add("place", metavar="PLACE", nargs="+", help="LONGITUDE LATITUDE, or a file of points")
    add("--datum", choices=("wgs84", "gcj02", "bd09"), help="datum of degrees (wgs84)")
    add("--crs", metavar="CRS", help="CRS of the coordinates in place of degrees: EPSG:2326")
    add("--lon", metavar="COLUMN", help="column of longitude or easting")
    add("--lat", metavar="COLUMN", help="column of latitude or northing")
    add("--encoding", metavar="NAME", help="encoding of the table, where it is told wrongly")
    add("--accuracy", metavar="METRES", type=_metres_or_column, default=0.0,
        help="standard error of the points in metres (0), or the column that holds it")  # fmt: skip
    add(
        "--polygons",
        metavar="FILE",
        help="polygons in place of the parks; their field accuracy_m is used",
    )
    add("--layer", metavar="NAME", help="the layer, where the file of points has several")
    add("-o", "--output", metavar="OUT",
        help="the rows with the results: .csv, .geojson, .gpkg, .fgb or .parquet")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Locate a point or a table."""
    from hetao_geo.location.locator import Locator

    locator = Locator(_polygons(args))
    if len(args.place) == 1 and _is_file(args.place[0]):
        return _table(args, locator)
    if args.output or args.lon or args.lat or args.encoding:
        raise UsageError(
            "that is for a table",
            where=" ".join(args.place),
            expected="a CSV file",
            found="the coordinates of one point, or no such file",
        )
    return _point(args, locator)


def _metres_or_column(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _is_file(place: str) -> bool:
    return Path(place).exists() or bool(re.search(r"\.[A-Za-z]\w*$", place))


def _polygons(args: argparse.Namespace) -> tuple[Feature, ...] | None:
    if args.polygons is None:
        return None
    from hetao_geo.reading.features import features

    return features(args.polygons)


def _point(args: argparse.Namespace, locator: Locator) -> int:
    from hetao_geo.location.degrees import parse_pair
    from hetao_geo.location.positions import to_lonlat

    if isinstance(args.accuracy, str):
        raise UsageError("not an accuracy", expected="metres", found=repr(args.accuracy))
    x, y = parse_pair(args.place)
    points = to_lonlat([x], [y], datum=args.datum or "wgs84", crs=args.crs)
    row = {n: values[0] for n, values in locator.locate(points, args.accuracy).columns.items()}
    if row["reason"]:
        raise UsageError("the point cannot be located", found=row["reason"])
    print(f"{points.lon[0]:.6f}, {points.lat[0]:.6f} (WGS 84, longitude first)")
    print("\n".join(_sentences(row)))
    return 0


def _sentences(row: dict[str, Any]) -> list[str]:
    """Return what was found of one point, a line each."""
    area = printable(str(row.get("park", row.get("polygon"))))
    status = "too near to tell" if row["status"] == "uncertain" else row["status"]
    part = f", {row['part']}" if row.get("part") else ""
    lines = [f"{status}: {area}{part} (probability of being inside {row['probability']:.3f})"]
    side = "inside" if row["distance_m"] >= 0 else "outside"
    limit = printable(row["limit"]) or "the outline"
    known = (
        f"known to {row['limit_accuracy_m']:g} m" if row["limit_accuracy_m"] else "accuracy unknown"
    )
    lines.append(f"{abs(row['distance_m']):,.0f} m {side} of {limit} ({known})")
    if row["evidence"]:
        lines.append(f"evidence: {printable(row['evidence'])}")
    if row.get("other_readings"):
        lines.append(
            f"other readings of the limits put it on the other side: {row['other_readings']}"
        )
    return lines


def _table(args: argparse.Namespace, locator: Locator) -> int:
    from hetao_geo.formats import points
    from hetao_geo.location.tables import TableLocation

    if args.output:
        inputs = [name for name in (args.place[0], args.polygons) if name]
        files.check_writable(args.output, inputs=inputs, endings=points.ENDINGS)
    located = TableLocation(_points(args), locator, args.datum, args.crs, args.accuracy)
    progress = Progress("points")
    try:
        parts = _watched(located, progress)
        if args.output:
            points.write(args.output, parts)
        else:
            deque(parts, maxlen=0)
    finally:
        progress.close()
    _report(args, located)
    return _exit_status(located)


def _points(args: argparse.Namespace) -> PointTable:
    """Return the table; a file that `reading` knows as a layer is one, all else is CSV."""
    from hetao_geo import reading
    from hetao_geo.location.layers import open_layer
    from hetao_geo.location.tables import open_table

    path = args.place[0]
    is_table = args.lon or args.lat or _is_text_table(path) or reading.format_of(path) == "csv"
    if not is_table:
        return open_layer(path, layer=args.layer, encoding=args.encoding)
    return open_table(path, lon=args.lon, lat=args.lat, encoding=args.encoding)


def _is_text_table(path: str) -> bool:
    """Say whether a file is called a table and is not JSON; its text may be in any encoding."""
    start = files.read_start(path, 64).lstrip()
    return Path(path).suffix.lower() in (".csv", ".tsv", ".txt") and start[:1] not in (b"{", b"[")


def _watched(located: TableLocation, progress: Progress) -> Iterator[tuple[LonLat, pd.DataFrame]]:
    for part in located.parts():
        progress.show(located.rows, None)
        yield part


def _report(args: argparse.Namespace, located: TableLocation) -> None:
    counts = ", ".join(f"{n:,} {status}" for status, n in sorted(located.status.items()))
    # Rows that go to standard output stand there alone.
    stream = sys.stderr if args.output and files.is_stream(args.output) else sys.stdout
    print(f"{located.rows:,} points: {counts or 'none'}{_read_as(located)}", file=stream)
    if args.output:
        print(printable(args.output), file=stream)
    for fault in located.faults:
        print(f"hetao-geo: {printable(fault)}", file=sys.stderr)
    more = located.status["not-located"] - len(located.faults)
    if more > 0:
        print(f"hetao-geo: and {more:,} rows more", file=sys.stderr)
    _ask_datum(located)


def _read_as(located: TableLocation) -> str:
    return f" (read as {located.table.encoding})" if located.table.encoding else ""


def _ask_datum(located: TableLocation) -> None:
    """Ask which datum it is where the points do not fit WGS 84."""
    from hetao_geo.location.datum_evidence import doubt

    question = doubt(located.evidence)
    if question:
        print(f"hetao-geo: warning: {question}", file=sys.stderr)


def _exit_status(located: TableLocation) -> int:
    missing = located.status["not-located"]
    return 0 if not missing and located.rows else 2 if missing == located.rows else 1
