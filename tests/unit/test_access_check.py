"""A check shows every hit unit's clauses, and what follows from them joins the facts of the project."""

from datetime import date
from pathlib import Path

import jsonschema
import pytest

from zoning.check import Examination, check_site
from zoning.rules.facts import FactSheet, parse_facts
from zoning.rules.verdict import Verdict, verdict_schema
from zoning.sites import read_sites
from zoning.workspace import Workspace, examples_folder

ON = date(2026, 6, 1)
UNIT = "ZH14052220001"


def check(workspace: Workspace, example: str, **facts: object) -> Examination:
    (site, *_) = read_sites(examples_folder() / example, expected=workspace.extent(ON), width_m=10.0)
    sheet: FactSheet = parse_facts(workspace.rulebook.vocabulary, facts, "test")
    return check_site(
        site,
        sheet,
        on=ON,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
    )


def test_the_clauses_of_the_unit_stand_in_the_verdict(workspace: Workspace) -> None:
    verdict = check(workspace, "school.geojson", construction="new", activity="public-service").verdict
    (entry,) = verdict.access_lists
    assert (entry.unit, entry.status, entry.certainty, entry.missing_levels) == (UNIT, "compared", "certain", ())
    assert {clause.level for clause in entry.clauses} == {"province", "city", "unit"}
    assert {clause.dimension for clause in entry.clauses if clause.level == "unit"} == {
        "spatial-layout",
        "pollutant-discharge",
        "risk-control",
        "resource-efficiency",
    }
    assert any("准入清单：1 个管控单元（0 个缺清单），对照" in step.zh for step in verdict.trace.steps)
    assert Verdict.from_json(verdict.to_json()) == verdict
    jsonschema.Draft202012Validator(verdict_schema()).validate(verdict.model_dump(mode="json", by_alias=True))


def test_a_unit_without_a_list_is_never_passed_over(workspace: Workspace) -> None:
    (entry,) = check(workspace, "processing-plant.txt", construction="new").verdict.access_lists
    assert (entry.unit, entry.status) == ("ZH14052230009", "no_list")
    assert entry.reason is not None
    assert entry.reason.zh.startswith("缺清单，未核查：")
    assert entry.clauses


def test_a_prohibition_of_the_list_becomes_a_fact(workspace: Workspace) -> None:
    found = check(workspace, "school.geojson", construction="new", activity="coking")
    (derived,) = [entry for entry in found.verdict.trace.derived if entry.fact == "unit_access_list"]
    assert (derived.value, derived.from_, derived.because) == (
        ("prohibited",),
        "access-lists",
        (f"demo-jincheng/{UNIT}/1-1",),
    )
    assert found.situations["140522"].facts.get("unit_access_list") == ("prohibited",)
    # What was told stays as it was told: a replay starts from it.
    assert "unit_access_list" not in found.verdict.trace.facts


@pytest.mark.parametrize(("told", "counts"), [("guided", "prohibited"), ("restricted", "prohibited")])
def test_the_stricter_of_told_and_found_counts_with_a_warning(workspace: Workspace, told: str, counts: str) -> None:
    found = check(workspace, "school.geojson", construction="new", activity="coking", unit_access_list=told)
    assert found.situations["140522"].facts.get("unit_access_list") == (counts,)
    assert any("与准入清单的对照不一致，按对照结果判断" in text.zh for text in found.verdict.site.warnings)


def test_the_digest_of_the_rules_covers_the_lists(workspace: Workspace, tmp_path: Path) -> None:
    from zoning.rules.rulebook import read_rulebook
    from zoning.workspace import copy_workspace

    copy_workspace(workspace.root, tmp_path / "copy")
    list_file = tmp_path / "copy" / "rules" / "access-lists" / "demo-shanxi.yaml"
    assert read_rulebook(tmp_path / "copy" / "rules").sha256 == workspace.rulebook.sha256
    list_file.write_text(list_file.read_text(encoding="utf-8") + "# 改\n", encoding="utf-8")
    assert read_rulebook(tmp_path / "copy" / "rules").sha256 != workspace.rulebook.sha256


def test_a_violated_clause_binds_a_project_that_is_never_asked_about_lists(workspace: Workspace) -> None:
    hotel = {"construction": "new", "activity": "hotel", "new_groundwater_use": "yes"}
    violating = check(workspace, "school.geojson", **hotel)
    assert violating.situations["140522"].facts.get("access_list_violated") is True
    assert violating.verdict.decision == "undetermined"
    # Whoever answers that the list guides such projects is not believed against the clause.
    told = check(workspace, "school.geojson", **hotel, unit_access_list="guided").verdict
    found = next(finding for finding in told.findings if finding.rule == "YRPL-26c")
    assert (found.outcome, found.effect, told.decision) == ("applies", "prohibit", "prohibited")
    fine = check(workspace, "school.geojson", **{**hotel, "new_groundwater_use": "no"})
    assert fine.situations["140522"].facts.get("access_list_violated") is False
    assert "YRPL-26c" not in {f.rule for f in fine.verdict.findings if f.outcome != "does_not_apply"}
