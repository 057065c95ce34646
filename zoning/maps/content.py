"""What a site map is drawn from: plain values in longitude and latitude, without the machinery that found them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Layer
from zoning.rules.verdict import ClassEntry, Decision, LayerEntry, Verdict
from zoning.texts import Text


class Box(NamedTuple):
    """A window in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose sides run along meridians and parallels, and whose rows are equally high in web Mercator.

    `source` is a data URI.
    """

    source: str
    box: Box


@dataclass(frozen=True, slots=True)
class MapZone:
    """One zone as it is drawn.

    Attributes
    ----------
    geometry
        Clipped to the sheet or to the land that is shown of it, simplified for display.
    area_m2
        Area of the whole zone on the ellipsoid; None for lines.
    overlap_m2, length_m
        What of the site lies in this zone; None where the site does not touch it.
    touched
        The site touches it, or may touch it within the accuracy of the layer.
    """

    id: str
    name: str
    class_id: str
    geometry: BaseGeometry
    area_m2: float | None = None
    overlap_m2: float | None = None
    length_m: float | None = None
    touched: bool = False
    attributes: Mapping[str, str] | None = None


def classes_drawn(layer: Layer, zones: Iterable[MapZone]) -> tuple[str, ...]:
    """Return the classes of a layer of which a zone is drawn, strictest first."""
    present = {zone.class_id for zone in zones}
    return tuple(name for name in layer.classes if name in present)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: its definition, what the verdict says of it, its zones on the sheet.

    Attributes
    ----------
    pieces
        The parts of the site in the zones of a class, by class id, exactly as they were measured.
    uncovered
        The part of the sheet of which the layer says nothing; None where it covers all of it.
    """

    layer: Layer
    entry: LayerEntry
    zones: tuple[MapZone, ...]
    pieces: Mapping[str, BaseGeometry]
    uncovered: BaseGeometry | None = None

    @property
    def drawn_classes(self) -> tuple[str, ...]:
        """The classes of which a zone is drawn, strictest first."""
        return classes_drawn(self.layer, self.zones)

    def class_entry(self, class_id: str) -> ClassEntry | None:
        """Return what the verdict says of a class."""
        return next((entry for entry in self.entry.classes if entry.class_ == class_id), None)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The part of the site where a decision is the strictest one; parts of different decisions do not overlap."""

    decision: Decision
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Gap:
    """Land of which some layers, by id, say nothing: that no zone is drawn there does not make it free."""

    layers: tuple[str, ...]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class MapContent:
    """Everything on the sheet.

    Attributes
    ----------
    land
        The part of the sheet that is shown, where the whole of it would be too much for a page; None for all.
    territories
        Names by code, where they are known; of others those of the zones are shown.
    """

    verdict: Verdict
    site: BaseGeometry
    sheet: Box
    layers: tuple[MapLayer, ...]
    conflicts: tuple[Conflict, ...]
    relief: Picture | None = None
    land: BaseGeometry | None = None
    territories: Mapping[str, Text] = field(default_factory=dict)

    @property
    def schematic(self) -> bool:
        """Whether any checked layer is schematic."""
        return any(layer.entry.schematic for layer in self.layers)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The land without data, layers that end at the same border together."""
        found: dict[bytes, list[MapLayer]] = {}
        for layer in self.layers:
            if layer.uncovered is not None:
                found.setdefault(layer.uncovered.wkb, []).append(layer)
        return tuple(
            Gap(tuple(layer.layer.id for layer in layers), layers[0].uncovered)
            for layers in found.values()
            if layers[0].uncovered is not None
        )
