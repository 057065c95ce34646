"""GeoJSON: longitude before latitude, outlines counter-clockwise (RFC 7946).

RFC 7946 takes all numbers as WGS84 and leaves the member `crs` to agreement: it is written, so that those who read it
know that the numbers are CGCS2000.
"""

import json
from typing import Any

import shapely

from zoning.exchange.attributes import properties
from zoning.exchange.parcel import Parcel
from zoning.exchange.rounding import DEGREE_DECIMALS, rounded
from zoning.exchange.writers import Order, Written


def write_geojson(order: Order) -> Written:
    """Write one feature per parcel.

    Raises
    ------
    ContentError
        When a parcel is narrower than the last decimal of the coordinates.
    """
    number = order.crs.removeprefix("EPSG:")
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{number}"}}
    head = f'{{"type": "FeatureCollection", "name": {_json(order.stem)}, "crs": {_json(crs)}, "features": ['
    # One feature a line, so that two files can be compared.
    features = ",\n".join(_json(_feature(parcel)) for parcel in order.parcels)
    return Written(f"{head}\n{features}\n]}}\n".encode())


def _feature(parcel: Parcel) -> dict[str, Any]:
    geometry = shapely.orient_polygons(rounded(parcel, DEGREE_DECIMALS))
    return {
        "type": "Feature",
        "id": parcel.id,
        "properties": properties(parcel),
        "geometry": shapely.geometry.mapping(geometry),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
