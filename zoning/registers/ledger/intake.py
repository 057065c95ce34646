"""What an import would do: new records, changed ones, those that stay, and every row that is refused."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from zoning.registers.entries import KEEP, Change
from zoning.registers.ledger.comparing import differences, same_place
from zoning.registers.ledger.faults import RowFault
from zoning.registers.ledger.places import Surroundings, Territory, check_shape, missing_shape, territory_at
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.ledger.values import RowValues, parse_row
from zoning.registers.record import Record, Value
from zoning.registers.types import RegisterType
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user said about an import.

    Attributes
    ----------
    clear_empty
        An empty cell empties the field; else what the register holds stays.
    only_new
        A number that the register has already is a mistake.
    """

    clear_empty: bool = False
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One change and the row that asks for it. `before` is None for a new record."""

    row: LedgerRow
    change: Change
    before: Record | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes
    ----------
    unchanged
        Records of the ledger that are in the register as they stand there.
    faults
        In the order of the rows.
    refused
        Rows with faults, and those whose number another row bears too.
    kept
        Empty cells where the register has a value that stays.
    """

    planned: tuple[Planned, ...]
    unchanged: int
    faults: tuple[RowFault, ...]
    refused: tuple[LedgerRow, ...]
    kept: int = 0
    notices: tuple[Text, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the store is to apply."""
        return tuple(one.change for one in self.planned)

    @property
    def new(self) -> tuple[Planned, ...]:
        """Those that the register does not have."""
        return tuple(one for one in self.planned if one.before is None)

    @property
    def changed(self) -> tuple[Planned, ...]:
        """Those that the register has otherwise."""
        return tuple(one for one in self.planned if one.before is not None)


def _folded(number: str) -> str:
    """Return a number as people may miswrite it: in another case, or without the zeros that spreadsheets take away."""
    return number.lstrip("0") if number.isdecimal() else number.casefold()


@dataclass
class _Planner:
    ledger: Ledger
    kind: RegisterType
    existing: Mapping[str, Record]
    around: Surroundings
    options: ImportOptions
    faults: list[RowFault] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    refused: list[LedgerRow] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    unchanged: int = 0
    kept: int = 0

    def run(self) -> ImportPlan:
        rows = [parse_row(row, self.ledger, self.kind) for row in self.ledger.rows]
        first: dict[str, RowValues] = {}
        often = Counter(row.id for row in rows if row.id)
        folded = {_folded(one): one for one in self.existing}
        for row in rows:
            found = [*row.faults, *self._number_faults(row, first, folded)]
            planned = None if row.id is None else self._planned(row, found)
            self.faults.extend(found)
            if found or often[row.id or ""] > 1:
                self.refused.append(row.row)
            elif planned is None:
                self.unchanged += 1
            else:
                self.planned.append(planned)
        return ImportPlan(
            tuple(self.planned), self.unchanged, tuple(self.faults), tuple(self.refused), self.kept,
            tuple(dict.fromkeys((*self.ledger.notices, *self.notices))),
        )  # fmt: skip

    def _number_faults(
        self, row: RowValues, first: dict[str, RowValues], folded: Mapping[str, str]
    ) -> Iterator[RowFault]:
        if row.id is None:
            return
        name = self.kind.id_field
        before = first.setdefault(row.id, row)
        if before is not row:
            yield row.fault(
                name,
                Text(
                    f"编号“{row.id}”与第 {before.row.number} 行重复",
                    f"'{row.id}' also stands in row {before.row.number}",
                ),
                Text("每个编号只出现一次", "each number once"),
            )
        twin = folded.get(_folded(row.id))
        if row.id not in self.existing and twin is not None:
            zh, en = ("开头的零", "zeros in front") if row.id.isdecimal() else ("大小写", "case")
            yield row.fault(
                name,
                Text(f"台账里已有“{twin}”，只差{zh}", f"the register holds '{twin}', which differs in {en} only"),
                Text(f"写成 {twin}，或换一个编号", f"write {twin}, or another number"),
            )
        if self.options.only_new and row.id in self.existing:
            yield row.fault(
                name,
                Text(f"编号“{row.id}”台账里已有", f"the register has '{row.id}' already"),
                Text("只导入新记录（--new）时写新编号", "a new number, as only new records are imported (--new)"),
            )

    def _planned(self, row: RowValues, faults: list[RowFault]) -> Planned | None:
        """Return what a row asks for, None for nothing; what is wrong with it goes to `faults`."""
        before = self.existing.get(row.id or "")
        values = self._effective(row, before)
        faults.extend(self._missing(row, before, values))
        faults.extend(_under(row, self.kind, values))
        territory = self._territory(row, before, faults)
        moved = row.row.shape is not None and (before is None or not same_place(before.geometry, row.row.shape))
        changed = differences(before, row.values, self.kind, empty=row.empty if self.options.clear_empty else ())
        shape = row.row.shape if moved else None if before is None else before.geometry
        # A record that is said to lie elsewhere is looked for there, too.
        placed = moved or (before is not None and territory is not None and territory.code != before.territory)
        if row.row.shape_error is None and shape is not None and (placed or self.kind.area_field in changed):
            faults.extend(check_shape(row, self.kind, shape, values, territory, self.notices, moved=placed))
        if before is None and row.row.shape is None and row.row.shape_error is None:
            faults.extend(missing_shape(row, self.kind))
        if before is not None and not self.options.clear_empty:
            self.kept += sum(1 for name in row.empty if before.values.get(name) is not None)
        if faults:
            return None
        return self._change(row, before, changed, territory, moved=moved)

    def _change(
        self,
        row: RowValues,
        before: Record | None,
        changed: Mapping[str, Value],
        territory: Territory | None,
        *,
        moved: bool,
    ) -> Planned | None:
        kind = self.kind
        own = {kind.id_field, kind.name_field, kind.territory_field}
        values = {name: value for name, value in changed.items() if name not in own}
        told = changed.get(kind.name_field) if kind.name_field is not None else None
        name = str(told) if told is not None else None
        code = territory.code if territory is not None else None
        if before is None:
            return Planned(row.row, Change(str(row.id), name or row.id, code or "", values, row.row.shape), None)
        if code == before.territory or kind.territory_field not in row.values:
            code = None
        if not values and name is None and code is None and not moved:
            return None
        change = Change(before.id, name, code, values, row.row.shape if moved else KEEP, before.version)
        return Planned(row.row, change, before)

    def _effective(self, row: RowValues, before: Record | None) -> dict[str, Value]:
        """Return the values of the record after the import."""
        values = dict(before.values) if before is not None else {}
        if self.options.clear_empty:
            for name in row.empty:
                values.pop(name, None)
        return values | row.values

    def _missing(self, row: RowValues, before: Record | None, values: Mapping[str, Value]) -> Iterator[RowFault]:
        for name, spec in self.kind.fields.items():
            if not spec.required or name == self.kind.id_field or values.get(name) is not None or name in row.wrong:
                continue
            if before is not None and name not in row.empty:
                continue
            there = name in self.ledger.fields
            wrong = Text("是空的", "is empty") if there else Text("文件没有这一列", "the file has no such column")
            yield row.fault(name, wrong, Text("必填", "it is required"))

    def _territory(self, row: RowValues, before: Record | None, faults: list[RowFault]) -> Territory | None:
        """Return the territory: what the row says, else what the register holds, the place, or the number says."""
        name = self.kind.territory_field
        told = row.values.get(name) if name is not None else None
        if name is not None and told is not None:
            found = self.around.named(str(told))
            if found is None:
                faults.append(row.fault(name, *self.around.unknown(str(told))))
            return found
        if before is not None and before.territory:
            return self.around.named(before.territory)
        found = self.around.default or territory_at(self.around, row.row.shape) or self.around.of_number(str(row.id))
        if found is None and (name is None or name not in row.wrong) and self.around.territories:
            wrong = Text("说不出在哪个行政区", "it cannot be told in which territory it lies")
            faults.append(row.fault(name or self.kind.id_field, wrong, self.around.allowed()))
        return found


def _under(row: RowValues, kind: RegisterType, values: Mapping[str, Value]) -> Iterator[RowFault]:
    """Yield codes that do not go with the code above them, where the row says one of the two."""
    for name, spec in kind.fields.items():
        if spec.parent is None or (name not in row.values and spec.parent not in row.values):
            continue
        code, above = values.get(name), values.get(spec.parent)
        for one in (code if isinstance(code, tuple) else (code,)) if above is not None else ():
            entry = spec.codes.get(str(one))
            if entry is None or not entry.under or above in entry.under:
                continue
            parent = kind.fields[spec.parent]
            fitting = {key: value for key, value in spec.codes.items() if not value.under or above in value.under}
            zh = "、".join(f"{key} {value.title.zh}" for key, value in fitting.items())
            en = ", ".join(f"{key} {value.title.en}" for key, value in fitting.items())
            yield row.fault(
                name if name in row.values else spec.parent,
                Text(
                    f"{one} {entry.title.zh} 不属于{parent.title.zh} {above}",
                    f"{one} {entry.title.en} does not go with {parent.title.en} {above}",
                ),
                Text(f"{parent.title.zh} {above} 下可用：{zh}", f"with {parent.title.en} {above}: {en}"),
            )


def plan_import(
    ledger: Ledger,
    kind: RegisterType,
    existing: Mapping[str, Record],
    around: Surroundings,
    options: ImportOptions | None = None,
) -> ImportPlan:
    """Compare a ledger with the register and say what an import would do. Nothing is written.

    Parameters
    ----------
    existing
        All records of the register by id.
    around
        The territories.
    """
    return _Planner(ledger, kind, existing, around, options or ImportOptions()).run()


def with_shapes(ledger: Ledger, shapes: Ledger, kind: RegisterType) -> Ledger:
    """Return a ledger with the shapes of another file, joined by the number of the record.

    The attributes are those of the ledger; a shape whose number the ledger does not have is told in a notice.
    """
    by_number: dict[str, LedgerRow] = {}
    notices = [*ledger.notices, *shapes.notices]
    for row in shapes.rows:
        cell = row.cells.get(kind.id_field)
        if cell is not None:
            by_number.setdefault(cell.text.strip(), row)
        elif row.shape_error is not None:
            notices.append(row.shape_error)
    rows = []
    for row in ledger.rows:
        found = by_number.pop(row.cells[kind.id_field].text.strip(), None)
        told = row if found is None else replace(row, shape=found.shape, shape_error=found.shape_error)
        rows.append(replace(told, shape_column=shapes.file))
    if by_number:
        shown = "、".join(list(by_number)[:8])
        notices.append(
            Text(
                f"{shapes.file}：有 {len(by_number)} 个图形的编号不在 {ledger.file} 中，没有读取（{shown}）",
                f"{shapes.file}: the numbers of {len(by_number)} shapes are not in {ledger.file}, not read ({shown})",
            )
        )
    return replace(ledger, rows=tuple(rows), has_shapes=True, notices=tuple(notices))
