"""The shaded relief, warped to the plane of the map: stretching it by its corners would displace it."""

import base64

import numpy as np
import numpy.typing as npt

from zoning.maps.content import Picture
from zoning.maps.hillshade import mercator
from zoning.maps.paper.view import MapView
from zoning.maps.sheet import METRES_PER_DEGREE

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


def warped_relief(picture: Picture, view: MapView, *, dpi: int, paper: str) -> Pixels:
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
    bands = np.concatenate([np.moveaxis(found, 2, 0), np.full((1, high, wide), 255, np.uint8)]).astype(np.float32)
    out = np.zeros((4, rows, columns), np.float32)
    reproject(
        bands,
        out,
        src_transform=here,
        src_crs=CRS.from_epsg(3857),
        dst_transform=there,
        dst_crs=CRS.from_string(view.projection.crs),
        resampling=Resampling.bilinear,
    )
    ground_colour = np.array([int(paper[k : k + 2], 16) for k in (1, 3, 5)], dtype=np.float32)
    share = np.clip(out[3] / 255.0, 0.0, 1.0)[None]
    # Where the picture ends its colours fade to black: they are weighed by how much of a pixel it covers.
    mixed = out[:3] + ground_colour[:, None, None] * (1.0 - share)
    return _few_colours(np.moveaxis(mixed, 0, 2))


def _few_colours(pixels: npt.NDArray[np.float32]) -> Pixels:
    """Return the picture in fewer colours than a palette holds: its file is a third, and the eye sees no difference.

    The colours of a relief follow each other from shadow to light, so that brightness alone tells them apart.
    """
    level = np.clip(np.round(pixels.mean(axis=2) / 255.0 * _LEVELS), 0, _LEVELS).astype(np.intp)
    counts = np.maximum(np.bincount(level.ravel(), minlength=_LEVELS + 1), 1)
    bands = [np.bincount(level.ravel(), pixels[..., band].ravel(), _LEVELS + 1) / counts for band in range(3)]
    palette = np.clip(np.round(np.stack(bands, axis=1)), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(palette[level])
