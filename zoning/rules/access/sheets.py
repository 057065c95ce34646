"""One table of a file as rows of text, and the size that no list exceeds."""

from dataclasses import dataclass, field

from zoning.errors import ContentError
from zoning.sites.where import Where

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 100_000
"""Of one cell; Excel itself stores 32,767."""

Cell = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file.

    Attributes
    ----------
    rows
        Texts of the cells; rows can differ in length. A merged range shows its text in each of its cells.
    numbers
        (n,) The number of each row in the file, from 1.
    hidden
        The sheet is hidden in the workbook.
    hidden_rows
        Rows (from 1) that are hidden; they are read like the others.
    formulas, uncalculated
        Cells that hold a formula; those of them without a stored result.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default=frozenset())
    formulas: frozenset[Cell] = field(default=frozenset())
    uncalculated: frozenset[Cell] = field(default=frozenset())

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell, empty where the row is shorter."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def refusal(where: Where, zh: str, en: str) -> ContentError:
    """Return the error that says what is wrong with a table, and where."""
    text = where.sentence(zh, en)
    return ContentError(text.zh, text.en)


def check_size(cells: tuple[str, ...], count: int, where: Where) -> None:
    """Refuse a row that no list has: too many rows or columns, or a text without end.

    Raises
    ------
    ContentError
        When it is such a row.
    """
    if count > MOST_ROWS or len(cells) > MOST_COLUMNS:
        raise refusal(
            where,
            f"表格超过 {MOST_ROWS:,} 行或 {MOST_COLUMNS} 列，不是准入清单；请只留清单所在的部分",
            f"the table has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns: this is no access list; leave only "
            "the part that is one",
        )
    longest = max(map(len, cells), default=0)
    if longest > MOST_CHARACTERS:
        raise refusal(
            where,
            f"一个单元格有 {longest:,} 个字符（上限 {MOST_CHARACTERS:,}），不是清单条款",
            f"a cell holds {longest:,} characters (at most {MOST_CHARACTERS:,}): this is no clause",
        )
