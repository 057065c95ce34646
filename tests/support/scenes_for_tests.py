"""Scenes made in code for printed maps: a small county with zones of every kind, a site on it, planted points."""

import base64
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from PIL import Image
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from map_world import footprint, metres
from zoning.layers.catalogue import Coverage, Edition, Geometry, Layer, ZoneClass
from zoning.maps.content import Box, MapZone, Picture
from zoning.maps.made import Made
from zoning.maps.map_product import MapProduct, Paper
from zoning.maps.scene import Frame, Presence, Scene, SceneLayer
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.texts import Text
from zoning.workspace import builtin_root

MADE = Made("2026-11-22", "0.0-test", "阳城县生态环境局")
LON, LAT = 112.402, 35.486


def stylebook() -> Stylebook:
    """Return the styles that come with the program."""
    return read_stylebook(builtin_root() / "styles")


def layer(
    name: str, title: Text, classes: dict[str, Text], *, geometry: Geometry = "polygon", schematic: bool = False
) -> Layer:
    """Return the definition of a layer with one edition."""
    unknown = Text("测试", "test")
    return Layer(
        id=name,
        title=title,
        group="protection",
        geometry=geometry,
        authority=unknown,
        source=unknown,
        crs="EPSG:4490",
        schematic=schematic,
        accuracy_m=5,
        id_field="zone_id",
        name_field="name",
        class_field="class",
        attributes={"town": Text("乡镇", "town")},
        classes={key: ZoneClass(title=text, codes=(key,)) for key, text in classes.items()},
        editions={"2023": Edition(file="data/x.gpkg", valid_from=date(2021, 1, 1))},
        coverage=Coverage(territories=("140522",)),
    )


def zones(class_id: str, shapes: Iterable[tuple[str, str, BaseGeometry]]) -> tuple[MapZone, ...]:
    """Return zones from (id, name, shape in metres around the centre)."""
    return tuple(
        MapZone(
            id=code,
            name=name,
            class_id=class_id,
            geometry=metres(shape),
            area_m2=float(shape.area) or None,
            attributes={"town": "东城办"},
        )
        for code, name, shape in shapes
    )


def drawn(
    definition: Layer,
    found: Sequence[MapZone],
    *,
    presence: Presence = "drawn",
    uncovered: BaseGeometry | None = None,
    reason: Text | None = None,
) -> SceneLayer:
    """Return a layer of a scene, its areas of classes the sums of its zones; a line counts as 1 km."""
    areas: dict[str, float] = {}
    for zone in found:
        areas[zone.class_id] = areas.get(zone.class_id, 0.0) + (zone.area_m2 or 1000.0)
    return SceneLayer(definition, "2023", "2021-01-01", presence, tuple(found), reason, uncovered, class_areas_m2=areas)


def county() -> Polygon:
    """Return the outline of the county, metres."""
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = 9000 * (1 + 0.12 * np.sin(3 * angles) + 0.05 * np.cos(7 * angles))
    return Polygon(np.column_stack([radius * np.cos(angles) * 1.15, radius * np.sin(angles)]))


def farms(count: int) -> SceneLayer:
    """Return a layer of many small fields, for long tables."""
    shapes = [(f"NT{n:03d}", "", box(x, y, x + 60, y + 60)) for n, (x, y) in enumerate(_raster(count))]
    title = Text("永久基本农田", "farmland")
    return drawn(layer("permanent-basic-farmland", title, {"field": Text("图斑", "field")}), zones("field", shapes))


def _raster(count: int) -> list[tuple[float, float]]:
    return [(float(-3000 + n % 30 * 100), float(-2000 + n // 30 * 100)) for n in range(count)]


def territory_layers() -> tuple[SceneLayer, ...]:
    """Return layers of all kinds: drawn, lines, partly uncovered, empty, without data."""
    land = county()
    red = Text("生态保护红线", "ecological red line")
    water = Text("饮用水水源保护区", "drinking-water zones")
    levels = {"level-1": Text("一级保护区", "level 1"), "level-2": Text("二级保护区", "level 2")}
    xs = np.linspace(-9500, 9500, 200)
    axis = LineString(np.column_stack([xs, 900 * np.sin(xs / 1500)])).intersection(land)
    inner, outer = shapely.Point(2500, 3500).buffer(700), shapely.Point(2500, 3500).buffer(2200)
    red_zones = [
        ("HX01", "析城山红线", box(-6500, -5200, -1500, -1500).intersection(land)),
        ("HX02", "云蒙山红线", box(-6000, 2500, -2500, 6000).intersection(land)),
    ]
    farms = [
        (f"NT{n:03d}", "", box(x, y, x + 300, y + 220))
        for n, (x, y) in enumerate((float(x), float(y)) for x in range(3000, 6000, 600) for y in range(-4000, 0, 500))
    ]
    return (
        drawn(
            layer("ecological-red-line", red, {"red-line": red}, schematic=True),
            zones("red-line", red_zones),
        ),
        drawn(
            layer("drinking-water", water, levels),
            zones("level-1", [("SY1", "下孔水源一级区", inner)])
            + zones("level-2", [("SY2", "下孔水源二级区", outer.difference(inner))]),
        ),
        drawn(
            layer("permanent-basic-farmland", Text("永久基本农田", "farmland"), {"field": Text("图斑", "field")}),
            zones("field", farms),
            uncovered=metres(box(-12000, -12000, 0, -6000).intersection(land)),
        ),
        drawn(
            layer("rivers", Text("河流", "rivers"), {"huoze": Text("濩泽河", "Huoze River")}),
            zones("huoze", [("HL1", "濩泽河", axis.buffer(90))]),
        ),
        drawn(
            layer("transport", Text("铁路与公路", "transport"), {"railway": Text("铁路", "railway")}, geometry="line"),
            zones("railway", [("TL1", "侯月铁路", LineString([(-9000, -2500), (0, -800), (8800, -2000)]))]),
        ),
        drawn(
            layer("heritage", Text("文物", "heritage"), {"protection": Text("保护范围", "extent")}),
            (),
            presence="empty",
        ),
        drawn(
            layer("no-coal-zones", Text("禁煤区", "no-coal zones"), {"no-coal": Text("禁煤区", "no-coal zone")}),
            (),
            presence="no_data",
            reason=Text("文件不存在", "the file is not there"),
        ),
    )


def territory(layers: tuple[SceneLayer, ...] | None = None, *, relief: Picture | None = None) -> Scene:
    """Return the scene of the county."""
    shape = metres(county())
    west, south, east, north = shape.bounds
    return Scene(
        frame=Frame("territory", "140522", "阳城县", shape, float(county().area)),
        box=Box(west - 0.01, south - 0.01, east + 0.01, north + 0.01),
        on="2026-11-22",
        latitude=35.5,
        layers=territory_layers() if layers is None else layers,
        relief=relief,
        surroundings=(("阳城县", shape), ("晋城市城区", metres(box(14000, -3000, 22000, 6000)))),
    )


def site_scene(*, extent_m: float = 9000.0) -> Scene:
    """Return the scene of a footprint of 24 ha on the county."""
    window = metres(box(-extent_m, -extent_m, extent_m, extent_m)).bounds
    shape = metres(footprint())
    return Scene(
        frame=Frame("site", "1", "下孔民宿", shape, float(footprint().area)),
        box=Box(*window),
        on="2026-11-22",
        latitude=35.5,
        layers=territory_layers(),
        site=shape,
        surroundings=(("阳城县", metres(county())),),
    )


def product(of: str = "territory", **changes: object) -> MapProduct:
    """Return a map product; what is given for `paper` are changes to the default paper."""
    paper = Paper().model_copy(update=dict(changes.pop("paper", {})))  # type: ignore[call-overload]  # fields of the model
    stated = {
        "id": "test",
        "folder": Path(),
        "title": Text("管控分区图", "Zoning map"),
        "of": of,
        "paper": paper,
        **changes,
    }
    return MapProduct.model_validate(stated)


def picture(pixels: np.ndarray, window: Box) -> Picture:
    """Return a picture (rows, columns) of greys on a window, its rows equally high in web Mercator."""
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).convert("RGB").save(out, "PNG")
    return Picture(f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}", window)
