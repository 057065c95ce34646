"""The panel beside or under the map: rows of any height that run through columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zoning.maps.paper.marks import MM_PER_POINT, Page
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.typeset import wrapped

Draw = Callable[[Page, Rectangle], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the panel.

    Attributes
    ----------
    draw
        Draws it into a rectangle that has its height and the width of the column.
    keeps
        It never ends a column: the next row belongs to it.
    gap
        What is left blank above it where it does not begin a column.
    again
        Headings that are written once more where it begins a column.
    repeated
        It is such a heading.
    """

    height: float
    draw: Draw
    keeps: bool = False
    gap: float = 0.0
    again: "tuple[Row, ...]" = ()
    repeated: bool = False


def under(rows: Sequence[Row], headings: Sequence[Row]) -> list[Row]:
    """Return rows that have their headings above them in every column that they run through."""
    again = tuple(replace(row, keeps=True, repeated=True) for row in headings)
    return [replace(row, again=again) for row in rows]


def into_columns(rows: Sequence[Row], height: float) -> list[list[Row]]:
    """Return the rows column by column, none higher than `height`; a row that is higher has a column of its own."""
    columns: list[list[Row]] = [[]]
    used = 0.0
    for group in _groups(rows):
        tall = sum(row.height for row in group) + sum(row.gap for row in group[1:])
        gap = group[0].gap if columns[-1] else 0.0
        if columns[-1] and used + gap + tall > height + 1e-6:
            columns.append([])
            used = gap = 0.0
        if not columns[-1] and group[0].again:
            columns[-1].extend(group[0].again)
            used, gap = height_of(columns[-1]), group[0].gap
        columns[-1].extend(group)
        used += gap + tall
    return columns


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    held = False
    for row in rows:
        if held:
            groups[-1].append(row)
        else:
            groups.append([row])
        held = row.keeps
    return groups


def height_of(column: Sequence[Row]) -> float:
    """Return how high a column is."""
    return sum(row.height + (row.gap if number else 0.0) for number, row in enumerate(column))


def least_height(rows: Sequence[Row], columns: int) -> float:
    """Return the least height, to the millimetre, at which the rows fit into so many columns."""
    low, high = 1.0, max(height_of(rows), 1.0) + 1.0
    while high - low > 1.0:
        middle = (low + high) / 2
        found = into_columns(rows, middle)
        fits = len(found) <= columns and all(height_of(column) <= middle for column in found)
        low, high = (low, middle) if fits else (middle, high)
    return high


def draw_columns(page: Page, columns: Sequence[Sequence[Row]], place: Rectangle, width: float, gutter: float) -> None:
    """Draw columns from left to right, from the top down."""
    for number, column in enumerate(columns):
        left = place.left + number * (width + gutter)
        top = place.top
        for order, row in enumerate(column):
            top -= row.gap if order else 0.0
            row.draw(page, Rectangle(left, top - row.height, left + width, top))
            top -= row.height


def line_height(size: float) -> float:
    """Return the distance of two lines of text, millimetres."""
    return 1.42 * size * MM_PER_POINT


def paragraph(
    page: Page,
    text: str,
    width: float,
    size: float,
    *,
    colour: str,
    bold: bool = False,
    gap: float = 0.0,
    keeps: bool = False,
) -> Row:
    """Return a row with a text that is wrapped."""
    lines = wrapped(text, width, lambda piece: page.wide(piece, size, bold=bold))
    step = line_height(size)

    def draw(sheet: Page, place: Rectangle) -> None:
        for number, line in enumerate(lines):
            base = place.top - (number + 0.76) * step
            sheet.write(line, place.left, base, size, colour=colour, bold=bold)

    return Row(len(lines) * step, draw, keeps=keeps, gap=gap)
