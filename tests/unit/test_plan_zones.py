"""`zoning plan zones`: sub-zones, the five land zones of the plan, and where they are defined."""

import json
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from plan_runs import DAY, GRID, area
from plan_world import EAST, WEST, plan_workspace
from zoning.cli.plan_units import PlanRequest, run_plan
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.planning.units.scheme import read_scheme
from zoning.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plan_workspace(tmp_path / "w")


def made(root: Path, territory: str = "140522") -> dict[str, Any]:
    request = PlanRequest("land-zones", territory, DAY, root, root / "out")
    assert run_plan(Session("zh", {}), request, as_json=False) == 0
    found: dict[str, Any] = json.loads((root / "out" / "140522" / "land-zones.json").read_text("utf-8"))
    return found


def test_every_sub_zone_is_a_zone_with_its_own_name_and_serial_code(root: Path) -> None:
    found = made(root)
    core, field = area(tiny_workspace.WATER["1"]), area(tiny_workspace.FARMLAND["F"])
    rim_west, rim_east = area((112.39, 35.49, 112.4, 35.52)), area((112.4, 35.49, 112.42, 35.52)) - core
    # The field had number 9 in the edition before and keeps it; the others come after it.
    expected = [
        ("140522-LZ-010", "县140522东镇保护区·核心", core),
        ("140522-LZ-011", "县140522西镇保护区·外围", rim_west),
        ("140522-LZ-012", "县140522东镇保护区·外围", rim_east),
        ("140522-LZ-009", "县140522东镇农田区", field),
        ("140522-LZ-013", "县140522西镇保留区", area(WEST) - rim_west),
        ("140522-LZ-014", "县140522东镇保留区", area(EAST) - core - rim_east - field),
    ]
    assert [(one["code"], one["name"]) for one in found["units"]] == [(code, name) for code, name, _ in expected]
    assert [one["area_m2"] for one in found["units"]] == pytest.approx(
        [size for _, _, size in expected], rel=1e-9, abs=GRID
    )
    assert [one["member"] for one in found["units"]] == ["核心", "外围", "外围", "基本农田", None, None]


def test_classes_are_summed_up_by_what_they_are_part_of(root: Path) -> None:
    totals = made(root)["totals"]
    assert totals["groups"]["保护"]["count"] == 4
    kept = totals["classes"]["core"]["area_m2"] + totals["classes"]["field"]["area_m2"]
    assert totals["groups"]["保护"]["area_m2"] == pytest.approx(kept)


def test_zones_bear_no_access_list(root: Path) -> None:
    assert "access_list" not in made(root)["units"][0]
    assert not (root / "out" / "140522" / "access-list.yaml").exists()


def test_where_no_document_defines_the_zones_they_are_not_drawn(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        run_plan(Session("zh", {}), PlanRequest("land-zones", "140825", DAY, root), as_json=False)
    assert caught.value.get("zh") == (
        "方案 land-zones 只适用于 140522：来源文件没有为 140825 定义这些分区；请在 plans/ 另写方案，用 --scheme 指明"
    )
    assert "no document defines these zones for 140825" in caught.value.get("en")


def test_all_means_where_the_scheme_holds(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_plan(Session("en", {}), PlanRequest("land-zones", "all", DAY, root), as_json=True)
    assert json.loads(capsys.readouterr().out)["territory"]["code"] == "140522"


def test_the_built_in_schemes_fit_the_layers_and_cite_what_is_written(workspace_root: Path) -> None:
    builtin = Workspace.open(workspace_root)
    for name, classes in (("management-units", 3), ("land-zones", 7)):
        scheme = read_scheme(builtin.root / "plans" / f"{name}.yaml")
        assert scheme.mistakes(builtin.catalogue) == []
        assert len(scheme.classes) == classes
        assert set(scheme.classes) == set(builtin.catalogue[scheme.units].classes)
        for found in scheme.classes.values():
            assert found.citation is not None
            document = builtin.rulebook.documents[found.citation.document]
            assert document.text is not None
            first, last = document.text.lines
            line = int(found.citation.lines.lstrip("L").split("-")[0])
            assert first <= line <= last
        facts = {name for section in scheme.access_list for name in section.facts}
        rules = {name for section in scheme.access_list for name in section.rules}
        assert facts <= set(builtin.rulebook.vocabulary.facts)
        assert rules <= {rule.id for rule in builtin.rulebook.rules}
