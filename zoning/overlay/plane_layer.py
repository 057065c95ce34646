"""A window of a layer in the measuring plane, built once for all sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, TangledError
from zoning.layers.catalogue import Layer
from zoning.layers.reader import Features
from zoning.overlay import beside
from zoning.overlay.coverage import Coverage
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.repair import polygonal, repair_lines, repair_polygons
from zoning.overlay.zone_index import GeosIndex, ZoneIndex
from zoning.sites.site import Repair

STEP_M = 85.0
"""Longest distance between vertices of zones: edges bend by less than 0.1 mm, so that a site that shares a long edge
with a zone does not seem to overlap it (850 m would do for positions, but leaves slivers of 6 m² per kilometre)."""


class Zones(Protocol):
    """The geometries of a layer, valid and prepared, by number; made when they are asked for where it is prepared."""

    def __len__(self) -> int: ...

    def __getitem__(self, zones: Any, /) -> Any: ...


@dataclass(frozen=True, eq=False)
class PlaneLayer:
    """Zones in the measuring plane.

    Attributes
    ----------
    geometries
        (n,) valid; prepared.
    index
        Finds them.
    assumed
        (n,) whether the zone bears no class: the strictest of the edition was assumed.
    class_order
        Classes of the edition, strictest first.
    zone_repairs
        Zone -> what had to be repaired.
    """

    layer: Layer
    edition_id: str
    plane: MeasuringPlane
    geometries: Zones
    index: ZoneIndex
    ids: Sequence[str]
    names: Sequence[str]
    class_ids: Sequence[str]
    assumed: NDArray[np.bool_]
    attributes: Sequence[Mapping[str, str]]
    class_order: tuple[str, ...]
    class_numbers: NDArray[np.int64]
    zone_repairs: Mapping[int, tuple[Repair, ...]]
    coverage: Coverage
    sha256: str

    @classmethod
    def of(cls, features: Features, plane: MeasuringPlane) -> "PlaneLayer":
        """Bring a window into the measuring plane; zones that are not valid are repaired in their own coordinates.

        Raises
        ------
        CRSError
            When the layer's coordinate system has no exact way to CGCS2000, or coordinates do not fit it.
        LayerError
            When the border of a zone, or of the coverage, crosses itself too often to be repaired.
        """
        valid, repairs = _repaired(features, plane)
        geometries = plane.to_plane(valid, features.crs, step_m=STEP_M)
        broken = np.flatnonzero(~shapely.is_valid(geometries))
        mended = [shapely.make_valid(zone) for zone in geometries[broken]]
        # A collection has no border: only its polygons are kept, as everywhere else.
        geometries[broken] = mended if features.layer.geometry == "line" else [polygonal(zone) for zone in mended]
        shapely.prepare(geometries)
        order = features.layer.classes_in(features.edition)
        class_numbers = np.asarray([order.index(name) for name in features.class_ids], dtype=np.int64)
        assumed = np.asarray(features.assumed, dtype=bool)
        return cls(
            layer=features.layer,
            edition_id=features.edition_id,
            plane=plane,
            geometries=geometries,
            index=GeosIndex(geometries, class_numbers, assumed),
            ids=features.ids,
            names=features.names,
            class_ids=features.class_ids,
            assumed=assumed,
            attributes=features.attributes,
            class_order=order,
            class_numbers=class_numbers,
            zone_repairs=repairs,
            coverage=_coverage(features, plane),
            sha256=features.sha256,
        )

    @cached_property
    def has_assumed(self) -> bool:
        """Whether any zone bears no class."""
        return bool(self.assumed.any())

    def whole(self) -> Geometries:
        """Return the geometries of all zones, (n,): for layers that are small."""
        found: Geometries = self.geometries[np.arange(len(self.geometries))]
        return found

    def zone(self, zone_id: str) -> BaseGeometry:
        """Return the union of all zones with an id, empty when there is none."""
        mine = np.flatnonzero([name == zone_id for name in self.ids])
        parts = self.geometries[mine]
        union: BaseGeometry = beside.union(parts) if len(mine) > 1 else shapely.union_all(parts)
        shapely.prepare(union)
        return union


def _coverage(features: Features, plane: MeasuringPlane) -> Coverage:
    try:
        return plane.kept_for(features.coverage, lambda area: Coverage.of(area, features.coverage_crs, plane))
    except TangledError as error:
        raise _tangled(features.layer, "覆盖范围", "coverage") from error


def _repaired(features: Features, plane: MeasuringPlane) -> tuple[Geometries, dict[int, tuple[Repair, ...]]]:
    """Return all zones valid in their own coordinates, and the repairs by zone."""

    def area(geometry: BaseGeometry) -> float:
        return plane.area_m2(geometry, features.crs, step_m=STEP_M)

    geometries = features.geometries.copy()
    repairs: dict[int, tuple[Repair, ...]] = {}
    repair = repair_lines if features.layer.geometry == "line" else repair_polygons
    for index in np.flatnonzero(~shapely.is_valid(geometries)):
        try:
            mended = repair(geometries[index], area)
        except TangledError as error:
            zone = features.ids[index]
            raise _tangled(features.layer, f"区 {zone}", f"zone {zone}") from error
        geometries[index] = mended.geometry
        repairs[int(index)] = mended.repairs
    return geometries, repairs


def _tangled(layer: Layer, zh: str, en: str) -> LayerError:
    return LayerError(
        f"图层 {layer.id} 的{zh}：边界与自身相交过多，无法修复；请更正界址点的次序后重新导出",
        f"layer {layer.id}, {en}: the border crosses itself too often to be repaired; correct the order of its "
        "vertices and export it again",
    )
