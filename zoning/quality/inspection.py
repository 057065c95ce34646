"""The quality report of a file: schema `zoning.inspection/1`, frozen, with a JSON round trip."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.quality.faults import Fault
from zoning.quality.kinds import KINDS, REPAIRED_BY, Severity
from zoning.quality.line_numbers import lines_of, with_lines
from zoning.quality.neighbours import Overlaps, overlaps_of
from zoning.quality.site_quality import SiteQuality, quality_of
from zoning.quantities import hectares, mu
from zoning.sites.crs.identify import label
from zoning.sites.site import Site
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.inspection/1"] = "zoning.inspection/1"

Status = Literal["clean", "notes", "warnings", "errors"]
_STATUS: dict[Severity, Status] = {"error": "errors", "warning": "warnings", "note": "notes"}


class PlaceEntry(Entry):
    """A point: `x` east or longitude, `y` north or latitude in the coordinate system of the file."""

    x: float
    y: float
    lon: float
    lat: float
    ring: int | None
    vertex: int | None
    line: int | None


class FaultEntry(Entry):
    """One fault; `amount` is a length in metres or an area in m², as its kind says."""

    kind: str
    severity: Severity
    text: Text
    places: tuple[PlaceEntry, ...]
    amount: float | None


class RepairStep(Entry):
    """A repair with the area before and after it; `answers` are the kinds of faults that it repairs."""

    kind: str
    count: int
    area_before_m2: float
    area_after_m2: float
    area_change_m2: float
    text: Text
    answers: tuple[str, ...]


class FootprintEntry(Entry):
    """One footprint; `fault_counts` counts every fault, `faults` lists at most 100 of a kind."""

    id: str
    name: str
    parts: int
    rings: int
    holes: int
    vertices: int
    area_m2: float
    area_ha: float
    area_mu: float
    area_before_m2: float
    plane_area_m2: float | None
    plane_excess_ppm: float | None
    stated_area_m2: float | None
    stated_points: int | None
    fault_counts: dict[str, int]
    faults: tuple[FaultEntry, ...]
    repairs: tuple[RepairStep, ...]
    warnings: tuple[Text, ...]


class OverlapEntry(Entry):
    """Two footprints of the file that have land in common: their ids."""

    kind: str
    severity: Severity
    first: str
    second: str
    area_m2: float
    text: Text


class FileEntry(Entry):
    """The file, and what was read from it.

    `crs_decision` says why it is this coordinate system; `conversion` how the numbers came into it.
    """

    source: str
    format: str
    encoding: str
    layer: str | None
    crs: str
    crs_name: Text
    crs_decision: Text
    conversion: Text | None
    accuracy_m: float
    footprints: int
    parts: int
    rings: int
    holes: int
    vertices: int
    area_m2: float


class Inspection(Document):
    """Everything that is to be said about the quality of a boundary file."""

    schema_: Literal["zoning.inspection/1"] = Field(default=SCHEMA, alias="schema")
    status: Status
    file: FileEntry
    overlap_counts: dict[str, int]
    overlaps_complete: bool
    overlaps: tuple[OverlapEntry, ...]
    footprints: tuple[FootprintEntry, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file with the quality of its footprints: what the report and the pictures are made from."""

    report: Inspection
    qualities: tuple[SiteQuality, ...]
    footprints: tuple[Footprint, ...]
    overlaps: Overlaps


def inspection_schema() -> dict[str, Any]:
    """Return the JSON Schema of `zoning.inspection/1`."""
    return Inspection.published_schema(SCHEMA)


def inspect_sites(
    sites: Sequence[Site], plane: MeasuringPlane, *, path: Path | None = None, layer: str | None = None
) -> Inspected:
    """Judge all footprints of one file.

    Parameters
    ----------
    path
        The file, for the lines of vertices in a text file; None where it can no longer be looked at.
    layer
        Which layer was chosen, where one was.

    Raises
    ------
    SiteError, CRSError
        When a footprint cannot be measured.
    """
    footprints = tuple(Footprint.of(site, plane) for site in sites)
    lines = lines_of(path, sites[0].encoding, sites[0].format) if path is not None else {}
    qualities = tuple(
        replace(quality, faults=with_lines(quality.faults, lines)) for quality in map(quality_of, footprints)
    )
    overlaps = overlaps_of(sites)
    return Inspected(_report(qualities, overlaps, layer), qualities, footprints, overlaps)


def _report(qualities: tuple[SiteQuality, ...], overlaps: Overlaps, layer: str | None) -> Inspection:
    ids = [quality.site.id for quality in qualities]
    return Inspection(
        status=status_of(qualities, overlaps),
        file=_file(qualities, layer),
        overlap_counts=overlaps.counts,
        overlaps_complete=overlaps.complete,
        overlaps=tuple(
            OverlapEntry(
                kind=pair.kind,
                severity=KINDS[pair.kind].severity,
                first=ids[pair.first],
                second=ids[pair.second],
                area_m2=round(pair.area_m2, 4),
                text=pair.text,
            )
            for pair in overlaps.pairs
        ),
        footprints=tuple(map(_footprint, qualities)),
    )


def status_of(qualities: Sequence[SiteQuality], overlaps: Overlaps) -> Status:
    """Return what the worst fault of a file makes of it."""
    found = {quality.severity for quality in qualities} | {KINDS[kind].severity for kind in overlaps.counts}
    return next((_STATUS[severity] for severity in _STATUS if severity in found), "clean")


def _file(qualities: tuple[SiteQuality, ...], layer: str | None) -> FileEntry:
    first = qualities[0].site
    sizes = [quality.size for quality in qualities]
    return FileEntry(
        source=first.source,
        format=first.format,
        encoding=first.encoding,
        layer=layer,
        crs=first.crs,
        crs_name=label(first.crs),
        crs_decision=first.crs_decision or Text("", ""),
        conversion=first.conversion,
        accuracy_m=first.accuracy_m,
        footprints=len(qualities),
        parts=sum(size.parts for size in sizes),
        rings=sum(size.rings for size in sizes),
        holes=sum(size.holes for size in sizes),
        vertices=sum(size.vertices for size in sizes),
        area_m2=round(sum(quality.area_after_m2 for quality in qualities), 4),
    )


def _footprint(quality: SiteQuality) -> FootprintEntry:
    site, size, area = quality.site, quality.size, quality.area_after_m2
    plane, excess = quality.plane_area_m2, quality.plane_excess_ppm
    return FootprintEntry(
        id=site.id,
        name=site.name,
        parts=size.parts,
        rings=size.rings,
        holes=size.holes,
        vertices=size.vertices,
        area_m2=round(area, 4),
        area_ha=round(hectares(area), 8),
        area_mu=round(mu(area), 6),
        area_before_m2=round(quality.area_before_m2, 4),
        plane_area_m2=None if plane is None else round(plane, 4),
        plane_excess_ppm=None if excess is None else round(excess, 1),
        stated_area_m2=site.stated_area_m2,
        stated_points=site.stated_points,
        fault_counts=quality.counts,
        faults=tuple(map(fault_entry, quality.faults)),
        repairs=tuple(
            RepairStep(
                kind=step.kind,
                count=step.count,
                area_before_m2=round(step.area_before_m2, 4),
                area_after_m2=round(step.area_after_m2, 4),
                area_change_m2=round(step.area_change_m2, 4) + 0.0,
                text=step.text,
                answers=tuple(kind for kind in REPAIRED_BY.get(step.kind, ()) if kind in quality.counts),
            )
            for step in quality.steps
        ),
        warnings=site.warnings,
    )


def fault_entry(fault: Fault) -> FaultEntry:
    """Return a fault as it is written."""
    places = tuple(
        PlaceEntry(x=p.x, y=p.y, lon=p.lon, lat=p.lat, ring=p.ring, vertex=p.vertex, line=p.line) for p in fault.places
    )
    return FaultEntry(kind=fault.kind, severity=fault.severity, text=fault.text, places=places, amount=fault.amount)
