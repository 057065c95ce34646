"""`zoning report --verify`: does a report still say what its verdict says? Every format is tampered with."""

import base64
import hashlib
import io
import json
import re
import subprocess
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter

import report_world
from zoning.errors import ContentError
from zoning.report.document import Report
from zoning.report.making import Reporter, To
from zoning.report.reading import docx_lines
from zoning.report.verify import Verification, verify_report, verify_verdict
from zoning.rules.verdict import Verdict

FORMATS: tuple[To, ...] = ("docx", "pdf", "html", "xlsx")


@dataclass(frozen=True)
class Pair:
    """Two reports: of the same site, told and checked differently."""

    maker: Reporter
    one: Report
    other: Report
    files: Mapping[str, bytes]
    others: Mapping[str, bytes]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, cjk_fonts: tuple[str, ...]) -> Pair:
    assert cjk_fonts
    examination, workspace = report_world.examine(tmp_path_factory.mktemp("one"))
    second, _ = report_world.examine(tmp_path_factory.mktemp("other"), box=report_world.CLEAR)
    maker = report_world.reporter(workspace)
    one, other = maker.report(examination), maker.report(second)
    files: dict[str, bytes] = {to: maker.write(one, to) for to in FORMATS}
    others: dict[str, bytes] = {to: maker.write(other, to) for to in FORMATS}
    return Pair(maker, one, other, files, others)


def said(found: Verification) -> list[str]:
    return [text.zh for text in found.sentences]


def area(found: Report) -> str:
    """Return the area of the site in 公顷 as it is printed."""
    return f"{Verdict.from_json(found.verdict_json).site.area_ha:,.4f}"


@pytest.mark.parametrize("to", FORMATS)
def test_a_report_as_it_was_made_belongs_to_its_verdict(pair: Pair, to: str) -> None:
    found = verify_report(pair.files[to], f"report.{to}")
    assert said(found) == [
        f"报告与研判结论一致：“某某民宿”，核对码 {pair.one.short}，文字和数据自生成以来没有改动（{to}）。"
    ]
    assert found.genuine
    assert found.verdict is not None
    assert found.verdict.to_json() == pair.one.verdict_json
    assert found.digest == pair.one.digest


def docx_with(content: bytes, old: str, new: str) -> bytes:
    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        assert old.encode() in data
        return data.replace(old.encode(), new.encode())

    return report_world.rewritten(content, change)


def xlsx_with(content: bytes, change: Callable[[Any], None]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    change(workbook)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def test_a_figure_changed_in_word_is_named(pair: Pair) -> None:
    figure = area(pair.one)
    changed = docx_with(pair.files["docx"], f">{figure}<", ">0.0001<")
    found = verify_report(changed, "report.docx")
    assert not found.genuine
    sentences = said(found)
    assert sentences[0].startswith("报告与研判结论不一致：文件在生成之后被改动过（")
    assert f"“{figure}”被改为“0.0001”。" in sentences
    assert any(
        text.startswith("研判结论中“项目面积”的数据（") and text.endswith("）在报告中找不到。") for text in sentences
    )


def test_a_word_changed_in_word_is_named(pair: Pair) -> None:
    found = verify_report(docx_with(pair.files["docx"], "判定不通过", "判定通过"), "report.docx")
    assert not found.genuine
    assert "“判定不通过”被改为“判定通过”。" in said(found)
    assert "“初步研判：判定不通过。”被改为“初步研判：判定通过。”。" in said(found)


@pytest.mark.parametrize("name", ["A<B", "A\\<B", "A\\u003cB", "</script>"])
def test_a_name_that_a_page_must_not_hold_as_it_is_is_no_change(tmp_path: Path, name: str) -> None:
    examination, workspace = report_world.examine(tmp_path, name=name)
    maker = report_world.reporter(workspace)
    report = maker.report(examination)
    found = verify_report(maker.write(report, "html"), "report.html")
    assert found.genuine, said(found)
    assert found.digest == report.digest


def test_a_sentence_added_or_removed_in_html_is_named(pair: Pair) -> None:
    page = pair.files["html"].decode()
    added = page.replace("<h2>1 项目概况</h2>", "<h2>1 项目概况</h2><p>已获同意</p>")
    assert said(verify_report(added.encode(), "r.html"))[1:] == ["增加了：“已获同意”。"]
    removed = page.replace('<p class="answer">初步研判：判定不通过。</p>', "")
    assert removed != page
    assert said(verify_report(removed.encode(), "r.html"))[1:] == ["删除了：“初步研判：判定不通过。”。"]


def test_a_number_changed_in_a_workbook_is_named(pair: Pair) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook["3 空间叠加结果"]
        cell = next(c for row in sheet.iter_rows() for c in row if c.data_type == "n" and (c.value or 0) > 1000)
        cell.value = 12.5

    found = verify_report(xlsx_with(pair.files["xlsx"], change), "report.xlsx")
    assert not found.genuine
    assert any(text.endswith("被改为“12.5”。") for text in said(found))


def test_a_workbook_saved_again_is_still_the_same(pair: Pair) -> None:
    found = verify_report(xlsx_with(pair.files["xlsx"], lambda _: None), "report.xlsx")
    assert found.genuine, said(found)


def test_pages_of_another_report_in_a_pdf_are_found(pair: Pair) -> None:
    """The attachments of one report, the pages of another: what a forger would do with common tools."""
    writer = PdfWriter(clone_from=io.BytesIO(pair.others["pdf"]))
    root: Any = writer._root_object
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    del names[:]
    for name, parts in PdfReader(io.BytesIO(pair.files["pdf"])).attachments.items():
        writer.add_attachment(name, parts[0])
    made = io.BytesIO()
    writer.write(made)
    found = verify_report(made.getvalue(), "report.pdf")
    assert not found.genuine
    assert f"报告上的核对码与随附的研判结论不符（应为 {pair.one.short}）。" in said(found)


def test_a_page_taken_out_of_a_pdf_is_missed(pair: Pair) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pair.files["pdf"]))
    writer.remove_page(len(writer.pages) - 3)
    made = io.BytesIO()
    writer.write(made)
    found = verify_report(made.getvalue(), "report.pdf")
    assert not found.genuine
    assert any(text.startswith("删除了：“") for text in said(found))


def milder(verdict_json: str) -> str:
    """Return a verdict with a milder decision."""
    return Verdict.from_json(verdict_json).model_copy(update={"decision": "permitted"}).to_json()


@pytest.mark.parametrize("to", ["docx", "html", "xlsx"])
def test_a_verdict_exchanged_inside_the_file_no_longer_fits_the_code(pair: Pair, to: str) -> None:
    found = verify_report(
        exchanged(pair.files[to], to, pair.one.verdict_json, milder(pair.one.verdict_json)), f"r.{to}"
    )
    assert not found.genuine
    assert any(text.startswith("报告上的核对码与随附的研判结论不符（应为 ") for text in said(found))
    assert "文件属性中的摘要与随附的研判结论不符。" in said(found)
    assert "文字记录属于另一份研判结论。" in said(found)


def exchanged(content: bytes, to: str, old: str, new: str) -> bytes:
    if to == "html":
        was, now = (text.replace("<", "\\u003c") for text in (old, new))
        assert was in content.decode()
        return content.decode().replace(was, now).encode()
    if to == "docx":

        def change(name: str, data: bytes) -> bytes:
            if name != "customXml/zoning.xml":
                return data
            return re.sub(
                rb"<verdict>.*</verdict>", lambda _: b"<verdict>" + escaped(new) + b"</verdict>", data, flags=re.DOTALL
            )

        return report_world.rewritten(content, change)

    def put(workbook: Any) -> None:
        sheet = workbook["_zoning"]
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, 1).value = None
        sheet.cell(1, 1).value = base64.b64encode(zlib.compress(new.encode())).decode()

    return xlsx_with(content, put)


def escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def test_a_record_of_the_text_that_was_written_anew_does_not_hide_a_changed_figure(pair: Pair) -> None:
    """Whoever changes text and record alike still has the figures of the verdict against him."""
    figure = area(pair.one)
    visible, script, embedded = pair.files["html"].decode().partition("<script")
    page = visible.replace(figure, "0.0001") + script + embedded
    seal = re.search(r'<script type="application/json" id="zoning-seal">(.*?)</script>', page)
    assert seal is not None
    told = json.loads(seal[1])
    lines = [line.replace(figure, "0.0001") for line in told["lines"]]
    told |= {"lines": lines, "text_sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
    forged = page.replace(seal[1], json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))
    found = verify_report(forged.encode(), "r.html")
    assert [text for text in said(found)[1:] if "在报告中找不到" not in text] == []
    assert not found.genuine


def test_a_file_without_its_verdict_cannot_be_verified(pair: Pair) -> None:
    stripped = report_world.rewritten(
        pair.files["docx"], lambda name, data: b"<nothing/>" if name == "customXml/zoning.xml" else data
    )
    found = verify_report(stripped, "report.docx")
    assert not found.genuine
    assert said(found)[0].startswith("文件中没有随附的研判结论（可能经另存、打印或截取）：不能核对。")
    assert found.digest == pair.one.digest


def test_a_damaged_verdict_is_said(pair: Pair) -> None:
    found = verify_report(exchanged(pair.files["html"], "html", pair.one.verdict_json, '{"schema": "x"}'), "r.html")
    assert said(found) == ["随附的研判结论已损坏，不能核对。"]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.pdf"), (b"PK\x03\x04 broken", "a.docx"), (b"some text", "a.txt"), (b"\x89PNG", "a.png")],
)
def test_what_is_no_report_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(ContentError) as caught:
        verify_report(content, name)
    assert caught.value.text.zh == f"{name}：不是 PDF、docx、xlsx 或 HTML 报告"


def test_a_cut_pdf_is_damaged(pair: Pair) -> None:
    with pytest.raises(ContentError, match="the file is damaged and cannot be verified"):
        verify_report(pair.files["pdf"][:2_000], "cut.pdf")


def test_a_kept_verdict_tells_its_code(pair: Pair) -> None:
    found = verify_verdict(pair.one.verdict_json, "verdict.json")
    assert said(found) == [f"研判结论“某某民宿”的核对码：{pair.one.short}（SHA-256 {pair.one.digest}）。"]
    with pytest.raises(ContentError):
        verify_verdict("{}", "verdict.json")


def test_word_saved_by_libreoffice_keeps_its_text(
    pair: Pair, tmp_path: Path, unavailable: Callable[[str, str], Any]
) -> None:
    """An office opens the file and saves it: the text is as it was, whatever else is not."""
    soffice = report_world.program("soffice") or unavailable("LibreOffice", "apt install libreoffice-writer")
    path = tmp_path / "in" / "report.docx"
    path.parent.mkdir()
    path.write_bytes(pair.files["docx"])
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = (tmp_path / "report.docx").read_bytes()
    before, after = docx_lines(pair.files["docx"]), docx_lines(saved)
    assert set(before) == set(after)
