"""The uncertainty of an area whose sides are each off as a whole, against plain references."""

import math

import numpy as np
import pytest
from pyproj import Transformer
from shapely import box
from shapely.geometry import Polygon

from hetao_geo import area, catalog
from hetao_geo.errors import UsageError
from hetao_geo.verification.fields import sides as sides_of

GRID = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
SQUARE = box(114.05, 22.50, 114.06, 22.51)
PARKS = {f.id: f for name in ("parks", "parts") for f in catalog.features(name)}


def by_hand(polygon: Polygon, sides: tuple[area.Side, ...]) -> tuple[float, float]:
    """The sum of (accuracy x length)^2, term by term, and the sum of the terms themselves."""
    points = [GRID.transform(*p) for p in polygon.exterior.coords]
    terms = []
    for first, last, accuracy in sides:
        steps = [math.dist(points[n], points[n + 1]) for n in range(first, last)]
        terms.append(accuracy * sum(steps))
    return math.sqrt(sum(term**2 for term in terms)), sum(terms)


@pytest.mark.parametrize("name", PARKS)
def test_the_sum_over_the_sides_of_the_shipped_polygons(name: str) -> None:
    polygon, sides = PARKS[name].geometry, sides_of(PARKS[name].properties["sides"])
    error, bound = by_hand(polygon, sides)
    assert area.standard_error_by_sides(polygon, sides) == pytest.approx(error, rel=1e-9)
    assert area.side_shifts(polygon, sides).sum() == pytest.approx(bound, rel=1e-9)


def test_a_plane_of_its_own_place_serves_anywhere() -> None:
    sides = [(0, 1, 10.0), (1, 3, 20.0), (3, 4, 5.0)]
    here = area.standard_error_by_sides(SQUARE, sides)
    assert area.standard_error_by_sides(SQUARE, sides, None) == pytest.approx(here, rel=1e-3)
    far = box(8.54, 47.37, 8.55, 47.38)
    grid = area.standard_error_by_sides(far, sides, "EPSG:2056")
    assert area.standard_error_by_sides(far, sides, None) == pytest.approx(grid, rel=1e-3)


def test_one_side_with_one_accuracy_is_the_bound_for_full_correlation() -> None:
    whole = [(0, 4, 10.0)]
    bound = area.correlated_bound(SQUARE, 10.0)
    assert area.standard_error_by_sides(SQUARE, whole) == pytest.approx(bound, rel=1e-9)


def test_vertices_on_a_straight_side_change_nothing() -> None:
    dense = SQUARE.segmentize(0.001)
    count = len(dense.exterior.coords) - 1
    quarters = [(n * count // 4, (n + 1) * count // 4, 10.0) for n in range(4)]
    sides = [(n, n + 1, 10.0) for n in range(4)]
    expected = area.standard_error_by_sides(SQUARE, sides)
    assert area.standard_error_by_sides(dense, quarters) == pytest.approx(expected, rel=1e-6)


def test_sides_that_really_move_give_areas_that_scatter_so() -> None:
    """Move the sides of a rectangle at random and measure what comes out."""
    random = np.random.default_rng(20260311)
    width, height, sigma = 1500.0, 900.0, np.array([12.0, 40.0, 25.0, 35.0])
    west, south, east, north = random.normal(0, sigma, (200_000, 4)).T
    scatter = ((width + west + east) * (height + south + north)).std()
    x0, y0 = GRID.transform(114.05, 22.50)
    corners = [(0, height), (0, 0), (width, 0), (width, height)]
    ring = [GRID.transform(x0 + x, y0 + y, direction="INVERSE") for x, y in corners]
    sides = [(n, n + 1, float(one)) for n, one in enumerate(sigma)]
    assert area.standard_error_by_sides(Polygon(ring), sides) == pytest.approx(scatter, rel=0.01)


@pytest.mark.parametrize(
    "side", [(0, 5, 1.0), (-1, 2, 1.0), (2, 2, 1.0), (0, 1, -1.0), (0, 1, math.nan)]
)
def test_sides_that_do_not_fit_are_refused(side: area.Side) -> None:
    with pytest.raises(UsageError, match="sides that do not fit the ring"):
        area.standard_error_by_sides(SQUARE, [side])
