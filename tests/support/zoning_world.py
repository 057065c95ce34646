"""A territory made in code: zones over one planted place, a unit with its list, gaps in the data, hostile names."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

import map_world
from zoning.layers.catalogue import Layer
from zoning.maps.content import Box, MapZone
from zoning.maps.map_product import MapProduct, Paper
from zoning.maps.scene import Frame, Listing, Scene, SceneLayer
from zoning.maps.web.legal import CitedRule, Legal, UnitClause, UnitList
from zoning.overlay.plane import MeasuringPlane
from zoning.texts import Text

LATITUDE = 35.5
PLANTED = (112.401, 35.486)
"""Here lie a water zone of level 2, a basic-farmland field, and the general unit."""

UNIT = "ZH14052230001"
FRAME = shapely.box(112.30, 35.40, 112.50, 35.56)
BOX = Box(112.29, 35.39, 112.51, 35.57)
WELL = shapely.Point(112.33, 35.53).buffer(0.00003)
"""Three metres wide: far below a pixel on every view of the whole land."""

_PLANE = MeasuringPlane(LATITUDE)


@cache
def area_m2(shape: BaseGeometry) -> float:
    """Return the area on the ellipsoid as the engine takes it."""
    return float(_PLANE.to_plane([shape], "EPSG:4490", step_m=85.0)[0].area)


def zone(class_id: str, zone_id: str, name: str, shape: BaseGeometry, **attributes: str) -> MapZone:
    """Return a zone with the area that the engine measures."""
    line = shape.geom_type == "LineString"
    return MapZone(zone_id, name, class_id, shape, None if line else area_m2(shape), attributes=attributes)


def wavy(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a field whose border has a vertex every few metres."""
    box = shapely.segmentize(shapely.box(west, south, east, north), (east - west) / 40)
    return shapely.transform(box, lambda xy: xy + 0.00004 * np.sin(xy[:, ::-1] * 9000))


def zones() -> dict[str, tuple[MapZone, ...]]:
    """Return the zones of every layer that has some."""
    around = shapely.Point(PLANTED).buffer(0.012)
    split = shapely.LineString([(112.29, 35.5), (112.35, 35.512), (112.42, 35.497), (112.51, 35.51)])
    upper, lower = sorted(shapely.get_parts(shapely.ops.split(FRAME, split)), key=lambda part: -part.centroid.y)
    return {
        "drinking-water": (
            zone("level-2", "W2", "下孔村二级区", around),
            zone("level-1", "W1", "下孔村一级区", shapely.Point(112.41, 35.48).buffer(0.002)),
            zone("level-1", "W9", "小水井", WELL),
        ),
        "permanent-basic-farmland": (
            zone("field", "F1", "", wavy(112.395, 35.482, 112.404, 35.49)),
            zone("field", "F2", map_world.HOSTILE, wavy(112.44, 35.42, 112.46, 35.43)),
        ),
        "management-units": (
            zone("priority", "ZH14052210003", "析城山优先保护单元", upper, access="见清单"),
            zone("general", UNIT, "一般管控单元", lower, access="空间布局约束：<b>&"),
        ),
        "transport": (zone("main-road", "T1", "省道331", shapely.LineString([(112.3, 35.45), (112.5, 35.47)])),),
    }


def scene_layer(layer_id: str, **values: object) -> SceneLayer:
    """Return a layer of the scene with the definition of the site map's world."""
    layer: Layer = map_world.layer_of(layer_id)
    found = zones().get(layer_id, ())
    edition = None if values.get("presence") == "no_data" else "2022"
    given: dict[str, Any] = {"presence": "drawn" if found else "empty", "zones": found, **values}
    return SceneLayer(layer, edition, "2020-01-01" if edition else None, **given)


def make_scene() -> Scene:
    """Return the whole scene."""
    gap = shapely.box(112.30, 35.40, 112.34, 35.44)
    missing = Text("图层文件缺失", "the file of the layer is missing")
    layers = (
        scene_layer("drinking-water", class_areas_m2={"level-1": 12_345.0, "level-2": 6_789_000.0}),
        scene_layer("permanent-basic-farmland", uncovered=gap),
        scene_layer("management-units"),
        scene_layer("transport", class_areas_m2={"main-road": 18_360.0}),
        scene_layer("heritage"),
        scene_layer("nature-reserves", presence="no_data", reason=missing),
    )
    frame = Frame("territory", "140522", "阳城县", FRAME, area_m2(FRAME))
    contacts = Listing("contacts", Text("联系人", "Contacts"), (Text("单位", "office"),), (("水务<局>",),))
    return Scene(frame, BOX, "2026-11-22", LATITUDE, layers, listings=(contacts,))


def make_product(folder_of: object) -> MapProduct:
    """Return a product that names its layers, so that all of them are on."""
    return MapProduct.model_validate(
        {
            "id": "zoning",
            "folder": folder_of,
            "title": {"zh": "管控分区图", "en": "Zoning map"},
            "of": "territory",
            "paper": Paper(),
        }
    )


def make_legal() -> Legal:
    """Return one rule and one access list."""
    cited = CitedRule(
        id="R043",
        title=Text("二级保护区内禁止新建排放污染物的项目", "No new discharging projects in level-2 zones"),
        effect="prohibit",
        document=Text("水污染防治法", "Water Pollution Prevention Law"),
        number="2017年修正",
        section="第六十六条",
        verified=True,
    )
    unverified = CitedRule("R044", cited.title, "restrict", cited.document, "", "第一条", verified=False)
    clause = UnitClause("unit", "spatial-layout", "1-1", "（示意）禁止新建化工项目。", "demo")
    return Legal(
        rules={("drinking-water", "level-2"): (cited, unverified)},
        units={
            UNIT: UnitList(UNIT, own=True, clauses=(clause,)),
            "ZH14052210003": UnitList("x", own=False, clauses=()),
        },
        editions={"demo": (Text("示意清单", "schematic list"), Text("无", "none"), "", True)},
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """Many fields side by side, as geometry and as a scene of one layer."""

    shapes: NDArray[np.object_]
    scene: Scene


def many_fields(count: int, *, vertices: int = 12) -> Fields:
    """Return fields of some 100 m; every hundredth is smaller than a metre."""
    rng = np.random.default_rng(7)
    side = int(np.ceil(np.sqrt(count)))
    west, south, east, north = FRAME.bounds
    wide, high = (east - west) / side, (north - south) / side
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    shapes = []
    for number in range(count):
        row, column = divmod(number, side)
        reach = 0.42 * (0.8 + 0.2 * rng.random(vertices)) * (0.004 if number % 100 == 0 else 1)
        x = west + (column + 0.5) * wide + wide * reach * np.cos(turn)
        y = south + (row + 0.5) * high + high * reach * np.sin(turn)
        shapes.append(shapely.Polygon(np.column_stack((x, y))))
    found = tuple(
        MapZone(f"F{number:06d}", "", "field", shape, 1000.0 + number / 7, attributes={})
        for number, shape in enumerate(shapes)
    )
    layer = SceneLayer(map_world.layer_of("permanent-basic-farmland"), "2022", "2020-01-01", "drawn", found)
    frame = Frame("territory", "140522", "阳城县", FRAME, area_m2(FRAME))
    return Fields(np.asarray(shapes, dtype=object), Scene(frame, BOX, "2026-11-22", LATITUDE, (layer,)))


TODAY = date(2026, 11, 22)
