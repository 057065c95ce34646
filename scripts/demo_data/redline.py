"""Ecological red line and the control zones that follow it."""

from dataclasses import dataclass

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from demo_data.ground import Ground
from demo_data.land import Land
from demo_data.plane import HECTARE
from demo_data.shapes import fitted, large, roughened, rounded, surface
from demo_data.tracing import traced
from demo_data.zones import Zone

_XINJIANG_HA = 6649.9
_LEAST = 6 * HECTARE


@dataclass(frozen=True, slots=True)
class Members:
    """What the red line has to contain, and what it has to leave out."""

    core: BaseGeometry  # core zones of reserves, level-1 water zones
    rest: BaseGeometry  # other zones of reserves, forest parks
    avoid: BaseGeometry  # farmland, towns, villages

    def whole(self) -> BaseGeometry:
        """Return all that must lie inside."""
        return shapely.union(self.core, self.rest)


def red_line(land: Land, ground: Ground, members: Members) -> MultiPolygon:
    """Return the red line of the current edition."""
    patches = traced(ground.old_wood, ground.grid, 25 * HECTARE)
    closed = rounded(rounded(rounded(patches, 190, detail=20), -310, detail=20), 120, detail=12)
    important = roughened(closed, f"{land.facts.code} red line", step=120, least=110 * HECTARE)
    if land.facts.code == "140825":
        return fitted(
            lambda d: _joined(land, rounded(important, d, detail=15), members), _XINJIANG_HA * HECTARE, -900.0, 1500.0
        )
    return surface(_joined(land, important, members), 500.0)


def _joined(land: Land, important: BaseGeometry, members: Members) -> BaseGeometry:
    free = shapely.difference(shapely.intersection(important, land.outline), rounded(members.avoid, 25))
    return shapely.union(large(free, _LEAST), members.whole())


def current(land: Land, line: MultiPolygon) -> list[Zone]:
    """Return the red line split by townships, one zone each."""
    found = []
    for (town, _), area in zip(land.facts.towns, land.towns, strict=True):
        part = surface(shapely.intersection(line, area), 300.0)
        found.append(
            Zone(f"{town}生态保护红线", "STBHHX", part, (("township", town), ("function", _function(land, part))))
        )
    return [zone for zone in found if not zone.geometry.is_empty]


def _function(land: Land, part: BaseGeometry) -> str:
    if part.is_empty:
        return "示意"
    return "水源涵养" if part.representative_point().y > land.outline.centroid.y else "生物多样性维护"


def older(land: Land, line: MultiPolygon, members: Members) -> list[Zone]:
    """Return the older edition with levels: drawn wider, the reserves' cores and level-1 water zones as level 1."""
    wide = shapely.union(rounded(shapely.difference(line, members.whole()), 70, detail=12), members.whole())
    wide = shapely.intersection(wide, land.outline)
    first = surface(shapely.intersection(members.core, wide), 300.0)
    found = [Zone("生态保护红线一级管控区", "level-1", first, (("township", "全县"), ("function", "示意")))]
    second = shapely.difference(wide, first)
    for (town, _), area in zip(land.facts.towns, land.towns, strict=True):
        part = surface(shapely.intersection(second, area), 2000.0)
        found.append(Zone(f"{town}生态保护红线二级管控区", "level-2", part, (("township", town), ("function", "示意"))))
    return [zone for zone in found if not zone.geometry.is_empty]


def safety_control(land: Land, line: BaseGeometry, extra: BaseGeometry, avoid: BaseGeometry) -> list[Zone]:
    """Return the safety-control zone: around red line, key spring zone and geopark, in eleven townships."""
    chosen = [i for i, (name, _) in enumerate(land.facts.towns) if name not in _NOT_IN_SAFETY]
    belt = shapely.union(rounded(line, 450, detail=25), rounded(extra, 200, detail=20))
    belt = shapely.difference(belt, rounded(avoid, 30))
    found = []
    for index in chosen:
        name = land.facts.towns[index][0]
        part = large(shapely.intersection(belt, land.towns[index]), _LEAST)
        found.append(Zone(f"{name}生态环境安全控制区", "safety-control", part, (("township", name),)))
    return [zone for zone in found if not zone.geometry.is_empty]


_NOT_IN_SAFETY = ("演礼镇", "次营镇", "凤城镇", "寺头乡")


def control_line(land: Land, inside: BaseGeometry, avoid: BaseGeometry) -> list[Zone]:
    """Return the ecological control line: red line, parks and water zones with a belt around."""
    belt = shapely.difference(shapely.intersection(rounded(inside, 160, detail=20), land.outline), rounded(avoid, 20))
    return [Zone(f"{land.facts.name}生态控制线（示意）", "control-line", large(belt, _LEAST), (("basis", "示意"),))]
