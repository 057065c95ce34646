"""Where a table holds what: its header, wherever it stands and however it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from zoning.rules.access.aliases import Field, class_named, cut_names, dimension_named, field_named
from zoning.rules.access.sheets import Sheet
from zoning.rules.access.unit_codes import codes_in
from zoning.rules.access.words import Dimension

_HEADER_ROWS = 40
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet holds what.

    Attributes
    ----------
    header, first_row
        Index of the first row of the header, and of the first row below it; equal where there is no header.
    columns
        Column of each field that was found.
    dimensions
        (dimension, column) of the columns that hold the clauses of one dimension; several can hold the same one.
    unknown
        (column, title) of the columns that are not read.
    guessed
        (column, title, what it was taken for) where the title was cut, or the content decided.
    """

    header: int
    first_row: int
    columns: Mapping[Field, int]
    dimensions: tuple[tuple[Dimension, int], ...] = ()
    unknown: tuple[tuple[int, str], ...] = ()
    guessed: tuple[tuple[int, str, str], ...] = ()

    @property
    def long(self) -> bool:
        """One row per clause or dimension, with the dimension in a column of its own."""
        return not self.dimensions and "dimension" in self.columns and "requirement" in self.columns


def find_layout(sheet: Sheet, *, needs_code: bool) -> Layout | None:
    """Return where the sheet holds what; None when it is no list.

    Parameters
    ----------
    needs_code
        A list of units: without a column of unit codes it is none.
    """
    best: Layout | None = None
    for row in range(min(len(sheet.rows), _HEADER_ROWS)):
        for height in (1, 2):
            layout = _Header(sheet, row, height).layout() if row + height <= len(sheet.rows) else None
            if layout is None or not _is_list(layout, height, needs_code=needs_code):
                continue
            if best is None or _score(layout) > _score(best):
                best = layout
    return best or (None if needs_code else _without_header(sheet))


def _score(layout: Layout) -> tuple[int, int]:
    # Two rows only where the second one adds something.
    known = 3 * len(layout.dimensions) + 2 * len(layout.columns) - len(layout.guessed)
    return known, layout.header - layout.first_row


def _is_list(layout: Layout, height: int, *, needs_code: bool) -> bool:
    coded = "code" in layout.columns
    if needs_code and not coded:
        return False
    if layout.long:
        return height == 1
    # One dimension alone can be a title; a code beside it makes a header, but not of two rows: the second is a clause.
    return len(layout.dimensions) >= (1 if coded and height == 1 else 2)


@dataclass(slots=True)
class _Header:
    """One or two rows read as a header."""

    sheet: Sheet
    row: int
    height: int
    columns: dict[Field, int] = field(default_factory=dict)
    dimensions: list[tuple[Dimension, int]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    guessed: list[tuple[int, str, str]] = field(default_factory=list)

    def layout(self) -> Layout:
        rows = range(self.row, self.row + self.height)
        for column in range(max(len(self.sheet.rows[row]) for row in rows)):
            told = (self.sheet.cell(row, column).strip() for row in reversed(rows))
            self._read(column, [title for title in dict.fromkeys(told) if title])
        if "code" not in self.columns and (self.dimensions or "requirement" in self.columns):
            self._find_codes()
        if self.dimensions:
            # Beside columns of dimensions these are something else; what is not read has to be said.
            for name in ("dimension", "requirement"):
                if name in self.columns:
                    column = self.columns.pop(name)
                    self.unknown.append((column, self.sheet.cell(self.row, column).strip()))
        return Layout(
            header=self.row,
            first_row=self.row + self.height,
            columns=self.columns,
            dimensions=tuple(self.dimensions),
            unknown=tuple(sorted(self.unknown)),
            guessed=tuple(self.guessed),
        )

    def _read(self, column: int, titles: Sequence[str]) -> None:
        title = " ".join(" ".join(titles).split())
        for text in titles:
            if (dimension := dimension_named(text)) is not None:
                self.dimensions.append((dimension, column))
                return
            if (name := field_named(text)) is not None and name not in self.columns:
                self.columns[name] = column
                return
        for text in titles:
            if self._read_cut(column, text):
                return
        if title:
            self.unknown.append((column, title))

    def _read_cut(self, column: int, title: str) -> bool:
        """Read a title of which a shapefile has left ten bytes; the content decides between code, name and class."""
        fields, dimensions = cut_names(title)
        if len(dimensions) == 1 and not fields:
            (dimension,) = dimensions
            self.dimensions.append((dimension, column))
            self.guessed.append((column, title, dimension))
            return True
        could: list[Field] = [name for name in sorted(fields) if name not in self.columns]
        if dimensions or not could:
            return False
        name = could[0] if len(could) == 1 else self._by_content(column, could)
        self.columns[name] = column
        self.guessed.append((column, title, name))
        return True

    def _by_content(self, column: int, could: Sequence[Field]) -> Field:
        if "code" in could and self._holds_codes(column):
            return "code"
        told = self._below(column)
        if "class" in could and told and all(class_named(text) for text in told):
            return "class"
        return "name" if "name" in could else could[0]

    def _find_codes(self) -> None:
        """Take the column that holds unit codes for it, whatever its title says."""
        titled = dict(self.unknown)
        for column in range(max((len(row) for row in self.sheet.rows), default=0)):
            taken = column in self.columns.values() or any(column == place for _, place in self.dimensions)
            if not taken and self._holds_codes(column):
                self.columns["code"] = column
                self.guessed.append((column, titled.get(column, ""), "code"))
                self.unknown = [entry for entry in self.unknown if entry[0] != column]
                return

    def _holds_codes(self, column: int) -> bool:
        told = self._below(column)
        return bool(told) and 2 * sum(1 for text in told if codes_in(text)[0]) > len(told)

    def _below(self, column: int) -> list[str]:
        rows = range(self.row + self.height, len(self.sheet.rows))
        return list(islice((text for row in rows if (text := self.sheet.cell(row, column).strip())), _SAMPLE))


def _without_header(sheet: Sheet) -> Layout | None:
    """Return the layout of a plain list of two columns: dimension, requirement."""
    for column in range(max((len(row) for row in sheet.rows), default=0)):
        named = [row for row in range(len(sheet.rows)) if dimension_named(sheet.cell(row, column))]
        if len({dimension_named(sheet.cell(row, column)) for row in named}) < 2:  # noqa: PLR2004 - one may be a title
            continue
        for text in range(column + 1, max(len(sheet.rows[row]) for row in named)):
            if any(sheet.cell(row, text).strip() for row in named):
                return Layout(named[0], named[0], {"dimension": column, "requirement": text})
    return None
