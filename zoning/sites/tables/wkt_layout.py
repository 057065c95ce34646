"""Tables with one geometry in a row: where the geometry stands, and what the other columns are called."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice

from zoning.sites.where import Where

LONGEST_LINE = 200_000_000
SIGNS = (",", "\t", ";", "|")
GEOMETRY_WORD = re.compile(
    r"^\s*(SRID\s*=\s*\d+\s*;\s*)?(POINT|LINESTRING|POLYGON|MULTI(POINT|LINESTRING|POLYGON|CURVE|SURFACE)"
    r"|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|POLYHEDRALSURFACE|TIN|TRIANGLE)(\s*(ZM|Z|M))?"
    r"\s*(\(|EMPTY\b)",  # a table may have the heading Point
    re.IGNORECASE,
)
ANYWHERE = re.compile(
    r"(?<![A-Za-z])(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM|Z|M)?\s*\([\s(]*[-+]?[0-9]", re.IGNORECASE
)
"""A geometry in the midst of a text."""
_GEOJSON = re.compile(r"\bcoordinates\W+\[")
_NUMBER = re.compile(r"(?<![0-9.])[0-9]{2,8}\.[0-9]{2,}")
_OUTLINE = 6  # numbers of three points
_POINT = re.compile(r"^\s*(?:SRID\s*=\s*\d+\s*;\s*)?(?:MULTI)?POINT", re.IGNORECASE)
_OTHER_NAMES = frozenset(("geometry", "geom", "the_geom", "shape", "几何", "几何图形", "几何信息", "图形", "空间数据"))
_MOST_ABOVE = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in the rows of a table.

    Attributes
    ----------
    headings
        Names of the columns; empty where the table has none.
    column
        Of the geometry, from 0.
    above
        How many rows the headings take, with what stands over them.
    sign
        Between the cells.
    """

    headings: tuple[str, ...]
    column: int
    above: int
    sign: str = ""

    @property
    def name(self) -> str:
        """What the column of the geometry is called in a sentence."""
        return self.headings[self.column] if self.headings else str(self.column + 1)

    def whole(self, cells: list[str]) -> list[str]:
        """Put together again what the signs between coordinates have cut: a geometry that nobody put into quotes."""
        if len(cells) <= max(len(self.headings), self.column + 1) or not GEOMETRY_WORD.match(cells[self.column]):
            return cells
        text, position = cells[self.column], self.column + 1
        while text.count("(") != text.count(")") and position < len(cells):
            text, position = f"{text}{self.sign}{cells[position]}", position + 1
        if text.count("(") != text.count(")"):
            return cells
        return [*cells[: self.column], text, *cells[position:]]


class TwoGeometriesError(Exception):
    """Several columns hold geometries; the arguments are their names."""


@contextmanager
def long_cells() -> Iterator[None]:
    """Let a cell be as long as a polygon; for other readers the limit stays what it is."""
    usual = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def text_layout(text: str, *, cut: bool = False) -> Layout | None:
    """Return the layout of a text that is a table of geometries; None when it is anything else.

    Parameters
    ----------
    cut
        The text is the beginning of a longer one: its last row may be a piece.

    Raises
    ------
    TwoGeometriesError
    """
    found = [one for sign in SIGNS if (one := _of_sign(text, sign, cut=cut)) is not None]
    # A comma splits what another sign separates; of the right sign the headings are the most.
    return max(found, key=lambda one: len(one.headings), default=None)


def _of_sign(text: str, sign: str, *, cut: bool) -> Layout | None:
    try:
        with long_cells():
            # A piece of a quoted cell goes to the end of the text.
            rows = list(csv.reader(text.splitlines(keepends=True), delimiter=sign, skipinitialspace=True))
    except csv.Error:
        return None
    return layout_of(rows, sign, cut=cut)


def layout_of(rows: Sequence[Sequence[str]], sign: str = "", *, cut: bool = False) -> Layout | None:
    """Return the layout of rows of cells; see `text_layout`."""
    head = _head(rows)
    headings = [cell.strip() for cell in rows[head]] if head is not None else []
    columns = _columns(rows, headings, head, sign, cut=cut)
    if not columns:
        return _named_only(rows, headings, head, sign)
    column = _chosen(columns, headings)
    if all(_POINT.match(text) for text in columns[column]) and _announces_points(rows):
        return None  # vertices with their place in two spellings
    if head is None or column >= len(headings) or not headings[column]:
        return Layout((), column, 0, sign)  # what stands there may be a row that lacks its geometry
    return Layout(tuple(headings), column, head + 1, sign)


def _head(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the row of the headings; None where the first row may hold a footprint.

    Only a column that is called as such tells headings from a title above them, or from a row without a geometry.
    """
    first = next((i for i, row in enumerate(rows) if any(map(GEOMETRY_WORD.match, row))), min(len(rows), _MOST_ABOVE))
    named = next((i for i in range(first) if any(map(_is_known, rows[i]))), None)
    return named if named is not None else next((i for i in range(first) if any(map(str.strip, rows[i]))), None)


def _is_known(cell: str) -> bool:
    return _says_wkt(cell) or cell.strip().casefold() in _OTHER_NAMES


def _says_wkt(cell: str) -> bool:
    # With a sign between cells in it, it is no heading but all of them.
    return "wkt" in cell.casefold() and not any(sign in cell for sign in SIGNS)


def _columns(
    rows: Sequence[Sequence[str]], headings: Sequence[str], head: int | None, sign: str, *, cut: bool
) -> dict[int, list[str]]:
    """Return the columns in which geometries stand, with what stands there."""
    found: dict[int, list[str]] = {}
    for index in range(0 if head is None else head + 1, len(rows)):
        row = rows[index]
        for column, cell in enumerate(row):
            if not GEOMETRY_WORD.match(cell):
                continue
            known = column < len(headings) and _is_known(headings[column])
            last = cut and index == len(rows) - 1
            if known or last or _is_closed(_joined(row, column, len(headings), sign)):
                found.setdefault(column, []).append(cell)
    return found


def _joined(row: Sequence[str], column: int, count: int, sign: str) -> str:
    layout = Layout(("",) * max(count, column + 1), column, 0, sign)
    return layout.whole(list(row))[column]


def _is_closed(text: str) -> bool:
    word = text.strip()
    return word.endswith(")") or word.upper().endswith("EMPTY")


def _chosen(columns: dict[int, list[str]], headings: Sequence[str]) -> int:
    if len(columns) == 1:
        return next(iter(columns))
    areas = [column for column, texts in columns.items() if not all(map(_POINT.match, texts))]
    if len(areas) == 1:
        return areas[0]
    raise TwoGeometriesError(*(headings[column] if column < len(headings) else str(column + 1) for column in columns))


def _named_only(rows: Sequence[Sequence[str]], headings: Sequence[str], head: int | None, sign: str) -> Layout | None:
    """Return the layout of a table without any geometry that says in its headings where they should stand."""
    if head is None:
        return None
    below = rows[head + 1 :]
    for column, heading in enumerate(headings):
        stated = _says_wkt(heading)
        empty = bool(below) and not any(column < len(row) and row[column].strip() for row in below)
        if stated or (_is_known(heading) and empty and len(headings) > 1 and not _announces_points(rows)):
            return Layout(tuple(headings), column, head + 1, sign)
    return None


def _announces_points(rows: Sequence[Sequence[str]]) -> bool:
    from zoning.sites.tables.grid import Grid, Row
    from zoning.sites.tables.signs import plain
    from zoning.sites.tables.table import announces_points

    cells = [Row(i, [" ".join(plain(cell).split()) for cell in row]) for i, row in enumerate(rows[:_MOST_ABOVE], 1)]
    return announces_points(Grid(Where(""), cells))


def several_outlines(text: str) -> bool:
    """Tell whether a text that is no table holds several geometries, or rows with an outline in one cell each."""
    if len(list(islice(chain(ANYWHERE.finditer(text), _GEOJSON.finditer(text)), 2))) > 1:
        return True
    return any(_outlines(text, sign) > 1 for sign in SIGNS if sign in text)


def _outlines(text: str, sign: str) -> int:
    """Return how many rows at most hold three points or more in a cell of the same column beside other cells."""
    try:
        with long_cells():
            rows = [row for row in csv.reader(text.splitlines(), delimiter=sign, skipinitialspace=True) if len(row) > 1]
    except csv.Error:
        return 0
    found = Counter(column for row in rows for column, cell in enumerate(row) if len(_NUMBER.findall(cell)) >= _OUTLINE)
    return max(found.values(), default=0)
