"""FlatGeobuf and GeoPackage through GDAL's Arrow stream."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hetao_geo.errors import DataError, MissingExtraError, UsageError
from hetao_geo.verification import stream
from hetao_geo.verification.stream.batch import Batch, to_degrees
from hetao_geo.verification.stream.geoparquet import make_batch


def open_file(
    path: str | os.PathLike[str], stated: str, size: int, kind: str, layer: str | None
) -> stream.Source:
    """Open a FlatGeobuf or GeoPackage file that was recognised by its first bytes."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    _need_pyarrow(path)
    whole = Path(path).resolve()
    try:
        with warnings.catch_warnings():
            # Of a damaged file GDAL warns before it fails; one error is enough.
            warnings.simplefilter("ignore")
            if kind == "geopackage":
                layer = _layer(pyogrio.list_layers(whole), layer, path)
            about = pyogrio.read_info(whole, layer=layer, force_feature_count=True)
    except (DataSourceError, DataLayerError, IndexError) as error:  # IndexError: no layer at all
        raise _damaged(path, kind, error) from error
    fields = list(about["fields"])
    if stated not in fields:
        raise stream.no_field(stated, fields, path)
    kind_of_field = str(about["dtypes"][fields.index(stated)])
    if kind_of_field not in _NUMBERS:
        raise stream.not_numbers(stated, kind_of_field, path)
    crs, notes = _crs(about["crs"])
    wanted = list(dict.fromkeys([stated, *(["id"] if "id" in fields else [])]))

    described = {"encoding": "WKB", "crs": crs.to_json_dict()}

    def batches() -> Iterator[Batch]:
        convert, first = to_degrees(crs), 0
        try:
            with (
                _slow_flatgeobuf(),
                pyogrio.open_arrow(
                    whole, layer=layer, columns=wanted, batch_size=stream.BATCH, use_pyarrow=True
                ) as (meta, reader),
            ):
                column = meta["geometry_name"] or "wkb_geometry"
                for rows in reader:
                    yield make_batch(rows, column, stated, first, convert, described)
                    first += len(rows)
        except (DataSourceError, DataLayerError) as error:
            raise _damaged(path, kind, error) from error

    rows = about["features"] if about["features"] >= 0 else None
    return stream.Source(kind, crs.name, rows, size, batches, notes)


@contextmanager
def _slow_flatgeobuf() -> Iterator[None]:
    """Keep GDAL from its own Arrow reader of FlatGeobuf.

    In GDAL 3.12 that one starts its offsets again behind a row without geometry, so that all
    rows before it are lost; the general reader takes twice as long and is right.
    """
    import pyogrio

    option = "OGR_FLATGEOBUF_STREAM_BASE_IMPL"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


# GDAL texts are objects; a text that is a number counts, others are listed row by row.
_NUMBERS = ("int16", "int32", "int64", "float32", "float64", "object")


def _layer(found: Any, wanted: str | None, path: str | os.PathLike[str]) -> str:
    """Return the layer to read: the one of that name, or the only one with geometry."""
    names = [str(name) for name, geometry in found if geometry is not None]
    if wanted in names or (wanted is None and len(names) == 1):
        return wanted or names[0]
    raise UsageError(
        "which layer",
        where=os.fspath(path),
        expected=f"one of {', '.join(names) or '(no layers)'}",
        found=repr(wanted) if wanted else "no choice",
        hint="choose one with --layer",
    )


def _crs(text: str | None) -> tuple[Any, tuple[str, ...]]:
    from pyproj import CRS

    if text is None:
        return CRS("OGC:CRS84"), ("the file names no CRS; its coordinates are taken as WGS 84",)
    return CRS.from_user_input(text), ()


def _need_pyarrow(path: str | os.PathLike[str]) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "streaming needs pyarrow",
            where=os.fspath(path),
            hint="pip install 'hetao_geo[parquet]'",
        ) from error


def _damaged(path: str | os.PathLike[str], kind: str, error: Exception) -> DataError:
    return DataError(
        f"not a {stream.KINDS[kind]} file",
        where=os.fspath(path),
        expected=stream.KINDS[kind],
        found=str(error).splitlines()[0][:120],
    )
