"""The map of a batch in a real browser without a network: drawn, switched, searched, clicked, measured, printed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page, expect
from pyproj import Transformer

import batch_world
from kept_pages import KeptPages
from long_runs import times
from map_pages import grave
from zoning.batch.executors import Serial
from zoning.batch.folder import Manifest, work_folder
from zoning.batch.overview.gathering import KINDS, Overview
from zoning.batch.overview.page import REFUSED_COLOUR, Subject, render_overview
from zoning.batch.running import Course, Outputs, compute, publish
from zoning.batch.tally import Tally
from zoning.cli.batch_map import write_map
from zoning.cli.session import Session
from zoning.overlay.plane import MeasuringPlane
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text

SITES = 60
PHONE: Any = {"width": 390, "height": 844}
CENTRE = """() => { const p = zoningMap.state.view; const { x, y } = p.size();
    const box = p.element.getBoundingClientRect(); return [box.x + x / 2, box.y + y / 2]; }"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("overview")
    world = batch_world.make_world(folder, SITES)
    job, out, course = world.job, folder / "r.csv", Course()
    with work_folder(out, Manifest(job.identity, 16, None), resume=False, restart=False) as parts:
        compute(job, world.rows(), parts, Serial(), course, lambda _: None)
        tally = publish(job, world.workspace, parts, Outputs(out), course.read)
        for language in ("zh", "en"):
            session = Session("zh" if language == "zh" else "en", environ={})
            write_map(session, world.workspace, job, parts, tally, folder / f"{language}.html", "sites.geojson")
    return {language: folder / f"{language}.html" for language in ("zh", "en")}


@pytest.fixture
def opened(pages_of_screens: KeptPages) -> Iterator[Any]:
    """Return what opens a page; at the end nothing may have been asked for or complained of."""
    troubles: list[str] = []

    def open_page(path: Path, link: str = "", **options: Any) -> Page:
        page = pages_of_screens.lend(**options)
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else troubles.append(asked.url))
        page.goto(path.as_uri() + link)
        page.locator("html[data-ready=yes]").wait_for(state="attached")
        return page

    yield open_page
    assert troubles == []


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest, opened: Any, pages: dict[str, Path]) -> Page:
    found: Page = opened(pages[request.param])
    return found


def drawn(page: Page) -> int:
    return int(page.evaluate("zoningMap.state.places.seen()"))


def find(page: Page, text: str) -> None:
    page.get_by_role("combobox").first.fill(text)
    page.keyboard.press("Enter")


def said(page: Page, zh: str, en: str) -> str:
    return zh if page.locator("html").get_attribute("lang") != "en" else en


def test_all_footprints_are_drawn_and_can_be_switched_off(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["en"])
    assert drawn(page) == SITES
    permitted = page.locator("li.permitted")
    count = int(permitted.locator("b").inner_text())
    assert 0 < count < SITES
    line = page.locator(f'.legend li[data-kind="{KINDS.index("permitted")}"]')
    expect(line).to_be_visible()
    permitted.locator("input").uncheck()
    assert drawn(page) == SITES - count
    expect(line).to_be_hidden()
    permitted.locator("input").check()
    assert drawn(page) == SITES


def test_a_click_shows_the_row(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"])
    page.evaluate("zoningMap.state.open(0, true); zoningMap.state.map.closePopup()")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.mouse.click(*page.evaluate(CENTRE))
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块0")


def test_a_footprint_is_found_by_id_and_a_place_by_its_coordinates(page: Page) -> None:
    page.get_by_role("combobox").first.fill("S17")
    found = page.locator("#found [role=option]")
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块17")
    find(page, "S23")
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块23")
    page.get_by_role("combobox").first.fill("地块")
    expect(found).to_have_count(13)
    expect(found.last).to_have_text(said(page, "还有 48 条，请输入更多字。", "48 more: type more letters."))
    page.get_by_role("combobox").first.fill("no such thing")
    zh = "图上没有找到“no such thing”；没有图形的记录请查结果表"
    en = "“no such thing” is not on the map; records with nothing to draw are in the table of results"
    expect(found).to_have_text(said(page, zh, en))
    find(page, "112.4 35.5")
    view = page.evaluate("zoningMap.state.view.get()")
    assert (view["lon"], view["lat"]) == pytest.approx((112.4, 35.5), abs=1e-5)


def test_a_row_tells_what_was_not_checked(page: Page) -> None:
    """Where nothing is touched because nothing is known, the page must not say that nothing is touched."""

    def labels(name: str) -> list[str]:
        find(page, name)
        expect(page.locator(".leaflet-popup .name")).to_have_text(f"地块{name.removeprefix('S')}")
        return page.locator(".leaflet-popup .label").all_inner_texts()[1:]

    nothing = said(page, "不涉及任何图层", "touches no layer")
    known = said(page, "有数据的图层均不涉及", "touches no layer that has data")
    unchecked = said(page, "数据缺失，未核查", "no data, not checked")
    found = {name: labels(name) for name in ("S1", "S4", "S5", "S7", "S8", "S10", "S11", "S13")}
    assert [known, unchecked] in found.values()
    assert [nothing] in found.values()


def test_the_language_switches_in_the_page_and_back(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"])
    page.locator(".zone-list > summary").click()
    find(page, "S17")
    before = page.locator("body").inner_text()
    page.locator("[data-tool=language]").click()
    text = page.locator("body").inner_text()
    assert "60 footprints" in text
    assert page.locator(".leaflet-popup .label").first.inner_text() == "row 18 · S17"
    for word in ("个地块", "公顷", "未核查", "判定", "图例", "第 18 行"):
        assert word in before
        assert word not in text, word
    expect(page.get_by_label("Measure a distance")).to_be_visible()
    page.locator("[data-tool=language]").click()
    assert page.locator("body").inner_text() == before


def test_both_pages_say_the_same_after_a_switch(opened: Any, pages: dict[str, Path]) -> None:
    english = opened(pages["en"]).locator(".sheet").inner_text()
    page = opened(pages["zh"])
    page.locator("[data-tool=language]").click()
    assert page.locator(".sheet").inner_text() == english


def test_measured_area_is_that_of_the_engine(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["en"])
    page.locator("[data-tool=area]").click()
    box = page.locator("#map").bounding_box()
    for x, y in ((300, 300), (700, 320), (650, 600)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(350)  # two clicks at once would end it
    points = page.evaluate("zoningMap.state.measure.points()")
    expected = MeasuringPlane(35.5).area_m2(shapely.Polygon(points), "EPSG:4490", step_m=85.0)
    assert page.evaluate("zoningMap.state.measure.results().area") == pytest.approx(expected, rel=1e-6)
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".measure-box")).to_be_hidden()


def test_coordinates_under_the_pointer(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"], "#view=112.4,35.5,17")
    page.mouse.move(*page.evaluate(CENTRE))
    shown = re.search(r"37带\s+X (\d+\.\d)\s+Y (\d+\.\d)", page.locator(".readout").inner_text())
    assert shown is not None
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(112.4, 35.5)
    assert (float(shown[1]), float(shown[2])) == pytest.approx((north, east), abs=1.5)


def test_a_link_restores_view_decisions_footprint_and_language(opened: Any, pages: dict[str, Path]) -> None:
    first = opened(pages["zh"])
    find(first, "S17")
    first.locator("li.permitted input").uncheck()
    find(first, "S17")
    first.locator("[data-tool=language]").click()
    link = first.evaluate("window.location.hash")
    view = first.evaluate("zoningMap.state.view.get()")
    second = opened(pages["zh"], link)
    expect(second.locator(".leaflet-popup .name")).to_have_text("地块17")
    assert second.locator("html").get_attribute("lang") == "en"
    assert second.evaluate("zoningMap.state.view.get()") == pytest.approx(view, abs=0.01)
    boxes = ".kinds input:checked"
    assert second.locator(boxes).count() == first.locator(boxes).count()
    harmless = opened(pages["zh"], "#view=a,b&layers=none,%3Cscript%3E&at=1&lang=xx")
    assert drawn(harmless) == 0  # as the link says: no decision is on


def test_everything_can_be_reached_with_keys(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["en"])
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the map")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_focused()
    expect(page.locator(".cross")).to_be_visible()
    lon, lat = page.evaluate("zoningMap.state.places.where(0)")
    page.evaluate("(at) => zoningMap.state.view.set({ ...at, zoom: 15 })", {"lon": lon, "lat": lat})
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块0")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.evaluate("zoningMap.state.view.set({ lon: 112.7, lat: 35.9, zoom: 15 })")
    page.locator("#map").press("Enter")
    expect(page.locator(".said")).to_have_text("no footprint under the cross")
    page.locator("[data-skip=list]").press("Enter")
    expect(page.locator("#list-kind")).to_be_focused()
    count = page.evaluate("Number(document.querySelector('.kinds li b').textContent)")
    expect(page.locator(".zone-table tbody tr")).to_have_count(count)
    page.locator(".zone-table tbody button").first.press("Enter")
    expect(page.locator(".leaflet-popup")).to_have_count(1)


def test_paper_has_the_map_in_its_size_and_no_tools(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box = page.locator("#map").bounding_box()
    assert (round(box["width"]), round(box["height"])) == (680, 470)
    assert page.locator("canvas.places").evaluate("canvas => canvas.width") == 3 * 680  # 288 dots per inch
    assert drawn(page) == SITES
    for name in (".tools", ".finder", ".readout", ".zone-list"):
        expect(page.locator(name)).to_be_hidden()
    expect(page.locator(".legend li").first).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tools")).to_be_visible()


def test_on_a_telephone_all_is_in_reach_and_the_row_is_seen_whole(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"], **PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for tool in page.locator(".tools button").all():
        box = tool.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 36
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.locator(".stage").evaluate("stage => stage.clientHeight") > 500
    expect(page.locator(".kinds")).to_be_hidden()
    page.locator("[data-opens=findings]").tap()
    expect(page.locator(".kinds")).to_be_in_viewport(ratio=1)
    page.locator("[data-opens=list]").tap()
    expect(page.locator(".kinds")).to_be_hidden()
    expect(page.locator(".zone-table tbody tr").first).to_be_visible()
    assert grave(page) == []
    find(page, "S17")
    expect(page.locator(".zone-table")).to_be_hidden()
    popup = page.locator(".leaflet-popup")
    expect(popup).to_be_in_viewport(ratio=1)
    # The id is told, and a number that stands for one is not told twice.
    expect(popup.locator(".label").first).to_have_text("第 18 行 · S17")


def test_axe_finds_no_grave_fault(page: Page) -> None:
    page.locator(".zone-list > summary").click()
    find(page, "S17")
    page.locator("[data-tool=area]").click()
    assert grave(page) == []


@pytest.mark.parametrize("width", [768, 1400, 1024, 1200][: times(2, 4)])
def test_nothing_lies_on_the_scale_the_mark_or_the_coordinates(opened: Any, pages: dict[str, Path], width: int) -> None:
    page = opened(pages["en"], width=width, height=800)
    names = (".scale-bar", ".stamp", ".readout", ".legend")
    boxes = [page.locator(name).bounding_box() for name in names if page.locator(name).is_visible()]
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            aside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            assert aside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_a_crowd_has_the_colours_of_its_decisions_the_strictest_on_top(
    opened: Any, tmp_path: Path, stylebook: Stylebook
) -> None:
    """9,000 places in rows of 300; every place of the first row bears all five kinds, the mildest first."""
    count, row = 9_000, 300
    numbers = np.arange(count)
    places = np.column_stack((112_000_000 + (numbers % row) * 3_000, 35_000_000 + (numbers // row) * 3_000))
    kinds = np.zeros(count, dtype=np.uint8)
    many = np.repeat(places[:row], len(KINDS), axis=0)
    overview = Overview(
        [np.vstack((places, many)).astype("<i4")],
        [np.append(kinds, np.tile(range(len(KINDS)), row)).astype(np.uint8)],
        [np.arange(1, count + len(many) + 1, dtype="<i4")],
    )
    subject = Subject("s", "2026-06-01", Text("示意", "schematic"), schematic=True, territories=(), layers={}, rules={})
    path = tmp_path / "crowd.html"
    path.write_text(render_overview(overview, subject, Tally(()), stylebook.outcomes, "en"), encoding="utf-8")
    page = opened(path)
    assert drawn(page) == count + len(many)
    colours = page.evaluate(
        """(numbers) => {
          const { view, places } = zoningMap.state;
          const canvas = document.querySelector('canvas.places');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return numbers.map((i) => {
            const { x, y } = view.project(places.where(i));
            const first = 4 * (Math.round(y) * canvas.width + Math.round(x));
            return [...data.slice(first, first + 3)];
          });
        }""",
        [row + 10, count - 1, 10, row - 1],
    )
    hexes = ["#" + "".join(f"{part:02X}" for part in colour) for colour in colours]
    mild = stylebook.outcomes.decisions["permitted"].colour.upper()
    # A refused one lies on top: nothing at all is known of it.
    assert hexes == [mild, mild, REFUSED_COLOUR, REFUSED_COLOUR]
    page.evaluate("zoningMap.state.view.set({ lon: 112.45, lat: 35.03, zoom: 15 })")
    assert 0 < drawn(page) < 2_000
