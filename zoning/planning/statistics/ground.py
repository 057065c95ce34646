"""A territory with the layers that speak of it, and those that do not, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.catalogue import Layer
from zoning.layers.datum import Bounds
from zoning.layers.reader import NOT_HERE, Unavailable
from zoning.maps.scene_layers import number_of
from zoning.overlay import beside
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal
from zoning.overlay.source import LayerSource
from zoning.texts import Text

_MARGIN_DEGREES = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class HeldLayer:
    """A layer that speaks of the territory, or of a part of it.

    Attributes
    ----------
    near
        (k,) numbers of the zones that meet the territory.
    shapes
        (k,) their geometries in the measuring plane; they may reach out of the territory.
    uncovered
        The part of the territory that the layer does not speak of; None where that is less than the tolerance.
    tolerance_m2
        Parts of zones below it are slivers, not zones.
    """

    zones: PlaneLayer
    near: NDArray[np.int64]
    shapes: Geometries
    uncovered: BaseGeometry | None
    tolerance_m2: float

    @property
    def layer(self) -> Layer:
        """The definition."""
        return self.zones.layer

    @property
    def uncovered_m2(self) -> float:
        """Area of the territory without data."""
        return 0.0 if self.uncovered is None else float(self.uncovered.area)


@dataclass(frozen=True, slots=True)
class MissingLayer:
    """A layer that says nothing of the territory: what lies in its zones there is not known, and is no zero."""

    layer: Layer
    edition: str | None
    reason: Text


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A territory in the measuring plane, its layers in the order of the catalogue."""

    code: str
    name: str
    land: BaseGeometry
    on: date
    plane: MeasuringPlane
    layers: tuple[HeldLayer, ...]
    missing: tuple[MissingLayer, ...]

    @property
    def area_m2(self) -> float:
        """Area on the ellipsoid."""
        return float(self.land.area)

    def held(self, layer_id: str) -> HeldLayer | None:
        """Return a layer, None where it says nothing of the territory."""
        return next((one for one in self.layers if one.layer.id == layer_id), None)


def read_ground(source: LayerSource, told: str, layer_ids: Iterable[str], *, on: date, tolerance_m2: float) -> Ground:
    """Read a territory and the layers over it.

    Parameters
    ----------
    told
        Code or name of the territory.
    tolerance_m2
        For layers that state none.

    Raises
    ------
    UsageError
        When there is no such territory, or no such layer.
    LayerError, CRSError
        When the territories cannot be read, or a layer holds something that its definition does not know.
    """
    known = source.territories(on)
    number = number_of(known, told)
    code, name = known.ids[number], known.names[number]
    land = known.zone(code)
    bounds = _around(source.plane, land)
    held: list[HeldLayer] = []
    missing: list[MissingLayer] = []
    for layer_id in dict.fromkeys(layer_ids):
        layer = source.catalogue.layers.get(layer_id)
        if layer is None:
            raise _no_layer(layer_id, source.catalogue.layers)
        found = source.layer(layer_id, on=on, bounds=bounds)
        if isinstance(found, Unavailable):
            missing.append(MissingLayer(layer, found.edition_id, found.reason))
            continue
        tolerance = tolerance_m2 if layer.tolerance is None else layer.tolerance
        one = _held(found, land, tolerance)
        if one is None:
            missing.append(MissingLayer(layer, found.edition_id, NOT_HERE))
        else:
            held.append(one)
    return Ground(code, name, land, on, source.plane, tuple(held), tuple(missing))


def _around(plane: MeasuringPlane, land: BaseGeometry) -> Bounds:
    # Meridians and parallels are straight in the plane: its box is the box of degrees.
    west, south, east, north = plane.one_to_lonlat(shapely.box(*land.bounds)).bounds
    return west - _MARGIN_DEGREES, south - _MARGIN_DEGREES, east + _MARGIN_DEGREES, north + _MARGIN_DEGREES


def _held(zones: PlaneLayer, land: BaseGeometry, tolerance_m2: float) -> HeldLayer | None:
    area = zones.coverage.area
    uncovered: BaseGeometry | None = None
    if not shapely.covers(area, land):
        rest = polygonal(beside.difference(land, area))
        if rest.area >= land.area - tolerance_m2:
            return None
        # Where a layer covers the whole territory, rounding alone makes the two borders differ.
        uncovered = rest if rest.area > tolerance_m2 else None
    shapely.prepare(land)
    near = zones.index.meeting(land.bounds)
    shapes = zones.geometries[near]
    met = np.asarray(shapely.intersects(land, shapes), dtype=bool)
    return HeldLayer(zones, near[met], shapes[met], uncovered, tolerance_m2)


def _no_layer(layer_id: str, known: Iterable[str]) -> UsageError:
    listed = ", ".join(known)
    return UsageError(f"没有图层“{layer_id}”；可用：{listed}", f"there is no layer '{layer_id}'; allowed: {listed}")
