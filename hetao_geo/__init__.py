"""The Hetao Shenzhen-Hong Kong cooperation zone: boundaries, area verification, border map.

The package is built in layers. A module uses the layers below it, never a neighbour or a
layer above::

    cli                                               speaks with people; the only place that prints
    report   webmap   figure   formats                make things from what is known
    cartography                                       what the page and the figure share
    verification  checking  location  comparison      answer: a claim, a file, a point, two versions
    reading  outlines                                 the one door for foreign polygons; their edges
    catalog  plan  area  geojson  ntv2                the data, and measuring
    text  style  crs  datum                           facts and mathematics
    errors  paths  files                              the base

Coordinates are WGS 84, longitude first, unless a name says otherwise.
"""

from __future__ import annotations

# Not imported: type checkers know the name, and typing takes longer than all else here.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from hetao_geo import area as area
    from hetao_geo import catalog as catalog
    from hetao_geo import crs as crs
    from hetao_geo import datum as datum
    from hetao_geo import plan as plan
    from hetao_geo import report as report
    from hetao_geo.catalog import features, layers, load
    from hetao_geo.checking import PolygonsError, read_polygons
    from hetao_geo.comparison import compare
    from hetao_geo.errors import (
        DataError,
        HetaoGeoError,
        MissingExtraError,
        OutputError,
        UsageError,
    )
    from hetao_geo.figure import build_figure, save_figure
    from hetao_geo.formats import export
    from hetao_geo.location.frames import locate
    from hetao_geo.verification import verify
    from hetao_geo.webmap import build_map

__version__ = "0.1.0"

# Public name -> module that defines it; loaded on first use, because folium and geopandas
# take half a second each and most callers need neither.
_HOME = {
    "DataError": "errors",
    "HetaoGeoError": "errors",
    "MissingExtraError": "errors",
    "OutputError": "errors",
    "PolygonsError": "checking",
    "UsageError": "errors",
    "build_figure": "figure",
    "build_map": "webmap",
    "compare": "comparison",
    "export": "formats",
    "features": "catalog",
    "layers": "catalog",
    "load": "catalog",
    "locate": "location.frames",
    "read_polygons": "checking",
    "save_figure": "figure",
    "verify": "verification",
}
# Modules that are of use by themselves.
_MODULES = ("area", "catalog", "crs", "datum", "plan", "report")

__all__ = [
    "DataError",
    "HetaoGeoError",
    "MissingExtraError",
    "OutputError",
    "PolygonsError",
    "UsageError",
    "__version__",
    "build_figure",
    "build_map",
    "compare",
    "export",
    "features",
    "layers",
    "load",
    "locate",
    "read_polygons",
    "save_figure",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOME and name not in _MODULES:
        raise AttributeError(f"module 'hetao_geo' has no attribute {name!r}")
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"hetao_geo.{name}")
    value: object = getattr(import_module(f"hetao_geo.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted((*__all__, *_MODULES))
