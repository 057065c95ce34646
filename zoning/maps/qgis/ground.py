"""The coordinate systems of a project and the sheet of its print layout."""

from dataclasses import dataclass
from math import ceil

import shapely

from zoning.maps.content import Box
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.format import Format
from zoning.maps.paper.view import usual_scale
from zoning.sites.crs.zones import ZONES_3, zone_3_code

LONLAT = "EPSG:4490"
_HEAD_LINES, _FOOT_LINES = 4.2, 6.0
_POINT_MM = 25.4 / 72
_LINE_MM_PER_POINT = 0.6
_MOST_COLUMNS = 3
LEGEND_TOP_MM = 20.0
_STEP_DEG = 0.01


@dataclass(frozen=True, slots=True)
class Window:
    """A box in the plane of the project."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """From west to east, in the unit of the plane."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """From south to north."""
        return self.north - self.south


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane in which the project draws: the 3-degree zone of CGCS2000, or degrees where there is none.

    `zone` is its number; None for degrees.
    """

    crs: str
    zone: int | None

    @classmethod
    def around(cls, box: Box) -> "Plane":
        """Return the plane of a window in degrees."""
        zone = round((box.west + box.east) / 2 / 3)
        return cls(zone_3_code(zone, prefixed=True), zone) if zone in ZONES_3 else cls(LONLAT, None)

    def window(self, box: Box) -> Window:
        """Return the box in the plane that holds a window of degrees."""
        from pyproj import Transformer

        edge = shapely.segmentize(shapely.box(*box), _STEP_DEG)
        lon, lat = shapely.get_coordinates(edge).T
        east, north = Transformer.from_crs(LONLAT, self.crs, always_xy=True).transform(lon, lat)
        return Window(float(min(east)), float(min(north)), float(max(east)), float(max(north)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper of a print layout, millimetres: the map, columns for the legend at its right, head and foot.

    `scale` is the denominator of the map; None where the plane is in degrees.
    """

    width: float
    height: float
    margin: float
    column: float
    columns: int
    head: float
    foot: float
    type: float
    scale: int | None
    ground: Window

    @property
    def map_width(self) -> float:
        """Of the neat line."""
        return self.width - 2 * self.margin - self.column * self.columns

    @property
    def map_height(self) -> float:
        """Of the neat line."""
        return self.height - 2 * self.margin - self.head - self.foot


def sheet_of(product: MapProduct, plane: Plane, window: Window, lines: int) -> Sheet:
    """Return the sheet on which a window is drawn as large as a usual scale, or the one of the product, allows.

    Parameters
    ----------
    lines
        Of the legend, which gets as many columns as it needs.
    """
    wanted = product.paper.orientation
    sheets = [
        _sheet(product, plane, window, lines, landscape=landscape)
        for landscape in (True, False)
        if wanted == "fit" or landscape == (wanted == "landscape")
    ]
    # The larger map; of two of the same scale the wide one, as screens and desks are.
    return min(sheets, key=lambda one: one.scale or 0)


def _sheet(product: MapProduct, plane: Plane, window: Window, lines: int, *, landscape: bool) -> Sheet:
    form = Format.of(product.paper.size, landscape=landscape)
    head, foot = _HEAD_LINES * form.size * _POINT_MM, _FOOT_LINES * form.size * _POINT_MM
    high = form.height - 2 * form.margin - head - foot
    columns = min(max(ceil(lines * form.size * _LINE_MM_PER_POINT / (high - LEGEND_TOP_MM)), 1), _MOST_COLUMNS)
    wide = form.width - 2 * form.margin - form.column * columns
    scale: int | None = None
    if plane.zone is None:
        per_mm = max(window.width / wide, window.height / high)
    else:
        least = max(window.width / wide, window.height / high) * 1000
        scale = product.paper.scale if isinstance(product.paper.scale, int) else usual_scale(least)
        per_mm = scale / 1000
    x, y = (window.west + window.east) / 2, (window.south + window.north) / 2
    half_x, half_y = wide * per_mm / 2, high * per_mm / 2
    ground = Window(x - half_x, y - half_y, x + half_x, y + half_y)
    return Sheet(form.width, form.height, form.margin, form.column, columns, head, foot, form.size, scale, ground)
