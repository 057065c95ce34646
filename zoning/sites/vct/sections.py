"""The sections of a VCT file, one after the other."""

import re
from collections.abc import Callable, Iterator

from zoning.errors import SiteError
from zoning.sites.vct.head import read_head
from zoning.sites.vct.lines import Lines
from zoning.sites.vct.objects import Objects
from zoning.sites.vct.sheet import FeatureCode, Shape, Sheet, Table
from zoning.sites.where import Where

_BEGIN = re.compile(r"^([A-Za-z]+)Begin$", re.IGNORECASE)
_CODE_FIELDS = 4
_MOST_ODD = 1_000
_OF_GEOMETRY = ("point", "line", "polygon")


def read_sections(lines: Lines, where: Where) -> Sheet:
    """Take the whole file.

    Raises
    ------
    SiteError
        Naming the line at which the file is damaged.
    """
    sheet = Sheet(read_head(lines, where))
    reader = _Sections(lines, sheet)
    while line := lines.take():
        match = _BEGIN.match(line)
        if match is None:
            raise lines.error(
                f"“{line[:40]}” 不在任何一节之内；请重新导出", f"“{line[:40]}” stands in no section; export it again"
            )
        reader.take(match[1])
    return sheet


class _Sections:
    def __init__(self, lines: Lines, sheet: Sheet) -> None:
        self._lines, self._sheet = lines, sheet
        degrees = sheet.head.get("CoordinateSystemType").upper().startswith("D")
        objects = Objects(lines, sheet.head.dim, degrees=degrees)
        self._readers: dict[str, Callable[[str], None]] = {
            "featurecode": self._feature_codes,
            "tablestructure": self._tables,
            "point": lambda name: self._shapes(name, objects.point, sheet.points),
            "line": lambda name: self._shapes(name, objects.line, sheet.lines),
            "polygon": lambda name: self._shapes(name, objects.polygon, sheet.polygons),
            "attribute": self._attributes,
        }

    def take(self, name: str) -> None:
        """Take one section; what holds no footprint (labels, topology, styles) is passed over."""
        self._readers.get(name.lower(), self._skip)(name)

    def _inside(self, name: str) -> Iterator[str]:
        """Yield the lines up to the end of the section."""
        start, end = self._lines.number, f"{name}end".lower()
        while line := self._lines.take():
            if line.lower() == end:
                return
            yield line
        raise self._unended(name, start)

    def _unended(self, name: str, start: int) -> SiteError:
        return self._lines.at(start).error(
            f"{name}Begin 没有对应的 {name}End，文件不完整；请重新导出",
            f"{name}Begin has no {name}End, the file was cut off; export it again",
        )

    def _skip(self, name: str) -> None:
        for _ in self._inside(name):
            pass

    def _feature_codes(self, name: str) -> None:
        for line in self._inside(name):
            self._refuse_begin(line, name)
            fields = self._lines.split(line)
            # Tables without geometry have only two fields.
            if len(fields) >= _CODE_FIELDS and fields[2].lower() in _OF_GEOMETRY:
                self._sheet.codes.append(FeatureCode(fields[0], fields[1], fields[3]))

    def _refuse_begin(self, line: str, name: str) -> None:
        if _BEGIN.match(line):
            raise self._lines.error(
                f"{line} 之前缺少 {name}End；请重新导出", f"{name}End is missing before {line}; export it again"
            )

    def _tables(self, name: str) -> None:
        for line in self._inside(name):
            self._refuse_begin(line, name)
            values = self._lines.split(line)
            fields = []
            while (row := self._lines.need()) != "0":
                if row.lower() == f"{name}end".lower():
                    raise self._lines.error(
                        f"表 {values[0]} 的字段没有以 0 结束；请重新导出",
                        f"the fields of the table {values[0]} do not end with 0; export it again",
                    )
                parts = self._lines.split(row)
                fields.append((parts[0], parts[1].lower() if len(parts) > 1 else ""))
            self._sheet.tables[values[0].lower()] = Table(values[0], tuple(fields))

    def _shapes(self, name: str, read: Callable[[str], Shape], into: list[Shape]) -> None:
        for line in self._inside(name):
            self._refuse_begin(line, name)
            into.append(read(line))

    def _attributes(self, name: str) -> None:
        """Keep the rows by id; a value may run on over several lines, which are then no rows of their own."""
        wanted = {code.table.lower() for code in self._sheet.codes}
        rows: dict[int, str] | None = None
        table = ""
        for line in self._inside(name):
            if rows is None:
                table = line.lower()
                rows = self._sheet.rows.setdefault(table, {})
            elif line.lower() == "tableend":
                rows = None
            elif not wanted or table in wanted:
                self._row(line, rows)

    def _row(self, line: str, rows: dict[int, str]) -> None:
        key, sign, rest = line.partition(self._lines.separator)
        key = key.strip()
        if sign and key.isascii() and key.isdecimal():
            rows[int(key)] = rest
        elif len(self._sheet.odd_rows) < _MOST_ODD:
            self._sheet.odd_rows.append(self._lines.number)
