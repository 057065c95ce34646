"""From a real check of a small workspace to what its map shows."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

import tiny_workspace
from zoning.check import Examination, check_site
from zoning.maps.content import MapContent, MapLayer
from zoning.maps.gathering import content_from, laid_out
from zoning.maps.product import SiteMap
from zoning.maps.tree import starts_on, tree
from zoning.maps.web_map import render_site_map
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.styles.stylebook import Stylebook
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
# West half in level 1 (and 2), east half in level 2 only: level 1 ends at 112.41.
ACROSS = (112.408, 35.502, 112.412, 35.504)
GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("map") / "w")


def examine(root: Path, box: tiny_workspace.Box, facts: FactSheet = NEW) -> tuple[Examination, Workspace]:
    w = Workspace.open(root)
    site = Site("1", "地块一", shapely.box(*box), "EPSG:4490", "site.geojson")
    found = check_site(site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return found, w


def gather(root: Path, site_map: SiteMap, box: tiny_workspace.Box, facts: FactSheet = NEW) -> MapContent:
    found, w = examine(root, box, facts)
    return content_from(found, w.catalogue, site_map)


def layer(content: MapContent, layer_id: str) -> MapLayer:
    return next(found for found in content.layers if found.layer.id == layer_id)


def ellipsoid_m2(geometry: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(geometry)[0])


def test_the_strictest_decision_keeps_the_ground(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, ACROSS)
    assert [part.decision for part in content.conflicts] == ["prohibited", "restricted"]
    west, east = (part.geometry for part in content.conflicts)
    assert west.bounds == pytest.approx((112.408, 35.502, 112.41, 35.504), abs=1.5e-7)  # drawn on a grid of 1 cm
    assert east.bounds == pytest.approx((112.41, 35.502, 112.412, 35.504), abs=1.5e-7)
    assert west.intersection(east).area == pytest.approx(0, abs=1e-15)


def test_pieces_are_what_was_measured(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, ACROSS)
    water = layer(content, "water")
    for entry in water.entry.classes:
        piece = water.pieces[entry.class_]
        assert ellipsoid_m2(piece) == pytest.approx(entry.overlap_m2, rel=1e-5)
    assert ellipsoid_m2(content.site) == pytest.approx(content.verdict.site.area_m2, rel=1e-5)


def test_zones_are_cut_to_the_sheet_and_keep_their_own_area(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, ACROSS)
    sheet = shapely.box(*content.sheet).buffer(1e-9)
    territory = layer(content, "territory")
    assert [zone.id for zone in territory.zones] == ["140522"]
    for found in content.layers:
        for zone in found.zones:
            assert sheet.covers(zone.geometry)
    west, south, east, north = tiny_workspace.TERRITORIES["140522"]
    whole = ellipsoid_m2(shapely.segmentize(shapely.box(west, south, east, north), 0.001))
    assert territory.zones[0].area_m2 == pytest.approx(whole, rel=1e-4)


def test_touched_zones_know_their_part_of_the_site(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, ACROSS)
    by_id = {zone.id: zone for zone in layer(content, "water").zones}
    assert by_id["W1"].touched
    assert by_id["W1"].overlap_m2 == pytest.approx(content.verdict.site.area_m2 / 2, rel=1e-6)
    assert by_id["W2"].overlap_m2 == pytest.approx(content.verdict.site.area_m2, rel=1e-6)


def test_a_zone_near_the_site_is_drawn_and_not_touched(root: Path, site_map: SiteMap) -> None:
    content = gather(root, site_map, (112.440, 35.452, 112.441, 35.453))
    (field,) = layer(content, "farmland").zones
    assert (field.touched, field.overlap_m2) == (False, None)
    assert layer(content, "farmland").pieces == {}
    assert content.conflicts == ()


def test_a_layer_without_data_is_listed_and_not_drawn(
    root: Path, site_map: SiteMap, stylebook: Stylebook, tmp_path: Path
) -> None:
    alone = tiny_workspace.build(tmp_path / "w")
    (alone / "layers" / "data" / "farmland.geojson").unlink()
    content = gather(alone, site_map, ACROSS)
    farmland = layer(content, "farmland")
    assert (farmland.entry.status, farmland.zones) == ("no_data", ())
    listed = {entry.id: entry for group in tree(content, stylebook, site_map.groups, "en") for entry in group.layers}
    # No zone can be drawn; that nobody knows of any can: it is switched on where the decision waits for it.
    assert (listed["farmland"].drawn, listed["farmland"].on) == (True, "farmland" in content.verdict.missing_layers)
    assert listed["farmland"].remark
    assert gather(root, site_map, ACROSS) is not None


def test_a_site_in_two_territories_is_coloured_only_where_the_rule_binds(root: Path, site_map: SiteMap) -> None:
    # The rule of county A cannot bind east of 112.5; a zone that goes on there changes nothing.
    wide = {**tiny_workspace.FARMLAND, "F": (112.49, 35.45, 112.51, 35.46)}
    data = root.parent / "two"
    tiny_workspace.build(data)
    zones = [(f"F{code}", "", code, box) for code, box in wide.items()]
    tiny_workspace.geojson(data / "layers" / "data" / "farmland.geojson", zones)
    content = gather(data, site_map, (112.499, 35.452, 112.501, 35.454))
    assert content.verdict.site.territories == ("140522", "140825")
    (part,) = content.conflicts
    assert part.geometry.bounds == pytest.approx((112.499, 35.452, 112.5, 35.454), abs=1.5e-7)


def test_layers_start_on_when_they_matter(root: Path, site_map: SiteMap, stylebook: Stylebook) -> None:
    content = gather(root, site_map, ACROSS)
    on = {found.layer.id for found in content.layers if starts_on(found, content, stylebook)}
    assert on == {"territory", "water"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_workspace_without_styles_is_drawn(
    root: Path, site_map: SiteMap, stylebook: Stylebook, language: str
) -> None:
    content = gather(root, site_map, ACROSS)
    bare = Stylebook({}, stylebook.outcomes)
    page = render_site_map(content, language=language, product=site_map, stylebook=bare)  # type: ignore[arg-type]  # a parameter of the test
    assert "R042" in page
    assert stylebook.outcomes.fallback.outline in page


def test_a_strip_thinner_than_the_grid_does_not_stop_the_map() -> None:
    """On the grid it becomes a line; areas and lines together cannot be overlaid."""
    area, strip = shapely.box(0, 0, 100, 100), shapely.Polygon([(100, 10), (150, 10), (150, 10.003)])
    laid = laid_out({"prohibited": [area], "undetermined": [strip], "restricted": [shapely.box(50, 0, 200, 100)]})
    assert [decision for decision, _ in laid] == ["prohibited", "restricted"]
    assert laid[0][1].area == pytest.approx(10_000)
    assert laid[1][1].area == pytest.approx(10_000)
