"""FlatGeobuf and Shapefile through GDAL, which sees files that were examined, under our names.

GDAL chooses its driver by looking at a file, so the file must look like one thing only: its first
bytes are checked before it is opened, and beside it lie its own side files alone.

References
----------
ESRI Shapefile Technical Description, July 1998
FlatGeobuf 3.0, https://flatgeobuf.org
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hetao_geo.errors import DataError, MissingExtraError
from hetao_geo.reading import arrow, columns, guard, wkb
from hetao_geo.reading.model import Rows

# Rows of a batch, fewer where they are long: the bytes of the file over its rows tell.
_ROWS, _BYTES = 65_536, 32 << 20
# In GDAL 3.12 FlatGeobuf's own Arrow reader starts its offsets again behind a row without
# geometry, so that all rows before it are lost; the general reader takes twice as long.
_OPTIONS = {"OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES", "OGR_ORGANIZE_POLYGONS": "DEFAULT"}


def describe(file: Path, path: str | os.PathLike[str], encoding: str | None) -> dict[str, Any]:
    """Return what GDAL says of a file: ``fields``, ``dtypes``, ``crs``, ``features``.

    Parameters
    ----------
    file : Path
        The file under our name.
    path : path
        The name that the caller gave, for errors.
    encoding : str, optional
        Of the texts of a Shapefile.
    """
    import pyogrio

    with _as_damage(file, path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(pyogrio.read_info(file, encoding=encoding, force_feature_count=True))


def step(size: int, count: int) -> int:
    """Return how many rows to take at a time from a file of `size` bytes."""
    return int(min(_ROWS, max(_BYTES * max(count, 1) // max(size, 1), 1)))


def rows(
    file: Path,
    path: str | os.PathLike[str],
    wanted: Collection[str],
    named: str | None,
    *,
    encoding: str | None,
    step: int,
) -> Iterator[Rows]:
    """Give the rows of a file with some of its fields; `named` holds the ids."""
    import pyogrio

    asked = list(dict.fromkeys([*([named] if named else []), *wanted]))
    first = 0
    with (
        _as_damage(file, path),
        pyogrio.open_arrow(
            file, columns=asked, batch_size=step, use_pyarrow=True, encoding=encoding
        ) as (meta, reader),
    ):
        column = meta["geometry_name"] or "wkb_geometry"
        for batch in _quietly(reader):
            stored = batch.column(column)
            held = {name: arrow.column(batch.column(name)) for name in wanted}
            none = columns.objects([None] * len(batch))
            ids = arrow.texts(batch.column(named)) if named else none
            yield Rows(first, wkb.from_arrow(stored), ids, held)
            first += len(batch)


def _quietly(reader: Any) -> Iterator[Any]:
    """Give batches; GDAL warns before it fails, and one error is enough."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = next(reader, None)
        if batch is None:
            return
        yield batch


@contextmanager
def _as_damage(file: Path, path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what GDAL and Arrow find wrong into one error."""
    import pyogrio
    from pyogrio.errors import (
        DataLayerError,
        DataSourceError,
        FeatureError,
        FieldError,
        GeometryError,
    )

    before = {name: pyogrio.get_gdal_config_option(name) for name in _OPTIONS}
    pyogrio.set_gdal_config_options(_OPTIONS)
    try:
        yield
    except (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError,
            OSError, RuntimeError, ValueError, IndexError) as error:  # fmt: skip
        if isinstance(error, DataError):
            raise
        # GDAL names the private folder, which is another one at every run.
        found = (str(error).replace(f"{file.parent}/", "").splitlines() or ["?"])[0]
        raise guard.Unreadable("bad-container", path, found=found) from error
    finally:
        pyogrio.set_gdal_config_options(before)


def need_arrow(path: str | os.PathLike[str]) -> None:
    """Raise `MissingExtraError` where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "reading this format needs pyarrow",
            where=guard.name_of(path),
            hint="pip install 'hetao_geo[parquet]'",
        ) from error
