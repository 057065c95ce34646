"""Layers and sites by chance, the same for every seed: whatever two borders can do to each other occurs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from overlay_world import catalogue, layer, metres, write_zones
from zoning.layers.catalogue import Catalogue, Coverage, Layer
from zoning.sites.site import Site

CRS = "EPSG:4525"
SPAN_M = 6_000.0
WIDE_M = 24_000.0
CLASSES = ("first", "second", "third")
ACCURACIES_M = (0.0, 5.0, 30.0, 100.0)
UNLEVELED = 0.1
IN_A_TERRITORY = 0.2


@dataclass(frozen=True, slots=True)
class Kind:
    """One layer: zones with their class codes (None: the zone bears none)."""

    zones: list[BaseGeometry]
    codes: list[str | None]
    accuracy_m: float

    @property
    def lines(self) -> bool:
        """Whether the zones are lines."""
        return bool(self.zones) and self.zones[0].geom_type == "LineString"


@dataclass(frozen=True, slots=True)
class Place:
    """A site, and the territory in which it is measured, in `CRS`; None: all of it is measured."""

    site: Site
    within: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class World:
    """Layers of every kind over the same ground, written as files under a folder."""

    catalogue: Catalogue
    kinds: tuple[Kind, ...]
    seed: int

    @property
    def names(self) -> list[str]:
        """The layers without that of the territory."""
        return [name for name in self.catalogue.layers if name != "territory"]


def random_world(seed: int, root: Path) -> World:
    """Write layers of every kind.

    A partition, ragged zones with holes, fields with shared edges and strips, zones in parts, lines, none at all, and
    zones of some kilometres.
    """
    chance = np.random.default_rng(seed)
    parts = _partition(chance, int(chance.integers(5, 60)), SPAN_M)
    holed = [_holed(chance, _ragged(chance)) for _ in range(5)]
    fields = _fields(chance)
    several = [shapely.union_all([_star(chance, _place(chance), 300.0, 9) for _ in range(3)]) for _ in range(5)]
    lines = [_river(chance) for _ in range(5)]
    groups: tuple[list[BaseGeometry], ...] = (parts, holed, fields, several, lines, [], _wide(chance))
    kinds = tuple(_kind(chance, zones) for zones in groups)
    layers = [_write(root, number, kind) for number, kind in enumerate(kinds)]
    return World(catalogue(root, *layers), kinds, seed)


def random_places(world: World, seed: int, count: int) -> Iterator[Place]:
    """Yield sites of every kind, many of them with borders in common with zones, some in a territory."""
    chance = np.random.default_rng([seed, world.seed])
    zones = [zone for kind in world.kinds for zone in kind.zones if zone.geom_type == "Polygon"]
    makers = (
        *(_parcel, _tiny, _large, _road, _ring, _touching, _same, _strip, _corner, _scattered),
        *(_long_road, _in_the_middle),
    )
    for number in range(count):
        shape = makers[number % len(makers)](chance, zones)
        if not shape.is_valid or shape.area <= 0:
            shape = _parcel(chance, zones)
        site = Site(id=str(number), name=f"{number}", geometry=shape, crs=CRS, source="random")
        site = replace(site, accuracy_m=float(chance.choice([0.0, 0.0, 0.0, 3.0])))
        yield Place(site, _territory(chance, shape, zones) if chance.random() < IN_A_TERRITORY else None)


def _kind(chance: np.random.Generator, zones: list[BaseGeometry]) -> Kind:
    codes = [str(name).upper() for name in chance.choice(CLASSES, len(zones))]
    none = chance.random(len(zones)) < UNLEVELED
    stated = [None if missing else code for code, missing in zip(codes, none.tolist(), strict=True)]
    return Kind(zones, stated, float(chance.choice(ACCURACIES_M)))


def _write(root: Path, number: int, kind: Kind) -> Layer:
    name = f"random-{number}"
    ground = shapely.box(*metres(-SPAN_M * 3, -SPAN_M * 3), *metres(SPAN_M * 3, SPAN_M * 3))
    if number % 2:
        ground = shapely.box(*metres(-SPAN_M / 2, -SPAN_M * 3), *metres(SPAN_M * 3, SPAN_M * 3))
    folder = root / "layers" / "data"
    zones = [
        (zone, f"Z{index // 2}", code) for index, (zone, code) in enumerate(zip(kind.zones, kind.codes, strict=True))
    ]
    write_zones(folder / f"{name}.gpkg", zones, crs=CRS)
    write_zones(folder / f"{name}-ground.gpkg", [(ground, "ground", None)], crs=CRS)
    return layer(
        name,
        accuracy_m=kind.accuracy_m,
        lines=kind.lines,
        crs=CRS,
        classes=CLASSES,
        coverage=Coverage(file=f"data/{name}-ground.gpkg"),
    )


def _place(chance: np.random.Generator, span_m: float = SPAN_M) -> NDArray[np.float64]:
    # Whole metres: many borders meet exactly.
    half = int(span_m / 2)
    x, y = chance.integers(-half, half, 2).tolist()
    return np.asarray(metres(x, y))


def _star(
    chance: np.random.Generator, middle: NDArray[np.float64], radius: float, corners: int, least: float = 0.4
) -> BaseGeometry:
    turns = (
        np.sort(chance.uniform(0, 2 * np.pi, corners)) if corners < 12 else np.linspace(0, 2 * np.pi, corners + 1)[:-1]
    )
    reach = radius * chance.uniform(least, 1.0, corners)
    ring = middle + reach[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
    shape = shapely.Polygon(np.round(ring, 1))
    return shape if shape.is_valid else shapely.convex_hull(shape)


def _ragged(chance: np.random.Generator) -> BaseGeometry:
    # Mostly few: spikes of a kilometre on every one of 600 corners take the slow oracle longer than all else together.
    corners = int(40 + 560 * chance.random() ** 4)
    return _star(chance, _place(chance), chance.uniform(200, 1800), corners, least=0.4 if corners < 80 else 0.85)


def _holed(chance: np.random.Generator, zone: BaseGeometry) -> BaseGeometry:
    x, y = shapely.get_coordinates(shapely.point_on_surface(zone))[0]
    hole = _star(chance, np.asarray([x, y]), 60.0, int(chance.integers(3, 40)))
    rest = shapely.difference(zone, hole)
    return rest if rest.geom_type in {"Polygon", "MultiPolygon"} else zone


def _wide(chance: np.random.Generator) -> list[BaseGeometry]:
    """Return zones of some kilometres, side by side, and some that lie across them."""
    cells = _partition(chance, 12, WIDE_M)
    kept = [cell for cell in cells if chance.random() > 0.2]
    return [*kept, *(_star(chance, _place(chance, WIDE_M), chance.uniform(1500, 4000), 40) for _ in range(3))]


def _partition(chance: np.random.Generator, count: int, span_m: float) -> list[BaseGeometry]:
    frame = shapely.box(*metres(-span_m / 2, -span_m / 2), *metres(span_m / 2, span_m / 2))
    points = shapely.multipoints([_place(chance, span_m) for _ in range(count)])
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cut = shapely.intersection(cells, frame)
    return [cell for cell in cut if cell.geom_type == "Polygon" and cell.area > 0]


def _fields(chance: np.random.Generator) -> list[BaseGeometry]:
    """Return fields side by side, some of them strips narrower than any tolerance, some in two classes at once."""
    x, y = _place(chance)
    found = []
    for row in range(8):
        west = x
        for _ in range(8):
            wide = float(chance.choice([0.05, 0.9, 40.0, 60.0, 120.0]))
            found.append(shapely.box(west, y + 50 * row, west + wide, y + 50 * row + 50))
            west += wide
    return [*found, *found[::9]]


def _river(chance: np.random.Generator) -> BaseGeometry:
    steps = chance.normal(0, 90, (int(chance.integers(2, 90)), 2)) + chance.normal(0, 60, 2)
    return shapely.LineString(np.round(_place(chance) + np.cumsum(steps, axis=0), 2))


def _parcel(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    return _star(chance, _place(chance), chance.uniform(20, 300), int(chance.integers(4, 30)))


def _tiny(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    x, y = _place(chance)
    wide, high = chance.uniform(0.5, 3, 2).tolist()
    return shapely.box(float(x), float(y), float(x) + wide, float(y) + high)


def _large(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    return _star(chance, _place(chance), chance.uniform(400, 1200), int(chance.integers(10, 60)))


def _road(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    line = _river(chance)
    band: Any = shapely.buffer(line, chance.uniform(3, 15), cap_style="flat", join_style="mitre")
    found: BaseGeometry = band
    return found


def _ring(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    outer = _star(chance, _place(chance), chance.uniform(200, 900), 24, least=0.8)
    return _holed(chance, outer)


def _touching(chance: np.random.Generator, zones: list[BaseGeometry]) -> BaseGeometry:
    """Return a parcel on an edge of a zone: outside or inside, nothing of its border beyond."""
    zone = zones[int(chance.integers(len(zones)))]
    ring = shapely.get_coordinates(shapely.get_rings(zone)[0])
    at = int(chance.integers(len(ring) - 1))
    start, end = ring[at], ring[at + 1]
    away = np.asarray([start[1] - end[1], end[0] - start[0]]) * float(chance.choice([-0.5, 0.5]))
    return shapely.Polygon([start, end, end + away, start + away])


def _same(chance: np.random.Generator, zones: list[BaseGeometry]) -> BaseGeometry:
    zone: BaseGeometry = zones[int(chance.integers(len(zones)))]
    return zone


def _strip(chance: np.random.Generator, zones: list[BaseGeometry]) -> BaseGeometry:
    """Return a zone's box moved by a hair: slivers all along its border."""
    west, south, east, north = zones[int(chance.integers(len(zones)))].bounds
    move = float(chance.choice([0.001, 0.01, 0.2]))
    return shapely.box(west - move, south + move, east + move, north + move)


def _corner(chance: np.random.Generator, zones: list[BaseGeometry]) -> BaseGeometry:
    zone = zones[int(chance.integers(len(zones)))]
    x, y = shapely.get_coordinates(zone)[int(chance.integers(4))]
    return shapely.Polygon([(x, y), (x + 70, y + 10), (x + 60, y + 80)])


def _scattered(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all([_star(chance, _place(chance), 120.0, 7) for _ in range(3)])


def _long_road(chance: np.random.Generator, _: list[BaseGeometry]) -> BaseGeometry:
    """Return a winding band of 2 to 20 km."""
    step = chance.uniform(60, 400)
    turns = chance.uniform(0, 2 * np.pi) + np.cumsum(chance.normal(0, 0.25, int(chance.uniform(2_000, 20_000) / step)))
    middle = np.cumsum(step * np.column_stack([np.cos(turns), np.sin(turns)]), axis=0)
    line = shapely.LineString(np.round(_place(chance) + middle - middle[len(middle) // 2], 2))
    band: BaseGeometry = shapely.buffer(line, chance.uniform(3, 40), cap_style="flat")
    return band


def _in_the_middle(chance: np.random.Generator, zones: list[BaseGeometry]) -> BaseGeometry:
    """Return a site far inside one of the largest zones."""
    largest = sorted(zones, key=lambda zone: zone.area)[-12:]
    zone: Any = largest[int(chance.integers(len(largest)))]
    circle = shapely.maximum_inscribed_circle(zone, 5.0)
    reach = circle.length * float(chance.choice([0.02, 0.2, 0.8]))
    return _star(chance, shapely.get_coordinates(circle)[0], reach, int(chance.integers(5, 40)))


def _territory(chance: np.random.Generator, shape: BaseGeometry, zones: list[BaseGeometry]) -> BaseGeometry:
    """Return a territory: on one side of a line through the site, a zone, the site itself, or a part of it."""
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
    far = 4 * WIDE_M
    east, north = shapely.box(x, y - far, x + far, y + far), shapely.box(x - far, y, x + far, y + far)
    met = [zone for zone in zones if zone.intersects(shape)] or [east]
    choices = (east, north, met[int(chance.integers(len(met)))], shape, shapely.intersection(shape, north))
    chosen = choices[int(chance.integers(len(choices)))]
    return chosen if chosen.geom_type == "Polygon" else east
