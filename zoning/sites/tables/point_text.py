"""Texts with coordinates: CSV and its kin, and blocks pasted from Word, PDF or a message."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

from zoning.errors import SiteError
from zoning.sites.encodings import text_codec
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.refusals import OPEN_QUOTE
from zoning.sites.streams.sliced import Sliced, WholeFile
from zoning.sites.tables.columns import ColumnsError, guessed
from zoning.sites.tables.grid import MOST_CELLS, Grid, Row, Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.package import too_many_cells
from zoning.sites.tables.points import raw_file
from zoning.sites.tables.prose import read_prose
from zoning.sites.tables.signs import plain
from zoning.sites.tables.table import announces_points, read_table
from zoning.sites.tables.wkt_layout import ANYWHERE, TwoGeometriesError, several_outlines, text_layout
from zoning.sites.tables.wkt_table import read_wkt_table, several_geometries, sliced_wkt_table
from zoning.sites.where import Where

_SIGNS = ("\t", ",", ";", "|")
_BLANK = " "
_HEAD_LINES = 400
_LONGEST_LINE = 100_000
_WIDE = str.maketrans("，；｜\u3000", ",;| ")
# A cell of several lines may be a heading, but never holds coordinates.
_FIGURES = re.compile(r"[0-9]{5}|[0-9]\.[0-9]{3}|[0-9]\s*[°度]")


def read_point_text(path: Path, options: Options) -> RawFile:
    """Read the points of a text.

    Raises
    ------
    SiteError, CRSError
        Naming the line.
    UsageError
        When the stated encoding is unknown.
    """
    where = Where(path.name or str(path))
    codec = text_codec(path, where, options.encoding)
    text = _content(path, codec)
    if _holds_rows(text, where):
        return read_wkt_table(path, options)
    track = _table(text.translate(_WIDE), where, options)
    if track is None:
        _check_geometries(text, where)
        track = read_prose(plain(text), where, options)
    if track is None:
        raise _nothing(where)
    encoding = "" if text.isascii() and codec != "utf-16" else codec.removesuffix("-sig")
    return raw_file(track, options, encoding=encoding)


@contextmanager
def opened_point_text(path: Path, options: Options) -> Iterator[Sliced]:
    """Open a text: with points it is one whole, with geometries behind a long beginning it is read row by row.

    Raises
    ------
    SiteError, CRSError, UsageError
    """
    where = Where(path.name or str(path))
    if _holds_rows(_content(path, text_codec(path, where, options.encoding)), where):
        with sliced_wkt_table(path, options) as table:
            yield table
    else:
        yield WholeFile(read_point_text(path, options))


def _content(path: Path, codec: str) -> str:
    return path.read_bytes().decode(codec).replace("\r\n", "\n").replace("\r", "\n")


def _holds_rows(text: str, where: Where) -> bool:
    """Tell whether a text is a table with a geometry in a row; its beginning alone did not show it."""
    if not ANYWHERE.search(text):
        return False
    try:
        return text_layout(text) is not None
    except TwoGeometriesError as error:
        raise several_geometries(error, where) from error


def _check_geometries(text: str, where: Where) -> None:
    """Refuse several geometries in running text or in rows: their numbers would be joined to one footprint."""
    if several_outlines(text):
        raise where.error(
            "有几个图形（WKT、GeoJSON，或每行一格里写了一圈坐标），不能当作一个地块读取；请存成 CSV，每行一个图形，"
            "图形列写 WKT：POLYGON ((x y, …))",
            "it holds several geometries (WKT, GeoJSON, or a ring of coordinates in a cell of every row), which are "
            "not read as one site; save it as CSV with one geometry in a row, written as WKT: POLYGON ((x y, …))",
        )


def _nothing(where: Where) -> SiteError:
    return where.error(
        "文本里没有读到坐标；每行写一个点，如 “J1,3919746.783,37618082.987” 或 “112.345,35.678”，"
        "最好带表头 点号,X坐标,Y坐标",
        "no coordinates were found in the text; write one point on each line, such as “J1,3919746.783,37618082.987” or "
        "“112.345,35.678”, best under the headings point,north,east",
    )


def _table(text: str, where: Where, options: Options) -> Track | None:
    """Read the text as a table, when a sign between the cells makes it one."""
    head = text if text.count("\n") < _HEAD_LINES else "\n".join(text.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    if max(map(len, head.split("\n"))) > _LONGEST_LINE:
        return None
    grids = {sign: Grid(where, _readable(head, sign, where)) for sign in (*_SIGNS, _BLANK) if sign in head}
    announced = (sign for sign, grid in grids.items() if announces_points(grid))
    keyed = (sign for sign, grid in grids.items() if sign != _BLANK and _has_keys(grid, options))
    sign = next(announced, None) or next(keyed, None)
    return None if sign is None else read_table(Grid(where, list(_rows(text, sign, where))), options)


def _readable(head: str, sign: str, where: Where) -> list[Row]:
    """Return the rows up to the first that is none."""
    rows: list[Row] = []
    with suppress(SiteError):
        rows.extend(_rows(head, sign, where))
    return rows


def _has_keys(grid: Grid, options: Options) -> bool:
    """Tell whether columns without headings tell rings or parcels apart: running text could not."""
    try:
        plan = guessed(grid, grid.rows, options.expected)
    except ColumnsError:
        return False
    fields = plan.panels[0].fields if plan else {}
    return Role.RING in fields or Role.PARCEL in fields or Role.LABEL in fields


def _rows(text: str, sign: str, where: Where) -> Iterator[Row]:
    count = 0
    for number, cells in _split(text, sign, where):
        count += len(cells)
        if count > MOST_CELLS:
            raise too_many_cells(where)
        yield Row(number, [" ".join(plain(cell).split()) for cell in cells])


def _split(text: str, sign: str, where: Where) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of every row with the number of its first line."""
    if sign == _BLANK:
        for number, line in enumerate(text.split("\n"), 1):
            yield number, line.split()
        return
    # Only a quote at the beginning of a cell quotes it: elsewhere it is the sign of seconds.
    reader = csv.reader(StringIO(text), delimiter=sign, skipinitialspace=True)
    last = 0
    try:
        for cells in reader:
            if reader.line_num > last + 1 and any("\n" in cell and _FIGURES.search(cell) for cell in cells):
                raise where.at_line(last + 1).error_of(OPEN_QUOTE)
            yield last + 1, cells
            last = reader.line_num
    except csv.Error as error:
        raise where.at_line(last + 1).error_of(OPEN_QUOTE) from error
