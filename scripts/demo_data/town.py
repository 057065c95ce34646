"""Towns, industrial parks, villages, built-up areas, roads and railways."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from demo_data.ground import Ground
from demo_data.land import Land
from demo_data.places import Place
from demo_data.plane import HECTARE, lonlat, to_plane
from demo_data.relief import Bools
from demo_data.shapes import blob, fitted, generator, polygons, ragged, rounded, softened, surface
from demo_data.zones import Zone


@dataclass(frozen=True, slots=True)
class Towns:
    """The town development boundary of a territory and the industrial parks."""

    boundary: tuple[Zone, ...]
    parks: tuple[Zone, ...]
    surface: MultiPolygon


def placed(place: Place, avoid: BaseGeometry, frame: BaseGeometry) -> MultiPolygon:
    """Return a lobe around a place with the area of the place, outside of `avoid`."""
    area = place.hectares * HECTARE

    def lobe(size: float) -> BaseGeometry:
        return shapely.intersection(
            shapely.difference(blob(place.place, size, place.name, stretch=1.4, step=70), avoid), frame
        )

    return fitted(lobe, area, area * 0.5, area * 6)


def towns_of(land: Land, avoid: BaseGeometry) -> Towns:
    """Draw parks first, then towns with their flexible and special-use parts, outside of `avoid`."""
    taken: BaseGeometry = shapely.union(avoid, rounded(land.water(), 40))
    parks, zones = [], []
    for place in land.facts.parks:
        shape = placed(place, taken, land.outline)
        parks.append(Zone(place.name, "park", shape, (("planned_ha", place.hectares),)))
        zones.append(Zone(f"{place.name}集中建设区", "concentrated", shape, (("town", land.town_at(shape)),)))
        taken = shapely.union(taken, shape)
    for place in (land.facts.seat, *land.facts.centres):
        for zone in _town(land, place, taken):
            zones.append(zone)
            taken = shapely.union(taken, zone.geometry)
    whole = surface(shapely.union_all([zone.geometry for zone in zones]))
    return Towns(tuple(zones), tuple(parks), whole)


def _town(land: Land, place: Place, taken: BaseGeometry) -> list[Zone]:
    core = placed(place, taken, land.outline)
    town = (("town", land.town_at(core)),)
    found = [Zone(f"{place.name}集中建设区", "concentrated", core, town)]
    used = shapely.union(taken, core)
    for kind, title, share in (("flexible", "弹性发展区", 0.14), ("special-use", "特别用途区", 0.10)):
        side = _side(core, f"{place.name} {kind}", share)
        part = surface(shapely.intersection(shapely.difference(side, used), land.outline), HECTARE)
        used = shapely.union(used, part)
        found.append(Zone(f"{place.name}{title}", kind, part, town))
    return [zone for zone in found if not zone.geometry.is_empty]


def _side(core: BaseGeometry, name: str, share: float) -> BaseGeometry:
    """Return a lobe at the edge of a town."""
    edge = polygons(core)[0].exterior
    spot = edge.interpolate(float(generator(name).uniform(0, 1)), normalized=True)
    return blob(lonlat(spot), core.area * share * 1.7, name, stretch=1.5, step=60)


def villages_of(land: Land, ground: Ground, near: Bools, avoid: BaseGeometry) -> list[Zone]:
    """Scatter village building zones over cells `near` fields, outside of `avoid`."""
    random = generator(f"{land.facts.code} villages")
    rows, columns = np.nonzero(near & (ground.slope < 9))
    lon = ground.grid.west + (columns + 0.5) * ground.grid.size
    lat = ground.grid.north - (rows + 0.5) * ground.grid.size
    shapely.prepare(avoid)
    found: list[Zone] = []
    spots: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = []
    gap = float(np.sqrt(land.outline.area / land.facts.villages)) * 0.45
    for pick in random.permutation(len(rows)):
        if len(found) >= land.facts.villages:
            break
        place = (float(lon[pick]), float(lat[pick]))
        spot = to_plane([place])[0]
        if spots and np.min(np.hypot(*(np.array(spots) - spot).T)) < gap:
            continue
        size = float(random.lognormal(2.1, 0.45)) * HECTARE
        shape = blob(place, size, f"{land.facts.code} village {len(found)}", stretch=1.6, step=45)
        if not shapely.intersects(avoid, shape) and land.outline.contains(shape):
            spots.append(spot)
            town = land.town_at(Point(spot).buffer(1))
            found.append(Zone(f"{town}村庄{len(found) + 1:03d}（示意）", "village", shape, (("town", town),)))
    return found


def routes_of(land: Land) -> list[Zone]:
    """Return roads and railways, cut at the border."""
    found = []
    for route in land.facts.routes:
        line = softened(ragged(to_plane(route.course), route.name, roughness=0.07, step=700), closed=False)
        inside = shapely.intersection(LineString(line), land.outline)
        found.append(Zone(route.name, route.kind, inside, (("width_m", _WIDTHS[route.kind]),)))
    return found


_WIDTHS = {"high-speed-rail": 14.0, "railway": 10.0, "expressway": 26.0, "main-road": 12.0, "scenic-road": 8.5}

_URBAN: dict[str, tuple[tuple[str, str, float], ...]] = {
    "140522": (("县城建成区", "built-up", 0.72),),
    "140502": (
        ("市区（示意）", "urban-area", 1.15),
        ("核心区域（示意）", "core-area", 0.30),
        ("建成区（示意）", "built-up", 0.92),
    ),
    "140825": (
        ("县城规划区（示意）", "planning-area", 1.7),
        ("县城建成区（示意）", "built-up", 0.7),
        ("中心城区（示意）", "town-centre", 1.0),
    ),
    "1403": (("阳泉建成区（示意）", "built-up", 0.85), ("中心城区（示意）", "town-centre", 1.0)),
}


def urban_areas(land: Land) -> list[Zone]:
    """Return built-up, planning and core areas; the documents name them without boundaries."""
    seat = land.facts.seat
    found = []
    for name, kind, share in _URBAN[land.facts.code]:
        shape = blob(seat.place, seat.hectares * HECTARE * share, seat.name, stretch=1.4, step=70)
        found.append(Zone(name, kind, surface(shapely.intersection(shape, land.outline)), (("basis", "示意"),)))
    return found
