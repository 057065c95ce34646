"""A made county and its neighbour as a workspace that is clean, and defects that are planted in it one by one."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from pyproj import Geod, Transformer
from shapely import affinity
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


# --- the defects; each changes the world and says what is to be found


def _box_overlap(world: World, layer: str, zone_id: str, other: str, other_id: str) -> Expected:
    """Put a new zone of 60 x 40 m over the middle of another layer's zone."""
    middle = world.zone(other, other_id).shape.centroid
    piece = shapely.box(middle.x - 30, middle.y - 20, middle.x + 30, middle.y + 20)
    world.layers[layer].append(Zone(zone_id, "新区", CLASSES[layer][0].upper(), piece))
    return Expected("lines-overlap", (other, layer), (other_id, zone_id), piece, piece.area)


def town_over_red(world: World) -> Expected:
    return _box_overlap(world, "town", "U-X", "red", "R1")


def town_over_farm(world: World) -> Expected:
    return _box_overlap(world, "town", "U-Y", "farm", "F5")


def _moved_out(world: World, layer: str, zone_id: str, within: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = affinity.translate(zone.shape, 0, 400)
    return Expected("not-inside", (layer, within), (zone_id,), zone.shape, zone.shape.area)


def reserve_outside_red(world: World) -> Expected:
    return _moved_out(world, "reserves", "N2", "red")


def second_reserve_outside_red(world: World) -> Expected:
    return _moved_out(world, "reserves", "N6", "red")


def _bitten(world: World, layer: str, zone_id: str, bite: BaseGeometry) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = zone.shape.difference(bite)
    return Expected("gap", (layer,), (), bite, bite.area)


def gap_in_units(world: World) -> Expected:
    return _bitten(world, "units", "ZH14052210001", box_m(500, 900, 600, 950))


def gap_in_townships(world: World) -> Expected:
    return _bitten(world, "townships", "T4", box_m(9000, 700, 9060, 740))


def _grown(world: World, layer: str, zone_id: str, more: BaseGeometry, over: BaseGeometry, other: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = zone.shape.union(more)
    return Expected("overlap", (layer,), (zone_id, other), over, over.area)


def overlap_in_units(world: World) -> Expected:
    over = box_m(1000, 2000, 1080, 2030)
    return _grown(world, "units", "ZH14052210001", box_m(1000, 1990, 1080, 2030), over, "ZH14052220001")


def overlap_in_townships(world: World) -> Expected:
    over = box_m(9000, 2000, 9050, 2020)
    return _grown(world, "townships", "T4", box_m(9000, 1990, 9050, 2020), over, "T5")


def sliver_gap(world: World) -> Expected:
    strip = box_m(5000, 2000, 5400, 2000.3)
    zone = world.zone("units", "ZH14052230002")
    zone.shape = zone.shape.difference(strip)
    return Expected("sliver", ("units",), (), strip, strip.area)


def sliver_zone(world: World) -> Expected:
    strip = box_m(600, 3050, 900, 3050.2)
    world.layers["farm"].append(Zone("F-S", "窄条", "FIELD", strip))
    return Expected("sliver", ("farm",), ("F-S",), strip, strip.area)


def _spiked(world: World, layer: str, zone_id: str) -> Expected:
    zone = world.zone(layer, zone_id)
    points = shapely.get_coordinates(zone.shape)[:-1]
    one, other = points[0], points[1]
    middle = (one + other) / 2
    across = np.array([(other - one)[1], -(other - one)[0]]) / np.linalg.norm(other - one)
    outward = 1 if not shapely.intersects(zone.shape, shapely.Point(middle + across)) else -1
    tip = middle + outward * 40 * across
    zone.shape = shapely.Polygon([one, middle, tip, middle, *points[1:]])
    return Expected("spike", (layer,), (zone_id,), shapely.Point(tip))


def spike_on_farm(world: World) -> Expected:
    return _spiked(world, "farm", "F3")


def spike_on_heritage(world: World) -> Expected:
    return _spiked(world, "heritage", "H2")


def open_ring(world: World) -> Expected:
    zone = world.zone("water", "W3")
    zone.open_ring = True
    return Expected("unclosed", ("water",), ("W3",), shapely.Point(shapely.get_coordinates(zone.shape)[0]))


def open_line(world: World) -> Expected:
    zone = world.zone("lines", "L0")
    points = shapely.get_coordinates(zone.shape)
    points[-1] += (0, 5)
    zone.shape = shapely.LineString(points)
    return Expected("unclosed", ("lines",), ("L0",), shapely.Point(points[-1]))


def bow_tie(world: World) -> Expected:
    corners = ((3400, 3000), (3500, 3060), (3500, 3000), (3400, 3060))
    world.layers["farm"].append(Zone("F-B", "蝴蝶结", "FIELD", shapely.Polygon([metres(*at) for at in corners])))
    return Expected("invalid-ring", ("farm",), ("F-B",), shapely.Point(metres(3450, 3030)))


def hole_outside(world: World) -> Expected:
    shell, hole = box_m(3400, 3700, 3500, 3760), box_m(3600, 3700, 3620, 3720)
    shape = shapely.Polygon(shell.exterior, [hole.exterior])
    world.layers["town"].append(Zone("U-H", "内圈在外", "BUILT", shape))
    # The repair makes a part of the hole: its area is added where it was taken away.
    return Expected("invalid-ring", ("town",), ("U-H",), hole, 2 * hole.area)


def _same_id(world: World, layer: str, zone_id: str, other: str) -> Expected:
    zone = world.zone(layer, other)
    zone.id = zone_id
    return Expected("duplicate-id", (layer,), (zone_id,), zone.shape)


def id_twice_in_heritage(world: World) -> Expected:
    return _same_id(world, "heritage", "H0", "H3")


def id_twice_in_parks(world: World) -> Expected:
    return _same_id(world, "parks", "P1", "P6")


def wrong_class_digit(world: World) -> Expected:
    zone = world.zone("units", "ZH14052230001")
    zone.code = "KEY"
    return Expected("class-code", ("units",), (zone.id,), zone.shape)


def code_that_is_none(world: World) -> Expected:
    zone = world.zone("units", "ZH14082530001")
    zone.id = "ZH14082540001"
    return Expected("class-code", ("units",), (zone.id,), zone.shape)


def name_missing(world: World) -> Expected:
    zone = world.zone("parks", "P3")
    zone.name = ""
    return Expected("attribute-missing", ("parks",), ("P3",), zone.shape)


def class_missing(world: World) -> Expected:
    zone = world.zone("water", "W6")
    zone.code = ""
    return Expected("attribute-missing", ("water",), ("W6",), zone.shape)


def _beyond(world: World, layer: str, zone_id: str, box: BaseGeometry, outside: BaseGeometry) -> Expected:
    world.layers[layer].append(Zone(zone_id, "界外", CLASSES[layer][0].upper(), box))
    return Expected("outside-coverage", (layer,), (zone_id,), outside, outside.area)


def farm_beyond_north(world: World) -> Expected:
    return _beyond(world, "farm", "F-N", box_m(5000, 3900, 5200, 4150), box_m(5000, 4000, 5200, 4150))


def town_beyond_south(world: World) -> Expected:
    return _beyond(world, "town", "U-S", box_m(6000, -120, 6100, 80), box_m(6000, -120, 6100, 0))


def _without(world: World, layer: str, west: float, east: float) -> Expected:
    inside = box_m(west, 0, east, HIGH)
    world.layers[layer] = [zone for zone in world.layers[layer] if not inside.contains(zone.shape.centroid)]
    return Expected("no-zones", (layer,), (), inside)


def heritage_without_second(world: World) -> Expected:
    return _without(world, "heritage", WIDE, EAST)


def western_water_missing(world: World) -> Expected:
    return _without(world, "water", 0, WIDE)


def _resized(world: World, layer: str, zone_id: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = affinity.scale(zone.shape, 0.96, 0.96, origin="centroid")
    return Expected("stated-area", (layer,), (zone_id,), zone.shape, zone.shape.area)


def reserve_too_small(world: World) -> Expected:
    return _resized(world, "reserves", "N5")


def park_too_small(world: World) -> Expected:
    return _resized(world, "parks", "P5")


def units_do_not_meet(world: World) -> Expected:
    strip = box_m(WIDE, 300, WIDE + 3, 1700)
    zone = world.zone("units", next(z.id for z in world.layers["units"] if z.name == "单元4"))
    zone.shape = zone.shape.difference(strip)
    return Expected("border-mismatch", ("units",), (), strip, strip.area)


def counties_do_not_meet(world: World) -> Expected:
    strip = box_m(WIDE, 2500, WIDE + 2, 3500)
    zone = world.zone("east", "CE")
    zone.shape = zone.shape.difference(strip)
    return Expected("border-mismatch", ("west", "east"), (), strip, strip.area)


def _shifted(world: World, west: float, east: float, by: tuple[float, float]) -> Expected:
    inside = box_m(west, 0, east, HIGH)
    for zone in world.layers["eco"]:
        if inside.contains(zone.shape):
            zone.shape = affinity.translate(zone.shape, *by)
    return Expected("shift", ("red", "eco"), (), inside, shift=by)


def eco_shifted_in_first(world: World) -> Expected:
    return _shifted(world, 0, WIDE, (20.0, 0.0))


def eco_shifted_in_second(world: World) -> Expected:
    return _shifted(world, WIDE, EAST, (-12.0, 16.0))


def _twice(world: World, layer: str, zone_id: str, new: str) -> Expected:
    zone = world.zone(layer, zone_id)
    world.layers[layer].append(Zone(new, zone.name, zone.code, zone.shape))
    return Expected("duplicate-zone", (layer,), (zone_id, new), zone.shape, zone.shape.area)


def farm_drawn_twice(world: World) -> Expected:
    return _twice(world, "farm", "F6", "F-T")


def town_drawn_twice(world: World) -> Expected:
    return _twice(world, "town", "U4", "U-T")


DEFECTS: tuple[Callable[[World], Expected], ...] = (
    town_over_red, town_over_farm, reserve_outside_red, second_reserve_outside_red, gap_in_units, gap_in_townships,
    overlap_in_units, overlap_in_townships, sliver_gap, sliver_zone, spike_on_farm, spike_on_heritage, open_ring,
    open_line, bow_tie, hole_outside, id_twice_in_heritage, id_twice_in_parks, wrong_class_digit, code_that_is_none,
    name_missing, class_missing, farm_beyond_north, town_beyond_south, heritage_without_second, western_water_missing,
    reserve_too_small, park_too_small, units_do_not_meet, counties_do_not_meet, eco_shifted_in_first,
    eco_shifted_in_second, farm_drawn_twice, town_drawn_twice,
)  # fmt: skip
"""Two of each kind. `western_water_missing` removes the zones in which others are planted: it is planted alone."""

TO_PLANT = tuple(defect for defect in DEFECTS if defect is not western_water_missing)
"""Those that can all be there at once."""

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
