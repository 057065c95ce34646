"""Hatches on paper: the tiles of the styles, repeated in millimetres, all of one class in step."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.paper.marks import MM_PER_POINT, POINTS_PER_PIXEL, Hatching
from zoning.maps.paper.rectangle import Rectangle
from zoning.styles.hatches import Tile, dash_array, hatch_tile
from zoning.styles.looks import PIXEL_MM
from zoning.styles.stylebook import ClassStyle

Segments = npt.NDArray[np.float64]


def points(pixels: float) -> float:
    """Return a width of a style in points of 1/72 inch."""
    return pixels * POINTS_PER_PIXEL


def dashes(style: ClassStyle) -> tuple[float, ...]:
    """Return strokes and gaps of an outline, points; () for a solid line."""
    array = dash_array(style)
    return tuple(points(float(value)) for value in array.split()) if array else ()


def hatching(style: ClassStyle, within: BaseGeometry, clip: Rectangle | None) -> Hatching | None:
    """Return the hatch of a class inside of areas (millimetres); None where the class has none."""
    tile = hatch_tile(style)
    seen = within if clip is None else shapely.clip_by_rect(within, *clip.sides)
    if seen.is_empty or not (tile.strokes or tile.dots):
        return None
    width = tile.stroke_width * PIXEL_MM
    segments = _strokes(tile, seen.bounds)
    if tile.dots:
        width = 2 * tile.dot_radius * PIXEL_MM
        segments = _dots(tile, seen, width)
    if style.hatch == "cross-plus":
        segments = _near(segments, seen, tile.size * PIXEL_MM)
    return Hatching(segments, within, style.outline, tile.opacity, width / MM_PER_POINT, clip)


def _strokes(tile: Tile, bounds: tuple[float, float, float, float]) -> Segments:
    """Return the strokes over a rectangle; those that run through many tiles are drawn in one."""
    size = tile.size * PIXEL_MM
    left, bottom, right, top = bounds
    found: list[Segments] = []
    for x0, y0, x1, y1 in tile.strokes:
        start, end = np.array([x0, -y0]) * PIXEL_MM, np.array([x1, -y1]) * PIXEL_MM
        along = end - start
        if np.allclose(np.abs(along), (size, 0)):
            ys = start[1] + size * np.arange(np.floor(bottom / size) - 1, np.ceil(top / size) + 2)
            found.append(np.array([[[left, y], [right, y]] for y in ys]))
        elif np.allclose(np.abs(along), (0, size)):
            xs = start[0] + size * np.arange(np.floor(left / size) - 1, np.ceil(right / size) + 2)
            found.append(np.array([[[x, bottom], [x, top]] for x in xs]))
        elif np.allclose(np.abs(along), (size, size)):
            found.append(_diagonals(1.0 if along[0] * along[1] > 0 else -1.0, size, bounds))
        elif min(x0, y0, x1, y1) >= 0 and max(x0, y0, x1, y1) <= tile.size:
            found.append(_repeated(np.stack([start, end]), size, bounds))
        # What runs over the corner of a tile belongs to the diagonal of its neighbour.
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _diagonals(slope: float, size: float, bounds: tuple[float, float, float, float]) -> Segments:
    left, bottom, right, top = bounds
    # Where they cross the vertical axis: at every multiple of the size.
    offsets = [y - slope * x for x in (left, right) for y in (bottom, top)]
    numbers = np.arange(np.floor(min(offsets) / size), np.ceil(max(offsets) / size) + 1)
    return np.array([[[left, slope * left + n * size], [right, slope * right + n * size]] for n in numbers])


def _repeated(shape: Segments, size: float, bounds: tuple[float, float, float, float]) -> Segments:
    left, bottom, right, top = bounds
    columns = np.arange(np.floor(left / size), np.ceil(right / size) + 1)
    rows = np.arange(np.floor(bottom / size), np.ceil(top / size) + 2)
    corners = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 1, 2) * size
    return np.asarray(corners + shape[None, :, :])


def _dots(tile: Tile, seen: BaseGeometry, width: float) -> Segments:
    size = tile.size * PIXEL_MM
    found = [_repeated(np.array([[x, -y], [x, -y]]) * PIXEL_MM, size, seen.bounds) for x, y in tile.dots]
    return _near(np.concatenate(found), seen, width)


def _near(segments: Segments, seen: BaseGeometry, reach: float) -> Segments:
    """Return the strokes whose middle lies in the areas or near them: the rest would be cut away on paper anyhow."""
    around = seen.buffer(reach, quad_segs=2)
    shapely.prepare(around)
    middles = segments.mean(axis=1)
    kept: Segments = segments[shapely.contains_xy(around, middles[:, 0], middles[:, 1])]
    return kept
