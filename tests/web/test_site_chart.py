"""The chart of a site: what the script draws is what the page tells, zone by zone and layer by layer."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page
from shapely.geometry import shape

from kept_pages import Screen
from zoning.maps.content import MapContent
from zoning.maps.findings import cards_of
from zoning.maps.leaflet import chart
from zoning.maps.payload import payload
from zoning.maps.product import BaseMap, SiteMap
from zoning.maps.web_map import MapOptions, render_site_map
from zoning.styles.legend import class_key
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text

# What lies on the map by pane, from the lowest: how many paths it has, and how high it is.
PANES = """() => Object.entries(zoningMap.state.map.getPanes())
    .map(([name, pane]) => [name, pane.querySelectorAll('path').length, Number(getComputedStyle(pane).zIndex)])
    .filter(([name]) => /^(zones-|mask|conflicts|site|relief)/.test(name)).sort((a, b) => a[2] - b[2])"""


@pytest.fixture(scope="module")
def drawn(map_content: MapContent, stylebook: Stylebook) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(chart(map_content, stylebook, None, "")))
    return value


def zones(drawn: dict[str, Any]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    return [
        (layer["id"], told, zone) for layer in drawn["layers"] for told in layer["classes"] for zone in told["zones"]
    ]


def test_the_number_of_a_zone_leads_to_its_own_card(
    drawn: dict[str, Any], map_content: MapContent, stylebook: Stylebook
) -> None:
    told = payload(map_content, stylebook, cards_of(map_content, "en"), "en")["zones"]
    numbers = [zone["properties"]["z"] for _, _, zone in zones(drawn)]
    assert sorted(numbers) == list(range(len(told)))
    originals = [(layer, zone) for layer in map_content.layers for zone in layer.zones]
    for layer_id, _, zone in zones(drawn):
        card, (layer, original) = told[zone["properties"]["z"]], originals[zone["properties"]["z"]]
        assert card["id"] == original.id
        assert card["key"] == class_key(layer.layer.id, original.class_id)
        assert layer_id == layer.layer.id
        assert shape(zone["geometry"]).hausdorff_distance(original.geometry) < 1e-5


def test_the_mask_leaves_the_sheet_open(drawn: dict[str, Any], map_content: MapContent) -> None:
    mask = shape(drawn["mask"]["shape"]["geometry"])
    sheet = shapely.box(*map_content.sheet)
    assert mask.is_valid
    shown = sheet if map_content.land is None else map_content.land
    assert mask.intersection(shown).area < 0.02 * shown.area
    assert mask.contains(shapely.Point(map_content.sheet.west - 0.01, map_content.sheet.south))


def test_conflict_pieces_have_the_look_of_their_decision(drawn: dict[str, Any], map_content: MapContent) -> None:
    pieces = drawn["conflicts"]["pieces"]
    assert [piece["properties"]["decision"] for piece in pieces] == [p.decision for p in map_content.conflicts][::-1]
    for piece, original in zip(pieces, reversed(map_content.conflicts), strict=True):
        assert drawn["conflicts"]["looks"][original.decision]["className"] == f"conflict {original.decision}"
        assert piece["properties"]["area"] is (original.geometry.area > 0)
        lat, lon = piece["properties"]["at"]
        assert original.geometry.distance(shapely.Point(lon, lat)) < 1e-6


def test_a_base_map_is_asked_with_its_key(map_content: MapContent, stylebook: Stylebook) -> None:
    tiles = BaseMap(
        title=Text(zh="影像", en="Pictures"),
        address="https://tiles.example.invalid/{z}/{x}/{y}?k={key}",
        host="https://tiles.example.invalid",
        credit=Text(zh="图", en="Map"),
        max_zoom=18,
    )
    told = chart(map_content, stylebook, tiles, "k3y")["tiles"]
    assert told == {"address": "https://tiles.example.invalid/{z}/{x}/{y}?k=k3y", "credit": "图", "maxZoom": 18}


def test_everything_of_the_chart_is_drawn_in_its_order(
    wide: Screen, tmp_path: Path, drawn: dict[str, Any], map_content: MapContent, product: SiteMap, stylebook: Stylebook
) -> None:
    path = tmp_path / "site.html"
    path.write_text(
        render_site_map(map_content, language="en", product=product, stylebook=stylebook, options=MapOptions()),
        encoding="utf-8",
    )
    page: Page = wide.new_page()
    page.goto(path.as_uri())
    page.locator("svg path.site").wait_for(state="attached")
    found = page.evaluate(PANES)
    names = [name for name, _, _ in found]
    assert names[-3:] == ["mask", "conflicts", "site"]
    shown = {f"zones-{layer['id']}": layer for layer in drawn["layers"]}
    assert {name for name in names if name.startswith("zones-")} == shown.keys()
    assert len({layer["height"] for layer in drawn["layers"]}) > 1
    for name, paths, height in found:
        if name not in shown:
            continue
        layer = shown[name]
        assert height == layer["height"]
        # A layer that is off at first, or not for this scale, has its pane and nothing in it.
        assert paths in (0, sum(len(told["zones"]) for told in layer["classes"]))
        assert layer["shown"] or paths == 0
    counts = {name: paths for name, paths, _ in found}
    areas = [piece for piece in drawn["conflicts"]["pieces"] if piece["properties"]["area"]]
    assert counts["conflicts"] == len(areas) + len(drawn["conflicts"]["pieces"])
    assert counts["site"] == 2
