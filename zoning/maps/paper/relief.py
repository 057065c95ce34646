"""The shaded relief, warped to the plane of the map: stretching it by its corners would displace it."""

import base64

import numpy as np
import numpy.typing as npt

from zoning.maps.content import Picture
from zoning.maps.hillshade import mercator
from zoning.maps.paper.marks import Tinted
from zoning.maps.paper.view import MapView
from zoning.maps.sheet import METRES_PER_DEGREE

_STRIP_ROWS = 128
_MOST_PIXELS = 24_000_000
_LEVELS = 200
_SMOOTH_M = 45.0
_MM_PER_INCH = 25.4

Pixels = npt.NDArray[np.uint8]


def picture_pixels(picture: Picture) -> Pixels:
    """Return the pixels of a picture, (rows, columns, 3).

    Elevation models count in whole metres: on a large scale their steps would be drawn as terraces that are not there.
    """
    import io

    from PIL import Image, ImageFilter

    data = base64.b64decode(picture.source.partition(",")[2])
    with Image.open(io.BytesIO(data)) as image:
        found = image.convert("RGB")
    box = picture.box
    pixel_m = (box.north - box.south) * METRES_PER_DEGREE / found.height
    if pixel_m < _SMOOTH_M / 1.5:
        found = found.filter(ImageFilter.GaussianBlur(_SMOOTH_M / pixel_m))
    return np.asarray(found, dtype=np.uint8)


def warped_relief(picture: Picture, view: MapView, *, dpi: int, paper: str) -> Tinted:
    """Return the relief of the neat line in the map's plane; paper where the picture ends."""
    from affine import Affine
    from rasterio.crs import CRS
    from rasterio.warp import Resampling, reproject

    place, ground = view.place, view.ground
    columns, rows = (max(2, round(side / _MM_PER_INCH * dpi)) for side in (place.width, place.height))
    shrink = min(1.0, (_MOST_PIXELS / (columns * rows)) ** 0.5)
    columns, rows = round(columns * shrink), round(rows * shrink)
    found = picture_pixels(picture)
    high, wide = found.shape[:2]
    west, south = mercator(picture.box.west, picture.box.south)
    east, north = mercator(picture.box.east, picture.box.north)
    here = Affine((east - west) / wide, 0, west, 0, (south - north) / high, north)
    there = Affine(ground.width / columns, 0, ground.left, 0, -ground.height / rows, ground.top)
    bands = np.concatenate([np.moveaxis(found, 2, 0), np.full((1, high, wide), 255, np.uint8)])
    ground_colour = np.array([int(paper[k : k + 2], 16) for k in (1, 3, 5)], dtype=np.float32)
    colours = _FewColours(rows, columns)
    # Strip by strip: in numbers as they are reckoned with, the whole of a large sheet takes a gigabyte.
    for first in range(0, rows, _STRIP_ROWS):
        count = min(_STRIP_ROWS, rows - first)
        out = np.zeros((4, count, columns), np.float32)
        strip = Affine(there.a, 0, there.c, 0, there.e, there.f + first * there.e)
        reproject(
            bands,
            out,
            src_transform=here,
            src_crs=CRS.from_epsg(3857),
            dst_transform=strip,
            dst_crs=CRS.from_string(view.projection.crs),
            resampling=Resampling.bilinear,
        )
        share = np.clip(out[3] / 255.0, 0.0, 1.0)[None]
        # Where the picture ends its colours fade to black: they are weighed by how much of a pixel it covers.
        colours.put(first, out[:3] + ground_colour[:, None, None] * (1.0 - share))
    return colours.picture()


class _FewColours:
    """A picture in fewer colours than a palette holds: its file is a third, and the eye sees no difference.

    The colours of a relief follow each other from shadow to light, so that brightness alone tells them apart.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self._level = np.zeros((rows, columns), np.uint8)
        self._counts = np.zeros(_LEVELS + 1)
        self._sums = np.zeros((_LEVELS + 1, 3))

    def put(self, first: int, bands: npt.NDArray[np.float32]) -> None:
        """Take rows of the picture, (3, rows, columns), beginning with row `first`."""
        level = np.clip(np.round(bands.mean(axis=0) / 255.0 * _LEVELS), 0, _LEVELS).astype(np.uint8)
        self._level[first : first + len(level)] = level
        flat = level.ravel()
        self._counts += np.bincount(flat, minlength=_LEVELS + 1)
        for band in range(3):
            self._sums[:, band] += np.bincount(flat, bands[band].ravel(), _LEVELS + 1)

    def picture(self) -> Tinted:
        """Return the picture; each level has the mean of its colours."""
        means = self._sums / np.maximum(self._counts, 1)[:, None]
        return Tinted(self._level, np.clip(np.round(means), 0, 255).astype(np.uint8))
