"""DXF (AutoCAD 2010): closed polylines in metres, names as texts beside them, the coordinate system as GEODATA."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np
import shapely
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new
from ezdxf.layouts.layout import Modelspace
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError
from zoning.exchange.parcel import Parcel
from zoning.exchange.writers import Order, Written
from zoning.layers.datum import parse_crs
from zoning.overlay import beside
from zoning.sites.where import printable
from zoning.texts import Text

BOUNDARY, LABELS = "范围线", "注记"
_METRES = 6
_GREEN, _WHITE = 3, 7
_SMALLEST_TEXT, _TEXT_SHARE = 0.5, 0.05
_TOUCHING = 0.001  # share of the smaller parcel: neighbours whose corners were rounded
_AXES = '<Axis uom="METER">{}</Axis>'.format(
    "".join(
        f"<CoordinateSystemAxis><AxisOrder>{order}</AxisOrder><AxisName>{name}</AxisName>"
        f"<AxisAbbreviation>{name[0]}</AxisAbbreviation><AxisDirection>{direction}</AxisDirection>"
        "</CoordinateSystemAxis>"
        for order, name, direction in ((1, "Easting", "east"), (2, "Northing", "north"))
    )
)


def write_dxf(order: Order) -> Written:
    """Write every ring as a closed polyline, lines and points as such.

    Raises
    ------
    UsageError
        When the coordinate system is not in metres.
    ContentError
        When one parcel lies in another: its outline would be taken for a hole.
    """
    crs = parse_crs(order.crs)
    if crs.is_geographic:
        raise UsageError(
            "--to-crs：DXF 以米为单位，不能写经纬度；请用 --zone 说明带号",
            "--to-crs: a DXF is in metres and holds no degrees; state the zone with --zone",
        )
    _check_apart(order.parcels)
    drawing = new("R2010", units=_METRES)
    drawing.layers.add(BOUNDARY, color=_GREEN)
    drawing.layers.add(LABELS, color=_WHITE)
    space = drawing.modelspace()
    for parcel in order.parcels:
        _draw(space, parcel)
    if order.crs.startswith("EPSG:"):
        _state_crs(drawing, order.crs.removeprefix("EPSG:"), crs.name)
    text = io.StringIO()
    drawing.write(text)
    lost = any(parcel.attributes for parcel in order.parcels)
    note = Text(
        "DXF 只有图形和注记：地块的其他属性未写出", "a DXF holds geometries and labels: further attributes are left out"
    )
    notes = (*((note,) if lost else ()), *_part_notes(order.parcels))
    return Written(text.getvalue().encode(drawing.output_encoding, errors="dxfreplace"), notes)


def _check_apart(parcels: Sequence[Parcel]) -> None:
    """Refuse parcels that overlap, or fill a hole of another: closed lines do not say that both are land."""
    areal = [parcel for parcel in parcels if parcel.kind == "polygon"]
    shapes = np.array([parcel.geometry for parcel in areal], dtype=object)
    tree = shapely.STRtree(shapes)
    for number, shape in enumerate(shapes):
        others = tree.query(shape, predicate="intersects")
        others = others[others != number]
        shared = beside.common_m2(shapes[others], shape)
        over = shared > _TOUCHING * np.minimum(shapely.area(shapes[others]), shape.area)
        over |= np.array([_fills(shapes[other], shape) for other in others.tolist()], dtype=bool)
        if over.any():
            raise _overlapping(areal[number].name, areal[int(others[over][0])].name)


def _fills(shape: BaseGeometry, around: BaseGeometry) -> bool:
    """Tell whether a part of a parcel is as large as a hole of another that it lies in."""
    holes = [shapely.Polygon(hole) for part in shapely.get_parts(around) for hole in part.interiors]
    outlines = [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)]
    return any(
        beside.outside_m2(hole, outline) + beside.outside_m2(outline, hole) <= _TOUCHING * hole.area
        for hole in holes
        for outline in outlines
        if abs(hole.area - outline.area) <= _TOUCHING * hole.area
    )


def _overlapping(one: str, other: str) -> ContentError:
    return ContentError(
        f"地块“{one}”与“{other}”重叠，或一个填满另一个的挖空：DXF 里只有闭合线，其中一个会丢失；请换用 gpkg，"
        "或分成不同的文件写出",
        f"footprints '{one}' and '{other}' overlap, or one fills a hole of the other: a DXF holds closed lines alone "
        "and one of them would be lost; write gpkg, or one file for each",
    )


def _part_notes(parcels: Sequence[Parcel]) -> list[Text]:
    counts = [(parcel.name, sum(1 for _ in parcel.parts())) for parcel in parcels if parcel.kind == "polygon"]
    return [
        Text(
            f"地块“{name}”由 {count} 个部分组成，DXF 里是 {count} 条各自闭合的线，读取时各成一个地块",
            f"footprint '{name}' has {count} parts; a DXF holds {count} closed lines, which are read as one footprint "
            "each",
        )
        for name, count in counts
        if count > 1
    ]


def _draw(space: Modelspace, parcel: Parcel) -> None:
    for part in parcel.parts():
        for path in part:
            if parcel.kind == "point":
                space.add_point(tuple(path[0].tolist()), dxfattribs={"layer": BOUNDARY})
                continue
            closed = parcel.kind == "polygon"
            space.add_lwpolyline((path[:-1] if closed else path).tolist(), close=closed, dxfattribs={"layer": BOUNDARY})
    west, south, east, north = parcel.geometry.bounds
    height = max(_SMALLEST_TEXT, _TEXT_SHARE * min(east - west, north - south))
    point = parcel.geometry.representative_point()
    words = printable(" ".join(dict.fromkeys([parcel.id, parcel.name])))
    label = space.add_text(words, height=height, dxfattribs={"layer": LABELS})
    label.set_placement(shapely.get_coordinates(point)[0].tolist(), align=TextEntityAlignment.MIDDLE_CENTER)


def _state_crs(drawing: Drawing, number: str, name: str) -> None:
    """State the system where CAD programs do: design and reference point are the same, so numbers are the grid's."""
    geodata = drawing.modelspace().new_geodata()
    geodata.setup_local_grid(design_point=(0, 0), reference_point=(0, 0))
    geodata.dxf.coordinate_type = 2  # projected grid
    geodata.coordinate_system_definition = (
        '<?xml version="1.0" encoding="UTF-16" standalone="no" ?>'
        '<Dictionary version="1.0" xmlns="http://www.osgeo.org/mapguide/coordinatesystem">'
        f'<ProjectedCoordinateSystem id="{escape(name)}"><Name>{escape(name)}</Name>{_AXES}</ProjectedCoordinateSystem>'
        f'<Alias id="{number}" type="CoordinateSystem"><ObjectId>{escape(name)}</ObjectId>'
        "<Namespace>EPSG Code</Namespace></Alias></Dictionary>"
    )
    drawing.header.custom_vars.append("CRS", f"EPSG:{number} {name}")
