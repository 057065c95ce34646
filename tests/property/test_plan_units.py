"""Units of random worlds are a partition, follow the precedence, and keep their codes."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from overlay_world import PLANE
from plan_world import CRS, SCHEME, TERRITORY, PlanWorld, plan_world
from zoning.planning.units.build import Built, build_units
from zoning.planning.units.codes import assign_codes

ON = date(2024, 1, 1)
WORLDS = range(50)
RANKS = {"red": 0, "water": 0, "town": 1, "park": 1}


def _built(world: PlanWorld, minimum: float = 5_000.0) -> Built:
    return build_units(world.source, SCHEME.model_copy(update={"minimum": minimum}), TERRITORY, on=ON)


def _shapes(built: Built) -> np.ndarray:
    return np.asarray([unit.geometry for unit in built.units], dtype=object)


@pytest.mark.parametrize("seed", WORLDS)
def test_units_are_the_territory_without_gap_and_overlap(seed: int, tmp_path: Path) -> None:
    built = _built(plan_world(seed, tmp_path))
    shapes = _shapes(built)
    assert math.isclose(math.fsum(unit.area_m2 for unit in built.units), built.territory_m2, rel_tol=1e-9)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    union = shapely.coverage_union_all(shapes)
    assert len(shapely.get_parts(union)) == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0


@pytest.mark.parametrize("seed", WORLDS[:12])
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
    assert [unit.part.id if unit.part else None for unit in units] == [f"Z{number}" for number in townships]


@pytest.mark.parametrize("seed", WORLDS[:8])
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


@pytest.mark.parametrize("seed", WORLDS[:8])
def test_codes_stay_when_an_edge_of_a_member_moves(seed: int, tmp_path: Path) -> None:
    before = _built(plan_world(seed, tmp_path / "a"))
    after = _built(plan_world(seed, tmp_path / "b", shift=("red", 25.0)))
    digits = [list(SCHEME.classes.values())[unit.rank].digit for unit in before.units]
    old = [coded.code for coded in assign_codes("140522", _shapes(before), digits, {})]
    older = dict(zip(old, _shapes(before), strict=True))
    now = [list(SCHEME.classes.values())[unit.rank].digit for unit in after.units]
    new = assign_codes("140522", _shapes(after), now, older)
    kept = {(unit.rank, unit.part): code for unit, code in zip(before.units, old, strict=True)}
    assert [coded.code for coded in new] == [kept[unit.rank, unit.part] for unit in after.units]
    assert all(coded.kept_from is not None for coded in new)
