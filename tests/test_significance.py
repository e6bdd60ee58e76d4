"""Which vertices count for the error of an area: not those that were only added."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hetao_geo import area, catalog
from tests import plain_rule

LOOP = next(f.geometry for f in catalog.features("parks") if f.id == "hong-kong-park")


def planar(shape: shapely.Polygon) -> list[tuple[float, float]]:
    x, y = area.DEFAULT.project(*np.array(shape.exterior.coords)[:-1].T)
    return list(zip(x.tolist(), y.tolist(), strict=True))


@given(
    st.lists(
        st.tuples(st.integers(-200, 200), st.integers(-200, 200)),
        min_size=3,
        max_size=90,
        unique=True,
    ),
    st.floats(0.001, 200),
)
@settings(deadline=None)
def test_it_is_the_plain_rule(points: list[tuple[int, int]], accuracy: float) -> None:
    hull = shapely.concave_hull(shapely.MultiPoint(points), 0.3)
    if not isinstance(hull, shapely.Polygon) or hull.area == 0:
        return
    metres = np.array(hull.exterior.coords)
    degrees = metres * 1e-5 + (114.07, 22.52)
    ours = area.standard_error(shapely.Polygon(degrees), accuracy)
    plain = plain_rule.standard_error(planar(shapely.Polygon(degrees)), accuracy)
    assert ours == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("step_m", [2, 20, 80])
@pytest.mark.parametrize("digits", [9, 7])
@pytest.mark.parametrize("crs", ["EPSG:2326", None])
def test_vertices_on_straight_edges_change_nothing(step_m: int, digits: int, crs: str) -> None:
    dense = shapely.segmentize(LOOP, step_m * 1e-5)
    dense = shapely.set_precision(dense, 10.0**-digits, mode="pointwise")
    ring = np.array(dense.exterior.coords)[:-1]
    assert len(ring) > 1.5 * len(LOOP.exterior.coords)
    alone = area.standard_error(LOOP, 35, crs)
    for start in (0, 1, 17):
        turned = np.roll(ring, start, axis=0)
        for other in (turned, turned[::-1]):
            assert area.standard_error(shapely.Polygon(other), 35, crs) == pytest.approx(
                alone,
                rel=1e-4,  # the plane of a place is that of its first vertex
            )


def test_many_rings_get_what_each_gets_alone() -> None:
    chance = np.random.default_rng(3)
    shapes = [
        shapely.affinity.translate(shape, *chance.uniform(-0.1, 0.1, 2))
        for shape in (LOOP, shapely.segmentize(LOOP, 1e-4), shapely.box(114, 22, 114.001, 22.001))
        for _ in range(20)
    ]
    shapes += [LOOP.difference(LOOP.centroid.buffer(1e-3)), shapely.Polygon()]
    together = area.standard_errors(shapes, 5.0)
    alone = [area.standard_error(shape, 5.0) for shape in shapes]
    np.testing.assert_array_equal(together, alone)


def test_a_small_shape_keeps_its_corners_whatever_the_accuracy() -> None:
    square = shapely.box(114, 22.5, 114.00003, 22.50003)
    assert area.standard_error(square, 35) == pytest.approx(
        7000 * area.standard_error(square, 0.005)
    )
