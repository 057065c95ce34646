"""Pages after the map: what of the legend found no room, and tables."""

from collections.abc import Sequence

from shapely.geometry import LineString

from zoning.maps.fonts import Typeface
from zoning.maps.paper.arrange import Arrangement
from zoning.maps.paper.bands import Heading
from zoning.maps.paper.flow import Row, draw_columns, into_columns
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import HAIR, MM_PER_POINT, Page, Shape
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.tables import Table, column_widths, natural_widths, table_rows
from zoning.maps.paper.words import WORDS
from zoning.texts import Language


def appendix_pages(
    over: Sequence[Row],
    tables: Sequence[Table],
    heading: Heading,
    made: Arrangement,
    faces: Typeface,
    language: Language,
) -> list[Page]:
    """Return the pages in the format of the map: rows of the legend in columns, then tables over the whole width."""
    paper = made.paper
    pages: list[Page] = []
    title = f"{heading.full} · {WORDS['tables'].get(language)}"
    body = _body(paper)
    if over:
        count = max(1, int((body.width + paper.gutter) // (made.column + paper.gutter)))
        columns = into_columns(over, body.height)
        for start in range(0, len(columns), count):
            page = _page(paper, faces, title)
            draw_columns(page, columns[start : start + count], body, made.column, paper.gutter)
            pages.append(page)
    scratch = Page(1.0, 1.0, faces)
    apart = 2 * paper.gutter
    widest = max((sum(natural_widths(scratch, table, paper.size)) for table in tables), default=body.width)
    count = max(1, int((body.width + apart) // (widest + apart)))
    width = (body.width - (count - 1) * apart) / count
    rows = [row for table in tables for row in _rows(scratch, table, paper, width, language)]
    columns = into_columns(rows, body.height) if rows else []
    for start in range(0, len(columns), count):
        page = _page(paper, faces, title)
        draw_columns(page, columns[start : start + count], body, width, apart)
        pages.append(page)
    return pages


def _rows(scratch: Page, table: Table, paper: Format, width: float, language: Language) -> list[Row]:
    size = paper.size
    widths = column_widths(scratch, table, size, width)
    if widths is None:
        natural = natural_widths(scratch, table, size)
        widths = [value * width / sum(natural) for value in natural]
    return table_rows(scratch, table, paper, widths, language, size=size)


def _body(paper: Format) -> Rectangle:
    side = paper.margin + 6.0
    top = paper.height - side - paper.head * 2.2 * MM_PER_POINT
    return Rectangle(side, side, paper.width - side, top)


def _page(paper: Format, faces: Typeface, title: str) -> Page:
    page = Page(paper.width, paper.height, faces)
    body = _body(paper)
    base = body.top + 0.9 * paper.head * MM_PER_POINT
    page.number_at = (body.right, paper.margin, paper.small)
    page.write(title, body.left, base, paper.head, bold=True)
    rule = LineString([(body.left, body.top + 1.2), (body.right, body.top + 1.2)])
    page.add(Shape(rule, stroke=HAIR, width=0.5))
    return page
