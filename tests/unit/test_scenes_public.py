"""What is not public reaches no scene: fields, names, codes, reasons that name files, places of data."""

from datetime import date
from pathlib import Path

import pytest

import scene_world
from zoning.errors import ContentError, LayerError, UsageError
from zoning.layers.catalogue import Layer
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scenes import rivers, territory_scene, visible
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root
from zoning.yaml_files import read_model

ON = date(2026, 6, 1)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(scene_world.build(tmp_path_factory.mktemp("public") / "w"))


def product(audience: str, *layers: LayerChoice, **more: object) -> MapProduct:
    return MapProduct.model_validate(
        {
            "id": "p",
            "folder": Path(),
            "title": Text("公示图", "public map"),
            "of": "territory",
            "layers": layers,
            "audience": audience,
            **more,
        }
    )


def test_nothing_that_is_not_public_is_in_the_scene(workspace: Workspace) -> None:
    # The product asks for what its audience may not see.
    asked = LayerChoice(layer="water", attributes=("owner", "phone", "source"), label="name")
    for made in (product("public"), product("public", asked, LayerChoice(layer="gone"), LayerChoice(layer="tiny"))):
        scene = territory_scene(workspace.source(), workspace.catalogue, made, "140522", on=ON)
        told = repr(scene)
        assert [secret for secret in scene_world.SECRETS if secret in told] == []
        assert {one.layer.id for one in scene.layers} <= {"units", "water", "gone"}
    # The same secrets are there for the office: the test would see them.
    office = territory_scene(workspace.source(), workspace.catalogue, product("office"), "140522", on=ON)
    assert [secret for secret in scene_world.SECRETS if secret not in repr(office)] == []


def test_zones_stay_where_their_names_go(workspace: Workspace) -> None:
    made = product("public", LayerChoice(layer="water"), LayerChoice(layer="units"))
    water, units = territory_scene(workspace.source(), workspace.catalogue, made, "140522", on=ON).layers
    assert [(zone.id, zone.name, zone.class_id, zone.attributes) for zone in water.zones] == [
        ("1", "", "level-1", {}),
        ("2", "", "level-1", {}),
    ]
    assert [(zone.id, zone.name) for zone in units.zones] == [("U1", "甲一"), ("U2", "甲二"), ("U3", "甲三")]
    office = territory_scene(workspace.source(), workspace.catalogue, product("office"), "140522", on=ON)
    same = next(one for one in office.layers if one.layer.id == "water")
    assert water.class_areas_m2 == same.class_areas_m2


def test_a_public_scene_does_not_say_why_data_are_missing(workspace: Workspace) -> None:
    made = product("public", LayerChoice(layer="gone"))
    (gone,) = territory_scene(workspace.source(), workspace.catalogue, made, "140522", on=ON).layers
    assert (gone.presence, gone.reason) == ("no_data", Text("没有可公开的数据", "no data for publication"))


def test_visible_names_all_that_is_shown(workspace: Workspace) -> None:
    water, units, tiny = (workspace.catalogue[name] for name in ("water", "units", "tiny"))
    all_of_it = LayerChoice(layer="water", classes=("level-1", "level-2"), attributes=("source", "owner", "phone"))
    assert visible(water, product("office")) == all_of_it
    assert visible(units, product("public")) == LayerChoice(
        layer="units", classes=("priority", "key", "general"), attributes=()
    )
    # Neither name nor code may be written into the zones.
    hidden = LayerChoice(layer="water", classes=("level-1", "level-2"), attributes=(), label="none")
    assert visible(water, product("public")) == hidden
    assert visible(tiny, product("public")) is None
    assert visible(tiny, product("office", LayerChoice(layer="water"))) is None
    one = product("office", LayerChoice(layer="water", classes=("level-2",), attributes=("phone",), label="code"))
    assert visible(water, one) == LayerChoice(layer="water", classes=("level-2",), attributes=("phone",), label="code")


def test_attributes_are_all_some_or_none_of_them(workspace: Workspace) -> None:
    for wanted, shown in ((None, ["source", "owner", "phone"]), (("phone",), ["phone"]), ((), [])):
        made = product("office", LayerChoice(layer="water", attributes=wanted))
        (water,) = territory_scene(workspace.source(), workspace.catalogue, made, "140522", on=ON).layers
        assert list(water.layer.attributes) == shown
        assert [list(zone.attributes or {}) for zone in water.zones] == [shown, shown]


def test_rivers_that_are_not_public_are_no_public_strip(workspace: Workspace) -> None:
    made = product("public", of="strip", strip={"layer": "rivers", "distance": "1 km"})
    with pytest.raises(UsageError) as caught:
        rivers(workspace.source(), workspace.catalogue, made, on=ON, territory="140522")
    assert caught.value.text == Text(
        "产品 p 沿图层 rivers 绘制，工作空间没有这一图层，或它不公开",
        "product p follows the layer rivers, which the workspace lacks or does not publish",
    )


def test_a_layer_is_hidden_unless_it_says_public(tmp_path: Path) -> None:
    root = scene_world.build(tmp_path / "w")
    path = root / "layers" / "tiny.yaml"
    assert read_model(path, Layer, id="tiny").public is False
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "public: true\npublic_attributes: [zone_id, phone]\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_model(path, Layer, id="tiny")
    line = len(text.splitlines()) + 2
    assert caught.value.text.en == (
        f"{path}:{line}: public_attributes.1: the layer has no field 'phone'; allowed: zone_id, name"
    )
    path.write_text(text + "public_attributes: [zone_id]\n", encoding="utf-8")
    with pytest.raises(ContentError, match="without 'public: true'"):
        read_model(path, Layer, id="tiny")


def test_what_is_public_changes_no_digest_of_a_layer(tmp_path: Path) -> None:
    root = scene_world.build(tmp_path / "w")
    before = Workspace.open(root).source().definition_sha256("tiny")
    path = root / "layers" / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "public: true\npublic_attributes: [name]\n", encoding="utf-8")
    assert Workspace.open(root).source().definition_sha256("tiny") == before


def test_the_built_in_layers_publish_no_plots_parcels_or_sites_of_relics() -> None:
    layers = Workspace.open(builtin_root()).catalogue.layers.values()
    hidden = {layer.id for layer in layers if not layer.public}
    assert hidden == {"barren-hills", "contaminated-plots", "farmland-quality", "heritage", "mine-parcels"}


def test_a_territory_that_cannot_be_read_is_no_empty_map(tmp_path: Path) -> None:
    root = scene_world.build(tmp_path / "w")
    w = Workspace.open(root)
    (root / "layers/data/territory.geojson").unlink()
    with pytest.raises(LayerError) as caught:
        territory_scene(w.source(), w.catalogue, product("office"), "140522", on=ON)
    assert caught.value.text.en == "the territory layer cannot be used: file not found: territory.geojson"
