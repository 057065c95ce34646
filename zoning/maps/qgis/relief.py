"""The shaded relief as a GeoTIFF: its rows are equally high in web Mercator, so that is its coordinate system."""

import base64
import io
from typing import Any

import numpy as np

from zoning.maps.content import Picture

_BANDS = 4


def relief_tiff(picture: Picture) -> bytes:
    """Return the picture with its place on the ground; the same picture gives the same bytes."""
    import rasterio
    from PIL import Image
    from pyproj import Transformer
    from rasterio.io import MemoryFile

    raw = base64.b64decode(picture.source.partition(",")[2])
    with Image.open(io.BytesIO(raw)) as image:
        pixels: Any = np.asarray(image.convert("RGBA"))
    height, width = pixels.shape[:2]
    box = picture.box
    # The corners of a box along meridians and parallels; the datum of the picture is that of the map.
    move = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
    west, south = move(box.west, box.south)
    east, north = move(box.east, box.north)
    profile = {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "count": _BANDS,
        "dtype": "uint8",
        "crs": rasterio.CRS.from_epsg(3857),
        "transform": rasterio.Affine((east - west) / width, 0, west, 0, (south - north) / height, north),
        "compress": "deflate",
        "photometric": "RGB",
        "alpha": "unspecified",
    }
    with MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(np.moveaxis(pixels, 2, 0))
        return bytes(memory.read())
