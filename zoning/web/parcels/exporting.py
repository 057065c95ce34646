"""The list of a register as an Excel workbook and as a GeoPackage."""

from collections.abc import Sequence
from datetime import date

from zoning.registers.ledger.columns import export_columns, table_row
from zoning.registers.ledger.spatial import ExportOrder, write_geopackage
from zoning.registers.place import Place
from zoning.registers.reading import read_records
from zoning.texts import Language, Text
from zoning.web.cases.exporting import table_workbook
from zoning.web.parcels.listing import Line

_OVERDUE = (Text("超期", "overdue"), Text("是", "yes"), Text("否", "no"))
_PROBLEMS = Text("未销号问题", "open problems")


def workbook(place: Place, lines: Sequence[Line], on: date, language: Language, *, personal: bool) -> bytes:
    """Return the list as .xlsx: the fields of the ledger, the state, what is overdue."""
    columns = export_columns(place.type, personal=personal)
    title, yes, no = _OVERDUE
    titles = [column.title.get(language) for column in columns]
    titles += [title.get(language), _PROBLEMS.get(language)]
    kinds = [*(column.kind for column in columns), "text", "integer"]
    rows = [
        [
            *table_row(line.record, place.type, columns, language),
            (yes if line.is_overdue else no).get(language),
            line.problems,
        ]
        for line in lines
    ]
    return table_workbook(place.type.title.get(language), titles, kinds, rows, on)


def geopackage(place: Place, lines: Sequence[Line], on: date, language: Language, *, personal: bool) -> bytes:
    """Return the records whose place is known as a GeoPackage, as `zoning register export` writes it."""
    records = list(read_records(place, ids=[line.record.id for line in lines]))
    return write_geopackage(ExportOrder(place.type, records, on, language, personal, place.kind)).content
