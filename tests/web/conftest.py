"""The maps made in code (`tests/support`) with the shipped styles and map product, and a browser for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import map_pages
import map_world
import zoning_world
from kept_pages import KeptPages, Screen
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


@pytest.fixture(scope="session")
def shelf(browser: Browser) -> KeptPages:
    return KeptPages(browser)


@pytest.fixture
def pages_of_screens(shelf: KeptPages) -> Iterator[KeptPages]:
    """Give what lends pages to one test."""
    yield shelf
    shelf.give_back()


@pytest.fixture
def wide(pages_of_screens: KeptPages) -> Screen:
    return Screen(pages_of_screens, 1400, 900)


@pytest.fixture
def phone(pages_of_screens: KeptPages) -> Screen:
    return Screen(pages_of_screens, 390, 844, is_phone=True)
