"""Units of random worlds are a partition, follow the precedence, and keep their codes: in the plane and as written."""

import math
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from long_runs import times
from overlay_world import PLANE
from plan_world import CRS, SCHEME, TERRITORY, PlanWorld, plan_world, township_id, write_layer
from zoning.overlay.plane_layer import STEP_M
from zoning.planning.units.build import Built, build_units
from zoning.planning.units.plan import make_plan
from zoning.planning.units.tables import lonlat_of

ON = date(2024, 1, 1)
WORLDS = range(times(10, 50))
FEW_WORLDS = range(times(4, 8))
RANKS = {"red": 0, "water": 0, "town": 1, "park": 1}


def _built(world: PlanWorld, minimum: float = 5_000.0) -> Built:
    return build_units(world.source, SCHEME.model_copy(update={"minimum": minimum}), TERRITORY, on=ON)


def _shapes(built: Built) -> np.ndarray:
    return np.asarray([unit.geometry for unit in built.units], dtype=object)


def _edges(shapes: np.ndarray) -> Counter[tuple[bytes, bytes]]:
    """Count the edges of all rings, each as the bytes of its two ends, the smaller first."""
    found: Counter[tuple[bytes, bytes]] = Counter()
    for ring in shapely.get_rings(shapely.get_parts(shapes)):
        ends = [xy.tobytes() for xy in shapely.get_coordinates(ring)]
        found.update((min(pair), max(pair)) for pair in pairwise(ends))
    return found


@pytest.mark.parametrize("seed", WORLDS)
def test_units_are_the_territory_without_gap_and_overlap_also_as_written(seed: int, tmp_path: Path) -> None:
    world = plan_world(seed, tmp_path)
    plan = make_plan(world.source, SCHEME, TERRITORY, on=ON)
    shapes, written = _shapes(plan.built), lonlat_of(plan, PLANE)
    # Read as any layer is: edges are straight in degrees, where the members of these worlds are straight in metres.
    areas = shapely.area(PLANE.to_plane(written, "EPSG:4490", step_m=STEP_M))
    for partition, sizes in ((shapes, shapely.area(shapes)), (written, areas)):
        assert math.isclose(math.fsum(sizes), plan.built.territory_m2, rel_tol=1e-9)
        assert shapely.is_valid(partition).all()
        assert shapely.coverage_is_valid(partition)
        union = shapely.coverage_union_all(partition)
        assert len(shapely.get_parts(union)) == 1
        assert shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0
        _assert_borders_are_shared_to_the_last_byte(partition, union)
    assert (np.abs(areas - shapely.area(shapes)) < 1e-5 * shapely.length(shapes)).all()
    # The rounding of longitude and latitude to 64 bits alone moves vertices by 1e-9 m.
    rounded = shapely.area(PLANE.to_plane(written, "EPSG:4490", step_m=1e7))
    assert (np.abs(rounded - shapely.area(shapes)) < 1e-4).all()


def _assert_borders_are_shared_to_the_last_byte(shapes: np.ndarray, union: BaseGeometry) -> None:
    """Every edge borders two units, or one and the outside; those of the outside are the border of the territory."""
    edges = _edges(shapes)
    assert set(edges.values()) <= {1, 2}
    outside = {edge for edge, count in edges.items() if count == 1}
    assert outside == set(_edges(np.asarray([union], dtype=object)))


@pytest.mark.parametrize("seed", FEW_WORLDS)
def test_each_place_is_of_the_strictest_class_that_covers_it(seed: int, tmp_path: Path) -> None:
    world = plan_world(seed, tmp_path)
    built = _built(world, minimum=0.0)
    chance = np.random.default_rng([seed, 7])
    west, south, east, north = world.territory.bounds
    points = [shapely.Point(*xy) for xy in chance.uniform((west, south), (east, north), (300, 2))]
    inside = [point for point in points if world.territory.contains(point)]
    expected = [
        min((RANKS[name] for name, zones in world.zones.items() if any(z.covers(p) for z in zones)), default=2)
        for p in inside
    ]
    townships = [next(n for n, shape in enumerate(world.townships) if shape.covers(p)) for p in inside]
    tree = shapely.STRtree(_shapes(built))
    asked, met = tree.query(PLANE.to_plane(inside, CRS, step_m=1e7), predicate="intersects")
    assert asked.tolist() == list(range(len(inside)))
    units = [built.units[number] for number in met.tolist()]
    assert [unit.rank for unit in units] == expected
    assert [unit.part.id if unit.part else None for unit in units] == [township_id(number) for number in townships]


@pytest.mark.parametrize("seed", FEW_WORLDS)
def test_small_pieces_never_come_to_a_looser_class_nor_to_another_township(seed: int, tmp_path: Path) -> None:
    world = plan_world(seed, tmp_path)
    before, after = _built(world, minimum=0.0), _built(world, minimum=50_000.0)
    tree = shapely.STRtree(_shapes(after))
    for unit in before.units:
        for number in tree.query(unit.geometry):
            other = after.units[number]
            common = unit.geometry.intersection(other.geometry).area
            if common > 1.0:
                assert other.rank <= unit.rank
                assert other.part == unit.part


@pytest.mark.parametrize("seed", FEW_WORLDS)
def test_the_zones_that_made_a_unit_are_told_with_their_areas(seed: int, tmp_path: Path) -> None:
    world = plan_world(seed, tmp_path)
    built = _built(world)
    found: dict[tuple[str, str], float] = {}
    for unit in built.units:
        for member, area in unit.members:
            found[member.layer, member.zone] = found.get((member.layer, member.zone), 0.0) + area
    for name, zones in world.zones.items():
        for number, zone in enumerate(zones):
            own = float(PLANE.to_plane([zone.intersection(world.territory)], CRS, step_m=85.0)[0].area)
            assert found.get((name, f"Z{number}"), 0.0) == pytest.approx(own, rel=2e-6, abs=0.5)


@pytest.mark.parametrize("seed", FEW_WORLDS)
def test_codes_stay_when_an_edge_of_a_member_moves(seed: int, tmp_path: Path) -> None:
    before = make_plan(plan_world(seed, tmp_path / "a").source, SCHEME, TERRITORY, on=ON)
    moved = plan_world(seed, tmp_path / "b", shift=("red", 25.0))
    shapes = dict(zip([one.code for one in before.units], lonlat_of(before, PLANE), strict=True))
    codes = [one.class_id.upper() for one in before.units]
    file = write_layer(tmp_path, "before", shapes, codes, "EPSG:4490")
    after = make_plan(moved.source, SCHEME, TERRITORY, on=ON, previous=str(file))
    kept = {(one.unit.rank, one.unit.part): one.code for one in before.units}
    assert [one.code for one in after.units] == [kept[one.unit.rank, one.unit.part] for one in after.units]
    assert all(one.kept_from is not None for one in after.units)
