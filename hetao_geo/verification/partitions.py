"""The same evaluation on a cluster: one function mapped over the partitions of a dask frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hetao_geo.errors import UsageError
from hetao_geo.verification.rows import check_crs, check_unit, evaluate, require_share

if TYPE_CHECKING:
    import pandas as pd


def evaluate_frame(frame: Any, stated: str, **rule: Any) -> pd.DataFrame:
    """Evaluate the rows of one GeoDataFrame.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Any CRS; without one its coordinates are taken as WGS 84, longitude first.
    stated : str
        The column of declared areas.
    **rule
        ``unit``, ``crs``, ``accuracy_m``, ``max_difference``; see
        `hetao_geo.verification.rows.evaluate`.

    Returns
    -------
    pandas.DataFrame
        The index of `frame`, and the columns of `Evaluation.columns`.
    """
    import pandas as pd

    lonlat = frame.geometry if frame.crs is None else frame.geometry.to_crs("EPSG:4326")
    evaluated = evaluate(np.asarray(lonlat, dtype=object), frame[stated].to_numpy(), **rule)
    columns: dict[str, Any] = evaluated.columns()
    for name in ("verdict", "reason"):
        columns[name] = pd.array(columns[name], dtype="string")
    return pd.DataFrame(columns, index=frame.index)


def is_distributed(data: Any) -> bool:
    """Say whether `data` is a dask collection, without importing dask."""
    return hasattr(data, "map_partitions") and hasattr(data, "npartitions")


def verify_partitions(
    data: Any,
    stated: str,
    *,
    unit: str = "km2",
    crs: str | None = None,
    accuracy_m: float | None = None,
    max_difference: float | None = None,
) -> Any:
    """Evaluate a dask-geopandas frame; nothing is computed before it is asked for.

    Parameters
    ----------
    data : dask_geopandas.GeoDataFrame
        Partitions of any size that one worker can hold.
    stated, unit, crs, accuracy_m, max_difference
        See `evaluate_frame`.

    Returns
    -------
    dask.dataframe.DataFrame
        A row for each row of `data`, with its index; equal to what `evaluate_frame` gives for the
        whole. The work on a partition depends on nothing else, so a lost one is done again.

    Raises
    ------
    UsageError
        No such column, an unknown unit, CRS or share.
    """
    if stated not in data.columns:
        fields = ", ".join(str(name) for name in data.columns if name != data._meta.geometry.name)
        raise UsageError("no such column", expected=f"one of {fields}", found=repr(stated))
    check_unit(unit)
    check_crs(crs)
    require_share(max_difference)
    rule = {"unit": unit, "crs": crs, "accuracy_m": accuracy_m, "max_difference": max_difference}
    meta = evaluate_frame(data._meta, stated, **rule)
    return data.map_partitions(evaluate_frame, stated, meta=meta, **rule)
