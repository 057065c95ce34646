"""Where everything goes on a sheet: map, panel, foot. The scale follows from the room that the panel leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from zoning.maps.map_product import MapProduct, Paper, PaperSize
from zoning.maps.paper.content import Sheet, sheet_of
from zoning.maps.paper.flow import Row, height_of, into_columns, least_height
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import MM_PER_POINT
from zoning.maps.paper.projection import GroundPoint, Projected, Projection
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView, fitting_scale
from zoning.maps.scene import Scene
from zoning.styles.stylebook import Stylebook

TIGHT = (1.0, 0.92, 0.84, 0.76)
_WAYS = ((1, 1.0), (1, 0.92), (2, 1.0), (2, 0.92), (2, 0.84), (3, 0.92), (3, 0.84), (3, 0.76))
"""Columns beside the map and how tight the type is, the best first."""
_MOST_WIDTH, _MOST_HEIGHT = 0.46, 0.46
"""Of the room that panel and map share, the panel gets no more."""

_ROUNDS = 3
_SPARE_MM, _CLEAR_MM = 1.8, 0.8
"""What a panel under the map is higher than its rows need, and how much of that stays blank above the foot."""

_ROUNDING_MM = 1e-3
"""Finer than any printer: a frame that reaches over the neat line by so much is on the map."""

RowsOf = Callable[[Sheet, Format, float], list[Row]]


@dataclass(frozen=True)
class Bands:
    """The parts of a sheet that do not depend on the legend."""

    border: Rectangle
    title: Rectangle
    foot: Rectangle
    body: Rectangle

    @classmethod
    def of(cls, paper: Format, *, lines: int) -> "Bands":
        """Return the parts of a sheet whose title has so many lines under it."""
        border = Rectangle(paper.margin, paper.margin, paper.width - paper.margin, paper.height - paper.margin)
        point = MM_PER_POINT
        head = (paper.title * 1.5 + lines * paper.size * 1.5) * point + 2.0
        foot = paper.size * 5.6 * point
        inset = paper.size * 0.45
        left, right = border.left + inset, border.right - inset
        title = Rectangle(left, border.top - head, right, border.top)
        bottom = Rectangle(left, border.bottom, right, border.bottom + foot)
        return cls(border, title, bottom, Rectangle(left, bottom.top, right, title.bottom))


@dataclass(frozen=True)
class Arrangement:
    """A sheet that is ready to be drawn.

    Attributes
    ----------
    columns
        Rows of the panel, column by column; `over` are those that found no room.
    """

    paper: Format
    bands: Bands
    sheet: Sheet
    panel: Rectangle
    column: float
    columns: list[list[Row]]
    over: list[Row] = field(default_factory=list)

    @property
    def view(self) -> MapView:
        """The map's window."""
        return self.sheet.view

    @property
    def whole(self) -> bool:
        """Whether all of the frame lies inside of the neat line."""
        left, bottom, right, top = self.sheet.frame.bounds
        return self.view.place.grown(_ROUNDING_MM).holds(Rectangle(left, bottom, right, top))


@dataclass(frozen=True)
class Task:
    """What is to be arranged.

    Attributes
    ----------
    land
        Where zones are drawn, where that is more than the frame.
    rows
        Makes the rows of the panel for a sheet, a format and the width of a column.
    kept
        What was projected before, by zone.
    """

    scene: Scene
    product: MapProduct
    stylebook: Stylebook
    rows: RowsOf
    land: BaseGeometry | None = None
    lines: int = 1
    kept: dict[int, Projected] = field(default_factory=dict)

    @property
    def shape(self) -> BaseGeometry:
        """What is framed."""
        return self.scene.frame.geometry


def arrange(task: Task) -> Arrangement:
    """Return the best arrangement: the orientation that allows the larger scale, the type as large as possible.

    Raises
    ------
    CRSError
        Where CGCS2000 has no Gauss-Krüger zone.
    """
    paper = task.product.paper
    ways = {"portrait": (False,), "landscape": (True,), "fit": (True, False)}[paper.orientation]
    found = [_arranged(task, landscape=landscape) for landscape in ways]
    # At one scale a smaller map of a territory leaves less blank land around it; a larger one of a site shows more.
    sign = -1.0 if task.scene.frame.kind == "site" else 1.0
    return min(
        found,
        key=lambda one: (not one.whole, bool(one.over), one.view.scale, sign * one.view.place.shape.area),
    )


def _arranged(task: Task, *, landscape: bool) -> Arrangement:
    """Return the arrangement in one orientation: smaller type only where the panel would take too much of the sheet."""
    size = task.product.paper.size
    made: Arrangement | None = None
    for count, tight in _WAYS if landscape else tuple((0, tight) for tight in TIGHT):
        paper = Format.of(size, landscape=landscape, tight=tight)
        found = _beside(task, paper, count) if landscape else _under(task, paper)
        if found is None or (made is not None and made.whole and not found.whole):
            continue
        made = found
        if made.whole and not made.over:
            return made
    assert made is not None  # noqa: S101 - the first way is always possible
    return made


def _view(task: Task, place: Rectangle) -> MapView:
    """Return the window of a place on paper: the frame with its margin in the middle."""
    west, _, east, _ = task.shape.bounds
    projection = Projection.around((west + east) / 2)
    kept = task.kept.setdefault(projection.zone, Projected(projection))
    left, bottom, right, top = kept.whole(task.shape).bounds
    extent = Rectangle(left, bottom, right, top)
    extent = extent.grown(task.product.margin * max(extent.width, extent.height))
    stated: Paper = task.product.paper
    scale = stated.scale if isinstance(stated.scale, int) else fitting_scale(extent, place)
    x, y = extent.middle
    return MapView(kept, scale, place, GroundPoint(x, y))


def _sheet(task: Task, place: Rectangle) -> Sheet:
    return sheet_of(task.scene, task.product, task.stylebook, _view(task, place), land=task.land)


def _beside(task: Task, paper: Format, count: int) -> Arrangement | None:
    """Return a sheet whose panel stands right of the map; None where so many columns take too much of it."""
    bands = Bands.of(paper, lines=task.lines)
    body, gutter, width = bands.body, paper.gutter, paper.column
    wide = count * width + (count - 1) * gutter
    if count > 1 and wide > _MOST_WIDTH * body.width:
        return None
    panel, place = _split(body, paper, wide)
    sheet = _sheet(task, place)
    columns = into_columns(task.rows(sheet, paper, width), panel.height)
    over = _over(columns, count, panel.height)
    return Arrangement(paper, bands, sheet, panel, width, columns[:count], over)


def _under(task: Task, paper: Format) -> Arrangement:
    """Return a sheet whose panel lies under the map, as high as its rows need."""
    bands = Bands.of(paper, lines=task.lines)
    body, gutter = bands.body, paper.gutter
    count = max(1, int((body.width + gutter) // (paper.column + gutter)))
    width = (body.width - (count - 1) * gutter) / count
    most = _MOST_HEIGHT * body.height
    height = most
    for _ in range(_ROUNDS):
        sheet = _sheet(task, _above(body, height, paper))
        height = min(most, least_height(task.rows(sheet, paper, width), count) + _SPARE_MM)
    sheet = _sheet(task, _above(body, height, paper))
    # The larger map may show one more class than the one before it.
    columns = into_columns(task.rows(sheet, paper, width), height - _CLEAR_MM)
    panel = Rectangle(body.left, body.bottom, body.right, body.bottom + height)
    return Arrangement(paper, bands, sheet, panel, width, columns[:count], _over(columns, count, height - _CLEAR_MM))


def _above(body: Rectangle, height: float, paper: Format) -> Rectangle:
    return Rectangle(
        body.left + paper.rim,
        body.bottom + height + 1.5 * paper.gutter + paper.rim,
        body.right - paper.rim,
        body.top - paper.rim,
    )


def largest_place(size: PaperSize, *, landscape: bool) -> Rectangle:
    """Return the largest map that a sheet can hold: the smallest type, one column beside it or nothing below it."""
    paper = Format.of(size, landscape=landscape, tight=min(TIGHT))
    body = Bands.of(paper, lines=1).body
    if not landscape:
        return _above(body, 0.0, paper)
    _, place = _split(body, paper, paper.column)
    return place


def _split(body: Rectangle, paper: Format, wide: float) -> tuple[Rectangle, Rectangle]:
    """Return the panel at the right of a sheet, so wide, and the map beside it."""
    panel = Rectangle(body.right - wide, body.bottom + paper.rim, body.right, body.top - paper.rim)
    return panel, Rectangle(body.left + paper.rim, panel.bottom, panel.left - paper.gutter - paper.rim, panel.top)


def _over(columns: list[list[Row]], count: int, height: float) -> list[Row]:
    over = [row for column in columns[count:] for row in column if not row.repeated]
    for column in columns[:count]:
        # A single row that is higher than the panel: it is better on a page of its own.
        if height_of(column) > height + 1.0:
            over = [*(row for row in column if not row.repeated), *over]
            column.clear()
    return over
