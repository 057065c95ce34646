"""The rules of 阳城县: every row of the register is a rule or has a reason, and every rule has its cases."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from zoning.quantities import parse_length
from zoning.rules.cases import Case, CaseFile, _overlap, read_cases, run_cases
from zoning.rules.decision import Conclusion, conclude
from zoning.rules.facts import parse_facts
from zoning.rules.judge import judge
from zoning.rules.rule import Rule
from zoning.rules.situation import Situation
from zoning.workspace import Workspace
from zoning.yaml_files import load, read_model

YANGCHENG = "140522"
DOCUMENTS = ("yangcheng-2023-63", "yangcheng-2023-43-a", "yangcheng-2023-43-b")

# The rows of the register that cite one of the three documents of 阳城县.
# fmt: off
ROWS = [
    "R006", "R007", "R010", "R013", "R014", "R015", "R016", "R017", "R019", "R020", "R021", "R022", "R023", "R024",
    "R028", "R029", "R032", "R033", "R036", "R038", "R042", "R046", "R051", "R052", "R055", "R063", "R064", "R065",
    "R066", "R067", "R074", "R079", "R080", "R081", "R089", "R090", "R093", "R094", "R095", "R096", "R099", "R100",
    "R101", "R102", "R103", "R104", "R105", "R113", "R114", "R115", "R117", "R120", "R121", "R122", "R123", "R137",
    "R138", "R140", "R141", "R143", "R144", "R145", "R147", "R148", "R159", "R160", "R161", "R162", "R163", "R164",
    "R165", "R166", "R169", "R170", "R173", "R175", "R176", "R177", "R178", "R179", "R180", "R181", "R182", "R185",
    "R186", "R192", "R193", "R196", "R197", "R200", "R204", "R205", "R206", "R207", "R208",
]
BASELINE = [
    "R007", "R010", "R017", "R019", "R055", "R095", "R096", "R117", "R141", "R147", "R148", "R178", "R182", "R205",
    "R206",
]
# fmt: on


@pytest.fixture(scope="module")
def workspace(repository_root: Path) -> Workspace:
    return Workspace.open(repository_root)


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> tuple[Rule, ...]:
    return tuple(rule for rule in workspace.rulebook.rules if rule.document in DOCUMENTS)


@pytest.fixture(scope="module")
def case_files(workspace: Workspace) -> dict[str, CaseFile]:
    return {file.rule: file for file in read_cases(workspace.root / "rules" / "cases")}


def test_every_row_is_a_rule_or_listed_with_a_reason(workspace: Workspace, rules: tuple[Rule, ...]) -> None:
    listed = load(workspace.root / "rules" / "not-encoded.yaml").value["not_encoded"]
    encoded = {rule.id[:4] for rule in rules}
    of_yangcheng = {row for row in listed if row in ROWS}
    assert len(ROWS) == 95
    assert encoded | of_yangcheng == set(ROWS)
    assert of_yangcheng == {"R029", "R104"}
    assert encoded.isdisjoint(listed)
    assert list(listed) == sorted(listed)
    assert all(reason["zh"] and reason["en"] for reason in listed.values())


def test_every_rule_binds_in_yangcheng_only_from_the_day_of_its_document(
    workspace: Workspace, rules: tuple[Rule, ...]
) -> None:
    for rule in rules:
        assert rule.territories == (YANGCHENG,), rule.id
        assert rule.in_force.from_ == workspace.rulebook.documents[rule.document].valid_from, rule.id


def test_every_rule_says_where_it_stands(rules: tuple[Rule, ...]) -> None:
    # 001 holds two plans under one number: A ends before line 1265, B begins there.
    pages = {"yangcheng-2023-63": (1, 130), "yangcheng-2023-43-a": (19, 1264), "yangcheng-2023-43-b": (1266, 2333)}
    for rule in rules:
        first, last = pages[rule.document]
        numbers = [int(part) for part in rule.citation.lines.removeprefix("L").split("-")]
        assert rule.citation.lines.startswith("L"), rule.id
        assert first <= numbers[0] <= numbers[-1] <= last, rule.id
        assert rule.citation.section, rule.id
        assert 1 <= len(rule.citation.anchor) <= 40, rule.id


def test_baseline_notes_are_those_that_bind_authorities_or_the_whole_county(rules: tuple[Rule, ...]) -> None:
    assert [rule.id for rule in rules if rule.scope == "baseline"] == BASELINE


def test_restrictions_say_what_must_be_met(rules: tuple[Rule, ...]) -> None:
    assert [rule.id for rule in rules if rule.effect == "restrict" and rule.condition is None] == []


def test_figures_are_cited_or_named_as_a_choice_of_the_workspace(rules: tuple[Rule, ...]) -> None:
    sources = {
        (rule.id, name): value.source.zh
        for rule in rules
        for name, parameter in rule.values.items()
        for value in parameter.in_force.values()
    }
    chosen = {key for key, source in sources.items() if source.startswith("工作空间默认值")}
    assert chosen == {("R122", "buffer")}
    assert {source for key, source in sources.items() if key not in chosen} == {
        "L1744",
        "L1724",
        "L1792",
        "L1828",
        "L1838",
    }


def test_every_place_is_a_class_of_a_layer_that_covers_the_county(
    workspace: Workspace, rules: tuple[Rule, ...]
) -> None:
    for rule in rules:
        for where in rule.where:
            layer = workspace.catalogue.layers.get(where.layer)
            assert layer is not None, (rule.id, where.layer)
            assert set(where.classes) <= set(layer.classes), (rule.id, where.layer)
            assert layer.coverage.file or YANGCHENG in layer.coverage.territories, (rule.id, where.layer)


def _facts_of(condition: object) -> set[str]:
    if isinstance(condition, dict):
        names = set[str]()
        for key, value in condition.items():
            names |= _facts_of(value) if key in ("all", "any", "not") else {str(key)}
        return names
    return {name for part in condition for name in _facts_of(part)} if isinstance(condition, list) else set()


def _on_the_limit(rule: Rule, cases: tuple[Case, ...]) -> bool:
    found = [
        entry for case in cases for layer in case.layers.values() if isinstance(layer, dict) for entry in layer.values()
    ]
    relations = {where.relation for where in rule.where}
    if "within" in relations:
        limits = {rule.distance_m(where, date(2024, 1, 1)) for where in rule.where}
        return any(entry.distance in limits for entry in found)
    if "outside" in relations:
        return any(entry.area == case.site_area for case in cases for entry in found)
    return any(entry.area == 0 and entry.certainty == "certain" for entry in found)


def test_every_rule_has_the_kinds_of_cases_that_are_asked_for(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    for rule in rules:
        cases = case_files[rule.id].cases
        outcomes = {case.expect for case in cases}
        first = rule.in_force.from_
        assert any(case.expect == "applies" and case.on == first for case in cases), (rule.id, "first day")
        assert any(case.expect == "not in force" and case.on == first - timedelta(days=1) for case in cases), rule.id
        assert "applies" in outcomes, (rule.id, "conflict")
        if rule.where:
            assert _on_the_limit(rule, cases), (rule.id, "on the limit")
            for layer in {where.layer for where in rule.where}:
                assert any(case.layers.get(layer) == "no data" for case in cases), (rule.id, "no data", layer)
        if rule.where or rule.when:
            assert "does_not_apply" in outcomes, (rule.id, "clear")
        content = load(workspace.root / "rules" / rule.document / f"{rule.id}.yaml").value
        asked = _facts_of([content.get("when", {}), *(proviso["when"] for proviso in content.get("provisos", []))])
        shown_missing = {name for case in cases for name in case.missing or ()}
        # What every project has to answer first need not be shown in every rule.
        assert asked - {"construction", "activity"} <= shown_missing, rule.id


def test_all_cases_come_out_as_their_author_promised(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    own = [case_files[rule.id] for rule in rules]
    results = [result for file in own for result in run_cases(file, workspace.rulebook, workspace.catalogue)]
    assert [(result.rule, result.name, result.mistake) for result in results if result.mistake] == []
    assert len(results) >= 6 * len(rules)


def _decide(workspace: Workspace, facts: dict[str, str | list[str]], **others: object) -> Conclusion:
    case = Case.model_validate({"name": "scenario", "on": "2024-06-01", "facts": facts, "expect": "applies", **others})
    overlaps = {name: _overlap(layer, case) for name, layer in workspace.catalogue.layers.items()}
    sheet = parse_facts(workspace.rulebook.vocabulary, case.facts, "scenario")
    situation = Situation(YANGCHENG, case.site_area, overlaps, workspace.catalogue.layers, sheet, case.on)
    return conclude(judge(workspace.rulebook, situation), workspace.rulebook.vocabulary)


def _rules_of(conclusion: Conclusion) -> set[str]:
    return {finding.rule for finding in conclusion.deciding}


@pytest.mark.parametrize(
    "activity", ["commercial", "housing", "public-service", "hotel", "photovoltaic", "road-rail", "tree-planting"]
)
def test_plain_projects_in_town_have_nothing_more_to_answer(workspace: Workspace, activity: str) -> None:
    town = {"town-boundary": {"concentrated": {"area": "1 ha"}}, "land-zones": {"urban": {"area": "1 ha"}}}
    assert _decide(workspace, {"construction": "new", "activity": activity}, layers=town).decision == "permitted"


def test_as17_coal_panel_touching_the_connected_area(workspace: Workspace) -> None:
    found = _decide(
        workspace,
        {"construction": "new", "activity": "coal-mining"},
        layers={"spring-catchments": {"connected": {"area": "300 m2"}}},
    )
    assert found.decision == "prohibited"
    assert _rules_of(found) == {"R063"}


LEVEL_1 = {
    "layers": {"ecological-red-line": {"level-1": {"area": "300 m2"}}},
    "editions": {"ecological-red-line": "2017"},
}


def test_as19_research_hut_in_the_red_line(workspace: Workspace) -> None:
    hut: dict[str, str | list[str]] = {
        "construction": "new",
        "activity": "research-monitoring",
        "purpose": "scientific-research",
    }
    found = _decide(workspace, hut, **LEVEL_1)
    assert found.decision == "restricted"
    assert "R013" in _rules_of(found)


def test_as20_hotel_in_the_red_line(workspace: Workspace) -> None:
    found = _decide(workspace, {"construction": "new", "activity": "hotel", "purpose": "other"}, **LEVEL_1)
    assert found.decision == "prohibited"
    assert _rules_of(found) == {"R013", "R015"}


def test_as23_lodge_partly_in_the_red_line(workspace: Workspace) -> None:
    layers = {
        "ecological-red-line": {"red-line": {"area": "3000 m2"}},
        "nature-reserves": {"core": {"area": "3000 m2"}},
        "ecological-safety-control": {"safety-control": {"area": "7000 m2"}},
    }
    found = _decide(workspace, {"construction": "new", "activity": "hotel"}, layers=layers)
    assert found.decision == "prohibited"
    assert _rules_of(found) == {"R015"}


def test_restoration_in_the_red_line_is_no_industry(workspace: Workspace) -> None:
    layers = {"ecological-red-line": {"red-line": {"area": "3000 m2"}}}
    facts: dict[str, str | list[str]] = {"construction": "none", "activity": "mine-restoration"}
    assert _decide(workspace, facts, layers=layers).decision == "permitted"


def test_as30_processing_factory_in_general_agriculture(workspace: Workspace) -> None:
    found = _decide(
        workspace,
        {"construction": "new", "activity": "food-processing"},
        layers={"land-zones": {"general-agriculture": {"area": "1 ha"}}},
    )
    assert found.decision == "prohibited"
    assert _rules_of(found) == {"R100"}


def test_as33_housing_partly_in_the_village_zone(workspace: Workspace) -> None:
    layers = {
        "town-boundary": {"concentrated": {"area": "8000 m2"}},
        "land-zones": {"urban": {"area": "8000 m2"}, "village": {"area": "2000 m2"}},
    }
    found = _decide(workspace, {"construction": "new", "activity": "housing"}, layers=layers)
    assert found.decision == "restricted"
    assert _rules_of(found) == {"R099"}


def test_x05_terracing_of_subsidence_cropland_asks_whether_the_slope_is_steep(workspace: Workspace) -> None:
    terracing: dict[str, str | list[str]] = {
        "construction": "none",
        "activity": "slope-treatment",
        "subsidence_land": "yes",
    }
    found = _decide(workspace, terracing)
    assert found.decision == "undetermined"
    assert [question.fact for question in found.missing_facts] == ["steep_slope"]
    assert _decide(workspace, {**terracing, "steep_slope": "yes"}).decision == "restricted"
    assert _decide(workspace, {**terracing, "steep_slope": "no"}).decision == "permitted"


@pytest.mark.parametrize(
    ("freight", "spur", "decision"),
    [("1.6", "no", "restricted"), ("1.6", "yes", "permitted"), ("1.49", "no", "permitted")],
)
def test_x08_large_freight_without_a_rail_spur(workspace: Workspace, freight: str, spur: str, decision: str) -> None:
    facts: dict[str, str | list[str]] = {
        "construction": "new",
        "activity": ["other-mining", "logistics"],
        "freight_mt_per_year": freight,
        "rail_spur": spur,
    }
    assert _decide(workspace, facts).decision == decision


def test_an_unfinished_soil_survey_blocks_but_does_not_prohibit(workspace: Workspace) -> None:
    layers = {"contaminated-plots": {"survey-unfinished": {"area": "1 ha"}}}
    facts: dict[str, str | list[str]] = {
        "construction": "new",
        "activity": "housing",
        "purpose": "other",
        "heavily_polluted_plot": "no",
    }
    found = _decide(workspace, facts, layers=layers)
    assert (found.decision, found.blocked) == ("undetermined", True)
    assert _rules_of(found) == {"R137"}


def test_a_tree_on_basic_farmland_is_not_excused_by_mine_restoration(workspace: Workspace) -> None:
    layers = {"permanent-basic-farmland": {"field": {"area": "1 ha"}}}
    facts: dict[str, str | list[str]] = {"construction": "none", "activity": ["mine-restoration", "tree-planting"]}
    assert _decide(workspace, facts, layers=layers).decision == "prohibited"


def test_the_strip_along_roads_ends_at_one_kilometre(rules: tuple[Rule, ...]) -> None:
    rule = next(rule for rule in rules if rule.id == "R113")
    assert rule.distance_m(rule.where[0], date(2024, 1, 1)) == parse_length("1000 m")


def test_the_example_of_the_manual_is_a_valid_rule_with_its_cases(workspace: Workspace, tmp_path: Path) -> None:
    manual = (workspace.root / "rules" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    rule_file = tmp_path / "R046.yaml"
    rule_file.write_text(blocks[0], encoding="utf-8")
    rule = read_model(rule_file, Rule, id="R046", document="yangcheng-2023-43-a", citation=_citation_of(rule_file))
    known = workspace.rulebook.get("R046")
    assert known is not None
    assert (rule.where, rule.when, rule.effect) == (known.where, known.when, known.effect)
    case_file = tmp_path / "cases.yaml"
    case_file.write_text(blocks[-1], encoding="utf-8")
    results = run_cases(read_model(case_file, CaseFile), workspace.rulebook, workspace.catalogue)
    assert [result.mistake for result in results] == [None, None]


def _citation_of(rule_file: Path) -> dict[str, str]:
    return {"document": "yangcheng-2023-43-a", **load(rule_file).value["citation"]}
