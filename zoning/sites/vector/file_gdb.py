"""File geodatabases of ArcGIS (a folder of tables): read from a private copy of the tables, nothing else of it."""

import re
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfileobj

from zoning.errors import SiteError
from zoning.sites.limits import Limits, Options
from zoning.sites.raw import Declared, RawFile
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.vector.choosing import choose
from zoning.sites.vector.gdal_options import raise_lost, undecodable_messages
from zoning.sites.vector.layer_slices import LayerSlices
from zoning.sites.vector.vector_files import (
    CurveWalk,
    counted_records,
    curved_keys,
    field_names,
    opened,
    read_records,
    record_site,
    with_curves,
)
from zoning.sites.where import Where
from zoning.texts import Text

DRIVER = "OpenFileGDB"
PARTS = re.compile(r"a[0-9a-f]{8}\.(gdbtable|gdbtablx|cdf)", re.IGNORECASE)
"""Names of the files that hold rows and the places of rows: all that is needed to read."""

_COMPRESSED = re.compile(r"a[0-9a-f]{8}\.cdf", re.IGNORECASE)
_CATALOG = "a00000001.gdbtable"
_HEAD = 32
_PER_BLOCK = 1024
_SHORT_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    rows: int
    crs: str


def read_file_gdb(path: Path, options: Options) -> RawFile:
    """Read every record of the feature class with the footprints.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    with _copied(path, where, options.limits) as folder:
        layer = _chosen(folder, options, where)
        records = read_records(folder, where, driver=DRIVER, layer=layer.name, limits=options.limits, whole=True)
        curves = curved_keys(folder, where, driver=DRIVER, layer=layer.name)
    sites = tuple(with_curves(record_site(record, where, options), record, curves) for record in records)
    return replace(_head(layer), sites=sites)


@contextmanager
def sliced_file_gdb(path: Path, options: Options) -> Iterator[LayerSlices]:
    """Open the feature class with the footprints, to read its records in slices.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    with _copied(path, where, options.limits) as folder:
        layer = _chosen(folder, options, where)
        if layer.rows == 0:
            raise where.error_of(NO_FEATURES)
        yield LayerSlices(
            folder,
            where,
            options,
            DRIVER,
            _head(layer),
            # A table may state fewer rows than it has; one that states more was cut off, and the reading ends there.
            max(layer.rows, counted_records(folder, where, driver=DRIVER, layer=layer.name)),
            field_names(folder, where, driver=DRIVER, layer=layer.name),
            layer=layer.name,
            counted=True,
            curves=lambda: CurveWalk(folder, where, driver=DRIVER, layer=layer.name),
        )


def _chosen(folder: Path, options: Options, where: Where) -> _Layer:
    _check_tables(folder, where)
    layers = _layers(folder, where)
    filled = [layer.name for layer in layers if layer.rows]
    name = choose(filled, options.layer, where, others=[layer.name for layer in layers if not layer.rows])
    return next(layer for layer in layers if layer.name == name)


def _head(layer: _Layer) -> RawFile:
    return RawFile(
        (),
        Declared(layer.crs) if layer.crs else None,
        silence=Text(f"图层 {layer.name} 没有坐标系", f"the layer {layer.name} has no coordinate system"),
        may_be_degrees=True,
    )


@contextmanager
def _copied(path: Path, where: Where, limits: Limits) -> Iterator[Path]:
    """Copy the tables for as long as the block runs: locks, links and whatever else stands there stay outside."""
    files = _tables(path, where, limits)
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        private = Path(folder) / "boundary.gdb"
        private.mkdir()
        for file in files:
            with file.open("rb") as source, (private / file.name.lower()).open("wb") as target:
                copyfileobj(source, target)
        yield private


def _tables(path: Path, where: Where, limits: Limits) -> list[Path]:
    files, size = [], 0
    for number, entry in enumerate(path.iterdir(), 1):
        if number > limits.members:
            raise where.error(
                f"文件夹内的文件超过 {limits.members} 个；请只导出项目范围，或用 --limit members=… 提高上限",
                f"the folder holds more than the allowed {limits.members} files; export the footprint alone, or raise "
                "the limit with --limit members=…",
            )
        if _COMPRESSED.fullmatch(entry.name):
            raise where.error(
                "是压缩的地理数据库（.cdf），不能读取；请在 ArcGIS 中解压缩地理数据库后再提交",
                "it is a compressed geodatabase (.cdf), which is not read; uncompress it in ArcGIS",
            )
        if PARTS.fullmatch(entry.name) is None:
            continue
        if entry.is_symlink() or not entry.is_file():
            raise where.error(
                f"其中的 {entry.name} 是链接，不是文件；请提供完整的 .gdb 文件夹",
                f"{entry.name} in it is a link, not a file; give the whole .gdb folder",
            )
        size += entry.stat().st_size
        files.append(entry)
    if size > limits.file_bytes:
        raise _too_large(where, size, limits)
    return files


def _too_large(where: Where, size: int, limits: Limits) -> SiteError:
    big, allowed = size / 1e6, limits.file_bytes / 1e6
    return where.error(
        f"文件夹有 {big:.1f} MB，超过上限 {allowed:.0f} MB；请只导出项目范围",
        f"the folder has {big:.1f} MB, more than the allowed {allowed:.0f} MB; export the footprint alone",
    )


def _check_tables(folder: Path, where: Where) -> None:
    """Refuse tables that were cut off: the driver would return what is left of them, or none of its layers."""
    if not (folder / _CATALOG).is_file():
        raise where.error(
            f"缺少目录表 {_CATALOG}；请提供完整的 .gdb 文件夹",
            f"its catalog {_CATALOG} is missing; give the whole .gdb folder",
        )
    for table in sorted(folder.glob("*.gdbtable")):
        for file, stated in ((table, _table_bytes), (table.with_suffix(".gdbtablx"), _offsets_bytes)):
            size = file.stat().st_size if file.is_file() else 0
            if size < _HEAD or size < stated(file):
                raise where.error(
                    f"其中的 {file.name} 只有 {size} 字节，文件不完整；请重新复制整个 .gdb 文件夹",
                    f"{file.name} in it has only {size} bytes and was cut off; copy the whole .gdb folder again",
                )


def _table_bytes(file: Path) -> int:
    """Return how many bytes a table states that it has."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    return int.from_bytes(head[24:32], "little")


def _offsets_bytes(file: Path) -> int:
    """Return how many bytes the places of the rows take; newer tables with long numbers of rows say it otherwise."""
    with file.open("rb") as stream:
        version, blocks, _, each = struct.unpack("<4I", stream.read(16))
    return 16 + int(blocks) * _PER_BLOCK * int(each) if version == _SHORT_NUMBERS else 0


def _layers(folder: Path, where: Where) -> list[_Layer]:
    """Return the feature classes with a geometry, in the order of their names."""
    import fiona

    try:
        with undecodable_messages() as lost:
            names: Sequence[str] = fiona.listlayers(folder)
        raise_lost(lost)
    except Exception as error:
        raise where.error(
            "不是有效的 FileGDB 或已损坏；请重新复制", "it is no valid FileGDB or damaged; copy it again"
        ) from error
    layers = []
    for name in sorted(names):
        with opened(folder, where, driver=DRIVER, layer=name) as source:
            if source.schema["geometry"] != "None":
                layers.append(_Layer(name, len(source), str(source.crs_wkt or "")))
    return layers
