"""The rows of a ledger, whatever file they stand in, before anything is compared with a type."""

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from zoning.registers.ledger.cells import Cell
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row.

    Attributes
    ----------
    sheet
        Name of the sheet or layer, "" where the file has none.
    number
        As the program that wrote the file counts: rows from 1 with the headings, features from 1.
    cells
        By field; only the columns that the file has.
    shape
        Longitude and latitude, EPSG:4490; None where the file gives no place for this row.
    shape_error
        Why the shape cannot be read.
    shape_column
        Where the shape stands.
    """

    sheet: str
    number: int
    cells: dict[str, Cell]
    shape: BaseGeometry | None = None
    shape_error: Text | None = None
    shape_column: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a file holds.

    Attributes
    ----------
    fields
        The fields for which it has columns.
    has_shapes
        Whether it means to give a place for every row.
    feature_rows
        Whether its rows are features of a boundary file, else rows of a sheet.
    """

    file: str
    rows: tuple[LedgerRow, ...]
    fields: tuple[str, ...]
    has_shapes: bool = False
    feature_rows: bool = False
    notices: tuple[Text, ...] = field(default=())
