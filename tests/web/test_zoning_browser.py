"""The zoning map in a real browser without a network: places, search, layers, legend."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import expect

import map_world
import zoning_world
from kept_pages import Screen
from map_pages import figures, go, opened, pixel, until, until_true
from zoning.quantities import format_area
from zoning.texts import Language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_asked_for_and_nothing_complains(
    wide: Screen, zoning_files: dict[Language, Path], language: Language
) -> None:
    page, watch = opened(wide, zoning_files[language])
    page.locator("[data-all=on]").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    page.locator(".here .zone-card").first.wait_for()
    page.locator("[data-tool=in]").click()
    page.locator("[data-tool=language]").click()
    page.wait_for_timeout(300)
    assert watch.foreign == []
    assert watch.complaints == []
    # Itself, and the worker that paints, which it makes from its own text.
    assert watch.requests[0] == zoning_files[language].as_uri()
    assert [url.split(":")[0] for url in watch.requests[1:]] == ["blob"]


def test_a_click_lists_all_zones_with_the_areas_of_the_engine(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    page.locator("[data-all=on]").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    cards = page.locator(".here .here-body > .zone-card")
    expect(cards).to_have_count(3)
    place = shapely.Point(zoning_world.PLANTED)
    expected = {
        (layer, zone.id): zone.area_m2
        for layer, zones in zoning_world.zones().items()
        for zone in zones
        if zone.geometry.covers(place)
    }
    assert {card.get_attribute("data-zone") for card in cards.all()} == {"/".join(key) for key in expected}
    shown = dict(zip(figures(page, "id"), figures(page, "area"), strict=True))
    assert shown == {zone_id: format_area(area or 0).zh for (_, zone_id), area in expected.items()}


def test_a_card_has_rules_with_document_and_section_and_the_access_list(
    wide: Screen, zoning_files: dict[Language, Path]
) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    page.locator("[data-all=on]").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    water = page.locator('.zone-card[data-zone="drinking-water/W2"]')
    expect(water).to_contain_text("R043")
    expect(water).to_contain_text("《水污染防治法》2017年修正 · 第六十六条")
    expect(water.locator(".rule").nth(1)).to_contain_text("待核实")
    unit = page.locator(f'.zone-card[data-zone="management-units/{zoning_world.UNIT}"]')
    expect(unit).to_contain_text("空间布局约束")
    expect(unit).to_contain_text("（示意）禁止新建化工项目。")
    expect(unit).to_contain_text("示意清单，非发布文件")


def test_what_is_off_or_not_checked_is_told_at_the_place(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    page.locator("[data-all=off]").click()
    expect(page.locator(".empty-legend")).to_be_visible()
    go(page, (112.32, 35.42), 12)
    page.mouse.click(*pixel(page, (112.32, 35.42)))
    panel = page.locator(".here")
    expect(panel.locator(".none")).to_contain_text("这不等于没有限制")
    expect(panel.locator(".off")).to_contain_text("未打开的图层在此处还有 1 个分区")
    unchecked = panel.locator(".unchecked li")
    expect(unchecked).to_have_count(2)
    told = " ".join(unchecked.all_text_contents())
    assert "永久基本农田" in told  # outside its coverage
    assert "自然保护区" in told  # no data at all
    assert "已加载，此处没有分区" in panel.inner_text()
    assert "文物保护单位" in panel.locator(".quiet").last.inner_text()


def test_a_place_outside_the_land_is_told(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.mouse.click(*pixel(page, (112.505, 35.48)))
    expect(page.locator(".here .missing").first).to_contain_text(
        "This place lies outside 阳城县: the map does not tell of it."
    )


def test_beside_a_border_the_zone_is_possible(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    east = shapely.Point(zoning_world.PLANTED).buffer(0.012).bounds[2]
    metre = 1 / (111_320 * 0.814)
    found = page.evaluate(
        """(places) => {
          const water = zoningMap.state.opened.find((zones) => zones.layer.id === 'drinking-water');
          const told = (hits) => hits.map(({ zones, i, certain }) => [zones.ids[i], certain]);
          return Promise.all(places.map((place) => water.at(place, 1).then(told)));
        }""",
        [[east + step * metre, zoning_world.PLANTED[1]] for step in (-3, 5, 30)],
    )
    assert found == [[["W2", True]], [["W2", False]], []]


def test_search_finds_a_unit_code_a_name_and_a_place(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    box = page.get_by_role("combobox").first
    box.fill(zoning_world.UNIT)
    options = page.locator("#found [role=option]")
    expect(options.first).to_contain_text("一般管控单元")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    expect(page.locator(".here .zone-card")).to_have_attribute("data-zone", f"management-units/{zoning_world.UNIT}")
    expect(page.locator("input[data-layer=management-units]")).to_be_checked()
    box.fill("二级区")
    expect(options.first).to_contain_text("下孔村二级区")
    box.fill("不存在的分区")
    expect(options.first).to_have_text("没有找到“不存在的分区”。")
    box.fill("112.401 35.486")
    page.keyboard.press("Enter")
    expect(page.locator(".here .place")).to_contain_text("112°24′03.60″E")
    box.fill("112°24′03.6″E 35°29′09.6″N")
    expect(options.first).to_contain_text("35°29′09.60″N")


def test_switching_a_layer_changes_legend_and_picture(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    line = page.locator('.legend [data-key="drinking-water/level-2"]')
    expect(line).to_be_visible()
    ink = """() => [...document.querySelectorAll('.leaflet-zones-pane canvas')].reduce((n, c) => n
        + c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length, 0)"""
    before = page.evaluate(ink)
    page.locator("input[data-layer=drinking-water]").uncheck()
    expect(line).to_be_hidden()
    until(page, f"({ink})() < {before}")
    page.locator("input[data-layer=drinking-water]").check()
    expect(line).to_be_visible()
    go(page, (112.47, 35.42), 13)
    expect(line).to_be_hidden()  # on, but outside the view
    expect(page.locator('.legend [data-key="permanent-basic-farmland/field"]')).to_be_visible()


def test_a_zone_of_three_metres_is_seen_on_the_whole_map(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    expect(page.locator(".legend [data-sign=dot]")).to_be_visible()
    well = zoning_world.WELL.centroid
    x, y = pixel(page, (well.x, well.y))
    bare = page.locator("input[data-layer=drinking-water]")
    clip: Any = {"x": x - 3, "y": y - 3, "width": 6, "height": 6}
    with_dot = page.screenshot(clip=clip)
    bare.uncheck()
    until_true(page, lambda: page.screenshot(clip=clip) != with_dot)


def test_opacity_is_heard_by_the_drawing(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    slider = page.locator("input[data-opacity=drinking-water]")
    slider.evaluate("s => { s.value = 30; s.dispatchEvent(new Event('input')); }")
    assert page.evaluate("zoningMap.state.drawing.state.get('drinking-water').opacity") == 0.3


def test_hostile_names_are_shown_as_text(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.mouse.click(*pixel(page, (112.45, 35.425)))
    expect(page.locator(".here")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_role("combobox").first.fill("</script>")
    expect(page.locator("#found [role=option]").first).to_contain_text("window.hacked")
    assert page.evaluate("window.hacked") is None
    assert map_world.HOSTILE in page.evaluate("zoningMap.state.opened.flatMap((z) => z.names)")
