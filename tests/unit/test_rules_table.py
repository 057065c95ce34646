"""`zoning rules table`: one row per rule, in three formats, safe to open and the same bytes every time."""

import csv
import errno
import tempfile
import time
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import rule_shelf
from zoning.cli.rule_table import TableRequest, write_table
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.rules.proofreading.table import DocumentTable, Table
from zoning.rules.proofreading.table_files import as_csv, as_markdown, as_workbook, markdown_cell

ROW = {
    "规则": "R101",
    "名称": "水源两百米内限制工业",
    "内容": "水源两百米内建工业项目要论证。",
    "效力": "限制",
    "地点": "距水源不足 300 m（恰好等于不算）",
    "条件": "活动类别包括工业生产，并且建设性质为新建或扩建",
    "要求": "先论证。",
    "但书": "排放水污染物的，改为禁止\n活动类别仅限于宾馆住宿的，本条不适用",
    "参数": "距水源 = 200 m（自 2023-01-01 起；L10）\n距水源 = 300 m（自 2025-01-01 起；L11）",
    "可补正": "",
    "文件": "甲县规划",
    "文号": "甲政发〔2023〕1号",
    "发文机关": "甲县人民政府",
    "效力级别": "规划",
    "章节、条款": "第二章",
    "行": "L10-12",
    "行内文字": "两百米",
    "待核实": "",
    "另见": "",
    "辖区": "甲县（140522）",
    "生效日": "2023-01-01",
    "失效日": "",
    "被取代": "",
    "优先关系": "让位于 LAW-6：水源区按本法（第七条）",
    "范围": "分区规则（看地点）",
    "说明": "起算点未定。",
    "案例数": "2",
}
DANGEROUS = Table(("=A1", "b"), (10, 10), (("=1+1", "+2"), ("-3", "@SUM(A1)"), ("\t=4", "plain|*"), ("007", "7")))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return rule_shelf.build(tmp_path / "w")


def request(root: Path, kind: str, **asked: Any) -> TableRequest:
    return TableRequest(root, kind, asked.get("out"), asked.get("on"), asked.get("territory"), asked.get("document"))


def rows(capsys: pytest.CaptureFixture[str], root: Path, **asked: Any) -> list[dict[str, str]]:
    assert write_table(Session("zh"), request(root, "csv", **asked)) == 0
    return list(csv.DictReader(StringIO(capsys.readouterr().out)))


def test_a_row_holds_all_that_a_lawyer_reads(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {row["规则"]: row for row in rows(capsys, root)}
    assert found["R101"] == ROW
    assert list(found) == ["LAW-5", "LAW-6", "R101"]
    assert (found["LAW-5"]["失效日"], found["LAW-5"]["被取代"]) == ("2023-12-31", "LAW-6")
    assert found["LAW-5"]["另见"] == "全国人大常委会 《某法》（法律）第九条（待核实）"
    assert (found["LAW-5"]["待核实"], found["LAW-6"]["待核实"]) == ("", "待核实")


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"on": "2023-06-01"}, ["LAW-5", "R101"]),
        ({"territory": "140825"}, ["LAW-5", "LAW-6"]),
        ({"territory": "140522", "on": "2024-06-01"}, ["LAW-6", "R101"]),
        ({"document": "plan"}, ["R101"]),
        ({"document": "plan", "on": "2020-01-01"}, []),
    ],
)
def test_rows_are_chosen(root: Path, asked: dict[str, str], ids: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["规则"] for row in rows(capsys, root, **asked)] == ids


def test_an_unknown_document_is_refused(root: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        write_table(Session("en"), request(root, "md", document="paln"))
    assert refusal.value.get("en") == "there is no document 'paln'; allowed: plan, law"


def test_a_workbook_needs_a_file(root: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        write_table(Session("en"), request(root, "xlsx"))
    assert refusal.value.get("en") == "xlsx needs a file: --out rules.xlsx"


def test_markdown_keeps_signs_and_lines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_table(Session("en"), request(root, "md", document="plan")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("| rule | title | says | effect | where | when |")
    assert lines[1] == "|" + "---|" * len(ROW)
    assert (
        "where the project discharges water pollutants: prohibits instead<br>where activity is only hotel" in lines[2]
    )
    assert as_markdown(DANGEROUS).splitlines()[-2] == "| \t=4 | plain\\|\\* |"
    assert markdown_cell("[a](b) <i> ~x~ _y_ `z` & \\") == "\\[a\\](b) &lt;i> \\~x\\~ \\_y\\_ \\`z\\` &amp; \\\\"


def test_csv_never_begins_like_a_formula(root: Path, tmp_path: Path) -> None:
    assert list(csv.reader(StringIO(as_csv(DANGEROUS))))[1:] == [
        ["'=1+1", "'+2"],
        ["'-3", "'@SUM(A1)"],
        ["'\t=4", "plain|*"],
        ["007", "7"],
    ]
    out = tmp_path / "rules.csv"
    assert write_table(Session("zh"), request(root, "csv", out=out)) == 0
    assert out.read_bytes().startswith("\ufeff规则,名称,".encode())


def test_a_workbook_never_holds_a_formula() -> None:
    book = load_workbook(BytesIO(as_workbook(DANGEROUS, (DocumentTable("x", "某文件", DANGEROUS),), "zh")))
    for sheet in book:
        kinds = {(cell.value, cell.data_type, bool(cell.quotePrefix)) for row in sheet.iter_rows() for cell in row}
        assert ("=1+1", "s", True) in kinds
        assert ("=A1", "s", True) in kinds
        assert ("plain|*", "s", False) in kinds
        assert (7, "n", False) in kinds
        assert not [kind for kind in kinds if kind[1] == "f"]


def test_a_full_temporary_folder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "save", full)
    with pytest.raises(ContentError) as caught:
        as_workbook(Table(("a",), (5,), ()), (), "zh")
    folder = tempfile.gettempdir()
    assert caught.value.text.zh == (
        f"{folder}：临时文件写入失败（磁盘已满）；表格没有写出。可用环境变量 TMPDIR 指定别的文件夹"
    )


def test_control_characters_are_left_out() -> None:
    table = Table(("a",), (5,), (("x\x00y\x0bz\nw",),))
    book = load_workbook(BytesIO(as_workbook(table, (), "zh")))
    assert book.worksheets[0]["A2"].value == "xyz\nw"


def test_sheets_of_a_workbook(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "rules.xlsx"
    assert write_table(Session("zh"), request(root, "xlsx", out=out)) == 0
    book = load_workbook(out)
    assert book.sheetnames == ["总览", "某法", "甲县规划"]
    first, law, plan = book.worksheets
    assert [cell.value for cell in first[2]][:7] == [
        "law",
        "某法",
        None,
        "全国人大常委会",
        "法律",
        "全国",
        "2010-01-01",
    ]
    assert [first["K2"].value, first["L2"].value, first["M3"].value] == [2, 1, 2]
    assert first["B3"].hyperlink.location == "'甲县规划'!A1"
    assert [cell.value for cell in plan[1]] == list(ROW)
    assert [cell.value or "" for cell in plan[2]][:26] == list(ROW.values())[:26]
    assert (law.freeze_panes, law.auto_filter.ref, law.print_title_rows) == ("C2", "A1:AA3", "$1:$1")
    assert law["A1"].font.bold
    assert plan["F2"].alignment.wrap_text
    assert plan.column_dimensions["F"].width == 44
    assert plan.page_setup.orientation == "landscape"
    assert plan.sheet_properties.pageSetUpPr is not None
    assert plan.sheet_properties.pageSetUpPr.fitToPage


def test_names_of_sheets_are_short_allowed_and_different() -> None:
    long = "某县“十四五”生态保护和生态文明建设、生态经济发展规划（甲：上/下）"
    titles = [f"中华人民共和国{'水' * 40}法", long, long, "总览", "A" * 31, "a" * 31]
    tables = [DocumentTable(str(number), title, DANGEROUS) for number, title in enumerate(titles)]
    names = load_workbook(BytesIO(as_workbook(DANGEROUS, tables, "zh"))).sheetnames
    assert names[1] == "水" * 30 + "…"
    assert names[2:5] == [
        "某县“十四五”生态保护和生态文明建设、生态经济发展规划（甲：…",
        "某县“十四五”生态保护和生态文明建设、生态经济发展规… (2)",
        "总览 (2)",
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 31


def test_the_same_rules_give_the_same_bytes(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    assert write_table(Session("zh"), request(root, "xlsx", out=first)) == 0
    later = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert write_table(Session("zh"), request(root, "xlsx", out=second)) == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_all_built_in_rules_have_their_row(workspace_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, workspace_root)
    files = (workspace_root / "rules").glob("*/*.yaml")
    ids = {path.stem for path in files if path.parent.name not in ("cases", "lists", "access-lists")}
    assert {row["规则"] for row in found} == ids
    for row in found:
        assert row["名称"]
        assert row["章节、条款"]
        assert row["效力"] in ("禁止", "限制", "要求", "鼓励")
        assert int(row["案例数"]) > 0
