"""Tables of points as CSV, of any length: some rows at a time, every column kept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hetao_geo import files
from hetao_geo.errors import DataError, UsageError
from hetao_geo.location.datum_evidence import MOST_POINTS, DatumEvidence, datum_evidence
from hetao_geo.location.locator import Locator, Rows
from hetao_geo.location.positions import LonLat, to_lonlat, with_accuracy
from hetao_geo.reading import encoding as encodings

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Rows in memory at a time: 100,000 of twenty columns of text take about 100 MB.
ROWS = 100_000
# Bytes that tell encoding and delimiter.
_START = 1 << 20
_LON = ("lon", "lng", "long", "longitude", "x", "经度", "經度")
_LAT = ("lat", "latitude", "y", "纬度", "緯度")
# Rows that could not be located are named up to so many.
NAMED = 20


@dataclass(frozen=True)
class Table:
    """A CSV file with a column of longitudes and one of latitudes."""

    path: Path
    """The file."""
    encoding: str
    """Given, else told from its first bytes."""
    delimiter: str
    """Comma, semicolon or tab."""
    lon: str
    """Column of longitude or easting."""
    lat: str
    """Column of latitude or northing."""

    def parts(self, datum: str, crs: str | None) -> Iterator[tuple[pd.DataFrame, LonLat]]:
        """Give the rows as text, `ROWS` at a time, and their positions.

        Parameters
        ----------
        datum, crs
            As in `hetao_geo.location.positions.to_lonlat`.

        Raises
        ------
        DataError
            Bytes that are not of the encoding, or rows with more cells than the header.
        """
        import pandas as pd

        try:
            with pd.read_csv(
                self.path,
                sep=self.delimiter,
                dtype=str,
                keep_default_na=False,
                encoding=self.encoding,
                chunksize=ROWS,
            ) as reader:
                for part in reader:
                    x, y = part[self.lon].to_numpy(), part[self.lat].to_numpy()
                    yield part, to_lonlat(x, y, datum=datum, crs=crs)
        except (pd.errors.ParserError, UnicodeError) as error:
            raise DataError(
                "the table cannot be read",
                where=str(self.path),
                expected=f"CSV in {self.encoding}, every row with the cells of the header",
                found=str(error).strip(),
                hint="save it as CSV in UTF-8, or name the encoding with --encoding",
            ) from error


class PointTable(Protocol):
    """Points and what is known of them; `Table` and `hetao_geo.location.layers.PointLayer`."""

    @property
    def encoding(self) -> str:
        """Encoding of the text, for the reader; empty where the format fixes it."""

    def parts(self, datum: str, crs: str | None) -> Iterator[tuple[pd.DataFrame, LonLat]]:
        """Give some rows at a time, and their positions in WGS 84."""


def open_table(
    path: str | os.PathLike[str],
    *,
    lon: str | None = None,
    lat: str | None = None,
    encoding: str | None = None,
) -> Table:
    """Return a CSV file, its encoding, delimiter and columns of coordinates.

    Raises
    ------
    DataError
        It is missing, empty or not text.
    UsageError
        It has no such columns, or none that are called like coordinates.
    """
    start = files.read_start(path, _START)
    known = encodings.check(encoding) or encodings.detect(start)
    header = start.decode(known, errors="replace").lstrip("\ufeff").splitlines()[:1]
    if not header:
        raise DataError("the table is empty", where=str(path), expected="a header and rows")
    delimiter = max(",;\t", key=header[0].count)
    names = [name.strip().strip('"') for name in header[0].split(delimiter)]
    columns = _column(names, lon, _LON, "lon"), _column(names, lat, _LAT, "lat")
    return Table(Path(path), known, delimiter, *columns)


def _column(names: list[str], wanted: str | None, usual: tuple[str, ...], option: str) -> str:
    found = [n for n in names if (n == wanted if wanted else n.casefold() in usual)]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "no such column" if wanted else "no column is certainly that of the coordinates",
        where=f"--{option}",
        expected=f"one of {', '.join(names)}",
        found=repr(wanted) if wanted else f"{len(found)} with a usual name",
        hint=f"name it with --{option}",
    )


@dataclass
class TableLocation:
    """The points of a table, located some rows at a time.

    Attributes
    ----------
    table : Table
    locator : Locator
    datum, crs : str, optional
        As in `hetao_geo.location.positions.to_lonlat`; without either WGS 84 is assumed, and
        `evidence` tells whether that fits.
    accuracy_m : float or str
        Standard error of the points, metres; or the column that holds it.
    status : Counter
        How many points have each status, so far.
    faults : list of str
        The first rows that could not be located, numbered from 1, and why.
    evidence : tuple of DatumEvidence
        Which datum the first points are in; empty away from the zone.
    """

    table: PointTable
    locator: Locator
    datum: str | None = None
    crs: str | None = None
    accuracy_m: float | str = 0.0
    status: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    evidence: tuple[DatumEvidence, ...] = ()

    def parts(self) -> Iterator[tuple[LonLat, pd.DataFrame]]:
        """Give positions and the rows of the table with the columns of `Rows`."""
        for part, points in self.table.parts(self.datum or "wgs84", self.crs):
            points, accuracy_m = self._accuracy(part, points)
            rows = self.locator.locate(points, accuracy_m)
            if not self.rows and self.crs is None and self.datum is None:
                self.evidence = _evidence(part, points)
            self._note(rows)
            yield points, rows.rounded().beside(part)

    def _accuracy(self, part: pd.DataFrame, points: LonLat) -> tuple[LonLat, Floats | float]:
        if not isinstance(self.accuracy_m, str):
            return points, self.accuracy_m
        if self.accuracy_m not in part:
            raise UsageError(
                "no such column",
                where="--accuracy",
                expected=f"metres, or one of {', '.join(map(str, part))}",
                found=repr(self.accuracy_m),
            )
        return with_accuracy(points, part[self.accuracy_m].to_numpy())

    @property
    def rows(self) -> int:
        """Number of points so far."""
        return sum(self.status.values())

    def _note(self, rows: Rows) -> None:
        reason = rows.columns["reason"]
        wrong = np.flatnonzero(reason != "")[: NAMED - len(self.faults)]
        self.faults += [f"row {self.rows + row + 1}: {reason[row]}" for row in wrong.tolist()]
        self.status.update(Counter(rows.columns["status"].tolist()))


def _evidence(part: pd.DataFrame, points: LonLat) -> tuple[DatumEvidence, ...]:
    first = part.head(MOST_POINTS)
    texts = [name for name in first.columns if first[name].dtype == object]
    cells = ((r, cell) for name in texts for r, cell in enumerate(first[name]))
    names = ((r, cell) for r, cell in cells if isinstance(cell, str))
    return datum_evidence(points.lon[:MOST_POINTS], points.lat[:MOST_POINTS], names)
