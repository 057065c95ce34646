"""MapInfo MIF read through as text before the driver sees it: the driver leaves damaged objects out without a word.

Every object must be as its own counts say, every coordinate a number. The driver takes `abc` as 0 and stops at a cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from zoning.errors import SiteError
from zoning.sites.footprint_geometry import LARGEST_COORDINATE
from zoning.sites.limits import Limits, Tally
from zoning.sites.refusals import line_too_long, points_missing
from zoning.sites.where import Where

_LONGEST = 1_000_000
_XY = 2
_BOM = b"\xef\xbb\xbf"
_OBJECTS = ("none", "point", "line", "pline", "region", "arc", "text", "rect", "roundrect", "ellipse", "multipoint")
_BOXES = {"point": 2, "line": 4, "rect": 4, "roundrect": 4, "ellipse": 4, "arc": 4}
_BEHIND = {"roundrect": 1, "arc": 2}
"""Numbers behind the box, on the same line or the next: size of the corners, two angles."""
_CLAUSES = ("pen", "brush", "symbol", "smooth", "center", "font", "spacing", "justify", "angle", "label")
_CHARSET = re.compile(rb"^\s*charset\b\s*\"?([^\"\r\n]*)\"?", re.IGNORECASE)
_COORDSYS = re.compile(rb"^\s*coordsys\b", re.IGNORECASE)
_COLUMNS = re.compile(rb"^\s*columns\s+(\d+)", re.IGNORECASE)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_DATA = re.compile(rb"^\s*data\s*$", re.IGNORECASE)
_HEADER = re.compile(rb"^\s*(version|charset|delimiter|unique|index|coordsys|transform|columns)\b", re.IGNORECASE)


@dataclass(slots=True)
class MifText:
    """What the text says.

    Attributes
    ----------
    kinds
        Of every object in small letters.
    lines
        Where every object begins.
    """

    charset: str = ""
    system: str = ""
    columns: int = 0
    kinds: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def scan(path: Path, where: Where, limits: Limits) -> MifText:
    """Read a .mif through.

    Raises
    ------
    SiteError
        Naming the line at which it is damaged.
    """
    with path.open("rb") as file:
        return _Scan(iter(lambda: file.readline(_LONGEST), b""), where, limits).take()


def plain_copy(path: Path, target: Path) -> list[bytes]:
    """Copy a .mif for the driver in plain ASCII; return the names of its columns, which are F1, F2 ... in the copy.

    The driver quotes what it stumbles over, and fiona stumbles over quotes that are no UTF-8.
    """
    names: list[bytes] = []
    left = 0
    header = True
    with path.open("rb") as source, target.open("wb") as copy:
        for number, raw in enumerate(source):
            line = raw.removeprefix(_BOM) if number == 0 else raw
            header = header and not _DATA.match(line)
            if header and _CHARSET.match(line):
                line = b'Charset "Neutral"\n'
            elif header and left and line.strip():
                left -= 1
                names.append(line.split(None, 1)[0])
                line = line.replace(names[-1], f"F{len(names)}".encode(), 1)
            elif header and (match := _COLUMNS.match(line)):
                left = int(match[1][:9])
            copy.write(_FOREIGN.sub(b"?", line))
    return names


class _Scan:
    def __init__(self, raw: Iterator[bytes], where: Where, limits: Limits) -> None:
        self._raw, self._where = raw, where
        self._tally = Tally(limits)
        self._text = MifText()
        self._number = 0
        self._again: bytes | None = None

    def take(self) -> MifText:
        self._header()
        inside, before = 0, set[str]()
        while line := self._line():
            word = self._word(line)
            if word == "collection":
                inside = self._begin(word, self._count(line, 1))
                before.clear()
            elif word in _OBJECTS:
                if inside:
                    inside -= 1
                    self._check_part(word, before)
                else:
                    self._begin(word, 0)
                self._object(word, line)
            elif word not in _CLAUSES:
                shown = line.decode("latin-1").strip()[:40]
                raise self._error(
                    f"“{shown}” 不是 MIF 的图形；请重新导出", f"“{shown}” is no object of a MIF; export it again"
                )
        return self._text

    def _check_part(self, word: str, before: set[str]) -> None:
        """Refuse a second part of one kind in a collection: there is none in MapInfo, and the driver keeps the last."""
        if word in before:
            raise self._error(
                f"一个 Collection 里有两个 {word}，只能各有一个；请重新导出",
                f"a Collection holds two of {word}, it may hold one of each; export it again",
            )
        before.add(word)

    def _begin(self, word: str, parts: int) -> int:
        self._tally.count("records", 1, self._where)
        self._text.kinds.append(word)
        self._text.lines.append(self._number)
        return parts

    def _header(self) -> None:
        text = self._text
        while line := self._line():
            line = line.removeprefix(_BOM)
            if _DATA.match(line):
                return
            if match := _CHARSET.match(line):
                text.charset = match[1].decode("latin-1").strip()
            elif match := _COLUMNS.match(line):
                text.columns = int(match[1][:9])
            elif _COORDSYS.match(line):
                text.system = line.decode("latin-1").strip()
            elif text.system and not text.columns and not _HEADER.match(line):
                text.system += " " + line.decode("latin-1").strip()
        raise self._error(
            "没有 Data 一行，文件不完整；请重新导出", "there is no line Data, it was cut off; export it again"
        )

    def _line(self) -> bytes:
        """Return the next line that is not blank; empty at the end."""
        if self._again is not None:
            line, self._again = self._again, None
            return line
        for line in self._raw:
            self._number += 1
            if len(line) == _LONGEST:
                raise self._where.at_line(self._number).error_of(line_too_long(_LONGEST))
            if line.strip(b" \t\r\n\x1a"):
                return line
        return b""

    def _word(self, line: bytes) -> str:
        return line.split(None, 1)[0].decode("latin-1").lower()

    def _error(self, zh: str, en: str) -> SiteError:
        return self._where.at_line(self._number).error(zh, en)

    def _object(self, word: str, line: bytes) -> None:
        if word in _BOXES:
            words = line.split()[1:]
            self._numbers(words, _BOXES[word])
            if len(words) == _BOXES[word] < _BOXES[word] + _BEHIND.get(word, 0):
                self._numbers(self._line().split(), _BEHIND[word])
        elif word == "region":
            for _ in range(self._count(line, 1)):
                self._path()
        elif word == "pline":
            self._pline(line)
        elif word == "multipoint":
            self._points(self._count(line, 1))
        elif word == "text":
            self._label(line)

    def _pline(self, line: bytes) -> None:
        if line.split()[1:2] and line.split()[1].lower() == b"multiple":
            for _ in range(self._count(line, 2)):
                self._path()
        else:
            self._points(self._count(line, 1))

    def _path(self) -> None:
        """Take one ring or section: a line with the number of points, then the points."""
        line = self._line()
        self._points(self._count(line, 0))

    def _count(self, line: bytes, position: int) -> int:
        words = line.split()
        if not words:
            raise self._error("文件在此处中断；请重新导出", "the file ends here in the middle; export it again")
        if len(words) != position + 1 or not words[position].isdigit():
            shown = line.decode("latin-1").strip()[:40]
            raise self._error(
                f"此处应写明个数，却是 “{shown}”；请重新导出",
                f"a count must stand here but there is “{shown}”; export it again",
            )
        return int(words[position][:18])

    def _points(self, count: int) -> None:
        for taken in range(count):
            words = self._line().split()
            if not words or words[0].decode("latin-1").lower() in (*_OBJECTS, *_CLAUSES, "collection"):
                raise self._where.at_line(self._number).error_of(points_missing(count, taken))
            self._numbers(words, 2)
        self._tally.count("vertices", count, self._where)

    def _numbers(self, words: list[bytes], count: int) -> None:
        try:
            values = [float(word) for word in words[:count]]
        except ValueError:
            values = []
        # Two points in one line would be read as one; a third number is a height, more of them belong to arcs.
        crowded = count == _XY and len(words) > _XY + 1
        if crowded or len(values) < count or b"_" in b"".join(words):
            values = [inf]
        if not all(abs(value) <= LARGEST_COORDINATE for value in values):
            shown = b" ".join(words).decode("latin-1")[:60]
            raise self._error(
                f"“{shown}” 不是坐标；应为 {count} 个数字，请改正",
                f"“{shown}” is no coordinate; it must be {count} numbers, correct it",
            )

    def _label(self, line: bytes) -> None:
        """Take the text of a label, on the same line or the next, and its box."""
        if len(line.split(None, 1)) == 1:
            self._line()
        box = self._line()
        self._numbers(box.split(), 4)
