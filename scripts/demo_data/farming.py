"""Permanent basic farmland: regions on gentle ground, cut into fields; and the classes of farmland quality."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from demo_data.coverage import waves
from demo_data.ground import Ground
from demo_data.land import Land
from demo_data.plane import HECTARE, lonlat, point, to_degrees
from demo_data.relief import Bools
from demo_data.shapes import blob, generator, large, polygons, rounded, surface
from demo_data.tracing import burned, traced
from demo_data.zones import Zone

_PATH_M = 2.5  # half the width of the path between two fields
_SMALLEST = 0.18 * HECTARE


@dataclass(frozen=True, slots=True)
class Farms:
    """Regions of concentrated farmland and their fields."""

    region: MultiPolygon
    fields: tuple[Polygon, ...]


def _halves(shape: Polygon, random: np.random.Generator) -> list[Polygon]:
    """Cut a shape across its longer side."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    longer = sides[int(np.argmax(np.hypot(*sides.T)))]
    angle = float(np.degrees(np.arctan2(longer[1], longer[0]))) + float(random.normal(0, 4))
    size = 2 * float(np.hypot(*longer))
    centre = shapely.get_coordinates(shape.centroid)[0]
    shift = float(random.uniform(-0.12, 0.12) * np.hypot(*longer))
    x, y = centre + shift * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    knife = rotate(box(x, y - size, x + 2 * size, y + size), angle, origin=(x, y))
    return [*polygons(shape.intersection(knife)), *polygons(shape.difference(knife))]


def cut_into_fields(region: BaseGeometry, size: float, name: str) -> list[Polygon]:
    """Cut a region into fields of about `size` m², with paths between them and some left out."""
    random = generator(name)
    waiting, found = polygons(region), []
    while waiting:
        shape = waiting.pop()
        if shape.area > size * random.uniform(0.7, 2.4):
            waiting.extend(_halves(shape, random))
        elif shape.area > _SMALLEST and random.random() < 0.93:
            found.append(shape)
    inner = [polygons(shape.buffer(-_PATH_M, join_style="mitre")) for shape in found]
    plain = [polygons(p[0].simplify(1.5)) for p in inner if p]
    return [p[0] for p in plain if p and p[0].area > _SMALLEST * 0.8]


def farms_of(land: Land, ground: Ground, avoid: BaseGeometry) -> Farms:
    """Draw the farmland of a territory outside of `avoid`: the lowest and gentlest ground first, in patches."""
    open_land = traced(ground.arable, ground.grid, 9 * HECTARE)
    free = shapely.difference(open_land, shapely.union(avoid, rounded(land.water(), 35)))
    free = large(shapely.intersection(free, land.outline.buffer(-60)), 2 * HECTARE)
    free = large(rounded(rounded(free, -18, detail=3), 16, detail=3).intersection(free), 2 * HECTARE)
    fields = cut_into_fields(free, land.facts.field_ha * HECTARE, f"{land.facts.code} fields")
    kept = _best(land, ground, fields)
    region = surface(rounded(rounded(MultiPolygon(kept), 9, detail=1), -8.5, detail=2).intersection(free), HECTARE)
    return Farms(region, tuple(sorted(kept, key=lambda p: (-round(p.bounds[3]), round(p.bounds[0])))))


def _best(land: Land, ground: Ground, fields: list[Polygon]) -> list[Polygon]:
    """Keep the wanted number of fields, those nearest above a river first; noise makes patches of them."""
    spots = np.array([shapely.get_coordinates(f.representative_point())[0] for f in fields])
    degrees = shapely.get_coordinates(to_degrees(shapely.MultiPoint(spots)))
    row, column = ground.grid.cells(degrees)
    above = ground.above[row, column] / np.median(ground.above[row, column])
    score = np.round(
        above + 0.08 * ground.slope[row, column] + 0.8 * waves(spots, f"{land.facts.code} farms", 4200.0), 6
    )
    order = np.argsort(score, kind="stable")
    return [fields[i] for i in order[: land.facts.fields]]


def fields_of(land: Land, farms: Farms) -> list[Zone]:
    """Return the fields as zones with township and area in 亩."""
    towns = np.array(land.towns)
    tree = shapely.STRtree(towns)
    found = []
    for number, field in enumerate(farms.fields, 1):
        hits = sorted(tree.query(field.representative_point(), predicate="intersects"))
        town = land.facts.towns[int(hits[0])][0] if hits else land.town_at(field)
        more = (("township", town), ("area_mu", round(field.area / HECTARE * 15, 2)))
        found.append(
            Zone(f"{town}永久基本农田{number:05d}", "field", field, more, f"{land.facts.code}-PBF-{number:05d}")
        )
    return found


_POLLUTED = {
    "140522": ((112.372, 35.528), (112.455, 35.523), (112.582, 35.472)),
    "140502": ((112.84, 35.545), (112.88, 35.47)),
    "140825": ((111.318, 35.662), (111.26, 35.636), (111.15, 35.615)),
    "1403": ((113.60, 37.90), (113.69, 37.80)),
}


def quality_of(land: Land, farms: Farms) -> list[Zone]:
    """Return strict-control, safe-use and priority farmland; the first two lie around old polluters."""
    found: list[Zone] = []
    taken: BaseGeometry = MultiPolygon()
    more = (("basis", "示意"),)
    for kind, title, size in (("strict-control", "严格管控类耕地", 130.0), ("safe-use", "安全利用类耕地", 420.0)):
        for number, place in enumerate(_POLLUTED[land.facts.code], 1):
            spot = _nearest_field(farms, place)
            lobe = blob(spot, size * HECTARE, f"{land.facts.code} quality {number}", stretch=1.5)
            part = surface(shapely.difference(shapely.intersection(lobe, farms.region), taken), 0.2 * HECTARE)
            taken = shapely.union(taken, part)
            found.append(Zone(f"{title}{number}（示意）", kind, part, more))
    large = [p for p in polygons(farms.region) if p.area > 60 * HECTARE]
    rest = surface(shapely.difference(MultiPolygon(large), rounded(taken, 1, detail=0.2)), HECTARE)
    title = "优先保护类耕地集中区（示意）"
    found += [Zone(f"{land.town_at(p)}{title}", "priority", p, more) for p in polygons(rest)]
    return [zone for zone in found if not zone.geometry.is_empty]


def _nearest_field(farms: Farms, place: tuple[float, float]) -> tuple[float, float]:
    spot = shapely.Point(point(place))
    field = min(farms.fields, key=lambda f: f.distance(spot))
    return lonlat(field.representative_point())


def near_fields(farms: Farms, ground: Ground) -> Bools:
    """Tell which cells lie within a short walk of fields but not on them."""
    return burned(rounded(farms.region, 260, detail=20), ground.grid) & ~burned(rounded(farms.region, 20), ground.grid)
