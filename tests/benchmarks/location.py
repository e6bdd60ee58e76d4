"""Benchmarks of locating points: a million of them in GCJ-02, as a frame and as a table."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas

import hetao_geo
from hetao_geo import catalog, datum
from tests.benchmarks.area import process
from tests.benchmarks.harness import Case, Entry

SIZE = 1_000_000
# Where the points of the two frames lie: round the zone, and over the whole of Shenzhen.
ZONE, CITY = (114.02, 22.49, 114.10, 22.55), (113.75, 22.45, 114.60, 22.85)
METRES = "EPSG:2326"


def cases() -> Iterator[Case]:
    for bounds, where in ((ZONE, "round the zone"), (CITY, "over Shenzhen")):
        yield located(*cloud(SIZE, bounds), where)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "companies.csv")
        write_table(path, *cloud(SIZE, CITY))
        yield table(path)


def cloud(count: int, bounds: tuple[float, float, float, float]) -> tuple[Any, Any]:
    """Return longitudes and latitudes, WGS 84."""
    west, south, east, north = bounds
    chance = np.random.default_rng(2023)
    return chance.uniform(west, east, count), chance.uniform(south, north, count)


def located(lon: Any, lat: Any, where: str) -> Case:
    """Both begin with two columns of degrees; geopandas takes them for WGS 84."""
    x, y = datum.wgs84_to_gcj02(lon, lat)
    rows = pandas.DataFrame({"lon": x, "lat": y})
    parks = hetao_geo.load("parks")[["id", "geometry"]].to_crs(METRES)
    limits = sides().to_crs(METRES)

    def join() -> int:
        drawn = geopandas.points_from_xy(rows["lon"], rows["lat"], crs=4326)
        points = geopandas.GeoDataFrame(rows, geometry=drawn).to_crs(METRES)
        inside = geopandas.sjoin(points, parks, predicate="within")
        return len(inside) + len(geopandas.sjoin_nearest(points, limits, distance_col="metres"))

    return Case(
        title=f"Points {where}: side, limit, distance",
        size=SIZE,
        unit="points",
        target="within the time of sjoin and sjoin_nearest, which tell no datum and no accuracy",
        ours=Entry("hetao_geo", lambda: hetao_geo.locate(rows, datum="gcj02"),
                   note="from GCJ-02, with probability"),
        peers=[Entry("geopandas", join, note="points_from_xy, to_crs, sjoin, sjoin_nearest")],
    )  # fmt: skip


def sides() -> geopandas.GeoDataFrame:
    """Return every stretch of the outlines of the parks as a line with its name."""
    import shapely

    rows = [
        (side["limit"], shapely.LineString(park.geometry.exterior.coords[first : last + 1]))
        for park in catalog.features("parks")
        for side in park.properties["sides"]
        for first, last in [side["line"]]
    ]
    names, lines = zip(*rows, strict=True)
    return geopandas.GeoDataFrame({"limit": names}, geometry=list(lines), crs=4326)


def write_table(path: Path, lon: Any, lat: Any) -> None:
    """Write a table as a geocoder gives it: GBK, GCJ-02, six decimals."""
    x, y = (np.round(v, 6).tolist() for v in datum.wgs84_to_gcj02(lon, lat))
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["企业", "地址", "经度", "纬度"])
        rows = zip(range(SIZE), x, y, strict=True)
        writer.writerows([f"公司{n}", "深圳市福田区", *pair] for n, *pair in rows)


def table(path: Path) -> Case:
    """The command, and geopandas with the same file, each in a process of its own."""
    output = path.with_name("located.csv")
    command = [sys.executable, "-m", "hetao_geo", "locate", str(path), "--datum", "gcj02"]
    script = (
        "import geopandas, pandas\n"
        f"rows = pandas.read_csv({str(path)!r}, encoding='gbk')\n"
        "drawn = geopandas.points_from_xy(rows['经度'], rows['纬度'], crs=4326)\n"
        "points = geopandas.GeoDataFrame(rows, geometry=drawn)\n"
        "from tests.benchmarks.location import METRES, sides\n"
        "import hetao_geo\n"
        "parks = hetao_geo.load('parks')[['id', 'geometry']].to_crs(METRES)\n"
        "points = points.to_crs(METRES)\n"
        "joined = geopandas.sjoin(points, parks, how='left', predicate='within')\n"
        "joined = joined.drop(columns='index_right')\n"
        "joined = geopandas.sjoin_nearest(joined, sides().to_crs(METRES), distance_col='m')\n"
        f"joined.drop(columns='geometry').to_csv({str(output)!r}, encoding='utf-8-sig')\n"
    )
    return Case(
        title="hetao-geo locate of a CSV file",
        size=SIZE,
        unit="points",
        target="within the time of geopandas, under 1 GB",
        ours=Entry("hetao-geo locate", lambda: process([*command, "-o", str(output)])),
        peers=[
            Entry("geopandas", lambda: process([sys.executable, "-c", script]),
                  note="read_csv, the same joins, to_csv; no datum")
        ],
    )  # fmt: skip
