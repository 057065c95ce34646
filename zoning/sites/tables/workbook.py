"""Excel workbooks (.xlsx, .xlsm, .xls) with the vertices of boundaries."""

import datetime as dt
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.streams.sliced import Sliced, WholeFile
from zoning.sites.tables.columns import paired_cells
from zoning.sites.tables.grid import Flaw, Grid, Row
from zoning.sites.tables.old_workbook import old_sheets
from zoning.sites.tables.package import PACKING_FAULTS, Marks, check_parts, damaged_workbook, marks_of
from zoning.sites.tables.points import raw_file, track_of_grid
from zoning.sites.tables.signs import plain
from zoning.sites.tables.tokens import coordinates_in
from zoning.sites.tables.wkt_layout import TwoGeometriesError, layout_of
from zoning.sites.tables.wkt_table import WktTable, several_geometries, table_of
from zoning.sites.vector.choosing import listed
from zoning.sites.vector.zip_files import opened_archive
from zoning.sites.where import Where
from zoning.texts import Text

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FAULTS = (
    *PACKING_FAULTS, KeyError, ValueError, IndexError, TypeError, AttributeError, RecursionError, SyntaxError,
    OverflowError, AssertionError, LookupError,
)  # fmt: skip
"""What openpyxl raises over damaged files; errors of either of its XML parsers are a SyntaxError."""

_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, with what was noticed about its visibility."""

    name: str
    grid: Grid
    visible: bool


def read_workbook(path: Path, options: Options) -> RawFile:
    """Read the points of the one sheet that holds coordinates, or of the one that `--layer` names.

    Raises
    ------
    SiteError, CRSError
        Naming sheet and row.
    """
    sheet, notes = _read(path, options)
    table = _geometries(sheet, notes, options)
    if table is not None:
        return table.whole()
    return _points(sheet, notes, options)


@contextmanager
def opened_workbook(path: Path, options: Options) -> Iterator[Sliced]:
    """Open a workbook: points are one whole, geometries are read row by row.

    Raises
    ------
    SiteError, CRSError
    """
    sheet, notes = _read(path, options)
    yield _geometries(sheet, notes, options) or WholeFile(_points(sheet, notes, options))


def _read(path: Path, options: Options) -> tuple[Sheet, tuple[Text, ...]]:
    where = Where(path.name or str(path))
    with path.open("rb") as file:
        start = file.read(len(_OFFICE))
    sheets = list(_sheets(path, where, options, start))
    if not sheets:
        raise damaged_workbook(where)
    return _chosen(sheets, options, where)


def _geometries(sheet: Sheet, notes: tuple[Text, ...], options: Options) -> WktTable | None:
    """Return the sheet as a table with a geometry in a row; None when it is none."""
    grid = sheet.grid
    try:
        layout = layout_of([row.cells for row in grid.rows])
    except TwoGeometriesError as error:
        raise several_geometries(error, grid.where) from error
    if layout is None:
        return None
    warnings = (*notes, *grid.warnings)
    return table_of(
        lambda: ((row.number, row.cells) for row in grid.rows), layout, grid.where, options, warnings=warnings
    )


def _points(sheet: Sheet, notes: tuple[Text, ...], options: Options) -> RawFile:
    track = track_of_grid(sheet.grid, options)
    if track is None:
        raise sheet.grid.where.error(
            "没有找到坐标；请加上表头（如 点号、X坐标、Y坐标），每行一个点",
            "no coordinates were found; add headings such as 点号, X坐标, Y坐标 (point, north, east), one point a row",
        )
    return raw_file(track, options, warnings=notes)


def verbatim_sheets(path: Path, options: Options) -> Iterator[Sheet]:
    """Yield every sheet of cells with its texts as they stand there: signs and blanks are those of the file.

    Raises
    ------
    SiteError
        When the file is damaged, too large, or has a password.
    """
    with path.open("rb") as file:
        start = file.read(len(_OFFICE))
    yield from _sheets(path, Where(path.name or str(path)), options, start, verbatim=True)


def _sheets(path: Path, where: Where, options: Options, start: bytes, *, verbatim: bool = False) -> Iterator[Sheet]:
    if start.startswith(b"PK"):
        yield from _new_sheets(path, where, options, verbatim=verbatim)
        return
    if start == _OFFICE:
        content = path.read_bytes()
        if _ENCRYPTED in content:
            raise where.error(
                "工作簿有打开密码；请去掉密码后另存", "the workbook has a password; save it without one and give that"
            )
        if path.suffix.lower() != ".xls":
            raise where.error(
                f"扩展名是 {path.suffix}，内容却是旧版 Excel（.xls）；请把扩展名改为 .xls，或用 Excel 另存",
                f"the suffix is {path.suffix} but the content is an old Excel file (.xls); rename it to .xls, or save "
                "it again with Excel",
            )
    for name, grid, visible in old_sheets(path, where, verbatim=verbatim):
        yield Sheet(name, grid, visible)


def _new_sheets(path: Path, where: Where, options: Options, *, verbatim: bool) -> Iterator[Sheet]:
    with opened_archive(path, where, options.limits) as archive:
        names = {member.name: member for member in archive.members}
        if "xl/workbook.bin" in names:
            raise where.error(
                "是二进制工作簿（.xlsb）；请用 Excel 另存为 .xlsx",
                "it is a binary workbook (.xlsb); save it as .xlsx with Excel",
            )
        parts = {name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")}
        check_parts(archive, parts)
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that hold no values
            reader = _opened(file, where)
            for position, (title, target, state) in enumerate(_targets(reader, where)):
                if target not in names:
                    raise damaged_workbook(where)
                inner = Where(f"{where.file}[{title}]")
                marks = marks_of(archive, names[target], inner)
                rows = _rows(reader, position, marks, inner, verbatim=verbatim)
                grid = Grid(inner, rows, title=title, lettered=True)
                grid.warnings = _hidden(grid, marks)
                yield Sheet(title, grid, state in (None, "visible"))


def _opened(file: Any, where: Where) -> "ExcelReader":
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        # Styles only tell dates from numbers; many programs write them in ways that openpyxl refuses.
        with suppress(*_FAULTS):
            apply_stylesheet(reader.archive, reader.wb)
        reader.read_worksheets()
    except (*_FAULTS, InvalidFileException) as error:
        raise damaged_workbook(where) from error
    return reader


def _targets(reader: "ExcelReader", where: Where) -> Iterator[tuple[str, str, str | None]]:
    """Yield name, part and state of every sheet of cells."""
    try:
        for sheet, relation in reader.parser.find_sheets():
            if "chartsheet" not in relation.Type:
                yield sheet.name, relation.target, sheet.state
    except _FAULTS as error:
        raise damaged_workbook(where) from error


def _rows(reader: "ExcelReader", position: int, marks: Marks, where: Where, *, verbatim: bool) -> list[Row]:
    sheet: Any = reader.wb.worksheets[position]
    # The stated size of a sheet may lie.
    sheet.reset_dimensions()
    rows: list[Row] = []
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            rows.append(_row(number, values, marks, verbatim=verbatim))
    except _FAULTS as error:
        raise damaged_workbook(where) from error
    while rows and not rows[-1].filled and not rows[-1].flaws:
        rows.pop()
    return rows


def _row(number: int, values: tuple[Any, ...], marks: Marks, *, verbatim: bool = False) -> Row:
    cells, flaws = [], {}
    for column, value in enumerate(values):
        text, flaw = cell_text(value)
        if verbatim and isinstance(value, str) and flaw is None:
            text = value
        if marks.unsolved and (number, column) in marks.unsolved:
            flaw = "formula"
        if flaw is not None:
            flaws[column] = flaw
        cells.append(text)
    while cells and not cells[-1] and len(cells) - 1 not in flaws:
        cells.pop()
    return Row(number, cells, flaws) if flaws else Row(number, cells)


def cell_text(value: Any) -> tuple[str, Flaw | None]:
    """Return the text of a value, and why it cannot be a coordinate.

    >>> cell_text(37618082.987), cell_text(112.0), cell_text("#REF!")
    (('37618082.987', None), ('112', None), ('#REF!', 'error'))
    """
    if value is None:
        return "", None
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, float):
        return (f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)), None  # noqa: PLR2004 - whole numbers that a float holds
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value), "date"
    text = " ".join(plain(str(value)).split()) if isinstance(value, str) else str(value)
    return text, "error" if text.startswith("#") and text.rstrip("!?/A0").isupper() and len(text) < 14 else None  # noqa: PLR2004 - error values of Excel are short


def _hidden(grid: Grid, marks: Marks) -> tuple[Text, ...]:
    if not marks.hidden:
        return ()
    shown = listed([str(row) for row in marks.hidden[:_SHOWN_ROWS]])
    more = len(marks.hidden) - _SHOWN_ROWS
    zh, en = (f"{shown.zh} 等", f"{shown.en} and {more} more") if more > 0 else (f"{shown.zh} ", shown.en)
    return (
        grid.where.sentence(
            f"有 {len(marks.hidden)} 行被隐藏（第 {zh}行），同样读取；请核对",
            f"{len(marks.hidden)} rows are hidden (row {en}); they were read as well, check them",
        ),
    )


def _chosen(sheets: list[Sheet], options: Options, where: Where) -> tuple[Sheet, tuple[Text, ...]]:
    """Return the sheet that is meant, and what is to be said about the others."""
    names = listed([sheet.name for sheet in sheets])
    if options.layer is not None:
        wanted = next((sheet for sheet in sheets if sheet.name == options.layer), None)
        if wanted is None:
            raise where.error(
                f"没有工作表 {options.layer}；可选：{names.zh}",
                f"there is no sheet {options.layer}; there are: {names.en}",
            )
        return wanted, ()
    filled = [sheet for sheet in sheets if _holds_points(sheet.grid, options)]
    visible = [sheet for sheet in filled if sheet.visible]
    if len(visible or filled) > 1:
        names = listed([sheet.name for sheet in visible or filled])
        raise where.error(
            f"有 {len(visible or filled)} 个工作表有坐标；请用 --layer 指定一个：{names.zh}",
            f"{len(visible or filled)} sheets hold coordinates; choose one with --layer: {names.en}",
        )
    if not filled:
        raise _nothing(sheets, where)
    chosen = (visible or filled)[0]
    others = listed([sheet.name for sheet in filled if sheet is not chosen])
    if not visible:
        text = where.sentence(
            f"坐标在隐藏的工作表 {chosen.name} 里，已读取；请核对",
            f"the coordinates stand in the hidden sheet {chosen.name} and were read; check them",
        )
        return chosen, (text,)
    if others.zh:
        text = where.sentence(
            f"隐藏的工作表也有坐标，没有读取：{others.zh}",
            f"hidden sheets hold coordinates and were not read: {others.en}",
        )
        return chosen, (text,)
    return chosen, ()


def _holds_points(grid: Grid, options: Options) -> bool:
    from zoning.sites.tables.table import announces_points

    if announces_points(grid):
        return True
    return any(
        paired_cells(row, options.expected) or coordinates_in(" ".join(row.cells)[:2000], options.expected)
        for row in grid.rows
    )


def _nothing(sheets: list[Sheet], where: Where) -> SiteError:
    if not any(sheet.grid.rows for sheet in sheets):
        return where.error("工作簿是空的；请检查文件", "the workbook is empty; check the file")
    return where.error(
        "没有一个工作表有坐标；请加上表头（如 点号、X坐标、Y坐标），每行一个点",
        "no sheet holds coordinates; add headings such as 点号, X坐标, Y坐标 (point, north, east), one point a row",
    )
