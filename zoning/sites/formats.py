"""What kind of file this is: decided by its first bytes; the suffix must agree."""

import re
import struct
from enum import StrEnum
from pathlib import Path

from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.where import Where

READ_ZH = "GeoJSON、GeoPackage、Shapefile（.shp 或 .zip）、KML/KMZ、WKT、坐标 TXT"
READ_EN = "GeoJSON, GeoPackage, Shapefile (.shp or .zip), KML/KMZ, WKT, coordinate TXT"

_HEAD = 65_536
_SHAPEFILE_CODE = 9994
_MEGABYTE = 1_000_000
_NETWORK = re.compile(r"^(/vsi|\\\\?vsi|[A-Za-z][A-Za-z0-9+.-]+:/)")
_GEOMETRY_WORD = re.compile(
    r"^\s*(SRID\s*=\s*\d+\s*;\s*)?(POINT|LINESTRING|POLYGON|MULTI(POINT|LINESTRING|POLYGON|CURVE|SURFACE)"
    r"|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|POLYHEDRALSURFACE|TIN|TRIANGLE)(ZM|Z|M)?\b",
    re.IGNORECASE,
)
_CRS_WORD = re.compile(r"^\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|COMPD_?CS|BOUNDCRS)\s*\[", re.IGNORECASE)
_TXT_MARKS = ("地块坐标", "属性描述")


class Kind(StrEnum):
    """The formats that are read; the value names the format in sentences."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    KML = "KML"
    ZIP = "ZIP"
    WKT = "WKT"
    COORDINATE_TXT = "TXT"


_SUFFIXES = {
    Kind.GEOJSON: (".geojson", ".json"),
    Kind.GEOPACKAGE: (".gpkg",),
    Kind.SHAPEFILE: (".shp",),
    Kind.KML: (".kml",),
    Kind.ZIP: (".zip", ".kmz"),
    Kind.WKT: (".wkt", ".txt"),
    Kind.COORDINATE_TXT: (".txt",),
}
_KNOWN = {suffix for suffixes in _SUFFIXES.values() for suffix in suffixes}
_SIDECARS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj")
_OTHERS = (
    ".dwg", ".dxf", ".gdb", ".fgb", ".parquet", ".gml", ".vct", ".wkb", ".tab", ".mif", ".mid", ".xls", ".xlsx",
    ".csv", ".doc", ".docx", ".pdf", ".rar", ".7z", ".gz", ".tar", ".vrt", ".xml", ".topojson", ".sqlite",
    ".mdb", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".ofd", ".gpx",
)  # fmt: skip


def recognise(path: Path, limits: Limits) -> Kind:
    """Return the kind of a boundary file.

    Raises
    ------
    SiteError
        When it does not exist, cannot be opened, is empty, too large, of a kind that is not read, or not what its
        suffix says.
    """
    where = Where(path.name or str(path))
    _check_file(path, where, limits)
    suffix = path.suffix.lower()
    if suffix in _SIDECARS:
        raise where.error(
            "只是 Shapefile 的一部分；请指定同名的 .shp 文件", "it is a part of a Shapefile; give the .shp"
        )
    if suffix in _OTHERS:
        raise where.error(
            f"不读取 {suffix} 格式；请转换为以下之一：{READ_ZH}",
            f"{suffix} is not read; convert it to one of: {READ_EN}",
        )
    head = _head(path, where)
    kind = _by_content(head, where)
    if kind is None or (suffix in _KNOWN and suffix not in _SUFFIXES[kind]):
        raise _mismatch(where, suffix, kind)
    return kind


def _check_file(path: Path, where: Where, limits: Limits) -> None:
    if _NETWORK.match(str(path)):
        raise where.error(
            "是网络地址或虚拟路径；只读取本机上的文件", "a network or virtual path; only local files are read"
        )
    try:
        size = path.stat().st_size
        regular, folder = path.is_file(), path.is_dir()
    except (OSError, ValueError) as error:
        raise _cannot_open(where, error) from error
    if folder:
        raise where.error("是文件夹；请指定其中的边界文件", "it is a folder; give the boundary file in it")
    if not regular:
        raise where.error("不是普通文件；请指定边界文件", "it is not a regular file; give a boundary file")
    if size == 0:
        raise where.error("文件是空的（0 字节）；请重新导出", "the file is empty (0 bytes); export it again")
    if size > limits.file_bytes:
        big, allowed = size / _MEGABYTE, limits.file_bytes / _MEGABYTE
        raise where.error(
            f"文件有 {big:.1f} MB，超过上限 {allowed:.0f} MB；请只导出项目范围",
            f"the file has {big:.1f} MB, more than the allowed {allowed:.0f} MB; export the footprint alone",
        )


def _cannot_open(where: Where, error: Exception) -> SiteError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return where.error("文件不存在；请检查路径", "there is no such file; check the path")
    if isinstance(error, PermissionError):
        return where.error(
            "没有读取权限；请修改文件权限", "no permission to read it; change the permissions of the file"
        )
    return where.error("文件打不开；请检查路径和磁盘", "it cannot be opened; check the path and the disk")


def _head(path: Path, where: Where) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise _cannot_open(where, error) from error


def _by_content(head: bytes, where: Where) -> Kind | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ZIP
    if head.startswith(b"SQLite format 3\0"):
        return Kind.GEOPACKAGE
    if len(head) >= 4 and struct.unpack(">i", head[:4])[0] == _SHAPEFILE_CODE:  # noqa: PLR2004
        return Kind.SHAPEFILE
    return _by_text(_text(head), where)


def _text(head: bytes) -> str:
    """Return the beginning as text; the end of the piece may cut a character."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").lstrip("\ufeff")
    codec = "utf-8-sig"
    try:
        head[:-3].decode(codec)
    except UnicodeDecodeError as error:
        codec = codec if error.end >= len(head) - 3 else "gb18030"
    return head.decode(codec, errors="ignore")


def _by_text(text: str, where: Where) -> Kind | None:
    start = text.lstrip()[:4096]
    if start.startswith("{"):
        return Kind.GEOJSON
    if start.startswith("<"):
        return Kind.KML
    if any(mark in text for mark in _TXT_MARKS):
        return Kind.COORDINATE_TXT
    if _GEOMETRY_WORD.match(start):
        return Kind.WKT
    if _CRS_WORD.match(start):
        raise where.error(
            "内容是坐标系说明，不是图形；请提供边界文件本身",
            "it describes a coordinate system, not a geometry; give the boundary file itself",
        )
    return None


def _mismatch(where: Where, suffix: str, kind: Kind | None) -> SiteError:
    if kind is not None:
        right = _SUFFIXES[kind][0]
        return where.error(
            f"扩展名是 {suffix}，内容却是 {kind}；请把扩展名改为 {right} 或重新导出",
            f"the suffix is {suffix} but the content is {kind}; rename it to {right} or export it again",
        )
    if suffix == ".txt":
        return where.error(
            "文本里没有 [属性描述] 和 [地块坐标]，也不是 WKT；请按坐标 TXT 的规定格式导出",
            "the text has neither [属性描述] and [地块坐标] nor WKT; export it as coordinate TXT in its specified form",
        )
    if suffix in _KNOWN:
        return where.error(
            f"扩展名是 {suffix}，内容却不是这种格式；请重新导出",
            f"the content is not what the suffix {suffix} says; export it again",
        )
    return where.error(f"不是能读取的边界文件；可读取：{READ_ZH}", f"it is no boundary file that is read: {READ_EN}")
