"""Formats of GIS with a table: GeoPackage, and shapefiles in a ZIP with .prj and .cpg."""

import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.exchange.attributes import field_names, properties, short_names
from zoning.exchange.parcel import Parcel
from zoning.exchange.target import Encoding
from zoning.exchange.writers import Order, Written
from zoning.texts import Text

_SINGLE = {"polygon": "Polygon", "line": "LineString", "point": "Point"}
_TEXT_BYTES = 254
_NAMES = {"polygon": "面", "line": "线", "point": "点"}


def write_geopackage(order: Order) -> Written:
    """Write one layer that bears the name of the file.

    Raises
    ------
    ContentError
        When the temporary folder cannot be written.
    """
    fields = field_names(order.parcels)
    records = [(parcel, properties(parcel)) for parcel in order.parcels]
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.gpkg"
        _write(path, order, records, fields, driver="GPKG", layer=order.stem)
        return Written(path.read_bytes())


def write_shapefile(order: Order) -> Written:
    """Write .shp, .shx, .dbf, .prj and .cpg and pack them.

    Raises
    ------
    ContentError
        When polygons, lines and points are mixed, or a text has characters that GBK has not.
    """
    _check_kinds(order.parcels)
    codec = "utf-8" if order.encoding is Encoding.utf8 else "gbk"
    _check_characters(order.parcels, codec)
    names = short_names(field_names(order.parcels), codec)
    cut = 0
    records = []
    for parcel in order.parcels:
        told = {names[name]: value for name, value in properties(parcel).items()}
        short = {name: _cut(value, codec) for name, value in told.items()}
        cut += sum(short[name] != told[name] for name in told)
        records.append((parcel, short))
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.shp"
        _write(path, order, records, list(names.values()), driver="ESRI Shapefile", encoding=order.encoding.value)
        return Written(_packed(path, order), _shortened(names, cut))


def _write(
    path: Path,
    order: Order,
    records: Sequence[tuple[Parcel, Mapping[str, str]]],
    fields: Sequence[str],
    **options: Any,
) -> None:
    import fiona
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError

    kinds = {parcel.kind for parcel in order.parcels}
    several = any(parcel.geometry.geom_type.startswith("Multi") for parcel in order.parcels)
    kind = f"{'Multi' * several}{_SINGLE[next(iter(kinds))]}" if len(kinds) == 1 else "Unknown"
    if options["driver"] == "ESRI Shapefile":
        kind = kind.removeprefix("Multi") if kind == "MultiPolygon" else kind
    text = f"str:{_TEXT_BYTES}" if options["driver"] == "ESRI Shapefile" else "str"
    schema = {"geometry": kind, "properties": dict.fromkeys(fields, text)}
    try:
        with (
            fiona.Env(OGR_CURRENT_DATE=f"{order.on.isoformat()}T00:00:00.000Z"),
            fiona.open(path, "w", crs=order.crs, schema=schema, **options) as file,
        ):
            for parcel, told in records:
                geometry = _promoted(parcel) if kind.startswith("Multi") else parcel.geometry
                file.write(
                    {
                        "geometry": shapely.geometry.mapping(geometry),
                        "properties": {name: told.get(name) for name in fields},
                    }
                )
    except (CPLE_BaseError, FionaError, OSError, RuntimeError) as error:
        raise ContentError(
            f"写 {options['driver']} 时临时文件夹写入失败；请检查磁盘空间，或用环境变量 TMPDIR 换一个文件夹后重试",
            f"the temporary folder cannot be written while making the {options['driver']}; check the disk space, or "
            "name another folder in the environment variable TMPDIR",
        ) from error


def _promoted(parcel: Parcel) -> BaseGeometry:
    if parcel.geometry.geom_type.startswith("Multi"):
        return parcel.geometry
    many: dict[str, Any] = {
        "polygon": shapely.multipolygons,
        "line": shapely.multilinestrings,
        "point": shapely.multipoints,
    }
    made: BaseGeometry = many[parcel.kind]([parcel.geometry])
    return made


def _check_kinds(parcels: Sequence[Parcel]) -> None:
    kinds = dict.fromkeys(parcel.kind for parcel in parcels)
    if len(kinds) > 1:
        listed = "、".join(_NAMES[kind] for kind in kinds)
        raise ContentError(
            f"文件里既有{listed}，一个 Shapefile 只能存一种；请换用 gpkg",
            f"the file holds {', '.join(kinds)} records, a shapefile holds one kind only; write gpkg",
        )


def _check_characters(parcels: Sequence[Parcel], codec: str) -> None:
    for parcel in parcels:
        for name, value in properties(parcel).items():
            try:
                (name + value).encode(codec)
            except UnicodeEncodeError as error:
                sign = (name + value)[error.start]
                raise ContentError(
                    f"地块“{parcel.name}”的“{name}”含 GBK 以外的字符 “{sign}”；请用 --encoding-out UTF-8",
                    f"'{name}' of footprint '{parcel.name}' holds “{sign}”, not in GBK; use --encoding-out UTF-8",
                ) from error


def _cut(text: str, codec: str) -> str:
    return text.encode(codec)[:_TEXT_BYTES].decode(codec, errors="ignore")


def _packed(path: Path, order: Order) -> bytes:
    packed = io.BytesIO()
    day = (order.on.year, order.on.month, order.on.day, 0, 0, 0)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.parent.iterdir()):
            archive.writestr(
                zipfile.ZipInfo(f"{order.stem}{file.suffix}", day), file.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()


def _shortened(names: Mapping[str, str], cut: int) -> tuple[Text, ...]:
    notes = []
    renamed = [f"{name}→{short}" for name, short in names.items() if name != short]
    if renamed:
        notes.append(
            Text(
                f"Shapefile 的字段名最多 10 个字节，已改名：{'、'.join(renamed)}",
                f"field names of a shapefile have at most 10 bytes and were changed: {', '.join(renamed)}",
            )
        )
    if cut:
        notes.append(
            Text(
                f"Shapefile 的文字最多 {_TEXT_BYTES} 个字节，{cut} 项过长，已截短",
                f"texts of a shapefile have at most {_TEXT_BYTES} bytes; {cut} were longer and are cut",
            )
        )
    return tuple(notes)
