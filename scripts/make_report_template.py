"""Make maps/templates/report.docx, the Word template of reports: `python scripts/make_report_template.py`.

The template holds styles, placeholders, header and footer; what a report says comes from `zoning.report`.
"""

import io
import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from zoning.atomic_write import write_whole
from zoning.report.word import SECTIONS
from zoning.report.zips import with_fixed_dates

TARGET = Path(__file__).resolve().parents[1] / "maps" / "templates" / "report.docx"
FONT = "Noto Sans CJK SC"
INSTEAD = "Microsoft YaHei"
"""What Word takes where the font is not installed: stated in the table of fonts."""

DAY = "2026-11-22"
GREY, ACCENT = RGBColor(0x44, 0x44, 0x44), RGBColor(0x22, 0x22, 0x22)


def main() -> int:
    """Write the template."""
    write_whole(TARGET, template())
    sys.stdout.write(f"{TARGET}\n")
    return 0


def template() -> bytes:
    """Return the template: always the same bytes."""
    document = Document()
    _page(document)
    _styles(document)
    _head_and_foot(document)
    _content(document)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = ""
    _fonts(document)
    made = io.BytesIO()
    document.save(made)
    return with_fixed_dates(made.getvalue(), DAY)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    section.header_distance = section.footer_distance = Mm(12)


def _styles(document: Any) -> None:
    _font(document.styles["Normal"], 10.5)
    _spacing(document.styles["Normal"], before=0, after=4, line=1.05)
    for name, size, before, after in (("Title", 19, 0, 6), ("Heading 1", 14, 18, 6), ("Heading 2", 11, 10, 4)):
        style = document.styles[name]
        _font(style, size, bold=True)
        style.font.color.rgb = RGBColor(0, 0, 0)
        _spacing(style, before=before, after=after, line=0.95)
        style.paragraph_format.keep_with_next = True
        _without_border(style)
    small: tuple[tuple[str, float], ...] = (
        ("Zoning Body", 10.5),
        ("Zoning Note", 8.5),
        ("Zoning Item", 9.5),
        ("Zoning Warning", 9.5),
    )
    for name, points in small:
        style = _paragraph_style(document, name)
        _font(style, points)
        _spacing(style, before=0, after=3, line=1.0)
    document.styles["Zoning Note"].font.color.rgb = GREY
    item = document.styles["Zoning Item"]
    _spacing(item, before=0, after=1.5, line=1.0)
    item.paragraph_format.left_indent = Mm(4)
    item.paragraph_format.first_line_indent = Mm(-4)
    _bar(document.styles["Zoning Warning"])
    answer = _paragraph_style(document, "Zoning Answer")
    _font(answer, 22, bold=True)
    _spacing(answer, before=0, after=2, line=0.9)
    for name, bold in (
        ("Zoning Cell", False),
        ("Zoning Figure", False),
        ("Zoning Head", True),
        ("Zoning Caption", False),
    ):
        style = _paragraph_style(document, name)
        _font(style, 8.5, bold=bold)
        _spacing(style, before=1.5, after=1.5, line=0.95)
    document.styles["Zoning Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    gap = _paragraph_style(document, "Zoning Gap")
    _font(gap, 4)
    _spacing(gap, before=0, after=0, line=1.0)
    document.styles["Zoning Caption"].font.color.rgb = GREY
    _table_style(document, "Zoning Table", "BDBDBD", outer=True)
    _table_style(document, "Zoning Pairs", "DDDDDD", outer=False)


def _paragraph_style(document: Any, name: str) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def _font(style: Any, size: float, *, bold: bool = False) -> None:
    style.font.size, style.font.bold, style.font.name, style.font.italic = Pt(size), bold, FONT, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _spacing(style: Any, *, before: float, after: float, line: float) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = line


def _without_border(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _bar(style: Any) -> None:
    """Give a paragraph style a bar at its left."""
    border, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "6"), ("color", "6A4C93")):
        left.set(qn(f"w:{name}"), value)
    border.append(left)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    style.paragraph_format.left_indent = Mm(2.5)


def _table_style(document: Any, name: str, colour: str, *, outer: bool) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.TABLE)
    properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        inner = side == "insideH" or not outer
        line = OxmlElement(f"w:{side}")
        for key, value in (
            ("val", "single"),
            ("sz", "4" if inner else "8"),
            ("space", "0"),
            ("color", colour if inner else "000000"),
        ):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.extend((borders, margins))
    style.element.append(properties)


def _head_and_foot(document: Any) -> None:
    section = document.sections[0]
    for part in (section.header, section.footer):
        part.is_linked_to_previous = False
    section.header.paragraphs[0].style = document.styles["Zoning Note"]
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Zoning Note"]
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(160), alignment=2)
    foot.add_run("{{ code_title }} {{ code }} · {{ preliminary }}\t{{ page_before }}")
    _field(foot, "PAGE")
    foot.add_run("{{ page_between }}")
    _field(foot, "NUMPAGES")
    foot.add_run("{{ page_after }}")


def _field(paragraph: Any, code: str) -> None:
    field, run, text = OxmlElement("w:fldSimple"), OxmlElement("w:r"), OxmlElement("w:t")
    field.set(qn("w:instr"), code)
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx knows no fields


def _content(document: Any) -> None:
    document.add_paragraph("{{ subtitle }}", style="Zoning Body")
    document.add_paragraph("{{ title }}", style="Title")
    for name in ("front_head", "answer"):
        document.add_paragraph(f"{{{{p {name} }}}}")
    # Before the lists: however long they are, the notice stands on the first page.
    notice = document.add_paragraph("{{ notice }}", style="Zoning Warning")
    notice.paragraph_format.space_after = Pt(6)
    for name in ("front_figures", "front_rules", "front_missing"):
        document.add_paragraph(f"{{{{p {name} }}}}")
    document.add_page_break().style = document.styles["Zoning Gap"]
    for name in SECTIONS:
        document.add_paragraph(f"{{{{p {name} }}}}")


def _fonts(document: Any) -> None:
    """State what to take where the font is missing."""
    part = next(p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    part._blob = (  # noqa: SLF001 - the part is only bytes for python-docx
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{name}"><w:font w:name="{FONT}">'
        f'<w:altName w:val="{INSTEAD}"/><w:charset w:val="86"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
        "</w:font></w:fonts>"
    ).encode()


if __name__ == "__main__":
    raise SystemExit(main())
