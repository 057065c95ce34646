"""The layers that are audited, each read once: as stored, and in the measuring plane."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, ZoningError
from zoning.layers.catalogue import Catalogue, Layer
from zoning.layers.datum import WORLD
from zoning.layers.reader import Features, LayerStore, Unavailable
from zoning.overlay import beside
from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.audit.plan import AuditPlan, Selector
from zoning.planning.audit.sources import OpenRing, Written, closed_copy, written_of
from zoning.planning.audit.wording import zone_name
from zoning.texts import Text

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NEAR_M = 1_000.0
_BESIDE_M = 1.0  # overlays move what they find by much less


@dataclass(frozen=True, eq=False)
class AuditLayer:
    """A layer with its zones as stored (`features`) and valid in the measuring plane (`plane`).

    Attributes
    ----------
    written
        What the file says beyond the zones; None for a table of a database.
    open_rings
        Rings that had to be closed before the layer could be read at all: other commands cannot use it.
    """

    layer: Layer
    features: Features
    plane: PlaneLayer
    written: Written | None
    open_rings: tuple[OpenRing, ...] = ()

    @cached_property
    def shapes(self) -> Geometries:
        """The zones in the measuring plane, (n,), valid."""
        return self.plane.whole()

    def name(self, zone: int) -> Text:
        """Return how sentences call a zone."""
        return zone_name(self.layer, self.features.ids[zone], self.features.names[zone])


@dataclass(frozen=True, slots=True)
class Missing:
    """A layer that cannot be audited."""

    layer: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Ground:
    """Land for which a layer is authoritative; `code` is None where its coverage names no territory."""

    code: str | None
    area: BaseGeometry


class Scene:
    """What an audit looks at.

    Parameters
    ----------
    territories
        Codes; empty for all.

    Raises
    ------
    LayerError
        From methods that need the territories, when they cannot be read.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        plane: MeasuringPlane,
        plan: AuditPlan,
        *,
        on: date,
        territories: Sequence[str] = (),
    ) -> None:
        self.catalogue = catalogue
        self.plane = plane
        self.plan = plan
        self.on = on
        self.wanted = tuple(territories)
        self._store = LayerStore(catalogue)
        self._once = cache(self._read)
        self._ground_of = cache(self._grounds)

    def layer(self, layer_id: str) -> AuditLayer | Missing:
        """Return a layer in the edition of the day, read whole."""
        return self._once(layer_id)

    def need(self, layer_id: str) -> AuditLayer:
        """Return a layer.

        Raises
        ------
        LayerError
            When it cannot be audited.
        """
        found = self.layer(layer_id)
        if isinstance(found, Missing):
            raise LayerError(found.reason.zh, found.reason.en)
        return found

    @cached_property
    def territory_shapes(self) -> dict[str, BaseGeometry]:
        """Code -> territory in the measuring plane, prepared; only those that are wanted."""
        return {code: shape for code, shape in self.all_territories.items() if not self.wanted or code in self.wanted}

    @cached_property
    def all_territories(self) -> dict[str, BaseGeometry]:
        """Code -> territory in the measuring plane, prepared, wanted or not.

        Raises
        ------
        LayerError
            When the layer of territories cannot be audited.
        """
        layer = self.need(self.catalogue.territory_layer)
        return {code: layer.plane.zone(code) for code in dict.fromkeys(layer.features.ids)}

    def grounds(self, layer: AuditLayer) -> tuple[Ground, ...]:
        """Return the land for which a layer is authoritative, territory by territory."""
        return self._ground_of(layer)

    def _grounds(self, layer: AuditLayer) -> tuple[Ground, ...]:
        stated = layer.features.edition.coverage or layer.layer.coverage
        if stated.territories:
            shapes = self.territory_shapes
            return tuple(Ground(code, shapes[code]) for code in stated.territories if code in shapes)
        area = layer.plane.coverage.area
        if self.wanted:
            area = beside.intersection(area, beside.union(list(self.territory_shapes.values())))
            shapely.prepare(area)
        return (Ground(None, area),)

    def territory_of(self, geometry: BaseGeometry) -> str | None:
        """Return the territory that a point of a geometry of the plane lies in; None outside of all."""
        point = shapely.point_on_surface(geometry)
        return next((code for code, shape in self.territory_shapes.items() if shapely.intersects(shape, point)), None)

    def audited(self, geometry: BaseGeometry) -> bool:
        """Tell whether a place of the plane belongs to what is audited: anywhere, or inside the wanted territories."""
        return not self.wanted or geometry.is_empty or self.territory_of(geometry) is not None

    def beside_audited(self, shapes: Geometries) -> Mask | None:
        """Tell in which shapes (n,) of the plane, cut or not, something `audited` can lie; None where in all."""
        if not self.wanted:
            return None
        found = np.zeros(len(shapes), dtype=bool)
        for land in self.territory_shapes.values():
            found |= np.asarray(shapely.dwithin(land, shapes, _BESIDE_M), dtype=bool)
        return found

    def is_near(self, geometry: BaseGeometry) -> bool:
        """Tell whether a place of the plane lies in a wanted territory or within a kilometre of one."""
        return any(shapely.dwithin(shape, geometry, _NEAR_M) for shape in self.territory_shapes.values())

    def chosen(self, selector: Selector, territories: Sequence[str] = ()) -> tuple[AuditLayer, Numbers]:
        """Return a layer and the numbers of its chosen zones, those that meet the named or wanted territories.

        Raises
        ------
        LayerError
            When the layer, or that of the territories, cannot be audited.
        """
        layer = self.need(selector.layer)
        mask = np.asarray([matches(layer, zone, selector) for zone in range(len(layer.features.ids))], dtype=bool)
        shapes = self.territory_shapes
        codes = [code for code in shapes if not territories or code in territories]
        if territories or self.wanted:
            near = np.zeros(len(mask), dtype=bool)
            for code in codes:
                near |= np.asarray(shapely.intersects(shapes[code], layer.shapes), dtype=bool)
            mask &= near
        return layer, np.flatnonzero(mask)

    def frame(self, geometry: BaseGeometry) -> LocalFrame:
        """Return true metres around the middle of a geometry."""
        west, south, east, north = geometry.bounds
        return LocalFrame.at(self.plane, (west + east) / 2, (south + north) / 2)

    def accuracy_m(self, *layers: str) -> float:
        """Return the 95 % error of the distance of borders of layers, metres."""
        return hypot(*(self.catalogue[layer].accuracy_m for layer in layers))

    def digest(self, layer_id: str) -> str:
        """Return the SHA-256 of the data and the definition of a layer; the reason where it is not there."""
        found = self.layer(layer_id)
        if isinstance(found, Missing):
            return found.reason.en
        return found.features.sha256 + self._store.definition_sha256(layer_id)

    def _read(self, layer_id: str) -> AuditLayer | Missing:
        layer = self.catalogue.layers.get(layer_id)
        if layer is None:
            return Missing(layer_id, Text("工作空间没有这个图层", "the workspace has no such layer"))
        try:
            found = self._store.read_window(layer_id, on=self.on, bounds=WORLD)
            if isinstance(found, Unavailable):
                return self._read_closed(layer, found)
            return self._made(layer, found)
        except ZoningError as error:
            return Missing(layer_id, error.text)

    def _made(self, layer: Layer, features: Features) -> AuditLayer:
        file = features.edition.file
        written = None if file is None else written_of(self._store.path(file), layer, features.edition)
        return AuditLayer(layer, features, PlaneLayer.of(features, self.plane), written)

    def _read_closed(self, layer: Layer, refused: Unavailable) -> AuditLayer | Missing:
        """Read a layer whose rings are not closed from a copy in which they are."""
        name = refused.edition_id
        edition = None if name is None else layer.editions[name]
        if name is None or edition is None or edition.file is None or edition.sha256 is not None:
            return Missing(layer.id, refused.reason)
        with closed_copy(self._store.path(edition.file), layer, edition) as (copy, rings):
            if copy is None:
                return Missing(layer.id, refused.reason)
            closed = edition.model_copy(update={"file": str(copy), "encoding": None})
            mended = layer.model_copy(update={"editions": {**layer.editions, name: closed}})
            layers = {**self.catalogue.layers, layer.id: mended}
            store = LayerStore(Catalogue(self.catalogue.root, layers, self.catalogue.territory_layer))
            found = store.read_window(layer.id, on=self.on, bounds=WORLD)
            if isinstance(found, Unavailable):
                return Missing(layer.id, found.reason)
            written = written_of(copy, layer, closed)
            return AuditLayer(layer, found, PlaneLayer.of(found, self.plane), written, rings)


def matches(layer: AuditLayer, zone: int, selector: Selector) -> bool:
    """Tell whether a zone is one of those that a selector means."""
    features = layer.features
    if selector.classes and features.class_ids[zone] not in selector.classes:
        return False
    if selector.names is not None and re.search(selector.names, features.names[zone]) is None:
        return False
    attributes = features.attributes[zone]
    return all(attributes.get(name, "") == value for name, value in selector.where.items())


def parts_of(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the polygons of a geometry that have an area."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            if part.area > 0:
                yield part
        elif part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            yield from parts_of(part)


def together(polygons: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return polygons as one geometry."""
    return shapely.MultiPolygon([part for part in polygons if isinstance(part, shapely.Polygon)])


def mean_width_m(polygon: BaseGeometry) -> float:
    """Return twice the area by the length of the border of a polygon of the plane: the width of a strip."""
    return 2 * float(polygon.area) / max(float(polygon.length), 1e-9)
