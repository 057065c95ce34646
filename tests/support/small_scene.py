"""A scene of two layers and a few squares, made in code, with figures that can be worked out in the head."""

from datetime import date
from pathlib import Path

from shapely.geometry import LineString, box

from zoning.layers.catalogue import Coverage, Edition, Geometry, Group, Layer, ZoneClass
from zoning.maps.content import Box, MapZone
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Frame, Scene, SceneLayer
from zoning.styles.looks import ClassStyle, LabelLook, LayerStyle, ScaleRange
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.texts import Text

ON = "2026-11-22"
WINDOW = Box(112.0, 35.0, 112.2, 35.2)


def make_layer(layer_id: str, title: Text, group: Group, *classes: str, geometry: Geometry = "polygon") -> Layer:
    """Return a layer whose classes are called 甲, 乙 ... in Chinese and by their ids in English."""
    return Layer(
        id=layer_id,
        title=title,
        group=group,
        geometry=geometry,
        authority=Text("主管部门", "authority"),
        source=Text("图", "map"),
        crs="EPSG:4490",
        schematic=True,
        accuracy_m=10,
        id_field="zone_id",
        name_field="name",
        class_field="class",
        attributes={"note": Text("备注", "remark")},
        classes={
            name: ZoneClass(title=Text("甲乙丙丁"[number], name), codes=(name, f"{name}-2"))
            for number, name in enumerate(classes)
        },
        editions={"2023": Edition(file="x.gpkg", valid_from=date(2023, 1, 1))},
        coverage=Coverage(territories=("140522",)),
    )


WATER = make_layer("water", Text("饮用水水源", "drinking water"), "protection", "core", "rim")
ROADS = make_layer("roads", Text("公路", "roads"), "base", "road", geometry="line")
UNITS = make_layer("units", Text("管控单元", "units"), "control", "unit")
SOIL = make_layer("soil", Text("土壤", "soil"), "risk", "plot")


def small_book(workspace_root: Path) -> Stylebook:
    """Return styles of the four layers: hatches, a dash, labels, scales."""
    outcomes = read_stylebook(workspace_root / "styles").outcomes
    core = ClassStyle(fill="#2F6DB5", fill_opacity=0.5, outline="#143F75", width=2, hatch="diagonal")
    rim = ClassStyle(fill="#CFE3F5", fill_opacity=0.5, outline="#5488BA", width=1.4, hatch="dots", dash="dashed")
    road = ClassStyle(fill="#333333", fill_opacity=0, outline="#333333", width=2, dash="dash-dot")
    unit = ClassStyle(fill="#FFFFFF", fill_opacity=0, outline="#A58733", width=1)
    water = LayerStyle(
        id="water",
        order=600,
        label="name",
        label_look=LabelLook(size=12, halo=2, scale=ScaleRange(max_denominator=500_000)),
        classes={"core": core, "rim": rim},
    )
    roads = LayerStyle(
        id="roads", order=700, scale=ScaleRange(min_denominator=500, max_denominator=1_000_000), classes={"road": road}
    )
    units = LayerStyle(id="units", order=200, label="code", classes={"unit": unit})
    return Stylebook({"water": water, "roads": roads, "units": units}, outcomes)


def small_scene() -> Scene:
    """Return the scene: two zones of water, a road, no units on the map, and a layer without data."""
    core = MapZone(
        "W1", "水源一", "core", box(112.04, 35.04, 112.10, 35.10), area_m2=36_000.0, attributes={"note": "=1+1"}
    )
    rim = MapZone(
        "W2", "A&B‹矿>\"'", "rim", box(112.10, 35.04, 112.16, 35.10), area_m2=15_000.0, attributes={"note": ""}
    )
    road = MapZone("R1", "阳济路", "road", LineString([(112.02, 35.15), (112.18, 35.16)]))
    water = SceneLayer(
        WATER, "2023", "2023-01-01", "drawn", (core, rim), class_areas_m2={"core": 36_000.0, "rim": 15_000.0},
        uncovered=box(112.0, 35.0, 112.02, 35.2),
    )  # fmt: skip
    roads = SceneLayer(ROADS, "2023", "2023-01-01", "drawn", (road,), class_areas_m2={"road": 14_600.0})
    units = SceneLayer(UNITS, "2023", "2023-01-01", "empty")
    soil = SceneLayer(SOIL, None, None, "no_data", reason=Text("没有版本", "no edition"))
    frame = Frame("territory", "140522", "阳城县", box(112.01, 35.01, 112.19, 35.19), 4.0e8)
    return Scene(frame, WINDOW, ON, 35.5, (soil, units, water, roads))


def small_product() -> MapProduct:
    """Return a product that shows everything."""
    return MapProduct(id="small", folder=Path(), title=Text("试验图", "trial map"), of="territory", margin=0.05)
