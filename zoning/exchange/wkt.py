"""EWKT: one geometry a line, its EPSG number in front."""

import shapely

from zoning.errors import ContentError
from zoning.exchange.rounding import DEGREE_DECIMALS, METRE_DECIMALS, rounded
from zoning.exchange.writers import Order, Written
from zoning.layers.datum import parse_crs
from zoning.texts import Text


def write_wkt(order: Order) -> Written:
    """Write one geometry per parcel.

    Raises
    ------
    ContentError
        When the coordinate system has no number.
    """
    if not order.crs.startswith("EPSG:"):
        raise ContentError(
            "WKT 只能用 EPSG 代码说明坐标系，此坐标系没有代码；请换用 gpkg",
            "WKT states its coordinate system by EPSG code and this one has none; write gpkg",
        )
    decimals = DEGREE_DECIMALS if parse_crs(order.crs).is_geographic else METRE_DECIMALS
    srid = order.crs.removeprefix("EPSG:")
    lines = [
        f"SRID={srid};{shapely.to_wkt(rounded(parcel, decimals), rounding_precision=decimals)}\n"
        for parcel in order.parcels
    ]
    note = Text(
        "WKT 只有图形：地块的编号、名称和属性未写出",
        "WKT holds geometries alone: ids, names and attributes are left out",
    )
    return Written("".join(lines).encode("ascii"), (note,))
