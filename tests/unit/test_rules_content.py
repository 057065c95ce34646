"""The rules as content: where they bind, what they ask for, and the cases that every one of them has to have.

Citations, and that every entry of the register is a rule, are the matter of tests/spec/test_citations.py.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from zoning.citations import EVERYWHERE, binds_in
from zoning.quantities import parse_length
from zoning.rules.cases import Case, CaseFile, run_cases, situation_of
from zoning.rules.decision import Conclusion, conclude
from zoning.rules.judge import judge
from zoning.rules.rule import REGISTER_ID, Rule
from zoning.workspace import Workspace, builtin_root
from zoning.yaml_files import load, read_model

WORKSPACE = Workspace.open(builtin_root())
DOCUMENTS = WORKSPACE.rulebook.documents
RULES = WORKSPACE.rulebook.rules
OF_THE_REGISTER = tuple(rule for rule in RULES if REGISTER_ID.match(rule.id))
PLANS = tuple(name for name, document in DOCUMENTS.items() if document.weight in ("plan", "scheme"))
YANGCHENG = "140522"
WRITTEN_IN_THEIR_FILE = ("construction", "activity")
WORKED_OUT = tuple(name for name, fact in WORKSPACE.rulebook.vocabulary.facts.items() if fact.worked_out)

BASELINE = {
    "yangcheng-2023-63": "",
    "yangcheng-2023-43-a": "R007 R055 R147 R148 R205",
    "yangcheng-2023-43-b": "R010 R017 R019 R095 R096 R117 R141 R178 R182 R206",
    "yangquan-2025-23": "R011 R012 R031 R128 R142-yq R149 R191 R206-yq",
    "jincheng-urban-2023-3": "R005 R017-jc R026 R027 R132 R149-jc R168 R183-jc R184 R205-jc",
    "xinjiang-2021-22": "R075 R078 R087 R097 R141-xj R142 R156 R183 R188",
}
SUFFIX = {"yangcheng": "-yc", "jincheng": "-jc", "xinjiang": "-xj", "yangquan": "-yq"}
# What an issuer says twice, of two kinds of places with two effects, stands in a second file of the same issuer.
SECOND_PARTS = ("R110-xj", "R194-jc")
CHOSEN_HERE = {
    ("R034", "along"),
    ("R088", "around"),
    ("R120", "near"),
    ("R121", "margin"),
    ("R121-jc", "doubt"),
    ("R122", "buffer"),
    ("R124", "riverside"),
    ("R126", "riverside"),
    ("R127", "buffer"),
    ("R199", "corridor"),
}


def of(document: str) -> tuple[Rule, ...]:
    """Return the rules of a document."""
    return tuple(rule for rule in RULES if rule.document == document)


# --- where and when they bind


@pytest.mark.parametrize("document", PLANS)
def test_rules_of_a_plan_bind_in_the_territory_of_its_issuer_from_its_first_day(document: str) -> None:
    for rule in of(document):
        assert rule.territories == DOCUMENTS[document].territories, rule.id
        assert rule.in_force.from_ == DOCUMENTS[document].valid_from, rule.id


@pytest.mark.parametrize("document", PLANS)
def test_a_suffix_tells_a_second_issuer_or_a_second_part(document: str) -> None:
    suffix = next(suffix for name, suffix in SUFFIX.items() if document.startswith(name))
    plain = {rule.id for rule in OF_THE_REGISTER if len(rule.id) == len("R001")}
    for rule in of(document):
        assert rule.id[4:] in ("", suffix), rule.id
        if rule.id[4:]:
            first = WORKSPACE.rulebook.get(rule.id[:4])
            assert rule.id[:4] in plain, rule.id
            assert first is not None
            assert (first.document == document) == (rule.id in SECOND_PARTS), rule.id


@pytest.mark.parametrize("document", list(BASELINE))
def test_baseline_notes_are_those_that_bind_authorities_or_a_whole_territory(document: str) -> None:
    assert [rule.id for rule in of(document) if rule.scope == "baseline"] == BASELINE[document].split()


@pytest.mark.parametrize("document", list(DOCUMENTS))
def test_every_place_is_a_class_of_a_layer_that_covers_the_territory(document: str) -> None:
    for rule in of(document):
        for where in rule.places:
            layer = WORKSPACE.catalogue.layers.get(where.layer)
            assert layer is not None, (rule.id, where.layer)
            assert set(where.classes) <= set(layer.classes), (rule.id, where.layer)
            if document in PLANS and not layer.coverage.file:
                assert all(binds_in(layer.coverage.territories, code) for code in rule.territories), rule.id


def test_national_rules_bind_everywhere_and_plans_nowhere_else() -> None:
    national = {rule.document for rule in RULES if EVERYWHERE in rule.territories}
    assert national
    assert national.isdisjoint(PLANS)


# --- what they say


@pytest.mark.parametrize("document", list(DOCUMENTS))
def test_restrictions_say_what_must_be_met(document: str) -> None:
    assert [rule.id for rule in of(document) if rule.effect == "restrict" and rule.condition is None] == []
    softened = [(rule.id, p.condition) for rule in of(document) for p in rule.provisos if p.effect == "restrict"]
    assert [rule_id for rule_id, condition in softened if condition is None] == []


def test_only_an_unfinished_soil_survey_can_be_cured() -> None:
    assert [rule.id for rule in OF_THE_REGISTER if rule.curable is not None] == ["R136", "R137"]


def test_figures_are_cited_or_named_as_a_choice_of_the_workspace() -> None:
    sources = {
        (rule.id, name): value.source
        for rule in OF_THE_REGISTER
        for name, parameter in rule.values.items()
        for value in parameter.in_force.values()
    }
    chosen = {key for key, source in sources.items() if source.zh.startswith("工作空间默认值")}
    assert chosen == CHOSEN_HERE
    assert all(sources[key].en.startswith("default of this workspace") for key in chosen)
    cited = {key: source.zh for key, source in sources.items() if key not in chosen}
    lines = {rule.id: {citation.lines for citation in rule.citations} for rule in OF_THE_REGISTER}
    for (rule_id, name), source in cited.items():
        assert any(source.startswith(named.partition("-")[0]) for named in lines[rule_id]), (rule_id, name, source)


@pytest.mark.parametrize(
    ("rule_id", "distance"),
    [("R040", "1 km"), ("R113", "1000 m"), ("R118", "2 km"), ("R119", "1 km"), ("R150", "20 km")],
)
def test_distances_are_those_of_the_documents(rule_id: str, distance: str) -> None:
    rule = WORKSPACE.rulebook.get(rule_id)
    assert rule is not None
    within = [where for where in rule.places if where.relation == "within"]
    assert [rule.distance_m(where, date(2024, 1, 1)) for where in within] == [parse_length(distance)]


# --- their cases


@pytest.mark.parametrize("document", PLANS)
def test_every_rule_of_a_plan_has_the_kinds_of_cases_that_are_asked_for(
    case_files: Mapping[str, CaseFile], document: str
) -> None:
    for rule in of(document):
        cases = case_files[rule.id].cases
        shown = {(case.expect, case.on) for case in cases}
        first = rule.in_force.from_
        assert ("applies", first) in shown, (rule.id, "first day")
        assert ("not in force", first - timedelta(days=1)) in shown, (rule.id, "the day before")
        if rule.where or rule.when:
            assert any(case.expect == "does_not_apply" for case in cases), (rule.id, "clear")
        for where in rule.places:
            told = any(case.layers.get(where.layer) == "no data" for case in cases)
            assert told or not _moves_the_decision(rule), (rule.id, "no data", where.layer)
        if rule.places and rule.scope == "zone":
            assert any(_on_the_limit(case, rule) for case in cases), (rule.id, "on the limit")
        # What every project has to answer first, and what nobody answers, need not be shown in every rule.
        asked = {name for case in cases if case.expect == "undetermined" for name in case.missing or ()}
        assert set(rule.facts) - {*WRITTEN_IN_THEIR_FILE, *WORKED_OUT} <= asked, (rule.id, "unknown fact")


def _moves_the_decision(rule: Rule) -> bool:
    return rule.scope != "baseline" and not rule.effects.isdisjoint(("prohibit", "restrict"))


def _on_the_limit(case: Case, rule: Rule) -> bool:
    found = [entry for layer in case.layers.values() if isinstance(layer, dict) for entry in layer.values()]
    limits = {rule.distance_m(where, case.on) for where in rule.places if where.relation == "within"}
    if limits and not rule.where:
        return any(entry.distance in limits for entry in found)
    if {where.relation for where in rule.places} <= {"within"}:
        return any(entry.distance in limits for entry in found)
    if {where.relation for where in rule.places} == {"outside"}:
        return any(entry.area == case.site_area for entry in found)
    return any(entry.area == 0 and entry.certainty == "certain" for entry in found)


@pytest.mark.parametrize("document", list(DOCUMENTS))
def test_all_cases_come_out_as_their_author_promised(case_files: Mapping[str, CaseFile], document: str) -> None:
    for rule in of(document):
        results = run_cases(case_files[rule.id], WORKSPACE.rulebook, WORKSPACE.catalogue)
        assert results, rule.id
        assert [(result.rule, result.name, result.mistake) for result in results if result.mistake] == []


def test_no_case_is_left_of_a_rule_that_is_gone(case_files: Mapping[str, CaseFile]) -> None:
    assert sorted(case_files) == sorted(rule.id for rule in RULES)


# --- 阳城县: the documents of its plans together


def _decide(facts: dict[str, str | list[str]], **others: object) -> Conclusion:
    """Return the decision of the county's own plans: no national law, no other issuer."""
    raw = {"name": "scenario", "on": "2024-06-01", "territory": YANGCHENG, "facts": facts, "expect": "applies"}
    situation = situation_of(Case.model_validate(raw | others), WORKSPACE.catalogue, WORKSPACE.rulebook)
    findings = [found for found in judge(WORKSPACE.rulebook, situation) if REGISTER_ID.match(found.rule)]
    return conclude(findings, WORKSPACE.rulebook.vocabulary)


def _rules_of(conclusion: Conclusion) -> set[str]:
    return {finding.rule for finding in conclusion.deciding}


@pytest.mark.parametrize(
    "activity", ["commercial", "housing", "public-service", "hotel", "photovoltaic", "road-rail", "tree-planting"]
)
def test_plain_projects_in_town_have_nothing_more_to_answer(activity: str) -> None:
    town = {"town-boundary": {"concentrated": {"area": "1 ha"}}, "land-zones": {"urban": {"area": "1 ha"}}}
    assert _decide({"construction": "new", "activity": activity}, layers=town).decision == "permitted"


def test_restoration_in_the_red_line_is_no_industry() -> None:
    layers = {"ecological-red-line": {"red-line": {"area": "3000 m2"}}}
    facts: dict[str, str | list[str]] = {"construction": "none", "activity": "mine-restoration"}
    assert _decide(facts, layers=layers).decision == "permitted"


def test_logging_in_the_red_line_is_restricted_even_where_nothing_is_built() -> None:
    layers = {"ecological-red-line": {"level-2": {"area": "3000 m2"}}}
    facts: dict[str, str | list[str]] = {
        "construction": "none",
        "activity": "logging",
        "fits_main_function": "yes",
        "harms_main_ecosystem_function": "no",
    }
    found = _decide(facts, layers=layers, editions={"ecological-red-line": "2017"})
    assert (found.decision, _rules_of(found)) == ("restricted", {"R016"})


def test_the_slope_of_subsidence_cropland_is_asked() -> None:
    terracing: dict[str, str | list[str]] = {
        "construction": "none",
        "activity": "slope-treatment",
        "subsidence_land": "yes",
    }
    found = _decide(terracing)
    assert found.decision == "undetermined"
    assert [question.fact for question in found.missing_facts] == ["steep_slope"]
    assert _decide({**terracing, "steep_slope": "yes"}).decision == "restricted"
    assert _decide({**terracing, "steep_slope": "no"}).decision == "permitted"


@pytest.mark.parametrize(
    ("freight", "spur", "decision"),
    [("1.6", "no", "restricted"), ("1.6", "yes", "permitted"), ("1.49", "no", "permitted")],
)
def test_large_freight_without_a_rail_spur(freight: str, spur: str, decision: str) -> None:
    facts: dict[str, str | list[str]] = {
        "construction": "new",
        "activity": ["other-mining", "logistics"],
        "freight_mt_per_year": freight,
        "rail_spur": spur,
        "toxic_substances": "no",
        "discharges_to_river": "no",
        "new_water_permit": "no",
        "emits_heavy_metals": "no",
        "discharges_heavy_metal_wastewater": "no",
    }
    assert _decide(facts).decision == decision


def test_an_unfinished_soil_survey_blocks_but_does_not_prohibit() -> None:
    layers = {"contaminated-plots": {"survey-unfinished": {"area": "1 ha"}}}
    facts: dict[str, str | list[str]] = {
        "construction": "new",
        "activity": "housing",
        "purpose": "other",
        "heavily_polluted_plot": "no",
    }
    found = _decide(facts, layers=layers)
    assert (found.decision, found.blocked) == ("undetermined", True)
    assert _rules_of(found) == {"R137"}


def test_a_tree_on_basic_farmland_is_not_excused_by_mine_restoration() -> None:
    layers = {"permanent-basic-farmland": {"field": {"area": "1 ha"}}}
    facts: dict[str, str | list[str]] = {"construction": "none", "activity": ["mine-restoration", "tree-planting"]}
    assert _decide(facts, layers=layers).decision == "prohibited"


def test_a_plant_far_from_the_river_that_discharges_into_it_is_not_passed_over() -> None:
    facts: dict[str, str | list[str]] = {
        "construction": "existing",
        "activity": "chemical",
        "discharges_to_river": "yes",
        "in_three_river_basins": "yes",
        "new_water_permit": "no",
        "discharges_heavy_metal_wastewater": "no",
    }
    found = _decide(facts, layers={"rivers": {"qin": {"distance": "4 km"}}})
    assert (found.decision, _rules_of(found)) == ("prohibited", {"R120"})


# --- the manual


def test_the_example_of_the_manual_is_a_valid_rule_with_its_cases(tmp_path: Path) -> None:
    manual = (WORKSPACE.root / "rules" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    rule_file = tmp_path / "R046.yaml"
    rule_file.write_text(blocks[0], encoding="utf-8")
    rule = read_model(rule_file, Rule, id="R046", document="yangcheng-2023-43-a", citation=_citation_of(rule_file))
    known = WORKSPACE.rulebook.get("R046")
    assert known is not None
    assert (rule.where, rule.when, rule.effect) == (known.where, known.when, known.effect)
    case_file = tmp_path / "cases.yaml"
    case_file.write_text("".join(blocks[-2:]), encoding="utf-8")
    results = run_cases(read_model(case_file, CaseFile), WORKSPACE.rulebook, WORKSPACE.catalogue)
    assert [result.mistake for result in results] == [None] * 5


def _citation_of(rule_file: Path) -> dict[str, str]:
    return {"document": "yangcheng-2023-43-a", **load(rule_file).value["citation"]}
