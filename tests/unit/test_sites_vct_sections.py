"""The sections of a VCT file one after the other, and the attributes that its objects get from them."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.vct.lines import Lines
from zoning.sites.vct.reader import read_vct
from zoning.sites.vct.sections import read_sections
from zoning.sites.vct.sheet import FeatureCode, Sheet
from zoning.sites.where import Where

HERE = Where("图.vct")
HEAD = ("HeadBegin", "Version:3.0", "CoordinateSystemType:P", "HeadEnd")
# The head takes the first four lines, so the first line of a case is the 5th.
FIRST = len(HEAD) + 1


def sheet(*texts: str, head: Sequence[str] = HEAD) -> Sheet:
    return read_sections(Lines(io.StringIO("\n".join([*head, *texts]) + "\n"), HERE), HERE)


def refused(*texts: str) -> tuple[str, str]:
    return both(lambda: sheet(*texts), SiteError)


# --- sections in general ---


def test_a_head_alone_is_an_empty_sheet() -> None:
    found = sheet()
    assert (found.codes, found.tables, found.points, found.lines, found.polygons) == ([], {}, [], [], [])
    assert (found.rows, found.odd_rows) == ({}, [])
    assert found.head.get("version") == "3.0"


@pytest.mark.parametrize("text", ["1", "PointEnd", "Begin", "Point Begin", "3DBegin", "面Begin"])
def test_a_line_outside_the_sections_is_refused(text: str) -> None:
    assert refused(text) == (
        f"图.vct:5：“{text}” 不在任何一节之内；请重新导出",
        f"图.vct:5: “{text}” stands in no section; export it again",
    )


def test_a_long_line_outside_the_sections_is_cut_in_the_sentence() -> None:
    zh, _ = refused("x" * 41)
    assert f"“{'x' * 40}” 不在" in zh


@pytest.mark.parametrize("name", ["Annotation", "Topology", "STYLE", "Solid", "Text"])
def test_sections_without_footprints_are_passed_over(name: str) -> None:
    found = sheet(
        f"{name}Begin", "1", "anything: at all", "PointBegin", f"{name}End", "FeatureCodeBegin", "FeatureCodeEnd"
    )
    assert found.codes == []


@pytest.mark.parametrize(
    "name", ["FeatureCode", "TableStructure", "Point", "Line", "Polygon", "Attribute", "Annotation"]
)
def test_a_section_that_never_ends_is_named_by_its_beginning(name: str) -> None:
    assert refused("StyleBegin", "StyleEnd", f"{name}Begin") == (
        f"图.vct:7：{name}Begin 没有对应的 {name}End，文件不完整；请重新导出",
        f"图.vct:7: {name}Begin has no {name}End, the file was cut off; export it again",
    )


@pytest.mark.parametrize("name", ["FeatureCode", "TableStructure", "Point", "Line", "Polygon"])
def test_a_section_that_begins_inside_another_is_refused(name: str) -> None:
    assert refused(f"{name}Begin", "AttributeBegin", "AttributeEnd", f"{name}End") == (
        f"图.vct:6：AttributeBegin 之前缺少 {name}End；请重新导出",
        f"图.vct:6: {name}End is missing before AttributeBegin; export it again",
    )


def test_capitals_of_the_names_do_not_matter() -> None:
    found = sheet("FEATURECODEBEGIN", "2001,地类图斑,POLYGON,DLTB", "featurecodeend")
    assert found.codes == [FeatureCode("2001", "地类图斑", "DLTB")]


# --- feature codes and tables ---


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2001,地类图斑,Polygon,DLTB", FeatureCode("2001", "地类图斑", "DLTB")),
        ("2001,地类图斑,Polygon,DLTB,more", FeatureCode("2001", "地类图斑", "DLTB")),
        ("1001,点,Point,D", FeatureCode("1001", "点", "D")),
        ("3001,线,LINE,X", FeatureCode("3001", "线", "X")),
        ("QLR,QLR", None),
        ("2001,地类图斑,Polygon", None),
        ("4001,注记,Annotation,ZJ", None),
        ("4001,无,,ZJ", None),
    ],
)
def test_only_codes_of_shapes_are_kept(line: str, code: FeatureCode | None) -> None:
    assert sheet("FeatureCodeBegin", line, "FeatureCodeEnd").codes == ([] if code is None else [code])


def test_the_separator_of_the_head_parts_the_codes() -> None:
    head = ("HeadBegin", "Separator:;", "CoordinateSystemType:P", "HeadEnd")
    found = sheet("FeatureCodeBegin", "2001;地类,图斑;Polygon;DLTB", "FeatureCodeEnd", head=head)
    assert found.codes == [FeatureCode("2001", "地类,图斑", "DLTB")]


def test_tables_have_their_fields_in_order() -> None:
    found = sheet(
        "TableStructureBegin", "DLTB,3", "BSM,Int,10", "TBMJ,FLOAT,15,2", "备注", "0", "XZQ,0", "0", "TableStructureEnd"
    )
    assert list(found.tables) == ["dltb", "xzq"]
    assert found.tables["dltb"].name == "DLTB"
    assert found.tables["dltb"].fields == (("BSM", "int"), ("TBMJ", "float"), ("备注", ""))
    assert found.tables["xzq"].fields == ()


def test_fields_that_do_not_end_are_refused() -> None:
    assert refused("TableStructureBegin", "DLTB,1", "BSM,Int", "TableStructureEnd") == (
        "图.vct:8：表 DLTB 的字段没有以 0 结束；请重新导出",
        "图.vct:8: the fields of the table DLTB do not end with 0; export it again",
    )


# --- attributes ---

CODE = ("FeatureCodeBegin", "2001,地类图斑,Polygon,DLTB", "FeatureCodeEnd")


def rows(*lines: str, codes: Sequence[str] = CODE) -> Sheet:
    return sheet(*codes, "AttributeBegin", *lines, "AttributeEnd")


def test_rows_are_kept_by_their_id_as_one_text() -> None:
    found = rows("DLTB", "1,甲, 乙 ,", "22,x", "TableEnd")
    assert found.rows == {"dltb": {1: "甲, 乙 ,", 22: "x"}}
    assert found.odd_rows == []


def test_tables_that_no_code_names_are_not_kept() -> None:
    found = rows("QLR", "1,张三", "不是行", "TableEnd", "dltb", "1,甲", "TABLEEND")
    assert found.rows == {"qlr": {}, "dltb": {1: "甲"}}
    assert found.odd_rows == []


def test_without_codes_every_table_is_kept() -> None:
    assert rows("QLR", "1,张三", "TableEnd", codes=()).rows == {"qlr": {1: "张三"}}


def test_a_table_in_two_pieces_is_one() -> None:
    assert rows("DLTB", "1,甲", "TableEnd", "DLTB", "2,乙", "TableEnd").rows == {"dltb": {1: "甲", 2: "乙"}}


@pytest.mark.parametrize("line", ["甲", "x,1", "-1,甲", "1.0,甲", "１,甲", ",甲", "1", "²,x"])
def test_lines_that_begin_with_no_id_are_noted(line: str) -> None:
    found = rows("DLTB", "1,甲", line, "TableEnd")
    assert found.rows == {"dltb": {1: "甲"}}
    # The head, three lines of codes, the beginning, the name, one row.
    assert found.odd_rows == [FIRST + 3 + 3]


def test_a_thousand_odd_lines_are_noted_at_most() -> None:
    assert len(rows("DLTB", *["x"] * 1_000, "TableEnd").odd_rows) == 1_000
    assert len(rows("DLTB", *["x"] * 1_001, "TableEnd").odd_rows) == 1_000


def test_blanks_around_the_id_do_not_matter() -> None:
    assert rows("DLTB", " 7 ,甲", "TableEnd").rows == {"dltb": {7: "甲"}}


# --- shapes ---


def polygon(key: int, east: float, *, code: str = "2001") -> list[str]:
    corners = [(east, 3_900_000.0), (east + 10, 3_900_000.0), (east + 10, 3_900_010.0), (east, 3_900_000.0)]
    return [str(key), code, "Unknown", "1", "1.0,1.0", "1", "11", "4", *(f"{x},{y}" for x, y in corners), "0"]


def test_objects_stand_in_their_lists_with_their_lines() -> None:
    found = sheet("PolygonBegin", *polygon(1, 500_000.0), *polygon(2, 500_100.0), "PolygonEnd")
    assert [(shape.id, shape.line, shape.kind) for shape in found.polygons] == [(1, 6, "polygon"), (2, 19, "polygon")]
    assert (found.lines, found.points) == ([], [])


@pytest.mark.parametrize(("name", "kind"), [("Point", "points"), ("Line", "lines"), ("Polygon", "polygons")])
def test_empty_sections_of_shapes(name: str, kind: str) -> None:
    assert getattr(sheet(f"{name}Begin", f"{name}End"), kind) == []


# --- the whole file ---

FIELDS = ("BSM,Int", "MC,Char", "BZ,Varbin", "TBMJ,Float")
SYSTEM = ("Spheroid:CGCS2000", "Projection:高斯-克吕格", "Parameters:111,1,500000,0")
FULL_HEAD = (*HEAD[:-1], *SYSTEM, "HeadEnd")


def read(folder: Path, *texts: str, encoding: str = "utf-8", options: Options | None = None) -> RawFile:
    path = folder / "图.vct"
    path.write_text("\n".join([*FULL_HEAD, *texts]) + "\n", encoding=encoding)
    return read_vct(path, options or Options())


def body(*lines: str, fields: Sequence[str] = FIELDS) -> list[str]:
    table = ["TableStructureBegin", f"DLTB,{len(fields)}", *fields, "0", "TableStructureEnd"]
    shapes = ["PolygonBegin", *polygon(1, 500_000.0), *polygon(2, 500_100.0), "PolygonEnd"]
    return [*CODE, *table, *shapes, "AttributeBegin", "DLTB", *lines, "TableEnd", "AttributeEnd"]


def test_attributes_by_name_without_the_empty_and_the_binary_ones(tmp_path: Path) -> None:
    found = read(tmp_path, *body("1,B1, 东区 ,a.bin,12.5", "2,B2,,b.bin,"))
    assert [site.attributes for site in found.sites] == [
        {"BSM": "B1", "MC": "东区", "TBMJ": "12.5"},
        {"BSM": "B2"},
    ]
    assert [site.stated_id for site in found.sites] == ["", ""]
    assert [site.warnings for site in found.sites] == [(), ()]
    assert found.declared is not None
    assert (found.declared.crs, found.encoding, found.warnings) == ("EPSG:4546", "utf-8-sig", ())


def test_the_id_of_the_object_is_the_first_field_when_one_value_is_missing(tmp_path: Path) -> None:
    found = read(tmp_path, *body("1,东区,a.bin,12.5", "2,西区,b.bin,3"))
    assert [site.attributes["BSM"] for site in found.sites] == ["1", "2"]
    assert [site.attributes["MC"] for site in found.sites] == ["东区", "西区"]


@pytest.mark.parametrize(("line", "count"), [("1,a,b", 2), ("1,a,b,c,d,e", 5)])
def test_a_row_with_another_number_of_values_is_left_out_and_told(tmp_path: Path, line: str, count: int) -> None:
    first = read(tmp_path, *body(line)).sites[0]
    assert first.attributes == {}
    assert first.stated_id == "1"
    assert first.warnings[0].zh.endswith(f"对象 1 的属性有 {count} 项，表 DLTB 有 4 个字段，未取属性")
    assert f"the object 1 has {count} attributes, the table DLTB 4 fields; they were left out" in first.warnings[0].en


def test_without_a_row_the_object_has_its_id_alone(tmp_path: Path) -> None:
    found = read(tmp_path, *body("2,B2,西区,,1"))
    assert [(site.attributes, site.stated_id) for site in found.sites] == [
        ({}, "1"),
        ({"BSM": "B2", "MC": "西区", "TBMJ": "1"}, ""),
    ]


def test_a_table_without_an_own_id_leaves_that_of_the_object(tmp_path: Path) -> None:
    found = read(tmp_path, *body("1,东区", "2,西区", fields=("MC,Char",)))
    assert [(site.attributes["MC"], site.stated_id) for site in found.sites] == [("东区", "1"), ("西区", "2")]


@pytest.mark.parametrize("name", ["bsm", "Bsm"])
def test_the_own_id_in_any_capitals(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, *body("1,7,东区", "2,8,西区", fields=(f"{name},Int", "MC,Char")))
    assert [site.stated_id for site in found.sites] == ["", ""]


def test_odd_rows_are_told_once_with_the_first(tmp_path: Path) -> None:
    found = read(tmp_path, *body("1,B1,东", "区,a.bin,1", "2,B2,西", "区,b.bin,2"))
    assert len(found.warnings) == 1
    zh, en = found.warnings[0].zh, found.warnings[0].en
    assert "属性表中有 2 行不是以标识码开头（此行为首），未取这些属性" in zh
    assert "2 lines of the attributes do not begin with an id (this is the first); they were left out" in en
    # 7 lines of head, 3 of codes, 8 of tables, 28 of polygons, then the beginning, the name and a row.
    assert zh.startswith(f"图.vct:{7 + 3 + 8 + 28 + 4}：")


def test_texts_in_gbk(tmp_path: Path) -> None:
    found = read(tmp_path, *body("1,B1,东区项目范围,,1"), encoding="gb18030")
    assert (found.encoding, found.sites[0].attributes["MC"]) == ("gb18030", "东区项目范围")


def test_the_layer_that_is_asked_for(tmp_path: Path) -> None:
    assert len(read(tmp_path, *body("1,B1,东区,,1"), options=Options(layer="dltb")).sites) == 2
    zh, en = both(lambda: read(tmp_path, *body(), options=Options(layer="XZQ")), SiteError)
    assert zh == "图.vct：没有图层 XZQ；可选：2001 地类图斑 DLTB（2 个）"
    assert en == "图.vct: there is no layer XZQ; there are: 2001 地类图斑 DLTB (2)"


def test_a_file_without_objects(tmp_path: Path) -> None:
    assert both(lambda: read(tmp_path, *CODE), SiteError) == (
        "图.vct：没有任何图形；请重新导出",
        "图.vct: it holds no features; export it again",
    )
