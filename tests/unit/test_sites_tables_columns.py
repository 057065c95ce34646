"""Which columns of a table hold the coordinates: what headings announce."""

from collections.abc import Sequence

import pytest

from zoning.sites.limits import Bounds
from zoning.sites.tables.columns import (
    ColumnsError,
    Coordinate,
    Plan,
    headings_of,
    holds_coordinates,
    planned,
)
from zoning.sites.tables.grid import Row
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import Notation, heading

TERRITORY: Bounds = (112.0, 35.1, 112.95, 35.75)
N, E = "3919746.783", "37618082.987"


def plan(names: str) -> Plan:
    """Return the columns that headings between blanks announce."""
    return planned([heading(name) for name in names.split()])


def pairs(names: str) -> list[list[tuple[int, ...]]]:
    """Return the columns of the two coordinates of every system, panel by panel; one tuple where both stand in one."""
    return [[tuple(i for one in pair for i in one.columns) for pair in panel.pairs] for panel in plan(names).panels]


def refused(call_names: str) -> tuple[str, str]:
    with pytest.raises(ColumnsError) as caught:
        plan(call_names)
    return caught.value.text.zh, caught.value.text.en


# --- Headings of one row and of two ---


def row(*cells: str, number: int = 1) -> Row:
    return Row(number, list(cells))


def roles(upper: Sequence[str], lower: Sequence[str]) -> list[Role]:
    return [one.role for one in headings_of(row(*lower, number=2), row(*upper))]


def test_one_row_of_headings_cell_by_cell() -> None:
    found = headings_of(row("点号", "X坐标", "", "备注"))
    assert [one.role for one in found] == [Role.POINT, Role.PLANE, Role.NONE, Role.OTHER]


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        # The lower one counts where it is known.
        (["点号", "坐标", ""], ["", "X", "Y"], [Role.POINT, Role.PLANE, Role.PLANE]),
        # A heading over two columns stands in the first of them.
        (["点号", "2000坐标", ""], ["", "纵坐标", "横坐标"], [Role.POINT, Role.PLANE, Role.PLANE]),
        # What is written beneath belongs to the name above.
        (["界址", "经", "纬"], ["点号", "度", "度"], [Role.POINT, Role.DEGREES, Role.DEGREES]),
        # The upper one alone where nothing stands beneath, or what is not known.
        (["序号", "面积"], ["", "（附注）"], [Role.POINT, Role.AREA]),
        # A row that is shorter than the other.
        (["点号"], ["", "X", "Y"], [Role.POINT, Role.PLANE, Role.PLANE]),
        (["点号", "X", "Y"], [""], [Role.POINT, Role.PLANE, Role.PLANE]),
    ],
)
def test_headings_of_two_rows(upper: Sequence[str], lower: Sequence[str], expected: list[Role]) -> None:
    assert roles(upper, lower) == expected


def test_degrees_minutes_and_seconds_have_the_axis_of_the_heading_above() -> None:
    found = headings_of(row("", "度", "分", "秒", "度", "分", "秒"), row("点号", "经度", "", "", "纬度", "", ""))
    assert [one.role for one in found[1:]] == [Role.DEGREES, Role.MINUTES, Role.SECONDS] * 2
    assert [one.axis for one in found[1:]] == ["east"] * 3 + ["north"] * 3
    assert [one.text for one in found[1:4]] == ["经度 度", "经度 分", "经度 秒"]


def test_a_heading_above_does_not_reach_over_an_empty_column() -> None:
    found = headings_of(row("", "度", "分", "", "度"), row("点号", "经度", "", "", ""))
    assert [one.axis for one in found] == ["", "east", "east", "", ""]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("X Y", True),
        ("点号 X坐标 Y坐标", True),
        ("经度 纬度", True),
        ("X", False),
        ("经度", False),
        ("X 经度", False),
        ("点号 坐标", True),
        ("圈号 坐标", True),
        ("地块 坐标", True),
        ("名称 坐标", True),
        ("项目名称 坐标", True),
        ("坐标", False),
        ("备注 坐标", False),
        ("度 分 秒 度 分 秒", True),
        ("度 分 度 分", True),
        ("度 分 秒", False),
        ("度 分 度 秒", False),
        ("点号 备注 面积", False),
        ("", False),
    ],
)
def test_headings_of_a_table_of_points(names: str, *, expected: bool) -> None:
    assert holds_coordinates([heading(name) for name in names.split()]) is expected


# --- What headings announce ---


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("点号 X Y", [[(1, 2)]]),
        ("X Y 点号", [[(0, 1)]]),
        ("点号 Y坐标 备注 X坐标", [[(1, 3)]]),
        ("点号 经度 纬度", [[(1, 2)]]),
        ("点号 X Y 经度 纬度", [[(1, 2), (3, 4)]]),
        ("点号 经度 纬度 X Y", [[(3, 4), (1, 2)]]),
        ("点号 经度 X Y 纬度", [[(2, 3), (1, 4)]]),
        ("点号 坐标", [[(1,)]]),
        # The cell with both is a copy of the two columns.
        ("点号 经度 纬度 经纬度坐标", [[(1, 2)]]),
        ("点号 经纬度坐标 经度 纬度", [[(2, 3)]]),
        # A lone heading is no coordinate: N may mean a number.
        ("点号 N 经度 纬度", [[(2, 3)]]),
        ("点号 X 坐标", [[(2,)]]),
        ("点号 度 分 秒 度 分 秒", [[(1, 2, 3, 4, 5, 6)]]),
        ("序号 X Y 高程", [[(1, 2)]]),
    ],
)
def test_the_columns_of_one_point_in_a_row(names: str, expected: list[list[tuple[int, ...]]]) -> None:
    assert pairs(names) == expected


def test_what_is_kept_of_a_coordinate() -> None:
    (panel,) = plan("点号 北坐标(m) 东坐标(m)").panels
    assert panel.pairs == ((Coordinate((1,), "北坐标(m)", "north"), Coordinate((2,), "东坐标(m)", "east")),)
    (panel,) = plan("点号 经度(度.分.秒) 纬度(度.分.秒)").panels
    assert [one.notation for one in panel.pairs[0]] == [Notation.PACKED, Notation.PACKED]
    (panel,) = plan("点号 lon lat").panels
    assert [one.notation for one in panel.pairs[0]] == [Notation.DECIMAL, Notation.DECIMAL]
    (panel,) = plan("点号 坐标(十进制)").panels
    assert (panel.pairs[0][0].whole, panel.pairs[0][0].notation) == (True, Notation.DECIMAL)
    (panel,) = plan("点号 度 分 秒 度 分 秒").panels
    assert [one.columns for one in panel.pairs[0]] == [(1, 2, 3), (4, 5, 6)]
    assert [one.whole for one in panel.pairs[0]] == [False, False]


def test_further_columns_by_their_role() -> None:
    made = plan("点号 地块编号 地块名称 圈号 X Y 面积(公顷) 半径 直径 宽度 类型 坐标系 名称 高程 备注 甲 乙")
    assert made.panels[0].fields == {
        Role.POINT: 0,
        Role.PARCEL: 1,
        Role.NAME: 2,
        Role.RING: 3,
        Role.AREA: 6,
        Role.RADIUS: 7,
        Role.DIAMETER: 8,
        Role.WIDTH: 9,
        Role.KIND: 10,
        Role.SYSTEM: 11,
        Role.LABEL: 12,
    }
    assert made.unknown == (15, 16)
    assert made.headings[Role.AREA].factor == 10_000
    assert made.headings[Role.NAME].text == "地块名称"
    assert Role.HEIGHT not in made.headings


def test_of_two_columns_with_the_same_role_the_first_counts() -> None:
    made = plan("序号 点号 X Y 面积(亩) 面积(公顷)")
    assert (made.panels[0].fields[Role.POINT], made.panels[0].fields[Role.AREA]) == (0, 4)
    assert (made.headings[Role.POINT].text, made.headings[Role.AREA].text) == ("序号", "面积(亩)")


# --- Panels side by side ---


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("点号 X Y 点号 X Y", [[(1, 2)], [(4, 5)]]),
        ("点号 X Y 点号 X Y 点号 X Y", [[(1, 2)], [(4, 5)], [(7, 8)]]),
        ("点号 经度 纬度 点号 经度 纬度", [[(1, 2)], [(4, 5)]]),
        ("点号 坐标 点号 坐标", [[(1,)], [(3,)]]),
        ("点号 X Y 经度 纬度 点号 X Y 经度 纬度", [[(1, 2), (3, 4)], [(6, 7), (8, 9)]]),
    ],
)
def test_two_or_three_points_in_a_row(names: str, expected: list[list[tuple[int, ...]]]) -> None:
    assert pairs(names) == expected


def test_panels_have_their_own_columns_and_share_those_before_them() -> None:
    made = plan("地块 点号 X Y 圈号 点号 X Y 圈号")
    assert [panel.fields for panel in made.panels] == [
        {Role.PARCEL: 0, Role.POINT: 1, Role.RING: 4},
        {Role.PARCEL: 0, Role.POINT: 5, Role.RING: 8},
    ]


@pytest.mark.parametrize(
    ("names", "count", "listed"),
    [
        ("点号 X Y X Y", 2, "X、Y、X、Y"),
        ("X Y X Y", 2, "X、Y、X、Y"),
        ("点号 点号 X Y X Y", 2, "X、Y、X、Y"),
        ("X Y 点号 X Y 点号", 2, "X、Y、X、Y"),
        ("点号 X Y 点号 X Y 经度 纬度", 2, "X、Y、X、Y、经度、纬度"),
        ("点号 X Y X Y X Y", 3, "X、Y、X、Y、X、Y"),
        ("点号 坐标 坐标值", 2, "坐标、坐标值"),
        ("点号 X 点号 Y X Y", 2, "X、Y、X、Y"),
    ],
)
def test_sets_of_coordinates_that_nothing_tells_apart(names: str, count: int, listed: str) -> None:
    assert refused(names) == (
        f"表头有 {count} 组坐标（{listed}），分不清该用哪一组；请只保留一组",
        f"the headings announce {count} sets of coordinates ({listed}) and it is not clear which one counts; keep one",
    )


def test_three_halves_make_no_pairs() -> None:
    assert refused("点号 X Y X") == (
        "表头有 3 个坐标列（X、Y、X），配不成对；请只保留一对",
        "the headings announce 3 columns of coordinates (X, Y, X), which make no pairs; keep one pair",
    )


@pytest.mark.parametrize("names", ["点号 X 经度", "点号 面积", "点号 度 分", "点号 度 分 秒"])
def test_no_pair_of_coordinates(names: str) -> None:
    zh, en = refused(names)
    assert zh == "表头里的坐标列不成对；请写明 X坐标、Y坐标 或 经度、纬度"
    assert en == (
        "the headings announce no pair of coordinates; write 北坐标, 东坐标 (north, east) or 经度, 纬度 "
        "(longitude, latitude)"
    )
