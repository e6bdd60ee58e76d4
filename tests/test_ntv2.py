"""The NTv2 grid: what PROJ and GDAL make of it, against the formula."""

import hashlib
import subprocess

import numpy as np
import pyproj
import pytest
import shapely

from hetao_geo import catalog, cli, datum, ntv2
from hetao_geo.errors import OutputError, UsageError

TOLERANCE_M = 0.1
STEPS = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=hgridshift +grids={} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
SMALL = (113.9, 22.4, 114.2, 22.6)


@pytest.fixture(scope="module")
def grid_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("ntv2") / "gcj02.gsb"
    assert cli.main(["grid", "-o", str(path)]) == 0
    return path


def distance_m(ours, theirs):
    east = (ours[0] - theirs[0]) * np.cos(np.deg2rad(theirs[1]))
    return np.hypot(east, ours[1] - theirs[1]) * 111_320


def places(bounds=ntv2.BOUNDS, count=20_000):
    """Places all over the bounds, their corners and edges included."""
    rng = np.random.default_rng(0)
    lon = np.clip(rng.uniform(bounds[0] - 0.2, bounds[2] + 0.2, count), bounds[0], bounds[2])
    return lon, np.clip(rng.uniform(bounds[1] - 0.2, bounds[3] + 0.2, count), bounds[1], bounds[3])


def test_proj_follows_gcj02_both_ways(grid_file):
    follow = pyproj.Transformer.from_pipeline(STEPS.format(grid_file)).transform
    wgs84 = places()
    gcj02 = datum.wgs84_to_gcj02(*wgs84)
    assert distance_m(follow(*gcj02), wgs84).max() < TOLERANCE_M
    assert distance_m(follow(*wgs84, direction="INVERSE"), gcj02).max() < TOLERANCE_M
    # Without the grid the two are half a kilometre apart: the test can fail.
    assert distance_m(wgs84, gcj02).min() > 100
    # The bounds hold in GCJ-02 as well.
    assert distance_m(follow(*wgs84), datum.gcj02_to_wgs84(*wgs84)).max() < TOLERANCE_M


def test_a_crs_string_with_the_grid(grid_file):
    gcj02 = pyproj.CRS(f"+proj=longlat +ellps=WGS84 +nadgrids={grid_file} +no_defs")
    there = pyproj.Transformer.from_crs("EPSG:4326", gcj02, always_xy=True)
    # Inside the area of use of EPSG:2326, which ends at 22.58 degrees north.
    hong_kong = places((113.9, 22.4, 114.2, 22.55))
    assert distance_m(there.transform(*hong_kong), datum.wgs84_to_gcj02(*hong_kong)).max() < 0.1
    grid80 = pyproj.Transformer.from_crs(gcj02, "EPSG:2326", always_xy=True)
    direct = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
    through = grid80.transform(*datum.wgs84_to_gcj02(*hong_kong))
    assert np.hypot(*np.subtract(through, direct.transform(*hong_kong))).max() < TOLERANCE_M


def test_every_place_of_the_layers_is_on_the_grid(grid_file):
    follow = pyproj.Transformer.from_pipeline(STEPS.format(grid_file)).transform
    for layer in catalog.layers():
        shapes = [feature.geometry for feature in catalog.features(layer.name)]
        wgs84 = shapely.get_coordinates(shapes).T
        assert distance_m(follow(*datum.wgs84_to_gcj02(*wgs84)), wgs84).max() < TOLERANCE_M


@pytest.mark.gis
def test_gdal_follows_gcj02(grid_file, need_tool):
    gdaltransform = need_tool("gdaltransform", package="gdal-bin")
    crs = f"+proj=longlat +ellps=WGS84 +nadgrids={grid_file} +no_defs"
    wgs84 = places(SMALL, 50)
    given = "\n".join(f"{x!r} {y!r}" for x, y in np.column_stack(wgs84).tolist())
    words = [gdaltransform, "-s_srs", "OGC:CRS84", "-t_srs", crs, "-output_xy"]
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=True)
    got = np.array([line.split() for line in done.stdout.split("\n") if line], float).T
    assert distance_m(got, datum.wgs84_to_gcj02(*wgs84)).max() < TOLERANCE_M


def test_the_stated_error_is_the_error_found(grid_file):
    follow = pyproj.Transformer.from_pipeline(STEPS.format(grid_file)).transform
    wgs84 = places(count=100_000)
    found = distance_m(follow(*datum.wgs84_to_gcj02(*wgs84)), wgs84).max()
    assert found == pytest.approx(ntv2.make().error, rel=0.05)


def test_same_arguments_same_bytes(tmp_path):
    hashes = set()
    for name in ("a.gsb", "b.gsb"):
        ntv2.write(tmp_path / name, SMALL)
        hashes.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_the_file_is_as_long_as_its_head_says(grid_file):
    data = grid_file.read_bytes()
    records = {data[i : i + 8].decode(): data[i + 8 : i + 16] for i in range(0, 22 * 16, 16)}
    count = int.from_bytes(records["GS_COUNT"][:4], "little")
    assert len(data) == (11 + 11 + count + 1) * 16
    assert data[-16:-8] == b"END     "


BAD = {
    "axes swapped": (["--bounds", "22", "113", "23", "114"], "west, south, east, north"),
    "order": (["--bounds", "114", "22", "113", "23"], "west < east"),
    "nan": (["--bounds", "nan", "22", "113", "23"], "west < east"),
    "another continent": (["--bounds", "-75", "40", "-74", "41"], "70.1 to 139.9"),
    "no spacing": (["--spacing", "0", "72"], "above 0"),
    "negative spacing": (["--spacing", "18", "-1"], "above 0"),
    "wide spacing": (["--spacing", "60", "60"], "follow GCJ-02 to 0.1 m, found 0.25 m"),
    "as wide as a wave": (["--spacing", "1200", "72"], "at most 300"),
    "too many nodes": (["--spacing", "0.5", "0.5"], "20,000,000 nodes"),
    "error": (["--max-error", "0.01"], "follow GCJ-02 to 0.01 m"),
    "error nan": (["--max-error", "nan"], "follow GCJ-02"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_options_write_nothing(case, tmp_path, capsys):
    options, words = BAD[case]
    assert cli.main(["grid", "-o", str(tmp_path / "g.gsb"), *options]) == 2
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_errors_from_python(tmp_path):
    with pytest.raises(UsageError, match="spacing"):
        ntv2.make(SMALL, (0.0, 1.0))
    with pytest.raises(OutputError, match="no folder"):
        ntv2.write(tmp_path / "none" / "g.gsb")


def test_the_command_says_how_exact(tmp_path, capsys):
    path = tmp_path / "g.gsb"
    assert cli.main(["grid", "-o", str(path), "--bounds", *map(str, SMALL)]) == 0
    told = capsys.readouterr()
    assert told.out == f"{path}\n"
    assert "nodes" in told.err and "cm from the formula" in told.err
