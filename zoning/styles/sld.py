"""A drawing as OGC Styled Layer Descriptor 1.1.0 with Symbology Encoding 1.1.0 (OGC 05-078r4, 05-077r4).

Lengths are pixels, as widths of styles are. Lines of a hatch are marks in the words of GeoServer (`shape://slash`),
dots and crosses a picture inside the file, with a mark for programs that draw no pictures.
"""

import base64
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from zoning.styles.drawing import LABEL_FONTS, Category, Drawing, HatchFill, Labels, Outline, Part, Tint
from zoning.styles.looks import ScaleRange
from zoning.styles.measures import Marks, Parallels

SLD = "http://www.opengis.net/sld"
SE = "http://www.opengis.net/se"
OGC = "http://www.opengis.net/ogc"
_SCHEMA = "http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_MARKS = {45.0: "shape://slash", 135.0: "shape://backslash", 0.0: "shape://horline", 90.0: "shape://vertline"}
_DIAGONAL = 2**0.5


def sld(drawing: Drawing, name: str) -> str:
    """Return the style of a table that a server knows as `name`; the same drawing always gives the same bytes."""
    for prefix, address in (("sld", SLD), ("se", SE), ("ogc", OGC), ("xsi", _XSI)):
        register_namespace(prefix, address)
    root = Element(
        f"{{{SLD}}}StyledLayerDescriptor", {"version": "1.1.0", f"{{{_XSI}}}schemaLocation": f"{SLD} {_SCHEMA}"}
    )
    layer = SubElement(root, f"{{{SLD}}}NamedLayer")
    SubElement(layer, f"{{{SE}}}Name").text = name
    style = SubElement(layer, f"{{{SLD}}}UserStyle")
    SubElement(style, f"{{{SE}}}Name").text = name
    _titled(style, drawing.title)
    SubElement(style, f"{{{SLD}}}IsDefault").text = "true"
    rules = SubElement(style, f"{{{SE}}}FeatureTypeStyle")
    for category in drawing.categories:
        rules.append(_rule(drawing, category))
    if drawing.labels:
        # Of their own, so that "else" means the same for labels as for zones.
        written = SubElement(style, f"{{{SE}}}FeatureTypeStyle")
        for category in drawing.categories:
            written.append(_label_rule(drawing, drawing.labels, category))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _rule(drawing: Drawing, category: Category) -> Element:
    rule = _head(drawing, category, drawing.scale, category.title)
    _titled(rule, category.title, at=1)
    for part in category.parts:
        for symbolizer in _symbolizers(part, drawing.geometry):
            rule.append(symbolizer)
    return rule


def _head(drawing: Drawing, category: Category, scale: ScaleRange, name: str) -> Element:
    rule = Element(f"{{{SE}}}Rule")
    SubElement(rule, f"{{{SE}}}Name").text = name
    if drawing.field is not None:
        rule.append(_filter(drawing.field, category.values) if category.values else Element(f"{{{SE}}}ElseFilter"))
    if scale.min_denominator is not None:
        SubElement(rule, f"{{{SE}}}MinScaleDenominator").text = str(scale.min_denominator)
    if scale.max_denominator is not None:
        # The end of the range is not in it (SE 10.2), ours is.
        SubElement(rule, f"{{{SE}}}MaxScaleDenominator").text = str(scale.max_denominator + 1)
    return rule


def _titled(parent: Element, title: str, *, at: int | None = None) -> None:
    description = Element(f"{{{SE}}}Description")
    SubElement(description, f"{{{SE}}}Title").text = title
    parent.insert(len(parent) if at is None else at, description)


def _filter(field: str, values: tuple[str, ...]) -> Element:
    found = Element(f"{{{OGC}}}Filter")
    parent = found if len(values) == 1 else SubElement(found, f"{{{OGC}}}Or")
    for value in values:
        same = SubElement(parent, f"{{{OGC}}}PropertyIsEqualTo")
        SubElement(same, f"{{{OGC}}}PropertyName").text = field
        SubElement(same, f"{{{OGC}}}Literal").text = value
    return found


def _symbolizers(part: Part, geometry: str) -> list[Element]:
    kind = f"{{{SE}}}LineSymbolizer" if geometry == "line" else f"{{{SE}}}PolygonSymbolizer"
    if isinstance(part, Outline):
        symbolizer = Element(kind)
        look = {"stroke": part.colour, "stroke-width": f"{part.width:g}", "stroke-linejoin": "round"}
        if part.dashes:
            look["stroke-dasharray"] = " ".join(f"{length:g}" for length in part.dashes)
        _parameters(SubElement(symbolizer, f"{{{SE}}}Stroke"), look)
        return [symbolizer]
    if isinstance(part, Tint):
        symbolizer = Element(kind)
        _parameters(SubElement(symbolizer, f"{{{SE}}}Fill"), {"fill": part.colour, "fill-opacity": f"{part.opacity:g}"})
        return [symbolizer]
    return [_hatch(kind, one, part) for one in part.parts]


def _hatch(kind: str, part: Parallels | Marks, fill: HatchFill) -> Element:
    symbolizer = Element(kind)
    area = SubElement(symbolizer, f"{{{SE}}}Fill")
    graphic = SubElement(SubElement(area, f"{{{SE}}}GraphicFill"), f"{{{SE}}}Graphic")
    if isinstance(part, Marks):
        picture = SubElement(graphic, f"{{{SE}}}ExternalGraphic")
        inside = SubElement(picture, f"{{{SE}}}InlineContent", {"encoding": "base64"})
        inside.text = base64.b64encode(fill.svg.encode("ascii")).decode("ascii")
        SubElement(picture, f"{{{SE}}}Format").text = "image/svg+xml"
    mark = SubElement(graphic, f"{{{SE}}}Mark")
    name, size = _mark(part)
    SubElement(mark, f"{{{SE}}}WellKnownName").text = name
    ink = {"stroke": fill.colour, "stroke-width": f"{part.width or 1:g}", "stroke-opacity": f"{fill.opacity:g}"}
    _parameters(SubElement(mark, f"{{{SE}}}Stroke"), ink)
    SubElement(graphic, f"{{{SE}}}Size").text = f"{size:g}"
    return symbolizer


def _mark(part: Parallels | Marks) -> tuple[str, float]:
    """Return the mark and the side of the square that it fills: a slanting line runs along the diagonal."""
    if isinstance(part, Marks):
        return ("shape://dot" if part.shape == "dot" else "shape://plus"), part.step
    slanting = part.angle % 90 != 0
    return _MARKS[part.angle], round(part.distance * _DIAGONAL if slanting else part.distance, 3)


def _label_rule(drawing: Drawing, labels: Labels, category: Category) -> Element:
    look = labels.look
    rule = _head(drawing, category, look.scale, f"{category.title} (label)")
    text = SubElement(rule, f"{{{SE}}}TextSymbolizer")
    SubElement(SubElement(text, f"{{{SE}}}Label"), f"{{{OGC}}}PropertyName").text = labels.field
    weight = "bold" if look.bold else "normal"
    font = {"font-family": LABEL_FONTS[0], "font-size": f"{look.size:g}", "font-weight": weight}
    _parameters(SubElement(text, f"{{{SE}}}Font"), font)
    if drawing.geometry == "line":
        SubElement(SubElement(text, f"{{{SE}}}LabelPlacement"), f"{{{SE}}}LinePlacement")
    if look.halo:
        halo = SubElement(text, f"{{{SE}}}Halo")
        SubElement(halo, f"{{{SE}}}Radius").text = f"{look.halo:g}"
        _parameters(SubElement(halo, f"{{{SE}}}Fill"), {"fill": look.halo_colour})
    _parameters(SubElement(text, f"{{{SE}}}Fill"), {"fill": look.colour or category.ink})
    return rule


def _parameters(parent: Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, f"{{{SE}}}SvgParameter", {"name": name}).text = value
