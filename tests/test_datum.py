"""The datums: against published vectors, a plain reference and extended precision."""

import csv
import math
import warnings
from itertools import permutations
from pathlib import Path

import geopandas
import mpmath
import numpy as np
import pytest
import shapely

from hetao_geo import datum
from hetao_geo.datum import gcj02, reference
from hetao_geo.errors import UsageError

VECTORS = Path(__file__).parent / "data" / "datum_vectors.csv"
# The region that everyone's box describes.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
FORWARD_TOLERANCE = 1.5e-14
INVERSE_TOLERANCE = 1e-9
PAIRS = list(permutations(datum.NAMES, 2))


def convert(source, target, *arguments, **options):
    return getattr(datum, f"{source}_to_{target}")(*arguments, **options)


def region(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(WEST, EAST, count), rng.uniform(SOUTH, NORTH, count)


def edges(count=12_000):
    """Places up to 0.01 degrees on both sides of the region's four edges."""
    rng = np.random.default_rng(1)
    along, off = rng.uniform(0, 1, count), rng.uniform(-0.01, 0.01, count)
    side = np.arange(count) % 4
    lon = np.where(side < 2, np.where(side == 0, WEST, EAST) + off, WEST + along * (EAST - WEST))
    lat = np.where(side < 2, SOUTH + along * (NORTH - SOUTH), np.where(side == 2, SOUTH, NORTH))
    return lon, np.where(side < 2, lat, lat + off)


def assert_close(got, expected, tolerance):
    for ours, theirs in zip(got, expected, strict=True):
        assert np.abs(ours - theirs).max() <= tolerance


@pytest.mark.parametrize(
    "row",
    list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines())),
    ids=lambda row: row["source"],
)
def test_published_vectors(row):
    lon, lat = float(row["lon"]), float(row["lat"])
    expected = float(row["expected_lon"]), float(row["expected_lat"])
    got = convert(row["from"], row["to"], [lon], [lat])
    assert_close(got, expected, 2 * 10.0 ** -int(row["digits"]))


def exact_gcj02(lon, lat):
    """The published formula of GCJ-02 in 30 digits."""
    x, y = mpmath.mpf(lon) - 105, mpmath.mpf(lat) - 35

    def wave(z, *terms):
        return sum(a * mpmath.sin(mpmath.pi * z * n / d) for a, n, d in terms) * 2 / 3

    both = wave(x, (20, 6, 1), (20, 2, 1))
    root = mpmath.sqrt(abs(x))
    tenth = mpmath.mpf(1) / 10
    east = 300 + x + 2 * y + tenth * (x * x + x * y + root) + both
    east += wave(x, (20, 1, 1), (40, 1, 3), (150, 1, 12), (300, 1, 30))
    north = -100 + 2 * x + 3 * y + 2 * tenth * y * y + tenth * x * y + 2 * tenth * root + both
    north += wave(y, (20, 1, 1), (40, 1, 3), (160, 1, 12), (320, 1, 30))
    f = 1 / mpmath.mpf("298.3")
    e2, phi = f * (2 - f), mpmath.radians(mpmath.mpf(lat))
    m = 1 - e2 * mpmath.sin(phi) ** 2
    meridian = 6378245 * (1 - e2) / (m * mpmath.sqrt(m))
    parallel = 6378245 / mpmath.sqrt(m) * mpmath.cos(phi)
    return lon + mpmath.degrees(east / parallel), lat + mpmath.degrees(north / meridian)


def exact_bd09(lon, lat):
    """The published polar formula of BD-09 in 30 digits."""
    x, y = mpmath.mpf(lon), mpmath.mpf(lat)
    wave = mpmath.pi * 3000 / 180
    z = mpmath.hypot(x, y) + mpmath.mpf("0.00002") * mpmath.sin(y * wave)
    theta = mpmath.atan2(y, x) + mpmath.mpf("0.000003") * mpmath.cos(x * wave)
    east = z * mpmath.cos(theta) + mpmath.mpf("0.0065")
    return east, z * mpmath.sin(theta) + mpmath.mpf("0.006")


@pytest.mark.parametrize(
    ("source", "target", "exact"), [("wgs84", "gcj02", exact_gcj02), ("gcj02", "bd09", exact_bd09)]
)
def test_forward_in_extended_precision(source, target, exact):
    lon, lat = region(1000)
    lon[:4], lat[:4] = [WEST, EAST, WEST, EAST], [SOUTH, SOUTH, NORTH, NORTH]
    lon[4:104] = 105 + np.random.default_rng(2).normal(0, 1e-3, 100)
    lon[104:108] = [105, 75, 135, 105 + 1e-12]
    lon[200:300] = np.linspace(130, EAST, 100)
    arrays = convert(source, target, lon, lat)
    with mpmath.workdps(30):
        for x, y, *got in zip(lon.tolist(), lat.tolist(), *arrays, strict=True):
            for numbers in (got, convert(source, target, x, y)):
                for ours, theirs in zip(numbers, exact(x, y), strict=True):
                    assert abs(mpmath.mpf(float(ours)) - theirs) <= FORWARD_TOLERANCE


@pytest.mark.parametrize("step", ["wgs84_to_gcj02", "gcj02_to_bd09"])
def test_kernel_equals_reference_over_its_whole_box(step):
    lon, lat = np.meshgrid(
        np.linspace(gcj02.WEST, gcj02.EAST, 401), np.linspace(gcj02.SOUTH, gcj02.NORTH, 397)
    )
    expected = getattr(reference, step)(lon, lat)
    # Two roundings, of half a unit in the last place of 140 degrees each.
    assert_close(getattr(datum, step)(lon, lat), expected, 2 * FORWARD_TOLERANCE)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_there_and_back(source, target):
    for places in (
        region(20_000),
        edges(),
        (105 + np.geomspace(1e-15, 1, 500), np.full(500, 30.0)),
    ):
        there = convert(source, target, *places)
        assert_close(convert(target, source, *there), places, INVERSE_TOLERANCE)


def test_inverse_of_single_numbers():
    for lon, lat in zip(*edges(200), strict=True):
        there = datum.wgs84_to_bd09(float(lon), float(lat))
        assert_close(datum.bd09_to_wgs84(*there), (lon, lat), INVERSE_TOLERANCE)


def test_no_box_decides_what_is_in_china():
    # London, Sydney, Hong Kong: the formula holds everywhere.
    lon, lat = np.array([-0.1276, 151.2093, 114.1694]), np.array([51.5072, -33.8688, 22.3193])
    there = datum.wgs84_to_gcj02(lon, lat)
    assert_close(there, reference.wgs84_to_gcj02(lon, lat), 0)
    assert np.hypot(there[0] - lon, there[1] - lat).min() > 1e-3
    assert_close(datum.gcj02_to_wgs84(*there), (lon, lat), INVERSE_TOLERANCE)


def test_inverse_holds_to_85_degrees():
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-180, 180, 50_000), rng.uniform(-85, 85, 50_000)
    there = datum.wgs84_to_gcj02(lon, lat)
    assert_close(datum.gcj02_to_wgs84(*there), (lon, lat), INVERSE_TOLERANCE)


def test_the_poles_are_nan_and_nothing_leaves_the_globe():
    assert np.isnan(datum.wgs84_to_gcj02([114.0, 114.0], [90.0, -90.0])).all()
    lon, lat = datum.wgs84_to_gcj02(np.linspace(-180, 180, 999), np.linspace(88, 90, 999))
    known = np.isfinite(lon)
    assert (known == np.isfinite(lat)).all()
    assert np.abs(lon[known]).max() <= 360 and np.abs(lat[known]).max() <= 90
    # What went out comes back in without an error, as a place or as NaN.
    datum.gcj02_to_wgs84(lon, lat)


def test_bd09_at_its_own_origin():
    assert datum.gcj02_to_bd09([0.0], [0.0]) == ([0.0065], [0.006])
    assert datum.gcj02_to_bd09(0.0, 0.0) == (0.0065, 0.006)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_nan_passes_and_disturbs_no_neighbour(source, target):
    lon, lat = region(100)
    clean = convert(source, target, lon, lat)
    lon[3], lat[5] = np.nan, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = np.array(convert(source, target, lon, lat))
    assert np.isnan(got[:, [3, 5]]).all()
    others = np.delete(np.arange(100), [3, 5])
    assert (got[:, others] == np.array(clean)[:, others]).all()
    assert all(math.isnan(number) for number in convert(source, target, math.nan, 22.5))


def test_a_place_outside_the_kernel_changes_no_neighbour():
    lon, lat = region(20_000)
    alone = np.array(datum.gcj02_to_wgs84(lon, lat))
    lon[9_000] = -70.0
    with_stranger = np.array(datum.gcj02_to_wgs84(lon, lat))
    assert (np.delete(alone, 9_000, axis=1) == np.delete(with_stranger, 9_000, axis=1)).all()


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_any_shape_and_layout(source, target):
    lon, lat = region(24)
    flat = np.array(convert(source, target, lon, lat))
    for shape in ((24,), (4, 6), (2, 3, 4), (24, 1)):
        for order in "CF":
            x, y = (np.asarray(v.reshape(shape), order=order) for v in (lon, lat))
            got = convert(source, target, x, y)
            assert got[0].shape == shape
            assert (np.reshape(got, (2, 24)) == flat).all()
    pairs = np.column_stack([lon, lat])
    assert (np.array(convert(source, target, pairs[:, 0], pairs[:, 1])) == flat).all()
    assert (np.array(convert(source, target, lon[::-1], lat[::-1])) == flat[:, ::-1]).all()
    assert (np.array(convert(source, target, lon.tolist(), lat.tolist())) == flat).all()
    numbers = convert(source, target, lon[0], int(lat[0]))
    assert [type(number) for number in numbers] == [float, float]
    assert convert(source, target, np.array(lon[0]), np.array(lat[0]))[0].shape == ()
    assert convert(source, target, [], [])[0].shape == (0,)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_out_takes_the_result(source, target):
    lon, lat = region(20_000)
    expected = np.array(convert(source, target, lon, lat))
    out = np.empty_like(lon), np.empty_like(lat)
    got = convert(source, target, lon, lat, out=out)
    assert got[0] is out[0] and got[1] is out[1]
    assert (np.array(out) == expected).all()
    crossed = lat.copy(), lon.copy()
    convert(source, target, crossed[1], crossed[0], out=crossed)
    assert (np.array(crossed) == expected).all()
    shared = np.append(lon, 0.0)
    convert(source, target, shared[:-1], lat.copy(), out=(shared[1:], out[1]))
    assert (shared[1:] == expected[0]).all()
    pairs = np.column_stack([lon, lat])
    columns = pairs[:, 0], pairs[:, 1]
    convert(source, target, *columns, out=columns)
    assert (expected == pairs.T).all()
    transposed = np.empty((200, 100)).T, np.empty((200, 100)).T
    convert(source, target, lon.reshape(100, 200), lat.reshape(100, 200), out=transposed)
    assert (np.reshape(transposed, (2, -1)) == expected).all()


READ_ONLY = np.zeros(3)
READ_ONLY.flags.writeable = False
BAD_ARGUMENTS = {
    "unequal": (([1, 2, 3], [1, 2]), {}, r"lon \(3,\), lat \(2,\)"),
    "number and array": ((1.0, [1.0, 2.0]), {}, r"lon \(\), lat \(2,\)"),
    "swapped": (([22.5, 22.5], [10, 114.05]), {}, r"lat\[1\].*found 114.05.*axes look swapped"),
    "swapped numbers": ((22.5, 114.05), {}, r"\(lat\).*axes look swapped"),
    "several": (([1] * 4, [0, 91, 92, 93]), {}, r"lat\[1\] and 2 more"),
    "metres": (([836000.0], [20.0]), {}, r"lon\[0\].*EPSG:4326"),
    "infinite": (([1.0], [np.inf]), {}, r"lat\[0\].*inf"),
    "two dimensions": ((np.zeros((2, 2)), [[0, 0], [0, -91]]), {}, r"lat\[1, 1\]"),
    "text": (("114", 22.5), {}, r"lon is not an array of numbers.*'114'"),
    "words": ((["a"], ["b"]), {}, "lon is not an array of numbers"),
    "ragged": (([[1], [1, 2]], [0, 0]), {}, "lon is not an array of numbers"),
    "complex": ((np.zeros(2), np.zeros(2, complex)), {}, "lat is not an array of numbers"),
    "out of one": (([1.0], [1.0]), {"out": np.zeros(1)}, "argument out"),
    "out of integers": (([1.0], [1.0]), {"out": (np.zeros(1, int),) * 2}, "argument out"),
    "out of wrong shape": (([1.0], [1.0]), {"out": (np.zeros(2),) * 2}, r"shape \(1,\)"),
    "out read-only": ((np.zeros(3), np.zeros(3)), {"out": (READ_ONLY, READ_ONLY)}, "writeable"),
}


@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_bad_arguments_give_one_clear_error(case):
    arguments, options, match = BAD_ARGUMENTS[case]
    for source, target in PAIRS:
        with pytest.raises(UsageError, match=match):
            convert(source, target, *arguments, **options)


def test_nothing_is_written_when_an_argument_is_bad():
    lon, lat = np.full(20_000, 114.0), np.full(20_000, 22.0)
    lat[-1] = 114.0
    with pytest.raises(UsageError, match=r"lat\[19999\]"):
        datum.wgs84_to_gcj02(lon, lat, out=(lon, lat))
    assert (lon == 114.0).all()


GEOMETRIES = [
    "POINT (114.05 22.51)",
    "POINT Z (114.05 22.51 8)",
    "POINT EMPTY",
    "LINESTRING (114 22, 114.1 22.1)",
    "POLYGON ((114 22, 115 22, 115 23, 114 22), (114.6 22.3, 114.8 22.3, 114.8 22.5, 114.6 22.3))",
    "GEOMETRYCOLLECTION (POINT (114 22), MULTIPOINT (114 22, 115 23))",
]


@pytest.mark.parametrize("wkt", GEOMETRIES)
def test_transform_moves_every_vertex(wkt):
    geometry = shapely.from_wkt(wkt)
    moved = datum.transform(geometry, "wgs84", "bd09")
    assert moved.geom_type == geometry.geom_type and moved.has_z == geometry.has_z
    before, after = (shapely.get_coordinates(g, include_z=True) for g in (geometry, moved))
    expected = np.column_stack(datum.wgs84_to_bd09(before[:, 0], before[:, 1]))
    assert (after[:, :2] == expected).all()
    assert np.array_equal(after[:, 2], before[:, 2], equal_nan=True)
    assert datum.transform(geometry, "gcj02", "gcj02") == geometry


def test_transform_of_arrays_and_tables():
    shapes = [shapely.from_wkt(wkt) for wkt in GEOMETRIES]
    moved = datum.transform(np.array([*shapes, None]), "wgs84", "gcj02")
    assert moved[-1] is None and moved[0] == datum.transform(shapes[0], "wgs84", "gcj02")
    table = geopandas.GeoDataFrame(
        {"name": list("abcdef")}, geometry=shapes, crs="EPSG:4326", index=range(10, 16)
    ).rename_geometry("shape")
    there = datum.transform(table, "wgs84", "gcj02")
    assert there.crs is None and there.geometry.name == "shape"
    assert list(there["name"]) == list("abcdef") and list(there.index) == list(range(10, 16))
    assert list(there.geometry) == list(moved[:-1])
    assert table.geometry.iloc[0].x == 114.05 and table.crs is not None
    back = datum.transform(there, "gcj02", "wgs84")
    assert back.crs == "EPSG:4326"
    assert back.geometry.iloc[1].equals_exact(shapes[1], INVERSE_TOLERANCE)
    series = datum.transform(there.geometry, "gcj02", "bd09")
    assert series.crs is None and series.name == "shape"


def test_transform_names_the_fault():
    point = shapely.Point(114, 22)
    with pytest.raises(UsageError, match=r"argument source.*wgs84, gcj02, bd09.*'mars'"):
        datum.transform(point, "mars", "wgs84")
    with pytest.raises(UsageError, match="argument target"):
        datum.transform(point, "wgs84", "WGS84")
    with pytest.raises(UsageError, match=r"not a geometry.*str"):
        datum.transform("POINT (114 22)", "wgs84", "gcj02")
    if hasattr(shapely, "has_m"):
        with pytest.raises(UsageError, match="measures"):
            datum.transform(shapely.from_wkt("POINT ZM (114 22 3 4)"), "wgs84", "gcj02")
    table = geopandas.GeoSeries([point, shapely.Point(22, 114)], index=["a", "b"], crs=4326)
    with pytest.raises(UsageError, match=r"row 'b'.*axes look swapped"):
        datum.transform(table, "wgs84", "gcj02")
    with pytest.raises(UsageError, match=r"EPSG:2326.*to_crs"):
        datum.transform(table[:1].to_crs(2326), "wgs84", "gcj02")


def test_the_table_of_providers():
    rows = {(row.name, row.place): row.datum for row in datum.providers()}
    for name in ("amap", "tencent", "huawei"):
        for place in ("mainland", "hong-kong", "macao"):
            assert rows[name, place] == "gcj02"
    assert rows["baidu", "hong-kong"] == "bd09"
    assert (rows["google-roads", "mainland"], rows["google-roads", "hong-kong"]) == (
        "gcj02",
        "wgs84",
    )
    for name in ("google-satellite", "openstreetmap", "esri", "tianditu"):
        assert rows[name, "mainland"] == "wgs84"
    for row in datum.providers():
        assert row.datum in datum.NAMES
        assert row.source.startswith("http") and row.date.year >= 2010 and row.title
    with pytest.raises(UsageError, match=r"argument name.*amap.*'apple'"):
        datum.provider("apple", "mainland")
    with pytest.raises(UsageError, match=r"argument place.*mainland.*'mars'"):
        datum.provider("amap", "mars")
