"""Where layers in the measuring plane come from: prepared ones where they are current, else a window of the source."""

from datetime import date
from typing import Protocol, TypeVar

from zoning.errors import LayerError
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import WORLD, Bounds
from zoning.layers.reader import LayerStore, Unavailable
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer

T = TypeVar("T")


class Prepared(Protocol):
    """Layers that were brought into the measuring plane before."""

    def open(self, layer_id: str, on: date) -> PlaneLayer | None:
        """Return the whole layer in the edition valid on a day; None when none is there that is current."""
        ...


class LayerSource:
    """Gives the layers around sites, whole or in windows; what was given is kept for the next sites.

    Parameters
    ----------
    prepared
        None: only windows of the sources are read. No answer depends on it.
    """

    def __init__(self, catalogue: Catalogue, plane: MeasuringPlane, prepared: Prepared | None = None) -> None:
        self.catalogue = catalogue
        self.plane = plane
        self._store = LayerStore(catalogue)
        self._prepared = prepared
        self._whole: dict[tuple[str, date], PlaneLayer | None] = {}
        self._windows: dict[str, tuple[object, PlaneLayer]] = {}
        self._definitions: dict[str, str] = {}

    def layer(self, layer_id: str, *, on: date, bounds: Bounds) -> PlaneLayer | Unavailable:
        """Return a layer, at least its zones that meet a window, in the edition valid on a day.

        Parameters
        ----------
        bounds
            West, south, east, north in degrees.

        Raises
        ------
        LayerError, CRSError
            See `zoning.layers.reader.LayerStore.read_window` and `PlaneLayer.of`.
        """
        whole = self._opened(layer_id, on)
        if whole is not None:
            return whole
        window = self._store.read_window(layer_id, on=on, bounds=bounds)
        if isinstance(window, Unavailable):
            return window
        kept = self._windows.get(layer_id)
        if kept is None or kept[0] is not window:
            kept = self._windows[layer_id] = (window, PlaneLayer.of(window, self.plane))
        return kept[1]

    def territories(self, on: date) -> PlaneLayer:
        """Return the layer of all territories in the edition valid on a day.

        Raises
        ------
        LayerError
            When it cannot be read: without it no rule has a place where it holds.
        CRSError
            When it cannot be brought into the measuring plane.
        """
        return readable_territories(self.layer(self.catalogue.territory_layer, on=on, bounds=WORLD))

    def definition_sha256(self, layer_id: str) -> str:
        """Return the SHA-256 of what defines a layer; see `LayerStore.definition_sha256`."""
        if layer_id not in self._definitions:
            self._definitions[layer_id] = self._store.definition_sha256(layer_id)
        return self._definitions[layer_id]

    def _opened(self, layer_id: str, on: date) -> PlaneLayer | None:
        if self._prepared is None:
            return None
        key = (layer_id, on)
        if key not in self._whole:
            self._whole[key] = self._prepared.open(layer_id, on)
        return self._whole[key]


def readable_territories(found: T | Unavailable) -> T:
    """Return the territories that were read.

    Raises
    ------
    LayerError
        When they could not be.
    """
    if isinstance(found, Unavailable):
        raise LayerError(f"辖区图层不可用：{found.reason.zh}", f"the territory layer cannot be used: {found.reason.en}")
    return found
