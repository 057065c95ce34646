"""The tools of the site map in a real browser: search, measuring, address of a view, switch of language, axe-core."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from kept_pages import Screen
from map_pages import grave
from zoning.maps.content import MapContent
from zoning.maps.product import SiteMap
from zoning.maps.web_map import render_site_map
from zoning.overlay.plane import MeasuringPlane
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def files(
    map_content: MapContent, product: SiteMap, stylebook: Stylebook, tmp_path_factory: pytest.TempPathFactory
) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("tools")
    found: dict[Language, Path] = {}
    for language in ("zh", "en"):
        found[language] = folder / f"{language}.html"
        page = render_site_map(map_content, language=language, product=product, stylebook=stylebook)
        found[language].write_text(page, encoding="utf-8")
    return found


@pytest.fixture
def page(wide: Screen) -> Iterator[Page]:
    opened = wide.new_page()
    troubles: list[str] = []
    opened.on("console", lambda told: troubles.append(told.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    assert troubles == []


def open_page(page: Page, path: Path, link: str = "") -> None:
    page.goto(path.as_uri() + link)
    expect(page.locator("svg path.site")).to_have_count(1)


def test_search_finds_a_unit_code_and_shows_its_card(page: Page, files: dict[Language, Path]) -> None:
    open_page(page, files["zh"])
    units = page.locator("input[data-layer=management-units]")
    expect(units).not_to_be_checked()
    page.get_by_role("combobox").fill("ZH14052230001")
    expect(page.locator("#found [role=option]").first).to_contain_text("一般管控")
    page.keyboard.press("Enter")
    expect(units).to_be_checked()
    expect(page.locator(".leaflet-popup")).to_contain_text("ZH14052230001")


def test_measured_area_is_that_of_the_engine(page: Page, files: dict[Language, Path]) -> None:
    open_page(page, files["en"])
    page.locator("[data-tool=area]").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x, y in ((300, 300), (700, 320), (650, 600)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(350)
    points = page.evaluate("zoningMap.state.measure.points()")
    assert len(points) == 3
    expected = MeasuringPlane(35.5).area_m2(shapely.Polygon(points), "EPSG:4490", step_m=85.0)
    assert page.evaluate("zoningMap.state.measure.results().area") == pytest.approx(expected, rel=1e-6)
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".measure-box")).to_be_hidden()


def test_a_link_restores_view_layers_place_and_language(page: Page, files: dict[Language, Path]) -> None:
    link = "#view=112.4021,35.4862,14.50&layers=management-units&at=112.4021,35.4862&lang=en"
    open_page(page, files["zh"], link)
    assert page.evaluate("document.documentElement.lang") == "en"
    checked = page.locator("input[data-layer]:checked").evaluate_all("boxes => boxes.map((b) => b.dataset.layer)")
    assert checked == ["management-units"]
    expect(page.locator(".leaflet-popup .zone-card")).to_have_count(1)
    view = page.evaluate("zoningMap.state.view.get()")
    assert view["zoom"] == pytest.approx(14.5, abs=0.3)
    page.locator("input[data-layer=management-units]").uncheck()
    assert "layers=&" in page.evaluate("window.location.hash")


def test_the_language_switches_all_texts_and_back(page: Page, files: dict[Language, Path]) -> None:
    open_page(page, files["zh"])
    page.locator("input[data-layer=management-units]").check()
    parts = page.locator(".answer, .legend, .sheet, .tools")
    before = parts.all_inner_texts()
    page.locator("[data-tool=language]").click()
    text = page.locator("body").inner_text()
    assert "Prohibited" in text
    assert "not affected" in text
    for word in ("判定不通过", "公顷", "未核查", "图例"):
        assert any(word in part for part in before)
        assert word not in text, word
    assert page.title().startswith("Prohibited · ")
    expect(page.locator("input[data-layer=management-units]")).to_be_checked()
    expect(page.locator('.legend [data-key="management-units/general"]')).to_be_visible()
    page.locator('.finding[data-rule="R042-yc"] summary').hover()
    expect(page.locator(".leaflet-pane.leaflet-light-pane path")).to_have_count(2)
    page.mouse.move(900, 600)
    page.locator("[data-tool=language]").click()
    assert parts.all_inner_texts() == before


def test_popups_speak_the_language_of_the_page(page: Page, files: dict[Language, Path]) -> None:
    open_page(page, files["zh"])
    page.locator("[data-tool=language]").click()
    page.locator("path.conflict.prohibited").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("overlap with the site")
    expect(page.locator(".leaflet-popup")).not_to_contain_text("公顷")


def test_both_pages_show_the_same_after_a_switch(page: Page, files: dict[Language, Path]) -> None:
    open_page(page, files["en"])
    english = page.locator(".sheet").inner_text()
    open_page(page, files["zh"])
    page.locator("[data-tool=language]").click()
    assert page.locator(".sheet").inner_text() == english


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_grave_fault(page: Page, files: dict[Language, Path], language: Language) -> None:
    open_page(page, files[language])
    page.locator("path.conflict.prohibited").focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup .zone-card").first.wait_for()
    page.locator("details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    assert grave(page) == []


def test_on_a_phone_the_tools_are_in_reach(phone: Screen, files: dict[Language, Path]) -> None:
    page = phone.new_page()
    open_page(page, files["en"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for tool in page.locator(".tools button").all():
        box = tool.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"] - 46
    assert grave(page) == []
