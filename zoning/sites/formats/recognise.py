"""What kind of file this is: decided by its first bytes; the suffix must agree."""

import re
import struct
from pathlib import Path

from zoning.errors import SiteError
from zoning.sites.formats.kinds import READ_EN, READ_ZH, SIDECARS, SUFFIXES, Kind
from zoning.sites.limits import Limits
from zoning.sites.tables.wkt_layout import GEOMETRY_WORD, TwoGeometriesError, text_layout
from zoning.sites.where import Where

_HEAD = 65_536
_SHAPEFILE_CODE = 9994
_MEGABYTE = 1_000_000
_NETWORK = re.compile(r"^(/vsi|\\\\?vsi|[A-Za-z][A-Za-z0-9+.-]+:/)")
_CRS_WORD = re.compile(r"^\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|COMPD_?CS|BOUNDCRS)\s*\[", re.IGNORECASE)
_GML_ROOT = re.compile(r"<(?!\?|!)[^>]*(opengis\.net/gml|:?FeatureCollection\b)")
_KML_ROOT = re.compile(r"<(\w+:)?kml\b")
_DXF_START = re.compile(r"^\s*(999\r?\n[^\n]*\n\s*)*0\s*\n\s*SECTION\b")
_VCT_START = re.compile(r"^\s*HeadBegin\b", re.IGNORECASE)
_MIF_START = re.compile(r"^\s*Version\s+\d+\s", re.IGNORECASE)
_TAB_START = re.compile(r"^\s*!table\b", re.IGNORECASE)
_HEX_WKB = re.compile(r"^\s*(\\x|0x)?0[01][0-9A-Fa-f]{8,}\s*$", re.MULTILINE)
_TXT_MARK = re.compile(r"^\s*[\[【［〔]\s*(地块坐标|属性描述)", re.MULTILINE)
_PARCEL_LINE = re.compile(r"^[^\n]*[,，](面|线|点)[,，][^\n]*[@＠]\s*$", re.MULTILINE)
_TWO_NUMBERS = re.compile(r"\d+(\.\d+)?\D+\d+")
_WEB_PAGE = re.compile(r"<(!doctype\s+html|html|table|meta)\b", re.IGNORECASE)
_OLD_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08]", re.DOTALL)
_PARTS_OF_OFFICE = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/")
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WKB_TYPES = range(1, 18)
_KNOWN = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes}
_BEHIND = {
    ".dwg": (
        "DWG 是 AutoCAD 的内部格式，不能可靠读取；请在 CAD 中用“另存为”存成 DXF（AutoCAD 2007/2010 DXF）后提交",
        "DWG is AutoCAD's own format and cannot be read reliably; save it as DXF in the CAD program and give that",
    ),
    ".doc": (
        "不读取 Word 文档；请复制其中的坐标，粘贴给 zoning check -，或存成 .csv",
        "Word documents are not read; copy the coordinates and paste them to `zoning check -`, or save them as .csv",
    ),
    ".pdf": (
        "不读取 PDF；请复制其中的坐标，粘贴给 zoning check -，或存成 .csv",
        "PDF is not read; copy the coordinates and paste them to `zoning check -`, or save them as .csv",
    ),
    ".rar": ("不读取 RAR 压缩包；请改用 ZIP", "RAR archives are not read; pack it as ZIP"),
}
_BEHIND |= {".docx": _BEHIND[".doc"], ".wps": _BEHIND[".doc"], ".ofd": _BEHIND[".pdf"], ".7z": _BEHIND[".rar"]}
_IDRISI = (
    "是二进制的 .vct（可能是 Idrisi 软件的格式），不是 VCT 3.0 文本；请导出为 VCT 3.0 或 Shapefile",
    "it is a binary .vct (perhaps of the program Idrisi) and no VCT 3.0 text; export it as VCT 3.0 or as a shapefile",
)
_OTHERS = (
    ".gz", ".tar", ".vrt", ".topojson", ".sqlite", ".mdb", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".gpx", ".dgn",
    ".e00", ".000",
)  # fmt: skip


def recognise(path: Path, limits: Limits) -> Kind:
    """Return the kind of a boundary file or folder.

    Raises
    ------
    SiteError
        When it does not exist, cannot be opened, is empty, too large, of a kind that is not read, or not what its
        suffix says.
    """
    where = Where(path.name or str(path))
    if _check_file(path, where, limits):
        return _folder_kind(path, where)
    suffix = path.suffix.lower()
    head = _head(path, where)
    if suffix in SIDECARS and not (suffix == ".id" or head[:1] == b"{"):
        main = SIDECARS[suffix]
        raise where.error(
            f"只是 {main} 文件的一部分；请指定同名的 {main} 文件",
            f"it is a part beside a {main} file; give the {main} of the same name",
        )
    if suffix in _BEHIND:
        raise where.error(*_BEHIND[suffix])
    if suffix in _OTHERS:
        raise where.error(
            f"不读取 {suffix} 格式；请转换为以下之一：{READ_ZH}",
            f"{suffix} is not read; convert it to one of: {READ_EN}",
        )
    kind = _by_content(head, suffix, where)
    if kind in (None, Kind.POINT_TABLE) and suffix in SUFFIXES[Kind.WKT_TABLE] and _is_wkt_table(_text(head), head):
        return Kind.WKT_TABLE
    if kind is None or (suffix in _KNOWN and suffix not in SUFFIXES[kind]):
        raise _mismatch(where, suffix, kind)
    return kind


def _check_file(path: Path, where: Where, limits: Limits) -> bool:
    """Refuse what cannot be opened or is too large; tell whether it is a folder."""
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
        return True
    if not regular:
        raise where.error("不是普通文件；请指定边界文件", "it is not a regular file; give a boundary file")
    if size == 0:
        raise where.error("文件是空的（0 字节）；请重新导出", "the file is empty (0 bytes); export it again")
    if size > limits.file_bytes:
        raise too_large(where, size, limits)
    return False


def too_large(where: Where, size: int, limits: Limits) -> SiteError:
    """Return the error about a file of `size` bytes."""
    big, allowed = size / _MEGABYTE, limits.file_bytes / _MEGABYTE
    return where.error(
        f"文件有 {big:.1f} MB，超过上限 {allowed:.0f} MB；请只导出项目范围",
        f"the file has {big:.1f} MB, more than the allowed {allowed:.0f} MB; export the footprint alone",
    )


def _folder_kind(path: Path, where: Where) -> Kind:
    """Tell a geodatabase, known by its tables whatever its name, from a folder of shapefiles."""
    try:
        names = [entry.name.lower() for entry in path.iterdir()]
    except OSError as error:
        raise _cannot_open(where, error) from error
    if any(name.endswith(".gdbtable") for name in names):
        return Kind.FILE_GDB
    if any(name.endswith(".shp") for name in names):
        return Kind.SHAPEFILE_FOLDER
    raise where.error(
        "文件夹里没有 Shapefile，也不是 FileGDB；请指定其中的边界文件",
        "the folder holds no shapefile and is no FileGDB; give the boundary file in it",
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


def _by_content(head: bytes, suffix: str, where: Where) -> Kind | None:
    if suffix == ".vct" and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise where.error(*_IDRISI)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.WORKBOOK if suffix in SUFFIXES[Kind.WORKBOOK] or _is_workbook(head) else Kind.ZIP
    starts = {
        b"SQLite format 3\0": Kind.GEOPACKAGE,
        b"fgb\x03fgb": Kind.FLATGEOBUF,
        b"PAR1": Kind.GEOPARQUET,
        b"AutoCAD Binary DXF": Kind.DXF,
    }
    for start, kind in starts.items():
        if head.startswith(start):
            return kind
    if head.startswith(_OFFICE):
        return Kind.WORKBOOK if suffix in SUFFIXES[Kind.WORKBOOK] else None
    if suffix == ".xls" and _OLD_EXCEL.match(head):
        return Kind.WORKBOOK
    if re.match(rb"AC10\d\d", head) and b"\0" in head[:64]:
        raise where.error(*_BEHIND[".dwg"])
    if len(head) >= 4 and struct.unpack(">i", head[:4])[0] == _SHAPEFILE_CODE:  # noqa: PLR2004 - the length of the code
        return Kind.SHAPEFILE
    return Kind.WKB if _is_wkb(head) else _by_text(_text(head), suffix, where)


def _is_workbook(head: bytes) -> bool:
    """Tell a packed workbook from an archive, which may hold one: by the names of the members, the first of all."""
    names = [
        head[found.end() + 26 :][: int.from_bytes(head[found.end() + 22 : found.end() + 24], "little")]
        for found in re.finditer(rb"PK\x03\x04", head)
    ]
    first = names[0] if names else b""
    return first.startswith(_PARTS_OF_OFFICE) and any(name.startswith(b"xl/") for name in names)


def _is_wkb(head: bytes) -> bool:
    if head.startswith(b"GP\0"):
        return True  # a geometry out of a GeoPackage; its reader says so
    if len(head) < 9 or head[0] > 1:  # noqa: PLR2004 - head and count
        return False
    number = int.from_bytes(head[1:5], "little" if head[0] else "big")
    return (number & 0x1FFFFFFF) % 1000 in _WKB_TYPES and (number & 0x1FFFFFFF) < 4000  # noqa: PLR2004 - types of ISO WKB end at 4000


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


def _by_text(text: str, suffix: str, where: Where) -> Kind | None:
    start = text.lstrip()[:4096]
    if suffix in SUFFIXES[Kind.WORKBOOK] and _WEB_PAGE.search(start):
        raise where.error(
            "是网页表格，只是扩展名写成了 Excel；请用 Excel 打开后另存为 .xlsx",
            "it is a web page that was named as a workbook; open it in Excel and save it as .xlsx",
        )
    if start.startswith("{"):
        return Kind.GEOJSON
    if start.startswith("<"):
        return Kind.GML if _GML_ROOT.search(start) and not _KML_ROOT.search(start) else Kind.KML
    for pattern, kind in (
        (_VCT_START, Kind.VCT),
        (_DXF_START, Kind.DXF),
        (_TAB_START, Kind.MAPINFO_TAB),
        (GEOMETRY_WORD, Kind.WKT),
        (_HEX_WKB, Kind.WKB),
    ):
        if pattern.match(start):
            return kind
    if _MIF_START.match(start) and suffix == ".mif":
        return Kind.MAPINFO_MIF
    if _TXT_MARK.search(text) or _PARCEL_LINE.search(text):
        return Kind.COORDINATE_TXT
    if _CRS_WORD.match(start):
        raise where.error(
            "内容是坐标系说明，不是图形；请提供边界文件本身",
            "it describes a coordinate system, not a geometry; give the boundary file itself",
        )
    return Kind.POINT_TABLE if "\0" not in text and _TWO_NUMBERS.search(text) else None


def _is_wkt_table(text: str, head: bytes) -> bool:
    if "\0" in text:
        return False
    try:
        return text_layout(text, cut=len(head) == _HEAD) is not None
    except TwoGeometriesError:
        return True  # its reader says so


def _mismatch(where: Where, suffix: str, kind: Kind | None) -> SiteError:
    if kind is not None and kind is not Kind.POINT_TABLE:
        right = SUFFIXES[kind][0]
        return where.error(
            f"扩展名是 {suffix}，内容却是 {kind}；请把扩展名改为 {right} 或重新导出",
            f"the suffix is {suffix} but the content is {kind}; rename it to {right} or export it again",
        )
    if suffix == ".txt":
        return where.error(
            "文本里没有坐标；请按坐标 TXT 的规定格式导出，或每行写一个点的坐标",
            "the text holds no coordinates; export it as coordinate TXT, or write one point on each line",
        )
    if suffix in _KNOWN:
        return where.error(
            f"扩展名是 {suffix}，内容却不是这种格式；请重新导出",
            f"the content is not what the suffix {suffix} says; export it again",
        )
    return where.error(f"不是能读取的边界文件；可读取：{READ_ZH}", f"it is no boundary file that is read: {READ_EN}")
