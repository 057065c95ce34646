"""The print layout of a project: map at scale with a kilometre grid, title, legend, scale bar, north, notes."""

import base64
from dataclasses import dataclass
from math import floor, log10
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement

from zoning.maps.qgis.ground import LEGEND_TOP_MM, Sheet
from zoning.styles.drawing import LABEL_FONTS
from zoning.texts import Language

_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _BAR = "65638", "65639", "65640", "65641", "65642", "65646"
_STEPS = (1.0, 2.0, 5.0)
_GRID_MM = 100.0
_BAR_MM = 40.0
_INK = "#222222"
_GREY = "150,146,136,160"
_NORTH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="40" viewBox="0 0 24 40">'
    '<path d="M12 1L20 29L12 24Z" fill="#222222"/><path d="M12 1L4 29L12 24Z" fill="#ffffff" stroke="#222222"/>'
    '<path d="M8 39V32L16 39V32" fill="none" stroke="#222222" stroke-width="1.6"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written on the sheet."""

    title: str
    lines: tuple[str, ...]
    legend: str
    scale: str | None
    layout: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Place:
    """A rectangle on the sheet, millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def print_layout(sheet: Sheet, notes: Notes, paper: str) -> Element:
    """Return the layout; QGIS shows it under Project > Layouts."""
    layout = Element("Layout", {"name": notes.layout, "units": "mm", "printResolution": "300"})
    pages = SubElement(layout, "PageCollection")
    pages.append(_item(_PAGE, "page", _Place(0, 0, sheet.width, sheet.height), 0, background=True))
    layout.append(_map(sheet, paper))
    right = sheet.margin + sheet.map_width + 3
    column = sheet.column * sheet.columns - 3
    top = sheet.margin + sheet.head
    across = sheet.width - 2 * sheet.margin
    heading = _Place(sheet.margin, sheet.margin, across, sheet.head - 2)
    layout.append(_label("title", notes.title, heading, sheet.type * 2.4, low=True))
    layout.append(_legend(_Place(right, top + LEGEND_TOP_MM, column, sheet.map_height - LEGEND_TOP_MM), sheet, notes))
    layout.append(_north(_Place(right + column - 11, top, 10, 17)))
    foot = top + sheet.map_height + 2
    if notes.scale is not None:
        layout.append(_label("scale", notes.scale, _Place(right, top + 2, sheet.column - 16, 6), sheet.type * 1.2))
        layout.append(_bar(_Place(right, top + 8, sheet.column - 16, 10), sheet))
    place = _Place(sheet.margin, foot, across, sheet.foot - 2)
    layout.append(_label("notes", "\n".join(_gathered(notes)), place, sheet.type * 0.82))
    return layout


def _gathered(notes: Notes) -> list[str]:
    """Return the remarks, the short ones side by side: what they say must fit under the map."""
    gap = "　" if notes.language == "zh" else "   "
    lines: list[str] = []
    for line in notes.lines:
        if lines and len(lines[-1]) + len(line) < (70 if notes.language == "zh" else 150):
            lines[-1] += gap + line
        else:
            lines.append(line)
    return lines


def _item(kind: str, name: str, place: _Place, level: int, *, background: bool = False, frame: bool = False) -> Element:
    key = f"{{{uuid5(NAMESPACE_URL, name)}}}"
    at = f"{place.left:.3f},{place.top:.3f},mm"
    look = {
        "type": kind,
        "id": name,
        "uuid": key,
        "templateUuid": key,
        "position": at,
        "positionOnPage": at,
        "size": f"{place.width:.3f},{place.height:.3f},mm",
        "referencePoint": "0",
        "zValue": str(level),
        "visibility": "1",
        "opacity": "1",
        "background": str(background).lower(),
        "frame": str(frame).lower(),
        "outlineWidthM": "0.3,mm",
    }
    item = Element("LayoutItem", look)
    SubElement(item, "FrameColor", {"red": "34", "green": "34", "blue": "34", "alpha": "255"})
    SubElement(item, "BackgroundColor", {"red": "255", "green": "255", "blue": "255", "alpha": "255"})
    return item


def _map(sheet: Sheet, paper: str) -> Element:
    place = _Place(sheet.margin, sheet.margin + sheet.head, sheet.map_width, sheet.map_height)
    item = _item(_MAP, "map", place, 1, background=True, frame=True)
    ground = item.find("BackgroundColor")
    if ground is not None:
        ground.attrib.update(
            {part: str(int(paper[k : k + 2], 16)) for part, k in (("red", 1), ("green", 3), ("blue", 5))}
        )
    item.set("followPreset", "false")
    item.set("keepLayerSet", "false")
    item.set("drawCanvasItems", "false")
    seen = sheet.ground
    corners = {"xmin": seen.west, "ymin": seen.south, "xmax": seen.east, "ymax": seen.north}
    SubElement(item, "Extent", {name: f"{value:.6f}" for name, value in corners.items()})
    if sheet.scale is not None:
        item.append(_grid(sheet, sheet.scale))
    return item


def _step(most: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above `most`."""
    power = 10.0 ** floor(log10(most))
    return max(step * power for step in _STEPS if step * power <= most)


def _grid(sheet: Sheet, scale: int) -> Element:
    step = f"{_step(_GRID_MM / 1000 * scale):g}"
    look = {
        "name": "grid",
        "uuid": f"{{{uuid5(NAMESPACE_URL, 'grid')}}}",
        "show": "1",
        "unit": "0",
        "gridStyle": "0",
        "intervalX": step,
        "intervalY": step,
        "offsetX": "0",
        "offsetY": "0",
        "position": "3",
        "showAnnotation": "1",
        "annotationFormat": "8",
        "annotationPrecision": "0",
        "annotationExpression": "@grid_number / 1000",
        "frameAnnotationDistance": "0.6",
        "gridFrameStyle": "0",
    }
    # Inside the frame: upright along the left and right edge, level above and below.
    for side in ("left", "right", "top", "bottom"):
        look[f"{side}AnnotationPosition"] = "0"
        look[f"{side}AnnotationDisplay"] = "0"
        look[f"{side}AnnotationDirection"] = "1" if side in ("left", "right") else "0"
    grid = Element("ComposerMapGrid", look)
    symbol = SubElement(
        SubElement(grid, "lineStyle"), "symbol", {"type": "line", "name": "", "alpha": "1", "clip_to_extent": "1"}
    )
    layer = SubElement(symbol, "layer", {"class": "SimpleLine", "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(layer, "Option", {"type": "Map"})
    for name, value in (("line_color", _GREY), ("line_width", "0.1"), ("line_width_unit", "MM")):
        SubElement(options, "Option", {"type": "QString", "name": name, "value": value})
        SubElement(layer, "prop", {"k": name, "v": value})
    grid.append(_text(sheet.type * 0.8))
    return grid


def _text(size: float, *, bold: bool = False) -> Element:
    look = {
        "fontFamily": LABEL_FONTS[0],
        "fontSize": f"{size:.2f}",
        "fontSizeUnit": "Point",
        "fontWeight": "75" if bold else "50",
        "namedStyle": "Bold" if bold else "Regular",
        "textColor": "34,34,34,255",
        "textOpacity": "1",
    }
    style = Element("text-style", look)
    rim = {"bufferDraw": "1", "bufferSize": "0.5", "bufferSizeUnits": "MM", "bufferColor": "255,255,255,255"}
    SubElement(style, "text-buffer", {**rim, "bufferOpacity": "1"})
    return style


def _font(parent: Element, tag: str, size: float, *, bold: bool = False) -> None:
    weight = 75 if bold else 50
    SubElement(parent, tag, {"style": "", "description": f"{LABEL_FONTS[0]},{size:.1f},-1,5,{weight},0,0,0,0,0"})


def _label(name: str, text: str, place: _Place, size: float, *, low: bool = False) -> Element:
    item = _item(_LABEL, name, place, 4)
    for key, value in (
        ("labelText", text),
        ("halign", "1"),
        ("valign", "64" if low else "32"),
        ("marginX", "0"),
        ("marginY", "0"),
    ):
        item.set(key, value)
    item.set("htmlState", "0")
    _font(item, "LabelFont", size, bold=low)
    SubElement(item, "FontColor", {"red": "34", "green": "34", "blue": "34", "alpha": "255"})
    item.append(_text(size, bold=low))
    return item


def _legend(place: _Place, sheet: Sheet, notes: Notes) -> Element:
    item = _item(_LEGEND, "legend", place, 2)
    look = {
        "title": notes.legend,
        "map_uuid": f"{{{uuid5(NAMESPACE_URL, 'map')}}}",
        # Only what is seen on this sheet.
        "legendFilterByMap": "1",
        "resizeToContents": "0",
        "columnCount": str(sheet.columns),
        "equalColumnWidth": "0",
        "columnSpace": "4",
        "splitLayer": "1",
        "symbolWidth": "6.5",
        "symbolHeight": "3.4",
        "boxSpace": "0",
        "lineSpacing": "0.6",
        "fontColor": _INK,
        "wrapChar": "",
    }
    for key, value in look.items():
        item.set(key, value)
    styles = SubElement(item, "styles")
    sizes = {"title": 1.5, "group": 1.15, "subgroup": 1.0, "symbolLabel": 0.92}
    for name, share in sizes.items():
        style = SubElement(styles, "style", {"name": name, "marginTop": "1.1", "marginLeft": "1.5", "alignment": "1"})
        _font(style, "styleFont", sheet.type * share)
        style.append(_text(sheet.type * share))
    return item


def _north(place: _Place) -> Element:
    item = _item(_PICTURE, "north", place, 3)
    item.set("file", "base64:" + base64.b64encode(_NORTH.encode("ascii")).decode("ascii"))
    # The grid of the plane runs up the sheet: the arrow is the one of the grid.
    for key, value in (("resizeMode", "0"), ("anchorPoint", "1"), ("mode", "0"), ("pictureRotation", "0")):
        item.set(key, value)
    return item


def _bar(place: _Place, sheet: Sheet) -> Element:
    item = _item(_BAR, "bar", place, 3)
    unit = _step(_BAR_MM / 2 / 1000 * (sheet.scale or 1))
    kilometres = unit >= 1000  # noqa: PLR2004 - one kilometre
    look = {
        "mapUuid": f"{{{uuid5(NAMESPACE_URL, 'map')}}}",
        "style": "Single Box",
        "unitType": "km" if kilometres else "meters",
        "unitLabel": "km" if kilometres else "m",
        "numUnitsPerSegment": f"{unit / 1000 if kilometres else unit:g}",
        "numMapUnitsPerScaleBarUnit": "1",
        "numSegments": "2",
        "numSegmentsLeft": "0",
        "segmentSizeMode": "0",
        "height": "1.6",
        "labelBarSpace": "1",
        "boxContentSpace": "0.5",
        "outlineWidth": "0.2",
        "alignment": "0",
    }
    for key, value in look.items():
        item.set(key, value)
    item.append(_text(sheet.type * 0.9))
    return item
