"""ZIP archives written byte by byte, truthful or not."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One member, stored or deflated; `local` and `central` replace what is written of it in these two places."""

    name: bytes
    data: bytes
    deflate: bool = False
    flags: int = 0
    mode: int = 0
    behind: bytes = b""
    extra: bytes = b""
    local: Mapping[str, Any] = field(default_factory=dict)
    central: Mapping[str, Any] = field(default_factory=dict)


def _packed(entry: Entry) -> bytes:
    if not entry.deflate:
        return entry.data
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(entry.data) + squeeze.flush()


def _described(entry: Entry, packed: bytes) -> dict[str, Any]:
    return {
        "name": entry.name, "flags": entry.flags, "method": 8 if entry.deflate else 0, "crc": zlib.crc32(entry.data),
        "packed": len(packed), "size": len(entry.data),
    }  # fmt: skip


def local(entry: Entry) -> bytes:
    """Return header and data of a member."""
    packed = _packed(entry)
    said = {**_described(entry, packed), **entry.local}
    head: bytes = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 20, said["flags"], said["method"], 0, 0x21, said["crc"], said["packed"],
        said["size"], len(said["name"]), 0,
    )  # fmt: skip
    return b"".join((head, said["name"], packed, entry.behind))


def central(entry: Entry, offset: int) -> bytes:
    """Return the entry of a member in the directory."""
    said = {**_described(entry, _packed(entry)), "offset": offset, **entry.central}
    head: bytes = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 3 << 8 | 20, 20, said["flags"], said["method"], 0, 0x21, said["crc"],
        said["packed"], said["size"], len(said["name"]), len(entry.extra), 0, 0, 0, entry.mode << 16, said["offset"],
    )  # fmt: skip
    return b"".join((head, said["name"], entry.extra))


def archive(
    entries: Sequence[Entry], *, before: bytes = b"", after: bytes = b"", count: int | None = None, disk: int = 0
) -> bytes:
    """Return an archive; `before` and `after` stand around it, `count` replaces the number of members."""
    body, directory = before, b""
    for entry in entries:
        directory += central(entry, len(body) - len(before))
        body += local(entry)
    stated = len(entries) if count is None else count
    end = struct.pack("<4s4H2IH", b"PK\5\6", disk, 0, stated, stated, len(directory), len(body) - len(before), 0)
    return body + directory + end + after


def archive_64(entries: Sequence[Entry], **lies: int) -> bytes:
    """Return an archive whose end says everything in 64 bits; `lies` replaces count, length or offset."""
    body = b"".join(local(entry) for entry in entries)
    directory, position = b"", 0
    for entry in entries:
        directory += central(entry, position)
        position += len(local(entry))
    said = {"count": len(entries), "length": len(directory), "offset": len(body), **lies}
    start = len(body) + len(directory)
    large = struct.pack(
        "<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, said["count"], said["count"], said["length"], said["offset"]
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start, 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + directory + large + locator + end
