"""Labels of points, the many signs that mean the same, and titles between the points of a table."""

import pytest

from zoning.sites.tables.labels import in_series, number_of
from zoning.sites.tables.signs import compact, plain
from zoning.sites.tables.titles import goes_on, is_remark, may_be_title, opens_parcel, opens_ring

# --- Labels, signs, titles ---


@pytest.mark.parametrize(
    ("label", "number", "series"),
    [
        ("J12", 12, ("J", 12)),
        ("7", 7, ("", 7)),
        ("007", 7, ("", 7)),
        ("拐点3号", 3, ("拐点", 3)),
        ("3#", 3, ("", 3)),
        ("J-5", 5, ("J-", 5)),
        ("JZ_5", 5, ("JZ_", 5)),
        ("ABCD1", 1, ("ABCD", 1)),
        ("ABCDE1", 1, None),
        ("K0+100", 100, None),
        ("A", None, None),
        ("", None, None),
        ("1234567", 1_234_567, None),
        ("1-2", 2, None),
        ("J1a", 1, None),
    ],
)
def test_the_number_and_the_series_of_a_label(label: str, number: int | None, series: tuple[str, int] | None) -> None:
    assert (number_of(label), in_series(label)) == (number, series)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１１２．５", "112.5"),
        ("112º", "112°"),
        ("112˚24´30〃", "112°24'30\""),
        ("24’30”", "24'30\""),
        ("30′′", '30"'),
        ("30''", '30"'),
        ("24`", "24'"),
        ("a–b—c−d", "a-b-c-d"),
        ("\ufeff1\u200b2", "12"),
        ("①112", "1、112"),
        ("⒓5", "12、5"),
        ("⑳", "20、"),
        ("Ｘ：３", "X:3"),
        ("m²", "m2"),
        ("㎡", "m2"),
        ("甲，乙", "甲,乙"),
        ("plain 1.5", "plain 1.5"),
        ("", ""),
    ],
)
def test_plain_signs(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(("text", "expected"), [(" X 坐标\n（m） ", "x坐标(m)"), ("\u3000", ""), ("A\tB", "ab")])
def test_compact_texts(text: str, expected: str) -> None:
    assert compact(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地块一", True),
        ("地块1", True),
        ("地块编号：1", True),
        ("地块（二）", True),
        ("1号地块", True),
        ("第二区块", True),
        ("甲矿区", True),
        ("a采区", True),
        ("地块A", True),
        ("矿区b", True),
        ("3#地块", True),
        ("Parcel 2", True),
        ("plot no. 3", True),
        ("Site B", True),
        ("地块名称：甲", True),
        ("项目名称:某矿", True),
        ("工业场地1", True),
        ("地块1个", False),
        ("地块一至四", False),
        ("地块2周边", False),
        ("地块3邻接", False),
        ("区块1角", False),
        ("矿区35.4", False),
        ("地块Ab", False),
        ("siteplan", False),
        ("area 12345", False),
        ("Area: 500 m2", False),
        ("area 2.35 ha", False),
        ("area 1,200", False),
        ("Area 2", True),
        ("area B", True),
        ("Parcel 12345", True),
        ("地块", False),
        ("", False),
        ("续表 地块一", False),
        ("地块一（续）", False),
        ("第2页 地块一", False),
        ("甲" * 57 + "地块一", True),
        ("甲" * 58 + "地块一", False),
    ],
)
def test_titles_of_parcels(text: str, *, expected: bool) -> None:
    assert opens_parcel(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("内环", True),
        ("外 环", True),
        ("内圈", True),
        ("外圈", True),
        ("孔洞", True),
        ("挖空", True),
        ("扣除", True),
        ("不含水域", True),
        ("环2", True),
        ("圈三", True),
        ("第2圈", True),
        ("第二环", True),
        ("Ring 2", True),
        ("hole: 1", True),
        ("part1", True),
        ("环境", False),
        ("ring", False),
        ("J5", False),
        ("", False),
    ],
)
def test_lines_that_begin_a_ring(text: str, *, expected: bool) -> None:
    assert opens_ring(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("续表", True),
        ("续上页", True),
        ("接上表", True),
        ("（续）", True),
        ("表1续", True),
        ("Continued", True),
        ("第2页", True),
        ("共 3 页", True),
        ("Page 4", True),
        ("- 3 -", True),
        ("12", True),
        ("1234", False),
        ("继续", True),
        ("持续性", False),
        ("地块二", False),
        ("", False),
    ],
)
def test_lines_that_say_that_a_table_goes_on(text: str, *, expected: bool) -> None:
    assert goes_on(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("总面积", True),
        ("地块面积", True),
        ("合计", True),
        ("总计", True),
        ("小计", True),
        ("平均", True),
        ("周长", True),
        ("比例尺", True),
        ("备注：", True),
        ("说明", True),
        ("注：", True),
        ("制表", True),
        ("审核：", True),
        ("日期", True),
        ("单位：米", True),
        ("坐标系", True),
        ("中央子午线", True),
        ("带号", True),
        ("第 2 页", True),
        ("共3", True),
        ("Total", True),
        ("NOTE", True),
        ("* 备注", True),
        ("J1", False),
        ("1", False),
        ("甲地块", False),
        ("项目用地总面积", False),
        ("", False),
        ("第二", False),
    ],
)
def test_rows_that_are_remarks(text: str, *, expected: bool) -> None:
    assert is_remark(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渣场：", True),
        ("工业 场地", True),
        ("dump", True),
        ("甲" * 30, True),
        ("甲" * 31, False),
        ("甲", False),
        ("abc", False),
        ("", False),
        ("点号 X坐标 Y坐标", False),
        ("点号 渣场", True),
        ("续表", False),
        ("合计", False),
        ("备注：渣场", False),
    ],
)
def test_lines_that_may_name_what_follows(text: str, *, expected: bool) -> None:
    assert may_be_title(text) is expected
