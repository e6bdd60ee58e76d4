"""The same evaluation on a cluster: one function mapped over the partitions of a dask frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeGuard

from hetao_geo import reading
from hetao_geo.errors import UsageError
from hetao_geo.verification.fields import evaluate_batch
from hetao_geo.verification.options import Options

if TYPE_CHECKING:
    import geopandas
    import pandas


class Partitioned(Protocol):
    """A dask collection of rows, such as `dask_geopandas.GeoDataFrame`."""

    npartitions: int
    columns: Iterable[str]
    _meta: geopandas.GeoDataFrame

    def map_partitions(
        self, work: Callable[..., pandas.DataFrame], *args: object, meta: pandas.DataFrame
    ) -> Partitioned:
        """Return the results of `work` on each partition."""

    def compute(self) -> pandas.DataFrame:
        """Return the whole, computed."""


def is_partitioned(data: object) -> TypeGuard[Partitioned]:
    """Say whether `data` is a dask collection, without importing dask."""
    return hasattr(data, "map_partitions") and hasattr(data, "npartitions")


def evaluate_frame(frame: geopandas.GeoDataFrame, options: Options) -> pandas.DataFrame:
    """Evaluate the rows of one GeoDataFrame.

    Returns
    -------
    pandas.DataFrame
        The index of `frame`, and the columns of results without ``row``.
    """
    import pandas

    tables = [
        evaluate_batch(batch, options).frame(options.results_in)
        for batch in reading.from_frame(frame).batches()
    ]
    return pandas.concat(tables).drop(columns="row").set_index(frame.index)


def verify_partitions(data: Partitioned, options: Options) -> Partitioned:
    """Evaluate a dask-geopandas frame; nothing is computed before it is asked for.

    Parameters
    ----------
    data : dask_geopandas.GeoDataFrame
        Partitions of any size that one worker can hold.
    options : Options
        What was asked for; `stated` names a column.

    Returns
    -------
    dask.dataframe.DataFrame
        A row for each row of `data`, with its index; equal to what `evaluate_frame` gives for the
        whole. The work on a partition depends on nothing else, so a lost one is done again.

    Raises
    ------
    UsageError
        No such column.
    """
    names = [str(name) for name in data.columns if name != data._meta.geometry.name]
    if options.stated not in names:
        raise UsageError(
            "no such column",
            where="stated",
            expected=f"one of {', '.join(names)}",
            found=repr(options.stated),
        )
    meta = evaluate_frame(data._meta.iloc[:0], options)
    return data.map_partitions(evaluate_frame, options, meta=meta)
