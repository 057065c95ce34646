"""What people meet on the pages of a check besides the answer: light on the map, paper, names that can be read."""

import io
from itertools import combinations
from pathlib import Path
from unicodedata import normalize

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from live_server import Live
from map_pages import until

EXAMPLE = Path(__file__).parents[2] / "examples" / "school.geojson"
RULE, ANCHOR = "ECO-286", "第二百八十六条"
BOXES = "elements => elements.map(element => element.getBoundingClientRect().toJSON())"


def verdict(page: Page) -> None:
    """Check a file."""
    page.goto("/check")
    page.set_input_files("#file", EXAMPLE)
    page.click("button.large")
    page.wait_for_url("**/checks/*")


def test_a_finding_that_is_pointed_at_is_lit_in_the_frame_of_the_map(live: Live) -> None:
    page = live.page("reviewer")
    page.route("**/questions?part=1", lambda route: route.fulfill(body="", content_type="text/html"))
    verdict(page)
    page.frame_locator("iframe.verdict-map").locator(".leaflet-container").wait_for(timeout=60_000)
    frame = page.frames[1]
    until(frame, "zoningMap.state && zoningMap.state.light")
    finding = page.locator(f".finding[data-rule={RULE}]").first
    finding.hover()
    until(frame, "zoningMap.state.light.isOn()")
    page.mouse.move(1, 1)
    until(frame, "!zoningMap.state.light.isOn()")
    finding.locator("summary").focus()
    until(frame, "zoningMap.state.light.isOn()")


def test_on_paper_findings_are_open_and_afterwards_as_they_were(live: Live) -> None:
    page = live.page("reviewer")
    for pattern in ("**/map?site=*", "**/questions?part=1"):
        page.route(pattern, lambda route: route.fulfill(body="", content_type="text/html"))
    verdict(page)
    expect(page.locator(".finding").first).to_be_visible()
    closed = page.locator("main details:not([open])").count()
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    # Chromium writes some characters as the radicals that look like them.
    assert ANCHOR in normalize("NFKC", "".join(text.split())), "the basis of a finding is not on the paper"
    assert page.locator("main details:not([open])").count() == closed


def test_names_on_the_map_to_draw_on_do_not_lie_on_each_other(live: Live) -> None:
    page = live.page("reviewer")
    page.goto("/check#draw")
    page.locator("#draw-place option").nth(2).wait_for(state="attached")
    page.select_option("#draw-place", "阳城县")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".draw-name").filter(has_text="凤城镇")).to_be_visible()
    # All at once: names come and go as tiles of the map arrive.
    boxes = page.locator(".draw-name").filter(visible=True).evaluate_all(BOXES)
    assert len(boxes) > 1
    for one, other in combinations(boxes, 2):
        apart_x = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
        apart_y = one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1
        assert apart_x or apart_y, (one, other)


def test_whoever_has_no_file_tries_the_example(live: Live) -> None:
    page = live.page("planner")
    for pattern in ("**/map?site=*", "**/questions?part=1"):
        page.route(pattern, lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("/check")
    page.click("#try")
    expect(page.locator("#text")).to_have_value(str(page.locator("#text").get_attribute("placeholder")))
    page.click("button.large")
    page.wait_for_url("**/checks/*")
    expect(page.locator(".crumbs")).to_contain_text("示例地块")
