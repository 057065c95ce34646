"""Blocks and tasks: nothing lost, nothing doubled, near things together, the same every time."""

import numpy as np
import pytest
import shapely

from zoning.batch import blocks as blocks_module
from zoning.batch.blocks import TASKS_PER_BLOCK, along_curve, blocks, tasks
from zoning.errors import SiteError
from zoning.sites.site import Site
from zoning.sites.streaming import Row


def row(number: int, x: float, y: float, vertices: int = 4) -> Row:
    circle = shapely.Point(x, y).buffer(0.0001, quad_segs=max(vertices // 4, 1))
    return Row(number, str(number), Site(str(number), str(number), circle, "EPSG:4490", "a.geojson"), None)


def broken(number: int) -> Row:
    return Row(number, str(number), None, SiteError("坏", "bad"))


def test_blocks_hold_all_rows_in_their_order_however_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "BLOCK", 10)
    rows = [row(n, 112.0, 35.0) for n in range(25)]
    for step in (1, 3, 10, 25, 40):
        found = list(blocks(tuple(rows[i : i + step]) for i in range(0, 25, step)))
        assert [len(block) for block in found] == [10, 10, 5]
        assert [one.number for block in found for one in block] == list(range(25))
    assert list(blocks([])) == []


def test_a_block_ends_early_where_borders_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "_MOST_VERTICES", 12)
    # A buffer with one segment per quarter has 5 vertices with the closing one: two fit into 12.
    rows = tuple(row(n, 112.0, 35.0) for n in range(5))
    assert [len(block) for block in blocks([rows])] == [2, 2, 1]


def test_one_footprint_beyond_the_bound_is_a_block_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "_MOST_VERTICES", 3)
    assert [len(block) for block in blocks([(row(0, 112.0, 35.0), row(1, 112.0, 35.0))])] == [1, 1]


def test_tasks_are_numbered_through_the_file_and_hold_every_row_once() -> None:
    block = tuple(row(n, 112 + (n * 37 % 50) / 100, 35 + (n * 11 % 50) / 100) for n in range(50))
    found = list(tasks(block, 3, 16))
    assert [task.number for task in found] == [3 * TASKS_PER_BLOCK + n for n in range(4)]
    assert [len(task.rows) for task in found] == [16, 16, 16, 2]
    assert sorted(one.number for task in found for one in task.rows) == list(range(50))


def test_neighbours_on_the_curve_are_neighbours_on_the_ground() -> None:
    chance = np.random.default_rng(5)
    places = chance.uniform((112, 35), (113, 36), (400, 2))
    rows = tuple(row(n, x, y) for n, (x, y) in enumerate(places))
    steps = np.linalg.norm(np.diff(places[along_curve(rows)], axis=0), axis=1)
    # 400 places on a square: some 0.05 from one to the next on the curve, 0.52 in any order.
    assert np.median(steps) < 0.1
    assert np.median(np.linalg.norm(np.diff(places, axis=0), axis=1)) > 0.3


def test_rows_without_a_place_come_last_and_one_place_is_enough() -> None:
    assert along_curve((broken(0), row(1, 112.0, 35.0), broken(2))) == [1, 0, 2]
    assert along_curve((broken(0), broken(1))) == [0, 1]
    assert along_curve((row(0, 112.0, 35.0), row(1, 112.0, 35.0))) == [0, 1]
    empty = Row(0, "", Site("1", "", shapely.Polygon(), "EPSG:4490", "a"), None)
    assert along_curve((empty, row(1, 112.0, 35.0))) == [1, 0]
