"""FlatGeobuf and GeoPackage through GDAL's Arrow stream."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
        layer = _layer(pyogrio.list_layers(whole), layer, path) if kind == "geopackage" else None
        about = pyogrio.read_info(whole, layer=layer, force_feature_count=True)
    except (DataSourceError, DataLayerError) as error:
        raise _damaged(path, kind, error) from error
    fields = list(about["fields"])
    if stated not in fields:
        raise stream.no_field(stated, fields, path)
    if about["ogr_types"][fields.index(stated)] not in _NUMBERS:
        raise stream.not_numbers(stated, about["ogr_types"][fields.index(stated)], path)
    crs, warnings = _crs(about["crs"])
    wanted = list(dict.fromkeys([stated, *(["id"] if "id" in fields else [])]))

    described = {"encoding": "WKB", "crs": crs.to_json_dict()}

    def batches() -> Iterator[Batch]:
        convert, first = to_degrees(crs), 0
        try:
            with pyogrio.open_arrow(
                whole, layer=layer, columns=wanted, batch_size=stream.BATCH, use_pyarrow=True
            ) as (meta, reader):
                column = meta["geometry_name"] or "wkb_geometry"
                for rows in reader:
                    yield make_batch(rows, column, stated, first, convert, described)
                    first += len(rows)
        except (DataSourceError, DataLayerError) as error:
            raise _damaged(path, kind, error) from error

    rows = about["features"] if about["features"] >= 0 else None
    return stream.Source(kind, crs.name, rows, size, batches, warnings)


_NUMBERS = ("OFTReal", "OFTInteger", "OFTInteger64", "OFTString")


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
        mend="choose one with --layer",
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
            mend="pip install 'hetao_geo[parquet]'",
        ) from error


def _damaged(path: str | os.PathLike[str], kind: str, error: Exception) -> DataError:
    return DataError(
        f"not a {stream.KINDS[kind]} file",
        where=os.fspath(path),
        expected=stream.KINDS[kind],
        found=str(error).splitlines()[0][:120],
    )
