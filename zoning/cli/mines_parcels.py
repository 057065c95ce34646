"""Which parcels a command of the desk is about: those of a boundary file, or of the register."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.intake import Intake, read_intake
from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.registers.record import Record

LONLAT = "EPSG:4490"
"""What geometries of a register are in."""


@dataclass(frozen=True, slots=True)
class ParcelsRequest:
    """Where the parcels are: `file` is any boundary file; None: the register of the workspace."""

    file: Path | None
    territory: str | None = None
    intake: Intake = field(default_factory=Intake)


def parcels_of_file(path: Path, intake: Intake) -> "tuple[Record, ...]":
    """Return the footprints of a boundary file as parcels, their attributes as texts.

    Raises
    ------
    UsageError
        When a footprint is a line or a point: parcels are areas.
    """
    import shapely

    from zoning.exchange.moving import Mover
    from zoning.layers.datum import LonLat
    from zoning.registers.record import Record

    found, ways = [], LonLat()
    for site in read_intake(path, intake, None):
        geometry = Mover(site.crs, LONLAT, ways).moved(site.geometry)
        if shapely.get_dimensions(geometry) != 2:  # noqa: PLR2004 - an area
            raise UsageError(f"{site.id}：图斑必须是面", f"{site.id}: a parcel is an area")
        found.append(Record(site.id, site.name, "", geometry, dict(site.attributes)))
    return tuple(found)
