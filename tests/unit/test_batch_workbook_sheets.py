"""The results of a batch as a workbook: every sheet cell by cell, of rows made by hand."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import Workbook, load_workbook

import tiny_workspace
from both_languages import both
from zoning.batch import workbook
from zoning.batch.columns import layer_columns, schema_of, table_of
from zoning.batch.tally import LayerCount, Tally
from zoning.batch.workbook import MOST_ROWS, Subject, render_workbook
from zoning.errors import ContentError
from zoning.maps.made import Made
from zoning.texts import Language, Text
from zoning.workspace import Workspace as ZoningWorkspace

MADE = Made("2026-06-01", "1.0.0", "某局")
CHECKED: dict[str, Any] = {
    "number": 1,
    "id": "DK01",
    "name": "地块一",
    "status": "checked",
    "decision": "prohibited",
    "area_m2": 15_890.995,
    "area_ha": 1.5890995,
    "area_mu": 23.8364925,
    "longitude": 112.4123456,
    "latitude": 35.5,
    "territories": ["140522", "999999"],
    "deciding_rules": ["R042", "R083"],
    "missing_facts": ["construction", "unheard"],
    "missing_layers": ["water", "forest"],
    "summary_zh": "位于一级区。",
    "summary_en": "It lies in level 1.",
    "verdict_sha256": "0123456789abcdef0123456789abcdef",
    "territory_status": "affected",
    "territory_overlap_m2": 15_890.995,
    "water_status": "affected",
    "water_classes": ["level-1", "level-2"],
    "water_overlap_m2": 10_000.0,
    "water_nearest_m": 0.0,
    "farmland_status": "no_data",
}
REFUSED: dict[str, Any] = {
    "number": 2,
    "name": "=1+1",
    "status": "refused",
    "error_code": "site",
    "error_zh": "面积为零",
    "error_en": "no area",
}
CLEAR = {
    **CHECKED,
    "number": 3,
    "name": None,
    "decision": "permitted",
    "deciding_rules": [],
    "missing_facts": [],
    "missing_layers": [],
    "water_status": "not_affected",
    "water_classes": [],
    "water_overlap_m2": 0.0,
    "water_nearest_m": 321.456,
    "farmland_status": "possible",
    "farmland_classes": ["field"],
    "farmland_overlap_m2": 2_000.0,
    "farmland_nearest_m": 0.0,
}
ROWS = (CHECKED, REFUSED, CLEAR)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> ZoningWorkspace:
    return ZoningWorkspace.open(tiny_workspace.build(tmp_path_factory.mktemp("w")))


@pytest.fixture(scope="module")
def subject(content: ZoningWorkspace) -> Subject:
    return Subject(
        "项目.gpkg",
        "2026-05-31",
        Text("初步研判。", "Preliminary check."),
        schematic=False,
        catalogue=content.catalogue,
        rulebook=content.rulebook,
        territories={"140522": Text("阳城县", "Yangcheng")},
    )


def counted(subject: Subject, rows: Sequence[Mapping[str, Any]]) -> tuple[list[pa.Table], Tally]:
    tables = [table_of(rows[:2], schema_of(subject.catalogue, verdicts=False))]
    if len(rows) > 2:
        tables.append(table_of(rows[2:], schema_of(subject.catalogue, verdicts=False)))
    tally = Tally(tuple(LayerCount(columns) for columns in layer_columns(subject.catalogue)))
    for table in tables:
        tally.add(table)
    return tables, tally


def written(
    subject: Subject, rows: Sequence[Mapping[str, Any]] = ROWS, language: Language = "zh", made: Made = MADE
) -> Workbook:
    content = render_workbook(*counted(subject, rows), subject, language=language, made=made)
    return load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def book(subject: Subject) -> Workbook:
    return written(subject)


@pytest.fixture(scope="module")
def english(subject: Subject) -> Workbook:
    return written(subject, language="en")


def rows(book: Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


# --- summary --------------------------------------------------------------------------------------------------------


def test_sheets_stand_in_the_order_in_which_they_are_read(book: Workbook, english: Workbook) -> None:
    assert book.sheetnames == ["摘要", "图层", "规则", "待补充", "地块", "地块与图层"]
    assert english.sheetnames == ["summary", "layers", "rules", "missing", "sites", "sites and layers"]


def test_the_summary_counts_every_record(book: Workbook) -> None:
    assert [row for row in rows(book, "摘要") if row[0]] == [
        ("边界文件", "项目.gpkg"),
        ("研判日期", "2026-05-31"),
        ("编制", "某局  2026-06-01"),
        ("地块数", 3),
        ("面积合计 / 公顷", pytest.approx(3.178199)),
        ("面积合计 / 亩", pytest.approx(47.672985)),
        ("判定不通过 / 个", 1),
        ("待补充信息 / 个", 0),
        ("受限准入 / 个", 0),
        ("判定通过 / 个", 1),
        ("未研判 / 个", 1),
        ("初步研判。", None),
    ]


def test_figures_of_the_summary_have_their_decimals(book: Workbook) -> None:
    formats = [book["摘要"].cell(row, 2).number_format for row in (4, 5, 6, 7)]
    assert formats == ["#,##0", "#,##0.0000", "#,##0.00", "#,##0"]


def test_the_summary_is_said_in_english_as_well(english: Workbook) -> None:
    titles = [row[0] for row in rows(english, "summary") if row[0]]
    assert titles[3:7] == ["sites", "area in all / ha", "area in all / mu", "prohibited / no."]
    assert titles[10:] == ["refused / no.", "Preliminary check."]


def test_schematic_data_are_said_to_be_so(subject: Subject) -> None:
    made_up = replace(subject, schematic=True)
    assert rows(written(made_up), "摘要")[-1][0] == "示意数据，非法定边界。初步研判。"
    assert rows(written(made_up, language="en"), "summary")[-1][0] == (
        "Schematic data, no legal boundaries. Preliminary check."
    )


def test_nobody_who_made_it_is_no_blank_before_the_day(subject: Subject) -> None:
    book = written(subject, made=replace(MADE, maker=""))
    assert rows(book, "摘要")[2] == ("编制", "2026-06-01")
    assert book.properties.creator == "zoning"


def test_the_file_knows_its_title_and_its_maker(book: Workbook) -> None:
    assert (book.properties.title, book.properties.creator) == ("项目.gpkg", "某局")
    assert str(book.properties.created) == "2026-06-01 00:00:00"


# --- layers, rules, what is missing ---------------------------------------------------------------------------------


def test_layers_are_counted_by_status_and_the_territory_is_none(book: Workbook) -> None:
    head, *told = rows(book, "图层")
    assert head == (
        "图层",
        "涉及 / 个",
        "精度内可能涉及 / 个",
        "不涉及 / 个",
        "数据缺失，未核查 / 个",
        "面积 / m²",
        "面积 / 公顷",
        "面积 / 亩",
        "长度 / m",
    )
    by_name = {row[0]: row[1:] for row in told}
    assert set(by_name) == {"水源", "基本农田"}
    assert by_name["水源"] == (1, 0, 1, 0, 10_000, 1, 15, "—")
    assert by_name["基本农田"] == (0, 1, 0, 1, 2_000, 0.2, 3, "—")


def test_of_a_layer_that_nothing_touches_no_area_is_said(subject: Subject) -> None:
    book = written(subject, [{**CHECKED, "water_status": "no_data", "water_overlap_m2": None}])
    by_name = {row[0]: row[1:] for row in rows(book, "图层")}
    assert by_name["水源"] == (0, 0, 0, 1, "—", "—", "—", "—")


def test_rules_are_told_with_what_they_say_the_most_frequent_first(subject: Subject) -> None:
    book = written(subject, [CHECKED, {**CHECKED, "number": 2, "deciding_rules": ["R083"]}])
    assert rows(book, "规则") == [
        ("决定结论的规则", "内容", "依据", "条款", "地块 / 个"),
        ("R083", "基本农田禁止建设", "甲县规划 甲政发〔2023〕1号", "第一章", 2),
        ("R042", "一级区禁止建设", "甲县规划 甲政发〔2023〕1号", "第一章", 1),
    ]


def test_a_rule_that_the_book_has_lost_is_counted_all_the_same(subject: Subject) -> None:
    book = written(subject, [{**CHECKED, "deciding_rules": ["R999"]}], language="en")
    assert rows(book, "rules")[1] == ("R999", None, None, None, 1)


def test_what_is_missing_is_asked_and_layers_follow_facts(book: Workbook) -> None:
    assert rows(book, "待补充") == [
        ("类别", "代号", "问题或名称", "地块 / 个"),
        ("项目情况", "construction", "新建吗？", 1),
        ("项目情况", "unheard", None, 1),
        ("图层", "forest", None, 1),
        ("图层", "water", "水源", 1),
    ]


@pytest.mark.parametrize(
    ("language", "names", "nothing"), [("zh", ("规则", "待补充"), "无"), ("en", ("rules", "missing"), "none")]
)
def test_a_sheet_without_rows_says_that_there_is_nothing(
    subject: Subject, language: Language, names: tuple[str, str], nothing: str
) -> None:
    book = written(subject, [CLEAR], language=language)
    for name in names:
        assert [row[0] for row in rows(book, name)][1:] == [nothing]
        assert book[name].auto_filter.ref is None


# --- sites ----------------------------------------------------------------------------------------------------------


def test_every_record_has_a_row_with_words_for_codes(book: Workbook) -> None:
    head, one, two, three = rows(book, "地块")
    assert head == (
        "序号", "编号", "名称", "结论", "说明", "面积 / m²", "面积 / 公顷", "面积 / 亩", "经度 / °", "纬度 / °", "辖区",
        "决定结论的规则", "待补充的事项", "待补齐的图层", "结论 SHA-256（前 16 位）",
    )  # fmt: skip
    assert one == (
        1, "DK01", "地块一", "判定不通过", "位于一级区。", 15_890.995, 1.5890995, 23.8364925, 112.4123456, 35.5,
        "阳城县、999999", "R042、R083", "建设性质、unheard", "水源、forest", "0123456789abcdef",
    )  # fmt: skip
    assert two == (2, None, "=1+1", "未研判", "面积为零", "—", "—", "—", "—", "—", None, None, None, None, None)
    assert three[:4] == (3, "DK01", None, "判定通过")


def test_the_same_rows_in_english(english: Workbook) -> None:
    _, one, two, _ = rows(english, "sites")
    assert one[3:5] == ("prohibited", "It lies in level 1.")
    assert one[10:14] == ("Yangcheng, 999999", "R042, R083", "kind of construction, unheard", "water, forest")
    assert two[3:5] == ("refused", "no area")


def test_figures_of_sites_have_the_decimals_of_what_they_measure(book: Workbook) -> None:
    formats = [book["地块"].cell(2, column).number_format for column in (1, 6, 7, 8, 9, 10)]
    assert formats == ["#,##0", "#,##0.00", "#,##0.0000", "#,##0.00", "#,##0.000000", "#,##0.000000"]


def test_a_name_that_looks_like_a_formula_stays_a_text(book: Workbook) -> None:
    cell = book["地块"].cell(3, 3)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_decisions_are_seen_by_their_colour(book: Workbook) -> None:
    colours = [book["地块"].cell(row, 4).font.color.rgb[-6:] for row in (2, 3, 4)]
    assert colours == ["8C1020", "6A4C93", "0F7F6B"]


def test_layers_of_each_site_stand_in_a_sheet_of_their_own(book: Workbook) -> None:
    head, *told = rows(book, "地块与图层")
    assert head == (
        "序号", "名称", "图层", "类别", "是否涉及", "面积 / m²", "面积 / 公顷", "面积 / 亩", "长度 / m", "最近距离 / m",
    )  # fmt: skip
    assert sorted(told, key=str) == sorted(
        [
            (1, "地块一", "水源", "一级区、二级区", "涉及", 10_000, 1, 15, "—", 0),
            (1, "地块一", "基本农田", None, "数据缺失，未核查", "—", "—", "—", "—", "—"),
            (3, None, "基本农田", "图斑", "精度内可能涉及", 2_000, 0.2, 3, "—", 0),
        ],
        key=str,
    )


def test_what_a_layer_of_lines_measures_is_a_length(tmp_path: Path) -> None:
    root = tiny_workspace.build(tmp_path / "w")
    path = root / "layers" / "water.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "geometry: line\n", encoding="utf-8")
    w = ZoningWorkspace.open(root)
    notice = Text("初步研判。", "Preliminary check.")
    subject = Subject(
        "a", "2026-05-31", notice, schematic=False, catalogue=w.catalogue, rulebook=w.rulebook, territories={}
    )
    row = {name: value for name, value in CHECKED.items() if name != "water_overlap_m2"} | {"water_length_m": 123.456}
    book = written(subject, [row])
    by_name = {one[0]: one[1:] for one in rows(book, "图层")}
    assert by_name["水源"] == (1, 0, 0, 0, "—", "—", "—", 123.456)
    (touched,) = [one for one in rows(book, "地块与图层") if one[2] == "水源"]
    assert touched[5:] == ("—", "—", "—", 123.456, 0)


# --- the sheets as such ---------------------------------------------------------------------------------------------


def test_tables_can_be_filtered_scrolled_and_printed(book: Workbook) -> None:
    sheet: Any = book["地块"]
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_title_rows) == ("A1:O4", "A2", "$1:$1")
    assert sheet.oddFooter.left.text == "初步研判。"
    assert sheet.column_dimensions["E"].width == 60
    assert book["摘要"].print_title_rows is None


def test_a_long_sentence_makes_its_row_higher(subject: Subject) -> None:
    sheet = written(subject, [CHECKED, {**CHECKED, "summary_zh": "位于一级区。" * 40}])["地块"]
    plain, long = sheet.row_dimensions[2].height, sheet.row_dimensions[3].height
    assert plain is not None
    assert long > 3 * plain


def test_the_same_results_give_the_same_bytes(subject: Subject) -> None:
    one, other = (render_workbook(*counted(subject, ROWS), subject, language="zh", made=MADE) for _ in range(2))
    assert one == other


def test_more_sites_than_anybody_can_open_are_refused(subject: Subject) -> None:
    tables, tally = counted(subject, ROWS)
    tally.sites = MOST_ROWS + 1
    assert both(lambda: render_workbook(tables, tally, subject, language="zh", made=MADE), ContentError) == (
        "地块 20,001 个，超过工作簿上限 20,000；请用 .parquet 或 .csv",
        "20,001 sites are more than a workbook holds (20,000); take .parquet or .csv",
    )


def test_as_many_sites_as_a_workbook_holds_are_written(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    assert len(rows(written(subject), "地块")) == 4
