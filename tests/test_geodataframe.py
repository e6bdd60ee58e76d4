"""The GeoDataFrames of hetao_geo.load in the hands of people who know geopandas."""

import json

import geopandas
import matplotlib
import pytest

import hetao_geo
from hetao_geo import catalog

LAYERS = [one.name for one in catalog.layers()]


@pytest.mark.parametrize("name", LAYERS)
def test_explore_draws_every_layer(name):
    frame = hetao_geo.load(name)
    # No tiles: nothing may be asked of a server.
    page = frame.explore(tiles=None).get_root().render()
    page = page.replace("\\u0026", "&").replace("\\u0027", "'")
    for feature in catalog.features(name):
        assert json.dumps(feature.properties["name_en"])[1:-1] in page
        assert json.dumps(feature.properties["name_zh_hant"])[1:-1] in page


def test_explore_by_a_column_and_by_a_list_column():
    parks = hetao_geo.load("parks")
    assert "Hong Kong Park" in parks.explore(column="role", tiles=None).get_root().render()
    tooltip = parks.explore(tooltip=["name_en", "sources"], tiles=None).get_root().render()
    assert "iB50000" in tooltip


@pytest.mark.parametrize("name", LAYERS)
def test_plot_draws_every_layer(name):
    matplotlib.use("Agg")
    from matplotlib import pyplot

    frame = hetao_geo.load(name)
    limits = frame.plot(column="role", legend=True).dataLim
    drawn = (limits.x0, limits.y0, limits.x1, limits.y1)
    pyplot.close("all")
    assert drawn == pytest.approx(tuple(frame.total_bounds), abs=1e-9)


def test_overlay_of_parks_and_published_limits():
    parts, outer = hetao_geo.load("parts"), hetao_geo.load("interpretations")
    literal = outer[outer["interpretation"] == "literal"]
    both = parts.overlay(literal, how="intersection", keep_geom_type=True)
    pairs = both[both["id_1"] == both["part"]]
    inside = pairs.set_index("id_1").to_crs(2326).area
    whole = parts.set_index("id").to_crs(2326).area
    assert (inside / whole > 0.99).all() and (inside <= whole * (1 + 1e-9)).all()


def test_parks_do_not_overlap():
    parks = hetao_geo.load("parks")
    first, second = parks.iloc[[0]], parks.iloc[[1]]
    assert first.overlay(second, how="intersection", keep_geom_type=True).empty
    assert len(first.overlay(second, how="union", keep_geom_type=True)) == 2


def test_the_usual_tools_work(tmp_path):
    frame = hetao_geo.load("parks")
    assert frame.crs.to_epsg() == 4326 and frame["id"].is_unique
    assert len(frame.sjoin(hetao_geo.load("crossings"))) >= 1
    assert set(frame.dissolve(by="role").index) == {"shenzhen-park", "hong-kong-park"}
    frame.to_file(tmp_path / "parks.gpkg")
    back = geopandas.read_file(tmp_path / "parks.gpkg")
    assert back.geometry.geom_equals_exact(frame.geometry, 0).all()
