"""The PDF report: fonts, pages, text, attachments, and that it asks nobody for anything."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pypdf import PdfReader

import report_world
from zoning.errors import ContentError, ZoningError
from zoning.maps import fonts
from zoning.report.document import Report
from zoning.report.pdf import render_pdf
from zoning.report.reading import read_report
from zoning.texts import Language
from zoning.workspace import builtin_root

TEMPLATE = builtin_root() / "maps" / "templates" / "report.html"
Unavailable = Callable[[str, str], NoReturn]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_world.report(tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def content(found: Report, cjk_fonts: tuple[str, ...]) -> bytes:
    assert cjk_fonts
    return render_pdf(found, TEMPLATE)


@pytest.fixture
def path(tmp_path: Path, content: bytes, unavailable: Unavailable) -> Path:
    if report_world.program("pdftotext") is None:
        unavailable("poppler", "apt install poppler-utils")
    made = tmp_path / "report.pdf"
    made.write_bytes(content)
    return made


def test_only_our_fonts_and_all_of_them_embedded(path: Path) -> None:
    assert sorted(report_world.pdf_fonts(path)) == [("Zoning-Report", True), ("Zoning-Report-Bold", True)]


def test_poppler_reads_every_figure_of_every_table(path: Path, found: Report) -> None:
    text = report_world.pdf_text(path)
    figures = [number.text for _, _, number in report_world.numbers(found)]
    assert len(figures) > 30
    assert [figure for figure in figures if figure not in text] == []


def test_pages_are_a4_numbered_and_bear_the_code(content: bytes, found: Report) -> None:
    reader = PdfReader(io.BytesIO(content))
    count = len(reader.pages)
    assert 5 <= count <= 12
    for number, page in enumerate(reader.pages, start=1):
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        text = re.sub(r"\s+", "", page.extract_text())
        assert f"第{number}页，共{count}页" in text
        assert f"核对码{found.short}·初步研判结果，不作为审批依据" in text


def test_the_first_page_alone_carries_the_answer(content: bytes, found: Report) -> None:
    text = re.sub(r"\s+", "", PdfReader(io.BytesIO(content)).pages[0].extract_text())
    for told in (found.front.word, found.front.sentence, *found.front.rules, *found.front.missing, found.front.notice):
        assert re.sub(r"\s+", "", told) in text


def test_language_title_and_dates_are_stated(content: bytes, found: Report) -> None:
    reader: Any = PdfReader(io.BytesIO(content))
    told = {name: str(value) for name, value in reader.metadata.items()}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert told["/CreationDate"] == told["/ModDate"] == "D:20260602"
    assert told["/Title"] == f"{found.title} · 某某民宿"
    assert told["/Keywords"] == found.digest
    assert reader.trailer["/ID"][0].original_bytes == bytes.fromhex(found.digest[:32])


def test_the_verdict_is_attached(content: bytes, found: Report) -> None:
    attached = PdfReader(io.BytesIO(content)).attachments
    assert attached["verdict.json"][0].decode() == found.verdict_json
    assert json.loads(attached["seal.json"][0])["verdict_sha256"] == found.digest


def test_the_same_report_gives_the_same_bytes(content: bytes, found: Report) -> None:
    assert render_pdf(found, TEMPLATE) == content


def test_a_template_that_wants_something_from_outside_is_refused(tmp_path: Path, found: Report) -> None:
    page = TEMPLATE.read_text(encoding="utf-8").replace("<body>", '<body><img src="https://example.org/logo.png">')
    own = tmp_path / "report.html"
    own.write_text(page, encoding="utf-8")
    for beside in ("report.css", "blocks.html"):
        (tmp_path / beside).write_text(TEMPLATE.with_name(beside).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        render_pdf(found, own)
    assert caught.value.text.en.startswith("report.html: the template of the report refers to something outside: ")
    assert "https://example.org/logo.png" in caught.value.text.en


def test_without_a_chinese_font_nothing_is_printed(found: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "cjk_fonts", lambda: ())
    with pytest.raises(ZoningError) as caught:
        render_pdf(found, TEMPLATE)
    assert "apt install fonts-noto-cjk" in caught.value.text.zh
    assert "pip install manimgx-fonts-cjk" in caught.value.text.zh


@pytest.mark.usefixtures("cjk_fonts")
def test_a_character_that_no_font_has_is_named(tmp_path: Path) -> None:
    nameless = report_world.report(tmp_path, name="某\U0001f3ed厂")
    with pytest.raises(ZoningError, match=r"U\+1F3ED"):
        render_pdf(nameless, TEMPLATE)


@pytest.mark.usefixtures("cjk_fonts")
@pytest.mark.parametrize("language", ["en"])
def test_rare_characters_and_signs_are_printed(tmp_path: Path, unavailable: Unavailable, language: Language) -> None:
    if report_world.program("pdftotext") is None:
        unavailable("poppler", "apt install poppler-utils")
    name = "A&B<矿> ㎡ ① ′ ″ ≥ 喆镕 \U00020bb7㙍"
    path = tmp_path / "rare.pdf"
    path.write_bytes(render_pdf(report_world.report(tmp_path, language, name=name), TEMPLATE))
    assert name.replace(" ", "") in report_world.pdf_text(path)
    assert read_report(path.read_bytes(), "rare.pdf").kind == "pdf"
