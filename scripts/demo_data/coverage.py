"""Partitions without gaps and overlaps: neighbours share every vertex of their common edge."""

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.plane import GRID_M, Floats
from demo_data.shapes import generator, polygons, ragged, softened, surface


def faces(outlines: Sequence[BaseGeometry], frame: BaseGeometry) -> list[Polygon]:
    """Cut `frame` along all outlines and return the pieces in a fixed order."""
    lines = shapely.unary_union([frame.boundary, *(o.boundary for o in outlines)], grid_size=GRID_M)
    cut = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapely.prepare(frame)
    inside = shapely.contains(frame, shapely.point_on_surface(cut))
    return sorted((p for p, ok in zip(cut, inside, strict=True) if ok), key=lambda p: (p.bounds, p.area))


def labels(pieces: Sequence[Polygon], zones: Sequence[BaseGeometry]) -> list[int]:
    """Return for each piece the index of the first zone that holds it, len(zones) where none does."""
    spots = shapely.point_on_surface(np.array(pieces))
    found = np.full(len(pieces), len(zones))
    for index in range(len(zones) - 1, -1, -1):
        shapely.prepare(zones[index])
        found[shapely.contains(zones[index], spots)] = index
    return [int(label) for label in found]


def partition(zones: Sequence[BaseGeometry], frame: BaseGeometry, least: float = 400.0) -> list[MultiPolygon]:
    """Divide `frame` among zones, earlier ones first; the last entry is the rest (see `joined`)."""
    pieces = faces(zones, frame)
    return joined(pieces, labels(pieces, zones), len(zones) + 1, least=least)


def joined(pieces: Sequence[Polygon], found: list[int], count: int, *, least: float) -> list[MultiPolygon]:
    """Join the pieces of each label 0 .. count - 1; those under `least` m² go to the longest neighbour."""
    found = list(found)
    _absorb(pieces, found, least)
    merged = []
    for index in range(count):
        members = [p for p, label in zip(pieces, found, strict=True) if label == index]
        merged.append(surface(shapely.coverage_union_all(members)) if members else MultiPolygon())
    return merged


def _absorb(pieces: Sequence[Polygon], found: list[int], least: float) -> None:
    tree = shapely.STRtree(pieces)
    small = [i for i, p in enumerate(pieces) if p.area < least]
    for i in sorted(small, key=lambda i: (pieces[i].area, i)):
        shared: dict[int, float] = {}
        for j in tree.query(pieces[i], predicate="intersects"):
            length = pieces[i].boundary.intersection(pieces[j].boundary).length
            if j != i and length > 0 and pieces[j].area > pieces[i].area:
                shared[found[j]] = shared.get(found[j], 0.0) + length
        if shared:
            found[i] = max(sorted(shared), key=lambda label: shared[label])


def reworked(zones: Sequence[BaseGeometry], rework: Callable[[Floats, str], Floats]) -> list[MultiPolygon]:
    """Redraw each common edge of a partition once, so that both neighbours get the same new edge.

    `rework` gets the vertices of an edge and a name for it and must keep the first and last vertex.
    """
    merged = shapely.line_merge(shapely.union_all([z.boundary for z in zones]))
    arcs = [LineString(rework(shapely.get_coordinates(arc), f"{arc.bounds}")) for arc in shapely.get_parts(merged)]
    lines = shapely.unary_union(arcs, grid_size=GRID_M)
    pieces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    owner: dict[int, list[Polygon]] = {}
    for piece in pieces:
        overlaps = [piece.intersection(zone).area for zone in zones]
        if max(overlaps) > 0:
            owner.setdefault(int(np.argmax(overlaps)), []).append(piece)
    return [surface(shapely.union_all(owner.get(i, []), grid_size=GRID_M)) for i in range(len(zones))]


def soft_edges(points: Floats, _: str) -> Floats:
    """Round the corners of an edge (for `reworked`)."""
    closed = bool(np.array_equal(points[0], points[-1]))
    return softened(points, closed=closed)


def nearest(frame: BaseGeometry, seeds: Floats, name: str, *, spacing: float, wobble: float) -> list[MultiPolygon]:
    """Divide `frame` among seeds, shape (n, 2): each place goes to the nearest one, with ragged common borders."""
    x0, y0, x1, y1 = frame.bounds
    random = generator(name)
    xs, ys = np.meshgrid(np.arange(x0, x1 + spacing, spacing), np.arange(y0, y1 + spacing, spacing))
    mesh = np.column_stack([xs.ravel(), ys.ravel()])
    mesh += random.uniform(-0.42, 0.42, mesh.shape) * spacing
    noise = wobble * np.column_stack([waves(mesh, f"{name} x", 6000.0), waves(mesh, f"{name} y", 6000.0)])
    distance = np.hypot(*(mesh + noise)[:, None, :].transpose(2, 0, 1) - seeds.T[:, None, :])
    choice = np.argmin(distance, axis=1)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(mesh), extend_to=frame, ordered=True))
    rough = [shapely.union_all(cells[choice == i]) for i in range(len(seeds))]
    bent = reworked(rough, lambda p, key: ragged(soft_edges(p, key), key, roughness=0.1, step=spacing / 3))
    return _tidy(partition(bent, frame)[: len(seeds)])


def _tidy(zones: list[MultiPolygon]) -> list[MultiPolygon]:
    """Give islands of a zone to the neighbour around them."""
    islands = [(i, p) for i, zone in enumerate(zones) for p in polygons(zone)[1:]]
    for home, island in islands:
        touch = [0.0 if i == home else island.boundary.intersection(z.boundary).length for i, z in enumerate(zones)]
        to = int(np.argmax(touch))
        if touch[to] > 0:
            zones[home] = surface(shapely.difference(zones[home], island, grid_size=GRID_M), 1.0)
            zones[to] = surface(shapely.union(zones[to], island, grid_size=GRID_M), 1.0)
    return zones


def waves(points: Floats, name: str, wavelength: float, *, octaves: int = 4) -> Floats:
    """Return smooth noise between about -1 and 1 at points, shape (n, 2) -> (n,); rounded to hold on any processor."""
    random = generator(name)
    total = np.zeros(len(points))
    for octave in range(octaves):
        for _ in range(5):
            turn, phase = random.uniform(0, 2 * np.pi, 2)
            length = wavelength / 2**octave * random.uniform(0.7, 1.4)
            along = (points[:, 0] * np.cos(turn) + points[:, 1] * np.sin(turn)) / length
            total += np.sin(2 * np.pi * along + phase) / 5 * 0.62**octave
    return np.round(total, 6)
