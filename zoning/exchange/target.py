"""The formats that are written."""

from enum import StrEnum


class Target(StrEnum):
    """A format; the value is what stands behind `--to`."""

    txt = "txt"
    geojson = "geojson"
    gpkg = "gpkg"
    shp = "shp"
    kml = "kml"
    wkt = "wkt"
    csv = "csv"
    dxf = "dxf"

    @property
    def suffix(self) -> str:
        """The suffix of the file; a shapefile is several files and goes as ZIP."""
        return ".zip" if self is Target.shp else f".{self.value}"

    @property
    def only_degrees(self) -> bool:
        """Its standard knows longitude and latitude alone (RFC 7946, OGC KML)."""
        return self in (Target.geojson, Target.kml)


class Encoding(StrEnum):
    """Characters of the text formats; GBK is written as GB18030, which holds every character."""

    gbk = "GBK"
    utf8 = "UTF-8"
