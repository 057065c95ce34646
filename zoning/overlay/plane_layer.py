"""A window of a layer in the measuring plane, built once for all sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Layer
from zoning.layers.reader import Features
from zoning.overlay.coverage import Coverage
from zoning.overlay.nearest import Borders
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.repair import polygonal, repair_lines, repair_polygons
from zoning.sites.site import Repair

STEP_M = 85.0
"""Longest distance between vertices of zones: edges bend by less than 0.1 mm, so that a site that shares a long edge
with a zone does not seem to overlap it (850 m would do for positions, but leaves slivers of 6 m² per kilometre)."""

_UNLEVELED = -1  # no class number


@dataclass(frozen=True, slots=True, eq=False)
class PlaneLayer:
    """Zones in the measuring plane.

    Attributes
    ----------
    geometries
        (n,) valid; prepared.
    tree
        Index of `geometries`.
    class_order
        Classes of the edition, strictest first.
    zone_repairs
        Zone -> what had to be repaired.
    """

    layer: Layer
    edition_id: str
    plane: MeasuringPlane
    geometries: Geometries
    tree: STRtree
    ids: tuple[str, ...]
    names: tuple[str, ...]
    class_ids: tuple[str, ...]
    assumed: tuple[bool, ...]
    attributes: tuple[Mapping[str, str], ...]
    class_order: tuple[str, ...]
    class_numbers: NDArray[np.int64]
    zone_repairs: Mapping[int, tuple[Repair, ...]]
    coverage: Coverage
    sha256: str
    _borders: dict[int, Borders] = field(default_factory=dict)

    @classmethod
    def of(cls, features: Features, plane: MeasuringPlane) -> "PlaneLayer":
        """Bring a window into the measuring plane; zones that are not valid are repaired in their own coordinates.

        Raises
        ------
        CRSError
            When the layer's coordinate system has no exact way to CGCS2000.
        """
        valid, repairs = _repaired(features, plane)
        geometries = plane.to_plane(valid, features.crs, step_m=STEP_M)
        broken = np.flatnonzero(~shapely.is_valid(geometries))
        mended = [shapely.make_valid(zone) for zone in geometries[broken]]
        # A collection has no border: only its polygons are kept, as everywhere else.
        geometries[broken] = mended if features.layer.geometry == "line" else [polygonal(zone) for zone in mended]
        shapely.prepare(geometries)
        order = features.layer.classes_in(features.edition)
        return cls(
            layer=features.layer,
            edition_id=features.edition_id,
            plane=plane,
            geometries=geometries,
            tree=STRtree(geometries),
            ids=features.ids,
            names=features.names,
            class_ids=features.class_ids,
            assumed=features.assumed,
            attributes=features.attributes,
            class_order=order,
            class_numbers=np.asarray([order.index(name) for name in features.class_ids], dtype=np.int64),
            zone_repairs=repairs,
            coverage=plane.kept_for(features.coverage, lambda area: Coverage.of(area, features.coverage_crs, plane)),
            sha256=features.sha256,
        )

    def borders(self, class_number: int) -> Borders:
        """Return the borders of all zones of one class; indexed when first asked for."""
        if class_number not in self._borders:
            self._borders[class_number] = Borders(self.geometries[self.class_numbers == class_number])
        return self._borders[class_number]

    def unleveled_borders(self) -> Borders:
        """Return the borders of all zones that bear no class."""
        if _UNLEVELED not in self._borders:
            self._borders[_UNLEVELED] = Borders(self.geometries[np.asarray(self.assumed, dtype=bool)])
        return self._borders[_UNLEVELED]

    def zone(self, zone_id: str) -> BaseGeometry:
        """Return the union of all zones with an id, empty when there is none."""
        mine = [geometry for geometry, name in zip(self.geometries, self.ids, strict=True) if name == zone_id]
        union: BaseGeometry = shapely.union_all(np.asarray(mine, dtype=object))
        shapely.prepare(union)
        return union


def _repaired(features: Features, plane: MeasuringPlane) -> tuple[Geometries, dict[int, tuple[Repair, ...]]]:
    """Return all zones valid in their own coordinates, and the repairs by zone."""

    def area(geometry: BaseGeometry) -> float:
        return plane.area_m2(geometry, features.crs, step_m=STEP_M)

    geometries = features.geometries.copy()
    repairs: dict[int, tuple[Repair, ...]] = {}
    repair = repair_lines if features.layer.geometry == "line" else repair_polygons
    for index in np.flatnonzero(~shapely.is_valid(geometries)):
        mended = repair(geometries[index], area)
        geometries[index] = mended.geometry
        repairs[int(index)] = mended.repairs
    return geometries, repairs
