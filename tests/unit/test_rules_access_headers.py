"""Where a sheet holds what: headers wherever they stand, of one row or two, cut titles, columns known by content."""

import pytest

from zoning.rules.access.headers import Layout, find_layout
from zoning.rules.access.sheets import Sheet

CODE, OTHER_CODE = "ZH14052210001", "ZH14052220002"
FOUR = ("空间布局约束", "污染物排放管控", "环境风险防控", "资源开发效率要求")
DIMENSIONS = ("spatial-layout", "pollutant-discharge", "risk-control", "resource-efficiency")
CLAUSES = ("禁止采石。", "达标排放。", "编制预案。", "节约用水。")


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("清单", rows, tuple(range(1, len(rows) + 1)))


def units(*rows: tuple[str, ...]) -> Layout:
    layout = find_layout(sheet(*rows), needs_code=True)
    assert layout is not None
    return layout


def test_a_header_in_the_first_row_is_found() -> None:
    layout = units(("单元编码", "单元名称", *FOUR), (CODE, "甲", *CLAUSES))
    assert (layout.header, layout.first_row) == (0, 1)
    assert layout.columns == {"code": 0, "name": 1}
    assert layout.dimensions == tuple(zip(DIMENSIONS, range(2, 6), strict=True))
    assert (layout.unknown, layout.guessed, layout.long) == ((), (), False)


@pytest.mark.parametrize("titles", [1, 2, 39])
def test_a_header_below_titles_is_found(titles: int) -> None:
    above = (("某县生态环境准入清单",),) * titles
    layout = units(*above, ("单元编码", *FOUR), (CODE, *CLAUSES))
    assert (layout.header, layout.first_row) == (titles, titles + 1)


def test_a_header_below_the_first_rows_is_not_looked_for() -> None:
    assert find_layout(sheet(*(("说明",),) * 41, ("单元编码", *FOUR), (CODE, *CLAUSES)), needs_code=True) is None


def test_a_header_of_two_rows_is_read_together() -> None:
    layout = units(
        ("管控单元", "管控单元", "管控要求", "管控要求", "管控要求", "管控要求"),
        ("编码", "名称", *FOUR),
        (CODE, "甲", *CLAUSES),
    )
    assert layout.first_row == 2
    assert layout.columns == {"code": 0, "name": 1}
    assert [name for name, _ in layout.dimensions] == list(DIMENSIONS)


def test_titles_over_both_rows_of_a_header_are_read_once() -> None:
    layout = units(
        ("单元编码", "单元名称", "管控要求", "管控要求"),
        ("单元编码", "单元名称", FOUR[0], FOUR[1]),
        (CODE, "甲", "禁止采石。", "达标排放。"),
    )
    assert layout.first_row == 2
    assert layout.columns == {"code": 0, "name": 1}
    assert layout.unknown == ()


def test_columns_without_a_meaning_are_told_in_their_order() -> None:
    layout = units(("备注", "单元编码", "面积", *FOUR, "  "), ("", CODE, "3", *CLAUSES, ""))
    assert layout.unknown == ((0, "备注"), (2, "面积"))


def test_the_second_column_of_a_field_is_told_as_not_read() -> None:
    layout = units(("单元编码", "单元名称", "名称", *FOUR), (CODE, "甲", "乙", *CLAUSES))
    assert layout.columns["name"] == 1
    assert layout.unknown == ((2, "名称"),)


def test_two_columns_can_hold_one_dimension() -> None:
    layout = units(("单元编码", "空间布局约束", "空间布局管控", "环境风险防控"), (CODE, "甲", "乙", "丙"))
    assert layout.dimensions == (("spatial-layout", 1), ("spatial-layout", 2), ("risk-control", 3))


def test_requirements_beside_columns_of_dimensions_are_told_as_not_read() -> None:
    layout = units(("单元编码", "管控维度", "管控要求", *FOUR), (CODE, "甲", "乙", *CLAUSES))
    assert set(layout.columns) == {"code"}
    assert layout.unknown == ((1, "管控维度"), (2, "管控要求"))


def test_a_list_with_a_row_for_each_dimension_is_long() -> None:
    layout = units(("单元编码", "管控维度", "管控要求"), (CODE, FOUR[0], "禁止采石。"), (CODE, FOUR[1], "达标排放。"))
    assert layout.long
    assert layout.columns == {"code": 0, "dimension": 1, "requirement": 2}
    assert (layout.first_row, layout.dimensions) == (1, ())


@pytest.mark.parametrize(
    ("columns", "dimensions", "long"),
    [
        ({"dimension": 0, "requirement": 1}, (), True),
        ({"dimension": 0}, (), False),
        ({"requirement": 1}, (), False),
        ({"dimension": 0, "requirement": 1}, (("risk-control", 2),), False),
    ],
)
def test_a_long_layout_has_both_columns_and_no_dimension_of_its_own(
    columns: dict[str, int], dimensions: tuple[tuple[str, int], ...], *, long: bool
) -> None:
    assert Layout(0, 1, columns, dimensions).long is long  # type: ignore[arg-type]  # words of a made-up header


@pytest.mark.parametrize(
    "rows",
    [
        # No code anywhere.
        (("单元名称", *FOUR), ("甲", *CLAUSES)),
        # No dimension.
        (("单元编码", "单元名称"), (CODE, "甲")),
        (("编码", "面积"), (CODE, "3")),
        (),
        ((),),
        (("",), ("",)),
    ],
)
def test_a_sheet_that_is_no_list_of_units_has_no_layout(rows: tuple[tuple[str, ...], ...]) -> None:
    assert find_layout(sheet(*rows), needs_code=True) is None


def test_one_dimension_beside_a_code_is_a_list() -> None:
    assert units(("单元编码", "空间布局约束"), (CODE, "禁止采石。")).dimensions == (("spatial-layout", 1),)


@pytest.mark.parametrize("title", ["管控单元标识", ""])
def test_the_column_that_holds_codes_is_known_by_its_content(title: str) -> None:
    layout = units((title, *FOUR), (CODE, *CLAUSES), (OTHER_CODE, *CLAUSES))
    assert layout.columns == {"code": 0}
    assert layout.guessed == ((0, title, "code"),)
    assert layout.unknown == ()


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ((CODE, OTHER_CODE, "合计"), True),
        # Just half is no majority.
        ((CODE, "合计"), False),
        ((CODE, "小计", "合计"), False),
        # Empty cells do not count.
        ((CODE, "", ""), True),
        (("", ""), False),
    ],
)
def test_a_column_holds_codes_where_most_of_its_cells_do(cells: tuple[str, ...], *, found: bool) -> None:
    rows = [(cell, *CLAUSES) for cell in cells]
    assert (find_layout(sheet(("标识", *FOUR), *rows), needs_code=True) is not None) is found


@pytest.mark.parametrize(
    ("titles", "below", "columns"),
    [
        # Three titles cut to one: what stands below tells them apart.
        (("环境管控单",) * 3, (CODE, "甲单元", "重点管控单元"), {"code": 0, "name": 1, "class": 2}),
        (("环境管控单",) * 3, ("重点管控单元", CODE, "甲单元"), {"class": 0, "code": 1, "name": 2}),
        (("环境管",) * 2, ("甲单元", CODE), {"name": 0, "code": 1}),
        (("环境管控单",) * 2, (CODE, "2"), {"code": 0, "class": 1}),
    ],
)
def test_cut_titles_are_told_apart_by_content(
    titles: tuple[str, ...], below: tuple[str, ...], columns: dict[str, int]
) -> None:
    layout = units((*titles, *FOUR), (*below, *CLAUSES))
    assert layout.columns == columns
    meant = {place: name for name, place in columns.items()}
    assert layout.guessed == tuple((place, title, meant[place]) for place, title in enumerate(titles))


def test_cut_titles_of_dimensions_are_inferred_and_told() -> None:
    layout = units(
        ("编码", "空间布局约", "污染物排放", "环境风险防", "资源开发效"),
        (CODE, *CLAUSES),
    )
    assert layout.dimensions == tuple(zip(DIMENSIONS, range(1, 5), strict=True))
    # 污染物排放 is a name of its own, the others are none.
    assert [column for column, _, _ in layout.guessed] == [1, 3, 4]


def test_a_cut_title_of_a_field_that_is_known_already_is_not_read() -> None:
    layout = units(("PROV", "所属省", "单元编码", *FOUR), ("山西", "山西", CODE, *CLAUSES))
    assert layout.columns["province"] == 0
    assert layout.unknown == ((1, "所属省"),)


def test_the_fuller_of_two_headers_is_taken() -> None:
    layout = units(
        ("单元编码", "空间布局约束"),
        ("单元编码", "单元名称", "单元分类", *FOUR),
        (CODE, "甲", "重点", *CLAUSES),
    )
    assert layout.header == 1
    assert set(layout.columns) == {"code", "name", "class"}


def test_a_repeated_header_does_not_replace_the_first() -> None:
    header = ("单元编码", *FOUR)
    assert units(header, (CODE, *CLAUSES), header, (OTHER_CODE, *CLAUSES)).header == 0


@pytest.mark.parametrize(
    ("rows", "first", "columns"),
    [
        ((("空间布局约束", "禁止采石。"), ("环境风险防控", "编制预案。")), 0, (0, 1)),
        ((("说明",), ("空间布局约束", "禁止采石。"), ("环境风险防控", "编制预案。")), 1, (0, 1)),
        # An empty column between them.
        ((("空间布局约束", "", "禁止采石。"), ("环境风险防控", "", "编制预案。")), 0, (0, 2)),
        ((("1", "空间布局约束", "禁止采石。"), ("2", "环境风险防控", "编制预案。")), 0, (1, 2)),
    ],
)
def test_a_plain_list_of_dimension_and_requirement_needs_no_header(
    rows: tuple[tuple[str, ...], ...], first: int, columns: tuple[int, int]
) -> None:
    layout = find_layout(sheet(*rows), needs_code=False)
    assert layout is not None
    assert (layout.header, layout.first_row) == (first, first)
    assert layout.columns == {"dimension": columns[0], "requirement": columns[1]}
    assert layout.long


@pytest.mark.parametrize(
    "rows",
    [
        # One dimension alone may be a title.
        (("空间布局约束", "禁止采石。"), ("其他", "编制预案。")),
        (("空间布局约束", "禁止采石。"), ("空间布局约束", "禁止开荒。")),
        # No words beside them.
        (("空间布局约束",), ("环境风险防控",)),
        (("空间布局约束", " "), ("环境风险防控", "")),
        (),
    ],
)
def test_what_is_no_plain_list_has_no_layout(rows: tuple[tuple[str, ...], ...]) -> None:
    assert find_layout(sheet(*rows), needs_code=False) is None


def test_a_plain_list_is_no_list_of_units() -> None:
    rows = (("空间布局约束", "禁止采石。"), ("环境风险防控", "编制预案。"))
    assert find_layout(sheet(*rows), needs_code=True) is None


def test_columns_of_dimensions_without_a_code_are_a_list_where_none_is_needed() -> None:
    layout = find_layout(sheet(FOUR, CLAUSES), needs_code=False)
    assert layout is not None
    assert (layout.first_row, [name for name, _ in layout.dimensions]) == (1, list(DIMENSIONS))
