"""Zones as they are written: id, name, class code, geometry and the layer's own fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of a layer; `geometry` lies in the plane, `more` are the layer's own fields."""

    name: str
    kind: str
    geometry: BaseGeometry
    more: tuple[tuple[str, Value], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one GeoPackage."""

    layer: str
    file: str
    zones: tuple[Zone, ...]
    lines: bool = False


def numbered(zones: Sequence[Zone], prefix: str) -> list[Zone]:
    """Give ids `prefix-001` ... to zones that have none; zones without geometry are left out."""
    kept = [zone for zone in zones if not zone.geometry.is_empty]
    return [zone if zone.id else replace(zone, id=f"{prefix}-{i:03d}") for i, zone in enumerate(kept, 1)]
