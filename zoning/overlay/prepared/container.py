"""One file of arrays: written whole or not at all, mapped into memory, never trusted unseen.

Layout, little-endian: magic (8 bytes), version (4), length of the header (4), size of the file (8), SHA-256 of the data
(32), SHA-256 of everything before the data except itself (32), header in JSON padded to 64 bytes, data. Every array
begins at a multiple of 64 bytes. The digest of the head is that of the whole file: it covers the digest of the data.
"""

import contextlib
import hashlib
import json
import mmap
import os
import re
import stat
import struct
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from zoning.atomic_write import sync_folder
from zoning.overlay.prepared.file_state import FileState

MAGIC = b"\x89ZONES\r\n"  # the line end tells a transfer in text mode
VERSION = 1
PARTIAL = ".partial"
"""How names of files end that are being written."""

Arrays = dict[str, NDArray[Any]]

_PREAMBLE = struct.Struct("<8sIIQ32s")
_DIGEST = 32
_FIRST = _PREAMBLE.size + _DIGEST
_ALIGNMENT = 64
_LONGEST_HEADER = 16_000_000
_MOST_DIMENSIONS = 4
_TOO_LARGE = 1 << 60
_DTYPE = re.compile(r"<[fiu][248]|\|[iub]1")
_AT_ONCE = 4_194_304
# A link, a pipe or a device in the place of the file is not followed and not waited for.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class DamagedError(Exception):
    """A file is not what was written: it is taken for not being there."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an array lies in the data."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int

    @property
    def end(self) -> int:
        return self.offset + prod(self.shape) * self.dtype.itemsize


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> str:
    """Write arrays to `path`, which has the whole file afterwards or is as it was; return the digest.

    Parameters
    ----------
    arrays
        Numbers and truth values of any shape, by name.
    meta
        Anything that JSON can hold.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing of the file is left.
    """
    plain = {name: _plain(array) for name, array in arrays.items()}
    places = _places(plain)
    listed = [[place.name, place.dtype.str, list(place.shape), place.offset] for place in places]
    text = json.dumps({"arrays": listed, "meta": meta}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    header = text.encode("utf-8")
    header += b" " * (-(_FIRST + len(header)) % _ALIGNMENT)
    handle, partial = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=PARTIAL, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _write(file, header, places, plain)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(partial).unlink()
        raise
    with contextlib.suppress(OSError):  # some drives of networks refuse it
        sync_folder(path.parent)
    return digest


def open_arrays(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """Map the arrays of a file, read-only, and return them with what was written beside them.

    Raises
    ------
    DamagedError
        When the head of the file is not intact, or the file is shorter or longer than it says.
    OSError
        When it cannot be opened.
    """
    with ArrayFile.open(path) as file:
        return file.arrays(), file.meta


class ArrayFile:
    """An open file of arrays whose head has been checked.

    Attributes
    ----------
    meta
        What was written beside the arrays.
    digest
        SHA-256 of the head, and by it of the whole file.
    state
        The state of the file when it was opened.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise DamagedError("no regular file")
        self.state = FileState.of(status)
        head = file.read(_FIRST)
        if len(head) < _FIRST:
            raise DamagedError("cut off")
        magic, version, length, size, self._data_digest = _PREAMBLE.unpack_from(head)
        if (magic, version) != (MAGIC, VERSION):
            raise DamagedError("another kind of file, or of another version")
        if size != status.st_size or not 0 < length <= min(size - _FIRST, _LONGEST_HEADER):
            raise DamagedError("not of the size that it states")
        header = file.read(length)
        self._first = _FIRST + length
        if self._first % _ALIGNMENT or _head_digest(head[: _PREAMBLE.size], header) != head[_PREAMBLE.size :]:
            raise DamagedError("its head is damaged")
        self.digest = head[_PREAMBLE.size :].hex()
        self._places, self.meta = _understood(header, size - self._first)

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path) -> "Iterator[ArrayFile]":
        """Open a file and check its head.

        Raises
        ------
        DamagedError, OSError
            See `open_arrays`.
        """
        with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as file:
            yield cls(file)

    def verify(self) -> None:
        """Read the whole file.

        Raises
        ------
        DamagedError
            When a single bit is not as it was written.
        """
        digest = hashlib.sha256()
        self._file.seek(self._first)
        while block := self._file.read(_AT_ONCE):
            digest.update(block)
        if digest.digest() != self._data_digest:
            raise DamagedError("its data are damaged")

    def arrays(self) -> Arrays:
        """Map the arrays; they stay when the file is closed or its name removed."""
        if self.state.size == self._first:
            return {place.name: _read_only(np.empty(place.shape, place.dtype)) for place in self._places}
        mapped = mmap.mmap(self._file.fileno(), self.state.size, access=mmap.ACCESS_READ)
        return {
            place.name: np.frombuffer(
                mapped, dtype=place.dtype, count=prod(place.shape), offset=self._first + place.offset
            ).reshape(place.shape)
            if prod(place.shape)
            else _read_only(np.empty(place.shape, place.dtype))
            for place in self._places
        }


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    plain = np.ascontiguousarray(array).reshape(np.shape(array))
    plain = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    if not _DTYPE.fullmatch(plain.dtype.str):
        raise TypeError(f"arrays of {plain.dtype} cannot be mapped")
    return plain


def _places(arrays: Mapping[str, NDArray[Any]]) -> list[_Place]:
    places: list[_Place] = []
    offset = 0
    for name, array in arrays.items():
        places.append(_Place(name, array.dtype, array.shape, offset))
        offset = places[-1].end + -places[-1].end % _ALIGNMENT
    return places


def _write(file: BinaryIO, header: bytes, places: list[_Place], arrays: Mapping[str, NDArray[Any]]) -> str:
    first = _FIRST + len(header)
    # Zeros where the head will be: what is cut off here is no file of ours.
    file.write(bytes(first))
    digest = hashlib.sha256()
    written = 0
    for place in places:
        flat = arrays[place.name].reshape(-1).view(np.uint8)
        blocks = (flat[start : start + _AT_ONCE].data for start in range(0, len(flat), _AT_ONCE))
        for block in (memoryview(bytes(place.offset - written)), *blocks):
            file.write(block)
            digest.update(block)
        written = place.end
    preamble = _PREAMBLE.pack(MAGIC, VERSION, len(header), first + written, digest.digest())
    head_digest = _head_digest(preamble, header)
    file.seek(0)
    file.write(preamble + head_digest + header)
    return head_digest.hex()


def _head_digest(preamble: bytes, header: bytes) -> bytes:
    return hashlib.sha256(preamble + header).digest()


def _understood(header: bytes, size: int) -> tuple[list[_Place], dict[str, Any]]:
    """Return the places of the arrays and the meta of a header; `size` is that of the data."""
    try:
        content = json.loads(header)
        listed, meta = content["arrays"], content["meta"]
        if not isinstance(meta, dict):
            raise DamagedError("its header says nothing")
        places = [_place(*entry) for entry in listed]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise DamagedError("its header cannot be understood") from error
    ends = [0, *(place.end for place in places)]
    sound = all(place.offset >= end for place, end in zip(places, ends, strict=False))
    if not sound or ends[-1] != size or len({place.name for place in places}) != len(places):
        raise DamagedError("its header states arrays that cannot be there")
    return places, meta


def _place(name: object, dtype: object, shape: object, offset: object) -> _Place:
    numbers = [*shape, offset] if isinstance(shape, list) else []
    if (
        not isinstance(name, str)
        or not isinstance(dtype, str)
        or not _DTYPE.fullmatch(dtype)
        or not 1 <= len(numbers) <= _MOST_DIMENSIONS + 1
        or not all(type(number) is int and number >= 0 for number in numbers)
        or prod(max(number, 1) for number in numbers[:-1]) >= _TOO_LARGE
        or numbers[-1] % _ALIGNMENT
    ):
        raise DamagedError("its header states an array that cannot be")
    return _Place(name, np.dtype(dtype), tuple(numbers[:-1]), numbers[-1])


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
