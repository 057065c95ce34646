"""The columns of exported ledgers: fields in the order of the type, words beside codes, the place in the workflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zoning.exchange.attributes import short_names
from zoning.registers.ledger.comparing import held_values
from zoning.registers.record import Record, Value
from zoning.registers.types import STATE, FieldSpec, RegisterType
from zoning.texts import Language, Text

WORDS = "_MC"
"""Behind the name of a code field: the column with the words (名称), written for people, never read back."""

SINCE = "since"
LIST_SIGN = {"zh": "；", "en": "; "}
_FLAGS = {True: Text("是", "yes"), False: Text("否", "no")}

PAGES = {
    "codes": Text("代码表", "codes"),
    "states": Text("状态与日期", "states"),
    "problems": Text("问题台账", "problem items"),
    "works": Text("工程", "works"),
    "payments": Text("资金", "money"),
    "shapes": Text("图形", "shapes"),
}
"""Pages of a workbook beside the ledger itself."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column.

    Attributes
    ----------
    name
        What it is called in a table of a GIS.
    field
        Of the type; "" for those of the workflow.
    words
        It holds the words of the codes.
    """

    name: str
    field: str
    title: Text
    kind: str
    words: bool = False


def export_columns(kind: RegisterType, *, personal: bool = True) -> tuple[ExportColumn, ...]:
    """Return the columns of tables of a GIS; `personal`: with the fields that are never public."""
    made: list[ExportColumn] = []
    for name, spec in kind.fields.items():
        if spec.personal and not personal:
            continue
        made.append(ExportColumn(name, name, with_unit(spec), spec.kind))
        if spec.codes:
            title = Text(f"{spec.title.zh}名称", f"{spec.title.en} in words")
            made.append(ExportColumn(f"{name}{WORDS}", name, title, "text", words=True))
    made.append(ExportColumn(STATE, "", Text("状态", "state"), "text"))
    made.append(ExportColumn(f"{STATE}{WORDS}", "", Text("状态名称", "state in words"), "text", words=True))
    made.append(ExportColumn(SINCE, "", Text("进入状态日期", "in this state since"), "date"))
    return tuple(made)


def short_column_names(kind: RegisterType) -> Mapping[str, str]:
    """Return the names of the columns as a shapefile can hold them: ten letters."""
    return short_names([column.name for column in export_columns(kind)], "ascii")


def with_unit(spec: FieldSpec) -> Text:
    """Return the title of a field with its unit."""
    if not spec.unit:
        return spec.title
    return Text(f"{spec.title.zh}（{spec.unit}）", f"{spec.title.en} ({spec.unit})")


def words_of(value: Value, spec: FieldSpec, language: Language) -> str:
    """Return the words of a code or of several."""
    codes = value if isinstance(value, tuple) else () if value is None else (str(value),)
    words = [spec.codes[code].title.get(language) if code in spec.codes else code for code in codes]
    return LIST_SIGN[language].join(words)


def flag_word(value: bool, language: Language) -> str:  # noqa: FBT001 - the value itself
    """Return yes or no."""
    return _FLAGS[value].get(language)


def table_row(record: Record, kind: RegisterType, columns: Sequence[ExportColumn], language: Language) -> list[Value]:
    """Return the cells of a record: codes as codes, several with semicolons, flags as words, dates as dates."""
    values = held_values(record, kind)
    return [_cell(record, kind, column, values, language) for column in columns]


def _cell(
    record: Record, kind: RegisterType, column: ExportColumn, values: Mapping[str, Value], language: Language
) -> Value:
    if column.name == SINCE:
        return record.since
    if not column.field:
        state = kind.workflow.states.get(record.state)
        return record.state if not column.words or state is None else state.title.get(language)
    value = values.get(column.field)
    if column.words:
        return words_of(value, kind.fields[column.field], language) or None
    if isinstance(value, tuple):
        return ";".join(value) or None
    if isinstance(value, bool):
        return flag_word(value, language)
    return value


def as_text(value: Value) -> str:
    """Return a cell as text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
