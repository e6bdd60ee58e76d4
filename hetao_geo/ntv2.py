"""NTv2 grids of GCJ-02: the offset as a table that PROJ, GDAL and QGIS interpolate.

References
----------
The format: National Transformation Version 2 Developer's Guide, Geodetic Survey Division, Natural
Resources Canada, appendix C. Positions and shifts are in seconds of arc, longitudes positive
west, nodes run from the south-east corner west and then north.
"""

from __future__ import annotations

import math
import os
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hetao_geo import files
from hetao_geo.datum import gcj02_to_wgs84
from hetao_geo.errors import UsageError

Values = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

# West, south, east, north in degrees: the eleven cities of the Greater Bay Area with their sea.
BOUNDS: Bounds = (111.2, 21.4, 115.6, 24.6)
# Seconds of arc between nodes, in longitude and in latitude. The shortest wave of GCJ-02, a
# third of a degree, runs in longitude alone, so latitudes can stand wider: 2.8 cm in all.
SPACING = (18.0, 72.0)
# How far, in metres, a grid may stray from the formula.
MAX_ERROR = 0.1
# The box in which the offset is known to its last digit on every machine.
_LIMITS: Bounds = (70.1, 0.1, 139.9, 59.9)
# Degrees around the bounds: a place in them stays on the grid in either datum.
_MARGIN = 0.03
# A quarter of the shortest wave: wider cells could hide a wave from their middles.
_WIDEST = 300.0
_MOST_NODES = 20_000_000
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Grid:
    """Shifts from GCJ-02 to WGS 84 at the nodes of a regular grid of GCJ-02 coordinates.

    Attributes
    ----------
    lon, lat : ndarray
        Longitudes from west to east and latitudes from south to north, in degrees.
    spacing : tuple of float
        Seconds of arc between nodes, in longitude and in latitude.
    east, north : ndarray of float32, shape (lat.size, lon.size)
        Shifts in seconds of arc.
    """

    lon: Values
    lat: Values
    spacing: tuple[float, float]
    east: NDArray[np.float32]
    north: NDArray[np.float32]

    @property
    def error(self) -> float:
        """The greatest distance from the formula in the middle of a cell, in metres.

        There bilinear interpolation strays most: the shifts are waves much longer than a cell.
        """
        x, y = np.meshgrid(_middles(self.lon), _middles(self.lat))
        lon, lat = gcj02_to_wgs84(x, y)
        east = (lon - x - _cell_means(self.east) / 3600.0) * np.cos(np.deg2rad(y))
        north = lat - y - _cell_means(self.north) / 3600.0
        return float(np.hypot(east, north).max() * _METRES_PER_DEGREE)


def make(bounds: Bounds = BOUNDS, spacing: tuple[float, float] = SPACING) -> Grid:
    """Return the grid that holds every place in `bounds`, given in WGS 84 or in GCJ-02.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees.
    spacing : tuple of float
        Seconds of arc between nodes, in longitude and in latitude.

    Raises
    ------
    UsageError
        Bounds out of order or out of the region of GCJ-02, or a spacing that is not positive or
        makes more than 20 million nodes.
    """
    _check_bounds(bounds)
    lon = _nodes(bounds[0], bounds[2], spacing[0])
    lat = _nodes(bounds[1], bounds[3], spacing[1])
    if len(lon) * len(lat) > _MOST_NODES:
        raise _bad_spacing(spacing, f"at most {_MOST_NODES:,} nodes")
    x, y = np.meshgrid(np.array(lon) * spacing[0] / 3600.0, np.array(lat) * spacing[1] / 3600.0)
    to_lon, to_lat = gcj02_to_wgs84(x, y)
    east, north = (to_lon - x) * 3600.0, (to_lat - y) * 3600.0
    return Grid(x[0], y[:, 0], spacing, east.astype(np.float32), north.astype(np.float32))


def write(
    path: str | os.PathLike[str],
    bounds: Bounds = BOUNDS,
    spacing: tuple[float, float] = SPACING,
    max_error: float = MAX_ERROR,
) -> Grid:
    """Write a grid to a file and return it; the same arguments give the same bytes.

    Parameters
    ----------
    path : path-like
        The file, by custom ``.gsb``.
    bounds, spacing
        See `make`.
    max_error : float
        How far the grid may stray from the formula, in metres.

    Raises
    ------
    UsageError
        Also when the spacing is too wide for `max_error`.
    OutputError
        The file cannot be written.
    """
    files.check_writable(path)
    grid = make(bounds, spacing)
    if not grid.error <= max_error:
        raise _bad_spacing(spacing, f"nodes that follow GCJ-02 to {max_error:g} m", grid.error)
    files.write(path, encode(grid))
    return grid


def encode(grid: Grid) -> bytes:
    """Return the grid as the bytes of an NTv2 file (little-endian)."""
    head = [
        _integer("NUM_OREC", 11),
        _integer("NUM_SREC", 11),
        _integer("NUM_FILE", 1),
        _text("GS_TYPE", "SECONDS"),
        _text("VERSION", "NTv2.0"),
        _text("SYSTEM_F", "GCJ-02"),
        _text("SYSTEM_T", "WGS84"),
        # The shifts are differences of angles: one ellipsoid serves both systems.
        _real("MAJOR_F", 6378137.0),
        _real("MINOR_F", 6356752.314245179),
        _real("MAJOR_T", 6378137.0),
        _real("MINOR_T", 6356752.314245179),
    ]
    return b"".join([*head, *_subgrid_head(grid), _nodes_of(grid), _real("END", 0.0)])


def _subgrid_head(grid: Grid) -> list[bytes]:
    seconds = {
        "S_LAT": grid.lat[0] * 3600.0,
        "N_LAT": grid.lat[-1] * 3600.0,
        "E_LONG": -grid.lon[-1] * 3600.0,
        "W_LONG": -grid.lon[0] * 3600.0,
        "LAT_INC": grid.spacing[1],
        "LONG_INC": grid.spacing[0],
    }
    return [
        _text("SUB_NAME", "GCJ02"),
        _text("PARENT", "NONE"),
        # The formula's age, for a grid of the same formula has the same bytes on every day.
        _text("CREATED", "20130101"),
        _text("UPDATED", "20130101"),
        *(_real(name, round(value, 9)) for name, value in seconds.items()),
        _integer("GS_COUNT", grid.east.size),
    ]


def _nodes_of(grid: Grid) -> bytes:
    """Return the records of the nodes: two shifts and their accuracies in metres."""
    accuracy = np.full_like(grid.north, math.ceil(grid.error * 100) / 100)
    records = np.stack([grid.north, -grid.east, accuracy, accuracy], axis=-1)
    return records[:, ::-1].astype("<f4").tobytes()


def _nodes(low: float, high: float, spacing: float) -> range:
    """Return the numbers of the nodes from below `low` to above `high`, margin included."""
    if not 0 < spacing <= _WIDEST:
        raise _bad_spacing(spacing, f"seconds of arc above 0, at most {_WIDEST:g}")
    first = math.floor((low - _MARGIN) * 3600.0 / spacing)
    return range(first, math.ceil((high + _MARGIN) * 3600.0 / spacing) + 1)


def _check_bounds(bounds: Bounds) -> None:
    west, south, east, north = bounds
    inside = _LIMITS[0] <= west < east <= _LIMITS[2] and _LIMITS[1] <= south < north <= _LIMITS[3]
    if not inside:
        raise UsageError(
            "bounds that no grid of GCJ-02 can have",
            where="bounds",
            expected=f"west < east within {_LIMITS[0]} to {_LIMITS[2]} and "
            f"south < north within {_LIMITS[1]} to {_LIMITS[3]}",
            found=", ".join(f"{value:g}" for value in bounds),
            hint="give degrees in the order west, south, east, north",
        )


def _bad_spacing(spacing: object, expected: str, error: float | None = None) -> UsageError:
    return UsageError(
        "a spacing that does not serve",
        where="spacing",
        expected=expected,
        found=str(spacing) if error is None else f"{error:.2g} m at {spacing}",
        hint=f"the default is {SPACING[0]:g} and {SPACING[1]:g} seconds of arc",
    )


def _middles(values: Values) -> Values:
    return (values[1:] + values[:-1]) / 2


def _cell_means(values: NDArray[np.float32]) -> Values:
    wide = values.astype(np.float64)
    return (wide[1:, 1:] + wide[1:, :-1] + wide[:-1, 1:] + wide[:-1, :-1]) / 4


def _text(name: str, value: str) -> bytes:
    return f"{name:8}{value:8}".encode("ascii")


def _integer(name: str, value: int) -> bytes:
    return struct.pack("<8si4x", f"{name:8}".encode("ascii"), value)


def _real(name: str, value: float) -> bytes:
    return struct.pack("<8sd", f"{name:8}".encode("ascii"), value)
