"""A made county and its neighbour as a workspace that is clean; `audit_defects` plants defects in it one by one."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from overlay_world import box_m, metres

CRS = "EPSG:4525"
FIRST, SECOND = "140522", "140825"
WIDE, HIGH, EAST = 8_000.0, 4_000.0, 12_000.0
_TO_LONLAT = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
_GEOD = Geod(ellps="GRS80")


@dataclass
class Zone:
    """A zone; `open_ring` leaves out what closes its ring."""

    id: str
    name: str
    code: str
    shape: BaseGeometry
    open_ring: bool = False


@dataclass(frozen=True)
class Expected:
    """What an audit must find: place in metres of the county, area in m² where one is meant."""

    kind: str
    layers: tuple[str, ...]
    zones: tuple[str, ...]
    at: BaseGeometry | None = None
    area_m2: float | None = None
    shift: tuple[float, float] | None = None


@dataclass
class World:
    """Layers of the county: id -> zones."""

    layers: dict[str, list[Zone]] = field(default_factory=dict)
    stated: dict[str, float] = field(default_factory=dict)

    def zone(self, layer: str, zone_id: str) -> Zone:
        """Return a zone."""
        return next(zone for zone in self.layers[layer] if zone.id == zone_id)


CLASSES = {
    "territory": ("county",), "townships": ("township",), "units": ("priority", "key", "general"), "red": ("red",),
    "eco": ("eco",), "farm": ("field",), "town": ("built",), "reserves": ("reserve",), "water": ("level-1", "level-2"),
    "lines": ("line",), "parks": ("park",), "heritage": ("site",), "west": ("county",), "east": ("county",),
}  # fmt: skip
COVERS = {"west": [FIRST], "east": [SECOND], "lines": [FIRST]}


def ellipsoid_m2(shape: BaseGeometry) -> float:
    """Return the geodesic area, by another library than the product's plane."""
    dense = shapely.segmentize(shape, 20.0)
    lonlat = shapely.transform(dense, lambda xy: np.column_stack(_TO_LONLAT.transform(xy[:, 0], xy[:, 1])))
    return abs(float(_GEOD.geometry_area_perimeter(shapely.orient_polygons(lonlat))[0]))


def lonlat_of(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of the county in degrees."""
    found: BaseGeometry = shapely.transform(shape, lambda xy: np.column_stack(_TO_LONLAT.transform(xy[:, 0], xy[:, 1])))
    return found


def ragged(chance: np.random.Generator, x: float, y: float, radius: float = 150.0) -> BaseGeometry:
    """Return a polygon of eleven corners around a place."""
    angles = np.linspace(0, 2 * np.pi, 11, endpoint=False) + chance.uniform(0, 0.4, 11)
    far = radius * chance.uniform(0.75, 1.0, 11)
    return shapely.Polygon(
        [metres(a, b) for a, b in zip(x + far * np.cos(angles), y + far * np.sin(angles), strict=True)]
    )


def clean_world(seed: int = 0) -> World:
    """Return a county without any defect."""
    chance = np.random.default_rng(seed)
    world = World()
    add = world.layers.setdefault
    add("territory", []).extend(
        [
            Zone(FIRST, "甲县", "COUNTY", box_m(0, 0, WIDE, HIGH)),
            Zone(SECOND, "乙县", "COUNTY", box_m(WIDE, 0, EAST, HIGH)),
        ]
    )
    columns = (0.0, 4000.0, 8000.0, 12_000.0)
    boxes = [box_m(columns[c], r * 2000.0, columns[c + 1], (r + 1) * 2000.0) for c in range(3) for r in range(2)]
    add("townships", []).extend(Zone(f"T{n}", f"镇{n}", "TOWNSHIP", box) for n, box in enumerate(boxes))
    codes = ("14052210001", "14052220001", "14052230001", "14052230002", "14082530001", "14082510001")
    names = {"1": "PRIORITY", "2": "KEY", "3": "GENERAL"}
    add("units", []).extend(
        Zone(f"ZH{code}", f"单元{n}", names[code[6]], box)
        for n, (code, box) in enumerate(zip(codes, boxes, strict=True))
    )
    for n, x in enumerate((600, 1400, 2200, 3000, 8600, 9400, 10_200, 11_000)):
        shape = ragged(chance, x, 600)
        add("red", []).append(Zone(f"R{n}", f"红线{n}", "RED", shape))
        add("eco", []).append(Zone(f"E{n}", f"生态区{n}", "ECO", shape))
        add("reserves", []).append(Zone(f"N{n}", f"保护区{n}", "RESERVE", ragged(chance, x, 600, 60.0)))
        add("water", []).append(Zone(f"W{n}", f"水源{n}", "LEVEL-1", box_m(x - 40, 1600, x + 40, 1680)))
        add("farm", []).append(Zone(f"F{n}", f"农田{n}", "FIELD", box_m(x - 200, 2600, x + 200, 2900)))
        add("town", []).append(Zone(f"U{n}", f"城镇{n}", "BUILT", box_m(x - 150, 3300, x + 150, 3500)))
        add("parks", []).append(Zone(f"P{n}", f"公园{n}", "PARK", ragged(chance, x, 1200, 80.0)))
        add("heritage", []).append(Zone(f"H{n}", f"文物{n}", "SITE", ragged(chance, x, 2200, 50.0)))
    border = [metres(*at) for at in ((100, 100), (3900, 100), (3900, 3900), (100, 3900), (100, 100))]
    add("lines", []).append(Zone("L0", "界线", "LINE", shapely.LineString(border)))
    add("west", []).append(Zone("CW", "甲县", "COUNTY", box_m(0, 0, WIDE, HIGH)))
    add("east", []).append(Zone("CE", "乙县", "COUNTY", box_m(WIDE, 0, EAST, HIGH)))
    world.stated = {name: ellipsoid_m2(world.zone(layer, zone).shape) for name, layer, zone in STATED}
    return world


STATED = (("保护区5", "reserves", "N5"), ("公园5", "parks", "P5"))


def build(root: Path, world: World) -> Path:
    """Write the workspace into a folder."""
    for folder in ("layers/data", "rules", "plans"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "zoning.yaml").write_text(_WORKSPACE, encoding="utf-8")
    (root / "rules" / "documents.yaml").write_text(_DOCUMENTS, encoding="utf-8")
    (root / "rules" / "facts.yaml").write_text(_FACTS, encoding="utf-8")
    areas = "\n".join(_AREA.format(name=name, layer=layer, area=world.stated[name]) for name, layer, _ in STATED)
    (root / "plans" / "audit.yaml").write_text(_PLAN + areas, encoding="utf-8")
    for layer in world.layers:
        write_layer(root, world, layer)
    return root


def write_layer(root: Path, world: World, layer: str) -> None:
    """Write the definition and the zones of one layer."""
    _write_definition(root, layer)
    _write_zones(root / "layers" / "data" / f"{layer}.gpkg", world.layers[layer], line=layer == "lines")


def _write_definition(root: Path, layer: str) -> None:
    classes = "\n".join(
        f"  {name}: {{title: {{zh: {name}, en: {name}}}, codes: [{name.upper()}]}}" for name in CLASSES[layer]
    )
    covers = ", ".join(f'"{code}"' for code in COVERS.get(layer, [FIRST, SECOND]))
    geometry = "geometry: line\n" if layer == "lines" else ""
    text = _LAYER.format(layer=layer, classes=classes, covers=covers, geometry=geometry, crs=CRS)
    (root / "layers" / f"{layer}.yaml").write_text(text, encoding="utf-8")


def _write_zones(path: Path, zones: Sequence[Zone], *, line: bool) -> None:
    path.unlink(missing_ok=True)
    wkb = [_open_wkb(zone.shape) if zone.open_ring else shapely.to_wkb(zone.shape) for zone in zones]
    fields = [[zone.id for zone in zones], [zone.name for zone in zones], [zone.code for zone in zones]]
    pyogrio.raw.write(
        path,
        np.array([*wkb, None], dtype=object)[:-1],
        [np.array([*values, None], dtype=object)[:-1] for values in fields],
        ["zone_id", "name", "class"],
        layer="zones",
        driver="GPKG",
        geometry_type="LineString" if line else "Unknown",
        crs=CRS,
    )


def _open_wkb(shape: BaseGeometry) -> bytes:
    points = shapely.get_coordinates(shape)[:-1]
    body = b"".join(struct.pack("<dd", *point) for point in points.tolist())
    return struct.pack("<BIII", 1, 3, 1, len(points)) + body


_WORKSPACE = """\
title: {zh: 审核县, en: audited county}
latitude: 35.5
territory_layer: territory
search_distance: 5 km
tolerance: 1 m2
notice: {zh: 测试。, en: Test.}
"""
_LAYER = """\
title: {{zh: {layer}, en: {layer}}}
group: base
{geometry}authority: {{zh: 局, en: office}}
source: {{zh: 测试, en: test}}
crs: {crs}
schematic: false
accuracy_m: 1
id_field: zone_id
name_field: name
class_field: class
classes:
{classes}
editions:
  "2020": {{file: data/{layer}.gpkg, valid_from: 2020-01-01}}
coverage: {{territories: [{covers}]}}
"""
_DOCUMENTS = """\
documents:
  plan:
    title: {zh: 甲县规划, en: plan of county A}
    number: 甲政发〔2023〕1号
    issuer: {zh: 甲县人民政府, en: county A}
    issued: 2023-01-01
    weight: plan
    territories: ["140522"]
    valid_from: 2023-01-01
"""
_FACTS = """\
facts:
  construction:
    title: {zh: 建设性质, en: kind of construction}
    question: {zh: 新建吗？, en: is it new?}
    kind: choice
    values: {new: {zh: 新建, en: new}, none: {zh: 无, en: none}}
"""
_CITATION = "{document: plan, section: 第一章, lines: L1, anchor: 某}"
_PLAN = f"""\
title: {{zh: 审核, en: audit}}
apart:
  - first: {{layer: red}}
    second: {{layer: town}}
    advice: {{zh: 城镇退让, en: the town gives way}}
    citations: [{_CITATION}]
  - first: {{layer: farm}}
    second: {{layer: town}}
    advice: {{zh: 城镇退让, en: the town gives way}}
  - first: {{layer: red}}
    second: {{layer: farm}}
    advice: {{zh: 未规定, en: not said}}
inside:
  - zones: {{layer: reserves}}
    within: [{{layer: red}}]
    says: {{zh: 红线包含保护区, en: the red line contains the reserves}}
    citation: {_CITATION}
partitions: [{{layer: units}}, {{layer: townships}}]
codes: [{{layer: units, digits: {{priority: "1", key: "2", general: "3"}}}}]
attributes: {{parks: [name], reserves: [name]}}
borders: [lines]
neighbours: [{{first: west, second: east}}]
shared_borders: [{{first: {{layer: red}}, second: {{layer: eco}}}}]
areas:
"""
_AREA = """\
  - title: {{zh: {name}, en: {name}}}
    zones: {{layer: {layer}, names: {name}}}
    stated: [{{area: {area:.2f} m2, citation: {{document: plan, section: 第一章, lines: L1, anchor: 某}}}}]
"""
