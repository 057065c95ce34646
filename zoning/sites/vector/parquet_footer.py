"""What the footer of a Parquet file states, read before the library does.

The library makes room for what a footer states, and a footer that contradicts itself ends the whole process there.
Layout: Apache Parquet format, `parquet.thrift`; Apache Thrift, compact protocol.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAGIC = b"PAR1"
_LARGEST_FOOTER = 4_000_000
_DEEPEST = 16
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS = (4, 5, 6)
_LONGEST_NUMBER = 10
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROWS, _GROUPS, _COLUMNS, _CHUNK = 3, 4, 1, 3
_PATH, _VALUES, _UNPACKED = 3, 5, 6


class FooterError(ValueError):
    """The footer is cut off, too large, or no footer."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a column, as the footer describes it.

    Attributes
    ----------
    column
        Name of the column at the top of the schema.
    group
        Number of the group of rows that it belongs to.
    """

    column: str
    group: int
    values: int
    unpacked_bytes: int


@dataclass(frozen=True, slots=True)
class Footer:
    """The sizes that a footer states."""

    rows: int
    chunks: tuple[Chunk, ...]


def read_footer(path: Path) -> Footer:
    """Return the sizes stated in a Parquet file.

    Raises
    ------
    FooterError
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 8, 0))
        length, magic = struct.unpack("<I4s", file.read(8).rjust(8, b"\0"))
        if magic != _MAGIC or not 0 < length <= min(size - 12, _LARGEST_FOOTER):
            raise FooterError
        file.seek(size - 8 - length)
        data = file.read(length)
    try:
        found = _Compact(data).struct(0)
        return Footer(int(found[_ROWS]), tuple(_chunks(found)))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, struct.error) as error:
        raise FooterError from error


def _chunks(footer: dict[int, Any]) -> Iterator[Chunk]:
    for number, group in enumerate(footer[_GROUPS]):
        for column in group[_COLUMNS]:
            stated = column[_CHUNK]
            name = stated[_PATH][0].decode()
            values, unpacked = int(stated[_VALUES]), int(stated[_UNPACKED])
            if values < 0 or unpacked < 0:
                raise FooterError
            yield Chunk(name, number, values, unpacked)


class _Compact:
    """Thrift's compact protocol: structs become dictionaries by the numbers of their fields."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def struct(self, depth: int) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) != 0:
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = self._value(head & 0xF, depth)
        return fields

    def _value(self, kind: int, depth: int, *, listed: bool = False) -> Any:
        if depth > _DEEPEST:
            raise FooterError
        if kind in (_TRUE, _FALSE):
            return self._byte() == _TRUE if listed else kind == _TRUE
        if kind in _INTEGERS:
            return self._zigzag()
        if kind in (_LIST, _SET):
            return self._list(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind == _MAP:
            return self._map(depth)
        return self._bytes({_BYTE: 1, _DOUBLE: 8}[kind] if kind != _BINARY else self._varint())

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = self._bounded(head >> 4 if head >> 4 < 0xF else self._varint())  # noqa: PLR2004 - Thrift: longer lists say so
        return [self._value(head & 0xF, depth + 1, listed=True) for _ in range(count)]

    def _map(self, depth: int) -> None:
        """Step over a map; none of those looked for is one."""
        count = self._bounded(self._varint())
        kinds = self._byte() if count else 0
        for _ in range(count):
            self._value(kinds >> 4, depth + 1, listed=True)
            self._value(kinds & 0xF, depth + 1, listed=True)

    def _bounded(self, count: int) -> int:
        # Every item takes at least a byte.
        if count > len(self.data) - self.position:
            raise FooterError
        return count

    def _bytes(self, count: int) -> bytes:
        start = self.position
        self.position += self._bounded(count)
        return self.data[start : self.position]

    def _byte(self) -> int:
        self.position += 1
        return self.data[self.position - 1]

    def _varint(self) -> int:
        number = 0
        for place in range(_LONGEST_NUMBER):
            byte = self._byte()
            number |= (byte & 0x7F) << 7 * place
            if byte < 0x80:  # noqa: PLR2004 - Thrift: the last byte of a number
                return number
        raise FooterError

    def _zigzag(self) -> int:
        number = self._varint()
        return number >> 1 ^ -(number & 1)
