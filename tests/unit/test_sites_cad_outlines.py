"""Which lines of a drawing enclose something, closed by themselves or joined."""

from collections.abc import Sequence
from math import pi

import numpy as np
import pytest

from drawn_lines import CROSSINGS, TOLERANCE, Corners, box_corners, conic, drawn, path, rectangle, straight
from zoning.sites.cad.curve_repairs import curve_repair
from zoning.sites.cad.curves import Piece, Spline
from zoning.sites.cad.outlines import Lines, Outline, area, find_outlines, is_circle
from zoning.sites.cad.shapes import Filling, Path

SQUARE = box_corners(0, 0, 10, 10)


def found(*paths: Path) -> Lines:
    return find_outlines(paths, TOLERANCE, CROSSINGS)


def handles(chains: Sequence[Sequence[Path]]) -> list[list[str]]:
    return [[one.mark.handle for one in chain] for chain in chains]


def corners_of(outline: Outline) -> list[tuple[float, float]]:
    points = outline.ring(TOLERANCE, lambda _count: None)
    return [(round(float(x), 4), round(float(y), 4)) for x, y, _ in points]


# --- Areas ---


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        (SQUARE, 100.0),
        (SQUARE[::-1], -100.0),
        (SQUARE[:-1], 100.0),
        ([(0, 0), (4, 0), (0, 3)], 6.0),
        ([(0, 0), (4, 0)], 0.0),
        ([(0, 0), (4, 4), (4, 0), (0, 4)], 0.0),
    ],
)
def test_the_signed_area_of_a_ring(corners: Corners, expected: float) -> None:
    assert area(np.array([[x, y, 5.0] for x, y in corners])) == expected


def test_far_from_the_origin_an_area_keeps_its_digits() -> None:
    far = np.array([[x + 37_618_000.0, y + 3_919_000.0, 0.0] for x, y in box_corners(0, 0, 0.1, 0.1)])
    assert area(far) == pytest.approx(0.01, rel=1e-6)


def test_the_area_of_an_outline_with_arcs_needs_no_flattening() -> None:
    """A square with a half circle on its right side."""
    outline = Outline(
        (path(straight((0, 10), (0, 0), (10, 0)), conic(10, 5, 5, -pi / 2, pi / 2), straight((10, 10), (0, 10))),)
    )
    assert outline.size() == pytest.approx(100 + pi * 25 / 2)
    assert Outline((path(conic(0, 0, 2, 0, 2 * pi)),)).size() == pytest.approx(4 * pi)


# --- Lines that are closed ---


@pytest.mark.parametrize("closed", [True, False])
def test_a_line_that_comes_back_is_an_outline(*, closed: bool) -> None:
    lines = found(drawn(*SQUARE, closed=closed))
    assert ([corners_of(one) for one in lines.outlines], lines.open, lines.branches) == ([list(SQUARE)], [], [])
    assert lines.outlines[0].gap == 0.0


def test_a_line_closed_by_its_flag_needs_no_last_point() -> None:
    lines = found(drawn(*SQUARE[:4], closed=True))
    assert len(lines.outlines) == 1


@pytest.mark.parametrize(("gap", "closed"), [(0.0, True), (0.0009, True), (0.0011, False)])
def test_ends_within_the_tolerance_are_one(gap: float, *, closed: bool) -> None:
    lines = found(drawn(*SQUARE[:4], (0, gap)))
    assert len(lines.outlines) == closed
    assert len(lines.open) == (not closed)
    if closed:
        assert lines.outlines[0].gap == pytest.approx(gap)


@pytest.mark.parametrize(
    "corners", [[(0, 0), (10, 0), (0, 0)], [(0, 0), (10, 0), (20, 0), (0, 0)], [(0, 0), (10, 0), (10, 5e-8), (0, 0)]]
)
def test_a_line_there_and_back_encloses_nothing(corners: Corners) -> None:
    lines = found(drawn(*corners))
    assert (lines.outlines, len(lines.open)) == ([], 1)


@pytest.mark.parametrize("corners", [[(5, 5), (5, 5)], [(5, 5), (5.0005, 5), (5, 5)]])
def test_a_point_is_no_line(corners: Corners) -> None:
    lines = found(drawn(*corners))
    assert (lines.outlines, lines.open) == ([], [])


def test_a_figure_of_eight_encloses_its_lobes() -> None:
    assert len(found(drawn((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))).outlines) == 1


# --- Lines that are joined ---


def test_lines_end_to_end_are_one_outline() -> None:
    lines = found(
        drawn((0, 0), (10, 0), handle="1"),
        drawn((10, 10), (10, 0), handle="2"),
        drawn((10, 10), (0, 10), (0, 0), handle="3"),
    )
    assert handles([one.paths for one in lines.outlines]) == [["1", "2", "3"]]
    assert corners_of(lines.outlines[0]) == list(SQUARE)
    assert lines.outlines[0].mark.handle == "1"


def test_the_largest_gap_of_all_is_told() -> None:
    lines = found(
        drawn((0, 0), (10, 0.0004)),
        drawn((10, 0), (10, 10)),
        drawn((10, 10.0007), (0, 10)),
        drawn((0, 10), (0, 0.0002)),
    )
    assert lines.outlines[0].gap == pytest.approx(0.0007)


def test_the_gap_where_the_chain_closes_counts_too() -> None:
    lines = found(drawn((0, 0), (10, 0)), drawn((10, 0), (10, 10)), drawn((10, 10), (0, 0.0008)))
    assert lines.outlines[0].gap == pytest.approx(0.0008)


def test_a_chain_that_does_not_close_is_open_from_end_to_end() -> None:
    lines = found(
        drawn((10, 0), (10, 10), handle="2"), drawn((0, 0), (10, 0), handle="1"), drawn((10, 10), (5, 10), handle="3")
    )
    assert lines.outlines == []
    assert handles(lines.open) == [["1", "2", "3"]]


def test_the_order_of_the_file_is_that_of_the_outlines() -> None:
    lines = found(
        drawn((50, 0), (60, 0), handle="1"),
        drawn(*SQUARE, handle="2"),
        drawn((60, 0), (60, 10), (50, 0), handle="3"),
        drawn((90, 0), (99, 0), handle="4"),
        drawn((80, 0), (89, 5), handle="5"),
    )
    assert handles([one.paths for one in lines.outlines]) == [["1", "3"], ["2"]]
    assert handles(lines.open) == [["4"], ["5"]]


def test_where_three_lines_meet_nothing_is_joined() -> None:
    lines = found(
        drawn((0, 0), (10, 0), handle="1"),
        drawn((10, 0), (10, 10), handle="2"),
        drawn((10, 0), (20, 0), handle="3"),
        drawn((10, 10), (20, 20), handle="4"),
    )
    assert lines.outlines == []
    assert handles(lines.open) == [["1"], ["2", "4"], ["3"]]
    assert [place.tolist() for place in lines.branches] == [[10, 0]]


def test_a_chain_that_is_followed_backwards_to_such_a_place_has_the_gap_of_its_ends() -> None:
    lines = found(
        drawn((0, 0), (10, 0), handle="1"),
        drawn((10, 0.0004), (10, 10), handle="2"),
        drawn((10, 0), (20, 0), handle="3"),
        drawn((10, 10), (0, 0), handle="4"),
    )
    (outline,) = lines.outlines
    assert handles([outline.paths]) == [["2", "4", "1"]]
    assert outline.gap == pytest.approx(0.0004)


def test_a_chain_that_comes_back_to_such_a_place_is_closed_all_the_same() -> None:
    lines = found(
        drawn((0, 0), (10, 0), (10, 10), handle="1"),
        drawn((10, 10), (0, 10), (0, 0), handle="2"),
        drawn((0, 0), (-5, -5), handle="3"),
    )
    assert handles([one.paths for one in lines.outlines]) == [["1", "2"]]
    assert len(lines.branches) == 1


@pytest.mark.parametrize("again", [((0, 0), (10, 0)), ((10, 0), (0, 0)), ((10.0005, 0), (0, 0))])
def test_a_side_that_was_drawn_twice_counts_once(again: Corners) -> None:
    lines = found(drawn((0, 0), (10, 0)), drawn(*again), drawn((10, 0), (10, 10)), drawn((10, 10), (0, 0)))
    assert (len(lines.outlines), lines.open, lines.branches) == (1, [], [])


def test_two_bent_lines_between_the_same_ends_are_no_copies() -> None:
    lines = found(drawn((0, 0), (5, 5), (10, 0)), drawn((0, 0), (5, -5), (10, 0)))
    assert abs(lines.outlines[0].size()) == 50


def test_loops_of_different_hatches_are_not_joined() -> None:
    one, other = Filling(1, 0, 0), Filling(1, 1, 0)
    halves = [
        path(straight((0, 0), (10, 0), (10, 10)), filling=one),
        path(straight((10, 10), (0, 10), (0, 0)), filling=other),
    ]
    assert found(*halves).outlines == []
    joined = [Path(half.mark, half.pieces, half.closed, one) for half in halves]
    assert [outline.filling for outline in found(*joined).outlines] == [one]


# --- Circles ---


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ((conic(3, 4, 2, 0, 2 * pi),), ([3, 4], 2.0)),
        ((conic(3, 4, 2, 2 * pi, 0),), ([3, 4], 2.0)),
        ((conic(3, 4, 2, 0, pi), conic(3, 4, 2, pi, 2 * pi)), ([3, 4], 2.0)),
        ((conic(3, 4, 2, 0, pi), conic(3.0005, 4, 2, pi, 2 * pi)), ([3, 4], 2.0)),
        ((conic(3, 4, 2, 0, pi), conic(3.002, 4, 2, pi, 2 * pi)), None),
        ((conic(3, 4, 2, 0, pi),), None),
        ((conic(3, 4, 2, 0, pi), straight((1, 4), (5, 4))), None),
        ((straight(*SQUARE),), None),
    ],
)
def test_a_full_circle_or_two_halves(outline: tuple[Piece, ...], expected: tuple[list[float], float] | None) -> None:
    made = is_circle(Outline((path(*outline),)), TOLERANCE)
    assert (None if made is None else (made[0].tolist(), made[1])) == expected


# --- Curves that became lines ---


def test_straight_outlines_have_no_curves() -> None:
    assert curve_repair([rectangle(0, 0, 10, 10).outline], 1.0) == ()


def test_a_circle_and_what_its_chords_would_miss() -> None:
    halves = Outline((path(conic(0, 0, 100, 0, pi), conic(0, 0, 100, pi, 2 * pi)),))
    (repair,) = curve_repair([halves], 1.0)
    assert (repair.kind, repair.count) == ("curve-to-line", 2)
    assert repair.text.zh == f"2 段曲线转为折线（弦高不超过 0.1 mm）；若只取弦，面积会相差 {pi * 1e4:.2f} m²"
    assert repair.text.en.startswith("turned 2 curves into lines (within 0.1 mm); ")
    # Chords lie inside: two thirds of the sagitta along the whole border at most.
    assert -2 / 3 * 0.0001 * 2 * pi * 100 <= repair.area_change_m2 < 0


def test_the_direction_of_an_outline_does_not_matter() -> None:
    left = Outline((path(conic(0, 0, 100, 0, 2 * pi)),))
    right = Outline((path(conic(0, 0, 100, 2 * pi, 0)),))
    (one,), (other,) = curve_repair([left], 1.0), curve_repair([right], 1.0)
    assert one.area_change_m2 == pytest.approx(other.area_change_m2)
    assert one.text == other.text
    assert one.text.en.startswith("turned 1 curve into lines")


def test_a_round_hole_loses_what_the_outer_ring_would_gain() -> None:
    hole = Outline((path(conic(0, 0, 100, 0, 2 * pi)),))
    frame = rectangle(-200, -200, 200, 200).outline
    (of_hole,), (alone,) = curve_repair([frame, hole], 1.0), curve_repair([hole], 1.0)
    assert of_hole.area_change_m2 == pytest.approx(-alone.area_change_m2)


def test_a_drawing_in_millimetres_is_told_in_square_metres() -> None:
    (metres,) = curve_repair([Outline((path(conic(0, 0, 100, 0, 2 * pi)),))], 1.0)
    (small,) = curve_repair([Outline((path(conic(0, 0, 100_000, 0, 2 * pi)),))], 1000.0)
    assert small.area_change_m2 == pytest.approx(metres.area_change_m2)
    assert small.text == metres.text


def splined() -> Outline:
    """Return a half circle of radius 10, near enough: two Bézier curves as one spline, closed by a straight run."""
    k = 10 * 4 / 3 * (2**0.5 - 1)
    control = np.array([[10, 0], [10, k], [k, 10], [0, 10], [-k, 10], [-10, k], [-10, 0]], dtype=float)
    points = np.column_stack([control, np.zeros(7)])
    knots = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2], dtype=float)
    return Outline((path(Spline(points, knots, np.ones(7), 3), straight((-10, 0), (10, 0))),))


def test_the_area_of_an_outline_with_a_spline_is_known_roughly() -> None:
    assert splined().size() == pytest.approx(pi * 50, rel=0.03)
    assert len(find_outlines(splined().paths, TOLERANCE, CROSSINGS).outlines) == 1


def test_a_spline_and_what_its_chord_would_miss() -> None:
    (repair,) = curve_repair([splined()], 1.0)
    assert repair.count == 1
    assert repair.text.zh.startswith("1 段曲线转为折线")
    missed = float(repair.text.zh.split("相差 ")[1].removesuffix(" m²"))
    assert missed == pytest.approx(pi * 50, rel=0.002)
    # Two thirds of the tolerance along the curve at most.
    assert -2 / 3 * 0.0001 * pi * 10 <= repair.area_change_m2 < 0
