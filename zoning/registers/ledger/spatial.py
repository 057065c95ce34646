"""A register as tables of a GIS: GeoPackage, shapefile in a ZIP, GeoJSON."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.atomic_write import json_text
from zoning.errors import ContentError
from zoning.registers.ledger.columns import ExportColumn, as_text, export_columns, short_column_names, table_row
from zoning.registers.record import Record, Value
from zoning.registers.types import RegisterType
from zoning.texts import Language, Text

CRS = "EPSG:4490"
SCHEMA = "zoning.register/1"
_SINGLE = ("Point", "LineString", "Polygon")
_STEMS = ("points", "lines", "areas")
_TEXT_BYTES = 254
_NUMBER_WIDTH, _DECIMALS = 24, 15
_LAST_DIGIT = 1e-12


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is to be written.

    Attributes
    ----------
    on
        The day that files bear: the same records give the same bytes.
    personal
        With the fields that are never public.
    """

    kind: RegisterType
    records: Sequence[Record]
    on: date
    language: Language = "zh"
    personal: bool = True
    stem: str = ""

    @property
    def columns(self) -> tuple[ExportColumn, ...]:
        """The columns of the tables."""
        return export_columns(self.kind, personal=self.personal)

    @property
    def placed(self) -> list[Record]:
        """The records whose place is known."""
        return [record for record in self.records if record.geometry is not None]


@dataclass(frozen=True, slots=True)
class Exported:
    """The bytes of a file, and what it could not hold."""

    content: bytes
    notes: tuple[Text, ...] = ()


def write_geopackage(order: ExportOrder) -> Exported:
    """Write one table, named as the kind, with all records whose place is known.

    Raises
    ------
    ContentError
        When the file cannot be written.
    """
    placed = order.placed
    rows = [table_row(record, order.kind, order.columns, order.language) for record in placed]
    types = {column.name: _gpkg_type(column) for column in order.columns}
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.gpkg"
        shapes = [record.geometry for record in placed]
        _write(path, order, shapes, rows, types, driver="GPKG", layer=order.kind.id)
        return Exported(path.read_bytes(), tuple(_without_place(order)))


def _gpkg_type(column: ExportColumn) -> str:
    return {"integer": "int64", "number": "float", "date": "date"}.get(column.kind, "str")


def _without_place(order: ExportOrder) -> Iterator[Text]:
    missing = [record.id for record in order.records if record.geometry is None]
    if missing:
        shown = missing[:8]
        yield Text(
            f"有 {len(missing)} 条记录没有图形，不在文件中（{'、'.join(shown)}）；Excel 和 JSON 里有",
            f"{len(missing)} records have no shape and are not in the file ({'; '.join(shown)}); Excel and JSON hold "
            "them",
        )


def write_shapefile(order: ExportOrder) -> Exported:
    """Write .shp, .shx, .dbf, .prj and .cpg of every kind of shape and pack them.

    What a DBF table cannot hold (a text beyond 254 bytes, a number with too many digits) is left out and named: an
    import leaves fields without a value as they are.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    names = short_column_names(order.kind)
    notes = list(_without_place(order))
    rows = [table_row(record, order.kind, order.columns, order.language) for record in order.placed]
    codec = _codec(rows)
    types = [_dbf_type(column, [row[i] for row in rows]) for i, column in enumerate(order.columns)]
    left = [_fitted(row, types, codec) for row in rows]
    if any(left):
        notes.append(
            Text(
                f"有 {sum(left)} 个值超出 Shapefile 的长度，没有写入；重新导入时这些值不变",
                f"{sum(left)} values do not fit into a shapefile and were left out; an import leaves them as they are",
            )
        )
    files: dict[str, bytes] = {}
    for dimension in range(3):
        chosen = [(record.geometry, row) for record, row in zip(order.placed, rows, strict=True)
                  if shapely.get_dimensions(record.geometry) == dimension]  # fmt: skip
        if chosen or (dimension == 2 and not order.placed):  # noqa: PLR2004 - an empty file is one of areas
            files |= _shapefile(order, chosen, dict(zip(names.values(), types, strict=True)), dimension, codec)
    return Exported(_packed(files, order.on), tuple(notes))


def _codec(rows: Sequence[Sequence[Value]]) -> str:
    """Return GBK, which desktop programs and upload pages expect, where it has all characters."""
    try:
        for row in rows:
            for value in row:
                if isinstance(value, str):
                    value.encode("gbk")
    except UnicodeEncodeError:
        return "utf-8"
    return "gbk"


def _dbf_type(column: ExportColumn, values: Sequence[Value]) -> str:
    if column.kind == "integer":
        return "int:18"
    if column.kind == "number":
        largest = max((abs(value) for value in values if isinstance(value, int | float)), default=0.0)
        before = len(f"{largest:.0f}") + 2  # a sign and the point
        return f"float:{_NUMBER_WIDTH}.{max(0, min(_DECIMALS, _NUMBER_WIDTH - before))}"
    return "date" if column.kind == "date" else f"str:{_TEXT_BYTES}"


def _fitted(row: list[Value], types: Sequence[str], codec: str) -> int:
    """Empty what a table cannot hold; return how many values."""
    left = 0
    for index, (value, kind) in enumerate(zip(row, types, strict=True)):
        if isinstance(value, str):
            fits = len(value.encode(codec)) <= _TEXT_BYTES
        elif isinstance(value, float) and kind.startswith("float"):
            decimals = int(kind.rpartition(".")[2])
            fits = isclose(round(value, decimals), value, rel_tol=_LAST_DIGIT, abs_tol=0.0)
        else:
            fits = True
        if not fits:
            row[index], left = None, left + 1
    return left


def _shapefile(
    order: ExportOrder,
    chosen: Sequence[tuple[BaseGeometry | None, list[Value]]],
    types: dict[str, str],
    dimension: int,
    codec: str,
) -> dict[str, bytes]:
    stem = order.stem or order.kind.id
    mixed = {shapely.get_dimensions(record.geometry) for record in order.placed}
    stem = f"{stem}-{_STEMS[dimension]}" if len(mixed) > 1 else stem
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.shp"
        shapes, rows = [shape for shape, _ in chosen], [row for _, row in chosen]
        _write(path, order, shapes, rows, types, driver="ESRI Shapefile", encoding=codec, dimension=dimension)
        return {f"{stem}{file.suffix}": file.read_bytes() for file in sorted(path.parent.iterdir())}


def _packed(files: dict[str, bytes], on: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            archive.writestr(info, files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _write(
    path: Path,
    order: ExportOrder,
    shapes: Sequence[BaseGeometry | None],
    rows: Sequence[Sequence[Value]],
    types: dict[str, str],
    *,
    dimension: int | None = None,
    **options: Any,
) -> None:
    write_features(path, shapes, rows, types, crs=CRS, on=order.on, dimension=dimension, **options)


def write_features(
    path: Path,
    shapes: Sequence[BaseGeometry | None],
    rows: Sequence[Sequence[Value]],
    types: dict[str, str],
    *,
    crs: str,
    on: date,
    dimension: int | None = None,
    **options: Any,
) -> None:
    """Write features with fiona, shapes in the coordinates of `crs`; the same features give the same bytes.

    Raises
    ------
    ContentError
        When the folder cannot be written.
    """
    import fiona
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError

    kind, multi = _geometry_kind(shapes, dimension, shapefile=options["driver"] == "ESRI Shapefile")
    schema = {"geometry": kind, "properties": types}
    try:
        with (
            fiona.Env(OGR_CURRENT_DATE=f"{on.isoformat()}T00:00:00.000Z"),
            fiona.open(path, "w", crs=crs, schema=schema, **options) as file,
        ):
            file.writerecords(
                {
                    "geometry": None
                    if shape is None
                    else shapely.geometry.mapping(_promoted(shape) if multi else shape),
                    "properties": {name: _plain(value) for name, value in zip(types, row, strict=True)},
                }
                for shape, row in zip(shapes, rows, strict=True)
            )
    except (CPLE_BaseError, FionaError, OSError, RuntimeError) as error:
        raise ContentError(
            f"写 {options['driver']} 时临时文件夹写入失败；请检查磁盘空间，或用环境变量 TMPDIR 换一个文件夹后重试",
            f"the temporary folder cannot be written while making the {options['driver']}; check the disk space, or "
            "name another folder in the environment variable TMPDIR",
        ) from error


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _geometry_kind(
    shapes: Sequence[BaseGeometry | None], dimension: int | None, *, shapefile: bool
) -> tuple[str, bool]:
    """Return the type of the table and whether single shapes are to be promoted to it."""
    kinds = {shape.geom_type.removeprefix("Multi") for shape in shapes if shape is not None}
    several = any(shape is not None and shape.geom_type.startswith("Multi") for shape in shapes)
    if not kinds:
        return _SINGLE[2 if dimension is None else dimension], False
    if len(kinds) > 1:
        return "Unknown", False
    kind = next(iter(kinds))
    if shapefile:
        # A shapefile knows several parts in polygons and lines by itself.
        return (f"Multi{kind}", True) if several and kind == "Point" else (kind, False)
    return (f"Multi{kind}", True) if several else (kind, False)


def _promoted(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type.startswith("Multi"):
        return shape
    many: dict[str, Any] = {
        "Polygon": shapely.multipolygons,
        "LineString": shapely.multilinestrings,
        "Point": shapely.multipoints,
    }
    made: BaseGeometry = many[shape.geom_type]([shape])
    return made


def write_json(order: ExportOrder) -> Exported:
    """Write a GeoJSON FeatureCollection with all records; codes as codes, their words beside them."""
    features = [_feature(order, record) for record in order.records]
    content = {
        "type": "FeatureCollection",
        "schema": SCHEMA,
        "kind": order.kind.id,
        "title": order.kind.title.plain(),
        "on": order.on.isoformat(),
        "coordinates": CRS,
        "features": features,
    }
    return Exported(json_text(content).encode())


def _feature(order: ExportOrder, record: Record) -> dict[str, Any]:
    values = table_row(record, order.kind, order.columns, order.language)
    told = {column.name: value for column, value in zip(order.columns, values, strict=True) if value is not None}
    shape = record.geometry
    return {
        "type": "Feature",
        "id": record.id,
        "properties": {name: as_text(value) if isinstance(value, date) else value for name, value in told.items()}
        | {"version": record.version},
        "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
    }
