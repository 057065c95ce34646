"""Ledgers as tables: Excel (.xlsx, .xlsm, .xls) and CSV."""

import csv
from collections.abc import Iterator
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError
from zoning.mistakes import meant
from zoning.registers.ledger.cells import Cell
from zoning.registers.ledger.columns import PAGES
from zoning.registers.ledger.headers import SHAPE, HeaderBook
from zoning.registers.ledger.heading import Column, Heading, check_heading, find_heading, is_footer, no_id
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.types import RegisterType
from zoning.sites.encodings import text_codec
from zoning.sites.limits import Limits, Options
from zoning.sites.tables.grid import MOST_CELLS, Grid, Row
from zoning.sites.tables.package import too_many_cells
from zoning.sites.where import Where
from zoning.texts import Text

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TEXTS = (".csv", ".tsv")
_SEPARATORS = (",", ";", "\t", "，", "|")
_LARGEST_CELL = 1_000_000
_LATER_PAGES = {word for title in PAGES.values() for word in (title.zh, title.en)}


def read_table(
    path: Path,
    kind: RegisterType,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
) -> Ledger:
    """Read a ledger from a workbook or a CSV file.

    Parameters
    ----------
    sheet
        Which sheet; by default the one whose headings name most fields of the kind.

    Raises
    ------
    ContentError, UsageError
        When the file cannot be read, no sheet has the id, or several sheets fit equally well.
    """
    options = Options(None, None, None, None, encoding, None, sheet, None, limits or Limits())
    book = HeaderBook(kind)
    grids = list(_grids(path, options))
    grid, heading = _chosen(grids, book, sheet, path.name)
    notices = [*grid.warnings, *check_heading(heading, grid, book)]
    rows, skipped = _rows(grid, heading, kind)
    notices.extend(_skipped(grid, skipped))
    if sheet is None:
        notices.extend(_not_read(grids, grid, heading, book))
    shapes = SHAPE in heading.columns
    if not shapes:
        shapes, rows = _with_shapes(rows, grids, grid, book)
    fields = tuple(name for name in kind.fields if name in heading.columns)
    return Ledger(path.name, tuple(rows), fields, has_shapes=shapes, notices=tuple(notices))


def _grids(path: Path, options: Options) -> Iterator[Grid]:
    where = Where(path.name)
    if not path.is_file():
        raise UsageError(f"{path}：没有这个文件", f"{path}: there is no such file")
    size = path.stat().st_size
    if size > options.limits.file_bytes:
        raise ContentError(
            f"{path.name}：{size / 1e6:.0f} MB，超过上限 {options.limits.file_bytes / 1e6:.0f} MB",
            f"{path.name}: {size / 1e6:.0f} MB, more than the allowed {options.limits.file_bytes / 1e6:.0f} MB",
        )
    if path.suffix.lower() in WORKBOOKS:
        from zoning.sites.tables.workbook import verbatim_sheets

        for sheet in verbatim_sheets(path, options):
            yield sheet.grid
    else:
        yield Grid(where, list(_text_rows(path, where, options)))  # a list: the limit of cells holds until its end


def _text_rows(path: Path, where: Where, options: Options) -> Iterator[Row]:
    codec = text_codec(path, where, options.encoding)
    cells = 0
    with path.open(encoding="utf-8-sig" if codec == "utf-8" else codec, newline="") as file:
        head = [line for _, line in zip(range(30), file, strict=False)]
        separator = max(_SEPARATORS, key=lambda sign: sum(line.count(sign) for line in head))
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        before = csv.field_size_limit(_LARGEST_CELL)
        try:
            for row in reader:
                cells += len(row)
                if cells > MOST_CELLS:
                    raise too_many_cells(where)
                yield Row(reader.line_num, row)
        except csv.Error as error:
            raise where.at_line(reader.line_num).error(
                f"不是完整的 CSV（{error}）；请用 Excel 另存为 CSV 或 .xlsx",
                f"this is no whole CSV ({error}); save it again as CSV or .xlsx",
            ) from error
        finally:
            # The limit is that of the whole process.
            csv.field_size_limit(before)


def _chosen(grids: list[Grid], book: HeaderBook, sheet: str | None, file: str) -> tuple[Grid, Heading]:
    if sheet is not None:
        wanted = [grid for grid in grids if grid.title == sheet]
        if not wanted:
            names = [grid.title for grid in grids if grid.title]
            near = meant(sheet, names)
            raise UsageError(
                f"{file}：没有工作表“{sheet}”{near.zh}；有：{'、'.join(names) or '—'}",
                f"{file}: there is no sheet '{sheet}'{near.en}; there are: {'; '.join(names) or '—'}",
            )
        grids = wanted
    found = [(grid, heading) for grid in grids if (heading := find_heading(grid, book)) is not None]
    named = [one for one in found if book.kind.id_field in one[1].columns]
    if not named:
        best = max(found, key=lambda one: one[1].score, default=None)
        raise no_id(None if best is None else best[1], file if best is None else best[0].where.file, book)
    # Pages that exports add repeat the id; the ledger itself names the most fields.
    named = [one for one in named if one[0].title not in _LATER_PAGES] or named
    most = max(heading.score for _, heading in named)
    best_ones = [one for one in named if one[1].score == most]
    if len(best_ones) > 1:
        titles = [grid.title for grid, _ in best_ones]
        raise UsageError(
            f"{file}：几个工作表都像台账（{'、'.join(titles)}）；请用 --layer 指定一个",
            f"{file}: several sheets look like the ledger ({'; '.join(titles)}); name one with --layer",
        )
    return best_ones[0]


def _rows(grid: Grid, heading: Heading, kind: RegisterType) -> tuple[list[LedgerRow], list[Row]]:
    id_column = heading.columns[kind.id_field].index
    rows: list[LedgerRow] = []
    skipped: list[Row] = []
    for row in grid.rows[heading.first :]:
        if not any(row.cell(column.index).strip() for column in heading.columns.values()) and not row.flaws:
            if any(cell.strip() for cell in row.cells):
                skipped.append(row)
            continue
        if is_footer(row, id_column):
            skipped.append(row)
            continue
        cells = {
            name: _cell(row, column) for name, column in heading.columns.items() if name != SHAPE
        }  # fmt: skip
        column = heading.columns.get(SHAPE)
        shape = None if column is None else row.cell(column.index)
        rows.append(_row(grid, row.number, cells, shape, "" if column is None else f"{column.letters}"))
    return rows, skipped


def _cell(row: Row, column: Column) -> Cell:
    return Cell(row.cell(column.index), column.letters, column.unit, row.flaws.get(column.index))


def _row(grid: Grid, number: int, cells: dict[str, Cell], wkt: str | None, column: str) -> LedgerRow:
    shape, error = (None, None) if not (wkt or "").strip() else _shape(str(wkt))
    return LedgerRow(grid.title, number, cells, shape, error, column)


def _shape(wkt: str) -> tuple[BaseGeometry | None, Text | None]:
    try:
        shape: BaseGeometry = shapely.from_wkt(wkt.strip())
    except shapely.errors.GEOSException:
        short = " ".join(wkt.split())[:40]
        return None, Text(f"“{short}”不是 WKT 图形", f"'{short}' is no WKT shape")
    flat: BaseGeometry = shapely.force_2d(shape)
    return flat, None


def _skipped(grid: Grid, rows: list[Row]) -> Iterator[Text]:
    for row in rows:
        text = " ".join(cell for cell in row.cells if cell.strip())[:40]
        yield Text(
            f"{grid.where.file}：第 {row.number} 行“{text}”不是记录，没有读取",
            f"{grid.where.file}: row {row.number} '{text}' is no record and was not read",
        )


def _not_read(grids: list[Grid], ledger: Grid, heading: Heading, book: HeaderBook) -> Iterator[Text]:
    """Tell of other sheets that look like a ledger: what stands there would be missing without a word."""
    names = []
    for grid in grids:
        other = None if grid is ledger or grid.title in _LATER_PAGES else find_heading(grid, book)
        if other is None or book.kind.id_field not in other.columns:
            continue
        if SHAPE not in other.columns or SHAPE in heading.columns:
            names.append(grid.title)
    if names:
        zh, en = "、".join(names), ", ".join(f"'{name}'" for name in names)
        yield Text(
            f"{ledger.where.file}：只读取了这个工作表；{zh} 也像台账，没有读取，请用 --layer 逐个导入",
            f"{ledger.where.file}: only this sheet was read; like a ledger too, and not read: {en}; "
            "import these with --layer, one at a time",
        )


def _with_shapes(
    rows: list[LedgerRow], grids: list[Grid], ledger: Grid, book: HeaderBook
) -> tuple[bool, list[LedgerRow]]:
    """Take the shapes from the page of shapes that exports write beside the ledger, by id."""
    kind = book.kind
    for grid in grids:
        heading = None if grid is ledger else find_heading(grid, book)
        if heading is None or SHAPE not in heading.columns or kind.id_field not in heading.columns:
            continue
        shape_column, id_column = heading.columns[SHAPE], heading.columns[kind.id_field]
        found = {
            row.cell(id_column.index).strip(): (row.number, row.cell(shape_column.index))
            for row in grid.rows[heading.first :]
        }
        joined: list[LedgerRow] = []
        for row in rows:
            number, wkt = found.get(row.cells[kind.id_field].text.strip(), (row.number, None))
            place = f"{grid.title}!{shape_column.letters}{number}"
            joined.append(_row(ledger, row.number, row.cells, wkt, place))
        # The page leaves out those whose place is not known: it does not promise one for every row.
        return False, joined
    return False, rows
