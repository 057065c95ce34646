"""A river and its banks: true metres, what lies within them, and contacts that nobody made up."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

import scene_world
import trapezoid
from zoning.errors import ContentError, UsageError
from zoning.maps.contacts import contacts_of
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scene import Listing, Scene
from zoning.maps.scene_strips import rivers, strip_scene, strip_sections
from zoning.maps.surroundings import grown
from zoning.overlay.plane import MeasuringPlane
from zoning.texts import Text
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
GEOD = Geod(ellps="GRS80")
WEST, SOUTH, EAST, NORTH = scene_world.RIVER


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(scene_world.build(tmp_path_factory.mktemp("strips") / "w"))


def product(*layers: str, **strip: object) -> MapProduct:
    along = {
        "layer": "rivers",
        "distance": "1 km",
        "banks": ("100 m", "500 m"),
        "contacts": "data/contacts.csv",
        **strip,
    }
    choices = [LayerChoice(layer=name) for name in layers]
    return MapProduct.model_validate(
        {
            "id": "river",
            "folder": Path(),
            "title": Text("河图", "river map"),
            "of": "strip",
            "layers": choices,
            "strip": along,
            "tables": ("contacts",),
        }
    )


def scene_of(workspace: Workspace, made: MapProduct, river: str = "小河") -> Scene:
    return strip_scene(workspace.source(), workspace.catalogue, made, river, on=ON, territory="140522", detail_m=0)


def test_the_strip_reaches_as_far_as_it_says_along_the_ellipsoid(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("rivers"))
    assert (scene.frame.kind, scene.frame.code, scene.frame.name) == ("strip", "V1", "小河")
    west, south, east, north = scene.frame.geometry.bounds
    # A degree of longitude is shortest in the north: there the strip reaches farthest west and east.
    for one, other in (((WEST, NORTH), (west, NORTH)), ((EAST, NORTH), (east, NORTH))):
        assert GEOD.inv(*one, *other)[2] == pytest.approx(1000, abs=0.01)
    assert GEOD.inv(112.4, SOUTH, 112.4, south)[2] == pytest.approx(1000, abs=0.01)
    assert GEOD.inv(112.4, NORTH, 112.4, north)[2] == pytest.approx(1000, abs=0.01)
    assert scene.frame.area_m2 == pytest.approx(trapezoid.area_m2(scene.frame.geometry, "EPSG:4490", 1000), rel=1e-6)


def test_a_long_river_far_from_the_true_parallel_keeps_true_metres() -> None:
    plane = MeasuringPlane(35.5)
    line = shapely.LineString([(112.0, 38.0), (112.9, 38.4)])
    strip = plane.to_lonlat([grown(plane, plane.to_plane([line], "EPSG:4490", step_m=85)[0], 1000)])[0]
    # Every corner of the strip that is opposite of the line, not of its ends, is 1 km from it.
    corners = np.array(strip.exterior.coords)
    dense = np.array(shapely.segmentize(line, 0.0002).coords)
    checked = 0
    for lon, lat in corners[:: max(1, len(corners) // 60)]:
        far = GEOD.inv(np.full(len(dense), lon), np.full(len(dense), lat), dense[:, 0], dense[:, 1])[2]
        assert far.min() == pytest.approx(1000, abs=1.2)  # the line is looked at every 22 m; arcs are short by 0.5 m
        checked += 1
    assert checked > 50


def test_bank_distances_are_lines_at_true_metres(workspace: Workspace) -> None:
    scene = scene_of(workspace, product("rivers", "bank-distances"))
    assert [one.layer.id for one in scene.layers] == ["rivers", "bank-distances"]
    banks = scene.layers[1]
    assert (banks.layer.title, banks.layer.geometry) == (Text("距岸线距离", "distance from the bank"), "line")
    assert [zone.name for zone in banks.zones] == ["100 m", "500 m"]
    for zone, metres in zip(banks.zones, (100, 500), strict=True):
        assert GEOD.inv(112.4, SOUTH, 112.4, zone.geometry.bounds[1])[2] == pytest.approx(metres, abs=0.01)


def test_only_what_lies_in_the_strip_is_counted(workspace: Workspace) -> None:
    units = scene_of(workspace, product("units")).layers[0]
    # North of the middle of the county lies nothing of it.
    assert units.class_areas_m2 is not None
    assert sorted(units.class_areas_m2) == ["general", "priority"]
    scene = scene_of(workspace, product("units"))
    assert sum(units.class_areas_m2.values()) == pytest.approx(scene.frame.area_m2, rel=1e-9)


def test_the_strip_ends_where_the_territory_ends(workspace: Workspace) -> None:
    near_the_border = product("rivers", distance="6 km")
    east = scene_of(workspace, near_the_border).frame.geometry.bounds[2]
    assert east == pytest.approx(112.5, abs=1e-9)


def test_sections_are_the_strip_and_nothing_twice(workspace: Workspace) -> None:
    made = product("units", "rivers", "bank-distances", section="4 km")
    scene = scene_of(workspace, made)
    sections = strip_sections(scene, workspace.source(), workspace.catalogue, made, on=ON)
    assert [one.frame.name for one in sections] == ["小河 1/4", "小河 2/4", "小河 3/4", "小河 4/4"]
    assert [one.frame.code for one in sections] == ["V1-1", "V1-2", "V1-3", "V1-4"]
    # From west to east; 11 km in four equal parts.
    assert [one.frame.geometry.bounds[0] for one in sections] == sorted(
        one.frame.geometry.bounds[0] for one in sections
    )
    for one in sections:
        west, south, east, _ = one.frame.geometry.bounds
        assert GEOD.inv(west, south, east, south)[2] == pytest.approx(11_070 / 4, rel=0.01)
    assert sum(one.frame.area_m2 for one in sections) == pytest.approx(scene.frame.area_m2, rel=1e-9)
    for name in ("general", "priority"):
        parts = [(one.layers[0].class_areas_m2 or {}).get(name, 0.0) for one in sections]
        assert sum(parts) == pytest.approx((scene.layers[0].class_areas_m2 or {})[name], rel=1e-8)
    # What goes on beyond a section is drawn on its page.
    assert [zone.id for zone in sections[0].layers[0].zones] == [zone.id for zone in scene.layers[0].zones]


def test_a_short_strip_or_a_product_without_sections_has_one_page(workspace: Workspace) -> None:
    for made in (product("rivers"), product("rivers", section="12 km")):
        scene = scene_of(workspace, made)
        assert strip_sections(scene, workspace.source(), workspace.catalogue, made, on=ON) == ()


def test_a_river_is_found_by_name_or_id_or_the_choice_is_listed(workspace: Workspace) -> None:
    assert scene_of(workspace, product("rivers"), "V1").frame.name == "小河"
    with pytest.raises(UsageError) as caught:
        scene_of(workspace, product("rivers"), "大河")
    assert caught.value.text == Text(
        "此行政区没有河流“大河”；可用：小河", "the territory has no river '大河'; choose one of: 小河"
    )


def test_rivers_are_those_of_the_territory_with_their_length(workspace: Workspace) -> None:
    source = workspace.source()
    (river,) = rivers(source, workspace.catalogue, product(), on=ON, territory="甲县")
    outline = 2 * (GEOD.inv(WEST, SOUTH, EAST, SOUTH)[2] + GEOD.inv(WEST, SOUTH, WEST, NORTH)[2])
    assert river.length_m == pytest.approx(outline / 2, rel=1e-4)
    assert rivers(source, workspace.catalogue, product(), on=ON, territory="140825") == ()


def test_contacts_are_missing_in_words_where_there_is_no_table(workspace: Workspace) -> None:
    (contacts,) = scene_of(workspace, product("rivers")).listings
    assert contacts == Listing(
        "contacts",
        Text("责任人与联系方式", "People in charge"),
        (Text("职责", "role"), Text("单位", "office"), Text("姓名", "name"), Text("电话", "telephone")),
        missing=Text(
            "数据缺失：工作空间没有联系人表（maps/data/contacts.csv）",
            "no data: the workspace has no table of contacts (maps/data/contacts.csv)",
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_contacts_are_the_rows_of_their_river(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "maps").mkdir()
    rows = '河流,role,姓名,phone\n小河,县级河长,甲,1\n\n大河,镇级河长,乙,2\nV1,"巡河员, 两名",丙\n'
    (tmp_path / "maps" / "c.csv").write_bytes(rows.encode(encoding))
    found = contacts_of(tmp_path, "c.csv", ("小河", "V1"))
    assert found.heads == (Text("职责", "role"), Text("姓名", "姓名"), Text("电话", "telephone"))
    assert found.rows == (("县级河长", "甲", "1"), ("巡河员, 两名", "丙", ""))
    assert found.missing is None
    assert contacts_of(tmp_path, "c.csv", ("无河",)).missing == Text(
        "数据缺失：联系人表（c.csv）没有这条河流", "no data: the table of contacts (c.csv) lacks this river"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name,phone\na,1\n", "{path}:1: there is no column 'river': nothing says which river a row is of"),
        (b"", "{path}:1: there is no column 'river': nothing says which river a row is of"),
        (b"river,name\na,b,c\n", "{path}:2: has 3 cells, the head has 2; put texts with commas into quotes"),
        (b"river\n\xff\xff", "{path}: its text is neither UTF-8 nor GBK"),
    ],
)
def test_a_table_of_contacts_that_cannot_be_meant_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "maps").mkdir()
    path = tmp_path / "maps" / "c.csv"
    path.write_bytes(content)
    with pytest.raises(ContentError) as caught:
        contacts_of(tmp_path, "c.csv", ("a",))
    assert caught.value.text.en == sentence.format(path=path)
