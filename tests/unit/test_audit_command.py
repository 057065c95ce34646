"""`zoning plan audit`: exit codes, files, statuses from run to run, resuming."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from audit_defects import TO_PLANT
from audit_world import World, build, clean_world, write_layer
from geopackage_edits import changed_geopackage
from zoning.cli.plan_audit import AuditRequest, run_audit
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.planning.audit.parts import FOLDER

ON = "2024-01-01"


def planted(root: Path, count: int = 6) -> World:
    world = clean_world()
    for defect in TO_PLANT[:count]:
        defect(world)
    build(root / "county", world)
    return world


def run(root: Path, **options: Any) -> int:
    request = AuditRequest(root / "county", ON, out=options.pop("out", root / "out"), **options)
    return run_audit(Session("en", {}), request, as_json=False)


def issues(root: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((root / "out" / "audit.json").read_text(encoding="utf-8"))
    return {issue["id"]: issue for issue in content["issues"]}


def edit_csv(path: Path, issue_id: str, status: str, note: str) -> None:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    for row in rows:
        if row["id"] == issue_id:
            row.update(status=status, note=note)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def edit_gpkg(path: Path, issue_id: str, status: str, note: str) -> None:
    changed_geopackage(path, ("UPDATE issues SET status = ?, note = ? WHERE id = ?", (status, note, issue_id)))


def test_exit_codes_of_clean_defective_and_incomplete_workspaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path / "county", clean_world())
    assert run(tmp_path) == 0
    assert "nothing was found" in capsys.readouterr().out
    planted(tmp_path)
    assert run(tmp_path) == 1
    (tmp_path / "county" / "layers" / "data" / "farm.gpkg").unlink()
    assert run(tmp_path) == 3
    assert "that is not the same as nothing found" in capsys.readouterr().out


def test_a_workspace_without_a_plan_is_not_called_clean(tmp_path: Path) -> None:
    build(tmp_path / "county", clean_world())
    (tmp_path / "county" / "plans" / "audit.yaml").unlink()
    assert run(tmp_path) == 3
    (issue,) = issues(tmp_path).values()
    assert issue["text"]["zh"].startswith("工作空间没有 plans/audit.yaml：")


def test_statuses_go_from_new_to_open_to_accepted_to_fixed_and_back(tmp_path: Path) -> None:
    planted(tmp_path)
    run(tmp_path)
    first = issues(tmp_path)
    assert {issue["status"] for issue in first.values()} == {"new"}
    assert {issue["first_seen"] for issue in first.values()} == {Session("en", {}).today().isoformat()}
    one, other, third = list(first)[:3]
    edit_csv(tmp_path / "out" / "issues.csv", one, "accepted", "会议纪要第3条")
    edit_gpkg(tmp_path / "out" / "issues.gpkg", other, "已认可", "in the new edition")
    run(tmp_path)
    second = issues(tmp_path)
    assert (second[one]["status"], second[one]["note"]) == ("accepted", "会议纪要第3条")
    assert (second[other]["status"], second[other]["note"]) == ("accepted", "in the new edition")
    assert second[third]["status"] == "open"
    build(tmp_path / "county", clean_world())
    assert run(tmp_path) == 0
    assert {issue["status"] for issue in issues(tmp_path).values()} == {"fixed"}
    planted(tmp_path, 2)
    assert run(tmp_path) == 1
    assert [issue["status"] for issue in issues(tmp_path).values()].count("open") == 2


def test_when_all_are_accepted_nothing_is_left_to_do(tmp_path: Path) -> None:
    planted(tmp_path, 2)
    run(tmp_path)
    marks = tmp_path / "marks.yaml"
    marks.write_text(
        "".join(f"{name}: {{status: accepted, note: 已报批}}\n" for name in issues(tmp_path)), encoding="utf-8"
    )
    assert run(tmp_path, previous=marks) == 0
    assert {issue["note"] for issue in issues(tmp_path).values()} == {"已报批"}


def test_issues_that_this_run_did_not_look_at_are_not_called_fixed(tmp_path: Path) -> None:
    planted(tmp_path)
    run(tmp_path)
    before = issues(tmp_path)
    (tmp_path / "county" / "layers" / "data" / "units.gpkg").unlink()
    assert run(tmp_path) == 3
    after = issues(tmp_path)
    of_units = [name for name, issue in before.items() if "units" in issue["layers"]]
    assert of_units
    assert {after[name]["status"] for name in of_units} == {"open"}


def test_an_issue_is_not_accepted_without_a_reason(tmp_path: Path) -> None:
    planted(tmp_path)
    run(tmp_path)
    name = next(iter(issues(tmp_path)))
    edit_csv(tmp_path / "out" / "issues.csv", name, "accepted", "")
    with pytest.raises(ContentError) as caught:
        run(tmp_path)
    path = tmp_path / "out" / "issues.csv"
    assert caught.value.get("en") == f"{path}: issue {name} is accepted without a note that says why"
    edit_csv(path, name, "done", "x")
    with pytest.raises(ContentError) as caught:
        run(tmp_path)
    assert caught.value.get("en") == (
        f"{path}: issue {name} has the unknown status 'done'; allowed: new, open, accepted, fixed"
    )


def test_two_files_that_say_different_things_are_refused(tmp_path: Path) -> None:
    planted(tmp_path)
    run(tmp_path)
    name = next(iter(issues(tmp_path)))
    edit_csv(tmp_path / "out" / "issues.csv", name, "accepted", "a")
    edit_gpkg(tmp_path / "out" / "issues.gpkg", name, "accepted", "b")
    with pytest.raises(ContentError) as caught:
        run(tmp_path)
    assert caught.value.get("en") == (
        f"{tmp_path / 'out'}: issue {name} was changed in both issues.gpkg and issues.csv, differently; make them agree"
    )


def test_the_geopackage_holds_every_issue_with_two_styles(tmp_path: Path) -> None:
    planted(tmp_path, 33)
    run(tmp_path)
    path = tmp_path / "out" / "issues.gpkg"
    frame = pyogrio.read_dataframe(path, layer="issues")
    assert set(frame["id"]) == set(issues(tmp_path))
    assert set(frame.geometry.geom_type) == {"MultiPolygon"}
    assert frame.geometry.is_valid.all()
    with closing(sqlite3.connect(path)) as database:
        styles = database.execute("SELECT styleName, useAsDefault FROM layer_styles ORDER BY id").fetchall()
    assert styles == [("by kind", 0), ("by severity", 1)]
    page = (tmp_path / "out" / "audit.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in page for name in issues(tmp_path))
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_finished_parts_are_taken_over_and_those_of_other_data_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from zoning.planning.audit import running

    world = planted(tmp_path)
    made: list[str] = []
    whole = running._made

    def stopped(scene: Any, check: Any, parts: Any, version: str) -> Any:
        if len(made) == 40:
            raise KeyboardInterrupt
        made.append(check.id)
        return whole(scene, check, parts, version)

    monkeypatch.setattr(running, "_made", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    monkeypatch.undo()
    assert not (tmp_path / "out" / "audit.json").exists()
    assert len(list((tmp_path / "out" / FOLDER).iterdir())) == 40
    world.zone("farm", "F0").name = "改名"
    write_layer(tmp_path / "county", world, "farm")
    assert run(tmp_path, resume=True) == 1
    told = capsys.readouterr().err
    of_farm = sum("farm" in name for name in made)
    assert of_farm > 0
    assert f"{40 - of_farm} checks taken over from the last run" in told
    assert not (tmp_path / "out" / FOLDER).exists()
    resumed = issues(tmp_path)
    assert run(tmp_path, out=tmp_path / "fresh") == 1
    fresh = json.loads((tmp_path / "fresh" / "audit.json").read_text(encoding="utf-8"))
    assert {issue["id"] for issue in fresh["issues"]} == set(resumed)


def test_wrong_usage_is_told(tmp_path: Path) -> None:
    planted(tmp_path)
    with pytest.raises(UsageError) as caught:
        run(tmp_path, territories=("999999",))
    assert caught.value.get("en") == "there is no territory '999999'; allowed: 140522, 140825"
    with pytest.raises(UsageError) as caught:
        run(tmp_path, layers=("farn",))
    assert caught.value.get("en") == "there is no layer 'farn' - did you mean 'farm'?"
    with pytest.raises(UsageError) as caught:
        run(tmp_path, out=None, resume=True)
    assert caught.value.get("en") == "--resume needs --out: that is where finished parts are kept"
    with pytest.raises(UsageError) as caught:
        run(tmp_path, previous=tmp_path / "nowhere")
    assert caught.value.get("en") == f"--previous: {tmp_path / 'nowhere'} does not exist"


def test_the_built_in_plan_fits_its_layers_and_documents(workspace_root: Path) -> None:
    from zoning.planning.audit.plan import read_plan
    from zoning.workspace import Workspace

    workspace = Workspace.open(workspace_root)
    plan = read_plan(workspace_root / "plans" / "audit.yaml")
    assert plan.mistakes(workspace.catalogue, workspace.rulebook.documents) == []
    named = {selector.layer for selector in plan.selectors()} | {part.layer for part in plan.partitions}
    assert named <= set(workspace.catalogue.layers)


def test_as_a_process_it_speaks_json(tmp_path: Path) -> None:
    planted(tmp_path, 2)
    command = [sys.executable, "-m", "zoning", "plan", "audit", "-w", str(tmp_path / "county"), "--on", ON]
    done = subprocess.run(
        [*command, "--format", "json", "-t", "140522"], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["schema"] == "zoning.audit/1"
    assert [issue["kind"] for issue in told["issues"]] == ["lines-overlap"]
    assert told["issues"][0]["advice"] == {"zh": "城镇退让", "en": "the town gives way"}
    assert told["complete"] is True


def test_a_file_is_audited_before_it_is_registered(tmp_path: Path) -> None:
    planted(tmp_path, 0)
    registered = tmp_path / "county" / "layers" / "data"
    (kept,) = registered.glob("units.*")
    candidate = tmp_path / f"drawn{kept.suffix}"
    candidate.write_bytes(kept.read_bytes())
    kept.unlink()
    assert run(tmp_path, layers=("units",)) == 3
    assert run(tmp_path, layers=("units",), candidates=(f"units={candidate}",), out=tmp_path / "second") == 0


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("units", "--with: write 'units' as LAYER=FILE, such as management-units=made/140522/management-units.gpkg"),
        ("units=nowhere.gpkg", "there is no file nowhere.gpkg"),
        ("unit=x.gpkg", "there is no layer 'unit' - did you mean 'units'?"),
    ],
)
def test_a_candidate_that_is_none_is_refused(tmp_path: Path, named: str, sentence: str) -> None:
    planted(tmp_path, 0)
    with pytest.raises(UsageError) as caught:
        run(tmp_path, candidates=(named,))
    assert caught.value.text.en == sentence
