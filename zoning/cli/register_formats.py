"""What a register is written as, and how codes stand in a workbook."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """What a register is written as."""

    xlsx = "xlsx"
    gpkg = "gpkg"
    shp = "shp"
    json = "json"

    @property
    def suffix(self) -> str:
        """The suffix of the file; a shapefile is packed."""
        return ".zip" if self is ExportFormat.shp else f".{self.value}"


class CodeStyle(StrEnum):
    """How codes are written in a ledger: with their words, alone, or the words alone."""

    both = "both"
    code = "code"
    word = "word"
