"""Who looks after which cell: read from the table of an office, every mistake with its row."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zoning.errors import ContentError, os_reason
from zoning.mistakes import meant
from zoning.texts import Text

_HEADS: Mapping[str, tuple[str, ...]] = {
    "cell": ("cell", "网格", "网格编号", "网格编码"),
    "name": ("name", "姓名", "责任人"),
    "role": ("role", "职务", "角色"),
    "office": ("office", "单位", "部门"),
    "contact": ("contact", "电话", "联系方式", "联系电话"),
}
_NEEDED = ("cell", "name")
_MOST_BYTES = 16 << 20
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CellPerson:
    """One person of a cell; what is not told is empty."""

    cell: str
    name: str
    role: str = ""
    office: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    values: Mapping[str, str]


def read_people(path: Path, cells: Iterable[str], joined: Mapping[str, str]) -> tuple[CellPerson, ...]:
    """Read the people of the cells from a CSV (UTF-8 or GB18030) or XLSX file.

    Parameters
    ----------
    cells
        Codes of the cells.
    joined
        Codes of cells that joined another -> the code of that one.

    Raises
    ------
    ContentError
        When the file cannot be read or lacks a column, or with every row that cannot be meant: no cell, no name, a cell
        that does not exist, a person twice in one cell.
    """
    rows = _rows(path)
    known = tuple(cells)
    people: list[CellPerson] = []
    mistakes: list[tuple[int, Text]] = []
    seen: dict[CellPerson, int] = {}
    for row in rows:
        text = _mistake(row, known, joined)
        if text is None:
            person = CellPerson(**row.values)
            first = seen.setdefault(person, row.number)
            if first != row.number:
                text = Text(f"与第 {first} 行重复；请删去一行", f"the same as row {first}: delete one of them")
            people.append(person)
        if text is not None:
            mistakes.append((row.number, text))
    if mistakes:
        raise _refusal(path, mistakes)
    return tuple(people)


def _mistake(row: _Row, known: Sequence[str], joined: Mapping[str, str]) -> Text | None:
    cell, name = row.values["cell"], row.values["name"]
    if not cell:
        return Text("没有网格编号", "the cell is missing")
    if cell in joined:
        into = joined[cell]
        return Text(f"网格 {cell} 已并入 {into}；请改写为 {into}", f"cell {cell} joined {into}: write {into}")
    if cell not in known:
        hint = meant(cell, known)
        return Text(f"没有网格“{cell}”{hint.zh}", f"there is no cell '{cell}'{hint.en}")
    if not name:
        return Text("没有姓名", "the name is missing")
    return None


def _refusal(path: Path, mistakes: Sequence[tuple[int, Text]]) -> ContentError:
    shown = mistakes[:_MOST_SHOWN]
    zh = [f"{path.name} 第 {number} 行：{text.zh}" for number, text in shown]
    en = [f"{path.name} row {number}: {text.en}" for number, text in shown]
    more = len(mistakes) - len(shown)
    if more:
        zh.append(f"另有 {more} 行有误")
        en.append(f"{more} more rows are wrong")
    return ContentError("\n".join(zh), "\n".join(en))


def _rows(path: Path) -> list[_Row]:
    """Return the rows below the head, without empty ones; numbers are those of the file, the head is 1."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            size = _MOST_BYTES >> 20
            raise ContentError(
                f"{path}：超过 {size} MB，不是人员表", f"{path}: larger than {size} MB: this is no table of people"
            )
        data = path.read_bytes()
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
    table = list(_workbook(path, data) if path.suffix.lower() == ".xlsx" else _csv(path, data))
    if not table:
        raise ContentError(f"{path}：表是空的", f"{path}: the table is empty")
    columns = _columns(path, table[0])
    found = []
    for number, cells in enumerate(table[1:], start=2):
        values = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
        if any(values.values()):
            found.append(_Row(number, values))
    return found


def _columns(path: Path, head: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in head]
    columns = {
        key: next(names.index(name) for name in wanted if name in names)
        for key, wanted in _HEADS.items()
        if set(wanted) & set(names)
    }
    for key in _NEEDED:
        if key not in columns:
            zh = "、".join(_HEADS[key])
            raise ContentError(
                f"{path.name} 第 1 行：缺少列“{_HEADS[key][1]}”（可写 {zh}）",
                f"{path.name} row 1: the column '{key}' is missing",
            )
    return columns


def _csv(path: Path, data: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise ContentError(f"{path}：不是 UTF-8 或 GB18030 编码的文本", f"{path}: this is no text in UTF-8 or GB18030")
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise ContentError(f"{path}：不是可读的 CSV（{error}）", f"{path}: no readable CSV ({error})") from error


def _workbook(path: Path, data: bytes) -> Iterator[list[str]]:
    import zipfile

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise ContentError(f"{path}：不是可读的 XLSX", f"{path}: this is no readable XLSX") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    # A telephone number is a number to a spreadsheet.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
