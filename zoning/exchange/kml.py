"""KML 2.2: longitude before latitude; attributes as ExtendedData."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from zoning.exchange.attributes import properties
from zoning.exchange.parcel import Parcel
from zoning.exchange.rounding import DEGREE_DECIMALS, rounded
from zoning.exchange.writers import Order, Written
from zoning.texts import Text

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_BOUNDARIES = ("outerBoundaryIs", "innerBoundaryIs")
Path = NDArray[np.float64]


def write_kml(order: Order) -> Written:
    """Write one placemark per parcel.

    Raises
    ------
    ContentError
        When a parcel is narrower than the last decimal of the coordinates.
    """
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document")
    ET.SubElement(document, "name").text = order.stem
    for parcel in order.parcels:
        _placemark(document, replace(parcel, geometry=rounded(parcel, DEGREE_DECIMALS)))
    ET.indent(root)
    note = Text(
        "KML 规定为 WGS84 经纬度；写出的是 CGCS2000 经纬度，两者相差厘米至分米级",
        "KML is in WGS84 longitude and latitude; CGCS2000 is written, they agree within decimetres",
    )
    return Written(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n", (note,))


def _placemark(document: ET.Element, parcel: Parcel) -> None:
    placemark = ET.SubElement(document, "Placemark")
    told = properties(parcel)
    ET.SubElement(placemark, "name").text = parcel.name
    data = ET.SubElement(placemark, "ExtendedData")
    for name, value in told.items():
        ET.SubElement(ET.SubElement(data, "Data", name=name), "value").text = value
    parts = list(parcel.parts())
    parent = placemark if len(parts) == 1 else ET.SubElement(placemark, "MultiGeometry")
    for part in parts:
        _part(parent, parcel, part)


def _part(parent: ET.Element, parcel: Parcel, paths: Sequence[Path]) -> None:
    if parcel.kind != "polygon":
        tag = "LineString" if parcel.kind == "line" else "Point"
        ET.SubElement(ET.SubElement(parent, tag), "coordinates").text = _text(paths[0])
        return
    polygon = ET.SubElement(parent, "Polygon")
    for number, path in enumerate(paths):
        ring = ET.SubElement(ET.SubElement(polygon, _BOUNDARIES[min(number, 1)]), "LinearRing")
        ET.SubElement(ring, "coordinates").text = _text(path)


def _text(path: Path) -> str:
    return " ".join(f"{lon:.{DEGREE_DECIMALS}f},{lat:.{DEGREE_DECIMALS}f}" for lon, lat in path.tolist())
