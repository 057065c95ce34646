"""Where the headings of a sheet stand and which column holds which field: one row, or several with merged groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zoning.errors import ContentError
from zoning.registers.ledger.headers import SHAPE, HeaderBook, Meaning, same_header, split_unit
from zoning.registers.ledger.units import is_unit
from zoning.sites.tables.grid import Grid, Row, column_letters
from zoning.texts import Text

_SEARCHED, _DEEPEST = 25, 3
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger: its index, its header, the unit that the header states."""

    index: int
    header: str
    unit: str = ""

    @property
    def letters(self) -> str:
        """What spreadsheet programs call it."""
        return column_letters(self.index)


@dataclass(frozen=True)
class Heading:
    """The headings of a sheet.

    Attributes
    ----------
    columns
        By field, and `wkt` for shapes.
    first
        Index of the first row of data.
    unknown
        Columns whose header the type does not know.
    """

    columns: dict[str, Column]
    first: int
    unknown: tuple[Column, ...] = ()
    twice: tuple[tuple[str, Column, Column], ...] = field(default=())

    @property
    def score(self) -> int:
        """How many fields were found."""
        return len(self.columns)


def find_heading(grid: Grid, book: HeaderBook) -> Heading | None:
    """Return the headings of a sheet, None where no row names two fields or the id."""
    id_field = book.kind.id_field
    found: list[tuple[tuple[int, ...], Heading]] = []
    for start in range(min(len(grid.rows), _SEARCHED)):
        for depth in range(1, _DEEPEST + 1):
            heading = _heading(grid.rows, start, depth, book)
            if heading is None:
                break
            if id_field in heading.columns or heading.score > 1:
                # All rows of headings belong to them, a title above does not.
                filled = sum(len(row.filled) > 1 for row in grid.rows[start : start + depth])
                rank = (int(id_field in heading.columns), heading.score, start + depth, filled, -depth)
                found.append((rank, heading))
    return max(found, key=lambda one: one[0])[1] if found else None


def _heading(rows: Sequence[Row], start: int, depth: int, book: HeaderBook) -> Heading | None:
    """Return what `depth` rows say together; None where the last of them is no row of headings."""
    if start + depth > len(rows):
        return None
    block = rows[start : start + depth]
    width = max(len(row.cells) for row in block)
    texts = [_stacked(block, index) for index in range(width)]
    meanings = [_meaning(stack, book) for stack in texts]
    if depth > 1 and not _heads(texts, block[-1], book):
        return None
    return _collected(texts, meanings, _data_begins(rows, start + depth))


def _heads(texts: list[list[str]], row: Row, book: HeaderBook) -> bool:
    """Tell whether most cells of a row below headings are headings themselves: a row of data has none."""
    known = 0
    for index in row.filled:
        stack = texts[index]
        own, above = stack[-1], next((text for text in reversed(stack[:-1]) if text), "")
        known += is_unit(own.strip("()（）")) or any(book.meaning(text) is not None for text in (own, above + own))
    return 2 * known > len(row.filled)


def _stacked(block: Sequence[Row], index: int) -> list[str]:
    """Return the texts of one column from top to bottom; a merged group stands over all its columns."""
    stack: list[str] = []
    for level, row in enumerate(block):
        text = row.cell(index).strip()
        if not text and level < len(block) - 1 and any(below.cell(index).strip() for below in block[level + 1 :]):
            text = next((row.cell(left).strip() for left in range(index, -1, -1) if row.cell(left).strip()), "")
        stack.append(text)
    return stack


def _meaning(stack: list[str], book: HeaderBook) -> Meaning | None:
    filled = [text for text in stack if text]
    if not filled:
        return None
    named = [text for text in filled if not is_unit(text.strip("()（）"))] or filled[:1]
    units = [unit for text in filled if is_unit(unit := text.strip("()（）")) or is_unit(unit := split_unit(text)[1])]
    for text in (named[-1], "".join(named), *reversed(named[:-1])):
        found = book.meaning(text)
        if found is not None:
            return Meaning(found.field, units[-1] if units else found.unit)
    return None


def _collected(texts: list[list[str]], meanings: list[Meaning | None], first: int) -> Heading:
    columns: dict[str, Column] = {}
    unknown: list[Column] = []
    twice: list[tuple[str, Column, Column]] = []
    for index, (stack, meaning) in enumerate(zip(texts, meanings, strict=True)):
        header = " ".join(dict.fromkeys(text for text in stack if text))
        if meaning is None:
            if header:
                unknown.append(Column(index, header))
        elif meaning.field:
            column = Column(index, header, meaning.unit if is_unit(meaning.unit) else "")
            if meaning.field in columns:
                twice.append((meaning.field, columns[meaning.field], column))
            else:
                columns[meaning.field] = column
    return Heading(columns, first, tuple(unknown), tuple(twice))


def _data_begins(rows: Sequence[Row], index: int) -> int:
    """Return the index of the first row behind the headings that is neither units nor the numbers of the columns."""
    while index < len(rows):
        row = rows[index]
        cells = [row.cells[i].strip().strip("()（）") for i in row.filled]
        counted = len(cells) > 2 and cells == [str(n) for n in range(1, len(cells) + 1)]  # noqa: PLR2004 - 1, 2, 3: fewer may be figures
        if not row.filled or not (counted or all(is_unit(cell) for cell in cells)):
            break
        index += 1
    return index


def check_heading(heading: Heading, grid: Grid, book: HeaderBook) -> Iterator[Text]:
    """Yield what is to be said about the headings.

    Raises
    ------
    ContentError
        When the id is missing, or two columns mean the same field.
    """
    where = grid.where.file
    for name, one, other in heading.twice:
        title = "WKT" if name == SHAPE else book.kind.fields[name].title.zh
        raise ContentError(
            f"{where}：{one.letters} 列“{one.header}”和 {other.letters} 列“{other.header}”都是“{title}”；"
            "请删去或改名其中一列",
            f"{where}: column {one.letters} '{one.header}' and column {other.letters} '{other.header}' both mean "
            f"'{name}': remove or rename one",
        )
    if book.kind.id_field not in heading.columns:
        raise no_id(heading, where, book)
    for column in heading.unknown:
        near = book.near(column.header)
        hint = Text("", "") if near is None else Text(f"；是否指“{near}”？", f" - did you mean '{near}'?")
        yield Text(
            f"{where}：{column.letters} 列“{column.header}”不是本类型的字段，没有读取{hint.zh}",
            f"{where}: column {column.letters} '{column.header}' is no field of this kind and was not read{hint.en}",
        )


def no_id(heading: Heading | None, where: str, book: HeaderBook) -> ContentError:
    """Return the error about a table without the column that names its records."""
    spec = book.kind.fields[book.kind.id_field]
    words = "、".join((spec.title.zh, book.kind.id_field, *spec.aliases))
    headers = [] if heading is None else [c.header for c in (*heading.columns.values(), *heading.unknown)][:_SHOWN]
    found = "、".join(headers) or "—"
    return ContentError(
        f"{where}：没有“{spec.title.zh}”列（可写：{words}）；找到的表头：{found}",
        f"{where}: there is no column for '{spec.title.en}' (may be called: {words}); headers found: {found}",
    )


def is_footer(row: Row, id_column: int) -> bool:
    """Tell whether a row is a total or a remark under the table, and no record."""
    filled = row.filled
    texts = [same_header(row.cells[i]) for i in filled]
    totals = any(text in ("合计", "总计", "小计", "total", "sum") for text in texts[:2])
    remark = len(filled) <= 2 and any(text.startswith(_REMARKS) for text in texts)  # noqa: PLR2004 - a remark has few cells
    return totals or (remark and not (id_column in filled and not texts[0].startswith(_REMARKS)))


_REMARKS = ("填表", "制表", "审核", "说明", "注", "备注", "单位负责人", "填报", "note", "remark")
