"""A drawing as QGIS QML (read by QGIS 3.4 and later): renderer, hatches as pattern fills, labels, scales.

Properties of symbols are written twice, as `Option` (QGIS 3.18 and later) and as `prop` (earlier). Lengths are
millimetres on paper, so that a print has the weights of the style.
"""

from collections.abc import Mapping
from itertools import count
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zoning.styles.drawing import LABEL_FONTS, Category, Drawing, HatchFill, Labels, Outline, Part, Tint
from zoning.styles.looks import PIXEL_MM, ScaleRange
from zoning.styles.measures import Marks, Parallels

VERSION = "3.22.16"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_POINT_PX = 96 / 72
_LABEL_LINE, _LABEL_AREA = "2", "4"  # along the line; level, inside the area
_BOLD, _REGULAR = "75", "50"


def qml(drawing: Drawing) -> str:
    """Return the style file of a table; the same drawing always gives the same bytes."""
    root = Element("qgis", {"version": VERSION, "styleCategories": "Symbology|Labeling|Rendering"})
    fill_layer(root, drawing)
    SubElement(root, "layerGeometryType").text = "1" if drawing.geometry == "line" else "2"
    indent(root, " ")
    return _DOCTYPE + tostring(root, encoding="unicode") + "\n"


def fill_layer(root: Element, drawing: Drawing) -> None:
    """Write renderer, labels and scales into a style or into a layer of a project."""
    shown = drawing.scale
    root.set("hasScaleBasedVisibilityFlag", "0" if shown == ScaleRange() else "1")
    # QGIS calls the coarsest map the one of the minimum scale; 0 is no limit.
    root.set("minScale", str(shown.max_denominator or 0))
    root.set("maxScale", str(shown.min_denominator or 0))
    root.set("labelsEnabled", "1" if drawing.labels else "0")
    root.append(_renderer(drawing))
    if drawing.labels:
        root.append(_labeling(drawing, drawing.labels))
    SubElement(root, "blendMode").text = "0"
    SubElement(root, "featureBlendMode").text = "0"
    SubElement(root, "layerOpacity").text = "1"


def _renderer(drawing: Drawing) -> Element:
    kind = {"single": "singleSymbol", "categorized": "categorizedSymbol", "rules": "RuleRenderer"}[drawing.kind]
    renderer = Element("renderer-v2", {"type": kind, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"})
    if drawing.kind == "categorized":
        renderer.set("attr", drawing.field or "")
        _categories(renderer, drawing)
    elif drawing.kind == "rules":
        _rules(renderer, drawing)
    symbols = SubElement(renderer, "symbols")
    for number, category in enumerate(drawing.categories):
        symbols.append(_symbol(str(number), category.parts, drawing.geometry))
    SubElement(renderer, "rotation")
    SubElement(renderer, "sizescale")
    return renderer


def _categories(renderer: Element, drawing: Drawing) -> None:
    categories = SubElement(renderer, "categories")
    for number, category in enumerate(drawing.categories):
        # The empty value stands for all others.
        look = {
            "value": next(iter(category.values), ""),
            "label": category.title,
            "symbol": str(number),
            "render": "true",
        }
        SubElement(categories, "category", {**look, "type": "string"})


def _rules(renderer: Element, drawing: Drawing) -> None:
    rules = SubElement(renderer, "rules", {"key": _key(drawing.title, "rules")})
    for number, category in enumerate(drawing.categories):
        look = {"label": category.title, "symbol": str(number), "key": _key(drawing.title, *category.values)}
        test = _is_in(drawing.field or "", category.values) if category.values else "ELSE"
        SubElement(rules, "rule", {**look, "filter": test})


def _key(*words: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, chr(31).join(words))}}}"


def _is_in(field: str, values: tuple[str, ...]) -> str:
    return f"{_name(field)} IN ({', '.join(_text(value) for value in values)})"


def _name(field: str) -> str:
    return '"' + field.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _symbol(name: str, parts: tuple[Part, ...], geometry: str) -> Element:
    kind = "line" if geometry == "line" else "fill"
    symbol = Element("symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"})
    numbers = count(1)
    for part in parts:
        for layer in _layers(part, f"@{name}@", numbers):
            symbol.append(layer)
    return symbol


def _layers(part: Part, prefix: str, numbers: "count[int]") -> list[Element]:
    if isinstance(part, Tint):
        look = {"color": _colour(part.colour, part.opacity), "style": "solid", "outline_style": "no"}
        return [_symbol_layer("SimpleFill", look)]
    if isinstance(part, Outline):
        return [_symbol_layer("SimpleLine", _line(part))]
    return [_pattern(one, part, f"{prefix}{next(numbers)}") for one in part.parts]


def _line(outline: Outline, opacity: float = 1.0) -> dict[str, str]:
    return {
        "line_color": _colour(outline.colour, opacity),
        "line_style": "solid",
        "line_width": _mm(outline.width),
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
        "use_custom_dash": "1" if outline.dashes else "0",
        "customdash": ";".join(_mm(length) for length in outline.dashes) or "5;2",
        "customdash_unit": "MM",
    }


def _pattern(part: Parallels | Marks, fill: HatchFill, name: str) -> Element:
    if isinstance(part, Parallels):
        look = {"angle": f"{part.angle:g}", "distance": _mm(part.distance), "distance_unit": "MM"}
        line = _line(Outline(fill.colour, part.width), fill.opacity)
        return _with_symbol(
            _symbol_layer("LinePatternFill", {**look, "line_width": _mm(part.width), "line_width_unit": "MM"}),
            _wrapped(name, "line", _symbol_layer("SimpleLine", line)),
        )
    look = {"distance_x": _mm(part.step), "distance_y": _mm(part.rise), "displacement_x": _mm(part.shift)}
    units = {f"{name}_unit": "MM" for name in look}
    marker = _symbol_layer("SimpleMarker", _marker(part, fill))
    return _with_symbol(_symbol_layer("PointPatternFill", {**look, **units}), _wrapped(name, "marker", marker))


def _marker(part: Marks, fill: HatchFill) -> dict[str, str]:
    colour = _colour(fill.colour, fill.opacity)
    look = {"size": _mm(part.size), "size_unit": "MM", "color": colour, "outline_color": colour}
    if part.shape == "dot":
        return {**look, "name": "circle", "outline_style": "no"}
    width = {"outline_style": "solid", "outline_width": _mm(part.width), "outline_width_unit": "MM"}
    return {**look, **width, "name": "cross", "cap_style": "flat"}


def _with_symbol(layer: Element, symbol: Element) -> Element:
    layer.append(symbol)
    return layer


def _wrapped(name: str, kind: str, layer: Element) -> Element:
    symbol = Element("symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"})
    symbol.append(layer)
    return symbol


def _symbol_layer(kind: str, look: Mapping[str, str]) -> Element:
    layer = Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(layer, "Option", {"type": "Map"})
    for name, value in sorted(look.items()):
        SubElement(options, "Option", {"type": "QString", "name": name, "value": value})
    for name, value in sorted(look.items()):
        SubElement(layer, "prop", {"k": name, "v": value})
    return layer


def _labeling(drawing: Drawing, labels: Labels) -> Element:
    look = labels.look
    labeling = Element("labeling", {"type": "simple"})
    settings = SubElement(labeling, "settings", {"calloutType": "simple"})
    text = {
        "fieldName": labels.field,
        "isExpression": "0",
        "fontFamily": LABEL_FONTS[0],
        "fontSize": f"{look.size / _POINT_PX:g}",
        "fontSizeUnit": "Point",
        "fontWeight": _BOLD if look.bold else _REGULAR,
        "namedStyle": "Bold" if look.bold else "Regular",
        "textColor": _colour(look.colour or drawing.categories[0].ink, 1.0),
        "textOpacity": "1",
    }
    style = SubElement(settings, "text-style", text)
    families = SubElement(style, "families")
    for family in LABEL_FONTS[1:]:
        SubElement(families, "family", {"name": family})
    halo = {"bufferDraw": "1" if look.halo else "0", "bufferSize": _mm(look.halo), "bufferSizeUnits": "MM"}
    rim = {"bufferColor": _colour(look.halo_colour, 1.0), "bufferOpacity": "1", "bufferJoinStyle": "128"}
    SubElement(style, "text-buffer", {**halo, **rim})
    SubElement(settings, "text-format", {"multilineAlign": "1"})
    where = _LABEL_LINE if drawing.geometry == "line" else _LABEL_AREA
    SubElement(settings, "placement", {"placement": where, "priority": "5", "placementFlags": "10"})
    scale = look.scale
    limits = {"scaleMin": str(scale.min_denominator or 0), "scaleMax": str(scale.max_denominator or 0)}
    visible = {"scaleVisibility": "0" if scale == ScaleRange() else "1", **limits}
    SubElement(settings, "rendering", {**visible, "drawLabels": "1", "obstacle": "0", "limitNumLabels": "0"})
    settings.append(_by_class(drawing, look.colour))
    return labeling


def _by_class(drawing: Drawing, stated: str | None) -> Element:
    """Write the colour of a label as that of the outline of its class, where the classes differ."""
    properties = Element("dd_properties")
    options = SubElement(properties, "Option", {"type": "Map"})
    SubElement(options, "Option", {"name": "name", "type": "QString", "value": ""})
    inks = {category.ink for category in drawing.categories}
    if stated is None and drawing.field is not None and len(inks) > 1:
        cases = " ".join(_case(drawing.field, category) for category in drawing.categories)
        named = SubElement(options, "Option", {"name": "properties", "type": "Map"})
        colour = SubElement(named, "Option", {"name": "Color", "type": "Map"})
        SubElement(colour, "Option", {"name": "active", "type": "bool", "value": "true"})
        SubElement(colour, "Option", {"name": "expression", "type": "QString", "value": f"CASE {cases} END"})
        SubElement(colour, "Option", {"name": "type", "type": "int", "value": "3"})
    SubElement(options, "Option", {"name": "type", "type": "QString", "value": "collection"})
    return properties


def _case(field: str, category: Category) -> str:
    when = f"WHEN {_is_in(field, category.values)} THEN" if category.values else "ELSE"
    return f"{when} {_text(category.ink)}"


def _colour(colour: str, opacity: float) -> str:
    """Return a colour as QGIS writes it.

    >>> _colour("#8C1020", 0.45)
    '140,16,32,115'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def _mm(pixels: float) -> str:
    return f"{pixels * PIXEL_MM:.4f}".rstrip("0").rstrip(".")
