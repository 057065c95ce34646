"""Ways to a verdict that is milder than it may be, and to one that nobody can check: tried, and closed."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.check import Examination, check_site, check_sites
from zoning.errors import ContentError
from zoning.replay import UNEXPLAINED, replay_verdict
from zoning.rules.facts import FactSheet, parse_facts
from zoning.rules.verdict import Finding, Verdict
from zoning.sites.site import Site
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
NEW = FactSheet({"construction": ("new",), "supply": False})
OTHER = FactSheet({"construction": ("none",), "supply": False})
FREE = (112.33, 35.43, 112.331, 35.431)
METRE = 1 / 111_000  # degrees of latitude


def site_of(geometry: BaseGeometry, name: str = "1") -> Site:
    return Site(name, "地块一", geometry, "EPSG:4490", "site.geojson")


def examine(root: Path, geometry: BaseGeometry, facts: FactSheet = NEW) -> Verdict:
    w = Workspace.open(root)
    site = site_of(geometry)
    return check_site(site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings).verdict


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def finding(verdict: Verdict, rule: str, territory: str = "140522") -> Finding:
    return next(f for f in verdict.findings if (f.rule, f.territory) == (rule, territory))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def bind_everywhere(root: Path) -> None:
    """Let the rules hold, and the layers be authoritative, in both counties."""
    both = ('territories: ["140522"]', 'territories: ["140522", "140825"]')
    for path in (root / "rules").glob("*/*.yaml"):
        edit(path, both)
    edit(root / "rules" / "documents.yaml", both)
    for name in ("water", "farmland"):
        edit(root / "layers" / f"{name}.yaml", ('["140522"]', '["140522", "140825"]'))


# --- territories


def test_territories_that_overlap_do_not_hide_land_outside_of_both(root: Path) -> None:
    bind_everywhere(root)
    # The site is 0.02° wide: A holds its first half, B the middle, the last quarter lies in neither.
    tiny_workspace.geojson(
        root / "layers/data/territory.geojson",
        [("140522", "甲", "C", (112.3, 35.4, 112.34, 35.6)), ("140825", "乙", "C", (112.325, 35.4, 112.345, 35.6))],
    )
    verdict = examine(root, shapely.box(112.33, 35.43, 112.35, 35.431))
    assert verdict.site.territories == ("140522", "140825")
    assert verdict.site.outside_territories_m2 == pytest.approx(verdict.site.area_m2 / 4, rel=1e-4)
    assert verdict.decision == "undetermined"


def test_an_overlap_shared_by_two_territories_is_no_sliver_in_both(root: Path) -> None:
    bind_everywhere(root)
    edit(root / "layers/farmland.yaml", ("accuracy_m: 0.0", "accuracy_m: 0.0\ntolerance: 1000 m2"))
    # 1,800 m² of farmland, half of it on each side of the border between the counties.
    half = 30 * METRE / 0.815
    field = (112.5 - half, 35.45, 112.5 + half, 35.45 + 30 * METRE)
    tiny_workspace.geojson(root / "layers/data/farmland.geojson", [("F1", "", "F", field)])
    verdict = examine(root, shapely.box(112.498, 35.449, 112.502, 35.452))
    farmland = next(entry for entry in verdict.layers if entry.layer == "farmland")
    assert 1500 < farmland.classes[0].overlap_m2 < 2000
    assert farmland.status == "affected"
    assert verdict.decision == "prohibited"


@pytest.mark.parametrize(("east", "warned"), [(112.4999, True), (112.4990, False)])
def test_a_site_at_the_border_of_its_territory_is_warned(root: Path, east: float, warned: bool) -> None:
    edit(root / "layers/territory.yaml", ("accuracy_m: 0.0", "accuracy_m: 20"))
    verdict = examine(root, shapely.box(112.49, 35.43, east, 35.431))
    assert verdict.site.territories == ("140522",)
    sentence = "nearer to the border of territory 140522 than its accuracy (20 m)"
    assert [text.en.startswith(sentence) for text in verdict.site.warnings] == [True] * warned


# --- sites as small as the tolerance


def test_a_site_smaller_than_the_tolerance_is_no_sliver(root: Path) -> None:
    edit(root / "layers/water.yaml", ("accuracy_m: 0.0", "accuracy_m: 0.0\ntolerance: 1 ha"))
    verdict = examine(root, shapely.box(112.404, 35.504, 112.4045, 35.5045))
    assert verdict.site.area_m2 < 10_000
    assert (finding(verdict, "R042").outcome, verdict.decision) == ("applies", "prohibited")


def test_a_site_of_less_than_a_square_metre_is_checked(root: Path) -> None:
    verdict = examine(root, shapely.box(112.404, 35.504, 112.404 + 0.8 * METRE, 35.504 + 0.8 * METRE))
    assert verdict.site.area_m2 < 1
    assert verdict.decision == "prohibited"


# --- far apart


def near_river(root: Path) -> None:
    """Prohibit within 5 km of a level-1 zone, as far as the search goes, in one county of 2°."""
    box = (111.5, 34.5, 113.5, 36.5)
    tiny_workspace.geojson(root / "layers/data/territory.geojson", [("140522", "甲", "C", box)])
    edit(
        root / "rules/plan/R042.yaml",
        (
            "where: {layer: water, classes: [level-1]}",
            "where: {layer: water, classes: [level-1], relation: within, distance: 5 km}",
        ),
    )


@pytest.mark.parametrize("north_km", [0, 20, 50, 100])
@pytest.mark.parametrize("side", ["east", "south"])
def test_the_distance_of_a_part_far_from_the_others_is_right(root: Path, north_km: int, side: str) -> None:
    near_river(root)
    # One part at 35.3°N, the other farther north; the zone 4,990 m east of the northern, or south of the first.
    north = 35.3 + north_km / 111.0
    lower, upper = shapely.box(112.4, 35.3, 112.401, 35.301), shapely.box(112.4, north, 112.401, north + 0.001)
    start = (112.401, north) if side == "east" else (112.4, 35.3)
    lon, lat, _ = Geod(ellps="GRS80").fwd(*start, 90 if side == "east" else 180, 4990.0)
    zone = (lon, lat, lon + 0.0001, lat + 0.0001) if side == "east" else (lon, lat - 0.0001, lon + 0.0001, lat)
    tiny_workspace.geojson(root / "layers/data/water.geojson", [("W1", "", "1", zone)])
    found = finding(examine(root, lower if north_km == 0 else shapely.MultiPolygon([lower, upper])), "R042")
    assert found.outcome == "applies"
    assert found.distance_m == pytest.approx(4990.0, abs=0.3)


def test_sites_far_apart_in_one_call_give_the_bytes_of_single_calls(root: Path) -> None:
    # Neither layer covers the east; a zone drawn there, beyond the coverage, is read in every call.
    tiny_workspace.geojson(
        root / "layers/data/territory.geojson",
        [("140522", "甲", "C", (112.3, 35.4, 112.5, 35.6)), ("140825", "乙", "C", (113.3, 35.4, 113.5, 35.6))],
    )
    zones = [("W1", "", "1", (112.4, 35.5, 112.41, 35.51)), ("W2", "", "1", (113.35, 35.45, 113.36, 35.46))]
    tiny_workspace.geojson(root / "layers/data/water.geojson", zones)
    w = Workspace.open(root)
    boxes = [
        FREE,
        (113.355, 35.455, 113.356, 35.456),
        (113.44, 35.5, 113.441, 35.501),
        (112.405, 35.5, 112.411, 35.501),
    ]
    work = [(site_of(shapely.box(*box)), NEW) for box in boxes]
    known: dict[str, Any] = {"on": ON, "catalogue": w.catalogue, "rulebook": w.rulebook, "settings": w.settings}
    for together, pair in zip(check_sites(work, **known), work, strict=True):
        assert isinstance(together, Examination)
        single = check_site(*pair, **known)
        assert together.verdict.to_json() == single.verdict.to_json()


@pytest.mark.parametrize("accuracy_m", [100, 6000])
def test_an_accuracy_beyond_the_search_is_minded(root: Path, accuracy_m: int) -> None:
    edit(root / "zoning.yaml", ("search_distance: 5 km", "search_distance: 10 m"))
    edit(root / "layers/water.yaml", ("accuracy_m: 0.0", f"accuracy_m: {accuracy_m}"))
    # A level-1 zone 90 m east of the site, on another meridian: good to 100 m only.
    west = 112.331 + 90 * METRE / 0.815
    tiny_workspace.geojson(root / "layers/data/water.geojson", [("W1", "", "1", (west, 35.42, west + 0.01, 35.44))])
    verdict = examine(root, shapely.box(*FREE))
    water = next(entry for entry in verdict.layers if entry.layer == "water")
    assert (water.status, verdict.decision) == ("possible", "undetermined")


# --- no data where only a part is covered


def test_a_layer_read_for_a_part_of_the_site_permits_nothing(root: Path) -> None:
    # Half the site has no water data, the other half touches a level-2 zone; the facts take it out of every rule.
    tiny_workspace.geojson(root / "layers/data/covered.geojson", [("c", "", "1", (112.3, 35.4, 112.395, 35.6))])
    edit(root / "layers/water.yaml", ('coverage: {territories: ["140522"]}', "coverage: {file: data/covered.geojson}"))
    verdict = examine(root, shapely.box(112.392, 35.492, 112.398, 35.493), OTHER)
    water = next(entry for entry in verdict.layers if entry.layer == "water")
    assert water.status == "affected"
    assert water.uncovered_m2 > 1
    assert (verdict.decision, verdict.missing_layers) == ("undetermined", ("water",))


# --- facts


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"supply": ["no", "yes"]}, "x: 'no, yes' is no value of supply; allowed: yes, no"),
        ({"construction": ["none", "new"]}, "x: 'none, new' is no value of construction; allowed: new, none"),
        ({"construction": ["none", "unknown"]}, "x: construction cannot be known and unknown at once"),
    ],
)
def test_a_fact_is_not_taken_from_the_first_word_of_several(
    root: Path, facts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ContentError) as refused:
        parse_facts(Workspace.open(root).rulebook.vocabulary, facts, "x")
    assert refused.value.text.en.startswith(sentence)


# --- what the digests hold, and what a replay says


def changed(root: Path) -> tuple[bool, list[str]]:
    old = examine(root / "old", shapely.box(*FREE))
    w = Workspace.open(root / "new")
    result = replay_verdict(old, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    return result.same, [text.en for text in result.causes]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    tiny_workspace.build(tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    return tmp_path


SETTINGS = "the settings of the workspace (zoning.yaml) have changed: tolerance, search distance, latitude ..."
DEFINITION = "the definition of layer 'water' has changed: accuracy, classes, editions or coverage"


@pytest.mark.parametrize(
    ("file", "change", "cause"),
    [
        ("zoning.yaml", ("tolerance: 1 m2", "tolerance: 5 m2"), SETTINGS),
        ("zoning.yaml", ("search_distance: 5 km", "search_distance: 6 km"), SETTINGS),
        ("zoning.yaml", ("latitude: 35.5", "latitude: 36"), SETTINGS),
        ("layers/water.yaml", ("accuracy_m: 0.0", "accuracy_m: 5"), DEFINITION),
        ("layers/water.yaml", ('codes: ["1"]', 'codes: ["1", "I"]'), DEFINITION),
        ("layers/water.yaml", ('["140522"]', '["140522", "140825"]'), DEFINITION),
    ],
)
def test_replay_names_what_was_changed_in_the_workspace(
    two: Path, file: str, change: tuple[str, str], cause: str
) -> None:
    edit(two / "new" / file, change)
    assert changed(two) == (False, [cause])


def test_replay_names_a_changed_coverage_file(two: Path) -> None:
    for name, west in (("old", 112.3), ("new", 112.0)):
        box = (west, 35.3, 112.6, 35.7)
        tiny_workspace.geojson(two / name / "layers/data/covered.geojson", [("c", "", "1", box)])
        edit(two / name / "layers/water.yaml", ('{territories: ["140522"]}', "{file: data/covered.geojson}"))
    assert changed(two) == (False, [DEFINITION])


def test_remarks_and_comments_change_nothing(two: Path) -> None:
    edit(two / "new/layers/water.yaml", ("source: {zh: 测试, en: test}", "source: {zh: 试, en: trial} # remark"))
    edit(two / "new/zoning.yaml", ("tolerance: 1 m2", "tolerance: 1.0 m2  # as before"))
    assert changed(two) == (True, [])


def test_a_record_that_was_edited_is_not_called_the_same(two: Path) -> None:
    old = examine(two / "old", shapely.box(112.404, 35.504, 112.405, 35.505))
    w = Workspace.open(two / "new")
    edited = old.model_copy(update={"decision": "permitted"})
    result = replay_verdict(edited, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings)
    assert (result.same, result.causes) == (False, (UNEXPLAINED,))
    assert result.effects[0].en == "decision: permitted -> prohibited"
