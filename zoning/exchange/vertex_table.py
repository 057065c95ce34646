"""A table of vertices (CSV): one row per point, rings closed, the coordinate system in every row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from zoning.exchange.attributes import ID, NAME
from zoning.exchange.parcel import Parcel
from zoning.exchange.rounding import DEGREE_DECIMALS, METRE_DECIMALS, rounded
from zoning.exchange.target import Encoding
from zoning.exchange.writers import Order, Written
from zoning.layers.datum import parse_crs
from zoning.sites.crs.zones import CGCS2000, ZONES_3
from zoning.sites.where import printable
from zoning.texts import Text

_CGCS2000 = "CGCS2000"
_KINDS = {"polygon": "面", "line": "线", "point": "点"}


def write_vertex_table(order: Order) -> Written:
    """Write the table; lines of Windows, UTF-8 with its mark unless GBK is wanted.

    Raises
    ------
    ContentError
        When a parcel is narrower than the last decimal of the coordinates.
    CRSError
        When the coordinate system is unknown.
    """
    degrees, system = parse_crs(order.crs).is_geographic, _system(order.crs)
    decimals = DEGREE_DECIMALS if degrees else METRE_DECIMALS
    columns = ("经度", "纬度") if degrees else ("X（北）", "Y（东）")
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow([ID, NAME, "图形", "圈号", "点号", *columns, "坐标系"])
    for parcel in order.parcels:
        named = [printable(parcel.id), printable(parcel.name), _KINDS[parcel.kind]]
        for ring, point, x, y in _rows(replace(parcel, geometry=rounded(parcel, decimals))):
            numbers = (x, y) if degrees else (y, x)
            writer.writerow([*named, ring, point, *(f"{number:.{decimals}f}" for number in numbers), system])
    lost = any(set(parcel.attributes) - {ID, NAME} for parcel in order.parcels)
    note = Text("坐标表不带其他属性，未写出", "a table of vertices holds no further attributes; they are left out")
    codec = "utf-8-sig" if order.encoding is Encoding.utf8 else "gb18030"
    return Written(table.getvalue().encode(codec), (note,) if lost else ())


def _system(crs: str) -> str:
    """Name the coordinate system as people in offices write it.

    >>> _system("EPSG:4525"), _system("EPSG:4490"), _system("EPSG:32649")
    ('CGCS2000 3度带 第37带', 'CGCS2000', 'WGS 84 / UTM zone 49N（EPSG:32649）')
    """
    number = int(crs.removeprefix("EPSG:")) if crs.startswith("EPSG:") else 0
    if number == CGCS2000.lonlat:
        return _CGCS2000
    if number - CGCS2000.prefixed_3 in ZONES_3:
        return f"{_CGCS2000} 3度带 第{number - CGCS2000.prefixed_3}带"
    name = printable(parse_crs(crs).name)
    return f"{name}（{crs}）" if number else name


def _rows(parcel: Parcel) -> Iterator[tuple[int, str, float, float]]:
    """Yield ring, point, x and y: rings numbered through the parcel, points per ring, closed with the first name."""
    ring = 0
    for part in parcel.parts():
        for path in part:
            ring += 1
            for number, (x, y) in enumerate(path.tolist()):
                closing = parcel.kind == "polygon" and number == len(path) - 1
                yield ring, "J1" if closing else f"J{number + 1}", x, y
