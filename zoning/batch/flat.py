"""The table of results for formats that hold no lists: GeoPackage and CSV."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from zoning.batch.columns import GEOMETRY

JOINT = "; "
_LIVE = r"^[=+\-@\t\r\n]"


def without_lists(table: pa.Table) -> pa.Table:
    """Return the table with its lists as texts, `; ` between the words."""
    for index, name in enumerate(table.schema.names):
        if pa.types.is_list(table.schema.field(index).type):
            table = table.set_column(index, name, pc.binary_join(table[name], JOINT))
    return table


def without_formulas(table: pa.Table) -> pa.Table:
    """Return the table with an apostrophe before every text that a spreadsheet would run as a formula.

    Names come from files of strangers; `=HYPERLINK(...)` in one of them must stay a text.
    """
    for index, name in enumerate(table.schema.names):
        if pa.types.is_string(table.schema.field(index).type):
            column = table[name]
            live = pc.match_substring_regex(column, _LIVE)
            guarded = pc.binary_join_element_wise("'", column, "")
            table = table.set_column(index, name, pc.if_else(live, guarded, column))
    return table


def without_geometry(table: pa.Table, *, wkt: bool) -> pa.Table:
    """Return the table with its geometry as text (WKT, seven decimals: a centimetre), or without it."""
    index = table.schema.get_field_index(GEOMETRY)
    if not wkt:
        return table.remove_column(index)
    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy())
    texts = shapely.to_wkt(shapes, rounding_precision=7)
    return table.set_column(index, GEOMETRY, pa.array(texts, pa.string(), from_pandas=True))


def are_areas(tables: Iterable[pa.Table]) -> bool:
    """Tell whether all geometries are polygons."""
    wanted = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON, shapely.GeometryType.MISSING)
    return all(np.isin(_kinds(table), wanted).all() for table in tables)


def with_multipolygons(table: pa.Table) -> pa.Table:
    """Return the table with every polygon as a multipolygon of one."""
    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy())
    single = _kinds(table) == shapely.GeometryType.POLYGON
    shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    column = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.large_binary(), from_pandas=True)
    return table.set_column(table.schema.get_field_index(GEOMETRY), GEOMETRY, column)


def _kinds(table: pa.Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.asarray(shapely.get_type_id(shapely.from_wkb(table[GEOMETRY].to_numpy())), dtype=np.int64)
