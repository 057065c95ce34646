"""Tables with one geometry (WKT) in a row: every row is a footprint, or an error that names it; none is passed over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from zoning.errors import SiteError, ZoningError
from zoning.sites.crs.extent import Boxes
from zoning.sites.crs.identify import identify
from zoning.sites.crs.zones import CGCS2000
from zoning.sites.drawing import Drawing, MalformedError
from zoning.sites.encodings import text_codec
from zoning.sites.limits import Load, Options, Tally
from zoning.sites.naming import says_ids
from zoning.sites.raw import Declared, Fault, Label, RawFile, RawSite
from zoning.sites.records import raw_site, site_or_fault
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.streams.sliced import Labels, Records
from zoning.sites.tables.signs import compact
from zoning.sites.tables.statements import WGS84, Statements, one_datum
from zoning.sites.tables.wkt_layout import GEOMETRY_WORD, Layout, TwoGeometriesError, text_layout
from zoning.sites.tables.wkt_rows import TextRows
from zoning.sites.vector.hurried_boxes import drawn_box, possible
from zoning.sites.vector.wkt import one_geometry, stated_srid
from zoning.sites.where import Where, printable
from zoning.texts import Text

_SAMPLE = 1_000_000
_AT_ONCE = 1_000
_SHOWN = 30
_SYSTEMS = frozenset(("坐标系", "坐标系统", "坐标系名称", "空间参考", "crs", "srid", "epsg", "srs", "coordinatesystem"))
Rows = Callable[[], Iterator[tuple[int, list[str]]]]


def read_wkt_table(path: Path, options: Options) -> RawFile:
    """Read every row.

    Raises
    ------
    SiteError, CRSError
        Naming the line of a row without a geometry, or with one that is wrong.
    UsageError
        When the stated encoding is unknown.
    """
    return _of_text(path, options).whole()


@contextmanager
def sliced_wkt_table(path: Path, options: Options) -> "Iterator[WktTable]":
    """Open a text, to read its rows in slices.

    Raises
    ------
    SiteError, CRSError
        Those that concern the file as a whole.
    UsageError
        When the stated encoding is unknown.
    """
    yield _of_text(path, options)


def several_geometries(error: TwoGeometriesError, where: Where) -> SiteError:
    """Return the error about a table with a choice of geometries."""
    names = [printable(str(name)) for name in error.args]
    return where.error(
        f"有几列都是图形（{'、'.join(names)}），分不清该用哪一列；请只保留一列",
        f"several columns hold geometries ({', '.join(names)}); keep one",
    )


def _of_text(path: Path, options: Options) -> "WktTable":
    where = Where(path.name or str(path))
    codec = text_codec(path, where, options.encoding)
    with path.open(encoding=codec, newline="") as file:
        sample = file.read(_SAMPLE)
    try:
        layout = text_layout(sample, cut=len(sample) == _SAMPLE)
    except TwoGeometriesError as error:
        raise several_geometries(error, where) from error
    if layout is None:
        raise where.error_of(NO_FEATURES)
    with path.open(encoding=codec, newline="") as file:
        ascii_only = all(map(str.isascii, iter(lambda: file.read(_SAMPLE), "")))
    encoding = "" if ascii_only and codec != "utf-16" else codec.removesuffix("-sig")
    return table_of(TextRows(path, codec, layout, where), layout, where, options, encoding=encoding)


def table_of(
    rows: Rows, layout: Layout, where: Where, options: Options, *, warnings: tuple[Text, ...] = (), encoding: str = ""
) -> "WktTable":
    """Return a table that was looked through once.

    Raises
    ------
    SiteError, CRSError
        When it has no rows, too many, or its rows are in several coordinate systems.
    """
    survey = _surveyed(rows, layout, where, options)
    if survey.count == 0:
        raise where.error_of(NO_FEATURES)
    head = RawFile(
        (),
        _declared(survey, where),
        silence=survey.silence or Text("表中没有写坐标系", "the table does not state its coordinate system"),
        may_be_degrees=survey.silence is None,
        warnings=warnings,
        encoding=encoding,
    )
    return WktTable(rows, layout, where, options, head, survey.count)


@dataclass(slots=True)
class _Survey:
    """What a walk through all rows found.

    Attributes
    ----------
    systems
        Coordinate systems that rows state, each with its first line; None: rows that state none.
    silence
        Why the coordinates are not simply taken as degrees of CGCS2000.
    """

    count: int
    systems: dict[str | None, int]
    silence: Text | None


def _surveyed(rows: Rows, layout: Layout, where: Where, options: Options) -> _Survey:
    said, tally = Statements(), Tally(options.limits)
    survey = _Survey(0, {}, None)
    column = next((i for i, name in enumerate(layout.headings) if compact(name) in _SYSTEMS), None)
    for index, (line, cells) in enumerate(rows()):
        if index < layout.above:
            said.add(line, " ".join(cells))
        elif _is_filled(cells):
            survey.count += 1
            tally.count("records", 1, where)
            cell = cells[layout.column] if layout.column < len(cells) else ""
            if GEOMETRY_WORD.match(cell):
                stated = "" if column is None or column >= len(cells) else cells[column].strip()
                survey.systems.setdefault(_system(stated_srid(cell) or stated), line)
    datum, _ = one_datum(said, where)
    if datum not in (None, CGCS2000, WGS84):
        survey.silence = Text("表头写的坐标系须用 --crs 说明", "state the system that its headings name with --crs")
    return survey


def _system(stated: str) -> str | None:
    if not stated or stated == "0":
        return None
    return f"EPSG:{stated}" if stated.isdecimal() else stated


def _declared(survey: _Survey, where: Where) -> Declared | None:
    """Return the one system of all rows.

    Raises
    ------
    CRSError
        When they differ.
    """
    if len(survey.systems) > 1:
        titles = {None if name is None else identify(name, where).title for name in survey.systems}
        if len(titles) > 1:
            line = list(survey.systems.values())[1]
            raise where.at_line(line).crs_error(
                "坐标系（SRID）与前面各行不一致；一个文件只能有一个坐标系",
                "its system (SRID) differs from that of the rows before; a file has one system only",
            )
    name = next(iter(survey.systems), None)
    return None if name is None else Declared(name)


@dataclass(frozen=True, slots=True)
class WktTable:
    """Rows with a geometry each; see `zoning.sites.streams.sliced.Sliced`."""

    rows: Rows
    layout: Layout
    where: Where
    options: Options
    head: RawFile
    count: int

    @property
    def says_ids(self) -> bool:
        """Whether a row may have an id of its own."""
        return says_ids(self.layout.headings)

    def whole(self) -> RawFile:
        """Return all rows.

        Raises
        ------
        SiteError
            Naming the first row that is no footprint.
        """
        sites = tuple(self._site(line, cells, self.options) for line, cells in self._filled())
        return replace(self.head, sites=sites)

    def boxes(self) -> Iterator[Boxes]:
        """Yield the boxes of all rows.

        Raises
        ------
        SiteError
            When the rows cannot be told apart: a quote is not closed, or a line is too long.
        """
        rows = self._filled()
        while some := list(islice(rows, _AT_ONCE)):
            yield possible(np.array([self._box(line, cells) for line, cells in some]))

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the rows from number `start` on.

        Raises
        ------
        SiteError
            When the rows cannot be told apart: a quote is not closed, or a line is too long.
        """
        found: Records = []
        load = Load()
        for line, cells in islice(self._filled(), start, None):
            found.append(self._record(line, cells))
            load.text += sum(map(len, cells))
            if len(found) >= rows or load.full:
                yield found
                found, load = [], Load()
        if found:
            yield found

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the rows before number `stop` say of themselves.

        Raises
        ------
        SiteError
            When the rows cannot be told apart: a quote is not closed, or a line is too long.
        """
        rows = islice(self._filled(), stop)
        while some := list(islice(rows, _AT_ONCE)):
            yield [Label(self.where.at_line(line), self._texts(cells)) for line, cells in some]

    def _filled(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that hold anything at all."""
        return ((line, cells) for line, cells in islice(self.rows(), self.layout.above, None) if _is_filled(cells))

    def _record(self, line: int, cells: list[str]) -> RawSite | Fault:
        # What the limits bound is what is in memory at a time: one row here, not the file.
        options, place = self.options.afresh(), self.where.at_line(line)
        return site_or_fault(lambda: self._site(line, cells, options), place, attributes=self._texts(cells))

    def _site(self, line: int, cells: list[str], options: Options) -> RawSite:
        place = self.where.at_line(line)
        return raw_site(self._drawings(cells, place, options), place, options, attributes=self._texts(cells))

    def _box(self, line: int, cells: list[str]) -> list[float]:
        try:
            return drawn_box(self._drawings(cells, self.where.at_line(line), self.options))
        except ZoningError:
            return [np.nan] * 4

    def _drawings(self, cells: list[str], place: Where, options: Options) -> list[Drawing]:
        text = cells[self.layout.column].strip() if self.layout.column < len(cells) else ""
        name = printable(self.layout.name)
        if not text:
            raise place.error(
                f"“{name}” 列是空的，这一行没有图形；请补全，或删去这一行",
                f"the column “{name}” is empty, this row holds no geometry; add it, or remove the row",
            )
        if not GEOMETRY_WORD.match(text):
            shown = printable(text[:_SHOWN])
            raise place.error(
                f"“{name}” 列的 “{shown}” 不是 WKT；应如 POLYGON ((112.1 35.1, …))，请改正，或删去这一行",
                f"“{shown}” in the column “{name}” is no WKT such as POLYGON ((112.1 35.1, …)); correct it, or remove "
                "the row",
            )
        try:
            return one_geometry(text, Tally(options.limits), place)
        except MalformedError as error:
            raise place.error_of(error.text) from error

    def _texts(self, cells: list[str]) -> dict[str, str]:
        """Return the other cells by their headings; of two columns of one name the first that holds something."""
        found: dict[str, str] = {}
        for column, name in enumerate(self.layout.headings):
            if column != self.layout.column and column < len(cells) and name and cells[column].strip():
                found.setdefault(name, cells[column].strip())
        return found


def _is_filled(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)
