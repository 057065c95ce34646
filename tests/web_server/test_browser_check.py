"""The check page in a real browser: every way to hand in a site, questions, verdict, map, report."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from shapely.geometry import Polygon

from live_server import BOTH, Live, grave, overflow
from long_runs import times
from zoning.overlay.plane import MeasuringPlane
from zoning.texts import Language

HAUL_ROAD_M = "12"
# What is handed in, and the decision of the command line on the day of the test.
SITES = (
    "school.geojson",
    "coal-panels.gpkg",
    "haul-road.kml",
    "lodge.zip",
    "processing-plant.txt",
    "viewing-platform.txt",
)
SQUARE = [[112.4000, 35.4800], [112.4005, 35.4800], [112.4006, 35.4805], [112.4000, 35.4804]]


def hand_in(page: Page, path: Path) -> None:
    """Choose a file, send it, and wait for the page of the check."""
    page.goto("/check")
    page.set_input_files("#file", path)
    page.click("button.large")
    page.wait_for_url("**/checks/*")


def spared(page: Page) -> Page:
    """Spare the worker what a test does not look at: maps and questions."""
    return without_map(without_questions(page))


def without_map(page: Page) -> Page:
    page.route("**/map?site=*", lambda route: route.fulfill(body="", content_type="text/html"))
    return page


def without_questions(page: Page) -> Page:
    page.route("**/questions?part=1", lambda route: route.fulfill(body="", content_type="text/html"))
    return page


def decision(page: Page) -> str:
    """Return the word of the answer card."""
    return str(page.locator(".answer h1").text_content())


def draw_map(page: Page) -> Locator:
    """Open the map to draw on, and wait until the names of territories are there."""
    page.goto("/check")
    page.click("#tab-draw")
    page.locator("#draw-place option").nth(2).wait_for(state="attached")
    return page.locator("#draw-map")


def test_every_example_comes_to_the_verdict_of_the_command_line(live: Live) -> None:
    page = spared(live.page("reviewer"))
    for name in SITES[: times(4, len(SITES))]:
        hand_in(page, live.world.root / "examples" / name)
        if name == "haul-road.kml":
            expect(page.locator("h1")).to_have_text("没有读出地块")
            expect(page.locator("[name=width]")).to_be_focused()
            page.fill("[name=width]", HAUL_ROAD_M)
            page.click("text=再读一次")
            page.locator(".answer").wait_for()
        told = page.request.get(page.url + "/verdict.json").json()
        first = told[0] if isinstance(told, list) else told
        assert decision(page) == live.decision_word(first["decision"])
        expect(page.locator(".sentence")).to_have_text(first["summary"]["zh"])
        assert page.locator(".site-name b").text_content() == first["site"]["name"]
        assert page.locator(".finding").count() == len(first["findings"])


def test_files_are_dropped(live: Live) -> None:
    page = spared(live.page("reviewer"))
    page.goto("/check")
    text = (live.world.root / "examples" / "school.geojson").read_text(encoding="utf-8")
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "拖入.geojson"));
            const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true });
            document.querySelector(".drop").dispatchEvent(drop);
        }""",
        text,
    )
    expect(page.locator(".chosen")).to_have_text("拖入.geojson")
    page.click("button.large")
    page.wait_for_url("**/checks/*")
    expect(page.locator(".crumbs")).to_contain_text("拖入.geojson")


def test_only_what_is_seen_is_sent(live: Live) -> None:
    page = spared(live.page("reviewer"))
    page.goto("/check")
    page.set_input_files("#file", live.world.root / "examples" / "lodge.zip")
    page.click("#tab-text")
    page.fill("#text", "\n".join(f"{lon} {lat}" for lon, lat in SQUARE))
    page.click("summary:has-text('名称')")
    page.fill("[name=title]", "粘贴地块")
    page.click("button.large")
    page.wait_for_url("**/checks/*")
    expect(page.locator(".crumbs")).to_contain_text("粘贴地块.txt")


def test_a_polygon_is_drawn_changed_and_checked(live: Live) -> None:
    page = spared(live.page("reviewer"))
    home = draw_map(page)
    page.evaluate("void zoningDraw.map.setView([35.485, 112.405], 15, { animate: false })")
    page.click("[data-draw=snap]")
    page.click("[data-draw=polygon]")
    box = home.bounding_box()
    assert box is not None
    for x, y in ((300, 150), (600, 150), (600, 350), (300, 350), (300, 150)):
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.click(box["x"] + x, box["y"] + y)
    drawn = page.evaluate("zoningDraw.polygons()")
    assert [len(ring) for ring in drawn[0]] == [4]
    shown = page.locator(".draw-area").text_content()
    page.click("[data-draw=undo]")
    expect(page.locator(".draw-area")).to_have_text("尚未绘制")
    expect(page.locator("[data-draw=undo]")).to_be_disabled()
    page.keyboard.press("Control+y")
    expect(page.locator(".draw-area")).to_have_text(str(shown))
    page.click("[data-draw=edit]")
    marker = page.locator(".leaflet-marker-icon.marker-icon:not(.marker-icon-middle)").first
    place = marker.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 6, place["y"] + 6)
    page.mouse.down()
    page.mouse.move(place["x"] - 60, place["y"] - 40, steps=4)
    page.mouse.up()
    changed = page.evaluate("zoningDraw.polygons()")
    assert sum(a != b for a, b in zip(changed[0][0], drawn[0][0], strict=True)) == 1
    shown = str(page.locator(".draw-area").text_content())
    page.click("button.large")
    page.wait_for_url("**/checks/*")
    expect(page.locator(".site-name b")).to_have_text("绘制地块")
    # The page measures as the engine does, to the last figure that is shown.
    told = page.request.get(page.url + "/verdict.json").json()
    assert shown.replace("\u00a0", " ") == f"{told['site']['area_ha']:,.4f} 公顷（{told['site']['area_mu']:,.2f} 亩）"


def test_the_drawing_is_measured_as_the_engine_measures(live: Live) -> None:
    page = live.page("reviewer")
    draw_map(page)
    plane = MeasuringPlane(live.world.server.workspace.file.latitude)
    for step in (1e-4, 1e-2, 0.5):
        ring = [[112.4, 35.4], [112.4 + step, 35.4], [112.4 + 1.3 * step, 35.4 + step], [112.4, 35.4 + 0.8 * step]]
        hole = [[112.4 + step * x, 35.4 + step * y] for x, y in ((0.2, 0.2), (0.4, 0.2), (0.4, 0.4))]
        page.evaluate("(state) => zoningDraw.put(state)", json.dumps([[ring, hole]]))
        found = float(str(page.locator(".draw-area").get_attribute("data-m2")))
        assert found == pytest.approx(plane.area_m2(Polygon(ring, [hole]), "EPSG:4490", step_m=10.0), rel=1e-7)


def test_drawing_snaps_to_the_borders_of_layers(live: Live) -> None:
    page = live.page("reviewer")
    home = draw_map(page)
    told = page.request.get("/map/layers/rivers?bbox=112.39,35.47,112.42,35.50").json()
    rings = [ring for feature in told["features"] for ring in _rings(feature["geometry"])]
    corner = next(p for ring in rings for p in ring if 112.40 < p[0] < 112.41 and 35.475 < p[1] < 35.495)
    page.evaluate("([lon, lat]) => void zoningDraw.map.setView([lat, lon], 17, { animate: false })", corner)
    page.wait_for_load_state("networkidle")
    page.click("[data-draw=polygon]")
    box = home.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((4, 3), (150, 10), (120, 120), (4, 3)):
        page.mouse.move(x + dx, y + dy)
        page.mouse.move(x + dx, y + dy + 1)
        page.mouse.click(x + dx, y + dy)
    first = page.evaluate("zoningDraw.polygons()")[0][0][0]
    assert first == pytest.approx(corner, abs=2e-8)


def _rings(geometry: dict[str, object]) -> list[list[list[float]]]:
    coordinates: list[list[list[float]]] = geometry["coordinates"]  # type: ignore[assignment]  # GeoJSON of polygons
    if geometry["type"] == "Polygon":
        return coordinates
    return [ring for polygon in coordinates for ring in polygon]  # type: ignore[misc]  # GeoJSON of polygons


def test_coordinates_are_typed(live: Live) -> None:
    page = live.page("reviewer")
    draw_map(page)
    page.click("summary:has-text('键入坐标')")
    page.fill("#typed", "112.4 35.48\n112.41，35.48\n")
    page.click("[data-draw=apply]")
    expect(page.locator("#typed-fault")).to_have_text("每块至少三个点")
    page.fill("#typed", "112.4 35.48\n35.48 112.41\n112.41 35.49")
    page.click("[data-draw=apply]")
    expect(page.locator("#typed-fault")).to_have_text("“35.48 112.41”不是经纬度")
    page.fill(
        "#typed", "112.4 35.48\n112.41，35.48\n112.41 35.49\n112.4 35.48\n\n112.42 35.48\n112.43 35.48\n112.43 35.49"
    )
    page.click("[data-draw=apply]")
    expect(page.locator("#typed-fault")).to_be_hidden()
    assert [len(rings[0]) for rings in page.evaluate("zoningDraw.polygons()")] == [3, 3]
    page.evaluate("zoningDraw.put(JSON.stringify([[[[112.4,35.48],[112.41,35.49],[112.41,35.48],[112.4,35.49]]]]))")
    expect(page.locator(".draw-area")).to_have_text("边界自相交，请修改")


def test_questions_are_answered_and_the_answers_can_be_changed(live: Live) -> None:
    page = without_map(live.page("reviewer"))
    hand_in(page, live.world.root / "examples" / "school.geojson")
    first = page.url
    form = page.locator(".facts-form")
    form.wait_for()
    assert form.locator("> .question").count() == 4
    form.locator(".narrowing").first.fill("建材")
    expect(form.locator("#list-activity .choice:visible")).to_have_count(1)
    form.locator("#list-activity .choice:visible").click()
    form.locator("#question-construction [value=new]").check()
    form.locator("button.main").click()
    page.wait_for_url(lambda url: url != first)
    page.locator(".answered summary").click()
    expect(page.locator(".answered summary")).to_have_text("已回答 2 项，可修改")
    expect(page.locator(".answered [name='fact.construction'][value=new]")).to_be_checked()
    second = page.url
    page.locator(".answered [name='fact.construction'][type=radio][value='']").check()
    page.locator(".facts-form button.main").click()
    page.wait_for_url(lambda url: url not in (first, second))
    expect(page.locator(".answered summary")).to_have_text("已回答 1 项，可修改")
    page.click("text=补充前")
    page.wait_for_url(second)


def test_the_map_is_shown_apart_from_the_session(live: Live) -> None:
    page = without_questions(live.page("reviewer"))
    hand_in(page, live.world.root / "examples" / "school.geojson")
    page.locator("iframe.verdict-map").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe.verdict-map")
    frame.locator(".leaflet-container").wait_for()
    expect(frame.locator(".answer")).to_be_hidden()
    assert page.frames[1].evaluate("window.origin") == "null"
    with page.expect_download() as download:
        page.click("text=离线地图 HTML")
    assert download.value.suggested_filename == "school-1.html"
    assert b"<html" in Path(str(download.value.path())).read_bytes()[:400]


def test_a_finding_opens_to_rule_reason_and_citation(live: Live) -> None:
    page = spared(live.page("reviewer"))
    hand_in(page, live.world.root / "examples" / "school.geojson")
    finding = page.locator(".finding", has_text="ECO-286").first
    expect(finding.locator(".where")).to_have_text("延河泉域范围")
    expect(finding.locator(".figures")).to_contain_text("1.4221 公顷 (21.33 亩)")
    finding.locator("summary").click()
    expect(finding.locator("dd").first).to_contain_text(
        "与泉域范围（延河泉域范围）重叠 1.4221 公顷（21.33 亩），100.00 %"
    )
    expect(finding).to_contain_text("《中华人民共和国生态环境法典》 · 第二百八十六条")
    unknown = page.locator(".layer.no_data")
    expect(unknown).to_contain_text("数据缺失，未核查")
    untouched = page.locator(".layer.not_affected").first
    looks = [one.evaluate("(e) => getComputedStyle(e).backgroundImage") for one in (unknown, untouched)]
    assert looks[0].startswith("repeating-linear-gradient")
    assert looks[1] == "none"


def test_the_report_is_written_downloaded_and_read(live: Live) -> None:
    page = spared(live.page("reviewer"))
    hand_in(page, live.world.root / "examples" / "school.geojson")
    check = page.url
    page.locator("[name=maps]").uncheck()
    page.click("text=生成报告")
    page.wait_for_url("**/jobs/*")
    link = page.locator("a[href$='.docx'], a[href*='.docx?']").first
    link.wait_for(timeout=120_000)
    address = str(link.get_attribute("href")).split("?")[0]
    whole = page.request.get(address).body()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert "凤城第三小学" in archive.read("word/document.xml").decode()
    page.goto(check)
    expect(page.locator(".made")).to_contain_text("报告：school.geojson")


@BOTH
def test_pages_fit_and_axe_finds_no_serious_fault(live: Live, language: Language, phone: bool) -> None:
    outside = live.page("", phone=phone, language=language)
    outside.goto("/sign-in")
    assert (overflow(outside), grave(outside)) == (0, [])
    page = without_map(live.page("reviewer", phone=phone, language=language))
    for path in ("/", "/check", "/checks"):
        page.goto(path)
        assert (path, overflow(page), grave(page)) == (path, 0, [])
    page.goto("/check#draw")
    page.locator("#draw-place option").nth(2).wait_for(state="attached")
    assert (overflow(page), grave(page)) == (0, [])
    hand_in(page, live.world.root / "examples" / "school.geojson")
    page.locator(".facts-form").wait_for()
    assert (overflow(page), grave(page)) == (0, [])
    word = {"zh": "待补充信息", "en": "Undetermined"}[language]
    assert decision(page) == word


def test_the_menu_of_the_phone(live: Live) -> None:
    page = live.page("reviewer", phone=True)
    page.goto("/check")
    expect(page.locator("#menu")).to_be_hidden()
    page.click("button.menu")
    expect(page.locator("#menu a[aria-current=page]")).to_have_text("地块检查")
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("button.menu")).to_be_focused()
