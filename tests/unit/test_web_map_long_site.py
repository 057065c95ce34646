"""The map of a long site: zones along its whole length, on a page that stays small."""

from datetime import date

import pytest
import shapely

import tiny_workspace
from zoning.check import Examination, check_site
from zoning.maps import gathering
from zoning.maps.content import MapContent, MapZone
from zoning.maps.gathering import content_from
from zoning.maps.payload import payload
from zoning.maps.product import Sheet, SiteMap
from zoning.maps.sheet import sheet_of
from zoning.maps.web_map import render_site_map
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.styles.stylebook import Stylebook
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
# 16.3 km long, 55 m wide; a field lies 6.1 km south of it, layers are searched to 5 km.
ROAD = (112.31, 35.5300, 112.49, 35.5305)
FIELDS = [(f"F{n}", f"田块{n}", "F", (112.302 + n * 0.006, 35.533, 112.305 + n * 0.006, 35.536)) for n in range(30)]
FAR = ("FAR", "远处", "F", (112.45, 35.465, 112.46, 35.475))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Examination, Workspace]:
    root = tiny_workspace.build(tmp_path_factory.mktemp("long") / "w")
    tiny_workspace.geojson(root / "layers" / "data" / "farmland.geojson", [*FIELDS, FAR])
    w = Workspace.open(root)
    site = Site("1", "公路", shapely.box(*ROAD), "EPSG:4490", "road.geojson")
    found = check_site(site, NEW, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return found, w


def drawn(content: MapContent, layer_id: str) -> dict[str, MapZone]:
    layer = next(layer for layer in content.layers if layer.layer.id == layer_id)
    return {zone.id: zone for zone in layer.zones}


def gather(world: tuple[Examination, Workspace], site_map: SiteMap) -> MapContent:
    examination, w = world
    return content_from(examination, w.catalogue, site_map, source=w.source())


def test_the_sheet_is_filled_beyond_what_was_searched(world: tuple[Examination, Workspace], site_map: SiteMap) -> None:
    examination, w = world
    west, south, east, north = sheet_of(examination.footprint.lonlat, site_map.sheet)
    assert south < FAR[3][1]  # the field is on the sheet
    assert FAR[3][3] < ROAD[1] - 5 / 111  # and beyond the five kilometres
    assert "FAR" not in drawn(content_from(examination, w.catalogue, site_map), "farmland")
    content = gather(world, site_map)
    assert set(drawn(content, "farmland")) == {zone[0] for zone in (*FIELDS, FAR)}
    assert content.land is None
    assert content.sheet == (west, south, east, north)
    assert drawn(content, "farmland")["FAR"].geometry.bounds == pytest.approx(FAR[3], abs=1e-6)


def test_what_was_found_does_not_depend_on_what_is_drawn(
    world: tuple[Examination, Workspace], site_map: SiteMap
) -> None:
    examination, w = world
    plain, full = content_from(examination, w.catalogue, site_map), gather(world, site_map)
    assert plain.verdict == full.verdict
    assert [part.decision for part in plain.conflicts] == [part.decision for part in full.conflicts]
    for one, other in zip(plain.layers, full.layers, strict=True):
        touched = {zone.id for zone in one.zones if zone.touched}
        assert touched == {zone.id for zone in other.zones if zone.touched}


@pytest.mark.parametrize("room", [25_000, 21_000, 1])
def test_where_the_page_would_be_too_large_less_land_is_shown_and_all_that_is_on_it(
    world: tuple[Examination, Workspace], site_map: SiteMap, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", room)
    content = gather(world, site_map)
    assert content.land is not None
    assert content.land.covers(content.site)
    west, _, east, _ = content.land.bounds
    assert west < ROAD[0] < ROAD[2] < east  # the whole length
    shown = drawn(content, "farmland")
    for name, _, _, box in (*FIELDS, FAR):
        within = shapely.box(*box).intersection(content.land)
        assert (name in shown) == (not within.is_empty)
        if name in shown:
            assert shown[name].geometry.symmetric_difference(within).area < 1e-9  # 10 m²
    assert "FAR" not in shown
    assert all(content.land.buffer(1e-9).covers(zone.geometry) for zone in shown.values())


def test_far_zones_are_drawn_coarser_and_near_ones_are_not(
    world: tuple[Examination, Workspace], site_map: SiteMap
) -> None:
    examination, _ = world
    full = gather(world, site_map)
    ground = gathering._Ground(
        full.sheet,
        None,
        site_map.detail,
        8,
        gathering._within(examination, 2000, full.sheet),
    )
    wavy = shapely.Point(112.45, 35.47).buffer(0.004, quad_segs=64)
    near = shapely.Point(112.45, 35.535).buffer(0.004, quad_segs=64)
    corners = [shapely.get_num_coordinates(ground.drawn(shape, touched=False)) for shape in (wavy, near)]
    assert corners[0] < corners[1]
    assert shapely.get_num_coordinates(ground.drawn(wavy, touched=True)) >= corners[1]
    assert ground.drawn(wavy, touched=False).hausdorff_distance(wavy) < 8 * site_map.detail.others / 111_320


def test_a_short_site_reads_no_layer_again(
    world: tuple[Examination, Workspace], site_map: SiteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, w = world
    site = Site("2", "", shapely.box(112.4, 35.5, 112.402, 35.502), "EPSG:4490", "site.geojson")
    found = check_site(site, NEW, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    source = w.source()

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a layer was read again")

    monkeypatch.setattr(type(source), "layer", refuse)
    content = content_from(found, w.catalogue, site_map, source=source)
    assert {zone.touched for zone in drawn(content, "water").values()} == {True}


def test_the_margin_of_a_long_site_is_limited() -> None:
    road = shapely.box(*ROAD)
    sheet = Sheet(margin=2000, times=1, most=8000, proportion=1)
    south, north = sheet_of(road, sheet).south, sheet_of(road, sheet).north
    free = sheet_of(road, sheet.model_copy(update={"most": None}))
    assert free.north - free.south > 1.3 * (north - south)
    small = shapely.box(112.4, 35.5, 112.401, 35.501)
    assert sheet_of(small, sheet) == sheet_of(small, sheet.model_copy(update={"most": None}))


def test_the_page_masks_what_is_not_shown(
    world: tuple[Examination, Workspace], site_map: SiteMap, stylebook: Stylebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", 1)
    content = gather(world, site_map)
    assert content.land is not None
    told = payload(content, stylebook, (), "zh")
    assert shapely.geometry.shape(told["land"]).area == pytest.approx(content.land.area, rel=1e-3)
    page = render_site_map(content, language="zh", product=site_map, stylebook=stylebook)
    ring = shapely.get_coordinates(shapely.simplify(content.land, 2e-5))[0].tolist()
    assert f"[{round(ring[0], 6)},{round(ring[1], 6)}]" in page
