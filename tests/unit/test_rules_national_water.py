"""National and provincial law, part 1: the Code and what it repealed, reserves, the red line, zoned control."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from zoning.rules.cases import Case, CaseFile, run_cases, situation_of
from zoning.rules.decision import Conclusion, conclude
from zoning.rules.judge import judge
from zoning.rules.rule import Rule
from zoning.rules.verdict import Finding
from zoning.workspace import Workspace

CODE = "ecological-environment-code"
OLD_DAY, NEW_DAY = date(2026, 8, 14), date(2026, 8, 15)
UNVERIFIED = "依据的条文待核实，不单独作为结论：请对照正式公布的文本"
DOCUMENTS = {
    CODE,
    "water-pollution-law-2017",
    "nature-reserve-regulations-2017",
    "nature-reserve-regulations-2026",
    "red-line-notice-2022",
    "zoned-control-provisions-2024",
    "shanxi-zoned-control-2021",
    "shanxi-zoned-control-2024",
    "shanxi-zoned-control-updates-2024",
}
# Article 1242 of the Code: the laws it repealed, with the first day of the version last in force.
REPEALED = {
    "environmental-protection-law-2014": date(2015, 1, 1),
    "environmental-impact-assessment-law-2018": date(2018, 12, 29),
    "marine-environment-law-2023": date(2024, 1, 1),
    "air-pollution-law-2018": date(2018, 10, 26),
    "water-pollution-law-2017": date(2018, 1, 1),
    "soil-pollution-law-2018": date(2019, 1, 1),
    "solid-waste-law-2020": date(2020, 9, 1),
    "noise-pollution-law-2021": date(2022, 6, 5),
    "radioactive-pollution-law-2003": date(2003, 10, 1),
    "cleaner-production-law-2012": date(2012, 7, 1),
}
HOTEL = {"construction": "new", "activity": "hotel", "purpose": "other"}
DYE = {
    "construction": "new",
    "activity": "dyeing",
    "discharges_pollutants": "yes",
    "heavy_water_pollution": "yes",
    "sewage_outlet": "yes",
}
# Level of the zone, facts, rule of the old law, its article, rule of the Code, its article.
SOURCES = [
    ("level-2", DYE, "WPPL-64", "第六十四条", "ECO-318", "第三百一十八条"),
    ("level-1", HOTEL, "WPPL-65a", "第六十五条第一款", "ECO-319a", "第三百一十九条第一款"),
    ("level-2", DYE, "WPPL-66a", "第六十六条第一款", "ECO-320a", "第三百二十条第一款"),
    ("quasi", DYE, "WPPL-67a", "第六十七条", "ECO-321a", "第三百二十一条"),
]


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> tuple[Rule, ...]:
    return tuple(rule for rule in workspace.rulebook.rules if rule.document in DOCUMENTS)


def findings(
    workspace: Workspace,
    on: date,
    facts: Mapping[str, object],
    layers: Mapping[str, object] | None = None,
    *,
    territory: str = "140825",
    editions: Mapping[str, str] | None = None,
) -> dict[str, Finding]:
    """Judge one hectare in these zones by the whole book, and return what this part of the law found."""
    told = {"facts": facts, "layers": layers or {}, "editions": editions or {}, "territory": territory}
    case = Case.model_validate({"name": "situation", "on": on, "expect": "applies", **told})
    situation = situation_of(case, workspace.catalogue, workspace.rulebook)
    found = judge(workspace.rulebook, situation)
    return {finding.rule: finding for finding in found if finding.citation.document in DOCUMENTS}


def concluded(workspace: Workspace, *found: Finding) -> Conclusion:
    return conclude(found, workspace.rulebook.vocabulary)


@pytest.mark.parametrize(("name", "first"), REPEALED.items())
def test_the_ten_laws_end_the_day_before_the_code(workspace: Workspace, name: str, first: date) -> None:
    law = workspace.rulebook.documents[name]
    assert (law.valid_from, law.valid_to, law.superseded_by) == (first, OLD_DAY, CODE)
    assert (law.weight, law.territories) == ("law", ("CN",))


def test_no_other_document_is_superseded_by_the_code(workspace: Workspace) -> None:
    documents = workspace.rulebook.documents
    assert {name for name, document in documents.items() if document.superseded_by == CODE} == set(REPEALED)
    assert (documents[CODE].issued, documents[CODE].valid_from) == (date(2026, 3, 12), NEW_DAY)


@pytest.mark.parametrize(("level", "facts", "old", "old_article", "new", "new_article"), SOURCES)
def test_the_day_decides_which_law_is_cited(
    workspace: Workspace,
    level: str,
    facts: Mapping[str, object],
    old: str,
    old_article: str,
    new: str,
    new_article: str,
) -> None:
    layers = {"drinking-water": {level: {"area": "4000 m2"}}}
    before = findings(workspace, OLD_DAY, facts, layers)
    after = findings(workspace, NEW_DAY, facts, layers)
    assert (new in before, old in after) == (False, False)
    assert (before[old].outcome, before[old].decision) == ("applies", "prohibited")
    assert (before[old].citation.document, before[old].citation.section) == ("water-pollution-law-2017", old_article)
    assert before[old].superseded_by == new
    assert (after[new].outcome, after[new].citation.document) == ("applies", CODE)
    assert after[new].citation.section == new_article
    assert {rule for rule in before if rule.startswith("ECO-")} == set()
    assert {rule for rule in after if rule.startswith("WPPL-")} == set()


def test_every_rule_of_the_old_law_has_its_successor(rules: tuple[Rule, ...]) -> None:
    by_id = {rule.id: rule for rule in rules}
    old = [rule for rule in rules if rule.document == "water-pollution-law-2017"]
    assert len(old) == 11
    for rule in old:
        assert rule.superseded_by is not None, rule.id
        successor = by_id[rule.superseded_by]
        assert (rule.in_force.to, successor.in_force.from_) == (OLD_DAY, NEW_DAY)
        assert (successor.where, successor.effect) == (rule.where, rule.effect)


def test_reserves_change_their_zones_and_their_law_over_night(workspace: Workspace) -> None:
    core = {"nature-reserves": {"core": {"area": "4000 m2"}}}
    protected = {"nature-reserves": {"core-protection": {"area": "4000 m2"}}}
    before = findings(workspace, date(2026, 3, 14), HOTEL, core)
    after = findings(workspace, date(2026, 3, 15), HOTEL, protected)
    assert {rule for rule in before if rule.startswith("NRR26")} == set()
    assert {rule for rule in after if rule.startswith("NRR17")} == set()
    assert (before["NRR17-27"].decision, before["NRR17-27"].citation.section) == ("prohibited", "第二十七条第一款")
    assert (after["NRR26-26a"].decision, after["NRR26-26a"].citation.number) == ("prohibited", "国务院令第830号")


@pytest.mark.parametrize("old_class", ["core", "buffer", "experimental", "unzoned"])
def test_former_zones_are_never_read_as_the_present_ones(workspace: Workspace, old_class: str) -> None:
    layers = {"nature-reserves": {old_class: {"area": "4000 m2"}}}
    found = findings(workspace, date(2026, 3, 15), HOTEL, layers, editions={"nature-reserves": "1994"})
    assert found["NRR26-26a"].outcome == "undetermined"
    assert found["NRR26-26a"].missing_layers == ("nature-reserves",)
    # And the other way round: the present zones say nothing about the former law.
    layers = {"nature-reserves": {"core-protection": {"area": "4000 m2"}}}
    found = findings(workspace, date(2026, 3, 14), HOTEL, layers, editions={"nature-reserves": "2026"})
    assert {rule: f.outcome for rule, f in found.items() if rule in ("NRR17-18", "NRR17-27", "NRR17-30")} == {
        "NRR17-18": "undetermined",
        "NRR17-27": "undetermined",
        "NRR17-30": "undetermined",
    }


def test_what_is_not_verified_never_decides_alone(
    workspace: Workspace, rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    unverified = [rule for rule in rules if not workspace.rulebook.is_verified(rule)]
    code = {rule.id for rule in rules if rule.document == CODE}
    assert code - {rule.id for rule in unverified} == {"ECO-1242"}
    raised = set[str]()
    for rule in unverified:
        for result in run_cases(case_files[rule.id], workspace.rulebook, workspace.catalogue):
            if result.finding is None or result.finding.decision is None:
                continue
            assert result.finding.decision == "undetermined", (rule.id, result.name)
            assert concluded(workspace, result.finding).decision == "undetermined", (rule.id, result.name)
            assert UNVERIFIED in [text.zh for text in result.finding.conditions], (rule.id, result.name)
            raised.add(rule.id)
    assert raised >= {"ECO-318", "ECO-319a", "ECO-67", "ECO-286", "ECO-766", "EEZ24-2", "NRR26-27"}


def test_an_unverified_ban_does_not_hide_a_verified_one(workspace: Workspace) -> None:
    layers = {"ecological-red-line": {"red-line": {"area": "4000 m2"}}}
    found = findings(workspace, NEW_DAY, {"construction": "new", "activity": "quarrying"}, layers)
    assert (found["ECO-60"].decision, found["ERL22-1a"].decision) == ("undetermined", "prohibited")
    assert concluded(workspace, found["ECO-60"], found["ERL22-1a"]).decision == "prohibited"


@pytest.mark.parametrize("on", [date(2024, 6, 1), date(2026, 3, 15), OLD_DAY, NEW_DAY])
@pytest.mark.parametrize("activity", ["coking", "coal-mining", "hotel", "housing", "tourism", "livestock", "other"])
def test_outside_all_zones_nothing_is_asked(workspace: Workspace, on: date, activity: str) -> None:
    found = findings(workspace, on, {"construction": "new", "activity": activity})
    assert {finding.decision for finding in found.values()} == {None}


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"construction": "new", "activity": "coal-mining", "red_line_use_permitted": "no"}, "prohibited"),
        ({"construction": "none", "activity": "mine-restoration"}, "restricted"),
        ({"construction": "new", "activity": "research-monitoring", "purpose": "scientific-research"}, "restricted"),
        ({"construction": "new", "activity": ["tourism", "hotel"], "purpose": "other"}, "undetermined"),
        ({"construction": "existing", "activity": "housing"}, "permitted"),
    ],
)
def test_the_red_line_is_open_to_the_ten_kinds_only(
    workspace: Workspace, facts: Mapping[str, object], decision: str
) -> None:
    layers = {"ecological-red-line": {"red-line": {"area": "4000 m2"}}}
    found = findings(workspace, date(2024, 6, 1), facts, layers, territory="140502")
    assert concluded(workspace, *found.values()).decision == decision


def test_shanxi_is_told_in_shanxi_only(workspace: Workspace) -> None:
    book = workspace.rulebook
    provincial = {rule.id for rule in book.in_force(date(2025, 6, 1), "140825") if rule.id.startswith("SX")}
    assert provincial == {"SX21-1", "SX24-1", "SXU24-1"}
    assert [rule.id for rule in book.in_force(date(2025, 6, 1), "410823") if rule.id.startswith("SX")] == []


def test_every_rule_has_the_kinds_of_cases_that_are_asked_for(
    rules: tuple[Rule, ...], case_files: Mapping[str, CaseFile]
) -> None:
    assert len(rules) > 50
    for rule in rules:
        cases = case_files[rule.id].cases
        first, last = rule.in_force.from_, rule.in_force.to
        expected = {(first, "applies"), (first - timedelta(days=1), "not in force")}
        if last is not None:
            expected |= {(last, "applies"), (last + timedelta(days=1), "not in force")}
        assert expected <= {(case.on, case.expect) for case in cases}, rule.id
        entries = [
            e for case in cases for layer in case.layers.values() if isinstance(layer, dict) for e in layer.values()
        ]
        for layer in {where.layer for where in rule.where}:
            assert any(case.layers.get(layer) == "no data" for case in cases), (rule.id, layer)
            assert any(entry.area == 0 for entry in entries), (rule.id, "on the limit")
            assert any(entry.certainty == "possible" for entry in entries), (rule.id, "within the accuracy")
        if rule.where or rule.when:
            assert "does_not_apply" in {case.expect for case in cases}, (rule.id, "clear")
        shown = {name for case in cases for name in case.missing or ()}
        assert set(rule.facts) - {"construction", "activity", "access_list_violated"} <= shown, rule.id


def test_articles_are_numbered_in_words_or_named_as_open(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        for citation in rule.citations:
            named = re.search(r"第[一二三四五六七八九十百千零]+(条|部分)", citation.section)
            assert named or not citation.verified, (rule.id, citation.section)
