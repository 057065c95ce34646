"""Ledgers made in code, a small workspace to import them into, and the commands run in this process."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.cli.intake import Intake
from zoning.cli.register_export import ExportRequest, run_export
from zoning.cli.register_import import ImportRequest, run_import
from zoning.cli.register_opening import types_of
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.registers.record import Record
from zoning.registers.store import Change, Stamp, Store, open_store
from zoning.registers.types import RegisterType, read_register_types
from zoning.texts import Language

BUILTIN = Path(__file__).parents[2]
SHEET = "台账"
STAMP = Stamp("李四", datetime(2026, 1, 2, 3, tzinfo=UTC))


def builtin_kind(name: str) -> RegisterType:
    """Return a kind of the built-in workspace."""
    return read_register_types(BUILTIN)[name]


def square(number: int, side: float = 0.001) -> shapely.Polygon:
    """Return a square in county A, 0.001° wide, one beside the other."""
    west, south = 112.3112345 + 0.003 * (number % 50), 35.4112345 + 0.003 * (number // 50)
    return shapely.box(west, south, west + side, south + side)


def area_m2(shape: BaseGeometry) -> float:
    """Return the geodesic area."""
    return round(abs(Geod(ellps="GRS80").geometry_area_perimeter(shape)[0]), 1)


@dataclass(frozen=True)
class Office:
    """A workspace with a register, and what its people type."""

    root: Path
    kind: str = "mine-parcels"
    language: Language = "en"

    @classmethod
    def built(cls, folder: Path, kind: str = "mine-parcels") -> "Office":
        """Make the workspace: counties A (140522) and B (140825)."""
        return cls(tiny_workspace.build(folder / "w"), kind)

    @property
    def session(self) -> Session:
        return Session(self.language, environ={})

    @property
    def where(self) -> RegisterRequest:
        return RegisterRequest(self.kind, None, None, self.root)

    @property
    def register_file(self) -> Path:
        return self.root / "register.sqlite"

    def bring(self, path: Path, *, intake: Intake | None = None, **options: Any) -> int:
        """Import a file; return the exit code."""
        request = ImportRequest(path, intake or Intake(), by="张三", **options)
        return run_import(self.session, request, self.where)

    def take(self, path: Path, target: Any, **options: Any) -> int:
        """Export the register; return the exit code."""
        return run_export(self.session, ExportRequest(target, path, overwrite=True, **options), self.where)

    def apply(self, changes: Sequence[Change]) -> int:
        """Write records through the store."""
        with self._store(create=True) as store:
            return store.register(self.kind).apply(changes, STAMP)

    def records(self) -> dict[str, Record]:
        """Return all records by number; none where there is no register."""
        if not self.register_file.exists():
            return {}
        with self._store() as store:
            return {record.id: record for record in store.register(self.kind).records()}

    def events(self) -> int:
        """Return how many rows the audit log has."""
        with self._store() as store:
            return store.verify().events

    def _store(self, *, create: bool = False) -> AbstractContextManager[Store]:
        """Open the register as commands do, the kinds read once."""
        return open_store(str(self.register_file), _kinds(self.root), create=create, upgrade=create)


@cache
def _kinds(root: Path) -> dict[str, RegisterType]:
    return types_of(root)


def write_book(
    path: Path, rows: Sequence[Sequence[Any]], *, sheet: str = SHEET, **more: Sequence[Sequence[Any]]
) -> Path:
    """Write a workbook; `more` are further sheets by name."""
    book = openpyxl.Workbook()
    for number, (name, content) in enumerate({sheet: rows, **more}.items()):
        page = book.active if number == 0 else book.create_sheet()
        assert page is not None
        page.title = name
        for r, row in enumerate(content, start=1):
            for c, value in enumerate(row, start=1):
                if value is not None:
                    page.cell(r, c, value)
    book.save(path)
    return path


def parcel_row(number: int, **changes: Any) -> dict[str, Any]:
    """Return a right row of mine parcels by field, with its shape under `wkt`."""
    shape = square(number)
    right: dict[str, Any] = {
        "id": f"140522{number:04d}", "TBMC": f"第{number}号采坑", "XZQDM": "140522", "kfx": 112.4, "kfy": 35.5,
        "tbmj": area_m2(shape), "TBDL": "10 历史遗留矿山", "TBXL": "11", "KCFS": "露天", "GBND": 2009,
        "STWT": "1；3", "SDDL": "0602", "HCRQ": date(2025, 7, 1), "BHDLX": "5 无", "BZ": "注", "wkt": shape.wkt,
    }  # fmt: skip
    return right | changes


def table(rows: Sequence[Mapping[str, Any]], heads: Mapping[str, str]) -> list[list[Any]]:
    """Return the rows of a sheet under headings, by field."""
    return [list(heads.values()), *([row.get(name) for name in heads] for row in rows)]
