"""Layers that many checks share: each is read once, and only what a test changes is read anew."""

from collections.abc import Collection
from datetime import date

from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import Bounds
from zoning.layers.reader import Unavailable
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource


class SharedLayers(LayerSource):
    """Reads the layers named `own` as the catalogue says; all others come from a source that stays open.

    The definitions of the others must be those of the shared source.
    """

    def __init__(self, catalogue: Catalogue, shared: LayerSource, own: Collection[str]) -> None:
        super().__init__(catalogue, shared.plane)
        self._shared = shared
        self._own = frozenset(own)

    def layer(self, layer_id: str, *, on: date, bounds: Bounds) -> PlaneLayer | Unavailable:
        """Return a layer, read for this test or for an earlier one."""
        if layer_id in self._own:
            return super().layer(layer_id, on=on, bounds=bounds)
        return self._shared.layer(layer_id, on=on, bounds=bounds)

    def definition_sha256(self, layer_id: str) -> str:
        """Return the SHA-256 of what defines a layer."""
        if layer_id in self._own:
            return super().definition_sha256(layer_id)
        return self._shared.definition_sha256(layer_id)
