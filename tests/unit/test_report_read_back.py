"""Finished reports read back: which file is which, what of it can be seen, what is embedded, what is refused."""

import base64
import io
import zipfile
import zlib
from collections.abc import Mapping

import pytest
from openpyxl import Workbook

from both_languages import both
from zoning.errors import ContentError
from zoning.report.reading import (
    NAMESPACE,
    SEAL_ID,
    VERDICT_ID,
    XLSX_SHEET,
    docx_lines,
    html_lines,
    read_report,
    xlsx_lines,
)

DIGEST, OTHER = "0123456789abcdef" * 4, "f" * 64
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(parts: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return made.getvalue()


# --- which file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04broken",
        b"text",
        b"{}",
        packed({"a.txt": "x"}),
        b" " * 2_048 + b"<html>",
        b" " * 1_024 + b"%PDF-1.7",
    ],
)
def test_what_is_no_report_is_refused_with_its_name(content: bytes) -> None:
    assert both(lambda: read_report(content, "a.bin"), ContentError) == (
        "a.bin：不是 PDF、docx、xlsx 或 HTML 报告",
        "a.bin: no report as PDF, docx, xlsx or HTML",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nbroken",
        b"\n%PDF-",
        packed({"word/document.xml": "<broken"}),
        packed({"xl/workbook.xml": "<broken"}),
        b"<html>\xff</html>",
    ],
)
def test_a_damaged_report_cannot_be_verified(content: bytes) -> None:
    zh, en = both(lambda: read_report(content, "a.bin"), ContentError)
    assert zh.startswith("a.bin：文件损坏，无法核对（")
    assert en.startswith("a.bin: the file is damaged and cannot be verified (")


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>结论 一</p><p>二</p>", ("结论一", "二")),
        ("<p>一<b>级</b>区</p>", ("一级区",)),
        ("<table><tr><td>面积</td><td>1.5</td></tr></table>", ("面积", "1.5")),
        ("<p>a<br>b</p>", ("a", "b")),
        ("<p>A&amp;B&lt;矿&gt;</p>", ("A&B<矿>",)),
        ("<script>x()</script><style>p{}</style><p>y</p>", ("y",)),
        ("<p>  </p><div></div>", ()),
        ("末尾", ("末尾",)),
        ("<li>一</li><h2>二</h2><figcaption>三</figcaption><footer>四</footer>", ("一", "二", "三", "四")),
    ],
)
def test_visible_text_of_a_page_is_read_block_by_block(body: str, lines: tuple[str, ...]) -> None:
    assert html_lines(f"<html><body>{body}</body></html>".encode()) == lines


def page(verdict: str, seal: str = "{}", digest: str = DIGEST) -> bytes:
    return (
        f'<html><head><meta name="zoning-verdict-sha256" content="{digest}"></head><body><p>x</p>'
        f'<script id="{VERDICT_ID}" type="application/json">{verdict}</script>'
        f'<script id="{SEAL_ID}" type="application/json">{seal}</script></body></html>'
    ).encode()


def test_a_page_holds_verdict_seal_and_digest() -> None:
    found = read_report(page('{"a": "甲"}', '{"s": 1}'), "a.html")
    assert (found.kind, found.verdict, found.seal, found.lines) == ("html", '{"a": "甲"}', '{"s": 1}', ("x",))
    assert found.hashes == {DIGEST}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"a": "\\u003cb>"}', '{"a": "<b>"}'),
        ('{"a": "\\\\u003cb"}', '{"a": "\\\\u003cb"}'),
        ('{"a": "\\\\\\u003cb"}', '{"a": "\\\\<b"}'),
        ('{"a": "\\u003c\\u003c"}', '{"a": "<<"}'),
    ],
)
def test_a_sign_that_was_masked_for_the_page_is_itself_again(written: str, read: str) -> None:
    assert read_report(page(written), "a.html").verdict == read


@pytest.mark.parametrize(
    ("digest", "hashes"), [("", set()), (DIGEST[:-1], set()), (f"{DIGEST} {OTHER}", {DIGEST, OTHER})]
)
def test_digests_are_whole_or_none(digest: str, hashes: set[str]) -> None:
    assert read_report(page("{}", digest=digest), "a.html").hashes == hashes


def test_a_page_without_anything_embedded_has_no_verdict() -> None:
    found = read_report(b"<html><p>x</p></html>", "a.html")
    assert (found.verdict, found.seal, set(found.hashes)) == (None, None, set())


# --- Word -----------------------------------------------------------------------------------------------------------


def document(*paragraphs: str) -> str:
    inner = "".join(f"<w:p>{text}</w:p>" for text in paragraphs)
    return f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_paragraphs_of_word_are_read_from_body_heads_and_feet() -> None:
    content = packed(
        {
            "word/document.xml": document(run("结论 ") + run("一"), run("二")),
            "word/header1.xml": document(run("头")),
            "word/footer2.xml": document(run("脚")),
            "word/styles.xml": document(run("样式")),
            "word/comments.xml": document(run("批注")),
        }
    )
    assert docx_lines(content) == ("结论一", "二", "脚", "头")


def test_what_a_program_works_out_anew_is_no_text() -> None:
    """The number of a page: between the marks of a field, or in a simple one."""
    pages = run("第") + field("begin") + run("PAGE") + field("separate") + run("3") + field("end") + run("页")
    simple = f'{run("共")}<w:fldSimple w:instr="NUMPAGES">{run("9")}</w:fldSimple>{run("页")}'
    assert docx_lines(packed({"word/document.xml": document(pages, simple)})) == ("第页", "共页")


def test_word_holds_the_verdict_in_whatever_part_it_was_put() -> None:
    xml = f'<r xmlns="{NAMESPACE}"><verdict>{{"a": 1}}</verdict><seal>{{}}</seal></r>'
    content = packed(
        {
            "word/document.xml": document(run("x")),
            "customXml/item1.xml": "<other/>",
            "customXml/item7.xml": xml,
            "docProps/core.xml": f"<c><id>{DIGEST}</id></c>",
        }
    )
    found = read_report(content, "a.docx")
    assert (found.kind, found.verdict, found.seal, set(found.hashes)) == ("docx", '{"a": 1}', "{}", {DIGEST})
    bare = read_report(packed({"word/document.xml": document(run("x"))}), "a.docx")
    assert (bare.verdict, bare.seal, set(bare.hashes)) == (None, None, set())


# --- Excel ----------------------------------------------------------------------------------------------------------


def book(*columns: str, rows: list[list[object]] | None = None, identifier: str = "") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows or []:
        sheet.append(row)
    if columns:
        hidden = made.create_sheet(XLSX_SHEET)
        for number, text in enumerate(columns, start=1):
            whole = base64.b64encode(zlib.compress(text.encode())).decode()
            for line, start in enumerate(range(0, len(whole), 10), start=1):
                hidden.cell(line, number).value = whole[start : start + 10]
    made.properties.identifier = identifier
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["面积", 1.5], [None, "二"]], ("面积", "1.5", "二")),
        ([[1.0, 1234567.25, 0.1 + 0.2]], ("1", "1234567.25", "0.3")),
        ([[True, False]], ("True", "False")),
        ([["=1+1"]], ("=1+1",)),
        ([], ()),
    ],
)
def test_cells_are_read_row_by_row_figures_as_numbers(rows: list[list[object]], lines: tuple[str, ...]) -> None:
    assert xlsx_lines(book(rows=rows)) == lines


def test_a_workbook_holds_verdict_and_seal_in_pieces_and_does_not_show_them() -> None:
    found = read_report(book('{"a": "甲乙丙丁"}', '{"s": 1}', rows=[["x"]], identifier=f"sha256:{DIGEST}"), "a.xlsx")
    assert (found.kind, found.verdict, found.seal) == ("xlsx", '{"a": "甲乙丙丁"}', '{"s": 1}')
    assert (found.lines, set(found.hashes)) == (("x",), {DIGEST})
    bare = read_report(book(rows=[["x"]]), "a.xlsx")
    assert (bare.verdict, bare.seal) == (None, None)
