"""The cells of one row as values of their fields."""

from dataclasses import dataclass, field

from zoning.registers.ledger.cells import CellError, is_empty, value_of
from zoning.registers.ledger.faults import RowFault
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.record import Value
from zoning.registers.types import RegisterType
from zoning.registers.values import is_plain_text
from zoning.texts import Text

_NOWHERE = Text("图形", "shape")


@dataclass(slots=True)
class RowValues:
    """One row, read.

    Attributes
    ----------
    id
        None where the row has none that can be used.
    values
        By field, id, name and territory among them.
    empty
        Fields whose cells are empty.
    wrong
        Fields whose cells are no values.
    """

    row: LedgerRow
    ledger: Ledger
    kind: RegisterType
    id: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    faults: list[RowFault] = field(default_factory=list)

    def fault(self, name: str | None, wrong: Text, allowed: Text) -> RowFault:
        """Return a fault of a field, or of the shape where `name` is None."""
        cell = self.row.cells.get(name) if name is not None else None
        column = cell.column if cell is not None else self.row.shape_column if name is None else ""
        title = self.kind.fields[name].title if name is not None else _NOWHERE
        return RowFault(
            self.ledger.file, self.row.sheet, self.row.number, column, title, wrong, allowed, self.ledger.feature_rows
        )


def parse_row(row: LedgerRow, ledger: Ledger, kind: RegisterType) -> RowValues:
    """Return the values of a row with all that is wrong with its cells."""
    found = RowValues(row, ledger, kind)
    if not row.cells and row.shape_error is not None:
        found.faults.append(found.fault(None, row.shape_error, _shape_wanted()))
        return found
    for name in ledger.fields:
        _parse(found, name)
    # The number is last: its fault says that the row belongs to nothing.
    number = found.values.get(kind.id_field)
    if isinstance(number, str):
        found.id = number
    elif kind.id_field not in found.wrong:
        title = kind.fields[kind.id_field].title
        wrong = Text("没有编号", "has no number")
        found.faults.append(found.fault(kind.id_field, wrong, Text(f"填写{title.zh}", f"the {title.en}")))
    if row.shape_error is not None:
        found.faults.append(found.fault(None, row.shape_error, _shape_wanted()))
    return found


def _shape_wanted() -> Text:
    return Text("一个完整的图形（WKT 按 EPSG:4490 经纬度）", "a whole shape (WKT: longitude and latitude, EPSG:4490)")


def _parse(found: RowValues, name: str) -> None:
    kind, cell = found.kind, found.row.cells.get(name)
    spec = kind.fields[name]
    if cell is None or is_empty(cell, spec):
        found.empty.append(name)
        return
    try:
        value = value_of(cell, spec, identifies=name in (kind.id_field, kind.territory_field))
        if isinstance(value, str):
            _check_text(value, one_line=name in (kind.id_field, kind.name_field, kind.territory_field))
    except CellError as error:
        found.wrong.add(name)
        found.faults.append(found.fault(name, error.wrong, error.allowed))
        return
    found.values[name] = value


def _check_text(value: str, *, one_line: bool) -> None:
    if not is_plain_text(value):
        raise CellError(
            Text("含有看不见的控制字符", "holds control characters that cannot be seen"),
            Text("删去后重新填写", "remove them and write it again"),
        )
    if one_line and "\n" in value:
        raise CellError(Text("一格里有几行", "holds several lines"), Text("写成一行", "one line"))
