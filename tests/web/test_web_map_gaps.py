"""Land without data on the site map in a real browser: hatched, in the legend, and told at every place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect

from kept_pages import Screen
from map_pages import grave
from zoning.maps.content import MapContent
from zoning.maps.product import SiteMap
from zoning.maps.web_map import render_site_map
from zoning.styles.stylebook import Stylebook

# The drinking-water layer is on from the start, heritage is not; reserves cannot be read at all.
PARTLY, MISSING = ("drinking-water", "heritage"), "nature-reserves"


@pytest.fixture(scope="module")
def content(map_content: MapContent) -> MapContent:
    west, south, east, north = map_content.sheet
    half = shapely.box((west + east) / 2 + 0.001, south, east, north)
    gaps = {**dict.fromkeys(PARTLY, half), MISSING: shapely.box(*map_content.sheet)}
    layers = tuple(replace(layer, uncovered=gaps.get(layer.layer.id)) for layer in map_content.layers)
    return replace(map_content, layers=layers)


@pytest.fixture(scope="module")
def file(content: MapContent, product: SiteMap, stylebook: Stylebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gaps") / "zh.html"
    path.write_text(render_site_map(content, language="zh", product=product, stylebook=stylebook), encoding="utf-8")
    return path


@pytest.fixture
def page(wide: Screen, file: Path) -> Iterator[Page]:
    opened = wide.new_page()
    troubles: list[str] = []
    opened.on("console", lambda told: troubles.append(told.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.goto(file.as_uri())
    expect(opened.locator("svg path.site")).to_have_count(1)
    yield opened
    assert troubles == []


def switch(page: Page, layer: str, *, on: bool) -> None:
    page.locator(f"input[data-layer={layer}]").evaluate("(box, on) => { if (box.checked !== on) box.click(); }", on)


def hatched(page: Page) -> list[str]:
    fills: list[str] = page.locator("path.uncovered").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('fill'))"
    )
    return fills


def popup_at(page: Page, content: MapContent, part: float) -> str:
    """Click on the parallel of the middle, `part` of the way from west to east; return what the popup says."""
    west, south, east, north = content.sheet
    page.evaluate(
        "([lat, lon]) => zoningMap.state.map.fire('click', { latlng: L.latLng(lat, lon) })",
        [(south + north) / 2, west + part * (east - west)],
    )
    return page.locator(".leaflet-popup-content").inner_text()


def test_land_without_data_is_hatched_while_a_layer_that_lacks_it_is_on(page: Page) -> None:
    assert hatched(page) == ["url(#hatch-uncovered)"]
    for layer in PARTLY:
        switch(page, layer, on=False)
    assert hatched(page) == []
    # Two layers that end at the same border: one hatch, as long as one of them is on.
    for layer in PARTLY:
        switch(page, layer, on=True)
    switch(page, PARTLY[0], on=False)
    assert hatched(page) == ["url(#hatch-uncovered)"]
    switch(page, MISSING, on=True)
    assert len(hatched(page)) == 2


def test_the_hatch_is_seen_beyond_the_border_only(page: Page, content: MapContent) -> None:
    west, south, east, north = content.sheet
    boxes = page.locator("path.uncovered").evaluate_all("paths => paths.map((path) => path.getBoundingClientRect().x)")
    border = page.evaluate(
        """([lat, lon]) => { const map = zoningMap.state.map;
        return map.latLngToContainerPoint([lat, lon]).x + map.getContainer().getBoundingClientRect().x; }""",
        [(south + north) / 2, (west + east) / 2 + 0.001],
    )
    assert boxes == [pytest.approx(border, abs=1.5)]


def test_the_legend_tells_the_hatch_while_it_is_in_view(page: Page, content: MapContent) -> None:
    line = page.locator(".legend [data-sign=uncovered]")
    expect(line).to_be_visible()
    assert line.inner_text().strip() == "图层未覆盖，未核查"
    west, south, _, north = content.sheet
    at = [(south + north) / 2, west]
    page.evaluate("(at) => zoningMap.state.map.setView(at, 17, { animate: false })", at)
    expect(line).to_be_hidden()
    page.locator("[data-tool=fit]").click()
    expect(line).to_be_visible()
    for layer in PARTLY:
        switch(page, layer, on=False)
    expect(line).to_be_hidden()


def test_a_place_tells_which_layers_were_not_checked_there_switched_on_or_not(page: Page, content: MapContent) -> None:
    assert "此处数据缺失，未核查：饮用水水源保护区、文物保护单位、自然保护区" in popup_at(page, content, 0.9)
    covered = popup_at(page, content, 0.1)
    assert "此处数据缺失，未核查：自然保护区" in covered
    page.locator("[data-tool=language]").click()
    told = popup_at(page, content, 0.9)
    assert "No data here, not checked: Drinking-water zones, Heritage, Nature reserves" in told


def test_the_tree_tells_of_layers_that_end_within_the_map(page: Page) -> None:
    for layer in PARTLY:
        told = page.locator(f".layer:has(input[data-layer={layer}]) .partly")
        assert told.text_content() == "图上划线部分数据缺失，未核查"
    assert page.locator(f".layer:has(input[data-layer={MISSING}]) .partly").count() == 0
    assert page.locator(".partly").count() == len(PARTLY)


def test_axe_finds_no_grave_fault(page: Page) -> None:
    assert grave(page) == []
