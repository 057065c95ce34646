"""The coordinate system of a layer stands in four places of a GeoPackage, of which GDAL believes one.

They are the tables `gpkg_geometry_columns` and `gpkg_contents`, the definition behind the number, and the header of
every geometry (OGC 12-128).
"""

import sqlite3
from dataclasses import dataclass

from pyproj import CRS
from pyproj.exceptions import CRSError as UnknownCRS

from zoning.sites.crs.meaning import mean_the_same
from zoning.sites.where import Where
from zoning.texts import Text

_NONE = (None, -1, 0)
_MOST_HEADERS = 20
_FLAGS_AND_NUMBER = 5


@dataclass(frozen=True, slots=True)
class SystemPlaces:
    """The layer of a GeoPackage, with its names ready for a query.

    Attributes
    ----------
    table, column, key
        In quotation marks.
    srs_id
        As `gpkg_geometry_columns` states it.
    """

    name: str
    table: str
    column: str
    key: str
    srs_id: int


def contradiction(connection: sqlite3.Connection, layer: SystemPlaces, where: Where) -> Text | None:
    """Return how the places contradict each other; None where they agree, or say nothing."""
    contents = "SELECT srs_id FROM gpkg_contents WHERE table_name = ?"
    (stated,) = connection.execute(contents, (layer.name,)).fetchone() or (None,)
    if stated not in _NONE and stated != layer.srs_id:
        return _two_numbers(layer, Text("gpkg_contents ", "gpkg_contents"), stated)
    return _in_headers(connection, layer, where) or _in_definition(connection, layer, where)


def _in_headers(connection: sqlite3.Connection, layer: SystemPlaces, where: Where) -> Text | None:
    heads = connection.execute(
        f"SELECT min({layer.key}) AS first, substr({layer.column}, 4, {_FLAGS_AND_NUMBER}) AS head "  # noqa: S608 - quoted
        f"FROM {layer.table} GROUP BY head ORDER BY first LIMIT {_MOST_HEADERS}"
    )
    for key, head in heads.fetchall():
        number = _number(head)
        if number not in _NONE and number != layer.srs_id:
            before = f"SELECT count(*) FROM {layer.table} WHERE {layer.key} <= ?"  # noqa: S608 - quoted
            (record,) = connection.execute(before, (key,)).fetchone()
            return _two_numbers(layer, where.at_record(record).text, number)
    return None


def _number(head: object) -> int | None:
    # Any value may stand in any column.
    if not isinstance(head, bytes) or len(head) < _FLAGS_AND_NUMBER:
        return None
    return int.from_bytes(head[1:], "little" if head[0] & 1 else "big", signed=True)


def _two_numbers(layer: SystemPlaces, place: Text, number: object) -> Text:
    return Text(
        f"图层 {layer.name} 的坐标系前后矛盾：gpkg_geometry_columns 写的是 srs_id {layer.srs_id}，"
        f"{place.zh}写的是 srs_id {number}",
        f"the layer {layer.name} contradicts itself about its coordinate system: srs_id {layer.srs_id} in "
        f"gpkg_geometry_columns, srs_id {number} in {place.en}",
    )


def _in_definition(connection: sqlite3.Connection, layer: SystemPlaces, where: Where) -> Text | None:
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (layer.srs_id,),
    ).fetchone()
    if row is None or str(row[0]).upper() != "EPSG" or not isinstance(row[2], str):
        return None
    code, definition = f"EPSG:{row[1]}", row[2]
    try:
        name = CRS.from_user_input(definition).name
    except UnknownCRS:
        # "undefined", or what cannot be read: the number alone counts.
        return None
    if mean_the_same(code, definition, where):
        return None
    return Text(
        f"图层 {layer.name} 的坐标系编号是 {code}，定义写的却是“{name}”，两者不是一回事",
        f"the coordinate system of the layer {layer.name} is numbered {code} and defined as '{name}', another one",
    )
