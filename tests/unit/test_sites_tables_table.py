"""A table of points row by row: headings, points, and what is refused."""

import pytest

from both_languages import both
from table_grids import FIVE, HEAD, OPTIONS, E, N, grid
from table_grids import points_of as points
from table_grids import read_points as read
from table_grids import table_refused as refused
from zoning.errors import SiteError
from zoning.sites.tables.grid import Break, Flaw, Grid, Row
from zoning.sites.tables.table import announces_points, read_table
from zoning.sites.where import Where
from zoning.texts import Text

# --- Headings ---


def test_points_under_headings() -> None:
    track = read(HEAD, *FIVE)
    assert points(track) == [(float(n), float(e)) for n, e in zip(N[:5], E[:5], strict=True)]
    assert (track.labels, list(track.rows)) == (["J1", "J2", "J3", "J4", "J5"], [2, 3, 4, 5, 6])
    assert (track.breaks, track.warnings, track.numbers[0].names) == ([], [], ("X", "Y"))


def test_points_without_headings() -> None:
    track = read(*FIVE)
    assert (len(track), track.labels[0], next(iter(track.rows))) == (5, "J1", 1)


@pytest.mark.parametrize(
    "lines", [(), ("",), ("界址点,说明",), ("点号,X,备注", "J1,1,甲"), (HEAD,), (HEAD, "", "续表")]
)
def test_no_table_of_points(lines: tuple[str, ...]) -> None:
    assert read_table(grid(*lines), OPTIONS) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((HEAD,), True),
        (("标题", "", HEAD), True),
        (("点号,坐标,", ",X,Y"), True),
        (("点号,2000坐标,", ",纵坐标,横坐标"), True),
        (("点号,经度,,,纬度,,", ",度,分,秒,度,分,秒"), True),
        (("点号,甲,乙",), False),
        ((f"X,Y,{N[0]}",), False),  # a row with a number is none of headings
        (("",), False),
        ((), False),
    ],
)
def test_headings_of_coordinates(lines: tuple[str, ...], *, expected: bool) -> None:
    assert announces_points(grid(*lines)) is expected


def test_two_rows_of_headings_are_no_point() -> None:
    track = read("点号,2000坐标,", ",纵坐标,横坐标", *FIVE)
    assert (len(track), next(iter(track.rows)), track.numbers[0].names) == (5, 3, ("纵坐标", "横坐标"))


def test_degrees_minutes_and_seconds_in_columns_of_their_own() -> None:
    track = read("点号,经度,,,纬度,,", ",度,分,秒,度,分,秒", "J1,112,18,0,35,24,36", "J2,112,19,30,35,24,0")
    assert points(track) == [pytest.approx((112.3, 35.41)), pytest.approx((112.325, 35.4))]
    assert track.numbers[0].any_angle


def test_headings_that_say_all_need_no_second_row() -> None:
    """What stands beneath is a row of units, not of headings."""
    track = read(HEAD, ",米,米", *FIVE)
    assert (len(track), next(iter(track.rows))) == (5, 3)


@pytest.mark.parametrize("units", [",m,m", ",(米),(米)", ",米,", ",°,°", ",度分秒,度分秒", ",单位:米,单位:米"])
def test_a_row_of_units_holds_no_point(units: str) -> None:
    assert list(read(HEAD, units, *FIVE).rows) == [3, 4, 5, 6, 7]


def test_units_behind_the_first_point_are_no_coordinates() -> None:
    zh, _ = refused(HEAD, FIVE[0], ",m,m")
    assert zh == "a.csv:3：第 2 列“m” 不是坐标；请改正"


def test_what_stands_above_the_headings_is_taken_down() -> None:
    track = read("2000国家大地坐标系,3度带", "", HEAD, *FIVE)
    assert track.statements.lines[0] == (1, "2000国家大地坐标系3度带")
    assert track.statements.texts[0] == (1, "2000国家大地坐标系 3度带")
    assert track.breaks == []


def test_the_name_of_the_sheet_is_a_statement() -> None:
    made = grid(HEAD, *FIVE)
    made.title = "西安80"
    track = read_table(made, OPTIONS)
    assert track is not None
    assert (track.title, track.statements.lines[0]) == ("西安80", (0, "西安80"))


def test_warnings_of_the_grid_are_kept_and_not_shared() -> None:
    made = grid(HEAD, *FIVE)
    made.warnings = (Text("甲", "a"),)
    track = read_table(made, OPTIONS)
    assert track is not None
    track.warnings.append(Text("乙", "b"))
    assert made.warnings == (Text("甲", "a"),)


def test_coordinates_above_the_headings_are_refused() -> None:
    assert refused(*FIVE[:2], HEAD, *FIVE[2:]) == (
        "a.csv:1：这一行的坐标在表头之前；请把表头移到第一个点之前",
        "a.csv:1: the coordinates of this row stand before the headings; move the headings above the first point",
    )


def test_headings_again_go_on_with_the_same_columns() -> None:
    track = read(HEAD, *FIVE[:2], HEAD, *FIVE[2:])
    assert len(track) == 5
    assert track.breaks == [Break(2, 4)]


def test_headings_in_another_order_are_refused() -> None:
    zh, en = refused("点号,北坐标,东坐标", *FIVE[:2], "点号,东坐标,北坐标", *FIVE[2:])
    assert zh == "a.csv:4：此处的表头与前面的坐标列不同；请统一各段的列名和次序后再提交"
    assert en == (
        "a.csv:4: the headings here announce other columns than those before; use the same in all parts of the table"
    )


@pytest.mark.parametrize("unit", ["km", "公里", "毫米", "英尺"])
def test_headings_in_another_unit_are_refused(unit: str) -> None:
    assert refused(f"点号,X({unit}),Y({unit})", "J1,3919.7,618.0") == (
        f"a.csv:1：“X({unit})” 的单位是 {unit}，只读取米或度；请换算后提交",
        f"a.csv:1: the unit of “X({unit})” is {unit}, only metres and degrees are read; convert it",
    )


def test_headings_of_several_sets_are_refused_with_their_line() -> None:
    zh, en = refused("标题", "点号,X,Y,X,Y", "J1,1,2,3,4")
    assert zh.startswith("a.csv:2：表头有 2 组坐标")
    assert en.startswith("a.csv:2: the headings announce 2 sets")


def test_columns_that_nothing_tells_apart_are_refused_for_the_whole_table() -> None:
    zh, en = refused(*[f"{line},{E[5]}" for line in FIVE])
    assert zh.startswith("a.csv：没有表头，有 3 列都像坐标")
    assert en.startswith("a.csv: there are no headings and 3 columns")


# --- Cells ---


@pytest.mark.parametrize(
    ("cell", "zh", "en"),
    [
        ("甲", "“甲” 不是坐标；请改正", " “甲” is no coordinate; correct it"),
        ("12a", "“12a” 不是坐标；请改正", " “12a” is no coordinate; correct it"),
        ("?" * 31, f"“{'?' * 30}” 不是坐标；请改正", f" “{'?' * 30}” is no coordinate; correct it"),
    ],
)
def test_a_cell_that_is_no_coordinate(cell: str, zh: str, en: str) -> None:
    assert refused(HEAD, FIVE[0], f"J2,{N[1]},{cell}") == (f"a.csv:3：第 3 列{zh}", f"a.csv:3: column 3{en}")


def test_a_cell_is_called_by_its_letter_in_a_workbook() -> None:
    zh, en = refused(HEAD, FIVE[0], f"J2,{N[1]},甲", lettered=True)
    assert zh == "a.csv:3：C3 单元格“甲” 不是坐标；请改正"
    assert en == "a.csv:3: cell C3 “甲” is no coordinate; correct it"


def test_a_cell_whose_notation_is_wrong() -> None:
    zh, en = refused("点号,经度,纬度", "J1,112°18'60\",35°24'0\"")
    assert zh.startswith("a.csv:2：第 2 列：")
    assert en.startswith("a.csv:2: column 2: ")


def test_a_cell_in_another_unit_than_its_neighbour() -> None:
    zh, en = refused("点号,X,Y", f"J1,{N[0]},112.301")
    assert zh == "a.csv:2：第 3 列“112.301” 与同一点的另一个坐标不是同一种单位；请改正"
    assert en == "a.csv:2: column 3 “112.301” is in another unit than the other coordinate; correct it"


@pytest.mark.parametrize(
    ("line", "column"), [(f"J2,,{E[1]}", 2), (f"J2,{N[1]},", 3), (f"J2,{N[1]}", 3), (f",,{E[1]}", 2)]
)
def test_half_a_point_is_refused(line: str, column: int) -> None:
    assert refused(HEAD, FIVE[0], line, FIVE[2]) == (
        f"a.csv:3：第 {column} 列是空的，这个点缺坐标；请补全",
        f"a.csv:3: column {column} is empty, a coordinate of this point is missing; add it",
    )


@pytest.mark.parametrize(
    ("flaw", "start"),
    [
        ("date", "a.csv:3：第 2 列被 Excel 当成了日期（"),
        ("error", "a.csv:3：第 2 列是错误值 "),
        ("formula", "a.csv:3：第 2 列是公式，"),
    ],
)
def test_a_flawed_cell_is_no_coordinate(flaw: Flaw, start: str) -> None:
    assert refused(HEAD, *FIVE, flaws={(3, 1): flaw})[0].startswith(start)


def test_a_flaw_outside_the_coordinates_does_not_matter() -> None:
    made = grid(HEAD, *FIVE, flaws={(3, 0): "error", (1, 1): "date"})
    track = read_table(made, OPTIONS)
    assert track is not None
    assert len(track) == 5


@pytest.mark.parametrize(
    "cell",
    ["112.301 35.402", "112.301,35.402", "E112.301 N35.402", "112°18'3.6\" 35°24'7.2\"", "112 18 3.6 35 24 7.2"],
)
def test_both_coordinates_in_one_cell(cell: str) -> None:
    made = Grid(Where("a.csv"), [Row(1, ["点号", "坐标"]), Row(2, ["J1", cell])])
    track = read_table(made, OPTIONS)
    assert track is not None
    assert points(track) == [pytest.approx((112.301, 35.402))]


@pytest.mark.parametrize("cell", ["112.301", "112.301 35.402 35.403", "112.301 113.301", "甲"])
def test_a_cell_that_does_not_hold_both_coordinates(cell: str) -> None:
    made = Grid(Where("a.csv"), [Row(1, ["点号", "坐标"]), Row(2, ["J1", cell])])
    zh, _ = both(lambda: read_table(made, OPTIONS), SiteError)
    assert zh == f"a.csv:2：第 2 列“{cell}” 不是坐标；请改正"


def test_a_cell_with_both_whose_notation_is_wrong() -> None:
    made = Grid(Where("a.csv"), [Row(1, ["点号", "坐标"]), Row(2, ["J1", "112°18'60\" 35°24'0\""])])
    zh, en = both(lambda: read_table(made, OPTIONS), SiteError)
    assert zh.startswith("a.csv:2：第 2 列：")
    assert en.startswith("a.csv:2: column 2: ")


def test_two_systems_of_the_same_points() -> None:
    track = read("点号,X,Y,经度,纬度", f"J1,{N[0]},{E[0]},112.301,35.402")
    assert points(track) == [(float(N[0]), float(E[0]))]
    assert points(track, 1) == [(112.301, 35.402)]


def test_headings_say_how_degrees_are_written() -> None:
    track = read("点号,经度(度.分秒),纬度(度.分秒)", "J1,112.18036,35.24072")
    assert points(track) == [pytest.approx((112.301, 35.402))]
    assert read("点号,lon,lat", "J1,112.301,35.402").numbers[0].decimal_stated
    assert not read("点号,经度,纬度", "J1,112.301,35.402").numbers[0].decimal_stated
