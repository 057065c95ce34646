"""What zones are called, out of mapped bytes: decoded when it is asked for."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from zoning.overlay.prepared.container import Arrays, DamagedError
from zoning.sites.site import Repair
from zoning.texts import Text

T_co = TypeVar("T_co", covariant=True)
_ERRORS = "surrogatepass"


class Lazy(Sequence[T_co]):
    """A sequence whose items are made when they are asked for."""

    def _item(self, index: int) -> T_co:
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        if isinstance(index, slice):
            return tuple(self._item(each) for each in range(*index.indices(len(self))))
        place = int(index)
        if not -len(self) <= place < len(self):
            raise IndexError(index)
        return self._item(place % len(self))

    def __iter__(self) -> Iterator[T_co]:
        return (self._item(index) for index in range(len(self)))


class Strings(Lazy[str]):
    """Texts in one array of bytes.

    Parameters
    ----------
    ends
        (n,) where each text ends.
    text
        UTF-8.
    """

    def __init__(self, ends: NDArray[np.int64], text: NDArray[np.uint8]) -> None:
        self._ends = ends
        self._text = text

    @classmethod
    def arrays_of(cls, texts: Iterable[str]) -> Arrays:
        """Return the arrays that hold texts."""
        encoded = [text.encode("utf-8", _ERRORS) for text in texts]
        ends = np.cumsum(np.fromiter((len(text) for text in encoded), dtype=np.int64, count=len(encoded)))
        return {"ends": ends, "text": np.frombuffer(b"".join(encoded), dtype=np.uint8)}

    @classmethod
    def of(cls, arrays: Arrays) -> "Strings":
        """Return the texts in arrays.

        Raises
        ------
        DamagedError
            When the arrays do not fit each other.
        """
        ends, text = arrays["ends"], arrays["text"]
        if ends.dtype != np.int64 or text.dtype != np.uint8 or ends.ndim != 1 or text.ndim != 1:
            raise DamagedError("texts of another kind")
        if (int(ends[-1]) if len(ends) else 0) != len(text):
            raise DamagedError("texts of another length")
        return cls(ends, text)

    def check(self) -> None:
        """Look at every text.

        Raises
        ------
        DamagedError
            When one ends before it begins.
        """
        if np.any(np.diff(self._ends, prepend=0) < 0):
            raise DamagedError("texts that end before they begin")

    def __len__(self) -> int:
        return len(self._ends)

    def _item(self, index: int) -> str:
        start = int(self._ends[index - 1]) if index else 0
        return self._text[start : int(self._ends[index])].tobytes().decode("utf-8", _ERRORS)

    def __iter__(self) -> Iterator[str]:
        text = self._text.tobytes()
        start = 0
        for end in self._ends.tolist():
            yield text[start:end].decode("utf-8", _ERRORS)
            start = end


class ClassIds(Lazy[str]):
    """The class of every zone, by its number in the order of classes."""

    def __init__(self, order: Sequence[str], numbers: NDArray[np.int64]) -> None:
        self._order = order
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def _item(self, index: int) -> str:
        return self._order[int(self._numbers[index])]


class Attributes(Lazy[Mapping[str, str]]):
    """The attributes of every zone, from one sequence of texts for each of them."""

    def __init__(self, columns: Mapping[str, Strings], count: int) -> None:
        self.columns = columns
        self._count = count

    def __len__(self) -> int:
        return self._count

    def _item(self, index: int) -> Mapping[str, str]:
        return {name: column[index] for name, column in self.columns.items()}


class Repairs(Mapping[int, tuple[Repair, ...]]):
    """What was repaired, by zone.

    Parameters
    ----------
    zones
        (m,) numbers of the zones that were repaired, ascending.
    texts
        (m,) their repairs in JSON.
    """

    def __init__(self, zones: NDArray[np.int64], texts: Strings) -> None:
        self._zones = zones
        self._texts = texts

    @classmethod
    def arrays_of(cls, repairs: Mapping[int, tuple[Repair, ...]]) -> Arrays:
        """Return the arrays that hold repairs."""
        zones = sorted(repairs)
        texts = [json.dumps([astuple(repair) for repair in repairs[zone]], ensure_ascii=False) for zone in zones]
        return {"zones": np.asarray(zones, dtype=np.int64), **Strings.arrays_of(texts)}

    @classmethod
    def of(cls, arrays: Arrays) -> "Repairs":
        """Return the repairs in arrays; see `Strings.of`."""
        zones, texts = arrays["zones"], Strings.of(arrays)
        if zones.dtype != np.int64 or zones.shape != (len(texts),):
            raise DamagedError("repairs of another length")
        return cls(zones, texts)

    def check(self) -> None:
        """Look at every entry; see `Strings.check`."""
        self._texts.check()

    def __len__(self) -> int:
        return len(self._zones)

    def __iter__(self) -> Iterator[int]:
        return iter(self._zones.tolist())

    def __getitem__(self, zone: int) -> tuple[Repair, ...]:
        place = int(np.searchsorted(self._zones, zone))
        if place == len(self._zones) or self._zones[place] != zone:
            raise KeyError(zone)
        entries: list[Any] = json.loads(self._texts[place])
        return tuple(Repair(kind, count, change, Text(*text)) for kind, count, change, text in entries)
