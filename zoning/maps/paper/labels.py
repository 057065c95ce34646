"""Names and codes in the zones: placed one after the other, the weightiest first, never over each other or the site."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from zoning.maps.fonts import clean
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.content import DrawnLayer, DrawnZone, Sheet
from zoning.maps.paper.hatching import points
from zoning.maps.paper.marks import MM_PER_POINT, Page, Words
from zoning.styles.looks import LabelLook
from zoning.styles.sight import readable
from zoning.styles.stylebook import Stylebook

NAME = "label"
_BELOW, _ABOVE = 0.20, 0.86
_SPACE_MM = 0.35
_NARROW = 0.16
_WHOLLY, _HELD = 0.99, 0.55
"""At least so much of a name lies in its zone, unless the zone is smaller than the name."""

_SMALLEST_MM2 = 0.6
_MOST_POINTS = 14
_LARGEST = 1.08


@dataclass(frozen=True, slots=True)
class Wish:
    """A text that wants a place."""

    text: str
    size: float
    bold: bool
    colour: str
    halo: float
    shape: BaseGeometry
    line: bool


@dataclass
class Places:
    """The ground that is taken."""

    inside: BaseGeometry
    taken: list[BaseGeometry] = field(default_factory=list)

    def free(self, box: Polygon) -> bool:
        """Tell whether a box lies inside of the map and meets nothing that is already there."""
        if not self.inside.contains(box):
            return False
        if not self.taken:
            return True
        return not bool(np.any(shapely.intersects(np.asarray(self.taken, dtype=object), box)))

    def take(self, box: BaseGeometry) -> None:
        """Keep others away."""
        self.taken.append(box)


def draw_labels(page: Page, sheet: Sheet, product: MapProduct, stylebook: Stylebook, *, size: float) -> int:
    """Write the names and codes; return how many found no place.

    Parameters
    ----------
    size
        Of plain text on this paper, points: names are not much larger.
    """
    inside = sheet.view.place.grown(-0.8).shape
    places = Places(inside)
    if sheet.site is not None:
        places.take(sheet.site.buffer(1.2).union(sheet.site.centroid.buffer(4.0)))
    for conflict in sheet.scene.conflicts:
        places.take(sheet.view.on_paper(conflict.geometry).buffer(0.8))
    left_out = 0
    for wish in _wishes(sheet, product, stylebook, size):
        placed = _place(wish, page, places, sheet)
        left_out += not placed
    return left_out


def _wishes(sheet: Sheet, product: MapProduct, stylebook: Stylebook, size: float) -> Iterator[Wish]:
    for layer in reversed(sheet.layers):
        kind = _kind(layer, product, stylebook)
        look = stylebook.of_layer(layer.id).label_look
        # What a product asks for by name it gets at any scale.
        if kind == "none" or not (_asked(layer, product) or look.scale.holds(sheet.view.scale)):
            continue
        zones = sorted(layer.zones, key=lambda drawn: (-drawn.shape.area, -drawn.shape.length, drawn.zone.id))
        written: set[str] = set()
        for drawn in zones:
            text = clean(drawn.zone.name if kind == "name" else drawn.zone.id).strip()
            if not text or (kind == "name" and text in written):
                continue
            written.add(text)
            yield _wish(text, drawn, layer, look, stylebook, size)


def _asked(layer: DrawnLayer, product: MapProduct) -> str | None:
    return next((choice.label for choice in product.layers if choice.layer == layer.id), None)


def _kind(layer: DrawnLayer, product: MapProduct, stylebook: Stylebook) -> str:
    return _asked(layer, product) or stylebook.of_layer(layer.id).label


def _wish(text: str, drawn: DrawnZone, layer: DrawnLayer, look: LabelLook, stylebook: Stylebook, size: float) -> Wish:
    style = stylebook.of_class(layer.id, drawn.zone.class_id)
    line = layer.source.layer.geometry == "line"
    wanted = min(points(look.size), size * _LARGEST)
    return Wish(text, wanted, look.bold, readable(look.colour or style.outline), points(look.halo), drawn.shape, line)


def _place(wish: Wish, page: Page, places: Places, sheet: Sheet) -> bool:
    width = page.wide(wish.text, wish.size, bold=wish.bold)
    height = wish.size * MM_PER_POINT
    seen = shapely.clip_by_rect(wish.shape, *sheet.view.place.grown(-0.8).sides)
    if seen.is_empty or (not wish.line and seen.area < _SMALLEST_MM2):
        return False
    candidates = [(*place, turned_box(*place[:3], width, height)) for place in _candidates(wish, seen, width, height)]
    # A name that lies wholly in its zone leaves no doubt what it names.
    for held in (_WHOLLY, _HELD):
        for x, y, turn, must_lie_inside, box in candidates:
            if must_lie_inside and box.intersection(seen).area < held * box.area:
                continue
            if places.free(box):
                places.take(box)
                page.add(_words(wish, x, y, turn, width, height))
                return True
    return False


def turned_box(x: float, y: float, turn: float, width: float, height: float) -> Polygon:
    """Return the box of a text whose middle is (x, y)."""
    half = width / 2 + _SPACE_MM
    low, high = -height * (_BELOW + _ABOVE) / 2 - _SPACE_MM, height * (_BELOW + _ABOVE) / 2 + _SPACE_MM
    c, s = cos(radians(turn)), sin(radians(turn))
    corners = ((-half, low), (half, low), (half, high), (-half, high))
    return Polygon([(x + c * a - s * b, y + s * a + c * b) for a, b in corners])


def _words(wish: Wish, x: float, y: float, turn: float, width: float, height: float) -> Words:
    c, s = cos(radians(turn)), sin(radians(turn))
    across, up = -width / 2, -height * (_ABOVE - _BELOW) / 2
    left, base = x + c * across - s * up, y + s * across + c * up
    return Words(wish.text, left, base, wish.size, wish.bold, wish.colour, turn, wish.halo, NAME)


Candidate = tuple[float, float, float, bool]


def _candidates(wish: Wish, seen: BaseGeometry, width: float, height: float) -> Iterator[Candidate]:
    """Yield middles of the text with its turn, the best first; the last says whether it has to lie in the zone."""
    if wish.line or _is_narrow(seen):
        yield from _along(seen, width, height)
        if wish.line:
            return
    parts = sorted(_areas(seen), key=lambda part: -part.area)
    for part in parts[:3]:
        for x, y in _inner_points(part):
            yield x, y, 0.0, part.area > width * height * 1.5
    if parts and parts[0].area < width * height * 6:
        yield from _beside(parts[0], width, height)


def _areas(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]


def _is_narrow(seen: BaseGeometry) -> bool:
    return any(4 * pi * part.area / max(part.length, 1e-9) ** 2 < _NARROW for part in _areas(seen)[:1])


def _inner_points(part: Polygon) -> Iterator[tuple[float, float]]:
    """Yield places inside: the middle of the widest spot, the centre of mass, then a coarse grid, the widest first."""
    circle = shapely.maximum_inscribed_circle(part, tolerance=max(0.2, part.length / 400))
    widest = shapely.get_point(circle, 0)
    yield widest.x, widest.y
    centre = part.centroid
    shapely.prepare(part)
    if part.contains(centre):
        yield centre.x, centre.y
    left, bottom, right, top = part.bounds
    steps = np.linspace(0.12, 0.88, 7)
    grid = np.array([(left + a * (right - left), bottom + b * (top - bottom)) for a in steps for b in steps])
    inside = grid[shapely.contains_xy(part, grid[:, 0], grid[:, 1])]
    reach = shapely.distance(shapely.points(inside), part.exterior)
    for index in np.argsort(-reach, kind="stable")[:_MOST_POINTS]:
        yield float(inside[index, 0]), float(inside[index, 1])


def _beside(part: Polygon, width: float, height: float) -> Iterator[Candidate]:
    left, bottom, right, top = part.bounds
    x, y = (left + right) / 2, (bottom + top) / 2
    across, up = width / 2 + 0.8, height / 2 + 0.8
    for dx, dy in ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)):
        side = right if dx > 0 else left if dx < 0 else x
        level = top if dy > 0 else bottom if dy < 0 else y
        yield side + dx * across, level + dy * up, 0.0, False


def _along(seen: BaseGeometry, width: float, height: float) -> Iterator[Candidate]:
    """Yield places along a river or road, where it runs straight for the length of the name first."""
    found: list[tuple[float, float, float, float]] = []
    for x, y, breadth in _axis_points(seen):
        near = seen.intersection(shapely.Point(x, y).buffer(width * 0.55, quad_segs=6))
        angle, bend = _direction(near)
        if bend > height * 1.6 + breadth:
            continue
        # Wide enough: in the bed; else beside it, above the line.
        aside = 0.0 if breadth > height * 1.25 else breadth / 2 + height * 0.62
        found.append((bend, x - sin(radians(angle)) * aside, y + cos(radians(angle)) * aside, angle))
    for bend, x, y, angle in sorted(found)[: 2 * _MOST_POINTS]:
        del bend
        yield x, y, angle, False


def _axis_points(seen: BaseGeometry) -> list[tuple[float, float, float]]:
    """Return points in the middle of a narrow area, or on a line, with the breadth there."""
    left, bottom, right, top = seen.bounds
    count = int(min(40, max(6, (right - left + top - bottom) / 7)))
    if not _areas(seen):
        lines = [part for part in shapely.get_parts(seen) if part.geom_type == "LineString"]
        longest = max(lines, key=lambda line: (line.length, line.bounds), default=None)
        if longest is None:
            return []
        spots = shapely.line_interpolate_point(longest, np.linspace(0.08, 0.92, count), normalized=True)
        return [(float(spot.x), float(spot.y), 0.0) for spot in spots]
    cuts = [shapely.linestrings([(x, bottom - 1), (x, top + 1)]) for x in np.linspace(left, right, count + 2)[1:-1]]
    cuts += [shapely.linestrings([(left - 1, y), (right + 1, y)]) for y in np.linspace(bottom, top, count + 2)[1:-1]]
    pieces = [
        part
        for part in shapely.get_parts(shapely.intersection(seen, cuts))
        if part.geom_type == "LineString" and part.length > 0
    ]
    typical = float(np.median([piece.length for piece in pieces])) if pieces else 0.0
    middles = [(piece.interpolate(0.5, normalized=True), piece.length) for piece in pieces]
    return [(float(m.x), float(m.y), float(length)) for m, length in middles if length <= 2.5 * typical]


def _direction(near: BaseGeometry) -> tuple[float, float]:
    """Return the direction of a piece of river (degrees, read from left to right) and how far it strays from it."""
    box = near.minimum_rotated_rectangle
    if box.geom_type != "Polygon":
        xy = shapely.get_coordinates(near)
        dx, dy = (xy[-1] - xy[0]) if len(xy) > 1 else (1.0, 0.0)
        return _upright(degrees(atan2(dy, dx))), 0.0
    xy = shapely.get_coordinates(box)
    sides = [(hypot(*(b - a)), b - a) for a, b in pairwise(xy[:3])]
    long, short = max(sides, key=lambda side: side[0]), min(sides, key=lambda side: side[0])
    return _upright(degrees(atan2(long[1][1], long[1][0]))), short[0]


def _upright(angle: float) -> float:
    return (angle + 90.0) % 180.0 - 90.0


def boxes(words: Iterable[Words], page: Page) -> Sequence[Polygon]:
    """Return the ink boxes of texts as they are drawn, for those who check that none lies on another."""
    found: list[Polygon] = []
    for text in words:
        width, height = page.wide(text.text, text.size, bold=text.bold), text.size * MM_PER_POINT
        c, s = cos(radians(text.turn)), sin(radians(text.turn))
        low, high = -_BELOW * height, _ABOVE * height
        corners = ((0.0, low), (width, low), (width, high), (0.0, high))
        found.append(Polygon([(text.x + c * a - s * b, text.y + s * a + c * b) for a, b in corners]))
    return found
