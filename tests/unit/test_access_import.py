"""Lists of authorities become units and clauses; whatever is not taken over stands in the ledger."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from access_world import DIMENSIONS, GENERAL, HEADER, KEY, PRIORITY, workbook
from zoning.rules.access.importing import Imported, import_table
from zoning.rules.access.ledger import Kind
from zoning.rules.access.sheets import Sheet
from zoning.rules.access.tables import TableFile, read_table_file
from zoning.rules.access.words import Level

ROW = (GENERAL, "某镇一般管控单元", "阳城县", "一般管控单元", "1.禁止甲。2.限制乙。", "排放要求。", "/", "节水。")


def imported(path: Path, level: Level = "unit", sheet: str | None = None) -> Imported:
    return import_table(read_table_file(path), level, sheet=sheet)


def table(*rows: tuple[str, ...], name: str = "list.csv", sheet: str = "") -> TableFile:
    page = Sheet(sheet, tuple(tuple(map(str, row)) for row in rows), tuple(range(1, len(rows) + 1)))
    return TableFile(name, "0" * 64, (page,))


def remarks(found: Imported, kind: Kind) -> list[str]:
    return [remark.text.zh for remark in found.ledger.remarks if remark.kind == kind]


def clauses(found: Imported) -> list[tuple[str, str | None, str, str, str]]:
    return [(c.number, c.unit, c.dimension, c.printed, c.text) for c in found.clauses]


EXPECTED = [
    ("1-1", GENERAL, "spatial-layout", "1.", "禁止甲。"),
    ("1-2", GENERAL, "spatial-layout", "2.", "限制乙。"),
    ("2-1", GENERAL, "pollutant-discharge", "", "排放要求。"),
    ("4-1", GENERAL, "resource-efficiency", "", "节水。"),
]


def test_a_plain_workbook(tmp_path: Path) -> None:
    found = imported(workbook(tmp_path / "a.xlsx", [HEADER, ROW]))
    assert clauses(found) == EXPECTED
    (unit,) = found.units
    assert (unit.code, unit.name, unit.class_, unit.county) == (GENERAL, "某镇一般管控单元", "general", "阳城县")
    assert unit.no_clause == {"risk-control": "/"}
    assert remarks(found, "says_none") == [f"工作表“清单”第 2 行：{GENERAL} 环境风险防控 /"]
    assert found.sheets == ("清单",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimited_text_in_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADER), delimiter.join(ROW)]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert clauses(imported(path)) == EXPECTED


@pytest.mark.parametrize(
    "header",
    [
        ("HJGKDYBM", "HJGKDYMC", "COUNTY", "ZHGKDYFL", "KJBJYS", "PWWPFGK", "HJFXFK", "ZYKFXLYQ"),
        ("hjzhgkdybm", "hjzhgkdymc", "county", "zhgkdyfl", "kjbjys", "wrwpfgk", "hjfxfk", "zylyxl"),
        ("生态环境管控单元编码", "单元名称", "县（市、区）", "单元分类", *DIMENSIONS[:3], "资源利用效率"),
        (
            "管控单元\n编码",
            " 管控单元 名称",
            "区/县",
            "管控类别",
            "空间布局约束\n",
            "污染物排放管控\r\n",
            "环境风险防控 ",
            "资源开发效率",
        ),
        (
            "\ufeff环境管控单元编码（13位）",
            "名称*",
            "区县",
            "类别",
            *(f"{n}.{d}要求" for n, d in enumerate(DIMENSIONS[:3], 1)),
            "4、资源利用效率要求",
        ),
        # What a shapefile leaves of the names: ten bytes of GBK.
        ("环境管控单", "环境管控单", "县", "环境管控单", "空间布局约", "污染物排放", "环境风险防", "资源开发效"),
        # ... and of UTF-8, with a broken character at the end.
        ("环境管\ufffd", "名称", "县", "分类", "空间布\ufffd", "污染物\ufffd", "环境风\ufffd", "资源开\ufffd"),
        # No title for the codes at all.
        ("", "名称", "县", "分类", *DIMENSIONS),
    ],
)
def test_headers_in_every_spelling(header: tuple[str, ...]) -> None:
    found = import_table(table(header, ROW), "unit")
    assert clauses(found) == EXPECTED
    assert (found.units[0].name, found.units[0].county, found.units[0].class_) == (ROW[1], "阳城县", "general")


def test_a_cut_header_is_told() -> None:
    header = ("编码", "名称", "县", "分类", "空间布局约", *DIMENSIONS[1:])
    assert remarks(import_table(table(header, ROW), "unit"), "column_guessed") == ["空间布局约 → spatial-layout"]


def test_title_rows_above_and_notes_below() -> None:
    found = import_table(
        table(("某县生态环境准入清单",), ("", "2024年"), HEADER, ROW, ("注：本表解释权归某局",), ("合计", "1")), "unit"
    )
    assert clauses(found) == EXPECTED
    assert remarks(found, "above_header") == ["第 1 行：某县生态环境准入清单", "第 2 行：2024年"]
    assert remarks(found, "row_without_code") == ["第 5 行：注：本表解释权归某局", "第 6 行：合计 | 1"]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    top = ("序号", "环境管控单元编码", "名称", "管控要求", "", "", "", "面积")
    under = ("", "", "", *DIMENSIONS, "")
    row = ("1", GENERAL, "某单元", *ROW[4:], "3.5")
    assert clauses(import_table(table(top, under, row), "unit")) == EXPECTED
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:G1", "H1:H2"]
    found = imported(workbook(tmp_path / "a.xlsx", [top, under, row], merged))
    assert clauses(found) == EXPECTED
    assert remarks(found, "column_not_read") == ["工作表“清单”：面积"]
    assert remarks(found, "above_header") == []


def test_merged_cells_hold_for_every_row(tmp_path: Path) -> None:
    rows = [
        HEADER,
        (PRIORITY, "甲", "阳城县", "优先", "禁止甲。", "排放。", "风险。", "节水。"),
        (KEY, "乙", "", "重点"),
    ]
    found = imported(workbook(tmp_path / "a.xlsx", rows, ["C2:C3", "E2:E3"]))
    assert [unit.county for unit in found.units] == ["阳城县", "阳城县"]
    assert [c.unit for c in found.clauses if c.text == "禁止甲。"] == [PRIORITY, KEY]
    assert remarks(found, "empty_dimension") == [
        f"工作表“清单”第 3 行：{KEY} {name}" for name in ("污染物排放管控", "环境风险防控", "资源开发效率要求")
    ]


LONG = [
    ("管控单元编码", "单元名称", "管控维度", "管控要求"),
    (GENERAL, "某单元", "空间布局约束", "1.禁止甲。2.限制乙。"),
    ("", "", "污染物排放管控", "排放要求。"),
    ("", "", "环境风险防控", "/"),
    ("", "", "资源利用效率要求", "节水。"),
]


def test_one_row_per_dimension(tmp_path: Path) -> None:
    by_hand = import_table(table(*LONG), "unit")
    assert clauses(by_hand) == EXPECTED
    assert remarks(by_hand, "code_from_above") == [f"第 {row} 行：{GENERAL}" for row in (3, 4, 5)]
    merged = imported(workbook(tmp_path / "a.xlsx", LONG, ["A2:A5", "B2:B5"]))
    assert clauses(merged) == EXPECTED
    assert remarks(merged, "code_from_above") == []


def test_one_row_per_clause_below_a_merged_dimension(tmp_path: Path) -> None:
    rows = [("编码", "管控维度", "管控要求"), (GENERAL, "空间布局约束", "禁止甲。"), (GENERAL, "", "限制乙。")]
    expected = [(f"1-{n}", GENERAL, "spatial-layout", "", text) for n, text in ((1, "禁止甲。"), (2, "限制乙。"))]
    assert clauses(imported(workbook(tmp_path / "a.xlsx", rows, ["B2:B3"]))) == expected
    assert clauses(import_table(table(*rows), "unit")) == expected


@pytest.mark.parametrize("level", ["province", "city", "county"])
@pytest.mark.parametrize(
    "rows",
    [
        [("管控维度", "管控要求"), *((d, f"{d}的要求。") for d in DIMENSIONS)],
        [(d, f"{d}的要求。") for d in DIMENSIONS],
        [("某市总体准入要求",), ("", *DIMENSIONS), ("", *(f"{d}的要求。" for d in DIMENSIONS))],
    ],
)
def test_lists_above_the_units(level: Level, rows: list[tuple[str, ...]]) -> None:
    found = import_table(table(*rows), level)
    assert [(c.number, c.level, c.unit, c.text) for c in found.clauses] == [
        (f"{n}-1", level, None, f"{d}的要求。") for n, d in enumerate(DIMENSIONS, 1)
    ]
    assert found.units == ()


def test_a_wider_list_by_classes_of_units() -> None:
    rows = [
        ("管控类别", *DIMENSIONS),
        ("优先保护单元", "禁止甲。", "", "", ""),
        ("重点管控单元", "限制乙。", "", "", ""),
    ]
    found = import_table(table(*rows), "city")
    assert [(c.number, c.classes, c.text) for c in found.clauses] == [
        ("1-1", ("priority",), "禁止甲。"),
        ("1-2", ("key",), "限制乙。"),
    ]


def test_printed_numbers_become_the_numbers() -> None:
    found = import_table(table(("编码", "空间布局约束"), (GENERAL, "1-3 禁止甲。\n1-4 限制乙。\n1-3 又一条。")), "unit")
    assert [(c.number, c.printed) for c in found.clauses] == [("1-3", "1-3"), ("1-4", "1-4"), ("1-1", "1-3")]


def test_several_units_in_one_cell() -> None:
    found = import_table(table(("编码", "空间布局约束"), (f"{PRIORITY}、{KEY}（含）", "禁止甲。")), "unit")
    assert [(c.unit, c.text) for c in found.clauses] == [(PRIORITY, "禁止甲。"), (KEY, "禁止甲。")]
    assert remarks(found, "beside_code") == ["第 2 行：(含)"]


def test_a_unit_in_two_rows_gets_the_clauses_of_both() -> None:
    rows = [("编码", "要素细类", "空间布局约束"), (GENERAL, "水", "禁止甲。"), (GENERAL, "大气", "限制乙。")]
    found = import_table(table(*rows), "unit")
    assert [(c.number, c.text) for c in found.clauses] == [("1-1", "禁止甲。"), ("1-2", "限制乙。")]
    assert remarks(found, "unit_again") == [f"第 3 行：{GENERAL}"]
    assert remarks(found, "column_not_read") == ["要素细类"]


def test_codes_in_full_width_with_spaces_and_as_formula_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'编码,空间布局约束\n"=""{PRIORITY}""",禁止甲。\nｚｈ1405222 0001,限制乙。\n', encoding="utf-8")
    assert [(c.unit, c.text) for c in imported(path).clauses] == [(PRIORITY, "禁止甲。"), (KEY, "限制乙。")]


def test_rows_that_no_code_names_are_told_with_their_words() -> None:
    rows = [("编码", "空间布局约束"), (GENERAL, "禁止甲。"), ("", "续行的文字。"), ("ZH14052240001", "限制乙。")]
    found = import_table(table(*rows), "unit")
    assert remarks(found, "row_without_code") == ["第 3 行：续行的文字。", "第 4 行：ZH14052240001 | 限制乙。"]


def test_words_that_are_no_clauses_are_told() -> None:
    rows = [
        ("编码", *DIMENSIONS),
        (GENERAL, "空间布局约束：\n1.甲。", "同上", "#REF!", "无。"),
        ("编码", *DIMENSIONS),
        (KEY, "1.\n2.乙。", "", "", ""),
    ]
    found = import_table(table(*rows), "unit")
    assert [(c.unit, c.text) for c in found.clauses] == [(GENERAL, "甲。"), (GENERAL, "同上"), (KEY, "乙。")]
    assert remarks(found, "heading") == ["第 2 行：空间布局约束："]
    assert remarks(found, "ditto") == ["第 2 行：污染物排放管控 同上"]
    assert remarks(found, "row_not_read") == ["第 2 行：#REF!"]
    assert remarks(found, "header_again") == ["第 3 行"]
    assert remarks(found, "empty_clause") == ["第 4 行：1."]
    assert found.units[0].no_clause == {"resource-efficiency": "无。"}


def test_hidden_sheets_and_rows_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ROW])
    book = load_workbook(path)
    old = book.create_sheet("旧版")
    for row in (HEADER, (KEY, *ROW[1:3], "重点", *ROW[4:])):
        old.append(row)
    old.sheet_state = "hidden"
    book.create_sheet("说明").append(["填表说明"])
    book["清单"].row_dimensions[2].hidden = True
    book.save(path)
    found = imported(path)
    assert clauses(found) == EXPECTED
    assert remarks(found, "sheet_not_read") == ["工作表“旧版”：（隐藏）", "工作表“说明”"]
    assert remarks(found, "row_hidden") == ["工作表“清单”第 2 行"]
    assert [c.unit for c in imported(path, sheet="旧版").clauses] == [KEY] * 4


def test_every_sheet_that_is_a_list_is_read(tmp_path: Path) -> None:
    book = Workbook()
    for title, code in (("优先", PRIORITY), ("重点", KEY)):
        page = book.create_sheet(title)
        page.append(["编码", "空间布局约束"])
        page.append([code, f"{title}的要求。"])
    book.save(tmp_path / "a.xlsx")
    found = imported(tmp_path / "a.xlsx")
    assert [(c.unit, c.text) for c in found.clauses] == [(PRIORITY, "优先的要求。"), (KEY, "重点的要求。")]
    assert found.sheets == ("优先", "重点")


def test_numbers_dates_and_stored_results_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [("编码", *DIMENSIONS), (GENERAL, 3, 2.5, date(2024, 1, 2), True)])
    assert [c.text for c in imported(path).clauses] == ["3", "2.5", "2024-01-02", "TRUE"]


def test_two_thousand_rows(tmp_path: Path) -> None:
    rows = [
        (f"ZH140522{1 + n % 3}{n:04d}", f"单元{n}", "阳城县", "", f"1.禁止甲{n}。2.限制乙。", "排放。", "/", "节水。")
        for n in range(1, 2001)
    ]
    found = imported(workbook(tmp_path / "a.xlsx", [HEADER, *rows]))
    assert len(found.units) == 2000
    assert len(found.clauses) == 8000
    assert found.clauses[-4].text == "禁止甲2000。"
    assert len(remarks(found, "says_none")) == 2000


CELL = st.text(st.sampled_from("禁止甲乙。；：1234.、（）①② \n无/同上"), max_size=25)


@given(st.lists(st.tuples(st.sampled_from([GENERAL, KEY, "", "合计"]), CELL, CELL), min_size=1, max_size=6))
def test_every_word_of_the_table_is_a_clause_or_stands_in_the_ledger(rows: list[tuple[str, str, str]]) -> None:
    first = (PRIORITY, "开头。", "开头。")
    found = import_table(table(("编码", "空间布局约束", "污染物排放管控"), first, *rows), "unit")
    written = "".join(c.printed + c.text for c in found.clauses)
    told = "".join(remark.what for remark in found.ledger.remarks)
    kept = {sign: (written + told).count(sign) for sign in "禁止甲乙同无合计"}
    for sign, count in kept.items():
        assert count >= sum("".join(row).count(sign) for row in rows), (sign, rows)
