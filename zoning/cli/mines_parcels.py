"""Which parcels a command of the desk is about: those of a boundary file, or of the register."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.intake import Intake, read_intake
from zoning.cli.register_options import DEFAULT_KIND, RegisterRequest
from zoning.cli.session import Session
from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.registers.record import Record

LONLAT = "EPSG:4490"
"""What geometries of a register are in."""


@dataclass(frozen=True, slots=True)
class ParcelsRequest:
    """Where the parcels are: `file` is any boundary file; None: the register of the workspace.

    `register` is a file or URL in place of the workspace's own, `kind` another kind than mine parcels.
    """

    file: Path | None
    territory: str | None = None
    intake: Intake = field(default_factory=Intake)
    register: str | None = None
    kind: str = DEFAULT_KIND


def parcels(session: Session, workspace: Path | None, request: ParcelsRequest) -> "tuple[Record, ...]":
    """Return the parcels of the boundary file, or the records of the register (of one territory, where it is named).

    Raises
    ------
    UsageError
        When there is no register; when it holds no parcel that is wanted.
    ContentError
        When the register cannot be read.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    if request.file is not None:
        return parcels_of_file(request.file, request.intake)
    from zoning.cli.register_opening import opened

    with opened(session, RegisterRequest(request.kind, request.register, None, workspace)) as found:
        records = tuple(found.register.records(territory=request.territory))
    if not records:
        where = f" {request.territory} " if request.territory else ""
        raise UsageError(
            f"台账中没有{where}图斑；请先用 zoning mines import 导入，或给出边界文件",
            f"the register holds no parcel{where.rstrip()}: import a ledger (zoning mines import), or name a file",
        )
    return records


def parcels_of_file(path: Path, intake: Intake) -> "tuple[Record, ...]":
    """Return the footprints of a boundary file as parcels, their attributes as texts.

    Raises
    ------
    UsageError
        When a footprint is a line or a point: parcels are areas.
    SiteError, CRSError, ContentError
        When the file cannot be read; see `zoning.cli.intake.read_intake`.
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
