"""The zoning map for everybody: keys, list in words, phone, paper, and what axe-core finds."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import zoning_world
from kept_pages import Screen
from map_pages import grave, opened, pixel, until
from zoning.texts import Language


def test_the_list_of_zones_is_the_same_in_words(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.locator(".zone-list > summary").click()
    page.locator("#list-layer").select_option(label="Drinking-water zones")
    rows = page.locator(".zone-table tbody tr")
    expect(rows).to_have_count(3)
    zones = {zone.id: zone for zone in zoning_world.zones()["drinking-water"]}
    for row in rows.all():
        name, number, _, area = (cell.strip() for cell in row.locator("th, td").all_inner_texts())
        assert name == zones[number].name
        assert area == f"{(zones[number].area_m2 or 0) / 1e4:,.4f}"
    rows.first.locator("button").press("Enter")
    expect(page.locator(".here .zone-card")).to_have_count(1)


def test_everything_can_be_reached_with_keys(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the map")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_focused()
    expect(page.locator(".cross")).to_be_visible()
    page.evaluate("([lon, lat]) => zoningMap.state.view.set({ lon, lat, zoom: 13 })", list(zoning_world.PLANTED))
    page.keyboard.press("Enter")
    expect(page.locator(".here-body > .zone-card")).to_have_count(2)
    expect(page.locator(".here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".here")).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()
    before = page.evaluate("zoningMap.state.view.get().lon")
    page.keyboard.press("ArrowRight")
    until(page, f"zoningMap.state.view.get().lon > {before}")


def test_on_a_phone_nothing_is_cut_and_all_is_in_reach(phone: Screen, zoning_files: dict[Language, Path]) -> None:
    for language in ("zh", "en"):
        page, watch = opened(phone, zoning_files[language])
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for tool in page.locator(".tools button").all():
            box = tool.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 36
            assert box["x"] + box["width"] <= 390
            assert box["y"] + box["height"] <= 844
        box = page.locator(".tabs").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844
        water = page.locator("input[data-layer=drinking-water]")
        expect(water).to_be_hidden()
        page.locator("[data-opens=layers]").tap()
        expect(water).to_be_visible()
        water.uncheck()
        page.locator("[data-opens=layers]").tap()
        page.touchscreen.tap(*pixel(page, (112.42, 35.45)))
        expect(page.locator(".here .zone-card").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert watch.complaints == watch.foreign == []


def test_paper_has_the_map_in_its_size_and_the_legend(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, watch = opened(wide, zoning_files["zh"])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    pixels = page.locator(".leaflet-zones-pane canvas").evaluate_all("all => all.map((one) => one.width)")
    assert set(pixels) == {3 * 512}  # 288 dots per inch
    off = page.locator(".layer.drawn:has(input[data-layer=management-units]) .off-note")
    expect(off).to_have_text("有分区，本图未画出")
    expect(off).to_be_visible()
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (680, 600)
    expect(page.locator(".tools")).to_be_hidden()
    expect(page.locator(".legend")).to_be_visible()
    expect(page.get_by_text("示意数据，非法定边界").first).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tools")).to_be_visible()
    assert printed.startswith(b"%PDF")
    assert watch.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_grave_fault(wide: Screen, zoning_files: dict[Language, Path], language: Language) -> None:
    page, _ = opened(wide, zoning_files[language])
    page.locator(".zone-list > summary").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    page.locator(".here .zone-card").first.wait_for()
    page.locator(".here details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    page.locator("[data-tool=area]").click()
    assert grave(page) == []


def test_axe_finds_no_grave_fault_on_a_phone(phone: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(phone, zoning_files["zh"])
    page.locator("[data-opens=layers]").tap()
    assert grave(page) == []


def test_axe_sees_a_fault(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.locator("[data-tool=fit]").evaluate("b => { b.removeAttribute('aria-label'); b.removeAttribute('title'); }")
    assert any(fault.startswith("button-name") for fault in grave(page))
