"""Polygons of a VCT file put together from their lines: joined by the ends, turned round, or refused with the gap."""

from array import array
from collections.abc import Sequence

import pytest
import shapely

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.drawing import Drawing
from zoning.sites.limits import Limits, Options
from zoning.sites.vct.compose import Composed, Composer
from zoning.sites.vct.head import Head
from zoning.sites.vct.sheet import Shape, Sheet
from zoning.sites.where import Where

HERE = Where("图.vct")
Points = Sequence[tuple[float, ...]]
# A square of 100 m, its sides from corner to corner, anticlockwise from the south-west.
A, B, C, D = (0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)
SIDES = {1: (A, B), 2: (B, C), 3: (C, D), 4: (D, A)}


def flat(points: Points) -> "array[float]":
    return array("d", [number for point in points for number in point])


def line(key: int, *paths: Points, at: int = 0, curves: int = 0) -> Shape:
    return Shape(key, at or key, "2999", "line", paths=tuple(flat(path) for path in paths), curves=curves)


def of_lines(key: int, *refs: int, kind: str = "polygon", at: int = 90) -> Shape:
    assert kind in ("polygon", "line")
    return Shape(key, at, "2001", "polygon" if kind == "polygon" else "line", "lines", refs=array("q", refs))


def of_polygons(key: int, *refs: int, at: int = 95) -> Shape:
    return Shape(key, at, "2001", "polygon", "polygons", refs=array("q", refs))


def direct(key: int, *rings: Points, at: int = 80, curves: int = 0) -> Shape:
    return Shape(key, at, "2001", "polygon", paths=tuple(flat(ring) for ring in rings), curves=curves)


def sides(**others: Points) -> list[Shape]:
    """Return the four sides of the square, some of them otherwise: `s2=...` replaces the second."""
    return [line(key, others.get(f"s{key}", points)) for key, points in SIDES.items()]


def composer(
    lines: Sequence[Shape] = (),
    polygons: Sequence[Shape] = (),
    *,
    kind: str = "P",
    dim: int = 2,
    north_first: bool = False,
    limits: Limits | None = None,
) -> Composer:
    head = Head(HERE, {"coordinatesystemtype": (kind, 2)}, ",", dim, north_first=north_first)
    sheet = Sheet(head, lines=list(lines), polygons=list(polygons))
    return Composer(sheet, HERE, Options(limits=limits or Limits()))


def composed(shape: Shape, lines: Sequence[Shape] = (), polygons: Sequence[Shape] = ()) -> Composed:
    return composer(lines, polygons).compose(shape)


def refused(shape: Shape, lines: Sequence[Shape] = (), polygons: Sequence[Shape] = ()) -> tuple[str, str]:
    return both(lambda: composed(shape, lines, polygons), SiteError)


def rings(made: Composed) -> list[list[list[list[float]]]]:
    return [[ring.tolist() for ring in drawing.rings] for drawing in made.drawings]


def area(drawings: Sequence[Drawing]) -> float:
    return sum(shapely.Polygon(one.rings[0], one.rings[1:]).area for one in drawings)


SQUARE = [[*map(list, (A, B, C, D, A))]]

# --- one ring of lines ---


def test_lines_in_their_direction_are_one_ring_with_every_node_once() -> None:
    made = composed(of_lines(7, 1, 2, 3, 4), sides())
    assert rings(made) == [SQUARE]
    assert (made.warnings, made.curves) == ((), 0)
    assert [drawing.kind for drawing in made.drawings] == ["polygon"]


def test_a_minus_takes_a_line_backwards() -> None:
    made = composed(of_lines(7, 1, -2, 3, 4), sides(s2=(C, B)))
    assert rings(made) == [SQUARE]
    assert made.warnings == ()


def test_all_minus_and_in_reverse_is_the_ring_the_other_way_round() -> None:
    made = composed(of_lines(7, -4, -3, -2, -1), sides())
    assert rings(made) == [[[*map(list, (A, D, C, B, A))]]]


def test_a_line_that_is_closed_is_a_ring_of_its_own() -> None:
    made = composed(of_lines(7, 5), [line(5, (A, B, C, A))])
    assert rings(made) == [[[*map(list, (A, B, C, A))]]]


@pytest.mark.parametrize(
    ("refs", "turned"),
    [
        ((1, -2, 3, 4), 2),
        ((1, 2, -3, 4), 3),
        ((1, 2, 3, -4), 4),
        ((1, -2, -3, 4), 2),
    ],
)
def test_where_the_sign_is_wrong_the_ends_decide_and_it_is_told(refs: tuple[int, ...], turned: int) -> None:
    made = composed(of_lines(7, *refs), sides())
    assert rings(made) == [SQUARE]
    assert [text.zh for text in made.warnings] == [
        f"图.vct:90：面 7 中线 {turned} 的正负号与首尾相接的方向不符，已按首尾相接的方向连接"
    ]
    assert [text.en for text in made.warnings] == [
        f"图.vct:90: in the polygon 7 the sign of the line {turned} contradicts the ends of the lines, which decided"
    ]


@pytest.mark.parametrize(("refs", "turned"), [((-1, 2, 3, 4), 2), ((-1, -2, 3, 4), 2)])
def test_the_first_line_is_turned_when_only_its_other_end_fits(refs: tuple[int, ...], turned: int) -> None:
    made = composed(of_lines(7, *refs), sides())
    assert rings(made) == [SQUARE]
    assert f"线 {turned} 的" in made.warnings[0].zh


def test_two_lines_between_the_same_ends_enclose() -> None:
    made = composed(of_lines(7, 5, 6), [line(5, (A, B, C)), line(6, (C, D, A))])
    assert rings(made) == [SQUARE]


# --- the gap ---


@pytest.mark.parametrize("gap", [0.0, 0.0005, 0.001])
def test_ends_within_a_millimetre_are_one(gap: float) -> None:
    made = composed(of_lines(7, 1, 2, 3, 4), sides(s1=(A, (100.0, gap))))
    assert area(made.drawings) == pytest.approx(10_000, abs=0.2)
    assert len(made.drawings[0].rings[0]) == 5


@pytest.mark.parametrize(
    ("ends", "said"),
    [((100.0, -0.002), "0.002"), ((100.002, 0.0), "0.002"), ((97.0, -4.0), "5.000")],
)
def test_ends_farther_apart_enclose_nothing(ends: tuple[float, float], said: str) -> None:
    zh, en = refused(of_lines(7, 1, 2, 3, 4), sides(s1=(A, ends)))
    assert zh == (f"图.vct:90：面 7 的边界线没有首尾相接：线 1 与线 2 之间相差 {said} 米，围不成面；请重新导出")
    assert en == (
        f"图.vct:90: the polygon 7 has lines that do not join: {said} m lie between the lines 1 and 2, they enclose "
        "nothing; export it again"
    )


def test_a_missing_side_is_the_gap_between_the_last_and_the_first() -> None:
    zh, _ = refused(of_lines(7, 1, -2, 3), sides(s2=(C, B)))
    assert "线 3 与线 1 之间相差 100.000 米" in zh


def test_in_degrees_ends_meet_within_the_eighth_digit() -> None:
    points = [(112.0, 35.0), (112.001, 35.0), (112.001, 35.001)]
    near = [line(1, [points[0], (112.001, 35.000000009)]), line(2, points[1:]), line(3, [points[2], points[0]])]
    far = [line(1, [points[0], (112.001, 35.00000002)]), *near[1:]]
    shape = of_lines(7, 1, 2, 3)
    assert len(composer(near, kind="D").compose(shape).drawings) == 1
    zh, en = both(lambda: composer(far, kind="D").compose(shape), SiteError)
    assert "相差 0.00000002 度" in zh
    assert "0.00000002° lie between" in en


# --- several rings ---

HOLE = ((40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0), (40.0, 40.0))
BESIDE = ((200.0, 0.0), (250.0, 0.0), (250.0, 50.0), (200.0, 50.0), (200.0, 0.0))


@pytest.mark.parametrize("refs", [(1, 2, 3, 4, 0, 5), (1, 2, 3, 4, 5), (0, 5, 0, 0, 1, 2, 3, 4, 0)])
def test_a_ring_inside_another_is_its_hole_in_any_order(refs: tuple[int, ...]) -> None:
    made = composed(of_lines(7, *refs), [*sides(), line(5, HOLE)])
    assert [len(drawing.rings) for drawing in made.drawings] == [2]
    assert area(made.drawings) == 10_000 - 400


def test_rings_beside_each_other_are_several_parts() -> None:
    made = composed(of_lines(7, 1, 2, 3, 4, 0, 5), [*sides(), line(5, BESIDE)])
    assert [len(drawing.rings) for drawing in made.drawings] == [1, 1]
    assert area(made.drawings) == 10_000 + 2_500


def test_rings_with_coordinates_of_their_own_are_grouped_too() -> None:
    made = composed(direct(7, HOLE, (A, B, C, D, A), curves=3))
    assert area(made.drawings) == 10_000 - 400
    assert made.curves == 3


def test_a_ring_that_stands_twice_is_refused() -> None:
    assert refused(direct(7, (A, B, C, D, A), (A, B, C, D, A))) == (
        "图.vct:80：面 7 的第 1 环与第 2 环重复；请删去一个",
        "图.vct:80: the polygon 7 has the same ring twice (1, 2); remove one",
    )


def test_rings_that_cross_are_refused() -> None:
    across = ((50.0, 50.0), (150.0, 50.0), (150.0, 150.0), (50.0, 150.0), (50.0, 50.0))
    assert refused(direct(7, (A, B, C, D, A), BESIDE, across)) == (
        "图.vct:80：面 7 的第 1 环与第 3 环相交，分不清内外；请改正",
        "图.vct:80: the polygon 7 has rings that cross (1 and 3), so neither is a hole of the other; correct them",
    )


# --- what is not there, or there twice ---


def test_a_line_that_is_missing() -> None:
    assert refused(of_lines(7, 1, -9), sides()) == (
        "图.vct:90：面 7 引用的线 9 不在文件中；请导出完整的文件",
        "图.vct:90: the polygon 7 refers to the line 9, which is not in the file; export the whole file",
    )


def test_a_line_id_that_stands_three_times() -> None:
    again = [line(1, SIDES[1], at=31), line(1, SIDES[1], at=32)]
    assert refused(of_lines(7, 1), [*sides(), *again]) == (
        "图.vct:90：面 7 引用的线 1 标识码重复（第 1 行和第 31 行）；请重新导出",
        "图.vct:90: the polygon 7 refers to the line 1, an id that stands 3 times (lines 1 and 31); export it again",
    )


def test_an_id_that_stands_twice_harms_only_those_who_refer_to_it() -> None:
    made = composed(of_lines(7, 1, 2, 3, 4), [*sides(), line(5, HOLE), line(5, BESIDE)])
    assert rings(made) == [SQUARE]


def test_a_line_without_points() -> None:
    assert refused(of_lines(7, 1, 5), [*sides(), line(5, ())]) == (
        "图.vct:90：面 7 引用的线 5 没有点；请重新导出",
        "图.vct:90: the polygon 7 refers to the line 5 without points; export it again",
    )


# --- polygons of polygons ---


def test_a_polygon_of_polygons_has_all_their_parts() -> None:
    known = [direct(1, (A, B, C, D, A)), direct(2, BESIDE)]
    made = composed(of_polygons(9, 1, 0, 2), polygons=known)
    assert area(made.drawings) == 12_500


def test_the_minus_of_a_polygon_is_not_guessed() -> None:
    assert refused(of_polygons(9, -1), polygons=[direct(1, (A, B, C, D, A))]) == (
        "图.vct:95：面 9 由面组成，其中面 -1 带负号，含义不明；请导出为由线组成的面",
        (
            "图.vct:95: the polygon 9 is made of polygons, the minus of -1 has no known meaning; export it as "
            "made of lines"
        ),
    )


def test_a_polygon_that_is_missing() -> None:
    assert refused(of_polygons(9, 3)) == (
        "图.vct:95：面 9 引用的面 3 不在文件中；请导出完整的文件",
        "图.vct:95: the polygon 9 refers to the polygon 3, which is not in the file; export the whole file",
    )


@pytest.mark.parametrize(("deep", "fits"), [(2, True), (3, False)])
def test_polygons_refer_to_each_other_as_deep_as_is_allowed(deep: int, *, fits: bool) -> None:
    known = [direct(1, (A, B, C, D, A)), *(of_polygons(key, key - 1, at=key) for key in range(2, deep + 2))]
    made = composer(polygons=known, limits=Limits(nesting=2))
    if fits:
        assert area(made.compose(known[-1]).drawings) == 10_000
        return
    assert both(lambda: made.compose(known[-1]), SiteError) == (
        "图.vct:2：面 2 层层引用超过 2 层，可能循环引用；请重新导出",
        "图.vct:2: the polygon 2 refers to others more than 2 deep, perhaps in a circle; export it again",
    )


def test_polygons_in_a_circle_come_to_an_end() -> None:
    zh, _ = refused(of_polygons(9, 9), polygons=[of_polygons(9, 9)])
    assert "可能循环引用" in zh


# --- lines of lines, points, axes ---


def test_a_line_of_lines_is_one_path_and_a_zero_begins_another() -> None:
    shape = of_lines(8, 1, 2, 0, 5, kind="line")
    made = composed(shape, [*sides(), line(5, BESIDE[:2])])
    assert [drawing.kind for drawing in made.drawings] == ["line", "line"]
    assert rings(made) == [[[*map(list, (A, B, C))]], [[*map(list, BESIDE[:2])]]]


def test_the_gap_in_a_line_names_the_line() -> None:
    zh, en = refused(of_lines(8, 1, 3, kind="line"), sides())
    assert zh.startswith("图.vct:90：线 8 的边界线没有首尾相接：线 3 与线 3 之间相差 100.000 米")
    assert en.startswith("图.vct:90: the line 8 has lines that do not join")


def test_lines_in_a_circle_come_to_an_end() -> None:
    shape = of_lines(8, 8, kind="line")
    zh, en = refused(shape, [shape])
    assert "线 8 层层引用超过 32 层" in zh
    assert "the line 8 refers to others more than 32 deep" in en


def test_a_polygon_of_a_line_of_lines() -> None:
    chain = of_lines(8, 1, 2, 3, kind="line", at=70)
    made = composed(of_lines(7, 8, 4), [*sides(), chain])
    assert rings(made) == [SQUARE]


def test_a_line_of_lines_taken_backwards_has_its_parts_in_reverse() -> None:
    chain = of_lines(8, 1, 2, 3, kind="line", at=70)
    made = composed(of_lines(7, -4, -8), [*sides(), chain])
    assert rings(made) == [[[*map(list, (A, D, C, B, A))]]]
    assert made.warnings == ()


def test_arcs_of_the_lines_are_added_up() -> None:
    lines = [line(key, points, curves=key) for key, points in SIDES.items()]
    assert composed(of_lines(7, 1, 2, 3, 4), lines).curves == 1 + 2 + 3 + 4


def test_every_point_of_an_object_is_a_drawing() -> None:
    shape = Shape(3, 5, "1001", "point", paths=(flat((A, B)), flat((C,))))
    made = composed(shape)
    assert [(drawing.kind, drawing.rings[0].tolist()) for drawing in made.drawings] == [
        ("point", [list(A)]),
        ("point", [list(B)]),
        ("point", [list(C)]),
    ]


def test_north_first_is_exchanged_and_the_height_stays() -> None:
    shape = Shape(3, 5, "1001", "point", paths=(array("d", [3_919_746.0, 618_082.0, 700.0]),))
    made = composer(dim=3, north_first=True).compose(shape)
    assert made.drawings[0].rings[0].tolist() == [[618_082.0, 3_919_746.0, 700.0]]
    same = composer(dim=3).compose(shape)
    assert same.drawings[0].rings[0].tolist() == [[3_919_746.0, 618_082.0, 700.0]]


def test_holes_are_exchanged_with_their_shell() -> None:
    made = composer(north_first=True).compose(direct(7, (A, (200.0, 0.0), (200.0, 100.0), D, A), HOLE))
    assert [ring.max(axis=0).tolist() for ring in made.drawings[0].rings] == [[100.0, 200.0], [60.0, 60.0]]


def test_heights_do_not_keep_ends_apart() -> None:
    lines = [line(1, [(*A, 1.0), (*B, 2.0)]), line(2, [(*B, 9.0), (*C, 3.0)]), line(3, [(*C, 3.0), (*A, 4.0)])]
    made = composer(lines, dim=3).compose(of_lines(7, 1, 2, 3))
    assert made.drawings[0].rings[0].tolist() == [[*A, 1.0], [*B, 2.0], [*C, 3.0], [*A, 1.0]]


# --- limits ---


@pytest.mark.parametrize(("most", "fits"), [(12, True), (11, False)])
def test_points_are_counted_before_they_are_put_together(most: int, *, fits: bool) -> None:
    # Four references and eight points of four lines.
    made = composer(sides(), limits=Limits(vertices=most))
    if fits:
        assert len(made.compose(of_lines(7, 1, 2, 3, 4)).drawings) == 1
        return
    _, en = both(lambda: made.compose(of_lines(7, 1, 2, 3, 4)), SiteError)
    assert en.startswith("图.vct: it holds more than the allowed 11 vertices")


def test_the_same_line_a_thousand_times_is_counted_a_thousand_times() -> None:
    made = composer([line(1, (A, B))], limits=Limits(vertices=2_999))
    with pytest.raises(SiteError, match="more than the allowed 2999 vertices"):
        made.compose(of_lines(7, *[1, -1] * 500))


def test_each_object_is_counted_for_itself() -> None:
    made = composer(sides(), limits=Limits(vertices=12))
    assert [len(made.compose(of_lines(key, 1, 2, 3, 4)).drawings) for key in (7, 8, 9)] == [1, 1, 1]


@pytest.mark.parametrize(("most", "fits"), [(2, True), (1, False)])
def test_rings_are_counted_before_they_are_grouped(most: int, *, fits: bool) -> None:
    made = composer(limits=Limits(rings=most))
    shape = direct(7, (A, B, C, D, A), BESIDE)
    if fits:
        assert len(made.compose(shape).drawings) == 2
        return
    with pytest.raises(SiteError, match="more than the allowed 1 rings"):
        made.compose(shape)
