"""Workbooks written byte by byte: the XML of .xlsx, the records of .xls; no library that the readers use.

A cell is None, a str (shared string), a number, or one of the classes below.
"""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Inline:
    """A text that stands in the cell itself."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula with the result that Excel last computed, or without."""

    text: str
    result: float | str | None = None


@dataclass(frozen=True)
class Date:
    """A number shown as a date."""

    serial: float


@dataclass(frozen=True)
class Fault:
    """An error such as #REF!."""

    text: str


Cell = None | str | float | int | Inline | Formula | Date | Fault
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Sheet:
    """A sheet; rows are counted from 1."""

    name: str
    rows: Rows
    hidden_rows: tuple[int, ...] = ()
    state: str = "visible"
    dimension: str = ""
    merged: tuple[str, ...] = ()


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    return chr(65 + column) if column < 26 else letters(column // 26 - 1) + chr(65 + column % 26)


def _cell(cell: Cell, at: str, strings: list[str]) -> str:
    if isinstance(cell, str):
        if cell not in strings:
            strings.append(cell)
        return f'<c r="{at}" t="s"><v>{strings.index(cell)}</v></c>'
    if isinstance(cell, Inline):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell.text)}</t></is></c>'
    if isinstance(cell, Date):
        return f'<c r="{at}" s="1"><v>{cell.serial!r}</v></c>'
    if isinstance(cell, Fault):
        return f'<c r="{at}" t="e"><v>{cell.text}</v></c>'
    if isinstance(cell, Formula):
        kind = ' t="str"' if isinstance(cell.result, str) else ""
        value = "" if cell.result is None else f"<v>{cell.result}</v>"
        return f'<c r="{at}"{kind}><f>{escape(cell.text)}</f>{value}</c>'
    return "" if cell is None else f'<c r="{at}"><v>{cell!r}</v></c>'


def sheet_xml(sheet: Sheet, strings: list[str]) -> str:
    """Return the XML of a sheet."""
    rows = []
    for number, cells in enumerate(sheet.rows, 1):
        inner = "".join(_cell(cell, f"{letters(i)}{number}", strings) for i, cell in enumerate(cells))
        hidden = ' hidden="1"' if number in sheet.hidden_rows else ""
        if inner:
            rows.append(f'<row r="{number}"{hidden}>{inner}</row>')
    dimension = f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else ""
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merged)
    merged = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    return f'{_XML}<worksheet xmlns="{_MAIN}">{dimension}<sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def parts(*sheets: Sheet) -> dict[str, str]:
    """Return the parts of a workbook by their names."""
    strings: list[str] = []
    numbers = range(1, len(sheets) + 1)
    made = {f"xl/worksheets/sheet{n}.xml": sheet_xml(sheet, strings) for n, sheet in zip(numbers, sheets, strict=True)}
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"{_XML}<Relationships xmlns="
        f'"http://schemas.openxmlformats.org/package/2006/relationships">{links}'
        f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">'
        f"{texts}</sst>",
        **made,
    }


def write_parts(path: Path, made: Mapping[str, str | bytes]) -> Path:
    """Pack the parts of a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, *sheets: Sheet) -> Path:
    """Write a workbook."""
    return write_parts(path, parts(*sheets))


def write_rows(path: Path, *rows: Sequence[Cell], name: str = "Sheet1") -> Path:
    """Write a workbook of one sheet."""
    return write_xlsx(path, Sheet(name, rows))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def write_biff2(path: Path, rows: Rows, *, codepage: int = 936) -> Path:
    """Write a workbook of Excel 2: one sheet, a bare stream of records; texts of at most 255 bytes."""
    stream = _record(0x0009, struct.pack("<HH", 2, 0x10)) + _record(0x0042, struct.pack("<H", codepage))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            head = struct.pack("<HH3x", row, column)
            if isinstance(cell, str):
                text = cell.encode("gbk")
                stream += _record(0x0004, head + struct.pack("<B", len(text)) + text)
            elif isinstance(cell, int | float):
                stream += _record(0x0003, head + struct.pack("<d", cell))
    path.write_bytes(stream + _record(0x000A, b""))
    return path


_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_biff8(path: Path, *sheets: tuple[str, Rows], hidden: tuple[int, ...] = ()) -> Path:
    """Write a workbook of Excel 97: records in a compound file."""
    bodies = [_biff8_sheet(rows) for _, rows in sheets]
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name, _ in sheets]
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 6))
    at = len(start) + sum(4 + 6 + len(name) for name in names) + 4
    book = start
    for number, (name, body) in enumerate(zip(names, bodies, strict=True)):
        book += _record(0x0085, struct.pack("<IBB", at, number in hidden, 0) + name)
        at += len(body)
    path.write_bytes(_compound(book + _record(0x000A, b"") + b"".join(bodies)))
    return path


def _biff8_sheet(rows: Rows) -> bytes:
    stream = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 1996, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            head = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                stream += _record(0x0204, head + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            elif isinstance(cell, int | float):
                stream += _record(0x0203, head + struct.pack("<d", cell))
    return stream + _record(0x000A, b"")


def _compound(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a compound file with one stream: header, one table of sectors, the folder, the stream."""
    stream = stream.ljust(4096, b"\0")  # shorter ones would go into the small sectors
    stream += b"\0" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    assert count + 2 <= 128, "one table of sectors is written"
    chain = [_FAT, _END, *range(3, count + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0)
    entries += _entry(name, 2, child=_FREE, start=2, size=len(stream)) + bytes(256)
    return head + table + entries + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<III", start, size, 0)


def encrypted(path: Path) -> Path:
    """Write a compound file that says, as Excel does, that a workbook with a password is inside."""
    path.write_bytes(_compound(b"secret", "EncryptedPackage"))
    return path
