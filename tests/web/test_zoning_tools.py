"""The tools of the zoning map: measuring, coordinates, scale, the address of a view, the switch of language."""

import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import expect
from pyproj import Geod, Transformer

import zoning_world
from kept_pages import Screen
from map_pages import go, opened, pixel
from zoning.overlay.plane import MeasuringPlane
from zoning.quantities import format_area
from zoning.texts import Language

SHAPES = [
    [(112.3, 35.45), (112.42, 35.46), (112.4, 35.52)],
    [(111.5, 34.8), (113.6, 34.9), (113.2, 36.9), (111.9, 36.2)],
    [(112.4, 35.48), (112.4002, 35.48), (112.4002, 35.4801), (112.4, 35.4801)],
    [(112.4, 35.48), (112.4, 35.9), (112.6, 35.9), (112.6, 35.48)],
]


def test_measured_areas_are_those_of_the_engine(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    plane = MeasuringPlane(35.5)
    for shape in SHAPES:
        expected = plane.area_m2(shapely.Polygon(shape), "EPSG:4490", step_m=10.0)
        assert page.evaluate("zoningMap.areaOf", shape) == pytest.approx(expected, rel=1e-8)


def test_measured_lengths_are_geodesic(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    geod = Geod(ellps="GRS80")
    for shape in SHAPES:
        lon, lat = zip(*shape, strict=True)
        expected = geod.line_length(lon, lat)
        assert page.evaluate("zoningMap.lengthOf", shape) == pytest.approx(expected, rel=1e-9)


def test_the_measuring_tool_agrees_with_the_engine(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
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


def test_measuring_with_keys(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["en"])
    page.locator("[data-tool=distance]").press("Enter")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    page.evaluate("zoningMap.state.view.set({ ...zoningMap.state.view.get(), lon: 112.45 })")
    page.keyboard.press("Enter")
    assert page.evaluate("zoningMap.state.measure.points().length") == 2
    page.keyboard.press("Backspace")
    assert page.evaluate("zoningMap.state.measure.points().length") == 1


def test_coordinates_under_the_pointer(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    go(page, zoning_world.PLANTED, 17)
    page.mouse.move(*pixel(page, zoning_world.PLANTED))
    readout = page.locator(".readout").inner_text()
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(*zoning_world.PLANTED)
    shown = re.search(r"37带\s+X (\d+\.\d)\s+Y (\d+\.\d)", readout)
    assert shown is not None, readout
    assert float(shown[1]) == pytest.approx(north, abs=1.5)
    assert float(shown[2]) == pytest.approx(east, abs=1.5)
    assert "112°24′03" in readout


def test_the_scale_bar_is_true(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, _ = opened(wide, zoning_files["zh"])
    go(page, zoning_world.PLANTED, 12)
    bar = page.locator(".scale-bar")
    told = re.match(r"(\d+) (k?m)", bar.inner_text())
    box = bar.bounding_box()
    assert told is not None
    assert box is not None
    metres = int(told[1]) * (1000 if told[2] == "km" else 1)
    ends = page.evaluate(
        "(width) => { const v = zoningMap.state.view; const y = v.size().y / 2;"
        "return [v.unproject({x: 100, y}), v.unproject({x: 100 + width, y})]; }",
        box["width"],
    )
    lon, lat = zip(*ends, strict=True)
    assert Geod(ellps="GRS80").line_length(lon, lat) == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_link_restores_view_layers_place_and_language(
    wide: Screen, zoning_files: dict[Language, Path], language: Language
) -> None:
    other = "en" if language == "zh" else "zh"
    link = f"#view=112.41,35.48,13.00&layers=drinking-water,transport&at=112.4,35.486&lang={other}"
    page, _ = opened(wide, zoning_files[language], link)
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


def test_a_broken_link_does_no_harm(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, watch = opened(wide, zoning_files["en"], "#view=a,b&layers=none,%3Cscript%3E&at=1&lang=xx&engine=evil")
    assert watch.complaints == []
    expect(page.locator(".zoning")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_language_switches_in_the_page(wide: Screen, zoning_files: dict[Language, Path]) -> None:
    page, watch = opened(wide, zoning_files["zh"])
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
