"""A table file as rows of text: Excel workbooks and delimited text, whatever program wrote them."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from zoning.errors import ContentError, os_reason
from zoning.rules.access.sheets import Sheet, check_size, refusal
from zoning.sites.encodings import text_codec
from zoning.sites.where import Where, printable

MOST_BYTES = 100 << 20
_SAMPLE_ROWS = 200
_DELIMITERS = ",\t;|"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class TableFile:
    """All tables of a file, with the hash of its bytes."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def read_table_file(path: Path, *, encoding: str | None = None) -> TableFile:
    """Read an Excel workbook (.xlsx, .xlsm) or a delimited text (.csv, .tsv, .txt: UTF-8 or GBK).

    What the file is, its first bytes say, not its name.

    Raises
    ------
    ContentError
        When it cannot be read, is another format, or holds what no list holds.
    UsageError
        When the stated encoding is unknown.
    """
    data = _bytes(path)
    where = Where(path.name)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(b"PK\x03\x04"):
        # Here and not above: openpyxl is not needed for text.
        from zoning.rules.access.workbook import read_workbook

        return TableFile(path.name, digest, read_workbook(data, where))
    _refuse_other_formats(data, where)
    text = data.decode(text_codec(path, where, encoding))
    return TableFile(path.name, digest, (_text_sheet(text, where),))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
    where = Where(path.name)
    if len(data) > MOST_BYTES:
        size = MOST_BYTES >> 20
        raise refusal(
            where,
            f"文件超过 {size} MB；请删去无关的工作表，或分成几个文件导入",
            f"the file is larger than {size} MB; leave out what is no list, or import it in several files",
        )
    if not data.strip():
        raise refusal(where, "文件是空的；请检查是否选错了文件", "the file is empty: is it the right one?")
    return data


def _refuse_other_formats(data: bytes, where: Where) -> None:
    if data.startswith(_OLD_EXCEL):
        raise refusal(
            where,
            "这是旧版 Excel（.xls）或加密的工作簿；请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 或 CSV UTF-8",
            "this is an old Excel (.xls) or an encrypted workbook; open it, take the password off, save it as .xlsx or "
            "CSV UTF-8",
        )
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise refusal(
            where,
            "这是网页或 XML，不是表格（有的平台导出的 .xls 其实是网页）；请用 Excel 或 WPS 打开后另存为 .xlsx",
            "this is a web page or XML, no table (some platforms export web pages as .xls); open it and save it as "
            ".xlsx",
        )
    if data.startswith(b"%PDF"):
        raise refusal(
            where,
            "这是 PDF，不是表格；请向发布机关索取表格文件，或把清单录入表格后导入",
            "this is a PDF, no table; ask the issuer for the table, or type the list into one",
        )


def _text_sheet(text: str, where: Where) -> Sheet:
    delimiter = _delimiter(text)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            rows.append(tuple(_unwrapped(cell) for cell in cells))
            numbers.append(line)
            line = reader.line_num + 1
            check_size(rows[-1], len(rows), where.at_line(numbers[-1]))
    except csv.Error as error:
        told = "引号没有配对，或单元格过长" if "field" not in str(error) else "单元格过长"
        raise refusal(
            where.at_line(line),
            f"这一行读不成表格（{told}）；请用 Excel 或 WPS 打开后另存为 .xlsx",
            f"from here on it is no table ({error}); open it and save it as .xlsx",
        ) from error
    return Sheet("", tuple(rows), tuple(numbers))


def _delimiter(text: str) -> str:
    """Return the sign between cells: the one that cuts the first lines into the most columns, evenly."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_ROWS])

    def columns(delimiter: str) -> int:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            return 0
        widths = sorted(len(row) for row in rows if any(cell.strip() for cell in row))
        # Of two rows the narrower: signs inside the words of one row do not make columns.
        return widths[(len(widths) - 1) // 2] if widths else 0

    return max(_DELIMITERS, key=columns)


def _unwrapped(cell: str) -> str:
    """Return the text of `="ZH14052210001"`: how programs keep Excel from counting with codes."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:  # noqa: PLR2004 - the quotes themselves
        return text[2:-1].replace('""', '"')
    return cell


def shown(text: str, most: int = 30) -> str:
    """Return the beginning of a text on one line, for a remark."""
    line = printable(text)
    return line if len(line) <= most else f"{line[:most]}…"
