"""A territory as drawn: border, townships, rivers, relief. All layers are drawn on it."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.coverage import nearest, waves
from demo_data.places import River, Territory
from demo_data.plane import GRID_M, SQUARE_KILOMETRE, Floats, box_of, to_degrees, to_plane
from demo_data.relief import Bools, Grid, Relief, burn, carved, grid_over, mask_of, refined, streams
from demo_data.shapes import fitted, framed, polygons, ragged, ring, sized, softened, surface

FINE = 2  # the rasters have cells half as long as the relief
_BROOK_KM2 = 7.0


@dataclass(frozen=True, slots=True)
class Water:
    """A river in the plane: its line from source to mouth and the surface between its banks."""

    name: str
    kind: str
    width: float
    line: LineString
    surface: MultiPolygon


@dataclass(frozen=True, slots=True)
class Land:
    """Everything that is known of a territory before zones are drawn; geometries in the plane."""

    facts: Territory
    outline: Polygon
    towns: tuple[MultiPolygon, ...]
    rivers: tuple[Water, ...]
    relief: Relief

    def town_at(self, geometry: BaseGeometry) -> str:
        """Return the name of the township that holds most of a geometry."""
        shares = [town.intersection(geometry).area for town in self.towns]
        return self.facts.towns[int(np.argmax(shares))][0]

    def water(self) -> MultiPolygon:
        """Return all river surfaces together."""
        return surface(shapely.union_all([river.surface for river in self.rivers]))


def outline_of(facts: Territory, must: BaseGeometry) -> Polygon:
    """Return the border: documented area and extent, all of `must` inside."""
    raw = ring(facts.outline, f"{facts.code} border", roughness=0.11, step=220)
    area = facts.area_km2 * SQUARE_KILOMETRE
    if facts.frame is None:
        return _snapped(sized(raw, area))
    frame = box_of(*facts.frame)
    shape = fitted(lambda bulge: shapely.union(framed(raw, frame, bulge), must), area, -0.8, 0.45)
    return _snapped(Polygon(polygons(shape)[0].exterior))


def _snapped(shape: Polygon) -> Polygon:
    return polygons(shapely.set_precision(shape, GRID_M))[0]


def towns_of(facts: Territory, outline: Polygon) -> tuple[MultiPolygon, ...]:
    """Divide a territory among its townships."""
    seeds = to_plane([place for _, place in facts.towns])
    spacing = float(np.sqrt(outline.area) / 62)
    return tuple(nearest(outline, seeds, f"{facts.code} towns", spacing=spacing, wobble=spacing * 1.8))


def _course(river: River, code: str) -> Floats:
    line = to_plane(river.course)
    return softened(ragged(line, f"{code} {river.name}", roughness=0.16, step=260), closed=False)


def _banks(line: Floats, width: float, source: float = 0.55) -> BaseGeometry:
    """Return the surface between the banks, narrower at the source."""
    pieces = np.array_split(np.arange(len(line) - 1), max(1, len(line) // 12))
    share = np.linspace(source, 1.0, len(pieces))
    parts = [
        LineString(line[p[0] : p[-1] + 2]).buffer(width / 2 * s, quad_segs=2)
        for p, s in zip(pieces, share, strict=True)
    ]
    return shapely.union_all(parts).simplify(2.0)


def _degrees(line: Floats) -> Floats:
    return shapely.get_coordinates(to_degrees(LineString(line)))


def relief_of(facts: Territory, outline: Polygon, courses: list[Floats]) -> Relief:
    """Carve the relief of a territory by its rivers."""
    degrees = to_degrees(outline)
    grid = grid_over(degrees.bounds, facts.cell)
    lines = [(_degrees(course), river.top, river.bottom) for course, river in zip(courses, facts.rivers, strict=True)]
    return carved(
        grid,
        burn(grid, lines),
        _steepness(facts, grid),
        facts.code,
        highest=facts.highest,
        inside=mask_of(grid, degrees),
    )


def _steepness(facts: Territory, grid: Grid) -> Floats:
    centres = grid.centres()
    total = np.full(len(centres), facts.hills)
    for mountain in facts.mountains:
        away = np.hypot(*(centres - to_plane([mountain.place])[0]).T) / 1000 / mountain.radius
        total += mountain.strength * np.exp(-(away**2))
    total *= 1 + 0.25 * waves(centres, f"{facts.code} rock", 9000.0)
    steepness: Floats = np.maximum(total, 0.02).reshape(grid.rows, grid.columns)
    return steepness


def _brooks(relief: Relief) -> list[tuple[Floats, float]]:
    cell_km2 = (relief.grid.size * 111) ** 2 * np.cos(np.radians(relief.grid.north))
    found = []
    for points, cells in streams(relief, _BROOK_KM2 / float(cell_km2)):
        if len(points) > 6:
            line = softened(
                to_plane(points[::2] if len(points) % 2 else np.vstack([points[:-1:2], points[-1:]])), closed=False
            )
            found.append((line, float(np.clip(4 * np.sqrt(cells * cell_km2), 8, 40))))
    return found


def rivers_of(facts: Territory, outline: Polygon, courses: list[Floats], relief: Relief) -> tuple[Water, ...]:
    """Return the named rivers and the brooks of a territory, cut at its border."""
    named = [(r.name, r.kind, r.width, c) for r, c in zip(facts.rivers, courses, strict=True)]
    brooks = [(f"支流{i:02d}", "other-river", w, line) for i, (line, w) in enumerate(_brooks(relief), 1)]
    found: list[Water] = []
    taken: BaseGeometry = MultiPolygon()
    for name, kind, width, line in [*named, *brooks]:
        inside = surface(shapely.difference(shapely.intersection(_banks(line, width), outline), taken), 50.0)
        if inside.area > 10_000:
            found.append(Water(name, kind, width, LineString(line), inside))
            taken = shapely.union(taken, inside)
    return tuple(found)


def land_of(facts: Territory, must: BaseGeometry) -> Land:
    """Draw a territory that holds all of `must`."""
    outline = outline_of(facts, must)
    courses = [_course(river, facts.code) for river in facts.rivers]
    relief = relief_of(facts, outline, courses)
    return Land(facts, outline, towns_of(facts, outline), rivers_of(facts, outline, courses, relief), relief)


def fine_heights(land: Land) -> tuple[Grid, Floats]:
    """Return the relief on the finer grid of the rasters."""
    grid = land.relief.grid.finer(FINE)
    heights = refined(land.relief.height, FINE)
    here = heights[inside(land, grid)]
    low = land.facts.lowest or float(here.min())
    span = (land.facts.highest - low) / (here.max() - here.min())
    return grid, np.maximum(low + (heights - here.min()) * span, low - 40)


def inside(land: Land, grid: Grid) -> Bools:
    """Tell which cells of a grid lie in the territory."""
    return mask_of(grid, to_degrees(land.outline))
