"""The lines and the head of a VCT file taken one by one: what is read, and what is refused with its line."""

import io
from collections.abc import Sequence

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.vct.head import Head, read_head
from zoning.sites.vct.lines import Lines
from zoning.sites.where import Where

HERE = Where("图.vct")


def lines_of(*texts: str) -> Lines:
    return Lines(io.StringIO("\n".join(texts) + "\n"), HERE)


# --- Lines ---


def test_blank_lines_and_comments_are_left_out_and_counted() -> None:
    lines = lines_of("\ufeffa", "", "  ", "CommentBegin", "x", "0", "commentEND", " b ", "\x1a")
    taken = [(lines.take(), lines.number), (lines.take(), lines.number), (lines.take(), lines.number)]
    assert taken == [("a", 1), ("b", 8), ("", 9)]


def test_a_comment_ends() -> None:
    lines = lines_of("a", "COMMENTBEGIN", "x")
    assert lines.take() == "a"
    zh, en = both(lines.take, SiteError)
    assert zh == "图.vct:2：CommentBegin 没有对应的 CommentEnd；请重新导出"
    assert en == "图.vct:2: CommentBegin has no CommentEnd; export it again"


@pytest.mark.parametrize("text", ["Comment", "CommentBegin x", "c", "xCommentBegin"])
def test_other_lines_begin_no_comment(text: str) -> None:
    assert lines_of(text).take() == text


def test_a_line_put_back_is_taken_once_more() -> None:
    lines = lines_of("a", "b")
    lines.put_back(lines.take())
    assert [lines.take(), lines.take(), lines.take()] == ["a", "b", ""]


def test_a_line_that_is_needed_and_missing_is_named() -> None:
    lines = lines_of("a")
    lines.need()
    zh, en = both(lines.need, SiteError)
    assert (zh, en) == (
        "图.vct:1：文件在此处中断；请重新导出",
        "图.vct:1: the file ends here in the middle; export it again",
    )


def test_a_line_of_a_million_signs_is_refused() -> None:
    assert len(lines_of("x" * 999_999).take()) == 999_999
    zh, en = both(lines_of("x" * 1_000_000).take, SiteError)
    assert zh == "图.vct:1：这一行超过 1000000 个字符；请重新导出"
    assert en == "图.vct:1: the line has more than 1000000 characters; export it again"


@pytest.mark.parametrize(
    ("separator", "text", "values", "several"),
    [
        (",", "1, 2 ,3", ["1", "2", "3"], True),
        (";", "1; 2,5", ["1", "2,5"], True),
        (";", "1,2", ["1", "2"], True),
        ("\t", "1\t2", ["1", "2"], True),
        (";", "12", ["12"], False),
    ],
)
def test_values_of_a_line(separator: str, text: str, values: Sequence[str], *, several: bool) -> None:
    lines = lines_of()
    lines.separator = separator
    assert lines.split(text) == values
    assert lines.has_values(text) is several


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("007", 7), ("9" * 18, int("9" * 18))])
def test_whole_numbers(text: str, value: int) -> None:
    assert lines_of(text).integer("点数", "number of points") == value


@pytest.mark.parametrize("text", ["-1", "+1", "1.0", "9" * 19, "１", "x", "1,2", "²"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    zh, en = both(lambda: lines_of(text).integer("点数", "number of points"), SiteError)
    assert zh == f"图.vct:1：点数 “{text}” 不是整数；请重新导出"
    assert en == f"图.vct:1: the number of points “{text}” is no whole number; export it again"


@pytest.mark.parametrize(("text", "value"), [("-5", -5), ("+5", 5), ("5", 5)])
def test_ids_may_have_a_sign(text: str, value: int) -> None:
    assert lines_of().as_integer(text, "标识码", "id", signed=True) == value


@pytest.mark.parametrize("text", ["--5", "-", "", "- 5"])
def test_a_sign_needs_a_number(text: str) -> None:
    with pytest.raises(SiteError):
        lines_of().as_integer(text, "标识码", "id", signed=True)


@pytest.mark.parametrize("text", ["LineEnd", "polygonbegin", "HEADEND"])
def test_a_section_within_an_object_is_named(text: str) -> None:
    zh, en = both(lambda: lines_of(text).integer("点数", "number of points"), SiteError)
    assert zh == f"图.vct:1：对象还没有写完就到了 {text}；请重新导出"
    assert en == f"图.vct:1: {text} stands in the middle of an object; export it again"


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), ("-0.5", -0.5), ("1e3", 1000.0)])
def test_decimal_numbers(text: str, value: float) -> None:
    assert lines_of(text).number_of("半径", "radius") == value


@pytest.mark.parametrize("text", ["x", "nan", "inf", "1_000", "1,2", "1e30"])
def test_what_is_no_decimal_number_is_refused(text: str) -> None:
    zh, en = both(lambda: lines_of(text).number_of("半径", "radius"), SiteError)
    assert (zh, en) == (
        f"图.vct:1：半径 “{text}” 不是数字；请改正",
        f"图.vct:1: the radius “{text}” is no number; correct it",
    )


@pytest.mark.parametrize(
    ("rows", "dim", "values"),
    [
        (["1,2", "3,4"], 2, [1, 2, 3, 4]),
        (["1,2,9", "3,4"], 2, [1, 2, 3, 4]),
        (["1,2,9", "3,4"], 3, [1, 2, 9, 3, 4, 0]),
        ([" 1 , 2.5 "], 2, [1, 2.5]),
        ([], 2, []),
    ],
)
def test_coordinates_in_one_row(rows: Sequence[str], dim: int, values: Sequence[float]) -> None:
    assert lines_of(*rows).coordinates(len(rows), dim).tolist() == values


@pytest.mark.parametrize("text", ["1,x", ",2", "1,nan", "inf,2", "1_0,2", "1,1e30"])
def test_what_is_no_coordinate_is_refused(text: str) -> None:
    zh, en = both(lambda: lines_of("1,2", text).coordinates(2, 2), SiteError)
    assert zh == f"图.vct:2：“{text}” 不是坐标；应为 X,Y 两个数字，请改正"
    assert en == f"图.vct:2: “{text}” is no coordinate; it must be two numbers X,Y, correct it"


def test_fewer_coordinates_than_stated_are_refused() -> None:
    zh, en = both(lambda: lines_of("1,2", "0").coordinates(3, 2), SiteError)
    assert (zh, en) == (
        "图.vct:2：写明有 3 个点，只有 1 个；请重新导出",
        "图.vct:2: 3 points are stated but only 1 follow; export it again",
    )


# --- The head ---


def head(*entries: str) -> Head:
    return read_head(lines_of("HeadBegin", *entries, "HeadEnd"), HERE)


def head_refused(*entries: str) -> tuple[str, str]:
    return both(lambda: head(*entries), SiteError)


def test_the_entries_of_a_head() -> None:
    found = head("DataMark:VCT", "Version：3.0", "Parameters: 111, 500000 ", "no entry", "Dim:2", "Dim:2")
    assert (found.get("version"), found.get("VERSION"), found.get("Unit")) == ("3.0", "3.0", "")
    assert (found.place("Version"), found.place("Unit")) == (HERE.at_line(3), HERE)
    assert found.values("Parameters") == ["111", "500000"]
    assert found.values("Unit") == []
    assert (found.dim, found.north_first, found.separator) == (2, False, ",")


@pytest.mark.parametrize(
    ("entries", "separator", "values"),
    [
        (["P:1,2"], ",", ["1", "2"]),
        (["Separator:;", "P:1;2"], ";", ["1", "2"]),
        (["Separator:;", "P:1,2"], ";", ["1", "2"]),
        (["Separator:\t", "P:1\t2"], "\t", ["1", "2"]),
        (["Separator:", "P:1,2"], "\t", ["1", "2"]),
    ],
)
def test_the_separator_is_stated_or_a_comma(entries: Sequence[str], separator: str, values: Sequence[str]) -> None:
    found = head(*entries)
    assert (found.separator, found.values("P")) == (separator, values)


@pytest.mark.parametrize("first", ["", "Head", "VersionBegin", "x"])
def test_a_file_begins_with_its_head(first: str) -> None:
    zh, en = both(lambda: read_head(lines_of(first), HERE), SiteError)
    assert zh == "图.vct：不是以 HeadBegin 开头的 VCT 文件；请重新导出"
    assert en == "图.vct: it does not begin with HeadBegin; export it again"


def test_a_head_ends_before_another_section() -> None:
    zh, en = head_refused("Dim:2", "LineBegin")
    assert (zh, en) == (
        "图.vct:3：LineBegin 之前缺少 HeadEnd；请重新导出",
        "图.vct:3: HeadEnd is missing before LineBegin; export it again",
    )


def test_an_entry_stands_once() -> None:
    zh, en = head_refused("Dim:2", "DIM:3")
    assert (zh, en) == (
        "图.vct:3：“dim” 出现两次且不一致；请只保留一个",
        "图.vct:3: “dim” stands twice and differs; keep one",
    )


@pytest.mark.parametrize("version", ["3", "3.0", "V3.0", "v3.1.2", "", "GB/T"])
def test_version_3_is_read(version: str) -> None:
    assert head(f"Version:{version}").get("Version") == version


@pytest.mark.parametrize("version", ["1.0", "2.0", "V2", "4.0", "30"])
def test_other_versions_are_refused(version: str) -> None:
    zh, en = head_refused("DataMark:LANDUSE-VCT", f"Version:{version}")
    assert zh == (
        f"图.vct:3：是 LANDUSE-VCT {version} 版的 VCT，只读取 VCT 3.0（GB/T 17798-2007）；请导出为 VCT 3.0 或 Shapefile"
    )
    assert en == (
        f"图.vct:3: it is VCT of the version LANDUSE-VCT {version}, only VCT 3.0 (GB/T 17798-2007) is read; export it "
        "as VCT 3.0 or as a shapefile"
    )


@pytest.mark.parametrize("entry", ["Topo:1", "Coordinate:M", "CoordSysType:P", "Unit:M"])
def test_entries_of_the_older_edition_are_known(entry: str) -> None:
    assert "是 VCT 版的 VCT" in head_refused(entry)[0]
    assert head(entry, "CoordinateSystemType:P").get("CoordinateSystemType") == "P"


@pytest.mark.parametrize("offset", ["0", "0,0", "0.000,0.000", ""])
def test_an_offset_of_nothing_moves_nothing(offset: str) -> None:
    assert head(f"Offset:{offset}").get("Offset") == offset


@pytest.mark.parametrize("offset", ["1", "0,0.5", "x", "0,-3000000"])
def test_an_offset_is_refused(offset: str) -> None:
    zh, en = head_refused(f"Offset:{offset}")
    assert zh == f"图.vct:2：坐标偏移量 Offset 是 {offset}，不是 0，含义不明；请导出不带偏移量的坐标"
    assert en == (
        f"图.vct:2: the Offset of the coordinates is {offset} and not 0, its meaning is open; export the coordinates "
        "without an offset"
    )


@pytest.mark.parametrize(("dim", "expected"), [("", 2), ("2", 2), ("3", 3)])
def test_the_dimensions(dim: str, expected: int) -> None:
    assert head(f"Dim:{dim}").dim == expected


@pytest.mark.parametrize("dim", ["1", "4", "2D", "2.0"])
def test_other_dimensions_are_refused(dim: str) -> None:
    zh, en = head_refused(f"Dim:{dim}")
    assert (zh, en) == (
        f"图.vct:2：坐标维数 Dim 是 “{dim}”，只能是 2 或 3；请改正",
        f"图.vct:2: Dim is “{dim}”, it must be 2 or 3; correct it",
    )


@pytest.mark.parametrize(
    ("x", "y", "north_first"),
    [
        ("E", "N", False),
        ("N", "E", True),
        ("east", "north", False),
        ("", "", False),
        ("", "N", False),
        ("e", "", False),
    ],
)
def test_the_axes_point_east_and_north(x: str, y: str, *, north_first: bool) -> None:
    assert head(f"XAxisDirection:{x}", f"YAxisDirection:{y}").north_first is north_first


@pytest.mark.parametrize(("x", "y"), [("N", "N"), ("E", "E"), ("W", "N"), ("E", "S"), ("N", ""), ("上", "N")])
def test_other_axes_are_refused(x: str, y: str) -> None:
    zh, en = head_refused(f"XAxisDirection:{x}", f"YAxisDirection:{y}")
    assert zh == f"图.vct:2：坐标轴方向为 X={x}、Y={y}，只能一个向东（E）、一个向北（N）；请改正"
    assert en == (
        f"图.vct:2: the axes point to X={x} and Y={y}; one must point east (E), the other north (N); correct it"
    )
