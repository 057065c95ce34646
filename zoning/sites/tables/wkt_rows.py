"""The rows of a text with one geometry in a row, read line by line: no row is lost in an open quote."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from zoning.sites.refusals import OPEN_QUOTE
from zoning.sites.tables.wkt_layout import ANYWHERE, LONGEST_LINE, Layout, long_cells
from zoning.sites.where import Where


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows of a text under its headings, read anew each time they are asked for."""

    path: Path
    codec: str
    layout: Layout
    where: Where

    def __call__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield all rows with the number of their first line, the headings too.

        Raises
        ------
        SiteError
            When a quote is not closed, so that rows would be taken for a part of a cell.
        """
        with self.path.open(encoding=self.codec, newline="") as file:
            lines = _Lines(file, self.where)
            reader = csv.reader(lines, delimiter=self.layout.sign, skipinitialspace=True)
            while True:
                first = reader.line_num + 1
                lines.quotes = 0
                with long_cells():
                    try:
                        cells = next(reader, None)
                    except csv.Error as error:
                        raise self.where.at_line(first).error_of(OPEN_QUOTE) from error
                if cells is None:
                    return
                if reader.line_num > first and (lines.quotes % 2 or self._swallowed(cells)):
                    raise self.where.at_line(first).error_of(OPEN_QUOTE)
                yield first, self.layout.whole(cells)

    def _swallowed(self, cells: list[str]) -> bool:
        """Tell whether a cell of several lines has taken in what belongs to other rows."""
        for column, cell in enumerate(cells):
            if "\n" not in cell and "\r" not in cell:
                continue
            behind = _behind(cell) if column == self.layout.column else cell
            if behind.strip() if column == self.layout.column else ANYWHERE.search(behind):
                return True
        return False


class _Lines:
    """The lines of a file, and how many quotes there were."""

    def __init__(self, file: TextIO, where: Where) -> None:
        self._file, self._where = file, where
        self.quotes = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= LONGEST_LINE:
            raise self._where.error(
                f"有一行超过 {LONGEST_LINE} 个字符；请检查文件", f"a line has more than {LONGEST_LINE} signs; check it"
            )
        self.quotes += line.count('"')
        return line


def _behind(text: str) -> str:
    """Return what stands behind the first geometry of a cell; empty when it is not closed."""
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return text[position + 1 :]
    return text
