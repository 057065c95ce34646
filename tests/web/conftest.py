"""The maps made in code (`tests/support`) with the shipped styles and map product, and a browser for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

import map_pages
import map_world
import zoning_world
from zoning.maps.content import MapContent
from zoning.maps.product import SiteMap, read_site_map
from zoning.maps.web import packing
from zoning.maps.web.page import render_zoning_page
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.texts import Language

expect.set_options(timeout=map_pages.PATIENCE_MS)


@pytest.fixture(scope="session")
def stylebook(workspace_root: Path) -> Stylebook:
    return read_stylebook(workspace_root / "styles")


@pytest.fixture(scope="session")
def product(workspace_root: Path) -> SiteMap:
    return read_site_map(workspace_root / "maps" / "site-map.yaml")


@pytest.fixture(scope="session")
def map_content(product: SiteMap) -> MapContent:
    return map_world.make_content(map_world.footprint(), product)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str, cjk_fonts: tuple[str, ...]) -> Iterator[Browser]:
    assert cjk_fonts
    started = playwright.chromium.launch(executable_path=chromium, args=map_pages.ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def zoning_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zoning")


@pytest.fixture(scope="module")
def zoning_files(zoning_folder: Path, stylebook: Stylebook, workspace_root: Path) -> dict[Language, Path]:
    """Return the zoning page in both languages."""
    product = zoning_world.make_product(workspace_root).model_copy(update={"layers": ()})
    found: dict[Language, Path] = {}
    scene, legal = zoning_world.make_scene(), zoning_world.make_legal()
    for language in ("zh", "en"):
        found[language] = zoning_folder / f"{language}.html"
        found[language].write_text(render_zoning_page(scene, product, stylebook, language, legal=legal), "utf-8")
    return found


@pytest.fixture(scope="module")
def zoning_large(zoning_folder: Path, stylebook: Stylebook, workspace_root: Path) -> Path:
    """Return a page of 900 fields that go as tiles."""
    path = zoning_folder / "large.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "MOST_ZONES", 100)
        scene = zoning_world.many_fields(900).scene
        product = zoning_world.make_product(workspace_root)
        path.write_text(render_zoning_page(scene, product, stylebook, "zh"), encoding="utf-8")
    return path


@pytest.fixture
def wide(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    context.set_default_timeout(map_pages.PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True, has_touch=True, is_mobile=True)
    context.set_default_timeout(map_pages.PATIENCE_MS)
    yield context
    context.close()
