"""What stands between the points of a table, panels side by side, and further columns."""

import pytest

from table_grids import FIVE, HEAD, OPTIONS, E, N, grid
from table_grids import points_of as points
from table_grids import read_points as read
from table_grids import table_refused as refused
from zoning.sites.tables.grid import Break
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.table import read_table

# --- What stands between the points ---


@pytest.mark.parametrize(("line", "text"), [("", ""), (",,", ""), ("二号地块", "二号地块"), ("内环,,甲", "内环 甲")])
def test_what_stands_between_points_is_a_break(line: str, text: str) -> None:
    track = read(HEAD, *FIVE[:3], line, *FIVE[3:])
    assert track.breaks == [Break(3, 5, text)]
    assert len(track) == 5


def test_what_stands_before_the_first_point_is_no_break() -> None:
    assert read(HEAD, "", "一号地块", *FIVE).breaks == []


def test_a_text_between_points_is_a_statement() -> None:
    track = read(HEAD, *FIVE[:3], "西安80", *FIVE[3:])
    assert track.statements.lines[-1] == (5, "西安80")


@pytest.mark.parametrize("line", ["总面积,2.35,公顷", "合计,5,", "制图：张三,2024,", "备注,,37618082.987"])
def test_a_remark_is_no_point(line: str) -> None:
    assert len(read(HEAD, *FIVE, line)) == 5


def test_a_remark_with_both_coordinates_is_a_point() -> None:
    track = read(HEAD, *FIVE[:4], f"注1,{N[4]},{E[4]}")
    assert track.labels[-1] == "注1"


def test_coordinates_outside_their_columns_are_refused() -> None:
    zh, en = refused(f"{HEAD},备注", *FIVE[:4], f"J5,,,{N[4]} {E[4]}")
    shown = f"J5 {N[4]} {E[4]}"[:30]
    assert zh == f"a.csv:6：“{shown}” 里有坐标，却不在坐标列；请移到坐标列，或删去"
    assert en == f"a.csv:6: “{shown}” holds coordinates outside their columns; move them there, or remove them"


def test_coordinates_outside_their_columns_in_front_of_all_points() -> None:
    zh, _ = refused(f"{HEAD},备注", f"J1,,,{N[4]} {E[4]}", *FIVE[1:])
    assert zh.startswith("a.csv:2：")


def test_where_no_column_holds_a_point_it_is_no_table() -> None:
    assert read_table(grid(f"{HEAD},备注", f"J1,,,{N[0]} {E[0]}", f"J2,,,{N[1]} {E[1]}"), OPTIONS) is None


@pytest.mark.parametrize(
    "text", [f"中心点坐标 {N[4]} {E[4]}", "东经112.1°至112.2° 北纬35.4°", "范围 E112.10°~112.20° N35.40°~35.45°"]
)
def test_a_centre_or_a_range_is_no_stray_point(text: str) -> None:
    assert len(read(HEAD, *FIVE, text)) == 5


@pytest.mark.parametrize("gap", ["J3,,", "J3"])
def test_a_number_without_coordinates_between_others_is_a_lost_point(gap: str) -> None:
    zh, en = refused(HEAD, *FIVE[:2], gap, *FIVE[3:])
    assert zh == "a.csv:4：第 2 列没有填写坐标，缺点 J3；请补全，或删去这个点号"
    assert en == "a.csv:4: column 2 holds no coordinate, point J3 is missing; add it, or remove the number of the point"


@pytest.mark.parametrize(
    "lines",
    [
        (*FIVE[:3], "J4,,", "J5,,"),  # at the end of a form
        (*FIVE[:3], "J4,,", f"J1,{N[0]},{E[0]}"),  # closed behind it
        (*FIVE[:3], "J7,,", *FIVE[3:]),  # not the next number
        (*FIVE[:3], "K4,,", *FIVE[3:]),  # of another series
    ],
)
def test_a_number_without_coordinates_that_means_nothing(lines: tuple[str, ...]) -> None:
    assert len(read(HEAD, *lines)) == sum(len(line.split(",")[1]) > 0 for line in lines)


# --- Panels side by side ---

DOUBLE = "点号,X,Y,点号,X,Y"


def side_by_side(*pairs: tuple[int, int | None]) -> list[str]:
    def one(number: int | None) -> str:
        return ",," if number is None else f"{number},{N[number - 1]},{E[number - 1]}"

    return [f"{one(left)},{one(right)}" for left, right in pairs]


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 4), (2, 5), (3, 6)],
        [(1, 2), (3, 4), (5, 6)],
    ],
)
def test_panels_are_read_as_their_numbers_run(rows: list[tuple[int, int | None]]) -> None:
    track = read(DOUBLE, *side_by_side(*rows))
    assert track.labels == ["1", "2", "3", "4", "5", "6"]
    assert points(track) == [(float(n), float(e)) for n, e in zip(N, E, strict=True)]


def test_the_last_row_of_a_panel_may_be_empty() -> None:
    assert read(DOUBLE, *side_by_side((1, 4), (2, 5), (3, None))).labels == ["1", "2", "3", "4", "5"]
    assert read(DOUBLE, *side_by_side((1, 2), (3, None))).labels == ["1", "2", "3"]


def test_an_empty_panel_is_none() -> None:
    assert read(DOUBLE, *side_by_side((1, None), (2, None), (3, None))).labels == ["1", "2", "3"]


def test_a_second_panel_may_begin_anew() -> None:
    lines = [f"{i + 1},{N[i]},{E[i]},{i + 1},{N[i + 3]},{E[i + 3]}" for i in range(3)]
    assert read(DOUBLE, *lines).labels == ["1", "2", "3", "1", "2", "3"]


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 3), (4, 2)],
        [(1, 5), (2, 6)],
        [(2, 1), (4, 3)],
        [(1, 6)],
    ],
)
def test_panels_whose_numbers_run_neither_way_are_refused(rows: list[tuple[int, int | None]]) -> None:
    zh, en = refused(DOUBLE, *side_by_side(*rows))
    assert zh == "a.csv:2：表格左右并列，点号既不是从上到下、也不是从左到右连续，分不清点的次序；请改成一列"
    assert en == (
        "a.csv:2: the table has panels side by side whose point numbers run neither down nor across, so the order of "
        "the points is unknown; put them into one column"
    )


def test_every_block_of_panels_is_ordered_by_itself() -> None:
    track = read(DOUBLE, *side_by_side((1, 3), (2, 4)), "", *side_by_side((5, 6)))
    assert (track.labels, track.breaks) == (["1", "2", "3", "4", "5", "6"], [Break(4, 4)])


# --- Further columns ---


def test_further_columns_stand_beside_every_point() -> None:
    track = read("地块,点号,X,Y,面积(公顷)", f"甲,{FIVE[0]},1.5", f",{FIVE[1]},", f"乙,{FIVE[2]},2")
    assert track.fields == {Role.PARCEL: ["甲", "", "乙"], Role.AREA: ["1.5", "", "2"]}
    assert track.headings[Role.AREA].factor == 10_000


def test_a_column_that_begins_later_is_empty_before() -> None:
    track = read(HEAD, *FIVE[:2], f"{HEAD},圈号", f"{FIVE[2]},2", f"{FIVE[3]},2")
    assert track.fields == {Role.RING: ["", "", "2", "2"]}


def test_a_column_that_ends_earlier_is_empty_behind() -> None:
    track = read(f"{HEAD},圈号", f"{FIVE[0]},1", f"{FIVE[1]},1", HEAD, *FIVE[2:4])
    assert track.fields == {Role.RING: ["1", "1", "", ""]}


def test_control_signs_of_a_file_do_not_reach_a_sentence() -> None:
    track = read(f"地块,{HEAD}", f"甲\x1b[31m,J\x071,{N[0]},{E[0]}")
    assert (track.labels, track.fields[Role.PARCEL]) == (["J 1"], ["甲 [31m"])


def test_a_column_of_the_system_is_a_statement_once_for_all_rows() -> None:
    track = read(f"{HEAD},坐标系", *[f"{line},CGCS2000" for line in FIVE])
    assert [text for _, text in track.statements.lines] == ["点号xy坐标系", "坐标系:cgcs2000"]
    assert track.statements.lines[-1][0] == 2


def test_another_system_in_a_later_row_is_another_statement() -> None:
    track = read(f"{HEAD},坐标系", f"{FIVE[0]},CGCS2000", f"{FIVE[1]},", f"{FIVE[2]},WGS84")
    assert track.statements.lines[1:] == [(2, "坐标系:cgcs2000"), (4, "坐标系:wgs84")]


def test_coordinates_in_unknown_columns_are_said() -> None:
    (warning,) = read(f"{HEAD},甲,乙,丙", *[f"{line},{N[0]},x,618000.5" for line in FIVE]).warnings
    assert warning.zh == "a.csv:2：还有看来是坐标的列没有读取（第 4 列、第 6 列）；请核对"
    assert warning.en.startswith("a.csv:2: there are further columns that look like coordinates and were not read")


@pytest.mark.parametrize("cell", ["", "5", "112.3", "甲", "99999"])
def test_other_numbers_in_unknown_columns_are_not_said(cell: str) -> None:
    assert read(f"{HEAD},甲", *[f"{line},{cell}" for line in FIVE]).warnings == []
