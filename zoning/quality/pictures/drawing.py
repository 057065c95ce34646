"""What is put into a window: shapes, then vertices, rings and names, and the marks of faults."""

from collections.abc import Iterable, Sequence
from math import atan2, hypot

import numpy as np
import shapely

from zoning.quality.outline import Floats
from zoning.quality.pictures import looks
from zoning.quality.pictures.panel import Panel, width_of
from zoning.quality.pictures.shapes import draw_shapes, meets
from zoning.quality.pictures.sketch import Mark, Ring, Scene, Sketch, lighter
from zoning.texts import Text

MOST_LABELLED = 60
_MOST_DOTTED = 2_000
_MOST_NAMED = 40
_MOST_ARROWS = 12
_MOST_OCCUPYING = 500
_CLOSE = 3.0  # points: vertices nearer to each other than this share one label


def draw_scene(panel: Panel, scene: Scene, marks: Sequence[Mark], *, labels: bool = True) -> None:
    """Draw everything of a scene that lies in a window."""
    draw_shapes(panel, scene)
    _occupy(panel, scene)
    rings = [ring for sketch in scene.sketches for ring in sketch.rings]
    _dots(panel, rings)
    for mark in marks:
        _mark(panel, mark, scene)
    several = len(scene.sketches) > 1
    if labels:
        if several:
            _names(panel, scene.sketches)
        elif len(rings) <= _MOST_ARROWS:
            _starts(panel, rings)
        if scene.vertices <= MOST_LABELLED and not several:
            _numbers(panel, rings)


def _occupy(panel: Panel, scene: Scene) -> None:
    """Keep labels off the lines, as far as that is worth the while."""
    for sketch in scene.sketches:
        for ring in sketch.rings[:_MOST_NAMED] if meets(sketch.after.bounds, panel.window) else ():
            if panel.full:
                return
            line = lighter(shapely.LineString(np.vstack([ring.xy, ring.xy[:1]])), panel.window)
            for part in shapely.get_parts(line):
                panel.take_line(shapely.get_coordinates(part)[:_MOST_OCCUPYING])


def _dots(panel: Panel, rings: Iterable[Ring]) -> None:
    xy = np.concatenate([ring.xy for ring in rings])
    west, south, east, north = panel.window
    xy = xy[(xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)]
    if len(xy) > _MOST_DOTTED:
        return
    size = 9.0 if len(xy) <= MOST_LABELLED else 3.0
    panel.axes.scatter(xy[:, 0], xy[:, 1], s=size, color=looks.OUTLINE, zorder=6, linewidths=0)


def _middle(scene: Scene) -> Floats:
    west, south, east, north = scene.bounds
    return np.array([(west + east) / 2, (south + north) / 2])


def _mark(panel: Panel, mark: Mark, scene: Scene) -> None:
    """Put the number of a fault beside its place, with a line to it."""
    if mark.at is None or not panel.shows(mark.at):
        return
    colour, radius = looks.SEVERITY[mark.fault.severity], looks.MARK_RADIUS
    x, y = panel.points(mark.at)
    inner = scene.sketches[mark.footprint].after.centroid if len(scene.sketches) > 1 else None
    middle = _middle(scene) if inner is None or inner.is_empty else np.array([inner.x, inner.y])
    away = atan2(*(mark.at - middle)[::-1].tolist())
    px, py = panel.free_place((x, y), (radius + 1, radius + 1), away)
    panel.take((px - radius, py - radius, px + radius, py + radius))
    panel.take((x - 4, y - 4, x + 4, y + 4))
    place, seat = panel.metres(x, y), panel.metres(px, py)
    panel.axes.plot(*zip(place, seat, strict=True), color=colour, linewidth=0.9, zorder=11)
    panel.axes.scatter(place[0], place[1], s=46, facecolors="none", edgecolors=colour, linewidths=1.3, zorder=12)
    if mark.fault.kind == "open-ring" and mark.more:
        # The edge that the file does not draw.
        panel.axes.plot(*zip(mark.more[0], place, strict=True), color="white", linewidth=2.4, zorder=7)
        panel.axes.plot(*zip(mark.more[0], place, strict=True), color=colour, linestyle=looks.DASHES, zorder=7)
    for other in mark.more[:1]:
        panel.axes.scatter(other[0], other[1], s=26, facecolors="none", edgecolors=colour, linewidths=1.0, zorder=12)
    panel.axes.scatter(
        seat[0], seat[1], s=(2 * radius) ** 2, color=colour, edgecolors="white", linewidths=0.8, zorder=13
    )
    panel.write(px, py - 0.4, str(mark.number), looks.BODY, color="white", fontweight="bold", zorder=14)


def _starts(panel: Panel, rings: Sequence[Ring]) -> None:
    """Show where each ring begins, in which direction it runs, and its number where there are several."""
    for ring in rings:
        if not panel.shows(ring.xy[0]) or len(ring.xy) < 2:  # noqa: PLR2004 - two points make a line
            continue
        x, y = panel.points(ring.xy[0])
        panel.axes.scatter(
            ring.xy[0, 0], ring.xy[0, 1], s=30, marker="s", color=looks.OUTLINE, edgecolors="white", zorder=8
        )
        _direction(panel, ring)
        name = Text("起点", "start") if len(rings) == 1 else Text(f"圈{ring.number} 起点", f"ring {ring.number}")
        if ring.is_hole:
            name = Text(f"圈{ring.number}（内圈）", f"ring {ring.number} (hole)")
        _label(panel, (x, y), panel.say(name), looks.SMALL, _outward(ring, 0), bold=True)


def _direction(panel: Panel, ring: Ring) -> None:
    """Draw an arrow on the first edge that is long enough to bear one."""
    xy = ring.xy
    steps = np.diff(np.vstack([xy, xy[:1]]), axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1]) / panel.scale
    long = np.flatnonzero(lengths > 28)  # noqa: PLR2004 - points: the arrow itself has 9
    if len(long) == 0:
        return
    edge = int(long[0])
    way = steps[edge] / (lengths[edge] * panel.scale)
    middle = xy[edge] + steps[edge] * 0.5
    tip = middle + way * 5 * panel.scale
    panel.axes.annotate(
        "",
        xy=tip.tolist(),
        xytext=(middle - way * 5 * panel.scale).tolist(),
        arrowprops={"arrowstyle": "-|>", "color": looks.OUTLINE, "linewidth": 1.3, "mutation_scale": 11},
        zorder=9,
    )


def _outward(ring: Ring, vertex: int) -> float:
    """Return the direction that leads away from a ring at a vertex, radians."""
    xy = ring.xy
    ahead, back = xy[(vertex + 1) % len(xy)] - xy[vertex], xy[vertex - 1] - xy[vertex]
    both = sum(way / max(hypot(*way.tolist()), 1e-12) for way in (ahead, back))
    inward = np.asarray(both)
    if hypot(*inward.tolist()) < 0.1:  # noqa: PLR2004 - nearly straight: across
        inward = np.array([-ahead[1], ahead[0]])
    middle = xy.mean(axis=0) - xy[vertex]
    sign = 1.0 if float(inward @ middle) > 0 else -1.0
    return atan2(*(-sign * inward)[::-1].tolist())


def _label(
    panel: Panel,
    at: tuple[float, float],
    text: str,
    size: float,
    away: float,
    *,
    bold: bool = False,
    near: bool = False,
) -> bool:
    """Write a label beside a place where it is free; tell whether there was room."""
    half = width_of(text, size) / 2 + 1, size * 0.62
    best, least = None, float("inf")
    for turn in (0, 1, -1, 2, -2, 3, -3, 4):
        angle = away + turn * 0.7
        reach = 5.5 + half[0] * abs(np.cos(angle)) + half[1] * abs(np.sin(angle)) * 0.6
        x, y = at[0] + reach * np.cos(angle), at[1] + reach * np.sin(angle)
        cost = panel.overlap((x - half[0], y - half[1], x + half[0], y + half[1])) + abs(turn) * 2
        if cost < least:
            best, least = (float(x), float(y)), cost
    if best is None or (near and least > half[0] * half[1] * 1.2):
        return False
    x, y = best
    panel.take((x - half[0], y - half[1], x + half[0], y + half[1]))
    weight = "bold" if bold else "normal"
    panel.write(x, y, text, size, fontweight=weight, halo=True, zorder=10)
    return True


def _numbers(panel: Panel, rings: Sequence[Ring]) -> None:
    """Write the numbers of the vertices; where several stand on one spot they share a label."""
    for ring in rings:
        groups: list[tuple[Floats, list[int]]] = []
        for vertex, xy in enumerate(ring.xy):
            if not panel.shows(xy):
                continue
            same = [g for g in groups if hypot(*((g[0] - xy) / panel.scale).tolist()) < _CLOSE]
            if same:
                same[0][1].append(vertex)
            else:
                groups.append((xy, [vertex]))
        for xy, vertices in groups:
            text = ",".join(str(vertex + 1) for vertex in vertices[:4])
            if len(rings) > 1:
                text = f"{ring.number}-{text}"
            _label(panel, panel.points(xy), text, looks.SMALL, _outward(ring, vertices[0]), near=True)


def _names(panel: Panel, sketches: Sequence[Sketch]) -> None:
    for sketch in sketches[:_MOST_NAMED]:
        if sketch.after.is_empty:
            continue
        place = shapely.point_on_surface(sketch.after)
        at = np.array([place.x, place.y])
        if panel.shows(at):
            x, y = panel.points(at)
            name = sketch.name if len(sketch.name) <= 12 else f"{sketch.name[:11]}…"  # noqa: PLR2004 - signs of a name that fit
            half = width_of(name, looks.BODY) / 2
            places = [(x, y + up) for up in (0.0, 16.0, -16.0, 30.0, -30.0)]
            costs = [panel.overlap((a - half, b - 5, a + half, b + 5)) + abs(b - y) for a, b in places]
            x, y = places[costs.index(min(costs))]
            panel.take((x - half, y - 5, x + half, y + 5))
            panel.write(x, y, name, looks.BODY, halo=True, zorder=10)
