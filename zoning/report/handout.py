"""What offices hand on without a verdict in it: a plan, a list; HTML, PDF and Word from one model, as reports look."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoning.maps.made import Made
from zoning.own_markup import own_markup
from zoning.report.document import Paragraph, Picture, Section, Table, cell_text
from zoning.report.html import opened_template, page_words, styles_beside
from zoning.texts import Language, Text

_PAGE = Text("第 {page} 页，共 {pages} 页", "page {page} of {pages}")
_MARKS = "•·\u00a0"


@dataclass(frozen=True, slots=True)
class Handout:
    """Texts in one language, figures as numbers until they are printed.

    Attributes
    ----------
    facts
        Pairs below the title: what a reader needs before anything else.
    notice
        What the figures must not be used for.
    """

    language: Language
    title: str
    subtitle: str
    facts: Table
    notice: str
    sections: tuple[Section, ...]
    made: Made


def handout_html(handout: Handout, template: Path, *, fonts: str = "") -> str:
    """Return one page without any request to anywhere; the same handout gives the same bytes.

    Raises
    ------
    ContentError
        When the template is missing.
    """
    before, between, after = page_words(_PAGE.get(handout.language))
    page: str = opened_template(template).render(
        plan=handout,
        lang="zh-CN" if handout.language == "zh" else "en",
        styles=own_markup(fonts + styles_beside(template)),
        foot_left=_foot(handout),
        page_before=before,
        page_between=between,
        page_after=after,
    )
    return page


def handout_pdf(handout: Handout, template: Path) -> bytes:
    """Return the page as PDF with its fonts inside; the same handout gives the same bytes.

    Raises
    ------
    ZoningError
        When WeasyPrint or a font is missing, or the page asks for anything outside of itself.
    """
    from zoning.report.pdf import font_rules, print_page

    fonts = font_rules((*_texts(handout), _PAGE.get(handout.language), _MARKS), handout.language)
    return print_page(handout_html(handout, template, fonts=fonts), template.name)


def handout_docx(handout: Handout, template: Path) -> bytes:
    """Return the handout as Word in the styles of a report's template; the same handout gives the same bytes.

    Raises
    ------
    ContentError
        When the template cannot be read.
    """
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    from zoning.report.word import opened_word, style_ids
    from zoning.report.word_blocks import Writer, text_width
    from zoning.report.zips import with_fixed_dates

    document = Document(_empty(opened_word(template), handout))
    _turn(document)
    writer = Writer(document, style_ids(document, opened_word(template)), text_width(document))
    body = document.element.body
    parts = [
        writer.paragraph(handout.subtitle, "note"),
        writer.paragraph(handout.title, "answer"),
        writer.table(handout.facts),
        writer.paragraph(handout.notice, "warning"),
        *(writer.section(section) for section in handout.sections),
    ]
    wrapped = parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{''.join(parts)}</w:body>")
    for element in list(wrapped):
        body.insert(len(body) - 1, element)
    properties = document.core_properties
    properties.title, properties.author = handout.title, handout.made.maker
    made = io.BytesIO()
    document.save(made)
    return with_fixed_dates(made.getvalue(), handout.made.on)


def _empty(document: Any, handout: Handout) -> io.BytesIO:
    """Return a template with an empty body, its foot filled in."""
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    body = document.element.body
    for element in list(body)[:-1]:
        body.remove(element)
    bare = io.BytesIO()
    document.save(bare)
    before, between, after = page_words(_PAGE.get(handout.language))
    filled = DocxTemplate(bare)
    words = {"page_before": before, "page_between": between, "page_after": after}
    foot = {"code_title": handout.title, "code": handout.made.on, "preliminary": f"zoning {handout.made.version}"}
    filled.render({**words, **foot}, SandboxedEnvironment(autoescape=True), autoescape=True)
    made = io.BytesIO()
    filled.docx.save(made)
    made.seek(0)
    return made


def _turn(document: Any) -> None:
    """Lay the pages on their side: lists have many columns."""
    from docx.enum.section import WD_ORIENT

    for section in document.sections:
        wide, high = section.page_height, section.page_width
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, wide, high


def _foot(handout: Handout) -> str:
    maker = f" · {handout.made.maker}" if handout.made.maker else ""
    return f"{handout.title} · {handout.made.on}{maker} · zoning {handout.made.version}"


def _texts(handout: Handout) -> Iterator[str]:
    yield from (handout.title, handout.subtitle, handout.notice, _foot(handout))
    yield from (cell_text(cell) for row in handout.facts.rows for cell in row)
    for section in handout.sections:
        yield section.heading
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Picture):
                yield block.caption
            else:
                yield from (text for column in block.columns for text in (column.title, column.unit))
                yield from (cell_text(cell) for row in block.rows for cell in row)
