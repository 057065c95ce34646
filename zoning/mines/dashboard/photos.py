"""Small pictures of photos: what a page can carry, without what the camera wrote into them."""

import io
from pathlib import Path

_SIDE = 320
_QUALITY = 70
_MOST_PIXELS = 80_000_000
"""More than any camera makes; a bomb has more."""


def small_picture(path: Path) -> bytes | None:
    """Return a JPEG of at most 320 pixels a side, upright, without place and time of the camera; None: no picture."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (_SIDE, _SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
            made = io.BytesIO()
            upright.save(made, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return made.getvalue()
