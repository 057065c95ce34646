"""The site map in a real browser without a network: nothing asked for, nothing refused, everything there."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from playwright.sync_api import Page, expect
from pyproj import Transformer

from kept_pages import Screen
from map_pages import until_true
from zoning.maps.content import MapContent
from zoning.maps.hillshade import relief_picture
from zoning.maps.product import SiteMap
from zoning.maps.web_map import render_site_map
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

PHONE = {"width": 390, "height": 844}


@dataclass
class Watch:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        return page

    @property
    def foreign(self) -> list[str]:
        return [url for url in self.requests if not re.match(r"(file|data|blob):", url)]


@pytest.fixture(scope="module")
def files(
    map_content: MapContent, product: SiteMap, stylebook: Stylebook, tmp_path_factory: pytest.TempPathFactory
) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("map")
    relief = relief_picture(
        [write_dem(folder / "dem.tif", map_content)], map_content.sheet, product.relief, paper=stylebook.outcomes.paper
    )
    assert relief is not None
    content = MapContent(
        map_content.verdict, map_content.site, map_content.sheet, map_content.layers, map_content.conflicts, relief
    )
    found: dict[Language, Path] = {}
    for language in ("zh", "en"):
        found[language] = folder / f"{language}.html"
        page = render_site_map(content, language=language, product=product, stylebook=stylebook)
        found[language].write_text(page, encoding="utf-8")
    return found


def write_dem(path: Path, content: MapContent) -> Path:
    """Write rolling hills around the sheet."""
    west, south, east, north = content.sheet
    cells, pad = 240, 0.01
    rows, columns = np.mgrid[0:cells, 0:cells]
    heights = 900 + 80 * np.sin(rows / 12) * np.cos(columns / 17)
    step_x, step_y = (east - west + 2 * pad) / cells, (north - south + 2 * pad) / cells
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=cells,
        height=cells,
        count=1,
        dtype="float32",
        crs="EPSG:4490",
        transform=Affine(step_x, 0, west - pad, 0, -step_y, north + pad),
    ) as file:
        file.write(heights.astype("float32"), 1)
    return path


def opened(context: Screen, path: Path, watch: Watch | None = None) -> Page:
    page = context.new_page()
    if watch is not None:
        watch.over(page)
    page.goto(path.as_uri())
    expect(page.locator("svg path.site")).to_have_count(1)
    return page


def click_place(page: Page, lon: float, lat: float) -> None:
    """Click on the map at a place."""
    at = page.evaluate(
        """([lat, lon]) => { const map = zoningMap.state.map; const p = map.latLngToContainerPoint([lat, lon]);
        const box = map.getContainer().getBoundingClientRect(); return [box.x + p.x, box.y + p.y]; }""",
        [lat, lon],
    )
    page.mouse.click(*at)


def inside(content: MapContent, decision: str) -> tuple[float, float]:
    part = next(part for part in content.conflicts if part.decision == decision)
    point = part.geometry.representative_point()
    return point.x, point.y


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_asked_for_and_nothing_is_refused(
    wide: Screen, files: dict[Language, Path], map_content: MapContent, language: Language
) -> None:
    watch = Watch()
    page = opened(wide, files[language], watch)
    for box in page.locator("input[data-layer]:not([disabled])").all():
        box.evaluate("box => { if (!box.checked) box.click(); }")
    click_place(page, *inside(map_content, "prohibited"))
    page.locator(".leaflet-popup").wait_for()
    page.locator("[data-tool=out]").click()
    page.wait_for_timeout(400)
    assert watch.foreign == []
    assert watch.complaints == []
    assert watch.requests == [files[language].as_uri()]
    assert page.locator("img.leaflet-image-layer").evaluate("picture => picture.naturalWidth") > 100


def test_the_watch_sees_a_request_and_the_policy_refuses_it(wide: Screen, files: dict[Language, Path]) -> None:
    watch = Watch()
    page = opened(wide, files["en"], watch)
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.invalid/tile.png'}))")
    until_true(page, lambda: any("Content Security Policy" in complaint for complaint in watch.complaints))
    assert watch.foreign == ["https://example.invalid/tile.png"]
    unguarded = Watch()
    bare = unguarded.over(wide.new_page())
    bare.set_content('<img src="https://example.invalid/tile.png">')
    until_true(bare, lambda: unguarded.foreign == ["https://example.invalid/tile.png"])


def test_conflict_pieces_are_drawn_in_the_colours_of_their_decisions(
    wide: Screen, files: dict[Language, Path], map_content: MapContent, stylebook: Stylebook
) -> None:
    page = opened(wide, files["zh"])
    drawn = page.locator("path.conflict")
    assert {path.get_attribute("data-decision") for path in drawn.all()} == {p.decision for p in map_content.conflicts}
    prohibited = page.locator("path.conflict.prohibited")
    assert prohibited.get_attribute("fill") == stylebook.outcomes.decisions["prohibited"].colour
    box = prohibited.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 40


def test_a_click_on_a_conflict_shows_area_share_rule_and_citation(
    wide: Screen, files: dict[Language, Path], map_content: MapContent
) -> None:
    page = opened(wide, files["zh"])
    click_place(page, *inside(map_content, "prohibited"))
    popup = page.locator(".leaflet-popup")
    first = popup.locator(".zone-card").first
    expect(first).to_contain_text("一级保护区")
    expect(first).to_contain_text(re.compile(r"与项目重叠\s*\d+\.\d{4} 公顷 \([\d.]+ 亩\)"))
    expect(first).to_contain_text(re.compile(r"占项目\s*\d+\.\d\d %"))
    expect(first).to_contain_text("R042-yc")
    expect(first).to_contain_text("阳政办发〔2023〕43号")
    expect(first).to_contain_text("示意数据，非法定边界")


def test_a_hostile_zone_name_is_shown_as_text(
    wide: Screen, files: dict[Language, Path], map_content: MapContent
) -> None:
    page = opened(wide, files["en"])
    zone = next(zone for layer in map_content.layers for zone in layer.zones if zone.id == "WR<1>")
    place = zone.geometry.representative_point()
    click_place(page, place.x, place.y)
    expect(page.locator(".leaflet-popup")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img:not(.leaflet-image-layer)").count() == 0


def test_the_legend_lists_what_is_on_and_in_view(wide: Screen, files: dict[Language, Path]) -> None:
    page = opened(wide, files["en"])
    legend = page.locator(".legend")
    expect(legend).to_contain_text("part in conflict")
    level_1 = legend.locator('[data-key="drinking-water/level-1"]')
    units = legend.locator('[data-key="management-units/general"]')
    expect(level_1).to_be_visible()
    expect(units).to_be_hidden()
    page.locator("input[data-layer=drinking-water]").uncheck()
    expect(level_1).to_be_hidden()
    page.locator("input[data-layer=management-units]").check()
    expect(units).to_be_visible()
    heritage = legend.locator('[data-key="heritage/protection"]')
    page.locator("input[data-layer=heritage]").evaluate("box => box.click()")
    expect(heritage).to_be_hidden()  # on, but outside the view
    page.evaluate("zoningMap.state.map.setView([35.4725, 112.4275], 15, {animate: false})")
    expect(heritage).to_be_visible()


def test_a_finding_lights_its_piece_on_hover_and_on_focus(wide: Screen, files: dict[Language, Path]) -> None:
    page = opened(wide, files["zh"])
    light = page.locator(".leaflet-pane.leaflet-light-pane path")
    expect(light).to_have_count(0)
    page.locator('.finding[data-rule="R042-yc"] summary').hover()
    expect(light).to_have_count(2)
    page.mouse.move(900, 600)
    expect(light).to_have_count(0)
    page.locator('.finding[data-rule="R060"] summary').focus()
    assert light.count() >= 2
    page.keyboard.press("Enter")
    expect(page.locator('.finding[data-rule="R060"] .cite')).to_be_visible()


def test_a_conflict_piece_opens_with_the_keyboard(wide: Screen, files: dict[Language, Path]) -> None:
    page = opened(wide, files["en"])
    piece = page.locator("path.conflict.prohibited")
    assert piece.get_attribute("role") == "button"
    piece.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("R042-yc")


@pytest.mark.parametrize(("zone", "crs"), [(37, "EPSG:4525"), (38, "EPSG:4526")])
def test_plane_coordinates_agree_with_proj(wide: Screen, files: dict[Language, Path], zone: int, crs: str) -> None:
    page = opened(wide, files["en"])
    places = [(3 * zone + d, lat) for d in (-1.6, -0.9, 0.0, 0.7, 1.5) for lat in (18.0, 34.9, 35.5, 38.2, 53.0)]
    found = page.evaluate(
        "([places, zone]) => places.map(([lon, lat]) => zoningMap.gaussKruger(lon, lat, zone))", [places, zone]
    )
    east, north = Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform(
        [p[0] for p in places], [p[1] for p in places]
    )
    for got, x, y in zip(found, north, east, strict=True):
        assert got["x"] == pytest.approx(x, abs=0.001)
        assert got["y"] == pytest.approx(y, abs=0.001)


def test_the_zone_changes_at_its_border(wide: Screen, files: dict[Language, Path]) -> None:
    page = opened(wide, files["en"])
    assert page.evaluate("[109.5, 112.4999, 112.5, 115.49].map(zoningMap.zoneOf)") == [37, 37, 38, 38]


def test_coordinates_under_the_pointer_and_scale_are_shown(
    wide: Screen, files: dict[Language, Path], map_content: MapContent
) -> None:
    page = opened(wide, files["zh"])
    lon, lat = map_content.verdict.site.centre
    at = page.evaluate(
        "([lat, lon]) => { const p = zoningMap.state.map.latLngToContainerPoint([lat, lon]);"
        "const b = zoningMap.state.map.getContainer().getBoundingClientRect(); return [b.x + p.x, b.y + p.y]; }",
        [lat, lon],
    )
    page.mouse.move(*at)
    readout = page.locator(".readout").inner_text()
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(lon, lat)
    shown = re.search(r"37带\s+X (\d+\.\d)\s+Y (\d+\.\d)", readout)
    assert shown is not None, readout
    assert float(shown[1]) == pytest.approx(north, abs=3)  # a pixel is about 1.5 m
    assert float(shown[2]) == pytest.approx(east, abs=3)
    assert "112°24′" in readout
    expect(page.locator(".leaflet-control-scale-line")).to_contain_text(" m")


def test_the_graticule_bears_figures(wide: Screen, files: dict[Language, Path]) -> None:
    page = opened(wide, files["zh"])
    figures = page.locator("text.figure").all_inner_texts()
    texts = [t or "" for t in page.locator("text.figure").all_text_contents()]
    assert len(figures) >= 4
    assert any(re.fullmatch(r"112°2\d′\d\d″E", text) for text in texts)
    assert any(re.fullmatch(r"35°\d\d′\d\d″N", text) for text in texts)


def test_the_relief_lies_on_its_corners(wide: Screen, files: dict[Language, Path], map_content: MapContent) -> None:
    page = opened(wide, files["zh"])
    west, south, east, north = map_content.sheet
    expected = page.evaluate(
        "([w, s, e, n]) => { const m = zoningMap.state.map; const a = m.latLngToContainerPoint([n, w]);"
        "const b = m.latLngToContainerPoint([s, e]); const o = m.getContainer().getBoundingClientRect();"
        "return [o.x + a.x, o.y + a.y, o.x + b.x, o.y + b.y]; }",
        [west, south, east, north],
    )
    box = page.locator("img.leaflet-image-layer").bounding_box()
    assert box is not None
    found = [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]]
    assert found == pytest.approx(expected, abs=1)


def test_on_a_phone_the_answer_stands_above_the_map_and_lists_are_sheets(
    phone: Screen, files: dict[Language, Path]
) -> None:
    watch = Watch()
    page = opened(phone, files["zh"], watch)
    answer, stage = page.locator(".answer").bounding_box(), page.locator(".stage").bounding_box()
    assert answer is not None
    assert stage is not None
    assert answer["y"] == 0
    assert stage["y"] == pytest.approx(answer["height"], abs=1)
    assert stage["height"] > 400
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    finding = page.locator('.finding[data-rule="R042-yc"]')
    expect(finding).to_be_hidden()
    page.locator("[data-opens=findings]").tap()
    expect(finding).to_be_visible()
    expect(page.get_by_text("示意数据，非法定边界").first).to_be_visible()
    page.locator("[data-opens=findings]").tap()
    expect(finding).to_be_hidden()
    assert watch.foreign == watch.complaints == []


def test_paper_shows_findings_open_and_the_map_in_its_size(
    wide: Screen, files: dict[Language, Path], tmp_path: Path
) -> None:
    page = opened(wide, files["zh"])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (680, 470)
    site = page.locator("path.site").bounding_box()
    assert site is not None
    assert box["x"] < site["x"] < site["x"] + site["width"] < box["x"] + box["width"]
    expect(page.locator('.finding[data-rule="R042-yc"] .cite')).to_be_visible()
    expect(page.locator(".tools")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator('.finding[data-rule="R042-yc"] .cite')).to_be_hidden()
    printed = tmp_path / "map.pdf"
    page.pdf(path=str(printed), prefer_css_page_size=True)
    assert printed.read_bytes().startswith(b"%PDF")
