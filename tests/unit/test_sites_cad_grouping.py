"""Rings of a drawing inside one another: outlines, holes, islands, copies, frames."""

import pytest

from both_languages import both
from drawn_lines import CROSSINGS, TOLERANCE, Corners, box_corners, rectangle, ring
from zoning.errors import SiteError
from zoning.sites.cad.grouping import Grouped, Parcel, Ring, group
from zoning.sites.cad.inner_lines import check_holes, lines_inside
from zoning.sites.cad.shapes import Filling
from zoning.sites.where import Where

HERE = Where("地块.dxf")


# --- Rings inside one another ---


def grouped(*rings: Ring) -> Grouped:
    return group(rings, TOLERANCE, CROSSINGS)


def named(made: Grouped) -> list[tuple[str, list[str]]]:
    return [
        (parcel.shell.outline.mark.handle, [hole.outline.mark.handle for hole in parcel.holes])
        for parcel in made.parcels
    ]


OUTER = rectangle(0, 0, 100, 100, handle="o")
INNER = rectangle(20, 20, 60, 60, handle="i")
ISLAND = rectangle(30, 30, 40, 40, handle="s")
BESIDE = rectangle(200, 0, 300, 100, handle="b")


@pytest.mark.parametrize(
    ("rings", "expected"),
    [
        ([], []),
        ([OUTER], [("o", [])]),
        ([OUTER, INNER], [("o", ["i"])]),
        ([INNER, OUTER], [("o", ["i"])]),
        ([OUTER, INNER, ISLAND], [("o", ["i"]), ("s", [])]),
        ([ISLAND, INNER, OUTER], [("s", []), ("o", ["i"])]),
        ([OUTER, BESIDE], [("o", []), ("b", [])]),
        ([BESIDE, INNER, OUTER], [("b", []), ("o", ["i"])]),
        # Two holes, one with an island that has a hole.
        ([OUTER, INNER, rectangle(70, 70, 90, 90, handle="j")], [("o", ["i", "j"])]),
        ([OUTER, INNER, ISLAND, rectangle(32, 32, 36, 36, handle="t")], [("o", ["i"]), ("s", ["t"])]),
        # Rings that overlap, or touch from outside, stand alone.
        ([OUTER, rectangle(50, 50, 150, 150, handle="x")], [("o", []), ("x", [])]),
        ([OUTER, rectangle(100, 0, 150, 100, handle="x")], [("o", []), ("x", [])]),
        # One that touches from inside is a hole.
        ([OUTER, rectangle(0, 20, 50, 60, handle="x")], [("o", ["x"])]),
    ],
)
def test_outlines_holes_and_islands(rings: list[Ring], expected: list[tuple[str, list[str]]]) -> None:
    made = grouped(*rings)
    assert (named(made), made.doubles, made.nearly_doubles) == (expected, 0, 0)


@pytest.mark.parametrize(
    "copy",
    [
        ring(box_corners(0, 0, 100, 100), handle="c"),
        ring(box_corners(0, 0, 100, 100)[::-1], handle="c"),
        ring([(100, 100), (0, 100), (0, 0), (100, 0), (100, 100)], handle="c"),
        ring([(0, 0), (50, 0), (100, 0), (100, 100), (0, 100), (0, 0)], handle="c"),
        rectangle(0.0005, 0, 100, 100, handle="c"),
    ],
)
def test_the_same_ring_twice_is_one(copy: Ring) -> None:
    made = grouped(OUTER, copy)
    assert (len(made.parcels), made.doubles, made.nearly_doubles) == (1, 1, 0)


@pytest.mark.parametrize(
    ("small", "nearly", "holes"),
    [
        (rectangle(0, 0, 100, 98.5, handle="x"), 1, []),
        (rectangle(0.2, 0.2, 99.8, 99.8, handle="x"), 1, []),
        (rectangle(0, 0, 100, 97.5, handle="x"), 0, ["x"]),
    ],
)
def test_a_ring_that_leaves_hardly_anything_is_no_hole(small: Ring, nearly: int, holes: list[str]) -> None:
    made = grouped(OUTER, small)
    assert (made.nearly_doubles, named(made)[0]) == (nearly, ("o", holes))
    assert len(made.parcels) == 1 + nearly


def test_a_ring_that_sticks_out_by_a_sliver_is_inside() -> None:
    assert named(grouped(OUTER, rectangle(-0.001, 20, 60, 60, handle="x"))) == [("o", ["x"])]
    assert named(grouped(OUTER, rectangle(-0.01, 20, 60, 60, handle="x"))) == [("o", []), ("x", [])]


# Loops of one hatch: the outer one, one inside it, one inside that.
@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (0, [("o", ["i"]), ("s", [])]),  # every second loop is a hole
        (1, [("o", ["i"])]),  # only the outer band is filled
        (2, [("o", [])]),  # holes are filled as well
    ],
)
def test_the_style_of_a_hatch_says_which_loops_are_borders(style: int, expected: list[tuple[str, list[str]]]) -> None:
    boxes = [("o", 0, 100), ("i", 20, 60), ("s", 30, 40)]
    rings = [
        rectangle(low, low, high, high, handle=name, filling=Filling(7, number, style))
        for number, (name, low, high) in enumerate(boxes)
    ]
    assert named(grouped(*rings)) == expected


def test_copies_of_a_hatch_are_judged_by_themselves() -> None:
    rings = [
        rectangle(0, 0, 100, 100, handle="o", filling=Filling(7, 0, 2, 0)),
        rectangle(20, 20, 60, 60, handle="i", filling=Filling(7, 0, 2, 1)),
    ]
    assert named(grouped(*rings)) == [("o", ["i"])]


def test_a_line_on_the_loop_of_a_hatch_belongs_to_it() -> None:
    filling = Filling(7, 1, 0)
    made = grouped(OUTER, INNER, rectangle(20, 20, 60, 60, filling=filling))
    assert made.parcels[0].holes[0].outline.filling == filling
    assert (made.doubles, named(made)) == (1, [("o", ["i"])])


# --- Lines inside lines ---


def parcel(shell: Ring, *holes: Ring) -> Parcel:
    return Parcel(shell, holes)


HATCHED = Filling(7, 0, 0)


def test_holes_of_the_same_hatch_were_drawn_as_such() -> None:
    shell = rectangle(0, 0, 100, 100, filling=HATCHED)
    own = rectangle(20, 20, 40, 40, filling=Filling(7, 1, 0))
    other = rectangle(50, 50, 60, 60, filling=Filling(8, 0, 0))
    copy = rectangle(70, 70, 80, 80, filling=Filling(7, 1, 0, 1))
    line = rectangle(90, 90, 95, 95)
    assert lines_inside(parcel(shell, own, other, copy, line)) == [other, copy, line]
    assert lines_inside(parcel(OUTER, own, line)) == [own, line]


ROUND_FRAME = ring([(0, 0), (100, 10), (100, 100), (0, 100), (0, 0)], handle="o")


@pytest.mark.parametrize(
    ("shell", "layer", "hole"),
    [
        (ROUND_FRAME, "0", rectangle(20, 20, 40, 40)),
        (OUTER, "用地红线", rectangle(20, 20, 40, 40)),
        # A common corner is no common side.
        (ROUND_FRAME, "0", ring([(0, 0), (40, 20), (20, 40), (0, 0)])),
        (ROUND_FRAME, "0", rectangle(0.003, 20, 40, 60)),
        (ROUND_FRAME, "0", rectangle(0, 20, 40, 20.09)),
    ],
)
def test_lines_that_may_be_holes(shell: Ring, layer: str, hole: Ring) -> None:
    check_holes(parcel(shell, hole), layer, 1.0, HERE)


@pytest.mark.parametrize("layer", ["0", "用地红线"])
def test_a_line_with_a_common_side_may_be_a_piece(layer: str) -> None:
    made = parcel(ROUND_FRAME, rectangle(20, 20, 40, 40), rectangle(0, 50, 40, 60, handle="x"))
    zh, en = both(lambda: check_holes(made, layer, 1.0, HERE), SiteError)
    assert zh.startswith(
        f"地块.dxf：图层 {layer} 上的闭合图形（句柄 o）内有紧贴其边线的闭合图形（句柄 x），分不清是扣除还是分块；"
    )
    assert en.startswith(
        f"地块.dxf: the closed line (handle o) on layer {layer} holds another (handle x) that shares a side with it"
    )


def test_an_upright_rectangle_around_lines_may_be_a_frame() -> None:
    zh, en = both(lambda: check_holes(parcel(OUTER, INNER), "0", 1.0, HERE), SiteError)
    assert zh.startswith(
        "地块.dxf：图层 0 上的闭合图形（句柄 o）是与坐标轴平行的矩形，像图框，其内还有 1 个闭合图形，分不清哪个是边界；"
    )
    assert en.startswith(
        "地块.dxf: the closed line (handle o) on layer 0 is a rectangle parallel to the axes, as a frame is,"
    )


@pytest.mark.parametrize(
    ("corners", "refused"),
    [
        ([(0, 0), (50, 0), (100, 0), (100, 100), (0, 100), (0, 0)], True),
        ([(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)], True),
        ([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0.00001), (0, 0)], True),
        ([(0, 0), (100, 0), (100, 100), (50, 100), (50, 90), (0, 90), (0, 0)], False),  # six corners
        ([(0, 0), (100, 0.01), (100, 100), (0, 100), (0, 0)], False),
        ([(50, 0), (100, 50), (50, 100), (0, 50), (50, 0)], False),
    ],
)
def test_what_is_an_upright_rectangle(corners: Corners, *, refused: bool) -> None:
    made = parcel(ring(corners), rectangle(40, 40, 60, 60))
    if refused:
        both(lambda: check_holes(made, "0", 1.0, HERE), SiteError)
    else:
        check_holes(made, "0", 1.0, HERE)


def test_without_lines_inside_nothing_is_asked() -> None:
    check_holes(parcel(OUTER), "0", 1.0, HERE)
    shell = rectangle(0, 0, 100, 100, filling=HATCHED)
    check_holes(parcel(shell, rectangle(0, 20, 40, 40, filling=Filling(7, 1, 0))), "0", 1.0, HERE)
