"""The shapes of a window: what was drawn, what is measured, its holes, and what footprints have in common."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.quality.outline import Floats
from zoning.quality.pictures import looks
from zoning.quality.pictures.panel import Box, Panel
from zoning.quality.pictures.sketch import Scene, Sketch, lighter


def draw_shapes(panel: Panel, scene: Scene) -> None:
    """Draw what was drawn below what is measured: dashes are seen where the border has gone.

    All shapes of a kind are one path: ten thousand parcels are drawn as quickly as one of as many vertices.
    """
    window = panel.window
    seen = [sketch for sketch in scene.sketches if meets(sketch.after.bounds, window) or sketch.changed]
    _lines(
        panel,
        [_closed(ring.xy) for sketch in seen if sketch.changed for ring in sketch.rings],
        edgecolor=looks.BEFORE,
        linestyle=looks.DASHES,
        linewidth=looks.BEFORE_WIDTH,
        zorder=4,
    )
    polygons = [part for sketch in seen for part in _polygons(lighter(sketch.after, window))]
    _fill(panel, polygons, facecolor=looks.FILL, linewidth=0, zorder=3)
    holes = [shapely.Polygon(hole) for part in _whole(seen) for hole in part.interiors]
    shown = [part for hole in holes for part in _polygons(lighter(hole, window))]
    _fill(panel, shown, facecolor=looks.PANEL, edgecolor=looks.HOLE, linewidth=0, hatch="/////", zorder=3.5)
    lines = [line for sketch in seen for line in shapely.get_rings(shapely.get_parts(sketch.after))]
    _lines(panel, lines, edgecolor=looks.OUTLINE, linewidth=looks.OUTLINE_WIDTH, zorder=5)
    thin = [
        shapely.LineString(ring.xy) for sketch in seen for ring in sketch.rings if len(ring.xy) > 1 and not ring.closed
    ]
    _lines(panel, thin, edgecolor=looks.BEFORE, linewidth=looks.BEFORE_WIDTH, zorder=5)
    shared = [part for piece in scene.shared for part in _polygons(piece)]
    _fill(panel, shared, facecolor=looks.SHARED, alpha=0.4, edgecolor=looks.SHARED, linewidth=1.0, zorder=4.5)


def meets(one: Box, other: Box) -> bool:
    """Tell whether two boxes (west, south, east, north) have a point in common."""
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _closed(xy: Floats) -> BaseGeometry:
    return shapely.LineString(np.vstack([xy, xy[:1]]))


def _whole(sketches: Iterable[Sketch]) -> Iterable[Any]:
    return (part for sketch in sketches for part in _polygons(sketch.after))


def _polygons(geometry: BaseGeometry) -> list[Any]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]


def _fill(panel: Panel, polygons: Sequence[BaseGeometry], **style: Any) -> None:
    from matplotlib.patches import PathPatch

    if polygons:
        _add(panel, PathPatch(path_of(polygons), **style))


def _add(panel: Panel, patch: Any) -> None:
    # As `add_patch` does it, without asking every edge how far it reaches: the window is settled.
    panel.axes.add_artist(patch)
    patch.set_clip_path(panel.axes.patch)


def path_of(polygons: Sequence[BaseGeometry]) -> Any:
    """Return polygons as one matplotlib path, holes left out."""
    from matplotlib.path import Path

    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.orient_polygons(list(polygons)))]
    codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(xy) - 2), Path.CLOSEPOLY], dtype=np.uint8) for xy in rings]
    return Path(np.concatenate(rings), np.concatenate(codes))


def _lines(panel: Panel, lines: Sequence[BaseGeometry], **style: Any) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    parts = [shapely.get_coordinates(part) for line in lines for part in shapely.get_parts(lighter(line, panel.window))]
    paths = [xy for xy in parts if len(xy) > 1]
    if paths:
        codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(xy) - 1)], dtype=np.uint8) for xy in paths]
        path = Path(np.concatenate(paths), np.concatenate(codes))
        _add(panel, PathPatch(path, fill=False, joinstyle="round", **style))
