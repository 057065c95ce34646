"""National law on land, the Yellow River, minerals and the town boundary: days, territories, exceptions, questions."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest

from zoning.rules.cases import Case, CaseFile, _overlap, run_cases
from zoning.rules.conditions import OneOf, leaves
from zoning.rules.decision import Conclusion, conclude
from zoning.rules.facts import parse_facts
from zoning.rules.judge import judge
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding
from zoning.workspace import Workspace

YANGCHENG, JINCHENG, XINJIANG, YANGQUAN = "140522", "140502", "140825", "1403"
FIRST_DAYS = {
    "BFR11": date(1999, 1, 1),
    "LAL19": date(2020, 1, 1),
    "LAR21": date(2021, 9, 1),
    "YRPL": date(2023, 4, 1),
    "UGB23": date(2023, 10, 8),
    "MRL24": date(2025, 7, 1),
    "UGB26": date(2026, 2, 11),
}
ON = date(2026, 6, 1)
FIELD = {"permanent-basic-farmland": {"field": {"area": "4000 m2"}}}
CROPLAND = {"farmland-quality": {"priority": {"area": "4000 m2"}}}
TREES: dict[str, str | list[str]] = {
    "construction": "none",
    "activity": ["mine-restoration", "tree-planting"],
    "restoration_target": "forest",
}
Facts = Mapping[str, str | list[str]]


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> tuple[Rule, ...]:
    return tuple(rule for rule in workspace.rulebook.rules if prefix(rule.id) in FIRST_DAYS)


def prefix(rule_id: str) -> str:
    return rule_id.partition("-")[0]


def findings(
    workspace: Workspace, facts: Facts, *, on: date = ON, territory: str = JINCHENG, **others: object
) -> dict[str, Finding]:
    """Return the findings of these laws on a site of one hectare, by rule."""
    fields = {"name": "site", "on": on, "facts": dict(facts), "expect": "applies", **others}
    case = Case.model_validate(fields)
    overlaps = {name: _overlap(layer, case) for name, layer in workspace.catalogue.layers.items()}
    sheet = parse_facts(workspace.rulebook.vocabulary, case.facts, "site")
    situation = Situation(territory, case.site_area, overlaps, workspace.catalogue.layers, sheet, on)
    found = judge(workspace.rulebook, situation)
    return {finding.rule: finding for finding in found if prefix(finding.rule) in FIRST_DAYS}


def decide(workspace: Workspace, found: Iterable[Finding]) -> Conclusion:
    return conclude(found, workspace.rulebook.vocabulary)


def deciding(conclusion: Conclusion) -> set[str]:
    return {finding.rule for finding in conclusion.deciding}


# --- days and territories


def test_each_law_begins_on_its_day(workspace: Workspace, rules: tuple[Rule, ...]) -> None:
    assert {prefix(rule.id) for rule in rules} == set(FIRST_DAYS)
    for rule in rules:
        assert rule.in_force.from_ == FIRST_DAYS[prefix(rule.id)], rule.id
        assert workspace.rulebook.documents[rule.document].valid_from == rule.in_force.from_, rule.id


def test_one_town_boundary_document_follows_the_other_without_a_gap(workspace: Workspace) -> None:
    def on(day: date) -> set[str]:
        held = workspace.rulebook.in_force(day, JINCHENG)
        return {prefix(rule.id) for rule in held if rule.id.startswith("UGB")}

    last = FIRST_DAYS["UGB26"] - timedelta(days=1)
    assert (on(last), on(FIRST_DAYS["UGB26"])) == ({"UGB23"}, {"UGB26"})
    old = workspace.rulebook.documents["town-boundary-notice-2023"]
    assert (old.valid_to, old.superseded_by) == (last, "town-boundary-measures-2026")


def test_the_yellow_river_law_binds_in_the_basin_only(workspace: Workspace, rules: tuple[Rule, ...]) -> None:
    river = {rule.id: rule for rule in rules if prefix(rule.id) == "YRPL"}
    in_the_basin = {name for name, rule in river.items() if rule.territories == (JINCHENG, YANGCHENG, XINJIANG)}
    assert set(river) - in_the_basin == {"YRPL-26d"}
    held = {rule.id for rule in workspace.rulebook.in_force(ON, YANGQUAN) if prefix(rule.id) == "YRPL"}
    assert held == {"YRPL-26d"}
    assert not river["YRPL-26d"].citation.verified
    assert not {rule.id for rule in workspace.rulebook.in_force(ON, "110105")} & set(river)


def test_the_other_laws_bind_everywhere(rules: tuple[Rule, ...]) -> None:
    assert {rule.territories for rule in rules if prefix(rule.id) != "YRPL"} == {("CN",)}


def test_only_the_town_boundary_and_yangquan_are_unverified(workspace: Workspace, rules: tuple[Rule, ...]) -> None:
    unverified = {rule.id for rule in rules if not workspace.rulebook.is_verified(rule)}
    assert unverified == {"UGB23-0a", "UGB23-0b", "UGB26-0a", "UGB26-0b", "YRPL-26d"}
    assert all(rule.note for rule in rules if rule.id in unverified)


# --- permanent basic farmland


@pytest.mark.parametrize(
    ("on", "laws"),
    [
        (date(2019, 12, 31), {"BFR11-15", "BFR11-17b"}),
        (date(2020, 1, 1), {"BFR11-15", "BFR11-17b", "LAL19-35", "LAL19-37c"}),
        (date(2021, 9, 1), {"BFR11-15", "BFR11-17b", "LAL19-35", "LAL19-37c", "LAR21-12c"}),
        (date(2023, 4, 1), {"BFR11-15", "BFR11-17b", "LAL19-35", "LAL19-37c", "LAR21-12c", "YRPL-25a"}),
    ],
)
def test_trees_on_basic_farmland_in_jincheng_are_barred_by_law(workspace: Workspace, on: date, laws: set[str]) -> None:
    # The plan of 晋城城区 has no such ban: it comes from the laws in force on the day.
    found = decide(workspace, findings(workspace, TREES, on=on, layers=FIELD).values())
    assert (found.decision, deciding(found)) == ("prohibited", laws)
    weights = {finding.citation.weight for finding in found.deciding}
    assert weights <= {"law", "regulation"}


def test_restoration_to_cropland_on_basic_farmland_is_free(workspace: Workspace) -> None:
    facts = {"construction": "none", "activity": "mine-restoration", "restoration_target": "cropland"}
    assert decide(workspace, findings(workspace, facts, layers=FIELD).values()).decision == "permitted"


@pytest.mark.parametrize(
    ("activity", "authorised", "decision"),
    [
        ("road-rail", "yes", "restricted"),
        ("road-rail", "no", "prohibited"),
        ("road-rail", None, "undetermined"),
        ("hotel", "yes", "prohibited"),
        ("hotel", None, "prohibited"),
        (["road-rail", "hotel"], "yes", "prohibited"),
    ],
)
def test_only_key_projects_are_lifted_by_the_state_council(
    workspace: Workspace, activity: str | list[str], authorised: str | None, decision: str
) -> None:
    facts: dict[str, str | list[str]] = {"construction": "new", "activity": activity, "temporary_land_use": "no"}
    if authorised is not None:
        facts["pbf_change_authorised"] = authorised
    found = decide(workspace, findings(workspace, facts, layers=FIELD).values())
    assert found.decision == decision
    if decision == "undetermined":
        assert {item.fact for item in found.missing_facts} == {"pbf_change_authorised"}


def test_arable_land_outside_basic_farmland_needs_approval_first(workspace: Workspace) -> None:
    found = decide(
        workspace, findings(workspace, {"construction": "new", "activity": "housing"}, layers=CROPLAND).values()
    )
    assert (found.decision, deciding(found)) == ("restricted", {"LAL19-37b", "YRPL-25b"})
    graves = decide(
        workspace, findings(workspace, {"construction": "new", "activity": "graves"}, layers=CROPLAND).values()
    )
    assert (graves.decision, deciding(graves)) == ("prohibited", {"LAL19-37a", "LAR21-12b"})


# --- the Yellow River


def test_the_yellow_river_law_never_cites_a_distance(rules: tuple[Rule, ...]) -> None:
    # Ranges are published, no buffer stands for them: neither in a place nor in a figure nor in words.
    for rule in (rule for rule in rules if prefix(rule.id) == "YRPL"):
        assert {where.relation for where in rule.places} <= {"overlaps"}, rule.id
        assert {parameter.unit for parameter in rule.values.values()} <= {"°"}, rule.id
        texts = [rule.title, rule.says, rule.condition, rule.note, *(p.condition for p in rule.provisos)]
        words = " ".join(f"{text.zh} {text.en}" for text in texts if text is not None)
        assert not re.search(r"\d\s*(km|公里|千米|米|m\b|metres)", words), rule.id


@pytest.mark.parametrize("metres", ["0 m", "20 m", "900 m", "4 km"])
def test_how_near_the_river_is_decides_nothing_about_chemical_plants(workspace: Workspace, metres: str) -> None:
    facts = {"construction": "new", "activity": "chemical", "two_high": "no", "high_water_use": "no"}
    near = {"rivers": {"qin": {"distance": metres}}}
    for answer, outcome in (("outside", "does_not_apply"), ("other-tributary", "applies")):
        found = findings(workspace, {**facts, "shoreline_control_range": answer}, layers=near, territory=YANGCHENG)
        assert found["YRPL-26a"].outcome == outcome
    asked = findings(workspace, facts, layers=near, territory=YANGCHENG)["YRPL-26a"]
    assert (asked.outcome, asked.missing_facts) == ("undetermined", ("shoreline_control_range",))


@pytest.mark.parametrize(
    ("construction", "purpose", "outcome"),
    [
        ("rebuild", "yes", "does_not_apply"),
        ("rebuild", "no", "applies"),
        ("new", "yes", "applies"),
        ("expand", "yes", "applies"),
    ],
)
def test_only_a_rebuild_for_safety_lifts_the_ban_on_tailings_ponds(
    workspace: Workspace, construction: str, purpose: str, outcome: str
) -> None:
    facts = {
        "construction": construction,
        "activity": "tailings-pond",
        "shoreline_control_range": "important-tributary",
        "tailings_upgrade": purpose,
    }
    assert findings(workspace, facts, territory=XINJIANG)["YRPL-26b"].outcome == outcome


@pytest.mark.parametrize(("degrees", "outcome"), [("24.99", "does_not_apply"), ("25", "applies"), ("40", "applies")])
def test_the_slope_of_25_degrees_is_closed_itself(workspace: Workspace, degrees: str, outcome: str) -> None:
    facts = {"activity": "land-clearing", "reclaimed_slope_deg": degrees, "in_no_reclaim_area": "no"}
    assert findings(workspace, facts)["YRPL-32"].outcome == outcome


@pytest.mark.parametrize(("answer", "decision"), [("prohibited", "prohibited"), ("restricted", "restricted")])
def test_the_access_list_of_the_unit_binds_production(workspace: Workspace, answer: str, decision: str) -> None:
    layers = {"management-units": {"key": {"area": "1 ha"}}}
    facts = {"construction": "new", "activity": "livestock", "unit_access_list": answer}
    found = decide(workspace, findings(workspace, facts, layers=layers).values())
    assert (found.decision, deciding(found)) == (decision, {"YRPL-26c"})


# --- what is not verified never decides alone


def test_a_park_outside_the_boundary_waits_for_the_text(workspace: Workspace) -> None:
    for on, rule in ((date(2026, 2, 10), "UGB23-0a"), (date(2026, 2, 11), "UGB26-0a")):
        facts = {"construction": "new", "activity": "industrial-park-building"}
        found = findings(workspace, facts, on=on)
        assert (found[rule].outcome, found[rule].effect, found[rule].decision) == (
            "applies",
            "prohibit",
            "undetermined",
        )
        alone = decide(workspace, [found[rule]])
        assert (alone.decision, deciding(alone), alone.missing_facts) == ("undetermined", {rule}, ())
        inside = findings(workspace, facts, on=on, layers={"town-boundary": {"flexible": {"area": "1 ha"}}})
        assert inside[rule].outcome == "does_not_apply"


def test_yangquan_is_never_prohibited_by_the_river_law(workspace: Workspace) -> None:
    facts = {
        "construction": "new",
        "activity": "chemical",
        "shoreline_control_range": "other-tributary",
        "yellow_river_basin_county": "yes",
    }
    found = findings(workspace, facts, territory=YANGQUAN)
    assert decide(workspace, found.values()).decision == "undetermined"
    assert found["YRPL-26d"].conditions[-1].zh.startswith("依据的条文待核实")
    elsewhere = findings(workspace, {**facts, "yellow_river_basin_county": "no"}, territory=YANGQUAN)
    assert decide(workspace, elsewhere.values()).decision == "permitted"


@pytest.mark.parametrize(
    "activity",
    ["coal-mining", "other-mining", "quarrying", "coalbed-methane", "mine-restoration", "road-rail", "housing"],
)
@pytest.mark.parametrize("on", [date(2025, 6, 1), ON])
def test_lying_outside_the_town_boundary_is_no_conflict_by_itself(
    workspace: Workspace, activity: str, on: date
) -> None:
    found = findings(workspace, {"construction": "new", "activity": activity}, on=on)
    town = {name: finding for name, finding in found.items() if name.startswith("UGB")}
    ban, note = sorted(town)
    assert town[ban].outcome == "does_not_apply"
    assert (town[note].outcome, town[note].effect, town[note].decision) == ("applies", "require", None)


# --- nothing is asked of who has nothing to do with it


@pytest.mark.parametrize("territory", [YANGCHENG, JINCHENG, XINJIANG, YANGQUAN])
@pytest.mark.parametrize(
    "activity",
    ["housing", "public-service", "commercial", "hotel", "photovoltaic", "road-rail", "water-supply", "tree-planting"],
)
def test_plain_projects_on_free_land_are_asked_nothing(workspace: Workspace, territory: str, activity: str) -> None:
    found = findings(workspace, {"construction": "new", "activity": activity}, territory=territory).values()
    assert decide(workspace, found).decision == "permitted"
    assert {finding.rule for finding in found if finding.decision is not None} == set()


def test_facts_of_the_whole_territory_come_after_a_telling_activity(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        if rule.scope == "attribute":
            asked = [leaf for leaf in leaves(rule.when) if isinstance(leaf, OneOf)] if rule.when else []
            assert "activity" in {leaf.fact for leaf in asked}, rule.id


# --- mines


def test_restoration_of_mines_is_a_duty_that_moves_no_decision(workspace: Workspace, rules: tuple[Rule, ...]) -> None:
    mines = [rule for rule in rules if prefix(rule.id) == "MRL24"]
    # Article 26 speaks of mining in protected areas, not of restoration.
    assert {rule.effect for rule in mines if rule.id != "MRL24-26"} == {"require"}
    historic = {"mine-parcels": {"historic": {"area": "1 ha"}}}
    facts = {"construction": "none", "activity": "mine-restoration", "restoration_target": "grass"}
    found = findings(workspace, facts, layers=historic)
    applies = {name for name, finding in found.items() if finding.outcome == "applies" and name.startswith("MRL24")}
    assert applies == {"MRL24-44", "MRL24-45b", "MRL24-48"}
    assert decide(workspace, found.values()).decision == "permitted"
    owned = findings(workspace, facts, layers={"mine-parcels": {"responsible": {"area": "1 ha"}}})
    assert (owned["MRL24-45b"].outcome, owned["MRL24-45c"].outcome) == ("does_not_apply", "applies")


# --- cases


def test_restrictions_say_what_must_be_met(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert rule.effect != "restrict" or rule.condition is not None, rule.id
        assert all(p.condition is not None for p in rule.provisos if p.effect == "restrict"), rule.id


def test_every_rule_has_its_kinds_of_cases(rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]) -> None:
    for rule in rules:
        cases = case_files[rule.id].cases
        shown = {(case.expect, case.on) for case in cases}
        first, last = rule.in_force.from_, rule.in_force.to
        assert {("applies", first), ("not in force", first - timedelta(days=1))} <= shown, rule.id
        assert last is None or {("applies", last), ("not in force", last + timedelta(days=1))} <= shown, rule.id
        assert any(case.expect == "does_not_apply" for case in cases), (rule.id, "clear")
        asked = {name for case in cases if case.expect == "undetermined" for name in case.missing or ()}
        for layer in {where.layer for where in rule.where}:
            assert any(case.layers.get(layer) == "no data" for case in cases), (rule.id, "no data", layer)
        assert asked & {"construction", *rule.facts}, (rule.id, "unknown fact")
        if rule.places:
            assert asked & {where.layer for where in rule.places}, (rule.id, "layer missing")


def test_all_cases_come_out_as_promised(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    results = [r for rule in rules for r in run_cases(case_files[rule.id], workspace.rulebook, workspace.catalogue)]
    assert [(r.rule, r.name, r.mistake.en) for r in results if r.mistake is not None] == []
    assert len(results) >= 11 * len(rules)
