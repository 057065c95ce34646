"""Reading prepared layers: a file is believed when its stamp holds and is not old, or after all of it has been read."""

import os
import time
from pathlib import Path
from typing import Any

from zoning.overlay.coverage import Coverage
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.prepared.basis import Form
from zoning.overlay.prepared.container import ArrayFile, Arrays, DamagedError
from zoning.overlay.prepared.file_state import file_system_now_ns
from zoning.overlay.prepared.packing import check, covered_area, unpack
from zoning.overlay.prepared.stamps import Stamp, Stamps
from zoning.overlay.prepared.zone_arrays import Room

TRUSTED_NS = 7 * 86_400 * 1_000_000_000
"""How long a file is believed unread: a disk can lose a bit without any sign."""


class Shelf:
    """Gives the layers in prepared files; those that cover the same area share their `Coverage`."""

    def __init__(self, stamps: Stamps, plane: MeasuringPlane) -> None:
        self.stamps = stamps
        self.plane = plane
        self._coverages: dict[str, Coverage] = {}
        self._room = Room()

    def read(self, form: Form, path: Path, *, key: str, whole: bool) -> PlaneLayer:
        """Return the layer in a file.

        Parameters
        ----------
        key
            What the layer has to rest on.
        whole
            Read all of the file also where its stamp holds.

        Raises
        ------
        DamagedError, OSError
            When it is not there, not intact, or another layer.
        """
        with ArrayFile.open(path) as file:
            at_ns = None if not whole and self._stamped(path, file) else file_system_now_ns(path.parent)
            if at_ns is not None:
                file.verify()
            if file.meta.get("key") != key:
                raise DamagedError("another layer than its name says")
            arrays = file.arrays()
            layer = unpack(form, self.plane, arrays, file.meta, lambda: self._coverage(arrays, file.meta), self._room)
            if at_ns is not None:
                check(layer, arrays)
                self.stamps.put(path.name, Stamp((("", file.state),), file.digest, at_ns))
            return layer

    def stamped(self, path: Path) -> bool:
        """Tell whether a file is known to be intact.

        Raises
        ------
        DamagedError, OSError
            When it surely is not.
        """
        with ArrayFile.open(path) as file:
            return self._stamped(path, file)

    def settle(self, path: Path) -> None:
        """Read a file that was just written, and keep a stamp that holds for whoever opens it.

        Raises
        ------
        DamagedError, OSError
            When it is not what was written.
        """
        with ArrayFile.open(path) as file:
            at_ns = file_system_now_ns(path.parent)
            file.verify()
            self.stamps.put(path.name, Stamp((("", file.state),), file.digest, at_ns))

    def _stamped(self, path: Path, file: ArrayFile) -> bool:
        stamp = self.stamps.holding(path.name, (("", file.state),))
        if stamp is None or stamp.digest != file.digest:
            return False
        # Where no new stamp can be kept, every process would read everything again.
        return time.time_ns() - stamp.at_ns < TRUSTED_NS or not os.access(path.parent, os.W_OK)

    def _coverage(self, arrays: Arrays, meta: dict[str, Any]) -> Coverage:
        digest = str(meta["coverage"])
        if digest not in self._coverages:
            self._coverages[digest] = covered_area(arrays, digest)
        return self._coverages[digest]
