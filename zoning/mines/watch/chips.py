"""Pictures of a patch before and after, side by side, its outline drawn."""

import io
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.mines.raster_grid import Grid
from zoning.mines.watch.days import Day
from zoning.mines.watch.settings import Chips

Floats = NDArray[np.float64]

# NDVI and the colour that it has: bare ground, grass, forest.
_RAMP = (
    (-0.1, (120, 110, 105)),
    (0.1, (196, 160, 118)),
    (0.3, (226, 214, 150)),
    (0.5, (138, 178, 94)),
    (0.8, (26, 90, 40)),
)
_NOTHING = (255, 255, 255)
_LINE = (200, 20, 40)
_GAP = 6


def chip_png(place: BaseGeometry, grid: Grid, before: Day, after: Day, settings: Chips, *, metre: float) -> bytes:
    """Return a picture: left before, right after.

    Parameters
    ----------
    place
        The patch in the coordinate system of the grid.
    metre
        How long a metre is in units of the grid.
    """
    from PIL import Image

    west, south, east, north = place.bounds
    margin = settings.margin * metre
    left = max(int((west - margin - grid.left) / grid.dx), 0)
    top = max(int((grid.top - north - margin) / grid.dy), 0)
    right = min(int((east + margin - grid.left) / grid.dx) + 1, grid.width)
    bottom = min(int((grid.top - south + margin) / grid.dy) + 1, grid.height)
    size = (right - left, bottom - top)
    scale = settings.pixels / max(size)
    shown = (max(round(size[0] * scale), 1), max(round(size[1] * scale), 1))
    sheet = Image.new("RGB", (2 * shown[0] + _GAP, shown[1]), _NOTHING)
    for number, day in enumerate((before, after)):
        picture = Image.fromarray(_coloured(day.window(left, top, *size))).resize(shown, Image.Resampling.NEAREST)
        _outline(
            picture, place, (grid.left + left * grid.dx, grid.top - top * grid.dy), (scale / grid.dx, scale / grid.dy)
        )
        sheet.paste(picture, (number * (shown[0] + _GAP), 0))
    made = io.BytesIO()
    sheet.save(made, "PNG", optimize=True)
    return made.getvalue()


def _coloured(values: Floats) -> NDArray[np.uint8]:
    marks = [mark for mark, _ in _RAMP]
    bands = [np.interp(values, marks, [colour[band] for _, colour in _RAMP]) for band in range(3)]
    picture = np.stack(bands, axis=-1)
    picture[np.isnan(values)] = _NOTHING
    return picture.astype(np.uint8)


def _outline(picture: Any, place: BaseGeometry, corner: tuple[float, float], scale: tuple[float, float]) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    for part in shapely.get_parts(place):
        for ring in shapely.get_rings(part):
            xy = shapely.get_coordinates(ring)
            path = np.column_stack([(xy[:, 0] - corner[0]) * scale[0], (corner[1] - xy[:, 1]) * scale[1]])
            pen.line([tuple(point) for point in path.tolist()], fill=_LINE, width=2)
