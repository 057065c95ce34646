"""What became of lines, in metres: kept, gone, new, of another class, or not known."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.planning.compare.flows import NO_DATA, NONE, Flows, Reach
from zoning.planning.compare.line_flows import line_flows, line_matrix
from zoning.planning.compare.matrix import Cell, Total

Zone = tuple[str, BaseGeometry]
WORLD = shapely.box(-1000, -1000, 1000, 1000)
HALF = shapely.box(-1000, -1000, 60, 1000)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(places)


def edition(*zones: Zone) -> Any:
    """Return lines of two classes, the stricter one first, in a plane of true metres."""
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [shape for _, shape in zones]
    return SimpleNamespace(
        class_ids=[class_id for class_id, _ in zones],
        class_order=("rail", "road"),
        whole=lambda: shapes,
        plane=SimpleNamespace(length_m=lambda shape: float(shape.length)),
    )


def told(flows: Flows) -> list[tuple[str, str, float]]:
    return sorted((flow.before, flow.after, round(flow.amount, 6)) for flow in flows.changed)


STRAIGHT = line((0, 0), (100, 0))


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ([], [], []),
        ([("rail", STRAIGHT)], [("rail", STRAIGHT)], []),
        ([("rail", STRAIGHT)], [], [("rail", NONE, 100.0)]),
        ([], [("rail", STRAIGHT)], [(NONE, "rail", 100.0)]),
        ([("rail", STRAIGHT)], [("road", STRAIGHT)], [("rail", "road", 100.0)]),
        # Shortened, lengthened.
        ([("rail", STRAIGHT)], [("rail", line((0, 0), (70, 0)))], [("rail", NONE, 30.0), ("rail", "rail", 70.0)]),
        ([("rail", STRAIGHT)], [("rail", line((0, 0), (130, 0)))], [(NONE, "rail", 30.0), ("rail", "rail", 100.0)]),
        # A part of another class.
        ([("rail", STRAIGHT)], [("rail", line((0, 0), (40, 0))), ("road", line((40, 0), (100, 0)))],
         [("rail", "rail", 40.0), ("rail", "road", 60.0)]),
        # Lines that cross share a point, and no length.
        ([("rail", STRAIGHT)], [("rail", line((50, -50), (50, 50)))], [(NONE, "rail", 100.0), ("rail", NONE, 100.0)]),
        # Beside each other.
        ([("rail", STRAIGHT)], [("rail", line((0, 1), (100, 1)))], [(NONE, "rail", 100.0), ("rail", NONE, 100.0)]),
        # Drawn the other way round: the same line, not to the last bit.
        ([("rail", STRAIGHT)], [("rail", line((100, 0), (0, 0)))], [("rail", "rail", 100.0)]),
        # Where two classes lie on each other, the stricter counts.
        ([("rail", STRAIGHT), ("road", line((50, 0), (150, 0)))], [],
         [("rail", NONE, 100.0), ("road", NONE, 50.0)]),
        ([("road", line((50, 0), (150, 0))), ("rail", STRAIGHT)], [],
         [("rail", NONE, 100.0), ("road", NONE, 50.0)]),
        # Several lines of one class are one.
        ([("rail", line((0, 0), (60, 0))), ("rail", line((40, 0), (100, 0)))], [], [("rail", NONE, 100.0)]),
        ([("rail", shapely.MultiLineString([[(0, 0), (10, 0)], [(0, 5), (10, 5)]]))],
         [("rail", line((0, 5), (10, 5)))], [("rail", NONE, 10.0), ("rail", "rail", 10.0)]),
    ],
)  # fmt: skip
def test_lines_go_from_class_to_class(
    before: Sequence[Zone], after: Sequence[Zone], rows: list[tuple[str, str, float]]
) -> None:
    assert told(line_flows(edition(*before), edition(*after), None)) == sorted(rows)


def test_lines_that_are_the_same_to_the_last_bit_are_skipped() -> None:
    other = line((0, 9), (50, 9))
    flows = line_flows(edition(("rail", STRAIGHT), ("road", other)), edition(("road", other), ("road", STRAIGHT)), None)
    assert flows.same.tolist() == [[1, 0]]
    assert told(flows) == [("rail", "road", 100.0)]


@pytest.mark.parametrize(("long_m", "rows"), [(0.0009, []), (0.0011, [("rail", NONE, 0.0011)])])
def test_less_than_a_millimetre_is_rounding(long_m: float, rows: list[tuple[str, str, float]]) -> None:
    assert told(line_flows(edition(("rail", line((0, 0), (long_m, 0)))), edition(), None)) == rows


@pytest.mark.parametrize(
    ("before", "after", "reach", "rows"),
    [
        ([("rail", STRAIGHT)], [], Reach(WORLD, WORLD), [("rail", NONE, 100.0)]),
        ([("rail", STRAIGHT)], [], Reach(WORLD, HALF), [("rail", NO_DATA, 40.0), ("rail", NONE, 60.0)]),
        ([("rail", STRAIGHT)], [], Reach(HALF, WORLD), [("rail", NONE, 100.0)]),
        ([], [("rail", STRAIGHT)], Reach(HALF, WORLD), [(NO_DATA, "rail", 40.0), (NONE, "rail", 60.0)]),
        ([], [("rail", STRAIGHT)], Reach(WORLD, HALF), [(NONE, "rail", 100.0)]),
        ([("rail", STRAIGHT)], [("road", STRAIGHT)], Reach(HALF, HALF), [("rail", "road", 100.0)]),
    ],
)
def test_where_an_edition_does_not_speak_nobody_knows(
    before: Sequence[Zone], after: Sequence[Zone], reach: Reach, rows: list[tuple[str, str, float]]
) -> None:
    assert told(line_flows(edition(*before), edition(*after), reach)) == sorted(rows)


def test_a_flow_of_lines_bears_its_geometry_and_no_zone() -> None:
    (flow,) = line_flows(edition(("rail", STRAIGHT)), edition(), None).changed
    assert (flow.zone_a, flow.zone_b) == (None, None)
    assert flow.geometry is not None
    assert flow.geometry.geom_type == "MultiLineString"
    assert shapely.equals(flow.geometry, STRAIGHT)


@pytest.mark.parametrize(
    ("before", "after", "cells", "totals"),
    [
        ([], [], (), ((), ())),
        ([("rail", STRAIGHT)], [("rail", STRAIGHT)], (Cell("", "rail", "rail", 100.0),),
         ((Total("", "rail", 100.0),), (Total("", "rail", 100.0),))),
        ([("rail", STRAIGHT), ("road", line((0, 9), (50, 9)))], [("road", line((0, 9), (50, 9)))],
         (Cell("", "rail", NONE, 100.0), Cell("", "road", "road", 50.0)),
         ((Total("", "rail", 100.0), Total("", "road", 50.0)), (Total("", "road", 50.0),))),
        ([("rail", STRAIGHT)], [("rail", line((0, 0), (40, 0))), ("road", line((40, 0), (110, 0)))],
         (Cell("", NONE, "road", 10.0), Cell("", "rail", "rail", 40.0), Cell("", "rail", "road", 60.0)),
         ((Total("", "rail", 100.0),), (Total("", "rail", 40.0), Total("", "road", 70.0)))),
        # A line that stayed and another one of its class that went.
        ([("rail", STRAIGHT), ("rail", line((0, 9), (50, 9)))], [("rail", STRAIGHT)],
         (Cell("", "rail", NONE, 50.0), Cell("", "rail", "rail", 100.0)),
         ((Total("", "rail", 150.0),), (Total("", "rail", 100.0),))),
    ],
)  # fmt: skip
def test_the_matrix_of_lines_adds_up(
    before: Sequence[Zone],
    after: Sequence[Zone],
    cells: tuple[Cell, ...],
    totals: tuple[tuple[Total, ...], tuple[Total, ...]],
) -> None:
    a, b = edition(*before), edition(*after)
    found = line_matrix(a, b, line_flows(a, b, None))
    assert (found.cells, (found.before, found.after)) == (cells, totals)
    assert found.off_by() == pytest.approx(0.0)
    assert found.zone_places == ((), ())
