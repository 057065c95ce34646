"""The files of a MapInfo table and what their heads say: the driver tells neither objects from each other nor datums.

Layout of the .map head (little endian, read from files of MapInfo and of GDAL): 0x100 a magic number, 0x104 version and
block size, 0x16a number of the datum, 0x16d projection, ellipsoid, unit, 0x170 scale of x and y, 0x1c0 shifts of the
datum, 0x200 whether an affine transformation follows. The .id file holds for every row where its object stands in the
.map, the first byte of which is its kind.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

from zoning.sites.limits import Limits, Tally
from zoning.sites.vector.mapinfo_systems import Frame
from zoning.sites.where import Where

_CHARSET_LINE = re.compile(rb"(^\s*!charset\s+)(\S+)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^\s*Type\s+(\w+)(\s+Charset\s+\"([^\"]*)\")?", re.IGNORECASE | re.MULTILINE)
_SEAMLESS = re.compile(rb"IsSeamless\"?\s*=\s*\"?TRUE", re.IGNORECASE)
_VIEW = re.compile(rb"^\s*create\s+view\b", re.IGNORECASE | re.MULTILINE)
_FIELDS = re.compile(rb"^\s*Fields\s+(\d{1,9})\s*$", re.IGNORECASE)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_DBF_HEAD, _DBF_FIELD, _DBF_NAME = 32, 32, 12
_MAGIC = 42_424_242
_HEAD = 0x300
_SMALLEST_BLOCK = 0x200
_DATUM_FROM, _AFFINE_FROM = 500, 500
_DELETED = 0x2A
_KINDS = {0x0A: "arc", 0x10: "text", 0x16: "roundrect", 0x19: "ellipse"}
_TAB_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class TabParts:
    """The files beside a .tab by their suffix without the dot, among them the table of attributes."""

    table: Path
    files: dict[str, Path]
    charset: str


@dataclass(frozen=True, slots=True)
class TabHead:
    """What the head of the .map says.

    Attributes
    ----------
    resolution
        Smallest step of a coordinate, in the unit of the file.
    kinds
        By row number from 1: what is no plain polygon, line or point; `deleted` for rows that were taken out.
    """

    frame: Frame
    resolution: float
    kinds: dict[int, str]
    rows: int


def find_parts(path: Path, where: Where) -> TabParts:
    """Find the files beside a .tab.

    Raises
    ------
    SiteError
        When one is missing, or the table is of a kind that is not read.
    """
    with path.open("rb") as file:
        text = file.read(_TAB_TEXT)
    match = _TYPE.search(text)
    kind = match[1].decode("latin-1").upper() if match else ""
    if kind not in ("NATIVE", "DBF") or _SEAMLESS.search(text) or _VIEW.search(text):
        raise where.error(
            "不是自带图形的 MapInfo 表（是视图、无缝表或链接表）；请在 MapInfo 中另存为普通表",
            "it is no MapInfo table with objects of its own (a view, a seamless or a linked table); save it as a plain "
            "table in MapInfo",
        )
    table = "dat" if kind == "NATIVE" else "dbf"
    beside = {
        file.suffix.lower()[1:]: file
        for file in sorted(path.parent.iterdir())
        if file.stem.lower() == path.stem.lower() and file != path and file.is_file()
    }
    missing = [f".{name}" for name in (table, "map", "id") if name not in beside]
    if missing:
        raise where.error(
            f"旁边没有同名的 {'、'.join(missing)} 文件；请提供完整的 MapInfo 表（.tab、.{table}、.map、.id）",
            f"there is no {', '.join(missing)} of the same name beside it; give the whole MapInfo table (.tab, "
            f".{table}, .map, .id)",
        )
    files = {name: beside[name] for name in (table, "map", "id", "ind") if name in beside}
    stated = _CHARSET_LINE.search(text)
    charset = (match[3] if match else None) or (stated[2] if stated else b"")
    return TabParts(beside[table], files, charset.decode("latin-1"))


def plain_text(text: bytes) -> tuple[bytes, list[bytes]]:
    """Return a .tab for the driver in plain ASCII and the names of its fields, which are F1, F2 ... there.

    Its texts come over as the bytes they are. The driver quotes what it stumbles over, and fiona stumbles over quotes
    that are no UTF-8.
    """
    text = _CHARSET_LINE.sub(rb"\1Neutral", text)
    text = _TYPE.sub(lambda match: match[0].replace(match[3], b"Neutral") if match[3] else match[0], text, count=1)
    lines, names, left = text.splitlines(keepends=True), list[bytes](), 0
    for number, line in enumerate(lines):
        if left and line.strip():
            left -= 1
            names.append(line.split(None, 1)[0])
            lines[number] = line.replace(names[-1], f"F{len(names)}".encode(), 1)
        elif not names and (match := _FIELDS.match(line)):
            left = int(match[1])
    return _FOREIGN.sub(b"?", b"".join(lines)), names


def make_names_plain(table: Path) -> None:
    """Turn names and types of fields that stand in the table itself into plain ASCII, in a copy for the driver."""
    with table.open("r+b") as file:
        start = file.read(_DBF_HEAD)
        first = struct.unpack_from("<H", start, 8)[0] if len(start) == _DBF_HEAD else 0
        for place in range(_DBF_HEAD, first - 1, _DBF_FIELD):
            file.seek(place)
            name = file.read(_DBF_NAME)
            file.seek(place)
            file.write(_FOREIGN.sub(b"?", name))


def read_head(parts: TabParts, where: Where, limits: Limits) -> TabHead:
    """Read the head of the .map and the kinds of all objects.

    Raises
    ------
    SiteError
        When a file is damaged or does not match the others.
    """
    map_file = parts.files["map"]
    with map_file.open("rb") as file:
        head = file.read(_HEAD)
    if len(head) < _SMALLEST_BLOCK or struct.unpack_from("<i", head, 0x100)[0] != _MAGIC:
        raise where.error(".map 文件损坏；请重新导出", "the .map is damaged; export it again")
    version, block = struct.unpack_from("<hh", head, 0x104)
    datum = struct.unpack_from("<h", head, 0x16A)[0] if version >= _DATUM_FROM else None
    projection, ellipsoid = head[0x16D], head[0x16E]
    scale = min(abs(value) for value in struct.unpack_from("<2d", head, 0x170))
    shifts = struct.unpack_from("<8d", head, 0x1C0)
    count = 3 if version <= 200 else 8  # noqa: PLR2004 - older heads hold anything behind the first three
    affine = version >= _AFFINE_FROM and block > _SMALLEST_BLOCK and len(head) > _SMALLEST_BLOCK and head[0x200] != 0
    frame = Frame(projection, datum, ellipsoid, shifted=any(shifts[:count]), affine=affine)
    rows, kinds = _rows(parts, where, limits)
    return TabHead(frame, 1 / scale if scale > 0 else 0.0, kinds, rows)


def _rows(parts: TabParts, where: Where, limits: Limits) -> tuple[int, dict[int, str]]:
    """Return the number of rows and what is special about them; every file must hold all of them."""
    table = parts.table
    with table.open("rb") as file:
        start = file.read(12)
        rows, first, width = struct.unpack_from("<iHH", start, 4) if len(start) == 12 else (-1, 0, 0)  # noqa: PLR2004 - up to the widths
        size, ids = table.stat().st_size, parts.files["id"].stat().st_size // 4
        if rows < 0 or size < first + rows * width or ids < rows:
            raise where.error(
                f"属性表（{max(rows, 0)} 行）与 {ids} 个图形不符或文件不完整；请重新导出",
                f"the table ({max(rows, 0)} rows) does not match the {ids} objects or was cut off; export it again",
            )
        if rows > limits.records:
            Tally(limits).count("records", rows, where)
        kinds = {}
        for row in range(rows):
            file.seek(first + row * width)
            if file.read(1)[:1] == bytes([_DELETED]):
                kinds[row + 1] = "deleted"
    return rows, kinds | _kinds(parts, rows, where)


def _kinds(parts: TabParts, rows: int, where: Where) -> dict[int, str]:
    size = parts.files["map"].stat().st_size
    data = parts.files["id"].read_bytes()
    kinds = {}
    with parts.files["map"].open("rb") as file:
        for row, offset in enumerate(struct.unpack_from(f"<{rows}I", data), 1):
            if offset >= size:
                raise where.at_record(row).error(
                    ".map 文件不完整，缺少这个图形；请重新导出",
                    "the .map was cut off before this object; export it again",
                )
            if offset == 0:
                continue
            file.seek(offset)
            code = file.read(1)[0]
            # The odd number of a pair holds coordinates in short form.
            kind = _KINDS.get(code, _KINDS.get(code - 1, ""))
            if kind:
                kinds[row] = kind
    return kinds
