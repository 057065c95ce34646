"""The command line as a user runs it: exit codes, what goes to stdout and what to stderr, no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import tiny_workspace
from command_process import run_zoning
from zoning.cli import run_arguments
from zoning.cli.options import SESSION
from zoning.texts import Language

FREE = (112.33, 35.43, 112.331, 35.431)
IN_LEVEL_1 = (112.404, 35.504, 112.405, 35.505)
IN_LEVEL_2 = (112.392, 35.492, 112.393, 35.493)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


@pytest.mark.parametrize(
    ("box", "facts", "code"),
    [
        (FREE, ["--set", "construction=new"], 0),
        (IN_LEVEL_1, ["--set", "construction=new"], 1),
        (IN_LEVEL_2, ["--set", "construction=new"], 1),
        (IN_LEVEL_1, [], 3),
    ],
)
def test_check_exit_codes_and_json(root: Path, box: tiny_workspace.Box, facts: Any, code: int) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", box)
    done = run_zoning("check", path, *facts, "--on", "2026-06-01", "--format", "json", cwd=root)
    assert (done.returncode, done.stderr) == (code, "")
    schema = json.loads(run_zoning("schema", "verdict", cwd=root).stdout)
    jsonschema.Draft202012Validator(schema).validate(json.loads(done.stdout))


def test_check_as_text_in_both_languages(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    arguments = ("check", path, "--set", "construction=new", "--on", "2026-06-01")
    chinese = run_zoning(*arguments, "--lang", "zh", cwd=root)
    assert chinese.stdout.startswith("× 判定不通过   地块一   ")
    assert "一级区禁止建设（R042）" in chinese.stdout
    english = run_zoning(*arguments, "--lang", "en", cwd=root)
    assert english.stdout.startswith("× prohibited   地块一   ")
    assert max(len(line) for line in english.stdout.splitlines()) <= 100


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_any_terminal_can_be_written_to(root: Path, encoding: str) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    command = [sys.executable, "-X", "utf8=0", "-m", "zoning", "check", str(path), "--lang", "zh"]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, cwd=root, env=env, check=False)
    assert done.returncode == 3, done.stderr


def test_facts_come_from_a_file_and_options_win(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    facts = root / "facts.yaml"
    facts.write_text("construction: none\n", encoding="utf-8")
    assert run_zoning("check", path, "--facts", facts, cwd=root).returncode == 0
    assert run_zoning("check", path, "--facts", facts, "--set", "construction=new", cwd=root).returncode == 1


def test_facts_of_a_single_footprint(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    facts = root / "facts.yaml"
    facts.write_text("construction: new\nsites:\n  地块一: {construction: none}\n", encoding="utf-8")
    assert run_zoning("check", path, "--facts", facts, cwd=root).returncode == 0
    assert run_zoning("check", path, "--facts", facts, "--set", "construction=new", cwd=root).returncode == 1
    facts.write_text("construction: none\nsites:\n  地块一一: {construction: new}\n", encoding="utf-8")
    done = run_zoning("check", path, "--facts", facts, cwd=root)
    assert done.returncode == 10
    assert done.stderr == "zoning: facts.yaml: the boundary file has no footprint '地块一一' - did you mean '地块一'?\n"


def test_two_answers_to_one_question_are_refused(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", FREE)
    done = run_zoning("check", path, "--set", "supply=no", "--set", "supply=yes", cwd=root)
    assert (done.returncode, done.stderr) == (2, "zoning: --set: supply is given twice with different values\n")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["check"], 2, "zoning: name a boundary file: zoning check SITE"),
        (["check", "site.geojson", "--set", "construction"], 2, "zoning: --set: write 'construction' as fact=value"),
        (
            ["check", "site.geojson", "--on", "tomorrow"],
            2,
            "zoning: --on: 'tomorrow' is no date; write it like 2026-11-22",
        ),
        (["check", "site.geojson", "--width", "-1"], 2, "zoning: --width: it must lie between 0 and 10000 m"),
        (["check", "site.geojson", "--set", "constuction=new"], 10, "zoning: --set: unknown fact 'constuction'"),
        (["check", "nowhere.geojson"], 10, "zoning: nowhere.geojson"),
        (["check", "site.geojson", "--workspace", "nowhere"], 10, "zoning: nowhere is no workspace (no zoning.yaml)"),
        (["schema", "verdct"], 2, "zoning: there is no schema 'verdct'; allowed: verdict, inspection, advice, "),
        (["layers", "describe", "watr"], 2, "zoning: there is no layer 'watr' - did you mean 'water'?"),
        (["rules", "show", "R42"], 2, "zoning: there is no rule 'R42' - did you mean 'R042'?"),
        (["rules", "test"], 2, "zoning: there are no cases"),
        (["chekc"], 2, "No such command 'chekc'"),
        (["check", "--replay", "site.geojson"], 10, "site.geojson: no verdict of schema zoning.verdict/1"),
        (["check", "--replay", "nowhere.json"], 10, "zoning: nowhere.json: no readable JSON file"),
    ],
)
def test_wrong_use_is_one_sentence_and_the_right_code(
    root: Path, arguments: list[str], code: int, sentence: str
) -> None:
    tiny_workspace.site_file(root / "site.geojson", FREE)
    done = run_zoning(*arguments, cwd=root)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr


def test_an_unknown_class_value_ends_with_the_code_of_layers(root: Path) -> None:
    data = root / "layers" / "data" / "water.geojson"
    tiny_workspace.geojson(data, [("W7", "下芹", "7", IN_LEVEL_1)])
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_2)
    done = run_zoning("check", path, cwd=root)
    assert done.returncode == 11
    assert "'7'" in done.stderr
    assert run_zoning("layers", "check", cwd=root).returncode == 11


def test_records_without_a_shape_are_told(root: Path) -> None:
    data = root / "layers" / "data" / "water.geojson"
    content = json.loads(data.read_text(encoding="utf-8"))
    content["features"] += [{**content["features"][0], "geometry": None}] * 2
    data.write_text(json.dumps(content), encoding="utf-8")
    checked = run_zoning("layers", "check", cwd=root)
    assert checked.returncode == 0
    assert "2 records have no shape and take no part in any check" in checked.stdout
    assert checked.stdout.count("no shape") == 1


def test_replay_from_a_file(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", IN_LEVEL_1)
    verdict = run_zoning("check", path, "--on", "2026-06-01", "--format", "json", cwd=root).stdout
    (root / "verdict.json").write_text(verdict, encoding="utf-8")
    same = run_zoning("check", "--replay", "verdict.json", "--format", "json", cwd=root)
    assert (same.returncode, same.stdout) == (0, verdict)
    tiny_workspace.geojson(root / "layers" / "data" / "water.geojson", [("W9", "", "2", IN_LEVEL_1)])
    other = run_zoning("check", "--replay", "verdict.json", cwd=root)
    assert other.returncode == 1
    assert "cause: the data file of layer 'water' has changed" in other.stderr


def test_content_commands(root: Path) -> None:
    listed = json.loads(run_zoning("layers", "list", "--format", "json", cwd=root).stdout)
    assert [entry["id"] for entry in listed] == ["farmland", "territory", "water"]
    assert "level-1" in run_zoning("layers", "describe", "water", cwd=root).stdout
    assert json.loads(run_zoning("layers", "describe", "water", "--format", "json", cwd=root).stdout)["id"] == "water"
    assert run_zoning("layers", "check", cwd=root).returncode == 0
    assert "water" in run_zoning("layers", "list", cwd=root).stdout
    assert "R042" in run_zoning("rules", "list", "--on", "2026-06-01", cwd=root).stdout
    assert "R042" not in run_zoning("rules", "list", "--on", "2022-06-01", cwd=root).stdout
    rules = json.loads(run_zoning("rules", "list", "--territory", "140522", "--format", "json", cwd=root).stdout)
    assert [rule["id"] for rule in rules] == ["R042", "R048", "R083"]
    assert "甲政发〔2023〕1号" in run_zoning("rules", "show", "R042", cwd=root).stdout
    assert json.loads(run_zoning("rules", "show", "R042", "--format", "json", cwd=root).stdout)["effect"] == "prohibit"


CASES = """\
rule: R042
cases:
  - name: conflict
    on: 2024-01-01
    layers: {water: {level-1: {area: 120 m2}}}
    facts: {construction: new}
    expect: applies
  - name: no data
    on: 2024-01-01
    layers: {water: no data}
    facts: {construction: new}
    expect: undetermined
    missing: [water]
  - name: not yet
    on: 2022-01-01
    expect: not in force
"""


def test_rule_cases_are_run(root: Path) -> None:
    cases = root / "rules" / "cases" / "R042.yaml"
    cases.write_text(CASES, encoding="utf-8")
    good = run_zoning("rules", "test", cwd=root)
    assert (good.returncode, good.stderr) == (0, "3 cases, 0 came out differently\n")
    cases.write_text(CASES.replace("expect: applies", "expect: does_not_apply"), encoding="utf-8")
    bad = run_zoning("rules", "test", "R042", cwd=root)
    assert bad.returncode == 10
    assert bad.stdout == "× R042 conflict：expected 'does_not_apply', got 'applies'\n"


def test_init_makes_a_workspace_that_works(tmp_path: Path) -> None:
    done = run_zoning("init", "mine", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "mine" / "zoning.yaml").is_file()
    assert run_zoning("init", "mine", cwd=tmp_path).returncode == 2


def test_doctor_tells_versions(tmp_path: Path) -> None:
    done = run_zoning("doctor", cwd=tmp_path, PROJ_LIB=str(tmp_path))
    assert done.returncode == 0
    assert "PROJ_LIB" in done.stdout
    assert "shapely" in done.stdout.lower()


def test_help_speaks_the_language_of_the_run(tmp_path: Path) -> None:
    assert "检查边界文件" in run_zoning("--help", cwd=tmp_path, ZONING_LANG="zh").stdout
    assert "check a boundary file" in run_zoning("--help", cwd=tmp_path, ZONING_LANG="en").stdout


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "（RuntimeError：boom）；运行在此中止，尚未写出的没有结论。设置 ZONING_DEBUG=1"),
        ("en", "(RuntimeError: boom); the run ended here, what is not written yet has no verdict. ZONING_DEBUG=1"),
    ],
)
def test_a_fault_of_the_program_denies_nothing_that_was_written_before(
    language: Language, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("zoning.cli.app.app", fail)
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(SESSION, "language", language)
    monkeypatch.delenv("ZONING_DEBUG", raising=False)
    assert run_arguments(["check"], language) == 70
    assert sentence in capsys.readouterr().err
