"""Tables in the panel or on pages of their own: zones, contacts, what the verdict says."""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import LineString

from zoning.maps.map_product import MapProduct
from zoning.maps.paper.flow import Row, line_height, paragraph, under
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import HAIR, INK, QUIET, Page, Shape
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.typeset import wrapped
from zoning.maps.paper.words import WORDS
from zoning.maps.scene import Scene, SceneLayer
from zoning.quantities import format_length, hectares
from zoning.rules.verdict import LayerEntry, Verdict
from zoning.texts import Language

_GAP = 2.2
_MOST_SPARE = 14.0
_LEAST_PART = 0.8


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed.

    Attributes
    ----------
    numbers
        The columns that stand at the right.
    solid
        Columns that are never wrapped, beside those of numbers.
    missing
        Why there are no rows.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    solid: frozenset[int] = frozenset()
    missing: str = ""


def tables_of(scene: Scene, product: MapProduct, language: Language) -> list[Table]:
    """Return the tables that a product asks for, but the totals of classes: they stand in the legend."""
    found: list[Table] = []
    if "zones" in product.tables:
        listed = [layer for layer in scene.layers if layer.zones and product.lists(layer.layer.id)]
        found.extend(_zones(layer, scene, product, language) for layer in listed)
    if "contacts" in product.tables:
        for listing in scene.listings:
            heads = tuple(head.get(language) for head in listing.heads)
            missing = listing.missing.get(language) if listing.missing else ""
            found.append(Table(listing.title.get(language), heads, listing.rows, missing=missing))
    return found


def _zones(layer: SceneLayer, scene: Scene, product: MapProduct, language: Language) -> Table:
    say = {name: text.get(language) for name, text in WORDS.items()}
    choice = next((choice for choice in product.layers if choice.layer == layer.layer.id), None)
    asked = None if choice is None else choice.attributes
    wanted = tuple(layer.layer.attributes) if asked is None else asked
    shown = [name for name in wanted if name in layer.layer.attributes]
    several = len(layer.layer.classes) > 1
    site = scene.site is not None
    heads = [say["unit_class"]] if several else []
    heads += [say["zone_id"], say["zone_name"], say["zone_area"]] + ([say["zone_overlap"]] if site else [])
    heads += [layer.layer.attributes[name].get(language) for name in shown]
    order = list(layer.layer.classes)
    rows: list[tuple[str, ...]] = []
    for zone in sorted(layer.zones, key=lambda zone: (order.index(zone.class_id), zone.id)):
        cells = [layer.layer.classes[zone.class_id].title.get(language)] if several else []
        cells += [zone.id, zone.name, "" if zone.area_m2 is None else f"{hectares(zone.area_m2):,.4f}"]
        if site:
            cells.append("" if not zone.overlap_m2 else f"{hectares(zone.overlap_m2):,.4f}")
        cells += [str((zone.attributes or {}).get(name, "")) for name in shown]
        rows.append(tuple(cells))
    first = 3 if several else 2
    numbers = frozenset({first, first + 1} if site else {first})
    return Table(layer.layer.title.get(language), tuple(heads), tuple(rows), numbers, frozenset({first - 2}))


def natural_widths(page: Page, table: Table, size: float) -> list[float]:
    """Return how wide each column is when nothing is wrapped."""
    lines = [table.heads, *table.rows]
    return [max(page.wide(line[column], size) for line in lines) + _GAP for column in range(len(table.heads))]


def column_widths(page: Page, table: Table, size: float, width: float) -> list[float] | None:
    """Return the widths of the columns in so much room; None where it is not enough.

    Figures and codes are never wrapped, and texts get no less than four fifths of what they would like.
    """
    natural = natural_widths(page, table, size)
    if sum(natural) <= width:
        wide = [column for column in range(len(natural)) if column not in table.numbers]
        spare = min((width - sum(natural)) / max(len(wide), 1), _MOST_SPARE)
        return [value + (spare if column in wide else 0.0) for column, value in enumerate(natural)]
    whole = table.numbers | table.solid
    fixed = sum(natural[column] for column in whole)
    texts = sum(natural) - fixed
    if fixed + texts * _LEAST_PART > width:
        return None
    share = (width - fixed) / texts
    return [value if column in whole else value * share for column, value in enumerate(natural)]


def table_rows(
    page: Page, table: Table, paper: Format, widths: Sequence[float], language: Language, *, size: float
) -> list[Row]:
    """Return the rows of a table: its title and head first, and once more where it goes on in another column."""
    continued = WORDS["continued"].get(language)
    width = sum(widths)

    def title(text: str) -> Row:
        return paragraph(page, text, width, paper.size * 1.05, colour=INK, bold=True, gap=2.4, keeps=True)

    if table.missing:
        return [title(table.title), paragraph(page, table.missing, width, size, colour=QUIET)]
    head = _cells(page, table.heads, table, widths, size, head=True)
    rows = [_cells(page, cells, table, widths, size, head=False) for cells in table.rows]
    again = (title(continued.format(title=table.title)), head)
    return [title(table.title), head, *under(rows, again)]


def _cells(page: Page, cells: Sequence[str], table: Table, widths: Sequence[float], size: float, *, head: bool) -> Row:
    step = line_height(size)
    texts = [
        wrapped(cell, width - _GAP, lambda text: page.wide(text, size, bold=head))
        for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(len(lines) for lines in texts) * step + 0.8

    def draw(sheet: Page, place: Rectangle) -> None:
        left = place.left
        for column, (lines, width) in enumerate(zip(texts, widths, strict=True)):
            right = column in table.numbers
            for number, line in enumerate(lines):
                base = place.top - (number + 0.78) * step - 0.2
                x = left + width - _GAP if right else left
                colour = QUIET if head else INK
                sheet.write(line, x, base, size, align="right" if right else "left", colour=colour, bold=head)
            left += width
        rule = LineString([(place.left, place.bottom), (place.left + sum(widths), place.bottom)])
        sheet.add(Shape(rule, stroke=INK if head else HAIR, width=0.5 if head else 0.25))

    return Row(height, draw, keeps=head)


def verdict_rows(page: Page, verdict: Verdict, paper: Format, width: float, language: Language) -> list[Row]:
    """Return what the verdict says of each layer: figures of what is touched, then the names of the others."""
    say = {name: text.get(language) for name, text in WORDS.items()}
    heads = (say["layer_class"], say["hectares"], say["of_site"])
    lines = tuple(line for entry in verdict.layers for line in _touched(entry, language, say["possible"]))
    table = Table(say["overlaps"], heads, lines, frozenset({1, 2}))
    wide = [
        max(page.wide(text, paper.small, bold=True) for text in pair)
        for pair in (("00,000.0000", heads[1]), ("100.00", heads[2]))
    ]
    figures = [value + _GAP + 0.4 for value in wide]
    rows: list[Row] = []
    if lines:
        rows.extend(table_rows(page, table, paper, [width - sum(figures), *figures], language, size=paper.small))
    rows.extend(_untouched(page, verdict, paper, width, language))
    return rows


def _touched(entry: LayerEntry, language: Language, possible: str) -> list[tuple[str, ...]]:
    if entry.status not in {"affected", "possible"}:
        return []
    layer = entry.title.get(language)
    lines: list[tuple[str, ...]] = []
    for found in entry.classes:
        title = found.title.get(language)
        name = title if title == layer else f"{layer} · {title}"
        if found.certainty == "possible":
            name += f"（{possible}）" if language == "zh" else f" ({possible})"
        area = f"{hectares(found.overlap_m2):,.4f}" if found.overlap_m2 else format_length(found.length_m)
        share = found.share * 100
        percent = "" if not found.overlap_m2 else "< 0.01" if share < 0.005 else f"{share:.2f}"  # noqa: PLR2004 - what rounds to 0.01
        lines.append((name, area if found.overlap_m2 or found.length_m else "", percent))
    return lines or [(f"{layer}（{possible}）" if language == "zh" else f"{layer} ({possible})", "", "")]


def _untouched(page: Page, verdict: Verdict, paper: Format, width: float, language: Language) -> list[Row]:
    say = {name: text.get(language) for name, text in WORDS.items()}
    rows: list[Row] = []
    for key, status in (("no_data", "no_data"), ("not_affected", "not_affected")):
        names = [_named(entry, language, say["nearest"]) for entry in verdict.layers if entry.status == status]
        if names:
            rows.append(paragraph(page, say[key], width, paper.size, colour=INK, bold=True, gap=1.4, keeps=True))
            text = ("、" if language == "zh" else "; ").join(names)
            rows.append(paragraph(page, text, width, paper.small, colour=QUIET))
    return rows


def _named(entry: LayerEntry, language: Language, nearest: str) -> str:
    title = entry.title.get(language)
    if entry.nearest_m is None or entry.status != "not_affected":
        return title
    remark = nearest.format(distance=format_length(entry.nearest_m))
    return f"{title}（{remark}）" if language == "zh" else f"{title} ({remark})"
