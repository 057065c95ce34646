"""The lines of a coordinate TXT: sections, entries, parcels and rows, each taken or refused with its number."""

from collections.abc import Sequence

import pytest

from both_languages import both
from zoning.errors import CRSError, SiteError, ZoningError
from zoning.mistakes import Mistake
from zoning.sites.limits import Limits
from zoning.sites.txt.lines import read_sheet
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where

HERE = Where("界址点.txt")
PARCEL = "4,1.2,D1,甲,面,,,,@"
OTHER = "4,1.2,D2,乙,面,,,,@"
SQUARE = ("J1,1,3919700,37612300", "J2,1,3919700,37612400", "J3,1,3919600,37612400", "J4,1,3919600,37612300")


def sheet_of(*lines: str, **limits: int) -> Sheet:
    return read_sheet([f"{line}\n" for line in lines], HERE, Limits(**limits))


def refused(*lines: str, kind: type[ZoningError | Mistake] = SiteError, **limits: int) -> tuple[str, str]:
    return both(lambda: sheet_of(*lines, **limits), kind)


def runs(sheet: Sheet, parcel: int = 0) -> list[tuple[int, int, int]]:
    return [(run.number, run.start, run.end) for run in sheet.parcels[parcel].runs]


# --- The whole form ---


def test_a_file_in_the_specified_form() -> None:
    sheet = sheet_of("[属性描述]", "坐标系=2000国家大地坐标系", "带号=37", "[地块坐标]", PARCEL, *SQUARE)
    assert sheet.attributes == {"坐标系": ("2000国家大地坐标系", 2), "带号": ("37", 3)}
    assert [(parcel.line, parcel.fields["地块编号"]) for parcel in sheet.parcels] == [(5, "D1")]
    assert runs(sheet) == [(1, 0, 4)]
    assert sheet.first.tolist() == [3_919_700, 3_919_700, 3_919_600, 3_919_600]
    assert sheet.second.tolist() == [37_612_300, 37_612_400, 37_612_400, 37_612_300]
    assert sheet.lines.tolist() == [6, 7, 8, 9]
    assert (sheet.loose, sheet.first_loose) == (0, 0)
    assert sheet.columns().shape == (4, 2)
    assert sheet.height_column().shape == (4, 0)


def test_an_empty_file_is_an_empty_sheet() -> None:
    assert sheet_of() == Sheet()
    assert sheet_of("", "  ", "\ufeff\x1a", "\u3000\u00a0") == Sheet()


def test_a_parcel_line_needs_no_section_before_it() -> None:
    assert runs(sheet_of(PARCEL, *SQUARE)) == [(1, 0, 4)]


def test_every_parcel_has_its_own_rows() -> None:
    sheet = sheet_of(PARCEL, *SQUARE, "", OTHER, *SQUARE[:3])
    assert [(parcel.line, parcel.fields["地块编号"]) for parcel in sheet.parcels] == [(1, "D1"), (7, "D2")]
    assert (runs(sheet, 0), runs(sheet, 1)) == ([(1, 0, 4)], [(1, 4, 7)])


def test_a_run_ends_where_the_ring_number_changes() -> None:
    rows = [f"J{i},{ring},1,2" for i, ring in enumerate((1, 1, 1, 2, 2, 1), 1)]
    assert runs(sheet_of(PARCEL, *rows)) == [(1, 0, 3), (2, 3, 5), (1, 5, 6)]


@pytest.mark.parametrize(
    ("line", "loose"),
    [
        ("J1,1,3919700.5,37612300", False),
        ("  J1 ,  1 , 3919700.5, 37612300 ", False),
        ("J1,01,+3919700.50,37612300.", False),
        ("J1，1，3919700.5，37612300", True),
        ("Ｊ１,1,3919700.5,37612300", False),
        ("J1 1 3919700.5 37612300", True),
        ("J1\t1\t3919700.5\t37612300", True),
        ("\u3000J1,1,3919700.5,37612300", False),
        ("J1,1,3919700.5,37612300,", False),
    ],
)
def test_the_ways_of_writing_one_row(line: str, *, loose: bool) -> None:
    sheet = sheet_of(PARCEL, line)
    assert (sheet.first.tolist(), sheet.second.tolist()) == ([3_919_700.5], [37_612_300.0])
    assert (runs(sheet), sheet.lines.tolist()) == ([(1, 0, 1)], [2])
    assert (sheet.loose, sheet.first_loose) == ((1, 2) if loose else (0, 0))


def test_loose_lines_are_counted_from_the_first() -> None:
    sheet = sheet_of(
        "【地块坐标】", PARCEL, "J1,1,1,2", "J2，1，1，2", "J3 1 1 2", "4，1.2，D2，乙，面，，，，＠", "J1,1,1,2"
    )
    assert (sheet.loose, sheet.first_loose) == (4, 1)


# --- Rows without a ring number, and with a height ---


def test_rows_without_ring_number_are_one_run_numbered_0() -> None:
    assert runs(sheet_of(PARCEL, "J1,3919700,37612300", "J2,,3919700,37612400")) == [(0, 0, 2)]


def test_rows_with_and_without_ring_number_do_not_mix() -> None:
    zh, en = refused(PARCEL, SQUARE[0], "J2,3919700,37612400")
    assert zh == "界址点.txt:3：此行没有圈号，前面的界址点有圈号；请统一后导出"
    assert en == ("界址点.txt:3: this row has no ring number but the rows before have one; export all in one form")


def test_another_parcel_may_go_without_ring_numbers() -> None:
    sheet = sheet_of(PARCEL, *SQUARE, OTHER, "J1,3919700,37612300")
    assert (runs(sheet, 0), runs(sheet, 1)) == ([(1, 0, 4)], [(0, 4, 5)])


def test_heights_stand_beside_their_rows() -> None:
    sheet = sheet_of(PARCEL, *SQUARE[:2], f"{SQUARE[2]},812.5", SQUARE[3], f"{SQUARE[0]},-3")
    assert sheet.height_column().tolist() == [[0.0], [0.0], [812.5], [0.0], [-3.0]]


def test_behind_the_last_height_they_are_0() -> None:
    sheet = sheet_of(PARCEL, f"{SQUARE[0]},812.5", "J2，1，3919700，37612400", *SQUARE[2:])
    assert sheet.heights.tolist() == [812.5, 0.0]
    assert sheet.height_column().tolist() == [[812.5], [0.0], [0.0], [0.0]]


# --- Names that come again ---


def names(*listed: str) -> Sheet:
    return sheet_of(PARCEL, *(f"{name},1,{i},{i}" for i, name in enumerate(listed, 1)))


@pytest.mark.parametrize(
    ("listed", "first", "second", "again", "restarts"),
    [
        (["J1", "J2", "J3", "J1"], "J1", "J2", [3], []),
        (["J1", "J2", "J3", "J4"], "J1", "J2", [], []),
        (["J1", "J2", "J3", "J1", "J1", "J2", "J3"], "J1", "J2", [3, 4], [4]),
        (["J1", "J2", "J3", "J1", "J2", "J3", "J1"], "J1", "J2", [3, 6], [3]),
        (["J1", "J2", "J3", "J2", "J1"], "J1", "J2", [4], []),
        (["J1", "J2", "J1", "J3", "J2"], "J1", "J2", [2], []),
        (["A", "A", "A", "A"], "", "", [], []),
        (["", "", "", ""], "", "", [], []),
        (["", "J2", "", "J2"], "", "J2", [], []),
        (["J1"], "J1", "", [], []),
    ],
)
def test_where_the_first_name_comes_again_and_the_second_follows(
    listed: Sequence[str], first: str, second: str, again: Sequence[int], restarts: Sequence[int]
) -> None:
    (run,) = names(*listed).parcels[0].runs
    assert (run.first_name, run.second_name) == (first, second)
    assert (run.again.tolist(), run.restarts.tolist()) == (again, restarts)


# --- Sections ---


@pytest.mark.parametrize(
    ("written", "loose"),
    [
        ("[属性描述]", False),
        ("[ 属性描述 ]", False),
        ("【属性描述】", True),
        ("［属性描述］", True),
        ("〔属性描述]", True),
    ],
)
def test_the_ways_of_writing_a_section(written: str, *, loose: bool) -> None:
    sheet = sheet_of(written, "带号=37")
    assert sheet.attributes == {"带号": ("37", 2)}
    assert sheet.loose == int(loose)


@pytest.mark.parametrize("written", ["[属性]", "[地块坐标", "[]", "[[属性描述]]", "[地块坐标]x", "【其他】"])
def test_another_section_is_refused(written: str) -> None:
    zh, en = refused("[属性描述]", written)
    assert zh == f"界址点.txt:2：不认识的段 {written}；规定格式只有 [属性描述] 和 [地块坐标]"
    assert en == (f"界址点.txt:2: the section {written} is unknown; the specified form has [属性描述] and [地块坐标]")


@pytest.mark.parametrize("section", ["项目信息", "扩展信息"])
def test_further_information_is_passed_over(section: str) -> None:
    sheet = sheet_of(f"[{section}]", "项目名称=某矿", "什么都行", "带号=40", "[地块坐标]", PARCEL, *SQUARE)
    assert sheet.attributes == {}
    assert runs(sheet) == [(1, 0, 4)]


def test_a_parcel_line_ends_further_information() -> None:
    assert runs(sheet_of("[项目信息]", "某矿,,@", PARCEL, *SQUARE)) == [(1, 0, 4)]


@pytest.mark.parametrize("row", ["J1,1,100000,37612300", "J1,1,3919700,100000"])
def test_a_point_in_further_information_is_refused(row: str) -> None:
    zh, en = refused(PARCEL, *SQUARE, "[扩展信息]", row)
    assert zh == ("界址点.txt:7：[扩展信息] 里有界址点行，此段不读取；请把它移到 [地块坐标] 的地块行之后，或删去")
    assert en == (
        "界址点.txt:7: a point row stands in [扩展信息], which is not read; move it behind its parcel line in "
        "[地块坐标], or remove it"
    )


@pytest.mark.parametrize("row", ["J1,1,99999.9,37612300", "J1,1,3919700,99999", "1,2,3,4"])
def test_small_numbers_in_further_information_are_no_point(row: str) -> None:
    assert runs(sheet_of(PARCEL, *SQUARE, "[扩展信息]", row)) == [(1, 0, 4)]


def test_rows_need_a_parcel_line() -> None:
    zh, en = refused("[地块坐标]", SQUARE[0])
    assert zh == "界址点.txt:2：界址点前没有以 @ 结尾的地块行；请按规定格式导出"
    assert en == ("界址点.txt:2: no parcel line ending in @ stands before this point; export it in the specified form")


def test_rows_behind_another_section_do_not_join_the_parcel_before() -> None:
    assert "界址点.txt:6：界址点前没有" in refused(PARCEL, *SQUARE[:3], "[地块坐标]", SQUARE[3])[0]


def test_a_section_between_a_parcel_line_and_its_rows_changes_nothing() -> None:
    assert runs(sheet_of(PARCEL, "[地块坐标]", *SQUARE)) == [(1, 0, 4)]


# --- Entries ---


@pytest.mark.parametrize(
    ("written", "loose"),
    [("带号=37", 0), ("带号 = 37 ", 0), ("带号:37", 1), ("带号：37", 1), ("带号＝37", 1), ("带号＝３７", 1)],
)
def test_the_ways_of_writing_an_entry(written: str, loose: int) -> None:
    sheet = sheet_of("[属性描述]", written)
    assert sheet.attributes == {"带号": ("37", 2)}
    assert sheet.loose == loose


def test_a_colon_in_the_value_is_kept() -> None:
    sheet = sheet_of("[属性描述]", "坐标系=a:b", "数据产生单位=c=d")
    assert sheet.attributes == {"坐标系": ("a:b", 2), "数据产生单位": ("c=d", 3)}


def test_entries_that_place_nothing_are_not_loose_however_they_are_written() -> None:
    assert sheet_of("[属性描述]", "数据产生单位：某队").loose == 0


def test_unknown_entries_are_passed_over() -> None:
    assert sheet_of("[属性描述]", "备注=无", "带号=37").attributes == {"带号": ("37", 3)}


@pytest.mark.parametrize("name", ["带号", "坐标系统", "中央子午线经度"])
def test_known_entries_may_stand_before_any_section(name: str) -> None:
    assert sheet_of(f"{name}=37", "[地块坐标]").attributes == {name: ("37", 1)}


@pytest.mark.parametrize("text", ["备注=无", "坐标", "1,2", "高程常数=1"])
def test_other_texts_before_any_section_are_refused(text: str) -> None:
    zh, en = refused(text)
    assert zh == "界址点.txt:1：坐标前缺少 [属性描述] 或 [地块坐标] 段；请按规定格式导出"
    assert en == (
        "界址点.txt:1: the sections [属性描述] and [地块坐标] are missing before it; export it in the specified form"
    )


@pytest.mark.parametrize("text", ["带号", "带号37", "x" * 21])
def test_an_entry_is_a_name_and_a_value(text: str) -> None:
    zh, en = refused("[属性描述]", text)
    assert zh == f"界址点.txt:2：[属性描述] 中的 “{text[:20]}” 不是 名称=内容；请改正"
    assert en == f"界址点.txt:2: “{text[:20]}” in [属性描述] is not name=value; correct it"


@pytest.mark.parametrize(
    "name", ["坐标系", "几度分带", "投影类型", "计量单位", "带号", "转换参数", "中央子午线", "分带"]
)
def test_an_entry_that_places_the_points_stands_once_or_twice_the_same(name: str) -> None:
    assert sheet_of("[属性描述]", f"{name}=3", f"{name}= 3").attributes == {name: ("3", 2)}
    zh, en = refused("[属性描述]", f"{name}=3", f"{name}=6")
    assert zh == f"界址点.txt:3：“{name}” 出现两次且不一致；请只保留一个"
    assert en == f"界址点.txt:3: “{name}” stands twice and differs; keep one"


@pytest.mark.parametrize("name", ["格式版本号", "数据产生单位", "数据产生日期", "精度"])
def test_of_the_other_entries_the_first_counts(name: str) -> None:
    assert sheet_of("[属性描述]", f"{name}=1", f"{name}=2").attributes == {name: ("1", 2)}


@pytest.mark.parametrize(
    "entry",
    [
        "加常数=3000", "投影面高程=850", "抵偿高程面=1000米", "东偏移=100", "东偏=1", "北偏=-2", "平移=5", "旋转角=1.5",
        "高程面=0.5", "Y常数=600000",
    ],
)  # fmt: skip
def test_an_entry_that_moves_the_points_is_refused(entry: str) -> None:
    name, _, value = entry.partition("=")
    zh, en = refused("[属性描述]", entry, kind=CRSError)
    assert zh == (
        f"界址点.txt:2：“{name}” 为 “{value}”，坐标不在标准的高斯投影带内，不能读取；"
        "请换算到 2000 国家大地坐标系的标准 3 度带后导出"
    )
    assert en == (
        f"界址点.txt:2: “{name}” is “{value}”: the coordinates are in no standard Gauss-Krüger zone and are not read; "
        "convert them to a standard 3-degree zone of CGCS2000"
    )


@pytest.mark.parametrize(
    "value", ["", "0", "0.000", "0米", ".0", "无", "没有", "否", "-", "/", "椭球面", "参考椭球", "500000", "500000.0m",
              "37500000", "500公里", "500KM"]
)  # fmt: skip
def test_an_entry_that_moves_nothing_is_passed_over(value: str) -> None:
    assert sheet_of("[属性描述]", f"东偏移常数={value}", "带号=37").attributes == {"带号": ("37", 3)}


# --- Files put together ---

HEAD = ("[属性描述]", "坐标系=2000国家大地坐标系", "带号=37", "[地块坐标]")


def test_files_put_together_that_state_the_same_are_read() -> None:
    sheet = sheet_of(*HEAD, PARCEL, *SQUARE, *HEAD, OTHER, *SQUARE)
    assert (runs(sheet, 0), runs(sheet, 1)) == ([(1, 0, 4)], [(1, 4, 8)])


@pytest.mark.parametrize(("left_out", "name"), [("坐标系=2000国家大地坐标系", "坐标系"), ("带号=37", "带号")])
@pytest.mark.parametrize("second", [False, True])
def test_what_only_one_of_the_heads_states_is_refused(left_out: str, name: str, *, second: bool) -> None:
    heads: list[list[str]] = [[*HEAD], [*HEAD]]
    heads[second].remove(left_out)
    lines = [*heads[0], PARCEL, *SQUARE]
    zh, en = refused(*lines, *heads[1], OTHER, *SQUARE)
    line = len(lines) + 1
    assert zh == (
        f"界址点.txt:{line}：此处的 [属性描述] 与前面的只有一处写了“{name}”；请在各处写明同样的内容，或分成不同的文件"
    )
    assert en == (
        f"界址点.txt:{line}: only one of this [属性描述] and the one before states “{name}”; state the same in both, "
        "or give them as separate files"
    )


def test_another_name_of_the_entry_states_the_same() -> None:
    other = ("[属性描述]", "坐标系统=2000国家大地坐标系", "投影带号=37", "[地块坐标]")
    assert len(sheet_of(*HEAD, PARCEL, *SQUARE, *other, OTHER, *SQUARE).parcels) == 2


def test_an_empty_entry_states_nothing() -> None:
    other = ("[属性描述]", "坐标系统=2000国家大地坐标系", "投影带号=", "[地块坐标]")
    assert "“带号”" in refused(*HEAD, PARCEL, *SQUARE, *other, OTHER, *SQUARE)[0]


def test_the_third_head_is_compared_with_the_second() -> None:
    lines = [*HEAD, PARCEL, *SQUARE, *HEAD, OTHER, *SQUARE]
    zh, _ = refused(*lines, "[属性描述]", "坐标系=2000国家大地坐标系", PARCEL, *SQUARE)
    assert zh.startswith(f"界址点.txt:{len(lines) + 1}：")
    assert "“带号”" in zh


# --- Limits ---


def test_the_longest_line_has_5000_characters() -> None:
    assert sheet_of("[项目信息]", "x" * 5_000) == Sheet()
    zh, en = refused("[项目信息]", "x" * 5_001)
    assert zh == "界址点.txt:2：此行有 5001 个字符，超过 5000 个；请重新导出，每个界址点一行"
    assert en == ("界址点.txt:2: the line has 5001 characters, more than 5000; export it again, one point a line")


def test_rows_are_counted_against_the_limit_of_vertices() -> None:
    assert runs(sheet_of(PARCEL, *SQUARE, vertices=4)) == [(1, 0, 4)]
    assert refused(PARCEL, *SQUARE, vertices=3)[1].startswith("界址点.txt: it holds more than the allowed 3 vertices")


def test_rings_are_counted() -> None:
    rows = ["J1,1,1,2", "J2,2,1,2"]
    assert len(sheet_of(PARCEL, *rows, rings=2).parcels[0].runs) == 2
    assert "more than the allowed 1 rings" in refused(PARCEL, *rows, rings=1)[1]


def test_parcels_are_counted() -> None:
    assert len(sheet_of(PARCEL, OTHER, records=2).parcels) == 2
    assert "more than the allowed 1 records" in refused(PARCEL, OTHER, records=1)[1]


@pytest.mark.parametrize("idle", ["", "   ", "\u3000"])
def test_blank_lines_are_counted(idle: str) -> None:
    assert sheet_of(*[idle] * 3, vertices=3) == Sheet()
    zh, en = refused(*[idle] * 4, vertices=3)
    assert zh == "界址点.txt：空行和附加信息超过 3 行；请只保留坐标后重新导出"
    assert en == (
        "界址点.txt: it holds more than 3 lines that are blank or further information; export the coordinates alone"
    )


def test_further_information_and_unknown_entries_count_as_blank_lines_do() -> None:
    assert sheet_of("[项目信息]", "a", "b", "[属性描述]", "备注=无", vertices=4).attributes == {}
    assert "超过 3 行" in refused("[项目信息]", "a", "b", "c", "d", vertices=3)[0]
    assert "超过 3 行" in refused("[属性描述]", *["备注=无"] * 4, vertices=3)[0]
