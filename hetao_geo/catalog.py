"""The layers of ``geodata/``: what each is, from where, how exact, under which licence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetao_geo import files, paths
from hetao_geo.errors import DataError, UsageError

if TYPE_CHECKING:
    import geopandas
    from shapely.geometry.base import BaseGeometry

PACKAGE_FILE = "datapackage.json"
_NEEDED = ("name_en", "name_zh_hans", "name_zh_hant", "role", "accuracy_m", "method", "sources")


@dataclass(frozen=True)
class Layer:
    """One layer of the zone, as ``datapackage.json`` describes it."""

    name: str
    """Name of the layer, such as ``parks``."""
    title: Mapping[str, str]
    """Title by language: ``en``, ``zh-Hans``, ``zh-Hant``."""
    path: Path
    """The GeoJSON file."""
    geometry_type: str
    """The one geometry type of all its features."""
    feature_count: int
    """Number of features."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees, WGS 84."""
    accuracy_m: float
    """Standard deviation of a position of the least exact feature as a whole, metres."""
    licence: str
    """Name of the licence, as SPDX writes it."""
    sources: tuple[str, ...]
    """Titles of the sources."""
    sha256: str
    """Hash of the file, hexadecimal."""
    stated_total: Mapping[str, Any] | None = None
    """A stated area of all features together: id, stated_area_km2, stated_rounding_km2, source."""


@dataclass(frozen=True)
class Feature:
    """One feature of a layer."""

    id: str
    """Name of the feature, the same in every release."""
    geometry: BaseGeometry
    """Shapely geometry, WGS 84, longitude first, degrees."""
    properties: Mapping[str, Any]
    """Names, role, accuracy, method, sources and what else the layer has."""


def layers(*, folder: str | Path | None = None) -> tuple[Layer, ...]:
    """Return the layers in the order of the catalogue; opens no layer file.

    Parameters
    ----------
    folder : path, optional
        A folder with ``datapackage.json`` in place of the package's own.

    Raises
    ------
    DataError
        The catalogue is missing, not UTF-8, not JSON, or lacks a member.
    """
    home = Path(folder) if folder is not None else paths.GEODATA
    path = home / PACKAGE_FILE
    package = _parse(path)
    try:
        return tuple(_layer(row, home) for row in package["resources"])
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise DataError(
            "the catalogue of layers lacks a member",
            where=str(path),
            expected="a Frictionless data package with CRS, bounds, count and accuracy",
            found=f"{type(error).__name__}: {error}",
            hint="take the file from the release again",
        ) from error


def layer(name: str, *, folder: str | Path | None = None) -> Layer:
    """Return one layer of the catalogue.

    Raises
    ------
    UsageError
        There is no layer of that name.
    DataError
        See `layers`.
    """
    known = {one.name: one for one in layers(folder=folder)}
    if name not in known:
        raise UsageError(
            "unknown layer",
            expected=f"one of {', '.join(known)}",
            found=repr(name),
            hint="see 'hetao-geo layers'",
        )
    return known[name]


def features(name: str, *, folder: str | Path | None = None) -> tuple[Feature, ...]:
    """Return the features of a layer, without loading geopandas.

    Parameters
    ----------
    name : str
        Name of the layer, such as ``parks``.
    folder : path, optional
        A folder with ``datapackage.json`` and the layer files in place of the package's own.

    Raises
    ------
    UsageError
        There is no layer of that name.
    DataError
        The file is missing, truncated, not UTF-8, or not that layer.

    Examples
    --------
    >>> [park.id for park in features("parks")]
    ['shenzhen-park', 'hong-kong-park']
    """
    one = layer(name, folder=folder)
    data = _parse(one.path)
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise _wrong(one, "a GeoJSON FeatureCollection", _kind(data))
    if data.get("name") != name:
        raise _wrong(one, f"the member name {name!r}", repr(data.get("name")))
    rows = data.get("features")
    if not isinstance(rows, list) or len(rows) != one.feature_count:
        found = len(rows) if isinstance(rows, list) else "no list of features"
        raise _wrong(one, f"{one.feature_count} features", str(found))
    return tuple(_feature(row, one, number) for number, row in enumerate(rows))


def load(name: str, *, folder: str | Path | None = None) -> geopandas.GeoDataFrame:
    """Return a layer as a GeoDataFrame in EPSG:4326 with the column ``id``.

    Parameters
    ----------
    name, folder
        As in `features`.

    Raises
    ------
    UsageError, DataError
        As in `features`.

    Notes
    -----
    Coordinates are longitude first, degrees, as in the files; lists such as ``sides`` stay lists.
    """
    import geopandas

    found = features(name, folder=folder)
    rows = [{"id": one.id, **one.properties} for one in found]
    return geopandas.GeoDataFrame(rows, geometry=[one.geometry for one in found], crs="EPSG:4326")


def _layer(row: Mapping[str, Any], home: Path) -> Layer:
    west, south, east, north = row["bounds"]
    return Layer(
        name=row["name"],
        title=dict(row["titles"]),
        path=home / row["path"],
        geometry_type=row["geometry_type"],
        feature_count=row["feature_count"],
        bounds=(west, south, east, north),
        accuracy_m=row["positional_accuracy"]["value"],
        licence=row["licenses"][0]["name"],
        sources=tuple(source["title"] for source in row["sources"]),
        sha256=row["hash"].removeprefix("sha256:"),
        stated_total=row.get("stated_total"),
    )


def _parse(path: Path) -> Any:
    text = files.read_text(path)
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DataError(
            "not JSON",
            where=str(path),
            expected="a whole JSON text",
            found=str(error),
            hint="the file may be cut off; take it from the release again",
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _feature(row: Any, one: Layer, number: int) -> Feature:
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        geometry, properties, name = row["geometry"], row["properties"], row["id"]
        missing = [key for key in _NEEDED if key not in properties]
        if geometry["type"] != one.geometry_type or missing or not isinstance(name, str):
            found = f"{geometry['type']}, without {', '.join(missing) or 'a text id'}"
            wanted = f"a {one.geometry_type} with id and {', '.join(_NEEDED)}"
            raise _wrong(one, wanted, found, number)
        return Feature(name, shape(geometry), properties)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, ShapelyError) as error:
        if isinstance(error, DataError):
            raise
        found = f"{type(error).__name__}: {error}"
        raise _wrong(one, f"a GeoJSON Feature with a {one.geometry_type}", found, number) from error


def _kind(data: Any) -> str:
    return repr(data.get("type")) if isinstance(data, dict) else type(data).__name__


def _wrong(one: Layer, expected: str, found: str, number: int | None = None) -> DataError:
    where = str(one.path) if number is None else f"{one.path}, feature {number}"
    return DataError(
        f"not the layer {one.name!r}",
        where=where,
        expected=expected,
        found=found,
        hint="take the file from the release again, or correct its row in datapackage.json",
    )
