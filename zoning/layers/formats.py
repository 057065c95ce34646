"""Opening layer files: one table with geometries and text, whatever the format."""

import json
import sqlite3
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.layers.damaged_rows import damaged_rows, placeless_rows
from zoning.layers.datum import Bounds
from zoning.layers.digests import shapefile_part
from zoning.layers.geojson_text import unsound_feature
from zoning.layers.geopackage import contradiction_in
from zoning.layers.geoparquet import unfit_column
from zoning.layers.shapefile_index import is_cut_off, unlisted_shapes
from zoning.layers.undecodable import undecodable_value
from zoning.texts import Text

FORMATS = {
    ".gpkg": "GeoPackage",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
    ".shp": "Shapefile",
    ".gdb": "FileGDB",
    ".fgb": "FlatGeobuf",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
}
_PACKED = (".zip", ".rar", ".7z", ".tar", ".gz", ".kmz")
_CODE_PAGES = {"65001": "UTF-8", "utf8": "UTF-8", "utf-8": "UTF-8"}
_CHINESE = ("936", "cp936", "ansi 936", "gbk", "gb2312", "gb18030", "oem")


class UnreadableError(Exception):
    """A layer file or table cannot be read; the reader turns it into a value with the reason.

    `passing`: it may be there again when asked anew, as a database that could not be reached.
    """

    def __init__(self, reason: Text, *, passing: bool = False) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.passing = passing

    def anew(self) -> "UnreadableError":
        """Return the same to be raised again, without the frames that the first one holds."""
        return UnreadableError(self.reason, passing=self.passing)


@dataclass(frozen=True, slots=True)
class Table:
    """Records of a layer file inside a window.

    Attributes
    ----------
    geometries
        (n,) as stored; records without geometry are left out.
    columns
        Field -> text of every record, each (n,); empty where there is no value.
    crs
        As the file states it; None where it does not.
    extent
        Box of the whole file, not only of the window; None where the file does not tell.
    """

    geometries: NDArray[np.object_]
    columns: Mapping[str, tuple[str, ...]]
    fids: tuple[str, ...]
    crs: str | None
    extent: Bounds | None = None


def read_table(
    path: Path,
    table: str | None,
    *,
    fields: tuple[str, ...],
    encoding: str | None,
    window: Callable[[str | None], Bounds | None],
) -> Table:
    """Read the records of a file that meet a window.

    Parameters
    ----------
    fields
        What must be there.
    window
        Gives the box to read in the file's coordinate system, which it is told; None for the whole file.

    Raises
    ------
    UnreadableError
        When the file is missing, broken, of another format, or lacks the table or a field.
    """
    if not path.exists():
        raise UnreadableError(Text(f"文件不存在：{path.name}", f"file not found: {path.name}"))
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise _unknown_format(path)
    if kind == "GeoParquet":
        return _read_parquet(path, fields, window)
    if kind == "Shapefile":
        encoding = encoding or shapefile_encoding(path)
    return _read_gdal(path, table, fields=fields, encoding=encoding, window=window)


def _unknown_format(path: Path) -> UnreadableError:
    if path.suffix.lower() in _PACKED:
        return UnreadableError(
            Text(
                f"{path.name}：压缩包不作为图层读取；请解压，写其中的 .shp（连同 .shx、.dbf、.prj、.cpg）等文件",
                f"{path.name}: an archive is not read as a layer; unpack it and name the .shp in it (with its .shx, "
                ".dbf, .prj and .cpg beside it), or another layer file",
            )
        )
    allowed = ", ".join(dict.fromkeys(FORMATS.values()))
    return UnreadableError(
        Text(f"{path.name}：不支持的格式；可用：{allowed}", f"{path.name}: unknown format; allowed: {allowed}")
    )


def _read_gdal(
    path: Path,
    table: str | None,
    *,
    fields: tuple[str, ...],
    encoding: str | None,
    window: Callable[[str | None], Bounds | None],
) -> Table:
    import pyogrio.errors
    import pyogrio.raw

    broken = (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, pyogrio.errors.GeometryError)
    try:
        with warnings.catch_warnings():
            # What GDAL notices (unclosed rings ...) comes back as repair of the zones.
            warnings.simplefilter("ignore")
            name = table or _only_table(path)
            info = pyogrio.read_info(path, layer=name, encoding=encoding)
            _demand(path, fields, [str(field) for field in info["fields"]])
            box = window(info["crs"])
            # The index beside a shapefile (.qix, .sbn) may be older than the zones: it is not asked.
            whole = path.suffix.lower() == ".shp"
            _check_parts(path, encoding)
            found = _records(path, name, fields, encoding, None if whole else box, count=info["features"])
            if path.suffix.lower() == ".fgb" and info["features"] > 0:
                # Of a file that was cut off only the end is missing, and no error tells.
                pyogrio.raw.read(path, layer=name, columns=[], fids=[info["features"] - 1])
    except pyogrio.errors.DataLayerError as error:
        if table is None:
            raise _unreadable(path) from error
        raise UnreadableError(
            Text(f"{path.name}：没有数据表“{table}”", f"{path.name}: there is no table '{table}'")
        ) from error
    except broken as error:
        raise _unreadable(path) from error
    meta, fids, wkb, columns = found
    if path.suffix.lower() == ".gpkg":
        _check_geopackage(path, name, fids)
    values = {str(field): column for field, column in zip(meta["fields"], columns, strict=True)}
    geometries = _from_wkb(path, wkb, fids, {field: values[field] for field in fields})
    kept = _meets(geometries, box if whole else None)
    texts = {field: column[kept] for field, column in values.items()}
    return _table(geometries[kept], texts, fids[kept], info["crs"], _extent(info))


def _records(
    path: Path, table: str, fields: tuple[str, ...], encoding: str | None, box: Bounds | None, *, count: int
) -> tuple[Any, Any, Any, Any]:
    """Return what pyogrio gives: about the file, numbers of the records, geometries, columns."""
    import pyogrio.raw

    try:
        found: tuple[Any, Any, Any, Any] = pyogrio.raw.read(
            path,
            layer=table,
            encoding=encoding,
            columns=list(fields),
            bbox=box,
            force_2d=False,
            return_fids=True,
            datetime_as_string=True,
        )
    except UnicodeDecodeError as error:
        raise UnreadableError(undecodable_value(path, table, fields, encoding, count)) from error
    return found


def _check_parts(path: Path, encoding: str | None) -> None:
    """Refuse files of which GDAL would leave something out without a word."""
    if path.suffix.lower() == ".shp":
        _check_shapefile(path)
    elif FORMATS[path.suffix.lower()] == "GeoJSON":
        _check_geojson(path, encoding)


def _check_geopackage(path: Path, table: str, fids: NDArray[np.int64]) -> None:
    """Refuse a file that says of itself two things, of which GDAL believes one."""
    try:
        contradiction = contradiction_in(path, table, fids.tolist())
    except sqlite3.Error as error:
        raise _unreadable(path) from error
    if contradiction is not None:
        raise UnreadableError(contradiction)


def _check_geojson(path: Path, encoding: str | None) -> None:
    try:
        unsound = unsound_feature(path, encoding)
    except (ValueError, LookupError, RecursionError) as error:
        raise _unreadable(path) from error
    if unsound is not None:
        raise UnreadableError(unsound)


def _check_shapefile(path: Path) -> None:
    if is_cut_off(path):
        raise _unreadable(path)
    unlisted = unlisted_shapes(path)
    if unlisted is not None:
        raise UnreadableError(unlisted)


def _extent(info: Mapping[str, Any]) -> Bounds | None:
    bounds = info["total_bounds"]
    if not info["features"] or bounds is None or not np.isfinite(bounds).all():
        return None
    west, south, east, north = (float(edge) for edge in bounds)
    return west, south, east, north


def _only_table(path: Path) -> str:
    import pyogrio

    names = [str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    if len(names) == 1:
        return names[0]
    found = ", ".join(names) or "-"
    raise UnreadableError(
        Text(
            f"{path.name}：须在 table 中写明数据表；文件中有：{found}",
            f"{path.name}: say which table with 'table'; the file has: {found}",
        )
    )


def _read_parquet(path: Path, fields: tuple[str, ...], window: Callable[[str | None], Bounds | None]) -> Table:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        schema = parquet.read_schema(path)
        geo = json.loads((schema.metadata or {})[b"geo"])
        column = geo["primary_column"]
        described = geo["columns"][column]
        if (unfit := unfit_column(path.name, described)) is not None:
            raise UnreadableError(unfit)
        _demand(path, fields, [name for name in schema.names if name != column])
        read = parquet.read_table(path, columns=[*fields, column])
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise _unreadable(path) from error
    # The specification: no 'crs' means longitude and latitude, null means unknown.
    stated = described.get("crs", "OGC:CRS84")
    crs = json.dumps(stated) if isinstance(stated, dict) else stated
    values = {name: np.asarray(read.column(name).to_pylist(), dtype=object) for name in fields}
    wkb = read.column(column).to_numpy(zero_copy_only=False)
    geometries = _from_wkb(path, wkb, range(len(wkb)), values)
    kept = _meets(geometries, window(crs))
    kept_texts = {name: texts[kept] for name, texts in values.items()}
    extent = shapely.total_bounds(geometries)
    whole: Bounds | None = tuple(extent.tolist()) if np.isfinite(extent).all() else None
    return _table(geometries[kept], kept_texts, np.flatnonzero(kept), crs, whole)


def _meets(geometries: NDArray[np.object_], box: Bounds | None) -> NDArray[np.bool_]:
    if box is None:
        return np.ones(len(geometries), dtype=bool)
    bounds = shapely.bounds(geometries)
    west, south, east, north = box
    meets = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    return np.asarray(meets, dtype=bool)


def _table(
    geometries: NDArray[np.object_],
    columns: Mapping[str, NDArray[Any]],
    fids: NDArray[np.int64],
    crs: str | None,
    extent: Bounds | None,
) -> Table:
    there = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    # An index gives the records in an order of its own, another one for every window.
    there = there[np.argsort(fids[there], kind="stable")]
    texts = {name: tuple(text_of(value) for value in column[there]) for name, column in columns.items()}
    return Table(geometries[there], texts, tuple(str(fid) for fid in fids[there]), crs, extent)


def text_of(value: Any) -> str:
    """Return a value as it is shown and compared: a whole number without a point, nothing where it is missing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is where a number is missing
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _from_wkb(
    path: Path, wkb: NDArray[np.object_], fids: Sequence[Any], columns: Mapping[str, NDArray[Any]]
) -> NDArray[np.object_]:
    try:
        with np.errstate(invalid="ignore"):  # of numbers that are none; they are told below
            made = np.asarray(shapely.from_wkb(wkb), dtype=object)
    except shapely.errors.GEOSException as error:
        raise UnreadableError(damaged_rows(path.name, wkb, fids, columns)) from error
    placeless = placeless_rows(path.name, made, fids, columns)
    if placeless is not None:
        raise UnreadableError(placeless)
    return made


def _demand(path: Path, fields: tuple[str, ...], found: list[str]) -> None:
    missing = [field for field in fields if field not in found]
    if missing:
        raise UnreadableError(
            Text(
                f"{path.name}：缺少字段 {', '.join(missing)}；文件中有：{', '.join(found)}",
                f"{path.name}: the field {', '.join(missing)} is missing; the file has: {', '.join(found)}",
            )
        )


def _unreadable(path: Path) -> UnreadableError:
    kind = FORMATS[path.suffix.lower()]
    return UnreadableError(
        Text(f"文件无法读取：{path.name} 不是完好的 {kind}", f"file cannot be read: {path.name} is no intact {kind}")
    )


def shapefile_encoding(path: Path) -> str:
    """Return the encoding of a shapefile's text: the .cpg where it names one, else by its bytes UTF-8 or GB18030."""
    stated = shapefile_part(path, ".cpg")
    if stated is not None:
        name = stated.read_text(encoding="ascii", errors="replace").strip()
        if name.lower() in _CHINESE:
            return "GB18030"
        return _CODE_PAGES.get(name.lower(), name)
    records = shapefile_part(path, ".dbf")
    content = b"" if records is None else records.read_bytes()
    # A field cut inside a character spoils one place, a wrong encoding nearly all of them.
    spoiled = {name: content.decode(name, errors="replace").count("\ufffd") for name in ("UTF-8", "GB18030")}
    return min(spoiled, key=lambda name: spoiled[name])
