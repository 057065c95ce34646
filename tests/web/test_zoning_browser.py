"""The zoning map in a real browser without a network: both drawings, every tool, screen, phone and paper."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import shapely
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from pyproj import Geod, Transformer

import map_world
import zoning_world
from zoning.maps.web import packing
from zoning.maps.web.page import render_zoning_page
from zoning.overlay.plane import MeasuringPlane
from zoning.quantities import format_area
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

Engine = Literal["canvas", "maplibre"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = Path(__file__).parent / "axe" / "axe.min.js"
# Software drawing reports that it is slow when pixels are read back; nothing is wrong with the page.
SLOW = "GL Driver Message"


class Watch:
    """What a page asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda told: self.complaints.append(told.text) if SLOW not in told.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def foreign(self) -> list[str]:
        return [url for url in self.requests if not re.match(r"(file|data|blob):", url)]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str, cjk_fonts: tuple[str, ...]) -> Iterator[Browser]:
    assert cjk_fonts
    started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zoning")


@pytest.fixture(scope="module")
def files(folder: Path, stylebook: Stylebook, workspace_root: Path) -> dict[Language, Path]:
    product = zoning_world.make_product(workspace_root).model_copy(update={"layers": ()})
    found: dict[Language, Path] = {}
    scene, legal = zoning_world.make_scene(), zoning_world.make_legal()
    for language in ("zh", "en"):
        found[language] = folder / f"{language}.html"
        found[language].write_text(render_zoning_page(scene, product, stylebook, language, legal=legal), "utf-8")
    return found


@pytest.fixture(scope="module")
def large(folder: Path, stylebook: Stylebook, workspace_root: Path) -> Path:
    """Return a page of 900 fields that go as tiles."""
    path = folder / "large.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "MOST_ZONES", 100)
        scene = zoning_world.many_fields(900).scene
        product = zoning_world.make_product(workspace_root)
        path.write_text(render_zoning_page(scene, product, stylebook, "zh"), encoding="utf-8")
    return path


@pytest.fixture
def wide(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE, offline=True)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, offline=True, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield context
    context.close()


def opened(context: BrowserContext, path: Path, link: str = "") -> tuple[Page, Watch]:
    page = context.new_page()
    watch = Watch(page)
    page.goto(path.as_uri() + link)
    page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached")
    return page, watch


def pixel(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    """Return where a place lies in the window."""
    x, y = page.evaluate(
        """(place) => { const { view } = zoningMap.state; const p = view.project(place);
        const box = view.element.getBoundingClientRect(); return [box.x + p.x, box.y + p.y]; }""",
        list(place),
    )
    return x, y


def go(page: Page, place: tuple[float, float], zoom: float) -> None:
    page.evaluate("([lon, lat, zoom]) => zoningMap.state.view.set({ lon, lat, zoom })", [*place, zoom])


def figures(page: Page, key: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(f".here [data-figure={key}]").all_text_contents()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_asked_for_and_nothing_complains(
    wide: BrowserContext, files: dict[Language, Path], language: Language
) -> None:
    page, watch = opened(wide, files[language])
    page.locator("[data-all=on]").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    page.locator(".here .zone-card").first.wait_for()
    page.locator("[data-tool=in]").click()
    page.locator("[data-tool=language]").click()
    page.wait_for_timeout(300)
    assert watch.foreign == []
    assert watch.complaints == []
    assert watch.requests == [files[language].as_uri()]


@pytest.mark.parametrize("engine", ["canvas", "maplibre"])
def test_large_layers_ask_for_nothing_either(wide: BrowserContext, large: Path, engine: Engine) -> None:
    page, watch = opened(wide, large, f"#engine={engine}")
    assert page.evaluate("zoningMap.state.engine") == engine
    go(page, zoning_world.PLANTED, 13)
    page.wait_for_timeout(500)
    assert watch.foreign == []
    assert watch.complaints == []


def test_a_click_lists_all_zones_with_the_areas_of_the_engine(
    wide: BrowserContext, files: dict[Language, Path]
) -> None:
    page, _ = opened(wide, files["zh"])
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
    wide: BrowserContext, files: dict[Language, Path]
) -> None:
    page, _ = opened(wide, files["zh"])
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


def test_what_is_off_or_not_checked_is_told_at_the_place(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["zh"])
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


def test_a_place_outside_the_land_is_told(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    page.mouse.click(*pixel(page, (112.505, 35.48)))
    expect(page.locator(".here .missing").first).to_contain_text(
        "This place lies outside 阳城县: the map does not tell of it."
    )


def test_beside_a_border_the_zone_is_possible(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    east = shapely.Point(zoning_world.PLANTED).buffer(0.012).bounds[2]
    metre = 1 / (111_320 * 0.814)
    found = page.evaluate(
        "(places) => Promise.all(places.map((place) => zoningMap.state.opened.find((z) => z.layer.id === 'drinking-water')"
        ".at(place, 1).then((hits) => hits.map(({ zones, i, certain }) => [zones.ids[i], certain]))))",
        [[east + step * metre, zoning_world.PLANTED[1]] for step in (-3, 5, 30)],
    )
    assert found == [[["W2", True]], [["W2", False]], []]


@pytest.mark.parametrize("engine", ["canvas", "maplibre"])
def test_the_zones_of_tiles_are_hit_exactly(wide: BrowserContext, large: Path, engine: Engine) -> None:
    page, _ = opened(wide, large, f"#engine={engine}")
    fields = zoning_world.many_fields(900)
    numbers = [1, 37, 100, 455, 899]
    places = [fields.shapes[n].representative_point() for n in numbers]
    found = page.evaluate(
        "(places) => Promise.all(places.map((place) => zoningMap.state.opened[0].at(place, 1)"
        ".then((hits) => hits.filter((hit) => hit.certain || hit.metres < 2).map(({ zones, i }) => [zones.ids[i], zones.m2[i]]))))",
        [[place.x, place.y] for place in places],
    )
    zones = fields.scene.layers[0].zones
    assert found == [[[zones[n].id, zones[n].area_m2]] for n in numbers]


def test_search_finds_a_unit_code_a_name_and_a_place(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["zh"])
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


def test_switching_a_layer_changes_legend_and_picture(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    line = page.locator('.legend [data-key="drinking-water/level-2"]')
    expect(line).to_be_visible()
    ink = "() => { const c = document.querySelector('.leaflet-zones-pane canvas'); return [...document.querySelectorAll('.leaflet-zones-pane canvas')].reduce((n, c) => n + c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length, 0); }"  # noqa: E501
    before = page.evaluate(ink)
    page.locator("input[data-layer=drinking-water]").uncheck()
    expect(line).to_be_hidden()
    page.wait_for_timeout(300)
    assert page.evaluate(ink) < before
    page.locator("input[data-layer=drinking-water]").check()
    expect(line).to_be_visible()
    go(page, (112.47, 35.42), 13)
    expect(line).to_be_hidden()  # on, but outside the view
    expect(page.locator('.legend [data-key="permanent-basic-farmland/field"]')).to_be_visible()


def test_a_zone_of_three_metres_is_seen_on_the_whole_map(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    expect(page.locator(".legend [data-sign=dot]")).to_be_visible()
    well = zoning_world.WELL.centroid
    x, y = pixel(page, (well.x, well.y))
    bare = page.locator("input[data-layer=drinking-water]")
    clip: Any = {"x": x - 3, "y": y - 3, "width": 6, "height": 6}
    with_dot = page.screenshot(clip=clip)
    bare.uncheck()
    page.wait_for_timeout(300)
    assert page.screenshot(clip=clip) != with_dot


def test_opacity_is_heard_by_the_drawing(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    slider = page.locator("input[data-opacity=drinking-water]")
    slider.evaluate("s => { s.value = 30; s.dispatchEvent(new Event('input')); }")
    assert page.evaluate("zoningMap.state.drawing.state.get('drinking-water').opacity") == 0.3


SHAPES = [
    [(112.3, 35.45), (112.42, 35.46), (112.4, 35.52)],
    [(111.5, 34.8), (113.6, 34.9), (113.2, 36.9), (111.9, 36.2)],
    [(112.4, 35.48), (112.4002, 35.48), (112.4002, 35.4801), (112.4, 35.4801)],
    [(112.4, 35.48), (112.4, 35.9), (112.6, 35.9), (112.6, 35.48)],
]


def test_measured_areas_are_those_of_the_engine(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    plane = MeasuringPlane(35.5)
    for shape in SHAPES:
        expected = plane.area_m2(shapely.Polygon(shape), "EPSG:4490", step_m=10.0)
        assert page.evaluate("zoningMap.areaOf", shape) == pytest.approx(expected, rel=1e-8)


def test_measured_lengths_are_geodesic(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    geod = Geod(ellps="GRS80")
    for shape in SHAPES:
        lon, lat = zip(*shape, strict=True)
        expected = geod.line_length(lon, lat)
        assert page.evaluate("zoningMap.lengthOf", shape) == pytest.approx(expected, rel=1e-9)


def test_the_measuring_tool_agrees_with_the_engine(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    page.locator("[data-tool=area]").click()
    corners = [(112.33, 35.43), (112.45, 35.44), (112.42, 35.53), (112.35, 35.5)]
    for corner in corners[:-1]:
        page.mouse.click(*pixel(page, corner))
        page.wait_for_timeout(350)  # two clicks at once would end it
    page.mouse.dblclick(*pixel(page, corners[-1]))
    points = page.evaluate("zoningMap.state.measure.points()")
    assert len(points) == 4
    expected = MeasuringPlane(35.5).area_m2(shapely.Polygon(points), "EPSG:4490", step_m=85.0)
    assert page.evaluate("zoningMap.state.measure.results().area") == pytest.approx(expected, rel=1e-6)
    shown = " ".join((page.locator("[data-measured=area]").text_content() or "").split())
    assert shown == format_area(expected).en
    expect(page.locator(".here")).to_be_hidden()  # a click that measures asks for no zones
    page.keyboard.press("Escape")
    expect(page.locator(".measure-box")).to_be_hidden()


def test_measuring_with_keys(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    page.locator("[data-tool=distance]").press("Enter")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    page.evaluate("zoningMap.state.view.set({ ...zoningMap.state.view.get(), lon: 112.45 })")
    page.keyboard.press("Enter")
    assert page.evaluate("zoningMap.state.measure.points().length") == 2
    page.keyboard.press("Backspace")
    assert page.evaluate("zoningMap.state.measure.points().length") == 1


def test_coordinates_under_the_pointer(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["zh"])
    go(page, zoning_world.PLANTED, 17)
    page.mouse.move(*pixel(page, zoning_world.PLANTED))
    readout = page.locator(".readout").inner_text()
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(*zoning_world.PLANTED)
    shown = re.search(r"37带\s+X (\d+\.\d)\s+Y (\d+\.\d)", readout)
    assert shown is not None, readout
    assert float(shown[1]) == pytest.approx(north, abs=1.5)
    assert float(shown[2]) == pytest.approx(east, abs=1.5)
    assert "112°24′03" in readout


def test_the_scale_bar_is_true(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["zh"])
    go(page, zoning_world.PLANTED, 12)
    bar = page.locator(".scale-bar")
    told = re.match(r"(\d+) (k?m)", bar.inner_text())
    box = bar.bounding_box()
    assert told is not None
    assert box is not None
    metres = int(told[1]) * (1000 if told[2] == "km" else 1)
    ends = page.evaluate(
        "(width) => { const v = zoningMap.state.view; const y = v.size().y / 2; return [v.unproject({x: 100, y}), v.unproject({x: 100 + width, y})]; }",
        box["width"],
    )
    lon, lat = zip(*ends, strict=True)
    assert Geod(ellps="GRS80").line_length(lon, lat) == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_link_restores_view_layers_place_and_language(
    wide: BrowserContext, files: dict[Language, Path], language: Language
) -> None:
    other = "en" if language == "zh" else "zh"
    link = f"#view=112.41,35.48,13.00&layers=drinking-water,transport&at=112.4,35.486&lang={other}"
    page, _ = opened(wide, files[language], link)
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if other == "zh" else "en")
    checked = [box.get_attribute("data-layer") for box in page.locator("input[data-layer]:checked").all()]
    assert sorted(str(name) for name in checked) == ["drinking-water", "transport"]
    view = page.evaluate("zoningMap.state.view.get()")
    assert (view["lon"], view["lat"], view["zoom"]) == pytest.approx((112.41, 35.48, 13), abs=1e-3)
    expect(page.locator(".here .zone-card").first).to_have_attribute("data-zone", "drinking-water/W2")
    page.locator("input[data-layer=transport]").uncheck()
    assert "layers=drinking-water&" in page.evaluate("window.location.hash")
    page.evaluate("window.location.hash = '#view=112.35,35.45,12&layers=transport&lang=zh'")
    expect(page.locator("input[data-layer=transport]")).to_be_checked()
    expect(page.locator("input[data-layer=drinking-water]")).not_to_be_checked()


def test_a_broken_link_does_no_harm(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, watch = opened(wide, files["en"], "#view=a,b&layers=none,%3Cscript%3E&at=1&lang=xx&engine=evil")
    assert watch.complaints == []
    expect(page.locator(".zoning")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_language_switches_in_the_page(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, watch = opened(wide, files["zh"])
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    english = page.locator(".here").inner_text()
    assert "公顷" in english
    page.locator("[data-tool=language]").click()
    text = page.locator("body").inner_text()
    assert "Schematic data, no legal boundaries" in text
    assert "no data, not checked" in text
    for word in ("公顷", "图层", "示意数据", "未核查"):
        assert word not in text, word
    expect(page.get_by_label("Measure a distance")).to_be_visible()
    page.locator("[data-tool=language]").click()
    assert page.locator(".here").inner_text() == english
    assert watch.complaints == []


def test_the_list_of_zones_is_the_same_in_words(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
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


def test_a_long_list_is_shown_in_pieces(wide: BrowserContext, large: Path) -> None:
    page, _ = opened(wide, large)
    page.locator(".zone-list > summary").click()
    rows = page.locator(".zone-table tbody tr")
    expect(rows).to_have_count(100)
    page.locator(".zone-more").click()
    expect(rows).to_have_count(200)
    expect(page.locator(".zone-count")).to_have_text("显示 200 / 900")


def test_everything_can_be_reached_with_keys(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
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
    page.wait_for_timeout(500)
    assert page.evaluate("zoningMap.state.view.get().lon") > before


def test_on_a_phone_nothing_is_cut_and_all_is_in_reach(phone: BrowserContext, files: dict[Language, Path]) -> None:
    for language in ("zh", "en"):
        page, watch = opened(phone, files[language])
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for tool in page.locator(".tools button").all():
            box = tool.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 36
            assert box["x"] + box["width"] <= PHONE["width"]
            assert box["y"] + box["height"] <= PHONE["height"]
        box = page.locator(".tabs").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
        water = page.locator("input[data-layer=drinking-water]")
        expect(water).to_be_hidden()
        page.locator("[data-opens=layers]").tap()
        expect(water).to_be_visible()
        water.uncheck()
        page.locator("[data-opens=layers]").tap()
        page.touchscreen.tap(*pixel(page, (112.42, 35.45)))
        expect(page.locator(".here .zone-card").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert watch.complaints == watch.foreign == []


def test_without_webgl_a_large_map_is_drawn_all_the_same(playwright: Playwright, chromium: str, large: Path) -> None:
    without = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, "--disable-3d-apis"])
    try:
        context = without.new_context(viewport=WIDE, offline=True)  # type: ignore[arg-type]
        page, watch = opened(context, large, "#engine=maplibre")
        assert page.evaluate("zoningMap.state.engine") == "canvas"
        expect(page.locator(".warnings")).to_have_text(
            "本机浏览器没有显卡加速（WebGL），大图层已改用普通绘图：内容完整，移动可能较慢。"
        )
        fields = zoning_world.many_fields(900)
        go(page, zoning_world.PLANTED, 14)
        page.wait_for_timeout(500)
        ground = page.locator("#map").screenshot()
        page.locator("input[data-layer]").first.uncheck()
        page.wait_for_timeout(300)
        assert page.locator("#map").screenshot() != ground
        assert len(fields.shapes) == page.evaluate("zoningMap.state.opened[0].count")
        assert watch.complaints == []
    finally:
        without.close()


def test_both_drawings_know_the_same_zones_at_every_zoom(wide: BrowserContext, large: Path) -> None:
    """Every id is in what either of them draws from: the tiles of the page, read by the script of the page."""
    page, _ = opened(wide, large)
    counts = page.evaluate(
        """async () => { const zones = zoningMap.state.opened[0]; const [w, s, e, n] = zoningMap.state.data.frame.bounds; const found = [];
        for (let z = zones.minZoom; z <= zones.maxZoom; z += 1) {
          const ids = new Set();
          const [x0, y1] = zoningMap.tileAt(w, s, z); const [x1, y0] = zoningMap.tileAt(e, n, z);
          for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) {
            const data = await zones.tile(z, x, y);
            if (data) Object.values(zoningMap.readTile(data)).forEach((layer) => layer.features.forEach((f) => ids.add(f.id)));
          }
          found.push(ids.size);
        }
        return found; }"""
    )
    assert counts == [900] * len(counts)
    assert len(counts) == 6


def test_maplibre_draws_what_its_tiles_hold(wide: BrowserContext, large: Path) -> None:
    page, _ = opened(wide, large, "#engine=maplibre&view=112.4,35.48,11")
    page.wait_for_timeout(1500)
    west, south, east, north = page.evaluate("zoningMap.state.view.bounds()")
    drawn = page.evaluate(
        "[...new Set(zoningMap.state.map.queryRenderedFeatures().filter((f) => f.source === 'z0').map((f) => f.id))]"
    )
    view = shapely.box(west, south, east, north).buffer(-0.001)
    inside = {n for n, shape in enumerate(zoning_world.many_fields(900).shapes) if view.covers(shape)}
    assert len(inside) > 100
    assert inside <= set(drawn)


def test_paper_has_the_map_in_its_size_and_the_legend(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, watch = opened(wide, files["zh"])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
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


def test_hostile_names_are_shown_as_text(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    page.mouse.click(*pixel(page, (112.45, 35.425)))
    expect(page.locator(".here")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_role("combobox").first.fill("</script>")
    expect(page.locator("#found [role=option]").first).to_contain_text("window.hacked")
    assert page.evaluate("window.hacked") is None
    assert map_world.HOSTILE in page.evaluate("zoningMap.state.opened.flatMap((z) => z.names)")


def grave(page: Page) -> list[str]:
    """Return the serious and critical faults that axe-core finds."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{fault['id']}: {json.dumps([node['target'] for node in fault['nodes']][:4])}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_grave_fault(wide: BrowserContext, files: dict[Language, Path], language: Language) -> None:
    page, _ = opened(wide, files[language])
    page.locator(".zone-list > summary").click()
    page.mouse.click(*pixel(page, zoning_world.PLANTED))
    page.locator(".here .zone-card").first.wait_for()
    page.locator(".here details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    page.locator("[data-tool=area]").click()
    assert grave(page) == []


def test_axe_finds_no_grave_fault_on_a_phone(phone: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(phone, files["zh"])
    page.locator("[data-opens=layers]").tap()
    assert grave(page) == []


def test_axe_sees_a_fault(wide: BrowserContext, files: dict[Language, Path]) -> None:
    page, _ = opened(wide, files["en"])
    page.locator("[data-tool=fit]").evaluate("b => { b.removeAttribute('aria-label'); b.removeAttribute('title'); }")
    assert any(fault.startswith("button-name") for fault in grave(page))
