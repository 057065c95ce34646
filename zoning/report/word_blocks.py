"""Blocks of the report as WordprocessingML: paragraphs, tables and pictures in the styles of a template."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from zoning.quantities import unbroken
from zoning.report.document import Block, Cell, Number, Paragraph, Picture, Section, Table, Word
from zoning.report.html import is_group

STYLES: dict[str, str] = {
    "heading1": "heading 1",
    "heading2": "heading 2",
    "body": "Zoning Body",
    "note": "Zoning Note",
    "item": "Zoning Item",
    "warning": "Zoning Warning",
    "answer": "Zoning Answer",
    "cell": "Zoning Cell",
    "figure": "Zoning Figure",
    "head": "Zoning Head",
    "caption": "Zoning Caption",
    "gap": "Zoning Gap",
    "table": "Zoning Table",
    "pairs": "Zoning Pairs",
}
"""What a block is called here -> the name of its style in the template."""

TONES: Mapping[str, str] = {
    "prohibited": "8C1020",
    "undetermined": "6A4C93",
    "possible": "6A4C93",
    "no_data": "6A4C93",
    "restricted": "A86400",
    "permitted": "0F7F6B",
    "quiet": "555555",
}
_BOLD = ("strong", "affected", "prohibited", "undetermined", "possible", "no_data", "restricted", "permitted")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = (
    '<wp:anchor {namespaces} distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" '
    'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/></wp:anchor>'
)
"""A picture at the corner of the page; extent and content come from python-docx."""

_APART = 200
_SHADE = "F4F2EC"
_TWIPS = 635
"""EMU of a twentieth of a point."""


class RawXml(str):
    """XML that a template takes as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell the template that everything in it is escaped."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes blocks into one document.

    Attributes
    ----------
    document
        The opened template: pictures become parts of it.
    styles
        Name of a block -> id of its style.
    width
        Of the text on the page, in twentieths of a point.
    """

    document: Any
    styles: Mapping[str, str]
    width: int

    def section(self, section: Section) -> RawXml:
        """Return a chapter with its heading."""
        return RawXml(self.paragraph(section.heading, "heading1") + self.blocks(section.blocks))

    def blocks(self, blocks: Iterable[Block]) -> RawXml:
        """Return blocks one after the other."""
        return RawXml("".join(self._block(block) for block in blocks))

    def _block(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            style = "heading2" if block.kind == "heading" else block.kind
            return self.paragraph(block.text, style, keep=block.kind == "answer")
        if isinstance(block, Picture) and block.sheet:
            return self._sheet(block)
        if isinstance(block, Picture):
            return self.picture(block.png, block.width_mm) + self.paragraph(block.caption, "caption")
        return self.table(block)

    def paragraph(self, text: str, style: str, *, run: str = "", keep: bool = False) -> str:
        """Return one paragraph; `run` are properties of its text; `keep`: on the page of the one below it."""
        kept = "<w:keepNext/>" if keep else ""
        properties = f"<w:pPr><w:pStyle w:val={quoteattr(self.styles[style])}/>{kept}</w:pPr>"
        return f"<w:p>{properties}{_run(text, run)}</w:p>"

    def picture(self, png: bytes, width_mm: float) -> str:
        """Return a paragraph with a picture, kept with the caption below it."""
        paragraph = self._drawn(png, width_mm)
        paragraph.paragraph_format.keep_with_next = True
        return _xml(paragraph)

    def _drawn(self, png: bytes, width_mm: float) -> Any:
        from docx.shared import Mm

        paragraph = self.document.add_paragraph()
        paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))
        return paragraph

    def _sheet(self, picture: Picture) -> str:
        """Return a page that the picture fills: a map is true to its scale only at its own size."""
        from docx.enum.text import WD_BREAK
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls, qn

        paragraph = self._drawn(picture.png, picture.width_mm)
        inline = next(paragraph._p.iter(qn("wp:inline")))  # noqa: SLF001 - python-docx knows no pictures at a place
        anchor = parse_xml(_ANCHOR.format(namespaces=nsdecls("wp")))
        children = {child.tag: child for child in inline}
        anchor.insert(3, children.pop(qn("wp:extent")))
        anchor.extend(children.values())
        inline.getparent().replace(inline, anchor)
        # The page begins with the picture and ends after it.
        paragraph.paragraph_format.page_break_before = True
        paragraph.add_run().add_break(WD_BREAK.PAGE)
        return _xml(paragraph)

    def side_by_side(self, *cells: tuple[int, str], borders: str = "", room: int = 0) -> str:
        """Return blocks beside each other, each with its width; `room` is left above and below them."""
        frame = f"<w:tblBorders>{borders}</w:tblBorders>" if borders else ""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width, _ in cells)
        row = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>' for width, content in cells
        )
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(width for width, _ in cells)}" w:type="dxa"/>{frame}'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="{room}" w:type="dxa"/>'
            f'<w:left w:w="0" w:type="dxa"/><w:bottom w:w="{room}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr>{row}</w:tr></w:tbl>" + self.paragraph("", "gap")
        )

    def table(self, table: Table) -> str:
        """Return a table; its head is repeated on every page, no row is broken."""
        total = sum(column.weight for column in table.columns)
        widths = [round(self.width * column.weight / total) for column in table.columns]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        style = self.styles["pairs" if table.pairs else "table"]
        head = "" if table.pairs else self._head(table, widths)
        rows = "".join(self._row(table, row, widths) for row in table.rows)
        look = '<w:tblLook w:val="0020" w:firstRow="1" w:noHBand="1" w:noVBand="1"/>'
        properties = (
            f"<w:tblPr><w:tblStyle w:val={quoteattr(style)}/>"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{look}</w:tblPr>'
        )
        # Without a paragraph between them two tables become one.
        return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>" + self.paragraph("", "gap")

    def _head(self, table: Table, widths: list[int]) -> str:
        cells = "".join(
            self._cell(column.head, width, "figure" if column.numeric else "cell", bold=True, apart=apart)
            for column, width, apart in zip(table.columns, widths, _apart(table), strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"

    def _row(self, table: Table, row: tuple[Cell, ...], widths: list[int]) -> str:
        if is_group(row):
            span = f'<w:gridSpan w:val="{len(widths)}"/><w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"/>'
            # Kept with the row below: a heading alone at the foot of a page heads nothing.
            cells = self._cell(row[0], sum(widths), "cell", more=span, keep=True)
            return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
        cells = "".join(
            self._cell(cell, width, "figure" if column.numeric else "cell", apart=apart)
            for cell, column, width, apart in zip(row, table.columns, widths, _apart(table), strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"

    def _cell(
        self,
        cell: Cell,
        width: int,
        style: str,
        *,
        bold: bool = False,
        more: str = "",
        keep: bool = False,
        apart: bool = False,
    ) -> str:
        tone = cell.tone if isinstance(cell, Word) else "plain"
        text = cell if isinstance(cell, str) else cell.text
        run = _look(tone, bold=bold)
        inner = self.paragraph(text, style, run=run, keep=keep)
        shown = "<w:noWrap/>" if isinstance(cell, Number) else ""
        if apart:
            shown += f'<w:tcMar><w:left w:w="{_APART}" w:type="dxa"/></w:tcMar>'
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}{shown}</w:tcPr>{inner}</w:tc>'


def _apart(table: Table) -> list[bool]:
    """Tell of each column whether it needs room on its left: words beside figures, which end where they begin."""
    numeric = [column.numeric for column in table.columns]
    return [not mine and before for mine, before in zip(numeric, [False, *numeric], strict=False)]


def _look(tone: str, *, bold: bool) -> str:
    heavy = "<w:b/>" if bold or tone in _BOLD else ""
    colour = f'<w:color w:val="{TONES[tone]}"/>' if tone in TONES else ""
    return heavy + colour


def _run(text: str, properties: str) -> str:
    if not text:
        return ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{xml_text(line)}</w:t>' for line in text.split("\n"))
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{look}{lines}</w:r>"


def clean(text: str) -> str:
    """Return a text without the signs that XML does not know."""
    return _NO_XML.sub("", text)


def xml_text(text: str) -> RawXml:
    """Return a text as XML in which docxtpl finds nothing to replace: it would make `{{` of `{_{`.

    >>> print(xml_text("A&B<矿> {_{x}_}"))
    A&amp;B&lt;矿&gt; {&#95;{x}&#95;}
    """
    return RawXml(escape(unbroken(clean(text))).replace("_", "&#95;"))


def _xml(paragraph: Any) -> str:
    """Take a paragraph out of its document; return it as text."""
    from lxml import etree

    element = paragraph._p  # noqa: SLF001 - python-docx offers no other way to its XML
    element.getparent().remove(element)
    text: str = etree.tostring(element, encoding="unicode")
    return text


def text_width(document: Any) -> int:
    """Return the width of the text on the first page of a document, in twentieths of a point."""
    section = document.sections[0]
    return int((section.page_width - section.left_margin - section.right_margin) / _TWIPS)
