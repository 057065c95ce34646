"""Comparisons of random editions: the matrix against a plain overlay, the verdict diff against a full run."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

import overlay_world as world
from edition_world import both_ways, content, make_pair
from long_runs import times
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.affected import LayerDifference, differences
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.layer_change import Divisions, LayerChange, compare_layer

CLASSES = ("level-1", "level-2")
NORTH = shapely.box(112.3, 35.5, 112.6, 35.7)
SOUTH = shapely.box(112.3, 35.3, 112.6, 35.5)
WEST = shapely.box(112.3, 35.3, 112.44, 35.7)
DIVISIONS = Divisions.of(
    PlaneLayer.of(world.features([(NORTH, "level-1"), (SOUTH, "level-1")]), world.PLANE),
    PlaneLayer.of(world.features([(WEST, "level-1")]), world.PLANE),
)


def zones(chance: np.random.Generator, count: int) -> list[world.Zone]:
    """Return stars that overlap each other, and a few fields that share edges."""
    found: list[world.Zone] = []
    for _ in range(count):
        x, y = chance.uniform(112.4, 112.5), chance.uniform(35.46, 35.54)
        turns = np.sort(chance.uniform(0, 2 * np.pi, 11))
        size = chance.uniform(0.004, 0.02) * chance.uniform(0.4, 1.0, 11)
        star = shapely.Polygon(np.column_stack([x + size * np.cos(turns), y + size * np.sin(turns)]))
        found.append((star if star.is_valid else star.convex_hull, str(chance.choice(CLASSES))))
    for n in range(4):
        box = shapely.box(112.40 + 0.01 * n, 35.49, 112.41 + 0.01 * n, 35.50)
        found.append((box, str(chance.choice(CLASSES))))
    return found


def later(chance: np.random.Generator, before: list[world.Zone]) -> list[world.Zone]:
    """Return zones of which some stay, some move, some go, some come."""
    found: list[world.Zone] = []
    for shape, class_id in before:
        fate = chance.random()
        moved = shapely.transform(shape, lambda xy: xy + chance.uniform(-0.003, 0.003, 2)) if fate > 0.7 else shape
        if fate > 0.15:
            found.append((moved, str(chance.choice(CLASSES)) if fate > 0.9 else class_id))
    return found + zones(chance, 1)[:1]


def plain(layer: PlaneLayer, name: str) -> BaseGeometry:
    """Return the land of a class, of no class (`NONE`) or without data (`NO_DATA`), by plain unions."""
    by = {one: shapely.union_all(layer.whole()[np.asarray(layer.class_ids) == one]) for one in CLASSES}
    by["level-2"] = by["level-2"].difference(by["level-1"])
    whole = shapely.union_all([by["level-1"], by["level-2"]])
    land = shapely.union_all(DIVISIONS_LAND)
    by[NONE] = land.intersection(layer.coverage.area).difference(whole)
    by[NO_DATA] = land.difference(layer.coverage.area).difference(whole)
    return by[name]


DIVISIONS_LAND = [
    shapely.box(*world.PLANE.to_plane([shapely.box(112.2, 35.2, 112.7, 35.8)], "EPSG:4490", step_m=1e3)[0].bounds)
]


@given(seed=st.integers(0, 10_000), some_coverage=st.booleans())
@settings(max_examples=15)
def test_the_matrix_is_the_plain_overlay(seed: int, *, some_coverage: bool) -> None:
    chance = np.random.default_rng(seed)
    before = zones(chance, 6)
    coverage = WEST if some_coverage else world.WORLD
    a = PlaneLayer.of(world.features(before, coverage=coverage), world.PLANE)
    b = PlaneLayer.of(world.features(later(chance, before)), world.PLANE)
    found = compare_layer(a, b, DIVISIONS, tolerance=1.0)
    assert isinstance(found, LayerChange)
    for matrix in (found.townships, found.territories):
        assert matrix.off_by() < 1e-9
        sums: dict[tuple[str, str], float] = {}
        for cell in matrix.cells:
            sums[cell.before, cell.after] = sums.get((cell.before, cell.after), 0.0) + cell.amount
        for one in (*CLASSES, NONE, NO_DATA):
            for other in (*CLASSES, NONE):
                if {one, other} <= {NONE, NO_DATA}:
                    continue
                area = shapely.area(shapely.intersection(plain(a, one), plain(b, other)))
                assert sums.get((one, other), 0.0) == pytest.approx(area, abs=0.05), (one, other)
    pieces = sum(piece.amount for piece in found.pieces)
    changed = sum(cell.amount for cell in found.townships.cells if cell.before != cell.after)
    assert pieces == pytest.approx(changed, rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("seed", [7, 11, 3, 14, 21, 28][: times(2, 6)])
def test_the_verdict_diff_is_the_full_run(tmp_path: Path, seed: int) -> None:
    pair = make_pair(tmp_path, seed, 24)
    diff = both_ways(pair)
    assert diff.same, pair.done


def test_a_few_changed_zones_reach_few_sites(tmp_path: Path) -> None:
    """Most pairs differ in a few zones: sites away from them must be left alone, although most are put beside them."""
    checked = sites = 0
    for seed in range(40, times(43, 46)):
        pair = make_pair(tmp_path / str(seed), seed, 30)
        found = differences(pair.a, pair.b)
        if not found.everywhere:
            diff = both_ways(pair)
            assert diff.same
            checked, sites = checked + diff.checked, sites + len(pair.sites)
    assert sites >= times(30, 60)
    assert 0 < checked < 0.75 * sites


def test_two_states_that_are_the_same_need_no_check(tmp_path: Path) -> None:
    pair = make_pair(tmp_path, 1, 3)
    assert differences(pair.a, content(tmp_path / "a")).nothing


def test_the_campaign_notices_sites_that_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites that only the accuracy or a distance brings into reach occur in it: a choice without reach is found out."""

    def overlaps(difference: LayerDifference, footprint: Footprint) -> bool:
        return bool(len(difference.tree.query(footprint.geometry, predicate="intersects")))

    monkeypatch.setattr(LayerDifference, "touches", overlaps)
    assert not both_ways(make_pair(tmp_path, 7, 40)).same
