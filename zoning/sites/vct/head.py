"""The head of a VCT file: what it states about the form and the coordinate system."""

import re
from dataclasses import dataclass

from zoning.errors import SiteError
from zoning.sites.vct.lines import Lines
from zoning.sites.where import Where

_OLDER = ("topo", "coordinate", "coordsystype", "unit")
_VERSION = re.compile(r"^[vV]?(\d+)(\.\d+)*$")
_READ_VERSION = "3"
_DIMENSIONS = {"": 2, "2": 2, "3": 3}


@dataclass(frozen=True, slots=True)
class Head:
    """The entries of the head.

    Attributes
    ----------
    entries
        Names in small letters, each with its value and line.
    dim
        Numbers in a coordinate, 2 or 3.
    north_first
        The first number of a coordinate is the northing.
    """

    where: Where
    entries: dict[str, tuple[str, int]]
    separator: str
    dim: int
    north_first: bool

    def get(self, name: str) -> str:
        """Return the value of an entry, empty when it is missing."""
        return self.entries.get(name.lower(), ("", 0))[0]

    def place(self, name: str) -> Where:
        """Return the line of an entry, the file when it is missing."""
        entry = self.entries.get(name.lower())
        return self.where if entry is None else self.where.at_line(entry[1])

    def values(self, name: str) -> list[str]:
        """Return the values of an entry that holds several."""
        text = self.get(name)
        if not text:
            return []
        return [part.strip() for part in text.split(self.separator if self.separator in text else ",")]


def read_head(lines: Lines, where: Where) -> Head:
    """Take the head.

    Raises
    ------
    SiteError
        When it is damaged, states another version, or asks for what is not read.
    """
    if lines.take().lower() != "headbegin":
        raise where.error(
            "不是以 HeadBegin 开头的 VCT 文件；请重新导出", "it does not begin with HeadBegin; export it again"
        )
    entries: dict[str, tuple[str, int]] = {}
    while (line := lines.need()).lower() != "headend":
        if line.lower().endswith("begin"):
            raise lines.error(
                f"{line} 之前缺少 HeadEnd；请重新导出", f"HeadEnd is missing before {line}; export it again"
            )
        name, sign, value = line.replace("：", ":", 1).partition(":")
        name, value = name.strip().lower(), value.strip()
        if sign and name in entries and entries[name][0] != value:
            raise lines.error(
                f"“{name}” 出现两次且不一致；请只保留一个", f"“{name}” stands twice and differs; keep one"
            )
        if sign:
            entries[name] = (value, lines.number)
    # The separator may be a tab, which is cut off as a blank.
    separator = entries.get("separator", (",", 0))[0] or ("\t" if "separator" in entries else ",")
    lines.separator = separator
    head = Head(where, entries, separator, 2, north_first=False)
    _check_version(head)
    _check_offset(head)
    return Head(where, entries, separator, _dim(head), north_first=_north_first(head))


def _check_version(head: Head) -> None:
    version, mark = head.get("Version"), head.get("DataMark") or "VCT"
    number = _VERSION.match(version)
    older = "coordinatesystemtype" not in head.entries and any(name in head.entries for name in _OLDER)
    if older or (number is not None and number[1] != _READ_VERSION):
        name = f"{mark} {version}".strip()
        raise head.place("Version").error(
            f"是 {name} 版的 VCT，只读取 VCT 3.0（GB/T 17798-2007）；请导出为 VCT 3.0 或 Shapefile",
            f"it is VCT of the version {name}, only VCT 3.0 (GB/T 17798-2007) is read; export it as VCT 3.0 or as a "
            "shapefile",
        )


def _check_offset(head: Head) -> None:
    for text in head.values("Offset"):
        try:
            moved = float(text or 0) != 0
        except ValueError:
            moved = True
        if moved:
            raise head.place("Offset").error(
                f"坐标偏移量 Offset 是 {head.get('Offset')}，不是 0，含义不明；请导出不带偏移量的坐标",
                f"the Offset of the coordinates is {head.get('Offset')} and not 0, its meaning is open; export the "
                "coordinates without an offset",
            )


def _dim(head: Head) -> int:
    text = head.get("Dim")
    if text not in _DIMENSIONS:
        raise head.place("Dim").error(
            f"坐标维数 Dim 是 “{text}”，只能是 2 或 3；请改正", f"Dim is “{text}”, it must be 2 or 3; correct it"
        )
    return _DIMENSIONS[text]


def _north_first(head: Head) -> bool:
    axes = head.get("XAxisDirection").upper()[:1] or "E", head.get("YAxisDirection").upper()[:1] or "N"
    if axes not in {("E", "N"), ("N", "E")}:
        raise _axes(head)
    return axes == ("N", "E")


def _axes(head: Head) -> SiteError:
    x, y = head.get("XAxisDirection"), head.get("YAxisDirection")
    return head.place("XAxisDirection").error(
        f"坐标轴方向为 X={x}、Y={y}，只能一个向东（E）、一个向北（N）；请改正",
        f"the axes point to X={x} and Y={y}; one must point east (E), the other north (N); correct it",
    )
