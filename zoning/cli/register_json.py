"""Records and what belongs to them as JSON."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zoning.cli.printing import print_json

if TYPE_CHECKING:
    from zoning.registers.record import Record
    from zoning.registers.store import Event


def print_form(name: str, value: dict[str, Any]) -> None:
    """Print a result with the name of its form."""
    found = {"schema": f"zoning.register.{name}/1", **value}
    print_json(found)


def record_json(record: "Record", *, place: bool) -> dict[str, Any]:
    """Return a record; its geometry as GeoJSON where it is wanted."""
    values = {name: plain(value) for name, value in record.values.items()}
    found = {
        "id": record.id,
        "name": record.name,
        "territory": record.territory,
        "state": record.state,
        "since": plain(record.since),
        "version": record.version,
        "values": values,
    }
    return {**found, "geometry": shape_json(record.geometry)} if place else found


def shape_json(geometry: Any) -> Any:
    """Return a geometry as GeoJSON; None for none."""
    import shapely

    return None if geometry is None else shapely.geometry.mapping(geometry)


def entry_json(entry: Any) -> dict[str, Any]:
    """Return an attachment, problem, work, payment or due item."""
    return {field.name: plain(getattr(entry, field.name)) for field in fields(entry)}


def event_json(event: "Event") -> dict[str, Any]:
    """Return a row of the log."""
    found = entry_json(event)
    if event.geometry is not None:
        found["geometry"] = [shape_json(geometry) for geometry in event.geometry]
    return found


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line per kind
    """Return a value as JSON knows it: days and moments as texts, money as a number of the same digits."""
    from pydantic import BaseModel

    from zoning.texts import Text

    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Text):
        return value.plain()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value
