"""Shapes that are called sound in one step are those in which nothing is found one by one."""

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from overlay_world import box_m, metres
from zoning.quality.outline import metres_of, metres_per_unit
from zoning.quality.site_quality import drawn
from zoning.quality.sound import surely_sound
from zoning.sites.site import Site

PLANE, DEGREES = "EPSG:4525", "EPSG:4490"
EAST, NORTH = metres(0, 0)


def at(*corners: tuple[float, float]) -> BaseGeometry:
    return shapely.Polygon([metres(*corner) for corner in corners])


def with_tip(angle: float, length: float = 60.0) -> BaseGeometry:
    """Return a box with a tip of so many degrees on its upper side."""
    half = length * np.tan(np.radians(angle / 2))
    return at((0, 0), (100, 0), (100, 100), (50 + half, 100), (50, 100 + length), (50 - half, 100), (0, 100))


def wide(width: float) -> BaseGeometry:
    """Return a strip of this mean width: twice its area by its border."""
    length = 200.0
    return box_m(0, 0, length, width * length / (2 * length - width))


FAULTY = {
    "repeated point": at((0, 0), (100, 0), (100, 0), (100, 100), (0, 100)),
    "last point repeats the first": at((0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (0, 0)),
    "out and back": at((0, 0), (100, 0), (100, 50), (140, 50), (100, 50), (100, 100), (0, 100)),
    "bow-tie": at((0, 0), (100, 100), (100, 0), (0, 100)),
    "touches itself": at((0, 0), (100, 0), (50, 50), (100, 100), (0, 100), (50, 50)),
    "hole outside": shapely.Polygon(box_m(0, 0, 90, 90).exterior, [box_m(200, 0, 220, 20).exterior]),
    "hole on the border": shapely.Polygon(box_m(0, 0, 90, 90).exterior, [box_m(0, 10, 20, 20).exterior]),
    "parts overlap": shapely.MultiPolygon([box_m(0, 0, 90, 90), box_m(80, 0, 170, 90)]),
    "parts share an edge": shapely.MultiPolygon([box_m(0, 0, 90, 90), box_m(90, 0, 170, 90)]),
    "no area": at((0, 0), (100, 0), (50, 0)),
    "tiny": box_m(0, 0, 0.9, 1.1),
    "tiny hole": shapely.Polygon(box_m(0, 0, 90, 90).exterior, [box_m(5, 5, 5.9, 5.9).exterior]),
    "tiny part": shapely.MultiPolygon([box_m(0, 0, 90, 90), box_m(100, 0, 100.9, 1)]),
    "sliver": wide(0.499),
    "narrow tip": with_tip(0.99),
    "short edge": at((0, 0), (100, 0), (100.0099, 0.0), (100, 100), (0, 100)),
    "long edge": box_m(0, 0, 100, 10_001),
    "remote vertex": at((0, 0), (100, 0), (100, 100), (4000, 100), (0, 101), (0, 50)),
}  # fmt: skip


def counted(shape: BaseGeometry, crs: str) -> int:
    return len(drawn(Site("1", "", shape, crs, "a.gpkg")).faults)


@pytest.mark.parametrize("name", FAULTY)
def test_what_has_a_fault_is_never_called_sound(name: str) -> None:
    assert counted(FAULTY[name], PLANE) > 0
    others = [box_m(0, 0, 50, 50), FAULTY[name], box_m(9, 9, 99, 99)]
    assert surely_sound(np.asarray(others, dtype=object), PLANE).tolist() == [True, False, True]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(),
        shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)]),
        shapely.GeometryCollection([box_m(0, 0, 50, 50)]),
        shapely.from_wkt("MULTIPOLYGON (((0 0, 50 0, 50 50, 0 50, 0 0)), EMPTY)"),
    ],
    ids=["empty", "line", "collection", "an empty part"],
)
def test_of_what_is_no_polygon_nothing_is_claimed(shape: BaseGeometry) -> None:
    shapes = np.asarray([box_m(0, 0, 50, 50), shape, None], dtype=object)[:-1]
    assert surely_sound(shapes, PLANE).tolist() == [True, False]
    assert surely_sound(shapes[:0], PLANE).tolist() == []


def shaken(chance: np.random.Generator) -> BaseGeometry:
    """Return a polygon whose edges, tips, width and size lie on both sides of all limits."""
    count = int(chance.integers(4, 9))
    angles = np.sort(chance.uniform(0, 2 * np.pi, count))
    far = 10 ** chance.uniform(-0.5, 3.6) * chance.choice([1, 1, 1, 0.02], count)
    flat = chance.choice([1.0, 1.0, 10 ** chance.uniform(-4, -1)])
    ring = np.column_stack([np.cos(angles) * far, np.sin(angles) * far * flat])
    if chance.uniform() < 0.3:
        ring = np.insert(ring, 1, ring[0] + chance.choice([0, 0.0099, 0.0101, 0.3]), axis=0)
    return shapely.Polygon(ring)


@pytest.mark.parametrize("crs", [PLANE, DEGREES])
@pytest.mark.parametrize("seed", range(3))
def test_chance_finds_no_fault_in_what_is_called_sound(crs: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    shapes = [affinity.translate(shaken(chance), EAST, NORTH) for _ in range(150)]
    if crs == DEGREES:
        degree = metres_of(np.array([[112.4, 35.5]]), crs)[0]
        shapes = [
            shapely.transform(shape, lambda xy: (xy - (EAST, NORTH)) / degree + (112.4, 35.5)) for shape in shapes
        ]
    faulty = np.array([counted(shape, crs) > 0 for shape in shapes])
    sound = surely_sound(np.asarray(shapes, dtype=object), crs)
    assert not (sound & faulty).any()
    # What is left over is near a limit, and seldom.
    assert sound.sum() > 20
    assert (~sound & ~faulty).sum() < 30


@pytest.mark.parametrize("crs", [PLANE, DEGREES, "EPSG:4550"])
def test_metres_of_many_shapes_are_those_of_each(crs: str) -> None:
    east, north = {PLANE: (EAST, NORTH), DEGREES: (112.4, 35.5)}.get(crs, (627_000.0, 3_930_000.0))
    size = 1e-5 if crs == DEGREES else 1.0
    boxes = [shapely.box(east + n * size, north, east + (n + 90) * size, north + 60 * size) for n in (0, 20_000)]
    middles = np.array([shapely.get_coordinates(box.centroid)[0] for box in boxes])
    alone = [metres_per_unit(box, crs) for box in boxes]
    np.testing.assert_allclose(metres_of(middles, crs), alone, rtol=1e-9)
