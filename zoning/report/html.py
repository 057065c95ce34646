"""The report as one HTML file: everything inside, no request to anywhere. PDF is printed from the same page."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoning.errors import ContentError
from zoning.maps.page_templates import templates_in
from zoning.own_markup import own_markup
from zoning.quantities import unbroken
from zoning.report.digest import qr_svg
from zoning.report.document import Cell, Column, Picture, Report, Table, Word
from zoning.report.reading import SEAL_ID, VERDICT_ID, html_lines
from zoning.report.seal import Seal

STYLES = "report.css"


def render_html(report: Report, template: Path) -> str:
    """Return the page with verdict and seal in it."""
    page = Page(template)
    seal = Seal(report.digest, report.language, html_lines(page.render(report).encode()))
    return page.render(report, seal=seal)


@dataclass(frozen=True, slots=True)
class Page:
    """The template of the page; its style sheet lies beside it."""

    template: Path

    def render(self, report: Report, *, seal: Seal | None = None, attach: bool = True, fonts: str = "") -> str:
        """Return the page: the same report gives the same bytes.

        Parameters
        ----------
        seal
            What the text of the page was, for those who verify it later.
        attach
            Whether the verdict stands in the page; a PDF has it as an attachment.
        fonts
            Rules of a style sheet that bring the fonts along.

        Raises
        ------
        ContentError
            When the template is missing.
        """
        before, between, after = page_words(report.words["page"])
        text: str = opened_template(self.template).render(
            report=report,
            front=report.front,
            lang="zh-CN" if report.language == "zh" else "en",
            styles=own_markup(fonts + self._styles()),
            qr=own_markup(qr_svg(report.digest)),
            attached=own_markup(_attached(report, seal) if attach else ""),
            foot_left=f"{report.words['digest']} {report.short} · {report.words['preliminary']}",
            page_before=before,
            page_between=between,
            page_after=after,
        )
        return text

    def _styles(self) -> str:
        return styles_beside(self.template)


def styles_beside(template: Path) -> str:
    """Return the style sheet that lies beside a template.

    Raises
    ------
    ContentError
        When it is missing.
    """
    path = template.parent / STYLES
    if not path.is_file():
        raise _missing(path)
    return path.read_text(encoding="utf-8").replace("</", "<\\/")


def opened_template(path: Path) -> Any:
    """Return a template of a page, with the filters that its blocks need.

    Raises
    ------
    ContentError
        When it is missing.
    """
    from jinja2 import TemplateNotFound

    environment = templates_in(path.parent)
    environment.filters |= {
        "lines": _lines,
        "width": _width,
        "is_group": is_group,
        "source": _source,
        "css": css_string,
    }
    try:
        return environment.get_template(path.name)
    except TemplateNotFound as error:
        raise _missing(path) from error


def css_string(text: str) -> Any:
    r"""Return a text as a string of a style sheet.

    >>> print(css_string('a"b</style>'))
    "a\22 b\3c /style\3e "
    """
    unsafe = {'"': "\\22 ", "\\": "\\5c ", "<": "\\3c ", ">": "\\3e ", "&": "\\26 ", "\n": "\\a "}
    return own_markup('"' + "".join(unsafe.get(sign, sign) for sign in text) + '"')


def is_group(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row is the heading of those below it."""
    first = row[0]
    return isinstance(first, Word) and first.tone == "strong" and not any(row[1:])


def _lines(text: str) -> Any:
    from markupsafe import Markup, escape

    return Markup("<br>").join(escape(unbroken(line)) for line in text.split("\n"))


def _width(table: Table, column: Column) -> str:
    return f"{100 * column.weight / sum(one.weight for one in table.columns):.2f}"


def _source(picture: Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.png).decode()


def page_words(template: str) -> tuple[str, str, str]:
    """Return what stands before, between and after the numbers of "page {page} of {pages}"."""
    before, _, rest = template.partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


def _attached(report: Report, seal: Seal | None) -> str:
    """Return verdict and seal as data blocks, which no browser runs and nothing in them can close."""
    blocks = [(VERDICT_ID, report.verdict_json)]
    if seal is not None:
        blocks.append((SEAL_ID, seal.to_json()))
    return "\n".join(
        f'<script type="application/json" id="{name}">{text.replace("<", chr(92) + "u003c")}</script>'
        for name, text in blocks
    )


def _missing(path: Path) -> ContentError:
    return ContentError(f"{path.name}：找不到报告模板", f"{path.name}: the template of the report is missing")
