"""What of a scene is drawn on one map, and in which look: decided once, for map, legend and labels alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.content import MapZone
from zoning.maps.map_product import MapProduct
from zoning.maps.paper.view import MapView
from zoning.maps.scene import Scene, SceneLayer
from zoning.styles.stylebook import Stylebook


@dataclass(frozen=True, slots=True)
class DrawnZone:
    """A zone with its shape on paper, cut a little outside of the neat line."""

    zone: MapZone
    shape: BaseGeometry


@dataclass(frozen=True)
class DrawnLayer:
    """A layer with the zones that lie on the map."""

    source: SceneLayer
    zones: tuple[DrawnZone, ...]

    @property
    def id(self) -> str:
        """Of the layer."""
        return self.source.layer.id

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of which something is on the map, strictest first."""
        present = {drawn.zone.class_id for drawn in self.zones}
        return tuple(name for name in self.source.layer.classes if name in present)

    def of_class(self, class_id: str) -> tuple[DrawnZone, ...]:
        """Return the zones of a class."""
        return tuple(drawn for drawn in self.zones if drawn.zone.class_id == class_id)


@dataclass(frozen=True)
class Gap:
    """Land of which layers say nothing; `layers` are their ids."""

    layers: tuple[str, ...]
    shape: BaseGeometry


@dataclass(frozen=True)
class Sheet:
    """One map.

    Attributes
    ----------
    layers
        Drawn, the lowest first.
    empty, missing, too_small
        Loaded and without a zone on this map; without data; left out at this scale because the style says so.
    gaps
        Uncovered land that is on the map.
    frame, site
        On paper.
    land
        The land of which zones are drawn: the frame, or the territory around a page of an atlas.
    """

    scene: Scene
    view: MapView
    layers: tuple[DrawnLayer, ...]
    empty: tuple[SceneLayer, ...]
    missing: tuple[SceneLayer, ...]
    too_small: tuple[SceneLayer, ...]
    gaps: tuple[Gap, ...]
    frame: BaseGeometry
    land: BaseGeometry
    site: BaseGeometry | None


def sheet_of(
    scene: Scene, product: MapProduct, stylebook: Stylebook, view: MapView, *, land: BaseGeometry | None = None
) -> Sheet:
    """Return what is on the map.

    Parameters
    ----------
    land
        Where zones are drawn, longitude and latitude; the frame where it is left out.
    """
    window = view.place.grown(2.0).shape
    inner = view.place.shape
    drawn: list[DrawnLayer] = []
    empty: list[SceneLayer] = []
    too_small: list[SceneLayer] = []
    for layer in scene.layers:
        if layer.presence == "no_data":
            continue
        zones = _zones(layer, product, view, window, inner)
        if not zones:
            empty.append(layer)
        elif stylebook.of_layer(layer.layer.id).scale.holds(view.scale):
            drawn.append(DrawnLayer(layer, zones))
        else:
            too_small.append(layer)
    drawn.sort(key=lambda layer: (stylebook.of_layer(layer.id).order, layer.id))
    frame = view.on_paper(scene.frame.geometry, exact=True)
    return Sheet(
        scene=scene,
        view=view,
        layers=tuple(drawn),
        empty=tuple(empty),
        missing=tuple(layer for layer in scene.layers if layer.presence == "no_data"),
        too_small=tuple(too_small),
        gaps=_gaps(scene.layers, view),
        frame=frame,
        land=frame if land is None else view.on_paper(land, exact=True),
        site=None if scene.site is None else view.on_paper(scene.site, exact=True),
    )


def _zones(
    layer: SceneLayer, product: MapProduct, view: MapView, window: BaseGeometry, inner: BaseGeometry
) -> tuple[DrawnZone, ...]:
    choice = next((choice for choice in product.layers if choice.layer == layer.layer.id), None)
    wanted = [zone for zone in layer.zones if choice is None or not choice.classes or zone.class_id in choice.classes]
    found: list[DrawnZone] = []
    for zone in wanted:
        if not view.near(zone.geometry):
            continue
        shape = view.on_paper(zone.geometry)
        if not shape.intersects(inner):
            continue
        cut = shapely.clip_by_rect(shape, *window.bounds)
        if not cut.is_empty:
            found.append(DrawnZone(zone, cut))
    return tuple(found)


def _gaps(layers: Sequence[SceneLayer], view: MapView) -> tuple[Gap, ...]:
    """Return the gaps in coverage on the map; layers with the same gap share one."""
    inner = view.place.shape
    found: list[tuple[list[str], BaseGeometry]] = []
    for layer in layers:
        if layer.uncovered is None or layer.presence == "no_data":
            continue
        shape = view.on_paper(layer.uncovered)
        if not shape.intersects(inner):
            continue
        same = next((names for names, other in found if _alike(other, shape)), None)
        if same is None:
            found.append(([layer.layer.id], shape))
        else:
            same.append(layer.layer.id)
    return tuple(Gap(tuple(names), shape) for names, shape in found)


def _alike(one: BaseGeometry, other: BaseGeometry) -> bool:
    area = float(one.area)
    return abs(area - float(other.area)) < 1e-3 * max(area, 1.0) and bool(
        shapely.symmetric_difference(one, other).area < 1e-3 * max(area, 1.0)
    )
