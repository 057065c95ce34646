"""Who is in charge, on the page of an office: listed, linked to the place, and never on a page for the public."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import expect

import zoning_world
from kept_pages import Screen
from map_pages import grave, opened
from zoning.layers.responsible import Responsible
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Listing, Scene, SceneLayer
from zoning.maps.web import contacts as contacts_module
from zoning.maps.web.contacts import contacts_on
from zoning.maps.web.page import render_zoning_page
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text

HEADS = (Text("河段", "section"), Text("姓名", "name"), Text("电话", "telephone"))
ROWS = (("下孔村二级区", "王河长", "0356-1"), ("上游", "李<河长>", ""), ("", "", "0356-3"))
SECRETS = ("王河长", "李<河长>", "李&lt;河长&gt;", "0356", "张管家")


def with_person(layer: SceneLayer) -> SceneLayer:
    """Return the layer with a field that says who answers for its first zone."""
    told = Responsible(field="chief", title=Text("单元管家", "keeper"))
    attributes = {**layer.layer.attributes, "chief": Text("管家", "keeper")}
    named = layer.layer.model_copy(update={"responsible": told, "attributes": attributes})
    first = replace(layer.zones[0], attributes={**(layer.zones[0].attributes or {}), "chief": "张管家"})
    return replace(layer, layer=named, zones=(first, *layer.zones[1:]))


@pytest.fixture(scope="module")
def scene() -> Scene:
    made = zoning_world.make_scene()
    layers = tuple(with_person(layer) if layer.layer.id == "management-units" else layer for layer in made.layers)
    listing = Listing("contacts", Text("责任人与联系方式", "People in charge"), HEADS, ROWS)
    return replace(made, listings=(listing,), layers=layers)


@pytest.fixture(scope="module")
def product(workspace_root: Path) -> MapProduct:
    return zoning_world.make_product(workspace_root)


@pytest.fixture(scope="module")
def page_file(
    scene: Scene, product: MapProduct, stylebook: Stylebook, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("contacts") / "page.html"
    path.write_text(render_zoning_page(scene, product, stylebook, "zh"), encoding="utf-8")
    return path


def test_an_entry_means_the_zone_that_it_names_or_all_of_the_map(scene: Scene, product: MapProduct) -> None:
    table, units = contacts_on(scene, product)
    assert [(entry.place, entry.target) for entry in table.entries] == [
        ("下孔村二级区", "drinking-water/W2"),
        ("阳城县", ""),
        ("阳城县", ""),
    ]
    assert [[value for _, value in entry.cells] for entry in table.entries[1:]] == [["上游", "李<河长>"], ["0356-3"]]
    assert units.title == Text("生态环境管控单元·单元管家", units.title.en)
    assert [value for entry in units.entries for _, value in entry.cells] == ["张管家"]
    assert units.entries[0].target.startswith("management-units/ZH1405221")


def test_a_name_of_several_zones_means_none_of_them(scene: Scene, product: MapProduct) -> None:
    water = next(layer for layer in scene.layers if layer.layer.id == "drinking-water")
    twice = replace(water, zones=tuple(replace(zone, name="下孔村二级区") for zone in water.zones))
    table, *_ = contacts_on(replace(scene, layers=(twice,)), product)
    assert [entry.target for entry in table.entries] == ["", "", ""]


def test_long_lists_end_and_say_so(scene: Scene, product: MapProduct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts_module, "MOST", 0)
    assert [found.more for found in contacts_on(scene, product)] == [0, 1]


def test_a_missing_table_is_told_in_words(scene: Scene, product: MapProduct, stylebook: Stylebook) -> None:
    missing = Listing("contacts", Text("责任人", "People"), HEADS, missing=Text("数据缺失：没有联系人表", "no table"))
    page = render_zoning_page(replace(scene, listings=(missing,)), product, stylebook, "zh")
    assert ">数据缺失：没有联系人表</p>" in page


def test_a_page_for_the_public_names_nobody(scene: Scene, product: MapProduct, stylebook: Stylebook) -> None:
    """Whatever a scene holds: the table of contacts never reaches the page."""
    public = product.model_copy(update={"audience": "public"})
    bare = replace(scene, layers=zoning_world.make_scene().layers)
    page = render_zoning_page(bare, public, stylebook, "zh")
    assert [secret for secret in SECRETS if secret in page] == []
    assert 'data-sheet="contacts"' not in page
    office = render_zoning_page(scene, product, stylebook, "zh")
    assert [secret for secret in SECRETS if secret in office] == [s for s in SECRETS if s != "李<河长>"]


def test_an_entry_goes_to_its_place(wide: Screen, page_file: Path) -> None:
    page, watch = opened(wide, page_file)
    entry = page.locator(".contacts li").first
    expect(entry).to_contain_text("王河长")
    entry.locator("button").click()
    expect(page.locator(".here .zone-card")).to_have_attribute("data-zone", "drinking-water/W2")
    view = page.evaluate("zoningMap.state.view.bounds()")
    assert shapely.box(*view).covers(shapely.Point(zoning_world.PLANTED))
    expect(page.locator("input[data-layer=drinking-water]")).to_be_checked()
    page.locator(".contacts li button").nth(1).click()
    whole = page.evaluate("zoningMap.state.view.bounds()")
    assert shapely.box(*whole).covers(zoning_world.FRAME)
    assert grave(page) == []
    assert watch.complaints == watch.foreign == []


def test_on_a_phone_they_are_a_sheet(phone: Screen, page_file: Path) -> None:
    page, _ = opened(phone, page_file)
    people = page.locator(".contacts")
    expect(people).to_be_hidden()
    page.locator("[data-opens=contacts]").tap()
    expect(people).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    people.locator("button").first.tap()
    expect(people).to_be_hidden()
    expect(page.locator(".here .zone-card")).to_be_visible()
