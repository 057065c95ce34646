"""Scene -> sheet of paper, true to scale: PDF, PNG or SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError, ZoningError
from zoning.maps.content import Picture
from zoning.maps.fonts import Typeface, require_glyphs, typeface
from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.appendix import appendix_pages
from zoning.maps.paper.arrange import Arrangement, Task, arrange
from zoning.maps.paper.bands import Heading, draw_foot, draw_title
from zoning.maps.paper.content import Sheet
from zoning.maps.paper.flow import Row, draw_columns, paragraph
from zoning.maps.paper.format import Format
from zoning.maps.paper.furniture import draw_inset, draw_north
from zoning.maps.paper.grid import draw_grid
from zoning.maps.paper.labels import draw_labels
from zoning.maps.paper.legend import LegendWriter
from zoning.maps.paper.marks import HAIR, INK, QUIET, Page, Shape, Words
from zoning.maps.paper.notes import notes_rows
from zoning.maps.paper.painter import DPI, To, paint
from zoning.maps.paper.projection import Projected
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.tables import Table, column_widths, table_rows, tables_of, verdict_rows
from zoning.maps.paper.words import WORDS
from zoning.maps.paper.zones import draw_zones
from zoning.maps.scene import Scene
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

_READABLE = 0.9
_ENDLESS = 1e5
"""Higher than any panel, millimetres."""


@dataclass(frozen=True)
class Plan:
    """A map that can be drawn; `further` are its pages of tables."""

    heading: Heading
    made: Arrangement
    further: list[Page]

    @property
    def count(self) -> int:
        """How many pages it takes."""
        return 1 + len(self.further)


@dataclass(frozen=True)
class Printer:
    """Draws the sheets of one product.

    Attributes
    ----------
    to, dpi
        Pictures in the sheet, and the sheet itself as PNG, have so many dots per inch.
    kept
        What was projected before, by zone: the sheets of an atlas share it.
    """

    product: MapProduct
    stylebook: Stylebook
    language: Language
    made: Made
    faces: Typeface
    to: To
    dpi: int = DPI
    kept: dict[int, Projected] = field(default_factory=dict)

    def plan(
        self,
        scene: Scene,
        *,
        heading: Heading | None = None,
        land: BaseGeometry | None = None,
        remarks: Sequence[tuple[str, str]] = (),
    ) -> Plan:
        """Return where everything goes, and what goes to pages after the map.

        Parameters
        ----------
        land
            Where zones are drawn, where that is more than the frame.
        remarks
            Further paragraphs of the panel: heading and text.

        Raises
        ------
        UsageError
            When a part of the frame would be cut off at the stated scale.
        ZoningError
            When the legend finds no room on a sheet that has no further pages.
        CRSError
            Where CGCS2000 has no Gauss-Krüger zone.
        """
        heading = heading or Heading.of(scene, self.product, self.language)
        tables = tables_of(scene, self.product, self.language)
        plain = self._arranged(scene, heading, land, [], remarks, on_next=bool(tables))
        inside, after = plain, tables
        if tables:
            full = self._arranged(scene, heading, land, tables, remarks)
            # Tables go to pages of their own before the map gets smaller for them.
            same = full.view.scale == plain.view.scale and full.paper.size >= _READABLE * plain.paper.size
            if same and full.whole and not full.over:
                inside, after = full, []
        if not inside.whole:
            raise _cut_off(scene.frame.name, self.product.paper.size, inside.view.scale)
        if inside.over and self.to != "pdf":
            raise _too_long(self.product.paper.size)
        further: list[Page] = []
        if self.to == "pdf" and (inside.over or after):
            further = appendix_pages(inside.over, after, heading, inside, self.faces, self.language)
        return Plan(heading, inside, further)

    def map_pages(self, scene: Scene) -> list[Page]:
        """Return the page of a map and the pages of its tables, not numbered yet.

        Raises
        ------
        UsageError, ZoningError, CRSError
            See `plan`.
        """
        plan = self.plan(scene)
        return [self.draw(plan.made, plan.heading), *plan.further]

    def _arranged(
        self,
        scene: Scene,
        heading: Heading,
        land: BaseGeometry | None,
        tables: list[Table],
        remarks: Sequence[tuple[str, str]],
        *,
        on_next: bool = False,
    ) -> Arrangement:
        scratch = Page(1.0, 1.0, self.faces)

        def rows(sheet: Sheet, paper: Format, width: float) -> list[Row]:
            return self._rows(scratch, sheet, paper, width, tables, on_next=on_next) + [
                row for head, text in remarks for row in _remark(scratch, head, text, paper, width)
            ]

        return arrange(Task(scene, self.product, self.stylebook, rows, land, heading.lines, self.kept))

    def _rows(
        self, scratch: Page, sheet: Sheet, paper: Format, width: float, tables: list[Table], *, on_next: bool
    ) -> list[Row]:
        found: list[Row] = [self.compass(sheet, paper, width)]
        verdict = sheet.scene.verdict
        if verdict is not None and "verdict" in self.product.tables:
            found += verdict_rows(scratch, verdict, paper, width, self.language)
        totals = "class_totals" in self.product.tables
        legend = LegendWriter(scratch, paper, width, self.stylebook, self.language, totals)
        found += legend.rows(sheet)
        for table in tables:
            widths = column_widths(scratch, table, paper.small, width)
            if widths is None:
                # It would be squeezed: more than any panel can hold.
                found.append(Row(_ENDLESS, _nothing))
                continue
            found += table_rows(scratch, table, paper, widths, self.language, size=paper.small)
        if on_next:
            key = "on_next" if self.to == "pdf" else "no_room"
            title = WORDS["tables"].get(self.language)
            between = "：" if self.language == "zh" else ": "
            text = title + between + WORDS[key].get(self.language)
            found.append(paragraph(scratch, text, width, paper.small, colour=QUIET, gap=1.6))
        found += notes_rows(scratch, sheet, self.product, paper, width, self.language)
        return found

    def compass(self, sheet: Sheet, paper: Format, width: float) -> Row:
        """Return the row with the inset and the north arrow."""
        arrow = width * 0.34
        height = width * 0.46
        inset = self.product.paper.inset and bool(sheet.scene.surroundings)

        def draw(page: Page, place: Rectangle) -> None:
            right = Rectangle(place.right - arrow, place.bottom, place.right, place.top)
            if not inset:
                right = Rectangle(place.left, place.bottom, place.right, place.top)
            draw_north(page, sheet.view, paper, right, self.language)
            if inset:
                left = Rectangle(place.left, place.bottom, place.right - arrow - 1.0, place.top)
                frame = sheet.scene.frame.geometry if sheet.scene.frame.kind == "strip" else None
                draw_inset(page, sheet.scene.surroundings, sheet.view, frame, left, paper)

        return Row(height, draw, gap=2.0)

    def draw(
        self,
        made: Arrangement,
        heading: Heading,
        *,
        over: Callable[[Page, Sheet], None] | None = None,
        relief: Picture | None = None,
    ) -> Page:
        """Return the page of an arrangement; `over` draws more into the map, under the names.

        Parameters
        ----------
        relief
            Instead of the one of the scene.
        """
        paper, bands = made.paper, made.bands
        page = Page(paper.width, paper.height, self.faces, map_place=made.view.place, scale=made.view.scale)
        page.number_at = (bands.foot.right, bands.border.bottom + 1.5, paper.small)
        draw_zones(page, made.sheet, self.stylebook, relief or made.sheet.scene.relief, dpi=self.dpi)
        draw_grid(page, made.view, self.product.paper.grid, paper)
        if over is not None:
            over(page, made.sheet)
        page.left_out = draw_labels(page, made.sheet, self.product, self.stylebook, size=paper.size)
        draw_title(page, heading, bands, paper, self.stylebook, made.sheet, self.language)
        _separators(page, made)
        draw_columns(page, made.columns, made.panel, made.column, paper.gutter)
        draw_foot(page, made, self.product, self.made, self.language)
        page.add(Shape(bands.border.shape, stroke=INK, width=1.6, butt=True))
        return page


def _remark(scratch: Page, head: str, text: str, paper: Format, width: float) -> list[Row]:
    title = paragraph(scratch, head, width, paper.size, colour=INK, bold=True, gap=1.6, keeps=True)
    return [title, paragraph(scratch, text, width, paper.small, colour=QUIET)]


def _nothing(page: Page, place: Rectangle) -> None:
    del page, place


def _separators(page: Page, made: Arrangement) -> None:
    top = made.bands.title.bottom
    line = LineString([(made.bands.border.left, top), (made.bands.border.right, top)])
    page.add(Shape(line, stroke=HAIR, width=0.5))
    foot = made.bands.foot.top
    page.add(
        Shape(LineString([(made.bands.border.left, foot), (made.bands.border.right, foot)]), stroke=HAIR, width=0.5)
    )


def _cut_off(name: str, paper: str, scale: int) -> UsageError:
    """Return the refusal of a scale: what is not on the sheet would read as not being there."""
    return UsageError(
        f"{name}按 1:{scale} 在 {paper} 图幅上放不下；请换用更大的图幅、更小的比例尺，或 --scale fit",
        f"{name} has no room on {paper} at 1:{scale}: choose larger paper, a smaller scale, or --scale fit",
    )


def _too_long(paper: str) -> ZoningError:
    return ZoningError(
        f"图例在 {paper} 图幅上放不下：请换用更大的图幅（--paper），或输出为 PDF（其余部分另页列出）",
        f"the legend finds no room on {paper}: choose a larger paper (--paper) or PDF, which lists the rest on "
        "further pages",
    )


def render_paper(
    scene: Scene,
    product: MapProduct,
    stylebook: Stylebook,
    language: Language,
    made: Made,
    *,
    to: To,
    dpi: int = DPI,
) -> bytes:
    """Return the printed map of a scene; the same scene gives the same bytes.

    Parameters
    ----------
    to
        `pdf` (fonts embedded; long tables on further pages), `png` or `svg` (one sheet).
    dpi
        Of the relief, and of a PNG.

    Raises
    ------
    ZoningError
        When a font or a character is missing, or the legend finds no room on a sheet that has no further pages.
    UsageError
        When a part of the frame would be cut off at the stated scale.
    CRSError
        Where CGCS2000 has no Gauss-Krüger zone.
    """
    printer = Printer(product, stylebook, language, made, typeface(language), to, dpi)
    pages = printer.map_pages(scene)
    number_pages(pages, language)
    heading = Heading.of(scene, product, language)
    return finish(pages, made, language, to=to, title=heading.full, dpi=dpi)


def number_pages(pages: list[Page], language: Language) -> None:
    """Write the numbers of pages of several."""
    if len(pages) < 2:  # noqa: PLR2004 - one page needs no number
        return
    for number, page in enumerate(pages, start=1):
        text = WORDS["page"].get(language).format(page=number, pages=len(pages))
        x, base, size = page.number_at
        page.write(text, x, base, size, align="right", colour=QUIET, name="page number")


def finish(
    pages: list[Page],
    made: Made,
    language: Language,
    *,
    to: To,
    title: str,
    dpi: int,
    tick: Callable[[int], None] = lambda _: None,
) -> bytes:
    """Return the pages as one file, after every character of them was found in a font; `tick`: see `paint`.

    Raises
    ------
    ZoningError
        When no font has a character of the pages.
    """
    require_glyphs((mark.text for page in pages for mark in page.marks if isinstance(mark, Words)), language)
    return paint(pages, made, to=to, title=title, dpi=dpi, tick=tick)
