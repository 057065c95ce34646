"""A site that lies in two territories: each part follows the rules of its own territory, and nobody else's.

阳政办发 is the prefix of 阳城县 and of 阳泉市, and 阳政办发〔2023〕43号 holds two plans: a number names no document.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import scenario_world as world
from border_world import (
    BOXES,
    CORNER,
    EAST_BORDER,
    EVERYWHERE,
    NORTH_BORDER,
    ON,
    SOUTH_BORDER,
    Zones,
    box_at,
    checked,
    few_rules,
)
from scenario_world import JINCHENG, XINJIANG, YANGCHENG, YANGQUAN
from zoning.citations import binds_in
from zoning.errors import ContentError, CRSError
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import CitationEntry, Finding, Verdict
from zoning.workspace import Workspace

DYE = {
    "construction": "new",
    "activity": "dyeing",
    "purpose": "other",
    "discharges_pollutants": "yes",
    "discharges_water_pollutants": "no",
    "may_pollute_drinking_water": "no",
    "sewage_outlet": "no",
}


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def grounds(builtin: Workspace, tmp_path_factory: pytest.TempPathFactory) -> world.Grounds:
    return world.Grounds(builtin, tmp_path_factory.mktemp("grounds"), BOXES)


def by_territory(verdict: Verdict) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.territory, []).append(finding)
    return found


def citations(findings: Iterable[Finding]) -> set[CitationEntry]:
    return {citation for finding in findings for citation in (finding.citation, *finding.also)}


def foreign(verdict: Verdict, rulebook: Rulebook) -> list[tuple[str, str, str]]:
    """Return the citations of documents that have no say in the territory of their finding."""
    return [
        (finding.rule, finding.territory, citation.document)
        for finding in verdict.findings
        for citation in (finding.citation, *finding.also)
        if not binds_in(rulebook.documents[citation.document].territories, finding.territory)
    ]


# --- the built-in rules on both sides of a border


def test_the_prefix_of_two_issuers_never_mixes_their_documents(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {"drinking-water": [("level-1", EVERYWHERE)]}, at=NORTH_BORDER)
    verdict = checked(made, grounds.builtin.rulebook, box_at(NORTH_BORDER, -100, -300, 100, 100), DYE)
    assert verdict.site.territories == (YANGQUAN, YANGCHENG)
    parts = by_territory(verdict)
    local = {
        code: {(c.number, c.issuer.zh) for c in citations(parts[code]) if c.number.startswith("阳政办发")}
        for code in (YANGCHENG, YANGQUAN)
    }
    assert local == {
        YANGCHENG: {
            ("阳政办发〔2023〕43号", "阳城县人民政府办公室"),
            ("阳政办发〔2023〕63号", "阳城县人民政府办公室"),
        },
        YANGQUAN: {("阳政办发〔2025〕23号", "阳泉市人民政府办公室")},
    }
    assert foreign(verdict, grounds.builtin.rulebook) == []
    for code in (YANGCHENG, YANGQUAN):
        assert [f.rule for f in parts[code]] == [rule.id for rule in grounds.builtin.rulebook.in_force(ON, code)]


def test_the_two_plans_of_one_number_are_told_apart(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {}, at=NORTH_BORDER)
    verdict = checked(made, grounds.builtin.rulebook, box_at(NORTH_BORDER, -100, -300, 100, 100), DYE)
    twins = {c for c in citations(verdict.findings) if c.number == "阳政办发〔2023〕43号"}
    assert {c.document for c in twins} == {"yangcheng-2023-43-a", "yangcheng-2023-43-b"}
    assert len({c.title.zh for c in twins}) == 2
    for finding in verdict.findings:
        if finding.citation in twins:
            rule = grounds.builtin.rulebook.get(finding.rule)
            assert rule is not None
            assert (finding.citation.document, finding.territory) == (rule.document, YANGCHENG)


@pytest.mark.parametrize("west_m", [50, 100, 200, 350])
def test_each_part_is_measured_with_its_own_area(grounds: world.Grounds, tmp_path: Path, west_m: int) -> None:
    made = grounds.world(tmp_path, {"drinking-water": [("level-1", EVERYWHERE)]}, at=EAST_BORDER)
    verdict = checked(made, grounds.builtin.rulebook, box_at(EAST_BORDER, -west_m, 0, 400 - west_m, 200), DYE)
    west, east = (next(f for f in verdict.findings if f.rule == rule) for rule in ("R042-yc", "R042"))
    assert [(f.territory, f.outcome, f.share) for f in (west, east)] == [
        (YANGCHENG, "applies", 1.0),
        (JINCHENG, "applies", 1.0),
    ]
    assert west.overlap_m2 is not None
    assert east.overlap_m2 is not None
    assert west.overlap_m2 == pytest.approx(verdict.site.area_m2 * west_m / 400, rel=1e-6)
    assert west.overlap_m2 + east.overlap_m2 == pytest.approx(verdict.site.area_m2, abs=1e-3)


def test_the_strictest_words_of_both_decide_and_the_others_stay(grounds: world.Grounds, tmp_path: Path) -> None:
    # Discharge to the air only: 晋城市城区 names pollutants of any kind, 阳城县 water pollutants.
    made = grounds.world(tmp_path, {"drinking-water": [("level-2", EVERYWHERE)]}, at=EAST_BORDER)
    plans = plans_only(grounds.builtin.rulebook)
    across, west, east = (
        checked(made, plans, box_at(EAST_BORDER, x, 0, x + 200, 200), DYE | {"heavy_water_pollution": "no"})
        for x in (-100, -300, 100)
    )
    outcomes = {rule: next(f.outcome for f in across.findings if f.rule == rule) for rule in ("R045", "R046")}
    assert outcomes == {"R045": "applies", "R046": "does_not_apply"}
    assert (across.decision, east.decision) == ("prohibited", "prohibited")
    assert west.decision != "prohibited"
    assert {f.rule for f in across.findings} == {f.rule for f in (*west.findings, *east.findings)}


def test_where_three_territories_meet_each_part_has_its_rules(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {"drinking-water": [("level-1", EVERYWHERE)]}, at=CORNER)
    verdict = checked(made, grounds.builtin.rulebook, box_at(CORNER, -100, -100, 100, 300), DYE)
    assert set(verdict.site.territories) == {YANGCHENG, JINCHENG, YANGQUAN}
    assert foreign(verdict, grounds.builtin.rulebook) == []
    areas = {
        finding.territory: finding.overlap_m2
        for finding in verdict.findings
        if finding.rule in ("R042-yc", "R042", "R054")
    }
    shares = {code: (area or 0.0) / verdict.site.area_m2 for code, area in areas.items()}
    expected = {YANGCHENG: 0.125, JINCHENG: 0.125, YANGQUAN: 0.75}
    assert shares == pytest.approx(expected, rel=1e-4)


def plans_only(rulebook: Rulebook) -> Rulebook:
    """Return the rules of the register alone: national law says the same on both sides of a border."""
    rules = tuple(rule for rule in rulebook.rules if rule.id.startswith("R"))
    return Rulebook(rules, rulebook.documents, rulebook.vocabulary, rulebook.sha256)


# --- along the border, and beyond it


def test_a_site_that_ends_at_the_border_lies_on_one_side_only(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {"drinking-water": [("level-1", EVERYWHERE)]}, at=CORNER)
    sides = {
        YANGCHENG: box_at(CORNER, -200, -400, 0, -200),
        JINCHENG: box_at(CORNER, 0, -400, 200, -200),
        YANGQUAN: box_at(CORNER, -100, 0, 100, 200),
    }
    for code, site in sides.items():
        verdict = checked(made, grounds.builtin.rulebook, site, DYE)
        assert (verdict.site.territories, verdict.site.outside_territories_m2) == ((code,), 0.0)
        assert {finding.territory for finding in verdict.findings} == {code}
    # All three at their common corner: a point is no part.
    corners = [box_at(CORNER, -200, -200, 0, 0), box_at(CORNER, 0, -200, 200, 0)]
    found = [checked(made, grounds.builtin.rulebook, site, DYE).site.territories for site in corners]
    assert found == [(YANGCHENG,), (JINCHENG,)]


def test_a_strip_along_the_border_counts_once_it_is_more_than_a_sliver(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {}, at=EAST_BORDER)
    over = {width: box_at(EAST_BORDER, -200, 0, width, 200) for width in (0.002, 0.02)}  # 0.4 m² and 4 m²
    found = {width: checked(made, grounds.builtin.rulebook, site, DYE).site.territories for width, site in over.items()}
    assert found == {0.002: (YANGCHENG,), 0.02: (JINCHENG, YANGCHENG)}


def test_a_site_outside_every_territory_is_refused(grounds: world.Grounds, tmp_path: Path) -> None:
    made = grounds.world(tmp_path, {}, at=SOUTH_BORDER)
    with pytest.raises(CRSError):
        checked(made, grounds.builtin.rulebook, box_at(SOUTH_BORDER, -100, -300, 100, -100), DYE)


# --- a book of few rules: decisions, laws of a part of the country, citations of two documents


ASKING = {"effect": "prohibit", "when": {"high_pollution": "yes"}}
ASKING_LESS = {"effect": "restrict", "when": {"high_pollution": "yes"}}
DECISIONS = [
    ({"effect": "require"}, {"effect": "encourage"}, "permitted"),
    ({"effect": "require"}, {"effect": "restrict"}, "restricted"),
    ({"effect": "restrict"}, {"effect": "restrict"}, "restricted"),
    ({"effect": "restrict"}, {"effect": "prohibit"}, "prohibited"),
    ({"effect": "encourage"}, {"effect": "prohibit"}, "prohibited"),
    ({"effect": "require"}, ASKING, "undetermined"),
    ({"effect": "restrict"}, ASKING, "undetermined"),
    ({"effect": "restrict"}, ASKING_LESS, "restricted"),  # the answer could not make it stricter
    ({"effect": "prohibit"}, ASKING, "prohibited"),
]


@pytest.fixture(scope="module")
def border(grounds: world.Grounds, tmp_path_factory: pytest.TempPathFactory) -> world.World:
    return grounds.world(tmp_path_factory.mktemp("border"), {}, at=EAST_BORDER)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "other", "decision"), DECISIONS)
def test_the_strictest_decision_of_both_parts_is_that_of_the_site(
    border: world.World,
    tmp_path: Path,
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    decision: str,
    *,
    turned: bool,
) -> None:
    west, east = (other, one) if turned else (one, other)
    book = few_rules(tmp_path / "rules", {"R901": ("yangcheng", west), "R902": ("jincheng", east)})
    verdict = checked(border, book, box_at(EAST_BORDER, -100, 0, 100, 200), {"construction": "new"})
    assert verdict.decision == decision
    assert {(f.rule, f.territory) for f in verdict.findings} == {("R901", YANGCHENG), ("R902", JINCHENG)}


@pytest.mark.parametrize(
    ("rule", "inside", "astride"),
    [
        ({"effect": "require"}, "permitted", "undetermined"),
        ({"effect": "restrict"}, "restricted", "undetermined"),
        ({"effect": "prohibit"}, "prohibited", "prohibited"),
    ],
)
def test_what_lies_in_no_territory_is_never_permitted(
    grounds: world.Grounds, tmp_path: Path, rule: Mapping[str, Any], inside: str, astride: str
) -> None:
    made = grounds.world(tmp_path / "world", {"drinking-water": [("level-1", EVERYWHERE)]}, at=SOUTH_BORDER)
    place = {"scope": "zone", "where": {"layer": "drinking-water"}}
    local = ("jincheng", {**rule, **place})
    book = few_rules(tmp_path / "rules", {"R908": local, "CITY-2": ("city", {}), "R909": ("yangcheng", {})})
    whole = checked(made, book, box_at(SOUTH_BORDER, -100, 0, 100, 200), {})
    part = checked(made, book, box_at(SOUTH_BORDER, -100, -150, 100, 50), {})
    assert (whole.decision, whole.site.outside_territories_m2) == (inside, 0.0)
    assert part.decision == astride
    assert part.site.outside_territories_m2 == pytest.approx(part.site.area_m2 * 0.75, rel=1e-4)
    assert [(f.rule, f.territory) for f in part.findings] == [("CITY-2", JINCHENG), ("R908", JINCHENG)]
    assert part.findings[1].overlap_m2 == pytest.approx(part.site.area_m2 * 0.25, rel=1e-4)


def test_a_law_holds_in_the_part_of_the_country_that_it_names(border: world.World, tmp_path: Path) -> None:
    rules: dict[str, tuple[str, dict[str, Any]]] = {
        "CITY-1": ("city", {"effect": "prohibit"}),  # codes that begin with 1405: 阳城县 and 晋城市城区
        "PRO-1": ("province", {}),
        "PRO-2": ("province", {"territories": [JINCHENG]}),
        "NAT-1": ("nation", {}),
        "NAT-2": ("nation", {"territories": ["1408", YANGQUAN]}),
        "R903": ("yangquan", {"effect": "prohibit"}),
    }
    book = few_rules(tmp_path / "rules", rules)
    verdict = checked(border, book, box_at(EAST_BORDER, -100, 0, 100, 200), {})
    assert {code: [f.rule for f in found] for code, found in by_territory(verdict).items()} == {
        YANGCHENG: ["CITY-1", "NAT-1", "PRO-1"],
        JINCHENG: ["CITY-1", "NAT-1", "PRO-1", "PRO-2"],
    }
    assert [rule.id for rule in book.in_force(ON, XINJIANG)] == ["NAT-1", "NAT-2", "PRO-1"]
    assert [rule.id for rule in book.in_force(ON, YANGQUAN)] == ["NAT-1", "NAT-2", "PRO-1", "R903"]


def test_a_second_citation_stays_in_the_territory_of_its_rule(border: world.World, tmp_path: Path) -> None:
    both = [{"section": "第二章"}, {"document": "nation", "section": "第六条"}]
    book = few_rules(tmp_path / "rules", {"R904": ("yangcheng", {"citation": both}), "R905": ("jincheng", {})})
    verdict = checked(border, book, box_at(EAST_BORDER, -100, 0, 100, 200), {})
    cited = {f.territory: [(c.document, c.section) for c in (f.citation, *f.also)] for f in verdict.findings}
    assert cited == {
        YANGCHENG: [("yangcheng", "第二章"), ("nation", "第六条")],
        JINCHENG: [("jincheng", "第一条")],
    }


@pytest.mark.parametrize("strange", ["jincheng", "yangquan"])
def test_a_rule_that_also_cites_a_document_of_elsewhere_is_refused(tmp_path: Path, strange: str) -> None:
    both = [{"section": "第二章"}, {"document": strange, "section": "第三章"}]
    with pytest.raises(ContentError, match="cannot bind outside the territory of its issuer: 140522"):
        few_rules(tmp_path / "rules", {"R906": ("yangcheng", {"citation": both})})


@pytest.mark.parametrize("territories", [["CN"], ["14"], [YANGCHENG, JINCHENG]])
def test_a_rule_cannot_reach_farther_than_its_document(tmp_path: Path, territories: list[str]) -> None:
    with pytest.raises(ContentError, match="cannot bind outside the territory of its issuer"):
        few_rules(tmp_path / "rules", {"R907": ("yangcheng", {"territories": territories})})


def test_no_built_in_citation_reaches_beyond_its_document(builtin: Workspace) -> None:
    book = builtin.rulebook
    counties = sorted(world.BOXES)
    assert [
        (rule.id, code, citation.document)
        for code in counties
        for rule in book.in_force(ON, code)
        for citation in rule.citations
        if not binds_in(book.documents[citation.document].territories, code)
    ] == []


# --- any box across a border: the findings of each part are those of the part checked alone

CheckBox = Callable[[int, int, int, int, Mapping[str, object]], Verdict]
STEP_M = 7  # sites end between the borders of zones, which lie on multiples of 10 m
MIXED: Zones = {
    "drinking-water": [("level-1", shapely.box(-400, -200, 150, 100)), ("level-2", shapely.box(-800, -600, 500, 0))],
    "spring-catchments": [("catchment", EVERYWHERE), ("key-protection", shapely.box(-100, -900, 900, 300))],
    "rivers": [("dan", shapely.box(300, -900, 340, 900)), ("qin", shapely.box(-900, -640, 900, -600))],
    "permanent-basic-farmland": [("field", shapely.box(-300, 50, 300, 250))],
    "ecological-red-line": [("red-line", shapely.box(-900, 300, -100, 900))],
    "urban-areas": [("urban-area", shapely.box(100, 100, 900, 900))],
    "town-boundary": [("concentrated", shapely.box(-900, -100, 400, 400))],
    "management-units": [("key", shapely.box(-900, -900, 0, 900)), ("priority", shapely.box(0, -900, 900, 900))],
    "contaminated-plots": [(None, shapely.box(-60, -60, 60, 60))],
    "transport": [("expressway", shapely.LineString([(-900, 420), (900, 380)]))],
}
PROJECTS = [
    DYE,
    {"construction": "new", "activity": "housing"},
    {"construction": "rebuild", "activity": ["paper", "hotel"], "discharge_change": "increase", "air_related": "no"},
    {"construction": "none", "activity": "coal-mining", "purpose": "other"},
    {},
]


@pytest.fixture(scope="module")
def mixed(builtin: Workspace, grounds: world.Grounds, tmp_path_factory: pytest.TempPathFactory) -> CheckBox:
    """Return the check of a box among many zones, in metres from the border."""
    made = grounds.world(tmp_path_factory.mktemp("mixed"), MIXED, at=EAST_BORDER)

    def check(west: int, south: int, east: int, north: int, project: Mapping[str, object]) -> Verdict:
        return checked(made, builtin.rulebook, box_at(EAST_BORDER, west, south, east, north), project)

    # The windows of the layers around the largest box hold those around all others.
    far = 200 * STEP_M
    check(-far, -far, far, far, {})
    return check


def sides(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high).map(lambda steps: steps * STEP_M)


@given(
    west=sides(-90, -3),
    east=sides(3, 90),
    south=sides(-90, 80),
    height=sides(3, 60),
    project=st.sampled_from(PROJECTS),
)
@settings(max_examples=max(25, settings().max_examples // 3))  # each is three whole checks
def test_a_part_is_judged_as_if_it_stood_alone(
    mixed: CheckBox, west: int, east: int, south: int, height: int, project: Mapping[str, object]
) -> None:
    north = south + height
    together = mixed(west, south, east, north, project)
    alone = {YANGCHENG: mixed(west, south, 0, north, project), JINCHENG: mixed(0, south, east, north, project)}
    parts = by_territory(together)
    assert set(parts) == set(alone)
    for code, verdict in alone.items():
        assert [plainly(finding) for finding in parts[code]] == [plainly(finding) for finding in verdict.findings]
        for here, there in zip(parts[code], verdict.findings, strict=True):
            for measured in ("overlap_m2", "share", "distance_m"):
                expected = getattr(there, measured)
                assert getattr(here, measured) == (None if expected is None else pytest.approx(expected, abs=2e-3))
    area = sum(verdict.site.area_m2 for verdict in alone.values())
    assert together.site.area_m2 == pytest.approx(area, rel=1e-9, abs=3e-6)  # each is rounded to 1e-6


def plainly(finding: Finding) -> dict[str, object]:
    """Return a finding without what was measured, and without the sentences that tell the figures."""
    return finding.model_dump(exclude={"overlap_m2", "share", "distance_m", "reasons"})
