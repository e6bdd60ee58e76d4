"""Write a table with one named GDAL driver."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from hetao_geo.errors import OutputError
from hetao_geo.formats.tables import Table


def version() -> tuple[int, ...]:
    """Return the version of the GDAL that writes."""
    import pyogrio

    return tuple(pyogrio.__gdal_version__)


def write(table: Table, path: Path, *, driver: str, **options: Any) -> None:
    """Write the table to `path` with the GDAL driver of that name and no other.

    Parameters
    ----------
    table : Table
        The layer.
    path : Path
        The file; `append=True` among `options` adds a layer to it.
    driver : str
        GDAL's short name, such as ``GPKG``.
    **options
        What `pyogrio.write_dataframe` takes: ``layer_options``, ``dataset_options``, ``encoding``.

    Raises
    ------
    OutputError
        GDAL could not write the file.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    name = table.layer.name
    with warnings.catch_warnings():
        # GCJ-02 and BD-09 have no CRS on purpose; GDAL's wrapper warns about a missing one.
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        try:
            pyogrio.write_dataframe(
                table.frame,
                path,
                layer=name,
                driver=driver,
                geometry_type=table.layer.geometry_type,
                **options,
            )
        except (DataSourceError, DataLayerError, FeatureError) as error:
            raise OutputError(
                "cannot write the layer",
                where=f"{name}, {driver}",
                found=str(error),
                hint="see that the disk has room",
            ) from error
