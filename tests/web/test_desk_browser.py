"""The dashboard in a real browser without a network: coloured, searched, opened, filtered, measured, on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk_world import HOSTILE, make_desk
from kept_pages import KeptPages
from map_pages import grave
from zoning.mines.dashboard import packing
from zoning.mines.dashboard.page import render_dashboard

PHONE: Any = {"width": 390, "height": 844}
PARCELS = 60
INSIDE = ("file:", "data:")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, desk = tmp_path_factory.mktemp("desk"), make_desk(PARCELS)
    found = {"zh": folder / "zh.html", "en": folder / "en.html"}
    found["zh"].write_text(render_dashboard(desk, "zh"), "utf-8")
    found["en"].write_text(render_dashboard(desk, "en"), "utf-8")
    return found


@pytest.fixture
def opened(pages_of_screens: KeptPages) -> Iterator[Any]:
    """Return what opens a page; at the end nothing may have been asked for or complained of."""
    troubles: list[str] = []

    def open_page(path: Path, link: str = "", **options: Any) -> Page:
        page = pages_of_screens.lend(**options)
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request", lambda asked: None if asked.url.startswith(("file:", "data:")) else troubles.append(asked.url)
        )
        page.goto(path.as_uri() + link)
        page.locator("html[data-ready=yes]").wait_for(state="attached")
        return page

    yield open_page
    assert troubles == []


@pytest.fixture
def page(opened: Any, pages: dict[str, Path]) -> Page:
    found: Page = opened(pages["zh"])
    return found


def drawn(page: Page) -> int:
    return int(page.evaluate("zoningMap.state.places.seen()"))


def test_themes_colour_the_map_and_change_the_legend(page: Page) -> None:
    assert drawn(page) == PARCELS - 1
    legend = page.locator(".legend li")
    assert legend.all_inner_texts() == ["已发现", "施工中", "已销号"]
    page.select_option("#theme", label="修复方向")
    assert legend.all_inner_texts() == ["宜林", "未研判"]
    page.locator('.kinds[data-theme="1"] input').first.uncheck()
    assert drawn(page) == (PARCELS - 1) // 2
    assert legend.all_inner_texts() == ["未研判"]


def test_the_record_shows_every_section_the_curve_and_the_picture(page: Page) -> None:
    page.evaluate("zoningMap.state.open(0, true)")
    panel = page.locator(".card-panel")
    expect(panel.locator("h2")).to_have_text("14052200000000")
    expect(panel.locator(".due.overdue")).to_have_text("应于 2025-12-31 前完成验收")
    expect(panel.locator(".facts")).to_have_text("优先顺序第 1 位1.0000 公顷（15.00 亩）凤城镇")
    assert panel.locator("h3").all_inner_texts() == ["植被指数", "基本信息", "问题清单"]
    assert panel.locator("dt").all_inner_texts() == ["图斑大类", "主体", "截排水沟未完成"]
    assert panel.locator("dd").all_inner_texts() == ["历史遗留矿山", "ZT0", "未销号"]
    expect(panel.locator("svg.curve circle")).to_have_count(11)
    # Two strokes: nothing leads over the date without pixels.
    assert str(panel.locator("path.measured").get_attribute("d")).count("M") == 2
    assert page.evaluate("document.querySelector('.photos img').naturalWidth") == 32
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_click_opens_what_is_there(page: Page) -> None:
    page.evaluate("zoningMap.state.open(7, true)")
    page.keyboard.press("Escape")
    at = page.evaluate(
        """() => { const [lon, lat] = zoningMap.state.places.where(7); const p = zoningMap.state.view;
           const at = p.project([lon, lat]); const box = p.element.getBoundingClientRect();
           return [box.x + at.x, box.y + at.y]; }"""
    )
    page.mouse.click(*at)
    expect(page.locator(".card-panel h2")).to_have_text("东山采石场7")
    expect(page.locator(".card-panel header .note")).to_have_text("14052200000007")


def test_search_finds_by_number_name_and_township(page: Page) -> None:
    box = page.get_by_role("combobox").first
    box.fill("14052200000005")
    page.keyboard.press("Enter")
    expect(page.locator(".card-panel h2")).to_have_text("东山采石场5")
    box.fill("北留镇")
    expect(page.locator("#found [role=option]").first).to_contain_text("北留镇")
    box.fill(f"{HOSTILE[9:14]}")
    page.keyboard.press("Enter")
    expect(page.locator(".card-panel h2")).to_have_text(HOSTILE)


def test_the_list_filters_and_sorts(page: Page) -> None:
    rows = page.locator(".zone-table tbody tr")
    expect(rows).to_have_count(60)
    page.select_option("#list-group", "凤城镇")
    expect(rows).to_have_count(20)
    page.select_option("#list-sort", "area")
    expect(rows.first.locator("td").last).to_have_text("1.0057")
    page.select_option("#list-group", "")
    page.locator("button.due.overdue").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("14052200000000")
    expect(page.locator("#list-due")).to_be_focused()


def test_a_parcel_without_a_place_is_listed_and_says_so(page: Page) -> None:
    box = page.get_by_role("combobox").first
    box.fill("14052200000059")
    page.keyboard.press("Enter")
    expect(page.locator(".card-panel")).to_contain_text("没有位置，图上不显示")


def test_the_link_brings_back_theme_and_record(opened: Any, pages: dict[str, Path], page: Page) -> None:
    page.evaluate("zoningMap.state.choose(1); zoningMap.state.open(9, true)")
    link = page.evaluate("location.hash")
    again = opened(pages["zh"], link)
    assert again.locator("#theme").input_value() == "1"
    expect(again.locator(".card-panel h2")).to_have_text("东山采石场9")


def test_english_says_everything_in_english(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["en"])
    page.evaluate("zoningMap.state.open(0, true)")
    told = page.locator(".card-panel").inner_text()
    assert "priority 1" in told
    assert "historic" in told
    page.locator("[data-tool=language]").click()
    assert "优先顺序第 1 位" in page.locator(".card-panel").inner_text()


def test_a_large_page_is_unpacked_in_the_browser(opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGE", 100)
    path = tmp_path / "large.html"
    path.write_text(render_dashboard(make_desk(PARCELS), "zh"), "utf-8")
    assert path.read_text("utf-8").count('type="application/gzip"') == 3
    page = opened(path)
    assert drawn(page) == PARCELS - 1
    page.evaluate("zoningMap.state.open(0, true)")
    assert page.locator(".card-panel dt").all_inner_texts() == ["图斑大类", "主体", "截排水沟未完成"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_shows_it_without_scrolling_sideways(opened: Any, pages: dict[str, Path], language: str) -> None:
    page = opened(pages[language], **PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator('.tabs [data-opens="list"]').click()
    page.locator(".zone-table button").first.click()
    box = page.locator(".card-panel").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE["width"])


@pytest.mark.parametrize("open_card", [False, True])
def test_no_grave_fault_of_accessibility(page: Page, open_card: bool) -> None:
    if open_card:
        page.evaluate("zoningMap.state.open(0, true)")
    assert grave(page) == []
