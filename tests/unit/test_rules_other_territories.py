"""The rules of 晋城市城区, 新绛县 and 阳泉市: every row of the register is a rule, and every rule has its cases."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from zoning.rules.cases import Case, CaseFile, read_cases, run_cases
from zoning.rules.rule import Rule
from zoning.workspace import Workspace
from zoning.yaml_files import load

# The rows of the register that cite a document of the issuer.
# fmt: off
ROWS = {
    "jincheng-urban-2023-3": [
        "R001", "R002", "R003", "R004", "R005", "R017", "R026", "R027", "R035", "R037", "R040", "R041", "R042", "R043",
        "R044", "R045", "R047", "R048", "R049", "R050", "R056", "R057", "R058", "R059", "R060", "R061", "R062", "R072",
        "R073", "R092", "R106", "R107", "R108", "R109", "R115", "R121", "R126", "R127", "R129", "R130", "R131", "R132",
        "R138", "R139", "R146", "R149", "R150", "R151", "R152", "R167", "R168", "R171", "R175", "R183", "R184", "R189",
        "R190", "R194", "R198", "R199", "R200", "R201", "R205",
    ],
    "xinjiang-2021-22": [
        "R009", "R018", "R030", "R034", "R039", "R053", "R068", "R070", "R071", "R075", "R076", "R077", "R078", "R082",
        "R083", "R084", "R085", "R086", "R087", "R088", "R091", "R097", "R098", "R110", "R111", "R112", "R116", "R118",
        "R119", "R124", "R125", "R133", "R135", "R136", "R138", "R139", "R141", "R142", "R153", "R154", "R155", "R156",
        "R157", "R158", "R162", "R163", "R169", "R174", "R176", "R183", "R187", "R188", "R195", "R202", "R203", "R207",
    ],
    "yangquan-2025-23": [
        "R008", "R011", "R012", "R025", "R031", "R054", "R069", "R128", "R134", "R140", "R142", "R149", "R169", "R172",
        "R191", "R206",
    ],
}
BASELINE = {
    "jincheng-urban-2023-3": [
        "R005", "R017", "R026", "R027", "R132", "R149", "R168", "R183", "R184", "R205",
    ],
    "xinjiang-2021-22": [
        "R075", "R078", "R087", "R097", "R141", "R142", "R156", "R183", "R188",
    ],
    "yangquan-2025-23": ["R011", "R012", "R031", "R128", "R142", "R149", "R191", "R206"],
}
# fmt: on
TERRITORY = {"jincheng-urban-2023-3": "140502", "xinjiang-2021-22": "140825", "yangquan-2025-23": "1403"}
SUFFIX = {"jincheng-urban-2023-3": "-jc", "xinjiang-2021-22": "-xj", "yangquan-2025-23": "-yq"}
PAGES = {"jincheng-urban-2023-3": 3401, "xinjiang-2021-22": 542, "yangquan-2025-23": 233}


@pytest.fixture(scope="module")
def workspace(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> tuple[Rule, ...]:
    return tuple(rule for rule in workspace.rulebook.rules if rule.document in ROWS)


@pytest.fixture(scope="module")
def case_files(workspace: Workspace) -> dict[str, CaseFile]:
    return {file.rule: file for file in read_cases(workspace.root / "rules" / "cases")}


@pytest.mark.parametrize("document", list(ROWS))
def test_every_row_of_the_register_is_a_rule(rules: tuple[Rule, ...], document: str) -> None:
    ids = [rule.id for rule in rules if rule.document == document]
    assert [rule_id[:4] for rule_id in ids] == ROWS[document]
    assert {rule_id[4:] for rule_id in ids} <= {"", SUFFIX[document]}


@pytest.mark.parametrize("document", list(ROWS))
def test_baseline_notes_are_those_that_no_single_project_can_meet(rules: tuple[Rule, ...], document: str) -> None:
    found = [rule.id[:4] for rule in rules if rule.document == document and rule.scope == "baseline"]
    assert found == BASELINE[document]


def test_every_rule_binds_in_the_territory_of_its_issuer_from_the_day_of_the_document(
    workspace: Workspace, rules: tuple[Rule, ...]
) -> None:
    for rule in rules:
        assert rule.territories == (TERRITORY[rule.document],), rule.id
        assert rule.in_force.from_ == workspace.rulebook.documents[rule.document].valid_from, rule.id


def test_every_rule_says_where_it_stands(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert rule.citation.lines.startswith("L"), rule.id
        lines = [int(part) for part in rule.citation.lines.removeprefix("L").split("-")]
        assert 1 <= lines[0] <= lines[-1] <= PAGES[rule.document], rule.id
        assert rule.citation.section, rule.id
        assert 1 <= len(rule.citation.anchor) <= 40, rule.id


def test_restrictions_say_what_must_be_met(rules: tuple[Rule, ...]) -> None:
    assert [rule.id for rule in rules if rule.effect == "restrict" and rule.condition is None] == []
    softened = [(rule.id, p.condition) for rule in rules for p in rule.provisos if p.effect == "restrict"]
    assert [rule_id for rule_id, condition in softened if condition is None] == []


def test_only_an_unfinished_soil_survey_can_be_cured(rules: tuple[Rule, ...]) -> None:
    assert [rule.id for rule in rules if rule.curable is not None] == ["R136"]


def test_figures_are_cited_or_named_as_a_choice_of_the_workspace(rules: tuple[Rule, ...]) -> None:
    sources = {
        (rule.id, name): value.source
        for rule in rules
        for name, parameter in rule.values.items()
        for value in parameter.in_force.values()
    }
    chosen = {key for key, source in sources.items() if source.zh.startswith("工作空间默认值")}
    assert chosen == {("R126", "riverside"), ("R127", "buffer"), ("R199", "corridor")}
    assert all(sources[key].en.startswith("default of this workspace") for key in chosen)
    assert all(source.zh.startswith("L") for key, source in sources.items() if key not in chosen)


@pytest.mark.parametrize(
    ("rule_id", "distance_m"), [("R118", 2000.0), ("R119", 1000.0), ("R150", 20000.0), ("R040", 1000.0)]
)
def test_distances_are_those_of_the_documents(rules: tuple[Rule, ...], rule_id: str, distance_m: float) -> None:
    rule = next(rule for rule in rules if rule.id == rule_id)
    assert rule.distance_m(rule.where[0], date(2024, 1, 1)) == distance_m


def test_every_place_is_a_class_of_a_layer_that_covers_the_territory(
    workspace: Workspace, rules: tuple[Rule, ...]
) -> None:
    for rule in rules:
        for where in rule.where:
            layer = workspace.catalogue.layers.get(where.layer)
            assert layer is not None, (rule.id, where.layer)
            assert set(where.classes) <= set(layer.classes), (rule.id, where.layer)
            assert layer.coverage.file or set(rule.territories) <= set(layer.coverage.territories), rule.id


def test_every_rule_has_the_kinds_of_cases_that_are_asked_for(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    for rule in rules:
        cases = case_files[rule.id].cases
        shown = {(case.expect, case.on) for case in cases}
        first = rule.in_force.from_
        assert ("applies", first) in shown, (rule.id, "first day")
        assert ("not in force", first - timedelta(days=1)) in shown, (rule.id, "the day before")
        if rule.where or rule.when:
            assert any(case.expect == "does_not_apply" for case in cases), (rule.id, "clear")
        for where in rule.where:
            assert any(case.layers.get(where.layer) == "no data" for case in cases), (rule.id, "no data", where.layer)
        if rule.where:
            assert any(_on_the_limit(case, rule) for case in cases), (rule.id, "on the limit")
        asked = {name for case in cases if case.expect == "undetermined" for name in case.missing or ()}
        assert _facts(workspace, rule) - {"construction", "activity"} <= asked, (rule.id, "unknown fact")


def test_all_cases_come_out_as_their_author_promised(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    own = [case_files[rule.id] for rule in rules]
    results = [result for file in own for result in run_cases(file, workspace.rulebook, workspace.catalogue)]
    assert [(result.rule, result.name, result.mistake) for result in results if result.mistake] == []
    assert len(results) > 1000


def _on_the_limit(case: Case, rule: Rule) -> bool:
    found = [entry for layer in case.layers.values() if isinstance(layer, dict) for entry in layer.values()]
    relation = rule.where[0].relation
    if relation == "within":
        return rule.distance_m(rule.where[0], case.on) in {entry.distance for entry in found}
    if relation == "outside":
        return any(entry.area == case.site_area for entry in found)
    return any(entry.area == 0 and entry.certainty == "certain" for entry in found)


def _facts(workspace: Workspace, rule: Rule) -> set[str]:
    content = load(workspace.root / "rules" / rule.document / f"{rule.id}.yaml").value
    conditions = [content.get("when") or {}, *(proviso["when"] for proviso in content.get("provisos", []))]
    return {name for condition in conditions for name in _names(condition)}


def _names(condition: Any) -> Iterator[str]:
    parts = condition if isinstance(condition, list) else [condition]
    for part in parts:
        for key, value in part.items():
            if key in ("all", "any", "not"):
                yield from _names(value)
            else:
                yield key
