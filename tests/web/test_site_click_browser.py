"""A click on the page of an example site lists all zones there, with the areas that the verdict's JSON tells."""

import json
from datetime import date
from pathlib import Path

import pytest
import shapely

from kept_pages import Screen
from long_runs import times
from zoning.check import Checker, Examination, Refusal
from zoning.cli.demo import find_examples
from zoning.cli.maps import map_of
from zoning.cli.session import Session
from zoning.maps.wording import WORDS, area_text
from zoning.rules.facts import parse_facts, read_facts_file
from zoning.sites import read_sites
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NAMES = ("coal-panels", "lodge", "processing-plant", "school", "viewing-platform")[: times(2, 5)]
PLACE = """([lat, lon]) => { const map = zoningMap.state.map; const p = map.latLngToContainerPoint([lat, lon]);
    const box = map.getContainer().getBoundingClientRect(); return [box.x + p.x, box.y + p.y]; }"""
CARDS = """() => [...document.querySelectorAll(".leaflet-popup .zone-card")].map((card) => Object.fromEntries(
    [...card.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent))))"""


@pytest.fixture(scope="module")
def workspace(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


def examine(workspace: Workspace, name: str) -> Examination:
    example = next(one for one in find_examples(workspace.root / "examples") if one.site.name.split(".")[0] == name)
    assert example.facts is not None
    checker = Checker(on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)
    vocabulary = workspace.rulebook.vocabulary
    facts = parse_facts(vocabulary, read_facts_file(vocabulary, example.facts)[0], name)
    found = next(checker.check([(read_sites(example.site, expected=workspace.extent(ON))[0], facts)]))
    assert not isinstance(found, Refusal)
    return found


def zones_at(examination: Examination, place: shapely.Point) -> dict[str, float]:
    """Return id and area of the zones of the verdict's JSON that hold a place; the areas are read from the JSON."""
    told = json.loads(examination.verdict.to_json())
    found = {}
    for layer in told["layers"]:
        near = examination.surroundings.get(layer["layer"])
        if near is None:
            continue
        for entry in layer["classes"]:
            for zone in entry["zones"]:
                shapes = [near.geometries[k] for k, known in enumerate(near.ids) if known == zone["id"]]
                if zone["overlap_m2"] and any(shapely.contains(shape, place) for shape in shapes):
                    found[zone["id"]] = zone["overlap_m2"]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_click_lists_all_zones_with_the_areas_of_the_verdict(
    wide: Screen, workspace: Workspace, tmp_path: Path, name: str
) -> None:
    examination = examine(workspace, name)
    place = examination.footprint.geometry.representative_point()
    expected = zones_at(examination, place)
    assert expected
    lonlat = examination.plane.to_lonlat([place])[0]
    path = tmp_path / "site.html"
    path.write_text(map_of(examination, workspace, Session("zh", environ={})), encoding="utf-8")
    page = wide.new_page()
    page.goto(path.as_uri())
    page.locator("svg path.site").wait_for()
    page.evaluate(
        "document.querySelectorAll('.layer input[type=checkbox]:not(:checked)').forEach((box) => box.click())"
    )
    page.mouse.click(*page.evaluate(PLACE, [lonlat.y, lonlat.x]))
    page.locator(".leaflet-popup").wait_for()
    overlap, number = WORDS["in_site"].zh, WORDS["zone_id"].zh
    shown = {card[number]: card[overlap] for card in page.evaluate(CARDS) if overlap in card}
    assert shown == {zone: area_text(area, "zh") for zone, area in expected.items()}
