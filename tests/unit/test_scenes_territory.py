"""The scene of a territory: exact areas, whole borders, and never a blank that could be read as free."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

import scene_world
import trapezoid
from zoning.errors import UsageError
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scene import Scene, SceneLayer
from zoning.maps.scene_zones import _area_m2
from zoning.maps.scenes import find_territory, territory_scene
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
GEOD = Geod(ellps="GRS80")
FREE = Text("图", "map")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(scene_world.build(tmp_path_factory.mktemp("scenes") / "w"))


def product(*layers: str | LayerChoice, **more: object) -> MapProduct:
    choices = [LayerChoice(layer=one) if isinstance(one, str) else one for one in layers]
    return MapProduct.model_validate(
        {"id": "p", "folder": Path(), "title": FREE, "of": "territory", "layers": choices, **more}
    )


def scene_of(workspace: Workspace, made: MapProduct, code: str = "140522", detail_m: float | None = 0) -> Scene:
    return territory_scene(workspace.source(), workspace.catalogue, made, code, on=ON, detail_m=detail_m)


def layer(scene: Scene, layer_id: str) -> SceneLayer:
    return next(found for found in scene.layers if found.layer.id == layer_id)


def box_m2(west: float, south: float, east: float, north: float) -> float:
    return trapezoid.area_m2(shapely.box(west, south, east, north), "EPSG:4490")


def areas_of(scene: Scene, layer_id: str) -> dict[str, float]:
    found = layer(scene, layer_id).class_areas_m2
    assert found is not None
    return dict(found)


def test_the_classes_of_a_partition_add_up_to_the_territory(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("units"))
    areas = layer(scene, "units").class_areas_m2
    assert areas is not None
    assert list(areas) == ["priority", "key", "general"]
    assert sum(areas.values()) == pytest.approx(scene.frame.area_m2, rel=1e-9)
    assert scene.frame.area_m2 == pytest.approx(box_m2(*scene_world.A), rel=1e-9)


def test_areas_do_not_depend_on_how_it_is_drawn(workspace: Workspace) -> None:
    exact = layer(scene_of(workspace, product("units"), detail_m=0), "units")
    coarse = layer(scene_of(workspace, product("units"), detail_m=500), "units")
    assert exact.class_areas_m2 == coarse.class_areas_m2
    assert shapely.get_num_coordinates([zone.geometry for zone in coarse.zones]).sum() < 60


def test_zones_are_cut_at_the_border_and_counted_once(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("water"))
    # 112.47-112.49 and 112.48-112.50 (cut at the border) overlap: together 112.47-112.50.
    assert areas_of(scene, "water") == pytest.approx({"level-1": box_m2(112.47, 35.50, 112.50, 35.52)}, rel=1e-9)
    crossing, second = layer(scene, "water").zones
    assert crossing.geometry.bounds == pytest.approx((112.48, 35.50, 112.50, 35.52), abs=1e-9)
    assert second.geometry.bounds == pytest.approx(scene_world.SECOND, abs=1e-9)
    # What a zone is as a whole, it is also where the border cuts it.
    assert crossing.area_m2 == pytest.approx(box_m2(*scene_world.CROSSING), rel=1e-9)


def test_lines_are_measured_along_the_ellipsoid(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("roads"))
    (road,) = layer(scene, "roads").zones
    # Densified: an edge is straight in longitude and latitude, not a geodesic.
    half = shapely.segmentize(shapely.LineString([(112.45, 35.55), (112.5, 35.55)]), 0.001)
    assert areas_of(scene, "roads") == pytest.approx({"road": GEOD.geometry_length(half)}, abs=0.01)
    assert road.geometry.bounds == pytest.approx((112.45, 35.55, 112.5, 35.55), abs=1e-9)
    assert road.area_m2 is None


@pytest.mark.parametrize("detail_m", [0, 20, 100, 500])
def test_shared_borders_stay_shared(workspace: Workspace, detail_m: float) -> None:
    zones = [zone.geometry for zone in layer(scene_of(workspace, product("units"), detail_m=detail_m), "units").zones]
    assert len(zones) == 3
    united = shapely.union_all(zones)
    # Overlaps would make the sum larger than the union, gaps would be holes in it.
    assert sum(zone.area for zone in zones) == pytest.approx(united.area, rel=1e-12)
    assert isinstance(united, shapely.Polygon)
    assert not united.interiors


def test_no_zone_gets_lost_however_small(workspace: Workspace) -> None:
    tiny = layer(scene_of(workspace, product("tiny"), detail_m=1000), "tiny")
    assert [zone.id for zone in tiny.zones] == ["T1"]
    assert tiny.zones[0].geometry.bounds == pytest.approx(scene_world.TINY, abs=1e-9)


def test_a_neighbour_that_only_touches_the_border_is_not_in_it(workspace: Workspace) -> None:
    assert [zone.id for zone in layer(scene_of(workspace, product("units")), "units").zones] == ["U1", "U2", "U3"]
    other = layer(scene_of(workspace, product("units"), code="140825"), "units")
    assert [zone.id for zone in other.zones] == ["U4"]


def test_empty_is_not_unknown(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("tiny", "half", "elsewhere", "gone", "ended"), code="140825")
    assert [(one.layer.id, one.presence) for one in scene.layers] == [
        ("tiny", "empty"),
        ("half", "drawn"),
        ("elsewhere", "drawn"),
        ("gone", "no_data"),
        ("ended", "no_data"),
    ]
    assert layer(scene, "tiny").uncovered is None
    assert layer(scene, "gone").reason == Text("文件不存在：gone.geojson", "file not found: gone.geojson")
    assert layer(scene, "ended").reason == Text("没有在 2026-06-01 有效的版本", "no edition is valid on 2026-06-01")
    # A zone that is known is drawn, also where the layer does not claim to be complete.
    half = layer(scene, "half")
    assert half.uncovered is not None
    assert half.uncovered.bounds == pytest.approx(scene_world.B, abs=1e-9)


def test_land_that_a_layer_does_not_cover_is_told(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("half", "elsewhere"))
    half, elsewhere = layer(scene, "half"), layer(scene, "elsewhere")
    assert (half.presence, elsewhere.presence) == ("empty", "no_data")
    assert half.uncovered is not None
    assert half.uncovered.bounds == pytest.approx((112.4, 35.4, 112.5, 35.6), abs=1e-9)
    assert elsewhere.uncovered is not None
    assert elsewhere.uncovered.bounds == pytest.approx(scene_world.A, abs=1e-9)
    assert elsewhere.reason == Text("此处不在图层的覆盖范围之内", "the layer does not cover this place")


def test_a_layer_that_the_workspace_lacks_is_named_as_missing(workspace: Workspace) -> None:
    outlets = LayerChoice(layer="outlets", title=Text("入河排污口", "outlets"))
    (found,) = scene_of(workspace, product(outlets)).layers
    assert found.presence == "no_data"
    assert found.layer.title == Text("入河排污口", "outlets")
    assert found.reason == Text("工作空间中没有这一图层", "the workspace has no such layer")


def test_only_the_chosen_classes_are_drawn_and_counted(workspace: Workspace) -> None:
    units = layer(scene_of(workspace, product(LayerChoice(layer="units", classes=("key", "general")))), "units")
    assert [zone.id for zone in units.zones] == ["U2", "U3"]
    assert units.class_areas_m2 is not None
    assert list(units.class_areas_m2) == ["key", "general"]


def test_all_layers_but_the_territories_where_none_is_named(workspace: Workspace) -> None:
    scene = scene_of(workspace, product())
    assert {one.layer.id for one in scene.layers} == set(workspace.catalogue.layers) - {"territory"}


def test_the_framed_territory_comes_first_among_the_outlines(workspace: Workspace) -> None:
    scene = scene_of(workspace, product(margin=0.1), code="乙县")
    assert (scene.frame.kind, scene.frame.code, scene.frame.name) == ("territory", "140825", "乙县")
    assert [name for name, _ in scene.surroundings] == ["乙县", "甲县"]
    assert scene.surroundings[1][1].bounds == pytest.approx(scene_world.A, abs=1e-3)
    # 0.2° of latitude are 22.3 km and the longer side: a margin of a tenth on all sides.
    west, south, east, north = scene.box
    assert (south, north) == pytest.approx((35.38, 35.62), abs=1e-9)
    assert (112.5 - west, east - 112.7) == pytest.approx((0.02 / 0.81412, 0.02 / 0.81412), rel=1e-4)


def test_a_territory_is_found_by_code_or_name_or_the_choice_is_listed(workspace: Workspace) -> None:
    source = workspace.source()
    assert find_territory(source, "甲县", ON) == ("140522", "甲县")
    assert find_territory(source, "140825", ON) == ("140825", "乙县")
    with pytest.raises(UsageError) as caught:
        find_territory(source, "丙县", ON)
    assert caught.value.text == Text(
        "没有行政区“丙县”；可用：140522 甲县、140825 乙县",
        "there is no territory '丙县'; choose one of: 140522 甲县, 140825 乙县",
    )


def test_prepared_layers_and_files_give_the_same_scene(workspace: Workspace, tmp_path: Path) -> None:
    from zoning.overlay.prepared.store import PreparedStore

    made = product("units", "water", "half")
    source = workspace.source()
    store = PreparedStore(tmp_path, workspace.catalogue, source.plane)
    built = store.prepare(["territory", "units", "water", "half"], on=ON)
    assert [one.state for one in built] == ["built"] * 4
    prepared = territory_scene(workspace.source(tmp_path), workspace.catalogue, made, "140522", on=ON, detail_m=50)
    plain = scene_of(workspace, made, detail_m=50)
    assert [one.class_areas_m2 for one in prepared.layers] == [one.class_areas_m2 for one in plain.layers]
    assert [zone for one in prepared.layers for zone in one.zones] == [
        zone for one in plain.layers for zone in one.zones
    ]


def test_the_built_in_territories_lose_no_zone_on_the_way_to_paper() -> None:
    w = Workspace.open(builtin_root())
    source = w.source()
    made = product("permanent-basic-farmland", "management-units", paper={"size": "A4"})
    scene = territory_scene(source, w.catalogue, made, "140825", on=ON)
    fields, units = scene.layers
    assert (len(fields.zones), len(units.zones)) == (1700, 26)
    assert all(shapely.is_valid(zone.geometry) and zone.geometry.area > 0 for one in scene.layers for zone in one.zones)
    assert units.class_areas_m2 is not None
    # The stored borders of units and county differ by rounding: 1 mm along 190 km.
    assert sum(units.class_areas_m2.values()) == pytest.approx(scene.frame.area_m2, rel=1e-7)


def test_land_in_several_zones_of_a_class_counts_once() -> None:
    """Beside each other, over each other, the same twice, all in another one, and one whose border crosses itself."""
    square = shapely.box(0, 0, 10, 10)
    crossed = shapely.Polygon([(50, 0), (60, 10), (60, 0), (50, 10)])
    apart, beside_it = shapely.box(30, 0, 40, 10), shapely.box(10, 0, 20, 10)
    over, within = shapely.box(5, 5, 15, 15), shapely.box(1, 1, 2, 2)

    def area(*pieces: shapely.Polygon) -> float:
        return _area_m2(np.array([*pieces, None], dtype=object)[:-1])

    assert area(square, beside_it, apart) == 300.0
    assert area(square, over, apart) == pytest.approx(275.0, abs=1e-6)
    assert area(square, square, within, apart) == pytest.approx(200.0, abs=1e-6)
    assert area(shapely.box(48, 2, 62, 3), crossed) == pytest.approx(50.0 + 14.0 - 5.0, abs=1e-6)
    assert area() == 0.0
