"""Drinking-water protection zones and spring catchments."""

import shapely
import shapely.ops
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.land import Land
from demo_data.places import Place
from demo_data.plane import HECTARE, LonLat, point
from demo_data.shapes import blob, ring, rounded, surface
from demo_data.zones import Zone

_LEVELS = {"level-1": "一级保护区", "level-2": "二级保护区", "quasi": "准保护区"}


def _upstream(land: Land, place: Place, reach: float) -> BaseGeometry:
    """Return the reach of the nearest river above a source, as a strip along it."""
    spot = Point(point(place.place))
    river = min(land.rivers, key=lambda w: w.line.distance(spot))
    if river.line.distance(spot) > 1500:
        return MultiPolygon()
    mouth = river.line.project(spot)
    line = shapely.ops.substring(river.line, max(0.0, mouth - reach), mouth + 0.08 * reach)
    return rounded(line, river.width / 2 + 0.06 * reach, detail=6)


def source_zones(land: Land, place: Place) -> list[Zone]:
    """Return the rings around one source: none is a circle, the outer ones follow the river upstream."""
    area = place.hectares * HECTARE
    inner = blob(place.place, area * 0.14, f"{place.name} 1", stretch=1.5, step=25)
    middle = shapely.union_all(
        [blob(place.place, area, f"{place.name} 2", step=40), _upstream(land, place, 900), rounded(inner, 60)]
    )
    rings = [("level-1", inner), ("level-2", middle)]
    if place.hectares >= 28:
        outer = [blob(place.place, area * 4, f"{place.name} 3"), _upstream(land, place, 2600), rounded(middle, 80)]
        rings.append(("quasi", shapely.union_all(outer)))
    found: list[Zone] = []
    taken: BaseGeometry = MultiPolygon()
    for kind, shape in rings:
        here = surface(shapely.difference(shapely.intersection(shape, land.outline), taken), 200.0)
        taken = shapely.union(taken, here)
        found.append(Zone(f"{place.name}{_LEVELS[kind]}", kind, here, (("source", place.name),)))
    return found


def drinking_water(land: Land) -> list[Zone]:
    """Return the zones of all sources of a territory; where two sources meet, the stricter class keeps the land."""
    zones = [zone for place in land.facts.sources for zone in source_zones(land, place)]
    found: list[Zone] = []
    taken: BaseGeometry = MultiPolygon()
    for kind in _LEVELS:
        for zone in (z for z in zones if z.kind == kind):
            here = surface(shapely.difference(zone.geometry, taken), 200.0)
            taken = shapely.union(taken, here)
            found.append(Zone(zone.name, kind, here, zone.more))
    return found


_SPRINGS: dict[str, tuple[tuple[str, str, tuple[LonLat, ...]], ...]] = {
    "140522": (
        ("延河泉域", "key-protection", (
            (112.515, 35.418), (112.53, 35.432), (112.553, 35.43), (112.575, 35.415), (112.588, 35.392),
            (112.60, 35.362),
            (112.612, 35.34), (112.60, 35.325), (112.582, 35.335), (112.57, 35.36), (112.548, 35.378),
            (112.53, 35.395))),
        ("延河泉域", "connected", (
            (112.47, 35.512), (112.495, 35.53), (112.52, 35.525), (112.535, 35.50), (112.53, 35.47), (112.553, 35.43),
            (112.53, 35.432), (112.505, 35.455), (112.49, 35.48))),
        ("延河泉域", "inrush-danger", (
            (112.35, 35.535), (112.40, 35.555), (112.45, 35.548), (112.47, 35.53), (112.47, 35.505), (112.44, 35.513),
            (112.40, 35.522), (112.36, 35.515))),
        ("延河泉域", "inrush-danger", (
            (112.555, 35.47), (112.585, 35.475), (112.605, 35.455), (112.60, 35.43), (112.575, 35.428),
            (112.557, 35.445))),
        ("延河泉域", "catchment", (
            (112.30, 35.56), (112.36, 35.585), (112.42, 35.59), (112.46, 35.62), (112.55, 35.64), (112.66, 35.60),
            (112.68, 35.45),
            (112.66, 35.32), (112.58, 35.295), (112.52, 35.30), (112.46, 35.345), (112.41, 35.385), (112.37, 35.41),
            (112.33, 35.445), (112.305, 35.50))),
    ),
    "140502": (
        ("三姑泉域", "key-protection", (
            (112.895, 35.53), (112.925, 35.535), (112.935, 35.49), (112.93, 35.43), (112.875, 35.425),
            (112.868, 35.448),
            (112.89, 35.47), (112.898, 35.50))),
        ("三姑泉域", "outcrop-belt", (
            (112.898, 35.477), (112.914, 35.482), (112.918, 35.462), (112.912, 35.446), (112.902, 35.449),
            (112.898, 35.462))),
        ("三姑泉域", "catchment", (
            (112.80, 35.61), (112.96, 35.61), (112.97, 35.40), (112.84, 35.40), (112.823, 35.45), (112.835, 35.485),
            (112.818, 35.52), (112.808, 35.56))),
    ),
    "140825": (
        ("古堆泉域（鼓水）", "key-protection", (
            (111.152, 35.712), (111.175, 35.72), (111.197, 35.708), (111.202, 35.685), (111.19, 35.668),
            (111.165, 35.675),
            (111.15, 35.69))),
        ("古堆泉域（鼓水）", "catchment", (
            (111.08, 35.80), (111.27, 35.84), (111.255, 35.72), (111.225, 35.665), (111.18, 35.648), (111.14, 35.665),
            (111.125, 35.71))),
    ),
    "1403": (
        ("娘子关泉域", "key-protection", (
            (113.80, 37.985), (113.86, 37.995), (113.92, 37.985), (113.935, 37.955), (113.90, 37.925), (113.84, 37.92),
            (113.80, 37.945))),
        ("娘子关泉域", "spring-source", (
            (113.858, 37.973), (113.885, 37.978), (113.899, 37.965), (113.885, 37.950), (113.86, 37.955))),
        ("娘子关泉域", "catchment", (
            (113.28, 38.02), (113.35, 38.16), (113.55, 38.14), (113.80, 38.10), (114.10, 38.06), (114.12, 37.66),
            (113.50, 37.60),
            (113.40, 37.72), (113.34, 37.85))),
    ),
}  # fmt: skip
_TITLES = {
    "key-protection": "重点保护区", "outcrop-belt": "泉水出露带", "spring-source": "泉源区", "connected": "构造连通区",
    "inrush-danger": "带压突水危险区", "catchment": "范围",
}  # fmt: skip


def _spring_source() -> Polygon:
    return blob((112.5465, 35.4125), 95 * HECTARE, "延河泉 source", stretch=1.8)


def spring_catchments(land: Land) -> list[Zone]:
    """Return the zones of the springs of a territory; they lie in each other as the documents use them."""
    found = []
    for spring, kind, places in _SPRINGS[land.facts.code]:
        shape = surface(
            shapely.intersection(ring(places, f"{spring} {kind} {places[0]}", roughness=0.1), land.outline), HECTARE
        )
        found.append(Zone(f"{spring}{_TITLES[kind]}", kind, shape, (("spring", spring),)))
    if land.facts.code == "140522":
        found.insert(1, Zone("延河泉域泉源区", "spring-source", _spring_source(), (("spring", "延河泉域"),)))
        key = found[0].geometry
        found = [found[0], *(_outside(zone, key) for zone in found[1:])]
    return found


def _outside(zone: Zone, key: BaseGeometry) -> Zone:
    if zone.kind not in {"connected", "inrush-danger"}:
        return zone
    return Zone(zone.name, zone.kind, surface(shapely.difference(zone.geometry, key), HECTARE), zone.more)
