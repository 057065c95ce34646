"""Sheets of text -> units and clauses of an edition, with a ledger of all that was not taken over as it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zoning.errors import ContentError
from zoning.rules.access.aliases import Field, class_named, dimension_named, title_key
from zoning.rules.access.clauses import Clause, UnitRecord
from zoning.rules.access.headers import Layout, find_layout
from zoning.rules.access.ledger import Kind, Ledger
from zoning.rules.access.lists import class_contradiction
from zoning.rules.access.sheets import Sheet, refusal
from zoning.rules.access.splitting import Piece, split_clauses
from zoning.rules.access.tables import TableFile
from zoning.rules.access.unit_codes import class_in, codes_in
from zoning.rules.access.words import CLASS_TITLES, DIMENSION_TITLES, DIMENSIONS, Dimension, Level, UnitClass
from zoning.sites.where import Where

_NOTHING = frozenset(("/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "无要求", "没有", "NONE", "NULL", "N/A"))
_DITTO = frozenset(("同上", "同前", "〃", "″"))
_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"))
_OWN_NUMBER = re.compile(r"\d{1,2}-\d{1,3}")
_SHOWN_ROWS = 8
_SAME_TITLES = 2  # a row with that many titles of the header is the upper half of it


@dataclass(slots=True)
class _Unit:
    """A unit while its rows are read."""

    code: str
    told: dict[Field, str] = field(default_factory=dict)
    class_: UnitClass | None = None
    no_clause: dict[Dimension, str] = field(default_factory=dict)
    rows: int = 0

    def record(self) -> UnitRecord:
        told = {
            "code": self.code,
            "class": self.class_ or class_in(self.code),
            "no_clause": {name: self.no_clause[name] for name in DIMENSIONS if name in self.no_clause},
        }
        return UnitRecord.model_validate(self.told | told)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds as an access list."""

    units: tuple[UnitRecord, ...]
    clauses: tuple[Clause, ...]
    sheets: tuple[str, ...]
    ledger: Ledger


def import_table(table: TableFile, level: Level, *, sheet: str | None = None) -> Imported:
    """Read the sheets of a file as a list of one level.

    Parameters
    ----------
    sheet
        Only this sheet, also when it is hidden; without it every visible sheet that is a list.

    Raises
    ------
    ContentError
        When no sheet is a list, a formula has no result, or codes and classes contradict each other.
    """
    reading = _Reading(Where(table.name), level)
    chosen = _chosen(table, sheet, reading)
    for one, layout in chosen:
        _Rows(one, layout, reading).read()
    if reading.contradictions:
        lines = reading.contradictions[:_SHOWN_ROWS]
        more = len(reading.contradictions) - len(lines)
        raise ContentError(
            "\n".join([error.text.zh for error in lines] + ([f"……另有 {more} 处"] if more else [])),
            "\n".join([error.text.en for error in lines] + ([f"... and {more} more"] if more else [])),
        )
    if not reading.clauses and not any(unit.no_clause for unit in reading.units.values()):
        raise refusal(
            reading.where,
            "认出了表头，但没有读到任何条款；请检查表头下面的行",
            "the header was recognised, but no clause was found below it; look at the rows",
        )
    units = tuple(unit.record() for unit in reading.units.values())
    return Imported(units, tuple(reading.clauses), tuple(one.name for one, _ in chosen), reading.ledger)


@dataclass(slots=True)
class _Reading:
    """What has been read so far of a file."""

    where: Where
    level: Level
    ledger: Ledger = field(default_factory=Ledger)
    units: dict[str, _Unit] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    numbers: dict[str | None, set[str]] = field(default_factory=dict)
    counts: dict[tuple[str | None, Dimension], int] = field(default_factory=dict)
    contradictions: list[ContentError] = field(default_factory=list)

    def add(self, unit: str | None, classes: tuple[UnitClass, ...], dimension: Dimension, piece: Piece) -> None:
        """Add a clause; its number is the printed one where that is of the form 1-1 and free."""
        taken = self.numbers.setdefault(unit, set())
        own = _OWN_NUMBER.match(piece.mark.replace("－", "-").replace("—", "-").replace("–", "-"))
        number = own[0] if own is not None else ""
        while not number or number in taken:
            self.counts[unit, dimension] = self.counts.get((unit, dimension), 0) + 1
            number = f"{DIMENSIONS.index(dimension) + 1}-{self.counts[unit, dimension]}"
        taken.add(number)
        self.clauses.append(
            Clause(
                number=number,
                level=self.level,
                unit=unit,
                classes=classes,
                dimension=dimension,
                printed=piece.mark,
                text=piece.text,
            )
        )


def _chosen(table: TableFile, name: str | None, reading: _Reading) -> list[tuple[Sheet, Layout]]:
    needs_code = reading.level == "unit"
    if name is not None and name not in [sheet.name for sheet in table.sheets]:
        listed = "、".join(sheet.name for sheet in table.sheets)
        raise refusal(
            reading.where,
            f"没有工作表“{name}”；文件中有：{listed}",
            f"there is no sheet '{name}'; the file has: {listed}",
        )
    chosen: list[tuple[Sheet, Layout]] = []
    for sheet in table.sheets:
        layout = find_layout(sheet, needs_code=needs_code) if name in (None, sheet.name) else None
        if layout is not None and (name == sheet.name or not sheet.hidden):
            chosen.append((sheet, layout))
        elif sheet.rows:
            reading.ledger.note("sheet_not_read", "（隐藏）" if sheet.hidden else "", sheet.name)
    if not chosen:
        raise _no_list(reading, table)
    return chosen


def _no_list(reading: _Reading, table: TableFile) -> ContentError:
    first = next((row for sheet in table.sheets for row in sheet.rows if any(cell.strip() for cell in row)), ())
    found = "、".join(cell.strip() for cell in first if cell.strip())[:80]
    if reading.level == "unit":
        return refusal(
            reading.where,
            "没有找到表头：须有“环境管控单元编码”（HJGKDYBM）一列和至少一个维度（空间布局约束、污染物排放管控、环境风险防控、"
            f"资源开发效率要求）；第一行是：{found}。省、市级总体清单请加 --level province 或 --level city",
            "no header was found: a column of unit codes (HJGKDYBM) and at least one dimension are needed "
            "(空间布局约束, 污染物排放管控, 环境风险防控, 资源开发效率要求); the first row is: "
            f"{found}. For the list of a province or city add --level province or --level city",
        )
    return refusal(
        reading.where,
        f"没有找到清单：须有四个维度作列标题，或有“管控维度”和“管控要求”两列，或每行以维度名开头；第一行是：{found}",
        "no list was found: the dimensions as titles of columns, or two columns 管控维度 and 管控要求, or a dimension "
        f"at the beginning of each row; the first row is: {found}",
    )


@dataclass(slots=True)
class _Rows:
    """The rows of one sheet below its header."""

    sheet: Sheet
    layout: Layout
    reading: _Reading
    codes: tuple[str, ...] = ()
    dimension: Dimension | None = None

    def read(self) -> None:
        self._refuse_uncalculated()
        self._note_header()
        below = range(self.layout.first_row, len(self.sheet.rows))
        titled = self.layout.header < self.layout.first_row
        header = self._titles(self.layout.first_row - 1) if titled else ()
        for row in below:
            if not any(cell.strip() for cell in self.sheet.rows[row]):
                continue
            if header and self._titles(row) == header:
                self._note("header_again", row, "")
                continue
            self._read_row(row)

    def _titles(self, row: int) -> tuple[str, ...]:
        return tuple(title_key(cell) for cell in self.sheet.rows[row])

    def _refuse_uncalculated(self) -> None:
        used = {*self.layout.columns.values(), *(column for _, column in self.layout.dimensions)}
        for row, column in sorted(self.sheet.uncalculated):
            if column in used:
                place = self.reading.where.at_line(self.sheet.numbers[row])
                raise refusal(
                    place,
                    f"第 {column + 1} 列是公式，文件里没有它的结果；请用 Excel 打开并保存一次，再导入",
                    f"column {column + 1} holds a formula without its result; open the file in Excel, save it, import "
                    "it again",
                )

    def _note_header(self) -> None:
        header = self._titles(self.layout.header) if self.layout.header < len(self.sheet.rows) else ()
        for row in range(self.layout.header):
            told = " ".join(dict.fromkeys(cell.strip() for cell in self.sheet.rows[row] if cell.strip()))
            same = sum(1 for one, other in zip(self._titles(row), header, strict=False) if one and one == other)
            if told and same < _SAME_TITLES:
                self._note("above_header", row, told)
        for _, title in self.layout.unknown:
            self.reading.ledger.note("column_not_read", title, self.sheet.name)
        for column, title, meant in self.layout.guessed:
            self.reading.ledger.note("column_guessed", f"{title or f'#{column + 1}'} → {meant}", self.sheet.name)
        for row, column in sorted(self.sheet.formulas - self.sheet.uncalculated):
            self._note("formula", row, self.sheet.cell(row, column))
        for number in sorted(self.sheet.hidden_rows):
            self.reading.ledger.note("row_hidden", "", self.sheet.name, number)

    def _note(self, kind: Kind, row: int, what: str) -> None:
        self.reading.ledger.note(kind, what, self.sheet.name, self.sheet.numbers[row])

    def _field(self, row: int, name: Field) -> str:
        column = self.layout.columns.get(name)
        return "" if column is None else self.sheet.cell(row, column).strip()

    def _read_row(self, row: int) -> None:
        targets = self._targets(row)
        if targets is None:
            return
        class_ = self._class(row)
        if self.layout.long:
            self._read_long(row, targets, class_)
        else:
            self._read_wide(row, targets, class_)

    def _targets(self, row: int) -> tuple[str | None, ...] | None:
        """Return the units that a row speaks of, (None,) for all of them; None when that cannot be told."""
        told = self._field(row, "code")
        codes, rest = codes_in(told)
        if not codes and not told and self.reading.level != "unit":
            return (None,)
        if not codes and not told and self.layout.long and self.codes and self._field(row, "requirement"):
            codes = self.codes
            self._note("code_from_above", row, "、".join(codes))
        if not codes:
            texts = [cell.strip() for cell in self.sheet.rows[row] if cell.strip()]
            self._note("row_without_code", row, " | ".join(texts))
            return None
        if rest:
            self._note("beside_code", row, rest)
        again = self.codes != codes
        self.codes = codes
        for code in codes:
            self._unit(row, code, again=again)
        return codes

    def _unit(self, row: int, code: str, *, again: bool) -> None:
        unit = self.reading.units.setdefault(code, _Unit(code))
        if unit.rows and (again or not self.layout.long):
            self._note("unit_again", row, code)
        unit.rows += 1
        fields: tuple[Field, ...] = ("name", "province", "city", "county")
        for name in fields:
            value = " ".join(self._field(row, name).split())
            if value:
                unit.told.setdefault(name, value)
        class_ = class_named(self._field(row, "class"))
        coded = class_in(code)
        if class_ is not None and coded is not None and class_ != coded:
            text = class_contradiction(code, CLASS_TITLES[class_])
            place = self.reading.where.at_line(self.sheet.numbers[row])
            self.reading.contradictions.append(refusal(place, text.zh, text.en))
        unit.class_ = unit.class_ or class_

    def _class(self, row: int) -> tuple[UnitClass, ...]:
        told = self._field(row, "class")
        class_ = class_named(told)
        if told and class_ is None:
            self._note("class_unclear", row, told)
        # A list of units names the unit itself; above it the class says in which units the clause holds.
        return (class_,) if class_ is not None and self.reading.level != "unit" else ()

    def _read_wide(self, row: int, targets: Sequence[str | None], classes: tuple[UnitClass, ...]) -> None:
        filled = [name for name, column in self.layout.dimensions if self.sheet.cell(row, column).strip()]
        for dimension in DIMENSIONS:
            if dimension in [name for name, _ in self.layout.dimensions] and dimension not in filled:
                self._note("empty_dimension", row, f"{targets[0] or ''} {DIMENSION_TITLES[dimension].zh}".strip())
        for dimension, column in self.layout.dimensions:
            self._read_cell(row, targets, classes, dimension, self.sheet.cell(row, column))

    def _read_long(self, row: int, targets: Sequence[str | None], classes: tuple[UnitClass, ...]) -> None:
        named, text = self._field(row, "dimension"), self._field(row, "requirement")
        dimension = dimension_named(named) if named else self.dimension
        if dimension is None:
            self._note("row_not_read", row, " | ".join(part for part in (named, text) if part))
            self.dimension = None
            return
        self.dimension = dimension
        if not text:
            self._note("empty_dimension", row, f"{targets[0] or ''} {DIMENSION_TITLES[dimension].zh}".strip())
        self._read_cell(row, targets, classes, dimension, text)

    def _read_cell(
        self, row: int, targets: Sequence[str | None], classes: tuple[UnitClass, ...], dimension: Dimension, cell: str
    ) -> None:
        key = cell.strip()
        if key.strip("。.").upper() in _NOTHING:
            self._note("says_none", row, f"{targets[0] or ''} {DIMENSION_TITLES[dimension].zh} {key}".strip())
            for code in targets:
                if code is not None:
                    self.reading.units[code].no_clause[dimension] = key
            return
        if key in _ERRORS:
            self._note("row_not_read", row, key)
            return
        if key.strip("。") in _DITTO:
            self._note("ditto", row, f"{DIMENSION_TITLES[dimension].zh} {key}")
        for piece in self._pieces(row, cell):
            for code in targets:
                self.reading.add(code, classes, dimension, piece)

    def _pieces(self, row: int, cell: str) -> Iterator[Piece]:
        for piece in split_clauses(cell):
            if not piece.text:
                self._note("empty_clause", row, piece.mark)
            elif not piece.mark and dimension_named(piece.text) is not None:
                self._note("heading", row, piece.text)
            else:
                yield piece
