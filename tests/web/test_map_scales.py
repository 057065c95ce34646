"""Layers with a range of scales: drawn within it, and the tree says why they are not drawn outside it."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

import zoning_world
from kept_pages import Screen
from map_pages import go, opened, pixel, until
from zoning.maps.content import MapContent
from zoning.maps.payload import payload
from zoning.maps.product import SiteMap
from zoning.maps.web.page import render_zoning_page
from zoning.maps.web_map import render_site_map
from zoning.styles.stylebook import LabelLook, ScaleRange, Stylebook

WATER = "drinking-water"
RANGE = ScaleRange(max_denominator=100_000)


def with_scale(book: Stylebook, layer_id: str, scale: ScaleRange) -> Stylebook:
    style = book.layers[layer_id].model_copy(update={"scale": scale})
    return replace(book, layers={**book.layers, layer_id: style})


@pytest.fixture(scope="module")
def zoning_page(stylebook: Stylebook, workspace_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scales") / "zoning.html"
    product = zoning_world.make_product(workspace_root)
    book = with_scale(stylebook, WATER, RANGE)
    path.write_text(render_zoning_page(zoning_world.make_scene(), product, book, "zh"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def site_page(
    stylebook: Stylebook, product: SiteMap, map_content: MapContent, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("scales") / "site.html"
    book = with_scale(stylebook, WATER, ScaleRange(min_denominator=1_000, max_denominator=20_000))
    path.write_text(render_site_map(map_content, language="zh", product=product, stylebook=book), encoding="utf-8")
    return path


INK = """() => [...document.querySelectorAll('.leaflet-zones-pane canvas')].reduce((n, c) => n
    + c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length, 0)"""


def test_a_layer_comes_and_goes_with_the_scale(wide: Screen, zoning_page: Path) -> None:
    page, watch = opened(wide, zoning_page)
    page.locator("[data-all=off]").click()
    page.locator(f"input[data-layer={WATER}]").check()
    note = page.locator(f"[data-scale={WATER}]")
    line = page.locator(f'.legend [data-key="{WATER}/level-2"]')
    go(page, zoning_world.PLANTED, 10.5)
    expect(note).to_be_visible()
    assert page.evaluate("zoningMap.denominator(zoningMap.state.view)") > 100_000
    expect(note).to_contain_text("本图层放大到 1:100,000 起才画出")
    expect(line).to_be_hidden()
    until(page, f"({INK})() === 0")
    expect(page.locator(f"input[data-layer={WATER}]")).to_be_checked()
    go(page, zoning_world.PLANTED, 13)
    assert page.evaluate("zoningMap.denominator(zoningMap.state.view)") < 100_000
    expect(note).to_be_hidden()
    expect(line).to_be_visible()
    until(page, f"({INK})() > 0")
    go(page, zoning_world.PLANTED, 10.5)
    page.locator("[data-tool=language]").click()
    expect(note).to_contain_text("zoom in to 1:100,000")
    assert watch.complaints == []


def test_a_zone_that_is_not_drawn_at_this_scale_is_still_told(wide: Screen, zoning_page: Path) -> None:
    page, _ = opened(wide, zoning_page)
    go(page, zoning_world.PLANTED, 10.5)
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    off = page.locator(".here .off")
    expect(off).to_contain_text("未打开或在当前比例尺下不画的图层在此处还有")
    expect(off.locator(f'[data-zone="{WATER}/W2"]')).to_have_count(1)
    expect(page.locator(f'.here-body > [data-zone="{WATER}/W2"]')).to_have_count(0)


def test_layers_without_a_range_are_always_drawn(wide: Screen, zoning_page: Path) -> None:
    page, _ = opened(wide, zoning_page)
    for zoom in (8, 12, 17):
        go(page, zoning_world.PLANTED, zoom)
        expect(page.locator("[data-scale=permanent-basic-farmland]")).to_be_hidden()
        assert page.evaluate("zoningMap.state.isDrawn('permanent-basic-farmland')") is True


def test_the_map_of_a_site_does_the_same(wide: Screen, site_page: Path) -> None:
    page = wide.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site_page.as_uri())
    expect(page.locator("svg path.site")).to_have_count(1)
    note = page.locator(f"[data-scale={WATER}]")
    line = page.locator(f'.legend [data-key="{WATER}/level-1"]')
    zones = page.locator(f".leaflet-zones-{WATER}-pane path")
    place = page.evaluate("(() => { const { lon, lat } = zoningMap.state.view.get(); return [lon, lat]; })()")
    go(page, place, 13)
    expect(note).to_contain_text("本图层只在 1:1,000 至 1:20,000 画出")
    expect(line).to_be_hidden()
    expect(zones).to_have_count(0)
    expect(page.locator(f"input[data-layer={WATER}]")).to_be_checked()
    go(page, place, 15)
    expect(note).to_be_hidden()
    expect(line).to_be_visible()
    assert zones.count() > 0
    # A click names what is switched on, drawn or not.
    go(page, place, 13)
    page.mouse.click(*pixel(page, place))
    expect(page.locator(".leaflet-popup")).to_contain_text("下孔村水源二级区")
    page.locator("[data-tool=language]").click()
    expect(note).to_contain_text("only from 1:1,000 to 1:20,000")
    page.locator(f"input[data-layer={WATER}]").uncheck()
    go(page, place, 15)
    expect(zones).to_have_count(0)
    assert complaints == []


def test_ranges_reach_the_page_as_denominators(map_content: MapContent, stylebook: Stylebook) -> None:
    book = with_scale(stylebook, WATER, ScaleRange(min_denominator=500))
    look = LabelLook(scale=ScaleRange(max_denominator=9_000))
    heritage = book.layers["heritage"].model_copy(update={"label_look": look})
    told = payload(map_content, replace(book, layers={**book.layers, "heritage": heritage}), (), "en")
    assert told["scales"][WATER] == [500, 0]
    assert told["labelScales"]["heritage"] == [0, 9_000]
    assert "heritage" not in told["scales"]
