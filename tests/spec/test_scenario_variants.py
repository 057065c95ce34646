"""What can go wrong around a scenario: bad footprints, missing layers, county borders, levels not told, editions."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

import scenario_world as world
from scenario_world import JINCHENG, XINJIANG, YANGCHENG
from scenarios import (
    ALL,
    DYE,
    HOTEL,
    HOUSING,
    JC,
    SCENARIOS,
    SIZE_M,
    TREES,
    XJ,
    YC_A,
    YC_B,
    Bench,
    Facts,
    Scenario,
    Zones,
    deciding,
    finding,
)
from zoning.errors import CRSError, SiteError
from zoning.sites import Site, read_sites
from zoning.workspace import Workspace

NAMES = list(SCENARIOS)
WITH_ZONES = [name for name, scenario in SCENARIOS.items() if scenario.zones and scenario.expected != "permitted"]


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def grounds(builtin: Workspace, tmp_path_factory: pytest.TempPathFactory) -> world.Grounds:
    return world.Grounds(builtin, tmp_path_factory.mktemp("grounds"))


@pytest.fixture
def check(grounds: world.Grounds, tmp_path: Path) -> Bench:
    return Bench(grounds, tmp_path)


def bow_tie(territory: str) -> Site:
    """Return a footprint whose border crosses itself: two triangles that meet in its middle."""
    ring = [(0, 0), (SIZE_M, 0), (0, SIZE_M), (SIZE_M, SIZE_M)]
    return world.site_of(world.to_degrees(shapely.Polygon(ring), world.origin(territory)))


@pytest.mark.parametrize("name", NAMES)
def test_a_footprint_that_crosses_itself_is_repaired_and_says_so(check: Bench, name: str) -> None:
    scenario = SCENARIOS[name]
    verdict = check(scenario, bow_tie(scenario.territory))
    assert verdict.decision == scenario.expected
    assert [repair.kind for repair in verdict.site.repairs] == ["self-crossing"]
    whole = check(scenario).site.area_m2
    assert verdict.site.area_m2 == pytest.approx(whole / 2, rel=1e-4)


@pytest.mark.parametrize("name", WITH_ZONES)
def test_without_its_layers_a_scenario_is_never_permitted(check: Bench, name: str) -> None:
    scenario = SCENARIOS[name]
    for layer in scenario.zones:
        verdict = check(scenario, without=layer)
        entry = next(entry for entry in verdict.layers if entry.layer == layer)
        assert entry.status == "no_data"
        assert verdict.decision != "permitted"


def test_a_prohibition_on_another_layer_stays(check: Bench) -> None:
    scenario = SCENARIOS["AS34 the same, 15 km from the urban area"]
    assert check(scenario, without="management-units").decision == "prohibited"
    assert check(scenario, without="urban-areas").decision == "prohibited"


@pytest.mark.parametrize("shape", [[(0, 0), (200, 200), (0, 0)], [(0, 0), (100, 100), (200, 200), (0, 0)]])
def test_a_footprint_without_area_is_refused(check: Bench, shape: list[tuple[float, float]]) -> None:
    flat = world.to_degrees(shapely.Polygon(shape), world.origin(XINJIANG))
    with pytest.raises(SiteError):
        check(SCENARIOS["AS01 coking plant 800 m from the Fen"], world.site_of(flat))


def boundary_file(path: Path, ring: Sequence[tuple[float, float]], code: str | None) -> Path:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    document: dict[str, Any] = {"type": "FeatureCollection", "features": [feature]}
    if code is not None:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{code.replace(':', '::')}"}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


ZONE_37 = [(37500000.0, 3930000.0), (37500200.0, 3930000.0), (37500200.0, 3930200.0), (37500000.0, 3930000.0)]
EXPECTED = (111.0, 35.0, 114.0, 38.5)


@pytest.mark.parametrize("code", [None, "EPSG:4526", "EPSG:4490", "EPSG:9999999", "EPSG:2433"])
def test_an_unknown_or_wrong_coordinate_system_is_refused(tmp_path: Path, code: str | None) -> None:
    # The numbers are of the 3-degree zone 37: nothing stated, zone 38, degrees, no such code, the datum of 1954.
    with pytest.raises(CRSError):
        read_sites(boundary_file(tmp_path / "地块.geojson", ZONE_37, code), expected=EXPECTED)


def test_exchanged_axes_are_never_taken_in_silence(check: Bench, tmp_path: Path) -> None:
    scenario = SCENARIOS["AS01 coking plant 800 m from the Fen"]
    corners = shapely.get_coordinates(world.footprint(XINJIANG, SIZE_M).geometry)
    ring = [(float(y), float(x)) for x, y in corners]
    (site,) = read_sites(boundary_file(tmp_path / "地块.geojson", ring, "EPSG:4490"), expected=EXPECTED)
    assert any("opposite order" in warning.en for warning in site.warnings)
    verdict = check(scenario, site)
    assert verdict.decision == "prohibited"
    assert any("opposite order" in warning.en for warning in verdict.site.warnings)


def across(lon: float, lat: float) -> Site:
    return world.site_of(world.to_degrees(shapely.box(-100, -100, 100, 100), (lon, lat)))


def test_each_side_of_the_county_border_has_its_own_rules(check: Bench) -> None:
    # 阳城县 lies east of 112°, 新绛县 west of it; the farmland reaches over the border.
    over_border = shapely.box(-60000, -500, 60000, 700)
    zones: Zones = {"permanent-basic-farmland": [("field", over_border)]}
    scenario = Scenario(YANGCHENG, TREES, "prohibited", ("R079",), YC_B, zones)
    verdict = check(scenario, across(112.0, 35.5))
    assert verdict.decision == "prohibited"
    assert verdict.site.territories == (YANGCHENG, XINJIANG)
    found = {rule: finding(verdict, rule) for rule in ("R079", "R084")}
    assert {rule: (f.territory, f.citation.document) for rule, f in found.items()} == {
        "R079": (YANGCHENG, YC_B),
        "R084": (XINJIANG, XJ),
    }
    half = verdict.site.area_m2 / 2
    assert found["R079"].overlap_m2 == pytest.approx(half, rel=1e-3)
    assert found["R084"].overlap_m2 == pytest.approx(half, rel=1e-3)


def test_the_same_project_on_both_sides_follows_the_words_of_each_issuer(check: Bench) -> None:
    # Discharge to the air only: 晋城市城区 bars pollutants of any kind in level 2, 阳城县 water pollutants.
    facts = {**DYE, "discharges_water_pollutants": "no", "heavy_water_pollution": "no"}
    zones: Zones = {"drinking-water": [("level-2", ALL)]}
    in_jincheng = check(Scenario(JINCHENG, facts, "prohibited", ("R045",), JC, zones))
    in_yangcheng = check(Scenario(YANGCHENG, facts, "restricted", ("R024",), YC_A, zones))
    assert finding(in_jincheng, "R045").outcome == "applies"
    assert finding(in_yangcheng, "R046").outcome == "does_not_apply"
    # The law of the day bars pollutants of any kind on both sides.
    assert deciding(in_jincheng) == {"R045", "WPPL-66a"}
    assert (in_yangcheng.decision, deciding(in_yangcheng)) == ("prohibited", {"WPPL-66a"})


def test_a_reserve_beyond_the_county_border_is_not_judged_there(check: Bench) -> None:
    # As the north edge of the reserve 崦山: the zone reaches over the border, the rules do not.
    zones: Zones = {"nature-reserves": [("experimental", shapely.box(-1000, -60000, 1000, 60000))]}
    scenario = Scenario(YANGCHENG, HOTEL, "undetermined", ("R028",), YC_B, zones)
    lon = world.origin(YANGCHENG)[0]
    inside = check(scenario, across(lon, 35.99))
    assert (inside.decision, deciding(inside)) == ("restricted", {"R028"})
    astride = check(scenario, across(lon, 36.0))
    assert astride.decision == "undetermined"
    assert astride.site.outside_territories_m2 == pytest.approx(astride.site.area_m2 / 2, rel=1e-3)
    assert finding(astride, "R028").overlap_m2 == pytest.approx(astride.site.area_m2 / 2, rel=1e-3)
    with pytest.raises(CRSError):
        check(scenario, across(lon, 36.01))


@pytest.mark.parametrize(
    ("territory", "facts", "layer", "rule"),
    [
        (JINCHENG, HOTEL, "drinking-water", "R042"),
        (XINJIANG, HOUSING, "contaminated-plots", "R135"),
        (YANGCHENG, {"construction": "new", "activity": "coal-mining"}, "spring-catchments", "R063"),
    ],
)
def test_an_empty_level_counts_as_the_strictest_and_is_reported(
    check: Bench, territory: str, facts: Facts, layer: str, rule: str
) -> None:
    verdict = check(Scenario(territory, facts, "prohibited", (rule,), "", {layer: [(None, ALL)]}))
    assert verdict.decision == "prohibited"
    assert "bears no class: the strictest is assumed" in finding(verdict, rule).reasons[0].en
    entry = next(entry for entry in verdict.layers if entry.layer == layer)
    assert [found.assumed for found in entry.classes] == [True]


@pytest.mark.parametrize(
    ("on", "edition", "decision"), [(date(2023, 12, 31), "2017", "prohibited"), (date(2024, 1, 1), "2024", "permitted")]
)
def test_of_two_editions_the_last_one_begun_holds_alone(check: Bench, on: date, edition: str, decision: str) -> None:
    editions = {
        "ecological-red-line": {
            "2017": {"valid_from": "2017-01-01", "classes": ["level-1", "level-2"], "zones": [("level-1", ALL)]},
            "2024": {"valid_from": "2024-01-01", "classes": ["red-line"], "zones": []},
        }
    }
    verdict = check(Scenario(YANGCHENG, HOTEL, "prohibited", ("R013",), YC_B, editions=editions), on=on)
    entry = next(entry for entry in verdict.layers if entry.layer == "ecological-red-line")
    assert (entry.edition, verdict.decision) == (edition, decision)


def test_before_the_document_is_in_force_its_rule_is_not_applied(check: Bench) -> None:
    editions = {"contaminated-plots": {"2020": {"valid_from": "2020-01-01"}}}
    scenario = replace(SCENARIOS["AS37 housing on a registered plot"], editions=editions)
    assert "R135" not in {found.rule for found in check(scenario, on=date(2021, 12, 27)).findings}
    assert check(scenario, on=date(2021, 12, 28)).decision == "prohibited"
