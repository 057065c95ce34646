"""The map itself: relief, zones in the order of their styles, gaps in the data, frame, site and conflict pieces."""

from collections.abc import Iterable
from functools import partial

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.content import Picture
from zoning.maps.paper.content import DrawnLayer, Sheet
from zoning.maps.paper.hatching import dashes, hatching, points
from zoning.maps.paper.marks import INK, Page, Raster, Shape
from zoning.maps.paper.relief import warped_relief
from zoning.styles.stylebook import ClassStyle, Stylebook

OUTSIDE = "#E9E6DE"
_FAINT = "#FFFFFF"
_FAINT_OPACITY = 0.62
_HAIRLINE_GRID = 0.005
_OUTLINE = "#7D776B"
_AREA = 2
_LEAST_SITE_MM, _RING_MM = 4.0, 3.5
_SMALL_MM2, _FINEST = 9.0, 0.2


def draw_zones(page: Page, sheet: Sheet, stylebook: Stylebook, relief: Picture | None, *, dpi: int) -> None:
    """Draw everything inside of the neat line except grid and labels."""
    place = sheet.view.place
    page.add(Shape(place.shape, fill=stylebook.outcomes.paper))
    if relief is not None:
        made = partial(warped_relief, relief, sheet.view, dpi=dpi, paper=stylebook.outcomes.paper)
        page.add(Raster(made, place, place))
    for layer in sheet.layers:
        _draw_layer(page, layer, stylebook, sheet)
    for gap in sheet.gaps:
        draw_area(page, [gap.shape], stylebook.outcomes.uncovered, sheet)
    _outside(page, sheet)
    if sheet.site is not None:
        _draw_site(page, sheet, stylebook)


def _draw_layer(page: Page, layer: DrawnLayer, stylebook: Stylebook, sheet: Sheet) -> None:
    # The strictest class lies on top.
    for name in reversed(layer.classes):
        style = stylebook.of_class(layer.id, name)
        shapes = [drawn.shape for drawn in layer.of_class(name)]
        if layer.source.layer.geometry == "line":
            for shape in shapes:
                _outline(page, shape, style, sheet)
        else:
            draw_area(page, shapes, style, sheet)


def draw_area(page: Page, shapes: Iterable[BaseGeometry], style: ClassStyle, sheet: Sheet) -> None:
    """Draw areas of one class: one tint and one hatch for all of them, an outline for each."""
    place = sheet.view.place
    shapes = list(shapes)
    whole = shapely.union_all(shapely.make_valid(shapes), grid_size=_HAIRLINE_GRID)
    if style.fill_opacity > 0 and not whole.is_empty:
        page.add(Shape(whole, fill=style.fill, opacity=style.fill_opacity, clip=place))
    hatch = hatching(style, whole, place) if not whole.is_empty else None
    if hatch is not None:
        page.add(hatch)
    for shape in shapes:
        _outline(page, shape, style, sheet)


def _outline(page: Page, shape: BaseGeometry, style: ClassStyle, sheet: Sheet) -> None:
    width = points(style.width)
    if shapely.get_dimensions(shape) == _AREA and shape.area < _SMALL_MM2:
        # Hundreds of small fields would otherwise be nothing but outline.
        width = max(_FINEST, width * (shape.area / _SMALL_MM2) ** 0.5)
    page.add(Shape(shape, stroke=style.outline, width=width, dash=dashes(style), clip=sheet.view.place))


def _outside(page: Page, sheet: Sheet) -> None:
    """Lay a tone over what the map is not about, so that blank land is never taken for free land."""
    place = sheet.view.place
    kind = sheet.scene.frame.kind
    whole = place.grown(1.0).shape
    if kind == "site":
        known = sheet.view.on_paper(shapely.box(*sheet.scene.box))
        beyond = whole.difference(known)
    else:
        beyond = whole.difference(sheet.land)
        faint = sheet.land.intersection(whole).difference(sheet.frame)
        if not faint.is_empty and sheet.frame is not sheet.land:
            page.add(Shape(faint, fill=_FAINT, opacity=_FAINT_OPACITY, clip=place))
    if not beyond.is_empty:
        page.add(Shape(beyond, fill=OUTSIDE, clip=place))
    for _, neighbour in sheet.scene.surroundings:
        shape = sheet.view.on_paper(neighbour)
        if shape.intersects(place.shape):
            page.add(Shape(shape, stroke=_OUTLINE, width=0.5, dash=(4.0, 2.0, 1.0, 2.0), clip=place))
    if kind != "site":
        page.add(Shape(sheet.frame, stroke="#FFFFFF", width=2.6, stroke_opacity=0.7, clip=place))
        page.add(Shape(sheet.frame, stroke=INK, width=1.3, clip=place))


def _draw_site(page: Page, sheet: Sheet, stylebook: Stylebook) -> None:
    looks, place = stylebook.outcomes, sheet.view.place
    for conflict in sheet.scene.conflicts:
        shape = sheet.view.on_paper(conflict.geometry, exact=True)
        colour = looks.decisions[conflict.decision].colour
        if shapely.get_dimensions(shape) == _AREA:
            page.add(Shape(shape, fill=looks.paper, opacity=looks.conflict.veil, clip=place))
            page.add(Shape(shape, fill=colour, opacity=looks.conflict.fill_opacity, clip=place))
        page.add(Shape(shape, stroke=colour, width=points(looks.conflict.width), clip=place))
    site = looks.site
    if sheet.site is None:
        return
    if max(sheet.site.bounds[2] - sheet.site.bounds[0], sheet.site.bounds[3] - sheet.site.bounds[1]) < _LEAST_SITE_MM:
        # A site of a few millimetres is easily overlooked: a ring shows where it is.
        ring = sheet.site.centroid.buffer(_RING_MM, quad_segs=24).exterior
        page.add(Shape(ring, stroke=site.casing, width=points(site.casing_width), clip=place))
        page.add(Shape(ring, stroke=site.outline, width=points(site.width) / 2, clip=place, name="ring"))
    page.add(Shape(sheet.site, stroke=site.casing, width=points(site.casing_width), clip=place))
    page.add(Shape(sheet.site, stroke=site.outline, width=points(site.width), clip=place, name="site"))
