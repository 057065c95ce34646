"""Maps on screens of every width: nothing lies on scale, mark, coordinates or tools, and the legend not on the land."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import zoning_world
from kept_pages import KeptPages
from long_runs import times
from map_pages import pixel
from zoning.maps.content import MapContent
from zoning.maps.product import SiteMap
from zoning.maps.web_map import render_site_map
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

WIDTHS = {1400: 900, 1024: 768, 390: 844, 1200: 800, 768: 1024}
PARTS = (".scale-bar, .leaflet-control-scale", ".stamp", ".readout", ".legend", ".tools", ".north")
TIGHT = 1100


@pytest.fixture(scope="module")
def site_file(
    map_content: MapContent, product: SiteMap, stylebook: Stylebook, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("widths") / "site.html"
    page = render_site_map(map_content, language="en", product=product, stylebook=stylebook)
    path.write_text(page, encoding="utf-8")
    return path


def boxes(page: Page) -> dict[str, Any]:
    found = {name: page.locator(name).first for name in PARTS}
    return {name: part.bounding_box() for name, part in found.items() if part.is_visible()}


def apart(one: Any, other: Any) -> bool:
    return any(
        first[side] + first[size] <= second[side] + 0.5
        for side, size in (("x", "width"), ("y", "height"))
        for first, second in ((one, other), (other, one))
    )


def overlapping(page: Page) -> list[tuple[str, str]]:
    found = boxes(page)
    assert {".legend", ".readout", ".tools"} <= set(found)
    return [(one, other) for one, other in combinations(found, 2) if not apart(found[one], found[other])]


@pytest.mark.parametrize("width", [*WIDTHS][: times(3, 5)])
def test_the_zoning_map_at_every_width(
    pages_of_screens: KeptPages, zoning_files: dict[Language, Path], width: int
) -> None:
    page = pages_of_screens.lend(width, WIDTHS[width])
    for language in ("zh", "en"):
        page.goto(zoning_files[language].as_uri())
        page.locator("html[data-ready=yes][data-drawn=yes]").wait_for(state="attached")
        assert overlapping(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".legend").evaluate("legend => legend.open") is (width > TIGHT)
        west, south, east, north = zoning_world.FRAME.bounds
        (left, bottom), (right, top) = (pixel(page, place) for place in ((west, south), (east, north)))
        land = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        legend = page.locator(".legend").bounding_box()
        assert apart(land, legend) or width < TIGHT


@pytest.mark.parametrize("width", [*WIDTHS][: times(3, 5)])
def test_the_map_of_a_site_at_every_width(pages_of_screens: KeptPages, site_file: Path, width: int) -> None:
    page = pages_of_screens.lend(width, WIDTHS[width])
    page.goto(site_file.as_uri())
    page.locator("svg path.site").wait_for(state="attached")
    assert overlapping(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".legend").evaluate("legend => legend.open") is (width > TIGHT)
    site, legend = page.locator("svg path.site").bounding_box(), page.locator(".legend").bounding_box()
    assert apart(site, legend)


def test_paper_has_the_legend_also_where_the_screen_folds_it(
    pages_of_screens: KeptPages, zoning_files: dict[Language, Path], site_file: Path
) -> None:
    page = pages_of_screens.lend(1024, 768)
    for path in (zoning_files["zh"], site_file):
        page.goto(path.as_uri())
        page.locator(".legend:not([open])").wait_for(state="attached")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator(".legend li").first.is_visible()
        page.set_viewport_size({"width": 688, "height": 900})  # as wide as the paper
        assert page.locator(".legend li").first.is_visible()
        page.set_viewport_size({"width": 1024, "height": 768})
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".legend").evaluate("legend => legend.open") is False
