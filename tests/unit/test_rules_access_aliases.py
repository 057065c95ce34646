"""The names of columns in lists of authorities: what a title means, however it is written or cut."""

import pytest

from zoning.rules.access.aliases import class_named, cut_names, dimension_named, field_named, title_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("管控单元编码", "管控单元编码"),
        ("  管控 单元\t编码\r\n", "管控单元编码"),
        ("管控单元编码：", "管控单元编码"),
        ("*管控单元编码*", "管控单元编码"),
        ("_编码_", "编码"),
        ("编码。", "编码"),
        ("编码,", "编码"),
        ("编码、", "编码"),
        ("-编码-", "编码"),
        ("hjgkdybm", "HJGKDYBM"),
        # Full-width letters and digits are the half-width ones.
        ("ＨＪＧＫＤＹＢＭ", "HJGKDYBM"),
        # Remarks in brackets of all kinds.
        ("编码（13位）", "编码"),
        ("编码(13位)", "编码"),
        ("编码[13位]", "编码"),
        ("编码【13位】", "编码"),
        ("编码{13位}", "编码"),
        ("（必填）编码（13位）", "编码"),
        # Numbering before a title.
        ("1.空间布局约束", "空间布局约束"),
        ("1、空间布局约束", "空间布局约束"),
        ("12、空间布局约束", "空间布局约束"),
        ("一、空间布局约束", "空间布局约束"),
        ("四、资源利用效率", "资源利用效率"),
        ("1)空间布局约束", "空间布局约束"),
        # A number of three digits is no numbering.
        ("123、空间", "123、空间"),
        # Signs without width, byte-order mark, a sign that could not be decoded.
        ("\ufeff编码", "编码"),
        ("编\u200b码", "编码"),
        ("编\ufffd码", "编码"),
        ("编\x00码", "编码"),
        ("", ""),
        ("（备注）", ""),
    ],
)
def test_a_title_is_compared_without_what_does_not_name_it(text: str, key: str) -> None:
    assert title_key(text) == key


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("空间布局约束", "spatial-layout"),
        ("空间布局", "spatial-layout"),
        ("KJBJYS", "spatial-layout"),
        ("kjbjys", "spatial-layout"),
        ("污染物排放管控", "pollutant-discharge"),
        ("污染物管控", "pollutant-discharge"),
        ("PWWPFGK", "pollutant-discharge"),
        ("WRWPFGK", "pollutant-discharge"),
        ("环境风险防控", "risk-control"),
        ("风险防控", "risk-control"),
        ("HJFXFK", "risk-control"),
        ("资源开发效率要求", "resource-efficiency"),
        # The word of Shanxi and the national one are one dimension.
        ("资源利用效率", "resource-efficiency"),
        ("ZYKFXLYQ", "resource-efficiency"),
        ("ZYLYXL", "resource-efficiency"),
        ("2.污染物排放管控（单元级）：", "pollutant-discharge"),
        ("三、环境风险防控", "risk-control"),
    ],
)
def test_each_name_of_a_dimension_is_known(text: str, dimension: str) -> None:
    assert dimension_named(text) == dimension


@pytest.mark.parametrize("text", ["", "管控要求", "空间", "禁止新建空间布局约束外的项目", "HJGKDYBM", "环境"])
def test_what_only_resembles_a_dimension_is_none(text: str) -> None:
    assert dimension_named(text) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("HJGKDYBM", "code"),
        ("环境管控单元编码", "code"),
        ("单元编号", "code"),
        ("单元代码", "code"),
        ("编码", "code"),
        ("HJGKDYMC", "name"),
        ("管控单元名称", "name"),
        ("名称", "name"),
        ("ZHGKDYFL", "class"),
        ("管控单元类别", "class"),
        ("分类", "class"),
        ("省份", "province"),
        ("PROV", "province"),
        ("设区市", "city"),
        ("City", "city"),
        ("区/县", "county"),
        ("县（市、区）", "county"),
        ("行政区划", "county"),
        ("管控维度", "dimension"),
        ("管控要求", "requirement"),
        ("生态环境准入清单", "requirement"),
        # 编号 alone counts the rows; it is no code of a unit.
        ("编号", "serial"),
        ("序号", "serial"),
        ("objectid", "serial"),
    ],
)
def test_each_name_of_a_field_is_known(text: str, field: str) -> None:
    assert field_named(text) == field


@pytest.mark.parametrize("text", ["", "面积", "备注", "空间布局约束", "单元", "编码编码"])
def test_a_title_that_names_no_field_is_none(text: str) -> None:
    assert field_named(text) is None


@pytest.mark.parametrize(
    ("text", "unit_class"),
    [
        ("优先保护单元", "priority"),
        ("优先保护", "priority"),
        ("重点管控单元", "key"),
        ("重点", "key"),
        ("一般管控单元", "general"),
        ("一般", "general"),
        ("1", "priority"),
        ("2", "key"),
        ("3", "general"),
        ("３", "general"),
        ("priority", "priority"),
        ("Key control unit", "key"),
        ("GENERAL", "general"),
        (" 重 点 管控单元 ", "key"),
        ("（陆域）优先保护单元", "priority"),
        ("1.优先保护单元", "priority"),
    ],
)
def test_a_cell_names_its_class(text: str, unit_class: str) -> None:
    assert class_named(text) == unit_class


@pytest.mark.parametrize("text", ["", "全部", "4", "0", "管控单元", "非重点", "其他优先"])
def test_what_names_no_class_is_none(text: str) -> None:
    assert class_named(text) is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        # Five signs of GBK, three of UTF-8: what ten bytes hold.
        ("环境管控单", {"code", "name", "class"}),
        ("环境管", {"code", "name", "class"}),
        ("管控单", {"code", "name", "class"}),
        ("管控维", {"dimension"}),
        ("设区市", {"city"}),
        ("所属区", {"county"}),
        # Two and four signs are no ten bytes.
        ("环境", set()),
        ("环境管控", set()),
        ("环境管控单元", set()),
    ],
)
def test_fields_that_a_cut_chinese_title_can_mean(text: str, fields: set[str]) -> None:
    assert cut_names(text)[0] == fields


@pytest.mark.parametrize(
    ("text", "dimensions"),
    [
        ("空间布局约", {"spatial-layout"}),
        ("空间布", {"spatial-layout"}),
        ("污染物排放", {"pollutant-discharge"}),
        ("污染物", {"pollutant-discharge"}),
        ("环境风险防", {"risk-control"}),
        ("环境风", {"risk-control"}),
        ("资源开发效", {"resource-efficiency"}),
        ("资源利", {"resource-efficiency"}),
        ("空间布局", set()),
        ("备注栏", set()),
    ],
)
def test_dimensions_that_a_cut_chinese_title_can_mean(text: str, dimensions: set[str]) -> None:
    assert cut_names(text)[1] == dimensions


@pytest.mark.parametrize("text", ["HJGKDYBM", "HJGKD", "HJZHGKDYB", "KJBJYS"])
def test_a_latin_title_of_another_length_than_ten_was_not_cut(text: str) -> None:
    assert cut_names(text) == (frozenset(), frozenset())


@pytest.mark.parametrize("text", ["HJZHGKDYBM", "STHJGKDYBM"])
def test_a_latin_title_of_ten_letters_can_be_a_whole_name(text: str) -> None:
    assert cut_names(text) == (frozenset({"code"}), frozenset())


def test_a_cut_title_is_compared_as_a_whole_one_is() -> None:
    assert cut_names(" 空间 布局约（略）") == (frozenset(), frozenset({"spatial-layout"}))
