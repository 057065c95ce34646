"""WKT and EWKT text, one geometry or several after each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

import numpy as np

from zoning.sites.drawing import Coordinates, Drawing, Kind, MalformedError
from zoning.sites.encodings import text_codec
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import RawFile
from zoning.sites.records import raw_site
from zoning.sites.vector.srids import declared_by
from zoning.sites.where import Where
from zoning.texts import Text

_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
_TAG = re.compile(r"\s*([A-Za-z]+)(?:\s+(?:ZM|Z|M))?\s*(EMPTY\b|(?=\())", re.IGNORECASE)
_NESTED = re.compile(r"\s*\(\s*\(")
_SPACE = re.compile(r"\s*")
_ROW = re.compile(r"[^,]+")
_AT_ONCE = 50_000  # arrays take a tenth of the memory of lists
_GAP = re.compile(r"[\s;]*")
_DEEPEST = 32
_MOST_DIMENSIONS = 4
_COLLECTION = "GEOMETRYCOLLECTION"
# Kind and how many brackets stand around one path of coordinates.
_TYPES: dict[str, tuple[Kind, int]] = {
    "POINT": ("point", 1),
    "MULTIPOINT": ("point", 1),
    "LINESTRING": ("line", 1),
    "MULTILINESTRING": ("line", 2),
    "POLYGON": ("polygon", 2),
    "MULTIPOLYGON": ("polygon", 3),
    _COLLECTION: ("polygon", 0),
}


def read_wkt(path: Path, options: Options) -> RawFile:
    """Read every geometry of a WKT file.

    Raises
    ------
    SiteError, CRSError, UsageError
    """
    where = Where(path.name or str(path))
    text = path.read_bytes().decode(text_codec(path, where, options.encoding))
    sites, srids = [], set()
    for number, (srid, drawings) in enumerate(_records(_Scanner(text, Tally(options.limits), where), where), 1):
        sites.append(raw_site(drawings, where.at_record(number), options))
        srids.add(srid)
    return RawFile(tuple(sites), declared_by(srids, where), silence=Text("WKT 没有写 SRID", "the WKT has no SRID"))


def one_geometry(text: str, tally: Tally, where: Where) -> list[Drawing]:
    """Read a text that is one geometry.

    Parameters
    ----------
    tally
        Of the reader alone: what `raw_site` counts later is counted here before it is made.

    Raises
    ------
    MalformedError
        When it is wrong, or another one follows.
    SiteError
        When the limits are reached.
    """
    scanner = _Scanner(text, tally, where)
    scanner.srid()
    drawings = list(scanner.geometry())
    if not scanner.at_end():
        near = text[scanner.position : scanner.position + 20].strip()
        raise MalformedError(
            f"图形之后还有 “{near}”；一格只能有一个图形（几块合成一个的请写成 MULTIPOLYGON）",
            f"“{near}” follows behind the geometry; a cell holds one geometry (write several parts as MULTIPOLYGON)",
        )
    return drawings


def stated_srid(text: str) -> str:
    """Return the SRID that stands in front of a geometry, empty when there is none."""
    match = _SRID.match(text)
    return match[1] if match else ""


def _records(scanner: "_Scanner", where: Where) -> Iterator[tuple[str | None, list[Drawing]]]:
    number = 0
    while not scanner.at_end():
        number += 1
        try:
            yield scanner.srid(), list(scanner.geometry())
        except MalformedError as error:
            raise where.at_record(number).error_of(error.text) from error


def _plain_word(word: str) -> str:
    """Return the type without the letters of further dimensions (POLYGONZ, POINTZM)."""
    for ending in ("", "ZM", "Z", "M"):
        if word.removesuffix(ending) in _TYPES:
            return word.removesuffix(ending)
    return word


@dataclass(slots=True)
class _Scanner:
    text: str
    tally: Tally
    where: Where
    position: int = 0

    def at_end(self) -> bool:
        self._skip(_GAP)
        return self.position >= len(self.text)

    def srid(self) -> str | None:
        match = _SRID.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match[1]

    def geometry(self, depth: int = 0) -> Iterator[Drawing]:
        match = _TAG.match(self.text, self.position)
        if match is None or depth > _DEEPEST:
            self._fail()
        self.position = match.end()
        self.tally.count("parts", 1, self.where)
        word = _plain_word(match[1].upper())
        if word not in _TYPES:
            raise MalformedError(
                f"几何类型 {word} 不能读取（曲线请先转为折线）",
                f"the geometry type {word} is not read (convert curves to lines first)",
            )
        if match[2]:
            return
        if word == _COLLECTION:
            self._expect("(")
            for _ in self._items():
                yield from self.geometry(depth + 1)
        else:
            yield from self._drawings(*_TYPES[word])

    def _drawings(self, kind: Kind, brackets: int) -> Iterator[Drawing]:
        if kind == "point":
            for point in self._points():
                yield Drawing("point", (point,))
        elif brackets == 1:
            yield Drawing(kind, (self._path(),))
        elif kind == "line":
            for path in self._paths():
                yield Drawing("line", (path,))
        elif brackets == 2:  # noqa: PLR2004 - the rings of one polygon
            yield Drawing("polygon", tuple(self._paths()))
        else:
            self._expect("(")
            for _ in self._items():
                yield Drawing("polygon", tuple(self._paths()))

    def _points(self) -> Iterator[Coordinates]:
        """Both spellings: ((1 2), (3 4)) and (1 2, 3 4)."""
        if _NESTED.match(self.text, self.position):
            yield from self._paths()
        else:
            yield from (row[None, :] for row in self._path())

    def _paths(self) -> Iterator[Coordinates]:
        self._expect("(")
        for _ in self._items():
            yield self._path()

    def _items(self) -> Iterator[None]:
        """Step over the commas of a list until its bracket closes."""
        while True:
            yield
            self._skip(_SPACE)
            sign = self.text[self.position : self.position + 1]
            self.position += 1
            if sign == ")":
                return
            if sign != ",":
                self._fail()

    def _path(self) -> Coordinates:
        self._expect("(")
        end = self.text.find(")", self.position)
        if end < 0:
            self._fail()
        self.tally.count("rings", 1, self.where)
        self.tally.count("vertices", self.text.count(",", self.position, end) + 1, self.where)
        rows = _ROW.finditer(self.text, self.position, end)
        pieces = []
        try:
            while some := [[float(number) for number in row[0].split()] for row in islice(rows, _AT_ONCE)]:
                pieces.append(np.array(some, dtype=np.float64))
            path = np.concatenate(pieces)
        except ValueError:
            self._fail()
        if path.ndim != 2 or not 2 <= path.shape[1] <= _MOST_DIMENSIONS:  # noqa: PLR2004 - rows of x, y
            self._fail()
        self.position = end + 1
        return path

    def _expect(self, sign: str) -> None:
        self._skip(_SPACE)
        if self.text[self.position : self.position + 1] != sign:
            self._fail()
        self.position += 1

    def _skip(self, gap: re.Pattern[str]) -> None:
        match = gap.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def _fail(self) -> NoReturn:
        near = self.text[self.position : self.position + 20].strip()
        raise MalformedError(
            f"WKT 在 “{near}” 处有误或不完整；请重新导出",
            f"the WKT is wrong or cut off near “{near}”; export it again",
        )
