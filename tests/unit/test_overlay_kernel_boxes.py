"""Boxes over the edges of rings: how many there are, and that each holds what lies below it."""

import numpy as np
import pytest
import shapely

from zoning.overlay.kernel.layout import BOX_STARTS, FANOUT, GROVE_STARTS, RINGS, RUN_BOXES, SIGNS, ZONES
from zoning.overlay.kernel.packing import boxes_of, groves_of
from zoning.overlay.kernel.shapes import Shapes


@pytest.mark.parametrize(
    ("edges", "boxes"),
    [
        (-1, 0),
        (0, 0),
        (1, 1),
        (16, 1),
        # Two runs and the block over both.
        (17, 3),
        (32, 3),
        (33, 4),
        # Sixteen runs and one block; then seventeen runs, two blocks, one over them.
        (256, 17),
        (257, 20),
        (4096, 256 + 16 + 1),
        (4097, 257 + 17 + 2 + 1),
    ],
)
def test_a_ring_has_boxes_of_runs_and_of_blocks_up_to_one(edges: int, boxes: int) -> None:
    assert boxes_of(edges) == boxes


@pytest.mark.parametrize(("rings", "boxes"), [(0, 0), (1, 0), (16, 0), (17, 2), (32, 2), (33, 3), (1000, 63)])
def test_only_zones_of_many_rings_have_boxes_of_rings(rings: int, boxes: int) -> None:
    assert groves_of(rings) == boxes


@pytest.mark.parametrize("edges", [4, FANOUT, FANOUT + 1, FANOUT**2, FANOUT**2 + 1, 1000])
def test_the_last_box_of_a_ring_is_that_of_the_ring(edges: int) -> None:
    around = np.linspace(0, 2 * np.pi, edges, endpoint=False)
    ring = shapely.Polygon(np.column_stack([1000 * np.cos(around), 500 * np.sin(around)]))
    flat = Shapes.of([ring]).flat
    starts = flat.ints[flat.ints[BOX_STARTS] :][:2]
    assert starts.tolist() == [0, boxes_of(edges)]
    boxes = flat.floats[flat.ints[RUN_BOXES] :][: 4 * starts[1]].reshape(-1, 4)
    assert boxes[-1].tolist() == list(ring.bounds)
    assert (boxes[:, :2] >= boxes[-1, :2]).all()
    assert (boxes[:, 2:] <= boxes[-1, 2:]).all()


@pytest.mark.parametrize("edges", [FANOUT, FANOUT + 1, 100])
def test_the_box_of_a_run_is_that_of_its_edges(edges: int) -> None:
    around = np.linspace(0, 2 * np.pi, edges, endpoint=False)
    xy = np.column_stack([1000 * np.cos(around), 500 * np.sin(around)])
    flat = Shapes.of([shapely.Polygon(xy)]).flat
    closed = np.vstack([xy, xy[:1]])
    for run, start in enumerate(range(0, edges, FANOUT)):
        part = closed[start : start + FANOUT + 1]
        box = flat.floats[flat.ints[RUN_BOXES] + 4 * run :][:4].tolist()
        assert box == [*part.min(axis=0).tolist(), *part.max(axis=0).tolist()]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("far", [0.0, 4e6])
def test_the_sign_of_a_ring_says_on_which_side_its_inside_lies(far: float, *, turned: bool) -> None:
    shell, hole = shapely.box(far, far, far + 9, far + 9), shapely.box(far + 2, far + 2, far + 3, far + 3)
    # A shell counterclockwise and a hole clockwise have the inside on their left.
    outer = shapely.LinearRing(shapely.get_coordinates(shell)[:: 1 if shell.exterior.is_ccw else -1])
    inner = shapely.LinearRing(shapely.get_coordinates(hole)[:: -1 if hole.exterior.is_ccw else 1])
    zone = shapely.Polygon(outer.reverse() if turned else outer, [inner.reverse() if turned else inner])
    flat = Shapes.of([zone]).flat
    assert flat.ints[flat.ints[SIGNS] :][:2].tolist() == [int(turned)] * 2


def test_counts_and_starts_are_those_of_the_shapes() -> None:
    many = shapely.MultiPolygon([shapely.box(2 * step, 0, 2 * step + 1, 1) for step in range(FANOUT + 1)])
    ints = Shapes.of([many, shapely.box(0, 5, 1, 6), shapely.Polygon()]).flat.ints
    assert (int(ints[ZONES]), int(ints[RINGS])) == (3, FANOUT + 2)
    assert ints[ints[GROVE_STARTS] :][:4].tolist() == [0, 2, 2, 2]
