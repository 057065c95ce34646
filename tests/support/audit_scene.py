"""A scene of an audit made in code: layers of boxes in metres of the county, without any file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, box_m, layer
from zoning.layers.catalogue import Catalogue, Coverage, Layer
from zoning.layers.reader import Features
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.audit.plan import AuditPlan
from zoning.planning.audit.scene import AuditLayer, Missing, Scene
from zoning.planning.audit.sources import Written
from zoning.texts import Text

CRS = "EPSG:4525"
FIRST, SECOND = "140522", "140825"
WEST_LAND = box_m(0, 0, 1000, 1000)
EAST_LAND = box_m(1000, 0, 2000, 1000)
Zone = tuple[str, str, BaseGeometry]
"""Id, class, shape in metres of the county."""


class MadeScene(Scene):
    """A scene whose layers are given, not read; one that is not given is missing."""

    def __init__(self, layers: Sequence[AuditLayer], plan: AuditPlan, territories: Sequence[str] = ()) -> None:
        self._made_layers = {one.layer.id: one for one in layers}
        catalogue = Catalogue(Path(), {one.layer.id: one.layer for one in layers}, "territory")
        super().__init__(catalogue, PLANE, plan, on=date(2026, 6, 1), territories=territories)

    def _read(self, layer_id: str) -> AuditLayer | Missing:
        found = self._made_layers.get(layer_id)
        return Missing(layer_id, Text("没有", "none")) if found is None else found


def audit_layer(
    layer_id: str,
    zones: Sequence[Zone],
    *,
    coverage: BaseGeometry | None = None,
    covers: tuple[str, ...] = (),
    attributes: Sequence[Mapping[str, str]] = (),
    written: Written | None = None,
    **changes: Any,
) -> AuditLayer:
    """Return a layer of an audit; `changes` are fields of its features: names, assumed.

    Parameters
    ----------
    coverage, covers
        Where it is authoritative: a shape of the county, and the territories that its definition names.
    attributes
        Of the zones, one after the other.
    """
    classes = tuple(dict.fromkeys(class_id for _, class_id, _ in zones)) or ("one",)
    lines = bool(zones) and all(shape.geom_type.endswith("LineString") for _, _, shape in zones)
    stated = Coverage(territories=covers) if covers else Coverage(file="coverage.gpkg")
    definition = _named(layer(layer_id, classes=classes, crs=CRS, lines=lines, coverage=stated), attributes)
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [shape for _, _, shape in zones]
    features = Features(
        layer=definition,
        edition_id="2020",
        edition=definition.editions["2020"],
        crs=CRS,
        geometries=shapes,
        ids=tuple(zone_id for zone_id, _, _ in zones),
        names=("",) * len(zones),
        class_ids=tuple(class_id for _, class_id, _ in zones),
        assumed=(False,) * len(zones),
        attributes=tuple(attributes) or ({},) * len(zones),
        coverage=box_m(-5000, -5000, 5000, 5000) if coverage is None else coverage,
        coverage_crs=CRS,
        sha256="0" * 64,
    )
    features = replace(features, **changes)
    return AuditLayer(definition, features, PlaneLayer.of(features, PLANE), written)


def _named(definition: Layer, attributes: Sequence[Mapping[str, str]]) -> Layer:
    names = dict.fromkeys(name for row in attributes for name in row)
    told = {name: Text(name, name) for name in names}
    return definition.model_copy(update={"title": Text(definition.id, definition.id), "attributes": told})


def territories() -> AuditLayer:
    """Return two counties side by side, a kilometre wide each."""
    zones = [(FIRST, "county", WEST_LAND), (SECOND, "county", EAST_LAND)]
    return audit_layer("territory", zones, names=("甲县", "乙县"))


def scene(*layers: AuditLayer, wanted: Sequence[str] = (), **plan: Any) -> MadeScene:
    """Return a scene of layers beside the two counties; `plan` are fields of `plans/audit.yaml`."""
    return MadeScene([territories(), *layers], AuditPlan.model_validate(plan), wanted)
