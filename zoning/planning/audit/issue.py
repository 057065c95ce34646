"""An issue: what contradicts what, where, by how much; its id stays the same as long as the contradiction does."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, cast

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.citations import Citation
from zoning.overlay.plane import MeasuringPlane
from zoning.planning.audit.kinds import KINDS, Severity
from zoning.strict_models import Content
from zoning.texts import Text

Status = Literal["new", "open", "accepted", "fixed"]

STATUSES: dict[Status, Text] = {
    "new": Text("新发现", "new"),
    "open": Text("未解决", "open"),
    "accepted": Text("已认可", "accepted"),
    "fixed": Text("已消除", "fixed"),
}

_PLACE_DIGITS = 5  # about a metre: an id does not depend on the last bits of a computation
_ID_DIGITS = 10
_EMPTY: BaseGeometry = shapely.Polygon()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in the measuring plane.

    Attributes
    ----------
    geometry
        Area, line or point; empty where the issue has no place of its own.
    detail
        What tells the issue from another one of the same zones at the same place (a field, a demand).
    placed
        False where the place is no part of what makes the issue: a shift has none.
    """

    kind: str
    layers: tuple[str, ...]
    zones: tuple[str, ...]
    text: Text
    geometry: BaseGeometry = _EMPTY
    severity: Severity | None = None
    territory: str | None = None
    area_m2: float | None = None
    length_m: float | None = None
    offset_m: float | None = None
    dx_m: float | None = None
    dy_m: float | None = None
    confidence_m: float | None = None
    advice: Text | None = None
    citations: tuple[Citation, ...] = ()
    detail: str = ""
    placed: bool = True


class Issue(Content):
    """One issue as it is written.

    `lon`, `lat`: a point of it, degrees; `shape`: the piece as WKT in degrees, empty where there is none. `dx_m` (east)
    and `dy_m` (north) with the 95 % radius `confidence_m` only of a shift.
    """

    id: str
    kind: str
    severity: Severity
    status: Status = "new"
    note: str = ""
    first_seen: str = ""
    layers: tuple[str, ...]
    zones: tuple[str, ...]
    territory: str | None
    text: Text
    advice: Text | None
    citations: tuple[Citation, ...]
    lon: float | None
    lat: float | None
    area_m2: float | None
    length_m: float | None
    offset_m: float | None
    dx_m: float | None
    dy_m: float | None
    confidence_m: float | None
    shape: str

    @property
    def title(self) -> Text:
        """The name of the kind."""
        return KINDS[self.kind].title

    @property
    def counts(self) -> bool:
        """Whether it asks for something to be done: neither a note, nor accepted, nor fixed."""
        return self.severity != "note" and self.status in {"new", "open"}


def issue_of(finding: Finding, plane: MeasuringPlane) -> Issue:
    """Return what was found as an issue with its id."""
    shape = cast("BaseGeometry", plane.to_lonlat([finding.geometry])[0])
    point = None if shape.is_empty else shapely.point_on_surface(shape)
    place = "" if point is None or not finding.placed else f"{_rounded(point.x)},{_rounded(point.y)}"
    return Issue(
        id=_id(finding, place),
        kind=finding.kind,
        severity=finding.severity or KINDS[finding.kind].severity,
        layers=finding.layers,
        zones=finding.zones,
        territory=finding.territory,
        text=finding.text,
        advice=finding.advice,
        citations=finding.citations,
        lon=None if point is None else round(point.x, 8),
        lat=None if point is None else round(point.y, 8),
        area_m2=_figure(finding.area_m2),
        length_m=_figure(finding.length_m),
        offset_m=_figure(finding.offset_m),
        dx_m=_figure(finding.dx_m),
        dy_m=_figure(finding.dy_m),
        confidence_m=_figure(finding.confidence_m),
        shape="" if shape.is_empty else shapely.to_wkt(shape, rounding_precision=9),
    )


def _rounded(degrees: float) -> str:
    return f"{degrees:.{_PLACE_DIGITS}f}"


def _figure(value: float | None) -> float | None:
    return None if value is None else round(value, 4) + 0.0


def _id(finding: Finding, place: str) -> str:
    words = (
        finding.kind,
        "+".join(sorted(finding.layers)),
        "+".join(sorted(finding.zones)),
        finding.territory or "",
        finding.detail,
        place,
    )
    return "A" + sha256("|".join(words).encode()).hexdigest()[:_ID_DIGITS]


def shape_of(issue: Issue) -> BaseGeometry:
    """Return the piece of an issue in degrees, empty where it has none."""
    return _EMPTY if not issue.shape else shapely.from_wkt(issue.shape)
