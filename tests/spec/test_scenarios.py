"""The acceptance scenarios: decision, rule and document of each one. The scenarios stand in `scenarios.py`."""

from dataclasses import replace
from pathlib import Path

import pytest

import scenario_world as world
from scenario_world import JINCHENG, XINJIANG, YANGCHENG
from scenarios import ALL, HOTEL, HUT, ON, SCENARIOS, YC_B, Bench, Facts, Scenario, Zones, deciding, finding
from zoning.citations import binds_in
from zoning.workspace import Workspace

NAMES = list(SCENARIOS)


@pytest.fixture(scope="module")
def builtin(workspace_root: Path) -> Workspace:
    return Workspace.open(workspace_root)


@pytest.fixture(scope="module")
def grounds(builtin: Workspace, tmp_path_factory: pytest.TempPathFactory) -> world.Grounds:
    return world.Grounds(builtin, tmp_path_factory.mktemp("grounds"))


@pytest.fixture
def check(grounds: world.Grounds, tmp_path: Path) -> Bench:
    return Bench(grounds, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_decision_with_rule_and_document(check: Bench, builtin: Workspace, name: str) -> None:
    scenario = SCENARIOS[name]
    verdict = check(scenario)
    assert verdict.decision == scenario.expected, verdict.summary
    assert verdict.blocked == scenario.blocked
    document = builtin.rulebook.documents[scenario.document]
    for rule in scenario.rules:
        found = finding(verdict, rule)
        assert found.outcome != "does_not_apply", (rule, found.reasons)
        assert (found.citation.number, found.citation.issuer) == (document.number, document.issuer)
        assert found.citation.document == scenario.document
    if scenario.expected != "permitted":
        assert set(scenario.rules) <= deciding(verdict)


@pytest.mark.parametrize("name", NAMES)
def test_only_documents_of_the_territory_are_cited(check: Bench, builtin: Workspace, name: str) -> None:
    scenario = SCENARIOS[name]
    documents = builtin.rulebook.documents
    allowed = {key for key, document in documents.items() if binds_in(document.territories, scenario.territory)}
    verdict = check(scenario)
    cited = {entry.document for found in verdict.findings for entry in (found.citation, *found.also)}
    assert cited <= allowed
    assert len(verdict.findings) == len(builtin.rulebook.in_force(ON, scenario.territory))


def test_as03_asks_for_the_pollution_class_only(check: Bench) -> None:
    verdict = check(SCENARIOS["AS03 the same, pollution class empty"])
    assert [(item.fact, item.why) for item in verdict.missing_facts] == [("high_pollution", ("R119",))]


def test_as13_reports_both_parts_with_their_shares(check: Bench) -> None:
    verdict = check(SCENARIOS["AS13 dye works, 95 % quasi zone and 5 % level 2"])
    assert finding(verdict, "R049").share == pytest.approx(0.95, abs=1e-6)
    assert finding(verdict, "R045").share == pytest.approx(0.05, abs=1e-6)
    area = sum(finding(verdict, rule).overlap_m2 or 0.0 for rule in ("R045", "R049"))
    assert area == pytest.approx(verdict.site.area_m2, rel=1e-6)


def test_as14_also_names_the_phase_out_list(check: Bench) -> None:
    found = finding(check(SCENARIOS["AS14 quarry in the outcrop belt"]), "R152")
    assert (found.outcome, found.decision) == ("applies", "restricted")


def test_as17_names_the_part_that_would_have_to_go(check: Bench) -> None:
    found = finding(check(SCENARIOS["AS17 coal panel, 3 % in the connected area"]), "R063")
    assert found.share == pytest.approx(0.03, abs=1e-6)


def test_as19_the_proof_of_necessity_is_the_condition(check: Bench) -> None:
    found = finding(check(SCENARIOS["AS19 research hut in red line level 1"]), "R013")
    assert found.conditions[0].en.startswith("Prove that the research")


def test_as19_without_levels_the_edition_cannot_tell(check: Bench) -> None:
    zones: Zones = {"ecological-red-line": [("red-line", ALL)]}
    trail: Facts = {"construction": "new", "activity": "tourism", "fits_main_function": "yes"}
    verdict = check(Scenario(YANGCHENG, trail, "undetermined", ("R013",), YC_B, zones))
    assert (verdict.decision, verdict.missing_layers) == ("undetermined", ("ecological-red-line",))
    # The hut is restricted whatever the level, the hotel prohibited.
    assert check(Scenario(YANGCHENG, HUT, "restricted", ("R016",), YC_B, zones)).decision == "restricted"
    assert check(Scenario(YANGCHENG, HOTEL, "prohibited", ("R015",), YC_B, zones)).decision == "prohibited"


def test_as23_names_both_parts(check: Bench) -> None:
    verdict = check(SCENARIOS["AS23 lodge, 30 % in the core of a reserve"])
    prohibited, member, restricted = (finding(verdict, rule) for rule in ("R015", "R016", "R020"))
    assert prohibited.share == pytest.approx(0.3, abs=1e-6)
    assert member.outcome == "applies"
    assert member.share == pytest.approx(0.3, abs=1e-6)
    assert restricted.decision == "restricted"
    assert restricted.share == pytest.approx(0.7, abs=1e-6)


def test_as25_in_jincheng_the_ban_comes_from_national_law(check: Bench) -> None:
    # The plan of 晋城市城区 has no clause on trees on farmland: the ban is cited from law and regulation.
    scenario = replace(SCENARIOS["AS25 trees on a pit registered as basic farmland"], territory=JINCHENG)
    verdict = check(scenario)
    assert verdict.decision == "prohibited"
    cited = [found.citation for found in verdict.findings if found.decision == "prohibited"]
    assert {"LAL19-37c", "BFR11-17b"} <= deciding(verdict)
    assert {entry.weight for entry in cited} == {"law", "regulation"}
    found = finding(verdict, "R092")
    assert (found.outcome, found.effect) == ("applies", "require")


def test_as27_carries_its_deadline(check: Bench) -> None:
    verdict = check(SCENARIOS["AS27 historic pit beside the high-speed railway"])
    assert "2025-12-31" in finding(verdict, "R198").conditions[0].zh
    assert finding(verdict, "R198").effect == "require"


def test_as33_inside_and_outside_are_permit_modes_only(check: Bench) -> None:
    verdict = check(SCENARIOS["AS33 housing, 80 % in the concentrated area, 20 % village"])
    assert deciding(verdict) == {"R099"}
    for rule, share in (("R095", 0.8), ("R096", 0.2)):
        found = finding(verdict, rule)
        assert (found.outcome, found.decision) == ("applies", None)
        assert found.share == pytest.approx(share, abs=1e-6)


def test_as40_the_number_of_another_issuer_is_never_cited(check: Bench) -> None:
    verdict = check(SCENARIOS["AS40 coal washing in Yangquan"])
    local = [found.citation for found in verdict.findings if found.citation.weight in ("plan", "scheme")]
    assert {entry.number for entry in local} == {"阳政办发〔2025〕23号"}
    assert {entry.issuer.en for entry in local} == {"Office of the People's Government of Yangquan City"}
    assert "阳政办发〔2023〕43号" not in verdict.to_json()
    assert [item.fact for item in verdict.missing_facts] == ["unit_access_list"]


@pytest.mark.parametrize(
    ("answer", "decision"),
    [("prohibited", "prohibited"), ("restricted", "restricted"), ("guided", "permitted"), ("not-listed", "permitted")],
)
def test_as40_the_list_of_the_unit_decides(check: Bench, answer: str, decision: str) -> None:
    scenario = SCENARIOS["AS40 coal washing in Yangquan"]
    verdict = check(replace(scenario, facts={**scenario.facts, "unit_access_list": answer}))
    assert verdict.decision == decision


# --- projects that nothing speaks against have nothing to answer


@pytest.mark.parametrize("territory", [JINCHENG, XINJIANG])
@pytest.mark.parametrize(
    "activity", ["housing", "public-service", "commercial", "hotel", "photovoltaic", "road-rail", "water-supply"]
)
def test_plain_projects_on_free_land_are_permitted_at_once(
    check: Bench, builtin: Workspace, territory: str, activity: str
) -> None:
    unknown = tuple(name for name in builtin.rulebook.vocabulary.facts if name not in ("construction", "activity"))
    facts: Facts = {"construction": "new", "activity": activity}
    assert check(Scenario(territory, facts, "permitted", (), "", unknown=unknown)).decision == "permitted"
