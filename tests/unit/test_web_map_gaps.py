"""Land without data on a site map: which land it is, layer by layer, and what the page says of it."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.check import check_site
from zoning.maps.content import MapContent
from zoning.maps.gathering import content_from
from zoning.maps.payload import payload
from zoning.maps.product import Sheet, SiteMap
from zoning.maps.tree import TreeLayer, tree
from zoning.maps.web_map import render_site_map
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
# 1.1 km from the south end of both territories (latitude 35.4), the sheet reaches 2 km.
BY_THE_BORDER = (112.400, 35.410, 112.402, 35.412)
INSIDE = (112.408, 35.502, 112.412, 35.504)
END = 35.4
DETAIL = 0.000_03
"""Degrees: more than what is simplified away for the page."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def gather(root: Path, site_map: SiteMap, box: tiny_workspace.Box, *, reading: bool = True) -> MapContent:
    w = Workspace.open(root)
    site = Site("1", "地块一", shapely.box(*box), "EPSG:4490", "site.geojson")
    facts = FactSheet({"construction": ("new",), "supply": False})
    found = check_site(site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return content_from(found, w.catalogue, site_map, source=w.source() if reading else None)


def gap(content: MapContent, layer_id: str) -> BaseGeometry | None:
    return next(layer.uncovered for layer in content.layers if layer.layer.id == layer_id)


def in_tree(content: MapContent, stylebook: Stylebook, site_map: SiteMap, layer_id: str) -> TreeLayer:
    listed = [one for group in tree(content, stylebook, site_map.groups, "en") for one in group.layers]
    return next(one for one in listed if one.id == layer_id)


def test_what_lies_beyond_the_coverage_is_known_by_layer(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, BY_THE_BORDER)
    west, south, east, north = content.sheet
    assert south < END < north
    expected = shapely.box(west, south, east, END)
    for name in ("water", "farmland"):
        found = gap(content, name)
        assert found is not None
        # Less than the detail of the page on each side of the border, which is as long as the sheet is wide.
        assert found.symmetric_difference(expected).area < DETAIL * (east - west)


def test_where_everything_is_covered_there_is_no_gap(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, INSIDE)
    assert [layer.uncovered for layer in content.layers] == [None] * len(content.layers)
    assert content.gaps == ()


def test_layers_that_end_at_the_same_border_are_hatched_once(root: Path, site_map: SiteMap) -> None:
    (found,) = gather(root, site_map, BY_THE_BORDER).gaps
    assert set(found.layers) >= {"water", "farmland", "territory"}


def test_a_layer_that_cannot_be_read_leaves_the_whole_sheet_open(
    root: Path, site_map: SiteMap, stylebook: Stylebook
) -> None:
    (root / "layers" / "data" / "water.geojson").unlink()
    content = gather(root, site_map, INSIDE)
    found = gap(content, "water")
    assert found is not None
    assert found.equals(shapely.box(*content.sheet))
    # The decision waits for it: the page opens with the land hatched.
    assert "water" in content.verdict.missing_layers
    listed = in_tree(content, stylebook, site_map, "water")
    assert (listed.drawn, listed.on, listed.partly) == (True, True, False)


def test_a_partly_covered_layer_says_so_though_the_site_was_checked(
    root: Path, site_map: SiteMap, stylebook: Stylebook
) -> None:
    content = gather(root, site_map, BY_THE_BORDER)
    listed = in_tree(content, stylebook, site_map, "water")
    assert (listed.status, listed.partly) == ("not_affected", True)
    assert in_tree(gather(root, site_map, INSIDE), stylebook, site_map, "water").partly is False


def test_what_was_not_read_counts_as_not_covered(root: Path, site_map: SiteMap) -> None:
    # The check looks 5 km around the site; this sheet reaches farther, and nothing reads the layers again.
    wide = site_map.model_copy(update={"sheet": Sheet(margin=7000, times=1, most=7000, proportion=1)})
    content = gather(root, wide, INSIDE, reading=False)
    found = gap(content, "water")
    assert found is not None
    west, _, _, north = content.sheet
    per_degree = 110_950.0  # metres of latitude here, to 0.1 %
    for metres, open_land in ((4900, False), (5100, True)):
        place = shapely.Point(112.410, 35.504 + metres / per_degree)
        assert found.covers(place) is open_land
    assert found.covers(shapely.Point(west + 0.001, north - 0.001))
    assert gap(gather(root, wide, INSIDE), "water") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_carries_land_names_and_sample(
    root: Path, site_map: SiteMap, stylebook: Stylebook, language: str
) -> None:
    content = gather(root, site_map, BY_THE_BORDER)
    value = payload(content, stylebook, (), language)  # type: ignore[arg-type]  # a parameter of the test
    (found,) = value["uncovered"]
    titles = {layer.layer.id: layer.layer.title for layer in content.layers}
    assert value["gaps"] == [[titles[name].get(language) for name in found["layers"]]]  # type: ignore[arg-type]  # a parameter of the test
    page = render_site_map(content, language=language, product=site_map, stylebook=stylebook)  # type: ignore[arg-type]  # a parameter of the test
    assert f'<pattern id="{value["hatch"]}"' in page
    words = Text("图上划线部分数据缺失，未核查", "no data for the hatched part of the map, not checked")
    assert words.get(language) in page  # type: ignore[arg-type]  # a parameter of the test
