"""The Word report: what LibreOffice makes of it, hostile names, the office's own template."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from docx import Document
from lxml import etree
from pypdf import PdfReader

import report_world
from report_world import NASTY
from zoning.errors import ContentError
from zoning.report.document import cell_text
from zoning.report.reading import read_report
from zoning.report.verify import verify_report
from zoning.report.word import SECTIONS, render_docx
from zoning.texts import Language
from zoning.workspace import builtin_root

BUILTIN = builtin_root() / "maps" / "templates" / "report.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Unavailable = Callable[[str, str], NoReturn]


@pytest.fixture(scope="module")
def soffice(unavailable: Unavailable) -> str:
    return report_world.program("soffice") or unavailable("LibreOffice", "apt install libreoffice-writer")


@pytest.fixture(scope="module")
def poppler(unavailable: Unavailable) -> None:
    for name in ("pdftotext", "pdffonts"):
        if report_world.program(name) is None:
            unavailable("poppler", "apt install poppler-utils")


def paragraphs(content: bytes) -> list[str]:
    document = Document(io.BytesIO(content))
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.element.iter(f"{W}p")]


def template(folder: Path, *lines: str) -> Path:
    """Return an office's own template: python-docx's default document, none of our styles."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "own.docx"
    document.save(str(path))
    return path


@pytest.mark.usefixtures("poppler", "cjk_fonts")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_libreoffice_opens_it_with_its_own_fonts_and_every_figure(
    tmp_path: Path, soffice: str, language: Language
) -> None:
    found = report_world.report(tmp_path, language)
    path = tmp_path / "report.docx"
    path.write_bytes(render_docx(found, BUILTIN))
    pdf = report_world.as_pdf(path, tmp_path, soffice)
    fonts = report_world.pdf_fonts(pdf)
    assert fonts
    assert all(embedded for _, embedded in fonts)
    assert [name for name, _ in fonts if not name.startswith("NotoSansCJK")] == []
    text = report_world.pdf_text(pdf)
    for _, _, number in report_world.numbers(found):
        assert number.text in text
    pages = text.count("页，共") if language == "zh" else len(re.findall(r"page\d+of\d+", text))
    assert 5 <= pages <= 12
    assert f"共{pages}页" in text or f"of{pages}" in text
    # What the layout counts is what was printed: no page without its number, none beyond the count.
    assert len(PdfReader(pdf).pages) == pages


@pytest.mark.usefixtures("poppler")
def test_a_name_with_signs_of_xml_and_of_templates_survives(tmp_path: Path, soffice: str) -> None:
    found = report_world.report(tmp_path, name=NASTY)
    content = render_docx(found, BUILTIN)
    assert any(line == NASTY for line in paragraphs(content))
    path = tmp_path / "nasty.docx"
    path.write_bytes(content)
    assert 'A&B<矿>"一号"{{7*7}}{%x%}' in report_world.pdf_text(report_world.as_pdf(path, tmp_path, soffice))


@pytest.mark.parametrize("name", ["", "a\x00b\x0bc", "=1+1", "]]>", "x" * 4_000, "\U00020bb7㙍", "{_{x}_}"])
def test_no_name_breaks_the_document(tmp_path: Path, name: str) -> None:
    content = render_docx(report_world.report(tmp_path, name=name), BUILTIN)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in (part for part in packed.namelist() if part.endswith((".xml", ".rels"))):
            etree.fromstring(packed.read(part), etree.XMLParser(huge_tree=True))
    assert not [line for line in paragraphs(content) if "None" in line or "{{" in line]


def test_nothing_reads_none_where_nothing_is_known(tmp_path: Path) -> None:
    examination, workspace = report_world.examine(tmp_path)
    maker = report_world.reporter(workspace)
    bare = maker.report(examination)
    lines = paragraphs(render_docx(bare, BUILTIN))
    assert "（未提供）" in lines
    assert [line for line in lines if "None" in line] == []


def test_every_run_states_an_east_asian_font(tmp_path: Path) -> None:
    content = render_docx(report_world.report(tmp_path), BUILTIN)
    document = Document(io.BytesIO(content))
    used = {p.style.name for p in document.paragraphs if p.style is not None and p.style.name is not None}
    for name in ("Normal", "Zoning Cell", "Zoning Figure", *sorted(used)):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(f"{W}eastAsia") == fonts.get(f"{W}ascii") == "Noto Sans CJK SC"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b'<w:altName w:val="Microsoft YaHei"/>' in packed.read("word/fontTable.xml")


def test_heads_repeat_and_rows_do_not_break(tmp_path: Path) -> None:
    document = Document(io.BytesIO(render_docx(report_world.report(tmp_path), BUILTIN)))
    rows = list(document.element.iter(f"{W}tr"))
    ours = [row for row in rows if row.find(f"{W}trPr") is not None]
    # Two rows only set blocks side by side on the first page.
    assert len(ours) == len(rows) - 2
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in ours)
    assert any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in ours)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    one, other = render_docx(found, BUILTIN), render_docx(found, BUILTIN)
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(2026, 6, 2, 0, 0, 0)}
    assert Document(io.BytesIO(one)).core_properties.modified.isoformat().startswith("2026-06-02T00:00:00")


def test_the_template_of_the_program_is_what_its_script_makes() -> None:
    import make_report_template

    assert make_report_template.template() == BUILTIN.read_bytes()


def test_an_office_uses_its_own_template(tmp_path: Path) -> None:
    found = report_world.report(tmp_path, name=NASTY)
    own = template(
        tmp_path, "某县行政审批局 {{ site_name }}", "{{ decision }}：{{ area_ha }} 公顷", "{{p overlay }}", "{{ code }}"
    )
    content = render_docx(found, BUILTIN, own)
    lines = paragraphs(content)
    assert lines[0] == f"某县行政审批局 {NASTY}"
    area = cell_text(found.front.figures.rows[0][2])
    assert lines[1] == f"判定不通过：{area} 公顷"
    assert "3 空间叠加结果" in lines
    assert lines[-1] == found.short
    document = Document(io.BytesIO(content))
    assert "Zoning Cell" in {style.name for style in document.styles}
    assert read_report(content, "own.docx").verdict == found.verdict_json
    assert verify_report(content, "own.docx").genuine


def test_what_a_template_leaves_out_is_no_change(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ site_name }}：{{ decision }}", "{{ code }}")
    content = render_docx(report_world.report(tmp_path), BUILTIN, own)
    assert [text.zh for text in verify_report(content, "own.docx").sentences[1:]] == []


def test_a_template_may_name_every_placeholder(tmp_path: Path) -> None:
    found = report_world.report(tmp_path)
    names = [*SECTIONS, "body", "front_facts", "answer", "front_figures", "front_rules", "front_missing", "qr"]
    own = template(tmp_path, *(f"{{{{p {name} }}}}" for name in names))
    lines = paragraphs(render_docx(found, BUILTIN, own))
    assert lines.count("10 初步研判结论") == 2


def test_a_wrong_placeholder_is_named_with_those_that_exist(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ sitename }}")
    with pytest.raises(ContentError) as caught:
        render_docx(report_world.report(tmp_path), BUILTIN, own)
    assert caught.value.text.zh.startswith(
        "own.docx：模板中的占位符不存在（'sitename' is undefined）；可用：title, subtitle, site_name"
    )
    assert caught.value.text.en.startswith("own.docx: a placeholder of the template does not exist")


def test_a_template_can_run_nothing(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ title.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(ContentError, match=r"own\.docx: a placeholder of the template"):
        render_docx(report_world.report(tmp_path), BUILTIN, own)


def test_a_file_that_is_no_template_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_bytes(b"no template")
    with pytest.raises(ContentError) as caught:
        render_docx(report_world.report(tmp_path), BUILTIN, path)
    assert caught.value.text.zh == f"{path}：不是可读的 Word 模板（.docx）"
