"""180 schematic mine parcels: 120 in 阳城县 (140522) and 60 in 晋城市城区 (140502).

The documents hold no list of parcels (003 L2846-2848 only says "mainly in the north and west" of the district), so all
of them are drawn, with fixed random numbers: two runs give the same parcels. Most keep clear of protected zones; some
lie in one on purpose, so that the rules of register section 4 have something to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely import Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from demo_data.plane import HECTARE, from_degrees, lonlat, to_degrees
from demo_data.shapes import blob, generator
from demo_mines.attributes import values_of

DATA = Path(__file__).resolve().parents[2] / "layers" / "data"
YANGCHENG, JINCHENG = "140522", "140502"
COUNTS = {YANGCHENG: 120, JINCHENG: 60}
LEAST_HA, MOST_HA = 0.2, 20.0
_APART_M = 90.0
_TRIES = 4_000

# Layer, class and how many parcels of each territory lie there on purpose.
_PLANTED = (
    ("ecological-red-line-2022", "STBHHX", {YANGCHENG: 8, JINCHENG: 2}),
    ("nature-reserves-2026", "HXBHQ", {YANGCHENG: 2}),
    ("nature-reserves-2026", "YBKZQ", {YANGCHENG: 2}),
    ("permanent-basic-farmland", "field", {YANGCHENG: 7, JINCHENG: 4}),
    ("farmland-quality", "strict-control", {YANGCHENG: 3, JINCHENG: 2}),
    ("drinking-water", "level-1", {YANGCHENG: 2, JINCHENG: 1}),
    ("drinking-water", "level-2", {YANGCHENG: 4, JINCHENG: 2}),
    ("spring-catchments", "outcrop-belt", {JINCHENG: 3}),
    ("spring-catchments", "spring-source", {YANGCHENG: 3}),
    ("urban-areas", "urban-area", {JINCHENG: 3}),
)
# Of the others, so many lie within sight of a corridor, as the ones that 003 L1547-1553 wants first.
_ALONG = (("expressway", {YANGCHENG: 18, JINCHENG: 8}), ("high-speed-rail", {JINCHENG: 8}))
_ALONG_M = (120.0, 2_500.0)
_KEPT_CLEAR = (
    ("ecological-red-line-2022", None),
    ("nature-reserves-2026", None),
    ("permanent-basic-farmland", None),
    ("farmland-quality", ("strict-control",)),
    ("drinking-water", ("level-1", "level-2")),
    ("spring-catchments", ("outcrop-belt", "spring-source")),
    ("rivers", None),
    ("town-boundary", None),
)


@dataclass(frozen=True, slots=True)
class DemoParcel:
    """A drawn parcel: `polygon` in degrees (EPSG:4490), `values` by field of the kind `mine-parcels`.

    `planted` names the layer and class in which it lies on purpose, "" for none; `along` the kind of the corridor that
    it was put beside, "" for none.
    """

    id: str
    name: str
    territory: str
    township: str
    polygon: Polygon
    values: Mapping[str, str | int | float | tuple[str, ...]]
    planted: str = ""
    along: str = ""


@dataclass(frozen=True, slots=True)
class _Spot:
    shape: Polygon
    planted: str = ""
    along: str = ""


@cache
def demo_parcels() -> tuple[DemoParcel, ...]:
    """Return the parcels, sorted by id; ids count per territory: 1405220001, 1405220002 ..."""
    return tuple(parcel for territory in sorted(COUNTS) for parcel in parcels_of(territory))


def parcels_of(territory: str) -> Iterator[DemoParcel]:
    """Yield the parcels of one territory, sorted by id."""
    townships = _zones("townships", territory)
    for number, spot in enumerate(_spots(territory), start=1):
        parcel = f"{territory}{number:04d}"
        township = next(name for name, shape in townships if shape.intersects(spot.shape.representative_point()))
        polygon = to_degrees(spot.shape)
        if not isinstance(polygon, Polygon) or not polygon.is_valid:
            msg = f"{parcel} is not one plain polygon"
            raise ValueError(msg)
        values = values_of(
            parcel,
            township,
            # The corners are rounded: the area is that of the rounded shape, as anyone measures it.
            area_m2=round(float(from_degrees(polygon).area), 1),
            centre=lonlat(spot.shape.representative_point()),
            planted=spot.planted,
        )
        name = str(values["TBMC"])
        yield DemoParcel(parcel, name, territory, township, polygon, values, spot.planted, spot.along)


def _spots(territory: str) -> list[_Spot]:
    """Place the parcels of a territory: the planted ones first, then those along corridors, then the others."""
    ground = shapely.union_all([shape for _, shape in _zones("territory", territory)])
    barred = STRtree([shape for layer, classes in _KEPT_CLEAR for _, shape in _zones(layer, territory, classes)])
    found: list[_Spot] = []

    def place(label: str, inside: BaseGeometry, count: int, *, planted: str = "", along: str = "") -> None:
        random, before, tries = generator(f"{territory} {label}"), len(found), 0
        while len(found) < before + count:
            tries += 1
            if tries > _TRIES:
                msg = f"{territory}: no room for {count} parcels ({label})"
                raise ValueError(msg)
            spot = _point_in(inside, random)
            most = 4.0 if planted else MOST_HA
            hectares = float(np.exp(random.uniform(np.log(LEAST_HA * 1.02), np.log(most * 0.98))))
            shape = blob(lonlat(spot), hectares * HECTARE, f"{territory} {label} {tries}", stretch=1.5, step=25.0)
            crowded = any(shape.distance(other.shape) < _APART_M for other in found)
            clear = bool(planted) or not len(barred.query(shape, predicate="intersects"))
            if ground.contains(shape) and clear and not crowded:
                found.append(_Spot(shape, planted, along))

    for layer, kind, counts in _PLANTED:
        if counts.get(territory):
            zones = shapely.union_all([shape for _, shape in _zones(layer, territory, (kind,))])
            place(f"{layer} {kind}", zones, counts[territory], planted=f"{layer}:{kind}")
    for kind, counts in _ALONG:
        if counts.get(territory):
            lines = shapely.union_all([shape for _, shape in _zones("transport", territory, (kind,))])
            near, far = (lines.buffer(distance) for distance in _ALONG_M)
            place(kind, ground.intersection(far.difference(near)), counts[territory], along=kind)
    place("others", _wide(ground, territory), COUNTS[territory] - len(found))
    return found


def _wide(ground: BaseGeometry, territory: str) -> BaseGeometry:
    """Return where the other parcels may lie: in the district only the north and the west (003 L2846-2848)."""
    if territory != JINCHENG:
        return ground
    west, south, east, north = ground.bounds
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    kept = shapely.union_all([shapely.box(west, middle_y, east, north), shapely.box(west, south, middle_x, north)])
    return ground.intersection(kept)


def _point_in(shape: BaseGeometry, random: np.random.Generator) -> Point:
    """Return a random point of an area; each of its parts is as likely as it is large."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    part = parts[random.choice(len(parts), p=areas / areas.sum())]
    west, south, east, north = part.bounds
    while True:
        spot = Point(random.uniform(west, east), random.uniform(south, north))
        if part.contains(spot):
            return spot


@cache
def _zones(layer: str, territory: str, classes: tuple[str, ...] | None = None) -> list[tuple[str, BaseGeometry]]:
    frame = pyogrio.read_dataframe(DATA / f"{layer}.gpkg")
    here = frame[frame["zone_id"].str.startswith(territory)]
    if classes is not None:
        here = here[here["class"].isin(classes)]
    return [(str(name), from_degrees(shape)) for name, shape in zip(here["name"], here["geometry"], strict=True)]
