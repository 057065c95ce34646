"""Editions, coordinate system and remarks: what a reader needs to trust a sheet, or not to."""

from collections.abc import Iterable

from zoning.maps.map_product import MapProduct
from zoning.maps.paper.content import Sheet
from zoning.maps.paper.flow import Row, line_height, paragraph
from zoning.maps.paper.format import Format
from zoning.maps.paper.grid import graticule_step, grid_step
from zoning.maps.paper.marks import INK, QUIET, Page
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView
from zoning.maps.paper.words import WORDS
from zoning.quantities import format_length
from zoning.texts import Language

_NOTABLE_MM = 0.2


def notes_rows(
    page: Page, sheet: Sheet, product: MapProduct, paper: Format, width: float, language: Language
) -> list[Row]:
    """Return the rows under the legend."""
    say = {name: text.get(language) for name, text in WORDS.items()}
    rows = [_title(page, say["editions"], paper, width)]
    rows.extend(
        paragraph(page, text, width, paper.small, colour=QUIET, gap=0.3) for text in editions_text(sheet, language)
    )
    rows.append(_title(page, say["about"], paper, width))
    rows.extend(
        paragraph(page, text, width, paper.small, colour=QUIET, gap=0.3) for text in _remarks(sheet, product, language)
    )
    rows.append(_unnamed(paper, say["unnamed"] + ("。" if language == "zh" else ".")))
    return rows


def _unnamed(paper: Format, text: str) -> Row:
    """Return the row that says how many names are missing: known only when the map is drawn, before the panel."""
    step = line_height(paper.small)

    def draw(page: Page, place: Rectangle) -> None:
        if page.left_out:
            page.write(text.format(count=page.left_out), place.left, place.top - 0.76 * step, paper.small, colour=QUIET)

    return Row(step, draw, gap=0.3)


def _title(page: Page, text: str, paper: Format, width: float) -> Row:
    return paragraph(page, text, width, paper.size, colour=INK, bold=True, gap=1.6, keeps=True)


def editions_text(sheet: Sheet, language: Language) -> list[str]:
    """Return which layers are drawn in which edition, those of one edition together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for layer in sheet.scene.layers:
        if layer.edition is not None and layer.presence != "no_data":
            key = (layer.edition, layer.valid_from or "")
            groups.setdefault(key, []).append(layer.layer.title.get(language))
    between = "、" if language == "zh" else "; "
    head = WORDS["edition_of"].get(language)
    ordered = sorted(groups.items(), key=lambda item: (item[0][1], item[0][0]), reverse=True)
    return [head.format(edition=edition, day=day) + between.join(names) for (edition, day), names in ordered]


def system_text(view: MapView, language: Language) -> str:
    """Return the coordinate system of the sheet."""
    projection = view.projection
    return WORDS["system"].get(language).format(zone=projection.zone, meridian=projection.meridian, code=projection.crs)


def grid_text(view: MapView, kind: str, language: Language) -> str:
    """Return what the lines of the grid are; empty where there are none."""
    if kind == "none":
        return ""
    if kind == "gauss-kruger":
        step = grid_step(view)
        length = f"{step / 1000:g} km" if step >= 1000 else format_length(step).replace(".00", "")  # noqa: PLR2004 - one kilometre
        return WORDS["grid"].get(language).format(step=length)
    seconds = graticule_step(view)
    text = f"{seconds // 60}′" if seconds % 60 == 0 else f"{seconds}″"
    return WORDS["graticule"].get(language).format(step=text)


def _remarks(sheet: Sheet, product: MapProduct, language: Language) -> Iterable[str]:
    say = {name: text.get(language) for name, text in WORDS.items()}
    if sheet.scene.verdict is not None:
        yield sheet.scene.verdict.notice.get(language)
    if sheet.scene.schematic:
        yield say["schematic_note"] + ("。" if language == "zh" else ".")
    yield say["display_note"]
    if "class_totals" in product.tables:
        name = sheet.scene.frame.name
        text = say["totals_site"] if sheet.scene.site is not None else say["totals_in"].format(name=name)
        yield text + ("。" if language == "zh" else ".")
    error = scale_error_text(sheet.view, language)
    if error:
        yield error
    if product.notes is not None:
        yield product.notes.get(language)


def scale_error_text(view: MapView, language: Language) -> str:
    """Return how much too long lengths are at the edge, where it can be measured on the paper; else nothing."""
    ground = view.ground
    places = [(x, y) for x in (ground.left, ground.right) for y in (ground.bottom, ground.top)]
    error = max(abs(view.projection.scale_error(*view.projection.lonlat(x, y))) for x, y in places)
    if error * max(view.place.width, view.place.height) < _NOTABLE_MM:
        return ""
    return WORDS["scale_error"].get(language).format(ppm=error * 1e6, mm=error * 1e5)
