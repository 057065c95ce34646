"""The land around a site: its layers in true metres, read once and kept for every re-check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.check import Checker
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import WORLD, Bounds, holds
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.footprint import Footprint, window
from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal
from zoning.overlay.source import LayerSource
from zoning.rules.reach import reach_m
from zoning.rules.rulebook import Rulebook
from zoning.settings import Settings

MARGIN_M = 0.2
"""Zones are grown by this much beyond the accuracies of layer and site, so that a re-check is clear of them."""

_FRAME_ERROR_M, _FRAME_ERROR_AT_M = 0.03, 10_000.0  # of the local frame; it grows with the third power
_STRAIGHT_M = 0.0005
_SPARE_M = 500.0
_NOTHING = shapely.Polygon()


class KeptSource(LayerSource):
    """Gives each layer as it was read for one large window, however small the window asked for."""

    def __init__(self, base: LayerSource, bounds: Bounds) -> None:
        super().__init__(base.catalogue, base.plane)
        self._base = base
        self._bounds = bounds
        self._kept: dict[tuple[str, date, bool], PlaneLayer | Unavailable] = {}

    def layer(self, layer_id: str, *, on: date, bounds: Bounds) -> PlaneLayer | Unavailable:
        """Return a layer; windows beyond the large one are read anew."""
        whole = bounds == WORLD
        if not whole and not holds(self._bounds, bounds):
            return self._base.layer(layer_id, on=on, bounds=bounds)
        key = (layer_id, on, whole)
        if key not in self._kept:
            self._kept[key] = self._base.layer(layer_id, on=on, bounds=WORLD if whole else self._bounds)
        return self._kept[key]

    def definition_sha256(self, layer_id: str) -> str:
        """Return the SHA-256 of what defines a layer."""
        return self._base.definition_sha256(layer_id)


@dataclass(frozen=True, slots=True)
class Content:
    """What a check rests on, of a workspace."""

    on: date
    catalogue: Catalogue
    rulebook: Rulebook
    settings: Settings
    source: LayerSource


@dataclass(frozen=True, slots=True, eq=False)
class LocalLayer:
    """Zones around a site in true metres of its frame.

    Attributes
    ----------
    geometries
        (n,) valid; cut off beyond what can matter.
    layer
        The layer that they come from; `numbers` are their places in it, (n,).
    """

    layer: PlaneLayer
    numbers: NDArray[np.int64]
    geometries: Geometries


@dataclass(eq=False)
class Ground:
    """Layers and territories within reach of a site.

    Attributes
    ----------
    shape
        The site in the frame: true metres around its middle.
    radius_m
        How far it may be moved.
    checker
        Checks what is moved against layers that were read once.
    """

    content: Content
    frame: LocalFrame
    shape: BaseGeometry
    box: tuple[float, float, float, float]
    radius_m: float
    site_accuracy_m: float
    checker: Checker
    _layers: dict[str, LocalLayer | None] = field(default_factory=dict)
    _territories: dict[str, BaseGeometry] = field(default_factory=dict)
    _covered: dict[int, tuple[BaseGeometry, BaseGeometry]] = field(default_factory=dict)
    _plane_box: Any = None

    @classmethod
    def around(cls, content: Content, footprint: Footprint, radius_m: float) -> "Ground":
        """Read what lies within a radius of a footprint, and as far beyond as rules reach; 0: it is not moved."""
        accuracy = footprint.site.accuracy_m
        probe = Checker(
            on=content.on,
            catalogue=content.catalogue,
            rulebook=content.rulebook,
            settings=content.settings,
            source=content.source,
        )
        reach = max(probe.reach_m(name, accuracy) for name in content.catalogue.layers)
        # A site that is turned reaches as far as its longest diagonal.
        wide = radius_m + 2 * footprint.radius_m if radius_m > 0 else 0.0
        margin = wide + reach + _SPARE_M
        source = KeptSource(content.source, window(footprint, margin))
        checker = Checker(
            on=content.on,
            catalogue=content.catalogue,
            rulebook=content.rulebook,
            settings=content.settings,
            source=source,
        )
        west, south, east, north = footprint.local.bounds
        ground = cls(
            content=content,
            frame=footprint.frame,
            shape=shapely.simplify(footprint.local, _STRAIGHT_M),
            box=(west - wide, south - wide, east + wide, north + wide),
            radius_m=radius_m,
            site_accuracy_m=accuracy,
            checker=checker,
        )
        ground._plane_box = shapely.box(*footprint.box(margin))
        shapely.prepare(ground._plane_box)
        return ground

    @property
    def margin_m(self) -> float:
        """What zones are grown by beyond the accuracies: more where the frame is less exact."""
        far = max(abs(value) for value in self.box)
        return MARGIN_M + _FRAME_ERROR_M * (far / _FRAME_ERROR_AT_M) ** 3

    def layer(self, layer_id: str) -> LocalLayer | None:
        """Return the zones of a layer in the frame, None when it has no data at all on the day."""
        if layer_id not in self._layers:
            self._layers[layer_id] = self._read(layer_id)
        return self._layers[layer_id]

    @property
    def territories(self) -> Mapping[str, BaseGeometry]:
        """The territories that meet the box, in the frame, by code."""
        if not self._territories:
            name = self.content.catalogue.territory_layer
            found = self.checker.source.layer(name, on=self.content.on, bounds=WORLD)
            if isinstance(found, PlaneLayer):
                near = {found.ids[i] for i in found.index.meeting(self._plane_box.bounds)}
                local = {code: self.to_frame(found.zone(code)) for code in sorted(near)}
                self._territories = {code: area for code, area in local.items() if not area.is_empty}
        return self._territories

    def to_frame(self, area: BaseGeometry) -> BaseGeometry:
        """Return what of an area of the measuring plane can matter, in the frame."""
        cut = area if shapely.covers(self._plane_box, area) else beside.intersection(self._plane_box, area)
        return _valid(self.frame.to_frame([cut]))[0] if not cut.is_empty else _NOTHING

    def covered(self, layer_id: str) -> BaseGeometry:
        """Return where a layer has data, in the frame; nothing when it has none on the day."""
        local = self.layer(layer_id)
        if local is None:
            return _NOTHING
        area = local.layer.coverage.area
        # Many layers cover the same area; it is kept beside what was made of it, so that its id stays its own.
        if id(area) not in self._covered:
            self._covered[id(area)] = (area, self.to_frame(area))
        return self._covered[id(area)][1]

    def _read(self, layer_id: str) -> LocalLayer | None:
        source, bounds = self.checker.source, self._bounds
        found = source.layer(layer_id, on=self.content.on, bounds=bounds)
        if isinstance(found, Unavailable):
            return None
        box = self._reach_of(layer_id, found)
        numbers = found.index.meeting(box.bounds)
        zones = np.asarray(found.geometries[numbers], dtype=object)
        whole = shapely.covers(box, zones)
        zones[~whole] = beside.intersection(zones[~whole], box)
        kept = ~shapely.is_empty(zones)
        local = self.frame.to_frame(zones[kept])
        if found.layer.geometry != "line":
            local = _valid(local)
        return LocalLayer(found, numbers[kept], local)

    def _reach_of(self, layer_id: str, found: PlaneLayer) -> BaseGeometry:
        """Return the box of the measuring plane in which zones of a layer can matter to a moved site."""
        content, accuracy = self.content, found.layer.accuracy_m + self.site_accuracy_m + self.margin_m
        reach = reach_m(content.rulebook, layer_id, accuracy_m=accuracy, search_m=0.0, on=content.on)
        wide = 1.01 * reach + 4 * accuracy + 10.0
        west, south, east, north = self.box
        outline = shapely.segmentize(shapely.box(west - wide, south - wide, east + wide, north + wide), 500.0)
        found_box: BaseGeometry = shapely.intersection(self.frame.to_plane([outline])[0], self._plane_box)
        shapely.prepare(found_box)
        return found_box

    @property
    def _bounds(self) -> Bounds:
        box = self.content.source.plane.one_to_lonlat(self._plane_box).bounds
        # The window that was kept, within rounding: a larger one would be read anew.
        shrink = 1e-7
        return box[0] + shrink, box[1] + shrink, box[2] - shrink, box[3] - shrink


def _valid(zones: Geometries) -> Geometries:
    straight = shapely.simplify(zones, _STRAIGHT_M)
    return np.asarray(
        [polygonal(zone if zone.is_valid else shapely.make_valid(zone)) for zone in straight] + [None], dtype=object
    )[:-1]
