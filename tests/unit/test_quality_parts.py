"""Rings and parts that do not fit together: each told by its number, with how much of it is wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely

from zoning.quality.faults import MOST_LISTED, Fault, Gathering, Parameters
from zoning.quality.outline import Outline
from zoning.quality.parts import check_roles, check_sizes

EAST, NORTH = 37_627_000.0, 3_930_000.0
Box = tuple[float, float, float, float]
Corners = list[tuple[float, float]]
Shell = Box | Corners


def corners(shape: Shell) -> Corners:
    if isinstance(shape, tuple):
        west, south, east, north = shape
        shape = [(west, south), (east, south), (east, north), (west, north)]
    return [(x + EAST, y + NORTH) for x, y in shape]


def part(shell: Shell, *holes: Shell) -> shapely.Polygon:
    return shapely.Polygon(corners(shell), [corners(hole) for hole in holes])


def array(shapes: Sequence[Any]) -> Any:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def laid_out(parts: Sequence[shapely.Polygon], metres: tuple[float, float] = (1.0, 1.0)) -> Outline:
    return Outline.of(array(parts), np.array(metres))


def faults_of(found: Gathering) -> tuple[Fault, ...]:
    return found.faults("EPSG:4525", geographic=False)


def told(found: Gathering) -> list[tuple[str, float | None]]:
    return [(one.kind, one.amount) for one in faults_of(found)]


def roles(*parts: shapely.Polygon, broken: Sequence[int] = (), metres: tuple[float, float] = (1.0, 1.0)) -> Gathering:
    found = Gathering()
    rings = array([shapely.Polygon(ring) for one in parts for ring in (one.exterior, *one.interiors)])
    wrong = np.zeros(len(rings), dtype=bool)
    wrong[list(broken)] = True
    any_ = check_roles(array(parts), laid_out(parts, metres), rings, wrong, found)
    assert any_ is bool(found.counts.total())
    return found


def sizes(
    *parts: shapely.Polygon, flat: Sequence[int] = (), broken: Sequence[int] = (), **parameters: float
) -> Gathering:
    found, outline = Gathering(), laid_out(parts)
    masks = [np.zeros(len(outline.part), dtype=bool) for _ in range(2)]
    for mask, rings in zip(masks, (flat, broken), strict=True):
        mask[list(rings)] = True
    check_sizes(outline, masks[0], masks[1], found, Parameters(**parameters))
    return found


LARGE: Box = (0, 0, 100, 100)


@pytest.mark.parametrize(
    "parts",
    [
        [part(LARGE)],
        [part(LARGE, (10, 10, 20, 20))],
        [part(LARGE, (10, 10, 20, 20), (30, 30, 40, 40))],
        [part(LARGE), part((200, 0, 300, 100))],
        # Parts and holes may meet in a point.
        [part(LARGE), part((100, 100, 200, 200))],
        [part(LARGE, (10, 10, 20, 20), (20, 20, 30, 30))],
        [part(LARGE, [(0, 50), (20, 40), (20, 60)])],
        # A part in the hole of another.
        [part(LARGE, (10, 10, 50, 50)), part((20, 20, 30, 30))],
    ],
)
def test_rings_that_fit_together(parts: list[shapely.Polygon]) -> None:
    assert told(roles(*parts)) == []


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        # A hole outside of its outline; it may touch it from outside.
        ([part(LARGE, (200, 0, 210, 10))], [("hole-outside", None)]),
        # A hole across the outline: what lies outside is told.
        ([part(LARGE, (90, 0, 120, 10))], [("hole-crosses", 200.0)]),
        # A hole that shares an edge with the outline, from inside.
        ([part(LARGE, (90, 10, 100, 20))], [("hole-crosses", 0.0)]),
        ([part(LARGE, LARGE)], [("hole-crosses", 0.0)]),
        # Holes that overlap, lie in each other, or share an edge.
        ([part(LARGE, (10, 10, 30, 30), (20, 10, 40, 30))], [("holes-overlap", 200.0)]),
        ([part(LARGE, (10, 10, 40, 40), (20, 20, 30, 30))], [("holes-overlap", 100.0)]),
        ([part(LARGE, (10, 10, 20, 20), (20, 10, 30, 20))], [("holes-overlap", 0.0)]),
        # Parts that overlap, lie in each other, or share an edge.
        ([part(LARGE), part((90, 0, 190, 100))], [("overlapping-parts", 1000.0)]),
        ([part(LARGE), part((20, 20, 30, 30))], [("nested-parts", 100.0)]),
        ([part((20, 20, 30, 30)), part(LARGE)], [("nested-parts", 100.0)]),
        ([part(LARGE), part(LARGE)], [("nested-parts", 10_000.0)]),
        ([part(LARGE), part((100, 0, 200, 100))], [("adjoining-parts", 0.0)]),
        ([part(LARGE), part((100, 40, 200, 60))], [("adjoining-parts", 0.0)]),
        # Only a part of it lies in the hole.
        ([part(LARGE, (10, 10, 50, 50)), part((40, 20, 60, 30))], [("overlapping-parts", 100.0)]),
        # Several at once.
        ([part(LARGE, (90, 0, 120, 10), (200, 0, 210, 10)), part((400, 0, 410, 10)), part((402, 2, 404, 4))],
         [("hole-crosses", 200.0), ("hole-outside", None), ("nested-parts", 4.0)]),
    ],
)  # fmt: skip
def test_rings_that_do_not_fit_together(parts: list[shapely.Polygon], found: list[tuple[str, float | None]]) -> None:
    assert sorted(told(roles(*parts)), key=str) == sorted(found, key=str)


@pytest.mark.parametrize(
    ("parts", "zh", "en"),
    [
        ([part(LARGE, (200, 0, 210, 10))], "第 2 圈是内圈，却在第 1 圈之外",
         "ring 2 is a hole and lies outside ring 1"),
        ([part(LARGE, (10, 10, 20, 20), (90, 0, 220, 10))], "第 3 圈（内圈）与第 1 圈相交，有 1,200.00 平方米在其外",
         "ring 3 (a hole) crosses ring 1; 1,200.00 m² of it lie outside"),
        ([part(LARGE, (90, 10, 100, 20))], "第 2 圈（内圈）与第 1 圈有公共边",
         "ring 2 (a hole) shares an edge with ring 1"),
        ([part(LARGE, (10, 10, 30, 30), (20, 10, 40, 30))], "第 2 圈与第 3 圈都是内圈，互相重叠 200.00 平方米",
         "rings 2 and 3 are both holes and overlap by 200.00 m²"),
        ([part(LARGE), part((20, 20, 30, 30))],
         "第 2 部分（第 2 圈）整个在第 1 部分（第 1 圈）之内，重复 100.00 平方米；若是扣除的部分，应画成内圈",
         "part 2 (ring 2) lies inside part 1 (ring 1), 100.00 m² twice; if it is to be left out, draw it as a hole"),
        # Rings are counted through all parts, holes too; the smaller part is named first.
        ([part((20, 60, 30, 70)), part(LARGE, (10, 10, 20, 20))],
         "第 1 部分（第 1 圈）整个在第 2 部分（第 2 圈）之内，重复 100.00 平方米；若是扣除的部分，应画成内圈",
         "part 1 (ring 1) lies inside part 2 (ring 2), 100.00 m² twice; if it is to be left out, draw it as a hole"),
        ([part(LARGE, (10, 10, 20, 20)), part((20, 60, 30, 70))],
         "第 2 部分（第 3 圈）整个在第 1 部分（第 1 圈）之内，重复 100.00 平方米；若是扣除的部分，应画成内圈",
         "part 2 (ring 3) lies inside part 1 (ring 1), 100.00 m² twice; if it is to be left out, draw it as a hole"),
        ([part(LARGE), part((90, 0, 150, 100))], "第 2 部分与第 1 部分重叠 1,000.00 平方米",
         "parts 2 and 1 overlap by 1,000.00 m²"),
        ([part(LARGE), part((100, 0, 150, 100))], "第 2 部分与第 1 部分有公共边", "parts 2 and 1 share an edge"),
    ],
)  # fmt: skip
def test_each_fault_names_rings_and_parts(parts: list[shapely.Polygon], zh: str, en: str) -> None:
    (one,) = faults_of(roles(*parts))
    assert (one.text.zh, one.text.en) == (zh, en)


@pytest.mark.parametrize(
    ("parts", "ring", "box"),
    [
        ([part(LARGE, (200, 0, 210, 10))], 2, (200, 0, 210, 10)),
        ([part(LARGE, (90, 0, 120, 10))], 2, (90, 0, 120, 10)),
        ([part(LARGE, (10, 10, 30, 30), (20, 10, 40, 30))], 3, (20, 10, 30, 30)),
        ([part(LARGE), part((20, 20, 30, 30))], 2, (20, 20, 30, 30)),
        ([part(LARGE), part((90, 0, 190, 100))], 1, (90, 0, 100, 100)),
        ([part(LARGE), part((100, 0, 150, 100))], 2, (100, 0, 100, 100)),
    ],
)
def test_each_fault_has_its_place(parts: list[shapely.Polygon], ring: int, box: Box) -> None:
    (one,) = faults_of(roles(*parts))
    place = one.places[0]
    assert place.ring == ring
    west, south, east, north = box
    assert west <= place.x - EAST <= east
    assert south <= place.y - NORTH <= north


def test_a_hole_across_its_outline_is_marked_where_the_borders_meet() -> None:
    (one,) = faults_of(roles(part(LARGE, (90, 40, 120, 60))))
    assert sorted((place.x - EAST, place.y - NORTH) for place in one.places) == [(100, 40), (100, 60)]


@pytest.mark.parametrize(("metres", "area"), [((1.0, 1.0), 200.0), ((2.0, 1.0), 400.0), ((2.0, 3.0), 1200.0)])
def test_areas_are_square_metres_whatever_the_unit(metres: tuple[float, float], area: float) -> None:
    assert told(roles(part(LARGE, (90, 0, 120, 10)), metres=metres)) == [("hole-crosses", area)]
    assert told(roles(part((0, 0, 20, 10)), part((0, 0, 100, 100)), metres=metres)) == [("nested-parts", area)]
    crossing = roles(part((0, 0, 40, 10)), part((20, 0, 100, 10)), metres=metres)
    assert told(crossing) == [("overlapping-parts", area)]


def test_a_ring_that_crosses_itself_counts_with_what_it_encloses() -> None:
    tie: Corners = [(10, 10), (30, 30), (30, 10), (10, 30)]
    assert told(roles(part(LARGE, tie), broken=[1])) == []
    away: Corners = [(210, 10), (230, 30), (230, 10), (210, 30)]
    assert told(roles(part(LARGE, away), broken=[1])) == [("hole-outside", None)]
    # The bow tie encloses two triangles of 100 m² each.
    assert told(roles(part(tie), part(LARGE), broken=[0])) == [("nested-parts", 200.0)]


def test_of_many_faults_some_are_listed_and_all_are_counted() -> None:
    small = [part((x * 2, 2, x * 2 + 1, 3)) for x in range(MOST_LISTED + 5)]
    found = roles(part((-10, -10, 1000, 1000)), *small)
    assert found.counts["nested-parts"] == MOST_LISTED + 5
    assert len(faults_of(found)) == MOST_LISTED


@pytest.mark.parametrize(
    ("parts", "parameters", "found"),
    [
        ([part(LARGE)], {}, []),
        # Below a square metre it is tiny; a square metre is not.
        ([part((0, 0, 0.5, 1))], {"tiny_m2": 1.0}, [("tiny-part", 0.5)]),
        ([part((0, 0, 1, 1))], {"tiny_m2": 1.0, "sliver_m": 0.1}, []),
        ([part((0, 0, 1, 0.999))], {"tiny_m2": 1.0, "sliver_m": 0.1}, [("tiny-part", 0.999)]),
        # Twice the area by the border: 2 * 100 * 0.4 / 200.8 m is less than half a metre.
        ([part((0, 0, 100, 0.4))], {"tiny_m2": 1.0, "sliver_m": 0.5}, [("sliver-part", 0.3984)]),
        ([part((0, 0, 100, 0.6))], {"tiny_m2": 1.0, "sliver_m": 0.5}, []),
        # What is tiny is not told as a sliver too.
        ([part((0, 0, 10, 0.05))], {"tiny_m2": 1.0, "sliver_m": 0.5}, [("tiny-part", 0.5)]),
        # Holes are measured like parts.
        ([part(LARGE, (10, 10, 10.5, 11))], {"tiny_m2": 1.0}, [("tiny-part", 0.5)]),
        ([part(LARGE, (10, 10, 60, 10.4))], {"tiny_m2": 1.0, "sliver_m": 0.5}, [("sliver-part", 0.3968)]),
    ],
)
def test_sizes_of_rings(
    parts: list[shapely.Polygon], parameters: dict[str, Any], found: list[tuple[str, float | None]]
) -> None:
    kinds, amounts = ([row[at] for row in told(sizes(*parts, **parameters))] for at in (0, 1))
    assert (kinds, amounts) == ([kind for kind, _ in found], [amount for _, amount in found])


@pytest.mark.parametrize(
    ("parts", "more", "zh", "en"),
    [
        ([part((0, 0, 0.5, 1))], {"tiny_m2": 1.0}, "第 1 圈（外圈）面积只有 0.5000 平方米",
         "ring 1 (outline) has an area of only 0.5000 m²"),
        ([part(LARGE, (10, 10, 10.5, 11))], {"tiny_m2": 1.0}, "第 2 圈（内圈）面积只有 0.5000 平方米",
         "ring 2 (hole) has an area of only 0.5000 m²"),
        ([part((0, 0, 100, 0.4))], {"tiny_m2": 1.0, "sliver_m": 0.5},
         "第 1 圈（外圈）平均宽度只有 0.398 米，像是狭长的缝隙",
         "ring 1 (outline) is only 0.398 m wide on average and looks like a sliver"),
        ([part(LARGE), part((200, 0, 210, 10))], {"flat": [1]}, "第 2 圈没有围成面积", "ring 2 encloses no area"),
    ],
)  # fmt: skip
def test_sizes_in_words(parts: list[shapely.Polygon], more: dict[str, Any], zh: str, en: str) -> None:
    (one,) = faults_of(sizes(*parts, **more))
    assert (one.text.zh, one.text.en) == (zh, en)


@pytest.mark.parametrize(
    ("flat", "broken", "kinds"),
    [((), (), ["tiny-part"]), ((0,), (), ["collapsed-part"]), ((), (0,), []), ((0,), (0,), ["collapsed-part"])],
)
def test_what_a_broken_or_flat_ring_encloses_is_not_asked(
    flat: Sequence[int], broken: Sequence[int], kinds: list[str]
) -> None:
    found = sizes(part((0, 0, 0.5, 1)), flat=flat, broken=broken, tiny_m2=1.0)
    assert [kind for kind, _ in told(found)] == kinds


def test_a_ring_is_marked_at_its_first_vertex() -> None:
    (one,) = faults_of(sizes(part(LARGE), part((200, 5, 200.5, 6)), tiny_m2=1.0))
    (place,) = one.places
    assert (place.x - EAST, place.y - NORTH, place.ring, place.vertex) == (200.0, 5.0, 2, 1)


def test_the_drawing_is_not_changed() -> None:
    parts = [part(LARGE, (90, 0, 120, 10)), part((90, 0, 190, 100))]
    before = shapely.to_wkb(array(parts)).tolist()
    roles(*parts)
    sizes(*parts)
    assert shapely.to_wkb(array(parts)).tolist() == before
