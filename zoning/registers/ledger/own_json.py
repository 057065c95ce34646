"""The JSON that exports write, read back: all records, also those whose place is not known."""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.registers.ledger.cells import Cell
from zoning.registers.ledger.headers import HeaderBook
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.ledger.spatial import SCHEMA
from zoning.registers.types import RegisterType
from zoning.texts import Text

_HEAD = 400


def is_own_json(path: Path) -> bool:
    """Tell whether a file is JSON that `export` has written; any other GeoJSON is a boundary file."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        return f'"schema": "{SCHEMA}"'.encode() in file.read(_HEAD)


def read_own_json(path: Path, kind: RegisterType, *, most_bytes: int) -> Ledger:
    """Read every record as a row; rows are counted from 1.

    Raises
    ------
    ContentError
        When the file is too large, no JSON, or of another kind of register.
    """
    if path.stat().st_size > most_bytes:
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        raise ContentError(f"{path.name}：文件过大（{size}）", f"{path.name}: the file is too large ({size})")
    try:
        content = json.loads(path.read_bytes())
        features = [feature for feature in content["features"] if isinstance(feature["properties"], dict)]
        found = content["kind"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ContentError(
            f"{path.name}：不是完整的台账 JSON；请重新导出",
            f"{path.name}: this is no whole JSON of a register: export it again",
        ) from error
    if found != kind.id:
        raise ContentError(
            f"{path.name}：是台账“{found}”，不是 {kind.id}",
            f"{path.name}: it is a register of '{found}', not {kind.id}",
        )
    book = HeaderBook(kind)
    rows = tuple(_row(number, feature, book) for number, feature in enumerate(features, start=1))
    told = {name for row in rows for name in row.cells}
    return Ledger(path.name, rows, tuple(name for name in kind.fields if name in told), feature_rows=True)


def _row(number: int, feature: dict[str, Any], book: HeaderBook) -> LedgerRow:
    cells: dict[str, Cell] = {}
    for name, value in feature["properties"].items():
        meaning = book.meaning(str(name))
        if meaning is not None and meaning.field and value is not None:
            text = repr(value) if isinstance(value, float) else str(value)
            cells[meaning.field] = Cell(text, str(name), meaning.unit)
    shape, error = _shape(feature.get("geometry"))
    return LedgerRow("", number, cells, shape, error, "geometry")


def _shape(geometry: Any) -> tuple[BaseGeometry | None, Text | None]:
    if geometry is None:
        return None, None
    try:
        shape: BaseGeometry = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException:
        return None, Text("不是 GeoJSON 图形", "this is no GeoJSON shape")
    return shape, None
