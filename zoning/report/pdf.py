"""The report as PDF: the page of `zoning.report.html`, printed by WeasyPrint with the verdict attached."""

import base64
import hashlib
import io
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zoning.errors import ContentError
from zoning.maps.fonts import clean, require_glyphs
from zoning.report.document import Report
from zoning.report.html import Page
from zoning.report.reading import SEAL_FILE, VERDICT_FILE, html_lines, pdf_lines
from zoning.report.seal import Seal
from zoning.texts import Language

FAMILY = "Zoning Report"
"""What the style sheet calls the fonts that the page brings along."""

_MARKS = "•·\u00a0"
"""What lists begin with."""


def render_pdf(report: Report, template: Path) -> bytes:
    """Return the PDF: the same report gives the same bytes.

    Raises
    ------
    ContentError
        When the page asks for anything outside of itself; when WeasyPrint or its libraries are not installed.
    """
    weasyprint = _weasyprint()
    page = Page(template)
    text = page.render(report, attach=False)
    fonts = font_rules((*html_lines(text.encode()), *report.words.values(), report.short, _MARKS), report.language)
    page_text = page.render(report, attach=False, fonts=fonts)
    document = _laid_out(page_text, template.name)
    # Laid out once, written twice: the text that is sealed is the text that a reader of the file finds.
    seal = Seal(report.digest, report.language, pdf_lines(_write(document, report, ())))
    made = datetime.fromisoformat(report.made.on).replace(tzinfo=UTC)
    attachments = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(text.encode()),
            name=name,
            description=name,
            created=made,
            modified=made,
            relationship="Data",
        )
        for name, text in ((VERDICT_FILE, report.verdict_json), (SEAL_FILE, seal.to_json()))
    ]
    return _write(document, report, attachments)


def print_page(text: str, name: str) -> bytes:
    """Return a page, which holds everything itself, as PDF; `name` is that of its template in errors.

    Raises
    ------
    ContentError
        When it asks for anything outside of itself; when WeasyPrint or its libraries are not installed.
    """
    identity = hashlib.sha256(text.encode()).digest()[:16]
    printed: bytes = _laid_out(text, name).write_pdf(pdf_identifier=identity, pdf_tags=True, custom_metadata=True)
    return printed


def _laid_out(text: str, name: str) -> Any:
    weasyprint = _weasyprint()
    # Nothing but what the page holds itself: a report must not ask anybody for anything.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    try:
        return weasyprint.HTML(string=text, url_fetcher=fetcher, base_url=None).render()
    except weasyprint.urls.FatalURLFetchingError as error:
        raise ContentError(
            f"{name}：报告模板引用了外部资源：{error}",
            f"{name}: the template of the report refers to something outside: {error}",
        ) from error


def font_rules(texts: Iterable[str], language: Language) -> str:
    """Return style rules with fonts of exactly the characters that are used.

    Raises
    ------
    ZoningError
        When no Chinese font is found and one is needed, or a character is in no font: boxes are never printed.
    """
    shown = [clean(text) for text in texts]
    faces = require_glyphs(shown, language)
    rules = []
    for bold in (False, True):
        data = base64.b64encode(faces.font_of(shown, bold=bold)).decode()
        rules.append(
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {700 if bold else 400}; '
            f'src: url("data:font/ttf;base64,{data}") format("truetype"); }}\n'
        )
    return "".join(rules)


def _write(document: Any, report: Report, attachments: Any) -> bytes:
    content: bytes = document.write_pdf(
        attachments=list(attachments),
        pdf_identifier=bytes.fromhex(report.digest[:32]),
        pdf_variant=None,
        pdf_tags=True,
        custom_metadata=True,
        optimize_images=False,
    )
    return content


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise ContentError(
            f"不能生成 PDF：WeasyPrint 或它需要的系统库不可用（{error}）；Debian：apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0；或改用 --to docx、--to html",
            f"no PDF can be made: WeasyPrint or a library that it needs is missing ({error}); on Debian: apt install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; or take --to docx or --to html",
        ) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint
