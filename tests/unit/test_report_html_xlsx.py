"""The report as a page and as a workbook: nothing runs, nothing is fetched, figures are numbers."""

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from openpyxl import load_workbook

import report_world
from report_world import NASTY
from zoning.errors import ContentError
from zoning.report.document import Number, cell_text
from zoning.report.html import render_html
from zoning.report.sheets import render_xlsx
from zoning.workspace import builtin_root

TEMPLATE = builtin_root() / "maps" / "templates" / "report.html"
HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>"


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    page = render_html(report_world.report(tmp_path, name=HOSTILE), TEMPLATE)
    tree = lxml_html.fromstring(page)
    scripts = tree.xpath("//script")
    assert [(one.get("type"), one.get("id")) for one in scripts] == [
        ("application/json", "zoning-verdict"),
        ("application/json", "zoning-seal"),
    ]
    assert tree.xpath("//*[@onerror]") == []
    assert HOSTILE in tree.xpath("//table[@id='site']//td")[0].text_content()
    assert json.loads(scripts[0].text)["site"]["name"] == HOSTILE


def test_the_page_asks_for_nothing(tmp_path: Path) -> None:
    page = render_html(report_world.report(tmp_path), TEMPLATE)
    tree = lxml_html.fromstring(page)
    assert tree.xpath("//link | //iframe | //object") == []
    assert {src.partition(":")[0] for src in tree.xpath("//@src")} == {"data"}
    assert re.findall(r"url\((?!data:)|@import", page) == []
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_the_page_is_readable_without_eyes(tmp_path: Path) -> None:
    tree = lxml_html.fromstring(render_html(report_world.report(tmp_path), TEMPLATE))
    assert tree.get("lang") == "zh-CN"
    assert len(tree.xpath("//h1")) == 1
    assert all(tree.xpath("//table[@class='data']/thead//th/@scope"))
    assert all(image.get("alt") for image in tree.xpath("//img"))
    assert tree.xpath("//svg[@role='img']/@aria-label") == ["判定不通过"]


def test_the_page_says_every_figure(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    text = lxml_html.fromstring(render_html(found, TEMPLATE)).text_content()
    assert [n.text for _, _, n in report_world.numbers(found) if n.text not in text] == []


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nothing\.html: the template of the report is missing"):
        render_html(report_world.report(tmp_path), tmp_path / "nothing.html")


def test_figures_are_numbers_with_units_in_the_heads(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    workbook = load_workbook(io.BytesIO(render_xlsx(found)))
    sheet = workbook["3 空间叠加结果"]
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    head = next(row for row in rows if row and row[0].value == "图层 · 类别")
    assert [cell.value for cell in head][2:7] == ["面积 / m²", "面积 / 公顷", "面积 / 亩", "占比 / %", "最近距离 / m"]
    level_1 = next(row for row in rows if row and str(row[0].value).startswith("水源 · 一级区"))
    wanted = next(r for r in found.section("overlay").tables[0].rows if cell_text(r[0]).startswith("水源 · 一级区"))
    for cell, number in zip(level_1[2:6], wanted[2:6], strict=True):
        assert isinstance(number, Number)
        assert cell.data_type == "n"
        assert cell.value == pytest.approx(number.value, abs=1e-12)
    assert [cell.number_format for cell in level_1[2:5]] == ["#,##0.00", "#,##0.0000", "#,##0.00"]


def test_every_figure_of_the_report_is_a_number_in_the_workbook(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    workbook = load_workbook(io.BytesIO(render_xlsx(found)))
    values = [
        cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "n"
    ]
    told = [value for value in values if value is not None]
    for _, _, number in report_world.numbers(found):
        assert any(value == pytest.approx(number.value, rel=1e-14) for value in told)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "a\x0bb", NASTY])
def test_no_name_becomes_a_formula(tmp_path: Path, name: str) -> None:
    workbook = load_workbook(io.BytesIO(render_xlsx(report_world.report(tmp_path, name=name))))
    shown = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert [cell for cell in shown if cell.data_type == "f"] == []
    named = [cell for cell in shown if cell.value == name.replace("\x0b", "")]
    assert len(named) >= 2
    assert all(cell.quotePrefix == name.startswith(("=", "+", "-", "@")) for cell in named)


def test_the_workbook_prints_on_a4_with_page_numbers(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    workbook = load_workbook(io.BytesIO(render_xlsx(found)))
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    assert [sheet.title for sheet in visible][:4] == ["研判结论", "1 项目概况", "2 评价依据", "3 空间叠加结果"]
    for sheet in visible:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0
        footer: Any = sheet.oddFooter
        assert footer.right.text == "&P / &N"
        assert found.short in footer.left.text
    (hidden,) = [sheet for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    assert (hidden.title, hidden.sheet_state) == ("_zoning", "veryHidden")


def test_the_same_report_gives_the_same_workbook(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    one, other = render_xlsx(found), render_xlsx(found)
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(2026, 6, 2, 0, 0, 0)}
    made = load_workbook(io.BytesIO(one)).properties
    assert made.created == made.modified == datetime(2026, 6, 2)  # noqa: DTZ001 - the file states none
