"""The objects of a VCT file taken one by one: what is read, and what is refused with its line."""

import io
from collections.abc import Sequence

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.vct.lines import Lines
from zoning.sites.vct.objects import Objects
from zoning.sites.vct.sheet import Shape
from zoning.sites.where import Where

HERE = Where("图.vct")


def lines_of(*texts: str) -> Lines:
    return Lines(io.StringIO("\n".join(texts) + "\n"), HERE)


def shape(kind: str, *texts: str, dim: int = 2, degrees: bool = False) -> Shape:
    """Return the object whose first line is its id, on line 1."""
    lines = lines_of(*texts)
    objects = Objects(lines, dim, degrees=degrees)
    take = {"point": objects.point, "line": objects.line, "polygon": objects.polygon}[kind]
    return take(lines.take())


def refused(kind: str, *texts: str, degrees: bool = False) -> tuple[str, str]:
    return both(lambda: shape(kind, *texts, degrees=degrees), SiteError)


# --- Points ---


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (["1", "5,6"], [5, 6]),
        (["1", "1", "5,6"], [5, 6]),
        (["3", "5,6", "7,8"], [5, 6]),
        (["3", "2", "5,6", "7,8"], [5, 6]),
        (["4", "2", "5,6", "7,8"], [5, 6, 7, 8]),
    ],
)
def test_points_and_clusters(rows: Sequence[str], values: Sequence[float]) -> None:
    found = shape("point", "12", "2001", "Unknown", *rows, "0")
    assert (found.id, found.line, found.code, found.kind, found.made) == (12, 1, "2001", "point", "points")
    assert [path.tolist() for path in found.paths] == [values]


def test_an_object_ends_with_0() -> None:
    zh, en = refused("point", "12", "2001", "Unknown", "1", "5,6", "7,8")
    assert zh == "图.vct:6：点 12 应在此处以 0 结束，却是 “7,8”；请重新导出"
    assert en == "图.vct:6: the point 12 must end here with 0 but there is “7,8”; export it again"


# --- Lines ---

LINE = ("7", "2001", "Unknown")


def test_a_line_of_segments_that_join() -> None:
    found = shape("line", *LINE, "1", "2", "11", "2", "0,0", "5,0", "1", "2", "5.0009,0", "9,0", "0")
    assert [path.tolist() for path in found.paths] == [[0, 0, 5, 0, 9, 0]]
    assert (found.kind, found.made, found.curves) == ("line", "points", 0)


def test_segments_that_do_not_join_are_refused() -> None:
    zh, en = refused("line", *LINE, "1", "2", "11", "2", "0,0", "5,0", "11", "2", "5.002,0", "9,0", "0")
    assert zh == "图.vct:13：线 7 的线段没有首尾相接；请重新导出"
    assert en == "图.vct:13: the segments of the line 7 do not join; export it again"


@pytest.mark.parametrize("kind", ["12", "2"])
@pytest.mark.parametrize("stated", [[], ["3"]])
def test_an_arc_becomes_a_line(kind: str, stated: Sequence[str]) -> None:
    found = shape("line", *LINE, "1", "1", kind, *stated, "0,0", "5,5", "10,0", "0")
    (path,) = found.paths
    assert (path[:2].tolist(), path[-2:].tolist(), found.curves) == ([0, 0], [10, 0], 1)
    assert max(path[1::2]) == pytest.approx(5, abs=1e-4)


def test_the_number_of_points_of_an_arc_is_three() -> None:
    zh, en = refused("line", *LINE, "1", "1", "12", "4", "0,0", "5,5", "10,0", "0")
    assert (zh, en) == (
        "图.vct:7：点数是 4，应为 3；请改正",
        "图.vct:7: the number of points is 4 but must be 3; correct it",
    )


def test_curves_in_degrees_are_refused() -> None:
    zh, en = refused("line", *LINE, "1", "1", "12", "0,0", "5,5", "10,0", "0", degrees=True)
    assert zh == "图.vct:9：三点圆弧的坐标是经纬度，画出的不是圆；请在原软件中转为折线后导出"
    assert en.endswith("the arc by three points is given in degrees where it is no circle; turn it into lines in the "
                       "program it comes from")  # fmt: skip


def test_three_points_in_a_line_are_no_circle() -> None:
    zh, en = refused("line", *LINE, "1", "1", "3", "0,0", "5,0", "10,0", "0")
    assert zh == "图.vct:9：三点圆的三个点重合或在一条直线上，定不出圆；请改正"
    assert en.startswith("图.vct:9: the three points of the circle through three points coincide or lie in a line")


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        (4, "四点椭圆", "ellipse by four points"), (5, "光滑曲线", "smooth curve"), (6, "样条曲线", "spline"),
        (13, "圆心弧", "arc by centre and angles"), (14, "椭圆弧", "elliptical arc"),
        (15, "三次样条曲线", "cubic spline"), (16, "B 样条曲线", "B-spline"), (17, "贝塞尔曲线", "Bézier curve"),
        (99, "未知", "unknown"),
    ],
)  # fmt: skip
def test_other_segments_are_refused_by_name(kind: int, zh: str, en: str) -> None:
    found = refused("line", *LINE, "1", "1", str(kind))
    assert found == (
        f"图.vct:6：线段类型 {kind}（{zh}）不能读取；请在原软件中转为折线后导出",
        f"图.vct:6: the type of the segment {kind} ({en}) is not read; turn it into lines in the program it comes from",
    )


@pytest.mark.parametrize(("kind", "zh"), [("line", "线"), ("polygon", "面")])
def test_other_types_of_objects_are_refused(kind: str, zh: str) -> None:
    assert refused(kind, *LINE, "2") == (
        f"图.vct:4：{zh}的特征类型是 2，应为 1、100 之一；请重新导出",
        f"图.vct:4: the type of a {kind} is 2, it must be one of 1, 100; export it again",
    )


# --- References ---


@pytest.mark.parametrize(
    ("rows", "refs"),
    [
        (["2", "1,-2"], [1, -2]),
        (["2", "1,-2,"], [1, -2]),
        (["2", "1", "-2"], [1, -2]),
        (["3", "1,0,2"], [1, 0, 2]),
        (["2", "1,0,2"], [1, 0, 2]),
        (["8", "1,2,3,4,5,6,7,8"], [1, 2, 3, 4, 5, 6, 7, 8]),
        (["9", "1,2,3,4,5,6,7,8", "-9"], [1, 2, 3, 4, 5, 6, 7, 8, -9]),
        (["10", "1,2,3,4,5,6,7,8", "0", "9"], [1, 2, 3, 4, 5, 6, 7, 8, 0, 9]),
        (["0"], []),
    ],
)
def test_ids_eight_in_a_row(rows: Sequence[str], refs: Sequence[int]) -> None:
    found = shape("line", *LINE, "100", *rows, "0")
    assert (found.made, found.refs.tolist()) == ("lines", refs)


@pytest.mark.parametrize(
    ("rows", "stated", "count"), [(["3", "1,2"], 3, 2), (["1", "1,2"], 1, 2), (["4", "1,0,2"], 4, 3)]
)
def test_as_many_ids_follow_as_are_stated(rows: Sequence[str], stated: int, count: int) -> None:
    zh, en = refused("line", *LINE, "100", *rows, "0")
    assert zh.endswith(f"写明有 {stated} 个对象标识号，实有 {count} 个；请重新导出")
    assert en.endswith(f"{stated} ids are stated, {count} follow; export it again")


# --- Polygons ---


@pytest.mark.parametrize(("kind", "made"), [("21", "lines"), ("22", "polygons")])
def test_a_polygon_by_reference(kind: str, made: str) -> None:
    found = shape("polygon", *LINE, "100", "3,4", kind, "2", "1,-2", "0")
    assert (found.kind, found.made, found.refs.tolist(), found.paths) == ("polygon", made, [1, -2], ())


def test_other_compositions_are_refused() -> None:
    assert refused("polygon", *LINE, "100", "3,4", "23", "2", "1,-2", "0") == (
        "图.vct:6：间接坐标面的构成类型是 23，应为 21、22 之一；请重新导出",
        "图.vct:6: the kind of composition is 23, it must be one of 21, 22; export it again",
    )


def test_a_polygon_with_rings_of_its_own() -> None:
    rows = ["11", "3", "0,0", "5,0", "0,5"]
    found = shape("polygon", *LINE, "1", "3,4", "2", *rows, "12", "0,0", "5,5", "10,0", "0")
    assert (found.made, found.curves, len(found.paths)) == ("points", 1, 2)
    assert found.paths[0].tolist() == [0, 0, 5, 0, 0, 5]
    assert found.paths[1][:2].tolist() == found.paths[1][-2:].tolist() == [0, 0]


def test_a_circle_by_centre_and_radius() -> None:
    found = shape("polygon", *LINE, "1", "3,4", "1", "13", "10,20,7", "5", "0", dim=3)
    (path,) = found.paths
    assert path[:3].tolist() == path[-3:].tolist() == [15, 20, 0]
    assert set(path[2::3]) == {0.0}
    assert all((x - 10) ** 2 + (y - 20) ** 2 == pytest.approx(25) for x, y in zip(path[::3], path[1::3], strict=True))


@pytest.mark.parametrize("radius", ["0", "-5"])
def test_a_radius_is_positive(radius: str) -> None:
    assert refused("polygon", *LINE, "1", "3,4", "1", "13", "10,20", radius, "0") == (
        f"图.vct:9：半径 {radius} 不是正数；请改正",
        f"图.vct:9: the radius {radius} is not positive; correct it",
    )


@pytest.mark.parametrize(("kind", "zh", "en"), [(14, "椭圆", "ellipse"), (15, "未知", "unknown")])
def test_other_rings_are_refused_by_name(kind: int, zh: str, en: str) -> None:
    found_zh, found_en = refused("polygon", *LINE, "1", "3,4", "1", str(kind))
    assert found_zh.startswith(f"图.vct:7：圈的类型 {kind}（{zh}）不能读取")
    assert found_en.startswith(f"图.vct:7: the type of the ring {kind} ({en}) is not read")
