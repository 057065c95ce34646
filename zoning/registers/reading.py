"""Records as they stand."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from sqlalchemy import select

from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.schema import StoredRecord, StoredShape
from zoning.registers.values import decoded

_TOGETHER = 500
_COLUMNS = (
    StoredRecord.id,
    StoredRecord.name,
    StoredRecord.territory,
    StoredRecord.state,
    StoredRecord.since,
    StoredRecord.version,
    StoredRecord.data,
    StoredShape.wkb,
)


def read_records(
    place: Place,
    *,
    territory: str | None = None,
    state: str | None = None,
    ids: Sequence[str] | None = None,
    box: tuple[float, float, float, float] | None = None,
) -> Iterator[Record]:
    """Yield the records of a register in the order of their ids; see `zoning.registers.register.Register.records`.

    Raises
    ------
    ContentError
        When the register does not answer.
    """
    query = (
        select(*_COLUMNS)
        .outerjoin(StoredShape, StoredShape.sha256 == StoredRecord.shape)
        .where(StoredRecord.kind == place.kind)
    )
    if territory:
        query = query.where(StoredRecord.territory.startswith(territory, autoescape=True))
    if state is not None:
        query = query.where(StoredRecord.state == state)
    if box is not None:
        west, south, east, north = box
        query = query.where(
            StoredRecord.west <= east,
            StoredRecord.east >= west,
            StoredRecord.south <= north,
            StoredRecord.north >= south,
        )
    # All rows at once: a transaction that stays open while somebody looks at them would keep writers waiting.
    with place.database.reading() as connection:
        if ids is None:
            rows: list[Any] = list(connection.execute(query))
        else:
            wanted = sorted(set(ids))
            parts = [wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER)]
            rows = [row for part in parts for row in connection.execute(query.where(StoredRecord.id.in_(part)))]
    # Servers order texts by the rules of a language; here it is the same everywhere.
    rows.sort(key=lambda row: row.id)
    return _records(place, rows)


def _records(place: Place, rows: list[Any]) -> Iterator[Record]:
    for row in rows:
        geometry = None if row.wkb is None else shapely.from_wkb(row.wkb)
        values = decoded(place.type, row.id, json.loads(row.data))
        yield Record(row.id, row.name, row.territory, geometry, values, row.state, row.since, row.version)
