"""Who is in charge of a river: rows of a table that the workspace may hold. Nobody is ever made up."""

import csv
from pathlib import Path

from zoning.errors import ContentError, os_reason
from zoning.maps.scene import Listing
from zoning.texts import Text

TITLE = Text("责任人与联系方式", "People in charge")

_HEADS = {
    "river": Text("河流", "river"),
    "section": Text("河段", "section"),
    "territory": Text("行政区", "territory"),
    "role": Text("职责", "role"),
    "office": Text("单位", "office"),
    "name": Text("姓名", "name"),
    "phone": Text("电话", "telephone"),
}
_USUAL = ("role", "office", "name", "phone")
_RIVER = frozenset(("river", "河流"))
_ENCODINGS = ("utf-8-sig", "gb18030")


def contacts_of(root: Path, file: str | None, river: tuple[str, ...]) -> Listing:
    """Return the contacts of a river, or in words why there are none.

    Parameters
    ----------
    file
        Below `maps/` of the workspace; None where the product names none.
    river
        Name and ids of the river.

    Raises
    ------
    ContentError
        When the table cannot be read or does not say which river its rows are of.
    """
    path = None if file is None else root / "maps" / file
    if path is None or not path.is_file():
        where = "" if file is None else f"（maps/{file}）"
        missing = Text(
            f"数据缺失：工作空间没有联系人表{where}",
            f"no data: the workspace has no table of contacts{'' if file is None else f' (maps/{file})'}",
        )
        return Listing("contacts", TITLE, tuple(_HEADS[name] for name in _USUAL), missing=missing)
    heads, rows = _table(path)
    key = next((number for number, head in enumerate(heads) if head in _RIVER), None)
    if key is None:
        raise ContentError(
            f"{path}:1：没有“river”（河流）列，无法知道每行属于哪条河流",
            f"{path}:1: there is no column 'river': nothing says which river a row is of",
        )
    own = tuple(
        tuple(cell for number, cell in enumerate(row) if number != key) for row in rows if row[key].strip() in river
    )
    shown = tuple(_HEADS.get(head, Text(head, head)) for number, head in enumerate(heads) if number != key)
    if own:
        return Listing("contacts", TITLE, shown, own)
    missing = Text(
        f"数据缺失：联系人表（{path.name}）没有这条河流",
        f"no data: the table of contacts ({path.name}) lacks this river",
    )
    return Listing("contacts", TITLE, shown, missing=missing)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows; empty lines are left out, short rows filled up."""
    reader = csv.reader(_text(path).splitlines())
    lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    if not lines:
        return [], []
    heads = [cell.strip() for cell in lines[0][1]]
    rows = []
    for number, row in lines[1:]:
        if len(row) > len(heads):
            raise ContentError(
                f"{path}:{number}：有 {len(row)} 格，表头只有 {len(heads)} 列；含逗号的内容请加引号",
                f"{path}:{number}: has {len(row)} cells, the head has {len(heads)}; put texts with commas into quotes",
            )
        rows.append([cell.strip() for cell in row] + [""] * (len(heads) - len(row)))
    return heads, rows


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContentError(f"{path}：文字编码不是 UTF-8 或 GBK", f"{path}: its text is neither UTF-8 nor GBK")
