"""The atlas of a territory: an index page, then a page for each of its parts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

import shapely

from zoning.maps.content import Box, Picture
from zoning.maps.fonts import typeface
from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.arrange import Task, arrange
from zoning.maps.paper.bands import Heading, ratio_text
from zoning.maps.paper.content import Sheet
from zoning.maps.paper.flow import Row
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import INK, MM_PER_POINT, QUIET, Page, Shape
from zoning.maps.paper.notes import notes_rows
from zoning.maps.paper.painter import DPI
from zoning.maps.paper.render import Plan, Printer, finish, number_pages
from zoning.maps.paper.tables import Table, column_widths, table_rows
from zoning.maps.paper.words import WORDS
from zoning.maps.scene import Scene
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

Relief = Callable[[Box], Picture | None]
_TINTS = ("#F3E9CF", "#DDE8D6", "#E3E1EE", "#F3DDD3", "#DCE8EC")


@dataclass(frozen=True)
class Entry:
    """A page of the index: its scene, the number of its first page, the scale of its map."""

    scene: Scene
    page: int
    scale: int


def _tell_page(progress: Callable[[Text], None], of: int, number: int) -> None:
    progress(Text(f"写入第 {number}/{of} 页", f"writing page {number}/{of}"))


def _read(units: Iterable[Scene], progress: Callable[[Text], None]) -> list[Scene]:
    """Return the units without their reliefs, which are made page by page."""
    known: list[Scene] = []
    for number, unit in enumerate(units, start=1):
        progress(Text(f"已读取第 {number} 幅：{unit.frame.name}", f"read: sheet {number}, {unit.frame.name}"))
        known.append(replace(unit, relief=None))
    return known


def render_atlas(  # noqa: PLR0913 - the contract of render_paper, and the units
    scene: Scene,
    units: Iterable[Scene],
    product: MapProduct,
    stylebook: Stylebook,
    language: Language,
    made: Made,
    *,
    relief: Relief | None = None,
    dpi: int = DPI,
    progress: Callable[[Text], None] = lambda _: None,
) -> bytes:
    """Return the atlas as PDF: the index with an overview, then one map per unit and its tables.

    Parameters
    ----------
    scene
        The whole territory.
    units
        Its parts, in the order of the pages; see `zoning.maps.paper.units`.
    relief
        Makes the relief of a page; without it there is none.
    progress
        Told each step of each sheet: read, drawn, written.

    Raises
    ------
    ZoningError, CRSError
        See `render_paper`.
    """
    printer = Printer(product, stylebook, language, made, typeface(language), "pdf", dpi)
    known = _read(units, progress)
    numbers = {unit.frame.code: number for number, unit in enumerate(known, start=2)}
    plans = _plans(printer, scene, known, numbers)
    firsts = dict(zip(numbers, accumulate((plan.count for plan in plans[:-1]), initial=2), strict=True))
    if firsts != numbers:
        # Tables need pages of their own: now it is known how many.
        plans = _plans(printer, scene, known, firsts)
    pages: list[Page] = []
    for unit, plan in zip(known, plans, strict=True):
        place = f"{numbers[unit.frame.code] - 1}/{len(known)}"
        progress(Text(f"绘制 {place}：{unit.frame.name}", f"drawing {place}: {unit.frame.name}"))
        pages += [printer.draw(plan.made, plan.heading, relief=relief(unit.box) if relief else None), *plan.further]
    entries = [Entry(u, firsts[u.frame.code], plan.made.view.scale) for u, plan in zip(known, plans, strict=True)]
    pages.insert(0, _index_page(printer, replace(scene, relief=relief(scene.box) if relief else None), entries))
    number_pages(pages, language)

    tick = partial(_tell_page, progress, len(pages))
    return finish(pages, made, language, to="pdf", title=_title(scene, product, language), dpi=dpi, tick=tick)


def _plans(printer: Printer, scene: Scene, known: Sequence[Scene], numbers: dict[str, int]) -> list[Plan]:
    return [
        printer.plan(
            unit,
            heading=_heading(unit, scene, printer.product, printer.language),
            land=scene.frame.geometry,
            remarks=_neighbours(unit, known, numbers, printer.language),
        )
        for unit in known
    ]


def _title(scene: Scene, product: MapProduct, language: Language) -> str:
    if scene.frame.kind == "strip":
        return Heading.of(scene, product, language).full
    return WORDS["index_of"].get(language).format(name=scene.frame.name)


def _heading(unit: Scene, whole: Scene, product: MapProduct, language: Language) -> Heading:
    made = Heading.of(unit, product, language)
    return Heading(made.title, f"{whole.frame.name} · {made.subtitle}", made.full)


def _neighbours(
    unit: Scene, known: Sequence[Scene], numbers: dict[str, int], language: Language
) -> list[tuple[str, str]]:
    """Return which pages go on where this one ends."""
    around = unit.frame.geometry.buffer(1e-4)
    beside = [other for other in known if other is not unit and other.frame.geometry.intersects(around)]
    if not beside:
        return []
    word = WORDS["page_short"].get(language)
    texts = [word.format(page=numbers[other.frame.code], name=other.frame.name) for other in beside]
    return [(WORDS["neighbours"].get(language), ("、" if language == "zh" else "; ").join(texts))]


def _index_page(printer: Printer, scene: Scene, entries: Sequence[Entry]) -> Page:
    """Return the page with the overview: every unit with its number, and the list of pages."""
    language = printer.language
    product = printer.product.model_copy(
        update={
            "title": Text(*(WORDS["index_of"].get(name).format(name=scene.frame.name) for name in ("zh", "en"))),
            "paper": printer.product.paper.model_copy(update={"scale": "fit"}),
            "tables": (),
            "notes": WORDS["unit_note"],
            # The numbers of the pages take the room of the names.
            "layers": tuple(choice.model_copy(update={"label": "none"}) for choice in printer.product.layers),
        }
    )
    overview = replace(printer, product=product)
    # Of a river the overview shows the river itself.
    river = product.strip.layer if product.strip is not None else ""
    plain = replace(
        scene,
        layers=tuple(
            replace(layer, zones=layer.zones if layer.layer.id == river else (), uncovered=None)
            for layer in scene.layers
        ),
    )
    scratch = Page(1.0, 1.0, printer.faces)
    say = {name: text.get(language) for name, text in WORDS.items()}
    heads = (say["index_page"], say["index_name"], say["index_scale"])
    lines = tuple((str(entry.page), entry.scene.frame.name, ratio_text(entry.scale)) for entry in entries)
    table = Table(say["index"], heads, lines, frozenset({2}))

    def rows(sheet: Sheet, paper: Format, width: float) -> list[Row]:
        widths = column_widths(scratch, table, paper.size, width) or [width * 0.15, width * 0.55, width * 0.3]
        listed = table_rows(scratch, table, paper, widths, language, size=paper.size)
        notes = notes_rows(scratch, sheet, product, paper, width, language)
        return [overview.compass(sheet, paper, width), *listed, *notes]

    heading = Heading.of(plain, product, language)
    heading = Heading(_title(scene, printer.product, language), heading.subtitle, heading.full)
    made = arrange(Task(plain, product, printer.stylebook, rows, None, heading.lines, printer.kept))

    def over(page: Page, sheet: Sheet) -> None:
        _overview(page, sheet, entries, made.paper)

    return overview.draw(made, heading, over=over)


def _overview(page: Page, sheet: Sheet, entries: Sequence[Entry], paper: Format) -> None:
    place = sheet.view.place
    shapes = [sheet.view.on_paper(entry.scene.frame.geometry) for entry in entries]
    for number, shape in enumerate(shapes):
        page.add(Shape(shape, fill=_TINTS[number % len(_TINTS)], opacity=0.55, clip=place))
    for shape in shapes:
        page.add(Shape(shape, stroke=QUIET, width=0.6, clip=place))
    page.add(Shape(sheet.land, stroke=INK, width=1.4, clip=place))
    for entry, shape in zip(entries, shapes, strict=True):
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        spot = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.5), 0)
        room = 2 * (largest.boundary.distance(spot))
        big = min(paper.size * 2.0, max(paper.size, room / MM_PER_POINT / 2.6))
        page.write(str(entry.page), spot.x, spot.y, big, bold=True, align="middle", halo=1.4)
        name, size = entry.scene.frame.name, paper.small
        if page.wide(name, size) < 1.6 * room:
            page.write(name, spot.x, spot.y - size * MM_PER_POINT * 1.2, size, align="middle", halo=1.2, colour=QUIET)
