"""Which land is watched, and which is not: protected zones in the measuring plane, gaps of their layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.mines.watch.settings import WatchSettings
from zoning.overlay import robust
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.polygons import polygonal
from zoning.overlay.source import LayerSource
from zoning.texts import Text

Geometries = NDArray[np.object_]
Why = Literal["no_layer", "not_covered", "no_valid_pixel", "beyond_rasters"]

WHYS: dict[Why, Text] = {
    "no_layer": Text("图层数据缺失", "the layer has no data"),
    "not_covered": Text("不在图层覆盖范围之内", "outside of the layer's coverage"),
    "no_valid_pixel": Text("没有有效像元（云、无数据）", "no valid pixel (clouds, no data)"),
    "beyond_rasters": Text("栅格没有覆盖", "beyond the rasters"),
}
GRID_M = 1e-5
"""To which crossings are rounded: borders of zones and of coverages run along each other."""
_ROUNDING_M2 = 1.0  # seams between neighbouring coverages


@dataclass(frozen=True, slots=True, eq=False)
class NotWatched:
    """Land of which nothing can be said.

    Attributes
    ----------
    area_m2
        On the ellipsoid.
    geometry
        In the measuring plane.
    """

    layer: str
    why: Why
    area_m2: float
    geometry: BaseGeometry
    reason: Text


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """The zones of one layer inside the land that is asked for.

    Attributes
    ----------
    land
        Their union, measuring plane.
    area_m2
        On the ellipsoid.
    """

    layer: str
    title: Text
    edition: str
    schematic: bool
    accuracy_m: float
    classes: frozenset[str]
    land: BaseGeometry
    area_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is watched.

    Attributes
    ----------
    area
        The territories that are asked for, measuring plane.
    """

    plane: MeasuringPlane
    territories: tuple[str, ...]
    area: BaseGeometry
    layers: tuple[Watched, ...]
    gaps: tuple[NotWatched, ...]

    @property
    def land(self) -> BaseGeometry:
        """All protected land, each part once."""
        return robust.union(np.asarray([one.land for one in self.layers], dtype=object), GRID_M)


def read_ground(
    source: LayerSource, settings: WatchSettings, shown: BaseGeometry, *, on: date, territories: Sequence[str] = ()
) -> Ground:
    """Read the protected zones of the territories that are asked for, or of those that the rasters show.

    Parameters
    ----------
    shown
        The ground of the rasters, longitude and latitude.

    Raises
    ------
    LayerError
        When the territories cannot be read.
    UsageError
        When a territory is not known, or the rasters show none.
    """
    plane = source.plane
    names, area = _area(source, plane.to_plane([shown], "EPSG:4490", step_m=85.0)[0], on, territories)
    layers: list[Watched] = []
    gaps: list[NotWatched] = []
    for one in settings.layers:
        found = source.layer(one.layer, on=on, bounds=WORLD)
        if isinstance(found, Unavailable):
            gaps.append(NotWatched(one.layer, "no_layer", float(area.area), area, found.reason))
            continue
        classes = frozenset(one.classes or found.class_order)
        beyond = robust.difference(area, found.coverage.area, GRID_M)
        if beyond.area > _ROUNDING_M2:
            gaps.append(NotWatched(one.layer, "not_covered", float(beyond.area), beyond, WHYS["not_covered"]))
        land = _land(found, classes, robust.intersection(area, found.coverage.area, GRID_M))
        layer = found.layer
        layers.append(
            Watched(
                one.layer,
                layer.title,
                found.edition_id,
                layer.schematic,
                layer.accuracy_m,
                classes,
                land,
                float(land.area),
            )
        )
    return Ground(plane, names, area, tuple(layers), tuple(gaps))


def _area(
    source: LayerSource, shown: BaseGeometry, on: date, territories: Sequence[str]
) -> tuple[tuple[str, ...], BaseGeometry]:
    layer = source.territories(on)
    known = dict(zip(layer.ids, layer.whole(), strict=True))
    unknown = [code for code in territories if code not in known]
    if unknown:
        listed = ", ".join(sorted(known))
        raise UsageError(
            f"--territory：没有辖区“{unknown[0]}”；可用：{listed}",
            f"--territory: there is no territory '{unknown[0]}'; allowed: {listed}",
        )
    chosen = tuple(territories) or tuple(code for code, zone in known.items() if zone.intersects(shown))
    if not chosen:
        raise UsageError("栅格不在任何辖区之内", "the rasters lie in no territory")
    return chosen, robust.union(np.asarray([known[code] for code in chosen], dtype=object), GRID_M)


def _land(layer: PlaneLayer, classes: frozenset[str], area: BaseGeometry) -> BaseGeometry:
    mine = [number for number, name in enumerate(layer.class_order) if name in classes]
    zones = layer.whole()[np.isin(layer.class_numbers, mine)]
    if not len(zones):
        return shapely.Polygon()
    return polygonal(robust.intersection(robust.union(zones, GRID_M), area, GRID_M))


def not_seen(ground: Ground, invalid: BaseGeometry, shown: BaseGeometry) -> tuple[NotWatched, ...]:
    """Return the protected land without a valid pixel, and beyond the rasters; both given in the measuring plane."""
    found: list[NotWatched] = []
    parts: tuple[tuple[Why, bool, BaseGeometry], ...] = (
        ("no_valid_pixel", False, invalid),
        ("beyond_rasters", True, shown),
    )
    for layer in ground.layers:
        for why, outside, where in parts:
            cut = robust.difference if outside else robust.intersection
            lost = polygonal(cut(layer.land, where, GRID_M))
            if lost.area > _ROUNDING_M2:
                found.append(NotWatched(layer.layer, why, float(lost.area), lost, WHYS[why]))
    return tuple(found)
