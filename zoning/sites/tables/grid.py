"""Rows and cells as every table has them, whatever file they come from."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from zoning.errors import SiteError
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import Heading
from zoning.sites.tables.measures import Measure
from zoning.sites.tables.statements import Statements
from zoning.sites.where import Where
from zoning.texts import Text

MOST_CELLS = 600_000
"""Of one table; reading them takes seconds and some hundred MB."""

Flaw = Literal["date", "error", "formula"]
_SOUND: Mapping[int, Flaw] = {}


class Row(NamedTuple):
    """One row: its number in the file, its cells in plain signs, and which cells cannot be taken as they are."""

    number: int
    cells: list[str]
    flaws: Mapping[int, Flaw] = _SOUND

    def cell(self, column: int) -> str:
        """Return a cell, empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def filled(self) -> list[int]:
        """The columns that hold something."""
        return [i for i, cell in enumerate(self.cells) if cell]


@dataclass(slots=True)
class Grid:
    """A sheet of a workbook, or a text taken apart.

    Attributes
    ----------
    lettered
        Cells are called B5, as in Excel; else by their column.
    """

    where: Where
    rows: list[Row]
    title: str = ""
    lettered: bool = False
    warnings: tuple[Text, ...] = ()

    def cell_name(self, row: Row, column: int) -> Text:
        """Name a cell for a sentence."""
        if self.lettered:
            name = f"{column_letters(column)}{row.number}"
            return Text(f"{name} 单元格", f"cell {name}")
        return Text(f"第 {column + 1} 列", f"column {column + 1}")

    def cell_error(self, row: Row, column: int, zh: str, en: str) -> SiteError:
        """Return an error about a cell."""
        name = self.cell_name(row, column)
        return self.where.at_line(row.number).error(f"{name.zh}{zh}", f"{name.en}{'' if en[:1] == ':' else ' '}{en}")

    def flaw_error(self, row: Row, column: int) -> SiteError:
        """Return the error about a cell that cannot be taken as it is."""
        text = row.cell(column)
        if row.flaws[column] == "date":
            zh = f"被 Excel 当成了日期（{text}），原来写的数字已丢失；请把该列设为“文本”后重新填写"
            en = f"was turned into a date by Excel ({text}), what was written is lost"
            return self.cell_error(row, column, zh, f"{en}; format the column as text and write it again")
        if row.flaws[column] == "error":
            zh, en = f"是错误值 {text}；请改正公式后保存", f"is the error {text}; correct the formula and save the file"
            return self.cell_error(row, column, zh, en)
        return self.cell_error(
            row,
            column,
            "是公式，文件里没有它的计算结果；请用 Excel 打开、保存后再提交",
            "is a formula and the file does not hold its result; open it in Excel, save it and give that",
        )


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(slots=True)
class Numbers:
    """Two columns of coordinates of one system, as they stand: row by row beside the rows of a `Track`.

    Attributes
    ----------
    names
        What the columns are called, for sentences.
    axes
        What headings and cells claim them to be.
    units
        What one of the last digit is, per column: the finest that occurs, for a number may end in 0.
    packed
        Boxes of the other reading (度.分秒) of bare numbers; `None` as soon as one number cannot be that.
    """

    names: tuple[str, str]
    axes: tuple[str, str] = ("", "")
    decimal_stated: bool = False
    first: "array[float]" = field(default_factory=lambda: array("d"))
    second: "array[float]" = field(default_factory=lambda: array("d"))
    units: tuple[float, float] = (float("inf"), float("inf"))
    any_angle: bool = False
    packed: "tuple[array[float], array[float]] | None" = field(default_factory=lambda: (array("d"), array("d")))

    def add(self, first: Measure, second: Measure) -> None:
        """Take one point down."""
        self.first.append(first.value)
        self.second.append(second.value)
        self.units = min(self.units[0], first.unit), min(self.units[1], second.unit)
        self.any_angle |= first.is_angle or second.is_angle
        self.axes = self.axes[0] or first.axis, self.axes[1] or second.axis
        if self.packed is None:
            return
        if first.packed is None or second.packed is None:
            self.packed = None
            return
        self.packed[0].append(first.packed)
        self.packed[1].append(second.packed)


@dataclass(frozen=True, slots=True)
class Break:
    """Something between two points: an empty row, a heading again, a line of text.

    Attributes
    ----------
    index
        Number of points before it.
    """

    index: int
    line: int
    text: str = ""


@dataclass(slots=True)
class Track:
    """The points of a table or text in their order, with what stands beside and between them.

    Attributes
    ----------
    numbers
        One or two systems of the same points.
    words
        What running text says on the line of every point before it; empty for tables.
    fields
        Per role one text for every point.
    headings
        The headings of these columns.
    title
        Name of the sheet.
    """

    where: Where
    title: str = ""
    numbers: list[Numbers] = field(default_factory=list)
    rows: "array[int]" = field(default_factory=lambda: array("L"))
    labels: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    fields: dict[Role, list[str]] = field(default_factory=dict)
    headings: dict[Role, Heading] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    statements: Statements = field(default_factory=Statements)
    warnings: list[Text] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.rows)

    def place(self, index: int) -> Where:
        """Return the line of a point."""
        return self.where.at_line(self.rows[index])
