"""A stranger's polygons: every fault of the file, and what its coordinates really are.

`hetao_geo.reading` reads it; ``shapes`` checks the polygons; ``crs_ranking`` finds the datum or
axis order that they have; ``repair`` writes a repaired file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hetao_geo.errors import HetaoGeoError
from hetao_geo.geojson import Fault, Limits, printable

if TYPE_CHECKING:
    import geopandas

    from hetao_geo.catalog import Feature
    from hetao_geo.checking.crs_ranking import RankedCrs

__all__ = [
    "CheckedFile",
    "Fault",
    "Limits",
    "PolygonsError",
    "polygons",
    "read",
    "read_layers",
    "read_polygons",
    "usable",
]


@dataclass(frozen=True)
class CheckedFile:
    """What was found in a file."""

    file: str
    """Its name."""
    kind: str
    """Key of `hetao_geo.reading.FORMATS`, or ``unknown``."""
    crs: str
    """The system the coordinates were taken to be in: assumed, else declared by the file."""
    features: tuple[Feature, ...]
    """The features that have polygons, in WGS 84, longitude first, degrees."""
    faults: tuple[Fault, ...]
    """Every fault, in the order of the file."""
    crs_candidates: tuple[RankedCrs, ...]
    """What the coordinates may be, the most likely first; empty far from the zone."""
    distance_m: float | None = None
    """Metres from the zone to the nearest polygon, where no candidate puts one near it."""
    readable: bool = True
    """False where the file as a whole cannot be read."""
    omitted: int = 0
    """Faults beyond the first thousand of a kind."""
    layer: str | None = None
    """The layer, of a file that can have several."""

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that are not warnings."""
        return tuple(fault for fault in self.faults if fault.severity == "error")


class PolygonsError(HetaoGeoError):
    """A file that cannot be taken in; ``faults`` has every one of them."""

    def __init__(self, checked: CheckedFile, because: tuple[Fault, ...]) -> None:
        self.faults = checked.faults
        first = [f"{fault.what} ({fault.path or 'whole file'})" for fault in because[:3]]
        more = f" and {len(because) - 3} more" if len(because) > 3 else ""
        name = printable(checked.file)
        asked = [fault.hint for fault in because if fault.code == "declared-datum" and fault.hint]
        super().__init__(
            "the polygons cannot be used",
            where=name,
            found="; ".join(first) + more,
            hint=asked[0] if asked else f"see 'hetao-geo check {name}'",
        )


def read(
    path: str | os.PathLike[str],
    *,
    assume: str | None = None,
    limits: Limits | None = None,
    layer: str | None = None,
    encoding: str | None = None,
) -> CheckedFile:
    """Read one layer of a file of polygons and find everything that is wrong with it.

    Parameters
    ----------
    path : path
        A local regular file of one of `hetao_geo.reading.FORMATS`, known by its content.
    assume : str, optional
        What its coordinates are, whatever it says: ``gcj02``, ``bd09``, ``EPSG:2326``,
        ``wgs84-swapped``, ... (see `hetao_geo.reading.coordinates.find`). Nothing is
        converted on a guess; without this only a CRS that the file itself names counts.
    limits : Limits, optional
        Bytes, nesting and vertices that are too many.
    layer, encoding : str, optional
        As in `hetao_geo.reading.open_file`.

    Returns
    -------
    CheckedFile
        With errors among its faults, ``features`` holds what could be drawn.

    Raises
    ------
    DataError
        The file is missing, or no regular file.
    UsageError
        `assume` names no coordinate system; or the file has several layers, and none was chosen.
    """
    from hetao_geo.checking import contents

    options = contents.Options(assume, limits or Limits(), layer, encoding)
    return next(contents.read(path, options))


def read_layers(
    path: str | os.PathLike[str],
    *,
    assume: str | None = None,
    limits: Limits | None = None,
    encoding: str | None = None,
) -> tuple[CheckedFile, ...]:
    """Read every layer of a file; parameters and errors are those of `read`."""
    from hetao_geo.checking import contents

    options = contents.Options(assume, limits or Limits(), None, encoding, every=True)
    return tuple(contents.read(path, options))


def polygons(
    path: str | os.PathLike[str], *, assume: str | None = None, limits: Limits | None = None
) -> tuple[Feature, ...]:
    """Return the polygons of a file in WGS 84, longitude first, or refuse it.

    Parameters and other errors are those of `read`.

    Raises
    ------
    PolygonsError
        The file has errors or holds no polygons; or it declares GCJ-02 or BD-09 (a member or
        field ``datum``) and `assume` does not say so.
    """
    return usable(read(path, assume=assume, limits=limits))


def usable(found: CheckedFile) -> tuple[Feature, ...]:
    """Return the features of a file that has been read, or refuse it as `polygons` does."""
    if found.errors:
        raise PolygonsError(found, found.errors)
    if not found.features:
        raise PolygonsError(found, found.faults)
    return found.features


def read_polygons(
    path: str | os.PathLike[str], assume: str | None = None, **limits: Any
) -> geopandas.GeoDataFrame:
    """Return the polygons of a file as a GeoDataFrame in EPSG:4326.

    Parameters
    ----------
    path, assume
        As in `read`.
    **limits
        ``size`` (bytes), ``depth`` (brackets) and ``vertices``, as in `Limits`.

    Returns
    -------
    geopandas.GeoDataFrame
        Column ``id`` and the properties; polygons and multipolygons, longitude first, degrees.

    Raises
    ------
    PolygonsError
        The file has errors or holds no polygons.
    DataError, UsageError
        As in `read`.
    """
    import geopandas

    found = polygons(path, assume=assume, limits=Limits(**limits))
    rows = [{**feature.properties, "id": feature.id} for feature in found]
    shapes = [feature.geometry for feature in found]
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
