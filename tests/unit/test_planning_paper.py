"""What planners hand on: CSV that no spreadsheet runs, a workbook with the same bytes again, a line per indicator."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from zoning.maps.made import Made
from zoning.planning.indicators.chart import draw_chart
from zoning.planning.indicators.judging import judge
from zoning.planning.indicators.measuring import Answer
from zoning.planning.indicators.plan_file import Indicator
from zoning.planning.paper import Paper, paper_csv, paper_html, paper_workbook
from zoning.report.document import Column, Number, Paragraph, Section, Table
from zoning.texts import Language

MADE = Made("2026-06-01", "1.2.3", "某局")


def table(*rows: tuple[Any, ...], heads: tuple[str, ...] = ("名称", "面积")) -> Table:
    return Table("", tuple(Column(head) for head in heads), rows)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_table_is_written_with_its_heads_and_its_mark() -> None:
    text = paper_csv(table(("地块", Number(12345.678))))
    assert text.startswith("\ufeff")
    assert read(text) == [["名称", "面积"], ["地块", "12345.678"]]
    assert "\r" not in text


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-9, -2.5, 7])
def test_figures_are_not_rounded(value: float) -> None:
    (_, row) = read(paper_csv(table(("x", Number(value)))))
    assert float(row[1]) == value


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@a", "\tx"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    (_, row) = read(paper_csv(table((text, "y"))))
    assert row == [f"'{text}", "y"]


@pytest.mark.parametrize("text", ["甲,乙", 'a "b"', "两\n行", "", "a=b", "－"])
def test_other_texts_come_back_as_they_are(text: str) -> None:
    (_, row) = read(paper_csv(table((text, "y"))))
    assert row == [text, "y"]


@pytest.mark.parametrize(
    ("text", "written"), [("a\r=1+1", "a\n=1+1"), ("a\r\nb", "a\nb"), ("\r=1+1", "'\n=1+1"), ("a\r", "a\n")]
)
def test_a_carriage_return_begins_no_row_whose_first_cell_would_be_run(text: str, written: str) -> None:
    assert read(paper_csv(table((text, "y"))))[1:] == [[written, "y"]]


def paper(*sections: Section, language: Language = "zh", **values: Any) -> Paper:
    plain: dict[str, Any] = {"title": "指标 <甲>", "subtitle": "副题", "lead": "结论在先。", **values}
    return Paper(language, sections=sections, made=MADE, **plain)


SECTION = Section("s", "1", "第一节", (Paragraph("一段话。"), table(("=1+1", Number(2.5)))))


def test_a_workbook_has_a_sheet_for_every_section() -> None:
    other = Section("t", "2", "a[b]:c*d?e/f\\g'" + "很长的标题" * 9, (table(("x", "y")),))
    book = load_workbook(io.BytesIO(paper_workbook(paper(SECTION, other, warnings=("示意数据",)))))
    assert book.sheetnames[0] == "第一节"
    assert re.fullmatch(r"abcdefg(?:很长的标题)+.{0,4}", book.sheetnames[1])
    assert len(book.sheetnames[1]) == 28
    first = [cell for (cell,) in book["第一节"].iter_rows(max_col=1, values_only=True)]
    assert first[:5] == ["指标 <甲>", "副题", "结论在先。", "示意数据", "一段话。"]


def test_cells_of_a_workbook_are_figures_and_texts_and_never_formulas() -> None:
    sheet = load_workbook(io.BytesIO(paper_workbook(paper(SECTION))))["第一节"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert cells[2.5] == "n"
    assert cells["=1+1"] == "s"


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert paper_workbook(paper(SECTION)) == paper_workbook(paper(SECTION))
    assert paper_html(paper(SECTION)) == paper_html(paper(SECTION))


@pytest.mark.parametrize(("language", "lang", "made"), [("zh", "zh-CN", "制作 某局"), ("en", "en", "made by 某局")])
def test_a_page_says_who_made_it_with_what(language: Language, lang: str, made: str) -> None:
    page = paper_html(paper(SECTION, language=language))
    assert f'lang="{lang}"' in page
    assert f"zoning 1.2.3 · 2026-06-01 · {made}" in page
    nameless = Paper(language, "t", "s", "l", (SECTION,), Made("2026-06-01", "1.2.3"))
    assert "made by" not in paper_html(nameless)


def test_texts_of_strangers_are_no_markup() -> None:
    page = paper_html(paper(SECTION, lead="<script>alert(1)</script>", warnings=("a & <b>",)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "a &amp; &lt;b&gt;" in page
    assert "指标 &lt;甲&gt;" in page


def test_a_drawing_stands_in_its_section() -> None:
    page = paper_html(paper(SECTION, drawings={"s": "<svg><path/></svg>", "other": "<svg id='never'/>"}))
    assert "<svg><path/></svg>" in page
    assert "never" not in page


def answer(value: float | None, *, unit: str = "%", title: str = "占比", doubt: float = 0.0, **told: Any) -> Answer:
    citation = {"document": "plan", "section": "表1"}
    measure = {"of": "share" if unit == "%" else "area", "part": [{"layer": "water"}]}
    plain = {"title": {"zh": title, "en": title}, "unit": unit, "citation": citation, "measure": measure}
    indicator = Indicator.model_validate({**plain, **told})
    return Answer("a", indicator, value, doubt, None, 1.0, judge(indicator, value, ()), (), ())


def marks(*answers: Answer, language: Language = "zh") -> ET.Element:
    return ET.fromstring(draw_chart(answers, language))  # noqa: S314 - drawn by the product itself


def circles(*answers: Answer) -> list[float]:
    """Return where the dots of present values stand; the first one is that of the legend."""
    return [float(one.get("cx", "")) for one in marks(*answers).findall(".//{*}circle")][1:]


TARGET = {"year": 2025, "sense": "at-least", "value": 50}


@pytest.mark.parametrize(
    ("value", "target", "x"),
    [
        # From 250 to 730: a share near a hundred on a scale of a hundred, else up to the largest figure and an eighth.
        (90.0, 50.0, 250 + 480 * 0.9),
        (100.0, 50.0, 730.0),
        (0.0, 90.0, 250.0),
        (25.0, 50.0, 250 + 480 * 25 / 56),
        (50.0, 25.0, 250 + 480 * 50 / 56),
    ],
)
def test_a_value_stands_on_the_scale_of_its_line(value: float, target: float, x: float) -> None:
    assert circles(answer(value, target={**TARGET, "value": target})) == pytest.approx([x], abs=0.06)


def test_areas_have_no_scale_of_a_hundred() -> None:
    assert circles(answer(90.0, unit="公顷", target=TARGET)) == pytest.approx([250 + 480 / 1.12], abs=0.06)


def test_doubt_is_a_line_about_the_value() -> None:
    (line,) = [one for one in marks(answer(40.0, doubt=10.0)).findall(".//{*}line") if one.get("stroke-width") == "2"]
    assert [float(line.get(name, "")) for name in ("x1", "x2")] == pytest.approx(
        [250 + 480 * 30 / 56, 250 + 480 * 50 / 56], abs=0.06
    )


@pytest.mark.parametrize(
    ("value", "colour"), [(60.0, "#0F7F6B"), (40.0, "#8C1020"), (None, "#6A4C93")], ids=["met", "not met", "unknown"]
)
def test_a_value_has_the_colour_of_its_state(value: float | None, colour: str) -> None:
    assert colour in draw_chart([answer(value, target=TARGET)], "zh")


def test_what_has_no_value_says_so_and_has_no_dot() -> None:
    told = answer(None, target=TARGET)
    assert circles(told) == []
    assert "不能计算" in draw_chart([told], "zh")
    assert "no value" in draw_chart([told], "en")


@pytest.mark.parametrize(("language", "most"), [("zh", 17), ("en", 34)])
@pytest.mark.parametrize("more", [0, 1])
def test_long_names_are_cut(language: Language, most: int, more: int) -> None:
    name = "n" * (most + more)
    told = draw_chart([answer(1.0, title=name)], language)
    assert (f">{name}<" in told) is (more == 0)
    assert (f">{'n' * (most - 1)}…<" in told) is (more == 1)


def test_a_chart_is_as_high_as_its_lines_and_says_what_its_marks_mean() -> None:
    assert [marks(*([answer(1.0)] * count)).get("height") for count in (0, 1, 3)] == ["42", "88", "180"]
    assert "baseline 2020" in draw_chart([], "en")


def test_names_are_no_markup() -> None:
    assert "<b>&" not in draw_chart([answer(1.0, title="<b>&")], "zh")


def test_figures_that_contradict_each_other_are_all_drawn() -> None:
    citation = {"document": "plan", "section": "表1"}
    claim = {"of": "baseline", "year": 2020, "value": 30, "citation": citation, "note": {"zh": "注", "en": "n"}}
    told = answer(20.0, baseline={"year": 2020, "value": 10}, claims=[claim], target=TARGET)
    diamonds = [one for one in marks(told).findall(".//{*}path") if one.get("stroke-width") == "1.5"]
    assert len(diamonds) == 1 + 2
