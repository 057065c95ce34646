"""The lines of a coordinate TXT: header, parcels and points, exactly in the specified form or refused with the line.

[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=38
[地块坐标]
5,1.2345,DK01,地块名称,面,图幅号,用途,地类编码,@
J1,1,4142105.190,38358325.950
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from zoning.sites.drawing import Coordinates
from zoning.sites.where import Where

HEADER_FIELDS = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")
KINDS = ("面", "线", "点")
_KIND = HEADER_FIELDS.index("记录图形属性")
_POINT_FIELDS = 4
_ATTRIBUTES, _COORDINATES = "属性描述", "地块坐标"
_IGNORED = ("项目信息", "扩展信息")
_SECTION = re.compile(r"^\[\s*([^\[\]]+?)\s*\]$")
_WIDE_SECTION = re.compile(r"^[【［]")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d*)?$")
_WIDE = "，＠．０１２３４５６７８９"


@dataclass(slots=True)
class Ring:
    """Consecutive rows of one ring number: the third and fourth column as they stand, with their lines."""

    number: int
    first: "array[float]" = field(default_factory=lambda: array("d"))
    second: "array[float]" = field(default_factory=lambda: array("d"))
    lines: "array[int]" = field(default_factory=lambda: array("L"))

    def columns(self) -> Coordinates:
        """Return the two columns, shape (n, 2)."""
        return np.column_stack([np.array(self.first), np.array(self.second)])


@dataclass(slots=True)
class Parcel:
    """One header line with its rings."""

    line: int
    fields: dict[str, str]
    rings: list[Ring] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """The whole file.

    Attributes
    ----------
    attributes
        Entries of [属性描述]: value and line.
    """

    attributes: dict[str, tuple[str, int]] = field(default_factory=dict)
    parcels: list[Parcel] = field(default_factory=list)


def read_sheet(lines: Iterable[str], where: Where) -> Sheet:
    """Take the lines apart.

    Raises
    ------
    SiteError
        Naming the first line that does not have the specified form.
    """
    sheet = Sheet()
    section = ""
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line:
            continue
        if line[0] in "[【［":
            section = _section(line, where.at_line(number))
        elif section == _COORDINATES:
            _coordinate_line(line, number, sheet, where)
        elif section == _ATTRIBUTES:
            _attribute_line(line, number, sheet, where)
        elif not section:
            raise where.at_line(number).error(
                "坐标前缺少 [属性描述] 或 [地块坐标] 段；请按规定格式导出",
                "the sections [属性描述] and [地块坐标] are missing before it; export it in the specified form",
            )
    return sheet


def _section(line: str, place: Where) -> str:
    if _WIDE_SECTION.match(line):
        raise place.error(
            f"段名 {line} 用了全角括号；请写成半角，例如 [{_COORDINATES}]",
            f"the section {line} has full-width brackets; write plain ones as in [{_COORDINATES}]",
        )
    match = _SECTION.match(line)
    name = match[1] if match else ""
    if name not in (_ATTRIBUTES, _COORDINATES, *_IGNORED):
        raise place.error(
            f"不认识的段 {line}；规定格式只有 [{_ATTRIBUTES}] 和 [{_COORDINATES}]",
            f"the section {line} is unknown; the specified form has [{_ATTRIBUTES}] and [{_COORDINATES}]",
        )
    return name


def _attribute_line(line: str, number: int, sheet: Sheet, where: Where) -> None:
    place = where.at_line(number)
    name, sign, value = line.partition("=")
    name = name.strip()
    if not sign:
        raise place.error(
            f"[{_ATTRIBUTES}] 中的 “{line[:20]}” 不是 名称=内容；请改正",
            f"“{line[:20]}” in [{_ATTRIBUTES}] is not name=value; correct it",
        )
    if name in sheet.attributes and sheet.attributes[name][0] != value.strip():
        raise place.error(f"“{name}” 出现两次且不一致；请只保留一个", f"“{name}” stands twice and differs; keep one")
    sheet.attributes[name] = (value.strip(), number)


def _coordinate_line(line: str, number: int, sheet: Sheet, where: Where) -> None:
    if not line.isascii() and any(sign in line for sign in _WIDE[:2]):
        raise where.at_line(number).error(
            "用了全角标点；请改为半角逗号和 @", "it has full-width punctuation; write plain commas and @"
        )
    fields = [text.strip() for text in line.split(",")]
    if "@" in line:
        sheet.parcels.append(_header(fields, number, where.at_line(number)))
        return
    if not sheet.parcels:
        raise where.at_line(number).error(
            "界址点前没有以 @ 结尾的地块行；请按规定格式导出",
            "no parcel line ending in @ stands before this point; export it in the specified form",
        )
    _point(fields, number, sheet.parcels[-1], where)


def _header(fields: list[str], number: int, place: Where) -> Parcel:
    if len(fields) != len(HEADER_FIELDS) + 1 or fields[-1] != "@":
        raise place.error(
            zh=f"地块行有 {len(fields)} 项，规定为 {len(HEADER_FIELDS) + 1} 项（{','.join(HEADER_FIELDS)},@）；"
            "请按规定格式导出",
            en=f"the parcel line has {len(fields)} fields, specified are {len(HEADER_FIELDS) + 1} "
            f"({','.join(HEADER_FIELDS)},@); export it in the specified form",
        )
    if fields[_KIND] not in KINDS:
        raise place.error(
            f"记录图形属性为 “{fields[_KIND]}”，应为 面、线 或 点",
            f"the kind of geometry is “{fields[_KIND]}”; it must be 面 (polygon), 线 (line) or 点 (point)",
        )
    return Parcel(number, dict(zip(HEADER_FIELDS, fields, strict=False)))


def _point(fields: list[str], number: int, parcel: Parcel, where: Where) -> None:
    if len(fields) != _POINT_FIELDS:
        raise where.at_line(number).error(
            zh=f"界址点行有 {len(fields)} 项，规定为 4 项：点号,圈号,X坐标,Y坐标",
            en=f"the point line has {len(fields)} fields, specified are 4: 点号,圈号,X坐标,Y坐标 "
            "(point, ring, north, east)",
        )
    _, ring, first, second = fields
    if not ring.isdecimal() or int(ring) == 0:
        raise where.at_line(number).error(
            f"圈号 “{ring}” 不是从 1 起的整数", f"the ring number “{ring}” is no whole number from 1 on"
        )
    for text in (first, second):
        if not _NUMBER.match(text):
            raise where.at_line(number).error(
                f"坐标 “{text}” 不是数字；请改正", f"the coordinate “{text}” is no number; correct it"
            )
    if not parcel.rings or parcel.rings[-1].number != int(ring):
        parcel.rings.append(Ring(int(ring)))
    last = parcel.rings[-1]
    last.first.append(float(first))
    last.second.append(float(second))
    last.lines.append(number)
