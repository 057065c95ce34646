"""The lines of a VCT file one by one: blanks and comments left out, numbers checked where they stand."""

import re
from array import array
from typing import TextIO

from zoning.errors import SiteError
from zoning.sites.footprint_geometry import LARGEST_COORDINATE
from zoning.sites.refusals import line_too_long, points_missing
from zoning.sites.where import Where

_LONGEST = 1_000_000
_DIGITS = 18
_KEYWORD = re.compile(r"^[A-Za-z]+(Begin|End)$", re.IGNORECASE)
_XY = 2


class Lines:
    """What comes next in the file.

    Attributes
    ----------
    number
        Line taken last, from 1.
    separator
        Between the values of a line; the head may state another.
    """

    def __init__(self, file: TextIO, where: Where) -> None:
        self._read = file.readline
        self._where = where
        self._again: str | None = None
        self.number = 0
        self.separator = ","

    def at(self, line: int) -> Where:
        """Return the place of a line."""
        return self._where.at_line(line)

    def error(self, zh: str, en: str) -> SiteError:
        """Return an error about the line taken last."""
        return self.at(self.number).error(zh, en)

    def take(self) -> str:
        """Return the next line that is not blank, without the blanks around it; empty at the end of the file.

        Raises
        ------
        SiteError
            When a line is too long, or a comment does not end.
        """
        if self._again is not None:
            line, self._again = self._again, None
            return line
        while raw := self._read(_LONGEST):
            self.number += 1
            if len(raw) == _LONGEST and raw[-1] != "\n":
                raise self.at(self.number).error_of(line_too_long(_LONGEST))
            line = raw.strip(" \t\r\n\x1a\ufeff")
            if line and (line[0] not in "Cc" or line.lower() != "commentbegin"):
                return line
            if line:
                self._skip_comment()
        return ""

    def put_back(self, line: str) -> None:
        """Let the line taken last be taken once more."""
        self._again = line

    def need(self) -> str:
        """Return the next line.

        Raises
        ------
        SiteError
            At the end of the file.
        """
        line = self.take()
        if not line:
            raise self.error("文件在此处中断；请重新导出", "the file ends here in the middle; export it again")
        return line

    def _skip_comment(self) -> None:
        start = self.number
        while raw := self._read(_LONGEST):
            self.number += 1
            if raw.strip().lower() == "commentend":
                return
        raise self.at(start).error(
            "CommentBegin 没有对应的 CommentEnd；请重新导出", "CommentBegin has no CommentEnd; export it again"
        )

    def split(self, line: str) -> list[str]:
        """Return the values of a line."""
        separator = self.separator if self.separator in line else ","
        return [text.strip() for text in line.split(separator)]

    def has_values(self, line: str) -> bool:
        """Tell whether a line holds several values, a coordinate for instance."""
        return self.separator in line or "," in line

    def integer(self, zh: str, en: str) -> int:
        """Take a whole number from 0 on; `zh` and `en` say what it is.

        Raises
        ------
        SiteError
            When the next line is none, or the file ends.
        """
        return self.as_integer(self.need(), zh, en)

    def as_integer(self, line: str, zh: str, en: str, *, signed: bool = False) -> int:
        """Return the text as a whole number.

        Raises
        ------
        SiteError
            When it is none, or the object ends before it.
        """
        digits = line[1:] if signed and line[:1] in ("-", "+") else line
        if digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS:
            return int(line)
        if _KEYWORD.match(line):
            raise self.error(
                f"对象还没有写完就到了 {line}；请重新导出", f"{line} stands in the middle of an object; export it again"
            )
        raise self.error(
            f"{zh} “{line[:40]}” 不是整数；请重新导出", f"the {en} “{line[:40]}” is no whole number; export it again"
        )

    def number_of(self, zh: str, en: str) -> float:
        """Take a decimal number.

        Raises
        ------
        SiteError
            When the next line is none, or the file ends.
        """
        line = self.need()
        value = self._float(line)
        if value is None:
            raise self.error(f"{zh} “{line[:40]}” 不是数字；请改正", f"the {en} “{line[:40]}” is no number; correct it")
        return value

    def coordinates(self, count: int, dim: int) -> "array[float]":
        """Take `count` lines of coordinates; return x, y (and z) of all of them in one row.

        Nothing is set aside for a count: a file that states more points than it holds ends with an error.

        Raises
        ------
        SiteError
            When a line is no coordinate, or fewer than `count` follow.
        """
        values = array("d")
        separator = self.separator
        for taken in range(count):
            line = self.need()
            parts = line.split(separator) if separator in line else line.split(",")
            try:
                x, y = float(parts[0]), float(parts[1])
                z = float(parts[_XY]) if dim > _XY and len(parts) > _XY else 0.0
            except (ValueError, IndexError):
                raise self._no_coordinate(line, count, taken) from None
            if not (abs(x) <= LARGEST_COORDINATE and abs(y) <= LARGEST_COORDINATE) or "_" in line:
                raise self._no_coordinate(line, count, taken)
            values.append(x)
            values.append(y)
            if dim > _XY:
                values.append(z)
        return values

    def _no_coordinate(self, line: str, count: int, taken: int) -> SiteError:
        if self.has_values(line):
            return self.error(
                f"“{line[:60]}” 不是坐标；应为 X{self.separator}Y 两个数字，请改正",
                f"“{line[:60]}” is no coordinate; it must be two numbers X{self.separator}Y, correct it",
            )
        return self.at(self.number).error_of(points_missing(count, taken))

    @staticmethod
    def _float(text: str) -> float | None:
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) <= LARGEST_COORDINATE and "_" not in text else None

    def end_object(self, name: str, en: str) -> None:
        """Take the 0 that ends an object.

        Raises
        ------
        SiteError
            When the next line is another, or the file ends.
        """
        line = self.need()
        if line != "0":
            raise self.error(
                f"{name} 应在此处以 0 结束，却是 “{line[:40]}”；请重新导出",
                f"{en} must end here with 0 but there is “{line[:40]}”; export it again",
            )
