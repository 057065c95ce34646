"""Patches on protected land, with zone, area and the rules that would apply: suspicions (疑似), never verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.check import Checker, Examination
from zoning.layers.datum import CGCS2000
from zoning.mines.watch.change import RawPatch
from zoning.mines.watch.ground import GRID_M, Ground
from zoning.mines.watch.settings import WatchSettings
from zoning.overlay import robust
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.polygons import polygonal
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Finding
from zoning.sites.site import Site
from zoning.texts import Text

Geometries = NDArray[np.object_]
_STEP_M = 85.0
_STRICT = ("prohibit", "restrict")


@dataclass(frozen=True, slots=True)
class ZoneHit:
    """A class of a protected layer that a patch lies in.

    Attributes
    ----------
    zones
        Id and name of each.
    overlap_m2
        On the ellipsoid, of all zones of the class together.
    certainty
        `possible` where only the accuracy of the layer's border lets them meet.
    """

    layer: str
    title: Text
    class_id: str
    class_title: Text
    zones: tuple[tuple[str, str], ...]
    overlap_m2: float
    certainty: str


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that would apply to whatever was done there; with what the engine knows: nothing but the place."""

    rule: str
    title: Text
    layer: str
    effect: str
    outcome: str
    document: Text
    number: str
    section: str


@dataclass(frozen=True, slots=True, eq=False)
class Suspect:
    """A patch on protected land.

    Attributes
    ----------
    geometry
        Longitude and latitude.
    place
        The same in the measuring plane.
    area_m2, inside_m2
        On the ellipsoid: of the patch, and of its part in protected zones, each place once.
    permitted
        Part of the patch in each permitted site that it meets, by id.
    explained
        The permitted sites together hold so much of it that it is no suspicion.
    parcels
        Part of the patch in each known parcel that it meets, by id.
    """

    raw: RawPatch
    geometry: BaseGeometry
    place: BaseGeometry
    area_m2: float
    inside_m2: float
    zones: tuple[ZoneHit, ...]
    rules: tuple[RuleHit, ...]
    permitted: Mapping[str, float]
    explained: bool
    parcels: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Known sites by id, in the measuring plane."""

    ids: tuple[str, ...]
    places: Geometries

    @classmethod
    def of(cls, sites: Mapping[str, BaseGeometry], plane: MeasuringPlane) -> "Sites":
        """Bring sites of longitude and latitude into the plane."""
        shapes = np.empty(len(sites), dtype=object)
        shapes[:] = list(sites.values())
        return cls(tuple(sites), plane.to_plane(shapes, CGCS2000, step_m=_STEP_M) if len(sites) else shapes)

    def shares(self, place: BaseGeometry) -> tuple[dict[str, float], float]:
        """Return the part of a place in each site that it meets, and in all of them together."""
        met = [number for number, site in enumerate(self.places) if site.intersects(place)]
        if not met:
            return {}, 0.0
        parts = np.asarray(robust.intersection(self.places[met], place, GRID_M), dtype=object)
        shares = {
            self.ids[number]: float(part.area / place.area)
            for number, part in zip(met, parts, strict=True)
            if part.area > 0
        }
        return shares, float(polygonal(robust.union(parts, GRID_M)).area / place.area)


def suspects_of(
    patches: Sequence[RawPatch],
    ground: Ground,
    checker: Checker,
    settings: WatchSettings,
    *,
    permitted: Mapping[str, BaseGeometry],
    parcels: Mapping[str, BaseGeometry],
) -> tuple[Suspect, ...]:
    """Return the patches that meet protected land, largest part of it first.

    Parameters
    ----------
    permitted, parcels
        By id, longitude and latitude: sites that may be there; parcels that are known.

    Raises
    ------
    SiteError, CRSError
        When a patch cannot be measured, or lies outside every territory.
    LayerError
        When a layer holds something that its definition does not know.
    """
    plane, land = ground.plane, ground.land
    allowed, known = Sites.of(permitted, plane), Sites.of(parcels, plane)
    near = list(_near(patches, ground, settings))
    sites = [(_site(number, patch), FactSheet({})) for number, (patch, _) in enumerate(near, start=1)]
    found = []
    for (patch, place), examined in zip(near, checker.check(sites), strict=True):
        if not isinstance(examined, Examination):
            raise examined.error
        zones = tuple(_zones(examined, ground))
        if not zones:
            continue
        shares, together = allowed.shares(place)
        suspect = Suspect(
            raw=patch,
            geometry=patch.geometry,
            place=place,
            area_m2=float(place.area),
            inside_m2=float(polygonal(robust.intersection(place, land, GRID_M)).area),
            zones=zones,
            rules=tuple(_rules(examined, {zone.layer for zone in zones})),
            permitted=shares,
            explained=together >= settings.match.permitted,
            parcels=known.shares(place)[0],
        )
        found.append(suspect)
    return tuple(sorted(found, key=lambda one: (-one.inside_m2, one.place.centroid.x, one.place.centroid.y)))


def _site(number: int, patch: RawPatch) -> Site:
    name = f"patch-{number}"
    return Site(name, name, patch.geometry, CGCS2000, "watch")


def _near(
    patches: Sequence[RawPatch], ground: Ground, settings: WatchSettings
) -> Iterator[tuple[RawPatch, BaseGeometry]]:
    """Yield the patches that are large enough, and lie on protected land or within the accuracy of its borders."""
    if not patches:
        return
    shapes = np.empty(len(patches), dtype=object)
    shapes[:] = [patch.geometry for patch in patches]
    land = ground.land
    shapely.prepare(land)
    reach = max((layer.accuracy_m for layer in ground.layers), default=0.0)
    for patch, place in zip(patches, ground.plane.to_plane(shapes, CGCS2000, step_m=_STEP_M), strict=True):
        if place.area >= settings.change.least_area and shapely.dwithin(land, place, reach * 1.5):
            yield patch, place


def _zones(examined: Examination, ground: Ground) -> Iterator[ZoneHit]:
    for watched in ground.layers:
        overlap = examined.overlaps.get(watched.layer)
        surroundings = examined.surroundings.get(watched.layer)
        if overlap is None or surroundings is None:
            continue
        for found in overlap.classes:
            if found.class_id not in watched.classes:
                continue
            yield ZoneHit(
                watched.layer,
                watched.title,
                found.class_id,
                surroundings.layer.classes[found.class_id].title,
                tuple((zone.id, zone.name) for zone in found.zones),
                found.overlap_m2,
                found.certainty,
            )


def _rules(examined: Examination, layers: set[str]) -> Iterator[RuleHit]:
    """Yield the strict rules of these layers that hold here, or could."""
    told = set()
    for finding in examined.verdict.findings:
        strict = finding.effect in _STRICT and finding.outcome != "does_not_apply"
        if strict and finding.layer in layers and finding.rule not in told:
            told.add(finding.rule)
            yield _rule(finding)


def _rule(finding: Finding) -> RuleHit:
    cited = finding.citation
    return RuleHit(
        finding.rule,
        finding.title,
        finding.layer or "",
        finding.effect,
        finding.outcome,
        cited.title,
        cited.number,
        cited.section,
    )
