"""The zones of a layer as arrays, and zones out of mapped arrays."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.errors import LayerError
from zoning.overlay.plane import Geometries
from zoning.overlay.prepared.container import Arrays

if TYPE_CHECKING:
    from zoning.overlay.kernel.zones import PackedZones

_MOST_VERTICES = 500_000
"""Of the geometries of all layers that are kept when they were asked for: with their indexes about 100 MB."""
_MOST_AT_ONCE = 5_000  # whoever asks for more wants the whole layer and keeps it himself

Numbers = NDArray[np.int64]


class Room:
    """Where the layers of a store keep the geometries that were asked for last: one bound for all of them together.

    Threads may use it at the same time.
    """

    def __init__(self) -> None:
        self.vertices = 0
        self._kept: OrderedDict[tuple[int, int], tuple[Any, int]] = OrderedDict()
        self._numbers = count()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def number(self) -> int:
        """Return a number for a layer, by which it finds what is its own."""
        return next(self._numbers)

    def found(self, layer: int, zones: Iterable[int]) -> dict[int, Any]:
        """Return those geometries of a layer that are kept."""
        there: dict[int, Any] = {}
        with self._lock:
            for zone in zones:
                kept = self._kept.get((layer, zone))
                if kept is not None:
                    self._kept.move_to_end((layer, zone))
                    there[zone] = kept[0]
        return there

    def keep(self, layer: int, zones: Sequence[int], made: Geometries) -> None:
        """Keep geometries of a layer, as far as there is room: those that nobody asked for longest go first."""
        sizes = shapely.get_num_coordinates(made).tolist()
        with self._lock:
            for zone, geometry, vertices in zip(zones, made, sizes, strict=True):
                # Another thread may have made it meanwhile.
                if (layer, zone) not in self._kept:
                    self._kept[layer, zone] = (geometry, vertices)
                    self.vertices += vertices
            while self.vertices > _MOST_VERTICES and self._kept:
                _, (_, vertices) = self._kept.popitem(last=False)
                self.vertices -= vertices


class MappedZones:
    """The geometries of a layer, made from mapped arrays when they are asked for; the last ones are kept.

    They are equal to those that were packed to the last bit, of the same type, and prepared.
    """

    def __init__(self, packed: "PackedZones", room: Room) -> None:
        self._packed = packed
        self._room = room
        self._layer = room.number()

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, zones: Any, /) -> Any:
        """Return one geometry, or (n,) of them: by number, numbers, slice, or (n,) truth values."""
        count = len(self)
        if isinstance(zones, slice):
            zones = np.arange(*zones.indices(count))
        wanted = np.asarray(zones)
        if wanted.dtype == np.bool_:
            if wanted.shape != (count,):
                raise IndexError(f"{wanted.shape} truth values for {count} zones")
            wanted = np.flatnonzero(wanted)
        wanted = wanted.astype(np.int64, copy=False)
        if len(outside := wanted[(wanted < -count) | (wanted >= count)].reshape(-1)):
            raise IndexError(f"no zone {outside[0]} among {count}")
        wanted = np.where(wanted < 0, wanted + count, wanted)
        return self._given(wanted.reshape(1))[0] if wanted.ndim == 0 else self._given(wanted)

    def _given(self, wanted: Numbers) -> Geometries:
        if len(wanted) > _MOST_AT_ONCE:
            return self._made(wanted)
        numbers = wanted.tolist()
        known = self._room.found(self._layer, numbers)
        missing = [number for number in dict.fromkeys(numbers) if number not in known]
        if missing:
            made = self._made(np.asarray(missing, dtype=np.int64))
            self._room.keep(self._layer, missing, made)
            known.update(zip(missing, made, strict=True))
        found = np.empty(len(wanted), dtype=object)
        found[:] = [known[number] for number in numbers]
        return found

    def _made(self, wanted: Numbers) -> Geometries:
        made = self._packed.geometries(wanted)
        shapely.prepare(made)
        return made


def arrays_of(chunks: Iterable[Geometries], class_numbers: Numbers, assumed: NDArray[np.bool_]) -> Arrays:
    """Return the arrays that hold zones.

    Parameters
    ----------
    chunks
        The geometries, some at a time.
    class_numbers, assumed
        (n,) of all.

    Raises
    ------
    LayerError
        When a zone is neither polygon nor line.
    """
    from zoning.overlay.kernel.zones import PackedZones

    zones: list[Any] = [zone for chunk in chunks for zone in chunk]
    geometries = np.empty(len(zones), dtype=object)
    geometries[:] = zones
    try:
        return PackedZones.of(geometries, class_numbers, assumed).arrays()
    except TypeError as error:
        kinds = ", ".join(sorted({zone.geom_type for zone in zones}))
        raise LayerError(
            f"修复后的图形类型混杂（{kinds}），不能预处理；核查时仍直接读取图层文件",
            f"the repaired zones are of mixed kinds ({kinds}) and cannot be prepared; checks still read the layer file",
        ) from error
