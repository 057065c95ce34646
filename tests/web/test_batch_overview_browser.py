"""The map of a batch in a real browser without a network: drawn, switched, searched, clicked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import batch_world
from zoning.batch.executors import Serial
from zoning.batch.folder import Manifest, work_folder
from zoning.batch.running import Course, Outputs, compute, publish
from zoning.cli.batch_map import write_map
from zoning.cli.session import Session

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SITES = 60


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


@pytest.fixture(scope="module")
def browser(chromium: str, cjk_fonts: tuple[str, ...]) -> Iterator[Browser]:
    assert cjk_fonts
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, pages: dict[str, Path]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda asked: None if asked.url.startswith("file:") else troubles.append(asked.url))
    opened.goto(pages[request.param].as_uri())
    yield opened
    context.close()
    assert troubles == []


def drawn(page: Page) -> int:
    return int(page.evaluate("zoningOverview.seen()"))


def test_all_footprints_are_drawn_and_can_be_switched_off(page: Page) -> None:
    assert drawn(page) == SITES
    permitted = page.locator("li.permitted")
    count = int(permitted.locator("b").inner_text())
    assert 0 < count < SITES
    permitted.locator("input").uncheck()
    assert drawn(page) == SITES - count
    permitted.locator("input").check()
    assert drawn(page) == SITES


def test_a_click_shows_the_row(page: Page) -> None:
    at = page.evaluate(
        "(() => { const box = document.getElementById('map').getBoundingClientRect();"
        " zoningOverview.open(0, true); zoningOverview.map.closePopup();"
        " const p = zoningOverview.map.getSize().divideBy(2); return [box.x + p.x, box.y + p.y]; })()"
    )
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.mouse.click(*at)
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块0")


def test_a_footprint_is_found_by_id(page: Page) -> None:
    page.locator(".finder input").fill("S17")
    found = page.locator(".found button")
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块17")
    page.locator(".finder input").fill("S23")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .name")).to_have_text("地块23")
    page.locator(".finder input").fill("no such thing")
    expect(page.locator(".found li")).to_have_text(
        said(
            page,
            "图上没有找到；没有图形的记录请查结果表",
            "not on the map; records with nothing to draw are in the table of results",
        )
    )
    expect(page.locator(".found button")).to_have_count(0)


def said(page: Page, zh: str, en: str) -> str:
    return zh if page.locator("html").get_attribute("lang") != "en" else en


def test_a_row_tells_what_was_not_checked(page: Page) -> None:
    """Where nothing is touched because nothing is known, the page must not say that nothing is touched."""

    def labels(name: str) -> list[str]:
        page.locator(".finder input").fill(name)
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup .name")).to_have_text(f"地块{name.removeprefix('S')}")
        return page.locator(".leaflet-popup .label").all_inner_texts()[1:]

    nothing = said(page, "不涉及任何图层", "touches no layer")
    known = said(page, "有数据的图层均不涉及", "touches no layer that has data")
    unchecked = said(page, "数据缺失，未核查", "no data, not checked")
    found = {name: labels(name) for name in ("S1", "S4", "S5", "S7", "S8", "S10", "S11", "S13")}
    assert [known, unchecked] in found.values()
    assert [nothing] in found.values()


def test_on_a_telephone_the_row_is_seen_whole(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    page = context.new_page()
    page.goto(pages["zh"].as_uri())
    page.locator(".finder input").scroll_into_view_if_needed()
    page.locator(".finder input").fill("S17")
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup).to_be_in_viewport(ratio=1)
    # The id is told, and a number that stands for one is not told twice.
    expect(popup.locator(".label").first).to_have_text("第 18 行 · S17")
    context.close()
