"""Finished reports read back: their visible text, the verdict and the seal in them."""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from zoning.errors import ContentError
from zoning.report.seal import plain_lines

VERDICT_ID, SEAL_ID = "zoning-verdict", "zoning-seal"
VERDICT_FILE, SEAL_FILE = "verdict.json", "seal.json"
XLSX_SHEET = "_zoning"
NAMESPACE = "urn:zoning:report:1"
MOST_BYTES = 300_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a report file holds.

    Attributes
    ----------
    lines
        Its visible text without white space.
    verdict, seal
        What is embedded, as text; None where it is not there.
    hashes
        Digests of the verdict that the metadata name.
    """

    kind: str
    lines: tuple[str, ...]
    verdict: str | None
    seal: str | None
    hashes: frozenset[str]


def read_report(content: bytes, name: str) -> Found:
    """Read a finished report.

    Raises
    ------
    ContentError
        When it is no report of one of the four formats, or is damaged.
    """
    kind = _kind(content)
    readers = {"pdf": _read_pdf, "docx": _read_docx, "xlsx": _read_xlsx, "html": _read_html}
    if kind is None:
        raise ContentError(
            f"{name}：不是 PDF、docx、xlsx 或 HTML 报告", f"{name}: no report as PDF, docx, xlsx or HTML"
        )
    try:
        return readers[kind](content)
    except Exception as error:
        # The libraries raise what they like on damaged files; whatever it is, nothing can be verified.
        raise ContentError(
            f"{name}：文件损坏，无法核对（{type(error).__name__}）",
            f"{name}: the file is damaged and cannot be verified ({type(error).__name__})",
        ) from error


def _kind(content: bytes) -> str | None:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                names = set(packed.namelist())
        except zipfile.BadZipFile:
            return None
        return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
    return "html" if b"<html" in content[:2048].lower() else None


def _hashes(*texts: str) -> frozenset[str]:
    return frozenset(found for text in texts for found in _HASH.findall(text))


# --- PDF


def pdf_lines(content: bytes) -> tuple[str, ...]:
    """Return the visible text of a PDF, line by line."""
    return _lines_of(_pdf(content))


def _pdf(content: bytes) -> Any:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return PdfReader(io.BytesIO(content))


def _lines_of(reader: Any) -> tuple[str, ...]:
    return plain_lines(line for page in reader.pages for line in page.extract_text().splitlines())


def _read_pdf(content: bytes) -> Found:
    reader = _pdf(content)
    attached = {name: parts[0] for name, parts in reader.attachments.items() if parts}
    verdict, seal = (attached[name].decode("utf-8") if name in attached else None for name in (VERDICT_FILE, SEAL_FILE))
    told = [str(value) for value in (reader.metadata or {}).values()]
    return Found("pdf", _lines_of(reader), verdict, seal, _hashes(*told))


# --- Word


def docx_lines(content: bytes) -> tuple[str, ...]:
    """Return the visible text of a Word document: body, then heads and feet; page numbers are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in sorted(packed.namelist()) if _TEXT_PART.fullmatch(name)]
        return plain_lines(line for name in names for line in _paragraphs(_part(packed, name)))


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    if packed.getinfo(name).file_size > MOST_BYTES:
        raise ValueError(name)
    return packed.read(name)


def _xml(content: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _paragraphs(content: bytes) -> Iterator[str]:
    for paragraph in _xml(content).iter(f"{_WORD}p"):
        yield "".join(_texts(paragraph))


def _texts(paragraph: Any) -> Iterator[str]:
    """Yield the texts of a paragraph; what fields (page numbers) show is worked out by each program anew."""
    depth = 0
    for element in paragraph.iter(f"{_WORD}t", f"{_WORD}fldChar"):
        if element.tag == f"{_WORD}fldChar":
            depth += {"begin": 1, "end": -1}.get(element.get(f"{_WORD}fldCharType"), 0)
        elif depth == 0 and next(element.iterancestors(f"{_WORD}fldSimple"), None) is None:
            yield element.text or ""


def _read_docx(content: bytes) -> Found:
    verdict = seal = None
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        # Word gives the part another name when it saves: it is known by what is in it.
        for name in (name for name in packed.namelist() if name.startswith("customXml/") and name.endswith(".xml")):
            data = _part(packed, name)
            if NAMESPACE.encode() in data:
                root = _xml(data)
                verdict, seal = (root.findtext(f"{{{NAMESPACE}}}{tag}") for tag in ("verdict", "seal"))
        core = _part(packed, "docProps/core.xml").decode("utf-8") if "docProps/core.xml" in packed.namelist() else ""
    return Found("docx", docx_lines(content), verdict, seal, _hashes(core))


# --- Excel


def xlsx_lines(content: bytes) -> tuple[str, ...]:
    """Return the visible cells of a workbook, row by row; figures as numbers, however they are formatted."""
    return _sheet_lines(_workbook(content))


def _workbook(content: bytes) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), data_only=False)


def _sheet_lines(workbook: Any) -> tuple[str, ...]:
    return plain_lines(
        _cell_text(value)
        for sheet in workbook.worksheets
        if sheet.title != XLSX_SHEET
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )


def _cell_text(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _read_xlsx(content: bytes) -> Found:
    workbook = _workbook(content)
    columns: list[str | None] = [None, None]
    if XLSX_SHEET in workbook.sheetnames:
        for index, cells in enumerate(workbook[XLSX_SHEET].iter_cols(max_col=2, values_only=True)):
            packed = "".join(str(cell) for cell in cells if cell is not None)
            columns[index] = _unpacked(packed) if packed else None
    told = workbook.properties
    return Found("xlsx", _sheet_lines(workbook), columns[0], columns[1], _hashes(str(told.identifier)))


def _unpacked(packed: str) -> str:
    text = zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_BYTES)
    return text.decode("utf-8")


# --- HTML


@dataclass
class _Texts:
    """What was found in a page so far."""

    lines: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)


class _PageParser(HTMLParser):
    """Collects the text between tags; style and data blocks apart."""

    _BREAKS = frozenset(
        {"p", "td", "th", "tr", "h1", "h2", "h3", "li", "br", "div", "figcaption", "title", "footer", "section"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = _Texts()
        self._block: str | None = None
        self._line: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        told = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._block = told.get("id", "") or tag
            self.found.data.setdefault(self._block, "")
        if tag == "meta" and told.get("name") == "zoning-verdict-sha256":
            self.found.hashes |= _hashes(told.get("content", ""))
        if tag in self._BREAKS:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if tag in {"script", "style"}:
            self._block = None
        if tag in self._BREAKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._block is not None:
            self.found.data[self._block] += data
        else:
            self._line.append(data)

    def _end_line(self) -> None:
        self.found.lines.append("".join(self._line))
        self._line = []

    def close(self) -> None:
        """Read what is left."""
        super().close()
        self._end_line()


# How `html` writes "<" in a data block; with a backslash before it, it stood in the text itself.
_MASKED = re.compile(r"(?<!\\)((?:\\\\)*)\\u003c")


def html_lines(content: bytes) -> tuple[str, ...]:
    """Return the visible text of a page."""
    return plain_lines(_page(content).lines)


def _page(content: bytes) -> _Texts:
    parser = _PageParser()
    parser.feed(content.decode("utf-8"))
    parser.close()
    return parser.found


def _read_html(content: bytes) -> Found:
    page = _page(content)
    # The digest is of the text as it was before the page was written.
    verdict = page.data.get(VERDICT_ID)
    if verdict is not None:
        verdict = _MASKED.sub(r"\1<", verdict)
    return Found("html", plain_lines(page.lines), verdict, page.data.get(SEAL_ID), frozenset(page.hashes))
