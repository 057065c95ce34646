"""Worked cases: what one stands for, what it describes, and when it says that something else came out."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError
from zoning.rules.cases import Case, CaseFile, CaseResult, read_cases, run_case, run_cases, situation_of
from zoning.workspace import Workspace
from zoning.yaml_files import read_model

RULE = "WPPL-65a"
IN_LEVEL_1 = {"drinking-water": {"level-1": {"area": "4000 m2"}}}
HOTEL = {"construction": "new", "activity": "hotel", "purpose": "other"}


def case(**told: Any) -> Case:
    """Return a case of a new hotel in a level-1 zone, with what is told otherwise."""
    plain = {"name": "宾馆", "on": "2024-01-01", "layers": IN_LEVEL_1, "facts": HOTEL, "expect": "applies"}
    return Case.model_validate(plain | told)


def run(workspace: Workspace, **told: Any) -> CaseResult:
    """Run such a case on the rule for level-1 zones."""
    rule = workspace.rulebook.get(RULE)
    assert rule is not None
    return run_case(case(**told), rule, workspace.rulebook, workspace.catalogue)


def said(result: CaseResult) -> tuple[str, str] | None:
    """Return what is said of a case that came out differently."""
    return None if result.mistake is None else (result.mistake.zh, result.mistake.en)


# --- one case that stands for several


def test_a_case_without_each_stands_for_itself() -> None:
    one = case()
    assert list(one.in_turn()) == [one]


def test_answers_of_a_fact_are_put_in_one_after_the_other() -> None:
    several = list(case(each={"activity": ["hotel", "paper"]}).in_turn())
    assert [(one.name, one.facts["activity"], one.facts["purpose"]) for one in several] == [
        ("宾馆（hotel）", "hotel", "other"),
        ("宾馆（paper）", "paper", "other"),
    ]


def test_a_fact_that_the_case_does_not_tell_is_added() -> None:
    (one,) = case(facts={"construction": "new"}, each={"purpose": ["water-supply"]}).in_turn()
    assert one.facts == {"construction": "new", "purpose": "water-supply"}


def test_classes_of_a_layer_take_over_what_was_found() -> None:
    several = list(case(each={"drinking-water": ["level-2", "quasi"]}).in_turn())
    found = [one.layers["drinking-water"] for one in several]
    assert [
        {name: entry.area for name, entry in classes.items()} for classes in found if isinstance(classes, dict)
    ] == [
        {"level-2": 4000.0},
        {"quasi": 4000.0},
    ]


def test_other_layers_stay_as_they_are() -> None:
    layers: Mapping[str, Any] = {**IN_LEVEL_1, "rivers": "no data"}
    (one,) = case(layers=layers, each={"drinking-water": ["quasi"]}).in_turn()
    assert one.layers["rivers"] == "no data"


def test_territories_are_no_fact() -> None:
    several = list(case(each={"territory": ["140522", "1403"]}).in_turn())
    assert [(one.territory, "territory" in one.facts) for one in several] == [("140522", False), ("1403", False)]


def test_cases_taken_apart_keep_nothing_in_turn() -> None:
    assert [one.each for one in case(each={"activity": ["hotel", "paper"]}).in_turn()] == [{}, {}]


def test_a_file_gives_its_cases_taken_apart_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "R001.yaml"
    path.write_text(
        "rule: R001\n"
        "cases:\n"
        "  - {name: 甲, on: 2024-01-01, each: {activity: [hotel, paper]}, expect: applies}\n"
        "  - {name: 乙, on: 2024-01-01, expect: not in force}\n",
        encoding="utf-8",
    )
    assert [one.name for one in read_model(path, CaseFile).cases] == ["甲（hotel）", "甲（paper）", "乙"]


@pytest.mark.parametrize(
    "each",
    [
        pytest.param("{activity: [hotel], purpose: [other]}", id="two facts"),
        pytest.param("{activity: []}", id="nothing to put in"),
    ],
)
def test_each_that_names_not_one_list_is_refused(tmp_path: Path, each: str) -> None:
    path = tmp_path / "R001.yaml"
    path.write_text(
        f"rule: R001\ncases:\n  - name: 甲\n    on: 2024-01-01\n    each: {each}\n    expect: applies\n",
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match="'each' needs one fact, layer or territory with a list") as refused:
        read_model(path, CaseFile)
    assert "R001.yaml:5" in refused.value.text.zh
    assert "each 之后应为一个事实、图层或 territory，附列表" in refused.value.text.zh


@pytest.mark.parametrize(
    "found",
    [
        pytest.param("no data", id="no data"),
        pytest.param("{}", id="no class"),
        pytest.param("{level-1: {area: 1 m2}, quasi: {area: 1 m2}}", id="two classes"),
    ],
)
def test_each_of_a_layer_without_exactly_one_class_is_refused(tmp_path: Path, found: str) -> None:
    path = tmp_path / "R001.yaml"
    path.write_text(
        "rule: R001\ncases:\n  - name: 甲\n    on: 2024-01-01\n"
        f"    layers: {{drinking-water: {found}}}\n    each: {{drinking-water: [quasi]}}\n    expect: applies\n",
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match="the layer of 'each' needs exactly one class in 'layers'"):
        read_model(path, CaseFile)


# --- what came out


def test_a_case_that_comes_out_as_written_says_nothing(workspace: Workspace) -> None:
    assert said(run(workspace, effect="prohibit", decision="prohibited", missing=())) is None


@pytest.mark.parametrize(
    ("told", "expected", "found"),
    [
        pytest.param({"expect": "does_not_apply"}, "does_not_apply", "applies", id="outcome"),
        pytest.param({"expect": "not in force"}, "not in force", "applies", id="in force after all"),
        pytest.param({"effect": "restrict"}, "restrict", "prohibit", id="effect"),
        pytest.param({"decision": "none"}, "none", "prohibited", id="decision"),
        pytest.param({"missing": ["purpose"]}, "purpose", "", id="asked for nothing"),
        pytest.param({"on": "2017-12-31"}, "applies", "not in force", id="the day before"),
    ],
)
def test_what_came_out_otherwise_is_said(workspace: Workspace, told: dict[str, Any], expected: str, found: str) -> None:
    assert said(run(workspace, **told)) == (
        f"应为“{expected}”，得到“{found}”",
        f"expected '{expected}', got '{found}'",
    )


def test_what_is_asked_for_is_said_in_the_order_of_the_alphabet(workspace: Workspace) -> None:
    result = run(workspace, facts={}, expect="undetermined", missing=["drinking-water"])
    assert said(result) == (
        "应为“drinking-water”，得到“activity, construction, purpose”",
        "expected 'drinking-water', got 'activity, construction, purpose'",
    )


def test_a_rule_that_does_not_apply_leaves_the_decision_alone(workspace: Workspace) -> None:
    assert said(run(workspace, layers={}, expect="does_not_apply", decision="none")) is None


def test_another_territory_can_be_named(workspace: Workspace) -> None:
    assert said(run(workspace, territory="6105")) is None


def test_a_layer_that_the_workspace_lacks_is_named(workspace: Workspace) -> None:
    result = run(workspace, layers={"lakes": "no data"})
    assert result.finding is None
    assert said(result) == ("没有图层“lakes”", "there is no layer 'lakes'")


def test_a_class_that_the_layer_lacks_is_named(workspace: Workspace) -> None:
    result = run(workspace, layers={"drinking-water": {"level-9": {"area": "1 m2"}}})
    assert said(result) == ("图层 drinking-water 没有类别“level-9”", "layer drinking-water has no class 'level-9'")


def test_a_fact_that_the_vocabulary_lacks_stops_the_case(workspace: Workspace) -> None:
    with pytest.raises(ContentError, match="colour"):
        run(workspace, facts={"colour": "red"})


def test_each_case_of_a_rule_that_is_gone_says_so(workspace: Workspace) -> None:
    plain = {"name": "甲", "on": "2024-01-01", "expect": "applies"}
    file = CaseFile.model_validate({"rule": "R999", "cases": [plain, plain | {"name": "乙"}]})
    results = run_cases(file, workspace.rulebook, workspace.catalogue)
    assert [(result.name, said(result)) for result in results] == [
        ("甲", ("没有规则 R999", "there is no rule R999")),
        ("乙", ("没有规则 R999", "there is no rule R999")),
    ]


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("R002", "R001"):
        (tmp_path / f"{name}.yaml").write_text(f"rule: {name}\ncases: []\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no case", encoding="utf-8")
    assert [file.rule for file in read_cases(tmp_path)] == ["R001", "R002"]


# --- what a case describes


def test_a_layer_that_the_case_does_not_name_is_clear_and_read(workspace: Workspace) -> None:
    found = situation_of(case(), workspace.catalogue, workspace.rulebook).overlaps["rivers"]
    assert (found.status, found.classes, found.distances_m, found.uncovered_m2) == ("not_affected", (), None, 0.0)
    assert (found.covered_m2, found.searched_m, found.covered_reach_m) == (10_000.0, 100_000.0, 100_000.0)


def test_no_data_leaves_the_whole_site_uncovered(workspace: Workspace) -> None:
    told = case(layers={"rivers": "no data"}, site_area="2 ha")
    found = situation_of(told, workspace.catalogue, workspace.rulebook).overlaps["rivers"]
    assert (found.status, found.uncovered_m2, found.covered_m2) == ("no_data", 20_000.0, 0.0)
    assert found.reason is not None
    assert (found.reason.zh, found.reason.en) == ("图层未加载", "the layer is not loaded")


@pytest.mark.parametrize(
    ("entry", "status", "distance_m"),
    [
        ({"area": "1 m2"}, "affected", 0.0),
        ({"length": "1 m"}, "affected", 0.0),
        ({"area": "1 m2", "certainty": "possible"}, "possible", 0.0),
        ({"certainty": "possible"}, "possible", 0.0),
        ({"area": "0 m2"}, "not_affected", 0.0),
        ({"distance": "30 m"}, "not_affected", 30.0),
    ],
)
def test_what_is_found_makes_the_status_of_the_layer(
    workspace: Workspace, entry: dict[str, str], status: str, distance_m: float
) -> None:
    told = case(layers={"rivers": {"qin": entry}})
    found = situation_of(told, workspace.catalogue, workspace.rulebook).overlaps["rivers"]
    assert (found.status, found.distances_m) == (status, {"qin": distance_m})
    assert bool(found.classes) == (status != "not_affected")


def test_the_share_is_that_of_the_site(workspace: Workspace) -> None:
    told = case(layers={"rivers": {"qin": {"area": "500 m2", "zone": "沁河"}}}, site_area="2000 m2")
    (found,) = situation_of(told, workspace.catalogue, workspace.rulebook).overlaps["rivers"].classes
    assert (found.overlap_m2, found.share) == (500.0, 0.25)
    assert [(zone.id, zone.name) for zone in found.zones] == [("qin", "沁河")]


def test_an_edition_can_be_named(workspace: Workspace) -> None:
    told = case(editions={"ecological-red-line": "2017"}, on=date(2024, 1, 1))
    found = situation_of(told, workspace.catalogue, workspace.rulebook).overlaps["ecological-red-line"]
    assert found.edition == "2017"


def test_facts_that_follow_from_others_are_known_as_well(workspace: Workspace) -> None:
    told = case(facts={"industry_code": "C2521"})
    known = situation_of(told, workspace.catalogue, workspace.rulebook).facts.get("activity")
    assert known is not None
    assert "coking" in list(known)  # type: ignore[arg-type]  # words of a fact with several
