"""A workspace for scenarios: the layers and classes of the built-in one, with zones drawn in metres around a footprint.

Every territory is a box of one degree, so that coverage never ends near a footprint. The zones of a scenario lie in a
local grid of metres whose origin is the south-west corner of its footprint.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from pathlib import Path
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from shared_layers import SharedLayers
from zoning.layers.catalogue import Catalogue, Layer
from zoning.overlay.source import LayerSource
from zoning.settings import Settings
from zoning.sites.site import Site
from zoning.workspace import Workspace

YANGCHENG, JINCHENG, XINJIANG, YANGQUAN = "140522", "140502", "140825", "1403"
BOXES: Mapping[str, tuple[float, float, float, float]] = {
    XINJIANG: (111.0, 35.0, 112.0, 36.0),
    YANGCHENG: (112.0, 35.0, 113.0, 36.0),
    JINCHENG: (113.0, 35.0, 114.0, 36.0),
    YANGQUAN: (113.0, 37.5, 114.0, 38.5),
}
METRES_PER_DEGREE = 111_320.0
FAR_AWAY = shapely.box(113.5, 36.5, 113.501, 36.501)  # gives each file its fields; in no territory
Box = tuple[float, float, float, float]
Zone = tuple[str | None, BaseGeometry]

WORKSPACE = """\
title: {zh: 情景, en: scenarios}
latitude: 35.5
territory_layer: territory
search_distance: 5 km
tolerance: 1 m2
notice: {zh: 初步研判。, en: Preliminary check.}
"""


def origin(territory: str) -> tuple[float, float]:
    """Return the middle of a territory, where its footprints lie."""
    west, south, east, north = BOXES[territory]
    return (west + east) / 2, (south + north) / 2


def to_degrees(geometry: BaseGeometry, at: tuple[float, float]) -> BaseGeometry:
    """Move a geometry from metres to degrees; lengths are true within 1 %, shares of boxes exactly."""
    east = METRES_PER_DEGREE * cos(radians(at[1]))
    return affinity.affine_transform(geometry, [1 / east, 0, 0, 1 / METRES_PER_DEGREE, *at])


def footprint(territory: str, size_m: float = 200.0) -> Site:
    """Return a square footprint in the middle of a territory."""
    return site_of(to_degrees(shapely.box(0, 0, size_m, size_m), origin(territory)))


def site_of(geometry: BaseGeometry) -> Site:
    """Return a geometry in degrees as a footprint."""
    return Site("1", "情景地块", geometry, "EPSG:4490", "scenario.geojson")


def build(
    root: Path,
    builtin: Workspace,
    zones: Mapping[str, Sequence[tuple[str | None, BaseGeometry]]],
    *,
    at: tuple[float, float],
    editions: Mapping[str, Mapping[str, Any]] | None = None,
    boxes: Mapping[str, Box] = BOXES,
    only: Collection[str] | None = None,
) -> Workspace:
    """Write the workspace and open it.

    Parameters
    ----------
    zones
        Layer -> (class id or None for no class, geometry in metres from `at`).
    editions
        Layer -> edition id -> what replaces `valid_from` and so on; layers not named keep the editions of the built-in
        workspace. An edition may hold `zones` of its own.
    boxes
        The territories, should they lie otherwise; all layers cover all of them.
    only
        The layers to write beside that of the territories; None: all of them.
    """
    (root / "layers" / "data").mkdir(parents=True)
    (root / "zoning.yaml").write_text(WORKSPACE, encoding="utf-8")
    unknown = set(zones) - set(builtin.catalogue.layers)
    assert not unknown, unknown
    for layer in builtin.catalogue.layers.values():
        own = [(class_id, to_degrees(shape, at)) for class_id, shape in zones.get(layer.id, ())]
        if layer.id == builtin.file.territory_layer:
            _write_territories(root, layer, boxes)
        elif only is None or layer.id in only:
            _write_layer(root, layer, own, (editions or {}).get(layer.id), at)
    return Workspace.open(root)


@dataclass(frozen=True, slots=True)
class World:
    """What a check asks for: the layers of a workspace as they are defined, and where they come from."""

    catalogue: Catalogue
    settings: Settings
    source: LayerSource


class Grounds:
    """Workspaces that differ in a few layers: the others, without zones, are written and read once.

    Parameters
    ----------
    folder
        Where the workspace without zones is written.
    boxes
        See `build`.
    """

    def __init__(self, builtin: Workspace, folder: Path, boxes: Mapping[str, Box] = BOXES) -> None:
        self.builtin = builtin
        self._boxes = boxes
        self._bare = build(folder / "bare", builtin, {}, at=(0.0, 0.0), boxes=boxes)
        self._sources: dict[tuple[float, float], LayerSource] = {}

    def world(
        self,
        root: Path,
        zones: Mapping[str, Sequence[Zone]],
        *,
        at: tuple[float, float],
        editions: Mapping[str, Mapping[str, Any]] | None = None,
        without: str | None = None,
    ) -> World:
        """Return the workspace of `build`; of the layer `without` the files are gone."""
        own = {*zones, *(editions or {}), *([without] if without else [])}
        made = build(root, self.builtin, zones, at=at, editions=editions, boxes=self._boxes, only=own)
        for file in root.glob(f"layers/data/{without}-*.geojson"):
            file.unlink()
        layers = {**self._bare.catalogue.layers, **{name: made.catalogue[name] for name in own}}
        catalogue = replace(made.catalogue, layers=layers)
        # One window of each layer around every place that is asked for.
        shared = self._sources.setdefault(at, self._bare.source())
        return World(catalogue, made.settings, SharedLayers(catalogue, shared, own))


def _write_territories(root: Path, layer: Layer, boxes: Mapping[str, Box]) -> None:
    code = next(iter(layer.classes.values())).codes[0]
    rows = [(territory, code, shapely.box(*box)) for territory, box in boxes.items()]
    editions = {"2020": {"file": "data/territory.geojson", "valid_from": "2000-01-01"}}
    _write_definition(root, layer, editions)
    _write_zones(root / "layers" / "data" / "territory.geojson", rows, layer)


def _write_layer(
    root: Path,
    layer: Layer,
    zones: Sequence[Zone],
    editions: Mapping[str, Mapping[str, Any]] | None,
    at: tuple[float, float],
) -> None:
    written: dict[str, dict[str, Any]] = {}
    stated = editions or {name: edition.model_dump(mode="json") for name, edition in layer.editions.items()}
    for name, edition in stated.items():
        kept = {key: edition[key] for key in ("valid_from", "valid_to", "classes") if edition.get(key)}
        file = f"data/{layer.id}-{name}.geojson"
        written[name] = {**kept, "file": file}
        assert all(class_id is None or class_id in layer.classes for class_id, _ in zones), layer.id
        own = edition.get("zones")
        drawn = zones if own is None else [(class_id, to_degrees(shape, at)) for class_id, shape in own]
        allowed = kept.get("classes") or list(layer.classes)
        rows = [
            (f"{layer.id}-{number}", None if class_id is None else layer.classes[class_id].codes[0], shape)
            for number, (class_id, shape) in enumerate(drawn)
            if class_id is None or class_id in allowed
        ]
        rows.append(("far-away", layer.classes[allowed[0]].codes[0], _as_layer(FAR_AWAY, layer)))
        _write_zones(root / "layers" / file, rows, layer)
    _write_definition(root, layer, written)


def _as_layer(shape: BaseGeometry, layer: Layer) -> BaseGeometry:
    return shape if layer.geometry == "polygon" else shape.boundary


def _write_definition(root: Path, layer: Layer, editions: Mapping[str, Any]) -> None:
    own = {"id", "editions", "coverage", "attributes", "public_attributes", "notes", "tolerance"}
    content = layer.model_dump(mode="json", exclude=own)
    content |= {
        "crs": "EPSG:4490",
        "accuracy_m": 0,
        "editions": editions,
        "coverage": {"territories": list(BOXES)},
    }
    # JSON is YAML.
    text = json.dumps({key: value for key, value in content.items() if value is not None}, ensure_ascii=False)
    (root / "layers" / f"{layer.id}.yaml").write_text(text, encoding="utf-8")


def _write_zones(path: Path, rows: Sequence[tuple[str, str | None, BaseGeometry]], layer: Layer) -> None:
    fields = (layer.id_field, layer.name_field, layer.class_field or "class")
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(fields, (zone_id, f"示意{zone_id}", code), strict=True)),
            "geometry": shapely.geometry.mapping(shape),
        }
        for zone_id, code, shape in rows
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
