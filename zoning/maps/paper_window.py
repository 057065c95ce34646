"""How much land a sheet of paper can show, and how fine its borders can be seen: an upper bound for every layout."""

from math import cos, radians

from shapely.geometry.base import BaseGeometry

from zoning.maps.content import Box
from zoning.maps.map_product import MapProduct, Paper, PaperSize
from zoning.maps.sheet import METRES_PER_DEGREE

LONGER_MM = {"A4": 297, "A3": 420, "A2": 594, "A1": 841}
SHORTER_MM = {"A4": 210, "A3": 297, "A2": 420, "A1": 594}
_FINEST_MM = 0.05
"""Half the width of the finest line of a print: borders that differ by less look the same."""

_SMALLEST_MAP = 0.4
"""At least this share of the shorter side of the paper belongs to the map."""

_ROUNDING_MM = 1e-3
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def window_around(shape: BaseGeometry, margin: float) -> Box:
    """Return the window of a shape in degrees, with a margin as a share of its longer side."""
    west, south, east, north = shape.bounds
    per_lon = _per_lon((south + north) / 2)
    longer = max((east - west) * per_lon, (north - south) * METRES_PER_DEGREE)
    wide, high = margin * longer / per_lon, margin * longer / METRES_PER_DEGREE
    return Box(west - wide, south - high, east + wide, north + high)


def paper_window(shape: BaseGeometry, product: MapProduct) -> Box:
    """Return a window that holds what any layout of the product's paper can show of a shape and its surroundings."""
    box = window_around(shape, product.margin)
    scale = product.paper.scale if isinstance(product.paper.scale, int) else _smallest_scale(product.paper, box)
    half = LONGER_MM[product.paper.size] / 1000 * scale / 2
    lon, lat = (box.west + box.east) / 2, (box.south + box.north) / 2
    wide, high = half / _per_lon(lat), half / METRES_PER_DEGREE
    return Box(
        min(box.west, lon - wide), min(box.south, lat - high), max(box.east, lon + wide), max(box.north, lat + high)
    )


def fits(shape: BaseGeometry, paper: Paper) -> bool:
    """Tell whether any layout has room for a shape at the stated scale; always, where the scale is made to fit.

    The room is that beside one column, or above an empty panel, in the smallest type. A sheet with a longer legend has
    less: what then does not fit is refused when it is drawn.
    """
    from zoning.errors import CRSError
    from zoning.maps.paper.projection import Projection

    if not isinstance(paper.scale, int):
        return True
    west, _, east, _ = shape.bounds
    try:
        projection = Projection.around((west + east) / 2)
    except CRSError:
        # No map can be drawn there, which is said when one is.
        return True
    left, bottom, right, top = projection.project(shape).bounds
    wide, high = (right - left) / paper.scale * 1000, (top - bottom) / paper.scale * 1000
    ways = {"portrait": (False,), "landscape": (True,), "fit": (True, False)}[paper.orientation]
    rooms = [_largest_map(paper.size, landscape=landscape) for landscape in ways]
    return any(wide <= room[0] + _ROUNDING_MM and high <= room[1] + _ROUNDING_MM for room in rooms)


def _largest_map(size: PaperSize, *, landscape: bool) -> tuple[float, float]:
    """Return width and height of the largest map that a sheet can hold, millimetres."""
    from zoning.maps.paper.arrange import largest_place

    place = largest_place(size, landscape=landscape)
    return place.width, place.height


def detail_of(paper: Paper, box: Box) -> float:
    """Return by how many metres a border on the ground may be displaced without being seen on the paper."""
    scale = paper.scale if isinstance(paper.scale, int) else _longer_m(box) / (LONGER_MM[paper.size] / 1000)
    return _FINEST_MM / 1000 * scale


def _smallest_scale(paper: Paper, box: Box) -> float:
    """Return the denominator of a usual scale at which the box fits on the smallest map that a layout may leave."""
    least = _longer_m(box) / (SHORTER_MM[paper.size] / 1000 * _SMALLEST_MAP)
    power = 1.0
    while power * 10 < least:
        power *= 10
    return next(step * power for step in _STEPS if step * power >= least)


def _longer_m(box: Box) -> float:
    wide = (box.east - box.west) * _per_lon((box.south + box.north) / 2)
    return max(wide, (box.north - box.south) * METRES_PER_DEGREE)


def _per_lon(latitude: float) -> float:
    return METRES_PER_DEGREE * cos(radians(latitude))
