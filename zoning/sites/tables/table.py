"""A table of points read row by row: headings, points, and what stands between them."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.tables.columns import (
    ColumnsError,
    Coordinate,
    Panel,
    Plan,
    guessed,
    headings_of,
    holds_coordinates,
    paired_cells,
    planned,
)
from zoning.sites.tables.grid import Break, Grid, Numbers, Row, Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.headings import Heading, Notation
from zoning.sites.tables.labels import in_series, number_of
from zoning.sites.tables.measures import Measure, NotationError, from_parts, is_east, is_metres, is_north, measure
from zoning.sites.tables.statements import names_centre
from zoning.sites.tables.titles import is_remark
from zoning.sites.tables.tokens import coordinates_in, tokens
from zoning.sites.where import printable

_RANGE = re.compile(r"[0-9°度'\"分秒]\s*[EN]?\s*(?:~|至|到|--?)\s*(?:东经|北纬|[EN])?\s*[0-9]{2,3}[°度.]")
_UNITS = re.compile(r"\W*(?:m|米|°|度|deg|degrees?|度分秒|°'\"|d+\.?m+s+|单位[:]?米)\W*", re.IGNORECASE)
_KEPT = (Role.PARCEL, Role.NAME, Role.LABEL, Role.RING, Role.AREA, Role.RADIUS, Role.DIAMETER, Role.WIDTH, Role.KIND)
_SHOWN = 30
_LONGEST_NOTE = 2000


def read_table(grid: Grid, options: Options) -> Track | None:
    """Return the points of a table; None when neither headings nor numbers make it a table of points.

    Raises
    ------
    SiteError
        Naming the cell that is no coordinate, or saying which columns cannot be told apart.
    """
    reader = _Reader(grid, options)
    if not announces_points(grid):
        try:
            plan = guessed(grid, grid.rows, options.expected)
        except ColumnsError as error:
            raise grid.where.error_of(error.text) from error
        if plan is None:
            return None
        reader.start(plan, 1)
    reader.run()
    return reader.finished()


def announces_points(grid: Grid) -> bool:
    """Tell whether a table has headings of coordinates."""
    return any(_headings(grid, index) is not None for index in range(len(grid.rows)))


def _headings(grid: Grid, index: int) -> tuple[list[Heading], bool] | None:
    """Return the headings that begin in a row, and whether they take two rows."""
    row = grid.rows[index]
    # Most rows end in a number.
    if not row.cells or any(_is_number(cell) for cell in reversed(row.cells) if cell) or not row.filled:
        return None
    below = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
    single = headings_of(row)
    if below is not None and len(row.filled) > 1 and not any(_is_number(below.cell(i)) for i in below.filled):
        both = headings_of(below, row)
        lower = headings_of(below)
        known = any(one.role not in (Role.NONE, Role.OTHER) for one in lower)
        divided = any(one.role is Role.DEGREES for one in lower)
        if known and holds_coordinates(both) and (divided or not _whole(single)):
            return both, True
    return (single, False) if holds_coordinates(single) else None


@dataclass(slots=True)
class _Reader:
    grid: Grid
    options: Options
    track: Track = field(init=False)
    plan: Plan | None = None
    pending: list[list[tuple[Row, Panel]]] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    stray: tuple[int, str] | None = None
    axes: list[tuple[str, str]] = field(default_factory=list)
    gap: tuple[Row, Panel] | None = None

    def __post_init__(self) -> None:
        self.track = Track(self.grid.where, self.grid.title, warnings=list(self.grid.warnings))
        self.track.statements.add(0, self.grid.title)

    def start(self, plan: Plan, line: int) -> None:
        """Go on with other columns."""
        self.plan = plan
        self.track.headings.update(plan.headings)
        if not self.track.numbers:
            self.track.numbers = [_numbers(pair) for pair in plan.panels[0].pairs]
            self.axes = [numbers.axes for numbers in self.track.numbers]
            return
        if [_numbers(pair).axes for pair in plan.panels[0].pairs] != self.axes:
            raise self.grid.where.at_line(line).error(
                "此处的表头与前面的坐标列不同；请统一各段的列名和次序后再提交",
                "the headings here announce other columns than those before; use the same in all parts of the table",
            )

    def run(self) -> None:
        skip = False
        for index, row in enumerate(self.grid.rows):
            if skip:
                skip = False
                continue
            headed = _headings(self.grid, index)
            if headed is None:
                self._row(row)
                continue
            headings, two_rows = headed
            skip = two_rows
            self._head(row, headings)
            if two_rows:
                self._say(self.grid.rows[index + 1])
        self._flush()

    def _head(self, row: Row, headings: list[Heading]) -> None:
        self._flush()
        if len(self.track):
            self.track.breaks.append(Break(len(self.track), row.number))
        self._say(row)
        try:
            plan = planned(headings)
        except ColumnsError as error:
            raise self.grid.where.at_line(row.number).error_of(error.text) from error
        for panel in plan.panels:
            for pair in panel.pairs:
                self._check_units(row, headings, pair)
        self.start(plan, row.number)

    def _check_units(self, row: Row, headings: list[Heading], pair: tuple[Coordinate, ...]) -> None:
        for part in pair:
            unit = headings[part.columns[0]].foreign_unit
            if unit:
                raise self.grid.where.at_line(row.number).error(
                    f"“{part.name}” 的单位是 {unit}，只读取米或度；请换算后提交",
                    f"the unit of “{part.name}” is {unit}, only metres and degrees are read; convert it",
                )

    def _say(self, row: Row) -> None:
        self.track.statements.add(row.number, " ".join(row.cells))

    def _row(self, row: Row) -> None:
        if self.plan is None:
            if paired_cells(row, self.options.expected):
                raise self.grid.where.at_line(row.number).error(
                    "这一行的坐标在表头之前；请把表头移到第一个点之前",
                    "the coordinates of this row stand before the headings; move the headings above the first point",
                )
            self._say(row)
            return
        if not row.filled:
            self._pause(row, "")
            return
        present = [self._present(row, panel) for panel in self.plan.panels]
        if not any(present):
            self._text(row)
            return
        self._check_gap(row)
        self.pending = self.pending or [[] for _ in present]
        for panel, rows, here in zip(self.plan.panels, self.pending, present, strict=True):
            if here:
                rows.append((row, panel))
        self._check_stray()

    def _text(self, row: Row) -> None:
        """Take down a row without a point: a title, a note."""
        text = " ".join(row.cells[i] for i in row.filled)
        note = text[:_LONGEST_NOTE]
        if coordinates_in(note, self.options.expected) and not names_centre(note) and not _RANGE.search(note):
            self.stray = self.stray or (row.number, text[:_SHOWN])
            self._check_stray()
        self._say(row)
        self._pause(row, "" if self.gap is not None and self.gap[0] is row else text)

    def _check_stray(self) -> None:
        """Refuse coordinates outside their columns; where all are, the text is no table and is read as text."""
        if self.stray is not None and (len(self.track) or any(self.pending)):
            line, text = self.stray
            raise self.grid.where.at_line(line).error(
                f"“{text}” 里有坐标，却不在坐标列；请移到坐标列，或删去",
                f"“{text}” holds coordinates outside their columns; move them there, or remove them",
            )

    def _pause(self, row: Row, text: str) -> None:
        self._flush()
        if len(self.track):
            self.track.breaks.append(Break(len(self.track), row.number, text))

    def _present(self, row: Row, panel: Panel) -> bool:
        """Tell whether a row holds a point; a row that holds half of one is refused."""
        columns = [i for pair in panel.pairs for part in pair for i in part.columns]
        flawed = next((i for i in columns if i in row.flaws), None)
        if flawed is not None:
            raise self.grid.flaw_error(row, flawed)
        filled = [i for i in columns if row.cell(i)]
        if filled and not any(self.pending) and all(_UNITS.fullmatch(row.cell(i)) for i in filled):
            return False  # a row of units under the headings
        if len(filled) == len(columns):
            return not self._is_remark(row) or all(_is_number(row.cell(i)) for i in columns)
        if self._any_number(row, columns) and not self._is_remark(row):
            empty = next(i for i in columns if not row.cell(i))
            raise self.grid.cell_error(
                row, empty, "是空的，这个点缺坐标；请补全", "is empty, a coordinate of this point is missing; add it"
            )
        self._note_number(row, panel)
        return False

    def _note_number(self, row: Row, panel: Panel) -> None:
        """Remember a row that goes on with the numbers of the points but has no coordinates."""
        here, last = self._number_of(row, panel), in_series(self._last_label(panel))
        if here and last and here == (last[0], last[1] + 1):
            self.gap = row, panel

    def _check_gap(self, row: Row) -> None:
        """Refuse a number without coordinates when higher ones follow; at the end of a form it means nothing."""
        gap, self.gap = self.gap, None
        if gap is None:
            return
        here, missing = self._number_of(row, gap[1]), self._number_of(*gap)
        if here and missing and here[0] == missing[0] and here[1] > missing[1]:
            label = f"{missing[0]}{missing[1]}"
            raise self.grid.cell_error(
                gap[0], gap[1].pairs[0][0].columns[0], f"没有填写坐标，缺点 {label}；请补全，或删去这个点号",
                f"holds no coordinate, point {label} is missing; add it, or remove the number of the point",
            )  # fmt: skip

    def _number_of(self, row: Row, panel: Panel) -> tuple[str, int] | None:
        point = panel.fields.get(Role.POINT)
        return None if point is None else in_series(row.cell(point))

    def _last_label(self, panel: Panel) -> str:
        """Return the number of the point before, in the same panel."""
        rows = [row for one in self.pending for row, of in one[-1:] if of is panel]
        if rows and Role.POINT in panel.fields:
            return rows[-1].cell(panel.fields[Role.POINT])
        return self.track.labels[-1] if len(self.track) else ""

    def _is_remark(self, row: Row) -> bool:
        first = row.cell(row.filled[0])
        return is_remark(first) and not _is_number(first)

    def _any_number(self, row: Row, columns: list[int]) -> bool:
        return any(_is_number(row.cell(i)) for i in columns)

    def _flush(self) -> None:
        """Put the points of a block into their order: down each panel, or across them as their numbers say."""
        panels, self.pending = self.pending, []
        if len([one for one in panels if one]) > 1 and self._across(panels):
            rows = max(map(len, panels))
            order = [panel[i] for i in range(rows) for panel in panels if i < len(panel)]
        else:
            order = [one for panel in panels for one in panel]
        for row, panel in order:
            self._point(row, panel)

    def _across(self, panels: list[list[tuple[Row, Panel]]]) -> bool:
        names = [[number_of(row.cell(panel.fields[Role.POINT])) for row, panel in one] for one in panels if one]
        down = all(a is not None and b == a + 1 for one in names for a, b in pairwise(one))
        across = all(a is not None and b == a + 1 for row in zip(*names, strict=False) for a, b in pairwise(row))
        ends = [one[-1] for one in names[:-1]]
        joined = all(a is not None and b[0] in (a + 1, 1) for a, b in zip(ends, names[1:], strict=True))
        if across and not down:
            return True
        if (len(names[0]) > 1 and not (down and joined)) or (len(names[0]) == 1 and not across):
            row = panels[0][0][0]
            raise self.grid.where.at_line(row.number).error(
                "表格左右并列，点号既不是从上到下、也不是从左到右连续，分不清点的次序；请改成一列",
                "the table has panels side by side whose point numbers run neither down nor across, so the order of "
                "the points is unknown; put them into one column",
            )
        return len(names[0]) == 1

    def _point(self, row: Row, panel: Panel) -> None:
        for numbers, pair in zip(self.track.numbers, panel.pairs, strict=True):
            first, second = self._pair(row, pair)
            if is_metres(first.value) != is_metres(second.value):
                raise self.grid.cell_error(
                    row, pair[-1].columns[0],
                    f"“{row.cell(pair[-1].columns[0])}” 与同一点的另一个坐标不是同一种单位；请改正",
                    f"“{row.cell(pair[-1].columns[0])}” is in another unit than the other coordinate; correct it",
                )  # fmt: skip
            numbers.add(first, second)
        self.track.rows.append(row.number)
        fields = panel.fields
        point = fields.get(Role.POINT)
        self.track.labels.append("" if point is None else printable(row.cell(point)))
        for role in _KEPT:
            column = fields.get(role)
            values = self.track.fields.get(role)
            if column is None and values is None:
                continue
            if values is None:
                values = self.track.fields[role] = [""] * (len(self.track) - 1)
            values.append("" if column is None else printable(row.cell(column)))
        system = fields.get(Role.SYSTEM)
        if system is not None and row.cell(system):
            said = f"{self.track.headings[Role.SYSTEM].text}:{row.cell(system)}"
            if not self.track.statements.lines or self.track.statements.lines[-1][1] != said.lower():
                self.track.statements.add(row.number, said)
        self._notice(row)

    def _notice(self, row: Row) -> None:
        """Remember columns that are not read although they hold what looks like coordinates."""
        for column in self.plan.unknown if self.plan else ():
            one = _number(row.cell(column))
            if one is not None and (is_north(one.value) or (is_metres(one.value) and is_east(one.value))):
                self.unread.setdefault(self.grid.cell_name(row, column).zh.rstrip(" 单元格"), row.number)

    def _pair(self, row: Row, pair: tuple[Coordinate, ...]) -> tuple[Measure, Measure]:
        if pair[0].whole:
            return self._both(row, pair[0])
        first, second = (self._one(row, part) for part in pair)
        return first, second

    def _one(self, row: Row, part: Coordinate) -> Measure:
        column = part.columns[0]
        try:
            if len(part.columns) > 1:
                degrees, minutes, seconds = (row.cell(i) for i in part.columns)
                return from_parts(degrees, minutes, seconds)
            found = measure(row.cell(column), packed=part.notation is Notation.PACKED)
        except NotationError as error:
            raise self._wrong_notation(row, column, error) from error
        if found is None:
            raise self._no_coordinate(row, column)
        return found

    def _no_coordinate(self, row: Row, column: int) -> SiteError:
        text = row.cell(column)[:_SHOWN]
        return self.grid.cell_error(row, column, f"“{text}” 不是坐标；请改正", f"“{text}” is no coordinate; correct it")

    def _both(self, row: Row, part: Coordinate) -> tuple[Measure, Measure]:
        """Take a cell apart that holds both coordinates."""
        column = part.columns[0]
        for spaced in (False, True):
            try:
                found = [one for one in tokens(row.cell(column), self.options.expected, spaced=spaced) if one.one]
            except NotationError as error:
                raise self._wrong_notation(row, column, error) from error
            kinds = {token.kind for token in found}
            first, second = (token.one for token in found) if len(found) == 2 else (None, None)  # noqa: PLR2004 - of x and y
            if first is not None and second is not None and len(kinds) == 2:  # noqa: PLR2004 - of x and y
                return first, second
        raise self._no_coordinate(row, column)

    def _wrong_notation(self, row: Row, column: int, error: NotationError) -> SiteError:
        return self.grid.cell_error(row, column, f"：{error.text.zh}", f": {error.text.en}")

    def finished(self) -> Track | None:
        """Return what was read; None when there is no point."""
        if self.unread:
            columns, row = "、".join(self.unread), min(self.unread.values())
            self.track.warnings.append(
                self.track.where.at_line(row).sentence(
                    f"还有看来是坐标的列没有读取（{columns}）；请核对",
                    f"there are further columns that look like coordinates and were not read ({columns}); check them",
                )
            )
        return self.track if len(self.track) else None


def _whole(headings: list[Heading]) -> bool:
    """Tell whether a row of headings needs no second one."""
    return sum(one.role in (Role.PLANE, Role.GEOGRAPHIC) for one in headings) > 1


def _numbers(pair: tuple[Coordinate, ...]) -> Numbers:
    first, second = pair[0], pair[-1]
    stated = any(part.notation is Notation.DECIMAL for part in pair)
    return Numbers((first.name, second.name), (first.axis, second.axis), decimal_stated=stated)


def _number(cell: str) -> Measure | None:
    try:
        return measure(cell)
    except NotationError:
        return None


def _is_number(cell: str) -> bool:
    """Tell whether a cell is a number, an angle, or was meant to be one."""
    try:
        return measure(cell) is not None
    except NotationError:
        return True
