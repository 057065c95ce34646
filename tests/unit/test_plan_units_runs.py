"""Runs of `zoning plan units`: what is refused, continued, interrupted, and what is the same to the last byte."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import tiny_workspace
from command_process import run_zoning
from plan_runs import DAY, FOLDER, made, plan
from plan_world import EAST, plan_workspace
from zoning.cli.plan_units import PlanRequest, run_plan
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError

CODES = ["ZH14052210001", "ZH14052210002", "ZH14052220001", "ZH14052230001", "ZH14052230002"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plan_workspace(tmp_path / "w")


def refusal(root: Path, **options: Any) -> ZoningError:
    with pytest.raises(ZoningError) as caught:
        plan(root, **options)
    return caught.value


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        ({"territory": "阳城"}, UsageError, "there is no territory '阳城'; allowed: 140522 县140522、140825 县140825"),
        ({"grid": "10 m"}, UsageError, "--grid: it must lie between 0.0000001 m and 1 m"),
        ({"grid": "fine"}, UsageError, "--grid: "),
        ({"minimum": "some"}, UsageError, "--minimum: "),
        ({"previous": "1999"}, UsageError, "--previous: layer management-units has no edition '1999'"),
        ({"resume": True}, UsageError, "--resume and --overwrite go with --out"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    root: Path, options: dict[str, Any], kind: type[ZoningError], sentence: str
) -> None:
    found = refusal(root, **options)
    assert isinstance(found, kind)
    assert found.get("en").startswith(sentence)


def test_a_scheme_that_is_not_there_is_refused(root: Path) -> None:
    with pytest.raises(UsageError, match=r"--scheme: there is no plans/mine\.yaml; allowed: .*management-units"):
        run_plan(Session("en", {}), PlanRequest("mine", "140522", DAY, root), as_json=False)


def test_results_are_not_written_over(root: Path) -> None:
    made(root)
    found = refusal(root, out=root / "out")
    assert isinstance(found, ContentError)
    assert "there is a result already; choose another folder, --overwrite it, or --resume" in found.get("en")


def test_what_is_finished_is_not_computed_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = root / "out"
    plan(root, "all", out=out)
    before = (out / FOLDER / "management-units.json").read_bytes()
    (out / "140825" / "management-units.json").unlink()
    capsys.readouterr()
    assert plan(root, "all", out=out, resume=True) == 3
    said = capsys.readouterr().err
    assert "1/2 县140522: inputs unchanged, kept as it is" in said
    assert "2/2 working on: 县140825" in said
    assert (out / FOLDER / "management-units.json").read_bytes() == before
    # Another input is another result.
    tiny_workspace.geojson(root / "layers" / "data" / "farmland.geojson", [])
    plan(root, "all", out=out, resume=True)
    assert "1/2 working on: 县140522" in capsys.readouterr().err


def test_a_damaged_result_is_made_again(root: Path) -> None:
    before = made(root)
    (root / "out" / FOLDER / "management-units.json").write_bytes(b'{"inputs": "\xff')
    assert made(root, resume=True) == before


def test_a_scheme_that_holds_for_no_territory_of_the_workspace_is_refused(root: Path) -> None:
    file = root / "plans" / "land-zones.yaml"
    file.write_text(file.read_text("utf-8").replace('["140522"]', '["371300"]'), "utf-8")
    with pytest.raises(UsageError) as refused:
        run_plan(Session("en", {}), PlanRequest("land-zones", "all", DAY, root), as_json=False)
    found = refused.value
    assert found.get("en").startswith(
        "scheme land-zones holds for 371300 only: no document defines these zones for 140522, 140825; "
    )
    assert "只适用于 371300：来源文件没有为 140522、140825 定义这些分区" in found.get("zh")


def test_the_same_inputs_give_the_same_bytes(root: Path) -> None:
    plan(root, out=root / "a")
    plan(root, out=root / "b")
    files = sorted(path.name for path in (root / "a" / FOLDER).iterdir())
    assert files == [
        "access-list.csv",
        "access-list.yaml",
        "management-units-totals.csv",
        "management-units.csv",
        "management-units.gpkg",
        "management-units.json",
        "management-units.xlsx",
    ]
    for name in files:
        assert (root / "a" / FOLDER / name).read_bytes() == (root / "b" / FOLDER / name).read_bytes(), name


def test_json_of_several_territories_is_an_array(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan(root, "all", as_json=True)
    assert [one["territory"]["code"] for one in json.loads(capsys.readouterr().out)] == ["140522", "140825"]
    plan(root, as_json=True)
    assert json.loads(capsys.readouterr().out)["schema"] == "zoning.plan-units/1"


def test_an_interruption_leaves_whole_files_and_no_finished_folder(root: Path) -> None:
    call = [sys.executable, "-m", "zoning", "plan", "units", "-t", "all", "--on", DAY, "--out", "out"]
    env = {**os.environ, "ZONING_LANG": "en"}
    running = subprocess.Popen(call, cwd=root, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert running.stderr is not None
    assert running.stderr.readline() == "1/2 working on: 县140522\n"
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    rest = running.communicate()[1]
    left = [path for path in (root / "out").rglob("*") if path.is_file()] if (root / "out").exists() else []
    if running.returncode != 3:  # it had not finished before
        assert (running.returncode, "interrupted" in rest) == (130, True)
        for path in left:
            if path.suffix == ".yaml" and not path.name.startswith("."):
                assert yaml.safe_load(path.read_text("utf-8"))["units"]
    assert plan(root, "all", out=root / "out", resume=True) == 3
    done = json.loads((root / "out" / FOLDER / "management-units.json").read_text("utf-8"))
    assert [one["code"] for one in done["units"]] == CODES


def test_the_day_decides_which_editions_are_read(root: Path) -> None:
    with pytest.raises(ZoningError, match="territory cannot be used: no edition is valid on 2019-01-01"):
        plan(root, on=date(2019, 1, 1).isoformat())


def test_prepared_layers_give_the_same_bytes(root: Path) -> None:
    call = ("plan", "units", "-t", "140522", "--on", DAY, "--out")
    assert run_zoning(*call, "a", cwd=root).returncode == 3
    assert run_zoning("layers", "prepare", cwd=root).returncode == 0
    assert run_zoning(*call, "b", cwd=root).returncode == 3
    for path in (root / "a" / FOLDER).iterdir():
        assert path.read_bytes() == (root / "b" / FOLDER / path.name).read_bytes(), path.name


def test_everything_is_said_in_chinese_as_well(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = PlanRequest("management-units", "县140522", DAY, root, root / "out")
    run_plan(Session("zh", {}), request, as_json=False)
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == "正在划定：县140522"
    lines = said.out.splitlines()
    assert lines[0] == "县140522（140522）：小方案，5 个"
    assert lines[1].startswith(
        "! 数据缺失，未核查：red-line（red-line）：工作空间没有图层 red-line，涉及 40,265.5959 公顷"
    )
    assert "· 与版本 2020 相比：沿用编码 0 个，新编 5 个，停用 0 个" in lines
    assert "· 说明一。" in lines
    assert any(line.startswith("· 面积核对：各单元之和 402,655,959.1") for line in lines)


def test_a_grid_on_which_areas_no_longer_agree_is_refused(root: Path) -> None:
    found = refusal(root, grid="1 m")
    assert isinstance(found, ContentError)
    assert "use a finer precision grid (now 1 m)" in found.get("en")
    assert not (root / "out").exists()


def test_land_in_two_townships_and_in_none_is_told(root: Path) -> None:
    # The western one reaches 0.001 degrees into the eastern one, and a strip of 0.01 degrees in the east lies in none.
    boxes = [
        ("140522100", "西镇", "T", (112.3, 35.4, 112.401, 35.6)),
        ("140522101", "东镇", "T", (112.4, 35.4, 112.49, 35.6)),
    ]
    tiny_workspace.geojson(root / "layers" / "data" / "townships.geojson", boxes)
    found = made(root)
    said = [one["zh"] for one in found["remarks"] if one["kind"] == "warning"]
    assert any("同时在两个乡镇内，归图层中排在前面的；请核对乡镇图层" in text for text in said)
    assert any(text.startswith("1 个单元（") and "不在任何乡镇内" in text for text in said)
    assert "县140522（未划乡镇）一般管控单元" in [one["name"] for one in found["units"]]
    assert abs(found["area"]["relative_error"]) < 1e-9


def test_another_file_of_older_codes_is_another_input(root: Path) -> None:
    older = root / "older.geojson"
    tiny_workspace.geojson(older, [("ZH14052230005", "旧", "3", EAST)])
    first = made(root, previous=str(older))
    assert "ZH14052230005" in [one["code"] for one in first["units"]]
    tiny_workspace.geojson(older, [("ZH14052230006", "旧", "3", EAST)])
    again = made(root, previous=str(older), resume=True)
    assert "ZH14052230006" in [one["code"] for one in again["units"]]
