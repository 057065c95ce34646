"""A workbook's XML looked through before openpyxl reads it: sizes, document types, hidden rows, lost formulas.

openpyxl builds what it is told (a row 1048576 fills a million rows before it) and resolves entities unless defusedxml
is installed; here everything is counted first, and a document type is refused.
"""

import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from zoning.errors import SiteError
from zoning.sites.tables.grid import MOST_CELLS
from zoning.sites.vector.zip_files import Archive, Member
from zoning.sites.where import Where

_CHUNK = 1 << 18
_HEAD = 1 << 20
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_PART_BYTES = 50_000_000
"""Of a part that is no sheet: openpyxl keeps it as objects in memory."""

PACKING_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""What zipfile raises over damaged or encrypted members."""

_DEEPEST = 64
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "


@dataclass(slots=True)
class Marks:
    """What openpyxl does not tell about a sheet when it reads without keeping the sheet in memory.

    Attributes
    ----------
    hidden
        Numbers of hidden rows that hold something.
    unsolved
        Row and column (from 0) of formulas whose result the file does not hold.
    """

    hidden: list[int] = field(default_factory=list)
    unsolved: set[tuple[int, int]] = field(default_factory=set)


def check_parts(archive: Archive, sheets: set[str]) -> None:
    """Refuse parts that are too large, or define a document type.

    Raises
    ------
    SiteError
    """
    archive.check_size(list(archive.members))
    for member in archive.members:
        if member.name not in sheets and member.suffix in (".xml", ".rels", ".vml") and member.entry.size > _PART_BYTES:
            raise archive.where.error(
                f"其中的 {member.name} 有 {member.entry.size / 1e6:.0f} MB，超过上限 {_PART_BYTES / 1e6:.0f} MB；"
                "请只保留坐标，另存为新的工作簿",
                f"its part {member.name} has {member.entry.size / 1e6:.0f} MB, more than the allowed "
                f"{_PART_BYTES / 1e6:.0f} MB; keep the coordinates alone and save them as a new workbook",
            )
        _check_document_type(archive, member)


def _check_document_type(archive: Archive, member: Member) -> None:
    """Walk to the first element: a document type can stand only before it."""
    parser = expat.ParserCreate()
    found: list[str] = []

    def refuse(*_: object) -> None:
        raise document_type(archive.where)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda *_: found.append("")
    try:
        with archive.file.open(member.info) as source:
            while not found and (chunk := source.read(_CHUNK)):
                parser.Parse(chunk)
    except (expat.ExpatError, LookupError, ValueError):
        return  # a picture, or a part that openpyxl will refuse
    except PACKING_FAULTS as error:
        raise damaged_workbook(archive.where) from error


def document_type(where: Where) -> SiteError:
    """Return the error about a workbook with a document type."""
    return where.error(
        "工作簿的 XML 含有文档类型或实体定义，Excel 不会这样写；不予读取，请用 Excel 另存",
        "the XML of the workbook defines a document type or entities, which Excel never writes; it is not read: save "
        "it again with Excel",
    )


class _Walk:
    """Counts rows and cells of a sheet."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.marks = Marks()
        self.row, self.column, self.cells, self.depth = 0, 0, 0, 0
        self.is_hidden = self.formula = self.value = self.inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.damaged()
        name = tag.removeprefix(_NAMESPACE)
        if name == "row":
            self._enter_row(attributes)
        elif name == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.formula = self.value = False
        elif name == "f":
            self.formula = True
        elif name == "is":
            self.value = True
        elif name == "v":
            self.inside = True

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.inside = False
        name = tag.removeprefix(_NAMESPACE)
        if name == "c":
            self._leave_cell()
        elif name == "row":
            # openpyxl fills a row up to its last cell, and the rows left out before it.
            self.cells += self.column
            if self.cells > MOST_CELLS:
                raise too_many_cells(self.where)

    def text(self, _: str) -> None:
        # Programs that do not compute write the result of a formula as an empty element.
        self.value |= self.inside

    def _enter_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self.row + 1
        if not self.row < number <= _MOST_ROWS:
            raise self.damaged()
        self.row, self.column = number, 0
        self.is_hidden = attributes.get("hidden") in ("1", "true")

    def _leave_cell(self) -> None:
        if not 0 < self.column <= _MOST_COLUMNS:
            raise self.damaged()
        if self.formula and not self.value:
            self.marks.unsolved.add((self.row, self.column - 1))
        if self.value and self.is_hidden and (not self.marks.hidden or self.marks.hidden[-1] != self.row):
            self.marks.hidden.append(self.row)

    def damaged(self) -> SiteError:
        return damaged_workbook(self.where)


def _column(reference: str) -> int:
    """Return the number of a column from 1: B7 -> 2.

    Raises
    ------
    ValueError
        When it is no reference.
    """
    letters = reference.rstrip("0123456789")
    if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isalpha():  # noqa: PLR2004 - A to XFD
        raise ValueError(reference)
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def marks_of(archive: Archive, member: Member, where: Where) -> Marks:
    """Look a sheet through.

    Raises
    ------
    SiteError
        When it is damaged, or has too many cells.
    """
    walk = _Walk(where)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text

    def refuse(*_: object) -> None:
        raise document_type(where)

    parser.StartDoctypeDeclHandler = refuse
    try:
        with archive.file.open(member.info) as source:
            parser.ParseFile(source)
    except (expat.ExpatError, ValueError, LookupError, *PACKING_FAULTS) as error:
        raise damaged_workbook(where) from error
    return walk.marks


def too_many_cells(where: Where) -> SiteError:
    """Return the error about a table that is too large."""
    return where.error(
        f"表格超过 {MOST_CELLS:,} 个单元格；请只保留坐标各列，或改用 Shapefile、GeoPackage",
        f"the table has more than {MOST_CELLS:,} cells; keep the columns of coordinates alone, or use a shapefile or "
        "GeoPackage",
    )


def damaged_workbook(where: Where) -> SiteError:
    """Return the error about a workbook that cannot be taken apart."""
    return where.error(
        "工作簿已损坏或不是 Excel 写的；请用 Excel 打开后另存",
        "the workbook is damaged or was not written by Excel; open it in Excel and save it again",
    )
