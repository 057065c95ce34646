"""Scale bar, north arrow, inset: what makes a picture a map."""

from collections.abc import Sequence

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import INK, MM_PER_POINT, QUIET, Page, Shape
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView
from zoning.maps.paper.words import WORDS
from zoning.texts import Language

BAR_NAME, ARROW_NAME = "scale bar", "north arrow"
_BAR_STEPS = (1, 2, 5)
_LONGEST_MM = 105.0
_MUCH_LARGER = 4.0
_LEAST_BOX_MM = 2.5
_MOST_OF_INSET = 0.2
_FRAMED = "#DCD3BC"
_HERE = "#8A3B12"


def bar_length_m(scale: int, most_mm: float) -> int:
    """Return the length of the scale bar on the ground: the longest of 1, 2 or 5 times a power of ten that has room.

    >>> bar_length_m(10_000, 105.0), bar_length_m(100_000, 105.0), bar_length_m(25_000, 60.0)
    (1000, 10000, 1000)
    """
    most = most_mm * scale / 1000
    power = 1
    while power * 10 <= most:
        power *= 10
    return max(step * power for step in _BAR_STEPS if step * power <= max(most, 1))


def draw_scale_bar(page: Page, view: MapView, paper: Format, left: float, base: float, room: float) -> Rectangle:
    """Draw the bar from `left`, its lower edge at `base`; return the box it takes."""
    length = bar_length_m(view.scale, min(_LONGEST_MM, room - 12 * paper.size * MM_PER_POINT))
    parts = 5 if str(length).startswith("5") else 4 if str(length).startswith("2") else 5
    height, per_m, size = paper.size * 0.17, 1000 / view.scale, paper.small
    for number in range(parts):
        start, end = left + number * length / parts * per_m, left + (number + 1) * length / parts * per_m
        box = Rectangle(start, base, end, base + height).shape
        page.add(Shape(box, fill=INK if number % 2 == 0 else "#FFFFFF", name=BAR_NAME))
    whole = Rectangle(left, base, left + length * per_m, base + height)
    page.add(Shape(whole.shape, stroke=INK, width=0.4, butt=True, name=BAR_NAME))
    unit, divisor = ("km", 1000) if length >= 1000 else ("m", 1)  # noqa: PLR2004 - metres
    labels = base + height + 0.25 * size * MM_PER_POINT + 0.3
    for share in (0.0, 0.5 if parts % 2 == 0 else 2 / parts, 1.0):
        text = f"{length * share / divisor:g}" + (f" {unit}" if share == 1.0 else "")
        align = "middle" if share < 1.0 else "left"
        x = left + length * share * per_m
        shift = page.wide(f"{length / divisor:g}", size) / 2 if share == 1.0 else 0.0
        page.write(text, x - shift, labels, size, align=align)
    return whole


def draw_north(page: Page, view: MapView, paper: Format, place: Rectangle, language: Language) -> None:
    """Draw the arrow to grid north, straight up, and say how far true north is from it."""
    x = place.middle[0]
    step = paper.small * MM_PER_POINT * 1.35
    foot = place.bottom + 2.2 * step
    high = place.top - foot - paper.head * MM_PER_POINT * 1.15
    half = high * 0.24
    tip, notch = foot + high, foot + high * 0.24
    dark = Polygon([(x, tip), (x, notch), (x - half, foot)])
    light = Polygon([(x, tip), (x, notch), (x + half, foot)])
    page.add(Shape(dark, fill=INK, name=ARROW_NAME))
    page.add(Shape(light, fill="#FFFFFF", name=ARROW_NAME))
    for part in (dark, light):
        page.add(Shape(part, stroke=INK, width=0.5, name=ARROW_NAME))
    page.write(WORDS["north"].get(language), x, tip + 0.9, paper.head, bold=True, align="middle")
    page.write(WORDS["grid_north"].get(language), x, foot - step, paper.small, align="middle", colour=QUIET)
    angle = convergence_text(view, language)
    page.write(angle, x, foot - 1.95 * step, paper.small * 0.92, align="middle", colour=QUIET)


def convergence_text(view: MapView, language: Language) -> str:
    """Return where true north lies: east of the central meridian it is to the left of the grid lines."""
    lon, lat = view.projection.lonlat(view.centre.east, view.centre.north)
    minutes = round(view.projection.convergence(lon, lat) * 60)
    if minutes == 0:
        return WORDS["convergence_none"].get(language)
    degrees, rest = divmod(abs(minutes), 60)
    key = "convergence_east" if minutes > 0 else "convergence_west"
    return WORDS[key].get(language).format(angle=f"{degrees}°{rest:02d}′")


def draw_inset(
    page: Page,
    surroundings: Sequence[tuple[str, BaseGeometry]],
    view: MapView,
    frame: BaseGeometry | None,
    place: Rectangle,
    paper: Format,
) -> None:
    """Draw the outlines around and where the map lies among them; a small map lies in the first of them.

    Parameters
    ----------
    frame
        What is framed (longitude and latitude) where it is none of the surroundings.
    """
    projection = view.projection
    shapes = [(name, projection.project(shape)) for name, shape in surroundings]
    window = view.ground.shape
    first = shapes[0][1]
    near = first.area > _MUCH_LARGER * window.area and first.intersects(window)
    bounds = first.bounds if near else shapely.total_bounds([shape for _, shape in shapes])
    wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
    per_m = min(place.width / wide, place.height / high) * 0.86
    centre = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    page.add(Shape(place.shape, fill="#FFFFFF"))

    def put(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: (xy - centre) * per_m + place.middle)

    for number, (_, shape) in enumerate(shapes):
        page.add(Shape(put(shape), fill=_FRAMED if number == 0 else "#F3F0E8", stroke=QUIET, width=0.45, clip=place))
    if frame is not None:
        page.add(Shape(put(projection.project(frame)), fill=_HERE, opacity=0.5, stroke=_HERE, width=0.5, clip=place))
    names = [(name, put(shape)) for name, shape in shapes if put(shape).intersects(place.shape)]
    _names(page, names, put(window), place, paper)
    _window(page, put(window), place)
    page.add(Shape(place.shape, stroke=INK, width=0.5, butt=True))


def _window(page: Page, box: BaseGeometry, place: Rectangle) -> None:
    left, bottom, right, top = box.bounds
    if right - left >= _LEAST_BOX_MM:
        page.add(Shape(box, stroke=_HERE, width=1.1, butt=True, clip=place))
        return
    # Too small to be seen as a box: a cross through its middle.
    x, y = (left + right) / 2, (bottom + top) / 2
    arms = (LineString([(x - 2, y), (x + 2, y)]), LineString([(x, y - 2), (x, y + 2)]))
    page.add(Shape(shapely.union_all(arms), stroke="#FFFFFF", width=2.4, clip=place))
    page.add(Shape(shapely.union_all(arms), stroke=_HERE, width=1.2, clip=place))


def _names(
    page: Page, shapes: Sequence[tuple[str, BaseGeometry]], window: BaseGeometry, place: Rectangle, paper: Format
) -> None:
    """Write the names where they have room, the framed one first: inside their shape, else beside it.

    None lies over the mark of the map or over the shape of another: a name that has no such room is left out, but the
    framed one only where there is no room at all.
    """
    size = paper.small * 0.9
    small = window.bounds[2] - window.bounds[0] < _LEAST_BOX_MM
    mark = window.envelope.buffer(2.2) if small else window.boundary.buffer(0.4)
    taken: list[Rectangle] = []
    for number, (name, shape) in enumerate(shapes):
        width, height = page.wide(name, size), size * MM_PER_POINT
        seen = shape.intersection(place.shape)
        x, y = seen.centroid.x, seen.centroid.y
        _, bottom, _, top = seen.bounds
        left, right, level = seen.bounds[0], seen.bounds[2], y - height * 0.35
        spots = [(x - width / 2, level), (x - width / 2, top + 0.5), (x - width / 2, bottom - height - 0.3)]
        beside = mark.envelope.intersects(seen)
        before, after = (mark.bounds[0], mark.bounds[2]) if beside else (left, right)
        spots += [(max(right + 0.8, after + 0.4), level), (min(left - 0.8, before - 0.4) - width, level)]
        under, over = (mark.bounds[1], mark.bounds[3]) if beside else (bottom - height, top + height)
        spots += [(x - width / 2, over + 0.5), (x - width / 2, under - height - 0.3)]
        if seen.area > _MOST_OF_INSET * place.shape.area:
            spots += [(x - width / 2, place.bottom + 0.8), (x - width / 2, place.top - height - 0.6)]
        boxes: list[Rectangle] = []
        for wanted, base in spots:
            start = min(max(wanted, place.left + 0.6), place.right - width - 0.6)
            box = Rectangle(start, base - 0.2 * height, start + width, base + 0.9 * height)
            free = place.holds(box) and not any(box.meets(other) for other in taken)
            if free and not mark.intersects(box.shape):
                boxes.append(box)
        others = [other for _, other in shapes if other is not shape]
        clear = [box for box in boxes if not shapely.intersects(others, box.shape).any()]
        best = [box for box in clear if seen.contains(box.shape)] or clear or ([] if number else boxes)
        if best:
            page.write(name, best[0].left, best[0].bottom + 0.2 * height, size, halo=1.0)
            taken.append(best[0])
