"""Advice in the tiny workspace, where every distance can be counted by hand, and shapes by chance for the search."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import hypot
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod
from shapely import affinity
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.advice.ground import Content
from zoning.advice.obstacles import Forbidden, Obstacle
from zoning.advice.scene import Scene
from zoning.advice.search import Search
from zoning.advice.terms import Terms
from zoning.check import Examination, check_site
from zoning.rules.facts import FactSheet, parse_facts
from zoning.sites.site import Site
from zoning.workspace import Workspace

DAY = date(2024, 5, 1)
GEOD = Geod(ellps="GRS80")
NEW = {"construction": "new", "supply": "no"}
TERMS = Terms(radius_m=2_000.0, turn_step_deg=45.0)
RADIUS_M = 60.0
GRID_M = 1.0
RESOLUTION_M = 1.0
STRAIGHTENED_M = 0.06


def content(root: Path, *, accuracy_m: float = 0.0) -> Content:
    """Write and open the tiny workspace."""
    return opened(tiny_workspace.build(root, accuracy_m=accuracy_m))


def opened(root: Path) -> Content:
    """Open a workspace."""
    workspace = Workspace.open(root)
    source = workspace.source()
    return Content(DAY, workspace.catalogue, workspace.rulebook, workspace.settings, source)


def lonlat(corner: tuple[float, float], box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return a box of metres east and north (west, south, east, north) of a corner in longitude and latitude."""
    west, south, east, north = box
    ring = []
    for x, y in ((west, south), (east, south), (east, north), (west, north)):
        lon, lat, _ = GEOD.fwd(*corner, 90.0 if x >= 0 else 270.0, abs(x))
        lon, lat, _ = GEOD.fwd(lon, lat, 0.0 if y >= 0 else 180.0, abs(y))
        ring.append((lon, lat))
    return shapely.Polygon(ring)


def site(geometry: BaseGeometry) -> Site:
    """Return a footprint as if it had been read."""
    return Site("1", "地块一", geometry, "EPSG:4490", "site.geojson")


def facts(desk: Content, told: Mapping[str, object] = NEW) -> FactSheet:
    """Return facts of the tiny workspace."""
    return parse_facts(desk.rulebook.vocabulary, dict(told), "test")


def examined(desk: Content, geometry: BaseGeometry, told: Mapping[str, object] = NEW) -> Examination:
    """Check a footprint."""
    return check_site(
        site(geometry),
        facts(desk, told),
        on=DAY,
        catalogue=desk.catalogue,
        rulebook=desk.rulebook,
        settings=desk.settings,
        source=desk.source,
    )


def scene(desk: Content, geometry: BaseGeometry, told: Mapping[str, object] = NEW, radius_m: float = 2_000.0) -> Scene:
    """Return a footprint on its ground."""
    examination = examined(desk, geometry, told)
    return Scene.around(desk, examination.footprint, facts(desk, told), radius_m, examination)


def clutter(chance: np.random.Generator, count: int, span_m: float) -> list[BaseGeometry]:
    """Return obstacles by chance: blots, bars and rings, some with a hole large enough for a small shape."""
    made: list[BaseGeometry] = []
    for _ in range(count):
        angles = np.sort(chance.uniform(0, 2 * np.pi, int(chance.integers(3, 9))))
        if len(np.unique(angles)) < len(angles):
            continue
        radii = chance.uniform(0.05, 0.3) * span_m * chance.uniform(0.4, 1.0, len(angles))
        blot: BaseGeometry = shapely.Polygon(np.column_stack((radii * np.cos(angles), radii * np.sin(angles)))).buffer(
            0
        )
        if chance.random() < 0.3:
            blot = blot.difference(blot.buffer(-0.12 * span_m * chance.random()).buffer(-1.0))
        if chance.random() < 0.2:
            blot = affinity.rotate(shapely.box(-0.3 * span_m, -1.5, 0.3 * span_m, 1.5), chance.uniform(0, 180))
        made.append(affinity.translate(blot, *chance.uniform(-0.6 * span_m, 0.6 * span_m, 2)))
    return [blot for blot in made if not blot.is_empty]


def shape(chance: np.random.Generator, size_m: float) -> BaseGeometry:
    """Return a shape by chance: a bar, a box, an angle, two parts, one with a hole."""
    wide, high = chance.uniform(0.2, 1.0, 2) * size_m
    kind = int(chance.integers(5))
    box = shapely.box(-wide / 2, -high / 2, wide / 2, high / 2)
    made: dict[int, BaseGeometry] = {
        0: shapely.box(-wide / 2, -1.0, wide / 2, 1.0),
        1: box,
        2: box.difference(shapely.box(0, 0, wide, high)),
        3: shapely.union(box, affinity.translate(box, 1.5 * wide, 0)),
        4: box.difference(box.buffer(-min(wide, high) / 4)),
    }
    return affinity.rotate(made[kind], chance.uniform(0, 360), origin=(0, 0))


def nearer_on_a_grid(seed: int) -> list[str]:
    """Search for a place of a random shape among random obstacles; return what a grid of displacements says against it.

    The grid is searched with an index over the obstacles one by one: no union, no shrinking, no squares.
    """
    chance = np.random.default_rng(seed)
    tried = shape(chance, 40.0)
    obstacles = clutter(chance, int(chance.integers(2, 25)), 120.0)
    if seed % 2:
        # Half of them begin in the middle of an obstacle.
        obstacles.append(shape(chance, 60.0))
    area = Forbidden.of([Obstacle((blot,), ("R001",)) for blot in obstacles])
    found = Search(area, RESOLUTION_M).nearest(tried, RADIUS_M).displacement
    nearest = _on_a_grid(obstacles, tried)
    if found is None:
        return (
            [] if nearest is None else [f"shapes {seed}: nothing was found, and there is a place {nearest:.1f} m away"]
        )
    wrong = []
    placed = affinity.translate(tried, found.east_m, found.north_m)
    if any(blot.buffer(-STRAIGHTENED_M).intersects(placed) for blot in obstacles):
        wrong.append(f"shapes {seed}: the place is not free")
    if found.distance_m > RADIUS_M + 1e-9 or (nearest is not None and found.distance_m > nearest + RESOLUTION_M):
        wrong.append(f"shapes {seed}: found {found.distance_m:.1f} m away, nearest {nearest} m")
    return wrong


def _on_a_grid(obstacles: Sequence[BaseGeometry], tried: BaseGeometry) -> float | None:
    """Return the nearest displacement at which the shape has a quarter of the resolution to spare."""
    steps = np.arange(-RADIUS_M, RADIUS_M + GRID_M / 2, GRID_M)
    places = np.array([(x, y) for x in steps for y in steps if hypot(x, y) <= RADIUS_M])
    places = places[np.argsort(np.hypot(places[:, 0], places[:, 1]), kind="stable")]
    tree = shapely.STRtree(obstacles)
    for start in range(0, len(places), 500):
        some = places[start : start + 500]
        shapes = [affinity.translate(tried, x, y) for x, y in some]
        hit = set(tree.query(shapes, predicate="dwithin", distance=RESOLUTION_M / 4)[0].tolist())
        free = [number for number in range(len(some)) if number not in hit]
        if free:
            return float(hypot(*some[free[0]]))
    return None
