"""What workers do for registers: photos are opened and made small, places are read from files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from zoning.errors import ZoningError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.web.workers.tasks import Kept

_MOST_PIXELS = 80_000_000
"""More than any camera makes; a bomb has more."""
_SIDES = {"large": 1600, "small": 360}
_QUALITY = 78
_NO_SIZE_M = 1.0
"""Readers ask how wide a line or point is; a register keeps it as it is drawn."""


def photo(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Write `large.jpg` and `small.jpg` of a photo: upright, without anything else that the camera wrote.

    `told`: `file`. Returns the size in pixels, or `error` (zh, en).
    """
    del kept
    from PIL import Image, ImageFile, ImageOps

    # Libraries that draw reports switch it on for their whole process; a photo that is cut off is no photo.
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        # Only these decoders: a file cannot choose a rarer one.
        with Image.open(Path(told["file"]), formats=("JPEG", "PNG", "WEBP")) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                return _said(Text("照片像素过多，没有保存", "the photo has too many pixels and was not kept"))
            picture.draft("RGB", (_SIDES["large"], _SIDES["large"]))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            for name, side in _SIDES.items():
                upright.thumbnail((side, side), Image.Resampling.LANCZOS)
                # A new picture: the one that was read carries the camera's notes with it.
                plain = Image.new("RGB", upright.size)
                plain.paste(upright)
                plain.save(f"{name}.jpg", "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _said(Text("照片已损坏，打不开，没有保存", "the photo is damaged and was not kept"))
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    return {"width": width, "height": height}


def record_place(kept: "Kept", told: Mapping[str, Any]) -> dict[str, Any]:
    """Read the place of one record from a boundary file.

    Parameters
    ----------
    told
        `file`, `name`, `on` (day), `kind` (area, line, point, any).

    Returns
    -------
    dict
        `geometry` (WKB as hexadecimal text, degrees, EPSG:4490); or `error` (zh, en).
    """
    from datetime import date

    from zoning.exchange.moving import Mover
    from zoning.layers.datum import CGCS2000, LonLat
    from zoning.sites.limits import Options
    from zoning.sites.streaming import stream_sites
    from zoning.web.workers.handing import hand_over

    file = hand_over(Path(told["file"]), Path("in").absolute(), str(told.get("name", "")))
    expected = kept.extent(date.fromisoformat(told["on"]))
    width = None if told["kind"] == "area" else _NO_SIZE_M
    try:
        slices = stream_sites(file, Options(expected=expected, width_m=width))
        rows = [row for some in slices for row in some]
        if len(rows) != 1:
            return _said(
                Text(f"文件中有 {len(rows)} 个图形，这里只要一个", f"the file has {len(rows)} shapes; one is wanted")
            )
        site = rows[0].site
        if site is None:
            return _said(rows[0].error.text if rows[0].error is not None else Text("没有图形", "there is no shape"))
        shape = Mover(site.crs, CGCS2000, LonLat()).moved(site.geometry)
    except ZoningError as error:
        return _said(error.text)
    return {"geometry": shapely.to_wkb(shapely.force_2d(shape), hex=True)}


def _said(text: Text) -> dict[str, Any]:
    return {"error": text.plain()}
