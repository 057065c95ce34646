"""The bones of a ZIP file: its directory and what the members say of themselves must agree byte by byte.

Archives that show different content to different programs (spliced files, hidden or overlapping members) are refused.
Layout: PKWARE APPNOTE 6.3.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.where import PlacelessError, Where

_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENTRY, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_END_SIZE, _END_64_SIZE, _LOCATOR_SIZE = 22, 56, 20
_ENTRY_FORM, _LOCAL_FORM = "<4sHHHHHHIIIHHHHHII", "<4sHHHHHIIIHH"
_ENTRY_SIZE, _LOCAL_SIZE = struct.calcsize(_ENTRY_FORM), struct.calcsize(_LOCAL_FORM)
_LONGEST_COMMENT = 0xFFFF
_FULL_32, _FULL_16 = 0xFFFFFFFF, 0xFFFF
_ZIP64_EXTRA, _NAME_EXTRA = 0x0001, 0x7075
_SIZES_FOLLOW, _UTF8_NAME = 0x8, 0x800
_LONGEST_GAP = 4_096


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one member.

    Attributes
    ----------
    mode
        Unix file type and permissions, 0 where none are stated.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


@dataclass(frozen=True, slots=True)
class _Directory:
    count: int
    size: int
    offset: int
    end: int


class _MismatchError(PlacelessError):
    """The parts of the archive contradict each other; the message says how, in both languages."""


def damaged(where: Where) -> SiteError:
    """Return the error about an archive that cannot be read at all."""
    return where.error(
        "ZIP 压缩包不完整或已损坏；请重新压缩", "the ZIP archive was cut off or is damaged; pack it again"
    )


def entries(path: Path, where: Where, limits: Limits) -> list[Entry]:
    """Return the directory of an archive after comparing it with the members.

    Raises
    ------
    SiteError
        When it is cut off, holds too many members, or its parts contradict each other.
    """
    with path.open("rb") as file:
        try:
            directory = _directory(file, path.stat().st_size)
            if directory.count > limits.members:
                raise _crowded(directory.count, where, limits)
            found = list(_entries(file, directory))
            _check_members(file, found, directory)
        except struct.error as error:
            raise damaged(where) from error
        except _MismatchError as error:
            raise where.error(
                f"压缩包的目录与内容不一致（{error.text.zh}），可能被拼接或改动过；请重新压缩",
                f"the directory of the archive does not match its content ({error.text.en}), it may have been spliced "
                "or changed; pack it again",
            ) from error
    return found


def _crowded(count: int, where: Where, limits: Limits) -> SiteError:
    return where.error(
        f"压缩包内有 {count} 个文件，上限 {limits.members} 个；请只压缩项目范围，或用 --limit members=… 提高上限",
        f"the archive holds {count} files, more than the allowed {limits.members}; pack the footprint alone, or raise "
        "the limit with --limit members=…",
    )


def _directory(file: BinaryIO, size: int) -> _Directory:
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    position = tail.rfind(_END)
    if position < 0:
        raise struct.error
    disk, first_disk, here, count, length, offset, comment = struct.unpack_from("<4H2IH", tail, position + 4)
    if position + _END_SIZE + comment != len(tail):
        raise _MismatchError("结尾之后还有别的数据", "other data follow after its end")
    if disk or first_disk or here != count:
        raise _MismatchError("是分卷压缩包", "it is one volume of several")
    end = start + position
    if count == _FULL_16 or _FULL_32 in (length, offset):
        count, length, offset, end = _directory_64(file, end, (count, length, offset))
    if offset + length != end:
        raise _MismatchError("目录的位置不对，文件前后可能有别的数据", "its directory stands elsewhere than stated")
    return _Directory(count, length, offset, end)


def _directory_64(file: BinaryIO, end: int, stated: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Return count, size and offset of the directory from the larger end record, and where that begins."""
    file.seek(max(0, end - _LOCATOR_SIZE))
    locator = file.read(_LOCATOR_SIZE)
    if not locator.startswith(_LOCATOR_64):
        return (*stated, end)
    (position,) = struct.unpack_from("<Q", locator, 8)
    if position + _END_64_SIZE + _LOCATOR_SIZE != end:
        raise _MismatchError("目录的位置不对，文件前后可能有别的数据", "its directory stands elsewhere than stated")
    file.seek(position)
    record = file.read(_END_64_SIZE)
    if not record.startswith(_END_64):
        raise struct.error
    count, length, offset = struct.unpack_from("<3Q", record, 32)
    return int(count), int(length), int(offset), int(position)


def _entries(file: BinaryIO, directory: _Directory) -> Iterator[Entry]:
    position = directory.offset
    for _ in range(directory.count):
        file.seek(position)
        head = file.read(_ENTRY_SIZE)
        values = struct.unpack(_ENTRY_FORM, head)
        if values[0] != _ENTRY:
            raise struct.error
        made_by, flags, method, crc, packed, size = values[1], values[3], values[4], *values[7:10]
        name_length, extra_length, comment_length = values[10:13]
        raw_name, extra = file.read(name_length), file.read(extra_length)
        size, packed, offset = _sizes_64(extra, size, packed, values[16])
        mode = values[15] >> 16 if made_by >> 8 == 3 else 0  # noqa: PLR2004 - 3 is Unix
        name = _name(raw_name, extra, flags)
        yield Entry(name, raw_name, flags, method, crc, packed, size, offset, mode)
        position += _ENTRY_SIZE + name_length + extra_length + comment_length
    if position != directory.offset + directory.size:
        raise _MismatchError("目录的文件数不对", "its directory holds another number of files than stated")


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _sizes_64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return the sizes and the offset, those too large for 32 bits from the extra field, in this order."""
    large = next((data for kind, data in _fields(extra) if kind == _ZIP64_EXTRA), b"")
    position, values = 0, [size, packed, offset]
    for number, value in enumerate(values):
        if value == _FULL_32:
            (values[number],) = struct.unpack_from("<Q", large, position)
            position += 8
    return values[0], values[1], values[2]


def _name(raw: bytes, extra: bytes, flags: int) -> str:
    """Return the name in characters: without a statement macOS wrote UTF-8, Chinese Windows GBK."""
    for kind, data in _fields(extra):
        if kind == _NAME_EXTRA and data[:5] == b"\1" + struct.pack("<I", zlib.crc32(raw)):
            raw, flags = data[5:], _UTF8_NAME
    for codec in ("utf-8",) if flags & _UTF8_NAME else ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _check_members(file: BinaryIO, found: list[Entry], directory: _Directory) -> None:
    """Compare every member with its entry; members must follow each other without anything between."""
    order = sorted(found, key=lambda entry: entry.offset)
    if order and order[0].offset:
        raise _MismatchError("第一个文件之前还有别的数据", "other data stand before its first file")
    ends = [_checked_end(file, entry) for entry in order]
    starts = [*(entry.offset for entry in order), directory.offset]
    for end, (entry, start) in zip(ends, zip(order, starts[1:], strict=True), strict=True):
        if end > start:
            raise _MismatchError(f"“{entry.name}” 与后面的文件重叠", f"“{entry.name}” overlaps what follows")
        _check_gap(file, end, start, entry)


def _checked_end(file: BinaryIO, entry: Entry) -> int:
    """Return where the data of a member end."""
    file.seek(entry.offset)
    head = struct.unpack(_LOCAL_FORM, file.read(_LOCAL_SIZE))
    sign, _, flags, method, _, _, crc, packed, _, name_length, extra_length = head
    same = sign == _LOCAL and file.read(name_length) == entry.raw_name and method == entry.method
    same = same and not (flags ^ entry.flags) & 1
    if same and not flags & _SIZES_FOLLOW:
        same = crc == entry.crc and packed in (entry.packed, _FULL_32)
    if not same:
        raise _MismatchError(
            f"“{entry.name}” 在目录和文件头中的记录不同", f"“{entry.name}” is described differently in two places"
        )
    return entry.offset + _LOCAL_SIZE + int(name_length) + int(extra_length) + entry.packed


def _check_gap(file: BinaryIO, end: int, start: int, entry: Entry) -> None:
    """Refuse members between the members: programs that read from the front would find them."""
    if start == end:
        return
    file.seek(end)
    if start - end > _LONGEST_GAP or _LOCAL in file.read(start - end):
        raise _MismatchError(
            f"“{entry.name}” 之后有目录未列出的数据", f"data that are not in the directory follow “{entry.name}”"
        )


def doubled(names: list[str]) -> str | None:
    """Return a name that stands twice, whatever its capitals; None when there is none.

    >>> doubled(["a.shp", "A.SHP"]), doubled(["a.shp", "b.shp"])
    ('A.SHP', None)
    """
    ordered = sorted(names, key=lambda name: (name.casefold(), name), reverse=True)
    return next((b for a, b in pairwise(ordered) if a.casefold() == b.casefold()), None)
