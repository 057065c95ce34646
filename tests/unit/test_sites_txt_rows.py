"""One row of points and one parcel line of a coordinate TXT: what is read from their fields, and what is refused."""

from collections.abc import Sequence

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.txt.parcel_line import is_parcel_line, names_kind, parcel_fields, split_fields
from zoning.sites.txt.point_row import PointRow, point_row
from zoning.sites.where import Where

HERE = Where("界址点.txt").at_line(7)
NORTH, EAST = 3_919_746.783, 37_612_345.678
N, E = "3919746.783", "37612345.678"


def row(text: str) -> PointRow:
    """Return the row whose fields stand between commas."""
    return point_row(text.split(","), HERE)


def refused(text: str) -> tuple[str, str]:
    return both(lambda: row(text), SiteError)


# --- Rows of points ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"J1,1,{N},{E}", PointRow("J1", 1, NORTH, EAST)),
        (f"J1,99999,{N},{E}", PointRow("J1", 99_999, NORTH, EAST)),
        (f"J1,999999,{N},{E},5", PointRow("J1", 999_999, NORTH, EAST, 5.0)),
        (f"J1,007,{N},{E}", PointRow("J1", 7, NORTH, EAST)),
        (f"界址点1,1,{N},{E}", PointRow("界址点1", 1, NORTH, EAST)),
        (f",1,{N},{E}", PointRow("", 1, NORTH, EAST)),
        (f"J1,,{N},{E}", PointRow("J1", None, NORTH, EAST)),
        (f"J1,{N},{E}", PointRow("J1", None, NORTH, EAST)),
        (f"J1,1,{E},{N}", PointRow("J1", 1, EAST, NORTH)),
        (f"J1,1,{N},{E},812.5", PointRow("J1", 1, NORTH, EAST, 812.5)),
        (f"J1,,{N},{E},812.5", PointRow("J1", None, NORTH, EAST, 812.5)),
        (f"J1,{N},{E},812.5", PointRow("J1", None, NORTH, EAST, 812.5)),
        (f"J1,1,{N},{E},0", PointRow("J1", 1, NORTH, EAST, 0.0)),
        (f"J1,1,{N},{E},9000", PointRow("J1", 1, NORTH, EAST, 9_000.0)),
        (f"J1,1,{N},{E},-9000", PointRow("J1", 1, NORTH, EAST, -9_000.0)),
        ("J1,1,-5,+6.", PointRow("J1", 1, -5.0, 6.0)),
        ("J1,1,35.4,112.3", PointRow("J1", 1, 35.4, 112.3)),
    ],
)
def test_the_forms_of_a_row(text: str, expected: PointRow) -> None:
    assert row(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"J1,1,{N},{E},", PointRow("J1", 1, NORTH, EAST)),
        (f"J1,1,{N},{E},,,", PointRow("J1", 1, NORTH, EAST)),
        (f"J1,{N},{E},", PointRow("J1", None, NORTH, EAST)),
        (f"J1,1,{N},{E},812.5,", PointRow("J1", 1, NORTH, EAST, 812.5)),
    ],
)
def test_empty_fields_at_the_end_do_not_count(text: str, expected: PointRow) -> None:
    assert row(text) == expected


def test_the_fields_stay_as_they_are() -> None:
    fields = ["J1", "1", N, E, "", ""]
    point_row(fields, HERE)
    assert fields == ["J1", "1", N, E, "", ""]


@pytest.mark.parametrize(
    ("second", "ring"), [("100000", None), ("99999.9", "refused"), ("99999", 99_999), ("100000.5", None)]
)
def test_from_a_hundred_kilometres_on_the_second_field_is_a_coordinate_and_the_last_a_height(
    second: str, ring: int | str | None
) -> None:
    text = f"J1,{second},{E},800"
    if ring == "refused":
        assert "圈号 “99999.9”" in refused(text)[0]
    else:
        found = row(text)
        assert (found.ring, found.height) == (ring, 800.0 if ring is None else None)


def test_two_numbers_of_a_plane_are_needed_for_a_height_without_ring() -> None:
    assert row("J1,100000,99999.9,800") == PointRow("J1", 100_000, 99_999.9, 800.0)


@pytest.mark.parametrize(
    ("text", "fields"), [("J1", 1), ("J1,1", 2), (f"J1,1,{N},{E},800,6", 6), ("", 1), ("以下空白", 1)]
)
def test_a_row_has_three_to_five_fields(text: str, fields: int) -> None:
    zh, en = refused(text)
    shown = text[:30]
    assert zh == f"界址点.txt:7：“{shown}” 不是界址点行（{fields} 项）：规定为 点号,圈号,X坐标,Y坐标；请改正或删去此行"
    many = "field" if fields == 1 else "fields"
    assert en == (
        f"界址点.txt:7: “{shown}” is no point row: it has {fields} {many}, specified is 点号,圈号,X坐标,Y坐标 (point, "
        "ring, north, east); correct or remove this line"
    )


@pytest.mark.parametrize("ring", ["1", "12", "999999"])
def test_a_ring_number_with_one_coordinate_lacks_the_other(ring: str) -> None:
    zh, en = refused(f"J1,{ring},{N}")
    assert zh == f"界址点.txt:7：“J1,{ring},{N}” 少一个坐标：规定为 点号,圈号,X坐标,Y坐标；请补全"
    assert en.endswith("lacks a coordinate: specified is 点号,圈号,X坐标,Y坐标 (point, ring, north, east); complete it")


@pytest.mark.parametrize("ring", ["0", "000", "-1", "1.0", "A", "1000000", "一", "１"])
def test_a_ring_number_is_a_whole_number_from_1_on(ring: str) -> None:
    zh, en = refused(f"J1,{ring},{N},{E},800")
    assert zh == f"界址点.txt:7：圈号 “{ring}” 不是从 1 起的整数"
    assert en == f"界址点.txt:7: the ring number “{ring}” is no whole number from 1 on"


@pytest.mark.parametrize(
    "number", ["", "x", "1e6", "nan", "inf", "1,5", "3 919", "1_000", ".5", "1234567890123456", "--5", "３９"]
)
@pytest.mark.parametrize("place", [2, 3])
def test_a_coordinate_is_a_plain_decimal_number(number: str, place: int) -> None:
    fields = ["J1", "1", N, E, "800"]
    fields[place] = number
    zh, en = both(lambda: point_row(fields, HERE), SiteError)
    assert zh == f"界址点.txt:7：坐标 “{number}” 不是数字；请改正"
    assert en == f"界址点.txt:7: the coordinate “{number}” is no number; correct it"


def test_fifteen_digits_and_twenty_decimals_are_the_most() -> None:
    assert row(f"J1,1,{'1' * 15},{'2' * 15}.{'0' * 20}").first == 111_111_111_111_111.0
    assert "不是数字" in refused(f"J1,1,{N},{'2' * 7}.{'0' * 21}")[0]


@pytest.mark.parametrize("height", ["9000.1", "-9000.1", "高", "1e3"])
@pytest.mark.parametrize("ring", ["1,", ","])
def test_what_stands_behind_the_coordinates_is_a_height(height: str, ring: str) -> None:
    zh, en = refused(f"J1,{ring}{N},{E},{height}")
    assert zh == f"界址点.txt:7：最后一项 “{height}” 不是高程（米）；界址点行规定为 点号,圈号,X坐标,Y坐标"
    assert en == (
        f"界址点.txt:7: the last field “{height}” is no height in metres; a row is 点号,圈号,X坐标,Y坐标 (point, ring, "
        "north, east)"
    )


def test_a_height_is_no_third_coordinate_of_a_row_without_ring() -> None:
    assert "不是高程" in refused(f"J1,{N},{E},9001")[0]


def test_long_fields_are_cut_in_a_sentence() -> None:
    assert f"“{'x' * 30}”" in refused(f"J1,1,{'x' * 31},{E}")[0]
    assert f"圈号 “{'y' * 20}”" in refused(f"J1,{'y' * 21},{N},{E}")[0]


# --- What separates the fields ---


@pytest.mark.parametrize(
    ("text", "fields", "loose"),
    [
        ("J1,1,2,3", ["J1", "1", "2", "3"], False),
        ("J1 , 1, 2 ,3", ["J1", "1", "2", "3"], False),
        ("J1,,3,", ["J1", "", "3", ""], False),
        ("甲,1", ["甲", "1"], False),
        ("J1，1，2", ["J1", "1", "2"], True),
        ("J1，1,2", ["J1", "1", "2"], True),
        ("Ｊ１,1", ["J1", "1"], True),
        ("J1\t1\t\t3", ["J1", "1", "", "3"], True),
        ("J1\t一 号\t3", ["J1", "一 号", "3"], True),
        ("J1  1 3", ["J1", "1", "3"], True),
        ("J1\u30001\u3000 3", ["J1", "1", "3"], True),
        ("J1,a b\tc", ["J1", "a b\tc"], False),
        ("", [], True),
    ],
)
def test_commas_come_before_tabs_and_tabs_before_blanks(text: str, fields: list[str], *, loose: bool) -> None:
    assert split_fields(text) == (fields, loose)


# --- What begins a parcel ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", True),
        ("5,1.2,D1,甲,面,,,,＠", True),
        ("5,1.2,D1,甲,面", True),
        ("5,1.2,D1,甲,线", True),
        ("5,1.2,D1,甲,点", True),
        ("5,1.2,D1,甲,体", False),
        ("5,1.2,D1,面", False),
        ("5,1.2,面,甲,x", False),
        ("5 1.2 D1 甲 面", True),
        ("", False),
    ],
)
def test_an_at_sign_or_a_kind_in_the_fifth_field_begins_a_parcel(text: str, *, expected: bool) -> None:
    assert is_parcel_line(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,1.2,D1,甲,面,,", True),
        ("5,1.2,D1,甲,面,", False),
        ("5,1.2,D1,甲,面,,,,@", True),
        ("5,1.2,D1,甲,体,,,,@", False),
        ("5，1.2，D1，甲，点，，，＠", True),
    ],
)
def test_a_kind_counts_in_the_fifth_of_seven_fields(text: str, *, expected: bool) -> None:
    assert names_kind(text) is expected


# --- The fields of a parcel line ---

SPECIFIED = {
    "界址点数": "5",
    "地块面积": "1.2345",
    "地块编号": "DK01",
    "地块名称": "甲",
    "记录图形属性": "面",
    "图幅号": "I49",
    "地块用途": "采矿",
    "地类编码": "0602",
}


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("5,1.2345,DK01,甲,面,I49,采矿,0602,@", False),
        ("5,1.2345,DK01,甲,面,I49,采矿,0602@", False),
        ("5,1.2345,DK01,甲,面,I49,采矿,0602", False),
        ("5, 1.2345 ,DK01,甲,面,I49,采矿,0602 , @ ", False),
        ("5，1.2345，DK01，甲，面，I49，采矿，0602，@", True),
        ("5,1.2345,DK01,甲,面，I49,采矿,0602,@", True),
        ("5\t1.2345\tDK01\t甲\t面\tI49\t采矿\t0602", True),
        ("5 1.2345 DK01 甲 面 I49 采矿 0602", True),
    ],
)
def test_a_parcel_line_in_the_ways_it_is_written(text: str, *, loose: bool) -> None:
    assert parcel_fields(text, HERE) == (SPECIFIED, loose)


def test_without_the_code_of_the_land_class_it_is_empty() -> None:
    fields, loose = parcel_fields("5,1.2345,DK01,甲,面,I49,采矿,@", HERE)
    assert (fields, loose) == ({**SPECIFIED, "地类编码": ""}, False)


def test_a_full_width_comma_in_a_name_separates_nothing() -> None:
    fields, loose = parcel_fields("5,1.2345,DK01,甲，乙,面,I49,采矿,0602,@", HERE)
    assert (fields["地块名称"], fields["记录图形属性"], loose) == ("甲，乙", "面", False)


def test_farmland_projects_have_five_more_fields() -> None:
    fields, _ = parcel_fields("5,1.2345,DK01,甲,面,I49,采矿,0602,水田,0101,5,4,无,@", HERE)
    assert fields == {
        **SPECIFIED,
        "图斑类型": "水田",
        "地类": "0101",
        "等别前": "5",
        "等别后": "4",
        "备注": "无",
    }


@pytest.mark.parametrize("more", [["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]])
def test_other_further_fields_are_called_by_their_number(more: Sequence[str]) -> None:
    fields, _ = parcel_fields(f"5,1.2345,DK01,甲,面,I49,采矿,0602,{','.join(more)},@", HERE)
    assert fields == {**SPECIFIED, **{f"第{9 + i}项": text for i, text in enumerate(more)}}


@pytest.mark.parametrize("count", [5, 6, 14])
def test_a_parcel_line_has_seven_to_thirteen_fields(count: int) -> None:
    fields = ["5", "1", "D1", "甲", "面", *"abcdefghi"][:count]
    zh, en = both(lambda: parcel_fields(",".join([*fields, "@"]), HERE), SiteError)
    names = ",".join(SPECIFIED)
    assert zh == (
        f"界址点.txt:7：地块行有 {count} 项（不计 @），规定为 8 项（{names},@），最多 13 项；请按规定格式导出"
    )
    assert en == (
        f"界址点.txt:7: the parcel line has {count} fields before @, specified are 8 ({names},@), at most 13; export "
        "it in the specified form"
    )


@pytest.mark.parametrize("kind", ["", "体", "面状", "polygon", "面 面"])
def test_the_fifth_field_is_a_kind(kind: str) -> None:
    zh, en = both(lambda: parcel_fields(f"5,1,D1,甲,{kind},I49,采矿,0602,@", HERE), SiteError)
    assert zh == f"界址点.txt:7：记录图形属性（第 5 项）为 “{kind}”，应为 面、线 或 点"
    assert en == (
        f"界址点.txt:7: the kind of geometry (field 5) is “{kind}”; it must be 面 (polygon), 线 (line) or 点 (point)"
    )


def test_a_long_kind_is_cut_in_the_sentence() -> None:
    zh, _ = both(lambda: parcel_fields(f"5,1,D1,甲,{'体' * 21},I49,采矿,0602,@", HERE), SiteError)
    assert f"“{'体' * 20}”" in zh


def test_a_name_that_is_a_kind_leaves_open_which_one_counts() -> None:
    zh, en = both(lambda: parcel_fields("5,1,D1,甲,面,线,采矿,0602,@", HERE), SiteError)
    assert zh == "界址点.txt:7：第 5、6 项是 “面” 和 “线”，分不清哪个是记录图形属性；地块名称里的逗号请改用全角"
    assert en == (
        "界址点.txt:7: fields 5 and 6 are “面” and “线” and either may be the kind of geometry; write a comma in the "
        "name of a parcel in full width"
    )


def test_the_same_kind_twice_is_no_doubt() -> None:
    fields, _ = parcel_fields("5,1,D1,甲,面,面,采矿,0602,@", HERE)
    assert (fields["记录图形属性"], fields["图幅号"]) == ("面", "面")


@pytest.mark.parametrize(
    "text", ["5,1,D1,甲,面,I49,采矿,0602,@,x", "5,1,D1,甲,面,I49,采矿,0602,@@", "@5,1,D1,甲,面,,,"]
)
def test_the_sign_ends_the_line(text: str) -> None:
    zh, en = both(lambda: parcel_fields(text, HERE), SiteError)
    assert zh == "界址点.txt:7：地块行的 @ 之后还有内容；@ 应在行末"
    assert en == "界址点.txt:7: something stands behind the @ of the parcel line; @ ends the line"
