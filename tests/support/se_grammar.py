"""The part of SLD 1.1.0 and SE 1.1.0 that polygons, lines and labels need, as RELAX NG, written from the standards.

OGC 05-078r4 (Styled Layer Descriptor), 05-077r4 (Symbology Encoding), 04-095 (Filter 1.1.0): which element may stand
where, in which order, how often, and of which type its text is. Not the schemas of OGC themselves, which draw in GML.
"""

from functools import cache
from typing import Any

from lxml import etree

SLD = "http://www.opengis.net/sld"
SE = "http://www.opengis.net/se"
OGC = "http://www.opengis.net/ogc"

_NUMBER = '<data type="double"/>'
_TEXT = "<text/>"


def _element(name: str, *content: str) -> str:
    return f'<element name="{name}">{"".join(content) or "<empty/>"}</element>'


def _maybe(*content: str) -> str:
    return f"<optional>{''.join(content)}</optional>"


def _some(*content: str) -> str:
    return f"<oneOrMore>{''.join(content)}</oneOrMore>"


def _any(*content: str) -> str:
    return f"<zeroOrMore>{''.join(content)}</zeroOrMore>"


def _one_of(*content: str) -> str:
    return f"<choice>{''.join(content)}</choice>"


def _ref(name: str) -> str:
    return f'<ref name="{name}"/>'


def _param(*names: str) -> str:
    """Return an SvgParameter of one of these names (the tables of SE 11.1.3, 11.2.2, 11.4.2)."""
    allowed = "".join(f"<value>{name}</value>" for name in names)
    return _element("se:SvgParameter", f'<attribute name="name"><choice>{allowed}</choice></attribute>', _TEXT)


_DEFINES = {
    "description": _element(
        "se:Description", _maybe(_element("se:Title", _TEXT)), _maybe(_element("se:Abstract", _TEXT))
    ),
    "comparison": _element(
        "ogc:PropertyIsEqualTo", _element("ogc:PropertyName", _TEXT), _element("ogc:Literal", _TEXT)
    ),
    "filter": _element(
        "ogc:Filter", _one_of(_ref("comparison"), _element("ogc:Or", _ref("comparison"), _some(_ref("comparison"))))
    ),
    "stroke": _element(
        "se:Stroke",
        _any(
            _param(
                "stroke",
                "stroke-opacity",
                "stroke-width",
                "stroke-linejoin",
                "stroke-linecap",
                "stroke-dasharray",
                "stroke-dashoffset",
            )
        ),
    ),
    "solid": _element("se:Fill", _some(_param("fill", "fill-opacity"))),
    "mark": _element(
        "se:Mark", _maybe(_element("se:WellKnownName", _TEXT)), _maybe(_ref("solid")), _maybe(_ref("stroke"))
    ),
    "external": _element(
        "se:ExternalGraphic",
        _element(
            "se:InlineContent",
            '<attribute name="encoding"><choice><value>xml</value><value>base64</value></choice></attribute>',
            '<data type="base64Binary"/>',
        ),
        _element("se:Format", _TEXT),
    ),
    "graphic": _element(
        "se:Graphic",
        _any(_one_of(_ref("external"), _ref("mark"))),
        _maybe(_element("se:Opacity", _NUMBER)),
        _maybe(_element("se:Size", _NUMBER)),
        _maybe(_element("se:Rotation", _NUMBER)),
    ),
    "fill": _element(
        "se:Fill", _one_of(_element("se:GraphicFill", _ref("graphic")), _some(_param("fill", "fill-opacity")))
    ),
    "polygon": _element("se:PolygonSymbolizer", _maybe(_ref("fill")), _maybe(_ref("stroke"))),
    "line": _element("se:LineSymbolizer", _maybe(_ref("stroke"))),
    "text": _element(
        "se:TextSymbolizer",
        _maybe(_element("se:Label", _element("ogc:PropertyName", _TEXT))),
        _maybe(_element("se:Font", _any(_param("font-family", "font-style", "font-weight", "font-size")))),
        _maybe(_element("se:LabelPlacement", _one_of(_element("se:LinePlacement"), _element("se:PointPlacement")))),
        _maybe(_element("se:Halo", _maybe(_element("se:Radius", _NUMBER)), _maybe(_ref("solid")))),
        _maybe(_ref("solid")),
    ),
    "rule": _element(
        "se:Rule",
        _maybe(_element("se:Name", _TEXT)),
        _maybe(_ref("description")),
        _maybe(_one_of(_ref("filter"), _element("se:ElseFilter"))),
        _maybe(_element("se:MinScaleDenominator", _NUMBER)),
        _maybe(_element("se:MaxScaleDenominator", _NUMBER)),
        _some(_one_of(_ref("polygon"), _ref("line"), _ref("text"))),
    ),
    "start": _element(
        "sld:StyledLayerDescriptor",
        '<attribute name="version"><value>1.1.0</value></attribute>',
        '<optional><attribute name="schemaLocation" ns="http://www.w3.org/2001/XMLSchema-instance"/></optional>',
        _some(
            _element(
                "sld:NamedLayer",
                _element("se:Name", _TEXT),
                _maybe(_ref("description")),
                _any(
                    _element(
                        "sld:UserStyle",
                        _maybe(_element("se:Name", _TEXT)),
                        _maybe(_ref("description")),
                        _maybe(_element("sld:IsDefault", '<data type="boolean"/>')),
                        _some(_element("se:FeatureTypeStyle", _some(_ref("rule")))),
                    )
                ),
            )
        ),
    ),
}


@cache
def grammar() -> Any:
    """Return the compiled grammar."""
    defines = "".join(f'<define name="{name}">{body}</define>' for name, body in _DEFINES.items() if name != "start")
    text = (
        f'<grammar xmlns="http://relaxng.org/ns/structure/1.0" xmlns:sld="{SLD}" xmlns:se="{SE}" xmlns:ogc="{OGC}" '
        f'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start>{_DEFINES["start"]}</start>{defines}</grammar>'
    )
    return etree.RelaxNG(etree.fromstring(text.encode("utf-8")))


def mistakes_of_sld(text: str) -> list[str]:
    """Return what of a style breaks the grammar; [] when nothing does."""
    document = etree.fromstring(text.encode("utf-8"))
    checked = grammar()
    return [] if checked.validate(document) else [str(error) for error in checked.error_log]
