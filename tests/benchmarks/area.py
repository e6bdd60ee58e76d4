"""Benchmarks of areas: a million parcels, ten million declared ones, and growth."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
from pyproj import Geod, Transformer

from hetao_geo import area
from tests.benchmarks import outside
from tests.benchmarks.harness import Case, Entry, Timed, peer
from tests.geodesic_equation import ring_area

SIZE = 1_000_000
MANY = 10_000_000
# Peers that measure one polygon a call get a part of the parcels.
SHARE = 0.02
# Parcels whose area is also found in 25 digits, as the truth.
SAMPLE = 100
LAEA = "+proj=laea +lat_0=22.65 +lon_0=114.2 +datum=WGS84"
HERE = Path(__file__).parent


def cases() -> Iterator[Case]:
    xy = parcels(SIZE)
    yield flat(xy)
    yield from_shapely(xy)
    for size in (10_000, 100_000, 1_000_000, 10_000_000):
        yield growth(size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "parcels.parquet")
        write_parquet(path, MANY)
        yield declared(path)


def parcels(count: int, seed: int = 2023) -> np.ndarray:
    """Return four-sided parcels of 10 to 60 m about the zone, shape (count, 5, 2), degrees."""
    chance = np.random.default_rng(seed)
    corner = np.column_stack(
        [chance.uniform(113.7, 114.7, count), chance.uniform(22.4, 22.9, count)]
    )
    side = chance.uniform(1e-4, 6e-4, (count, 2))
    turn = np.array([[0, 0], [1, 0.03], [1.04, 1], [0, 1], [0, 0]])
    return corner[:, None] + side[:, None] * turn


def worst(xy: np.ndarray) -> Callable[[Any], float]:
    """Return the function from areas to their greatest relative error on the sample."""
    truth = np.array([ring_area(ring) for ring in xy[:SAMPLE]])
    return lambda found: float(np.abs(np.asarray(found)[:SAMPLE] / truth - 1).max())


def flat(xy: np.ndarray) -> Case:
    lon, lat = (np.ascontiguousarray(xy[..., axis].ravel()) for axis in (0, 1))
    offsets = np.arange(0, lon.size + 1, 5)
    error = worst(xy)
    series = geopandas.GeoSeries(shapely.polygons(xy), crs=4326)
    geod, few = Geod(ellps="WGS84"), xy[: round(SIZE * SHARE)]
    project = Transformer.from_crs("EPSG:4326", LAEA, always_xy=True).transform

    def one_by_one() -> list[float]:
        return [geod.polygon_area_perimeter(ring[:, 0], ring[:, 1])[0] for ring in few]

    def transformed() -> Any:
        plane = shapely.transform(
            series.to_numpy(), lambda c: np.column_stack(project(c[:, 0], c[:, 1]))
        )
        return shapely.area(plane)

    return Case(
        title="Ellipsoidal areas from flat arrays",
        size=SIZE,
        unit="parcels",
        error_unit="",
        target="15 times geopandas, 40 times Geod.polygon_area_perimeter, 25 times DuckDB",
        ours=Entry(
            "hetao_geo", lambda: area.geodesic_areas(area.Polygons(lon, lat, offsets)), error
        ),
        peers=[
            peer("geopandas", lambda _: lambda: series.to_crs(LAEA).area.to_numpy(), error,
                 note="to_crs(LAEA).area"),
            peer("shapely", lambda _: transformed, error, note="transform to LAEA, area"),
            peer("pyproj", lambda _: one_by_one, error, share=SHARE,
                 note="Geod.polygon_area_perimeter"),
            peer("duckdb", lambda m: duckdb_areas(m, xy), error,
                 note="ST_Area_Spheroid, all cores"),
            peer("geographiclib", lambda _: geographiclib_areas(few[: SIZE // 500]), error,
                 share=0.002),
            turf(xy, error),
        ],
    )  # fmt: skip


def from_shapely(xy: np.ndarray) -> Case:
    rows = shapely.polygons(xy)
    series = geopandas.GeoSeries(rows, crs=4326)
    error = worst(xy)
    return Case(
        title="Ellipsoidal areas from shapely objects",
        size=SIZE,
        unit="parcels",
        target="5 times geopandas",
        ours=Entry("hetao_geo", lambda: area.geodesic_areas(rows), error),
        peers=[
            peer("geopandas", lambda _: lambda: series.to_crs(LAEA).area.to_numpy(), error,
                 note="to_crs(LAEA).area")
        ],
    )  # fmt: skip


def growth(size: int) -> Case:
    """On one process and on two, each with its half made and kept in place."""
    workers = [ProcessPoolExecutor(1) for _ in range(2)]
    for seed, worker in enumerate(workers):
        worker.submit(_measured, size // 2, seed).result()
    xy = parcels(size)
    lon, lat = (np.ascontiguousarray(xy[..., axis].ravel()) for axis in (0, 1))
    flat_arrays = area.Polygons(lon, lat, np.arange(0, lon.size + 1, 5))

    def on_two() -> None:
        for one in [w.submit(_measured, size // 2, seed) for seed, w in enumerate(workers)]:
            one.result()

    return Case(
        title=f"Growth: {size:,} parcels",
        size=size,
        unit="parcels",
        target="linear",
        ours=Entry("one process", lambda: area.geodesic_areas(flat_arrays)),
        peers=[Entry("two processes", on_two)],
    )


@cache
def _kept(size: int, seed: int) -> area.Polygons:
    xy = parcels(size, seed)
    return area.Polygons(xy[..., 0].ravel(), xy[..., 1].ravel(), np.arange(0, 5 * size + 1, 5))


def _measured(size: int, seed: int) -> float:
    return float(area.geodesic_areas(_kept(size, seed)).sum())


def declared(path: Path) -> Case:
    """The command against geopandas' reading of the same file, each in a process of its own."""
    command = [sys.executable, "-m", "hetao_geo", "verify", str(path), "--stated", "stated_m2"]
    command += ["--unit", "m2", "--max-difference", "1%"]
    reading = [sys.executable, "-c", f"import geopandas; geopandas.read_parquet({str(path)!r})"]
    return Case(
        title="hetao-geo verify of a GeoParquet file",
        size=MANY,
        unit="parcels",
        target="within 1.5 times geopandas.read_parquet (a ratio of at least 0.67), under 1 GB",
        ours=Entry("hetao-geo verify", lambda: process(command)),
        peers=[Entry("geopandas.read_parquet alone", lambda: process(reading))],
    )


def process(command: list[str]) -> Timed:
    """Run a command; its seconds and greatest memory."""
    measure = (
        "import json, resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", measure, *command], capture_output=True, check=True, text=True
    )
    seconds = time.perf_counter() - start
    return Timed(seconds, peak_bytes=1024 * json.loads(done.stdout))


def write_parquet(path: Path, count: int) -> None:
    """Write parcels with their areas as declared, one in a hundred 5 % too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = {"encoding": "WKB", "geometry_types": ["Polygon"]}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    kinds = {"id": pa.int64(), "stated_m2": pa.float64(), "geometry": pa.binary()}
    schema = pa.schema(kinds.items(), metadata={"geo": json.dumps(geo)})
    chance = np.random.default_rng(5)
    with pq.ParquetWriter(path, schema) as file:
        for first in range(0, count, SIZE):
            size = min(SIZE, count - first)
            rows = shapely.polygons(parcels(size, seed=first))
            wrong = np.where(chance.random(size) < 0.01, 1.05, 1.0)
            stated = np.round(area.geodesic_areas(rows) * wrong, 1)
            ids = np.arange(first, first + size)
            columns = [pa.array(ids), pa.array(stated), pa.array(shapely.to_wkb(rows))]
            file.write_table(pa.table(columns, schema=schema), row_group_size=100_000)


def duckdb_areas(module: Any, xy: np.ndarray) -> Callable[[], Any]:
    """Return the query on a table in memory; DuckDB wants latitude first."""
    import duckdb_extension_spatial as extension
    import pyarrow as pa

    found = next(Path(extension.__file__).parent.rglob("*.duckdb_extension"))
    database = module.connect()
    database.execute(f"LOAD '{found}'")
    rows = pa.table({"wkb": pa.array(shapely.to_wkb(shapely.polygons(xy[..., ::-1])))})
    database.register("source", rows)
    database.execute("CREATE TABLE parcels AS SELECT ST_GeomFromWKB(wkb) AS g FROM source")
    database.unregister("source")
    return lambda: database.execute("SELECT ST_Area_Spheroid(g) AS a FROM parcels").fetchnumpy()[
        "a"
    ]


def geographiclib_areas(few: np.ndarray) -> Callable[[], list[float]]:
    from geographiclib.geodesic import Geodesic

    def measure(ring: np.ndarray) -> float:
        polygon = Geodesic.WGS84.Polygon()
        for lon, lat in ring[:-1]:
            polygon.AddPoint(lat, lon)
        return abs(float(polygon.Compute()[2]))

    return lambda: [measure(ring) for ring in few]


def turf(xy: np.ndarray, error: Callable[[Any], float]) -> Entry:
    def run(rings: np.ndarray) -> tuple[Timed, str]:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "in"), Path(folder, "out")
            np.ascontiguousarray(rings).tofile(source)
            words = [outside._node(), str(HERE / "turf.mjs"), str(source), str(target)]
            done = subprocess.run(words, capture_output=True, check=True)
            told = json.loads(done.stdout)
            return Timed(told["seconds"], np.fromfile(target)), told["version"]

    try:
        _, version = run(xy[:9])
    except (outside.Refusal, subprocess.CalledProcessError) as reason:
        return Entry("turf (node)", None, missing=str(reason))
    return Entry("turf (node)", lambda: run(xy)[0], error, version=version, note="on a sphere")
