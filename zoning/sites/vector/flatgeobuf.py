"""FlatGeobuf: checked piece by piece first, because the driver returns what is left of a file that was cut off."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from zoning.errors import SiteError
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.vector.layer_slices import LayerSlices, NoCurves
from zoning.sites.vector.vector_files import (
    CurveWalk,
    curved_keys,
    field_names,
    opened,
    read_records,
    record_site,
    with_curves,
)
from zoning.sites.where import Where

_DRIVER = "FlatGeobuf"
_MAGIC = 8
_LARGEST_HEADER = 10_000_000
_SMALLEST_FEATURE = 4
# Fields of the table Header in the schema of the format: number, default.
_TYPE_FIELD, _COUNT_FIELD, _NODE_SIZE_FIELD, _USUAL_NODE_SIZE = 2, 8, 9, 16
_STRAIGHT = range(1, 7)
_NODE_BYTES = 40


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before the features.

    Attributes
    ----------
    count
        0 where the file does not state it.
    node_size
        0 for a file without index.
    end
        Where the header ends in the file.
    geometry_type
        0 where the features differ; then as in well-known binary.
    """

    count: int
    node_size: int
    end: int
    geometry_type: int


def read_flatgeobuf(path: Path, options: Options) -> RawFile:
    """Read every record, in the order of the file.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    count, curved = _check(path, where, options)
    records = read_records(path, where, driver=_DRIVER, limits=options.limits)
    if len(records) != count:
        raise _cut_off(where, count, len(records))
    head = _head(path, where)
    curves = curved_keys(path, where, driver=_DRIVER) if curved else set()
    sites = tuple(with_curves(record_site(record, where, options), record, curves) for record in records)
    return replace(head, sites=sites)


@contextmanager
def sliced_flatgeobuf(path: Path, options: Options) -> Iterator[LayerSlices]:
    """Open a file, to read its records in slices.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    count, curved = _check(path, where, options)
    fields = field_names(path, where, driver=_DRIVER)
    yield LayerSlices(
        path,
        where,
        options,
        _DRIVER,
        _head(path, where),
        count,
        fields,
        curves=lambda: CurveWalk(path, where, driver=_DRIVER) if curved else NoCurves(),
    )


def _head(path: Path, where: Where) -> RawFile:
    with opened(path, where, driver=_DRIVER) as source:
        crs = str(source.crs_wkt or "")
    return RawFile((), Declared(crs) if crs else None, may_be_degrees=True)


def _check(path: Path, where: Where, options: Options) -> tuple[int, bool]:
    """Walk from feature to feature to the end of the file; return how many there are and whether some may be curves."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = _header(file, where)
        position = header.end + _index_bytes(header, size)
        found, tally = 0, Tally(options.limits)
        while position < size:
            file.seek(position)
            length = _number(file.read(4))
            if length < _SMALLEST_FEATURE or position + 4 + length > size:
                break
            position += 4 + length
            found += 1
            tally.count("records", 1, where)
    if position != size or header.count not in (0, found):
        raise _cut_off(where, header.count, found)
    if found == 0:
        raise where.error_of(NO_FEATURES)
    return found, header.geometry_type not in _STRAIGHT


def _cut_off(where: Where, stated: int, found: int) -> SiteError:
    if stated > found:
        return where.error(
            f"文件头记录有 {stated} 个图形，只读到 {found} 个，文件不完整或损坏；请重新导出",
            f"its header states {stated} features but only {found} can be read, it was cut off or is damaged; "
            "export it again",
        )
    if found == 0:
        return _wrong_header(where)
    return where.error(
        f"第 {found} 个图形之后的内容不完整或有误；请重新导出",
        f"what follows after feature {found} is cut off or wrong; export it again",
    )


def _wrong_header(where: Where) -> SiteError:
    return where.error(
        "FlatGeobuf 的文件头不完整或有误；请重新导出",
        "the header of the FlatGeobuf is cut off or wrong; export it again",
    )


def _header(file: BinaryIO, where: Where) -> _Header:
    file.seek(_MAGIC)
    size = _number(file.read(4))
    data = file.read(size) if size <= _LARGEST_HEADER else b""
    try:
        count = _field(data, _COUNT_FIELD, "<Q", 0)
        geometry_type = _field(data, _TYPE_FIELD, "<B", 0)
        node_size = _field(data, _NODE_SIZE_FIELD, "<H", _USUAL_NODE_SIZE)
    except struct.error as error:
        raise _wrong_header(where) from error
    return _Header(count, node_size, _MAGIC + 4 + size, geometry_type)


def _field(data: bytes, number: int, form: str, default: int) -> int:
    """Return a scalar of the root table of a flatbuffer; its vtable says where each field stands."""
    (table,) = struct.unpack_from("<I", data)
    (back,) = struct.unpack_from("<i", data, table)
    vtable = table - back
    if vtable < 0:
        raise struct.error
    (length,) = struct.unpack_from("<H", data, vtable)
    entry = 4 + 2 * number
    if entry + 2 > length:
        return default
    (offset,) = struct.unpack_from("<H", data, vtable + entry)
    return int(struct.unpack_from(form, data, table + offset)[0]) if offset else default


def _index_bytes(header: _Header, size: int) -> int:
    """Return the size of the packed tree of boxes that stands before the features."""
    if header.node_size < 2 or header.count == 0:  # noqa: PLR2004 - as the format asks
        return 0
    # More than the file can hold is found out by the walk.
    level = nodes = min(header.count, size)
    while True:  # even one feature has a root above it
        level = -(-level // header.node_size)
        nodes += level
        if level == 1:
            return nodes * _NODE_BYTES


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little") if len(data) == 4 else 0  # noqa: PLR2004 - four bytes
