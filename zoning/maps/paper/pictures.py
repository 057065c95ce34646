"""Pictures in the files that the painter writes, one in the memory at a time.

matplotlib keeps every picture of a file, each in several copies, until the file is complete: the atlas of a county took
gigabytes. Therefore a PDF is written with a picture of a few dots in the place of each, and the pictures are put in
afterwards; and of a picture for the screen a strip of rows is made at a time.
"""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zoning.maps.paper.marks import Raster, Tinted

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_STRIP_ROWS = 512


def standing_for(number: int) -> npt.NDArray[np.uint8]:
    """Return what stands for a picture until it is put in: its width tells its number, counted from 0."""
    return np.full((1, number + 1, 3), 255, np.uint8)


def with_pictures(pdf: bytes, made: Sequence[Callable[[], Tinted]]) -> bytes:
    """Return a PDF in which every stand-in has become the picture of its number; all else stays as it is."""
    if not made:
        return pdf
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    waiting = dict(enumerate(made))
    for page in writer.pages:
        resources: Any = page["/Resources"]
        for image in resources.get("/XObject", {}).values():
            stream = image.get_object()
            picture = waiting.pop(int(stream.get("/Width", 0)) - 1, None) if stream.get("/Height") == 1 else None
            if picture is not None:
                _put(stream, picture())
    if waiting:
        raise AssertionError(f"pictures without a place: {sorted(waiting)}")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _put(stream: Any, picture: Tinted) -> None:
    from pypdf.generic import ArrayObject, ByteStringObject, NameObject, NumberObject

    rows, columns = picture.numbers.shape
    # The page turns pictures upside down, as matplotlib writes them.
    stream.set_data(picture.numbers[::-1].tobytes())
    # It keeps what it was set to beside the compressed bytes.
    stream.decoded_self = None
    stream.pop("/DecodeParms", None)
    stream.update(
        {
            NameObject("/Width"): NumberObject(columns),
            NameObject("/Height"): NumberObject(rows),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/ColorSpace"): ArrayObject(
                [
                    NameObject("/Indexed"),
                    NameObject("/DeviceRGB"),
                    NumberObject(len(picture.palette) - 1),
                    ByteStringObject(picture.palette.tobytes()),
                ]
            ),
        }
    )


def dots_of(raster: Raster, axes: "Axes", order: int) -> "Artist":
    """Return what draws a picture into a file of dots, whose dots are taken from the picture's nearest ones."""
    from matplotlib.artist import Artist
    from matplotlib.transforms import Bbox, TransformedBbox

    place = raster.place
    corners = Bbox.from_extents(place.left, place.bottom, place.right, place.top)
    clip = raster.clip or place
    seen = TransformedBbox(Bbox.from_extents(clip.left, clip.bottom, clip.right, clip.top), axes.transData)

    class Dots(Artist):
        """The picture."""

        def draw(self, renderer: Any) -> None:
            """Draw it strip by strip, from the bottom up as the renderer counts."""
            picture = raster.made()
            box = corners.transformed(axes.transData)
            rows, columns = picture.numbers.shape
            across = _nearest(box.x0, box.x1, columns)
            upwards = _nearest(box.y0, box.y1, rows)
            opaque = np.concatenate([picture.palette, np.full((len(picture.palette), 1), 255, np.uint8)], axis=1)
            pen = renderer.new_gc()
            pen.set_clip_rectangle(seen)
            for first in range(0, len(upwards), _STRIP_ROWS):
                lines = rows - 1 - upwards[first : first + _STRIP_ROWS]
                dots = opaque[picture.numbers[np.ix_(lines, across)]]
                renderer.draw_image(pen, int(np.floor(box.x0)), int(np.floor(box.y0)) + first, dots)
            pen.restore()

    dots = Dots()
    dots.set_zorder(order)
    return dots


def _nearest(low: float, high: float, count: int) -> npt.NDArray[np.intp]:
    """Return which of `count` cells between two places the middle of each dot lies in; the outer dots take the ends."""
    middles = np.arange(np.floor(low), np.ceil(high)) + 0.5
    cells = np.floor((middles - low) / (high - low) * count).astype(np.intp)
    nearest: npt.NDArray[np.intp] = np.clip(cells, 0, count - 1)
    return nearest
