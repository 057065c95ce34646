"""The lines of a coordinate TXT: sections, entries, parcel lines and point rows, read or refused with the line.

[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=38
[地块坐标]
5,1.2345,DK01,地块名称,面,图幅号,用途,地类编码,@
J1,1,4142105.190,38358325.950
"""

import re
from collections.abc import Iterable

from zoning.sites.limits import Limits, Tally
from zoning.sites.txt.entries import CANONICAL, DECIDING, ENTRIES, PLACING, check_unread
from zoning.sites.txt.parcel_line import is_parcel_line, names_kind, parcel_fields, split_fields
from zoning.sites.txt.point_row import point_row
from zoning.sites.txt.sheet import Parcel, Run, Sheet
from zoning.sites.txt.wide import narrow
from zoning.sites.where import Where

ATTRIBUTES, COORDINATES = "属性描述", "地块坐标"
_IGNORED = ("项目信息", "扩展信息")
_SECTION = re.compile(r"^\[\s*([^\[\]]+?)\s*\]$")
_BLANKS = " \t\r\n\f\v\u3000\u00a0\ufeff\x1a"
_LONGEST_LINE = 5_000
_SMALLEST_PLANE = 100_000.0
_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,20})?"
# The row as nearly all programs write it; every other form takes the slower way through `point_row`.
_USUAL_ROW = re.compile(
    rf"[ \t]*([^,@\s]{{0,64}})[ \t]*,[ \t]*(0*[1-9][0-9]{{0,5}})[ \t]*,[ \t]*({_NUMBER}),[ \t]*({_NUMBER})\s*"
)


def read_sheet(lines: Iterable[str], where: Where, limits: Limits) -> Sheet:
    """Take the lines apart.

    Raises
    ------
    SiteError
        Naming the first line that does not have the specified form, or when the file goes beyond the limits.
    """
    reader = _Reader(where, limits)
    reader.read(lines)
    return reader.sheet


class _Reader:
    def __init__(self, where: Where, limits: Limits) -> None:
        self.sheet = Sheet()
        self._where = where
        self._section = ""
        self._takes_rows = False
        self._run: Run | None = None
        self._idle = 0
        # The line of an [属性描述] behind parcels, what stood in the one before, and what stands in it.
        self._again = 0
        self._before: frozenset[str] = frozenset()
        self._stated: set[str] = set()
        # Counted on its own: the records are counted again when they are put together.
        self._tally = Tally(limits)

    def read(self, lines: Iterable[str]) -> None:
        usual, add = _USUAL_ROW.fullmatch, self._add
        for number, line in enumerate(lines, 1):
            row = usual(line)
            if row is None or not self._takes_rows:
                self._other(line, number)
            else:
                name, ring, first, second = row.groups()
                add(number, name, int(ring), float(first), float(second))

    def _add(self, line: int, name: str, ring: int, first: float, second: float) -> None:
        """Add a row; a new run begins with a parcel and where the ring number changes."""
        sheet, run = self.sheet, self._run
        row = len(sheet.first)
        if run is None or run.number != ring:
            run = self._begin(row, ring, name)
        elif row == run.start + 1:
            run.first_name, run.second_name = ("", "") if name == run.first_name else (run.first_name, name)
        elif name and name == run.first_name:
            run.again.append(row)
        elif name and name == run.second_name and run.again and run.again[-1] == row - 1:
            run.restarts.append(row - 1)
        if row >= self._tally.limits.vertices:
            self._tally.count("vertices", row + 1, self._where)
        sheet.first.append(first)
        sheet.second.append(second)
        sheet.lines.append(line)
        run.end = row + 1

    def _begin(self, row: int, ring: int, name: str) -> Run:
        self._tally.count("rings", 1, self._where)
        self._run = Run(ring, row, row, name)
        self.sheet.parcels[-1].runs.append(self._run)
        return self._run

    def _other(self, line: str, number: int) -> None:
        """Take any line that is not a row of the usual form."""
        text = line.strip(_BLANKS)
        if not text or self._section in _IGNORED:
            self._count_idle()
        if not text:
            return
        if len(text) > _LONGEST_LINE:
            raise self._where.at_line(number).error(
                f"此行有 {len(text)} 个字符，超过 {_LONGEST_LINE} 个；请重新导出，每个界址点一行",
                f"the line has {len(text)} characters, more than {_LONGEST_LINE}; export it again, one point a line",
            )
        if text[0] in "[【［〔":
            self._begin_section(self._named_section(text, number), number)
        elif self._section in _IGNORED and not names_kind(text):
            self._check_no_row(line, number)
        elif is_parcel_line(text):
            self._section = COORDINATES
            self._parcel(text, number)
        elif self._section == COORDINATES:
            self._row(text, number)
        else:
            self._entry(text, number)

    def _count_idle(self) -> None:
        self._idle += 1
        most = self._tally.limits.vertices
        if self._idle > most:
            raise self._where.error(
                f"空行和附加信息超过 {most} 行；请只保留坐标后重新导出",
                f"it holds more than {most} lines that are blank or further information; export the coordinates alone",
            )

    def _begin_section(self, name: str, number: int) -> None:
        parcels = self.sheet.parcels
        if name == ATTRIBUTES and parcels and not self._again:
            self._again, self._before, self._stated = number, frozenset(self._stated), set()
        self._section = name
        # Rows behind a second section belong to a parcel line of its own, never to the parcel before.
        self._takes_rows = name == COORDINATES and bool(parcels) and not parcels[-1].runs

    def _check_no_row(self, line: str, number: int) -> None:
        """Refuse a boundary point in a section that is not read."""
        row = _USUAL_ROW.fullmatch(line)
        if row is not None and min(float(row[3]), float(row[4])) >= _SMALLEST_PLANE:
            raise self._where.at_line(number).error(
                f"[{self._section}] 里有界址点行，此段不读取；请把它移到 [{COORDINATES}] 的地块行之后，或删去",
                f"a point row stands in [{self._section}], which is not read; move it behind its parcel line in "
                f"[{COORDINATES}], or remove it",
            )

    def _named_section(self, text: str, number: int) -> str:
        plain = narrow(text)
        match = _SECTION.match(plain)
        name = match[1] if match else ""
        if name not in (ATTRIBUTES, COORDINATES, *_IGNORED):
            raise self._where.at_line(number).error(
                f"不认识的段 {text[:30]}；规定格式只有 [{ATTRIBUTES}] 和 [{COORDINATES}]",
                f"the section {text[:30]} is unknown; the specified form has [{ATTRIBUTES}] and [{COORDINATES}]",
            )
        if plain != text:
            self.sheet.note_loose(number)
        return name

    def _parcel(self, text: str, number: int) -> None:
        self._check_repeated()
        fields, loose = parcel_fields(text, self._where.at_line(number))
        if loose:
            self.sheet.note_loose(number)
        self._tally.count("records", 1, self._where)
        self.sheet.parcels.append(Parcel(number, fields))
        self._run = None
        self._takes_rows = True

    def _check_repeated(self) -> None:
        """Refuse files put together of which only one states a zone: it would count for the points of the other."""
        only = sorted((self._before ^ self._stated) & DECIDING)
        if self._again and only:
            raise self._where.at_line(self._again).error(
                f"此处的 [{ATTRIBUTES}] 与前面的只有一处写了“{only[0]}”；请在各处写明同样的内容，或分成不同的文件",
                f"only one of this [{ATTRIBUTES}] and the one before states “{only[0]}”; state the same in both, or "
                "give them as separate files",
            )
        self._again = 0

    def _row(self, text: str, number: int) -> None:
        place = self._where.at_line(number)
        if not self._takes_rows:
            raise place.error(
                "界址点前没有以 @ 结尾的地块行；请按规定格式导出",
                "no parcel line ending in @ stands before this point; export it in the specified form",
            )
        fields, loose = split_fields(text)
        row = point_row(fields, place)
        if loose:
            self.sheet.note_loose(number)
        before = len(self.sheet.first)
        if row.ring is None:
            self._add_without_ring(number, row.name, row.first, row.second)
        else:
            self._add(number, row.name, row.ring, row.first, row.second)
        if row.height is not None or self.sheet.heights:
            heights = self.sheet.heights
            heights.extend([0.0] * (before - len(heights)))
            heights.append(row.height or 0.0)

    def _add_without_ring(self, line: int, name: str, first: float, second: float) -> None:
        run = self._run
        if run is not None and run.number:
            raise self._where.at_line(line).error(
                "此行没有圈号，前面的界址点有圈号；请统一后导出",
                "this row has no ring number but the rows before have one; export all in one form",
            )
        self._add(line, name, 0, first, second)

    def _entry(self, text: str, number: int) -> None:
        place = self._where.at_line(number)
        plain = narrow(text)
        name, sign, value = plain.partition("=")
        if not sign:
            name, sign, value = plain.partition(":")
        name = name.strip()
        if not self._section and name not in ENTRIES:
            raise place.error(
                f"坐标前缺少 [{ATTRIBUTES}] 或 [{COORDINATES}] 段；请按规定格式导出",
                f"the sections [{ATTRIBUTES}] and [{COORDINATES}] are missing before it; export it in the specified "
                "form",
            )
        if not sign:
            raise place.error(
                f"[{ATTRIBUTES}] 中的 “{text[:20]}” 不是 名称=内容；请改正",
                f"“{text[:20]}” in [{ATTRIBUTES}] is not name=value; correct it",
            )
        value = value.strip()
        if name in PLACING and name in self.sheet.attributes and self.sheet.attributes[name][0] != value:
            raise place.error(
                f"“{name}” 出现两次且不一致；请只保留一个", f"“{name}” stands twice and differs; keep one"
            )
        if name in PLACING and "=" not in text:
            self.sheet.note_loose(number)
        if name in ENTRIES:
            self.sheet.attributes.setdefault(name, (value, number))
            self._stated |= {CANONICAL.get(name, name)} if value else set()
        else:
            check_unread(name, value, place)
            self._count_idle()
