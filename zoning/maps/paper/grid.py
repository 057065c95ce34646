"""The grid over the map: Gauss-Krüger kilometres or a graticule, labelled around the neat line."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import shapely

from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import INK, MM_PER_POINT, Page, Shape, Words
from zoning.maps.paper.projection import GroundPoint
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView

GRID_NAME, LABEL_NAME = "grid", "grid label"
_COLOUR = "#4A463E"
_STEPS_M = ((500, 50), (1_000, 100), (2_000, 200), (5_000, 500), (50_000, 1_000), (250_000, 5_000), (500_000, 10_000))
_COARSE_M = ((1_000_000, 50_000), (10_000_000, 100_000))
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
_LEAST_MM = 38.0
_CLEAR_MM = 3.0
_DOUBLED_MM = 1.2
"""A line that runs nearer to the neat line all along would look like a second one, and bears no label."""


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line: where it meets the neat line (millimetres) and what is written there."""

    label: str
    line: shapely.LineString
    upright: bool


def kilometre_step(scale: int) -> int:
    """Return the distance of the lines of the kilometre grid, metres.

    >>> kilometre_step(10_000), kilometre_step(50_000), kilometre_step(100_000), kilometre_step(2_000)
    (1000, 1000, 5000, 200)
    """
    return next((step for most, step in (*_STEPS_M, *_COARSE_M) if scale <= most), 200_000)


def grid_step(view: MapView) -> int:
    """Return the distance of the lines of a map's kilometre grid: finer where fewer than two lines would cross it."""
    usual = kilometre_step(view.scale)
    finer = [step for _, step in reversed((*_STEPS_M, *_COARSE_M)) if step < usual]
    most = min(view.ground.width, view.ground.height) / 2
    return next((step for step in (usual, *finer) if step <= most), finer[-1] if finer else usual)


def graticule_step(view: MapView) -> int:
    """Return the distance of meridians and parallels, seconds."""
    metres = _LEAST_MM * view.scale / 1000
    return next((seconds for seconds in _SECONDS if seconds * 25.0 >= metres), _SECONDS[-1])


def kilometre_lines(view: MapView) -> Iterator[GridLine]:
    """Yield the lines of the kilometre grid on the map."""
    step, ground, place = grid_step(view), view.ground, view.place
    digits = 0 if step >= 1000 else 1 if step >= 100 else 2  # noqa: PLR2004 - metres
    for number in range(ceil(ground.left / step), floor(ground.right / step) + 1):
        x, _ = view.at(GroundPoint(number * step, view.centre.north))
        line = shapely.LineString([(x, place.bottom), (x, place.top)])
        yield GridLine(f"{number * step / 1000:.{digits}f}", line, upright=True)
    for number in range(ceil(ground.bottom / step), floor(ground.top / step) + 1):
        _, y = view.at(GroundPoint(view.centre.east, number * step))
        line = shapely.LineString([(place.left, y), (place.right, y)])
        yield GridLine(f"{number * step / 1000:.{digits}f}", line, upright=False)


def graticule_lines(view: MapView) -> Iterator[GridLine]:
    """Yield meridians and parallels on the map, bent as the projection bends them."""
    seconds, ground = graticule_step(view), view.ground
    edge = shapely.segmentize(ground.shape.exterior, max(ground.width, ground.height) / 40)
    corners = np.array([view.projection.lonlat(x, y) for x, y in edge.coords])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    inner = view.place.shape
    for upright, low, high in ((True, west, east), (False, south, north)):
        for number in range(ceil(low * 3600 / seconds), floor(high * 3600 / seconds) + 1):
            value = number * seconds / 3600
            ends = ((value, south), (value, north)) if upright else ((west, value), (east, value))
            line = view.on_paper(shapely.LineString(ends), exact=True).intersection(inner)
            if isinstance(line, shapely.LineString) and not line.is_empty:
                yield GridLine(_angle(number * seconds), line, upright=upright)


def _angle(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    degrees, minutes = divmod(minutes, 60)
    return f"{degrees}°{minutes:02d}′" + (f"{rest:02d}″" if rest else "")


def draw_grid(page: Page, view: MapView, kind: str, paper: Format) -> None:
    """Draw the grid, light enough to read the map through it, and its labels outside of the neat line."""
    place = view.place
    found = () if kind == "none" else kilometre_lines(view) if kind == "gauss-kruger" else graticule_lines(view)
    lines = [line for line in found if not _is_doubled(line, place)]
    for line in lines:
        page.add(
            Shape(line.line, stroke=_COLOUR, stroke_opacity=0.42, width=0.35, clip=place, butt=True, name=GRID_NAME)
        )
    page.add(Shape(place.shape, stroke=INK, width=0.9, butt=True))
    for line in lines:
        _label(page, line, view, paper)


def _is_doubled(grid: GridLine, place: Rectangle) -> bool:
    left, bottom, right, top = grid.line.bounds
    if grid.upright:
        return right - place.left < _DOUBLED_MM or place.right - left < _DOUBLED_MM
    return top - place.bottom < _DOUBLED_MM or place.top - bottom < _DOUBLED_MM


def _label(page: Page, grid: GridLine, view: MapView, paper: Format) -> None:
    place, size = view.place, paper.small * 0.94
    height = size * MM_PER_POINT
    width = page.wide(grid.label, size)
    xy = shapely.get_coordinates(grid.line)
    tick = 1.0
    if grid.upright:
        xy = xy[np.argsort(xy[:, 1])]
        for (x, y), outward in ((xy[0], -1), (xy[-1], 1)):
            edge = place.bottom if outward < 0 else place.top
            if abs(y - edge) > 0.5 or min(x - place.left, place.right - x) < _CLEAR_MM:  # noqa: PLR2004 - half a millimetre or pixel beside the edge
                continue
            _tick(page, (x, edge), (x, edge + outward * tick))
            base = edge + (tick + 0.35 if outward > 0 else -tick - 0.35 - 0.74 * height)
            page.write(grid.label, x, base, size, align="middle", colour=_COLOUR, name=LABEL_NAME)
        return
    xy = xy[np.argsort(xy[:, 0])]
    for (x, y), outward in ((xy[0], -1), (xy[-1], 1)):
        edge = place.left if outward < 0 else place.right
        if abs(x - edge) > 0.5 or min(y - place.bottom, place.top - y) < max(_CLEAR_MM, width / 2):  # noqa: PLR2004 - half a millimetre or pixel beside the edge
            continue
        _tick(page, (edge, y), (edge + outward * tick, y))
        # Turned, so that a narrow rim is enough; read from the right of the sheet.
        base = edge + (tick + 0.35 + 0.74 * height if outward > 0 else -tick - 0.35)
        page.add(Words(grid.label, base, y - width / 2, size, False, _COLOUR, 90.0, 0.0, LABEL_NAME))  # noqa: FBT003 - the field says what it means


def _tick(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.add(Shape(shapely.LineString([start, end]), stroke=INK, width=0.6, butt=True))
