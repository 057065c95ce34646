"""One writer per format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from zoning.errors import UsageError
from zoning.exchange.parcel import Parcel
from zoning.exchange.target import Encoding, Target
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a file, and what it could not hold."""

    content: bytes
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What a writer is given.

    Attributes
    ----------
    crs
        Of the geometries: `EPSG:4525`, or WKT.
    encoding
        Of text formats; GBK unless the user wants another.
    stem
        Name of the file without suffix.
    """

    parcels: Sequence[Parcel]
    crs: str
    on: date
    encoding: Encoding
    stem: str


_ENCODED = {Target.txt: Encoding.gbk, Target.shp: Encoding.gbk, Target.csv: Encoding.utf8}
"""Formats with a choice, and the usual one.

TXT and shapefiles go to desktop programs and upload pages that read GBK, and take UTF-8 for garbage; a table goes to a
spreadsheet, which reads UTF-8 with its mark.
"""


def write(
    parcels: Sequence[Parcel], crs: str, target: Target, *, encoding: Encoding | None, on: date, stem: str
) -> Written:
    """Write parcels in a format.

    Raises
    ------
    UsageError
        When the format leaves no choice of characters.
    ContentError
        When it cannot hold the parcels.
    """
    if encoding is not None and target not in _ENCODED:
        raise UsageError(
            f"--encoding-out：{target} 的编码由格式规定，只有 txt、shp、csv 可以选择",
            f"--encoding-out: the format of {target} fixes its characters; txt, shp and csv leave a choice",
        )
    order = Order(parcels, crs, on, encoding or _ENCODED.get(target, Encoding.utf8), stem)
    return _writer(target)(order)


def _writer(target: Target) -> Callable[[Order], Written]:
    from importlib import import_module

    module, name = {
        Target.txt: ("coordinate_txt", "write_coordinate_txt"),
        Target.geojson: ("geojson", "write_geojson"),
        Target.kml: ("kml", "write_kml"),
        Target.wkt: ("wkt", "write_wkt"),
        Target.csv: ("vertex_table", "write_vertex_table"),
        Target.dxf: ("dxf", "write_dxf"),
        Target.gpkg: ("tables", "write_geopackage"),
        Target.shp: ("tables", "write_shapefile"),
    }[target]
    writer: Callable[[Order], Written] = getattr(import_module(f"zoning.exchange.{module}"), name)
    return writer
