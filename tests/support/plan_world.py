"""A territory with townships and members of units, by chance, as files and layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, catalogue, layer, metres
from zoning.layers.catalogue import Coverage
from zoning.overlay.source import LayerSource
from zoning.planning.units.scheme import Scheme

CRS = "EPSG:4525"
TERRITORY = "140522"
WIDE, HIGH = 12_000.0, 9_000.0
MEMBERS = {"red": "priority", "water": "priority", "town": "key", "park": "key"}
SCHEME = Scheme.model_validate(
    {
        "id": "units",
        "title": {"zh": "方案", "en": "scheme"},
        "units": "units",
        "split_by": "townships",
        "minimum": 5_000.0,
        "classes": {
            "priority": {"digit": 1, "members": [{"layer": "red"}, {"layer": "water"}]},
            "key": {"digit": 2, "members": [{"layer": "town"}, {"layer": "park"}]},
            "general": {"digit": 3, "members": []},
        },
    }
)


@dataclass(frozen=True, slots=True)
class PlanWorld:
    """Zones by layer in EPSG:4525, and where they are read from."""

    source: LayerSource
    zones: dict[str, list[BaseGeometry]]
    territory: BaseGeometry
    townships: list[BaseGeometry]


def plan_world(seed: int, root: Path, *, shift: tuple[str, float] | None = None) -> PlanWorld:
    """Write a territory, two to six townships and four member layers.

    Parameters
    ----------
    shift
        Layer and metres: one vertex of its first zone is moved outwards.
    """
    chance = np.random.default_rng(seed)
    territory = _ragged(chance, (WIDE / 2, HIGH / 2), min(WIDE, HIGH) / 2, 60)
    townships = _strips(chance, territory)
    zones = {name: [_ragged(chance, _place(chance), _radius(chance), 14) for _ in range(6)] for name in MEMBERS}
    if shift is not None:
        name, by = shift
        zones[name][0] = _moved(zones[name][0], by)
    covered = Coverage(territories=(TERRITORY,))
    layers = [layer(name, classes=("any",), crs=CRS, coverage=covered) for name in (*MEMBERS, "townships")]
    layers.append(layer("units", classes=tuple(SCHEME.classes), coverage=covered))
    lonlat = PLANE.to_lonlat(PLANE.to_plane([territory], CRS, step_m=85.0))[0]
    write_layer(root, "territory", {TERRITORY: lonlat}, "COUNTY", "EPSG:4490")
    write_layer(root, "units", {}, "PRIORITY", "EPSG:4490")
    write_layer(root, "townships", {township_id(number): one for number, one in enumerate(townships)}, "ANY", CRS)
    for name, shapes in zones.items():
        write_layer(root, name, {f"Z{number}": one for number, one in enumerate(shapes)}, "ANY", CRS)
    return PlanWorld(LayerSource(catalogue(root, *layers), PLANE), zones, territory, townships)


def township_id(number: int) -> str:
    """Return the code of a township of the territory."""
    return f"{TERRITORY}{100 + number}"


def write_layer(root: Path, name: str, shapes: Mapping[str, BaseGeometry], code: str | Sequence[str], crs: str) -> Path:
    """Write zones by id, all of one class or each of its own, as the file of a layer."""
    import pyogrio.raw

    path = root / "layers" / "data" / f"{name}.gpkg"
    path.parent.mkdir(parents=True, exist_ok=True)
    geometries = np.empty(len(shapes), dtype=object)
    geometries[:] = list(shapes.values())
    columns = [
        list(shapes),
        [f"区{number}" for number in range(len(shapes))],
        [code] * len(shapes) if isinstance(code, str) else list(code),
    ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometries),
        [np.asarray(column, dtype=object) for column in columns],
        ["zone_id", "name", "class"],
        layer="zones",
        driver="GPKG",
        geometry_type="Unknown",
        crs=crs,
    )
    return path


def _ragged(chance: np.random.Generator, place: tuple[float, float], radius: float, corners: int) -> BaseGeometry:
    angles = np.sort(chance.uniform(0, 2 * np.pi, corners))
    far = radius * chance.uniform(0.5, 1.0, corners)
    x, y = place[0] + far * np.cos(angles), place[1] + far * np.sin(angles)
    shape = shapely.Polygon([metres(a, b) for a, b in zip(x, y, strict=True)]).buffer(0)
    largest: BaseGeometry = max(shapely.get_parts(shape), key=lambda part: part.area)
    return largest


def _strips(chance: np.random.Generator, territory: BaseGeometry) -> list[BaseGeometry]:
    west, south, east, north = territory.bounds
    cuts = [west, *np.sort(chance.uniform(west, east, int(chance.integers(1, 5)))), east]
    return [territory.intersection(shapely.box(one, south, other, north)) for one, other in pairwise(cuts)]


def _place(chance: np.random.Generator) -> tuple[float, float]:
    return float(chance.uniform(0, WIDE)), float(chance.uniform(0, HIGH))


def _radius(chance: np.random.Generator) -> float:
    return float(10 ** chance.uniform(1.5, 3.4))


def _moved(shape: BaseGeometry, by: float) -> BaseGeometry:
    xy = shapely.get_coordinates(shapely.get_exterior_ring(shape))[:-1]
    middle = xy.mean(axis=0)
    xy[0] += by * (xy[0] - middle) / np.linalg.norm(xy[0] - middle)
    return shapely.Polygon(xy).buffer(0)


PLAN = """\
title: {zh: 小方案, en: small scheme}
units: management-units
split_by: townships
minimum: 0 m2
notes:
  - {zh: 说明一。, en: Note one.}
classes:
  priority:
    digit: 1
    members:
      - {layer: water}
      - {layer: red-line}
    lacking:
      - {zh: 敏感区域, en: sensitive areas}
  key:
    digit: 2
    members:
      - {layer: farmland}
  general:
    digit: 3
access_list:
  - dimension: pollutant-discharge
    rules: [R048]
  - dimension: risk-control
    facts: [supply]
  - dimension: spatial-layout
"""
ZONES = """\
title: {zh: 小分区, en: small zones}
units: land-zones
territories: ["140522"]
codes: {word: LZ}
split_by: townships
separate_members: true
minimum: 0 m2
classes:
  core:
    group: {zh: 保护, en: kept}
    members:
      - {layer: water, classes: [level-1], title: {zh: 核心, en: core}}
      - {layer: water, classes: [level-2], title: {zh: 外围, en: rim}}
  field:
    group: {zh: 保护, en: kept}
    members:
      - {layer: farmland}
  rest: {}
"""
WEST, EAST = (112.3, 35.4, 112.4, 35.6), (112.4, 35.4, 112.5, 35.6)
_UNIT_CLASSES = {"priority": ("优先保护单元", "1"), "key": ("重点管控单元", "2"), "general": ("一般管控单元", "3")}
_ZONE_CLASSES = {"core": ("保护区", "C"), "field": ("农田区", "F"), "rest": ("保留区", "R")}


def plan_workspace(root: Path) -> Path:
    """Write the tiny workspace with two townships, empty layers of units and land zones, and a scheme for each.

    The scheme of units names a layer `red-line` that the workspace lacks.
    """
    import tiny_workspace

    tiny_workspace.build(root)
    add, data = tiny_workspace._layer, root / "layers" / "data"
    add(root, "townships", "乡镇", "base", 0.0, {"township": ("乡镇", "T")}, more=', "140825"')
    add(root, "management-units", "管控单元", "control", 0.0, _UNIT_CLASSES, more=', "140825"')
    add(root, "land-zones", "用地分区", "control", 0.0, _ZONE_CLASSES)
    boxes = [
        ("140522100", "西镇", "T", WEST),
        ("140522101", "东镇", "T", EAST),
        ("140825100", "乙镇", "T", tiny_workspace.TERRITORIES["140825"]),
    ]
    tiny_workspace.geojson(data / "townships.geojson", boxes)
    far = tiny_workspace.TERRITORIES["140825"]
    tiny_workspace.geojson(data / "management-units.geojson", [("ZH14082530001", "旧单元", "3", far)])
    tiny_workspace.geojson(data / "land-zones.geojson", [("140522-LZ-009", "旧区", "F", tiny_workspace.FARMLAND["F"])])
    (root / "plans").mkdir()
    (root / "plans" / "management-units.yaml").write_text(PLAN, encoding="utf-8")
    (root / "plans" / "land-zones.yaml").write_text(ZONES, encoding="utf-8")
    return root
