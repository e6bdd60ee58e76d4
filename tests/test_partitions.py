"""The evaluation on a cluster of two worker processes, one of which is killed."""

import os
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import hetao_geo
from hetao_geo.errors import UsageError
from hetao_geo.verification import Options
from hetao_geo.verification.partitions import evaluate_frame

dask_geopandas = pytest.importorskip("dask_geopandas")
distributed = pytest.importorskip("distributed")

RULE: dict[str, Any] = {"unit": "m2", "max_difference": 0.02}
OPTIONS = Options("said", **RULE)


def frame(rows: int = 4000) -> geopandas.GeoDataFrame:
    chance = np.random.default_rng(1)
    corner = np.column_stack([chance.uniform(75, 130, rows), chance.uniform(20, 50, rows)])
    turn = np.array([[0, 0], [1, 0.1], [1.1, 1], [0, 1]])
    shapes = list(shapely.polygons(corner[:, None] + 3e-4 * turn))
    shapes[7] = None
    shapes[11] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    stated = np.full(rows, 1000.0)
    stated[13] = np.nan
    return geopandas.GeoDataFrame({"said": stated}, geometry=shapes, crs=4326)


def slow_once(part: pd.DataFrame, folder: str) -> pd.DataFrame:
    """Note the worker that came first and wait, so that it can be killed at work."""
    try:
        with Path(folder, "first").open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return part
    time.sleep(20)
    return part


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        warnings.simplefilter("ignore")
        yield client


@pytest.mark.slow
def test_two_workers_give_the_same_rows(client: Any) -> None:
    whole = frame()
    lazy = hetao_geo.verify(dask_geopandas.from_geopandas(whole, npartitions=7), stated="said",
                            unit="m2", max_difference=0.02)  # fmt: skip
    found = lazy.compute()
    pd.testing.assert_frame_equal(found, evaluate_frame(whole, OPTIONS), check_exact=True)
    assert found.loc[[7, 11, 13], "reason"].tolist() == [
        "no geometry",
        "invalid geometry",
        "no stated area",
    ]
    assert set(found["verdict"]) == {"consistent", "not-consistent", "not-judged"}


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(client: Any, tmp_path: Path) -> None:
    whole = frame()
    parts = dask_geopandas.from_geopandas(whole, npartitions=8)
    delayed = parts.map_partitions(slow_once, str(tmp_path), meta=parts._meta)
    future = client.compute(hetao_geo.verify(delayed, stated="said", **RULE))
    note = tmp_path / "first"
    for _ in range(200):
        if note.exists() and note.read_text():
            break
        time.sleep(0.1)
    os.kill(int(note.read_text()), signal.SIGKILL)
    found = future.result(timeout=60)
    pd.testing.assert_frame_equal(found, evaluate_frame(whole, OPTIONS), check_exact=True)


def test_wrong_words_are_refused_before_any_work() -> None:
    parts = dask_geopandas.from_geopandas(frame(20), npartitions=2)
    for words, says in (({"stated": "nope"}, "said"), ({"stated": "said", "unit": "yd"}, "km2")):
        with pytest.raises(UsageError, match=says):
            hetao_geo.verify(parts, **words)
