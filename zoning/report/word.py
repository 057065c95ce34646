"""The report as a Word document, made from a template that an office can replace by its own (docxtpl).

docs/report.md names the placeholders.
"""

import io
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from zoning.errors import ContentError
from zoning.report.digest import qr_png
from zoning.report.document import Paragraph, Report
from zoning.report.reading import docx_lines
from zoning.report.seal import Seal
from zoning.report.sign_picture import sign_png
from zoning.report.word_blocks import STYLES, RawXml, Writer, clean, text_width, xml_text
from zoning.report.zips import with_fixed_dates

PART = "/customXml/zoning.xml"
NAMESPACE = "urn:zoning:report:1"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_SIGN_MM, _QR_MM = 18, 24
SECTIONS = (
    "project",
    "basis",
    "overlay",
    "parts",
    "clauses",
    "protected",
    "findings",
    "missing",
    "advice",
    "conclusion",
    "annex_maps",
    "annex_points",
    "annex_trace",
)


def render_docx(report: Report, template: Path, own: Path | None = None) -> bytes:
    """Return the document: the same report and template give the same bytes.

    Parameters
    ----------
    template
        The one that comes with the program: styles that the office's own lacks are taken from it.
    own
        The office's own template, instead.

    Raises
    ------
    ContentError
        When a template cannot be read, or names something that a report does not have.
    """
    from docxtpl import DocxTemplate

    chosen = own or template
    builtin = opened_word(template)
    opened_word(chosen)
    made = DocxTemplate(str(chosen))
    made.init_docx()
    document = made.docx
    writer = Writer(document, style_ids(document, builtin), text_width(document))
    _render(made, _context(report, writer), chosen)
    _describe(made.docx, report)
    plain = _saved(made.docx)
    seal = Seal(report.digest, report.language, docx_lines(plain), complete=own is None)
    return with_fixed_dates(_with_part(plain, report, seal), report.made.on)


def _render(made: Any, context: Mapping[str, Any], template: Path) -> None:
    from jinja2 import StrictUndefined, TemplateError, UndefinedError
    from jinja2.sandbox import SandboxedEnvironment

    # A template may come from anywhere: it can fill in, and do nothing else.
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        made.render(dict(context), environment, autoescape=True)
    except UndefinedError as error:
        listed = ", ".join(context)
        raise ContentError(
            f"{template.name}：模板中的占位符不存在（{error.message}）；可用：{listed}",
            f"{template.name}: a placeholder of the template does not exist ({error.message}); allowed: {listed}",
        ) from error
    except TemplateError as error:
        raise ContentError(
            f"{template.name}：模板中的占位符写法不对：{error.message}",
            f"{template.name}: a placeholder of the template is written wrongly: {error.message}",
        ) from error


def opened_word(path: Path) -> Any:
    """Return a template as python-docx opens it.

    Raises
    ------
    ContentError
        When it is none.
    """
    from zipfile import BadZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        raise ContentError(
            f"{path}：不是可读的 Word 模板（.docx）", f"{path}: no readable Word template (.docx)"
        ) from error


def style_ids(document: Any, builtin: Any) -> dict[str, str]:
    """Return the ids of the styles; what the template lacks is copied from the one of the program."""
    own, theirs = document.styles.element, builtin.styles.element
    ids: dict[str, str] = {}
    for block, name in STYLES.items():
        found = _style(own, name)
        if found is None:
            found = deepcopy(_style(theirs, name))
            own.append(found)
        ids[block] = found.styleId
    return ids


def _style(styles: Any, name: str) -> Any:
    return next((one for one in styles.style_lst if (one.name_val or "").casefold() == name.casefold()), None)


def _context(report: Report, writer: Writer) -> dict[str, Any]:
    front = report.front
    area = front.figures.rows[0]
    values: dict[str, Any] = {
        "title": report.title,
        "subtitle": report.subtitle,
        "site_name": report.site,
        "decision": front.word,
        "sentence": front.sentence,
        "notice": front.notice,
        "preliminary": report.words["preliminary"],
        "area_m2": area[1].text if not isinstance(area[1], str) else area[1],
        "area_ha": area[2].text if not isinstance(area[2], str) else area[2],
        "area_mu": area[3].text if not isinstance(area[3], str) else area[3],
        "maker": report.made.maker,
        "made_on": report.made.on,
        "program": report.made.version,
        "digest": report.digest,
        "code": report.short,
        "code_title": report.words["digest"],
        "page_before": _page(report)[0],
        "page_between": _page(report)[1],
        "page_after": _page(report)[2],
    }
    context: dict[str, Any] = {name: xml_text(value) for name, value in values.items()}
    context |= {
        "front_head": _head(report, writer),
        "front_facts": writer.blocks([front.facts]),
        "answer": _answer(report, writer),
        "front_figures": writer.blocks([front.figures, Paragraph(front.scope, "note")]),
        "front_rules": _points(writer, front.rules_title, front.rules),
        "front_missing": _points(writer, front.missing_title, front.missing),
        "qr": RawXml(writer.picture(qr_png(report.digest), _QR_MM)),
    }
    sections = {section.id: writer.section(section) for section in report.sections}
    context |= {name: sections.get(name, RawXml("")) for name in SECTIONS}
    context["body"] = RawXml("".join(sections.values()))
    return context


def placeholders(report: Report) -> tuple[str, ...]:
    """Return the names that a template may use."""
    from docx import Document

    document = Document()
    return tuple(_context(report, Writer(document, dict.fromkeys(STYLES, "Normal"), text_width(document))))


def _page(report: Report) -> tuple[str, str, str]:
    before, _, rest = report.words["page"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


def _head(report: Report, writer: Writer) -> RawXml:
    """Return who, where and when, with the code beside it."""
    right = 1800
    left = writer.width - right
    facts = replace(writer, width=left - 200).table(report.front.facts)
    code = (
        writer.picture(qr_png(report.digest), _QR_MM)
        + writer.paragraph(report.words["digest"], "caption")
        + writer.paragraph(report.short, "caption")
    )
    return RawXml(writer.side_by_side((left, facts), (right, code)))


def _answer(report: Report, writer: Writer) -> RawXml:
    """Return sign, word and sentence side by side."""
    front = report.front
    colour = front.colour.removeprefix("#")
    sign = writer.picture(sign_png(front.badge, front.sign, front.colour), _SIGN_MM)
    word = writer.paragraph(front.word, "answer", run=f'<w:color w:val="{colour}"/>')
    sentence = writer.paragraph(front.sentence, "body")
    left = 1400
    line = f'<w:{{side}} w:val="single" w:sz="12" w:space="0" w:color="{colour}"/>'
    borders = line.format(side="top") + line.format(side="bottom")
    return RawXml(writer.side_by_side((left, sign), (writer.width - left, word + sentence), borders=borders, room=120))


def _points(writer: Writer, title: str, texts: tuple[str, ...]) -> RawXml:
    if not texts:
        return RawXml("")
    return writer.blocks([Paragraph(title, "heading"), *(Paragraph(f"· {text}", "item") for text in texts)])


def _describe(document: Any, report: Report) -> None:
    from datetime import datetime

    properties = document.core_properties
    properties.title = clean(f"{report.title} · {report.site}")[:255]
    properties.author = clean(report.made.maker)[:255]
    properties.last_modified_by = clean(report.made.maker)[:255]
    properties.comments = report.words["preliminary"]
    properties.identifier = f"sha256:{report.digest}"
    properties.keywords = report.short
    properties.language = "zh-CN" if report.language == "zh" else "en"
    properties.version = report.made.version
    properties.revision = 1
    made = datetime.fromisoformat(report.made.on)
    properties.created = properties.modified = made


def _saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _with_part(plain: bytes, report: Report, seal: Seal) -> bytes:
    """Return the document with verdict and seal as a part of its own, which Word keeps when it saves."""
    from docx import Document
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document(io.BytesIO(plain))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<zoning xmlns="{NAMESPACE}"><verdict>{escape(report.verdict_json)}'
        f"</verdict><seal>{escape(seal.to_json())}</seal></zoning>"
    )
    part = Part(PackURI(PART), "application/xml", content.encode(), document.part.package)
    document.part.relate_to(part, _RELATION)
    return _saved(document)
