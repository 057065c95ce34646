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
    page.locator(".finder input").fill("no such thing")
    expect(page.locator(".found li")).to_have_count(1)
    expect(page.locator(".found button")).to_have_count(0)
