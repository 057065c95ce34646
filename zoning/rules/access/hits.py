"""The management units that a site hits, and the parts of it that lie in none."""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.overlap import Certainty, ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.access.unit_codes import normalised

LAYER = "management-units"
"""The layer whose zones are the units: zone id = code."""

# Distances in the measuring plane are longer or shorter than true ones by some per cent at the edge of a province.
_RATHER_MORE = 1.05


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A management unit that the site overlaps, or may overlap.

    Attributes
    ----------
    class_id
        Class of the zone in the layer; None where the layer does not say it.
    """

    code: str
    name: str
    class_id: str | None
    certainty: Certainty
    overlap_m2: float


def unit_hits(overlap: LayerOverlap) -> tuple[UnitHit, ...]:
    """Return the units, those with the largest overlap first, then by code."""
    hits = [
        UnitHit(
            code=normalised(zone.id),
            name=zone.name,
            class_id=None if found.assumed else found.class_id,
            certainty=_certainty(found, zone, overlap.accuracy_m),
            overlap_m2=zone.overlap_m2,
        )
        for found in overlap.classes
        for zone in found.zones
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.certainty != "certain", -hit.overlap_m2, hit.code)))


def _certainty(found: ClassOverlap, zone: ZoneOverlap, accuracy_m: float) -> Certainty:
    """Tell whether the site surely lies in this very zone: the class alone can be certain by another zone."""
    if found.certainty != "certain" or zone.overlap_m2 <= 0:
        return "possible"
    alone = sum(1 for other in found.zones if other.overlap_m2 > 0) == 1
    return "certain" if alone or accuracy_m == 0 or _deep(zone, accuracy_m) else "possible"


def _deep(zone: ZoneOverlap, accuracy_m: float) -> bool:
    """Tell whether a part of the site lies deeper inside the zone than its border can move."""
    if zone.piece.is_empty:
        return False
    border: Any = zone.zone.boundary
    west, south, east, north = zone.piece.bounds
    reach = accuracy_m * _RATHER_MORE
    near: BaseGeometry = shapely.clip_by_rect(border, west - reach, south - reach, east + reach, north + reach)
    return not shapely.difference(zone.piece, near.buffer(reach)).is_empty


def gap_m2(overlap: LayerOverlap) -> float:
    """Return how much of the covered part of the site lies in no unit at all, m²."""
    return max(overlap.covered_m2 - sum(found.overlap_m2 for found in overlap.classes), 0.0)
