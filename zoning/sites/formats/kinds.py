"""The formats that are read: their names in sentences, their suffixes, their readers."""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.streams.sliced import Opener

Reader = Callable[[Path, Options], RawFile]


class Kind(StrEnum):
    """The formats that are read; the value names the format in sentences."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    SHAPEFILE_FOLDER = "Shapefile folder"
    FILE_GDB = "FileGDB"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    KML = "KML"
    GML = "GML"
    ZIP = "ZIP"
    WKT = "WKT"
    WKB = "WKB"
    DXF = "DXF"
    VCT = "VCT"
    MAPINFO_TAB = "MapInfo TAB"
    MAPINFO_MIF = "MapInfo MIF"
    COORDINATE_TXT = "TXT"
    WORKBOOK = "Excel"
    POINT_TABLE = "CSV"
    WKT_TABLE = "CSV (WKT)"


READ_ZH = (
    "坐标 TXT、DXF、Shapefile（.shp、文件夹或 .zip）、FileGDB（.gdb 文件夹或 .zip）、GeoPackage、GeoJSON、KML/KMZ、"
    "GML、VCT、MapInfo TAB/MIF、FlatGeobuf、GeoParquet、WKT/WKB、Excel/CSV 坐标表"
)
READ_EN = (
    "coordinate TXT, DXF, Shapefile (.shp, folder or .zip), FileGDB (.gdb folder or .zip), GeoPackage, GeoJSON, "
    "KML/KMZ, GML, VCT, MapInfo TAB/MIF, FlatGeobuf, GeoParquet, WKT/WKB, tables of vertices (Excel, CSV)"
)

SUFFIXES: dict[Kind, tuple[str, ...]] = {
    Kind.GEOJSON: (".geojson", ".json"),
    Kind.GEOPACKAGE: (".gpkg",),
    Kind.SHAPEFILE: (".shp",),
    Kind.FILE_GDB: (".gdb",),
    Kind.FLATGEOBUF: (".fgb",),
    Kind.GEOPARQUET: (".parquet", ".geoparquet"),
    Kind.KML: (".kml",),
    Kind.GML: (".gml", ".xml"),
    Kind.ZIP: (".zip", ".kmz"),
    Kind.WKT: (".wkt", ".txt", ".csv"),
    Kind.WKB: (".wkb", ".txt"),
    Kind.DXF: (".dxf",),
    Kind.VCT: (".vct",),
    Kind.MAPINFO_TAB: (".tab",),
    Kind.MAPINFO_MIF: (".mif",),
    Kind.COORDINATE_TXT: (".txt",),
    Kind.WORKBOOK: (".xlsx", ".xlsm", ".xls"),
    Kind.POINT_TABLE: (".csv", ".txt", ".tsv"),
    Kind.WKT_TABLE: (".csv", ".txt", ".tsv"),
}
SIDECARS = {
    ".dbf": ".shp", ".shx": ".shp", ".prj": ".shp", ".cpg": ".shp", ".sbn": ".shp", ".sbx": ".shp", ".qpj": ".shp",
    ".mid": ".mif", ".dat": ".tab", ".map": ".tab", ".id": ".tab", ".ind": ".tab",
}  # fmt: skip

LAYERED = (Kind.GEOPACKAGE, Kind.ZIP, Kind.SHAPEFILE_FOLDER, Kind.FILE_GDB, Kind.DXF, Kind.VCT, Kind.GML, Kind.WORKBOOK)
"""Formats in which `--layer` chooses."""

_READERS: dict[Kind, tuple[str, str]] = {
    Kind.GEOJSON: ("vector.geojson", "read_geojson"),
    Kind.GEOPACKAGE: ("vector.geopackage", "read_geopackage"),
    Kind.SHAPEFILE: ("vector.shapefile", "read_shapefile"),
    Kind.SHAPEFILE_FOLDER: ("vector.folders", "read_shapefile_folder"),
    Kind.FILE_GDB: ("vector.file_gdb", "read_file_gdb"),
    Kind.FLATGEOBUF: ("vector.flatgeobuf", "read_flatgeobuf"),
    Kind.GEOPARQUET: ("vector.geoparquet", "read_geoparquet"),
    Kind.KML: ("vector.kml", "read_kml"),
    Kind.GML: ("vector.gml", "read_gml"),
    Kind.ZIP: ("vector.archives", "read_archive"),
    Kind.WKT: ("vector.wkt", "read_wkt"),
    Kind.WKB: ("vector.wkb", "read_wkb"),
    Kind.DXF: ("cad.dxf", "read_dxf"),
    Kind.VCT: ("vct.reader", "read_vct"),
    Kind.MAPINFO_TAB: ("vector.mapinfo", "read_mapinfo"),
    Kind.MAPINFO_MIF: ("vector.mapinfo", "read_mapinfo"),
    Kind.COORDINATE_TXT: ("txt.coordinate_txt", "read_coordinate_txt"),
    Kind.WORKBOOK: ("tables.workbook", "read_workbook"),
    Kind.POINT_TABLE: ("tables.point_text", "read_point_text"),
    Kind.WKT_TABLE: ("tables.wkt_table", "read_wkt_table"),
}


_SLICED: dict[Kind, tuple[str, str]] = {
    Kind.GEOPACKAGE: ("vector.geopackage", "sliced_geopackage"),
    Kind.SHAPEFILE: ("vector.shapefile", "sliced_shapefile"),
    Kind.SHAPEFILE_FOLDER: ("vector.folders", "sliced_shapefile_folder"),
    Kind.FILE_GDB: ("vector.file_gdb", "sliced_file_gdb"),
    Kind.FLATGEOBUF: ("vector.flatgeobuf", "sliced_flatgeobuf"),
    Kind.GEOPARQUET: ("vector.geoparquet_slices", "sliced_geoparquet"),
    Kind.WKT_TABLE: ("tables.wkt_table", "sliced_wkt_table"),
}
"""Formats that may hold any number of records."""

_RECORDS: dict[Kind, tuple[str, str]] = {
    Kind.GEOJSON: ("vector.geojson", "opened_geojson"),
    Kind.ZIP: ("vector.archives", "opened_boundary"),
    Kind.WORKBOOK: ("tables.workbook", "opened_workbook"),
    Kind.POINT_TABLE: ("tables.point_text", "opened_point_text"),
}
"""Formats whose limits bound the file, and that are read record by record all the same."""


def reader_of(kind: Kind) -> Reader:
    """Return the reader of a format; its libraries are loaded only now."""
    module, name = _READERS[kind]
    reader: Reader = getattr(import_module(f"zoning.sites.{module}"), name)
    return reader


def is_bulk(kind: Kind) -> bool:
    """Tell whether a file of this format may hold any number of records."""
    return kind in _SLICED


def opener_of(kind: Kind) -> Opener | None:
    """Return what opens a format for reading record by record; None for one of which a bad record spoils the file."""
    found = (_SLICED | _RECORDS).get(kind)
    if found is None:
        return None
    opener: Opener = getattr(import_module(f"zoning.sites.{found[0]}"), found[1])
    return opener
