"""Boxes of any number of records, kept in a temporary file."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import numpy as np

from zoning.sites.crs.extent import Piece

_NUMBERS = 5  # of a record: its number and its box
_AT_ONCE = 8_192


class Spool:
    """Pieces that are made once and read as often as they are asked for."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = pieces
        self._file: IO[bytes] | None = None

    def read(self) -> Iterator[Piece]:
        """Yield all records."""
        if self._file is None:
            self._file = self._filled()
        position = 0
        while True:
            self._file.seek(position)
            data = self._file.read(_AT_ONCE * _NUMBERS * 8)
            if not data:
                return
            position += len(data)
            rows = np.frombuffer(data, dtype=np.float64).reshape(-1, _NUMBERS)
            yield Piece(rows[:, 0].astype(np.int64), rows[:, 1:])

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()

    def _filled(self) -> IO[bytes]:
        file = tempfile.TemporaryFile(prefix="zoning-")  # noqa: SIM115 - it lives as long as the spool
        try:
            for piece in self._pieces:
                file.write(np.column_stack([piece.numbers, piece.boxes]).astype(np.float64).tobytes())
        except BaseException:
            file.close()
            raise
        return file
