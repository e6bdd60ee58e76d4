"""The Hetao Shenzhen-Hong Kong cooperation zone: boundaries, area verification, border map.

The package is built in layers. A module uses the layers below it, never a neighbour or a
layer above::

    4   cli                                  speaks with people; the only place that prints
    3   report   webmap   figure   formats   make things from what is known
    2   verification  checking               evaluate: a claim against a measurement
    1   catalog  plan  area  geojson         read the data, measure a shape
    0   errors  paths  files  text  style  crs  datum

``errors``, ``paths`` and ``files`` are the base of layer 0; the others of it may use them.
Coordinates are WGS 84, longitude first, unless a name says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hetao_geo.catalog import features, layers, load
    from hetao_geo.checking import read_polygons
    from hetao_geo.errors import HetaoGeoError
    from hetao_geo.figure import build_figure, save_figure
    from hetao_geo.formats import export
    from hetao_geo.verification import verify
    from hetao_geo.webmap import build_map

__version__ = "0.1.0"

# Public name -> module that defines it; loaded on first use, because folium and geopandas
# take half a second each and most callers need neither.
_HOME = {
    "HetaoGeoError": "errors",
    "build_figure": "figure",
    "build_map": "webmap",
    "export": "formats",
    "features": "catalog",
    "layers": "catalog",
    "load": "catalog",
    "read_polygons": "checking",
    "save_figure": "figure",
    "verify": "verification",
}

__all__ = [
    "HetaoGeoError",
    "__version__",
    "build_figure",
    "build_map",
    "export",
    "features",
    "layers",
    "load",
    "read_polygons",
    "save_figure",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'hetao_geo' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"hetao_geo.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
