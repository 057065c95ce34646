"""The zoning map of a whole county as an office sends it: how large its file is, and what opens of it."""

from datetime import date
from pathlib import Path

import pytest

from kept_pages import Screen
from map_pages import opened
from zoning.maps.map_product import read_map_products
from zoning.maps.scenes import territory_scene
from zoning.maps.web.page import render_zoning_page
from zoning.styles.stylebook import read_stylebook
from zoning.workspace import Workspace, builtin_root

COUNTY, ON = "140522", date(2026, 11, 22)
MOST_BYTES = 15_000_000
FIRST_PAINT_MS = 2_000


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the zoning map of 阳城县 with every layer, as `zoning map --territory` makes it."""
    root = builtin_root()
    workspace = Workspace.open(root)
    product = read_map_products(root / "maps" / "products")["zoning"]
    scene = territory_scene(workspace.source(), workspace.catalogue, product, COUNTY, on=ON, detail_m=4.0)
    path = tmp_path_factory.mktemp("county") / "zoning.html"
    path.write_text(render_zoning_page(scene, product, read_stylebook(root / "styles"), "zh"), encoding="utf-8")
    return path


def test_the_zoning_map_of_a_county_can_be_sent(county: Path, wide: Screen) -> None:
    assert 1_000_000 < county.stat().st_size < MOST_BYTES

    page, watch = opened(wide, county)

    assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < FIRST_PAINT_MS
    # Every layer that has zones in the county can be switched, and is told apart from those without data.
    assert page.locator("input[data-layer]").count() > 20
    assert watch.foreign == []
    assert watch.complaints == []
