"""Marks -> PDF, PNG or SVG. One axes covers the whole sheet and counts millimetres, so nothing can be rescaled."""

import gc
import io
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from zoning.maps.fonts import Typeface
from zoning.maps.made import Made
from zoning.maps.paper.marks import MM_PER_POINT, Hatching, Page, Raster, Shape, Words
from zoning.maps.paper.pictures import dots_of, standing_for, with_pictures
from zoning.maps.paper.rectangle import Rectangle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.transforms import Transform
    from shapely.geometry.base import BaseGeometry

To = Literal["pdf", "png", "svg"]
DPI = 300
_MM_PER_INCH = 25.4
_HALO = "#FFFFFF"
_AREA, _LEAST_RING = 2, 4
_SETTINGS: Any = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "svg.fonttype": "path",
    "svg.hashsalt": "zoning",
    "svg.image_inline": True,
    # Names come from files of strangers: a dollar in them begins no formula.
    "text.parse_math": False,
    "text.usetex": False,
    # Lines stay as they were measured.
    "path.simplify": False,
    "agg.path.chunksize": 20000,
}


def paint(
    pages: Sequence[Page],
    made: Made,
    *,
    to: To,
    title: str,
    dpi: int = DPI,
    tick: Callable[[int], None] = lambda _: None,
) -> bytes:
    """Return the pages as one file; a picture holds one page. The same pages give the same bytes.

    `tick` is told the number of each page before it is painted.
    """
    from matplotlib import rc_context

    def painted(number: int, page: Page) -> "Figure":
        tick(number)
        return _figure(page, fonts, dpi, to, pictures)

    with rc_context(_SETTINGS), _strict(), tempfile.TemporaryDirectory() as folder:
        fonts = _Fonts(pages, FilePath(folder))
        pictures: list[Raster] = []
        figures = (painted(number, page) for number, page in enumerate(pages, start=1))
        if to == "pdf":
            return with_pictures(_pdf(figures, made, title, dpi), [raster.made for raster in pictures])
        (figure,) = figures
        return _png(figure, dpi) if to == "png" else _svg(figure, made, title, dpi)


@contextmanager
def _strict() -> Iterator[None]:
    # A box instead of a character must never leave this module.
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        yield


class _Fonts:
    """The small fonts of a file, one per weight, with the characters of all its pages."""

    def __init__(self, pages: Sequence[Page], folder: FilePath) -> None:
        from matplotlib.font_manager import FontProperties

        words = [mark for page in pages for mark in page.marks if isinstance(mark, Words)]
        self._of: dict[bool, FontProperties] = {}
        for bold in (False, True):
            path = folder / ("bold.ttf" if bold else "regular.ttf")
            faces: Typeface = pages[0].faces
            path.write_bytes(faces.font_of((mark.text for mark in words if mark.bold is bold), bold=bold))
            self._of[bold] = FontProperties(fname=str(path))

    def of(self, words: Words) -> "FontProperties":
        """Return the font of a text in its size."""
        font = self._of[words.bold].copy()
        font.set_size(words.size)
        return font


def _figure(page: Page, fonts: _Fonts, dpi: int, to: To, pictures: list[Raster]) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(page.width / _MM_PER_INCH, page.height / _MM_PER_INCH), dpi=dpi, facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, page.width)
    axes.set_ylim(0, page.height)
    axes.set_autoscale_on(False)
    brush = _Brush(axes, fonts, to, pictures)
    for order, mark in enumerate(page.marks):
        brush.put(mark, order)
    return figure


class _Brush:
    """Draws marks into the axes of a sheet.

    Parameters
    ----------
    pictures
        Those of a PDF are only counted here and put in afterwards.
    """

    def __init__(self, axes: "Axes", fonts: _Fonts, to: To, pictures: list[Raster]) -> None:
        self._axes = axes
        self._fonts = fonts
        self._to = to
        self._pictures = pictures
        self._clips: dict[Rectangle, Any] = {}

    def put(self, mark: object, order: int) -> None:
        """Draw one mark over those of a lower order."""
        if isinstance(mark, Shape):
            self._shape(mark, order)
        elif isinstance(mark, Hatching):
            self._hatching(mark, order)
        elif isinstance(mark, Raster):
            self._raster(mark, order)
        elif isinstance(mark, Words):
            self._words(mark, order)

    def _clip(self, place: Rectangle | None) -> Any:
        from matplotlib.patches import Rectangle as Patch

        if place is None:
            return None
        if place not in self._clips:
            corner = (place.left, place.bottom)
            self._clips[place] = Patch(corner, place.width, place.height, transform=self._axes.transData)
        return self._clips[place]

    def _shape(self, mark: Shape, order: int) -> None:
        from matplotlib.patches import PathPatch

        if mark.geometry.is_empty:
            return
        # Of a county with all its fields the paths are most of the memory: fill and line share one.
        path = path_of(mark.geometry)
        if mark.fill is not None:
            fill = PathPatch(path, facecolor=mark.fill, alpha=mark.opacity, linewidth=0, zorder=order)
            fill.set_edgecolor("none")
            self._add(fill, mark.clip)
        if mark.width > 0:
            ends: Any = "butt" if mark.butt or mark.dash else "round"
            line = PathPatch(path, fill=False, linewidth=mark.width, zorder=order, capstyle=ends)
            line.set_edgecolor(mark.stroke)
            line.set_alpha(mark.stroke_opacity)
            line.set_joinstyle("miter" if mark.butt else "round")
            if mark.dash:
                line.set_linestyle((0, mark.dash))
            self._add(line, mark.clip)

    def _add(self, artist: Any, clip: Rectangle | None) -> None:
        self._axes.add_artist(artist)
        # Without a clip of its own an artist is cut at the edge of the sheet.
        artist.set_clip_path(self._clip(clip or self._sheet))

    @property
    def _sheet(self) -> Rectangle:
        return Rectangle(0.0, 0.0, self._axes.get_xlim()[1], self._axes.get_ylim()[1])

    def _hatching(self, mark: Hatching, order: int) -> None:
        from matplotlib.patches import PathPatch

        if not len(mark.segments):
            return
        seen = mark.within if mark.clip is None else shapely.clip_by_rect(mark.within, *mark.clip.sides)
        if seen.is_empty:
            return
        lines = PathPatch(_strokes(mark.segments), fill=False, linewidth=mark.width, zorder=order, capstyle="round")
        lines.set_edgecolor(mark.stroke)
        lines.set_alpha(mark.opacity)
        self._axes.add_artist(lines)
        lines.set_clip_path(path_of(seen), self._axes.transData)

    def _raster(self, mark: Raster, order: int) -> None:
        place = mark.place
        if self._to == "png":
            self._axes.add_artist(dots_of(mark, self._axes, order))
            return
        pixels = mark.made().pixels() if self._to == "svg" else standing_for(len(self._pictures))
        self._pictures.append(mark)
        extent = (place.left, place.right, place.bottom, place.top)
        image = self._axes.imshow(
            pixels, extent=extent, interpolation="none", aspect="auto", zorder=order, origin="upper"
        )
        self._axes.set_autoscale_on(False)
        image.set_clip_path(self._clip(mark.clip or self._sheet))

    def _words(self, mark: Words, order: int) -> None:
        if not mark.text.strip():
            return
        font = self._fonts.of(mark)
        if mark.halo:
            self._halo(mark, font, order)
        self._axes.text(
            mark.x,
            mark.y,
            mark.text,
            fontproperties=font,
            color=mark.colour,
            ha="left",
            va="baseline",
            rotation=mark.turn,
            rotation_mode="anchor",
            zorder=order,
            clip_on=False,
        )

    def _halo(self, mark: Words, font: "FontProperties", order: int) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.textpath import TextPath
        from matplotlib.transforms import Affine2D

        outline = TextPath((0, 0), mark.text, size=mark.size, prop=font)
        to_sheet: Transform = (
            Affine2D().scale(MM_PER_POINT).rotate_deg(mark.turn).translate(mark.x, mark.y) + self._axes.transData
        )
        rim = PathPatch(outline, fill=False, linewidth=2 * mark.halo, transform=to_sheet, zorder=order)
        rim.set_edgecolor(_HALO)
        rim.set_alpha(0.9)
        rim.set_joinstyle("round")
        self._axes.add_artist(rim)


def path_of(geometry: "BaseGeometry") -> "Path":
    """Return areas (holes run the other way) or lines as one path."""
    from matplotlib.path import Path

    parts = shapely.get_parts(shapely.get_parts(shapely.orient_polygons(geometry)))
    areas = shapely.get_dimensions(parts) == _AREA
    lines = shapely.get_rings(parts) if areas.all() else _mixed(parts)
    xy, of = shapely.get_coordinates(lines, return_index=True)
    counts = np.bincount(of, minlength=len(lines))
    seen = counts > 1  # a point is no line
    xy, counts = xy[seen[of]], counts[seen]
    if not len(xy):
        return Path(np.empty((0, 2)))
    kinds = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    ends = np.cumsum(counts)
    kinds[ends - counts] = Path.MOVETO
    closed = (xy[ends - 1] == xy[ends - counts]).all(axis=1) & (counts >= _LEAST_RING)
    kinds[ends[closed] - 1] = Path.CLOSEPOLY
    return Path(xy, kinds)


def _mixed(parts: "np.typing.NDArray[np.object_]") -> "np.typing.NDArray[np.object_]":
    """Return lines as they are and areas as their rings, in the order of the parts."""
    pieces = [shapely.get_rings(part) if shapely.get_dimensions(part) == _AREA else np.array([part]) for part in parts]
    return np.concatenate(pieces)


def _strokes(segments: "np.typing.NDArray[np.float64]") -> "Path":
    from matplotlib.path import Path

    codes = np.tile(np.array([Path.MOVETO, Path.LINETO], dtype=Path.code_type), len(segments))
    return Path(segments.reshape(-1, 2), codes)


def _when(made: Made) -> datetime:
    return datetime.fromisoformat(made.on).replace(tzinfo=UTC)


def _pdf(figures: "Iterator[Figure]", made: Made, title: str, dpi: int) -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages

    out = io.BytesIO()
    about = {
        "Title": title,
        "Author": made.maker,
        "Creator": f"zoning {made.version}",
        "Producer": "matplotlib",
        "CreationDate": _when(made),
    }
    with PdfPages(out, metadata=about) as book, _only_new_garbage():
        for figure in figures:
            FigureCanvasPdf(figure)
            book.savefig(figure, dpi=dpi)
            # A figure and what is on it hold each other, page after page until the collector happens to come.
            figure.clear()
            gc.collect()
    return out.getvalue()


@contextmanager
def _only_new_garbage() -> Iterator[None]:
    """Let the collector look only at what is made in this block: libraries and layers would be gone through again."""
    if gc.get_freeze_count():  # they are left out already, and have to stay so
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _png(figure: "Figure", dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib leaves it without types
    # The sheet is white: how opaque each dot is would be kept for nothing, and printed by some programs as a mask.
    dots = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]  # matplotlib leaves it without types
    opaque = Image.fromarray(dots).convert("RGB")
    out = io.BytesIO()
    opaque.save(out, format="PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _svg(figure: "Figure", made: Made, title: str, dpi: int) -> bytes:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.BytesIO()
    FigureCanvasSVG(figure)
    about = {"Date": made.on, "Title": title, "Creator": f"zoning {made.version}"}
    figure.savefig(out, format="svg", dpi=dpi, metadata=about)
    return out.getvalue()
