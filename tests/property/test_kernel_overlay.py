"""The kernel against GEOS, on shapes where rounding and exact touching are most likely to part them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.engine import nearest, overlay
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones

PLACES = st.sampled_from([(0.0, 0.0), (640_000.0, 4_700_000.0), (-1e6, -3e6), (1e7, 1e7)])
SCALES = st.sampled_from([1.0, 100.0, 0.1, 37.3])
Triples = list[tuple[int, int, float]]


def areal(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    return MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


@st.composite
def on_grid(draw: st.DrawFn, side: int = 8, *, slanted: bool = True) -> BaseGeometry:
    """Return polygons with holes, in parts, with borders that coincide; all corners are whole, but on slanted edges."""
    number = st.integers(0, side)
    parts = draw(st.lists(st.tuples(number, number, st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=5))
    shape = shapely.union_all([box(x, y, x + w, y + h) for x, y, w, h in parts])
    if draw(st.booleans()):
        x, y = draw(st.tuples(number, number))
        shape = shape.difference(box(x, y, x + 1, y + draw(st.integers(1, 3))))
    corners = draw(st.lists(st.tuples(number, number), min_size=3, max_size=3))
    triangle = Polygon(corners)
    if slanted and triangle.is_valid and triangle.area > 0:
        shape = shape.union(triangle) if draw(st.booleans()) else shape.difference(triangle)
    shape = areal(shape)
    assume(shape.is_valid and not shape.is_empty)
    return shape.reverse() if draw(st.booleans()) else shape


def placed(shapes: Sequence[BaseGeometry], place: tuple[float, float], scale: float) -> list[BaseGeometry]:
    """Return shapes scaled and moved: equal corners stay equal; those that rounding spoils are left out."""
    moved = [shapely.transform(shape, lambda xy: xy * scale + np.array(place)) for shape in shapes]
    return [shape for shape in moved if shape.is_valid and shape.area > 0]


def star(rng: np.random.Generator, middle: Any, reach: float, corners: int) -> Polygon:
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = reach * rng.uniform(0.3, 1, corners)
    return Polygon(middle + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))


def related(rng: np.random.Generator, zone: BaseGeometry) -> list[Polygon]:
    """Return what shares edges and corners with a zone: in it, beside it, at a corner of it."""
    shell = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_parts(zone)[0]))[:-1]
    at = int(rng.integers(len(shell)))
    before, here, after = shell[at - 1], shell[at], shell[(at + 1) % len(shell)]
    out = np.array([after[1] - here[1], here[0] - after[0]]) * 0.3
    made = [
        Polygon([before, here, after]),
        Polygon([here, after, after + out, here + out]),
        Polygon([here, after, after - out, here - out]),
        Polygon([here, here + (here - before) / 2, here + (here - after) / 2]),
    ]
    return [shape for shape in made if shape.is_valid and shape.area > 0]


@st.composite
def rough(draw: st.DrawFn) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Return sites and zones of all sizes with many corners, and sites that touch zones exactly."""
    rng, place = np.random.default_rng(draw(st.integers(0, 2**32))), np.array(draw(PLACES))
    sizes = st.tuples(st.floats(0.0, 3.0), st.integers(3, 300))
    zones = [
        star(rng, place + rng.uniform(0, 1000, 2), 10**r, n) for r, n in draw(st.lists(sizes, min_size=3, max_size=25))
    ]
    sites = [
        star(rng, place + rng.uniform(0, 1000, 2), 10**r, n) for r, n in draw(st.lists(sizes, min_size=1, max_size=5))
    ]
    zones = [zone for zone in zones if zone.is_valid and zone.area > 0]
    assume(zones)
    sites += [site for zone in zones[:4] for site in [*related(rng, zone), zone]]
    return [site for site in sites if site.is_valid], list(zones)


def by_kernel(sites: list[BaseGeometry], zones: list[BaseGeometry]) -> Triples:
    pairs = overlay(Shapes.of(sites), PackedZones.of(zones))
    return list(zip(pairs.sites.tolist(), pairs.zones.tolist(), pairs.areas_m2.tolist(), strict=True))


def assert_as_geos(sites: list[BaseGeometry], zones: list[BaseGeometry]) -> None:
    """Check that pairs are the same, areas equal to 1e-9 above 1 m², to 1e-6 below."""
    found = by_kernel(sites, zones)
    expected = [(s, z) for s in range(len(sites)) for z in np.flatnonzero(shapely.intersects(sites[s], zones)).tolist()]
    assert [pair[:2] for pair in found] == expected
    for s, z, area in found:
        exact = sites[s].intersection(zones[z]).area
        # A splinter of 1e-17 m² that lies inside counts with its own area; GEOS loses it.
        assert abs(area - exact) <= (1e-9 if exact > 1 else 1e-6) * exact + 1e-12


@given(st.lists(on_grid(), min_size=1, max_size=4), st.lists(on_grid(), min_size=1, max_size=20), PLACES, SCALES)
def test_whole_numbers(
    sites: list[BaseGeometry], zones: list[BaseGeometry], place: tuple[float, float], scale: float
) -> None:
    sites, zones = placed(sites, place, scale), placed(zones, place, scale)
    assume(sites and zones)
    assert_as_geos(sites, zones)


@given(rough())
def test_rough_borders(shapes: tuple[list[BaseGeometry], list[BaseGeometry]]) -> None:
    assert_as_geos(*shapes)


@given(rough())
def test_roles_can_be_exchanged(shapes: tuple[list[BaseGeometry], list[BaseGeometry]]) -> None:
    sites, zones = shapes
    there = {(s, z): area for s, z, area in by_kernel(sites, zones)}
    back = {(s, z): area for z, s, area in by_kernel(zones, sites)}
    assert there.keys() == back.keys()
    assert all(abs(area - back[pair]) <= 1e-9 * max(area, 1e-6) for pair, area in there.items())


@given(
    st.lists(on_grid(slanted=False), min_size=1, max_size=4),
    st.lists(on_grid(slanted=False), min_size=1, max_size=20),
    st.integers(-9, 9),
)
def test_moving_everything_changes_nothing(sites: list[BaseGeometry], zones: list[BaseGeometry], by: int) -> None:
    there = by_kernel(
        [translate(s, 7e5 + by, 4e6 - by) for s in sites], [translate(z, 7e5 + by, 4e6 - by) for z in zones]
    )
    here = by_kernel(sites, zones)
    assert [pair[:2] for pair in there] == [pair[:2] for pair in here]
    assert np.allclose([pair[2] for pair in there], [pair[2] for pair in here], rtol=1e-9, atol=1e-9)


@given(on_grid(20), st.integers(1, 7), PLACES, SCALES)
def test_the_parts_of_a_partition_make_up_the_site(
    site: BaseGeometry, size: int, place: tuple[float, float], scale: float
) -> None:
    steps = np.arange(0, 28, size)
    squares = [box(x, y, x + size, y + size) for x in steps.tolist() for y in steps.tolist()]
    (site,), zones = placed([site], place, scale) or [Polygon()], placed(squares, place, scale)
    assume(not site.is_empty)
    total = sum(area for _, _, area in by_kernel([site], zones))
    assert abs(total - site.area) <= 1e-8 * site.area


@given(rough(), st.floats(0.1, 1000.0))
def test_nearest(shapes: tuple[list[BaseGeometry], list[BaseGeometry]], limit_m: float) -> None:
    sites, zones = shapes
    near = nearest(Shapes.of(sites), PackedZones.of(zones), limit_m)
    distances = np.array([shapely.distance(site, zones) for site in sites])
    least = distances.min(axis=1)
    assume(not np.isclose(least, limit_m, rtol=1e-9).any())
    assert near.sites.tolist() == np.flatnonzero(least <= limit_m).tolist()
    assert np.allclose(near.distances_m, least[near.sites], rtol=0, atol=2e-9)
    touch = np.array([shapely.intersects(site, zones).any() for site in sites])
    assert ((near.distances_m == 0) == touch[near.sites]).all()
    assert np.allclose(distances[near.sites, near.zones], near.distances_m, rtol=0, atol=2e-9)
