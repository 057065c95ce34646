"""Finding shapes by boxes: the plain search of the packed tree, the order along the curve, rings in a window."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.layout import FANOUT, NUMBERS
from zoning.overlay.kernel.order import hilbert_order
from zoning.overlay.kernel.plain_search import Box, search_plain
from zoning.overlay.kernel.zones import PackedZones

COUNTS = (0, 1, FANOUT - 1, FANOUT, FANOUT + 1, FANOUT**2, FANOUT**2 + 1, 1000)


def grid(count: int) -> list[BaseGeometry]:
    """Return squares of 1 m, 3 m apart, 40 in a row."""
    return [shapely.box(3.0 * (n % 40), 3.0 * (n // 40), 3.0 * (n % 40) + 1, 3.0 * (n // 40) + 1) for n in range(count)]


def found(zones: PackedZones, box: Box) -> list[int]:
    """Return the numbers of the zones that the plain search finds."""
    at = int(zones.tree.ints[NUMBERS])
    places = search_plain(zones.shapes.flat, zones.tree, box)
    assert places.tolist() == sorted(places.tolist())
    numbers: list[int] = sorted(zones.tree.ints[at + places].tolist())
    return numbers


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    "box",
    [
        (-10.0, -10.0, 200.0, 200.0),
        (-10.0, -10.0, -5.0, -5.0),
        (0.5, 0.5, 0.5, 0.5),
        (1.0, 1.0, 3.0, 3.0),
        (1.5, 0.0, 2.5, 50.0),
        (10.0, 0.0, 31.0, 4.0),
        (117.0, 72.0, 500.0, 500.0),
    ],
)
def test_the_search_finds_what_comparing_all_boxes_finds(count: int, box: Box) -> None:
    shapes = grid(count)
    west, south, east, north = box
    met = [
        number
        for number, (left, low, right, high) in enumerate(shape.bounds for shape in shapes)
        if left <= east and right >= west and low <= north and high >= south
    ]
    assert found(PackedZones.of(shapes), box) == met


@pytest.mark.parametrize(
    ("box", "met"),
    [
        # One square from 0 to 1: each side touched, and just missed.
        ((1.0, 0.0, 2.0, 1.0), True),
        ((np.nextafter(1.0, 2.0), 0.0, 2.0, 1.0), False),
        ((-1.0, 0.0, 0.0, 1.0), True),
        ((-1.0, 0.0, np.nextafter(0.0, -1.0), 1.0), False),
        ((0.0, 1.0, 1.0, 2.0), True),
        ((0.0, np.nextafter(1.0, 2.0), 1.0, 2.0), False),
        ((0.0, -1.0, 1.0, 0.0), True),
        ((0.0, -1.0, 1.0, np.nextafter(0.0, -1.0)), False),
        # A corner alone.
        ((1.0, 1.0, 2.0, 2.0), True),
    ],
)
def test_a_box_that_touches_meets(box: Box, *, met: bool) -> None:
    assert found(PackedZones.of(grid(1)), box) == ([0] if met else [])


@pytest.mark.parametrize("empty", [shapely.Polygon(), shapely.MultiPolygon()])
def test_an_empty_shape_meets_no_box(empty: BaseGeometry) -> None:
    zones = PackedZones.of([shapely.box(0, 0, 1, 1), empty, shapely.box(2, 0, 3, 1)])
    assert found(zones, (-1e300, -1e300, 1e300, 1e300)) == [0, 2]


def test_lines_are_found_by_their_boxes() -> None:
    lines = [shapely.LineString([(0, 0), (10, 10)]), shapely.LineString([(20, 0), (30, 0)])]
    zones = PackedZones.of(lines)
    assert found(zones, (9.0, 0.0, 10.0, 1.0)) == [0]
    assert found(zones, (25.0, 0.0, 25.0, 0.0)) == [1]
    assert found(zones, (25.0, 0.1, 25.0, 0.2)) == []


def boxes(*middles: tuple[float, float], size: float = 0.0) -> NDArray[np.float64]:
    xy = np.asarray(middles, dtype=float).reshape(-1, 2)
    return np.hstack([xy - size, xy + size])


@pytest.mark.parametrize(
    ("middles", "order"),
    [
        # The four quarters in the order of the curve, from the first corner round to the one beside it: Hilbert 1891.
        (((0, 0), (1, 0), (1, 1), (0, 1)), [0, 3, 2, 1]),
        (((1, 1), (0, 1), (1, 0), (0, 0)), [3, 1, 0, 2]),
        (((5, 5),), [0]),
        # The same place: as they came.
        (((2, 2), (2, 2), (2, 2)), [0, 1, 2]),
    ],
)
def test_the_curve_goes_round_the_quarters(middles: tuple[tuple[float, float], ...], order: list[int]) -> None:
    assert hilbert_order(boxes(*middles)).tolist() == order


@pytest.mark.parametrize(("scale", "shift"), [(1e-9, 0.0), (1e9, 0.0), (1.0, 1e6), (2.0, -1e6)])
def test_the_order_does_not_depend_on_place_and_size(scale: float, shift: float) -> None:
    middles = [(float(x), float(y)) for x in range(8) for y in range(8)]
    moved = [(x * scale + shift * scale, y * scale - shift * scale) for x, y in middles]
    assert hilbert_order(boxes(*moved)).tolist() == hilbert_order(boxes(*middles)).tolist()


def test_a_strip_of_land_is_ordered_along_itself() -> None:
    strip = [(float(x), 0.001 * (x % 2)) for x in range(64)]
    assert hilbert_order(boxes(*strip)).tolist() == list(range(64))


def test_the_middles_of_boxes_count_not_their_corners() -> None:
    small, large = boxes(*((float(x), 0.0) for x in range(8))), boxes(*((float(x), 0.0) for x in range(8)), size=3.0)
    assert hilbert_order(small).tolist() == hilbert_order(large).tolist()


def test_every_box_comes_once() -> None:
    around = np.random.default_rng(7).uniform(0, 1000, (500, 2))
    given = np.hstack([around, around + 1])
    assert sorted(hilbert_order(given).tolist()) == list(range(500))


def test_boxes_that_are_no_numbers_come_last_in_their_order() -> None:
    given = boxes((5, 5), (1, 1), (3, 3), (2, 2))
    given[0, 0], given[2, 3] = np.nan, np.inf
    assert hilbert_order(given).tolist() == [1, 3, 0, 2]


def test_ordering_changes_no_box() -> None:
    given = boxes((5, 5), (1, 1))
    before = given.copy()
    hilbert_order(given)
    assert np.array_equal(given, before)
