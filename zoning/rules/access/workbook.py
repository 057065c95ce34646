"""An Excel workbook as sheets of text, read with openpyxl.

A workbook is a zip of XML files that someone else made: its size when unpacked, document types and other alphabets are
looked at before anything is parsed, and it is never unpacked to disk.
"""

import re
import warnings
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from zoning.rules.access.sheets import MOST_COLUMNS, Cell, Sheet, check_size, refusal
from zoning.sites.where import Where

MOST_UNPACKED = 300 << 20
MOST_FILES = 5_000
MOST_RATIO = 500
"""Times that a part may grow when it is unpacked; lists reach about 30."""

_LAST_ROW = 1_048_576  # of Excel
_MOST_FILLED = 5_000_000  # cells below merged ranges; overlapping ranges, which Excel never writes, could be endless
_SMALL = 1 << 20
_CHUNK = 1 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"\{[^}]*/relationships\}id")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of XML: both parsers that openpyxl may use
    ArithmeticError,
    AttributeError,  # openpyxl, where a part lacks what it always has
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)


@dataclass(slots=True)
class _Marks:
    """What openpyxl does not tell of a sheet that it reads row by row."""

    merged: list[tuple[Cell, Cell]] = field(default_factory=list)
    formulas: set[Cell] = field(default_factory=set)
    uncalculated: set[Cell] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


def read_workbook(data: bytes, where: Where) -> tuple[Sheet, ...]:
    """Read all sheets of a workbook, hidden ones included.

    Raises
    ------
    ContentError
        When it is no workbook, or holds what no list holds.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _inspect(archive, where)
            places = _sheet_places(archive)
            return tuple(_sheets(data, archive, places, where))
    except _DAMAGE as error:
        raise refusal(
            where,
            "工作簿已损坏或不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx",
            "the workbook is damaged or no Excel file; open it and save it as .xlsx",
        ) from error


def _inspect(archive: zipfile.ZipFile, where: Where) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise refusal(
            where,
            "压缩包里没有 Excel 工作簿（.xlsb、.ods、.zip 不能直接导入）；请另存为 .xlsx",
            "there is no Excel workbook inside (.xlsb, .ods and .zip are not read); save it as .xlsx",
        )
    unpacked = sum(part.file_size for part in parts)
    swollen = any(p.file_size > _SMALL and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts)
    if unpacked > MOST_UNPACKED or len(parts) > MOST_FILES or swollen:
        raise refusal(
            where,
            f"工作簿展开后过大（{unpacked >> 20:,} MB），不像准入清单；请把清单复制到新的工作簿再导入",
            f"unpacked the workbook is too large ({unpacked >> 20:,} MB) for an access list; copy the list into a new "
            "workbook",
        )
    for part in parts:
        with archive.open(part) as stream:
            _refuse_doctype(stream, where)


def _refuse_doctype(stream: IO[bytes], where: Where) -> None:
    """Refuse document types, which can stand for other files or for endless texts, and alphabets that hide them."""
    before = b""
    first = True
    while chunk := stream.read(_CHUNK):
        stated = _ENCODING.search(chunk[:300]) if first else None
        strange = stated is not None and stated[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"utf8")
        if strange or any(word in before + chunk for word in _DOCTYPES):
            raise refusal(
                where,
                "工作簿里有 Excel 不会写的内容（XML 文档类型或其他编码），可能有害，未读取；请用 Excel 另存后再试",
                "the workbook holds what Excel never writes (an XML document type or another encoding): it may be "
                "harmful and was not read; save it anew with Excel",
            )
        before, first = chunk[-32:], False


def _sheet_places(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> its part of the archive."""
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        relations = [e for event, e in _elements(stream) if event == "end" and e.tag.endswith("}Relationship")]
        targets = {e.get("Id"): e.get("Target") or "" for e in relations}
    places: dict[str, str] = {}
    with archive.open("xl/workbook.xml") as stream:
        for _, element in _elements(stream):
            if not element.tag.endswith("}sheet") or element.get("name") in places:
                continue
            key = next((value for name, value in element.attrib.items() if _RELATION.fullmatch(name)), None)
            target = targets.get(key, "")
            places[element.get("name") or ""] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return places


def _sheets(data: bytes, archive: zipfile.ZipFile, places: dict[str, str], where: Where) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # Styles and validations that openpyxl does not keep do not matter here.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            with archive.open(places[sheet.title]) as stream:
                marks = _marks(stream, where)
            sheet.reset_dimensions()
            needed = {row + 1 for row, _ in marks.uncalculated}
            numbered = list(_rows(sheet, needed, where))
            rows = _filled([cells for _, cells in numbered], [number for number, _ in numbered], marks.merged)
            index = {number: row for row, (number, _) in enumerate(numbered)}
            yield Sheet(
                name=sheet.title,
                rows=rows,
                numbers=tuple(number for number, _ in numbered),
                hidden=sheet.sheet_state != "visible",
                hidden_rows=frozenset(marks.hidden_rows & set(index)),
                formulas=_indexed(marks.formulas, index),
                uncalculated=_indexed(marks.uncalculated, index),
            )
        book.close()


def _rows(sheet: Any, needed: set[int], where: Where) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, texts) of the rows that hold something, and of the rows `needed`."""
    count = 0
    for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells or number in needed:
            count += 1
            check_size(tuple(cells), count, where.at_line(number))
            yield number, cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("_x000D_", "")


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    return iterparse(stream, events=("start", "end"))  # noqa: S314 - document types have been refused before


def _marks(stream: IO[bytes], where: Where) -> _Marks:
    marks = _Marks()
    for event, element in _elements(stream):
        kind = element.tag.removeprefix(_MAIN).removeprefix(_STRICT)
        if event == "start":
            if kind == "row":
                _note_row(element, marks)
            continue
        if kind == "c":
            _note_formula(element, marks, where)
        elif kind == "mergeCell":
            first, _, last = (element.get("ref") or "").partition(":")
            marks.merged.append((_place(first), _place(last or first)))
        if kind in ("c", "row", "mergeCell"):
            element.clear()
    return marks


def _note_row(element: Element, marks: _Marks) -> None:
    number = int(element.get("r") or 0)
    if number > _LAST_ROW:
        raise ValueError(number)
    if element.get("hidden") in ("1", "true"):
        marks.hidden_rows.add(number)


def _note_formula(element: Element, marks: _Marks, where: Where) -> None:
    reference = element.get("r")
    if reference is None:
        return
    row, column = _place(reference)
    children = {child.tag.rpartition("}")[2]: child for child in element}
    if column >= MOST_COLUMNS and ("v" in children or "is" in children):
        check_size(("",) * (column + 1), 0, where.at_line(row + 1))
    if "f" in children:
        marks.formulas.add((row, column))
        # A text may be empty; any other result is there or was never worked out.
        if "v" not in children or not (children["v"].text or element.get("t") == "str"):
            marks.uncalculated.add((row, column))


def _place(reference: str) -> Cell:
    found = _PLACE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _filled(rows: list[list[str]], numbers: list[int], merged: list[tuple[Cell, Cell]]) -> tuple[tuple[str, ...], ...]:
    """Write the text of every merged range into all of its cells, as far as there are rows."""
    index = {number: row for row, number in enumerate(numbers)}
    left_over = _MOST_FILLED
    for (top, left), (bottom, right) in merged:
        source = index.get(top + 1)
        if source is None or left >= len(rows[source]):
            continue
        text = rows[source][left]
        below = _between(numbers, top + 1, bottom + 1)
        last = min(right, MOST_COLUMNS - 1)
        left_over -= len(below) * (last + 1 - left)
        if left_over < 0:
            raise ValueError(left_over)
        for row in below:
            cells = rows[row]
            cells.extend([""] * (last + 1 - len(cells)))
            cells[left : last + 1] = [text] * (last + 1 - left)
    return tuple(tuple(cells) for cells in rows)


def _between(numbers: list[int], first: int, last: int) -> range:
    return range(bisect_left(numbers, first), bisect_right(numbers, last))


def _indexed(cells: set[Cell], index: dict[int, int]) -> frozenset[Cell]:
    return frozenset((index[row + 1], column) for row, column in cells if row + 1 in index)
